"""Saving one read page: report, revision, figures, events, deliveries and page state, in the caller's transaction.

Every place of a report (its address in each source) is watched on its own: what it showed last is kept by hash, so that
a mirror that lags behind, a copy with its own last line, or a page read twice in one crawl never looks like a change.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from pipelines import revisions
from pipelines.errors import AnotherPageError, ReadError
from pipelines.items import FetchedPage, to_record
from pipelines.lifecycle import is_broken, is_tampered
from pipelines.messages import say
from pipelines.storage import doubt, files, fresh, furniture, places, presence
from pipelines.storage.cleaning import scrub
from pipelines.storage.figures import replace_indicators
from pipelines.storage.identity import body_hash, title_key, titles_agree, url_key
from pipelines.storage.matching import find_elsewhere, find_place, find_report, is_placed
from pipelines.storage.models import CaptureRow, EventRow, PageRow, PlaceRow, ReportRow, RevisionRow
from pipelines.storage.outbox import raise_event
from pipelines.storage.restatements import raise_restatements
from pipelines.storage.search import index_report
from pipelines.storage.session import serialise

PAGE = fresh.PAGE
PAGE_READ = update(PAGE).where(PAGE.c.id == bindparam("page"))
LOOKED_AT, FIT = 12, 3
"""Captures of a page that are read again after an upgrade, and how many that fit are enough."""
Reread = Callable[[int], dict[str, Any] | None]
"""Reads an archived capture (by id) with this program's version; None when it is gone."""


def save_report(session: Session, item: FetchedPage, now: datetime, *, reread: Reread | None = None) -> list[EventRow]:
    """Saves a read page; returns the events that it gave rise to, none for most.

    Args:
        now: when the crawl read it (UTC).
        reread: how to tell a change of the page from a change of this program; without it a reading by another
            version than the last one is never taken as a change.

    Raises:
        ReadError: the reading is broken or leads to another report's page; nothing was written.
    """
    if item.report is None or is_broken(item.report.flags):
        raise ReadError(say("The page {url} was not read whole", url=item.url))
    serialise(session)
    record = scrub(to_record(item.report))
    key = url_key(item.final_url or item.url)
    report: ReportRow | None = None
    if is_placed(session, key, url_key(item.url)):
        place = _place_of(session, item, record)
        if place is not None:
            return _Known(session, item, record, now, place.report, place, reread).save()
        report = find_elsewhere(session, key)
    report = report or find_report(session, item.source_id, record)
    if doubt.promises_more(session, item, record):
        raise ReadError(say("The page {url} was not read whole", url=item.url))
    if report is None:
        return _save_new(session, item, record, now)
    return _Known(session, item, record, now, report, None, reread).save()


def save_unchanged(session: Session, item: FetchedPage, now: datetime) -> list[EventRow]:
    """Saves the files of a page that is as it was: one of them may be another one under the same address."""
    serialise(session)
    page = session.get(PageRow, item.page_id) if item.page_id else None
    if page is None or page.report_id is None:
        return []
    place = find_place(session, page.source_id, page.url_key) or session.scalar(
        select(PlaceRow).where(PlaceRow.page_id == page.id).limit(1)
    )
    if place is None:
        return []
    saver = _Known(session, item, {}, now, place.report, place, None)
    return saver.save_files_only(page)


def _place_of(session: Session, item: FetchedPage, record: dict[str, Any]) -> PlaceRow | None:
    final, asked = url_key(item.final_url or item.url), url_key(item.url)
    place = find_place(session, item.source_id, final)
    if place is not None or final == asked:
        return place
    place = find_place(session, item.source_id, asked)
    if place is not None and not titles_agree(place.report.title, record.get("title")):
        raise ReadError(say("The page {url} now leads to another page", url=item.url))
    return place


def _save_new(session: Session, item: FetchedPage, record: dict[str, Any], now: datetime) -> list[EventRow]:
    tampered = is_tampered(record["flags"])
    content = revisions.content_hash(record)
    report = ReportRow(
        source_id=item.source_id,
        url=item.final_url or item.url,
        state="tampered" if tampered else "live",
        backfill=item.backfill,
        flags=[],
        revision=1,
        first_seen_at=now,
        last_seen_at=now,
        last_changed_at=now,
    )
    fill(report, record)
    report.indicator_count = len(record["indicators"]) + sum(len(document.indicators) for document in item.documents)
    page = fresh.page_of(session, item)
    fresh.insert_report(session, report)
    fresh.insert_place(session, item, page, report, now, tampered=tampered, content_hash=None if tampered else content)
    saved = files.save_files(session, report, item.documents, now)
    whole = files.with_files(session, report.id, record)
    kind = "tampered" if tampered else "first"
    fresh.insert_first(session, item, report, whole, now, kind=kind, content_hash=content)
    replace_indicators(session, report.id, None, record["indicators"], report.publisher, fresh=True)
    index(session, report, record, saved.texts, fresh=True)
    note_page(session, item, page, report, now)
    details = {
        "backfill": item.backfill,
        "places": [{"source": item.source_id, "url": report.url}],
        "published": record["published"],
        "title": record["title"],
        "indicators": report.indicator_count,
    }
    common: dict[str, Any] = {"now": now, "report": report, "crawl_id": item.crawl_id}
    events = raise_event(session, type="report.new", key=f"new:{report.id}", details=details, **common)
    if tampered:
        events += presence.raise_tampered(session, report, record, item, now, backfill=item.backfill)
        return events
    return events + raise_restatements(session, report, now, crawl_id=item.crawl_id, backfill=item.backfill)


class _Known:
    """One reading of a report that is known, by a place that may be new."""

    def __init__(
        self,
        session: Session,
        item: FetchedPage,
        record: dict[str, Any],
        now: datetime,
        report: ReportRow,
        place: PlaceRow | None,
        reread: Reread | None,
    ) -> None:
        self.session, self.item, self.record, self.now, self.report = session, item, record, now, report
        self.reread = reread
        self.new_place = place is None
        self.place = place or places.add_place(session, item, report, now)
        self.seen_before = self.place.seen_at
        self.hash = revisions.content_hash(record) if record else ""
        self.events: list[EventRow] = []
        self.apart = False
        """The place does not show what the report shows: a copy, or one that lags behind."""
        self.came_home = False
        """Whether only copies of the report were read before."""
        self.waits = False
        """Whether the change is the template's or the bureau's is told by the next check."""

    def save_files_only(self, page: PageRow) -> list[EventRow]:
        """The page is as it was; its files are looked at."""
        self.place.seen_at = self.report.last_seen_at = self.now
        self.events += presence.note_present(self.session, self.report, self.place, self.item.crawl_id, self.now)
        if not self.place.tampered:
            self._files()
        self.place.crawl_id = self.item.crawl_id
        page.state, page.failure, page.attempts, page.fetched_at = "done", None, 0, self.now
        page.due_at = presence.due_after(self.report, page.found_at, page.url_key, self.now)
        self.session.flush()
        return self.events

    def save(self) -> list[EventRow]:
        report, place, item, now = self.report, self.place, self.item, self.now
        self._refuse_another_page()
        again = item.crawl_id is not None and place.crawl_id == item.crawl_id and not self.new_place
        place.seen_at, place.page_id = now, item.page_id or place.page_id
        if item.column_id is not None and item.column_id not in place.columns:
            place.columns = [*place.columns, item.column_id]
        report.last_seen_at = now
        self.events += presence.note_present(self.session, report, place, item.crawl_id, now)
        if is_tampered(self.record["flags"]):
            self.events += presence.note_tampered(self.session, report, place, self.record, item, now)
        else:
            presence.note_clean(self.session, report, place)
            if again and self.hash != place.content_hash and place.content_hash is not None:
                self.waits = True  # read twice in one check and not the same: the next check tells
            else:
                self._content()
                self._files()
        place.crawl_id = item.crawl_id
        note_page(self.session, item, fresh.page_of(self.session, item), report, now)
        if self.waits and item.page_id:
            furniture.leave_due(self.session, item.page_id, now)
            place.seen_at = self.seen_before  # what waits is not saved: after an upgrade it must still be told
        self.session.flush()
        if any(event.type in ("report.revised", "attachment.changed") for event in self.events):
            self.events += raise_restatements(self.session, report, now, crawl_id=item.crawl_id)
        return self.events

    def _refuse_another_page(self) -> None:
        """What has nothing to do with the report says nothing of it, not even that it is there."""
        if self.new_place or self.hash == self.place.content_hash:
            return
        if is_tampered(self.record["flags"]) and self.place.missing_since is None:
            return  # strangers may have replaced all of a page
        own = self._record_of(self.place)
        if own is None or self.item.document:
            return
        if not revisions.another_page(own, self.record, doubt.source_of(self.item), self.item.hints.title):
            return
        raise AnotherPageError(say("Under {url} stands another page now", url=self.item.url))

    def _content(self) -> None:
        place, current = self.place, self._current()
        if self.hash == place.content_hash:
            return
        if "truncated" in self.record["flags"] and "truncated" not in current.record["flags"]:
            raise ReadError(say("The page {url} was not read whole", url=self.item.url))
        own = self._record_of(place) if place.content_hash else None
        at_current, was = place.content_hash == current.content_hash, place.content_hash
        self.apart = place.record is not None or place.source_id != self.report.source_id or not at_current
        place.content_hash = self.hash
        if current.kind == "tampered":  # all that was seen so far was a stranger's: this is the first clean reading
            place.record = None
            self._revise("content", self.record, [])
        elif self.new_place or own is None:
            self._first_sight(current)
        elif self.hash == current.content_hash:
            place.record = None
        elif not at_current and place.record is None and self._was_revision():
            return  # a mirror that lags behind
        else:
            self._change(current, own)
        if self.waits:
            place.content_hash = was

    def _first_sight(self, current: RevisionRow) -> None:
        """A copy or a moved page is joined without a word; the original's own words take the place of a copy's."""
        self.came_home = places.is_first_at_home(self.session, self.report, self.place)
        if self.hash == current.content_hash or self.came_home:
            self.place.record = None
        else:
            self.place.record = self.record
        if self.came_home:
            places.keep_as_copy(self.session, self.report, current, self.record)
            if self.hash != current.content_hash:
                self._revise("filled", self.record, [])

    def _change(self, current: RevisionRow, own: dict[str, Any]) -> None:
        if own.get("extraction_version") != self.record["extraction_version"]:
            compared = [(revisions.compare(read, self.record), read) for read in self._rereadings(own)]
            if not compared or not all(changes for changes, _ in compared):
                self._absorb(current, self.record, "reextraction")
                return
            own = min(compared, key=lambda one: len(one[0]))[1]
        changes = revisions.compare(own, self.record)
        real = [c for c in changes if not c.pop("filled", False) or self._bureau_filled(c["field"])]
        if self.apart:
            real = revisions.news_only(real, current.record)
        if not real:
            self._absorb(current, self.record, "filled" if changes else "")
            return
        if [c["field"] for c in real] == ["body"]:
            whose = furniture.judge(self.session, self.item, self.report, own, self.record, self.now)
            if whose == "template":
                self._absorb(current, self.record, "")
                return
            self.waits = whose == "wait"
            if self.waits:
                return
        if not self.apart:
            after = revisions.keep_stated(current.record, self.record)
        else:
            after = revisions.merge(current.record, self.record, real)
            self.place.record = self.record
        number = self._revise("content", after, real)
        self.events += raise_event(
            self.session,
            type="report.revised",
            key=f"revised:{self.report.id}:{number}",
            now=self.now,
            report=self.report,
            source_id=self.place.source_id,
            crawl_id=self.item.crawl_id,
            details={
                "changes": real,
                "revision": number,
                "title": after.get("title"),
                "url": self.place.url,
            },
        )

    def _absorb(self, current: RevisionRow, record: dict[str, Any], kind: str) -> None:
        """A reading that is worded otherwise and says nothing new: kept for the place, told to nobody."""
        if kind and not self.apart:
            self._revise(kind, revisions.keep_stated(current.record, record), [])
        else:
            self.place.record = record

    def _current(self) -> RevisionRow:
        row = self.session.scalar(
            select(RevisionRow)
            .where(RevisionRow.report_id == self.report.id)
            .order_by((RevisionRow.kind == "tampered"), RevisionRow.number.desc())
            .limit(1)
        )
        assert row is not None  # noqa: S101 - a report is never without a revision
        return row

    def _record_of(self, place: PlaceRow) -> dict[str, Any] | None:
        if place.record is not None:
            return place.record
        return self.session.scalar(
            select(RevisionRow.record)
            .where(RevisionRow.report_id == self.report.id, RevisionRow.content_hash == place.content_hash)
            .order_by((RevisionRow.kind == "tampered"), RevisionRow.number.desc())
            .limit(1)
        )

    def _was_revision(self) -> bool:
        found = self.session.scalar(
            select(RevisionRow.id)
            .where(RevisionRow.report_id == self.report.id, RevisionRow.content_hash == self.hash)
            .limit(1)
        )
        return found is not None

    def _rereadings(self, own: dict[str, Any]) -> list[dict[str, Any]]:
        """What this version of the program reads from the last captures of this place's page, the newest first.

        A copy's are its own, not those of the report's home. What was no version of the report is left out, and what
        was archived by a crawl that did not come to save it: its change is still to be told.
        """
        if self.reread is None:
            return []
        captures = self.session.scalars(
            select(CaptureRow.id)
            .where(CaptureRow.url == self.item.url, CaptureRow.status == 200)
            .where(CaptureRow.id != (self.item.capture_id or 0), CaptureRow.fetched_at <= self.seen_before)
            .order_by(CaptureRow.id.desc())
            .limit(LOOKED_AT)
        ).all()
        found: list[dict[str, Any]] = []
        for capture in captures:
            record = self.reread(capture)
            unfit = record is None or is_broken(record["flags"]) or is_tampered(record["flags"])
            if record is not None and not unfit and not revisions.another_page(own, record, ""):
                found.append(record)
            if len(found) == FIT:
                break
        return found

    def _bureau_filled(self, field: str) -> bool:
        """Whether the site stated the field elsewhere when this page did not: then the bureau filled it in.

        Otherwise the site's template came to show it, on all pages, which happened to no report; the same value on all
        pages is the template's as well.
        """
        rows = self.session.scalars(
            select(RevisionRow.record[field].as_string())
            .join(ReportRow, ReportRow.id == RevisionRow.report_id)
            .where(
                ReportRow.source_id == self.report.source_id,
                ReportRow.id != self.report.id,
                RevisionRow.kind == "first",
                RevisionRow.at <= self.report.last_changed_at,
            )
            .order_by(RevisionRow.id.desc())
            .limit(10)
        ).all()
        stated = [value for value in rows if value not in (None, "", "null")]
        return field != "validity" and 2 * len(stated) > len(rows) and set(stated) != {self.record.get(field)}

    def _revise(self, kind: str, record: dict[str, Any], changes: list[dict[str, Any]]) -> int:
        number = next_number(self.session, self.report.id)
        if kind in ("content", "attachment"):
            self.report.last_changed_at = self.now
        self.report.revision = number
        self.session.add(
            RevisionRow(
                report_id=self.report.id,
                number=number,
                kind=kind,
                at=self.now,
                record=files.with_files(self.session, self.report.id, record),
                changes=changes,
                content_hash=self.hash if self.place.record is None else revisions.content_hash(record),
                extraction_version=record["extraction_version"],
                capture_id=self.item.capture_id,
                crawl_id=self.item.crawl_id,
            )
        )
        fill(self.report, record)
        replace_indicators(self.session, self.report.id, None, record.get("indicators") or [], self.report.publisher)
        self.report.indicator_count = files.count_indicators(self.session, self.report.id)
        index(self.session, self.report, record, files.texts(self.session, self.report.id))
        return number

    def _files(self) -> None:
        if self.place.source_id != self.report.source_id or (self.new_place and not self.came_home):
            return  # a copy's files have addresses of their own
        saved = files.save_files(self.session, self.report, self.item.documents, self.now)
        if saved.touched:
            self.report.indicator_count = files.count_indicators(self.session, self.report.id)
        for swapped in saved.swapped:
            current = self._current().record
            number = self._revise_files(current)
            self.events += raise_event(
                self.session,
                type="attachment.changed",
                key=f"attachment:{swapped['attachment']}:{number}",
                now=self.now,
                report=self.report,
                source_id=self.place.source_id,
                crawl_id=self.item.crawl_id,
                details={**swapped, "revision": number, "title": self.report.title},
            )
        if saved.touched and not saved.swapped:
            index(self.session, self.report, self._current().record, files.texts(self.session, self.report.id))

    def _revise_files(self, record: dict[str, Any]) -> int:
        kept = self.hash
        self.hash = revisions.content_hash(record)
        number = self._revise("attachment", record, [])
        self.hash = kept
        return number


def next_number(session: Session, report_id: int) -> int:
    """The number of a report's next revision."""
    newest = session.scalar(
        select(RevisionRow.number)
        .where(RevisionRow.report_id == report_id)
        .order_by(RevisionRow.number.desc())
        .limit(1)
    )
    return (newest or 0) + 1


def fill(report: ReportRow, record: dict[str, Any]) -> None:
    """Repeats a record's fields in the report's row."""
    report.title = record.get("title")
    report.title_key = title_key(record.get("title"))
    report.published = (record.get("published") or "")[:32] or None
    report.index_number = (record.get("index_number") or "")[:200] or None
    report.document_number = (record.get("document_number") or "")[:200] or None
    report.publisher = (record.get("publisher") or "")[:200] or None
    report.language = (record.get("language") or "")[:16] or None
    report.body_hash = body_hash(record.get("body") or "")
    report.flags = list(record.get("flags") or [])


def index(
    session: Session, report: ReportRow, record: dict[str, Any], texts: list[str], *, fresh: bool = False
) -> None:
    """Brings the text index in line with a report."""
    body = "\n".join([record.get("body") or "", *texts])
    index_report(session, report.id, title=report.title, publisher=report.publisher, body=body, fresh=fresh)


def note_page(session: Session, item: FetchedPage, page: fresh.Stated | None, report: ReportRow, now: datetime) -> None:
    """The page is read: its report, its validators, and when it is due again."""
    if page is None:
        return
    headers = {k.lower(): v for k, v in item.headers.items()}
    values = {
        "state": "done",
        "failure": None,
        "attempts": 0,
        "report_id": report.id,
        "fetched_at": now,
        "sha256": hashlib.sha256(item.raw).hexdigest(),
        "etag": (headers.get("etag") or "")[:500] or None,
        "last_modified": (headers.get("last-modified") or "")[:80] or None,
        "due_at": presence.due_after(report, page.found_at, page.url_key, now),
    }
    session.connection().execute(PAGE_READ, {"page": item.page_id, **values})
