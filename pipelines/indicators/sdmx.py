"""Indicators as SDMX-CSV 2.0: what statistical software loads.

SDMX-CSV 2.0.0 field guide (sdmx-twg): the columns STRUCTURE, STRUCTURE_ID and ACTION, then dimensions, measures and
attributes of the data structure. Concept names and code lists are those of the SDMX cross-domain concepts; SCENARIO
(actual, target, forecast) and REPORT (the report that states the figure, by its number) are this structure's own. The
dimensions tell any two rows apart, as loaders demand; figures without a period have no place in time and are left out.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

STRUCTURE_ID = "BUREAUWATCH:INDICATORS(1.0)"
DIMENSIONS = ("REF_AREA", "INDICATOR", "UNIT_MEASURE", "SCENARIO", "REPORT", "TIME_PERIOD")
COLUMNS = (
    "STRUCTURE",
    "STRUCTURE_ID",
    "ACTION",
    *DIMENSIONS,
    "OBS_VALUE",
    "OBS_STATUS",
    "CONF_VALUE",
    "INDICATOR_NAME",
    "QUALIFIERS",
    "COMPARISON_BASE",
    "COMPARISON_PERCENT",
    "SOURCE_AGENCY",
    "SOURCE_URL",
    "COMMENT_OBS",
)
OBS_STATUS = {"actual": "A", "provisional": "P", "forecast": "F", "target": "T"}
"""Codes of CL_OBS_STATUS (A normal, P provisional, F forecast); T is this structure's own, for targets."""
SCENARIO = {"target": "TARGET", "forecast": "FORECAST"}
_FORMULA = re.compile(r"^[\s\x00]*[=+\-@＝＋－＠\t\r]")
_PERIOD = re.compile(r"\d{4}(?:-Q[1-4]|-\d{2}(?:-\d{2}(?:T\d{2}(?::\d{2}){0,2})?)?)?")
_NONE = "_Z"
"""The cross-domain code for what does not apply."""


def to_sdmx_csv(rows: Iterable[Mapping[str, Any]], left_out: list[int] | None = None) -> Iterator[str]:
    """The header and then one line a figure, each with its line end.

    A figure that a report states twice is one row; another value of the same key has its number behind the report's
    (`24-2`).

    Args:
        rows: indicator records; besides their own keys `series` (the series' key), `url` and `report` (the report's
            address, and its number or record) are used.
        left_out: its first element becomes the count of figures that have no value or no period.
    """
    yield _line(COLUMNS)
    seen: dict[int, list[str]] = {}
    missing = 0
    for row in rows:
        cells = _cells(row) if row.get("value") is not None else None
        if cells is None or cells["TIME_PERIOD"] == _NONE:
            missing += 1
            continue
        values = seen.setdefault(hash(tuple(cells[name] for name in DIMENSIONS)), [])
        if cells["OBS_VALUE"] in values:
            continue
        values.append(cells["OBS_VALUE"])
        if len(values) > 1:
            cells["REPORT"] += f"-{len(values)}"
        yield _line(cells[name] for name in COLUMNS)
    if left_out is not None:
        left_out[:] = [missing]


def _cells(row: Mapping[str, Any]) -> dict[str, str]:
    comparison = row.get("comparison") or {}
    period = (row.get("period") or {}) if isinstance(row.get("period"), Mapping) else {"value": row.get("period")}
    percent = comparison.get("percent")
    if percent is not None and comparison.get("direction") == "down":
        percent = -percent
    value = row["value"]
    if row.get("kind") == "change" and comparison.get("direction") == "down":
        value = -abs(value)
    report = row.get("report")
    return {
        "STRUCTURE": "dataflow",
        "STRUCTURE_ID": STRUCTURE_ID,
        "ACTION": "I",
        "REF_AREA": neutral(row.get("region")) or _NONE,
        "INDICATOR": neutral(row.get("series") or row.get("name")),
        "UNIT_MEASURE": neutral(row.get("unit")) or _NONE,
        "SCENARIO": SCENARIO.get(str(row.get("status")), "ACTUAL"),
        "REPORT": str((report.get("id") if isinstance(report, Mapping) else report) or _NONE),
        "TIME_PERIOD": time_period(period),
        "OBS_VALUE": number(value),
        "OBS_STATUS": OBS_STATUS.get(str(row.get("status") or "actual"), "A"),
        "CONF_VALUE": number(row.get("confidence")),
        "INDICATOR_NAME": neutral(row.get("name")),
        "QUALIFIERS": neutral("; ".join(map(str, row.get("qualifiers") or []))),
        "COMPARISON_BASE": neutral(comparison.get("base")),
        "COMPARISON_PERCENT": number(percent),
        "SOURCE_AGENCY": neutral(row.get("agency")),
        "SOURCE_URL": neutral(row.get("url")),
        "COMMENT_OBS": neutral(row.get("quote")),
    }


def time_period(period: Mapping[str, Any]) -> str:
    """A period as SDMX writes it: `2021`, `2021-Q3`, `2021-09`, a day; a span as start and length (`2023-01-01/P10M`).

    SDMX has no open span: what holds up to a day is that day's, what holds since one is that one's.
    """
    value = re.sub(r"(?<=T\d\d)(?=$|/)", ":00:00", str(period.get("value") or ""))
    if _PERIOD.fullmatch(value):
        return value
    first, _, last = value.partition("/")
    if first in {"", ".."}:
        return last if _PERIOD.fullmatch(last) else _NONE
    if last in {"", ".."}:
        return first if _PERIOD.fullmatch(first) else _NONE
    return _span(first, last)


def _span(first: str, last: str) -> str:
    if not (_PERIOD.fullmatch(first) and _PERIOD.fullmatch(last)):
        return _NONE
    months = [re.fullmatch(r"(\d{4})(?:-(\d{2}))?", part) for part in (first, last)]
    if months[0] is not None and months[1] is not None:
        if months[0][2] is None and months[1][2] is None:
            return f"{first}-01-01/P{int(last) - int(first) + 1}Y"
        start = int(months[0][1]) * 12 + int(months[0][2] or 1)
        end = int(months[1][1]) * 12 + int(months[1][2] or 12)
        if end >= start:
            return f"{months[0][1]}-{months[0][2] or '01'}-01/P{end - start + 1}M"
    from datetime import date

    try:
        days = (date.fromisoformat(last[:10]) - date.fromisoformat(first[:10])).days + 1
    except ValueError:
        return _NONE
    return f"{first[:10]}/P{days}D" if days > 0 else _NONE


def number(value: Any) -> str:
    """A number with all its digits, without exponent or trailing zeros; empty for none."""
    if value is None:
        return ""
    if isinstance(value, int) or float(value).is_integer():
        return str(int(value))
    return format(Decimal(repr(float(value))), "f")


def neutral(value: Any) -> str:
    """A text cell that no spreadsheet takes for a formula: an apostrophe before `= + - @` at its start."""
    text = "" if value is None else str(value).replace("\x00", "")
    return f"'{text}" if _FORMULA.match(text) else text


def _line(cells: Iterable[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerow(cells)
    return buffer.getvalue()
