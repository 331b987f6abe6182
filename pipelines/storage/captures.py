"""Archived responses: where each one's bytes lie. Callers commit."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import event
from sqlalchemy.orm import Session

from pipelines.archive import CaptureLocation
from pipelines.storage.fresh import insert_row
from pipelines.storage.models import CaptureRow
from pipelines.storage.session import Database, make_engine


def add_capture(
    session: Session,
    location: CaptureLocation,
    *,
    source_id: str | None,
    crawl_id: int | None,
    url: str,
    final_url: str,
    status: int,
    media_type: str | None,
    fetched_at: datetime,
) -> int:
    """Notes an archived response; returns its id."""
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
    return insert_row(session, CaptureRow, **values)


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
