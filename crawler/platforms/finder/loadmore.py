"""Further rows that a script fetches: the request for page after page, and what its answers hold."""

from __future__ import annotations

import dataclasses
import re
from urllib.parse import urlsplit

from crawler.platforms.base import PageRequest
from crawler.platforms.finder.ajax import Ask, asked, clicks
from crawler.platforms.finder.dom import Document, Element
from crawler.platforms.finder.links import resolve

KEY = "more"
"""Where a request's state keeps the pattern that its followers are made from."""
MARK = "\0"
"""Stands for the page's number in a pattern."""


def request(document: Document, element: Element, call: str | None, url: str, base: str) -> PageRequest | None:
    """The request that a click on a 加载更多, or on a 下一页 without an address, makes; None where that is unknown.

    It is read for the second and for the third page: what differs is the page's number, and nothing else may.
    """
    second = asked(document, list(clicks(document, element, call, 2)))
    if second is None:
        return None
    third = asked(document, list(clicks(document, element, call, 3)), second[1])
    if third is None:
        return None
    texts = [_text(found, base) for found, _ in (second, third)]
    if texts[0] is None or texts[1] is None or urlsplit(texts[0]).hostname != urlsplit(url).hostname:
        return None
    pattern = _pattern(texts[0], texts[1])
    if pattern is None:
        return None
    text, at, step = pattern
    ask = second[0]
    state = {KEY: {"text": text, "at": at, "step": step, "base": url}}
    headers = {"X-Requested-With": "XMLHttpRequest", "Referer": url}
    if ask.media_type:
        headers["Content-Type"] = ask.media_type
    return _filled(PageRequest(url, 1, ask.method, None, headers, state))


def following(request: PageRequest) -> PageRequest:
    """The request for the page after one that `request` made."""
    more = request.state[KEY]
    state = {**request.state, KEY: {**more, "at": more["at"] + more["step"]}}
    return _filled(dataclasses.replace(request, state=state))


def _filled(request: PageRequest) -> PageRequest:
    more = request.state[KEY]
    where, _, body = more["text"].replace(MARK, str(more["at"])).partition(" ")
    return dataclasses.replace(
        request, url=where, number=request.number + 1, body=body if request.method == "POST" else None
    )


def _text(ask: Ask, base: str) -> str | None:
    where = resolve(base, ask.url)
    return f"{where} {ask.body or ''}" if where and MARK not in where else None


def _pattern(one: str, two: str) -> tuple[str, int, int] | None:
    """What two requests have in common around one number, that number, and by how much it grows."""
    head = next((n for n, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), min(len(one), len(two)))
    while head and one[head - 1].isdigit():
        head -= 1
    first, second = (re.match(r"\d{1,7}", text[head:]) for text in (one, two))
    if first is None or second is None or one[head + first.end() :] != two[head + second.end() :]:
        return None
    step = int(second[0]) - int(first[0])
    return (one[:head] + MARK + one[head + first.end() :], int(first[0]), step) if step > 0 else None
