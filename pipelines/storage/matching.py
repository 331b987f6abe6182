"""Finding the report that a page shows, among those that are known."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Final, cast

from sqlalchemy import Table, bindparam, or_, select
from sqlalchemy.orm import Session

from pipelines.storage.identity import Identity, body_hash, number_key, same_report, title_key, titles_agree, url_key
from pipelines.storage.models import PlaceRow, ReportRow, RevisionRow
from pipelines.storage.outbox import current_record

MOST_CANDIDATES: Final = 40
EARLIER: Final = 6
"""Versions of a report that a copy is held against."""
PLACE: Final = cast(Table, PlaceRow.__table__)
REPORT: Final = cast(Table, ReportRow.__table__)
PLACED: Final = select(PLACE.c.id).where(PLACE.c.url_key == bindparam("key")).limit(1)
CANDIDATES: Final = (  # what is not stated is bound as NULL, which equals nothing
    select(REPORT.c.id, REPORT.c.title, REPORT.c.source_id)
    .where(
        or_(
            REPORT.c.title_key == bindparam("title"),
            REPORT.c.body_hash == bindparam("text"),
            (REPORT.c.source_id == bindparam("source")) & (REPORT.c.document_number == bindparam("document")),
            (REPORT.c.source_id == bindparam("source")) & (REPORT.c.index_number == bindparam("index")),
        )
    )
    .order_by(REPORT.c.id.desc())
    .limit(MOST_CANDIDATES)
)


def find_place(session: Session, source_id: str, key: str) -> PlaceRow | None:
    """The place of a source by its URL key."""
    return session.scalar(select(PlaceRow).where(PlaceRow.source_id == source_id, PlaceRow.url_key == key))


def is_placed(session: Session, *keys: str) -> bool:
    """Whether any source has a place under one of the URL keys: for a new report none has, and no more is asked."""
    return any(session.connection().execute(PLACED, {"key": key}).first() is not None for key in dict.fromkeys(keys))


def find_elsewhere(session: Session, key: str) -> ReportRow | None:
    """The report at the very same address in another source: the same one without more ado."""
    place = session.scalar(select(PlaceRow).where(PlaceRow.url_key == key).limit(1))
    return place.report if place is not None else None


def find_report(session: Session, source_id: str, record: dict[str, Any]) -> ReportRow | None:
    """The known report that a page of an unknown address shows: moved, listed twice, or another bureau's copy."""
    looked_for = identity(source_id, record)
    asked = {
        "title": looked_for.title_key,
        "text": body_hash(record.get("body") or ""),
        "document": _telling(record.get("document_number")),
        "index": _telling(record.get("index_number")),
    }
    if not any(asked.values()):
        return None
    rows = session.connection().execute(CANDIDATES, {**asked, "source": source_id}).all()
    for number, its_title, its_source in rows:
        if not titles_agree(its_title, looked_for.title):
            continue  # before the record is loaded
        if any(same_report(identity(its_source, known), looked_for) for known in _versions(session, number)):
            return session.get(ReportRow, number)
    return None


def _versions(session: Session, report_id: int) -> Iterator[dict[str, Any]]:
    """What a report says and said before: a copy may have been made of an earlier version."""
    if current := current_record(session, report_id):
        yield current
    yield from session.scalars(
        select(RevisionRow.record)
        .where(RevisionRow.report_id == report_id, RevisionRow.kind.in_(("first", "content")))
        .order_by(RevisionRow.number.desc())
        .limit(EARLIER)
    )


def _telling(number: str | None) -> str | None:
    return number if number_key(number) else None


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
