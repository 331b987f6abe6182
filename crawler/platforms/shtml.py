"""Static lists numbered `index_2.shtml` where 2 is the second page, written by a script that names the count."""

from __future__ import annotations

import re
from typing import ClassVar
from urllib.parse import urljoin, urlsplit

from crawler.platforms.base import Detection, Page, PageRequest
from crawler.platforms.finder.find import Found
from crawler.platforms.htmllist import HtmlList, live_html

LINK = re.compile(r"[\"'/](\w{1,40})_(\d{1,5})\.shtml")
COUNT = re.compile(r"(?:totalPages?|pageCount|pagecount|maxPage|pages)[\"']?\s*[:=]\s*[\"']?(\d{1,5})")


class Shtml(HtmlList):
    """`index_N.shtml`."""

    name: ClassVar[str] = "shtml"

    def recognise(self, page: Page) -> Detection:
        """By a column's own `index_N.shtml` links on a page that is an `index.shtml`."""
        html = live_html(page)
        stem = urlsplit(page.url).path.rsplit("/", 1)[-1].removesuffix(".shtml")
        stem = re.sub(r"_\d+$", "", stem) or "index"
        numbers = {int(m[2]) for m in LINK.finditer(html) if m[1] == stem}
        dated = len(set(re.findall(r"/20\d\d/\d\d/\d\d/\d+\.shtml|/20\d{4}/\d+\.shtml", html)))
        score = 0.45 * bool(numbers) + 0.2 * (len(numbers) >= 2) + 0.2 * (dated >= 3)
        return Detection(
            self.name, score if "createPageHTML" not in html else 0.0, f"{stem}_N.shtml" if numbers else ""
        )

    def next_request(self, page: Page, request: PageRequest, found: Found) -> PageRequest | None:
        """As linked; by the count only where a link shows that 2 is the second page."""
        if found.pager.next:
            return super().next_request(page, request, found)
        html = live_html(page)
        count = COUNT.search(html)
        link = LINK.search(html)
        if count is None or link is None or request.number >= int(count[1]):
            return None
        return PageRequest(urljoin(page.url, f"{link[1]}_{request.number + 1}.shtml"), request.number + 1)
