"""Keeping the archive small: what no revision and no file rests on may go after a while."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from pipelines.archive import Archive, is_in_use
from pipelines.storage.models import AttachmentRow, CaptureRow, RevisionRow
from pipelines.storage.session import Database


@dataclass(frozen=True, slots=True)
class Pruned:
    """What went: captures, and bytes on disk."""

    captures: int = 0
    bytes: int = 0


def prune(database: Database, archive: Archive, before: datetime) -> Pruned:
    """Drops captures of before a moment, but those that a revision or a file of a report rests on.

    Files of the archive are written anew without them; a crash in between leaves at most a file that nothing points to.
    Files that a crawl writes to are left for another time.
    """
    with database.session() as session:
        names = sorted(session.scalars(select(CaptureRow.warc_file).where(CaptureRow.fetched_at < before).distinct()))
    captures = size = 0
    for name in names:
        path = archive.path(name)
        if is_in_use(path):
            continue
        with database.transaction() as session:
            dropped = _dropped(session, name, before)
            if not dropped:
                continue
            fresh = _rewrite(session, archive, name, path, set(dropped))
            for start in range(0, len(dropped), 400):
                session.execute(delete(CaptureRow).where(CaptureRow.id.in_(dropped[start : start + 400])))
        was = path.stat().st_size if path.exists() else 0
        path.unlink(missing_ok=True)
        captures += len(dropped)
        size += was - (fresh.stat().st_size if fresh else 0)
    return Pruned(captures, size)


def _dropped(session: Session, name: str, before: datetime) -> list[int]:
    needed = select(RevisionRow.capture_id).where(RevisionRow.capture_id.is_not(None))
    files = select(AttachmentRow.capture_id).where(AttachmentRow.capture_id.is_not(None))
    query = select(CaptureRow.id).where(
        CaptureRow.warc_file == name,
        CaptureRow.fetched_at < before,
        CaptureRow.id.not_in(needed),
        CaptureRow.id.not_in(files),
        CaptureRow.url.not_in(select(AttachmentRow.url)),  # earlier versions of files are evidence
    )
    return list(session.scalars(query))


def _rewrite(session: Session, archive: Archive, name: str, path: Path, dropped: set[int]) -> Path | None:
    """Copies what stays into a new file and points its captures there; None where nothing stays."""
    kept = [
        row
        for row in session.scalars(
            select(CaptureRow).where(CaptureRow.warc_file == name).order_by(CaptureRow.warc_offset)
        )
        if row.id not in dropped
    ]
    if not kept or not path.exists():
        return None
    number = 1
    while archive.path(fresh_name := f"{name.removesuffix('.warc.gz')}-k{number}.warc.gz").exists():
        number += 1
    fresh = archive.path(fresh_name)
    with path.open("rb") as old, fresh.open("wb") as new:
        for row in kept:
            old.seek(row.warc_offset)
            session.execute(
                update(CaptureRow)
                .where(CaptureRow.id == row.id)
                .values(warc_file=fresh_name, warc_offset=new.tell())
                .execution_options(synchronize_session=False)
            )
            new.write(old.read(row.warc_length))
        new.flush()
        os.fsync(new.fileno())
    return fresh
