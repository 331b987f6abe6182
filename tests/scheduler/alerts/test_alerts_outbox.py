"""Sending what is owed: retries with the same key, dead letters, digests, quiet hours, storms, kill -9."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from pipelines.config import Config
from pipelines.storage import outbox as store
from pipelines.storage.events import add_event
from pipelines.storage.models import CrawlRow, DeliveryRow, SourceRow, SubscriptionRow
from pipelines.storage.session import open_database
from scheduler.alerts import rules, transport
from scheduler.alerts.outbox import deliver_due

NOW = datetime(2026, 3, 1, 4, 0, tzinfo=UTC)  # noon in Shanghai, a Sunday


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(home=tmp_path, private_networks="127.0.0.0/8")


@pytest.fixture
def database(config: Config):
    with open_database(config) as db:
        with db.transaction() as session:
            session.add(SourceRow(id="gy", name="贵阳", added_at=NOW, failures_in_a_row=0, state={}))
        yield db


def subscribe(database, to: str, **wish) -> int:
    with database.transaction() as session:
        return store.subscribe(session, NOW, to=to, types=wish.pop("types", ("source.changed",)), **wish).id


def happen(database, count: int = 1, at: datetime = NOW, crawl_id: int | None = None) -> list[str]:
    ids = []
    with database.transaction() as session:
        for _ in range(count):
            key = os.urandom(8).hex()
            row = add_event(
                session, type="source.changed", key=key, now=at, source_id="gy", crawl_id=crawl_id, details={"n": key}
            )
            store.enqueue(session, row, at)
            ids.append(row.id)
    return ids


def deliveries(database) -> list[DeliveryRow]:
    with database.session() as session:
        return list(session.scalars(select(DeliveryRow).order_by(DeliveryRow.id)))


def test_each_event_arrives_once_in_order(database, config, http_sink) -> None:
    sink = http_sink()
    subscribe(database, sink.url)
    ids = happen(database, 3)
    summary = deliver_due(database, config, NOW)
    assert (summary.sent, summary.messages, summary.failed) == (3, 3, 0)
    assert [r.json["event"]["id"] for r in sink.received] == ids
    assert [r.headers["Idempotency-Key"] for r in sink.received] == ids
    assert deliver_due(database, config, NOW).sent == 0
    assert {d.state for d in deliveries(database)} == {"sent"}


def test_failures_are_tried_again_with_the_same_key_until_dead_and_can_be_replayed(database, config, http_sink) -> None:
    sink = http_sink()
    sink.behave = lambda n: (500, "boom")
    subscribe(database, sink.url)
    [event] = happen(database)
    now, waits = NOW, []
    for attempt in range(rules.ATTEMPTS):
        summary = deliver_due(database, config, now)
        assert (summary.failed, summary.dead) == ((1, 0) if attempt < rules.ATTEMPTS - 1 else (0, 1))
        [row] = deliveries(database)
        if row.state == "waiting":
            waits.append(row.due_at - now)
            assert deliver_due(database, config, row.due_at - timedelta(seconds=1)).failed == 0
            now = row.due_at
    assert row.state == "dead"
    assert "500 boom" in row.last_error
    assert waits[0] < timedelta(minutes=2)
    assert waits[-1] > timedelta(hours=4)
    assert sum(waits, timedelta()) > timedelta(days=1)
    assert {r.headers["Idempotency-Key"] for r in sink.received} == {event}
    with database.transaction() as session:
        assert store.replay(session, now) == 1
    sink.behave = lambda n: (200, "ok")
    assert deliver_due(database, config, now).sent == 1
    assert sink.received[-1].headers["Idempotency-Key"] == event


def test_a_channel_that_says_no_is_given_up_sooner_but_visible(database, config, http_sink) -> None:
    sink = http_sink()
    sink.behave = lambda n: (410, "gone")
    subscribe(database, sink.url)
    happen(database)
    now = NOW
    for _ in range(rules.ATTEMPTS_REFUSED):
        deliver_due(database, config, now)
        now += timedelta(hours=7)
    [row] = deliveries(database)
    assert row.state == "dead"


def test_one_hanging_sink_does_not_hold_the_others(database, config, http_sink, monkeypatch) -> None:
    monkeypatch.setattr(transport, "DEADLINE", 1.0)
    hanging, good = http_sink(), http_sink()
    hanging.behave = lambda n: "hang"
    arrived = threading.Event()

    def take(n: int) -> tuple[int, str]:
        if n == 5:
            arrived.set()
        return 200, "ok"

    good.behave = take
    subscribe(database, hanging.url)
    subscribe(database, good.url)
    happen(database, 5)
    worker = threading.Thread(target=deliver_due, args=(database, config, NOW))
    worker.start()
    assert arrived.wait(20)
    assert worker.is_alive()  # the hanging one is still waited for
    worker.join(30)
    states = Counter((d.subscription_id, d.state, d.attempts) for d in deliveries(database))
    assert states == {(1, "waiting", 1): 2, (1, "waiting", 0): 3, (2, "sent", 1): 5}
    assert len(hanging.received) == 2  # after two silences the channel is left alone


def test_one_bad_message_does_not_block_the_rest(database, config, http_sink) -> None:
    sink = http_sink()
    sink.behave = lambda n: (500, "cannot parse this one") if n == 1 else (200, "ok")
    subscribe(database, sink.url)
    happen(database, 4)
    summary = deliver_due(database, config, NOW)
    assert (summary.sent, summary.failed) == (3, 1)


def test_a_digest_waits_for_its_time_and_keeps_its_key(database, config, http_sink) -> None:
    sink = http_sink()
    subscribe(database, sink.url, digest="daily@08:30")
    ids = happen(database, 3)
    assert deliver_due(database, config, NOW).postponed == 3
    due = datetime(2026, 3, 2, 0, 30, tzinfo=UTC)
    assert {d.due_at for d in deliveries(database)} == {due}
    sink.behave = lambda n: (503, "") if n == 1 else (200, "ok")
    assert deliver_due(database, config, due).failed == 3
    ids += happen(database, 1, at=due + timedelta(minutes=1))  # for the next day's digest
    assert deliver_due(database, config, due + timedelta(hours=1)).sent == 3
    first, second = sink.received
    assert first.headers["Idempotency-Key"] == second.headers["Idempotency-Key"] == second.json["event"]["id"]
    assert [e["id"] for e in second.json["event"]["details"]["events"]] == ids[:3]


def test_a_weekly_digest(database, config, http_sink) -> None:
    sink = http_sink()
    subscribe(database, sink.url, digest="weekly mon@08:30", zone="America/New_York")
    happen(database)
    deliver_due(database, config, NOW)
    assert deliveries(database)[0].due_at == datetime(2026, 3, 2, 13, 30, tzinfo=UTC)


def test_quiet_hours_over_midnight(database, config, http_sink) -> None:
    sink = http_sink()
    subscribe(database, sink.url, quiet="22:00-07:00")
    night = datetime(2026, 3, 1, 18, 0, tzinfo=UTC)  # two o'clock in Shanghai
    happen(database, at=night)
    deliver_due(database, config, night)
    assert sink.received == []
    [row] = deliveries(database)
    assert row.due_at == datetime(2026, 3, 1, 23, 0, tzinfo=UTC)
    assert row.attempts == 0
    assert deliver_due(database, config, row.due_at).sent == 1


def test_a_storm_is_one_mail_for_people_and_every_event_for_machines(database, config, http_sink, mail_sink) -> None:
    from pipelines.storage.crawls import begin_crawl

    sink = http_sink()
    subscribe(database, f"mailto://127.0.0.1:{mail_sink.port}?from=w@example.org&to=r@example.org")
    subscribe(database, sink.url)
    with database.transaction() as session:
        crawl = begin_crawl(session, source_id="gy", mode="incremental", now=NOW)
    happen(database, rules.STORM + 1, crawl_id=crawl)
    happen(database, 1)
    first = deliver_due(database, config, NOW)
    assert len(mail_sink.mails) == 1, "the crawl goes on: people wait for its end, machines do not"
    assert len(sink.received) == rules.STORM + 2
    end = NOW + timedelta(seconds=3)
    happen(database, 1, at=end, crawl_id=crawl)
    with database.transaction() as session:
        session.get_one(CrawlRow, crawl).finished_at = end
    summary = deliver_due(database, config, end)
    assert (first.sent, summary.sent) == (rules.STORM + 3, rules.STORM + 3)
    assert len(mail_sink.mails) == 2
    assert len(sink.received) == rules.STORM + 3
    assert len({d.batch for d in deliveries(database)}) == 2  # one batch, and none


def test_a_crawl_without_end_is_told_by_every_five_minutes_of_it(database, config, mail_sink) -> None:
    from pipelines.storage.crawls import begin_crawl

    subscribe(database, f"mailto://127.0.0.1:{mail_sink.port}?from=w@example.org&to=r@example.org")
    with database.transaction() as session:
        crawl = begin_crawl(session, source_id="gy", mode="incremental", now=NOW)
    for second in range(0, 360, 20):
        now = NOW + timedelta(seconds=second)
        happen(database, 1, at=now, crawl_id=crawl)
        deliver_due(database, config, now)
    assert len(mail_sink.mails) == 1
    deliver_due(database, config, NOW + rules.GATHER * 2)
    assert len(mail_sink.mails) == 4  # fifteen in one, then three


def test_an_ended_subscription_gets_nothing(database, config, http_sink) -> None:
    sink = http_sink()
    number = subscribe(database, sink.url)
    happen(database)
    with database.transaction() as session:
        store.unsubscribe(session, NOW, number)
    deliver_due(database, config, NOW)
    assert sink.received == []
    assert deliveries(database)[0].state == "dropped"


def test_errors_show_no_secret(database, config, http_sink) -> None:
    sink = http_sink()
    sink.behave = lambda n: (403, "bad token s3cretT0ken99")
    subscribe(database, f"json://127.0.0.1:{sink.port}/s3cretT0ken99")
    happen(database)
    [error] = deliver_due(database, config, NOW).errors
    assert "s3cretT0ken99" not in error + (deliveries(database)[0].last_error or "")
    assert "403" in error


def test_the_admin_route_is_kept_by_the_setting(database, config, http_sink) -> None:
    sink, other = http_sink(), http_sink()
    for to in (sink.url, sink.url, other.url, None):
        deliver_due(database, config.model_copy(update={"admin_to": to}), NOW)
        with database.session() as session:
            living = list(session.scalars(select(SubscriptionRow.to).where(SubscriptionRow.ended_at.is_(None))))
        assert living == ([to] if to else [])


KILLED = """
import sys
from datetime import datetime
from pathlib import Path
from pipelines.config import Config
from pipelines.storage.session import open_database
from scheduler.alerts.outbox import deliver_due
config = Config(home=Path(sys.argv[1]), private_networks="127.0.0.0/8")
with open_database(config) as database:
    deliver_due(database, config, datetime.fromisoformat(sys.argv[2]))
"""


def test_kill_between_send_and_mark_gives_one_duplicate_with_the_same_key(database, config, http_sink) -> None:
    sink = http_sink()
    subscribe(database, sink.url)
    ids = happen(database, 3)
    process: list[subprocess.Popen[bytes]] = []
    started = threading.Event()

    def kill_at_second(n: int) -> object:
        if n == 2:
            started.wait(10)
            os.kill(process[0].pid, signal.SIGKILL)
            process[0].wait()
        return 200, "ok"

    sink.behave = kill_at_second
    process.append(subprocess.Popen([sys.executable, "-c", KILLED, str(config.home), NOW.isoformat()]))
    started.set()
    assert process[0].wait(60) == -signal.SIGKILL
    assert [d.state for d in deliveries(database)] == ["sent", "waiting", "waiting"]
    assert deliver_due(database, config, NOW).sent == 2  # at once: the dead sender's claim holds nobody up
    assert [r.headers["Idempotency-Key"] for r in sink.received] == [ids[0], ids[1], ids[1], ids[2]]


def test_two_senders_at_once_send_nothing_twice(database, config, http_sink) -> None:
    sink = http_sink()
    subscribe(database, sink.url)
    ids = happen(database, 30)
    workers = [threading.Thread(target=deliver_due, args=(database, config, NOW)) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert sorted(r.headers["Idempotency-Key"] for r in sink.received) == sorted(ids)


def test_a_busy_sender_is_said(database, config) -> None:
    import fcntl

    with Path(f"{database.engine.url.database}-deliver.lock").open("a") as file:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX)
        assert deliver_due(database, config, NOW, wait=0.2).busy
