"""sitemap.xml and sitemap indexes, gzip too. `lastmod` is only a hint: it is never taken as a publication date."""

from __future__ import annotations

import gzip
import io
import re
from typing import ClassVar
from urllib.parse import urlsplit

from crawler.platforms.base import Detection, Entry, Listing, Page, PageRequest
from crawler.platforms.feed import local, xml_root
from crawler.platforms.finder import verdict
from crawler.platforms.finder.links import OTHER_FILES, extension, is_document, resolve
from pipelines.errors import ListingError
from pipelines.items import Hints
from pipelines.messages import say

MAX_BYTES = 64 * 1024 * 1024
MAX_URLS = 50_000
MAX_MAPS = 500
COLUMN = re.compile(r"/(?:index|list|default)?(?:_\d+)?(?:\.\w{2,5})?$|/(?:tag|category|search|login)s?/", re.I)


def unzipped(page: Page) -> Page:
    """The page, gunzipped within limits when its bytes are gzip.

    Raises:
        ListingError: broken gzip, or more than 64 MB inside.
    """
    if not page.raw.startswith(b"\x1f\x8b"):
        return page
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(page.raw)) as file:
            raw = file.read(MAX_BYTES + 1)
    except (OSError, EOFError) as error:
        raise ListingError(say("The gzip file cannot be read: {reason}", reason=str(error)[:100])) from None
    if len(raw) > MAX_BYTES:
        raise ListingError(say("The gzip file holds more than {limit} MB", limit=MAX_BYTES // 1024 // 1024))
    return Page(page.url, raw, page.status, "application/xml", None, page.headers)


class Sitemap:
    """Sitemaps; the maps of an index are read one after another, the newest first."""

    name: ClassVar[str] = "sitemap"

    def __init__(self, zone: str = "Asia/Shanghai") -> None:
        self.zone = zone

    def recognise(self, page: Page) -> Detection:
        """By the document element."""
        try:
            page = unzipped(page)
        except ListingError:
            return Detection(self.name, 0.0)
        head = page.text[:3000].lower()
        match = re.search(r"<(urlset|sitemapindex)[\s>]", head)
        return Detection(self.name, 0.99, f"<{match[1]}>") if match else Detection(self.name, 0.0)

    def first(self, column_url: str, page: Page | None = None) -> PageRequest:
        """The sitemap itself; of an index, the map that changed last, the others waiting in the request's state."""
        if page is None or self.recognise(page).evidence != "<sitemapindex>":
            return PageRequest(column_url)
        try:
            following = self.read(page, PageRequest(column_url)).next
        except ListingError:
            following = None
        return PageRequest(following.url, state=following.state) if following else PageRequest(column_url)

    def read(self, page: Page, request: PageRequest) -> Listing:
        """Pages of the map that are no columns; further maps wait in the request's state.

        Raises:
            ListingError: no XML, no sitemap, or an empty one.
        """
        verdict.refuse_broken(page) if not page.raw.startswith(b"\x1f\x8b") else None
        page = unzipped(page)
        root = xml_root(page)
        waiting = [str(u) for u in request.state.get("waiting", [])]
        read = int(request.state.get("maps", 0))
        entries: dict[str, Entry] = {}
        if local(root) == "sitemapindex":
            maps = [
                (self._value(e, "lastmod"), resolve(page.url, self._value(e, "loc")))
                for e in root
                if local(e) == "sitemap"
            ]
            maps.sort(key=lambda m: m[0], reverse=True)
            waiting = ([u for _, u in maps if u and u != page.url] + waiting)[:MAX_MAPS]
            if not waiting and request.number == 1:
                raise ListingError(say("The sitemap index is empty"))
        elif local(root) == "urlset":
            for element in root:
                if local(element) != "url" or len(entries) >= MAX_URLS:
                    continue
                url = resolve(page.url, self._value(element, "loc"))
                if url and self._is_page(url):
                    entries.setdefault(url, Entry(url, Hints(), document=is_document(url)))
            if not entries and request.number == 1:
                raise ListingError(say("The sitemap names no pages"))
        else:
            raise ListingError(say("The XML is no sitemap: its root is <{root}>", root=local(root)))
        following = None
        if waiting and read < MAX_MAPS:
            following = PageRequest(waiting[0], request.number + 1, state={"waiting": waiting[1:], "maps": read + 1})
        return Listing(list(entries.values()), following, platform=self.name)

    @staticmethod
    def _value(element: object, tag: str) -> str:
        return next(("".join(c.itertext()).strip() for c in element if local(c) == tag), "")  # type: ignore[attr-defined]

    @staticmethod
    def _is_page(url: str) -> bool:
        path = urlsplit(url).path
        return extension(url) not in OTHER_FILES and not COLUMN.search(path) and path not in ("", "/")
