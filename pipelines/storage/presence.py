"""Whether a report is there, gone, back, or in a stranger's hand: the events of its life besides new and revised."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from pipelines.items import FetchedPage
from pipelines.lifecycle import TAMPERED_FLAGS, Absence, mass_absence, next_confirmation, next_reading
from pipelines.revisions import content_hash
from pipelines.storage.events import count_of
from pipelines.storage.matching import find_place
from pipelines.storage.models import EventRow, PageRow, PlaceRow, ReportRow, RevisionRow
from pipelines.storage.outbox import raise_event
from pipelines.storage.session import serialise

WITNESSES: Final = 4
"""Pages that are read besides one that was found gone."""


def record_missing(
    session: Session,
    page_id: int,
    now: datetime,
    *,
    checks: int,
    hours: float,
    crawl_id: int | None = None,
    reason: str = "404",
) -> list[EventRow]:
    """Notes that a page that is known was found gone (404, 410, soft 404) while its source is otherwise healthy.

    The caller vouches for the health: listings were read and other pages answered in the same crawl. Each crawl counts
    once. `report.withdrawn` is raised when every place that the report has in its own source is gone, `checks` times
    over at least `hours`; never while a large part of the source is gone at the same time, which is a rebuilt site.

    Args:
        page_id: the frontier's page; its next reading is set here, too.
        reason: the page's failure, kept for the user.
    """
    serialise(session)
    page = session.get(PageRow, page_id)
    if page is None:
        return []
    page.failure, page.fetched_at, page.attempts = reason[:40], now, page.attempts + 1
    place = find_place(session, page.source_id, page.url_key) or session.scalar(
        select(PlaceRow).where(PlaceRow.page_id == page_id).limit(1)
    )
    if place is None:
        page.state, page.due_at = ("gone", None) if page.attempts >= 3 else ("failed", now + timedelta(hours=3))
        return []
    page.state = "done"
    if crawl_id is None or place.crawl_id != crawl_id:
        place.missing_since = place.missing_since or now
        place.missing_checks += 1
        place.crawl_id = crawl_id
    page.due_at = next_confirmation(now, checks=checks, hours=hours, done=place.missing_checks)
    report = place.report
    if report.state == "withdrawn" or place.source_id != report.source_id:
        return []
    report.missing_since = report.missing_since or now
    session.flush()
    if not _all_gone(session, report, now, checks=checks, hours=hours):
        return []
    if _rebuilt(session, report.source_id):
        return []
    report.state = "withdrawn"
    number = count_of(session, report.id, "report.withdrawn") + 1
    return raise_event(
        session,
        type="report.withdrawn",
        key=f"withdrawn:{report.id}:{number}",
        now=now,
        report=report,
        crawl_id=crawl_id,
        details={
            "title": report.title,
            "url": report.url,
            "reason": reason,
            "since": report.missing_since.isoformat(),
            "checks": place.missing_checks,
        },
    )


def ask_witnesses(session: Session, source_id: str, missing: Sequence[int], due: datetime) -> int:
    """Has some other pages read together with missing ones: an absence counts only where others answer.

    Returns how many there are.
    """
    if not missing:
        return 0
    newest = (
        select(PageRow.id)
        .join(PlaceRow, PlaceRow.page_id == PageRow.id)
        .where(PageRow.source_id == source_id, PageRow.id.not_in(missing), PageRow.state.in_(("done", "failed")))
        .where(PageRow.report_id.is_not(None), PlaceRow.missing_since.is_(None))
        .order_by(PageRow.id.desc())
        .limit(WITNESSES)
    )
    found = list(session.scalars(newest))
    session.execute(update(PageRow).where(PageRow.id.in_(found), PageRow.due_at > due).values(due_at=due))
    return len(found)


def _all_gone(session: Session, report: ReportRow, now: datetime, *, checks: int, hours: float) -> bool:
    places = session.scalars(
        select(PlaceRow).where(PlaceRow.report_id == report.id, PlaceRow.source_id == report.source_id)
    )
    return all(
        p.missing_since is not None
        and Absence(p.missing_since, p.missing_checks).confirmed(now, checks=checks, hours=hours)
        for p in places
    )


def _rebuilt(session: Session, source_id: str) -> bool:
    rows = session.execute(
        select(ReportRow.missing_since.is_not(None), func.count())
        .where(ReportRow.source_id == source_id, ReportRow.state != "withdrawn")
        .group_by(ReportRow.missing_since.is_not(None))
    ).all()
    counts = {bool(missing): number for missing, number in rows}
    return mass_absence(counts.get(True, 0), counts.get(False, 0))


def note_present(
    session: Session, report: ReportRow, place: PlaceRow, crawl_id: int | None, now: datetime
) -> list[EventRow]:
    """A place answered with its report: absence is forgotten; a withdrawn report is back."""
    place.missing_since, place.missing_checks = None, 0
    if place.source_id != report.source_id:
        return []
    report.missing_since = None
    if report.state != "withdrawn":
        return []
    report.state = "live"
    number = count_of(session, report.id, "report.restored") + 1
    return raise_event(
        session,
        type="report.restored",
        key=f"restored:{report.id}:{number}",
        now=now,
        report=report,
        crawl_id=crawl_id,
        details={"title": report.title, "url": place.url},
    )


def note_tampered(
    session: Session, report: ReportRow, place: PlaceRow, record: dict[str, Any], item: FetchedPage, now: datetime
) -> list[EventRow]:
    """A reading with a stranger's hand in it: told once until every place is clean again, never a revision."""
    if place.tampered:
        return []
    place.tampered = True
    if report.state == "tampered":
        return []
    newest = session.scalar(select(func.max(RevisionRow.number)).where(RevisionRow.report_id == report.id)) or 0
    session.add(
        RevisionRow(
            report_id=report.id,
            number=newest + 1,
            kind="tampered",
            at=now,
            record=record,
            changes=[],
            content_hash=content_hash(record),
            extraction_version=record["extraction_version"],
            capture_id=item.capture_id,
            crawl_id=item.crawl_id,
        )
    )
    report.state = "tampered"
    return raise_tampered(session, report, record, item, now)


def raise_tampered(
    session: Session,
    report: ReportRow,
    record: dict[str, Any],
    item: FetchedPage,
    now: datetime,
    *,
    backfill: bool = False,
) -> list[EventRow]:
    """The event of a spell of tampering; its key counts the spells."""
    number = count_of(session, report.id, "report.tampered") + 1
    return raise_event(
        session,
        type="report.tampered",
        key=f"tampered:{report.id}:{number}",
        now=now,
        report=report,
        source_id=item.source_id,
        crawl_id=item.crawl_id,
        details={
            "title": report.title,
            "url": item.final_url or item.url,
            "flags": sorted(TAMPERED_FLAGS.intersection(record["flags"])),
            "title_raw": record.get("title_raw"),
            "backfill": backfill,
        },
    )


def note_clean(session: Session, report: ReportRow, place: PlaceRow) -> bool:
    """A clean reading; True when it ended the place's tampering. The cure is silent."""
    if not place.tampered:
        return False
    place.tampered = False
    session.flush()
    others = session.scalar(
        select(func.count()).select_from(PlaceRow).where(PlaceRow.report_id == report.id, PlaceRow.tampered)
    )
    if not others and report.state == "tampered":
        report.state = "live"
    return True


def due_after(report: ReportRow, found_at: datetime, key: str, now: datetime) -> datetime:
    """When a page that was read now is read again: by the age of its last change or publication."""
    since = found_at
    if report.published:
        try:
            day = datetime.fromisoformat(report.published)
            since = day.astimezone(UTC) if day.tzinfo else day.replace(tzinfo=UTC)
        except ValueError:
            pass
    # What was changed lately is changed again sooner than its age says.
    since = max(since, report.last_changed_at) if report.revision > 1 else since
    return next_reading(now, since=min(since, now), name=key)
