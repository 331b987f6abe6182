"""Figures on the pages: the course of each one's series, and the few that a list shows of a report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipelines.storage.models import IndicatorRow
from scheduler.series import in_order, read_series
from scheduler.web.charts import sparkline

MOST = 80
"""Series that a page draws at most."""
LAST = 12
"""Points of a small line."""
SHOWN = 3
"""Figures that a list shows of a report."""


def trends(session: Session, numbers: Iterable[int | None]) -> dict[int, str]:
    """A small line for each series whose longest comparable line of actual values has three points or more."""
    wanted = sorted({number for number in numbers if number})[:MOST]
    found: dict[int, str] = {}
    for first, lines in in_order(read_series(session, wanted)) if wanted else ():
        actual = [line.current for line in lines if line.status == "actual"]
        points = max(actual, key=len, default=[])[-LAST:]
        if drawn := sparkline([(point.period or "", point.value) for point in points]):
            found[first["series"]] = drawn
    return found


def headlines(session: Session, reports: Sequence[int]) -> dict[int, list[Mapping[str, Any]]]:
    """The figures of each report that a list shows: the first of its text that it compares with another time."""
    rows = session.execute(
        select(IndicatorRow.report_id, IndicatorRow.record)
        .where(
            IndicatorRow.report_id.in_(reports),
            IndicatorRow.attachment_id.is_(None),
            IndicatorRow.position < 40,
            IndicatorRow.status == "actual",
        )
        .order_by(IndicatorRow.report_id, IndicatorRow.position)
    )
    found: dict[int, list[Mapping[str, Any]]] = {}
    for number, record in rows:
        compared = record.get("comparison") or {}
        if compared.get("percent") is not None and len(found.setdefault(number, [])) < SHOWN:
            found[number].append(record)
    return found
