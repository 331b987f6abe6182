"""One cookie jar a crawl. Public suffixes are those that come with tldextract, never a list from the network."""

from __future__ import annotations

from functools import cache
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.http import Response
from scrapy.http.cookies import CookieJar


class CookieMiddleware:
    """A cookie for a whole public suffix (`.gov.cn`) is narrowed to the host of that name, or dropped."""

    def __init__(self) -> None:
        self.jar = CookieJar()
        self.empty = True

    def process_request(self, request: Request) -> None:
        """Sends back what the host is to be sent back, and nothing else."""
        request.headers.pop("Cookie", None)
        if not self.empty:
            self.jar.add_cookie_header(request)

    def process_response(self, request: Request, response: Response) -> Response:
        """Keeps the cookies that the host may set."""
        if b"Set-Cookie" not in response.headers:
            return response
        host = urlsplit(request.url).hostname
        for cookie in self.jar.make_cookies(response, request):
            suffix = cookie.domain.removeprefix(".").lower()
            if cookie.domain.startswith(".") and is_public_suffix(suffix):
                if suffix != host:
                    continue
                cookie.domain = suffix
            self.jar.set_cookie_if_ok(cookie, request)
            self.empty = False
        return response


@cache
def is_public_suffix(domain: str) -> bool:
    """Whether a domain is one under which anybody may have a name."""
    return not _suffixes()(domain).domain


@cache
def _suffixes() -> Any:
    from tldextract import TLDExtract  # slow to load; few hosts set cookies for a whole domain

    return TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)
