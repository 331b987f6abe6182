"""TRS IRS: POST `/irs/front/list` with a table's name and a filter, JSON `data.list`; Guizhou, Guangxi, Chongqing."""

from __future__ import annotations

import json
import re
from typing import Any, ClassVar
from urllib.parse import urljoin

from crawler.platforms import records
from crawler.platforms.base import Detection, Page, PageRequest
from crawler.platforms.htmllist import live_html
from crawler.platforms.jsliteral import LiteralError, literal_at
from crawler.platforms.jsonlist import JsonList

PATH = "/irs/front/list"
CALL = re.compile(r"[\"']([^\"'\s]{0,200}/irs/front/list[^\"'\s]{0,200})[\"']")
SIZE = 15


def _value(html: str, name: str) -> str | None:
    match = re.search(rf"[\"']?\b{name}\b[\"']?\s*[:=]\s*[\"']?([\w-]{{1,80}})[\"']?", html)
    return match[1] if match and match[1] not in ("null", "undefined", name) else None


def query_of(html: str) -> dict[str, Any] | None:
    """The query that the page's script sends, as far as it is written out in it."""
    for match in re.finditer(r"[\"']?tableName[\"']?\s*:", html):
        start = html.rfind("{", max(0, match.start() - 3000), match.start())
        for _ in range(6):
            if start < 0:
                break
            try:
                found = literal_at(html, start)
            except LiteralError:
                found = None
            if isinstance(found, dict) and found.get("tableName"):
                return found
            start = html.rfind("{", max(0, start - 3000), start)
    table = _value(html, "tableName")
    if not table:
        return None
    query: dict[str, Any] = {"tableName": table}
    for name in ("tenantId", "code"):
        if value := _value(html, name):
            query[name] = value
    channel = _value(html, "channelId") or _value(html, "chnlId") or _value(html, "channelid")
    column = _value(html, "property") or _value(html, "fieldName")
    if channel and column and column.startswith("f_"):
        properties = [{"property": column, "operator": "eq", "value": channel}]
        query["customFilter"] = {"operator": "and", "properties": properties, "filters": []}
    return query


class Irs(JsonList):
    """TRS IRS lists."""

    name: ClassVar[str] = "trs-irs"

    def recognise(self, page: Page) -> Detection:
        """By the call in the page's script, or by `data.list` with `doc_pub_url` or numbered fields in an answer."""
        text = page.text
        if text.lstrip()[:1] == "{":
            head = text[:20_000]
            ours = PATH in page.url or (re.search(r"\"f_20\d{6,12}\"\s*:", head) and '"list"' in head)
            return Detection(self.name, 0.9 if ours else 0.0, "data.list")
        html = live_html(page)
        if CALL.search(html) or (PATH in html and "tableName" in html):
            return Detection(self.name, 0.85 if query_of(html) else 0.4, PATH)
        return Detection(self.name, 0.0)

    def first(self, column_url: str, page: Page | None = None) -> PageRequest:
        """The POST that the column's page makes; the address itself when it is given as data."""
        if page is None or page.text.lstrip()[:1] == "{":
            return PageRequest(column_url)
        html = live_html(page)
        query = query_of(html) or {}
        call = CALL.search(html)
        query = {"pageNo": 1, "pageSize": SIZE, **{k: v for k, v in query.items() if v is not None}}
        query["pageNo"] = 1
        if not isinstance(query.get("pageSize"), int):
            query["pageSize"] = SIZE
        query.setdefault("sorts", [{"sortField": "save_time", "sortOrder": "DESC"}])
        return PageRequest(
            urljoin(column_url, call[1] if call else PATH), method="POST", body=json.dumps(query, ensure_ascii=False),
            headers={"Content-Type": "application/json", "Referer": column_url}, state={"size": query["pageSize"]},
        )  # fmt: skip

    def following(self, request: PageRequest, data: Any, count: int) -> PageRequest | None:
        """By the counts; without counts as long as pages are full."""
        claimed = records.totals(data)
        if "entries" in claimed or "pages" in claimed:
            return super().following(request, data, count)
        from crawler.platforms.jsonlist import next_page

        return next_page(request) if count >= int(request.state.get("size", SIZE)) else None
