"""The planner follows what a column does; the freshness goals hold on short replays of the benchmark's histories."""

from __future__ import annotations

import random
import statistics
import sys
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from scheduler.calendars import load_calendar
from scheduler.planner import FAILURE_LADDER, MOST_GAP, checks_per_day, next_check
from scheduler.rhythm import Publication, Rhythm, learn

sys.path.insert(0, str(Path(__file__).parents[3] / "benchmarks"))
import freshness

ZONE = ZoneInfo("Asia/Shanghai")
CALENDAR = load_calendar("Asia/Shanghai")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)


def test_without_history_it_looks_in_office_hours() -> None:
    rhythm = Rhythm(ZONE, CALENDAR)
    morning = next_check(rhythm, last=at("2026-11-24T09:30")) - at("2026-11-24T09:30")
    night = next_check(rhythm, last=at("2026-11-24T20:30")) - at("2026-11-24T20:30")
    holiday = next_check(rhythm, last=at("2026-10-02T09:30")) - at("2026-10-02T09:30")
    assert morning < timedelta(minutes=45)
    assert 2 * morning < min(night, holiday)


def test_learns_when_a_column_publishes() -> None:
    evenings = [
        Publication(moment - timedelta(minutes=30), moment)
        for day in range(60)
        if (moment := at("2026-09-01T20:15") + timedelta(days=day))
    ]
    rhythm = learn(evenings, since=at("2026-08-01T00:00"), until=at("2026-11-01T00:00"), zone=ZONE, calendar=CALENDAR)
    assert max(range(24), key=lambda h: rhythm.hours[h]) in (19, 20)
    evening = next_check(rhythm, last=at("2026-11-03T19:40")) - at("2026-11-03T19:40")
    noon = next_check(rhythm, last=at("2026-11-03T10:00")) - at("2026-11-03T10:00")
    assert evening < noon


def test_a_find_brings_the_next_check_forward() -> None:
    rhythm = Rhythm(ZONE, CALENDAR, echo=1.0)
    last = at("2026-11-24T19:00")
    assert next_check(rhythm, last=last, found=last) < next_check(rhythm, last=last)


def test_budget_is_kept_over_weeks() -> None:
    rhythm = Rhythm(ZONE, CALENDAR)
    checks = [at("2026-11-02T00:00")]
    while checks[-1] < at("2026-11-30T00:00"):
        checks.append(next_check(rhythm, last=checks[-1], budget=12))
    assert len(checks) / 28 == pytest.approx(12, rel=0.1)
    assert max(b - a for a, b in pairwise(checks)) <= MOST_GAP


def test_failures_are_retried_soon_and_then_rarely() -> None:
    last = at("2026-11-24T10:00")
    gaps = [next_check(Rhythm(ZONE, CALENDAR), last=last, failures=n) - last for n in range(1, 9)]
    assert gaps[: len(FAILURE_LADDER)] == FAILURE_LADDER
    assert gaps == sorted(gaps)
    assert gaps[-1] <= MOST_GAP


def test_sources_of_one_host_share_its_budget() -> None:
    busy = Rhythm(ZONE, CALENDAR, per_day=50)
    assert checks_per_day(busy, sharing_host=40) * 40 <= 480
    assert checks_per_day(busy) > checks_per_day(Rhythm(ZONE, CALENDAR, per_day=0.01))


@pytest.mark.parametrize("kind", ["steady", "bursts", "monthly", "evenings"])
def test_freshness_goal(kind: str) -> None:
    """At the same number of requests at most half the fixed interval's delay, and nobody waits a day."""
    publications = sorted(getattr(freshness, kind)(random.Random(7)))
    end = publications[0] + timedelta(days=420)
    publications = [p for p in publications if p < end]
    start = publications[0] - timedelta(days=1)
    planner = freshness.replay_planner(publications, start, end)
    fixed = freshness.replay_fixed(start, end, len(planner) - 1)
    count_from = start + freshness.WARM_UP
    ours = freshness.delays(publications, planner, count_from)
    theirs = freshness.delays(publications, fixed, count_from)
    assert statistics.mean(ours) <= 0.5 * statistics.mean(theirs)
    assert max(ours) <= 24


def test_wide_intervals_say_nothing_of_the_hour() -> None:
    days = [datetime.combine(at("2026-09-01T00:00").date() + timedelta(days=i), time(0), UTC) for i in range(40)]
    wide = [Publication(day, day + timedelta(days=1)) for day in days]
    rhythm = learn(wide, since=days[0], until=days[-1] + timedelta(days=2), zone=ZONE, calendar=CALENDAR)
    assert rhythm.hours == pytest.approx(Rhythm(ZONE, CALENDAR).hours)
