"""Series for the terminal, the web pages and files: one indicator over the years, in lines that can be compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from pipelines.indicators.series_lines import Line, Point, to_lines
from pipelines.messages import language, say
from pipelines.storage.models import IndicatorRow, ReportRow, SeriesRow

Row = dict[str, Any]

COLUMNS = (
    "series", "name", "region", "cadence", "status", "period", "period_start", "period_end", "value", "unit", "kind",
    "superseded", "base_value", "published", "source", "report", "also", "title", "said", "quote", "confidence",
    "failed_checks", "url",
)  # fmt: skip
MAX_SERIES = 400
MAX_FIGURES = 20_000


def find_series(session: Session, name: str, sources: Sequence[str] = (), region: str | None = None) -> list[int]:
    """The series of a number, or with all words in their name or in that of a figure; at most `MAX_SERIES`.

    A merged series stands for the one that it went into.
    """
    if name.isascii() and name.isdigit():
        row = session.get(SeriesRow, int(name[:18]))
        return [row.merged_into_id or row.id] if row is not None else []
    asked = select(IndicatorRow.series_id).join(SeriesRow, SeriesRow.id == IndicatorRow.series_id).distinct()
    for word in name.split():
        asked = asked.where(
            or_(SeriesRow.name.contains(word, autoescape=True), IndicatorRow.name.contains(word, autoescape=True))
        )
    if region:
        asked = asked.where(SeriesRow.region.contains(region, autoescape=True))
    if sources:
        asked = asked.join(ReportRow, ReportRow.id == IndicatorRow.report_id).where(ReportRow.source_id.in_(sources))
    return [number for number in session.scalars(asked.limit(MAX_SERIES)) if number is not None]


def read_series(session: Session, numbers: Sequence[int], sources: Sequence[str] = ()) -> dict[int, list[Row]]:
    """The figures of series, each with its report; withdrawn reports state nothing any more."""
    asked = (
        select(IndicatorRow, SeriesRow, ReportRow.title, ReportRow.url, ReportRow.published, ReportRow.source_id)
        .join(SeriesRow, SeriesRow.id == IndicatorRow.series_id)
        .join(ReportRow, ReportRow.id == IndicatorRow.report_id)
        .where(SeriesRow.id.in_(numbers), IndicatorRow.value.is_not(None), ReportRow.state != "withdrawn")
        .limit(MAX_FIGURES)
    )
    if sources:
        asked = asked.where(ReportRow.source_id.in_(sources))
    found: dict[int, list[Row]] = {}
    for figure, owner, title, url, published, source in session.execute(asked):
        period, comparison = (figure.record.get(k) or {} for k in ("period", "comparison"))
        row = {
            "series": owner.id, "name": owner.name, "region": owner.region, "said": figure.record.get("name"),
            "period": period.get("value"), "period_start": period.get("start"), "period_end": period.get("end"),
            "value": figure.record.get("value"), "value_text": figure.record.get("value_text"), "unit": figure.unit,
            "kind": figure.kind, "status": figure.status, "base_value": comparison.get("base_value"),
            "comparison": comparison, "quote": figure.record.get("quote"), "published": published, "source": source,
            "report": figure.report_id, "title": title, "url": url, "confidence": figure.record.get("confidence"),
            "failed_checks": [c.get("check") for c in figure.record.get("checks") or [] if not c.get("ok")],
        }  # fmt: skip
        found.setdefault(owner.id, []).append(row)
    return found


def in_order(found: Mapping[int, list[Row]], name: str = "") -> list[tuple[Row, list[Line]]]:
    """Series with their lines: the one that is called so first, then those with actual values, then the longest."""
    read = [(rows[0], to_lines(rows)) for rows in found.values()]

    def place(entry: tuple[Row, list[Line]]) -> tuple[bool, bool, int, int]:
        first, lines = entry
        actual = [line for line in lines if line.status == "actual"]
        size = sum(len(line.points) for line in actual or lines)
        return first["name"] != name, not actual, -size, first["series"]

    return sorted(read, key=place)


def to_rows(series: Iterable[tuple[Row, list[Line]]]) -> list[Row]:
    """One row a point, for files: each value of a period once, `also` the other reports that state it."""
    rows: list[Row] = []
    for _, lines in series:
        for line in lines:
            for point in line.points:
                first = dict(point.stated[0])
                also = [str(other["report"]) for other in point.stated[1:]]
                rows.append({**first, "cadence": line.cadence, "superseded": point.superseded, "also": also})
    return rows


def line_name(line: Line) -> str:
    """What a line's periods are, in the user's words."""
    kind, _, months = line.cadence.partition("-")
    first, _, last = months.partition("-")
    names = {
        "year": say("by year"),
        "quarter": say("by quarter"),
        "month": say("by month"),
        "day": say("at a day"),
        "years": say("over several years"),
        "to": say("up to a day"),
        "since": say("since a day"),
        "other": say("other periods"),
    }
    if kind == "ytd":
        name = say("January to month {month}, cumulative", month=int(months))
    elif kind == "span":
        name = say("months {first} to {last}", first=int(first), last=int(last))
    else:
        name = names[kind]
    return name if line.status == "actual" else f"{status_name(line.status)} · {name}"


def status_name(status: str) -> str:
    """A figure's status in the user's words."""
    names = {
        "actual": say("actual"),
        "target": say("target"),
        "forecast": say("forecast"),
        "provisional": say("provisional"),
    }
    return names.get(status, status)


def shown(value: float, unit: str | None = None) -> str:
    """A value as people read it: with thousands marks; in Chinese large ones in 万 and 亿."""
    for size, word in ((1e8, "亿"), (1e4, "万")) if language() == "zh" else ():
        if abs(value) >= size * 10 and abs(value) >= 1e6:
            return f"{_plain(value / size)}{word}{unit or ''}"
    return f"{_plain(value)}{unit or ''}"


def _plain(value: float) -> str:
    return f"{value:,.6f}".rstrip("0").rstrip(".")


def changes(points: Sequence[Point]) -> list[float | None]:
    """The relative change of each point against the last one before it that stands; None where there is none."""
    found: list[float | None] = []
    before: float | None = None
    for point in points:
        found.append((point.value - before) / abs(before) if before else None)
        if not point.superseded:
            before = point.value
    return found
