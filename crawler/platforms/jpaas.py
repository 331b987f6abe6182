"""Hanweb jpaas: GET `…/front/page/build/unit` with the ids of the page's script, HTML in `data.html`."""

from __future__ import annotations

import html as html_text
import json
import re
from typing import Any, ClassVar
from urllib.parse import parse_qs, parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from crawler.platforms import records
from crawler.platforms.base import Detection, Listing, Page, PageRequest
from crawler.platforms.finder import verdict
from crawler.platforms.finder.find import find
from crawler.platforms.htmllist import live_html
from crawler.platforms.jsliteral import literal_at
from pipelines.errors import ListingError
from pipelines.messages import say

PATH = "/api-gateway/jpaas-publish-server/front/page/build/unit"
ATTRIBUTE = re.compile(r"(\w+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
DETAIL = re.compile(r"/art/(?:\d{4}/)?(?:\d{1,2}/\d{1,2}/)?art_[\w-]+\.html")
COUNTS = re.compile(r"\b(count|totalRecord|total|rows|pageSize|pageCount)[\"']?\s*[:=]\s*[\"']?(\d{1,8})", re.I)
SIZE = 20
LISTS = re.compile(r"list|列表|分页|内容|ajax", re.I)


def units(page: Page) -> list[tuple[str, dict[str, Any]]]:
    """Address and parameters of the page's build/unit calls, the likely list first."""
    found: list[tuple[str, dict[str, Any]]] = []
    html = live_html(page)
    for match in list(re.finditer(r"jpaas-publish-server/front/page/build/unit", html))[:50]:
        start = html.rfind("<script", max(0, match.start() - 3000), match.start())
        end = html.find(">", match.end(), match.end() + 3000)
        if start < 0 or end < 0:
            continue
        tag = html[start : end + 1]
        attributes = {
            m[1].lower(): html_text.unescape(m[2] if m[2] is not None else m[3] or "") for m in ATTRIBUTE.finditer(tag)
        }
        data = attributes.get("querydata", "")
        if not data.strip().startswith("{"):
            continue
        try:
            query = literal_at(data, data.index("{"))
        except ValueError:
            continue
        if isinstance(query, dict) and query.get("pageId"):
            found.append((attributes.get("url") or PATH, query))
    found.sort(key=lambda f: not LISTS.search(str(f[1].get("tagId", ""))))
    return found


class Jpaas:
    """jpaas columns."""

    name: ClassVar[str] = "hanweb-jpaas"

    def __init__(self, zone: str = "Asia/Shanghai") -> None:
        self.zone = zone

    def recognise(self, page: Page) -> Detection:
        """By the script that loads the list, or an answer whose `data.html` is one."""
        text = page.text
        if text.lstrip()[:1] == "{":
            ours = "build/unit" in page.url or re.search(r"\"data\"\s*:\s*\{\s*\"html\"\s*:\s*\"", text[:2000])
            return Detection(self.name, 0.9 if ours else 0.0, "data.html")
        calls = units(page)
        if not calls:
            return Detection(self.name, 0.0)
        own = find(page, zone=self.zone, prefer=DETAIL)
        listed = bool(own.entries) and own.blocks[0].dated >= 0.5 and len(own.entries) >= 5
        return Detection(self.name, 0.4 if listed else 0.9, f"build/unit {calls[0][1].get('tagId', '')}")

    def first(self, column_url: str, page: Page | None = None) -> PageRequest:
        """The first call of the page's script, with a page number."""
        calls = units(page) if page is not None and page.text.lstrip()[:1] != "{" else []
        if not calls:
            return PageRequest(column_url)
        url, query = calls[0]
        return self._request(urljoin(column_url, url), query, 1, column_url)

    @staticmethod
    def _request(url: str, query: dict[str, Any], number: int, referer: str) -> PageRequest:
        pairs = {k: "null" if v is None else str(v) for k, v in query.items() if k != "paramJson"}
        pairs["paramJson"] = json.dumps({"pageNo": number, "pageSize": SIZE}, separators=(",", ":"))
        return PageRequest(
            f"{url.split('?')[0]}?{urlencode(pairs)}", number, headers={"Referer": referer}, state={"referer": referer}
        )

    def read(self, page: Page, request: PageRequest) -> Listing:
        """The rows of `data.html` and the next page.

        Raises:
            ListingError: an error body, or no rows on the first page.
        """
        verdict.refuse_broken(page)
        verdict.refuse_challenge(page)
        data = records.load(page.text)
        body = data.get("data") if isinstance(data, dict) else None
        html = body.get("html") if isinstance(body, dict) else None
        if not isinstance(html, str):
            message = verdict.json_error(data) or "data.html"
            raise ListingError(say("The data service reports an error: {message}", message=message))
        base = str(request.state.get("referer") or page.url)
        found = find(Page(base, f"<html><body>{html}</body></html>".encode()), zone=self.zone, prefer=DETAIL)
        if not found.entries:
            if request.number > 1:
                return Listing(
                    [], platform=self.name, notes=[say("The list ended before page {number}", number=request.number)]
                )
            if verdict.says_empty(html):
                return Listing([], platform=self.name, declared_empty=True)
            raise ListingError(say("The answer holds no records of publications"))
        counts = {m[1].lower(): int(m[2]) for m in COUNTS.finditer(html)}
        total = counts.get("count") or counts.get("totalrecord") or counts.get("total") or found.pager.total_entries
        size = counts.get("rows") or counts.get("pagesize") or SIZE
        pages = counts.get("pagecount") or (-(-total // size) if total else None)
        head = found.entries[0].url
        following = None
        if head != request.state.get("head") and (request.number < pages if pages else len(found.entries) >= 5):
            following = self._step(request, head)
        entries = found.entries if head != request.state.get("head") else []
        return Listing(entries, following, pages, total, self.name)

    @staticmethod
    def _step(request: PageRequest, head: str) -> PageRequest | None:
        parts = urlsplit(request.url)
        query = parse_qs(parts.query)
        try:
            param = json.loads(query.get("paramJson", ["{}"])[0] or "{}")
        except ValueError:
            param = {}
        param["pageNo"] = int(param.get("pageNo", request.number)) + 1
        param.setdefault("pageSize", SIZE)
        pairs = [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if k != "paramJson"]
        pairs.append(("paramJson", json.dumps(param, separators=(",", ":"))))
        url = urlunsplit(parts._replace(query=urlencode(pairs)))
        return PageRequest(url, request.number + 1, headers=request.headers, state={**request.state, "head": head})
