"""One report: saving a reading of it, finding it, and what belongs to it. Lists and filters are the readers' own."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipelines.errors import UnknownNameError
from pipelines.items import Report
from pipelines.messages import say
from pipelines.storage.identity import url_key
from pipelines.storage.models import (
    AttachmentRow,
    PageRow,
    PlaceRow,
    ReportRow,
    RevisionRow,
)
from pipelines.storage.outbox import current_record
from pipelines.storage.saving import save_report, save_unchanged

__all__ = [
    "attachments_of",
    "get_report",
    "places_of",
    "record_of",
    "report_of_page",
    "revisions_of",
    "save_report",
    "save_unchanged",
]


def get_report(session: Session, name: str | int) -> ReportRow:
    """A report by its id, or by an address that it was seen at.

    Raises:
        UnknownNameError: there is none.
    """
    row: ReportRow | None = None
    if isinstance(name, int) or name.isdecimal():
        number = int(name)
        row = session.get(ReportRow, number) if number < 1 << 31 else None
    else:
        row = session.scalar(
            select(ReportRow).join(PlaceRow).where(PlaceRow.url_key == url_key(name)).order_by(ReportRow.id).limit(1)
        )
    if row is None:
        raise UnknownNameError(
            say("There is no report {name}", name=name), cure=say("See them with: bureauwatch reports")
        )
    return row


def record_of(session: Session, report_id: int) -> dict[str, Any]:
    """The report record of a report as it stands now, without a stranger's hand.

    Raises:
        UnknownNameError: there is none.
    """
    record = current_record(session, report_id)
    if record is None:
        raise UnknownNameError(say("There is no report {name}", name=report_id))
    return record


def places_of(session: Session, report_id: int) -> list[PlaceRow]:
    """Where a report was seen, first place first."""
    return list(session.scalars(select(PlaceRow).where(PlaceRow.report_id == report_id).order_by(PlaceRow.id)))


def attachments_of(session: Session, report_id: int) -> list[AttachmentRow]:
    """A report's files as last fetched."""
    query = select(AttachmentRow).where(AttachmentRow.report_id == report_id).order_by(AttachmentRow.id)
    return list(session.scalars(query))


def revisions_of(session: Session, report_id: int) -> list[RevisionRow]:
    """A report's revisions, first one first."""
    query = select(RevisionRow).where(RevisionRow.report_id == report_id).order_by(RevisionRow.number)
    return list(session.scalars(query))


def report_of_page(session: Session, page_id: int | None) -> Report | None:
    """The report that a page shows, with its text and what a file's figures take from it."""
    if page_id is None:
        return None
    page = session.get(PageRow, page_id)
    if page is None or page.report_id is None:
        return None
    record = current_record(session, page.report_id) or {}
    report = Report(url=page.url)
    for name in ("title", "index_number", "document_number", "publisher", "content_source", "signer", "language"):
        setattr(report, name, record.get(name))
    for name in ("published", "drafted", "signed"):
        text = record.get(name)
        if text:
            setattr(report, name, datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text))
    report.body = record.get("body") or ""
    return report
