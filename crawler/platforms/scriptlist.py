"""Lists that a page carries as data in its script: Jiangxi's `articleList` (more by `/queryList`), `var x = [{…}]`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, ClassVar
from urllib.parse import urlencode, urljoin

from crawler.platforms import records
from crawler.platforms.base import Detection, Entry, Listing, Page, PageRequest
from crawler.platforms.finder import verdict
from crawler.platforms.finder.script import MAX_BODY, UnknownError, block
from crawler.platforms.finder.templates import filled, telling, templates
from crawler.platforms.htmllist import live_html
from crawler.platforms.jsliteral import LiteralError, literal_at
from crawler.platforms.jsonlist import JsonList
from pipelines.errors import ListingError
from pipelines.messages import say

ARRAY = re.compile(
    r"(?:\barticleList[\"']?\s*:|(?:var|let|const)\s+\w{1,60}\s*=|[\"']?(?:list|items|records|rows|data|articles|results|docs|documents|posts|news|\w{1,20}List)[\"']?\s*:)\s*(?=\[\s*[\[{])"
)
FILLED = re.compile(
    r"\b(\w{1,40})\s*(?:\[\s*\w{1,20}(?:\.length|\+\+)?\s*\]\s*=\s*|\.push\s*\(\s*)(?:new\s+Array\s*(?=\()|(?=[\[{]))"
)
MAX_ROWS = 5000
FEW = 3
"""Fewer records under a common name are no list."""
COLUMN = re.compile(r"/([\w-]{2,60})/col/(col\d+)/")
SIZE = 15


def _arrays(html: str) -> Iterator[tuple[str, list[records.Record]]]:
    """Arrays of objects; arrays of arrays and arrays filled row by row, whose places become names."""
    for match in list(ARRAY.finditer(html))[:60]:
        try:
            data = literal_at(html, match.end())
        except LiteralError:
            continue
        if isinstance(data, list):
            yield match[0], [r for r in data if isinstance(r, dict)] or _named(data)
    filled: dict[str, list[Any]] = {}
    for match in list(FILLED.finditer(html))[:MAX_ROWS]:
        try:
            at = match.end()
            text = f"[{block(html, at)}]" if html[at] == "(" else html[at : at + MAX_BODY]
            filled.setdefault(match[1], []).append(literal_at(text, 0))
        except (LiteralError, UnknownError):
            continue
    for name, rows in filled.items():
        yield f"{name}[]", [r for r in rows if isinstance(r, dict)] or _named(rows)


def _named(rows: list[Any]) -> list[records.Record]:
    return [{f"place{n}": v for n, v in enumerate(row)} for row in rows if isinstance(row, list)]


def array_in(page: Page) -> tuple[str, list[records.Record], records.Mapping] | None:
    """The array of publications in the page's scripts, and the name before it."""
    html = live_html(page)
    best: tuple[float, str, list[records.Record], records.Mapping] | None = None
    for name, rows in _arrays(html):
        if not rows or (len(rows) < FEW and "articleList" not in name):
            continue  # what a report's page says of its neighbours
        mapping = records.Mapping(rows)
        if mapping.title and mapping.dates and not mapping.url and (pattern := telling(templates(html), rows)):
            rows = [{**row, "url": urljoin(page.url, filled(pattern, row) or "")} for row in rows]
            mapping = records.Mapping(rows)
        if not (mapping.title and mapping.url and mapping.dates) or mapping.fit < 0.8:
            continue
        weight = mapping.fit * len(rows) * (3 if "articleList" in name else 1)
        if best is None or weight > best[0]:
            best = (weight, " ".join(name.split())[:40], rows, mapping)
    return best[1:] if best else None


class ScriptList(JsonList):
    """Data in the page's script first, then `/queryList`."""

    name: ClassVar[str] = "articlelist"

    def recognise(self, page: Page) -> Detection:
        """By the array, and by the answer of `/queryList`."""
        text = page.text
        if text.lstrip()[:1] == "{":
            return Detection(self.name, 0.9 if page.url.rstrip("/").endswith("/queryList") else 0.0, "queryList")
        if "articleList" not in text and not ARRAY.search(text) and not FILLED.search(text):
            return Detection(self.name, 0.0)
        found = array_in(page)
        if found is None:
            return Detection(self.name, 0.0)
        sure = 0.95 if "articleList" in found[0] else 0.6
        return Detection(
            self.name, sure, say("{count} records in the script ({name})", count=len(found[1]), name=found[0])
        )

    def read(self, page: Page, request: PageRequest) -> Listing:
        """Entries and the next request.

        Raises:
            ListingError: neither data in a script nor an answer with records.
        """
        if page.text.lstrip()[:1] == "{":
            return super().read(page, request)
        verdict.refuse_broken(page)
        found = array_in(page)
        if found is None:
            verdict.refuse_challenge(page)
            raise ListingError(say("The page's script carries no list"))
        _, rows, mapping = found
        entries: dict[str, Entry] = {}
        for row in rows:
            entry = records.entry_of(row, mapping, page.url, self.zone)
            if entry is not None:
                entries.setdefault(entry.url, entry)
        if not entries:
            raise ListingError(say("The records have no address of a page"))
        total = self._count(page, list(entries))
        following = self._query(page, request, list(entries), len(rows), total)
        pages = -(-total // len(rows)) if total else None
        return Listing(list(entries.values()), following, pages, total, self.name)

    @staticmethod
    def _channel(urls: list[str]) -> tuple[str, str] | None:
        """Site code and channel code, as the entries' addresses have them."""
        match = COLUMN.search(urls[0]) if urls else None
        return (match[1], match[2]) if match else None

    def _count(self, page: Page, urls: list[str]) -> int | None:
        """The channel's `articleCount`, which the page's menu data states."""
        channel = self._channel(urls)
        if channel is None:
            return None
        for match in re.finditer(rf"[\"']?code[\"']?\s*:\s*[\"']{channel[1]}[\"']", page.text):
            near = page.text[match.start() : match.start() + 600]
            if count := re.search(r"[\"']?articleCount[\"']?\s*:\s*(\d{1,7})", near):
                return int(count[1])
        return None

    def _query(
        self, page: Page, request: PageRequest, urls: list[str], count: int, total: int | None
    ) -> PageRequest | None:
        """The second page by `/queryList`, as large as the first."""
        channel = self._channel(urls)
        if channel is None or not total or total <= count:
            return None
        form = {
            "current": "2",
            "pageSize": str(count),
            "webSiteCode[]": channel[0],
            "channelCode[]": channel[1],
            "sort": "sortNum",
            "order": "desc",
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8", "Referer": page.url}
        return PageRequest(
            urljoin(page.url, "/queryList"),
            request.number + 1,
            "POST",
            urlencode(form),
            headers,
            {"total": total, "size": count},
        )

    def following(self, request: PageRequest, data: Any, count: int) -> PageRequest | None:
        """By the counts of the answer, or the total that the page told."""
        claimed = records.totals(data)
        total = claimed.get("entries") or request.state.get("total")
        size = int(request.state.get("size") or SIZE)
        if not count or (total and request.number * size >= total):
            return None
        from crawler.platforms.jsonlist import next_page

        return next_page(request)
