"""Captures: which response lies where in the archive."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipelines.archive import CaptureLocation
from pipelines.storage.models import CaptureRow


def record_capture(
    session: Session,
    location: CaptureLocation,
    *,
    url: str,
    final_url: str,
    status: int,
    fetched_at: datetime,
    media_type: str | None = None,
    source_id: str | None = None,
    crawl_id: int | None = None,
) -> int:
    """Notes an archived response; returns its id for `FetchedPage.capture_id`."""
    row = CaptureRow(
        source_id=source_id,
        crawl_id=crawl_id,
        url=url,
        final_url=final_url,
        fetched_at=fetched_at,
        status=status,
        media_type=media_type[:100] if media_type else None,
        sha256=location.sha256,
        size=location.size,
        warc_file=location.file,
        warc_offset=location.offset,
        warc_length=location.length,
    )
    session.add(row)
    session.flush()
    return row.id


def known_capture(session: Session, url: str, sha256: str) -> int | None:
    """The newest capture of the same bytes at the same address: no need to archive them again."""
    return session.scalar(
        select(CaptureRow.id)
        .where(CaptureRow.url == url, CaptureRow.sha256 == sha256)
        .order_by(CaptureRow.id.desc())
        .limit(1)
    )
