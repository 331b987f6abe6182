"""Hanweb JCMS 大汉: records in CDATA, the first group in the page, further ones by POST to `dataproxy.jsp`."""

from __future__ import annotations

import html as html_text
import re
from typing import ClassVar
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from crawler.platforms.base import Detection, Entry, Listing, Page, PageRequest
from crawler.platforms.finder import verdict
from crawler.platforms.finder.find import find
from crawler.platforms.htmllist import HtmlList, live_html
from crawler.platforms.jsliteral import literal_after
from pipelines.errors import ListingError
from pipelines.messages import say

RECORD = re.compile(r"<record>\s*<!\[CDATA\[([^\0]*?)\]\]>\s*</record>", re.I)
NEXT_GROUP = re.compile(r"<nextgroup>\s*<!\[CDATA\[[^\0]{0,40}?href=[\"']([^\"']{5,800})[\"']", re.I)
TOTAL = re.compile(r"<totalrecord>\s*(\d{1,8})\s*</totalrecord>|totalRecord\s*[:=]\s*[\"']?(\d{1,8})", re.I)
PROXY = re.compile(r"[\"']([^\"'\s]{0,200}dataproxy\.jsp[^\"'\s]{0,300})[\"']")
DETAIL = re.compile(r"/art/(?:\d{4}/\d{1,2}/\d{1,2}/art_[\w-]+|\d{4}/art_[0-9a-f]+)\.html|/art_\d+_\d+\.html")


def _number(text: str, name: str, default: int) -> int:
    match = re.search(rf"\b{name}\s*[:=]\s*[\"']?(\d{{1,5}})", text)
    return int(match[1]) if match else default


class Jcms(HtmlList):
    """JCMS columns and their data answers."""

    name: ClassVar[str] = "hanweb-jcms"
    prefer: ClassVar[re.Pattern[str] | None] = DETAIL

    def recognise(self, page: Page) -> Detection:
        """By records in CDATA, the jpage call, `/art/Y/M/D/art_C_I.html` addresses."""
        text = page.text
        count = len(re.findall(r"<record>\s*<!\[CDATA\[", text[:400_000], re.I))
        score, evidence = 0.0, []
        if not count and re.match(r"[^<>]{0,20}<\?xml[^<>]{0,80}>\s*totalRecord\s*=|\s*totalRecord\s*=", text[:300]):
            score += 0.75
            evidence.append("dataStore")
        if count:
            score += 0.75
            evidence.append(say("{count} records in CDATA", count=count))
        if "dataproxy.jsp" in text:
            score += 0.3
            evidence.append("dataproxy.jsp")
        if re.search(r"\.jpage\s*\(", text):
            score += 0.4
            evidence.append("jpage")
        if len(set(DETAIL.findall(text[:400_000]))) >= 3:
            score += 0.45
            evidence.append("/art/Y/M/D/art_C_I.html")
        if re.search(r"/col/col\d+/index\.html", page.url):
            score += 0.2
            evidence.append("/col/colN/")
        return Detection(self.name, min(0.97, score), ", ".join(evidence))

    def read(self, page: Page, request: PageRequest) -> Listing:
        """Entries and the next request.

        Raises:
            ListingError: the page is no list, or an error answer.
        """
        verdict.refuse_broken(page)
        text = page.text
        records = RECORD.findall(text) or self._init_data(text)
        if not records:
            if request.state.get("window") or "dataproxy.jsp" in request.url:
                if request.number > 1:
                    return Listing(
                        [],
                        platform=self.name,
                        notes=[say("The list ended before page {number}", number=request.number)],
                    )
                verdict.refuse_challenge(page)
                raise ListingError(say("The answer holds no records of publications"))
            return super().read(page, request)
        entries = self._entries(records, page.url)
        if not entries:
            raise ListingError(say("The records have no address of a page"))
        total = next((int(m[1] or m[2]) for m in TOTAL.finditer(text)), None) or request.state.get("total")
        following = self._next(page, request, len(records), total)
        size = int(request.state.get("size", 0)) or len(records)
        return Listing(entries, following, -(-total // size) if total else None, total, self.name)

    def _init_data(self, text: str) -> list[str]:
        """The older forms: `var InitData123 = ['<li>…', …]`, and the answer `dataStore = ['<tr>…', …]`."""
        if not re.search(
            r"InitData[\s\S]*jpage|jpage[\s\S]*InitData|totalRecord[\s\S]{0,200}dataStore\s*=", text[:400_000]
        ):
            return []
        data = literal_after(text, r"\b(?:InitData\w*|dataStore)\s*=")
        return [r for r in data if isinstance(r, str) and "<a" in r] if isinstance(data, list) else []

    def _entries(self, records: list[str], url: str) -> list[Entry]:
        """The records' rows, read as one list."""
        rows = "".join(f"<div>{r}</div>" for r in records[:5000])
        if re.search(r"^\s*<tr", records[0], re.I):
            rows = f"<table>{''.join(records[:5000])}</table>"
        found = find(
            Page(url, f"<html><body><div>{rows}</div></body></html>".encode()), zone=self.zone, prefer=self.prefer
        )
        return found.entries

    def _next(self, page: Page, request: PageRequest, count: int, total: int | None) -> PageRequest | None:
        """The next window of records; the next group's link where no window is known."""
        parts = urlsplit(request.url)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        if "startrecord" in query and "endrecord" in query:
            start, end = int(query["startrecord"] or 1), int(query["endrecord"] or count)
            width = max(end - start + 1, 1)
            if count < width or (total is not None and end >= total):
                return None
            return self._window(
                request, urlunsplit(parts._replace(query="")), end + 1, width, int(query.get("perpage") or 15), total
            )
        html = live_html(page)
        proxy = PROXY.search(html)
        form = literal_after(html, r"ajaxParam\s*:") if proxy else None
        if proxy and isinstance(form, dict) and form:
            per_page = _number(html, "perPage", 15)
            width = per_page * max(_number(html, "groupSize", 3), 1)
            if total is not None and count >= total:
                return None
            body = urlencode({k: v for k, v in form.items() if isinstance(v, (str, int))})
            address = urljoin(page.url, proxy[1].split("?")[0])
            base = PageRequest(address, request.number, "POST", body, {"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8", "Referer": page.url})  # fmt: skip  # noqa: E501 - one pattern
            return self._window(base, address, count + 1, width, per_page, total)
        if group := NEXT_GROUP.search(page.text):
            url = urljoin(page.url, html_text.unescape(group[1]))
            read = int(request.state.get("read", 0)) + count
            if url != request.url and not (total is not None and read >= total):
                return PageRequest(url, request.number + 1, state={"total": total, "read": read, "window": True})
        return None

    @staticmethod
    def _window(
        base: PageRequest, address: str, start: int, width: int, per_page: int, total: int | None
    ) -> PageRequest | None:
        if total is not None and start > total:
            return None
        end = min(start + width - 1, total) if total is not None else start + width - 1
        url = f"{address}?startrecord={start}&endrecord={end}&perpage={per_page}"
        return PageRequest(
            url,
            base.number + 1,
            base.method,
            base.body,
            base.headers,
            {"total": total, "window": True, "size": per_page},
        )
