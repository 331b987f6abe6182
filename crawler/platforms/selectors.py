"""A list read by the user's own CSS selectors, where no platform and no list finder reads it."""

from __future__ import annotations

from typing import ClassVar, Protocol

from selectolax.lexbor import LexborNode, SelectolaxError

from crawler.platforms.base import Detection, Entry, Listing, Page, PageRequest
from crawler.platforms.finder import verdict
from crawler.platforms.finder.dates import date_in_url, find_dates, find_short
from crawler.platforms.finder.dom import Document
from crawler.platforms.finder.links import is_document, resolve
from crawler.platforms.finder.pager import find_pager
from crawler.platforms.finder.rows import clean_title, whole_title
from pipelines.errors import ListingError
from pipelines.items import Hints
from pipelines.messages import say


class Selectors(Protocol):
    """The part of a source's file that names the selectors."""

    entry: str
    link: str | None
    title: str | None
    date: str | None
    next: str | None


class Selected:
    """Rows, links, titles, dates and the next page by selectors."""

    name: ClassVar[str] = "selectors"

    def __init__(self, selectors: Selectors, zone: str = "Asia/Shanghai") -> None:
        self.selectors = selectors
        self.zone = zone

    def recognise(self, page: Page) -> Detection:
        """As sure as the user is."""
        return Detection(self.name, 1.0, self.selectors.entry)

    def first(self, column_url: str, page: Page | None = None) -> PageRequest:
        """The column's page."""
        return PageRequest(column_url)

    def read(self, page: Page, request: PageRequest) -> Listing:
        """Entries and the next request.

        Raises:
            ListingError: an error page, or no row fits the selectors.
        """
        verdict.refuse_broken(page)
        try:
            rows = page.tree.css(self.selectors.entry)
            entries = {e.url: e for row in rows if (e := self._entry(row, page.url)) is not None}
            following = self._next(page, request)
        except SelectolaxError as error:
            raise ListingError(say("A selector is not valid: {reason}", reason=str(error)[:100])) from None
        if not entries:
            if request.number > 1:
                return Listing([], platform=self.name)
            verdict.refuse_challenge(page)
            raise ListingError(say("No row fits the selector {selector}", selector=self.selectors.entry))
        return Listing(list(entries.values()), following, platform=self.name)

    def _entry(self, row: LexborNode, base: str) -> Entry | None:
        links = row.css(self.selectors.link or "a[href]")
        if not links and row.tag == "a":
            links = [row]
        url = resolve(base, links[0].attributes.get("href") or "") if links else None
        if url is None:
            return None
        named = row.css_first(self.selectors.title) if self.selectors.title else links[0]
        shown, pinned = clean_title(named.text(separator="") if named is not None else "")
        title = whole_title(shown, links[0].attributes.get("title") or "")
        dated = row.css_first(self.selectors.date) if self.selectors.date else row
        text = " ".join(dated.text(separator=" ").split()) if dated is not None else ""
        found = find_dates(text, zone=self.zone)
        stamp = found[0].stamp if found else None
        if (
            stamp is None
            and (short := find_short(text))
            and (day := date_in_url(url))
            and (day.month, day.day) == (short.month, short.day)
        ):
            stamp = day
        return Entry(url, Hints(title=title or None, published=stamp), pinned, is_document(url))

    def _next(self, page: Page, request: PageRequest) -> PageRequest | None:
        if self.selectors.next:
            node = page.tree.css_first(self.selectors.next)
            url = resolve(page.url, node.attributes.get("href") or "") if node is not None else None
        else:
            url = find_pager(Document(page.tree), page.url).next
        return PageRequest(url, request.number + 1) if url and url != request.url else None


def selected(selectors: Selectors | None, zone: str = "Asia/Shanghai") -> Selected:
    """The platform of a column's selectors."""
    if selectors is None:
        raise ListingError(say("The column has no selectors"))
    return Selected(selectors, zone)
