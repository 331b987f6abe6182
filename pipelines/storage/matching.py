"""Finding the report that a page shows, among those that are known."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from pipelines.storage.identity import Identity, body_hash, number_key, same_report, title_key, titles_agree, url_key
from pipelines.storage.models import PlaceRow, ReportRow
from pipelines.storage.outbox import current_record

MOST_CANDIDATES: Final = 40


def find_place(session: Session, source_id: str, key: str) -> PlaceRow | None:
    """The place of a source by its URL key."""
    return session.scalar(select(PlaceRow).where(PlaceRow.source_id == source_id, PlaceRow.url_key == key))


def find_report(session: Session, source_id: str, record: dict[str, Any], key: str) -> ReportRow | None:
    """The known report that a page of an unknown address shows: moved, listed twice, or another bureau's copy.

    Args:
        key: the page's URL key: the very same address in another source is the same report without more ado.
    """
    place = session.scalar(select(PlaceRow).where(PlaceRow.url_key == key).limit(1))
    if place is not None:
        return place.report
    looked_for = identity(source_id, record)
    title, text = looked_for.title_key, body_hash(record.get("body") or "")
    ways = [ReportRow.title_key == title] if title else []
    if text:
        ways.append(ReportRow.body_hash == text)
    for column, value in (
        (ReportRow.document_number, record.get("document_number")),
        (ReportRow.index_number, record.get("index_number")),
    ):
        if value and number_key(value):
            ways.append((column == value) & (ReportRow.source_id == source_id))
    if not ways:
        return None
    rows = session.scalars(select(ReportRow).where(or_(*ways)).order_by(ReportRow.id.desc()).limit(MOST_CANDIDATES))
    for row in rows:
        if not titles_agree(row.title, looked_for.title):
            continue  # before the record is loaded
        known = current_record(session, row.id)
        if known and same_report(identity(row.source_id, known), looked_for):
            return row
    return None


def identity(source_id: str, record: dict[str, Any]) -> Identity:
    """What a record is recognised by."""
    return Identity(
        source_id,
        record.get("title"),
        record.get("document_number"),
        record.get("index_number"),
        day_of(record.get("published")),
        record.get("body") or "",
        frozenset(url_key(a["url"]) for a in record.get("attachments") or []),
    )


def day_of(stamp: str | None) -> date | None:
    """The day of an ISO day or moment; None for none, or for what is no date."""
    try:
        return date.fromisoformat(stamp[:10]) if stamp else None
    except ValueError:
        return None


def is_home(source_name: str, record: dict[str, Any]) -> bool:
    """Whether a bureau is the one that a record names as its publisher or source."""
    names = [n for n in (record.get("publisher"), record.get("content_source")) if n]
    name = title_key(source_name) or ""
    return bool(name) and any((title_key(n) or "") == name for n in names)
