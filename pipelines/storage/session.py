"""Opening the database, and the two kinds of session: to read, and to write one whole happening or nothing.

SQLite runs in WAL mode with synchronous=FULL: readers never wait, a committed happening survives a power cut, and
writers of all processes queue up by `BEGIN IMMEDIATE`. PostgreSQL is reached by psycopg.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session, sessionmaker

from pipelines.config import Config
from pipelines.errors import DatabaseBusyError, DiskFullError, SettingsError, StorageError
from pipelines.messages import say

BUSY_SECONDS: Final = 30.0
"""How long a writer waits for another one; the longest write of the program is far below a second."""

Error = StorageError | DatabaseBusyError | DiskFullError


class Database:
    """One open database. Safe to share between threads; every process opens its own."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._reader = sessionmaker(engine, expire_on_commit=False, autoflush=False)
        self._writer = sessionmaker(engine.execution_options(write=True), expire_on_commit=False)

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.engine.dialect.name

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A session to read with; nothing is committed.

        Raises:
            StorageError: the database cannot be read (also its kinds DatabaseBusyError, DiskFullError).
        """
        with translated(), self._reader() as session:
            yield session

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session to write with: committed at the end of the block, undone by any exception.

        Raises:
            DatabaseBusyError: other writers held the database for longer than the wait.
            DiskFullError: no space is left; nothing was written.
            StorageError: any other failure of the database.
        """
        with translated(), self._writer() as session, session.begin():
            yield session

    def close(self) -> None:
        """Closes all connections."""
        self.engine.dispose()

    def __enter__(self) -> Database:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_database(config: Config, *, busy_seconds: float = BUSY_SECONDS) -> Database:
    """Opens the database of the settings; creates it or brings it up to this program's version first.

    Raises:
        SettingsError: the address of the database cannot be used.
        MigrationError: the database is newer than the program, or its upgrade failed (it is then unchanged).
        StorageError: it cannot be reached or written (also DatabaseBusyError, DiskFullError).
    """
    return open_url(config.database, busy_seconds=busy_seconds)


def open_url(address: str, *, busy_seconds: float = BUSY_SECONDS) -> Database:
    """Like `open_database`, by a SQLAlchemy address."""
    from pipelines.storage.migrations import upgrade

    engine = make_engine(address, busy_seconds=busy_seconds)
    try:
        with translated():
            upgrade(engine)
    except BaseException:
        engine.dispose()
        raise
    return Database(engine)


def make_engine(address: str, *, busy_seconds: float = BUSY_SECONDS) -> Engine:
    """An engine with the program's rules for connections; the database is not touched."""
    url = _address(address)
    if url.get_backend_name() == "postgresql":
        return create_engine(
            url.set(drivername="postgresql+psycopg"),
            pool_pre_ping=True,
            connect_args={"connect_timeout": 10, "options": f"-c lock_timeout={int(busy_seconds * 1000)}"},
        )
    if not url.database or url.database == ":memory:":
        raise SettingsError(
            say("A database in memory cannot be shared by the program's processes"),
            cure=say("Give a file: sqlite:///data/bureauwatch.db"),
        )
    try:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(
            say(
                "The folder {folder} cannot be made: {reason}", folder=Path(url.database).parent, reason=error.strerror
            ),
            cure=say("Set BUREAUWATCH_HOME to a folder that can be written"),
        ) from error
    engine = create_engine(url, connect_args={"timeout": busy_seconds, "isolation_level": None})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _address(address: str) -> URL:
    try:
        url = make_url(address)
        if url.get_backend_name() in ("sqlite", "postgresql", "postgres"):
            return url.set(drivername="sqlite" if url.get_backend_name() == "sqlite" else "postgresql")
    except (ArgumentError, NoSuchModuleError):
        pass
    raise SettingsError(
        say("BUREAUWATCH_DATABASE_URL is no address of a SQLite or PostgreSQL database"),
        cure=say("Write it like sqlite:///data/bureauwatch.db or postgresql://user@host/name"),
    )


def _prepare_sqlite(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    try:
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA temp_store=MEMORY")
        cursor.execute("PRAGMA cache_size=-16000")
    finally:
        cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # The driver would begin late and upgrade a read to a write, which fails at once when another process writes.
    write = connection.get_execution_options().get("write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def serialise(session: Session, what: str = "reports") -> None:
    """Makes the rest of the transaction wait for all others that named the same thing.

    SQLite's writers queue up anyway. On PostgreSQL this is what makes "is it known already?" and the running number
    of events safe between processes: numbers become visible in their order.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": zlib.crc32(what.encode())})


@contextmanager
def translated() -> Iterator[None]:
    """Turns the drivers' errors into the program's own; others pass."""
    try:
        yield
    except DBAPIError as error:
        found = _translate(error)
        if found is None:
            raise
        raise found from error
    except PoolTimeoutError as error:
        raise DatabaseBusyError(say("All connections to the database are in use")) from error


def _translate(error: DBAPIError) -> Error | None:
    cause = error.orig
    name = getattr(cause, "sqlite_errorname", "") or ""
    state = getattr(cause, "sqlstate", "") or ""
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")) or state in ("55P03", "40P01", "40001"):
        return DatabaseBusyError(
            say("The database is in use by another process for too long"), cure=say("Try again; nothing was changed")
        )
    if name == "SQLITE_FULL" or name.startswith("SQLITE_IOERR_") or state.startswith("53"):
        if state == "53300":
            return DatabaseBusyError(say("The database server takes no more connections"))
        return DiskFullError(
            say("The database could not be written: the disk is full or failing"),
            cure=say("Free some space and run the command again; nothing was half written"),
        )
    if name.startswith(("SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_PERM")) or state.startswith(("28", "42501")):
        return StorageError(
            say("The database may not be opened or written"), cure=say("Check the rights of its file, folder or user")
        )
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return StorageError(
            say("The database file is damaged or is no database"),
            cure=say("Restore a backup: bureauwatch restore FILE"),
        )
    if state.startswith(("08", "57", "3D")) or (not name and error.connection_invalidated):
        return StorageError(
            say(
                "The database server cannot be reached or stopped: {reason}", reason=str(cause).strip().splitlines()[0]
            ),
            cure=say("Check BUREAUWATCH_DATABASE_URL and that the server runs"),
        )
    if type(cause).__name__ == "OperationalError" and not name and not state:
        return StorageError(
            say("The database server cannot be reached: {reason}", reason=str(cause).strip().splitlines()[0]),
            cure=say("Check BUREAUWATCH_DATABASE_URL and that the server runs"),
        )
    return None
