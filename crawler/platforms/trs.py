"""TRS WCM 拓尔思: static lists, `createPageHTML(pages, current, "index", "html")`, page N is `index_{N-1}.html`."""

from __future__ import annotations

import re
from typing import ClassVar
from urllib.parse import urljoin

from crawler.platforms.base import Detection, Page, PageRequest
from crawler.platforms.finder.find import Found
from crawler.platforms.htmllist import HtmlList, live_html
from pipelines.messages import say

_Q = r"[\"']"
CALL = re.compile(
    rf"createPage(?:HTML|Html)?\w{{0,12}}\s*\(\s*{_Q}?\$?\{{?(\d{{1,6}})\}}?{_Q}?\s*,\s*{_Q}?(\d{{1,6}}){_Q}?\s*"
    rf"(?:,\s*{_Q}([\w./-]{{1,80}}){_Q}\s*(?:,\s*{_Q}\.?(s?html?|jhtml|jsp|asp|php){_Q})?)?"
)
COUNTERS = (
    re.compile(r"\bvar\s+(?:countPage|m_nPageCount|nPageCount|pageCount)\s*=\s*[\"']?(\d{1,6})"),
    re.compile(r"\bvar\s+(?:currentPage|m_nCurrIndex|nCurrIndex|pageIndex)\s*=\s*[\"']?(\d{1,6})"),
)
OBJECTS = (
    re.compile(r"\bPager\s*\(\s*\{([^{}]{5,400})\}\s*\)"),
    re.compile(r"\bpager_options\s*=\s*\{([^{}]{5,600})\}"),
)
"""Newer templates give the pager an object; its current page counts from 0 like the call's."""
OPTION = re.compile(
    r"\b(size|countPage|current|currentPage|prefix|PAGE_NAME|suffix|PAGE_EXT)\s*:\s*(?:parseInt\(\s*)?(?:[\"']([\w./-]{0,80})[\"']|(\d{1,6}))"
)
SUFFIX = re.compile(r"\.[\"'\s+\\]{0,6}(s?html?|jhtml)\b")
WRITTEN = 1500
"""Characters after a pager's counters within which its script writes the addresses."""
DETAIL = re.compile(r"/(?:20\d{4}/)?t(?:19|20)\d{6}_\d+\.s?html?")


def pager_call(html: str) -> tuple[int, int, str, str] | None:
    """Pages, current page (from 0), name and extension of a live pager call; None for other signatures."""
    for match in CALL.finditer(html):
        before = html[max(0, match.start() - 12) : match.start()]
        if before.rstrip().endswith("function"):
            continue
        return int(match[1]), int(match[2]), match[3] or "index", match[4] or "html"
    for pattern in OBJECTS:
        if found := pattern.search(html):
            values = {k: next((v for v in g if v), "") for k, *g in OPTION.findall(found[1])}
            count = values.get("size") or values.get("countPage")
            current = values.get("current") or values.get("currentPage") or "0"
            if count and count.isdigit() and current.isdigit():
                name, suffix = (
                    values.get("prefix") or values.get("PAGE_NAME"),
                    values.get("suffix") or values.get("PAGE_EXT"),
                )
                return int(count), int(current), name or "index", (suffix or "html").lstrip(".")
    pages, current = (pattern.search(html) for pattern in COUNTERS)
    if pages and current and (re.search(r"[\"'\\]index|_[\"']\s*\+", html) or len(set(DETAIL.findall(html))) >= 3):
        name = re.search(r"[\"'(=]\\?[\"']?(\w{1,40})\\?[\"']?\s*\+\s*[\"']_[\"']", html)
        suffix = SUFFIX.search(html, pages.end(), pages.end() + WRITTEN)
        return int(pages[1]), int(current[1]), name[1] if name else "index", suffix[1] if suffix else "html"
    return None


class Trs(HtmlList):
    """TRS WCM."""

    name: ClassVar[str] = "trs"
    prefer: ClassVar[re.Pattern[str] | None] = DETAIL

    def recognise(self, page: Page) -> Detection:
        """By the pager call with a count first, by `tYYYYMMDD_id.html` addresses, by TRS's own marks."""
        text = page.text
        html = live_html(page)
        links = len(set(DETAIL.findall(html)))
        call = CALL.search(html)
        marks = re.search(
            r"class=[\"'][^\"']{0,100}(?:TRS_|trs_|CurrChnlCls)|<meta[^<>]{0,200}(?:TRS|WCM)|was5/web|trssearchform|_TRS\b|TRS_AUTOADD",
            text,
        )
        score, evidence = 0.0, []
        if call:
            score += 0.5
            evidence.append(" ".join(call[0].split())[:60])
        if links >= 3:
            score += 0.55
            evidence.append(say("{count} addresses like tYYYYMMDD_id.html", count=links))
        elif links:
            score += 0.25
            evidence.append("tYYYYMMDD_id.html")
        if marks:
            score += 0.2
            evidence.append(marks[0][-40:])
        if re.search(r"createPageHTML\s*\(\s*[\"'][A-Za-z_]\w{0,40}[\"']\s*,", html):
            score -= 0.4  # the other maker's signature: an element's id first
        return Detection(self.name, max(0.0, min(0.95, score)), ", ".join(evidence))

    def total_pages(self, page: Page, found: Found) -> int | None:
        """The count in the pager call."""
        call = pager_call(live_html(page))
        return call[0] if call else found.pager.total_pages

    def next_request(self, page: Page, request: PageRequest, found: Found) -> PageRequest | None:
        """`index_{N-1}.html` while the count lasts; without a live call, what the page links."""
        call = pager_call(live_html(page))
        if call is None or found.pager.next:
            return super().next_request(page, request, found)
        pages, current, name, suffix = call
        position = max(current, request.number - 1)
        if position + 1 >= pages:
            return None
        return PageRequest(urljoin(page.url, f"{name}_{position + 1}.{suffix}"), request.number + 1)
