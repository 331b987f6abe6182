"""Asks again where that can help: with growing waits, at the time a host names, never against its word."""

from __future__ import annotations

import asyncio
from typing import Any

from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from crawler.failures import is_passing, of_exception
from crawler.hosts import MAX_WAIT, Hosts
from crawler.responses import header
from pipelines.errors import FetchError
from pipelines.messages import say

RETRIES = 2
FIRST_WAIT = 0.5
"""Seconds before the first retry of a network failure; the second waits four times as long."""
RETRY_STATUSES = frozenset({408, 500, 502, 503, 504, 520, 522, 524})


class RetryMiddleware:
    """In the place of Scrapy's: it knows pauses, and gives up on a host that fails again and again."""

    def __init__(self, hosts: Hosts, stats: Any) -> None:
        self.hosts, self.stats = hosts, stats

    @classmethod
    def from_crawler(cls, crawler: Any) -> RetryMiddleware:
        """Built by Scrapy."""
        return cls(crawler.spider.hosts, crawler.stats)

    async def process_response(self, request: Request, response: Response) -> Request | Response:
        """Retries passing HTTP failures; a named pause is obeyed, or ends the crawl where it is long."""
        retry_after = header(response, "Retry-After")
        if response.status == 429 or (response.status == 503 and retry_after):
            return self._throttled(request, response, retry_after)
        if response.status in RETRY_STATUSES:
            self._count(request, "http-5xx" if response.status >= 500 else "timeout")
            return await self._again(request) or response
        return response

    async def process_exception(self, request: Request, exception: Exception) -> Request | None:
        """Retries passing network failures."""
        if isinstance(exception, FetchError | IgnoreRequest):
            return None
        failure = of_exception(exception, request.url)
        if not is_passing(failure):
            return None
        self._count(request, failure)
        if failure == "timeout" and request.meta.get("retries", 0) >= 1:
            return None
        return await self._again(request)

    def _count(self, request: Request, failure: str) -> None:
        """Only first attempts speak of the host: retries of a few broken pages would pass for a dead one."""
        if not request.meta.get("retries"):
            self.hosts.failed(request.url, failure)

    async def _again(self, request: Request) -> Request | None:
        done: int = request.meta.get("retries", 0)
        if done >= RETRIES or self.hosts.given_up(request.url):
            return None
        await asyncio.sleep(FIRST_WAIT * 4**done)
        return self._copy(request, done)

    def _throttled(self, request: Request, response: Response, retry_after: str | None) -> Request:
        done: int = request.meta.get("retries", 0)
        seconds = self.hosts.pause(request.url, retry_after, f"HTTP {response.status}, Retry-After: {retry_after}")
        if seconds > MAX_WAIT or done >= RETRIES:
            raise FetchError(
                say("The host asked to be left alone for {seconds} s", seconds=round(seconds)),
                failure="throttled",
                url=request.url,
            )
        return self._copy(request, done)

    def _copy(self, request: Request, done: int) -> Request:
        self.stats.inc_value("retry/count")
        again = request.copy()
        again.meta["retries"] = done + 1
        again.priority = request.priority - 1
        return again
