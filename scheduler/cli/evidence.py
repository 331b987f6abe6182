"""A report's proof: the archived responses of its versions and files, as one WARC that standard tools read."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from pipelines.errors import ReadError, StorageError
from pipelines.messages import say
from pipelines.storage.models import AttachmentRow, CaptureRow, ReportRow, RevisionRow


def captures(session: Session, report: ReportRow) -> list[CaptureRow]:
    """The captures that a report's revisions and files were read from, oldest first."""
    pages = select(RevisionRow.capture_id).where(RevisionRow.report_id == report.id)
    files = select(AttachmentRow.capture_id).where(AttachmentRow.report_id == report.id)
    older = select(AttachmentRow.url).where(AttachmentRow.report_id == report.id)  # files that were swapped since
    replaced = and_(CaptureRow.url.in_(older), CaptureRow.status == 200)
    rows = select(CaptureRow).where(or_(CaptureRow.id.in_(pages), CaptureRow.id.in_(files), replaced))
    return list(session.scalars(rows.order_by(CaptureRow.fetched_at, CaptureRow.id)))


def export(session: Session, report: ReportRow, archive: Path, to: Path) -> int:
    """Copies the records, byte for byte as they were archived; returns how many responses.

    Raises:
        ReadError: the report has no captures.
        StorageError: a file of the archive is missing or damaged.
    """
    from warcio.warcwriter import WARCWriter

    from pipelines.archive import Archive

    rows = captures(session, report)
    if not rows:
        raise ReadError(say("Report {id} has no archived responses", id=report.id))
    store = Archive(archive)
    part = to.with_name(to.name + ".part")
    try:
        with part.open("wb") as out:
            writer = WARCWriter(out, gzip=True)
            info = {
                "software": "bureauwatch",
                "format": "WARC File Format 1.1",
                "description": f"report {report.id}: {report.url}",
            }
            writer.write_record(writer.create_warcinfo_record(to.name, info))
            for row in rows:
                response = store.read(row.warc_file, row.warc_offset)
                if response.sha256 and response.sha256 != row.sha256:
                    raise StorageError(say("{file} is damaged: a body's hash is another one", file=row.warc_file))
                with store.path(row.warc_file).open("rb") as source:
                    source.seek(row.warc_offset)
                    out.write(source.read(row.warc_length))
        part.replace(to)
    except FileNotFoundError as error:
        raise StorageError(say("The archive lacks {file}", file=error.filename)) from error
    finally:
        part.unlink(missing_ok=True)
        store.close()
    return len(rows)
