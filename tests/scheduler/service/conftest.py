"""A sample bureau on loopback."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from scheduler.demo.bureaus.samples import sample_bureaus
from scheduler.demo.bureaus.server import BureauServer


@pytest.fixture
def bureau() -> Iterator[BureauServer]:
    with BureauServer(sample_bureaus()[1]) as server:
        yield server
