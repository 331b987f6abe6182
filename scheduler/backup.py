"""Backups of a running installation: database, archive and source files in one tar, and back again.

The database is copied as it is at one moment (SQLite's own online backup; on PostgreSQL one snapshot of all tables as
JSON lines), the archive afterwards, so that every capture the database knows is in it. Each member's SHA-256 stands in
the manifest at the end, and restoring checks it before anything is put in place.
"""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from typing import IO, Any, Final

from sqlalchemy import delete, insert, inspect, select, text
from sqlalchemy.engine import make_url

from pipelines.config import Config
from pipelines.errors import DiskFullError, ReadError, StorageError
from pipelines.items import iso
from pipelines.messages import say
from pipelines.storage.models import Base, ReportRow
from pipelines.storage.session import Database, open_database

MANIFEST: Final = "manifest.json"
SQLITE: Final = "database.sqlite"
TABLES: Final = "tables/"
ROOTS: Final = ("archive/", "sources/", TABLES)
ROWS: Final = 500
LONGEST_LINE: Final = 256 << 20


@dataclass(frozen=True, slots=True)
class BackedUp:
    """What a backup holds: reports, files of the archive, bytes of the tar."""

    reports: int
    files: int
    size: int


def backup(database: Database, config: Config, to: Path, now: datetime) -> BackedUp:
    """Writes a backup; crawls and alerts may go on meanwhile.

    Raises:
        StorageError: the database or a file cannot be read, or the backup cannot be written.
    """
    part = to.with_name(to.name + ".part")
    hashes: dict[str, str] = {}
    files = 0
    try:
        with tarfile.open(part, "w:gz" if to.suffix in (".gz", ".tgz") else "w") as tar:
            with tempfile.TemporaryDirectory(dir=to.absolute().parent) as folder:
                for name, path in _dump(database, Path(folder)):
                    _add(tar, name, path, hashes)
                reports = _count(database)
            places = [("archive", config.archive), *([("sources", config.sources)] if config.sources else [])]
            for root, place in places:
                for path in sorted(place.rglob("*")):
                    if path.is_file() and not path.name.startswith("."):
                        _add(tar, f"{root}/{path.relative_to(place).as_posix()}", path, hashes)
                        files += root == "archive"
            manifest = {
                "program": f"bureauwatch {version('bureauwatch')}",
                "at": iso(now),
                "database": database.dialect,
                "sha256": hashes,
            }
            _add_bytes(tar, MANIFEST, json.dumps(manifest, indent=1).encode())
        part.replace(to)
    except OSError as error:
        raise _failed(error, to) from error
    finally:
        part.unlink(missing_ok=True)
    return BackedUp(reports, files, to.stat().st_size)


def restore(config: Config, source: Path, *, replace: bool = False) -> dict[str, Any]:
    """Puts a backup in the place of this installation's data; returns its manifest.

    Everything is unpacked and checked beside the data folder first; what was there is kept as `NAME.before-restore`.

    Raises:
        ReadError: the file is no backup, is damaged, or has members that lead outside (`../`, links).
        StorageError: there is data already and `replace` is off, or the disk failed.
    """
    home = config.home.absolute()
    try:
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=home, prefix=".restore-") as folder:
            manifest = _unpack(source, Path(folder))
            if not replace and _has_reports(config):
                raise StorageError(
                    say(
                        "There are reports in {database} already",
                        database=make_url(config.database).render_as_string(),
                    ),
                    cure=say("Say --replace to put the backup in their place; the old files are kept beside them"),
                )
            _put_database(config, Path(folder), manifest)
            _swap(Path(folder) / "archive", config.archive)
            if config.sources is not None:
                _swap(Path(folder) / "sources", config.sources)
    except OSError as error:
        raise _failed(error, source) from error
    return manifest


# --- writing -------------------------------------------------------------------------------------------------------


def _dump(database: Database, folder: Path) -> Iterator[tuple[str, Path]]:
    if database.dialect == "sqlite":
        copy = folder / SQLITE
        with (
            closing(sqlite3.connect(str(database.engine.url.database), timeout=60)) as live,
            closing(sqlite3.connect(copy)) as target,
        ):
            live.backup(target, pages=2000, sleep=0.01)
        yield SQLITE, copy
        return
    with database.engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        for table in Base.metadata.sorted_tables:
            path = folder / f"{table.name}.jsonl"
            with path.open("w", encoding="utf-8") as stream:
                for row in connection.execution_options(yield_per=ROWS).execute(select(table)).mappings():
                    stream.write(json.dumps(dict(row), ensure_ascii=False, default=iso) + "\n")
            yield f"{TABLES}{table.name}.jsonl", path


def _count(database: Database) -> int:
    from sqlalchemy import func

    with database.session() as session:
        return session.scalar(select(func.count()).select_from(ReportRow)) or 0


def _add(tar: tarfile.TarFile, name: str, path: Path, hashes: dict[str, str]) -> None:
    """Adds a file as long as it is at this moment: a WARC may grow while it is copied."""
    size = path.stat().st_size
    info = tarfile.TarInfo(name)
    info.size, info.mtime, info.mode = size, int(path.stat().st_mtime), 0o644
    with path.open("rb") as stream:
        hashed = _Hashing(stream)
        tar.addfile(info, hashed)
    hashes[name] = hashed.digest.hexdigest()


def _add_bytes(tar: tarfile.TarFile, name: str, raw: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode = len(raw), 0o644
    tar.addfile(info, io.BytesIO(raw))


class _Hashing(io.RawIOBase):
    """Hashes what is read through it."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream, self.digest = stream, hashlib.sha256()

    def read(self, size: int = -1, /) -> bytes:
        """Reads on."""
        data = self._stream.read(size)
        self.digest.update(data)
        return data


# --- reading -------------------------------------------------------------------------------------------------------


def _unpack(source: Path, folder: Path) -> dict[str, Any]:
    found: dict[str, str] = {}
    raw_manifest = b""
    try:
        with tarfile.open(source, "r:*") as tar:
            for member in tar:
                if not _is_safe(member):
                    raise ReadError(
                        say("{file} has a member that leads outside: {name}", file=source, name=member.name[:100])
                    )
                stream = tar.extractfile(member)
                if stream is None:
                    continue
                if member.name == MANIFEST:
                    raw_manifest = stream.read(LONGEST_LINE)
                    continue
                target = folder / member.name
                target.parent.mkdir(parents=True, exist_ok=True)
                hashed = _Hashing(stream)
                with target.open("wb") as out:
                    shutil.copyfileobj(hashed, out, 1 << 20)
                found[member.name] = hashed.digest.hexdigest()
    except (tarfile.TarError, EOFError) as error:
        raise ReadError(
            say("{file} is damaged or is no backup: {cause}", file=source, cause=str(error).split(":")[0])
        ) from error
    try:
        manifest = json.loads(raw_manifest)
        wanted = dict(manifest["sha256"])
    except (ValueError, KeyError, TypeError) as error:
        raise ReadError(say("{file} is no backup of bureauwatch: it has no manifest", file=source)) from error
    wrong = [name for name, digest in wanted.items() if found.get(name) != digest]
    if wrong or found.keys() - wanted.keys():
        name = (wrong or sorted(found.keys() - wanted.keys()))[0]
        raise ReadError(say("{file} is damaged: {name} is not what was backed up", file=source, name=name))
    return dict(manifest)


def _is_safe(member: tarfile.TarInfo) -> bool:
    path = PurePosixPath(member.name)
    inside = not path.is_absolute() and ".." not in path.parts and "\\" not in member.name and ":" not in member.name
    known = member.name in (MANIFEST, SQLITE) or member.name.startswith(ROOTS)
    return inside and known and (member.isfile() or member.isdir())


def _put_database(config: Config, folder: Path, manifest: dict[str, Any]) -> None:
    target = make_url(config.database)
    if (folder / SQLITE).is_file():
        if target.get_backend_name() != "sqlite" or not target.database:
            raise ReadError(
                say("The backup is of a SQLite database, the settings name another kind"),
                cure=say("Unset BUREAUWATCH_DATABASE_URL, or name a SQLite file"),
            )
        path = Path(target.database)
        with closing(sqlite3.connect(folder / SQLITE)) as copy:
            said = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
        if said != "ok":
            raise ReadError(say("{file} is damaged: {name} is not what was backed up", file=SQLITE, name=said))
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists():
            _settle(path)
            path.replace(path.with_name(path.name + ".before-restore"))
        for tail in ("-wal", "-shm"):
            path.with_name(path.name + tail).unlink(missing_ok=True)
        shutil.move(folder / SQLITE, path)
        open_database(config).close()  # brings an older one up to this program's version
        return
    if target.get_backend_name() == "sqlite":
        raise ReadError(
            say("The backup is of a {kind} database, the settings name another kind", kind=manifest.get("database")),
            cure=say("Set BUREAUWATCH_DATABASE_URL to an empty PostgreSQL database"),
        )
    _load_tables(config, folder)


def _settle(path: Path) -> None:
    """Writes the journal of the old database into its file, so that the kept copy is whole."""
    try:
        with closing(sqlite3.connect(path, timeout=5)) as old:
            old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.DatabaseError:
        return  # a damaged one is what a restore is for


def _load_tables(config: Config, folder: Path) -> None:
    with open_database(config) as database, database.transaction() as session:
        for table in reversed(Base.metadata.sorted_tables):
            session.execute(delete(table))
        for table in Base.metadata.sorted_tables:
            path = folder / TABLES / f"{table.name}.jsonl"
            if not path.is_file():
                continue
            batch: list[dict[str, Any]] = []
            with path.open(encoding="utf-8") as stream:
                for line in stream:
                    batch.append(
                        {k: _typed(table.columns[k], v) for k, v in json.loads(line).items() if k in table.columns}
                    )
                    if len(batch) >= ROWS:
                        session.execute(insert(table), batch)
                        batch = []
            if batch:
                session.execute(insert(table), batch)
            number = inspect(table).columns.get("id")
            if number is not None and number.type.python_type is int:
                session.execute(
                    text(
                        f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), "  # noqa: S608 - our own names
                        f"COALESCE((SELECT MAX(id) FROM {table.name}), 1))"
                    )
                )


def _typed(column: Any, value: Any) -> Any:
    from pipelines.storage.models import UtcDateTime

    return datetime.fromisoformat(value) if isinstance(column.type, UtcDateTime) and value else value


def _swap(fresh: Path, place: Path) -> None:
    if not fresh.exists():
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    old = place.with_name(place.name + ".before-restore")
    if place.exists():
        if old.exists():
            shutil.rmtree(old)
        place.replace(old)
    shutil.move(fresh, place)


def _has_reports(config: Config) -> bool:
    url = make_url(config.database)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
        return False
    try:
        with open_database(config) as database:
            return _count(database) > 0
    except StorageError:
        return True  # a damaged database is not thrown away unasked


def _failed(error: OSError, file: Path) -> StorageError:
    if error.errno in (28, 122):
        return DiskFullError(
            say("No space is left for {file}", file=file), cure=say("Free some space and run it again")
        )
    return StorageError(f"{str(error.filename or file).removesuffix('.part')}: {error.strerror or error}")
