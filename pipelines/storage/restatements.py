"""`indicator.restated`: a later report gives another value for what an earlier one printed."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pipelines.indicators.series import Observation, find_restatements, observations
from pipelines.storage.models import EventRow, IndicatorRow, ReportRow, SeriesRow
from pipelines.storage.outbox import raise_event


def raise_restatements(
    session: Session, report: ReportRow, now: datetime, *, crawl_id: int | None = None, backfill: bool = False
) -> list[EventRow]:
    """Compares a report's figures with the newest earlier report that printed them; an event for each difference."""
    if not _has_company(session, report.id):
        return []
    new = _observations(session, report.id)
    if not new:
        return []
    keys = {int(o.key) for o in new}
    periods = {o.period.split("@")[0] for o in new}
    rows = session.execute(
        select(IndicatorRow.series_id, IndicatorRow.record, IndicatorRow.report_id)
        .join(ReportRow, ReportRow.id == IndicatorRow.report_id)
        .where(
            IndicatorRow.series_id.in_(keys),
            IndicatorRow.period.in_(periods),
            IndicatorRow.report_id != report.id,
            ReportRow.state != "withdrawn",
            func.coalesce(ReportRow.published, "") <= (report.published or "9999"),
        )
        .order_by(func.coalesce(ReportRow.published, "").desc(), ReportRow.id.desc())
        .limit(2000)
    )
    newest: dict[tuple[str, str], object] = {}
    earlier: list[Observation] = []
    for series, record, number in rows:
        for observation in observations(record, report=number, key=str(series)):
            place = (observation.key, observation.period)
            if not observation.derived and newest.setdefault(place, number) == number:
                earlier.append(observation)
    events: list[EventRow] = []
    for found in find_restatements(new, earlier):
        series_row = session.get_one(SeriesRow, int(found.key))
        whole = f"{found.key}|{found.period}|{found.old.value}|{found.new.value}"
        events += raise_event(
            session,
            type="indicator.restated",
            key=f"restated:{report.id}:{hashlib.sha256(whole.encode()).hexdigest()[:24]}",
            now=now,
            report=report,
            crawl_id=crawl_id,
            details={
                **found.details,
                "series": series_row.id,
                "name": series_row.name,
                "report": report.id,
                "earlier_report": found.old.report,
                "title": report.title,
                "url": report.url,
                "backfill": backfill,
            },
        )
    return events


def _observations(session: Session, report_id: int) -> list[Observation]:
    rows = session.execute(
        select(IndicatorRow.series_id, IndicatorRow.record).where(
            IndicatorRow.report_id == report_id, IndicatorRow.series_id.is_not(None)
        )
    )
    return [o for series, record in rows for o in observations(record, report=report_id, key=str(series))]


def _has_company(session: Session, report_id: int) -> bool:
    """Whether any other report has a figure of the same series: for most there is none, and no record is read."""
    own = select(IndicatorRow.series_id).where(IndicatorRow.report_id == report_id)
    other = select(IndicatorRow.id).where(IndicatorRow.series_id.in_(own), IndicatorRow.report_id != report_id)
    return session.scalar(other.limit(1)) is not None
