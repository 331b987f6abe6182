"""Saving and finding reports; the way in for other rooms.

`save_report(session, item, now)` and `save_unchanged(session, item, now)` write (see `saving.py`); the functions here
read. Filters are in `Filter`; all lists are newest first unless said otherwise, and bounded by `limit`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, String, cast, exists, func, or_, select
from sqlalchemy.orm import Session

from pipelines.errors import UnknownNameError
from pipelines.items import Report
from pipelines.messages import say
from pipelines.storage import search
from pipelines.storage.identity import url_key
from pipelines.storage.models import (
    AttachmentRow,
    DeliveryRow,
    EventRow,
    IndicatorRow,
    PageRow,
    PlaceRow,
    ReportRow,
    RevisionRow,
    SeriesRow,
    SubscriptionRow,
)
from pipelines.storage.outbox import current_record
from pipelines.storage.saving import save_report, save_unchanged

__all__ = [
    "Filter",
    "attachments_of",
    "find_revision",
    "get_report",
    "list_deliveries",
    "list_events",
    "list_indicators",
    "list_reports",
    "list_revisions",
    "places_of",
    "record_of",
    "report_of_page",
    "revisions_of",
    "save_report",
    "save_unchanged",
    "series_named",
]

MOST: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list is narrowed to. Dates are days in the source's zone for reports, moments (UTC) for what happened.

    `after`: only rows with a greater id (events: number), then oldest first, for reading on where one stopped.
    `type`: an event's type; of a report its state (live, withdrawn, tampered) or one of its flags; of an indicator its
    kind or status; of a revision its kind; of a delivery its state.
    """

    source: str | None = None
    since: date | datetime | None = None
    until: date | datetime | None = None
    query: str | None = None
    type: str | None = None
    after: int | None = None
    limit: int = 100
    offset: int = 0


def list_reports(session: Session, wanted: Filter = Filter()) -> list[ReportRow]:
    """Reports by publication, newest first; with a query the most fitting first.

    Raises:
        SubscriptionError: the query cannot be parsed.
    """
    where = _report_conditions(wanted)
    if wanted.query and wanted.after is None:
        ids = search.search(session, wanted.query, limit=wanted.limit, offset=wanted.offset, where=tuple(where))
        rows = {row.id: row for row in session.scalars(select(ReportRow).where(ReportRow.id.in_(ids)))}
        return [rows[i] for i in ids if i in rows]
    query = select(ReportRow).where(*where)
    if wanted.query:
        query = query.where(search.condition(session, wanted.query))
    if wanted.after is not None:
        query = query.where(ReportRow.id > wanted.after).order_by(ReportRow.id)
    else:
        published = func.coalesce(ReportRow.published, "")
        query = query.order_by(published.desc(), ReportRow.id.desc())
    return list(session.scalars(query.limit(wanted.limit).offset(wanted.offset)))


def count_reports(session: Session, wanted: Filter = Filter()) -> int:
    """How many reports a filter leaves, whatever its limit."""
    query = select(func.count()).select_from(ReportRow).where(*_report_conditions(wanted))
    if wanted.query:
        query = query.where(search.condition(session, wanted.query))
    return session.scalar(query) or 0


def _report_conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = []
    if wanted.source:
        where.append(seen_in(wanted.source))
    if wanted.since is not None:
        where.append(ReportRow.published >= wanted.since.isoformat()[:10])
    if wanted.until is not None:
        where.append(ReportRow.published < (_day(wanted.until) + timedelta(days=1)).isoformat())
    if wanted.type in ("live", "withdrawn", "tampered"):
        where.append(ReportRow.state == wanted.type)
    elif wanted.type:
        where.append(has_flag(wanted.type))
    return where


def seen_in(source_id: str) -> ColumnElement[bool]:
    """Reports of a source, and copies that it shows of others'."""
    return or_(
        ReportRow.source_id == source_id,
        exists().where(PlaceRow.report_id == ReportRow.id, PlaceRow.source_id == source_id),
    )


def has_flag(flag: str) -> ColumnElement[bool]:
    """Reports whose reading carries a flag."""
    clean = "".join(c for c in flag if c.isalnum() or c in "_-")
    return cast(ReportRow.flags, String).contains(f'"{clean}"', autoescape=True)


def _day(value: date | datetime) -> date:
    return value.date() if isinstance(value, datetime) else value


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


def find_revision(session: Session, report_id: int, number: int) -> RevisionRow:
    """One revision of a report.

    Raises:
        UnknownNameError: there is none of that number.
    """
    row = session.scalar(select(RevisionRow).where(RevisionRow.report_id == report_id, RevisionRow.number == number))
    if row is None:
        raise UnknownNameError(say("Report {report} has no revision {number}", report=report_id, number=number))
    return row


def list_revisions(session: Session, wanted: Filter = Filter()) -> list[RevisionRow]:
    """Revisions by time, newest first."""
    query = select(RevisionRow).join(ReportRow)
    if wanted.source:
        query = query.where(seen_in(wanted.source))
    if wanted.query:
        query = query.where(search.condition(session, wanted.query))
    if wanted.type:
        query = query.where(RevisionRow.kind == wanted.type)
    return list(session.scalars(_in_time(query, RevisionRow.at, RevisionRow.id, wanted)))


def list_events(session: Session, wanted: Filter = Filter()) -> list[EventRow]:
    """Events, newest first; with `after` (an event's number) oldest first. A query is asked of their reports."""
    query = select(EventRow)
    if wanted.source:
        copies = exists().where(PlaceRow.report_id == EventRow.report_id, PlaceRow.source_id == wanted.source)
        query = query.where(or_(EventRow.source_id == wanted.source, copies))
    if wanted.type:
        query = query.where(EventRow.type.in_(wanted.type.split(",")))
    if wanted.query:
        query = query.join(ReportRow, ReportRow.id == EventRow.report_id)
        query = query.where(search.condition(session, wanted.query))
    return list(session.scalars(_in_time(query, EventRow.at, EventRow.number, wanted)))


def list_indicators(
    session: Session,
    wanted: Filter = Filter(),
    *,
    name: str | None = None,
    report_id: int | None = None,
) -> list[IndicatorRow]:
    """Figures, those of the newest reports first, in their order in each.

    Args:
        name: words that a figure's name holds.
        report_id: of this report only.
    """
    query = select(IndicatorRow).join(ReportRow)
    where = _report_conditions(Filter(source=wanted.source, since=wanted.since, until=wanted.until))
    query = query.where(*where)
    if wanted.query:
        query = query.where(search.condition(session, wanted.query))
    if wanted.type:
        query = query.where(or_(IndicatorRow.kind == wanted.type, IndicatorRow.status == wanted.type))
    if report_id is not None:
        query = query.where(IndicatorRow.report_id == report_id)
    for word in (name or "").split():
        query = query.where(IndicatorRow.name.contains(word, autoescape=True))
    if wanted.after is not None:
        query = query.where(IndicatorRow.id > wanted.after).order_by(IndicatorRow.id)
    else:
        published = func.coalesce(ReportRow.published, "")
        query = query.order_by(published.desc(), ReportRow.id.desc(), IndicatorRow.attachment_id, IndicatorRow.position)
    return list(session.scalars(query.limit(wanted.limit).offset(wanted.offset)))


def list_deliveries(session: Session, wanted: Filter = Filter()) -> list[tuple[DeliveryRow, EventRow, SubscriptionRow]]:
    """Deliveries with their events and subscriptions, newest first."""
    query = (
        select(DeliveryRow, EventRow, SubscriptionRow)
        .join(EventRow, EventRow.id == DeliveryRow.event_id)
        .join(SubscriptionRow, SubscriptionRow.id == DeliveryRow.subscription_id)
    )
    if wanted.source:
        query = query.where(EventRow.source_id == wanted.source)
    if wanted.type:
        query = query.where(or_(DeliveryRow.state == wanted.type, EventRow.type == wanted.type))
    if wanted.query:
        query = query.join(ReportRow, ReportRow.id == EventRow.report_id)
        query = query.where(search.condition(session, wanted.query))
    rows = session.execute(_in_time(query, EventRow.at, DeliveryRow.id, wanted))
    return [(delivery, event, subscription) for delivery, event, subscription in rows]


def _in_time(query: Any, at: Any, number: Any, wanted: Filter) -> Any:
    if wanted.since is not None:
        query = query.where(at >= _moment(wanted.since))
    if wanted.until is not None:
        last = wanted.until
        query = query.where(at < _moment(last) + timedelta(days=0 if isinstance(last, datetime) else 1))
    if wanted.after is not None:
        query = query.where(number > wanted.after).order_by(number)
    else:
        query = query.order_by(number.desc())
    return query.limit(wanted.limit).offset(wanted.offset)


def _moment(value: date | datetime) -> datetime:
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    return datetime(value.year, value.month, value.day, tzinfo=UTC)


def series_named(session: Session, name: str) -> list[tuple[SeriesRow, list[tuple[IndicatorRow, ReportRow]]]]:
    """The series whose name holds all words asked for, with their observations by period.

    Raises:
        UnknownNameError: there is none.
    """
    query = select(SeriesRow).where(SeriesRow.merged_into_id.is_(None))
    for word in name.split():
        query = query.where(SeriesRow.name.contains(word, autoescape=True))
    found = []
    for series in session.scalars(query.order_by(func.length(SeriesRow.name), SeriesRow.id).limit(200)):
        rows = session.execute(
            select(IndicatorRow, ReportRow)
            .join(ReportRow, ReportRow.id == IndicatorRow.report_id)
            .where(IndicatorRow.series_id == series.id)
            .order_by(IndicatorRow.period, ReportRow.published, IndicatorRow.id)
        ).all()
        if rows:
            found.append((series, [(indicator, report) for indicator, report in rows]))
    if not found:
        raise UnknownNameError(
            say("There is no indicator {name}", name=name), cure=say("See them with: bureauwatch indicators")
        )
    return found


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
