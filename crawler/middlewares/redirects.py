"""Follows redirects a few steps, to allowed addresses only, and takes nothing secret along to another host."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urljoin, urlsplit

from scrapy import Request
from scrapy.http import Response

from pipelines.errors import FetchError, NotAllowedError
from pipelines.messages import say
from pipelines.net import Network, check_url

MAX_REDIRECTS = 8
STATUSES = frozenset({301, 302, 303, 307, 308})
URL_BYTES = "!#$%&'()*+,/:;=?@[]~-._"


class RedirectMiddleware:
    """In the place of Scrapy's, which follows 20 steps and passes what it cannot follow on as a page.

    A redirect to the same address is followed while it sets cookies (some sites want their cookie shown once);
    a second one that brings nothing new is a loop.
    """

    def __init__(self, networks: list[Network], secrets: list[str]) -> None:
        self.networks = networks
        self.secrets = [b"Cookie", b"Authorization", b"Proxy-Authorization", *(name.encode() for name in secrets)]

    @classmethod
    def from_crawler(cls, crawler: Any) -> RedirectMiddleware:
        """Built by Scrapy."""
        spider = crawler.spider
        return cls(spider.config.private_networks, list(spider.source.headers))

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """The request of the redirect's target, or the response as it is."""
        location = response.headers.get("Location")
        if response.status not in STATUSES or not location:
            return response
        target = urljoin(request.url, location_url(location))
        try:
            check_url(target, self.networks)
        except NotAllowedError as error:
            error.url = request.url
            raise
        chain: list[str] = request.meta.get("redirects", [])
        cookies = response.headers.getlist("Set-Cookie")
        seen_before = target == request.url or target in chain
        if len(chain) >= MAX_REDIRECTS or (seen_before and (not cookies or chain.count(target) > 1)):
            raise FetchError(
                say("{url} redirects without end", url=request.url[:200]), failure="redirect-loop", url=request.url
            )
        keep = response.status in (307, 308) or request.method in ("GET", "HEAD")
        followed = request.replace(
            url=target, method=request.method if keep else "GET", body=request.body if keep else b""
        )
        followed.meta["redirects"] = [*chain, request.url]
        if not keep:
            followed.headers.pop("Content-Type", None)
        if _origin(target) != _origin(request.url):
            for name in self.secrets:
                followed.headers.pop(name, None)
        return followed


def location_url(raw: bytes) -> str:
    """A Location header as an ASCII URL: bytes of any encoding are quoted as they are."""
    return quote(raw.strip().split(b"\r")[0].split(b"\n")[0], safe=URL_BYTES)


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port
