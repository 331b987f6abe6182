"""A column's publication rhythm, learned from its own history: how likely a publication is at each hour.

The rate is a product of factors (day of week, working day or not, day of month, month, hour of day), each a ratio of
what was seen to what an even spread would give, shrunk towards a prior by pseudo-counts, so that a short history
changes little and a long one decides. The prior is an office's: working days, 8 to 18 o'clock. Old publications weigh
less. Publications also come in bursts: one that was just found makes more of them likely for an hour or two (`echo`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from scheduler.calendars import WorkCalendar

HALF_LIFE = timedelta(days=365)
PSEUDO_COUNT = 6.0
"""Publications' worth of trust in the prior, for each factor."""
OFFICE_HOURS = [0.02] * 7 + [0.3, 1.2, 2.6, 2.9, 2.3, 1.0, 1.2, 2.3, 2.6, 2.9, 2.3, 1.1, 0.5, 0.25, 0.15, 0.1, 0.05]
"""Prior share of the hours of a day, from 0 to 23 o'clock; scaled to a mean of 1."""
ECHO_TIME = timedelta(hours=1)
DAY_OFF = 0.12
"""Prior rate of a day off against a mean day."""


@dataclass(frozen=True, slots=True)
class Publication:
    """One publication, known to lie after `after` and not later than `before` (UTC)."""

    after: datetime
    before: datetime


def _scaled(values: list[float]) -> list[float]:
    mean = sum(values) / len(values)
    return [v / mean for v in values]


def _shrunk(seen: list[float], even: list[float], prior: list[float], strength: float) -> list[float]:
    """Ratios seen/even, pulled towards the prior where an even spread would have shown little."""
    total_seen, total_even = sum(seen), sum(w * p for w, p in zip(even, prior, strict=True)) or 1.0
    result = []
    for count, weight, guess in zip(seen, even, prior, strict=True):
        expected = total_seen * weight * guess / total_even
        share = strength * guess * weight / total_even
        result.append(guess * (count + share) / (expected + share) if expected + share else guess)
    return result


@dataclass(frozen=True)
class Rhythm:
    """Publications per hour as a function of local time; factors have a mean near 1."""

    zone: ZoneInfo
    calendar: WorkCalendar
    per_day: float = 0.2
    hours: list[float] = field(default_factory=lambda: _scaled(OFFICE_HOURS))
    hours_off: list[float] = field(default_factory=lambda: _scaled(OFFICE_HOURS))
    weekdays: list[float] = field(default_factory=lambda: [1.0] * 7)
    month_days: list[float] = field(default_factory=lambda: [1.0] * 31)
    months: list[float] = field(default_factory=lambda: [1.0] * 12)
    work: float = 1.35
    off: float = DAY_OFF
    echo: float = 0.1
    """Further finds to expect in the hours after a find."""

    def day_rate(self, day: date) -> float:
        """Publications expected on a local day."""
        kind = self.work if self.calendar.is_workday(day) else self.off
        return (
            self.per_day
            * kind
            * self.weekdays[day.weekday()]
            * self.month_days[day.day - 1]
            * self.months[day.month - 1]
        )

    def rate(self, moment: datetime) -> float:
        """Publications per hour at a moment."""
        local = moment.astimezone(self.zone)
        hours = self.hours if self.calendar.is_workday(local.date()) else self.hours_off
        return self.day_rate(local.date()) * hours[local.hour] / 24

    def echo_rate(self, since_find: timedelta) -> float:
        """Publications per hour to expect on top of `rate` a while after one was found."""
        return self.echo * math.exp(-(since_find / ECHO_TIME)) / (ECHO_TIME / timedelta(hours=1))


def learn(
    publications: Iterable[Publication], *, since: datetime, until: datetime, zone: ZoneInfo, calendar: WorkCalendar
) -> Rhythm:
    """The rhythm of publications (in order of `before`) between two moments; the prior alone when there are none."""
    days = max(1, (until - since).days)
    decay = math.log(2) / (HALF_LIFE.total_seconds() / 86400)
    weekday_seen, weekday_even = [0.0] * 7, [0.0] * 7
    month_day_seen, month_day_even = [0.0] * 31, [0.0] * 31
    month_seen, month_even = [0.0] * 12, [0.0] * 12
    work_seen, work_even = [0.0, 0.0], [0.0, 0.0]
    hours_seen, off_seen = [0.0] * 24, [0.0] * 24
    weight_of_days = 0.0
    first_day = since.astimezone(zone).date()
    for offset in range(days):
        day = first_day + timedelta(days=offset)
        weight = math.exp(-decay * (days - offset))
        open_ = calendar.is_workday(day)
        weight_of_days += weight
        work_even[open_] += weight
        if open_:
            weekday_even[day.weekday()] += weight
            month_day_even[day.day - 1] += weight
            month_even[day.month - 1] += weight
    total, finds, echoes = 0.0, 0, 0
    last_find: datetime | None = None
    for item in publications:
        if last_find is None or item.before > last_find:
            finds += 1
            echoes += last_find is not None and item.before - last_find < 3 * ECHO_TIME
            last_find = item.before
        # A publication that is known only to a wide interval says nothing of the hour.
        middle = (item.after + (item.before - item.after) / 2).astimezone(zone)
        local_day = (
            item.before.astimezone(zone).date() if item.before - item.after >= timedelta(hours=24) else middle.date()
        )
        weight = math.exp(-decay * max(0.0, (until - item.before).total_seconds() / 86400))
        total += weight
        open_ = calendar.is_workday(local_day)
        work_seen[open_] += weight
        if open_:
            weekday_seen[local_day.weekday()] += weight
            month_day_seen[local_day.day - 1] += weight
            month_seen[local_day.month - 1] += weight
        _spread(hours_seen if open_ else off_seen, item, weight, zone)
    prior_work = [DAY_OFF, (1 - DAY_OFF * 0.3) / 0.7]
    off, work = _shrunk(work_seen, work_even, prior_work, PSEUDO_COUNT)
    return Rhythm(
        zone=zone,
        calendar=calendar,
        per_day=(total + 0.05) / (weight_of_days + 1),
        hours=_hours(hours_seen),
        hours_off=_hours(off_seen),
        weekdays=_shrunk(weekday_seen, weekday_even, [1.0] * 7, PSEUDO_COUNT * 3),
        month_days=_smooth(_shrunk(month_day_seen, month_day_even, [1.0] * 31, PSEUDO_COUNT * 8)),
        months=_shrunk(month_seen, month_even, [1.0] * 12, PSEUDO_COUNT * 6),
        work=work,
        off=off,
        echo=(echoes + 0.5) / (finds + 5),
    )


def _spread(seen: list[float], item: Publication, weight: float, zone: ZoneInfo) -> None:
    """Adds a publication's weight to the hours it may have come in, when they are few enough to tell."""
    span = (item.before - item.after).total_seconds() / 3600
    if span > 10:
        return
    steps = max(1, math.ceil(span * 2))
    for step in range(steps):
        moment = item.after + (item.before - item.after) * ((step + 0.5) / steps)
        seen[moment.astimezone(zone).hour] += weight / steps


def _hours(seen: list[float]) -> list[float]:
    prior = _scaled(OFFICE_HOURS)
    total = sum(seen)
    return _scaled([(24 * s + PSEUDO_COUNT * p) / (total + PSEUDO_COUNT) for s, p in zip(seen, prior, strict=True)])


def _smooth(values: list[float]) -> list[float]:
    """Neighbouring days of a month share: a date that falls on a weekend moves."""
    size = len(values)
    return [(values[i - 1] + 2 * values[i] + values[(i + 1) % size]) / 4 for i in range(size)]
