"""The JSON API, version 1: the same records as the command line's, with the same filters."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query
from sqlalchemy import select
from sqlalchemy.orm import Session

from pipelines.errors import BureauwatchError, UnknownNameError
from pipelines.indicators.series_lines import cadence
from pipelines.items import iso
from pipelines.messages import say
from pipelines.storage.models import CrawlRow, IncidentRow, IndicatorRow, ReportRow, SeriesRow, SourceRow
from scheduler import browse
from scheduler.browse import Filters, Record
from scheduler.web.pages import Number, State

router = APIRouter(prefix="/api/v1")
Limit = Annotated[int, Query(ge=1, le=1000, description="rows at most")]
Words = Annotated[str | None, Query(max_length=2000, description="words with AND, OR, NOT and quotes")]
Sources = Annotated[list[str], Query(description="source ids", max_length=200)]
After = Annotated[str | None, Query(max_length=64, description="only rows after this id, in the order of ids")]
Moment = Annotated[datetime | None, Query(description="ISO 8601 with a zone")]
Types = Annotated[list[str], Query(max_length=20)]
ALL: list[str] = []


def _list(
    web: State, read: Callable[[Session, Filters], Iterator[Record]], filters: Filters
) -> dict[str, list[Record]]:
    try:
        with web.database.session() as session:
            return {"items": list(read(session, filters))}
    except UnknownNameError as error:
        raise HTTPException(404, str(error)) from None
    except BureauwatchError as error:
        raise HTTPException(422, str(error)) from None


def _aware(moment: datetime | None) -> datetime | None:
    if moment is not None and moment.tzinfo is None:
        raise HTTPException(422, say("A time needs its zone, for example 2026-01-01T00:00:00Z"))
    return moment


@router.get("/reports")
def reports(
    web: State, source: Sources = ALL, since: Moment = None, until: Moment = None, query: Words = None,
    after: After = None, whole: bool = False, limit: Limit = 100,
) -> dict[str, list[Record]]:  # fmt: skip
    """Reports, newest published first; `whole=true` adds text, tables, indicators and places."""
    filters = Filters(source, _aware(since), _aware(until), query, after=after, limit=limit)
    return _list(web, lambda session, f: browse.reports(session, f, whole=whole), filters)


@router.get("/reports/{number}")
def report(web: State, number: Number) -> Record:
    """One whole report."""
    found = _list(web, browse.reports, Filters(report=number, limit=1))["items"]
    if not found:
        raise HTTPException(404, say("There is no report {name}", name=number))
    return found[0]


@router.get("/reports/{number}/revisions")
def revisions(web: State, number: Number) -> dict[str, list[Record]]:
    """The versions of a report with what changed in each."""
    return _list(web, browse.revisions, Filters(report=number))


@router.get("/indicators")
def indicators(
    web: State, source: Sources = ALL, since: Moment = None, until: Moment = None, query: Words = None,
    name: Annotated[str | None, Query(max_length=200)] = None, after: After = None, limit: Limit = 100,
) -> dict[str, list[Record]]:  # fmt: skip
    """Figures with the report they stand in."""
    return _list(
        web,
        browse.indicators,
        Filters(source, _aware(since), _aware(until), query, after=after, name=name, limit=limit),
    )


@router.get("/series/{number}")
def series(web: State, number: Number) -> Record:
    """One observation over the years."""
    with web.database.session() as session:
        row = session.get(SeriesRow, number)
        if row is None:
            raise HTTPException(404, say("There is no series {name}", name=number))
        row = session.get_one(SeriesRow, row.merged_into_id) if row.merged_into_id else row
        figures = session.execute(
            select(IndicatorRow.record, IndicatorRow.report_id, ReportRow.title)
            .join(ReportRow, ReportRow.id == IndicatorRow.report_id)
            .where(IndicatorRow.series_id == row.id)
            .order_by(IndicatorRow.period, IndicatorRow.id)
        )
        return {
            "id": row.id,
            "name": row.name,
            "unit": row.unit,
            "region": row.region,
            "observations": [
                {
                    **record,
                    "cadence": cadence((record.get("period") or {}).get("value")),
                    "report": {"id": id_, "title": title},
                }
                for record, id_, title in figures
            ],
        }


@router.get("/events")
def events(
    web: State, source: Sources = ALL, type: Types = ALL, since: Moment = None, until: Moment = None,
    query: Words = None, after: After = None, limit: Limit = 100,
) -> dict[str, list[Record]]:  # fmt: skip
    """What happened; with `after` in order from there, else the newest."""
    return _list(web, browse.events, Filters(source, _aware(since), _aware(until), query, type, after, limit))


@router.get("/deliveries")
def deliveries(web: State, state: Types = ALL, after: After = None, limit: Limit = 100) -> dict[str, list[Record]]:
    """The outbox: what is waiting, sent or dead; channels are masked."""
    return _list(web, browse.deliveries, Filters(states=state, after=after, limit=limit))


@router.get("/sources")
def sources(web: State) -> dict[str, list[dict[str, Any]]]:
    """All sources that are defined or have data, with health."""
    with web.database.session() as session:
        rows = {r.id: r for r in session.scalars(select(SourceRow))}
        incidents: dict[str, list[dict[str, Any]]] = {}
        for i in session.scalars(select(IncidentRow).where(IncidentRow.closed_at.is_(None))):
            incidents.setdefault(i.source_id, []).append(
                {"kind": i.kind, "failure": i.failure, "since": iso(i.opened_at), "error": i.error}
            )
        items = []
        for id_ in sorted({*rows, *web.registry.sources}):
            source, row = web.registry.sources.get(id_), rows.get(id_)
            items.append({
                "id": id_, "name": source.name if source else row.name if row else id_,
                "paused": source.paused if source else None,
                "columns": [c.url for c in source.columns] if source else [],
                "next_check": iso(row.next_check_at) if row else None, "incidents": incidents.get(id_, []),
            })  # fmt: skip
        return {"items": items}


@router.get("/crawls")
def crawls(web: State, source: Sources = ALL, limit: Limit = 100) -> dict[str, list[dict[str, Any]]]:
    """Crawls, newest first."""
    rows = select(CrawlRow).order_by(CrawlRow.id.desc()).limit(limit)
    if source:
        rows = rows.where(CrawlRow.source_id.in_(source))
    with web.database.session() as session:
        return {
            "items": [
                {
                    "id": c.id, "source": c.source_id, "mode": c.mode, "started": iso(c.started_at),
                    "finished": iso(c.finished_at), "outcome": c.outcome, "failure": c.failure, "error": c.error,
                    "stats": c.stats,
                }
                for c in session.scalars(rows)
            ]
        }  # fmt: skip
