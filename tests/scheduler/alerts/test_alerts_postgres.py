"""The same on PostgreSQL: one sender among several, and a backup of its tables."""

from __future__ import annotations

import os
import tarfile
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from pipelines.config import Config
from pipelines.errors import ReadError, StorageError
from pipelines.storage import outbox as store
from pipelines.storage.events import add_event
from pipelines.storage.models import DeliveryRow, EventRow, ReportRow, SourceRow, SubscriptionRow
from pipelines.storage.session import open_database
from scheduler.alerts.outbox import deliver_due
from scheduler.backup import backup, restore

NOW = datetime(2026, 3, 1, 4, 0, tzinfo=UTC)


def fill(database, to: str, count: int) -> list[str]:
    ids = []
    with database.transaction() as session:
        session.add(SourceRow(id="gy", name="贵阳", added_at=NOW, failures_in_a_row=0, state={"k": [1, None]}))
        store.subscribe(session, NOW, to=to, types=("source.changed",))
        report = ReportRow(
            source_id="gy", url="http://x.example.gov.cn/1", title="总结\n'=\"\\", first_seen_at=NOW, last_seen_at=NOW,
            last_changed_at=NOW, missing_since=None, flags=[], state="live", backfill=False,
        )  # fmt: skip
        session.add(report)
        for _ in range(count):
            row = add_event(session, type="source.changed", key=os.urandom(8).hex(), now=NOW, source_id="gy")
            store.enqueue(session, row, NOW)
            ids.append(row.id)
    return ids


@pytest.mark.postgres
def test_senders_take_turns(postgres_url: str, tmp_path: Path, http_sink) -> None:
    config = Config(home=tmp_path, database_url=postgres_url, private_networks="127.0.0.0/8")
    sink = http_sink()
    with open_database(config) as database:
        ids = fill(database, sink.url, 20)
        workers = [threading.Thread(target=deliver_due, args=(database, config, NOW)) for _ in range(3)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(60)
        assert sorted(r.headers["Idempotency-Key"] for r in sink.received) == sorted(ids)
        with database.session() as session:
            assert set(session.scalars(select(DeliveryRow.state))) == {"sent"}


@pytest.mark.postgres
def test_a_backup_of_postgresql_comes_back_whole(postgres_url: str, tmp_path: Path) -> None:
    config = Config(home=tmp_path / "home", database_url=postgres_url)
    file = tmp_path / "b.tar"
    with open_database(config) as database:
        ids = fill(database, "json://example.org/x", 3)
        assert backup(database, config, file, NOW).reports == 1
        with database.transaction() as session:
            session.get_one(ReportRow, 1).title = "changed since"
    with pytest.raises(StorageError, match="already"):
        restore(config, file)
    assert restore(config, file, replace=True)["database"] == "postgresql"
    with open_database(config) as database:
        with database.session() as session:
            assert session.get_one(ReportRow, 1).title == "总结\n'=\"\\"
            assert session.get_one(SourceRow, "gy").state == {"k": [1, None]}
            assert session.get_one(SourceRow, "gy").added_at == NOW
            assert sorted(session.scalars(select(EventRow.id))) == sorted(ids)
        with database.transaction() as session:  # new rows go on counting after the restored ones
            assert store.subscribe(session, NOW, to="json://example.org/y").id == 2
            assert session.scalar(select(func.count()).select_from(SubscriptionRow)) == 2


def make(path: Path, *members: tuple[str, bytes, bytes]) -> Path:
    import io

    with tarfile.open(path, "w") as tar:
        for name, raw, kind in members:
            info = tarfile.TarInfo(name)
            info.size, info.type = len(raw), kind
            info.linkname = "/etc/passwd" if kind != tarfile.REGTYPE else ""
            tar.addfile(info, io.BytesIO(raw))
    return path


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("../evil", tarfile.REGTYPE),
        ("archive/../../evil", tarfile.REGTYPE),
        ("/etc/evil", tarfile.REGTYPE),
        ("archive/link", tarfile.SYMTYPE),
        ("archive/hard", tarfile.LNKTYPE),
        ("unknown/file", tarfile.REGTYPE),
    ],
)
def test_a_restore_refuses_members_that_lead_outside(tmp_path: Path, name: str, kind: bytes) -> None:
    file = make(tmp_path / "b.tar", (name, b"x", kind))
    with pytest.raises(ReadError, match="leads outside"):
        restore(Config(home=tmp_path / "home"), file)
    assert not (tmp_path / "evil").exists()


def test_a_damaged_backup_changes_nothing(tmp_path: Path) -> None:
    config = Config(home=tmp_path / "home")
    file = tmp_path / "b.tar"
    with open_database(config) as database:
        fill(database, "json://example.org/x", 1)
        backup(database, config, file, NOW)
    raw = bytearray(file.read_bytes())
    place = raw.find(b"SQLite format 3") + 5000
    raw[place] ^= 0xFF
    file.write_bytes(raw)
    with pytest.raises(ReadError, match="damaged"):
        restore(config, file, replace=True)
    with open_database(config) as database, database.session() as session:
        assert session.scalar(select(func.count()).select_from(EventRow)) == 1
    assert not [p for p in config.home.iterdir() if p.name.startswith(".restore")]
    (tmp_path / "text.tar").write_text("hello")
    with pytest.raises(ReadError, match="no backup"):
        restore(Config(home=tmp_path / "other"), tmp_path / "text.tar")
