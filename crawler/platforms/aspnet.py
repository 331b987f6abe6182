"""ASP.NET WebForms lists: `?page=` links, or `__doPostBack('pager', '2')` with the page's hidden fields."""

from __future__ import annotations

import re
from typing import ClassVar
from urllib.parse import urlencode

from crawler.platforms.base import Detection, Page, PageRequest
from crawler.platforms.finder.find import Found
from crawler.platforms.finder.links import resolve
from crawler.platforms.htmllist import HtmlList

POSTBACK = re.compile(r"__doPostBack\s*\(\s*[\"']([^\"']{1,200})[\"']\s*,\s*[\"']([^\"']{0,60})[\"']\s*\)")
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

    def next_request(self, page: Page, request: PageRequest, found: Found) -> PageRequest | None:
        """As linked; a post-back is sent as the form that the page itself would send."""
        if found.pager.next:
            return super().next_request(page, request, found)
        match = POSTBACK.search(found.pager.script or "")
        if match is None:
            return None
        form = {
            e.attrs["name"]: e.attrs.get("value", "")
            for e in found.document.elements
            if e.tag == "input" and e.attrs.get("type", "").lower() == "hidden" and e.attrs.get("name")
        }
        if "__VIEWSTATE" not in form:
            return None
        form["__EVENTTARGET"], form["__EVENTARGUMENT"] = match[1], match[2]
        action = next((e.attrs.get("action", "") for e in found.document.elements if e.tag == "form"), "")
        url = resolve(page.url, action) if action else page.url
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Referer": page.url}
        return PageRequest(url or page.url, request.number + 1, "POST", urlencode(form), headers)
