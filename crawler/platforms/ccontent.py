"""The CMS of 国资委, 公安部, 审计署: `/n1/n2/c3/content.html`; pages `index_{id}_{k}.html` count down."""

from __future__ import annotations

import re
from typing import ClassVar
from urllib.parse import urljoin

from crawler.platforms.base import Detection, Page, PageRequest
from crawler.platforms.finder.find import Found
from crawler.platforms.htmllist import HtmlList, live_html

DETAIL = re.compile(r"/c\d+/content(?:_\d+)?\.s?html")
LAST = re.compile(r"maxPageNum\s*=\s*[\"']?(\d{1,5})")
STEM = re.compile(r"[\"'/]index_(\d{4,12})_[\"']")
PART = re.compile(r"index_(\d{4,12})_(\d{1,5})\.html")


class Ccontent(HtmlList):
    """`…/cN/content.html`."""

    name: ClassVar[str] = "ccontent"
    prefer: ClassVar[re.Pattern[str] | None] = DETAIL

    def recognise(self, page: Page) -> Detection:
        """By its addresses under `/nN/` folders."""
        html = live_html(page)
        links = len(set(re.findall(r"(?<![\w-])c\d+/content\.html", html)))
        folders = bool(re.search(r"/n\d+/", html) or re.search(r"/n\d+/", page.url))
        score = 0.6 * (links >= 3) + 0.3 * (links >= 1 and folders) + 0.1 * bool(LAST.search(html))
        return Detection(self.name, min(0.95, score), f"{links} x cN/content.html" if links else "")

    def next_request(self, page: Page, request: PageRequest, found: Found) -> PageRequest | None:
        """As linked; else by `maxPageNum`: page 2 is `index_{id}_{max-1}.html`, and so on down to 1."""
        if found.pager.next:
            return super().next_request(page, request, found)
        html = live_html(page)
        last = LAST.search(html)
        part = PART.search(request.url) or PART.search(html) or STEM.search(html)
        if last is None or part is None or request.number >= int(last[1]):
            return None
        total = int(last[1])
        return PageRequest(urljoin(page.url, f"index_{part[1]}_{total - request.number}.html"), request.number + 1)

    def total_pages(self, page: Page, found: Found) -> int | None:
        """`maxPageNum`."""
        last = LAST.search(live_html(page))
        return int(last[1]) if last else found.pager.total_pages
