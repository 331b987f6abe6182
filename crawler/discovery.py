"""Finding out what an address is made with: stubs and frames followed, the likeliest platforms tried one by one.

Pure: `discover` asks for pages and is given them, so that a crawl and a probe go the very same way.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urldefrag, urlsplit

from crawler import platforms
from crawler.platforms.base import Detection, Listing, Page, PageRequest, Platform
from crawler.platforms.finder.dom import Document
from crawler.platforms.finder.links import base_url, resolve
from crawler.platforms.finder.verdict import file_kind
from pipelines.errors import FetchError, ListingError

LIKELY = 0.3
"""A platform is tried from this confidence on."""
STUB_BYTES, STUB_LINKS, STUB_LETTERS = 65_536, 5, 400
"""A page of no more than this shows nothing of its own: it may send the browser on."""
MAX_HOPS = 2
MAX_FRAMES = 3
HARMLESS = frozenset({"http-4xx", "http-5xx", "redirect-loop", "scheme", "private-address", "empty-listing"})
"""What an address that a platform derived may answer without ending the search."""
REFRESH = re.compile(r"\s*(\d{1,4})(?:\.\d+)?\s*[;,]\s*(?:url\s*=\s*)?[\"']?([^\"'>\s]{1,500})", re.I)
LATEST = 15
"""Seconds; a page that refreshes later is a page of its own."""
SIDE_FRAME = re.compile(r"left|menu|nav|top|head|foot|bottom|banner|share|weather|tianqi|count|login|search", re.I)


@dataclass(frozen=True, slots=True)
class Opened:
    """An address's first page of entries, as one platform reads it."""

    platform: str
    request: PageRequest
    page: Page
    listing: Listing
    detection: Detection


@dataclass(slots=True)
class Search:
    """What was tried: the accepted reading is `found`; else what was read, and why the rest was not."""

    page: Page
    found: Opened | None = None
    read: list[Opened] = field(default_factory=list)
    troubles: list[tuple[bool, ListingError | FetchError]] = field(default_factory=list)
    """Whether an address was tried that the page only hints at, and what went wrong."""

    @property
    def trouble(self) -> ListingError | FetchError | None:
        """The first reason; what the page itself says comes before what a derived address says."""
        return min(self.troubles, key=lambda t: t[0])[1] if self.troubles else None


Steps = Generator[PageRequest, Page, Search]


def drive(steps: Steps, fetch: Callable[[PageRequest], Page]) -> Search:
    """Runs a search with a fetch that returns pages or raises FetchError."""
    try:
        request = next(steps)
        while True:
            try:
                page = fetch(request)
            except FetchError as error:
                request = steps.throw(error)
            else:
                request = steps.send(page)
    except StopIteration as done:
        found: Search = done.value
        return found


def detected(page: Page) -> list[Detection]:
    """Platforms to try, likeliest first; the general list finder is always among them."""
    surest = platforms.detect(page)
    others = [d for d in platforms.candidates(page) if d.confidence >= LIKELY and d.platform != surest.platform][:3]
    order = [surest, *others]
    if "generic" not in [d.platform for d in order]:
        order.append(platforms.get("generic").recognise(page))
    return order


def discover(
    url: str,
    page: Page,
    *,
    names: Callable[[Page], Iterable[Detection]],
    make: Callable[[str], Platform],
    accept: Callable[[Listing], bool],
    refuse: Callable[[Page], None],
) -> Steps:
    """Tries platforms on an address until one reads a listing that is accepted.

    Args:
        url: the column's address.
        page: what was found there.
        names: the platforms to try on a page, in order.
        make: gives a platform by its name.
        accept: whether a listing is what was looked for.
        refuse: raises for pages that are no column whatever they list.

    Raises:
        FetchError: a page could not be had, or is none that may be read.
    """
    url, page = yield from _arrived(url, page)
    refuse(page)
    search = Search(page)
    yield from _try(url, page, search, names, make, accept)
    if not any(o is search.found or o.listing.entries for o in search.read):
        for frame in list(frames(page))[:MAX_FRAMES]:
            inner = yield from _asked(PageRequest(frame), search)
            if inner is not None and inner.status < 400:
                yield from _try(frame, inner, search, names, make, accept)
            if search.read and search.read[-1] is search.found:
                break
    return search


def _arrived(url: str, page: Page) -> Generator[PageRequest, Page, tuple[str, Page]]:
    """The page that stubs of a few lines send the browser on to."""
    seen = {urldefrag(url)[0]}
    for _ in range(MAX_HOPS):
        target = sent_on(page)
        if target is None or urldefrag(target)[0] in seen:
            break
        seen.add(urldefrag(target)[0])
        url, page = target, (yield PageRequest(target))
    return url, page


def _asked(request: PageRequest, search: Search) -> Generator[PageRequest, Page, Page | None]:
    """A page that is only hinted at; None where it is not to be had."""
    try:
        return (yield request)
    except FetchError as error:
        if error.failure not in HARMLESS:
            raise
        search.troubles.append((True, error))
        return None


def _try(
    url: str,
    page: Page,
    search: Search,
    names: Callable[[Page], Iterable[Detection]],
    make: Callable[[str], Platform],
    accept: Callable[[Listing], bool],
) -> Generator[PageRequest, Page, None]:
    for detection in names(page):
        platform = make(detection.platform)
        derived = False
        try:
            first = platform.first(url, page)
            derived = (first.method, first.url, first.body) != ("GET", url, None)
            answer = (yield from _asked(first, search)) if derived else page
            if answer is None:
                continue
            listing = platform.read(answer, first)
        except ListingError as error:
            search.troubles.append((derived, error))
            continue
        opened = Opened(detection.platform, first, answer, listing, detection)
        search.read.append(opened)
        if accept(listing):
            search.found = opened
            return


def sent_on(page: Page) -> str | None:
    """Where a stub without content of its own sends the browser, by a refresh or by a script that runs at once."""
    if len(page.raw) > STUB_BYTES or file_kind(page) or page.status >= 400 or not _is_html(page):
        return None
    document = Document(page.tree)
    letters = sum(len(p.strip()) for p in document.pieces)
    links = sum(e.tag == "a" for e in document.elements)
    if letters > STUB_LETTERS or links >= STUB_LINKS or any(e.tag == "frameset" for e in document.elements):
        return None
    base = base_url(document, page.url)
    where: str | None = None
    for element in document.elements:
        if element.tag == "meta" and element.attrs.get("http-equiv", "").lower() == "refresh":
            match = REFRESH.match(element.attrs.get("content", ""))
            if match and int(match[1]) <= LATEST:
                where = match[2]
                break
    if where is None:
        outcome = document.scripts.at_once()
        where = outcome.url if outcome else None
    target = resolve(base, where) if where else None
    return target if target and urldefrag(target)[0] != urldefrag(page.url)[0] else None


def frames(page: Page) -> Iterator[str]:
    """The page's frames on its own host, those of menus and banners left out, the largest first."""
    if not _is_html(page):
        return
    document = Document(page.tree)
    base, host = base_url(document, page.url), urlsplit(page.url).hostname
    found: list[tuple[int, str]] = []
    for element in document.elements:
        if element.tag not in ("iframe", "frame") or element.hidden:
            continue
        url = resolve(base, element.attrs.get("src", ""))
        names = f"{element.attrs.get('name', '')} {element.attrs.get('id', '')} {url or ''}"
        if url is None or urlsplit(url).hostname != host or SIDE_FRAME.search(names.replace(base, "")):
            continue
        height = re.match(r"\d{1,5}", element.attrs.get("height", ""))
        if height is None or int(height[0]) >= 100 or element.attrs["height"].endswith("%"):
            found.append((-int(height[0]) if height else 0, url))
    yield from dict.fromkeys(url for _, url in sorted(found, key=lambda f: f[0]))


def _is_html(page: Page) -> bool:
    return page.raw.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"<" and not page.raw.lstrip().startswith(b"<?xml")
