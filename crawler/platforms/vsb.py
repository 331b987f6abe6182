"""VSB 博达: `list.jsp?…wbtreeid=`, `PAGENUM`, `tzgg/35.htm` counting down, details `info/C/N.htm`."""

from __future__ import annotations

import re
from typing import ClassVar
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from crawler.platforms.base import Detection, Page, PageRequest
from crawler.platforms.finder.find import Found
from crawler.platforms.htmllist import HtmlList

DETAIL = re.compile(r"info/\d+/\d+\.html?|wbnewsid=\d+|content\.jsp\?")


class Vsb(HtmlList):
    """VSB. Its pager is always linked, whichever way the pages are numbered."""

    name: ClassVar[str] = "vsb"
    prefer: ClassVar[re.Pattern[str] | None] = DETAIL

    def recognise(self, page: Page) -> Detection:
        """By the maker's comment and files, `info/C/N.htm` addresses, `wbtreeid`."""
        text = page.text
        score, evidence = 0.0, []
        if re.search(r"Announced by Visual SiteBuilder|_sitegray|vsbscreen|\.vsb\.css|system/resource/js/", text):
            score += 0.5
            evidence.append("Visual SiteBuilder")
        if len(set(re.findall(r"info/\d+/\d+\.html?", text))) >= 3:
            score += 0.4
            evidence.append("info/C/N.htm")
        if "wbtreeid=" in text or "wbtreeid=" in page.url:
            score += 0.25
            evidence.append("wbtreeid")
        return Detection(self.name, min(0.95, score), ", ".join(evidence))

    def next_request(self, page: Page, request: PageRequest, found: Found) -> PageRequest | None:
        """As linked; `PAGENUM` counted up where the address tells the total."""
        if found.pager.next:
            return super().next_request(page, request, found)
        parts = urlsplit(request.url)
        pairs = dict(parse_qsl(parts.query, keep_blank_values=True))
        total = pairs.get("totalpage", "")
        number = pairs.get("PAGENUM", "1")
        if not (total.isdigit() and number.isdigit() and int(number) < int(total)):
            return None
        pairs["PAGENUM"] = str(int(number) + 1)
        return PageRequest(urlunsplit(parts._replace(query=urlencode(pairs))), request.number + 1)
