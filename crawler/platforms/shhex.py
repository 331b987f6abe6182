"""Shanghai's bureaus: `/20220314/<32 hex>.html`, page 2 is `index_2.html`, the pager a script."""

from __future__ import annotations

import re
from typing import ClassVar
from urllib.parse import urljoin

from crawler.platforms.base import Detection, Page, PageRequest
from crawler.platforms.finder.find import Found
from crawler.platforms.htmllist import HtmlList, live_html

DETAIL = re.compile(r"/20\d{6}/[0-9a-f]{32}\.html")
CALL = re.compile(r"\.pagination\(\s*[\"']setPage[\"']\s*,\s*(\d{1,6})\s*,\s*(\d{1,6})\s*\)|totalPage\s*:\s*(\d{1,6})")


class ShHex(HtmlList):
    """`/YYYYMMDD/<32 hex>.html`."""

    name: ClassVar[str] = "sh-hex"
    prefer: ClassVar[re.Pattern[str] | None] = DETAIL

    def recognise(self, page: Page) -> Detection:
        """By its addresses."""
        links = len(set(DETAIL.findall(live_html(page))))
        return Detection(
            self.name, 0.85 if links >= 3 else 0.3 if links else 0.0, "YYYYMMDD/<32 hex>.html" if links else ""
        )

    def total_pages(self, page: Page, found: Found) -> int | None:
        """The total of the pager's script."""
        call = CALL.search(live_html(page))
        return int(call[2] or call[3]) if call else found.pager.total_pages

    def next_request(self, page: Page, request: PageRequest, found: Found) -> PageRequest | None:
        """As linked, else `index_{N+1}.html` up to the script's total."""
        if found.pager.next:
            return super().next_request(page, request, found)
        total = self.total_pages(page, found)
        if CALL.search(live_html(page)) is None or total is None or request.number >= total:
            return None
        return PageRequest(urljoin(page.url, f"index_{request.number + 1}.html"), request.number + 1)
