"""Archived responses: where each one's bytes lie. Callers commit."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from pipelines.archive import CaptureLocation
from pipelines.storage.models import CaptureRow


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
    row: int = session.execute(insert(CaptureRow).returning(CaptureRow.id), values).scalar_one()
    return row
