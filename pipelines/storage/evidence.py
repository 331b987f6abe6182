"""A report's proof: the archived responses of its revisions and files in one WARC file that standard tools read."""

from __future__ import annotations

import io
import json
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from warcio.warcwriter import WARCWriter

from pipelines.archive import Archive
from pipelines.errors import StorageError
from pipelines.messages import say
from pipelines.storage.models import AttachmentRow, CaptureRow, EventRow, ReportRow, RevisionRow
from pipelines.storage.reports import attachments_of, get_report, places_of, revisions_of


def export_evidence(session: Session, archive: Archive, report_id: int, file: Path, *, now: datetime) -> int:
    """Writes the captures of a report's revisions and files, oldest first; returns how many.

    The first record (`warcinfo`) says what the file is; the second (`metadata`) lists revisions, events and captures
    with their times and SHA-256. The responses are copied byte for byte as they were archived.

    Raises:
        UnknownNameError: there is no such report.
        StorageError: nothing of it was archived, the archive is damaged, or the file cannot be written.
    """
    report = get_report(session, report_id)
    captures = captures_of(session, report_id)
    if not captures:
        raise StorageError(
            say("Nothing of report {report} is in the archive", report=report_id),
            cure=say("It was imported, or older than the archive is kept"),
        )
    facts = _facts(session, report, captures, now)
    part = file.with_name(file.name + ".part")
    try:
        with part.open("wb") as out:
            _write_head(out, file.name, json.dumps(facts, ensure_ascii=False, indent=1), report.url, now)
            for capture in captures:
                response = archive.read(capture.warc_file, capture.warc_offset)
                if response.sha256 != capture.sha256:
                    raise StorageError(say("The archive file {file} was changed", file=capture.warc_file))
                with archive.path(capture.warc_file).open("rb") as stream:
                    stream.seek(capture.warc_offset)
                    out.write(stream.read(capture.warc_length))
        part.replace(file)
    except OSError as error:
        raise StorageError(say("{file} cannot be written: {reason}", file=file, reason=error.strerror)) from error
    finally:
        part.unlink(missing_ok=True)
    return len(captures)


def _facts(session: Session, report: ReportRow, captures: list[CaptureRow], now: datetime) -> dict[str, Any]:
    events = session.scalars(select(EventRow).where(EventRow.report_id == report.id).order_by(EventRow.number))
    return {
        "report": {"id": report.id, "title": report.title, "url": report.url, "source": report.source_id},
        "exported_at": now.isoformat(),
        "places": [
            {"source": place.source_id, "url": place.url, "seen_at": place.seen_at.isoformat()}
            for place in places_of(session, report.id)
        ],
        "revisions": [
            {
                "number": r.number,
                "kind": r.kind,
                "at": r.at.isoformat(),
                "hash": r.content_hash,
                "capture": r.capture_id,
            }
            for r in revisions_of(session, report.id)
        ],
        "files": [
            {"name": file.name, "url": file.url, "sha256": file.sha256, "size": file.size}
            for file in attachments_of(session, report.id)
        ],
        "events": [{"id": event.id, "type": event.type, "at": event.at.isoformat()} for event in events],
        "captures": [
            {"id": c.id, "url": c.final_url, "fetched_at": c.fetched_at.isoformat(), "sha256": c.sha256, "size": c.size}
            for c in captures
        ],
    }


def captures_of(session: Session, report_id: int) -> list[CaptureRow]:
    """The captures behind a report's revisions and files, also of files that were swapped since; oldest first."""
    revisions = select(RevisionRow.capture_id).where(RevisionRow.report_id == report_id)
    files = select(AttachmentRow.url).where(AttachmentRow.report_id == report_id)
    now_there = select(AttachmentRow.capture_id).where(AttachmentRow.report_id == report_id)
    query = select(CaptureRow).where(
        CaptureRow.id.in_(revisions)
        | CaptureRow.id.in_(now_there)
        | (CaptureRow.url.in_(files) & (CaptureRow.status == 200))
    )
    return list(session.scalars(query.order_by(CaptureRow.fetched_at, CaptureRow.id)))


def _write_head(out: io.BufferedWriter, name: str, facts: str, url: str, now: datetime) -> None:
    writer = WARCWriter(out, gzip=True, warc_version="1.1")
    about = {"software": "bureauwatch", "format": "WARC File Format 1.1", "description": "evidence of one report"}
    writer.write_record(writer.create_warcinfo_record(name, about))
    raw = facts.encode()
    writer.write_record(
        writer.create_warc_record(
            url,
            "metadata",
            payload=io.BytesIO(raw),
            length=len(raw),
            warc_content_type="application/json",
            warc_headers_dict={"WARC-Date": f"{now:%Y-%m-%dT%H:%M:%SZ}"},
        )
    )
