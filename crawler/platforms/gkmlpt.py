"""Guangdong gkmlpt 信息公开目录: `/gkmlpt/api/all/{category}?page=&sid=`, 100 a page, page 0 is page 1 again."""

from __future__ import annotations

import re
from typing import Any, ClassVar
from urllib.parse import urlsplit

from crawler.platforms import records
from crawler.platforms.base import Detection, Entry, Listing, Page, PageRequest
from crawler.platforms.finder import verdict
from crawler.platforms.finder.links import resolve
from crawler.platforms.htmllist import live_html
from crawler.platforms.jsonlist import next_page
from pipelines.errors import ListingError
from pipelines.items import Hints
from pipelines.messages import say

SID = re.compile(r"\bSID\s*[:=]\s*[\"']?(\d{1,12})")
SIZE = 100


class Gkmlpt:
    """gkmlpt catalogues."""

    name: ClassVar[str] = "gkmlpt"

    def __init__(self, zone: str = "Asia/Shanghai") -> None:
        self.zone = zone

    def recognise(self, page: Page) -> Detection:
        """By `window._CONFIG` with SID and TREE, or an answer with `articles` and `classify`."""
        text = page.text
        if text.lstrip()[:1] == "{":
            head = text[:100_000]
            ours = "/gkmlpt/api/" in page.url or (
                '"articles"' in head and re.search(r"\"(?:display_publish_time|classify_main|identifier)\"", head)
            )
            return Detection(self.name, 0.95 if ours else 0.0, "articles")
        html = live_html(page)
        if re.search(r"window\._CONFIG\s*=", html) and SID.search(html) and ("TREE" in html or "gkmlpt" in html):
            single = re.search(r"\bDETAIL\s*:\s*\{\s*[\"']?\w", html)
            return Detection(self.name, 0.1 if single else 0.95, "window._CONFIG SID")
        return Detection(self.name, 0.0)

    def first(self, column_url: str, page: Page | None = None) -> PageRequest:
        """The API of the category that the address names after `#`; of the whole catalogue without one."""
        parts = urlsplit(column_url)
        if "/api/" in parts.path or page is None:
            return PageRequest(column_url)
        sid = SID.search(live_html(page))
        if sid is None:
            return PageRequest(column_url)
        number = re.search(r"\d+", parts.fragment) or re.search(r"/gkmlpt/(?:index|list|policy)/?(\d+)", parts.path)
        category = number[number.lastindex or 0] if number else "0"
        root = parts.path.split("/gkmlpt")[0]
        return PageRequest(f"{parts.scheme}://{parts.netloc}{root}/gkmlpt/api/all/{category}?page=1&sid={sid[1]}")

    def read(self, page: Page, request: PageRequest) -> Listing:
        """The articles and the next hundred.

        Raises:
            ListingError: an error body, no JSON, or no articles.
        """
        verdict.refuse_broken(page)
        if page.text.lstrip()[:1] == "<":
            verdict.refuse_challenge(page)
            raise ListingError(say("A web page came instead of data"))
        data = records.load(page.text)
        articles = data.get("articles") if isinstance(data, dict) else None
        if not isinstance(articles, list):
            message = verdict.json_error(data) or "articles"
            raise ListingError(say("The data service reports an error: {message}", message=message))
        rows = [a for a in articles if isinstance(a, dict)]
        mapping = records.Mapping(rows) if rows else None
        entries: dict[str, Entry] = {}
        for article in rows:
            entry = records.entry_of(article, mapping, page.url, self.zone, self._url) if mapping else None
            if entry is not None:
                self._fields(article, entry.hints)
                entries.setdefault(entry.url, entry)
        total = self._total(data)
        if not entries:
            if request.number > 1:
                return Listing(
                    [], platform=self.name, notes=[say("The list ended before page {number}", number=request.number)]
                )
            if total == 0:
                return Listing([], platform=self.name, total_entries=0, declared_empty=True)
            raise ListingError(say("The answer holds no records of publications"))
        pages = -(-total // SIZE) if total else None
        more = request.number < pages if pages else len(rows) >= SIZE
        following = next_page(self._from_one(request)) if more else None
        return Listing(list(entries.values()), following, pages, total, self.name)

    @staticmethod
    def _from_one(request: PageRequest) -> PageRequest:
        """Page 0 shows page 1, so that the one after either is 2."""
        url = re.sub(r"([?&]page=)0(?=&|$)", r"\g<1>1", request.url)
        return PageRequest(url, request.number, request.method, request.body, request.headers, request.state)

    @staticmethod
    def _total(data: dict[str, Any]) -> int | None:
        for value in (data.get("total"), (data.get("classify") or {}).get("post_count")):
            if isinstance(value, (int, str)) and str(value).isdigit():
                return int(value)
        return None

    @staticmethod
    def _url(record: records.Record) -> str | None:
        url = record.get("url") or record.get("post_url") or record.get("full_url")
        return str(url) if url else None

    def _fields(self, record: records.Record, hints: Hints) -> None:
        """What only this platform's keys say: the drafting day, abolition, attachments."""
        hints.drafted = records.to_stamp(record.get("date"), self.zone)
        shown = records.to_stamp(record.get("display_publish_time"), self.zone)
        hints.published = shown or hints.published
        if record.get("is_abolished") in (1, "1", True):
            hints.validity = "废止"
        elif record.get("is_expired") in (1, "1", True):
            hints.validity = "失效"
        hints.attachments = [a for a in hints.attachments if resolve("http://x/", a.url)]
