"""Where the report's text stands on a page.

Each block of text gets a score: prose counts for, link lists, tool bars, footers and page data count against. The body
is the element with the greatest sum over its blocks (a maximum-weight subtree), so that a body broken over sibling
containers is found whole and a menu beside it is left out, with no name of any container. A known container of a
platform is preferred where it holds the same text. What is left over at its borders is trimmed line by line (`cleaning`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import accumulate

from pipelines.extraction import cleaning, containers
from pipelines.extraction.dom import Block, Element, Page

_STOPS = re.compile(r"[，。；：！？、]|[,.;:!?](?=\s|$)")
_HAN = re.compile(r"[\u3400-\u9fff\u3040-\u30ff\uac00-\ud7af]")
_NUMERIC = re.compile(r"^[\d.,%％+\-—/]+$")


@dataclass(slots=True)
class Found:
    """The container of the body, how sure it is (0 to 1), and whether a known name led to it."""

    element: Element
    score: float
    known: bool = False
    weights: list[float] = field(default_factory=list)


def find_body(page: Page, keys: set[str]) -> Found | None:
    """Finds the element that holds the body; None on a page without text.

    Args:
        page: the walked page.
        keys: `cleaning.title_keys` of the page.
    """
    blocks = page.blocks
    if not blocks:
        return None
    weights = weigh(page, keys)
    sums = [0.0, *accumulate(weights)]

    def total(element: Element) -> float:
        return sums[element.last] - sums[element.first]

    best, most = page.root, float("-inf")
    for element in page.root.walk():
        if element.last > element.first:
            value = total(element)
            if value >= most:
                best, most = element, value
    best = _narrow(best, total)
    most = total(best)
    chosen = _known(page, best, most, total)
    if chosen is not None:
        return Found(chosen, total(chosen), known=True, weights=weights)
    return Found(best, most, weights=weights)


def _narrow(best: Element, total) -> Element:  # type: ignore[no-untyped-def]
    """Goes down to the child that holds nearly all of it, as long as what is left out is little."""
    while True:
        inner = [c for c in best.children if isinstance(c, Element) and c.last > c.first]
        if len(inner) != 1 or best.last - best.first != inner[0].last - inner[0].first:
            return best
        if inner[0].tag in ("table", "tbody", "tr", "p", "ul", "ol") and best.tag not in ("table", "tbody"):
            return best
        best = inner[0]


def _known(page: Page, best: Element, most: float, total) -> Element | None:  # type: ignore[no-untyped-def]
    """The known container that holds what the scoring found, the outermost of several."""
    choice: Element | None = None
    value = 0.0
    for element in containers.known(page):
        if element.last <= element.first:
            continue
        worth = total(element)
        overlap = min(element.last, best.last) - max(element.first, best.first)
        if worth >= 0.75 * most and overlap > 0 and worth > value * 1.02:
            choice, value = element, worth
    return choice


def weigh(page: Page, keys: set[str]) -> list[float]:
    """A score for each block: above zero for the body's text, below for the page's own."""
    blocks = page.blocks
    han = sum(1 for b in blocks if not b.text.isascii() and _HAN.search(b.text))
    scale = 1.0 if han > 0.2 * len(blocks) else 0.4
    weights = [_weight(b, scale, keys) for b in blocks]
    positive = sum(w for w in weights if w > 0) or 1.0
    for element in page.named:
        if element.last - element.first and cleaning.is_chrome_name(element.names):
            _punish(weights, element, positive)
    for element in page.root.walk():
        if element.tag in ("nav", "footer", "aside") and element.last > element.first:
            _punish(weights, element, positive)
    return weights


def _punish(weights: list[float], element: Element, positive: float) -> None:
    part = weights[element.first : element.last]
    if sum(w for w in part if w > 0) < 0.4 * positive:
        weights[element.first : element.last] = [-abs(w) - 2 for w in part]


def _weight(block: Block, scale: float, keys: set[str]) -> float:
    text = block.text
    size = len(text) * scale
    if size < 1:
        return 0.0
    if len(text) < 220 and (
        cleaning.is_foot(text)
        or cleaning.is_crumb(text)
        or cleaning.is_meta(text)
        or cleaning.is_tools(text)
        or cleaning.is_notice(text)
    ):
        return -12.0
    share = block.linked / len(text)
    if share > 0.6:
        if re.search(r"附\s*件|\.(?:docx?|xlsx?|pdf|wps|ofd|rar|zip)\b", text):
            return 0.0
        return -(6 + 0.4 * min(size, 60))
    if cleaning.letters(text) in keys:
        return 0.0
    stops = len(_STOPS.findall(text))
    if not stops and size < 14:
        return 0.5 if not block.linked else -4.0
    return size * (1 - share) + 6 * min(stops, 20)
