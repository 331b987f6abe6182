"""SIGKILL at any moment: the next crawl goes on, every event exists once, every delivery arrives with its own key."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections import Counter
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from sqlalchemy import func, select

from pipelines.storage import outbox
from pipelines.storage.models import CrawlRow, DeliveryRow, EventRow, PageRow, ReportRow, RevisionRow
from scheduler.alerts.outbox import deliver_due
from tests.world.world import STEP, World

KILLS = 12


class Sink:
    """A webhook receiver that keeps every key it saw."""

    def __init__(self) -> None:
        self.keys: Counter[str] = Counter()
        sink = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                sink.keys[self.headers["Idempotency-Key"]] += 1
                assert body["event"]["id"] == self.headers["Idempotency-Key"]
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.http.serve_forever, daemon=True).start()
        self.url = f"json://127.0.0.1:{self.http.server_address[1]}/hook"

    def close(self) -> None:
        self.http.shutdown()
        self.http.server_close()


def kill_loop(world: World, sink: Sink, kills: int) -> int:
    """Crawls that are killed at random moments while the bureaus go on; returns how many were killed in the act."""
    with world.database.transaction() as session:
        outbox.subscribe(session, world.now, to=sink.url)
    killed = 0
    bureaus = world.bureaus[:3]
    while killed < kills:
        world.now += STEP
        for bureau in bureaus:
            world.publish(bureau)
            world.edit(bureau)
            result = world.crawls.run(
                bureau.id, full=True, kill_after=world.random.uniform(0.02, 0.9), BUREAUWATCH_NOW=world.now.isoformat()
            )
            killed += result is None
        world.judge()
    for _ in range(2):
        world.now += STEP
        for bureau in world.bureaus:
            world.crawl(bureau, full=True)
    world.ledger.missed = [e for e in world.pending if not e.optional]
    return killed


def check_invariants(world: World) -> None:
    """What must hold of a database after any number of crashes."""
    with world.database.session() as session:
        assert not session.scalars(select(EventRow.key).group_by(EventRow.key).having(func.count() > 1)).all()
        new = Counter(session.scalars(select(EventRow.report_id).where(EventRow.type == "report.new")))
        assert set(new.values()) == {1}
        assert set(new) == set(session.scalars(select(ReportRow.id)))
        numbers: dict[int, list[int]] = {}
        for report, number in session.execute(select(RevisionRow.report_id, RevisionRow.number)):
            numbers.setdefault(report, []).append(number)
        assert all(sorted(found) == list(range(1, len(found) + 1)) for found in numbers.values())
        assert set(numbers) == set(new)
        assert not session.scalars(select(PageRow.id).where(PageRow.state == "waiting")).all()
        assert not session.scalars(select(CrawlRow.id).where(CrawlRow.outcome.is_(None))).all()
    path = world.config.home / "bureauwatch.db"
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.mark.timeout(240)
@pytest.mark.slow
def test_kill_loses_and_repeats_nothing(tmp_path: Path) -> None:
    world, sink = World(tmp_path, seed=11), Sink()
    try:
        world.first_crawl()
        killed = kill_loop(world, sink, KILLS)
        check_invariants(world)
        deliver_due(world.database, world.config, world.now)
        with world.database.session() as session:
            owed = set(session.scalars(select(DeliveryRow.event_id)))
            unsent = session.scalars(select(DeliveryRow.id).where(DeliveryRow.state != "sent")).all()
    finally:
        world.close()
        sink.close()
    print(f"{killed} kills, {len(owed)} deliveries\n{world.ledger.table()}")
    assert not world.ledger.false
    assert not world.ledger.missed
    assert not unsent
    assert owed == set(sink.keys)
