"""Spells of ill health of a source: opened by a failed crawl, told once, closed by a good one. Callers commit."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipelines.storage.models import EventRow, IncidentRow, SourceRow
from pipelines.storage.outbox import raise_event


def crawl_failed(
    session: Session,
    source_id: str,
    *,
    failure: str,
    error: str | None,
    failing_after: int,
    now: datetime,
    crawl_id: int | None = None,
) -> list[EventRow]:
    """Counts a failed crawl; raises `source.failing` once a spell, when enough have failed in a row."""
    source = session.get_one(SourceRow, source_id)
    source.failures_in_a_row += 1
    incident = _open_incident(session, source_id)
    if incident is None:
        incident = IncidentRow(
            source_id=source_id, kind="failing", failure=failure, opened_at=now, last_at=now, checks=0, error=error
        )
        session.add(incident)
    incident.checks += 1
    incident.last_at, incident.failure, incident.error = now, failure[:40], error
    session.flush()
    if source.failures_in_a_row < failing_after:
        return []
    return raise_event(
        session,
        now=now,
        type="source.failing",
        key=f"source.failing:{incident.id}",
        source_id=source_id,
        crawl_id=crawl_id,
        details={
            "failure": failure,
            "error": error,
            "since": incident.opened_at.isoformat(),
            "checks": incident.checks,
        },
    )


def crawl_succeeded(session: Session, source_id: str, *, now: datetime, crawl_id: int | None = None) -> list[EventRow]:
    """Closes the spell, if there is one; raises `source.recovered` where its failing was told."""
    source = session.get_one(SourceRow, source_id)
    source.failures_in_a_row = 0
    incident = _open_incident(session, source_id)
    if incident is None:
        return []
    incident.closed_at = incident.last_at = now
    session.flush()
    told = session.scalar(select(EventRow.id).where(EventRow.key == f"source.failing:{incident.id}"))
    if told is None:
        return []
    return raise_event(
        session,
        now=now,
        type="source.recovered",
        key=f"source.recovered:{incident.id}",
        source_id=source_id,
        crawl_id=crawl_id,
        details={"failure": incident.failure, "since": incident.opened_at.isoformat(), "checks": incident.checks},
    )


def source_changed(
    session: Session, source_id: str, *, column_id: int, details: dict[str, Any], now: datetime, crawl_id: int
) -> list[EventRow]:
    """Raises `source.changed`: a column is made with another system, or looks another way, and is read anew."""
    session.add(IncidentRow(source_id=source_id, kind="changed", opened_at=now, last_at=now, closed_at=now, checks=1))
    return raise_event(
        session,
        now=now,
        type="source.changed",
        key=f"source.changed:{column_id}:{crawl_id}",
        source_id=source_id,
        crawl_id=crawl_id,
        details=details,
    )


def _open_incident(session: Session, source_id: str) -> IncidentRow | None:
    return session.scalar(
        select(IncidentRow)
        .where(IncidentRow.source_id == source_id, IncidentRow.kind == "failing", IncidentRow.closed_at.is_(None))
        .order_by(IncidentRow.id.desc())
        .limit(1)
    )
