"""Scrapy's cookie jar, one a crawl, without its habit of fetching the list of public suffixes from the network."""

from __future__ import annotations

from collections.abc import Iterable
from http.cookiejar import Cookie
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.downloadermiddlewares.cookies import CookiesMiddleware
from scrapy.http.cookies import CookieJar
from tldextract import TLDExtract

PUBLIC_SUFFIXES = TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)
"""The list that comes with the package."""


class CookieMiddleware(CookiesMiddleware):
    """A cookie for a whole public suffix (`.gov.cn`) is narrowed to the host that set it, or dropped."""

    def _process_cookies(self, cookies: Iterable[Cookie], *, jar: CookieJar, request: Request) -> None:
        host = (urlsplit(request.url).hostname or "").lower()
        for cookie in cookies:
            domain = (cookie.domain or "").removeprefix(".").lower()
            if domain and not PUBLIC_SUFFIXES(domain).domain:
                if domain != host:
                    continue
                cookie.domain = host
            jar.set_cookie_if_ok(cookie, request)
