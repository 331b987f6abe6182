"""Archives every page and file before anything reads it; `meta["capture"]` is its capture."""

from __future__ import annotations

from typing import Any

from scrapy import Request, signals
from scrapy.http import Response

from crawler.responses import digest, header_text, media_type
from pipelines.archive import Archive


class ArchiveMiddleware:
    """Writes whole, unpacked answers of status 200; bytes that are known (`meta["known_sha256"]`) lie there already."""

    def __init__(self, spider: Any) -> None:
        self.spider = spider
        self.archive = Archive(spider.config.archive)

    @classmethod
    def from_crawler(cls, crawler: Any) -> ArchiveMiddleware:
        """Built by Scrapy."""
        self = cls(crawler.spider)
        crawler.signals.connect(self.spider_closed, signal=signals.spider_closed)
        return self

    def process_response(self, request: Request, response: Response) -> Response:
        """Archives the response and leaves it as it is."""
        if response.status != 200 or request.meta.get("robots"):
            return response
        known = request.meta.get("known_sha256")
        if known and digest(response.body) == known:
            return response
        now = self.spider.clock()
        location = self.archive.write(
            response.url,
            response.status,
            [(header_text(k), header_text(v)) for k, values in response.headers.items() for v in values],
            response.body,
            now,
            method=request.method,
            metadata={"WARC-IP-Address": str(response.ip_address)} if response.ip_address else None,
        )
        chain = request.meta.get("redirects")
        request.meta["capture"] = self.spider.captures.note(
            location,
            source_id=self.spider.source.id,
            crawl_id=self.spider.crawl_id or None,
            url=chain[0] if chain else request.url,
            final_url=response.url,
            status=response.status,
            media_type=media_type(response),
            fetched_at=now,
        )
        return response

    def spider_closed(self) -> None:
        """The last pages' steps are done."""
        self.archive.close()
