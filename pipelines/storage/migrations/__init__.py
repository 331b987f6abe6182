"""The database's versions, applied by the program itself when it opens the database."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.exc import DBAPIError

from pipelines.errors import MigrationError
from pipelines.messages import say

HEAD: Final = "0001"
"""The newest version; a test compares it with the scripts. Known here so that opening needs no Alembic."""


def version_of(connection: Connection) -> str | None:
    """The database's version; None when it is empty."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return version


def upgrade(engine: Engine, target: str = HEAD) -> bool:
    """Creates or upgrades the database in one transaction; True when something was done.

    Raises:
        MigrationError: it is newer than the program, or a step failed; the database is then as it was.
    """
    with engine.connect() as connection:
        if version_of(connection) == target:
            return False
    if engine.dialect.name != "sqlite":
        return _upgrade(engine, target)
    # Rebuilding a table on SQLite must not cascade into those that point to it.
    own = create_engine(engine.url, connect_args={"timeout": 30.0, "isolation_level": None})
    event.listen(own, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    try:
        return _upgrade(own, target)
    finally:
        own.dispose()


def _upgrade(engine: Engine, target: str) -> bool:
    with engine.connect() as connection, connection.begin():
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(4711)"))
        version = version_of(connection)
        if version == target:
            return False
        _run(connection, version, target)
    return True


def _run(connection: Connection, version: str | None, target: str) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError

    settings = Config()
    settings.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    settings.set_main_option("path_separator", "os")
    settings.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(settings).walk_revisions()}
    if version is not None and version not in known:
        raise MigrationError(
            say("The database has version {version}, which this program does not know", version=version),
            cure=say("Install the newer program that made it, or restore a backup"),
        )
    try:
        command.upgrade(settings, target)
    except (CommandError, DBAPIError) as error:
        reason = str(getattr(error, "orig", error)).strip().splitlines()[0]
        raise MigrationError(
            say("The database could not be upgraded: {reason}", reason=reason),
            cure=say("It is unchanged; free space or close other programs and try again"),
        ) from error
