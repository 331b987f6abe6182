"""Events with what their messages show, read from the database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipelines.items import iso
from pipelines.storage.models import ColumnRow, EventRow, IndicatorRow, ReportRow, RevisionRow, SourceRow
from scheduler.alerts.formatting import Alert

T = TypeVar("T")
FIGURES = 200
"""Indicators read for a message; it shows a few and counts the rest."""


def event_records(session: Session, rows: Sequence[EventRow]) -> list[dict[str, Any]]:
    """Events as everybody outside sees them: id, type, at, source, report {id, title, url}, details."""
    ids = {row.report_id for row in rows if row.report_id is not None}
    reports: dict[int, tuple[str | None, str]] = {}
    for part in _parts(sorted(ids)):
        found = session.execute(select(ReportRow.id, ReportRow.title, ReportRow.url).where(ReportRow.id.in_(part)))
        reports |= {number: (title, url) for number, title, url in found}
    records = []
    for row in rows:
        report = None
        if row.report_id is not None:
            title, url = reports.get(row.report_id, (None, ""))
            report = {"id": row.report_id, "title": title, "url": url}
        records.append(
            {
                "id": row.id,
                "type": row.type,
                "at": iso(row.at),
                "source": row.source_id,
                "report": report,
                "details": row.details,
            }
        )
    return records


def alerts_for(session: Session, rows: Sequence[EventRow]) -> dict[str, Alert]:
    """What messages about these events show, by event id."""
    records = event_records(session, rows)
    names = {
        number: name
        for part in _parts(sorted({r.source_id for r in rows if r.source_id}))
        for number, name in session.execute(select(SourceRow.id, SourceRow.name).where(SourceRow.id.in_(part)))
    }
    columns: dict[str, str] = {}
    for part in _parts(sorted({r.source_id for r in rows if r.source_id and r.report_id is None})):
        found = select(ColumnRow.source_id, ColumnRow.url).where(ColumnRow.source_id.in_(part))
        for source_id, url in session.execute(found.order_by(ColumnRow.id)):
            columns.setdefault(source_id, url)
    alerts = {}
    for row, record in zip(rows, records, strict=True):
        report: dict[str, Any] = {}
        figures: list[dict[str, Any]] = []
        if row.report_id is not None:
            report = session.scalar(
                select(RevisionRow.record)
                .where(RevisionRow.report_id == row.report_id, RevisionRow.kind != "tampered")
                .order_by(RevisionRow.number.desc())
                .limit(1)
            ) or {}  # fmt: skip
            figures = list(
                session.scalars(
                    select(IndicatorRow.record)
                    .where(IndicatorRow.report_id == row.report_id)
                    .order_by(IndicatorRow.position)
                    .limit(FIGURES)
                )
            )
        name, column = names.get(row.source_id or ""), columns.get(row.source_id or "")
        alerts[row.id] = Alert(record, row.at, name, report, figures, row.crawl_id, column)
    return alerts


def _parts(values: Sequence[T], size: int = 500) -> list[Sequence[T]]:
    """Databases take so many values in one IN."""
    return [values[n : n + size] for n in range(0, len(values), size)]
