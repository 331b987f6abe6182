"""ASP.NET WebForms lists: `?page=` links, or `__doPostBack('pager', '2')`, which sends the page's form."""

from __future__ import annotations

import re
from typing import ClassVar

from crawler.platforms.base import Detection, Page
from crawler.platforms.htmllist import HtmlList

DETAIL = re.compile(r"\.aspx\?[^\"']{0,100}(?:id|no|code)=\w+|(?:show|view|detail|info|content)\w*\.aspx", re.I)


class Aspnet(HtmlList):
    """WebForms."""

    name: ClassVar[str] = "aspnet"
    prefer: ClassVar[re.Pattern[str] | None] = DETAIL

    def recognise(self, page: Page) -> Detection:
        """By the view state, `.aspx` addresses, a post-back pager."""
        text = page.text
        score, evidence = 0.0, []
        if re.search(r"name=[\"']__VIEWSTATE[\"']", text):
            score += 0.4
            evidence.append("__VIEWSTATE")
        if ".aspx" in page.url.lower() or len(re.findall(r"href=[\"'][^\"'<>]{0,200}\.aspx", text, re.I)) >= 3:
            score += 0.25
            evidence.append(".aspx")
        if re.search(r"__doPostBack\([\"'][^\"'<>]{0,100}(?:page|grid|list)", text, re.I) or re.search(
            r"AspNetPager|anpager", text, re.I
        ):
            score += 0.25
            evidence.append("__doPostBack")
        return Detection(self.name, min(0.9, score), ", ".join(evidence))
