"""Fixed schedules: crontab lines in their ordinary meaning, windows over midnight, daylight saving, missed runs."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from crawler.sources.model import Schedule, Window
from pipelines.errors import ConfigurationError
from scheduler.calendars import WorkCalendar, load_calendar, read_calendar
from scheduler.schedule import cron_trigger, fires_after, next_time, opening

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
PLAIN = WorkCalendar()


def at(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


def fires(line: str, after: str, zone: ZoneInfo = SHANGHAI) -> str:
    fired = fires_after(line, zone, at(after, zone))
    assert fired is not None
    return fired.astimezone(zone).strftime("%a %Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("line", "after", "expected"),
    [
        ("0 9 * * 1", "2026-11-24T12:00", "Mon 2026-11-30 09:00"),
        ("0 9 * * 0", "2026-11-24T12:00", "Sun 2026-11-29 09:00"),
        ("0 9 * * 7", "2026-11-24T12:00", "Sun 2026-11-29 09:00"),
        ("30 8 * * mon-fri", "2026-11-27T09:00", "Mon 2026-11-30 08:30"),
        ("0 0 * * 5-7", "2026-11-24T12:00", "Fri 2026-11-27 00:00"),
        ("0 0 * * 6-1", "2026-11-29T12:00", "Mon 2026-11-30 00:00"),
        ("0 0 1 * mon", "2026-11-24T12:00", "Mon 2026-11-30 00:00"),
        ("0 0 1 * mon", "2026-11-30T12:00", "Tue 2026-12-01 00:00"),
        ("*/20 * * * *", "2026-11-24T12:05", "Tue 2026-11-24 12:20"),
        ("@weekly", "2026-11-24T12:00", "Sun 2026-11-29 00:00"),
        ("0 0 1 JAN *", "2026-11-24T12:00", "Fri 2027-01-01 00:00"),
    ],
)
def test_cron_means_what_crontab_means(line: str, after: str, expected: str) -> None:
    assert fires(line, after) == expected


@pytest.mark.parametrize(
    ("line", "hours"),
    [("30 2 * * *", [0]), ("30 1-3 * * *", [23, 0, 2]), ("30 * * * *", [22, 23, 0, 1, 2]), ("@daily", [22])],
)
def test_jobs_at_a_fixed_hour_run_once_when_clocks_go_back(line: str, hours: list[int]) -> None:
    """02:30 comes twice in Berlin that night, at 00:30 and 01:30 UTC; what is planned every hour runs at both."""
    moment, end, found = at("2026-10-24T23:59:59", BERLIN), at("2026-10-25T03:59", BERLIN), []
    while (fired := fires_after(line, BERLIN, moment)) is not None and fired <= end:
        moment = fired
        found.append(fired.astimezone(UTC).hour)
    assert found == hours


@pytest.mark.parametrize("line", ["", "* * * *", "61 * * * *", "0 9 * * 8", "0 9 * * foo", "every day"])
def test_wrong_cron_line_says_so(line: str) -> None:
    with pytest.raises(ConfigurationError, match="crontab"):
        cron_trigger(line, SHANGHAI)


def window(days: str, first: str, last: str) -> Window:
    return Window.model_validate({"days": days, "from": first, "to": last})


@pytest.mark.parametrize(
    ("days", "moment", "expected"),
    [
        ("mon-fri", "2026-11-27T23:00", "2026-11-27T23:00"),  # Friday night
        ("mon-fri", "2026-11-28T01:00", "2026-11-28T01:00"),  # still Friday's window
        ("mon-fri", "2026-11-28T03:00", "2026-11-30T20:00"),  # Saturday: wait for Monday
        ("mon-fri", "2026-11-29T23:00", "2026-11-30T20:00"),  # Sunday night is not Monday's
        ("fri-mon", "2026-11-26T23:00", "2026-11-27T20:00"),
        ("daily", "2026-11-24T12:00", "2026-11-24T20:00"),
    ],
)
def test_window_over_midnight_belongs_to_the_day_it_opens(days: str, moment: str, expected: str) -> None:
    assert opening([window(days, "20:00", "02:00")], at(moment), SHANGHAI, PLAIN) == at(expected)


def test_workday_windows_follow_the_official_calendar() -> None:
    china = load_calendar("Asia/Shanghai")
    office = [window("workday", "09:00", "17:00")]
    assert opening(office, at("2026-10-01T10:00"), SHANGHAI, china) == at("2026-10-08T09:00")
    assert opening(office, at("2026-10-10T10:00"), SHANGHAI, china) == at("2026-10-10T10:00"), "worked Saturday"
    assert opening(office, at("2026-10-10T10:00"), SHANGHAI, PLAIN) == at("2026-10-12T09:00")


def test_a_window_that_never_opens_is_told() -> None:
    never = WorkCalendar({date(2026, 1, 1) + timedelta(days=i): False for i in range(500)})
    assert opening([window("workday", "09:00", "10:00")], at("2026-02-01T00:00"), SHANGHAI, never) is None


def test_missed_runs_coalesce_into_one() -> None:
    now = at("2026-11-24T12:00")
    every = Schedule(every="30m")
    late = next_time(every, last=now - timedelta(days=3), now=now, zone=SHANGHAI, calendar=PLAIN)
    assert late == now
    assert next_time(every, last=now, now=now, zone=SHANGHAI, calendar=PLAIN) == now + timedelta(minutes=30)


def test_a_clock_set_back_does_not_stop_a_source() -> None:
    now = at("2026-11-24T12:00")
    ahead = now + timedelta(days=400)
    due = next_time(Schedule(every="1h"), last=ahead, now=now, zone=SHANGHAI, calendar=PLAIN)
    assert due == now + timedelta(hours=1)


def test_cron_over_daylight_saving_neither_loops_nor_skips() -> None:
    daily = Schedule(cron="30 2 * * *")
    spring = datetime(2026, 3, 28, 12, tzinfo=UTC)
    seen = []
    last = spring
    for _ in range(3):
        due = next_time(daily, last=last, now=last, zone=BERLIN, calendar=PLAIN)
        assert due is not None
        assert due > last
        seen.append(due)
        last = due
    assert all(timedelta(hours=22) < b - a < timedelta(hours=26) for a, b in pairwise(seen))


def test_no_rhythm_leaves_it_to_the_planner() -> None:
    assert next_time(Schedule(), last=None, now=at("2026-11-24T12:00"), zone=SHANGHAI, calendar=PLAIN) is None


def test_calendar_file_errors_name_the_line() -> None:
    with pytest.raises(ConfigurationError, match=r"mine\.csv, line 3"):
        read_calendar("day,kind\n2026-10-01,holiday\n2026-13-01,holiday\n", "mine.csv")
