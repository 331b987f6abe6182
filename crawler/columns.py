"""Listing one column: its first page read by the platform that it is made with, found anew where that no longer reads.

A listing that yields nothing, or far less than it used to, is read anew from the column's own page in the same crawl;
when that does not help, the column has failed, and nothing that is known is touched.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from scrapy.http import Response

from crawler import discovery, homepage, platforms
from crawler.columnstate import ColumnState
from crawler.discovery import Opened, Search
from crawler.entries import Entries
from crawler.listings import ColumnResult, Window, request_from, request_record, vanished_keys
from crawler.paging import Paging
from crawler.platforms.base import Detection, Listing, Page, PageRequest
from crawler.platforms.finder.blocks import shape
from crawler.platforms.finder.verdict import file_kind
from crawler.responses import digest, to_page
from crawler.sources.model import Column, Source
from pipelines.errors import FetchError, ListingError, UnknownNameError
from pipelines.messages import say
from pipelines.net import Network
from pipelines.storage import pages
from pipelines.storage.identity import url_key
from pipelines.storage.models import ColumnRow
from pipelines.storage.session import Database

FAR_BELOW = 0.3
"""A first page with less than this share of its usual entries is not believed at once."""
USUAL = 6
"""Entries from which on a first page's count means anything."""
ACCEPT_AFTER = 3
"""So many checks in a row with the same small list make it the new usual."""
KEPT_KEYS = 300
NONE_KNOWN = 5
"""So many entries without a known one are no busy day."""
PLAIN = frozenset({"empty-listing", "http-4xx", "http-5xx"})
"""Failures that say no more of a column that was read before than that it is another now."""

Fetch = Callable[[PageRequest, tuple[str | None, str | None] | None, str | None], Awaitable[Response]]


@dataclass(slots=True)
class ColumnCrawl:
    """One column in one crawl. `fetch` asks for a listing page and raises FetchError for anything but a page."""

    source: Source
    column: Column
    row: ColumnRow
    database: Database
    clock: Callable[[], datetime]
    fetch: Fetch
    window: Window
    networks: Sequence[Network]
    state: ColumnState = field(init=False)
    paging: Paging = field(init=False)

    def __post_init__(self) -> None:
        self.state = ColumnState(self.source, self.column, self.row, self.database, self.clock, self.window)
        entries = Entries(self.state, self.networks)
        self.paging = Paging(self.state, entries, self._page, self._read)

    @property
    def result(self) -> ColumnResult:
        """How it goes."""
        return self.state.result

    async def run(self) -> ColumnResult:
        """Lists the column.

        Raises:
            FetchError: it could not be listed; nothing known was touched.
        """
        state = self.state
        sweep = state.sweep_is_due
        opened = await self._open(conditional=not sweep and not state.wider and self.window.mode == "incremental")
        resume = state["resume"]
        if opened is not None:
            await self.paging.follow(
                opened.listing, opened.page, sweep=sweep, first=self._first_page(opened), then=resume
            )
        else:
            self.result.unchanged = True
            state.save(checked_at=self.clock(), small=None)
        if state["resume"]:
            await self.paging.resume()
        return self.result

    async def _page(self, request: PageRequest) -> Page:
        return to_page(await self.fetch(request, None, None))

    def _platform(self, name: str) -> platforms.Platform:
        if name == "selectors":
            selectors: Any = self.column.selectors  # the model is frozen, the platform's protocol is not
            return platforms.selected(selectors, self.source.timezone)
        try:
            return platforms.get(name, self.source.timezone)
        except UnknownNameError as error:
            raise FetchError(error.message, failure="configuration", url=self.column.url, cure=error.cure) from None

    def _read(self, page: Page, request: PageRequest) -> Listing:
        return self._platform(self.row.platform or "generic").read(page, request)

    # -- the first page ------------------------------------------------------------------------------------------

    async def _open(self, *, conditional: bool) -> Opened | None:
        """The first page, read; None when it is as it was last time."""
        state = self.state
        trouble: Exception | None = None
        by_selectors = self.column.selectors is not None
        same_way = self.column.platform in (None, self.row.platform) and by_selectors == (
            self.row.platform == "selectors"
        )
        if state["request"] and self.row.platform and same_way:
            request = request_from(state["request"])
            validators = (state["etag"], state["last_modified"]) if conditional else None
            try:
                response = await self.fetch(
                    request, validators if validators and any(validators) else None, state["sha256"]
                )
                if response.status == 304 or (conditional and digest(response.body) == state["sha256"]):
                    return None
                page = to_page(response)
                listing = self._read(page, request)
                if self._believable(listing):
                    return self._same_system(request, page, listing)
                trouble = ListingError(say("The list has {count} entries", count=len(listing.entries)))
            except ListingError as error:
                trouble = error
            except FetchError as error:
                if error.failure not in ("http-4xx", "redirect-loop", "too-large") or request.url == self.column.url:
                    raise
                trouble = error
        return await self._discover(trouble)

    def _same_system(self, request: PageRequest, page: Page, listing: Listing) -> Opened:
        """A page without any known entry may come from another system although it still reads well.

        It does where another family's structure shows, or where no address is even built as the known ones were.
        """
        platform = self.row.platform or "generic"
        found = Detection(platform, 1.0)
        known = set(self.state.known_keys)
        keys = [url_key(entry.url) for entry in listing.entries]
        if known and len(keys) >= NONE_KNOWN and not known.intersection(keys) and request.url == self.column.url:
            other = platforms.detect(page)
            rebuilt = not {shape(f"//{k}") for k in known} & {shape(f"//{k}") for k in keys}
            fixed = self.column.platform or self.column.selectors
            if other.platform not in (platform, "generic") or rebuilt:
                found = found if fixed else other
                self.result.changed_platform = (platform, found.platform)
        return Opened(found.platform, request, page, listing, found)

    async def _discover(self, trouble: Exception | None) -> Opened:
        """Finds out what the column is made with, from its own page."""
        page = await self._page(PageRequest(self.column.url))
        steps = discovery.discover(
            self.column.url, page, names=self._candidates, make=self._platform, accept=self._acceptable,
            refuse=self._refuse,
        )  # fmt: skip
        try:
            request = next(steps)
            while True:
                try:
                    answer = await self._page(request)
                except FetchError as error:
                    request = steps.throw(error)
                else:
                    request = steps.send(answer)
        except StopIteration as done:
            search: Search = done.value
        if search.found is not None:
            return self._accept(search.found)
        read = [opened for opened in search.read if self._has_days(opened.listing)]
        best = max(read, key=lambda opened: len(opened.listing.entries), default=None)
        if best is not None and best.listing.entries:
            return self._small_list(best)
        raise self._nothing(search, trouble)

    def _candidates(self, page: Page) -> Iterable[Detection]:
        """Platforms to try; the file's word goes before what the page looks like."""
        if self.column.selectors is not None:
            return [Detection("selectors", 1.0)]
        if self.column.platform:
            return [Detection(self.column.platform, 1.0)]
        return discovery.detected(page)

    def _refuse(self, page: Page) -> None:
        """A file or a home page is no column.

        Raises:
            FetchError: it is one of these.
        """
        url = self.column.url
        if file_kind(page) and not page.raw.startswith(b"\x1f\x8b"):
            raise FetchError(
                say("{url} is a file, not a list of publications", url=url), failure="not-a-listing", url=url
            )
        if self.row.entries_baseline or self.column.platform or self.column.selectors:
            return
        home = homepage.refusal(page) if urlsplit(page.url).path in ("", "/") else None
        if home:
            raise FetchError(home, failure="not-a-listing", url=url)

    def _believable(self, listing: Listing) -> bool:
        """Whether a first page shows what a first page of this column should."""
        if not listing.entries:
            return listing.declared_empty and not self.row.entries_baseline
        least = self.source.expect.min_entries or 0
        usual = self.row.entries_baseline or 0
        return len(listing.entries) >= least and (usual < USUAL or len(listing.entries) >= FAR_BELOW * usual)

    def _acceptable(self, listing: Listing) -> bool:
        return self._believable(listing) and self._has_days(listing)

    def _has_days(self, listing: Listing) -> bool:
        """Whether a list may stand for one that showed days: boxes of links beside an empty list show none."""
        dated = sum(entry.hints.published is not None for entry in listing.entries)
        return self.row.newest_published is None or 2 * dated >= len(listing.entries)

    def _accept(self, opened: Opened) -> Opened:
        before = self.row.platform
        if before and before != opened.platform:
            self.result.changed_platform = (before, opened.platform)
        return opened

    def _small_list(self, opened: Opened) -> Opened:
        """Entries, but far fewer than usual: believed only where some are known, or after several such checks."""
        keys = [url_key(entry.url) for entry in opened.listing.entries]
        known = set(self.state.known_keys)
        times = int(self.state["small"] or 0) + 1
        self.state.save(small=times)
        if not known.intersection(keys) and times < ACCEPT_AFTER:
            raise FetchError(
                say(
                    "{url} lists {count} entries where it used to list {usual}",
                    url=self.column.url,
                    count=len(keys),
                    usual=round(self.row.entries_baseline or self.source.expect.min_entries or 0),
                ),
                failure="layout-changed",
                url=self.column.url,
            )
        if times < ACCEPT_AFTER:
            self.result.problem = "layout-changed"
        return self._accept(opened)

    def _nothing(self, search: Search, trouble: Exception | None) -> FetchError:
        """Why nothing could be read, of a column that was read before: that it is another now."""
        url, reason = self.column.url, search.trouble
        if isinstance(trouble, FetchError) and trouble.failure != "http-4xx":
            return trouble
        home = homepage.refusal(search.page) if not self.row.entries_baseline else None
        if home:
            return FetchError(home, failure="not-a-listing", url=url)
        failure = reason.failure if reason else "empty-listing"
        if self.row.entries_baseline and self.row.platform and failure in PLAIN | {"not-a-listing"}:
            failure = "layout-changed"
        message = reason.message if reason else say("{url} shows no entries", url=url)
        return FetchError(message, failure=failure, url=url, cure=reason.cure if reason else None)

    def _first_page(self, opened: Opened) -> dict[str, Any]:
        """What is noted of the first page; reports that left it without need are looked at soon."""
        state, row = self.state, self.row
        keys = [url_key(entry.url) for entry in opened.listing.entries]
        vanished = vanished_keys(state.known_keys, keys)
        noted: dict[str, Any] = {
            "request": request_record(opened.request),
            "etag": opened.page.headers.get("etag"),
            "last_modified": opened.page.headers.get("last-modified"),
            "sha256": digest(opened.page.raw),
            "keys": keys[:KEPT_KEYS],
        }
        if state.first_time:
            noted["scope"] = state.scope.record()
        usual, count = row.entries_baseline, len(keys)
        baseline = float(count) if usual is None or int(state["small"] or 0) >= ACCEPT_AFTER else usual
        row.entries_baseline = round(baseline * 0.8 + count * 0.2, 2)
        if self.result.problem is None:
            noted["small"] = 0
        else:  # read whole until it is believed: an unchanged bad list is no good one
            noted.update(etag=None, last_modified=None, sha256=None)
        row.platform = opened.platform
        if vanished:
            with self.database.transaction() as session:
                pages.mark_due(session, self.source.id, vanished, now=self.clock())
        return noted
