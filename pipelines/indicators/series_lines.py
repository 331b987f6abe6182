"""A series in lines that can be compared: single months never stand among running totals, nor targets among actuals.

What one report states twice is one statement; what several reports state alike is one point; a value that a later
report gives otherwise stays, marked as superseded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pipelines.indicators.series import half_digit

Row = Mapping[str, Any]
"""One figure of a series: `period`, `period_start`, `period_end`, `value`, `value_text`, `unit`, `status`, `report`,
`published`, `confidence` are used."""

_ORDER = ("year", "quarter", "month", "ytd", "span", "day", "years", "to", "since", "other")
_MONTHS = re.compile(r"(\d{4})-(\d{2})/(\d{4})-(\d{2})")


@dataclass(slots=True)
class Point:
    """One value of one period, and the figures that state it: the first is the most precise."""

    period: str | None
    value: float
    stated: list[Row]
    superseded: bool = False
    """A later report gives another value for this period."""


@dataclass(slots=True)
class Line:
    """The comparable points of a series, by period. `cadence`: see `cadence`; `status`: actual, target or forecast."""

    cadence: str
    status: str
    points: list[Point] = field(default_factory=list)

    @property
    def current(self) -> list[Point]:
        """The points without those that were superseded."""
        return [point for point in self.points if not point.superseded]


def cadence(period: str | None) -> str:
    """What kind of time a period is: only periods of one kind make up a line.

    `year` (also its last day), `quarter`, `month`, `ytd-09` (January to September), `span-04-06`, `day`, `years`,
    `to` (all up to a day), `since`, `other`.

    >>> [cadence(p) for p in ("2021", "2021-12-31", "2021-01/2021-09", "2021-Q3", "2021-09")]
    ['year', 'year', 'ytd-09', 'quarter', 'month']
    """
    text = period or ""
    if re.fullmatch(r"\d{4}(?:-12-31)?", text):
        return "year"
    if months := _MONTHS.fullmatch(text):
        first, start, last, end = months.groups()
        if first != last:
            return "years"
        return ("year" if end == "12" else f"ytd-{end}") if start == "01" else f"span-{start}-{end}"
    for pattern, kind in (
        (r"\d{4}-Q[1-4]", "quarter"),
        (r"\d{4}-\d{2}", "month"),
        (r"\d{4}-\d{2}-\d{2}(?:T.*)?", "day"),
        (r"\.\./.+", "to"),
        (r".+/\.\.", "since"),
        (r"\d{4}/\d{4}", "years"),
    ):
        if re.fullmatch(pattern, text):
            return kind
    return "other"


def to_lines(rows: Iterable[Row]) -> list[Line]:
    """The lines of one series: actuals before targets, the longest periods first."""
    members = [row for row in rows if row.get("value") is not None]
    quarters = {str(row["period"])[-2:] for row in members if cadence(row.get("period")) == "quarter"}
    groups: dict[tuple[str, str], dict[str, list[Row]]] = {}
    for row in members:
        kind = cadence(row.get("period"))
        if kind == "quarter" and quarters == {"Q1"}:
            kind = "ytd-03"  # a first quarter alone goes with 1-6月 and 1-9月
        status = str(row.get("status") or "actual")
        line = groups.setdefault((kind, "actual" if status == "provisional" else status), {})
        line.setdefault(_slot(kind, row), []).append(row)
    lines = [
        Line(kind, status, [point for slot in sorted(slots) for point in _points(slots[slot])])
        for (kind, status), slots in groups.items()
    ]
    return sorted(lines, key=lambda line: (line.status != "actual", line.status, _rank(line.cadence)))


def _rank(kind: str) -> tuple[int, str]:
    return _ORDER.index(kind.partition("-")[0]), kind


def _slot(kind: str, row: Row) -> str:
    """What tells a line's periods apart: a year's last day is that year."""
    period = str(row.get("period") or "")
    if kind == "year" or kind.startswith(("ytd", "span")):
        return period[:4]
    return f"{row.get('period_end') or ''} {row.get('period_start') or ''} {period}"


def _points(rows: list[Row]) -> list[Point]:
    """The values stated for one period, the earliest stated first; alike but for rounding is the same."""
    points: list[Point] = []
    bounds: list[tuple[float, float]] = []
    for row in sorted(rows, key=lambda r: (str(r.get("published") or ""), r.get("report") or 0)):
        value, half = float(row["value"]), _half(row)
        for i, (low, high) in enumerate(bounds):
            if value - half <= high and value + half >= low:
                if high - low > 2 * half:
                    points[i].value, bounds[i] = value, (value - half, value + half)
                    points[i].stated.insert(0, row)
                elif all(row.get("report") != other.get("report") for other in points[i].stated):
                    points[i].stated.append(row)
                break
        else:
            points.append(Point(row.get("period"), value, [row]))
            bounds.append((value - half, value + half))
    last = str(max((str(r.get("published") or "") for r in points[-1].stated), default=""))
    for point in points[:-1]:
        # two values of one report are two things under one name; a later report's value is a correction
        point.superseded = max(str(r.get("published") or "") for r in point.stated) < last
    for point in points:
        point.stated = list({row.get("report"): row for row in reversed(point.stated)}.values())[::-1]
    return points


def _half(row: Row) -> float:
    half = half_digit(float(row["value"]), str(row.get("value_text") or ""))
    return max(half, 1e-9 * abs(float(row["value"])))
