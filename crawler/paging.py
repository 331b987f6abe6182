"""From a column's first page on: page after page, each stored with the place to go on from, until enough is read."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from crawler.columnstate import ColumnState
from crawler.entries import Entries
from crawler.listings import day_of, request_from, request_record
from crawler.platforms.base import Entry, Listing, Page, PageRequest
from crawler.platforms.finder import loadmore
from crawler.responses import digest
from pipelines.errors import FetchError, ListingError
from pipelines.messages import say

logger = logging.getLogger(__name__)

KNOWN_RUN = 10
"""Known entries in a row after which the rest of a column is known too; pinned ones do not count."""
STALE_PAGES = 3
"""Pages in a row without an entry that this crawl has not seen: the paging is endless or runs in a circle."""
MAX_PAGES_AGAIN, MAX_PAGES_FIRST = 30, 1000
MAX_ENTRIES = 100_000
SWEEP_PAGES = 4
ASTRAY = 50
"""Pages in a row that lead nowhere new in time, beyond the count that the list states, after which it is endless."""
TELLING = 3
"""So many different rows make a page known by what it shows: batches of one title and day are alike and yet new."""
OLDEST, AHEAD = date(1949, 1, 1), timedelta(days=730)
GONE = frozenset({"http-4xx", "redirect-loop", "soft-404", "empty-listing", "not-a-listing"})
"""What a page beyond the last one answers; a block or an outage is no end."""


@dataclass(slots=True)
class Course:
    """Where a list's pages lead: to what was shown before, to new rows, or ever on."""

    shown: set[int] = field(default_factory=set)
    earliest: date | None = None
    latest: date | None = None
    astray: int = 0
    """Pages in a row whose days lie within those of the pages before, or where no publication can lie."""

    def repeats(self, entries: list[Entry]) -> bool:
        """Whether a page shows the same titles and days as an earlier one, whatever their addresses are."""
        rows = tuple((e.hints.title, day_of(e.hints.published)) for e in entries)
        if len(set(rows)) < TELLING:
            return False
        known = hash(rows) in self.shown
        self.shown.add(hash(rows))
        return known

    def follow(self, entries: list[Entry], today: date) -> None:
        """Takes a page's middle day: a list goes back in time, or forward, but not to and fro for ever."""
        days = sorted(d for e in entries if not e.pinned and (d := day_of(e.hints.published)))
        if not days:
            return
        middle = days[len(days) // 2]
        possible = OLDEST <= middle <= today + AHEAD
        if self.earliest is None or self.latest is None:
            self.earliest = self.latest = middle
        elif possible and (middle < self.earliest or middle > self.latest):
            self.astray = 0
            self.earliest, self.latest = min(self.earliest, middle), max(self.latest, middle)
        elif not possible or self.earliest < middle < self.latest:
            self.astray += 1


@dataclass(slots=True)
class Paging:
    """The pages of one column in one crawl. `fetch` raises FetchError for anything but a page."""

    state: ColumnState
    entries: Entries
    fetch: Callable[[PageRequest], Awaitable[Page]]
    read: Callable[[Page, PageRequest], Listing]

    async def resume(self) -> None:
        """Goes on where a killed crawl stopped."""
        request = request_from(self.state["resume"])
        try:
            page = await self.fetch(request)
            listing = self.read(page, request)
        except (ListingError, FetchError) as error:
            _reraise(error)
            self._end()  # the page is gone: what it held has moved to others
            return
        await self.follow(listing, page, sweep=False, first={}, whole=True)

    async def follow(
        self,
        listing: Listing,
        page: Page,
        *,
        sweep: bool,
        first: dict[str, Any],
        whole: bool = False,
        then: dict[str, Any] | None = None,
    ) -> None:
        """Stores page after page; `then` is where an earlier crawl still has to go on, which outlives a kill here."""
        state = self.state
        run = stale = old = 0
        course = Course()
        bodies = {digest(page.raw)}
        while True:
            state.result.pages += 1
            flags, fresh = self.entries.take(listing.entries)
            for entry, known in zip(listing.entries, flags, strict=True):
                if not entry.pinned:
                    run = run + 1 if known else 0
            stale = 0 if fresh and not course.repeats(listing.entries) else stale + 1
            course.follow(listing.entries, state.clock().date())
            old = old + 1 if self.entries.all_before_window(listing.entries) else 0
            every_known = all(flags)
            more = listing.next
            if more is not None and self._enough(run, stale, old, every_known=every_known, sweep=sweep, whole=whole):
                more = None
            if more is not None and course.astray >= ASTRAY and state.result.pages >= (listing.total_pages or 0):
                self._left_out()
                more = None
            done: dict[str, Any] = {**first, "resume": request_record(more) if more else then}
            if more is None and then is None:
                done.update(state.listed())
                if sweep or state.first_time or state.window.mode == "full":
                    done["swept_at"] = state.clock().isoformat()
            now = state.clock()
            state.save(checked_at=now, changed_at=None if every_known else now, **done)
            first = {}
            if more is None:
                return
            try:
                page = await self.fetch(more)
                if digest(page.raw) in bodies:
                    raise ListingError(say("{url} shows an earlier page again", url=more.url))
                listing = self.read(page, more)
            except (ListingError, FetchError) as error:
                _reraise(error)
                if loadmore.KEY in more.state and state.result.pages == 1:
                    logger.warning(
                        say(
                            "{url}: further rows are loaded by a script, and its request gives none ({reason})",
                            url=state.column.url,
                            reason=error.message,
                        )
                    )
                self._end()  # page counts lie: a page after the last one is an end, not a failure
                return
            bodies.add(digest(page.raw))

    def _end(self) -> None:
        """The column is listed to its end."""
        self.state.save(resume=None, **self.state.listed())

    def _left_out(self) -> None:
        """Says that the list goes on."""
        logger.warning(
            say(
                "{url}: the list goes on after {pages} pages with {count} entries; what is older is left out",
                url=self.state.column.url,
                pages=self.state.result.pages,
                count=len(self.entries.seen),
            )
        )

    def _enough(self, run: int, stale: int, old: int, *, every_known: bool, sweep: bool, whole: bool) -> bool:
        """Whether the pages after this one need not be read."""
        state = self.state
        whole = whole or state.first_time or state.wider or state.window.mode != "incremental"
        pages = state.result.pages
        limit = state.column.max_pages or (MAX_PAGES_FIRST if whole else MAX_PAGES_AGAIN)
        if stale >= STALE_PAGES or old >= 2 or (state.column.max_pages and pages >= limit):
            return True
        if pages >= limit or len(self.entries.seen) >= MAX_ENTRIES:
            self._left_out()
            return True
        if whole:
            return False
        if sweep:
            return pages >= SWEEP_PAGES
        return run >= KNOWN_RUN or every_known


def _reraise(error: ListingError | FetchError) -> None:
    """Raises what is no end of a list."""
    if error.failure not in GONE:
        raise (
            error
            if isinstance(error, FetchError)
            else FetchError(error.message, failure=error.failure, cure=error.cure)
        ) from None
