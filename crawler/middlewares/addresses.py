"""Refuses what may not be fetched by its address alone, before anything is asked: scheme, private literal address."""

from __future__ import annotations

from typing import Any

from scrapy import Request

from pipelines.net import Network, check_url


class AddressMiddleware:
    """Names are judged when connecting (crawler.resolver); this one catches what is plain from the URL."""

    def __init__(self, networks: list[Network]) -> None:
        self.networks = networks

    @classmethod
    def from_crawler(cls, crawler: Any) -> AddressMiddleware:
        """Built by Scrapy."""
        return cls(crawler.spider.config.private_networks)

    def process_request(self, request: Request) -> None:
        """Raises NotAllowedError for an address that is not fetched."""
        check_url(request.url, self.networks)
        proxy = request.meta.get("proxy")
        if proxy:
            check_url(proxy, self.networks)
