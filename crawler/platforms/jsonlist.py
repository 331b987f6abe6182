"""Any JSON list: the array of records by meaning, paged by the page number that the request itself carries."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import partial
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from crawler.platforms import records
from crawler.platforms.base import Detection, Entry, Listing, Page, PageRequest
from crawler.platforms.feed import local, xml_root
from crawler.platforms.finder import verdict
from crawler.platforms.finder.find import find
from crawler.platforms.finder.links import resolve
from crawler.platforms.finder.templates import filled, telling
from pipelines.errors import ListingError
from pipelines.messages import say

PAGE_KEYS = (
    "page", "pageno", "pagenum", "pageindex", "pagenumber", "currentpage", "curpage", "current", "pagecurrent",
    "pagenow", "nowpage", "pageid", "currpage", "pagen", "p", "pn",
)  # fmt: skip
OFFSET_KEYS = ("start", "offset", "from", "skip", "startrow", "startindex", "first", "begin")
"""Where the records of a page begin, counted from 0; known as such only beside a size."""
SIZE_KEYS = ("pagesize", "size", "rows", "limit", "perpage", "prepage", "length", "count", "num", "pagenumsize", "ps")
NEXT_KEYS = ("next_page_url", "nextPageUrl", "next_url", "nextUrl", "next", "nextPage", "next_page")
WHOLE = re.compile(r"\d{1,6}")
ROWS = "rows"
"""Where a request keeps how the page that asks makes the addresses of its rows."""


def stepped(values: Mapping[str, Any]) -> dict[str, Any] | None:
    """Parameters with the page number raised by one, or the offset by the page's size; None without either.

    The number may stand in an object within, or in a parameter that is JSON itself.
    """
    names = {records.key_of(name): name for name in values}

    def number(keys: tuple[str, ...]) -> str | None:
        return next((n for k in keys if (n := names.get(k)) and WHOLE.fullmatch(_digits(values[n]))), None)

    def raised(name: str, by: int) -> dict[str, Any]:
        value = values[name]
        return {**values, name: value + by if isinstance(value, int) else str(int(value) + by)}

    if name := number(PAGE_KEYS):
        return raised(name, 1)
    for name, value in values.items():
        if isinstance(value, dict) and (inner := stepped(value)) is not None:
            return {**values, name: inner}
        if isinstance(value, str) and value.lstrip().startswith("{") and len(value) < 5000:
            try:
                within = json.loads(value)
            except (ValueError, RecursionError):
                continue
            if isinstance(within, dict) and (inner := stepped(within)) is not None:
                return {**values, name: json.dumps(inner, ensure_ascii=False, separators=(",", ":"))}
    size, start = number(SIZE_KEYS), number(OFFSET_KEYS)
    if size and start and int(values[size]) > 0:
        return raised(start, int(values[size]))
    return None


def _digits(value: object) -> str:
    return str(value) if isinstance(value, (int, str)) and not isinstance(value, bool) else ""


def asked_size(request: PageRequest) -> int | None:
    """How many records a page the request asks for in its own parameters."""
    pairs = parse_qsl(urlsplit(request.url).query)
    if request.body and request.body.lstrip().startswith("{"):
        try:
            body = json.loads(request.body)
        except (ValueError, RecursionError):
            body = {}
        pairs += [(n, _digits(v)) for n, v in body.items()] if isinstance(body, dict) else []
    elif request.body:
        pairs += parse_qsl(request.body)
    return next((int(v) for n, v in pairs if records.key_of(n) in SIZE_KEYS and WHOLE.fullmatch(v) and int(v)), None)


def next_page(request: PageRequest) -> PageRequest | None:
    """The request with its page number or offset raised, wherever it stands: address, form, JSON body."""
    number = request.number + 1
    parts = urlsplit(request.url)
    pairs = dict(parse_qsl(parts.query, keep_blank_values=True))
    if len(pairs) == len(parse_qsl(parts.query, keep_blank_values=True)) and (query := stepped(pairs)) is not None:
        url = urlunsplit(parts._replace(query=urlencode(query)))
        return PageRequest(url, number, request.method, request.body, request.headers, request.state)
    if not request.body:
        return None
    if request.body.lstrip().startswith("{"):
        try:
            body = json.loads(request.body)
        except (ValueError, RecursionError):
            return None
        following = stepped(body) if isinstance(body, dict) else None
        text = json.dumps(following, ensure_ascii=False) if following is not None else None
    else:
        form = stepped(dict(parse_qsl(request.body, keep_blank_values=True)))
        text = urlencode(form) if form is not None else None
    if text is None:
        return None
    return PageRequest(request.url, number, request.method, text, request.headers, request.state)


def linked(data: Any, url: str) -> str | None:
    """The next page where an answer links it (`next_page_url`, `links.next`, `_links.next.href`), on the same host."""
    node = data
    for name in ("links", "_links", "paging", "pagination", "meta"):
        if not isinstance(node, dict) or any(isinstance(node.get(k), str) for k in NEXT_KEYS):
            break
        node = node[name] if isinstance(node.get(name), dict) else node
    value = next((v for k in NEXT_KEYS if (v := node.get(k))), None) if isinstance(node, dict) else None
    value = value.get("href") if isinstance(value, dict) else value
    where = resolve(url, value) if isinstance(value, str) and re.match(r"https?://|/|\?", value) else None
    return where if where and where != url and urlsplit(where).hostname == urlsplit(url).hostname else None


def data_of(page: Page) -> Any:
    """The answer as data; XML records as objects of their elements' texts.

    Raises:
        ListingError: it is neither.
    """
    if not page.text.lstrip("\ufeff \r\n\t").startswith("<?xml"):
        return records.load(page.text)
    found: dict[str, list[records.Record]] = {}
    for element in xml_root(page).iter():
        values = {local(c): "".join(c.itertext()).strip() for c in element if len(c) == 0 and local(c)}
        if len(values) >= 2 and local(element) not in ("html", "head", "body"):
            found.setdefault(local(element), []).append(values)
    return found


class JsonList:
    """A JSON answer with an array of publications. Families with JSON lists build on it."""

    name: ClassVar[str] = "json"

    def __init__(self, zone: str = "Asia/Shanghai") -> None:
        self.zone = zone

    def recognise(self, page: Page) -> Detection:
        """By an array whose records have titles, addresses and dates."""
        head = page.text[:200].lstrip("\ufeff \r\n\t")
        xml = head.startswith("<?xml")
        if not xml and (not head or (head[0] not in "{[" and not records.CALLBACK.match(head)) or head[0] == "<"):
            return Detection(self.name, 0.0)
        try:
            data = data_of(page)
        except ListingError:
            return Detection(self.name, 0.0)
        found = records.best_records(data)
        if xml and not found:
            return Detection(self.name, 0.0)
        if found:
            return Detection(
                self.name,
                round(min(0.75, 0.75 * found[1].fit), 2),
                f"{found[1].title}, {found[1].url}, {', '.join(found[1].dates[:1])}",
            )
        return Detection(self.name, 0.6, say("JSON without records that are known"))

    def first(self, column_url: str, page: Page | None = None) -> PageRequest:
        """The address itself."""
        return PageRequest(column_url)

    def url_of(self, record: records.Record) -> str | None:
        """A record's address where no field holds one; families know."""
        return None

    def following(self, request: PageRequest, data: Any, count: int) -> PageRequest | None:
        """The next page, as long as the answer's counts say that there is one."""
        if (where := linked(data, request.url)) is not None:
            return PageRequest(where, request.number + 1, headers=request.headers, state=request.state)
        claimed = records.totals(data)
        size = claimed.get("size") or int(request.state.get("size", 0)) or count
        pages = claimed.get("pages") or (-(-claimed["entries"] // size) if claimed.get("entries") and size else None)
        if not count or (pages is not None and request.number >= pages and claimed.get("current", 0) >= pages):
            return None
        if pages is not None and max(request.number, claimed.get("current", 0)) >= pages:
            return None
        if pages is None and not claimed.get("entries"):
            more = records.more_follows(data)
            if more is False or (more is None and count < max(asked_size(request) or count + 1, 5)):
                return None
        return next_page(request)

    def read(self, page: Page, request: PageRequest) -> Listing:
        """Entries and the next request.

        Raises:
            ListingError: an error body, no JSON, or no records.
        """
        verdict.refuse_broken(page)
        if page.text.lstrip("\ufeff \r\n\t")[:1] == "<" and not page.text.lstrip("\ufeff \r\n\t").startswith("<?xml"):
            verdict.refuse_challenge(page)
            raise ListingError(say("A web page came instead of data"))
        data = data_of(page)
        claimed = records.totals(data)
        total, pages = claimed.get("entries"), claimed.get("pages")
        found = records.best_records(data)
        entries: dict[str, Entry] = {}
        if found:
            base, pattern = page.url, telling(request.state.get(ROWS, ()), found[0])
            for record in found[0]:
                entry = records.entry_of(record, found[1], base, self.zone, self.url_of)
                if entry is None and pattern:
                    entry = records.entry_of(record, found[1], base, self.zone, partial(filled, pattern))
                if entry is not None:
                    entries.setdefault(entry.url, entry)
        if not entries:
            for entry in self._from_html(data, page.url):
                entries.setdefault(entry.url, entry)
        if not entries:
            return self._empty(data, request, claimed, found is not None)
        size = claimed.get("size") or len(entries)
        if pages is None and total and size:
            pages = -(-total // size)
        following = self.following(request, data, len(entries))
        notes = []
        if following is None and pages and pages > 1 and request.number == 1 and claimed.get("current", 1) < pages:
            notes.append(say("There are {pages} pages, but the address carries no page number", pages=pages))
        return Listing(list(entries.values()), following, pages, total, self.name, notes=notes)

    def _empty(self, data: Any, request: PageRequest, claimed: dict[str, int], had_records: bool) -> Listing:
        """Decides between the end of a list, a declared emptiness, and an error."""
        if error := verdict.json_error(data):
            raise ListingError(say("The data service reports an error: {message}", message=error))
        if request.number > 1:
            return Listing(
                [], platform=self.name, notes=[say("The list ended before page {number}", number=request.number)]
            )
        if had_records:
            raise ListingError(say("The records have no address of a page"))
        if claimed.get("entries") == 0:
            raise ListingError(say("The answer says that there are no records at all"),
                               cure=say("Check the address and its parameters"))  # fmt: skip
        raise ListingError(say("The answer holds no records of publications"),
                           cure=say("Check the address and its parameters"))  # fmt: skip

    def _from_html(self, data: Any, url: str) -> list[Entry]:
        """Entries of HTML that comes inside JSON (`data.html`, `result: ["<div>…"]`)."""
        pieces: list[str] = []
        queue: list[tuple[Any, int]] = [(data, 0)]
        while queue:
            node, depth = queue.pop(0)
            if isinstance(node, str) and "<a" in node and "href" in node:
                pieces.append(node)
            elif depth < 5 and isinstance(node, dict):
                queue += [(v, depth + 1) for v in node.values()]
            elif depth < 5 and isinstance(node, list):
                queue += [(v, depth + 1) for v in node[:2000]]
        if not pieces:
            return []
        text = "<html><body><div>" + "".join(f"<div>{p}</div>" for p in pieces) + "</div></body></html>"
        found = find(Page(url, text.encode()), zone=self.zone)
        return [Entry(records.unwrapped(e.url), e.hints, e.pinned, e.document) for e in found.entries]
