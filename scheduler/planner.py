"""When a source is next due: its fixed schedule, or the rhythm learned from what it publishes.

For publications that come at a rate λ(t), and a given number of checks, the mean delay is least when the density of
checks follows √λ(t) (minimise ∫λ/n under ∫n = N). So the planner adds up √λ since the last check and is due when the
sum reaches one check's worth; scaled so that the checks of the coming weeks come to the budget. However quiet, no
column waits longer than MOST_GAP. Failures follow a ladder: soon again to tell a hiccup from an outage, then ever
more rarely.
"""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from scheduler.rhythm import Rhythm

STEP = timedelta(minutes=5)
LEAST_GAP = timedelta(minutes=5)
MOST_GAP = timedelta(hours=20)
HORIZON = timedelta(days=28)
FAILURE_LADDER = [timedelta(minutes=m) for m in (15, 30, 60, 120, 240, 480)]
LEAST_CHECKS, MOST_CHECKS = 12.0, 72.0
"""Checks a day of the quietest and of the busiest column."""
HOST_CHECKS = 480.0
"""Checks a day that all sources of one host share."""


def checks_per_day(rhythm: Rhythm, *, sharing_host: int = 1) -> float:
    """The request budget of a column: the more it publishes, the more often it is worth a look."""
    wanted = LEAST_CHECKS + 28 * math.sqrt(rhythm.per_day)
    return max(1.5, min(wanted, MOST_CHECKS, HOST_CHECKS / max(1, sharing_host)))


def next_check(
    rhythm: Rhythm,
    *,
    last: datetime,
    found: datetime | None = None,
    budget: float | None = None,
    failures: int = 0,
) -> datetime:
    """The next check after one at `last` (UTC); `budget` in checks a day, mean over the coming four weeks.

    `found`: when a check last found something new. `failures`: failed checks in a row, the last one included.
    """
    if failures:
        return last + FAILURE_LADDER[min(failures, len(FAILURE_LADDER)) - 1]
    scale = _scale(rhythm, last, budget if budget is not None else checks_per_day(rhythm))
    done, moment, end = 0.0, last, last + MOST_GAP
    step_days = STEP / timedelta(days=1)
    while moment < end:
        middle = moment + STEP / 2
        rate = rhythm.rate(middle) + (rhythm.echo_rate(middle - found) if found else 0.0)
        weight = scale * math.sqrt(rate) * step_days
        if done + weight >= 1:
            moment += STEP * ((1 - done) / weight)
            break
        done += weight
        moment += STEP
    return max(last + LEAST_GAP, min(moment, end))


def _scale(rhythm: Rhythm, start: datetime, budget: float) -> float:
    """Checks per √(publications per hour) and day that spend the budget over the horizon.

    Days so quiet that MOST_GAP sets the pace cost their forced checks first; the rest is shared by the others.
    """
    day = start.astimezone(rhythm.zone).date()
    roots = []
    for offset in range(HORIZON.days):
        current = day + timedelta(days=offset)
        hours = rhythm.hours if rhythm.calendar.is_workday(current) else rhythm.hours_off
        roots.append(math.sqrt(rhythm.day_rate(current) / 24) * sum(math.sqrt(h) for h in hours) / 24)
    total, forced = budget * len(roots), timedelta(days=1) / MOST_GAP
    free = roots
    scale = total / (sum(free) or 1.0)
    for _ in range(4):
        busy = [r for r in roots if r * scale > forced]
        left = total - forced * (len(roots) - len(busy))
        if not busy or left <= 0:
            return scale
        scale = left / sum(busy)
    return scale
