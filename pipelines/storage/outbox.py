"""The outbox: who is owed which event. Written in the event's own transaction, sent afterwards, at least once.

A sender claims deliveries that are due (`claim_due`: their due time moves on by the lease, so a sender that dies leaves
them due again), sends each with its event's id as Idempotency-Key, and marks it sent, failed (again later) or dead.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from pipelines.errors import UnknownNameError
from pipelines.messages import say
from pipelines.revisions import indicator_key
from pipelines.storage.events import add_event
from pipelines.storage.models import (
    AttachmentRow,
    DeliveryRow,
    EventRow,
    IndicatorRow,
    PlaceRow,
    ReportRow,
    RevisionRow,
    SubscriptionRow,
)
from pipelines.subscriptions import Happening, Wish, check_wish, crossings, wants

WAITING, SENT, DEAD, DROPPED = "waiting", "sent", "dead", "dropped"
MEASURED: Final = ("report.new", "report.revised", "attachment.changed")
"""Events after which a report's figures may cross a threshold."""
LIVING: Final = select(SubscriptionRow).where(SubscriptionRow.ended_at.is_(None))
MOST_TEXT: Final = 500_000
"""Characters of a report and its files that queries look at."""


def raise_event(session: Session, *, now: datetime, **event: Any) -> list[EventRow]:
    """Writes an event (arguments of `events.add_event`) and all that is owed for it; empty where it was raised before.

    Thresholds that a new or revised report crosses are events of their own and come along.
    """
    row = add_event(session, now=now, **event)
    return [] if row is None else [row, *enqueue(session, row, now)]


def enqueue(session: Session, event: EventRow, now: datetime) -> list[EventRow]:
    """Owes an event to every subscription that wants it; returns the threshold events that it gave rise to.

    Events of a backfill are recorded and owed to nobody.
    """
    if event.details.get("backfill"):
        return []
    subscriptions = [row for row in session.scalars(LIVING) if _concerns(wish_of(row), event.type)]
    if not subscriptions:
        return []
    happening = _happening(session, event)
    texts = happening.texts()
    raised: list[EventRow] = []
    for subscription in subscriptions:
        wish = wish_of(subscription)
        if wants(wish, happening, texts):
            owe(session, event, subscription, now)
        if event.type in MEASURED:
            raised += _cross(session, event, subscription, happening, texts, now)
    session.flush()
    return raised


def _concerns(wish: Wish, event_type: str) -> bool:
    """Whether an event of a type may be for a subscription at all: the others need no reading of the report."""
    return event_type in wish.wanted_types or (event_type in MEASURED and "indicator.threshold" in wish.wanted_types)


def _cross(
    session: Session,
    event: EventRow,
    subscription: SubscriptionRow,
    happening: Happening,
    texts: dict[str, str],
    now: datetime,
) -> list[EventRow]:
    raised = []
    for indicator in crossings(wish_of(subscription), happening, texts):
        # The same figure in a later revision is the same crossing.
        key = f"threshold:{subscription.id}:{event.report_id}:{hash_of(indicator)}"
        crossing = add_event(
            session,
            type="indicator.threshold",
            key=key,
            now=now,
            source_id=event.source_id,
            report=session.get(ReportRow, event.report_id) if event.report_id else None,
            crawl_id=event.crawl_id,
            details={
                "subscription": subscription.id,
                "threshold": subscription.threshold,
                "indicator": {k: indicator.get(k) for k in ("name", "subject", "value", "value_text", "unit", "quote")},
                "period": (indicator.get("period") or {}).get("value"),
            },
        )
        if crossing is not None:
            owe(session, crossing, subscription, now)
            raised.append(crossing)
    return raised


def hash_of(indicator: dict[str, Any]) -> str:
    """A short name of a figure and what it is about."""
    import hashlib

    whole = f"{indicator_key(indicator)}|{indicator.get('value')}|{indicator.get('unit')}"
    return hashlib.sha256(whole.encode("utf-8", "replace")).hexdigest()[:24]


def owe(session: Session, event: EventRow, subscription: SubscriptionRow, now: datetime) -> DeliveryRow:
    """One delivery of one event to one subscription."""
    delivery = DeliveryRow(event_id=event.id, subscription_id=subscription.id, state=WAITING, attempts=0, due_at=now)
    session.add(delivery)
    return delivery


def wish_of(row: SubscriptionRow) -> Wish:
    """A stored subscription as the pure rules take it."""
    return Wish(row.id, tuple(row.types or ()), row.source_id, row.query, row.indicator, row.threshold)


def _happening(session: Session, event: EventRow) -> Happening:
    sources = {event.source_id} if event.source_id else set()
    if event.report_id is None:
        return Happening(event.type, frozenset(sources))
    sources |= set(session.scalars(select(PlaceRow.source_id).where(PlaceRow.report_id == event.report_id)))
    record = current_record(session, event.report_id) or {}
    files = session.scalars(select(AttachmentRow.text).where(AttachmentRow.report_id == event.report_id))
    body = "\n".join([record.get("body") or "", *(text for text in files if text)])[:MOST_TEXT]
    figures = session.scalars(
        select(IndicatorRow.record).where(IndicatorRow.report_id == event.report_id).order_by(IndicatorRow.position)
    )
    return Happening(
        event.type,
        frozenset(sources),
        record.get("title") or "",
        record.get("publisher") or "",
        body,
        list(figures),
    )


def current_record(session: Session, report_id: int) -> dict[str, Any] | None:
    """The record of a report's newest revision that is its bureau's own (no stranger's)."""
    rows = session.execute(
        select(RevisionRow.record, RevisionRow.kind)
        .where(RevisionRow.report_id == report_id)
        .order_by((RevisionRow.kind == "tampered"), RevisionRow.number.desc())
        .limit(1)
    ).first()
    return rows[0] if rows else None


def claim_due(
    session: Session, now: datetime, *, limit: int = 50, lease: timedelta = timedelta(minutes=5)
) -> list[DeliveryRow]:
    """Takes deliveries that are due, oldest event first, for `lease`: nobody else gets them meanwhile.

    Commit before sending. Deliveries of ended subscriptions are dropped. `attempts` counts this try already.
    """
    session.execute(
        update(DeliveryRow)
        .where(
            DeliveryRow.state == WAITING,
            DeliveryRow.subscription_id.in_(select(SubscriptionRow.id).where(SubscriptionRow.ended_at.is_not(None))),
        )
        .values(state=DROPPED)
    )
    rows = session.scalars(
        select(DeliveryRow)
        .join(EventRow, EventRow.id == DeliveryRow.event_id)
        .where(DeliveryRow.state == WAITING, DeliveryRow.due_at <= now)
        .order_by(EventRow.number, DeliveryRow.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=DeliveryRow)
    ).all()
    for row in rows:
        row.due_at = now + lease
        row.attempts += 1
    session.flush()
    return list(rows)


def mark_sent(session: Session, delivery_ids: Iterable[int], now: datetime, *, batch: str | None = None) -> None:
    """They arrived; `batch` names the digest that carried them together."""
    session.execute(
        update(DeliveryRow)
        .where(DeliveryRow.id.in_(list(delivery_ids)))
        .values(state=SENT, sent_at=now, batch=batch, last_error=None)
    )


def mark_failed(session: Session, delivery_ids: Iterable[int], error: str, *, retry_at: datetime) -> None:
    """They did not arrive, and are tried again at `retry_at`."""
    session.execute(
        update(DeliveryRow)
        .where(DeliveryRow.id.in_(list(delivery_ids)), DeliveryRow.state == WAITING)
        .values(due_at=retry_at, last_error=error[:2000])
    )


def postpone(session: Session, delivery_ids: Iterable[int], until: datetime) -> None:
    """Nothing was tried (quiet hours, a digest's time): due at `until`, and the claim is no attempt."""
    session.execute(
        update(DeliveryRow)
        .where(DeliveryRow.id.in_(list(delivery_ids)), DeliveryRow.state == WAITING)
        .values(due_at=until, attempts=DeliveryRow.attempts - 1)
    )


def mark_dead(session: Session, delivery_ids: Iterable[int], error: str) -> None:
    """They are given up, stay visible, and can be replayed."""
    session.execute(
        update(DeliveryRow).where(DeliveryRow.id.in_(list(delivery_ids))).values(state=DEAD, last_error=error[:2000])
    )


def replay(session: Session, now: datetime, delivery_ids: Sequence[int] | None = None) -> int:
    """Makes dead deliveries (all, or these) due again with their old keys; returns how many."""
    query = update(DeliveryRow).where(DeliveryRow.state == DEAD)
    if delivery_ids is not None:
        query = query.where(DeliveryRow.id.in_(list(delivery_ids)))
    return session.execute(query.values(state=WAITING, due_at=now, attempts=0)).rowcount  # type: ignore[attr-defined,no-any-return]


def subscribe(
    session: Session,
    now: datetime,
    *,
    to: str,
    types: Sequence[str] = (),
    source_id: str | None = None,
    query: str | None = None,
    indicator: str | None = None,
    threshold: str | None = None,
    digest: str | None = None,
    quiet: str | None = None,
    zone: str = "Asia/Shanghai",
    language: str = "en",
) -> SubscriptionRow:
    """Writes a subscription; channel address, digest and quiet hours are checked by the caller.

    Raises:
        SubscriptionError: an unknown type, or a query, indicator or threshold that cannot be used.
    """
    check_wish(types, query, indicator, threshold)
    row = SubscriptionRow(
        to=to,
        types=list(types),
        source_id=source_id,
        query=query,
        indicator=indicator,
        threshold=threshold,
        digest=digest,
        quiet=quiet,
        zone=zone,
        language=language,
        created_at=now,
        ended_at=None,
    )
    session.add(row)
    session.flush()
    return row


def unsubscribe(session: Session, now: datetime, subscription_id: int) -> SubscriptionRow:
    """Ends a subscription; what it was still owed is dropped.

    Raises:
        UnknownNameError: no living subscription has that number.
    """
    row = session.get(SubscriptionRow, subscription_id)
    if row is None or row.ended_at is not None:
        raise UnknownNameError(
            say("There is no subscription {number}", number=subscription_id),
            cure=say("See them with: bureauwatch subscriptions"),
        )
    row.ended_at = now
    session.execute(
        update(DeliveryRow)
        .where(DeliveryRow.subscription_id == row.id, DeliveryRow.state == WAITING)
        .values(state=DROPPED)
    )
    return row
