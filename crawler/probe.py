"""One look at an address for `sources probe` and `sources add`: platform, entries, next page, a sample, the YAML."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from crawler import homepage, platforms
from crawler.addresses import candidates, is_address
from crawler.discovery import Opened, Search, detected, discover, drive
from crawler.fetching import Fetcher
from crawler.platforms.base import Detection, Entry, Listing, Page, PageRequest
from crawler.platforms.finder import loadmore, verdict
from crawler.platforms.finder.dom import Document
from crawler.sources.model import Column
from pipelines.errors import BureauwatchError, FetchError, ListingError, NotAllowedError
from pipelines.extraction.page import read_page
from pipelines.items import Report, to_record
from pipelines.messages import say

Fetch = Callable[..., Page]
SHOWN = 20
UNREACHED = frozenset({"refused", "tls", "timeout", "reset"})
"""After these of https a host that was named without a scheme is asked by http."""


@dataclass
class ProbeResult:
    """What one look at an address found; `problem` says in one sentence why it cannot be a column."""

    url: str
    final_url: str | None = None
    status: int | None = None
    media_type: str | None = None
    bytes: int = 0
    platform: str | None = None
    confidence: float = 0.0
    evidence: str = ""
    entries: list[Entry] = field(default_factory=list)
    count: int = 0
    next_url: str | None = None
    next_method: str = "GET"
    total_pages: int | None = None
    total_entries: int | None = None
    notes: list[str] = field(default_factory=list)
    problem: str | None = None
    cure: str | None = None
    failure: str | None = None
    columns: list[homepage.FoundColumn] = field(default_factory=list)
    robots: dict[str, Any] = field(default_factory=dict)
    validators: dict[str, Any] = field(default_factory=dict)
    needs_render: bool = False
    site_name: str | None = None
    column_name: str | None = None
    sample: Report | None = None
    sample_problem: str | None = None
    suggestion: dict[str, Any] | None = None

    @property
    def ok(self) -> bool:
        """Whether the address can be a column."""
        return self.problem is None and self.count > 0

    def to_record(self) -> dict[str, Any]:
        """All of it as plain JSON values; of entries and columns the first twenty."""
        record: dict[str, Any] = {
            name: getattr(self, name)
            for name in self.__dataclass_fields__
            if name not in ("entries", "columns", "sample")
        }
        record["entries"] = [
            {
                "title": e.hints.title,
                "published": to_record(e.hints.published),
                "url": e.url,
                "pinned": e.pinned,
                "document": e.document,
            }
            for e in self.entries[:SHOWN]
        ]
        record["columns"] = [to_record(c) for c in self.columns[:SHOWN]]
        record["sample"] = to_record(self.sample) if self.sample else None
        record["ok"] = self.ok
        return record


def probe(
    url: str,
    fetch: Fetch | None = None,
    *,
    zone: str = "Asia/Shanghai",
    sample: bool = True,
    column: Column | None = None,
    user_agent: str = "bureauwatch",
) -> ProbeResult:
    """Looks at one address. Never raises for what it finds: the result's `problem` and `failure` tell.

    Args:
        url: a column, feed, sitemap, JSON list or home page, as typed: without a scheme https is tried, then http.
        fetch: called with a PageRequest (and `validators=`), gives a Page; a polite Fetcher by default.
        zone: the bureau's time zone.
        sample: read the first report too.
        column: the column's own words on how it is read (platform, selectors).
        user_agent: who asks, when no `fetch` is given.
    """
    fetch = fetch or Fetcher(user_agent)
    tries = candidates(url)
    for tried in tries:
        result = _probe(tried, fetch, zone=zone, sample=sample, column=column)
        if result.failure not in UNREACHED or tried == tries[-1]:
            break
    if result.failure in UNREACHED and len(tries) > 1:
        result.url = tries[0]
    if tried != url:
        result.notes.insert(0, say("Read as {url}", url=tried))
    return result


def _probe(url: str, fetch: Fetch, *, zone: str, sample: bool, column: Column | None) -> ProbeResult:
    """`probe` of an address as it stands."""
    result = ProbeResult(url)
    try:
        if not is_address(url):
            raise NotAllowedError(say("Not a web address: {url}", url=url[:200]), failure="scheme", url=url)
        page = fetch(PageRequest(url))
        _arrived(result, page, fetch)
        if page.status >= 400:
            verdict.refuse_challenge(page)
            raise FetchError(say("The address answers with HTTP status {status}", status=page.status),
                             failure="http-4xx" if page.status < 500 else "http-5xx", url=url)  # fmt: skip
        steps = discover(
            url, page,
            names=lambda found: _named(column) or detected(found),
            make=lambda name: _make(name, column, zone),
            accept=lambda listing: bool(listing.entries or listing.declared_empty),
            refuse=lambda arrived: None if _named(column) else _refuse_home(result, arrived, fetch),
        )  # fmt: skip
        search = drive(steps, fetch)
    except BureauwatchError as error:
        result.problem, result.cure = error.message, error.cure
        result.failure = error.failure if isinstance(error, FetchError | ListingError) else "parse"
        return result
    opened = search.found
    if opened is None:
        _nothing(result, search)
        return result
    _fill(result, opened)
    _validators(result, opened.request, opened.page, fetch)
    _further(result, opened, fetch, zone)
    if sample and opened.listing.entries:
        _sample(result, opened.listing, fetch, zone)
    result.suggestion = suggest(result)
    return result


def _named(column: Column | None) -> list[Detection]:
    """The platform that the source's file names, if it does."""
    name = "selectors" if column and column.selectors else column.platform if column else None
    return [Detection(name, 1.0)] if name else []


def _make(name: str, column: Column | None, zone: str) -> platforms.Platform:
    if name == "selectors" and column is not None:
        selectors: Any = column.selectors  # the model is frozen, the platform's protocol is not
        return platforms.selected(selectors, zone)
    return platforms.get(name, zone)


def _arrived(result: ProbeResult, page: Page, fetch: Fetch) -> None:
    """Notes what was found at the address."""
    result.final_url, result.status, result.media_type = page.url, page.status, page.media_type
    result.bytes = len(page.raw)
    _robots(result, fetch)
    _names(result, page)


def _refuse_home(result: ProbeResult, page: Page, fetch: Fetch) -> None:
    """A home page is no column; its columns are named.

    Raises:
        FetchError: it is one.
    """
    if page.url != result.final_url:
        _arrived(result, page, fetch)
    if _is_html(page) and homepage.is_home_page(page):
        result.columns = homepage.find_columns(page)
        raise FetchError(say("This is a home page, not a column"), failure="not-a-listing", url=page.url,
                         cure=say("Give one of its columns") if result.columns else None)  # fmt: skip


def _nothing(result: ProbeResult, search: Search) -> None:
    """Says why no list was read, and what the page leads to."""
    surest = detected(search.page)[0]
    result.platform, result.confidence, result.evidence = surest.platform, surest.confidence, surest.evidence
    result.failure, trouble = "empty-listing", search.trouble
    if trouble is not None:
        result.problem, result.cure, result.failure = trouble.message, trouble.cure, trouble.failure
        result.needs_render = trouble.message == say("The page has no list in its HTML: a script fills it in")
    if not _is_html(search.page):
        return
    if trouble is not None and trouble.message == say("This is a single publication, not a list"):
        result.columns = homepage.lists_above(search.page)
    result.columns = result.columns or homepage.find_columns(search.page)


def _is_html(page: Page) -> bool:
    return (
        b"<" in page.raw[:2000]
        and page.raw.lstrip()[:1] not in (b"{", b"[")
        and not page.raw.lstrip().startswith(b"<?xml")
    )


def _fill(result: ProbeResult, opened: Opened) -> None:
    listing, found = opened.listing, opened.detection
    result.platform, result.evidence = opened.platform, found.evidence
    result.confidence = found.confidence if found.platform != "generic" else max(found.confidence, listing.confidence)
    if listing.declared_empty and not listing.entries:
        result.notes.append(say("The column says that it is empty"))
    result.entries, result.count = listing.entries, len(listing.entries)
    result.total_pages, result.total_entries = listing.total_pages, listing.total_entries
    result.notes += listing.notes
    if listing.next is not None:
        result.next_url, result.next_method = listing.next.url, listing.next.method
    if opened.request.url != result.url:
        result.notes.append(say("The list comes from {url}", url=opened.request.url))
    undated = sum(e.hints.published is None for e in listing.entries)
    if listing.entries and undated > len(listing.entries) / 2:
        result.notes.append(
            say(
                "{count} of {all} entries carry no date; it is read from their pages",
                count=undated,
                all=len(listing.entries),
            )
        )


def _names(result: ProbeResult, page: Page) -> None:
    """The bureau's and the column's name, by the mandated meta tags, else by the page's title."""
    if not _is_html(page):
        if match := re.search(
            r"<(?:channel|feed)\b[\s\S]{0,2000}?<title[^<>]*>\s*(?:<!\[CDATA\[)?([^<\]]{2,120})", page.text[:5000]
        ):
            result.site_name = result.column_name = " ".join(match[1].split())
        return
    document = Document(page.tree)
    metas = {
        e.attrs.get("name", "").lower(): " ".join(e.attrs.get("content", "").split())
        for e in document.elements
        if e.tag == "meta"
    }
    title = next((document.text(e) for e in document.elements if e.tag == "title"), "")
    parts = [p.strip() for p in re.split(r"\s*[-_|–—>·]+\s*", title) if p.strip()]
    result.column_name = metas.get("columnname") or (parts[0][:60] if parts else None)
    offices = [p for p in parts if re.search(r"[局厅委部院署办会府队站]$|网$|网站$", p)]
    name = metas.get("sitename") or (offices[-1] if offices else parts[-1] if len(parts) > 1 else None)
    result.site_name = re.sub(r"(?:门户网站|官方网站|政府网站|网站|门户)$", "", name)[:120] or name if name else None


def _robots(result: ProbeResult, fetch: Fetch) -> None:
    if not isinstance(fetch, Fetcher):
        return
    status, text = fetch.rules(result.final_url or result.url)
    delay = re.search(r"^\s*crawl-delay\s*:\s*([\d.]+)", text or "", re.I | re.M)
    maps = re.findall(r"^\s*sitemap\s*:\s*(\S{8,500})", text or "", re.I | re.M)
    result.robots = {
        "status": status,
        "allowed": True,
        "crawl_delay": float(delay[1]) if delay else None,
        "sitemaps": maps[:10],
    }


def _validators(result: ProbeResult, first: PageRequest, answer: Page, fetch: Fetch) -> None:
    """Whether the host answers a conditional request of its own validators with 304."""
    etag, modified = answer.headers.get("etag"), answer.headers.get("last-modified")
    result.validators = {"etag": etag, "last_modified": modified, "not_modified": None}
    if first.method != "GET" or not (etag or modified):
        return
    try:
        result.validators["not_modified"] = fetch(first, validators=(etag, modified)).status == 304
    except (FetchError, TypeError):
        return


def _further(result: ProbeResult, opened: Opened, fetch: Fetch, zone: str) -> None:
    """Asks once for the rows that a script would load: whether its request, made without it, is answered."""
    following = opened.listing.next
    if following is None or loadmore.KEY not in following.state:
        return
    try:
        page = fetch(following)
        if page.status >= 400:
            raise FetchError(
                say("The address answers with HTTP status {status}", status=page.status), failure="http-4xx"
            )
        listing = platforms.get(opened.platform, zone).read(page, following)
        reason = "" if listing.entries else say("no entries were found")
    except BureauwatchError as error:
        reason = error.message
    if reason:
        result.next_url = None
        result.notes.append(
            say(
                "The page's script asks {url} for further rows, but that gives none ({reason}); "
                "`render: true` helps where they show without a click",
                url=following.url,
                reason=reason,
            )
        )
    else:
        result.notes.append(say("The rows after these are asked of {url} as the page's script does", url=following.url))


def _sample(result: ProbeResult, listing: Listing, fetch: Fetch, zone: str) -> None:
    """The first entry that is a page, read as a report."""
    entry = next((e for e in listing.entries if not e.document and not e.pinned), listing.entries[0])
    if entry.document:
        result.sample_problem = say("The entries are files; they are read by the crawl")
        return
    try:
        page = fetch(PageRequest(entry.url))
        if page.status >= 400:
            result.sample_problem = say("The address answers with HTTP status {status}", status=page.status)
            return
        result.sample = read_page(
            page.raw, url=page.url, content_type=page.headers.get("content-type"), hints=entry.hints, zone=zone
        )
    except BureauwatchError as error:
        result.sample_problem = error.message


def source_id(url: str) -> str:
    """An id from the host: `gaj.nanjing.gov.cn` gives `nanjing-gaj`."""
    parts = urlsplit(url)
    labels = [
        p for p in (parts.hostname or "source").lower().split(".") if p not in ("www", "gov", "cn", "com", "org", "net")
    ]
    if re.fullmatch(r"[\d.]+", parts.hostname or ""):
        labels = ["host", *(parts.hostname or "").split("."), *([str(parts.port)] if parts.port else [])]
    else:
        labels.reverse()
    text = re.sub(r"[^a-z0-9-]+", "-", "-".join(labels)).strip("-")[:60].strip("-")
    return text if len(text) >= 2 else f"{text or 'source'}-1"


def suggest(result: ProbeResult) -> dict[str, Any]:
    """The source file's content for this column."""
    column: dict[str, Any] = {"url": result.url}
    if result.column_name:
        column["name"] = result.column_name
    source: dict[str, Any] = {
        "id": source_id(result.url),
        "name": result.site_name or urlsplit(result.url).hostname or result.url,
        "columns": [column],
    }
    delay = result.robots.get("crawl_delay")
    if delay and delay > 2:
        source["politeness"] = {"delay": min(float(delay), 600.0)}
    if result.needs_render:
        source["render"] = True
    return source
