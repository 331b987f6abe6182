"""What readers of the database see: reports, indicators, events, revisions and deliveries, filtered, as plain records.

The command line, the web pages and the feeds all read through here, so that they agree. Rows come as a stream: ids
first, then the records in parts, so that a long list needs little memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session

from pipelines.errors import UnknownNameError
from pipelines.items import iso
from pipelines.messages import say
from pipelines.storage.models import (
    AttachmentRow,
    DeliveryRow,
    EventRow,
    IndicatorRow,
    PlaceRow,
    ReportRow,
    RevisionRow,
    SubscriptionRow,
)
from scheduler.alerts.gather import event_records
from scheduler.alerts.masking import mask

PART = 100
REPORT_STATES = ("live", "withdrawn", "tampered")
REVISION_KINDS = ("first", "content", "attachment", "filled", "reextraction", "tampered")
INDICATOR_KINDS = ("count", "level", "rate", "rank", "change")
DELIVERY_STATES = ("waiting", "sent", "dead", "dropped")
SHORT_ID = 8
"""Characters of an event's id that tables show, and that name it."""
BRACKETS = str.maketrans("[]【】()（）［］〖〗", "〔〕" * 6)
"""Document numbers as people type them: 政发[2022]3号 is 政发〔2022〕3号 (GB/T 9704)."""
Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Filters:
    """What to show. `since` and `until` (exclusive) bound a report's publication, or the time that a thing happened."""

    sources: Sequence[str] = ()
    since: datetime | None = None
    until: datetime | None = None
    query: str | None = None
    types: Sequence[str] = ()
    after: str | None = None
    limit: int | None = None
    report: int | None = None
    name: str | None = None
    states: Sequence[str] = ()
    subscription: int | None = None


def report_ids(session: Session, filters: Filters) -> list[int]:
    """The reports that match: after an id in its order, else the newest published first.

    Raises:
        SubscriptionError: the query cannot be parsed.
    """
    rows = select(ReportRow.id).where(*_report_conditions(session, filters))
    if filters.states:
        rows = rows.where(ReportRow.state.in_(filters.states))
    if filters.report is not None:
        rows = rows.where(ReportRow.id == filters.report)
    if filters.after is not None:
        rows = rows.where(ReportRow.id > _number(filters.after)).order_by(ReportRow.id)
    else:
        rows = rows.order_by(func.coalesce(ReportRow.published, "").desc(), ReportRow.id.desc())
    return list(session.scalars(rows.limit(filters.limit)))


def _report_conditions(session: Session, filters: Filters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filters.sources:
        found.append(
            ReportRow.id.in_(select(PlaceRow.report_id).where(PlaceRow.source_id.in_(filters.sources)))
            | ReportRow.source_id.in_(filters.sources)
        )
    if filters.since:
        found.append(_published(filters.since, after=True))
    if filters.until:
        found.append(_published(filters.until, after=False))
    if filters.query:
        from pipelines.storage.search import condition

        found.append(condition(session, filters.query))
    return found


def _published(border: datetime, *, after: bool) -> ColumnElement[bool]:
    """By publication day; a report without one counts by when it was first seen."""
    day = border.date().isoformat()
    if after:
        dated, undated = ReportRow.published >= day, ReportRow.first_seen_at >= border
    else:
        dated, undated = ReportRow.published < day, ReportRow.first_seen_at < border
    return or_(dated, and_(ReportRow.published.is_(None), undated))


def reports(session: Session, filters: Filters, *, whole: bool = True) -> Iterator[Record]:
    """Report records with id, source, state, revision and times; `whole` adds body, tables, indicators and places."""
    for part in _parts(report_ids(session, filters)):
        rows = {r.id: r for r in session.scalars(select(ReportRow).where(ReportRow.id.in_(part)))}
        records = newest_records(session, part) if whole else {}
        figures = indicator_records(session, part) if whole else {}
        places = _places(session, part) if whole else {}
        for number in part:
            if number not in rows:
                continue
            record = report_record(rows[number], records.get(number, {}))
            if whole:
                record["indicators"] = figures.get(number, [])
                record["places"] = places.get(number, [])
            yield record
        session.expunge_all()


def report_record(row: ReportRow, record: Record) -> Record:
    """A report as everybody outside sees it: its row, and its newest record where that is given."""
    known = {
        "id": row.id,
        "source": row.source_id,
        "url": row.url,
        "title": row.title,
        "published": row.published,
        "publisher": row.publisher,
        "index_number": row.index_number,
        "document_number": row.document_number,
        "language": row.language,
    }
    tail = {
        "state": row.state,
        "revision": row.revision,
        "backfill": row.backfill,
        "indicator_count": row.indicator_count,
        "flags": row.flags,
        "first_seen": iso(row.first_seen_at),
        "last_seen": iso(row.last_seen_at),
        "last_changed": iso(row.last_changed_at),
    }
    return {**known, **{k: v for k, v in record.items() if k not in ("file", "url")}, **tail}


def newest_records(session: Session, ids: Sequence[int]) -> dict[int, Record]:
    """The newest record of each report that is its bureau's own; a tampered one only where there is no other."""
    own = RevisionRow.kind != "tampered"
    newest = (
        select(
            RevisionRow.report_id,
            func.coalesce(func.max(case((own, RevisionRow.number))), func.max(RevisionRow.number)).label("number"),
        )
        .where(RevisionRow.report_id.in_(ids))
        .group_by(RevisionRow.report_id)
        .subquery()
    )
    rows = session.execute(
        select(RevisionRow.report_id, RevisionRow.record).join(
            newest, and_(newest.c.report_id == RevisionRow.report_id, newest.c.number == RevisionRow.number)
        )
    )
    return {number: record for number, record in rows}  # noqa: C416 - rows are no pairs to mypy


def indicator_records(session: Session, ids: Sequence[int], *, series: bool = False) -> dict[int, list[Record]]:
    """The figures of each report, the text's before its files'; those of a file say its name as `attachment`.

    `series` adds the number of each one's series.
    """
    found: dict[int, list[Record]] = {}
    rows = session.execute(
        select(IndicatorRow.report_id, IndicatorRow.record, IndicatorRow.series_id, AttachmentRow.name)
        .outerjoin(AttachmentRow, AttachmentRow.id == IndicatorRow.attachment_id)
        .where(IndicatorRow.report_id.in_(ids))
        .order_by(
            IndicatorRow.report_id,
            IndicatorRow.attachment_id.is_not(None),
            IndicatorRow.attachment_id,
            IndicatorRow.position,
        )
    )
    for number, record, owner, attachment in rows:
        more = {**({"attachment": attachment} if attachment else {}), **({"series": owner} if series else {})}
        found.setdefault(number, []).append({**record, **more})
    return found


def _places(session: Session, ids: Sequence[int]) -> dict[int, list[Record]]:
    found: dict[int, list[Record]] = {}
    rows = session.execute(
        select(PlaceRow.report_id, PlaceRow.source_id, PlaceRow.url)
        .where(PlaceRow.report_id.in_(ids))
        .order_by(PlaceRow.id)
    )
    for number, source, url in rows:
        found.setdefault(number, []).append({"source": source, "url": url})
    return found


def indicators(session: Session, filters: Filters) -> Iterator[Record]:
    """Indicator records with id, series, source and the report they stand in; by report, in the order of the text."""
    rows = select(IndicatorRow.id).join(ReportRow).where(*_report_conditions(session, filters))
    if filters.report is not None:
        rows = rows.where(IndicatorRow.report_id == filters.report)
    if filters.types:
        rows = rows.where(IndicatorRow.kind.in_(filters.types))
    for word in (filters.name or "").split():
        rows = rows.where(IndicatorRow.name.contains(word, autoescape=True))
    if filters.after is not None:
        rows = rows.where(IndicatorRow.id > _number(filters.after)).order_by(IndicatorRow.id)
    else:
        rows = rows.order_by(
            func.coalesce(ReportRow.published, "").desc(),
            ReportRow.id.desc(),
            IndicatorRow.attachment_id.is_not(None),
            IndicatorRow.attachment_id,
            IndicatorRow.position,
        )
    for part in _parts(list(session.scalars(rows.limit(filters.limit))), 500):
        found = {
            row.id: (row, source, title, url, published, attachment)
            for row, source, title, url, published, attachment in session.execute(
                select(
                    IndicatorRow,
                    ReportRow.source_id,
                    ReportRow.title,
                    ReportRow.url,
                    ReportRow.published,
                    AttachmentRow.name,
                )
                .join(ReportRow, ReportRow.id == IndicatorRow.report_id)
                .outerjoin(AttachmentRow, AttachmentRow.id == IndicatorRow.attachment_id)
                .where(IndicatorRow.id.in_(part))
            )
        }
        for number in part:
            if number in found:
                row, source, title, url, published, attachment = found[number]
                report = {"id": row.report_id, "title": title, "url": url, "published": published}
                yield {
                    "id": row.id,
                    "series": row.series_id,
                    "source": source,
                    **row.record,
                    "attachment": attachment,
                    "report": report,
                }
        session.expunge_all()


def events(session: Session, filters: Filters) -> Iterator[Record]:
    """Event records, oldest first: those after an id, or the newest ones up to the limit."""
    rows = select(EventRow)
    if filters.sources:
        rows = rows.where(EventRow.source_id.in_(filters.sources))
    if filters.types:
        rows = rows.where(EventRow.type.in_(filters.types))
    if filters.since:
        rows = rows.where(EventRow.at >= filters.since)
    if filters.until:
        rows = rows.where(EventRow.at < filters.until)
    if filters.report is not None:
        rows = rows.where(EventRow.report_id == filters.report)
    if filters.query:
        from pipelines.storage.search import condition

        rows = rows.where(EventRow.report_id.in_(select(ReportRow.id).where(condition(session, filters.query))))
    if filters.after is not None:
        rows = rows.where(EventRow.number > event_number(session, filters.after))
    numbers = _newest_last(session, rows.with_only_columns(EventRow.number), EventRow.number, filters)
    for part in _parts(numbers, 500):
        found = session.scalars(select(EventRow).where(EventRow.number.in_(part)).order_by(EventRow.number)).all()
        yield from event_records(session, found)
        session.expunge_all()


def revisions(session: Session, filters: Filters) -> Iterator[Record]:
    """Revision records without their whole text (see `show`), oldest first."""
    rows = select(RevisionRow).join(ReportRow).where(*_source_conditions(filters))
    if filters.report is not None:
        rows = rows.where(RevisionRow.report_id == filters.report)
    if filters.types:
        rows = rows.where(RevisionRow.kind.in_(filters.types))
    if filters.since:
        rows = rows.where(RevisionRow.at >= filters.since)
    if filters.until:
        rows = rows.where(RevisionRow.at < filters.until)
    if filters.query:
        from pipelines.storage.search import condition

        rows = rows.where(condition(session, filters.query))
    if filters.after is not None:
        rows = rows.where(RevisionRow.id > _number(filters.after))
    numbers = _newest_last(session, rows.with_only_columns(RevisionRow.id), RevisionRow.id, filters)
    for part in _parts(numbers):
        found = session.execute(
            select(RevisionRow, ReportRow.source_id, ReportRow.title, ReportRow.url)
            .join(ReportRow, ReportRow.id == RevisionRow.report_id)
            .where(RevisionRow.id.in_(part))
            .order_by(RevisionRow.id)
        )
        for row, source, title, url in found:
            yield {
                "id": row.id,
                "report": {"id": row.report_id, "title": title, "url": url},
                "source": source,
                "number": row.number,
                "kind": row.kind,
                "at": iso(row.at),
                "changes": row.changes,
                "content_hash": row.content_hash,
                "extraction_version": row.extraction_version,
                "capture": row.capture_id,
            }
        session.expunge_all()


def deliveries(session: Session, filters: Filters) -> Iterator[Record]:
    """Delivery records with the event they carry and the masked channel, oldest event first."""
    rows = select(DeliveryRow).join(EventRow)
    if filters.sources:
        rows = rows.where(EventRow.source_id.in_(filters.sources))
    if filters.types:
        rows = rows.where(EventRow.type.in_(filters.types))
    if filters.states:
        rows = rows.where(DeliveryRow.state.in_(filters.states))
    if filters.subscription is not None:
        rows = rows.where(DeliveryRow.subscription_id == filters.subscription)
    if filters.since:
        rows = rows.where(EventRow.at >= filters.since)
    if filters.until:
        rows = rows.where(EventRow.at < filters.until)
    if filters.query:
        from pipelines.storage.search import condition

        rows = rows.where(EventRow.report_id.in_(select(ReportRow.id).where(condition(session, filters.query))))
    if filters.after is not None:
        rows = rows.where(DeliveryRow.id > _number(filters.after))
    numbers = _newest_last(session, rows.with_only_columns(DeliveryRow.id), DeliveryRow.id, filters)
    for part in _parts(numbers, 500):
        found = session.execute(
            select(DeliveryRow, EventRow, SubscriptionRow.to, ReportRow.title)
            .join(EventRow, EventRow.id == DeliveryRow.event_id)
            .join(SubscriptionRow, SubscriptionRow.id == DeliveryRow.subscription_id)
            .outerjoin(ReportRow, ReportRow.id == EventRow.report_id)
            .where(DeliveryRow.id.in_(part))
            .order_by(DeliveryRow.id)
        )
        for row, event, to, title in found:
            yield {
                "id": row.id,
                "event": event.id,
                "type": event.type,
                "at": iso(event.at),
                "source": event.source_id,
                "title": title,
                "subscription": row.subscription_id,
                "to": mask(to),
                "state": row.state,
                "attempts": row.attempts,
                "due_at": iso(row.due_at),
                "sent_at": iso(row.sent_at),
                "batch": row.batch,
                "last_error": row.last_error,
            }
        session.expunge_all()


def event_number(session: Session, name: str) -> int:
    """The running number of an event, by its id, the beginning of it that tables show, or that number itself.

    Raises:
        UnknownNameError: no event has that id, or several begin so.
    """
    if len(name) >= SHORT_ID:
        found = session.scalars(
            select(EventRow.number).where(EventRow.id.startswith(name, autoescape=True)).limit(2)
        ).all()
        if len(found) == 1:
            return found[0]
    if name.isascii() and name.isdigit():
        return int(name[:18])
    raise UnknownNameError(say("There is no event {name}", name=name), cure=say("`bureauwatch events` lists them"))


def file_changes(session: Session, report: int, after: int, until: int) -> list[Record]:
    """What happened to a report's files from version `after` (left out) to `until`: name, and old and new content."""
    rows = session.scalars(
        select(EventRow)
        .where(EventRow.report_id == report, EventRow.type == "attachment.changed")
        .order_by(EventRow.number)
    )
    found = (row.details for row in rows if after < int(row.details.get("revision") or 0) <= until)
    return [
        {
            "field": "attachments",
            "name": d.get("name") or d.get("url"),
            "old": _content(d.get("old")),
            "new": _content(d.get("new")),
        }
        for d in found
    ]


def _content(file: Any) -> str | None:
    """A file's size and the beginning of its SHA-256."""
    if not isinstance(file, dict) or not file.get("sha256"):
        return None
    size = f"{file['size']:,} B · " if isinstance(file.get("size"), int) else ""
    return f"{size}sha256 {str(file['sha256'])[:12]}"


def find_report(session: Session, name: str) -> ReportRow:
    """A report by its number, its URL, its index number or its document number.

    Raises:
        UnknownNameError: none, or several, are called so.
    """
    name = name.strip()
    if name.isdecimal() and len(name) < 10 and (row := session.get(ReportRow, int(name))) is not None:
        return row
    from pipelines.storage.identity import url_key

    typed = {name, name.translate(BRACKETS)}
    tests = [ReportRow.url == name, ReportRow.index_number == name, ReportRow.document_number.in_(typed)]
    if "://" in name:
        tests.append(ReportRow.id.in_(select(PlaceRow.report_id).where(PlaceRow.url_key == url_key(name))))
    rows = session.scalars(select(ReportRow).where(or_(*tests)).order_by(ReportRow.id).limit(6)).all()
    if len(rows) == 1:
        return rows[0]
    if rows:
        numbers = ", ".join(str(r.id) for r in rows[:5])
        raise UnknownNameError(
            say("Several reports are called {name}", name=name),
            cure=say("Name one by its number: {numbers}", numbers=numbers),
        )
    raise UnknownNameError(say("There is no report {name}", name=name), cure=say("`bureauwatch reports` lists them"))


def _source_conditions(filters: Filters) -> Iterable[ColumnElement[bool]]:
    return [ReportRow.source_id.in_(filters.sources)] if filters.sources else []


def _newest_last(session: Session, rows: Select[Any], key: Any, filters: Filters) -> list[int]:
    if filters.after is not None or filters.limit is None:
        return list(session.scalars(rows.order_by(key).limit(filters.limit)))
    return sorted(session.scalars(rows.order_by(key.desc()).limit(filters.limit)))


def _number(name: str) -> int:
    if not (name.isascii() and name.isdigit()):
        raise UnknownNameError(
            say("{name} is no number of a row", name=name), cure=say("Take the id that the list shows")
        )
    return int(name[:18])


def _parts(values: Sequence[int], size: int = PART) -> Iterator[Sequence[int]]:
    for start in range(0, len(values), size):
        yield values[start : start + size]
