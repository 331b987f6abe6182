"""A report's attachments: what was fetched, and whether a file was swapped under its address."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pipelines.items import FetchedDocument
from pipelines.storage.cleaning import scrub
from pipelines.storage.figures import replace_indicators, to_records
from pipelines.storage.identity import fold, url_key
from pipelines.storage.models import AttachmentRow, IndicatorRow, PageRow, ReportRow

MOST_TEXT = 2_000_000
"""Characters of a file's text that are kept."""


@dataclass(slots=True)
class Saved:
    """What became of a report's files: details of those that were swapped, and all files' texts."""

    swapped: list[dict[str, Any]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    touched: bool = False


def save_files(session: Session, report: ReportRow, documents: list[FetchedDocument], now: datetime) -> Saved:
    """Writes fetched files; a file counts as swapped when its bytes and what can be read of it are other ones."""
    saved = Saved()
    if not documents:
        return saved
    rows = {r.url_key: r for r in session.scalars(select(AttachmentRow).where(AttachmentRow.report_id == report.id))}
    for document in documents:
        url = scrub(document.attachment.url)
        key = url_key(url)
        row = rows.get(key)
        if row is None:
            row = rows[key] = AttachmentRow(report_id=report.id, name="", url=url, url_key=key, tables=[], flags=[])
            session.add(row)
        row.name, row.url = scrub(document.attachment.name)[:500], url
        _save_file(session, report, row, document, now, saved)
    session.flush()
    saved.texts = [row.text for row in rows.values() if row.text]
    return saved


def _save_file(
    session: Session, report: ReportRow, row: AttachmentRow, document: FetchedDocument, now: datetime, saved: Saved
) -> None:
    if document.not_modified:
        row.fetched_at = now
        return
    if document.raw is None:
        row.flags = sorted({*row.flags, *document.flags, document.failure or "not_fetched"})
        return
    sha256 = hashlib.sha256(document.raw).hexdigest()
    headers = {k.lower(): v for k, v in document.headers.items()}
    row.etag = (headers.get("etag") or "")[:500] or None
    row.last_modified = (headers.get("last-modified") or "")[:80] or None
    row.fetched_at = now
    if sha256 == row.sha256:
        row.flags = sorted(set(document.flags))  # an error of last time is over
        return
    before = (row.sha256, row.size, row.text, row.tables)
    text, tables = scrub(document.text[:MOST_TEXT]), scrub(document.tables)
    row.sha256, row.size = sha256, len(document.raw)
    row.media_type = (document.media_type or document.attachment.media_type or "")[:100] or None
    row.text, row.tables, row.flags = text, tables, sorted(set(document.flags))
    row.capture_id = document.capture_id
    session.flush()
    saved.touched = True
    replace_indicators(session, report.id, row.id, scrub(to_records(document.indicators)), report.publisher)
    # A file made anew for each download (other dates inside, same words) was not swapped.
    if before[0] is not None and (not text or _said(before[2], before[3]) != _said(text, tables)):
        saved.swapped.append(
            {
                "attachment": row.id,
                "name": row.name,
                "url": row.url,
                "old": {"sha256": before[0], "size": before[1]},
                "new": {"sha256": sha256, "size": row.size},
            }
        )


def _said(text: str | None, tables: list[Any]) -> str:
    return fold(text or "") + "|" + fold(" ".join(str(cell) for table in tables for line in table for cell in line))


def with_files(session: Session, report_id: int, record: dict[str, Any]) -> dict[str, Any]:
    """The record with its attachments' hashes and sizes, as far as they were fetched."""
    listed = record.get("attachments") or []
    if not listed:
        return record
    rows = {r.url_key: r for r in session.scalars(select(AttachmentRow).where(AttachmentRow.report_id == report_id))}
    files = []
    for attachment in listed:
        row = rows.get(url_key(attachment["url"]))
        known = {"sha256": row.sha256, "size": row.size, "media_type": row.media_type} if row and row.sha256 else {}
        files.append({**attachment, **known})
    return {**record, "attachments": files}


def of_page(session: Session, page_id: int) -> list[AttachmentRow]:
    """The files of the report that a page shows, for their validators."""
    query = (
        select(AttachmentRow)
        .join(PageRow, PageRow.report_id == AttachmentRow.report_id)
        .where(PageRow.id == page_id)
        .order_by(AttachmentRow.id)
    )
    return list(session.scalars(query))


def texts(session: Session, report_id: int) -> list[str]:
    """The texts of a report's files."""
    return [t for t in session.scalars(select(AttachmentRow.text).where(AttachmentRow.report_id == report_id)) if t]


def count_indicators(session: Session, report_id: int) -> int:
    """How many figures a report has, in its page and its files."""
    return (
        session.scalar(select(func.count()).select_from(IndicatorRow).where(IndicatorRow.report_id == report_id)) or 0
    )
