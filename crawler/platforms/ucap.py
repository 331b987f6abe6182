"""UCAP 开普: `createPageHTML('page_div', 10, 1, 'list', 'shtml', 149)` counts from 1; JSON search lists."""

from __future__ import annotations

import re
from typing import ClassVar
from urllib.parse import urljoin, urlsplit

from crawler.platforms import records
from crawler.platforms.base import Detection, Listing, Page, PageRequest
from crawler.platforms.finder.find import Found, find
from crawler.platforms.htmllist import HtmlList, live_html
from crawler.platforms.jsonlist import JsonList

CALL = re.compile(
    r"createPageHTML\s*\(\s*[\"'](\w{1,40})[\"']\s*,\s*[\"']?(\d{1,6})[\"']?\s*,\s*[\"']?(\d{1,6})[\"']?\s*,\s*[\"']([\w./-]{1,80})[\"']"
    r"\s*,\s*[\"']\.?(\w{3,5})[\"']\s*(?:,\s*[\"']?(\d{1,8})[\"']?)?"
)
CHANNEL = re.compile(
    r"<meta[^<>]{0,80}name\s*=\s*[\"']?channelid[\"']?[^<>]{0,40}content\s*=\s*[\"']([0-9a-f]{32})[\"']"
    r"|<meta[^<>]{0,40}content\s*=\s*[\"']([0-9a-f]{32})[\"'][^<>]{0,80}name\s*=\s*[\"']?channelid",
    re.I,
)
DETAIL = re.compile(
    r"/(?:20\d{4}|20\d\d/\d\d?/\d\d?|20\d\d-\d\d/\d\d)/(?:[0-9a-f]{32}|\d{6,})\.s?html|/c\d{6}/c?\d+/content\.shtml|/c\d{5,}/\d{6}/"
)
API = re.compile(r"/(?:searchList|common/search|search)/[0-9a-f]{32}")


class Ucap(HtmlList):
    """UCAP, as pages and as JSON."""

    name: ClassVar[str] = "ucap"
    prefer: ClassVar[re.Pattern[str] | None] = DETAIL

    def recognise(self, page: Page) -> Detection:
        """By the pager call with an element's id first, the channel id, 32-digit names; by the JSON's own fields."""
        if page.text.lstrip()[:1] == "{":
            head = page.text[:3000]
            ours = API.search(page.url) or ('"channelId"' in head and '"results"' in page.text)
            return Detection(self.name, 0.9 if ours and '"results"' in page.text else 0.0, "data.results")
        html = live_html(page)
        score, evidence = 0.0, []
        if call := CALL.search(html):
            score += 0.6
            evidence.append(" ".join(call[0].split())[:60])
        if channel := CHANNEL.search(html):
            score += 0.5
            evidence.append(f"channelid {channel[1] or channel[2]}"[:24])
        if len(set(re.findall(r"/20\d{4}/[0-9a-f]{32}\.s?html", html))) >= 2:
            score += 0.4
            evidence.append("YYYYMM/<32 hex>.shtml")
        if re.search(r"UCAPCONTENT|UCAP-CONTENT|ucapSite|/ucap/", html, re.I):
            score += 0.2
            evidence.append("UCAP")
        return Detection(self.name, min(0.95, score), ", ".join(evidence))

    def first(self, column_url: str, page: Page | None = None) -> PageRequest:
        """The page, or, where its list is filled in by a script, the JSON list of its channel."""
        if page is not None and page.text.lstrip()[:1] != "{" and (channel := CHANNEL.search(live_html(page))):
            found = find(page, zone=self.zone, prefer=self.prefer)
            if not found.entries or found.blocks[0].dated < 0.3:
                number = channel[1] or channel[2]
                query = "?_isAgg=true&_isJson=true&_pageSize=20&_template=index&_rangeTimeGte=&_channelName=&page=1"
                return PageRequest(urljoin(column_url, f"/common/search/{number}{query}"))
        return PageRequest(column_url)

    def total_pages(self, page: Page, found: Found) -> int | None:
        """The count in the pager call."""
        call = CALL.search(live_html(page))
        return int(call[2]) if call else found.pager.total_pages

    def next_request(self, page: Page, request: PageRequest, found: Found) -> PageRequest | None:
        """`list_{N+1}.shtml` while the count lasts."""
        call = CALL.search(live_html(page))
        if call is None or found.pager.next:
            return super().next_request(page, request, found)
        pages, current, name, suffix = int(call[2]), int(call[3]), call[4], call[5]
        if current == 0 or request.state.get("from_zero"):  # an id first, yet counted as TRS counts
            position = max(current, request.number - 1)
            if position + 1 >= pages:
                return None
            url = urljoin(page.url, f"{name}_{position + 1}.{suffix}")
            return PageRequest(url, request.number + 1, state={"from_zero": True})
        number = max(current, request.number, 1)
        if number >= pages:
            return None
        return PageRequest(urljoin(page.url, f"{name}_{number + 1}.{suffix}"), request.number + 1)

    def read(self, page: Page, request: PageRequest) -> Listing:
        """Entries and the next request.

        Raises:
            ListingError: the page is no list, or an error answer.
        """
        if page.text.lstrip()[:1] == "{" or API.search(urlsplit(request.url).path):
            return UcapJson(self.zone).read(page, request)
        return super().read(page, request)


class UcapJson(JsonList):
    """`data.results` of `/searchList/{channel}` and `/common/search/{channel}`."""

    name: ClassVar[str] = "ucap"

    def url_of(self, record: records.Record) -> str | None:
        """The record's own address, or its manuscript under the channel."""
        url = record.get("url") or record.get("subUrl")
        return str(url) if url else None
