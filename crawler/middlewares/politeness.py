"""Waits for a host's turn before each request: its delay, Crawl-delay and pauses, across all crawls."""

from __future__ import annotations

from typing import Any

from scrapy import Request
from scrapy.http import Response

from crawler.hosts import Hosts


class PolitenessMiddleware:
    """Nearest to the network, so that a turn is used at once."""

    def __init__(self, hosts: Hosts) -> None:
        self.hosts = hosts

    @classmethod
    def from_crawler(cls, crawler: Any) -> PolitenessMiddleware:
        """Built by Scrapy."""
        return cls(crawler.spider.hosts)

    async def process_request(self, request: Request) -> None:
        """Holds the request back until it is polite."""
        await self.hosts.turn(request.url)

    def process_response(self, request: Request, response: Response) -> Response:
        """An answer below 500 other than 'too many' proves the host well."""
        if response.status < 500 and response.status != 429:
            self.hosts.answered(request.url)
        return response
