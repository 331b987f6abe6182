"""Asks only for what changed: our own stored validators go out with the request, 304 answers are counted."""

from __future__ import annotations

from typing import Any

from scrapy import Request
from scrapy.http import Response

from pipelines.errors import FetchError
from pipelines.messages import say


class ConditionalMiddleware:
    """`meta["validators"]` = (ETag, Last-Modified) as the host gave them last time."""

    def __init__(self, stats: Any) -> None:
        self.stats = stats

    @classmethod
    def from_crawler(cls, crawler: Any) -> ConditionalMiddleware:
        """Built by Scrapy."""
        return cls(crawler.stats)

    def process_request(self, request: Request) -> None:
        """Adds If-None-Match and If-Modified-Since; a redirect's target is asked without them."""
        etag, modified = request.meta.get("validators") or (None, None)
        if request.meta.get("redirects"):
            etag = modified = None
        for name, value in (("If-None-Match", etag), ("If-Modified-Since", modified)):
            if value:
                request.headers[name] = value
            else:
                request.headers.pop(name, None)

    def process_response(self, request: Request, response: Response) -> Response:
        """Counts 304; one that nobody asked for is a failure of the host."""
        if response.status == 304:
            if not request.meta.get("validators"):
                raise FetchError(
                    say("{url} answers 'not modified' to a first request", url=request.url[:200]),
                    failure="http-4xx",
                    url=request.url,
                )
            self.stats.inc_value("not_modified")
        return response
