#!/usr/bin/env python3
"""How long a publication waits until it is found: the planner, a fixed interval and Nutch's adaptive rule compared.

    python benchmarks/freshness.py [HISTORY.csv …] [--seed N]

Each history is replayed: a planner that knows only what its own checks found so far, against a fixed interval with the
same number of requests over the same time, and the adaptive rule (x0.8 after a change, x1.4 without; bounded) tuned by
its longest interval to the same number. Histories: generated ones of several kinds, and CSV files with a `published`
column (dates; the time of day is drawn from office hours, as files hold none). The first half year is for learning and
is not counted for any of them.
"""

from __future__ import annotations

import argparse
import csv
import random
import statistics
import sys
from bisect import bisect_right
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from scheduler.calendars import load_calendar
from scheduler.planner import checks_per_day, next_check
from scheduler.rhythm import Publication, Rhythm, learn

ZONE = ZoneInfo("Asia/Shanghai")
CALENDAR = load_calendar("Asia/Shanghai")
WARM_UP = timedelta(days=182)
RELEARN = timedelta(days=7)


def office_time(day: date, rng: random.Random) -> datetime:
    hour = rng.choices([8, 9, 10, 11, 14, 15, 16, 17, 18], [4, 16, 20, 12, 8, 16, 18, 12, 4])[0]
    return datetime.combine(day, time(hour, rng.randrange(60), rng.randrange(60)), ZONE).astimezone(UTC)


def days(start: date, years: int) -> list[date]:
    return [start + timedelta(days=i) for i in range(365 * years)]


def steady(rng: random.Random) -> list[datetime]:
    return [
        office_time(d, rng)
        for d in days(date(2023, 1, 2), 3)
        if CALENDAR.is_workday(d)
        for _ in range(rng.choice([0, 0, 1, 2]))
    ]


def bursts(rng: random.Random) -> list[datetime]:
    out = []
    for d in days(date(2023, 1, 2), 3):
        if CALENDAR.is_workday(d) and rng.random() < 0.06:
            first = office_time(d, rng)
            out += [first + timedelta(minutes=rng.randrange(90)) for _ in range(rng.randrange(2, 12))]
    return out


def monthly(rng: random.Random) -> list[datetime]:
    out = []
    for d in days(date(2022, 1, 3), 4):
        if (
            d.day in (15, 16, 17)
            and CALENDAR.is_workday(d)
            and not any(CALENDAR.is_workday(d.replace(day=x)) for x in range(15, d.day))
        ):
            out.append(datetime.combine(d, time(10, rng.randrange(30)), ZONE).astimezone(UTC))
    return out


def evenings(rng: random.Random) -> list[datetime]:
    return [
        datetime.combine(d, time(rng.choice([18, 19, 20, 21]), rng.randrange(60)), ZONE).astimezone(UTC)
        for d in days(date(2023, 1, 2), 3)
        if CALENDAR.is_workday(d) and rng.random() < 0.4
    ]


def yearly(rng: random.Random) -> list[datetime]:
    """January and February hold nearly everything: annual reports."""
    return [
        office_time(d, rng)
        for d in days(date(2021, 1, 4), 5)
        if CALENDAR.is_workday(d) and rng.random() < (0.5 if d.month in (1, 2) else 0.01)
    ]


def read_history(file: Path, rng: random.Random) -> list[datetime]:
    with file.open(encoding="utf-8-sig") as lines:
        dates = [date.fromisoformat(row["published"][:10]) for row in csv.DictReader(lines)]
    return [office_time(d, rng) for d in dates]


def delays(publications: list[datetime], checks: list[datetime], count_from: datetime) -> list[float]:
    """Hours from each publication to the first check after it."""
    out = []
    for moment in publications:
        if moment >= count_from:
            i = bisect_right(checks, moment)
            if i < len(checks):
                out.append((checks[i] - moment).total_seconds() / 3600)
    return out


def replay_planner(publications: list[datetime], start: datetime, end: datetime) -> list[datetime]:
    checks: list[datetime] = [start]
    known: list[Publication] = []
    found, last_find = 0, None
    rhythm = Rhythm(ZONE, CALENDAR)
    learned = start
    while checks[-1] < end:
        last = checks[-1]
        if last - learned >= RELEARN:
            rhythm, learned = learn(known, since=start, until=last, zone=ZONE, calendar=CALENDAR), last
        checks.append(next_check(rhythm, last=last, found=last_find, budget=checks_per_day(rhythm)))
        upto = bisect_right(publications, checks[-1])
        for moment in publications[found:upto]:
            day = datetime.combine(moment.astimezone(ZONE).date(), time(0), ZONE).astimezone(UTC)
            known.append(Publication(max(last, day), min(checks[-1], day + timedelta(days=1))))
        if upto > found:
            last_find = checks[-1]
        found = upto
    return checks


def replay_fixed(start: datetime, end: datetime, count: int) -> list[datetime]:
    return [start + (end - start) * (i / count) for i in range(count + 1)]


def replay_adaptive(publications: list[datetime], start: datetime, end: datetime, longest: timedelta) -> list[datetime]:
    checks, gap, found = [start], longest / 4, 0
    while checks[-1] < end:
        checks.append(checks[-1] + gap)
        upto = bisect_right(publications, checks[-1])
        gap = max(timedelta(minutes=5), gap * 0.8) if upto > found else min(longest, gap * 1.4)
        found = upto
    return checks


def adaptive_with(count: int, publications: list[datetime], start: datetime, end: datetime) -> list[datetime]:
    """The adaptive rule with the longest interval that comes nearest to the same number of requests."""
    low, high = 0.05, 96.0
    for _ in range(24):
        middle = (low + high) / 2
        if len(replay_adaptive(publications, start, end, timedelta(hours=middle))) > count:
            low = middle
        else:
            high = middle
    return replay_adaptive(publications, start, end, timedelta(hours=high))


def compare(name: str, publications: list[datetime]) -> tuple[float, float]:
    """Prints one row; returns the ratio to the fixed interval and the planner's longest wait in hours."""
    publications = sorted(publications)
    start, end = publications[0] - timedelta(days=1), publications[-1] + timedelta(days=1)
    planner = replay_planner(publications, start, end)
    rivals = {
        "planner": planner,
        "fixed": replay_fixed(start, end, len(planner) - 1),
        "adaptive": adaptive_with(len(planner), publications, start, end),
    }
    figures = {who: delays(publications, checks, start + WARM_UP) for who, checks in rivals.items()}
    mean = {who: statistics.mean(values) for who, values in figures.items()}
    span = (end - start).days
    print(
        f"{name:22} {len(publications):6} {len(planner) / span:8.1f} "
        f"{mean['planner'] * 60:9.1f} {mean['fixed'] * 60:9.1f} {mean['adaptive'] * 60:9.1f} "
        f"{mean['planner'] / mean['fixed']:8.2f} {mean['planner'] / mean['adaptive']:8.2f} "
        f"{max(figures['planner']):8.1f}"
    )
    return mean["planner"] / mean["fixed"], max(figures["planner"])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("histories", nargs="*", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    kinds: dict[str, Callable[[random.Random], list[datetime]]] = {
        "steady office": steady,
        "bursts": bursts,
        "monthly release": monthly,
        "evenings": evenings,
        "yearly season": yearly,
    }
    print(
        f"{'history':22} {'count':>6} {'req/day':>8} {'planner':>9} {'fixed':>9} {'adaptive':>9} "
        f"{'/fixed':>8} {'/adapt.':>8} {'longest':>8}\n{'':38} {'mean delay, minutes':>29} {'':17} {'hours':>8}"
    )
    results = [compare(name, make(random.Random(options.seed))) for name, make in kinds.items()]
    results += [compare(f.name, read_history(f, random.Random(options.seed))) for f in options.histories]
    worst, longest = max(r for r, _ in results), max(w for _, w in results)
    print(f"worst ratio to the fixed interval {worst:.2f} (goal 0.50), longest wait {longest:.1f} h (goal 24)")
    return 0 if worst <= 0.5 and longest <= 24 else 1


if __name__ == "__main__":
    sys.exit(main())
