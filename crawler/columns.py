"""Listing one column: finds its platform, pages through it, and stops where nothing more is to be found.

A listing that yields nothing, or far less than it used to, is read anew from the column's own page in the same crawl;
when that does not help, the column has failed, and nothing that is known is touched.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

from scrapy.http import Response

from crawler import homepage, platforms
from crawler.frontier import hints_record
from crawler.listings import ColumnResult, Scope, Window, day_of, request_from, request_record, vanished_keys
from crawler.platforms.base import Entry, Listing, Page, PageRequest
from crawler.responses import digest, header, is_document, to_page
from crawler.sources.model import Column, Source
from pipelines.errors import FetchError, ListingError, NotAllowedError, UnknownNameError
from pipelines.messages import say
from pipelines.net import Network, check_url
from pipelines.storage import pages
from pipelines.storage.identity import url_key
from pipelines.storage.models import ColumnRow
from pipelines.storage.session import Database

KNOWN_RUN = 10
"""Known entries in a row after which the rest of a column is known too; pinned ones do not count."""
STALE_PAGES = 3
"""Pages in a row without an entry that this crawl has not seen: the paging is endless or runs in a circle."""
MAX_PAGES_AGAIN, MAX_PAGES_FIRST = 30, 1000
MAX_ENTRIES = 100_000
SWEEP_EVERY, SWEEP_PAGES = timedelta(days=7), 4
"""Now and then the recent pages are read whatever is known, for late insertions with an old date."""
FAR_BELOW = 0.3
"""A first page with less than this share of its usual entries is not believed at once."""
ACCEPT_AFTER = 3
"""So many checks in a row with the same small list make it the new usual."""
CHUNK = 1000
GONE = frozenset({"http-4xx", "redirect-loop"})
"""What a page beyond the last one answers."""
REFRESH = re.compile(
    r"<meta[^>]{0,80}http-equiv\s*=\s*[\"']?refresh[^>]{0,80}url\s*=\s*[\"']?([^\"'>\s]{1,500})"
    r"|location(?:\.href)?\s*=\s*[\"']([^\"']{1,500})[\"']|location\.replace\([\"']([^\"']{1,500})[\"']",
    re.I,
)

Fetch = Callable[[PageRequest, tuple[str | None, str | None] | None, str | None], Awaitable[Response]]


@dataclass(slots=True)
class Opened:
    """A column's first page, read."""

    platform: str
    request: PageRequest
    response: Response
    listing: Listing


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
    result: ColumnResult = field(default_factory=ColumnResult)
    seen: set[int] = field(default_factory=set)
    reason: ListingError | None = None
    """Why the likeliest platform could not read the column's page."""
    scope: Scope = field(init=False)
    before: Scope | None = field(init=False)
    """What the column was last listed for; None when it never was."""

    def __post_init__(self) -> None:
        self.scope = Scope.of(self.column, self.source, self.window)
        stored = self.row.state.get("scope")
        self.before = Scope.read(stored) if stored else None if self.first_time else self.scope

    @property
    def first_time(self) -> bool:
        """The column was never listed to its end: what it shows is the past, not news."""
        return not self.row.state.get("listed_at")

    @property
    def wider(self) -> bool:
        """This crawl looks for more than the column was listed for: also what is listed as it was may hold it."""
        return self.before is not None and not self.before.covers(self.scope)

    async def run(self) -> ColumnResult:
        """Lists the column.

        Raises:
            FetchError: it could not be listed; nothing known was touched.
        """
        sweep = self._sweep_is_due()
        opened = await self._open(conditional=not sweep and not self.wider and self.window.mode == "incremental")
        if opened is not None:
            await self._pages(opened, sweep)
        else:
            self.result.unchanged = True
            self._save(checked_at=self.clock())
        if opened is None and self.row.state.get("resume"):
            await self._resume()
        return self.result

    # -- the first page ------------------------------------------------------------------------------------------

    async def _open(self, *, conditional: bool) -> Opened | None:
        """The first page, read; None when it is as it was last time."""
        state = self.row.state
        trouble: Exception | None = None
        by_selectors = self.column.selectors is not None
        same_way = self.column.platform in (None, self.row.platform) and by_selectors == (
            self.row.platform == "selectors"
        )
        if state.get("request") and self.row.platform and same_way:
            request = request_from(state["request"])
            validators = (state.get("etag"), state.get("last_modified")) if conditional else None
            try:
                response = await self.fetch(
                    request, validators if validators and any(validators) else None, state.get("sha256")
                )
                if response.status == 304 or (conditional and digest(response.body) == state.get("sha256")):
                    return None
                page = to_page(response)
                listing = self._read(self.row.platform, page, request)
                if self._believable(listing):
                    opened = Opened(self.row.platform, request, response, listing)
                    self._note_fingerprint(opened, page)
                    return opened
                trouble = ListingError(say("The list has {count} entries", count=len(listing.entries)))
            except ListingError as error:
                trouble = error
            except FetchError as error:
                if error.failure not in ("http-4xx", "redirect-loop", "too-large") or request.url == self.column.url:
                    raise
                trouble = error
        return await self._discover(trouble)

    async def _discover(self, trouble: Exception | None) -> Opened:
        """Finds out what the column is made with, from its own page."""
        request = PageRequest(self.column.url)
        response = await self.fetch(request, None, None)
        response = await self._follow_refresh(response)
        page = to_page(response)
        if is_document(response):
            raise FetchError(
                say("{url} is a file, not a list of publications", url=self.column.url),
                failure="not-a-listing",
                url=self.column.url,
            )
        home = self._home_page(page)
        if home:
            raise FetchError(home, failure="not-a-listing", url=self.column.url)
        best: Opened | None = None
        for name in self._candidates(page):
            opened = await self._try(name, page, response, request)
            if opened is None:
                continue
            if self._believable(opened.listing):
                return self._accept(opened)
            if best is None or len(opened.listing.entries) > len(best.listing.entries):
                best = opened
        if best is not None and best.listing.entries:
            return self._small_list(best)
        raise self._nothing(page, trouble)

    def _candidates(self, page: Page) -> Iterator[str]:
        """Platforms to try, likeliest first; the general list finder always comes last."""
        if self.column.selectors is not None:
            yield "selectors"
            return
        if self.column.platform:
            yield self.column.platform
            return
        surest = platforms.detect(page).platform
        yield surest
        others = [d.platform for d in platforms.candidates(page) if d.confidence >= 0.3][:3]
        yield from (name for name in dict.fromkeys([*others, "generic"]) if name != surest)

    async def _try(self, name: str, page: Page, response: Response, request: PageRequest) -> Opened | None:
        try:
            platform = self._platform(name)
            first = platform.first(self.column.url, page)
            if (first.url, first.method) != (request.url, "GET") or first.body:
                response = await self.fetch(first, None, None)
                page = to_page(response)
            return Opened(name, first, response, platform.read(page, first))
        except ListingError as error:
            self.reason = self.reason or error
            return None
        except FetchError as error:
            if error.failure in ("http-4xx", "http-5xx", "redirect-loop", "scheme", "private-address"):
                return None
            raise

    def _platform(self, name: str) -> platforms.Platform:
        if name == "selectors":
            selectors: Any = self.column.selectors  # the model is frozen, the platform's protocol is not
            return platforms.selected(selectors, self.source.timezone)
        try:
            return platforms.get(name, self.source.timezone)
        except UnknownNameError as error:
            raise FetchError(error.message, failure="configuration", url=self.column.url, cure=error.cure) from None

    def _read(self, name: str, page: Page, request: PageRequest) -> Listing:
        return self._platform(name).read(page, request)

    def _believable(self, listing: Listing) -> bool:
        """Whether a first page shows what a first page of this column should."""
        if not listing.entries:
            return listing.declared_empty and not self.row.entries_baseline
        least = self.source.expect.min_entries or 0
        usual = self.row.entries_baseline or 0
        return len(listing.entries) >= least and (usual < 6 or len(listing.entries) >= FAR_BELOW * usual)

    def _accept(self, opened: Opened) -> Opened:
        before = self.row.platform
        if before and before != opened.platform:
            self.result.changed_platform = (before, opened.platform)
        return opened

    def _small_list(self, opened: Opened) -> Opened:
        """Entries, but far fewer than usual: believed only where some are known, or after several such checks."""
        keys = [url_key(entry.url) for entry in opened.listing.entries]
        known = set(self.row.state.get("keys", []))
        times = int(self.row.state.get("small", 0)) + 1
        self._save(small=times)
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

    def _note_fingerprint(self, opened: Opened, page: Page) -> None:
        """A page without any known entry may come from another system although it still reads well."""
        known = set(self.row.state.get("keys", []))
        keys = [url_key(entry.url) for entry in opened.listing.entries]
        if known and len(keys) >= 5 and not known.intersection(keys) and opened.request.url == self.column.url:
            found = platforms.detect(page)
            if found.platform not in (opened.platform, "generic"):
                self.result.changed_platform = (opened.platform, found.platform)
                opened.platform = found.platform

    def _nothing(self, page: Page, trouble: Exception | None) -> FetchError:
        if isinstance(trouble, FetchError) and trouble.failure not in ("http-4xx",):
            return trouble
        home = homepage.refusal(page) if not self.row.entries_baseline else None
        if home:
            return FetchError(home, failure="not-a-listing", url=self.column.url)
        failure = "layout-changed" if self.row.entries_baseline and self.row.platform else "empty-listing"
        return FetchError(
            self.reason.message if self.reason else say("{url} shows no entries", url=self.column.url),
            failure=failure,
            url=self.column.url,
            cure=self.reason.cure if self.reason else None,
        )

    def _home_page(self, page: Page) -> str | None:
        """A sentence with the columns found, where the address given is a bureau's home page."""
        if self.row.entries_baseline or self.column.platform or self.column.selectors:
            return None
        return homepage.refusal(page) if urlsplit(page.url).path in ("", "/") else None

    async def _follow_refresh(self, response: Response) -> Response:
        """Columns are often a stub of a few lines that sends the browser on; once is enough."""
        if len(response.body) > 4096 or is_document(response):
            return response
        match = REFRESH.search(to_page(response).text)
        if match is None:
            return response
        target = urljoin(response.url, next(group for group in match.groups() if group))
        if urldefrag(target)[0] == urldefrag(response.url)[0]:
            return response
        return await self.fetch(PageRequest(target), None, None)

    # -- paging --------------------------------------------------------------------------------------------------

    async def _pages(self, opened: Opened, sweep: bool) -> None:
        """From the first page on; each page and where to go on from it are stored together."""
        keys = [url_key(entry.url) for entry in opened.listing.entries]
        vanished = vanished_keys(self.row.state.get("keys", []), keys)
        resume = self.row.state.get("resume")
        first: dict[str, Any] = {
            "request": request_record(opened.request),
            "etag": header(opened.response, "ETag"),
            "last_modified": header(opened.response, "Last-Modified"),
            "sha256": digest(opened.response.body),
            "keys": keys[:300],
        }
        if self.first_time:
            first["scope"] = self.scope.record()
        usual, count = self.row.entries_baseline, len(keys)
        baseline = float(count) if usual is None or self.row.state.get("small", 0) >= ACCEPT_AFTER else usual
        self.row.entries_baseline = round(baseline * 0.8 + count * 0.2, 2)
        if self.result.problem is None:
            first["small"] = 0
        self.row.platform = opened.platform
        if vanished:
            with self.database.transaction() as session:
                pages.mark_due(session, self.source.id, vanished, now=self.clock())
        await self._follow(opened.listing, opened.response, sweep=sweep, first=first, then=resume)
        if self.row.state.get("resume"):
            await self._resume()

    async def _resume(self) -> None:
        """Goes on where a killed crawl stopped paging."""
        request = request_from(self.row.state["resume"])
        try:
            response = await self.fetch(request, None, None)
            listing = self._read(self.row.platform or "generic", to_page(response), request)
        except (ListingError, FetchError) as error:
            if isinstance(error, FetchError) and error.failure not in GONE:
                raise
            self._end()  # the page is gone: what it held has moved to others
            return
        await self._follow(listing, response, sweep=False, first={}, whole=True)

    async def _follow(
        self,
        listing: Listing,
        response: Response,
        *,
        sweep: bool,
        first: dict[str, Any],
        whole: bool = False,
        then: dict[str, Any] | None = None,
    ) -> None:
        """Stores page after page; `then` is where an earlier crawl still has to go on, which outlives a kill here."""
        run = stale = old = 0
        bodies = {digest(response.body)}
        while True:
            self.result.pages += 1
            flags, fresh = self._filter_and_store(listing.entries)
            for entry, known in zip(listing.entries, flags, strict=True):
                if not entry.pinned:
                    run = run + 1 if known else 0
            stale = 0 if fresh else stale + 1
            old = old + 1 if self._all_before_window(listing.entries) else 0
            every_known = all(flags)
            more = listing.next
            if more is not None and self._enough(run, stale, old, every_known=every_known, sweep=sweep, whole=whole):
                more = None
            done: dict[str, Any] = {**first, "resume": request_record(more) if more else then}
            if more is None and then is None:
                done.update(self._listed())
                if sweep or self.first_time or self.window.mode == "full":
                    done["swept_at"] = self.clock().isoformat()
            self._save(checked_at=self.clock(), changed_at=self.clock() if not every_known else None, **done)
            first = {}
            if more is None:
                return
            try:
                response = await self.fetch(more, None, None)
                if digest(response.body) in bodies:
                    raise ListingError(say("{url} shows an earlier page again", url=more.url))
                listing = self._read(self.row.platform or "generic", to_page(response), more)
            except (ListingError, FetchError) as error:
                if isinstance(error, FetchError) and error.failure not in GONE:
                    raise
                self._end()  # page counts lie: a page after the last one is an end, not a failure
                return
            bodies.add(digest(response.body))

    def _end(self) -> None:
        """The column is listed to its end."""
        self._save(resume=None, **self._listed())

    def _listed(self) -> dict[str, Any]:
        """What is noted at the end: when, and for what; a narrower look takes nothing from an earlier one."""
        asked = self.window.since or self.window.until
        scope = self.scope
        if asked and self.before is not None and not self.first_time and not scope.covers(self.before):
            scope = self.before
        return {"listed_at": self.clock().isoformat(), "scope": scope.record()}

    def _enough(self, run: int, stale: int, old: int, *, every_known: bool, sweep: bool, whole: bool) -> bool:
        """Whether the pages after this one need not be read."""
        whole = whole or self.first_time or self.wider or self.window.mode != "incremental"
        limit = self.column.max_pages or (MAX_PAGES_FIRST if whole else MAX_PAGES_AGAIN)
        if self.result.pages >= limit or stale >= STALE_PAGES or len(self.seen) >= MAX_ENTRIES or old >= 2:
            return True
        if whole:
            return False
        if sweep:
            return self.result.pages >= SWEEP_PAGES
        return run >= KNOWN_RUN or every_known

    def _sweep_is_due(self) -> bool:
        swept = self.row.state.get("swept_at")
        return swept is not None and self.clock() - datetime.fromisoformat(swept) >= SWEEP_EVERY

    # -- entries -------------------------------------------------------------------------------------------------

    def _filter_and_store(self, entries: list[Entry]) -> tuple[list[bool], int]:
        """Stores the wanted entries; for each entry whether it adds nothing new, and how many this crawl never saw."""
        flags = [True] * len(entries)
        wanted: list[tuple[int, pages.FoundEntry]] = []
        fresh = 0
        for position, entry in enumerate(entries):
            key = hash(url_key(entry.url))
            if key in self.seen:
                continue
            self.seen.add(key)
            fresh += 1
            if self._wanted(entry):
                wanted.append((position, self._found(entry)))
        for start in range(0, len(wanted), CHUNK):
            chunk = wanted[start : start + CHUNK]
            with self.database.transaction() as session:
                added = pages.add_entries(
                    session,
                    source_id=self.source.id,
                    column_id=self.row.id,
                    entries=[found for _, found in chunk],
                    now=self.clock(),
                )
            self.result.new += added.new
            for (position, _), known in zip(chunk, added.known, strict=True):
                flags[position] = known
        self.result.entries += fresh
        return flags, fresh

    def _wanted(self, entry: Entry) -> bool:
        try:
            check_url(entry.url, self.networks)
        except NotAllowedError:
            return False
        if url_key(entry.url) == url_key(self.column.url):
            return False
        return self.scope.wants(day_of(entry.hints.published), entry.hints.title)

    def _found(self, entry: Entry) -> pages.FoundEntry:
        published = day_of(entry.hints.published)
        if published is not None:
            moment = datetime(published.year, published.month, published.day, tzinfo=self.source.zone)
            if self.result.newest is None or moment > self.result.newest:
                self.result.newest = moment
        backfill = self.first_time or self._is_past(published, entry.hints.title)
        hints: dict[str, Any] = {"hints": hints_record(entry.hints), "platform": self.row.platform}
        if backfill:
            hints["backfill"] = True
        return pages.FoundEntry(entry.url, "document" if entry.document else "detail", hints)

    def _is_past(self, published: date | None, title: str | None) -> bool:
        """Whether an unknown entry was there before, unread: history asked for now, or beyond what was looked for."""
        listed = self.row.state.get("listed_at")
        if listed is None or self.before is None:
            return True
        day = datetime.fromisoformat(listed).astimezone(self.source.zone).date()
        if self.window.mode == "backfill" and (published is None or day - published > timedelta(days=7)):
            return True
        if not self.wider:
            return False
        deeper = self.before.max_pages is not None and self.before.max_pages != self.scope.max_pages
        if published is None:
            return not self.before.wants(None, title) or (deeper and self.result.pages > 1)
        return published < day and (deeper or not self.before.wants(published, title))

    def _all_before_window(self, entries: list[Entry]) -> bool:
        since = self.scope.since
        days = [day_of(entry.hints.published) for entry in entries if not entry.pinned]
        return bool(since and days) and all(day is not None and since is not None and day < since for day in days)

    def _save(self, checked_at: datetime | None = None, changed_at: datetime | None = None, **state: Any) -> None:
        """Writes the column's row; a value of None takes a key of its state away."""
        kept = {key: value for key, value in {**self.row.state, **state}.items() if value is not None}
        self.row.state = kept
        self.row.checked_at = checked_at or self.row.checked_at
        self.row.changed_at = changed_at or self.row.changed_at
        newest = self.result.newest
        if newest and (self.row.newest_published is None or newest > self.row.newest_published):
            self.row.newest_published = newest
        with self.database.transaction() as session:
            session.merge(self.row)
