"""The pages that people read: overview, reports, one report, what changed, indicators, series, events, sources."""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from fastapi import Path as PathParameter
from fastapi.responses import FileResponse
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from starlette.background import BackgroundTask
from starlette.responses import Response

from pipelines.errors import BureauwatchError
from pipelines.messages import say
from pipelines.revisions import compare
from pipelines.storage.models import (
    CaptureRow,
    ColumnRow,
    CrawlRow,
    EventRow,
    IncidentRow,
    IndicatorRow,
    ReportRow,
    RevisionRow,
    SourceRow,
)
from scheduler.browse import Filters, file_changes, indicator_records, report_ids
from scheduler.textdiff import paragraphs
from scheduler.web.body import body_html
from scheduler.web.charts import bar_strip
from scheduler.web.figures import headlines, trends
from scheduler.web.state import Web, page, source_names, web_of
from scheduler.web.words import label

router = APIRouter(include_in_schema=False)
SIZE = 40
NO_BACKFILL = EventRow.details["backfill"].as_boolean().is_not(True)
"""What a first crawl finds is no news."""
FIELDS = (
    "published", "drafted", "effective", "index_number", "document_number", "publisher", "content_source", "author",
    "signer", "signed", "validity", "subject", "title_raw", "platform",
)  # fmt: skip
State = Annotated[Web, Depends(web_of)]
Offset = Annotated[int, Query(ge=0, le=10_000_000)]
Number = Annotated[int, PathParameter(ge=1, le=2**31 - 1)]


def _pager(request: Request, offset: int, more: bool) -> SimpleNamespace:
    def link(to: int) -> str:
        kept = {k: v for k, v in request.query_params.items() if k != "offset" and v}
        return f"{request.url.path}?{urlencode({**kept, 'offset': to})}"

    return SimpleNamespace(
        previous=link(max(0, offset - SIZE)) if offset else None, next=link(offset + SIZE) if more else None
    )


def _titles(session: Session, ids: set[int | None]) -> dict[int, str | None]:
    rows = session.execute(select(ReportRow.id, ReportRow.title).where(ReportRow.id.in_([i for i in ids if i])))
    return {row.id: row.title for row in rows}


def _in_order(session: Session, ids: list[int]) -> list[ReportRow]:
    rows = {r.id: r for r in session.scalars(select(ReportRow).where(ReportRow.id.in_(ids)))}
    return [rows[i] for i in ids if i in rows]


def _day(text: str | None) -> datetime | None:
    try:
        return datetime.combine(date.fromisoformat(text), time(0), UTC) if text else None
    except ValueError:
        return None


@router.get("/")
def overview(request: Request, web: State) -> Response:
    """Counts, the last weeks, the newest reports and events."""
    now = web.clock()
    with web.database.session() as session:
        since = now - timedelta(days=42)
        seen = session.scalars(
            select(ReportRow.first_seen_at).where(ReportRow.first_seen_at >= since, ReportRow.backfill.is_(False))
        )
        found = Counter(moment.date() for moment in seen)
        days = [(since + timedelta(days=i)).date() for i in range(43)]
        counts = {
            "reports": session.scalar(select(func.count(ReportRow.id))),
            "indicators": session.scalar(select(func.count(IndicatorRow.id))),
            "week": session.scalar(
                select(func.count(ReportRow.id)).where(
                    ReportRow.first_seen_at >= now - timedelta(days=7), ReportRow.backfill.is_(False)
                )
            ),
            "incidents": session.scalar(
                select(func.count(IncidentRow.source_id.distinct())).where(IncidentRow.closed_at.is_(None))
            ),
        }
        reports = _in_order(session, report_ids(session, Filters(limit=15)))
        events = session.scalars(select(EventRow).where(NO_BACKFILL).order_by(EventRow.number.desc()).limit(12)).all()
        bars = [(d.isoformat(), found[d]) for d in days]
        strip = bar_strip(bars, title=say("Found a day, the last six weeks")) if found else ""
        return page(
            request, "overview.html", "/", counts=counts, reports=reports, events=events,
            titles=_titles(session, {e.report_id for e in events}), sources=source_names(session, web),
            strip=strip, figures=headlines(session, [r.id for r in reports]),
            broken=len(web.registry.errors),
        )  # fmt: skip


@router.get("/reports")
def reports(
    request: Request,
    web: State,
    query: str = "",
    source: str = "",
    since: str = "",
    until: str = "",
    offset: Offset = 0,
) -> Response:
    """Reports by words, source and time."""
    complaint, ids = None, []
    with web.database.session() as session:
        last = _day(until)
        filters = Filters(
            (source,) if source else (), _day(since), last + timedelta(days=1) if last else None, query or None
        )
        try:
            ids = report_ids(session, filters)
        except BureauwatchError as error:
            complaint = str(error)
        offset = min(offset, len(ids))
        shown = ids[offset : offset + SIZE]
        return page(
            request, "reports.html", "/reports", reports=_in_order(session, shown), figures=headlines(session, shown),
            sources=source_names(session, web), source=source, since=since, until=until, query=query,
            complaint=complaint, count=len(ids), page=_pager(request, offset, len(ids) > offset + SIZE),
        )  # fmt: skip


def _report(session: Session, number: int) -> ReportRow:
    row = session.get(ReportRow, number)
    if row is None:
        raise HTTPException(404, say("There is no report {name}", name=number))
    return row


@router.get("/reports/{number}")
def report(request: Request, web: State, number: Number, revision: int | None = None) -> Response:
    """One report: text with its figures marked, fields, files, versions, events."""
    with web.database.session() as session:
        row = _report(session, number)
        shown = _revision(row, revision)
        record = {"flags": [], "indicators": [], "attachments": [], "body": "", **shown.record}
        if not record["indicators"] or revision is None:
            record["indicators"] = indicator_records(session, [number], series=True).get(number, [])
        captured = {r.number: r.capture_id for r in row.revisions if r.capture_id}
        captures = {c.id: c for c in session.scalars(select(CaptureRow).where(CaptureRow.id.in_(captured.values())))}
        events = session.scalars(
            select(EventRow).where(EventRow.report_id == number).order_by(EventRow.number.desc()).limit(20)
        ).all()
        return page(
            request, "report.html", "/reports", report=row, record=record, events=events,
            body=body_html(record["body"] or "", record["indicators"], record.get("signer")),
            shown=shown, captures={n: captures[id_] for n, id_ in captured.items() if id_ in captures},
            trends=trends(session, (i.get("series") for i in record["indicators"])),
            fields=[(label(name), _shown(record[name])) for name in FIELDS if record.get(name)],
            sources=source_names(session, web),
        )  # fmt: skip


def _shown(value: object) -> str:
    """A field's value; a moment as day and time of the bureau's zone."""
    text = str(value)
    return text[:16].replace("T", " ") if re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d.*", text) else text


def _revision(row: ReportRow, number: int | None) -> RevisionRow:
    wanted = [r for r in row.revisions if (r.number == number if number is not None else r.kind != "tampered")]
    if number is None and not wanted:
        wanted = list(row.revisions)  # a page that strangers had changed before it was first seen
    if not wanted:
        raise HTTPException(404, say("There is no version {number}", number=number))
    return wanted[-1]


@router.get("/reports/{number}/diff")
def diff(request: Request, web: State, number: Number, old: int | None = None, new: int | None = None) -> Response:
    """What changed between two versions, by default the last two: fields and text."""
    with web.database.session() as session:
        row = _report(session, number)
        new = row.revisions[-1].number if new is None else new
        old = max(new - 1, 1) if old is None else old
        before, after = _revision(row, old), _revision(row, new)
        changes = compare(before.record, after.record)
        text: list[list[str]] = next((c["diff"] for c in changes if c["field"] == "body"), [])
        return page(
            request, "diff.html", "/reports", report=row, old=before, new=after, lines=paragraphs(text),
            changes=[
                *(c for c in changes if c["field"] != "body"),
                *file_changes(session, number, before.number, after.number),
            ],
        )  # fmt: skip


@router.get("/reports/{number}/evidence.warc.gz")
def evidence(web: State, number: Number) -> Response:
    """The captures of all revisions as one WARC file."""
    from pipelines.archive import Archive
    from pipelines.storage.evidence import export_evidence

    with tempfile.NamedTemporaryFile(prefix="bureauwatch-", suffix=".warc.gz", delete=False) as file:
        path = Path(file.name)
    try:
        with web.database.session() as session:
            _report(session, number)
            export_evidence(session, Archive(web.config.archive), number, path, now=web.clock())
    except BaseException:
        path.unlink()
        raise
    return FileResponse(
        path, media_type="application/warc", filename=f"report-{number}.warc.gz", background=BackgroundTask(path.unlink)
    )


@router.get("/indicators")
def indicators(request: Request, web: State, name: str = "", source: str = "", offset: Offset = 0) -> Response:
    """Figures by name and source, newest reports first."""
    with web.database.session() as session:
        rows = select(IndicatorRow).join(ReportRow)
        for word in name.split()[:8]:
            rows = rows.where(IndicatorRow.name.contains(word, autoescape=True))
        if source:
            rows = rows.where(ReportRow.source_id == source)
        found = session.scalars(
            rows.order_by(func.coalesce(ReportRow.published, "").desc(), ReportRow.id.desc(), IndicatorRow.position)
            .offset(offset)
            .limit(SIZE + 1)
        ).all()
        return page(
            request, "indicators.html", "/indicators", rows=found[:SIZE], name=name, source=source,
            titles=_titles(session, {r.report_id for r in found}), sources=source_names(session, web),
            trends=trends(session, (r.series_id for r in found)),
            page=_pager(request, offset, len(found) > SIZE),
        )  # fmt: skip


@router.get("/events")
def events(
    request: Request, web: State, type: str = "", source: str = "", backfill: bool = False, offset: Offset = 0
) -> Response:
    """What happened, newest first; what first crawls found only on request."""
    with web.database.session() as session:
        rows = select(EventRow) if backfill else select(EventRow).where(NO_BACKFILL)
        if type:
            rows = rows.where(EventRow.type == type)
        if source:
            rows = rows.where(EventRow.source_id == source)
        found = session.scalars(rows.order_by(EventRow.number.desc()).offset(offset).limit(SIZE + 1)).all()
        return page(
            request, "events.html", "/events", events=found[:SIZE], type=type, source=source, backfill=backfill,
            types=list(session.scalars(select(EventRow.type).distinct().order_by(EventRow.type))),
            titles=_titles(session, {e.report_id for e in found}), sources=source_names(session, web),
            page=_pager(request, offset, len(found) > SIZE),
        )  # fmt: skip


@router.get("/sources")
def sources(request: Request, web: State) -> Response:
    """All sources with their health."""
    with web.database.session() as session:
        rows = {r.id: r for r in session.scalars(select(SourceRow))}
        counts = {
            id_: (n, newest)
            for id_, n, newest in session.execute(
                select(ReportRow.source_id, func.count(), func.max(ReportRow.published)).group_by(ReportRow.source_id)
            )
        }
        last = select(CrawlRow.source_id, func.max(CrawlRow.started_at).label("at")).group_by(CrawlRow.source_id)
        checked = {row.source_id: row.at for row in session.execute(last)}
        open_ = {
            i.source_id: f"{i.kind} {i.failure or ''}".strip()
            for i in session.scalars(select(IncidentRow).where(IncidentRow.closed_at.is_(None)))
        }
        defined = web.registry.sources
        table: list[dict[str, Any]] = []
        for id_ in sorted(
            {*rows, *defined}, key=lambda i: (i not in rows, bool(i in defined and defined[i].paused), i)
        ):
            source = defined.get(id_)
            number, newest = counts.get(id_, (0, None))
            table.append({
                "id": id_, "name": source.name if source else rows[id_].name,
                "paused": source.paused if source else None,
                "incident": open_.get(id_), "reports": number, "newest": newest, "checked": checked.get(id_),
                "due": rows[id_].next_check_at if id_ in rows else None,
            })  # fmt: skip
        return page(request, "sources.html", "/sources", rows=table, errors=[str(e) for e in web.registry.errors])


@router.get("/sources/{name}")
def source(request: Request, web: State, name: str) -> Response:
    """One source: health, columns, crawls, newest reports, rhythm."""
    defined = web.registry.sources.get(name)
    with web.database.session() as session:
        row = session.get(SourceRow, name)
        if row is None and defined is None:
            raise HTTPException(404, say("No source {name}", name=name))
        strip = ""
        if defined and row:
            from scheduler.calendars import load_calendar
            from scheduler.due import learn_rhythm

            calendar = load_calendar(defined.timezone, web.config.home)
            hours = learn_rhythm(session, defined, now=web.clock(), calendar=calendar).hours
            strip = bar_strip(
                [(f"{h}:00", round(100 * v / 24)) for h, v in enumerate(hours)], title=say("Rhythm by hour")
            )
        newest = _in_order(session, report_ids(session, Filters((name,), limit=20)))
        return page(
            request, "source.html", "/sources", name=defined.name if defined else row.name if row else name,
            id=name, source=defined, due=row.next_check_at if row else None, reports=newest,
            figures=headlines(session, [r.id for r in newest]),
            columns=session.scalars(select(ColumnRow).where(ColumnRow.source_id == name)).all(),
            crawls=session.scalars(
                select(CrawlRow).where(CrawlRow.source_id == name).order_by(CrawlRow.id.desc()).limit(10)
            ).all(),
            incidents=session.scalars(
                select(IncidentRow).where(IncidentRow.source_id == name, IncidentRow.closed_at.is_(None))
            ).all(),
            sources=source_names(session, web), strip=strip,
        )  # fmt: skip
