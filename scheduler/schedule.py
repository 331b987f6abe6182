"""When a source with a fixed `schedule` may run next: intervals, crontab lines and windows, in the source's zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.combining import OrTrigger
from apscheduler.triggers.cron import CronTrigger

from crawler.sources.model import DAYS, Schedule, Window, parse_duration
from pipelines.errors import ConfigurationError
from pipelines.messages import say
from scheduler.calendars import WorkCalendar

LOOK_AHEAD = timedelta(days=62)
ALIASES = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}


def cron_trigger(line: str, zone: ZoneInfo) -> BaseTrigger:
    """A crontab line in its ordinary meaning (crontab(5)): Sunday is 0 or 7, names are allowed.

    Where day of month and day of week are both given, either one is enough, as cron has it; APScheduler would want both
    and counts Monday as 0.

    Raises:
        ConfigurationError: the line is none.
    """
    fields = ALIASES.get(line.strip().lower(), line).split()
    try:
        if len(fields) != 5:
            raise ValueError(say("expected five fields"))
        minute, hour, day, month, weekday = fields
        month, weekday = month.lower(), _weekdays(weekday.lower())
        base = {"minute": minute, "hour": hour, "month": month, "timezone": zone}
        if day != "*" and weekday != "*":
            return OrTrigger([CronTrigger(day=day, **base), CronTrigger(day_of_week=weekday, **base)])
        return CronTrigger(day=day, day_of_week=weekday, **base)
    except ValueError as error:
        raise ConfigurationError(
            say("Not a crontab line: {line!r} ({reason})", line=line, reason=error),
            cure=say("Five fields: minute hour day month weekday, for example 30 8 * * mon-fri"),
        ) from None


def fires_after(line: str, zone: ZoneInfo, moment: datetime) -> datetime | None:
    """The first time after a moment that a crontab line names; None when it names none.

    On the night when clocks go back, a job at a fixed hour runs once and one of every hour each hour, as cron has it.

    Raises:
        ConfigurationError: the line is none.
    """
    trigger = cron_trigger(line, zone)
    hourly = ALIASES.get(line.strip().lower(), line).split()[1].startswith("*")
    while True:
        fired: datetime | None = trigger.get_next_fire_time(None, moment.astimezone(UTC) + timedelta(microseconds=1))
        if fired is None or not fired.fold or hourly:
            return fired
        moment = fired


def _weekdays(field: str) -> str:
    """Crontab's weekdays (0-7, Sunday first, ranges, steps, lists) as names."""
    if field == "*":
        return field
    cron_days = ["sun", *DAYS]
    named: set[int] = set()
    for part in field.split(","):
        span, _, step = part.partition("/")
        if span == "*":
            first, last = 0, 6
        else:
            ends = [cron_days.index(end) if end in cron_days else int(end) for end in span.split("-")]
            if len(ends) > 2 or not all(0 <= end <= 7 for end in ends):
                raise ValueError(say("{text!r} is no weekday", text=part))
            first, last = ends[0], ends[-1]
            if last < first:
                last += 7
        named.update((day % 7) for day in range(first, last + 1, int(step or 1)))
    return ",".join(cron_days[day] for day in sorted(named))


def window_days(window: Window, day: date, calendar: WorkCalendar) -> bool:
    """Whether a window opens on that day."""
    for part in window.days.split(","):
        if part == "daily" or (part in ("workday", "holiday") and calendar.is_workday(day) == (part == "workday")):
            return True
        if part in ("workday", "holiday"):
            continue
        first, _, last = part.partition("-")
        span = (DAYS.index(last or first) - DAYS.index(first)) % 7
        if (day.weekday() - DAYS.index(first)) % 7 <= span:
            return True
    return False


def _wall(day: date, text: str, zone: ZoneInfo) -> datetime:
    hour, minute = map(int, text.split(":"))
    extra, hour = divmod(hour, 24)
    return datetime.combine(day + timedelta(days=extra), time(hour, minute), zone)


def opening(windows: list[Window], moment: datetime, zone: ZoneInfo, calendar: WorkCalendar) -> datetime | None:
    """The first moment at or after `moment` that lies in a window (UTC); None when none opens within two months.

    A window belongs to the day it opens on, also past midnight: `fri 20:00-02:00` holds on Saturday at 01:00.
    """
    if not windows:
        return moment
    best: datetime | None = None
    today = moment.astimezone(zone).date()
    for offset in range(-1, LOOK_AHEAD.days):
        day = today + timedelta(days=offset)
        for window in windows:
            if not window_days(window, day, calendar):
                continue
            start, end = _wall(day, window.from_, zone), _wall(day, window.to, zone)
            if end <= start:
                end = _wall(day + timedelta(days=1), window.to, zone)
            start_utc, end_utc = start.astimezone(UTC), end.astimezone(UTC)
            if end_utc > moment:
                candidate = max(start_utc, moment)
                best = candidate if best is None else min(best, candidate)
        if best is not None and offset >= 0:
            return best
    return best


def next_time(
    schedule: Schedule, *, last: datetime | None, now: datetime, zone: ZoneInfo, calendar: WorkCalendar
) -> datetime | None:
    """When a source with `every` or `cron` is next due, inside its windows (UTC).

    Missed times (suspend, stopped service, clock jump) coalesce into one that is due now. None: no fixed rhythm is set.

    Raises:
        ConfigurationError: the cron line is wrong.
    """
    if schedule.every:
        due = now if last is None else min(last, now) + parse_duration(schedule.every)
    elif schedule.cron:
        fired = fires_after(schedule.cron, zone, last or now)
        due = (fired or now + LOOK_AHEAD).astimezone(UTC)
    else:
        return None
    return opening(schedule.windows, max(due, now), zone, calendar) or now + LOOK_AHEAD
