"""The frontier: every page that is or was to be fetched; a crawl killed anywhere goes on from it. Callers commit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from pipelines.revisions import only_fills, same_value
from pipelines.storage.identity import url_key
from pipelines.storage.models import AttachmentRow, PageRow, PlaceRow, ReportRow
from pipelines.storage.presence import due_after, note_present
from pipelines.storage.session import serialise

CHUNK = 400
MAX_ATTEMPTS = 8
REFRESHED = (
    "title", "published", "drafted", "index_number", "document_number", "publisher", "content_source", "validity",
    "subject",
)  # fmt: skip
"""What a row says by now: an outdated word of it would stand in for a page that drops its labels."""
RETRY_LADDER = (timedelta(0), timedelta(minutes=30), timedelta(hours=3), timedelta(hours=12), timedelta(days=2))


@dataclass(frozen=True, slots=True)
class FoundEntry:
    """A row of a listing on its way into the frontier; `hints` are JSON values."""

    url: str
    role: str = "detail"
    hints: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Added:
    """For each entry in order: whether it was known before; and how many rows are new."""

    known: list[bool]
    new: int


def add_entries(
    session: Session, *, source_id: str, column_id: int, entries: Sequence[FoundEntry], now: datetime
) -> Added:
    """Puts a listing's entries into the frontier; known ones are noted as seen on this column.

    A known page whose row now says something else (another title, date, number, validity …) is due at once. One that
    failed for good and is listed still gets another chance.
    """
    serialise(session, f"pages {source_id}")
    keys = [url_key(entry.url) for entry in entries]
    known = _pages_by_key(session, source_id, keys)
    flags: list[bool] = []
    fresh: dict[str, PageRow] = {}
    for key, entry in zip(keys, entries, strict=True):
        page = known.get(key)
        if page is not None:
            flags.append(True)
            _seen_again(session, page, entry, column_id, now)
        elif key in fresh:
            flags.append(True)
        else:
            flags.append(False)
            fresh[key] = PageRow(
                source_id=source_id,
                column_id=column_id,
                url=entry.url,
                url_key=key,
                role=entry.role,
                state="waiting",
                hints=entry.hints,
                attempts=0,
                found_at=now,
            )
    session.add_all(fresh.values())
    session.flush()
    return Added(flags, len(fresh))


def waiting_pages(session: Session, source_id: str, *, after_id: int, limit: int) -> list[PageRow]:
    """The next pages never read so far, oldest find first."""
    query = (
        select(PageRow)
        .where(PageRow.source_id == source_id, PageRow.state == "waiting", PageRow.id > after_id)
        .order_by(PageRow.id)
        .limit(limit)
    )
    return list(session.scalars(query))


def due_pages(session: Session, source_id: str, *, now: datetime, everything: bool, limit: int) -> list[int]:
    """Ids of known pages to be read again: those that are due, or all of them."""
    query = select(PageRow.id).where(PageRow.source_id == source_id)
    if everything:
        query = query.where(PageRow.state.in_(("done", "failed", "gone")))
    else:
        query = query.where(PageRow.state.in_(("done", "failed")), PageRow.due_at <= now)
    return list(session.scalars(query.order_by(PageRow.due_at, PageRow.id).limit(limit)))


def load_pages(session: Session, ids: Sequence[int]) -> list[PageRow]:
    """Pages by id, in the order asked for."""
    rows = {row.id: row for row in session.scalars(select(PageRow).where(PageRow.id.in_(ids)))}
    return [rows[i] for i in ids if i in rows]


def mark_unchanged(session: Session, page_ids: Iterable[int], *, crawl_id: int | None, now: datetime) -> None:
    """Pages that the host says, or whose bytes say, are as they were when they were read last."""
    for page in load_pages(session, list(page_ids)):
        report = session.get(ReportRow, page.report_id) if page.report_id else None
        place = session.scalar(select(PlaceRow).where(PlaceRow.page_id == page.id).limit(1)) if page.failure else None
        if report is not None and place is not None:
            note_present(session, report, place, crawl_id, now)
        page.state, page.failure, page.attempts, page.fetched_at = "done", None, 0, now
        page.due_at = due_after(report, page.found_at, page.url_key, now) if report else None


def mark_failed(session: Session, page_id: int, *, failure: str, now: datetime, passing: bool = True) -> None:
    """A page could not be had: it is tried again later and later, and left alone after some attempts.

    A page that was read before keeps its report and validators.
    """
    page = session.get(PageRow, page_id)
    if page is None:
        return
    page.attempts += 1
    page.failure = failure[:40]
    page.fetched_at = now
    if page.report_id is None and page.attempts >= (MAX_ATTEMPTS if passing else 3):
        page.state, page.due_at = "gone", None
    else:
        wait = RETRY_LADDER[min(page.attempts, len(RETRY_LADDER)) - 1]
        page.state, page.due_at = "failed", now + wait


def has_report(session: Session, page_id: int) -> bool:
    """Whether a page showed a report before."""
    return session.scalar(select(PageRow.report_id).where(PageRow.id == page_id)) is not None


def having_files(session: Session, report_ids: Iterable[int]) -> set[int]:
    """Which of these reports have files: theirs are looked at even where the page is as it was."""
    query = select(AttachmentRow.report_id).where(AttachmentRow.report_id.in_(list(report_ids))).distinct()
    return set(session.scalars(query))


def mark_due(session: Session, source_id: str, keys: Sequence[str], *, now: datetime) -> None:
    """Known pages that vanished from their listing: looked at in this crawl."""
    for start in range(0, len(keys), CHUNK):
        session.execute(
            update(PageRow)
            .where(
                PageRow.source_id == source_id,
                PageRow.url_key.in_(keys[start : start + CHUNK]),
                PageRow.state == "done",
            )
            .values(due_at=now)
        )


def _pages_by_key(session: Session, source_id: str, keys: Sequence[str]) -> dict[str, PageRow]:
    found: dict[str, PageRow] = {}
    unique = list(dict.fromkeys(keys))
    for start in range(0, len(unique), CHUNK):
        query = select(PageRow).where(
            PageRow.source_id == source_id, PageRow.url_key.in_(unique[start : start + CHUNK])
        )
        found.update((page.url_key, page) for page in session.scalars(query))
    return found


def _seen_again(session: Session, page: PageRow, entry: FoundEntry, column_id: int, now: datetime) -> None:
    said, says = page.hints.get("hints") or {}, entry.hints.get("hints") or {}
    changed = [k for k in REFRESHED if says.get(k) and says[k] != said.get(k)]
    news = [k for k in changed if not (only_fills(k, said.get(k), says[k]) or same_value(k, said.get(k), says[k]))]
    if changed and page.column_id == column_id:
        page.hints = {**page.hints, "hints": {**said, **{k: says[k] for k in changed}}}
        if page.state == "done" and news:
            # Read whole: a page that states no number of its own says what its row says without being another one.
            page.due_at, page.sha256, page.etag, page.last_modified = now, None, None, None
    if page.state == "gone" and page.due_at is None and page.fetched_at and now - page.fetched_at > timedelta(days=7):
        page.state, page.attempts = "waiting", 0
    if page.column_id != column_id and column_id not in page.hints.get("columns", []):
        page.hints = {**page.hints, "columns": [*page.hints.get("columns", []), column_id]}
        if page.report_id is not None:
            _add_place(session, page, column_id)


def _add_place(session: Session, page: PageRow, column_id: int) -> None:
    place = session.scalar(
        select(PlaceRow).where(PlaceRow.source_id == page.source_id, PlaceRow.url_key == page.url_key)
    )
    if place is not None and column_id not in place.columns:
        place.columns = [*place.columns, column_id]
