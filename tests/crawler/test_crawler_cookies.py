"""Cookies: sent back to those who may have them, and never to a whole public suffix."""

from __future__ import annotations

import pytest
from scrapy import Request
from scrapy.http import Response

from crawler.middlewares.cookies import CookieMiddleware

HOME = "http://a.gz.gov.cn/"


@pytest.mark.parametrize(
    ("by", "cookie", "to", "sent"),
    [
        (HOME, "a=1", HOME, b"a=1"),
        (HOME, "a=1", "http://b.gz.gov.cn/", None),
        (HOME, "a=1; domain=gz.gov.cn", "http://b.gz.gov.cn/", b"a=1"),
        (HOME, "a=1; domain=.gov.cn", "http://b.sz.gov.cn/", None),
        (HOME, "a=1; domain=.gov.cn", HOME, None),
        ("http://gov.cn/", "a=1; domain=.gov.cn", "http://gov.cn/", b"a=1"),
        (HOME, "a=1; domain=.gd.gov.cn", "http://b.gd.gov.cn/", None),
        (HOME, "a=1; expires=Thu, 01 Jan 1970 00:00:00 GMT", HOME, None),
        ("http://127.0.0.1:8000/", "a=1", "http://127.0.0.1:8000/", b"a=1"),
    ],
)
def test_cookies_go_back_to_whom_they_may(by: str, cookie: str, to: str, sent: bytes | None) -> None:
    jar = CookieMiddleware()
    jar.process_response(Request(by), Response(by, headers={"Set-Cookie": cookie}))
    again = Request(to, headers={"Cookie": "stale=1"})
    jar.process_request(again)
    assert again.headers.get("Cookie") == sent
