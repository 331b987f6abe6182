"""The places of a report: joining one more, and whose text the report shows when a copy was met before its original."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pipelines.items import FetchedPage
from pipelines.storage import fresh
from pipelines.storage.figures import replace_indicators
from pipelines.storage.identity import title_key, url_key
from pipelines.storage.matching import is_home
from pipelines.storage.models import AttachmentRow, PlaceRow, ReportRow, RevisionRow, SourceRow
from pipelines.storage.outbox import current_record


def add_place(session: Session, item: FetchedPage, report: ReportRow, now: datetime) -> PlaceRow:
    """A new place of a report; a report first met as a copy moves to the bureau that it is by."""
    url = item.final_url or item.url
    place = PlaceRow(
        report_id=report.id,
        source_id=item.source_id,
        columns=fresh.columns_of(item, fresh.page_of(session, item)),
        url=url,
        url_key=url_key(url),
        seen_at=now,
        crawl_id=item.crawl_id,
        page_id=item.page_id,
        missing_checks=0,
        tampered=False,
    )
    session.add(place)
    if item.source_id != report.source_id and item.report is not None and _is_by(session, report, item):
        report.source_id, report.url = item.source_id, url
    session.flush()
    return place


def _is_by(session: Session, report: ReportRow, item: FetchedPage) -> bool:
    """Whether a new place is at the bureau that the report comes from, and the places known are not."""
    here, there = session.get(SourceRow, item.source_id), session.get(SourceRow, report.source_id)
    if here is None or there is None or item.report is None:
        return False
    # A copy's own page may call its site the publisher; whom it has the text from it says all the same.
    taken_from = (current_record(session, report.id) or {}).get("content_source")
    if taken_from and title_key(taken_from) == title_key(here.name):
        return True
    record = {"publisher": report.publisher, "content_source": item.report.content_source}
    return is_home(here.name, record) and not is_home(there.name, record)


def is_first_at_home(session: Session, report: ReportRow, place: PlaceRow) -> bool:
    """Whether the report is by this place's bureau, and only copies of it were read so far."""
    if place.source_id != report.source_id:
        return False
    read = select(func.count()).where(
        PlaceRow.report_id == report.id,
        PlaceRow.source_id == report.source_id,
        PlaceRow.id != place.id,
        PlaceRow.content_hash.is_not(None),
    )
    return not session.scalar(read)


def keep_as_copy(session: Session, report: ReportRow, current: RevisionRow, original: dict[str, Any]) -> None:
    """The places that showed what the report showed so far are copies from now on: watched by what they say themselves.

    The figures of a copy's files go where the original has files of its own, which are the same ones.
    """
    query = select(PlaceRow).where(
        PlaceRow.report_id == report.id,
        PlaceRow.source_id != report.source_id,
        PlaceRow.content_hash == current.content_hash,
    )
    for place in session.scalars(query):
        place.record = place.record or current.record
    own = {url_key(attachment["url"]) for attachment in original.get("attachments") or []}
    for row in session.scalars(select(AttachmentRow).where(AttachmentRow.report_id == report.id)):
        if own and row.url_key not in own:
            replace_indicators(session, report.id, row.id, [])
