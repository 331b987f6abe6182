"""Lists that a page's own script fetches as soon as it is loaded, where the script writes the request out."""

from __future__ import annotations

import dataclasses
import itertools
import re
from collections.abc import Iterator
from typing import ClassVar
from urllib.parse import parse_qsl, urlsplit

from crawler.platforms import records
from crawler.platforms.base import Detection, Listing, Page, PageRequest
from crawler.platforms.finder import verdict
from crawler.platforms.finder.ajax import ASKS, Ask, asked
from crawler.platforms.finder.dom import Document
from crawler.platforms.finder.find import find
from crawler.platforms.finder.links import base_url, resolve
from crawler.platforms.finder.templates import templates
from crawler.platforms.jsonlist import PAGE_KEYS, ROWS, SIZE_KEYS, JsonList, next_page

FUNCTION = re.compile(
    r"function\s+([A-Za-z_$][\w$]{0,60})\s*\(|\b([A-Za-z_$][\w$]{0,60})\s*[:=]\s*(?:async\s*)?(?:function\s*)?\([^()]{0,100}\)\s*(?:=>\s*)?\{"
)
LISTS = re.compile(r"list|query|search|page|article|news|info|doc|content|channel", re.I)
OTHERS = re.compile(
    r"click|hits?\b|count|visit|weather|login|captcha|user|comment|vote|share|stat(?:s|istics)?\b", re.I
)
"""Words of requests for something else: counters, the weather, who is logged in."""
MAX_CALLS = 20
SURE = 3
"""What speaks for a request of a list: a page's number (2), a page's size, an address that says so."""
BASE = "base"


def requests(document: Document, url: str) -> Iterator[tuple[int, Ask, str]]:
    """The requests for lists that the scripts write out: how much speaks for each, and its address."""
    text, base = document.scripts.text, base_url(document, url)
    if not ASKS.search(text):
        return
    names = {m[1] or m[2] for m in itertools.islice(FUNCTION.finditer(text), MAX_CALLS)}
    calls = [
        m[0]
        for name in sorted(names)
        for m in itertools.islice(
            re.finditer(rf"(?<![\w$.])(?<!function ){re.escape(name)}\s*\([^()]{{0,120}}\)", text), 5
        )
    ]
    direct = [text[m.start() : m.start() + 3000] for m in itertools.islice(ASKS.finditer(text), MAX_CALLS)]
    seen: set[tuple[str, str | None]] = set()
    for code in [*calls, *direct]:
        found = asked(document, [code])
        where = resolve(base, found[0].url) if found else None
        if found is None or where is None or urlsplit(where).hostname != urlsplit(url).hostname:
            continue
        ask = found[0]
        if (where, ask.body) in seen or OTHERS.search(urlsplit(where).path):
            continue
        seen.add((where, ask.body))
        keys = {records.key_of(k) for k, _ in parse_qsl(urlsplit(where).query) + parse_qsl(ask.body or "")}
        keys |= {records.key_of(k) for k in re.findall(r"\"(\w{1,40})\"\s*:", ask.body or "")}
        paged = 2 * bool(keys & set(PAGE_KEYS)) + bool(keys & set(SIZE_KEYS))
        yield paged + bool(LISTS.search(urlsplit(where).path)), ask, where


class AjaxList(JsonList):
    """A list by a request that the page's script makes; data or a piece of a page comes back."""

    name: ClassVar[str] = "ajax"

    def recognise(self, page: Page) -> Detection:
        """By a request for a list in the scripts; the page's own dated rows go before it, boxes of links do not."""
        best = self._best(page)
        if best is None:
            return Detection(self.name, 0.0)
        blocks = find(page, zone=self.zone).blocks
        shown = bool(blocks) and blocks[0].dated >= 0.5
        return Detection(self.name, 0.35 if shown or best[0] < SURE else 0.55, best[2])

    def _best(self, page: Page) -> tuple[int, Ask, str] | None:
        if page.raw.lstrip()[:1] != b"<" or not ASKS.search(page.text):
            return None
        kept: list[tuple[int, Ask, str]] | None = page.__dict__.get("_asked")
        if kept is None:
            found = find(page, zone=self.zone)
            document = found.document if found.document.elements else Document(page.tree)
            kept = page.__dict__["_asked"] = [r for r in requests(document, page.url) if r[0] >= 2]
        return max(kept, key=lambda r: r[0], default=None)

    def first(self, column_url: str, page: Page | None = None) -> PageRequest:
        """What the script asks for."""
        best = self._best(page) if page is not None else None
        if best is None or page is None:
            return PageRequest(column_url)
        _, ask, where = best
        headers = {"X-Requested-With": "XMLHttpRequest", "Referer": page.url}
        rows = templates(find(page, zone=self.zone).document.scripts.text, page.text)
        if ask.media_type:
            headers["Content-Type"] = ask.media_type
        return PageRequest(where, 1, ask.method, ask.body, headers, {BASE: page.url, ROWS: rows})

    def read(self, page: Page, request: PageRequest) -> Listing:
        """Entries and the next request.

        Raises:
            ListingError: an error body, or no rows of publications.
        """
        answer = dataclasses.replace(page, url=request.state.get(BASE, page.url))
        if page.text.lstrip("\ufeff \r\n\t")[:1] != "<":
            return super().read(answer, request)
        verdict.refuse_broken(answer)
        verdict.refuse_challenge(answer)
        found = find(answer, zone=self.zone)
        verdict.refuse_other_pages(answer, found.document, found.blocks, request.number > 1)
        if not found.entries and request.number == 1:
            verdict.refuse_error_page(answer, found.document)
        following = next_page(request) if found.entries else None
        return Listing(
            found.entries, following, found.pager.total_pages, platform=self.name, confidence=found.confidence
        )
