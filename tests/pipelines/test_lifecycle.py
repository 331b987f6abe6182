"""The rules of a report's life."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.lifecycle import Absence, mass_absence, next_confirmation, next_reading

NOW = datetime(2026, 1, 5, tzinfo=UTC)


def test_young_pages_are_read_often_and_old_ones_rarely() -> None:
    waits = [
        next_reading(NOW, since=NOW - timedelta(days=age), name="x") - NOW for age in (0, 2, 5, 20, 100, 500, 5000)
    ]
    assert waits == sorted(waits)
    assert waits[0] < timedelta(hours=4)
    assert timedelta(days=90) < waits[-1] < timedelta(days=180)


@given(st.integers(0, 10_000), st.text(max_size=20))
def test_next_reading_is_always_ahead(age: int, name: str) -> None:
    assert NOW < next_reading(NOW, since=NOW - timedelta(days=age), name=name) <= NOW + timedelta(days=160)


def test_pages_of_one_age_are_spread() -> None:
    assert len({next_reading(NOW, since=NOW - timedelta(days=90), name=str(n)) for n in range(50)}) > 40


@pytest.mark.parametrize(("checks", "hours"), [(1, 0), (3, 24), (2, 72), (10, 1)])
def test_confirmations_fill_the_asked_time(checks: int, hours: float) -> None:
    now, absence = NOW, Absence(NOW, 1)
    while not absence.confirmed(now, checks=checks, hours=hours):
        now = next_confirmation(now, checks=checks, hours=hours, done=absence.checks)
        absence = Absence(absence.since, absence.checks + 1)
    assert absence.checks <= checks + 1
    assert now - NOW >= timedelta(hours=hours)


@pytest.mark.parametrize(("absent", "living", "rebuilt"), [(1, 0, False), (5, 0, False), (6, 1, True), (6, 100, False)])
def test_a_rebuilt_site_is_told_from_withdrawals(absent: int, living: int, rebuilt: bool) -> None:
    assert mass_absence(absent, living) is rebuilt
