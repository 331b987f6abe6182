"""Archived responses: where each one's bytes lie."""

from __future__ import annotations

from collections import deque
from datetime import datetime
from threading import Lock
from typing import Any, Final, cast

from sqlalchemy import Table, event, insert

from pipelines.archive import CaptureLocation
from pipelines.items import Capture
from pipelines.storage.models import CaptureRow
from pipelines.storage.session import Database, make_engine

MOST_WAITING: Final = 200
INSERT: Final = insert(cast(Table, CaptureRow.__table__)).returning(CaptureRow.id, sort_by_parameter_order=True)


class Captures:
    """A crawl's captures on their way into the database: noted as they come, written together before what names them.

    The bytes lie in the archive by then. A kill loses rows that nothing names; their pages wait in the frontier.
    """

    def __init__(self, database: Database) -> None:
        self._database = without_flush(database)
        self._waiting: deque[tuple[Capture, dict[str, Any]]] = deque()
        self._turn = Lock()

    def note(
        self,
        location: CaptureLocation,
        *,
        source_id: str | None,
        crawl_id: int | None,
        url: str,
        final_url: str,
        status: int,
        media_type: str | None,
        fetched_at: datetime,
    ) -> Capture:
        """Notes an archived response; its capture gets an id by the next `flush`."""
        values = {
            "source_id": source_id,
            "crawl_id": crawl_id,
            "url": url,
            "final_url": final_url,
            "fetched_at": fetched_at,
            "status": status,
            "media_type": media_type[:100] if media_type else None,
            "sha256": location.sha256,
            "size": location.size,
            "warc_file": location.file,
            "warc_offset": location.offset,
            "warc_length": location.length,
        }
        capture = Capture()
        self._waiting.append((capture, values))
        if len(self._waiting) >= MOST_WAITING:
            self.flush()
        return capture

    def flush(self) -> None:
        """Writes the rows of all captures noted so far.

        Raises:
            StorageError: nothing was written; they go on waiting.
        """
        with self._turn:
            taken = [self._waiting[place] for place in range(len(self._waiting))]  # others may note on meanwhile
            if not taken:
                return
            with self._database.transaction() as session:
                ids = session.connection().execute(INSERT, [values for _, values in taken]).scalars().all()
            for (capture, _), number in zip(taken, ids, strict=True):
                capture.id = number
                self._waiting.popleft()

    def close(self) -> None:
        """Closes the connections."""
        self._database.close()


def without_flush(database: Database) -> Database:
    """A second way into the same database whose commits do not wait for the disk.

    In SQLite's log the next flushed commit (a stored report) carries all earlier ones with it, so nothing that names a
    capture can outlive it; a power cut before that loses captures that nothing names.
    """
    if database.dialect != "sqlite":
        return database
    engine = make_engine(database.engine.url.render_as_string(hide_password=False))
    event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=NORMAL").close())
    return Database(engine)
