"""The admin route: whoever BUREAUWATCH_ADMIN_TO names is told of sources' health, apart from the readers' alerts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from pipelines.config import Config
from pipelines.storage import outbox
from pipelines.storage.models import ServiceRow, SubscriptionRow
from pipelines.subscriptions import SOURCE_EVENTS

NAME = "admin-subscription"
ADMIN_EVENTS = (*SOURCE_EVENTS, "report.tampered")


def sync_admin(session: Session, config: Config, now: datetime) -> int | None:
    """Makes the stored subscription what the setting says, before events are raised; returns its number."""
    row = session.get(ServiceRow, NAME)
    number = row.value.get("id") if row else None
    current = session.get(SubscriptionRow, number) if number else None
    if current is not None and current.ended_at is None:
        if current.to == config.admin_to:
            return current.id
        outbox.unsubscribe(session, now, current.id)
    if not config.admin_to:
        return None
    made = outbox.subscribe(session, now, to=config.admin_to, types=ADMIN_EVENTS, language=config.language)
    if row is None:
        session.add(ServiceRow(name=NAME, at=now, value={"id": made.id}))
    else:
        row.at, row.value = now, {"id": made.id}
    session.flush()
    return made.id
