"""Pagers that scripts write or follow, where the page's own script shows the way: read, never run."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

from crawler.platforms.base import PageRequest
from crawler.platforms.finder import forms, loadmore
from crawler.platforms.finder.ajax import clicks
from crawler.platforms.finder.dom import Document, Element
from crawler.platforms.finder.links import resolve
from crawler.platforms.finder.script import Scripts, UnknownError, block

COUNTED = re.compile(r"\b(?:count|total(?:Count|Num|Record|Size)?s?)[\"']?\s*:\s*['\"]?(\d{1,8})['\"]?")
LIMIT = re.compile(r"\b(?:limit|pageSize|page_size|items_per_page|perPage|showData)[\"']?\s*:\s*['\"]?(\d{1,4})['\"]?")
PAGES = re.compile(r"\b(?:total_?pages?|page_?count|page_?total|pages)[\"']?\s*:\s*['\"]?(\d{1,6})['\"]?", re.I)
FIRST = re.compile(r"\(\s*(\d{1,8})\s*,\s*\{")
FROM_ZERO = re.compile(r"\bcurrent_page[\"']?\s*:\s*['\"]?(\d{1,6})")
CALLBACK = re.compile(
    r"\b(?:jump|call_?back|onPageClick|onPageChange|onSelectPage|buttonClickCallback|backFn|onClick)[\"']?\s*:\s*"
    r"(?:function\s*\w{0,40}\s*\(([^()]{0,100})\)\s*\{|\(?([\w$\s,]{1,100})\)?\s*=>\s*\{|([A-Za-z_$][\w$]{0,60})\s*[,}])",
    re.I,
)
HANDED = re.compile(
    r"[\w$.]{2,60}\s*\(\s*(?:this\s*,\s*)?[\"']([^\"'<>\s(){};]{0,400}(?:\.(?:s?html?|jhtml|jsp|aspx?|php|do)|[?&]\w{1,30}=\d)[^\"'<>\s(){};]{0,400})[\"']\s*\)\s*;?"
)
"""A call that hands over nothing but the next page's address: eportal's `queryArticleByCondition(this, '…-2.html')`."""
NEAR = 1500
MAX_CALLBACKS = 50
PAGE_LABEL = re.compile(r"\s*第?\s*(\d{1,5})\s*(?:页|/\s*\d{1,5}\s*页?)?\s*")
EVENT = frozenset({"e", "ev", "evt", "event"})
"""What call-backs call a parameter that is the click, not the page."""


@dataclass(frozen=True, slots=True)
class Counted:
    """The next page's address, if there is one, and how many pages there are."""

    following: str | None
    pages: int


def called(document: Document, call: str, near: Element | None, url: str, base: str, number: int) -> PageRequest | None:
    """The request that a pager's call makes: an address that it opens, or a form that it sends.

    Args:
        document: the page.
        call: the code of the pager's link (`goPage(2)`).
        near: the pager, whose form is meant where the code names none.
        url: the page's address.
        base: the address that relative ones count from.
        number: the number of the page shown.
    """
    outcome = document.scripts.outcome(call)
    if outcome is None and (match := HANDED.fullmatch(call)):
        where = resolve(base, match[1])
        return PageRequest(where, number + 1) if where else None
    if outcome is None:
        return forms.numbered(document, url, call, near, number)
    if outcome.url is not None:
        where = resolve(base, outcome.url)
        return PageRequest(where, number + 1) if where else None
    return forms.submitted(document, url, outcome, near, number)


def clicked(
    document: Document, element: Element, call: str | None, url: str, base: str, number: int
) -> PageRequest | None:
    """The request of a 下一页 or 加载更多 without an address, by the code that a click on it runs."""
    for code in clicks(document, element, call, number + 1):
        outcome = document.scripts.outcome(code)
        if outcome is not None and outcome.url and (where := resolve(base, outcome.url)):
            return PageRequest(where, number + 1)
    return loadmore.request(document, element, call, url, base) if number == 1 else None


def counted(scripts: Scripts, page: int, base: str) -> Counted | None:
    """The next page of a pager that a script draws from a count, and whose call-back leads to an address."""
    for match in itertools.islice(CALLBACK.finditer(scripts.text), MAX_CALLBACKS):
        start = scripts.text.rfind("(", max(0, match.start() - NEAR), match.start())
        around = scripts.text[max(start, match.start() - NEAR) : match.end() + NEAR]
        pages = _pages(around)
        if pages is None:
            continue
        if match[3]:
            defined = scripts.function(match[3])
            if defined is None:
                continue
            parameters, body = defined
        else:
            parameters = [p.strip() for p in (match[1] if match[1] is not None else match[2]).split(",") if p.strip()]
            try:
                body = block(scripts.text, match.end() - 1)
            except UnknownError:
                continue
        zero = FROM_ZERO.search(around)
        number = page if zero and int(zero[1]) == page - 1 else page + 1
        if len(parameters) > 1 and parameters[0] in EVENT:
            del parameters[0]
        bound = dict.fromkeys(parameters[1:], 0)
        if parameters:
            bound |= {parameters[0]: number, f"{parameters[0]}.curr": number}
        outcome = scripts.outcome(body, bound)
        if outcome is None or outcome.url is None:
            continue
        before = scripts.outcome(body, {k: number - 1 if v == number else v for k, v in bound.items()})
        if before is not None and before.url == outcome.url:
            continue  # it leads to the same place whatever the page
        return Counted(resolve(base, outcome.url) if page < pages else None, pages)
    return None


def _pages(text: str) -> int | None:
    if found := PAGES.search(text):
        return int(found[1])
    count, limit = COUNTED.search(text) or FIRST.match(text), LIMIT.search(text)
    if count is None:
        return None
    return -(-int(count[1]) // (int(limit[1]) if limit and int(limit[1]) else 10))


def selected(document: Document, base: str) -> str | None:
    """Where the option after the chosen one leads, in a box of page numbers that sends the browser on."""
    for box in document.elements:
        code = box.attrs.get("onchange", "") if box.tag == "select" else ""
        if not code:
            continue
        options = [e for e in document.elements[box.order + 1 : box.last + 1] if e.tag == "option"]
        chosen = next((i for i, o in enumerate(options) if "selected" in o.attrs), 0)
        numbers = [m[1] if (m := PAGE_LABEL.fullmatch(o.attrs.get("label", ""))) else "" for o in options]
        pair = numbers[chosen : chosen + 2]
        if len(pair) < 2 or not all(pair) or int(pair[1]) != int(pair[0]) + 1:
            continue
        value = options[chosen + 1].attrs.get("value", pair[1])
        names = ("this.value", "this.options[this.selectedIndex].value", "self.value")
        outcome = document.scripts.outcome(code.replace(names[1], names[0]), dict.fromkeys(names, value))
        if outcome is not None and outcome.url:
            return resolve(base, outcome.url)
    return None
