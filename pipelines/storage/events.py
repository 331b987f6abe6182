"""Events: something happened, exactly once. The `key` names the happening; a second try to raise it does nothing."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, Final, cast

from sqlalchemy import Table, bindparam, func, select
from sqlalchemy.orm import Session

from pipelines.storage.fresh import insert_row
from pipelines.storage.models import EventRow, ReportRow
from pipelines.storage.session import serialise

EVENT: Final = cast(Table, EventRow.__table__)
RAISED: Final = select(EVENT.c.id).where(EVENT.c.key == bindparam("event_key")).exists()
STATE: Final = select(RAISED, select(func.max(EVENT.c.number)).scalar_subquery())


def add_event(
    session: Session,
    *,
    type: str,
    key: str,
    now: datetime,
    source_id: str | None = None,
    report: ReportRow | None = None,
    crawl_id: int | None = None,
    details: dict[str, Any] | None = None,
) -> EventRow | None:
    """Writes an event without telling anybody (see `outbox.raise_event`); None where its key was used before."""
    serialise(session)
    session.flush()
    raised, newest = session.connection().execute(STATE, {"event_key": key}).one()
    if raised:
        return None
    event = EventRow(
        id=str(uuid.uuid4()),
        number=(newest or 0) + 1,
        key=key,
        type=type,
        at=now,
        source_id=source_id or (report.source_id if report else None),
        report_id=report.id if report else None,
        crawl_id=crawl_id,
        details=details or {},
    )
    insert_row(session, EventRow, **{column.name: getattr(event, column.name) for column in EVENT.columns})
    return event


def count_of(session: Session, report_id: int, event_type: str) -> int:
    """How many events of a type a report has: the next one's place in its life, part of its key."""
    return (
        session.scalar(
            select(func.count())
            .select_from(EventRow)
            .where(EventRow.report_id == report_id, EventRow.type == event_type)
        )
        or 0
    )
