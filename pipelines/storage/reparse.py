"""Reading reports again from the archive with this version of the program: no network, no events, no deliveries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipelines import revisions
from pipelines.archive import Archive
from pipelines.errors import StorageError
from pipelines.extraction_version import EXTRACTION_VERSION
from pipelines.items import Hints, Report, to_record
from pipelines.reading import fill_open, read_file
from pipelines.storage import files, saving
from pipelines.storage.cleaning import scrub
from pipelines.storage.figures import replace_indicators
from pipelines.storage.hints import hints_of
from pipelines.storage.models import CaptureRow, PlaceRow, ReportRow, RevisionRow, SourceRow
from pipelines.storage.session import Database, serialise


@dataclass(frozen=True, slots=True)
class Reparsed:
    """What a run did: reports read again, those with another result, those whose capture is gone."""

    read: int = 0
    changed: int = 0
    missing: int = 0


def read_capture(
    session: Session, archive: Archive, capture_id: int, *, hints: Hints | None = None, zone: str = "Asia/Shanghai"
) -> dict[str, Any] | None:
    """The record that this program reads from an archived page; None when its bytes are gone."""
    report = _read(session, archive, capture_id, hints, zone)
    return scrub(to_record(report)) if report is not None else None


def _read(
    session: Session, archive: Archive, capture_id: int, hints: Hints | None, zone: str, report_id: int | None = None
) -> Report | None:
    capture = session.get(CaptureRow, capture_id)
    if capture is None:
        return None
    if report_id is not None:
        hints = hints_of(session, report_id, capture.url)
    try:
        response = archive.read(capture.warc_file, capture.warc_offset)
    except StorageError:
        return None
    url = capture.final_url
    report = read_file(
        response.content,
        name=url.rsplit("/", 1)[-1] if capture.media_type not in (None, "text/html") else None,
        url=url,
        content_type=response.header("content-type"),
        hints=hints,
        zone=zone,
    )
    report.file = None
    fill_open(report, hints or Hints())
    return report


def reparse(
    database: Database,
    archive: Archive,
    now: datetime,
    *,
    source_id: str | None = None,
    since: str | None = None,
    everything: bool = False,
    progress: Callable[[int], None] | None = None,
) -> Reparsed:
    """Reads the newest revision of reports again, each in a transaction of its own.

    Args:
        since: only reports published on this ISO day or later.
        everything: also records that this version read.
        progress: called after each report with the number done.
    """
    with database.session() as session:
        query = select(ReportRow.id).order_by(ReportRow.id)
        if source_id:
            query = query.where(ReportRow.source_id == source_id)
        if since:
            query = query.where(ReportRow.published >= since)
        ids = list(session.scalars(query))
    read = changed = missing = 0
    for done, report_id in enumerate(ids, 1):
        with database.transaction() as session:
            result = _reparse_one(session, archive, report_id, now, everything=everything)
        read += result is not None and result != "missing"
        changed += result == "changed"
        missing += result == "missing"
        if progress:
            progress(done)
    return Reparsed(read, changed, missing)


def _reparse_one(session: Session, archive: Archive, report_id: int, now: datetime, *, everything: bool) -> str | None:
    serialise(session)
    report = session.get_one(ReportRow, report_id)
    revision = session.scalar(
        select(RevisionRow)
        .where(RevisionRow.report_id == report_id, RevisionRow.kind != "tampered")
        .order_by(RevisionRow.number.desc())
        .limit(1)
    )
    if revision is None or (revision.extraction_version == EXTRACTION_VERSION and not everything):
        return None
    capture = session.scalar(
        select(RevisionRow.capture_id)
        .where(RevisionRow.report_id == report_id, RevisionRow.kind != "tampered", RevisionRow.capture_id.is_not(None))
        .order_by(RevisionRow.number.desc())
        .limit(1)
    )
    source = session.get(SourceRow, report.source_id)
    zone = source.zone if source else "Asia/Shanghai"
    fresh = _read(session, archive, capture, None, zone, report_id) if capture else None
    if fresh is None:
        return "missing"
    record = revisions.keep_stated(revision.record, scrub(to_record(fresh)))
    before, after = revisions.content_hash(revision.record), revisions.content_hash(record)
    same_figures = _figures(revision.record) == _figures(record)
    if before == after and same_figures:
        revision.extraction_version = EXTRACTION_VERSION
        return "same"
    number = saving.next_number(session, report_id)
    session.add(
        RevisionRow(
            report_id=report_id,
            number=number,
            kind="reextraction",
            at=now,
            record=files.with_files(session, report_id, record),
            changes=revisions.compare(revision.record, record),
            content_hash=after,
            extraction_version=EXTRACTION_VERSION,
            capture_id=capture,
        )
    )
    # Places that showed the old reading show the new one: the next crawl finds nothing changed.
    for place in session.scalars(select(PlaceRow).where(PlaceRow.report_id == report_id)):
        if place.content_hash == revision.content_hash and place.record is None:
            place.content_hash = after
    report.revision = number
    saving.fill(report, record)
    replace_indicators(session, report_id, None, record.get("indicators") or [], report.publisher)
    report.indicator_count = files.count_indicators(session, report_id)
    saving.index(session, report, record, files.texts(session, report_id))
    return "changed"


def _figures(record: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    return [(revisions.indicator_key(i), i.get("value"), i.get("unit")) for i in record.get("indicators") or []]
