"""Sends a source's requests through the proxy of its file; the environment's proxies are not used."""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

from scrapy import Request
from scrapy.exceptions import NotConfigured


class ProxyMiddleware:
    """Off for sources without a proxy."""

    def __init__(self, proxy: str) -> None:
        parts = urlsplit(proxy)
        host = parts.hostname or ""
        self.proxy = urlunsplit((parts.scheme, f"{host}:{parts.port}" if parts.port else host, "", "", ""))
        self.authorization: bytes | None = None
        if parts.username:
            pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            self.authorization = b"Basic " + base64.b64encode(pair.encode())

    @classmethod
    def from_crawler(cls, crawler: Any) -> ProxyMiddleware:
        """Built by Scrapy."""
        if not crawler.spider.source.proxy:
            raise NotConfigured
        return cls(crawler.spider.source.proxy)

    def process_request(self, request: Request) -> None:
        """Names the proxy, with its password in a header that no redirect takes along."""
        request.meta["proxy"] = self.proxy
        if self.authorization:
            request.headers["Proxy-Authorization"] = self.authorization
