"""Guangdong NFCMS 南方网: `index_2.html` is page 2, details are `content/post_N.html`."""

from __future__ import annotations

import re
from typing import ClassVar
from urllib.parse import urljoin

from crawler.platforms.base import Detection, Page, PageRequest
from crawler.platforms.finder.find import Found
from crawler.platforms.htmllist import HtmlList, live_html

DETAIL = re.compile(r"/content/m?post_\d+\.html")


class Nfcms(HtmlList):
    """NFCMS."""

    name: ClassVar[str] = "nfcms"
    prefer: ClassVar[re.Pattern[str] | None] = DETAIL

    def recognise(self, page: Page) -> Detection:
        """By its own variables, and by `content/post_N.html` addresses."""
        html = live_html(page)
        score, evidence = 0.0, []
        if re.search(r"NFCMS_(?:SITE_ID|CAT_ID|PUB_TYPE)", html):
            score += 0.5
            evidence.append("NFCMS_SITE_ID")
        if len(set(DETAIL.findall(html))) >= 3:
            score += 0.45
            evidence.append("content/post_N.html")
        if re.search(r"NFCMS_POST_ID\s*=\s*[\"']?\d", html):
            score -= 0.6
        return Detection(self.name, max(0.0, min(0.95, score)), ", ".join(evidence))

    def next_request(self, page: Page, request: PageRequest, found: Found) -> PageRequest | None:
        """As linked; where a script writes the pager, `index_{N+1}.html` up to the count that it names."""
        if found.pager.next:
            return super().next_request(page, request, found)
        count = re.search(r"(?:pageCount|totalPage|page_count)[\"']?\s*[:=]\s*[\"']?(\d{1,6})", live_html(page))
        if count and request.number < int(count[1]):
            return PageRequest(urljoin(page.url, f"index_{request.number + 1}.html"), request.number + 1)
        return None
