"""Hanweb jpolicy (政策文件库): JSON rows with `iid` or `infoid`; the page is `…/front/info/detail?iid=`."""

from __future__ import annotations

import re
from typing import ClassVar
from urllib.parse import quote, urljoin

from crawler.platforms import records
from crawler.platforms.base import Detection, Page, PageRequest
from crawler.platforms.htmllist import live_html
from crawler.platforms.jsonlist import JsonList

SERVER = re.compile(
    r"[\"']([^\"'\s]{0,120}jpaas-jpolicy-web-server/front/info/(?:do-search|list-search|search|query|list-data|page)[\w/-]{0,60}[^\"'\s]{0,300})[\"']"
)


class Jpolicy(JsonList):
    """jpolicy lists."""

    name: ClassVar[str] = "hanweb-jpolicy"

    def recognise(self, page: Page) -> Detection:
        """By the server's name in the address or script, or by rows with `iid` and `publishDate`."""
        text = page.text
        if text.lstrip()[:1] == "{":
            named = "jpaas-jpolicy" in page.url
            rows = re.search(r"\"(?:iid|infoid)\"\s*:\s*\"", text[:20_000], re.I) and re.search(
                r"\"publish_?date\"", text[:20_000], re.I
            )
            return Detection(self.name, 0.9 if named or rows else 0.0, "iid, publishDate")
        called = SERVER.search(live_html(page))
        return Detection(self.name, 0.8 if called else 0.0, called[1][-60:] if called else "")

    def first(self, column_url: str, page: Page | None = None) -> PageRequest:
        """The search that the page's script makes, page by page."""
        if page is None or page.text.lstrip()[:1] == "{":
            return PageRequest(column_url)
        called = SERVER.search(live_html(page))
        if called is None:
            return PageRequest(column_url)
        headers = {"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8", "Referer": column_url}
        return PageRequest(
            urljoin(column_url, called[1]),
            method="POST",
            body="pageNo=1&pageSize=15",
            headers=headers,
            state={"size": 15},
        )

    def url_of(self, record: records.Record) -> str | None:
        """The detail page of the row's id."""
        known = {records.key_of(k): v for k, v in record.items()}
        number = known.get("iid") or known.get("infoid")
        if not number:
            return None
        return f"/api-gateway/jpaas-jpolicy-web-server/front/info/detail?iid={quote(str(number))}"
