"""Sources' and columns' rows: made from the YAML definitions, kept for their state."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipelines.storage.models import ColumnRow, SourceRow


def ensure_source(session: Session, source_id: str, name: str, zone: str, now: datetime) -> SourceRow:
    """The source's row, made or brought up to its definition."""
    row = session.get(SourceRow, source_id)
    if row is None:
        row = SourceRow(id=source_id, name=name[:200], zone=zone, added_at=now, failures_in_a_row=0, state={})
        session.add(row)
        session.flush()
    elif (row.name, row.zone) != (name[:200], zone):
        row.name, row.zone = name[:200], zone
    return row


def ensure_column(session: Session, source_id: str, url: str, name: str | None = None) -> ColumnRow:
    """The row of a source's column, by its URL as the definition writes it."""
    row = session.scalar(select(ColumnRow).where(ColumnRow.source_id == source_id, ColumnRow.url == url))
    if row is None:
        row = ColumnRow(source_id=source_id, url=url, name=name[:200] if name else None, state={})
        session.add(row)
        session.flush()
    return row
