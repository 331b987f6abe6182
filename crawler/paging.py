"""From a column's first page on: page after page, each stored with the place to go on from, until enough is read."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from crawler.columnstate import ColumnState
from crawler.entries import Entries
from crawler.listings import request_from, request_record
from crawler.platforms.base import Listing, Page, PageRequest
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
GONE = frozenset({"http-4xx", "redirect-loop", "soft-404", "empty-listing", "not-a-listing"})
"""What a page beyond the last one answers; a block or an outage is no end."""


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
        bodies = {digest(page.raw)}
        while True:
            state.result.pages += 1
            if page.cut:
                logger.warning("%s: %s", page.url, say("The page is too long: what stands near its end is not read"))
            flags, fresh = self.entries.take(listing.entries)
            for entry, known in zip(listing.entries, flags, strict=True):
                if not entry.pinned:
                    run = run + 1 if known else 0
            stale = 0 if fresh else stale + 1
            old = old + 1 if self.entries.all_before_window(listing.entries) else 0
            every_known = all(flags)
            more = listing.next
            if more is not None and self._enough(run, stale, old, every_known=every_known, sweep=sweep, whole=whole):
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
                self._end()  # page counts lie: a page after the last one is an end, not a failure
                return
            bodies.add(digest(page.raw))

    def _end(self) -> None:
        """The column is listed to its end."""
        self.state.save(resume=None, **self.state.listed())

    def _enough(self, run: int, stale: int, old: int, *, every_known: bool, sweep: bool, whole: bool) -> bool:
        """Whether the pages after this one need not be read."""
        state = self.state
        whole = whole or state.first_time or state.wider or state.window.mode != "incremental"
        pages = state.result.pages
        limit = state.column.max_pages or (MAX_PAGES_FIRST if whole else MAX_PAGES_AGAIN)
        if stale >= STALE_PAGES or old >= 2 or (state.column.max_pages and pages >= limit):
            return True
        if pages >= limit or len(self.entries.seen) >= MAX_ENTRIES:
            logger.warning(
                say(
                    "{url}: the list goes on after {pages} pages with {count} entries; what is older is left out",
                    url=state.column.url,
                    pages=pages,
                    count=len(self.entries.seen),
                )
            )
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
