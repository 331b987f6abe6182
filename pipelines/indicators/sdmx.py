"""Indicators as SDMX-CSV 2.0: what statistical software loads.

SDMX-CSV 2.0.0 field guide (sdmx-twg): the columns STRUCTURE, STRUCTURE_ID and ACTION, then dimensions, measures and
attributes of the data structure. Concept names and code lists are those of the SDMX cross-domain concepts.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

STRUCTURE_ID = "BUREAUWATCH:INDICATORS(1.0)"
DIMENSIONS = ("REF_AREA", "INDICATOR", "UNIT_MEASURE", "TIME_PERIOD")
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
_FORMULA = re.compile(r"^[\s\x00]*[=+\-@\t\r]")
_PERIOD = re.compile(r"\d{4}(?:-Q[1-4]|-\d{2}(?:-\d{2}(?:T\d{2}(?::\d{2}){0,2})?)?)?")


def to_sdmx_csv(rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """The header and then one line a figure, each with its line end.

    Args:
        rows: indicator records; besides their own keys `series` (the series' key) and `url` (the report's) are used.
            Records without a value are left out.
    """
    yield _line(COLUMNS)
    for row in rows:
        if row.get("value") is not None:
            yield _line(_cells(row))


def _cells(row: Mapping[str, Any]) -> tuple[str, ...]:
    comparison = row.get("comparison") or {}
    period = (row.get("period") or {}) if isinstance(row.get("period"), Mapping) else {"value": row.get("period")}
    percent = comparison.get("percent")
    if percent is not None and comparison.get("direction") == "down":
        percent = -percent
    values = {
        "STRUCTURE": "dataflow",
        "STRUCTURE_ID": STRUCTURE_ID,
        "ACTION": "I",
        "REF_AREA": neutral(row.get("region")) or "_Z",
        "INDICATOR": neutral(row.get("series") or row.get("name")),
        "UNIT_MEASURE": neutral(row.get("unit")) or "_Z",
        "TIME_PERIOD": time_period(period),
        "OBS_VALUE": number(row["value"]),
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
    return tuple(values[name] for name in COLUMNS)


def time_period(period: Mapping[str, Any]) -> str:
    """A period as SDMX writes it: `2021`, `2021-Q3`, `2021-09`, a day; a span as start and length (`2023-01-01/P10M`).

    SDMX has no open span: what holds up to a day is that day's, what holds since one is that one's.
    """
    value = str(period.get("value") or "")
    if _PERIOD.fullmatch(value):
        return value
    first, _, last = value.partition("/")
    if first in {"", ".."}:
        return last if _PERIOD.fullmatch(last) else "_Z"
    if last in {"", ".."}:
        return first if _PERIOD.fullmatch(first) else "_Z"
    return _span(first, last)


def _span(first: str, last: str) -> str:
    if not (_PERIOD.fullmatch(first) and _PERIOD.fullmatch(last)):
        return "_Z"
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
        return "_Z"
    return f"{first[:10]}/P{days}D" if days > 0 else "_Z"


def number(value: Any) -> str:
    """A number without exponent or trailing zeros; empty for none."""
    if value is None:
        return ""
    if isinstance(value, int) or float(value).is_integer():
        return str(int(value))
    return f"{float(value):.6f}".rstrip("0")


def neutral(value: Any) -> str:
    """A text cell that no spreadsheet takes for a formula: an apostrophe before `= + - @` at its start."""
    text = "" if value is None else str(value).replace("\x00", "")
    return f"'{text}" if _FORMULA.match(text) else text


def _line(cells: Iterable[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerow(cells)
    return buffer.getvalue()
