"""What all platforms with HTML lists share: the list finder for the rows; each adds its own fingerprint and paging."""

from __future__ import annotations

import dataclasses
import re
from typing import ClassVar
from urllib.parse import urlsplit

from crawler.platforms.base import Detection, Entry, Listing, Page, PageRequest
from crawler.platforms.finder import forms, loadmore, rest, scriptpager, verdict
from crawler.platforms.finder.concealed import concealed
from crawler.platforms.finder.dates import find_dates
from crawler.platforms.finder.find import Found, find
from crawler.platforms.finder.links import base_url
from crawler.platforms.finder.script import without_comments
from crawler.platforms.jsonlist import JsonList
from pipelines.errors import ListingError
from pipelines.messages import say

OPENING = re.compile(r"<!--|<script\b[^<>]{0,2000}>", re.I)
CLOSING = re.compile(r"</script", re.I)
DATA = re.compile(r"type\s*=\s*[\"']?(?!text/javascript|module|application/javascript)[\w/+-]", re.I)


def live_html(page: Page) -> str:
    """The page's text without comments: a pager call in a comment is no pager."""
    kept: str | None = page.__dict__.get("_live")
    if kept is None:
        kept = page.__dict__["_live"] = _without_comments(page.text)
    return kept


def _without_comments(text: str) -> str:
    """Markup without comments; in scripts only what is a comment there goes (`<!--` hides them from old browsers)."""
    parts, position = [], 0
    while (match := OPENING.search(text, position)) is not None:
        parts.append(text[position : match.start()])
        if match[0] == "<!--":
            end = text.find("-->", match.end())
            position = end + 3 if end >= 0 else len(text)
            continue
        closing = CLOSING.search(text, match.end())
        stop = closing.start() if closing else len(text)
        inner = text[match.end() : stop]
        parts.append(match[0] + (inner if DATA.search(match[0]) else without_comments(inner)))
        position = stop
    parts.append(text[position:])
    return "".join(parts)


class HtmlList:
    """A list in the page's HTML. Families override `recognise`, `next_request` and `prefer`."""

    name: ClassVar[str] = "generic"
    prefer: ClassVar[re.Pattern[str] | None] = None
    """Addresses of this family's detail pages."""
    many_files: ClassVar[bool] = False
    """A long text beside the list does not make the page a single publication."""

    def __init__(self, zone: str = "Asia/Shanghai") -> None:
        self.zone = zone

    def recognise(self, page: Page) -> Detection:
        """A list finder fits any page; how well, the list itself says."""
        raise NotImplementedError

    def first(self, column_url: str, page: Page | None = None) -> PageRequest:
        """The column's own page."""
        return PageRequest(column_url)

    def next_request(self, page: Page, request: PageRequest, found: Found) -> PageRequest | None:
        """The next page as the page itself links it."""
        if found.pager.next is None:
            return self._scripted(page, request, found)
        if not _of_this_site(found, page.url):
            return None
        return PageRequest(found.pager.next, request.number + 1)

    @staticmethod
    def _scripted(page: Page, request: PageRequest, found: Found) -> PageRequest | None:
        """The next page of a pager that is a script or a form, where the page itself shows what it would send."""
        document, pager, number = found.document, found.pager, request.number
        base = base_url(document, page.url)
        following = where = None
        if pager.button is not None:
            following = forms.pressed(document, page.url, pager.button, number)
        elif pager.script:
            following = scriptpager.called(document, pager.script, pager.element, page.url, base, number)
        if following is None and pager.clicked is not None:
            following = scriptpager.clicked(document, pager.clicked, pager.script, page.url, base, number)
        if following is None and (counted := scriptpager.counted(document.scripts, number, base)):
            where = counted.following
        elif following is None and pager.script is None:
            where = scriptpager.selected(document, base)
        if where is not None:
            following = PageRequest(where, number + 1)
        if following is None or urlsplit(following.url).hostname != urlsplit(page.url).hostname:
            return None
        if following.method == "GET" and following.url == page.url:
            return None
        return following

    def find(self, page: Page) -> Found:
        """The list of the page."""
        return find(page, zone=self.zone, prefer=self.prefer)

    def total_pages(self, page: Page, found: Found) -> int | None:
        """How many pages the list claims to have."""
        return found.pager.total_pages

    def read(self, page: Page, request: PageRequest) -> Listing:
        """Entries and the next request.

        Raises:
            ListingError: the page is no list, or an error page.
        """
        if request.number > 1 and page.status in (404, 410):
            return self._ended(request)
        if loadmore.KEY in request.state:
            return self._loaded(page, request)
        verdict.refuse_broken(page)
        found = self.find(page)
        if not found.entries or found.confidence < 0.5:
            verdict.refuse_challenge(page)
        following = self.next_request(page, request, found)
        paged = self.many_files or request.number > 1 or following is not None or (found.pager.total_pages or 0) > 1
        verdict.refuse_other_pages(page, found.document, found.blocks, paged)
        notes: list[str] = []
        if not found.entries and request.number == 1 and (kept := self._concealed(page, found)):
            found.entries, found.confidence = kept[0], 0.5
            notes.append(say("The page does not show its list: it was read from a {holder}", holder=kept[1]))
        if not found.entries:
            return self._without_entries(page, request, found)
        total = self.total_pages(page, found)
        if page.cut:
            before = len(found.entries)
            following = self._rest(page, request, found) or following
            if len(found.entries) == before:
                notes.append(say("The page is too long: what stands near its end is not read"))
        if following is not None and (following.url, following.body) == (request.url, request.body):
            following = None
        if following is None and found.pager.script:
            notes.append(
                say(
                    "Further rows are loaded by a script ({call}) that is not understood; only those shown are read",
                    call=found.pager.script[:120],
                )
            )
        return Listing(found.entries, following, total, found.pager.total_entries, self.name,
                       confidence=found.confidence, notes=notes)  # fmt: skip

    def _concealed(self, page: Page, found: Found) -> tuple[list[Entry], str] | None:
        """Dated rows of a template, a script's string or a comment, where the page itself shows no list at all."""
        if dead_rows(found):
            return None
        for holder, html in concealed(page.text):
            inner = find(
                Page(page.url, f"<html><body>{html}</body></html>".encode()), zone=self.zone, prefer=self.prefer
            )
            if inner.blocks and inner.blocks[0].dated >= 0.8 and len(inner.entries) >= 3:
                return inner.entries, holder
        return None

    def _rest(self, page: Page, request: PageRequest, found: Found) -> PageRequest | None:
        """Adds the rows beyond the part of a very long page that is read at once; the next page as its end links it."""
        following: PageRequest | None = None
        entries = {entry.url: entry for entry in found.entries}
        for piece, inner in rest.pieces(page, found, self.find):
            entries.update((entry.url, entry) for entry in inner.entries)
            following = self.next_request(piece, request, inner)
        found.entries = list(entries.values())
        return following

    def _loaded(self, page: Page, request: PageRequest) -> Listing:
        """Rows that a script adds to the list: data, or a piece of a page."""
        answer = dataclasses.replace(page, url=request.state[loadmore.KEY]["base"])
        if page.text.lstrip("\ufeff \r\n\t")[:1] in ("{", "["):
            listing = JsonList(self.zone).read(answer, request)
        else:
            verdict.refuse_broken(answer)
            verdict.refuse_challenge(answer)
            found = self.find(answer)
            listing = Listing(found.entries, None, found.pager.total_pages, confidence=found.confidence)
        ended = not listing.entries or (listing.total_pages or request.number + 1) <= request.number
        following = None if ended else loadmore.following(request)
        return dataclasses.replace(listing, next=following, platform=self.name)

    def _ended(self, request: PageRequest) -> Listing:
        """A page count that promised too much: the end, no failure."""
        return Listing(
            [], platform=self.name, notes=[say("The list ended before page {number}", number=request.number)]
        )

    def _without_entries(self, page: Page, request: PageRequest, found: Found) -> Listing:
        """An empty listing where that is no failure: it is declared, or the list ended before its count said."""
        verdict.refuse_error_page(page, found.document)
        text = found.document.between(0, len(found.document.pieces))
        if request.number > 1:
            return Listing(
                [], platform=self.name, notes=[say("The list ended before page {number}", number=request.number)]
            )
        if verdict.says_empty(text):
            return Listing([], platform=self.name, declared_empty=True)
        if dead := dead_rows(found):
            raise ListingError(
                say("The rows of the list lead nowhere: {count} links go to the page itself", count=dead)
            )
        if needs_script(page, found):
            raise ListingError(say("The page has no list in its HTML: a script fills it in"),
                               cure=say("Set render: true for the source, or give the address of the data"))  # fmt: skip  # noqa: E501 - one pattern
        raise ListingError(say("No list of publications was found on the page"),
                           cure=say("Check the address, or give selectors for the column"))  # fmt: skip


def _of_this_site(found: Found, url: str) -> bool:
    """Whether the next page is on the page's host or on the one that its entries are on: no stranger is followed."""
    host = urlsplit(found.pager.next or "").hostname
    return host == urlsplit(url).hostname or host in {urlsplit(e.url).hostname for e in found.entries}


def dead_rows(found: Found) -> int:
    """How many dated rows have links that lead nowhere (`#`): a template, or rows opened by a script."""
    document = found.document
    dead = [
        e
        for e in document.elements
        if e.tag == "a" and e.attrs.get("href", "").strip() in ("#", "javascript:;", "javascript:void(0)")
    ]
    dated = [e for e in dead[:2000] if find_dates(document.text(e.parent or e)[:300])]
    return len(dated) if len(dated) >= 3 else 0


def needs_script(page: Page, found: Found) -> bool:
    """Whether a page without a list seems to be filled by scripts: little text, or a known place left empty."""
    text = page.text
    letters = sum(len(p.strip()) for p in found.document.pieces)
    scripts = len(re.findall(r"<script", text, re.I))
    marks = re.search(
        r"createPageHTML|\$\.(?:ajax|get|post)\b|axios|fetch\(|XMLHttpRequest|v-for=|ng-repeat|\{\{[^{}]{1,60}\}\}|id=[\"'](?:app|root)[\"']|layui|laypage|pagination",
        text,
    )
    return (letters < 600 and scripts >= 1) or bool(marks)
