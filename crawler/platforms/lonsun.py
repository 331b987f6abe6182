"""Lonsun 龙讯 (Anhui): `/public/column/N`, `/content/column/N`, pages by `pageIndex`, rows by label 8888."""

from __future__ import annotations

import re
from typing import ClassVar
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from crawler.platforms.base import Detection, Page, PageRequest
from crawler.platforms.finder.find import Found, find
from crawler.platforms.htmllist import HtmlList, live_html
from crawler.platforms.jsliteral import literal_after

DETAIL = re.compile(
    r"/public/\d+/\d+\.html|/content/article/\d+|/content/detail/[0-9a-f]+\.html|/(?:xxgk|zwgk)/[\w/]*\d{6,}\.html"
)
COUNT = re.compile(r"\b(?:pageCount|totalPage|pages)\b[\"']?\s*[:=]\s*[\"']?(\d{1,6})")
LABEL = "/site/label/8888"
FIELDS = ("siteId", "organId", "catId", "catIds", "type", "pageSize", "labelName", "file", "action", "isDate", "dateFormat", "length", "sortType", "result")  # fmt: skip  # noqa: E501 - one pattern


class Lonsun(HtmlList):
    """Lonsun."""

    name: ClassVar[str] = "lonsun"
    prefer: ClassVar[re.Pattern[str] | None] = DETAIL

    def recognise(self, page: Page) -> Detection:
        """By its label address, its script names, and `/public/{office}/{id}.html`."""
        html = live_html(page)
        score, evidence = 0.0, []
        if LABEL in html or LABEL in page.url or "publicInfoList" in html:
            score += 0.5
            evidence.append("label/8888")
        if re.search(r"\bLs\.(?:pagination|ajax|extend)|lonsun|/libs/common/ls", html, re.I):
            score += 0.4
            evidence.append("Ls.pagination")
        if len(set(re.findall(r"/public/\d+/\d+\.html|/content/article/\d+", html))) >= 3:
            score += 0.45
            evidence.append("/public/N/N.html")
        return Detection(self.name, min(0.95, score), ", ".join(evidence))

    def first(self, column_url: str, page: Page | None = None) -> PageRequest:
        """The page, or the label that its script loads when the list is not in the page."""
        if page is None or LABEL in column_url:
            return PageRequest(column_url)
        found = find(page, zone=self.zone, prefer=self.prefer)
        if found.entries and (found.blocks[0].dated >= 0.3 or DETAIL.search(found.entries[0].url)):
            return PageRequest(column_url)
        html = live_html(page)
        params = literal_after(html, r"(?:label(?:Params?)?|data|params?)\s*[:=]") if "labelName" in html else None
        query = {k: str(v) for k, v in params.items() if isinstance(v, (str, int))} if isinstance(params, dict) else {}
        for name in FIELDS:
            if name not in query and (
                match := re.search(rf"[\"']?\b{name}\b[\"']?\s*[:=]\s*[\"']([^\"'<>]{{0,120}})[\"']", html)
            ):
                query[name] = match[1]
        if "labelName" not in query or not (query.get("siteId") or query.get("organId")):
            return PageRequest(column_url)
        query.update({"IsAjax": "1", "dataType": "html", "pageIndex": "1"})
        query.setdefault("pageSize", "15")
        return PageRequest(f"{urljoin(column_url, LABEL)}?{urlencode(query)}", headers={"Referer": column_url})

    def next_request(self, page: Page, request: PageRequest, found: Found) -> PageRequest | None:
        """As linked; else the same address with the next `pageIndex`, up to the script's count."""
        if found.pager.next:
            return super().next_request(page, request, found)
        count = COUNT.search(live_html(page))
        if count is None or request.number >= int(count[1]):
            return None
        parts = urlsplit(request.url)
        pairs = [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if k != "pageIndex"]
        pairs.append(("pageIndex", str(request.number + 1)))
        return PageRequest(
            urlunsplit(parts._replace(query=urlencode(pairs))), request.number + 1, headers=request.headers
        )

    def total_pages(self, page: Page, found: Found) -> int | None:
        """The count in the pager's script."""
        count = COUNT.search(live_html(page))
        return int(count[1]) if count else found.pager.total_pages
