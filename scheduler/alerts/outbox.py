"""Sending what is owed: at least once, each retry with the same key, a dead channel never in the way of the others.

One process sends at a time (a lock that the system drops when its holder dies), so a claim needs no lease: what a
killed sender had in hand is due again at once. A message is marked right after it was taken; a crash in between gives
one duplicate with the same key.
"""

from __future__ import annotations

import contextlib
import fcntl
import logging
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from threading import Lock

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from pipelines.config import Config
from pipelines.errors import BureauwatchError, DeliveryError, DeliveryRefusedError, SubscriptionError
from pipelines.storage import outbox
from pipelines.storage.models import CrawlRow, DeliveryRow, EventRow, SubscriptionRow
from pipelines.storage.session import Database
from scheduler.alerts import rules
from scheduler.alerts.admin import sync_admin
from scheduler.alerts.channels import WEBHOOKS, Channel, open_channel, scheme_of
from scheduler.alerts.compose import digest_for, message_for
from scheduler.alerts.formatting import Alert
from scheduler.alerts.gather import alerts_for
from scheduler.alerts.masking import mask, without_secrets
from scheduler.alerts.message import Message

log = logging.getLogger(__name__)

LOCK_KEY = 0x6275_7265  # "bure"
LOCK_WAIT = 150.0
"""Seconds to wait for another sender; its longest round is one deadline for each of two failing messages."""
CLAIM = 500
SENDERS = 16
FAILURES_IN_A_ROW = 2
"""After so many the channel is left alone until its next try: one bad message does not hold the rest up."""


@dataclass
class DeliverySummary:
    """What one round of sending did; counts are deliveries, `messages` is what was really sent."""

    sent: int = 0
    messages: int = 0
    failed: int = 0
    dead: int = 0
    postponed: int = 0
    busy: bool = False
    """Another process kept sending for longer than the wait: nothing was done here."""
    errors: list[str] = field(default_factory=list)
    """One line a failed message: the masked channel and what it answered."""


@dataclass(frozen=True, slots=True)
class _Parcel:
    """Deliveries that go as one message."""

    ids: tuple[int, ...]
    key: str
    attempts: int
    alerts: tuple[Alert, ...]
    batch: str | None = None
    storm: bool = False

    def message(self, now: datetime, language: str, zone: tzinfo) -> Message:
        if self.batch is None:
            return message_for(self.alerts[0], language, zone)
        return digest_for(self.alerts, self.batch, now, language, storm=self.storm, zone=zone)


def deliver_due(database: Database, config: Config, now: datetime, *, wait: float = LOCK_WAIT) -> DeliverySummary:
    """Sends all deliveries that are due at `now`; returns when none is left that can be tried now.

    Raises:
        StorageError: the database failed; what was sent is marked as far as it went.
    """
    summary = DeliverySummary()
    with _only_sender(database, wait) as mine:
        if not mine:
            summary.busy = True
            return summary
        with database.transaction() as session:
            sync_admin(session, config, now)
        sender = _Sender(database, config, now, summary)
        while sender.round():
            pass
    return summary


class _Sender:
    def __init__(self, database: Database, config: Config, now: datetime, summary: DeliverySummary) -> None:
        self.database, self.config, self.now, self.summary = database, config, now, summary
        self.resting: dict[int, datetime] = {}
        self.seen: set[int] = set()
        self.lock = Lock()

    def round(self) -> bool:
        """Claims, sorts, sends; False when nothing was due."""
        with self.database.transaction() as session:
            self._release(session)
            claimed = outbox.claim_due(session, self.now, limit=CLAIM, lease=timedelta(0))
            rows = [row for row in claimed if row.id not in self.seen]
            if len(rows) < len(claimed):  # a time that did not move on: never twice in one round of sending
                later = [row.id for row in claimed if row.id in self.seen]
                outbox.postpone(session, later, self.now + timedelta(minutes=1))
            self.seen.update(row.id for row in rows)
            if not rows:
                return bool(claimed)
            event_ids = {row.event_id for row in rows}
            events = session.scalars(select(EventRow).where(EventRow.id.in_(event_ids)).order_by(EventRow.number)).all()
            numbers = {e.id: n for n, e in enumerate(events)}
            subscriptions = {
                s.id: s
                for s in session.scalars(
                    select(SubscriptionRow).where(SubscriptionRow.id.in_({r.subscription_id for r in rows}))
                )
            }
            alerts = alerts_for(session, events)
            running = self._running(session, alerts)
            ready: dict[int, list[DeliveryRow]] = {}
            for row in sorted(rows, key=lambda r: numbers[r.event_id]):
                until = self._wait_until(subscriptions[row.subscription_id], alerts[row.event_id], running)
                if until is not None:
                    outbox.postpone(session, [row.id], until)
                    self.summary.postponed += 1
                else:
                    ready.setdefault(row.subscription_id, []).append(row)
        work = []
        for number, deliveries in ready.items():
            try:
                channel = open_channel(subscriptions[number].to, self.config.private_networks)
            except SubscriptionError as error:
                self._failed(
                    subscriptions[number], self._parcels(subscriptions[number], deliveries, alerts, True), error
                )
                continue
            parcels = self._parcels(subscriptions[number], deliveries, alerts, channel.people)
            work.append((subscriptions[number], channel, parcels))
        if work:
            with ThreadPoolExecutor(min(SENDERS, len(work)), thread_name_prefix="alerts") as pool:
                for done in [pool.submit(self._send_all, *one) for one in work]:
                    done.result()
        return True

    def _release(self, session: Session) -> None:
        """Makes all due that waited for a crawl which has ended: they are counted together, as a storm or none."""
        crawl = CrawlRow.id == EventRow.crawl_id
        ended = select(EventRow.id).join(CrawlRow, crawl).where(CrawlRow.finished_at.is_not(None))
        session.execute(
            update(DeliveryRow)
            .where(
                DeliveryRow.state == outbox.WAITING,
                DeliveryRow.attempts == 0,
                DeliveryRow.due_at > self.now,
                DeliveryRow.due_at <= self.now + rules.CRAWL_LOOK,
                DeliveryRow.event_id.in_(ended),
            )
            .values(due_at=self.now)
        )

    @staticmethod
    def _running(session: Session, alerts: dict[str, Alert]) -> dict[int, datetime]:
        """When the crawls began that raised these events and still go on."""
        numbers = {alert.crawl_id for alert in alerts.values() if alert.crawl_id is not None}
        going = select(CrawlRow.id, CrawlRow.started_at).where(
            CrawlRow.id.in_(sorted(numbers)), CrawlRow.finished_at.is_(None)
        )
        return {row.id: row.started_at for row in session.execute(going)}

    def _wait_until(self, subscription: SubscriptionRow, alert: Alert, running: dict[int, datetime]) -> datetime | None:
        """When the delivery may go; None for now."""
        if subscription.id in self.resting:
            return self.resting[subscription.id]
        if alert.crawl_id in running and scheme_of(subscription.to) not in WEBHOOKS:
            gathered = rules.gathered_at(alert.at, running[alert.crawl_id])
            if gathered > self.now:  # people are told by the crawl: whether it is a storm shows at its end
                return min(gathered, self.now + rules.CRAWL_LOOK)
        try:
            due = rules.due_at(alert.at, self.now, subscription.digest, subscription.quiet, subscription.zone)
        except SubscriptionError as error:  # written by another program: better early than never
            log.warning("subscription %s: %s", subscription.id, error)
            return None
        return due if due > self.now else None

    def _parcels(
        self, subscription: SubscriptionRow, rows: Sequence[DeliveryRow], alerts: dict[str, Alert], people: bool
    ) -> list[_Parcel]:
        """Puts together what goes as one message; a message of several is written down before it is sent."""
        groups: dict[str, list[DeliveryRow]] = {}
        storms = self._storms(rows, alerts) if people and not subscription.digest else set()
        fresh_digest = str(uuid.uuid4())
        fresh_storms: dict[tuple[str | None, int | None], str] = {}
        for row in rows:
            alert = alerts[row.event_id]
            origin = (alert.event.get("source"), alert.crawl_id)
            if row.batch:
                name = row.batch
            elif subscription.digest:
                name = fresh_digest
            elif origin in storms:
                name = fresh_storms.setdefault(origin, str(uuid.uuid4()))
            else:
                name = f"={row.event_id}"
            groups.setdefault(name, []).append(row)
        parcels = []
        for name, members in groups.items():
            batch = None if name.startswith("=") else name
            ids = tuple(row.id for row in members)
            if batch and any(row.batch != batch for row in members):
                with self.database.transaction() as session:
                    session.execute(update(DeliveryRow).where(DeliveryRow.id.in_(ids)).values(batch=batch))
            parcels.append(
                _Parcel(
                    ids,
                    batch or members[0].event_id,
                    max(row.attempts for row in members),
                    tuple(alerts[row.event_id] for row in members),
                    batch,
                    storm=not subscription.digest,
                )
            )
        return parcels

    @staticmethod
    def _storms(rows: Sequence[DeliveryRow], alerts: dict[str, Alert]) -> set[tuple[str | None, int | None]]:
        counts: dict[tuple[str | None, int | None], int] = {}
        for row in rows:
            alert = alerts[row.event_id]
            if alert.crawl_id is not None and not row.batch:
                origin = (alert.event.get("source"), alert.crawl_id)
                counts[origin] = counts.get(origin, 0) + 1
        return {origin for origin, count in counts.items() if count > rules.STORM}

    def _send_all(self, subscription: SubscriptionRow, channel: Channel, parcels: Sequence[_Parcel]) -> None:
        failures, zone = 0, rules.zone_or_utc(subscription.zone)
        for place, parcel in enumerate(parcels):
            try:
                channel.send(parcel.message(self.now, subscription.language, zone))
            except DeliveryError as error:
                failures += 1
                until = self._failed(subscription, [parcel], error)
                if failures >= FAILURES_IN_A_ROW:
                    self._rest(subscription, parcels[place + 1 :], until)
                    return
            except Exception as error:
                log.exception("channel %s", mask(subscription.to))
                self._failed(subscription, [parcel], DeliveryError(f"{type(error).__name__}: {error}"))
            else:
                failures = 0
                with self.database.transaction() as session:
                    outbox.mark_sent(session, parcel.ids, self.now, batch=parcel.batch)
                with self.lock:
                    self.summary.sent += len(parcel.ids)
                    self.summary.messages += 1

    def _failed(self, subscription: SubscriptionRow, parcels: Sequence[_Parcel], error: BureauwatchError) -> datetime:
        """Notes a failure; returns the next try."""
        words = without_secrets(str(error), subscription.to)
        refused = isinstance(error, DeliveryRefusedError | SubscriptionError)
        most = rules.ATTEMPTS_REFUSED if refused else rules.ATTEMPTS
        after = error.retry_after if isinstance(error, DeliveryError) else None
        until = self.now
        with self.database.transaction() as session:
            for parcel in parcels:
                until = rules.retry_at(parcel.key, parcel.attempts, self.now, after)
                if parcel.attempts >= most:
                    outbox.mark_dead(session, parcel.ids, words)
                else:
                    outbox.mark_failed(session, parcel.ids, words, retry_at=until)
        with self.lock:
            for parcel in parcels:
                dead = parcel.attempts >= most
                self.summary.dead += len(parcel.ids) * dead
                self.summary.failed += len(parcel.ids) * (not dead)
            self.summary.errors.append(f"{mask(subscription.to)}: {words}")
        log.warning("alert to %s failed: %s", mask(subscription.to), words)
        return until

    def _rest(self, subscription: SubscriptionRow, parcels: Sequence[_Parcel], until: datetime) -> None:
        """Leaves a channel alone until its next try; what was not tried counts no attempt."""
        ids = [number for parcel in parcels for number in parcel.ids]
        with self.database.transaction() as session:
            outbox.postpone(session, ids, until)
        with self.lock:
            self.resting[subscription.id] = until
            self.summary.postponed += len(ids)


@contextlib.contextmanager
def _only_sender(database: Database, wait: float) -> Iterator[bool]:
    """Whether this process may send: one at a time does, on one machine or many."""
    if database.dialect == "postgresql":
        with database.engine.connect() as connection:
            connection = connection.execution_options(isolation_level="AUTOCOMMIT")
            mine = _until(lambda: bool(connection.scalar(text(f"SELECT pg_try_advisory_lock({LOCK_KEY})"))), wait)
            try:
                yield mine
            finally:
                if mine:
                    connection.execute(text(f"SELECT pg_advisory_unlock({LOCK_KEY})"))
        return
    path = Path(f"{database.engine.url.database}-deliver.lock")
    with path.open("a") as file:
        yield _until(lambda: _flock(file.fileno()), wait)


def _flock(number: int) -> bool:
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _until(attempt: Callable[[], bool], wait: float) -> bool:
    give_up = time.monotonic() + wait
    while not attempt():
        if time.monotonic() >= give_up:
            return False
        time.sleep(0.1)
    return True
