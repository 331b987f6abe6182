"""The database itself: made and upgraded by the program, busy, full, newer, killed in the middle."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import textwrap
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config as AlembicConfig
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import func, select, text

import pipelines.storage.migrations as migrations
from pipelines.config import Config
from pipelines.errors import DatabaseBusyError, DiskFullError, MigrationError, SettingsError, StorageError
from pipelines.storage.models import Base, DeliveryRow, EventRow, PageRow, PlaceRow, ReportRow, RevisionRow, ServiceRow
from pipelines.storage.session import Database, make_engine, open_database, open_url


def scripts() -> ScriptDirectory:
    config = AlembicConfig()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    return ScriptDirectory.from_config(config)


def test_head_is_the_newest_script() -> None:
    assert scripts().get_current_head() == migrations.HEAD


def test_migrations_make_what_the_models_say(database_url: str) -> None:
    def known(_object: Any, name: str | None, kind: str, *_: Any) -> bool:
        return not (kind == "table" and str(name).startswith("search"))

    with open_url(database_url) as database, database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": known})
        assert compare_metadata(context, Base.metadata) == []
        assert migrations.version_of(connection) == migrations.HEAD


@pytest.mark.parametrize("start", [s.revision for s in scripts().walk_revisions()])
def test_upgrade_from_each_version(database_url: str, start: str) -> None:
    engine = make_engine(database_url)
    migrations.upgrade(engine, start)
    engine.dispose()
    with open_url(database_url) as database, database.transaction() as session:
        session.add(ServiceRow(name="x", value={}))
    with open_url(database_url) as database, database.session() as session:
        assert session.scalar(select(func.count()).select_from(ServiceRow)) == 1


def test_newer_database_is_refused_and_left_alone(database_url: str) -> None:
    with open_url(database_url) as database, database.transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(MigrationError, match="9999"):
        open_url(database_url)


def test_failed_upgrade_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "b.db"
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE crawl (x)")
    with pytest.raises(MigrationError):
        open_url(f"sqlite:///{path}")
    with closing(sqlite3.connect(path)) as other:
        assert other.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall() == [("crawl",)]


def test_several_processes_may_open_an_empty_database_at_once(database_url: str) -> None:
    code = "import sys; from pipelines.storage.session import open_url; open_url(sys.argv[1]).close()"
    started = [subprocess.Popen([sys.executable, "-c", code, database_url]) for _ in range(4)]
    assert [process.wait(60) for process in started] == [0, 0, 0, 0]


def test_sqlite_is_set_for_safety(tmp_path: Path) -> None:
    with open_database(Config(home=tmp_path / "new" / "home")) as database, database.session() as session:
        values = {
            p: session.execute(text(f"PRAGMA {p}")).scalar() for p in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert values == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def add(database: Database, name: str, error: Exception | None = None) -> None:
    with database.transaction() as session:
        session.add(ServiceRow(name=name, value={}))
        session.flush()
        if error:
            raise error


def test_busy_database_says_so(database_url: str) -> None:
    with open_url(database_url) as first, open_url(database_url, busy_seconds=0.2) as second:
        with first.transaction() as session:
            session.add(ServiceRow(name="x", value={}))
            session.flush()
            with pytest.raises(DatabaseBusyError):
                add(second, "x")
        add(second, "y")
        with first.session() as session:
            assert session.scalar(select(func.count()).select_from(ServiceRow)) == 2


def test_reader_never_waits_for_a_writer(database_url: str) -> None:
    with open_url(database_url, busy_seconds=0.2) as database, database.transaction() as writer:
        writer.add(ServiceRow(name="x", value={}))
        writer.flush()
        with database.session() as reader:
            assert reader.scalar(select(func.count()).select_from(ServiceRow)) == 0


def test_exception_undoes_the_whole_transaction(database_url: str) -> None:
    with open_url(database_url) as database:
        with pytest.raises(KeyError):
            add(database, "x", error=KeyError())
        with database.session() as session:
            assert session.scalar(select(func.count()).select_from(ServiceRow)) == 0


def test_full_disk_is_told_and_loses_nothing(tmp_path: Path) -> None:
    code = textwrap.dedent(
        """
        import resource, signal, sys
        from pipelines.errors import DiskFullError
        from pipelines.storage.models import ServiceRow
        from pipelines.storage.session import open_url
        database = open_url(sys.argv[1])
        with database.transaction() as session:
            session.add(ServiceRow(name="kept", value={}))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, 600_000))
        try:
            for n in range(500):
                with database.transaction() as session:
                    session.add(ServiceRow(name=f"n{n}", value={"x": "y" * 20000}))
        except DiskFullError as error:
            print(n, error)
            sys.exit(7)
        """
    )
    url = f"sqlite:///{tmp_path / 'b.db'}"
    done = subprocess.run([sys.executable, "-c", code, url], capture_output=True, text=True, timeout=60)
    assert done.returncode == 7, done.stderr
    written = int(done.stdout.split()[0])
    with open_url(url) as database, database.session() as session:
        assert session.execute(text("PRAGMA integrity_check")).scalar() == "ok"
        assert session.scalar(select(func.count()).select_from(ServiceRow)) == written + 1
    assert DiskFullError.__name__ in "DiskFullError"


@pytest.mark.parametrize("address", ["mysql://x/y", "nonsense", "sqlite://", "sqlite:///:memory:", "postgres:"])
def test_addresses_that_are_no_database(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises((SettingsError, StorageError)):
        open_url(address)


def test_unreachable_server_is_one_clear_error() -> None:
    with pytest.raises(StorageError, match="reached"):
        open_url("postgresql://nobody@127.0.0.1:1/none")


def test_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "b.db"
    path.write_bytes(b"this is a text file, and long enough to be looked at as one" * 40)
    with pytest.raises(StorageError, match="no database"):
        open_url(f"sqlite:///{path}")


KILLED = """
import sys
sys.path.insert(0, sys.argv[2])
from conftest import World
from pipelines.storage.session import open_url
world = World(open_url(sys.argv[1]))
world.now = world.now.replace(year=int(sys.argv[3]))
world.crawl()
body = world.item("http://bureau-a.gov.cn/0.html").report.body
print("ready", flush=True)
for n in range(40):
    world.read(f"http://bureau-a.gov.cn/{n}.html", title=f"第{n}号通报", body=f"第{n}号通报正文。" * 30 + sys.argv[3],
               documents=[("表.xls", f"http://bureau-a.gov.cn/{n}.xls", b"x" + sys.argv[3].encode())],
               indicators=[world.figure("查处违法行为", n)])
"""


def test_killed_at_random_moments_every_event_is_there_once(world: Any, database_url: str) -> None:
    """SIGKILL in the middle of saving, again and again; then one undisturbed run: every happening is there once."""
    from pipelines.storage import outbox

    with world.database.transaction() as session:
        outbox.subscribe(session, world.now, to="json://localhost/")
    chance = random.Random(7)
    folder = str(Path(__file__).parent)

    def run(year: int, *, kill: bool) -> int:
        process = subprocess.Popen(
            [sys.executable, "-c", KILLED, database_url, folder, str(year)], stdout=subprocess.PIPE
        )
        assert process.stdout is not None
        with process.stdout:
            process.stdout.readline()
            if kill:
                time.sleep(chance.uniform(0.0, 0.25))
                os.kill(process.pid, signal.SIGKILL)
        return process.wait(60)

    killed = 0
    for year in (2027, 2028):
        for _ in range(3):
            killed += run(year, kill=True) == -signal.SIGKILL
        assert run(year, kill=False) == 0
        world.database.engine.dispose()
        with world.database.session() as session:
            types = [t for (t,) in session.execute(select(EventRow.type))]
            rounds = year - 2027
            assert types.count("report.new") == 40
            assert types.count("report.revised") == types.count("attachment.changed") == 40 * rounds
            assert session.scalar(select(func.count()).select_from(ReportRow)) == 40
            assert session.scalar(select(func.count()).select_from(PlaceRow)) == 40
            assert session.scalar(select(func.count()).select_from(RevisionRow)) == 40 + 80 * rounds
            owed = session.scalar(select(func.count()).select_from(DeliveryRow))
            assert owed == session.scalar(select(func.count()).select_from(EventRow))
            numbers = list(session.scalars(select(EventRow.number).order_by(EventRow.number)))
            assert numbers == list(range(1, len(numbers) + 1))
            assert session.scalar(select(func.count()).select_from(PageRow).where(PageRow.report_id.is_(None))) == 0
            if database_url.startswith("sqlite"):
                assert session.execute(text("PRAGMA integrity_check")).scalar() == "ok"
                assert session.execute(text("PRAGMA foreign_key_check")).all() == []
    assert killed >= 3
