"""Sample bureau web sites of invented cities, on loopback, by a real HTTP server: for the demo and the tests."""

from scheduler.demo.bureaus.model import Answer, Bureau, Family, File, Noise, Request, SampleReport, day
from scheduler.demo.bureaus.samples import sample_bureaus, second_act
from scheduler.demo.bureaus.server import BureauServer, Logged

__all__ = [
    "Answer",
    "Bureau",
    "BureauServer",
    "Family",
    "File",
    "Logged",
    "Noise",
    "Request",
    "SampleReport",
    "day",
    "sample_bureaus",
    "second_act",
]
