"""Where the report's text stands on a page.

Each block of text has a weight (`survey`); the body is the element with the greatest sum over its blocks (a
maximum-weight subtree). So a body that is broken over sibling containers is found whole, and a menu beside it is left
out, with no name of any container. A known container of a platform is preferred where it holds the same text.
What is left over at its borders is trimmed line by line (`cleaning`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import accumulate

from pipelines.extraction import containers, images, links
from pipelines.extraction.dom import Element, Page
from pipelines.extraction.survey import DATE, FILE, FRAME, LINKS, TEXT, TITLE, TOOLS, Survey
from pipelines.extraction.tables import is_data

_TABLE_PARTS = frozenset(("tbody", "thead", "tfoot", "tr", "td", "th"))


_HOLDERS = frozenset(("article", "div", "li", "main", "section", "td"))
_MARKED = re.compile(r"\s(?:hentry|h-entry|blogposting)\s")
_TEXT = 60
"""Letters of a marked article that is one."""
SURE = 40.0
"""Weight of a body that holds prose; below it the page's head and foot say where the body is."""


@dataclass(slots=True)
class Found:
    """The body's container, its weight, whether a known name led to it, and a signature that stands beside it."""

    element: Element
    weight: float
    known: bool = False
    tail: list[Element] = field(default_factory=list)

    @property
    def last(self) -> int:
        """The block after the body's last."""
        return self.tail[-1].last if self.tail else self.element.last


def find_body(page: Page, surveyed: Survey) -> Found | None:
    """Finds the element that holds the body; None on a page without text or content images."""
    if not page.blocks:
        pictures = _between(page, surveyed)
        return Found(pictures, 0.0) if pictures is not None else None
    best, most = page.root, float("-inf")
    for element in page.elements:
        if element.last > element.first:
            value = surveyed.total(element)
            if value >= most:
                best, most = element, value
    article = _article(page, best, most, surveyed)
    if article is not None:
        inside = [e for e in article.walk() if e.last > e.first]
        best = max(reversed(inside), key=surveyed.total)
        most = surveyed.total(best)
    if most < SURE:
        held = _between(page, surveyed)
        if held is not None:
            return Found(held, most)
        if TITLE in surveyed.kinds and (best.last <= surveyed.head or best.first >= surveyed.foot):
            return None  # a slogan over the page's title or below its foot
    best = _grown(best, surveyed)
    most = surveyed.total(best)
    chosen = _known(page, best, most, surveyed)
    if chosen is not None:
        return Found(chosen, surveyed.total(chosen), True, _signature(page, chosen, surveyed))
    return Found(best, most, False, _signature(page, best, surveyed))


def _article(page: Page, best: Element, most: float, surveyed: Survey) -> Element | None:
    """The part that is marked up as the article, where the best element stands beside it.

    It is the only one of its kind on the page or holds the page's title.
    """
    kinds = surveyed.kinds
    titles = [h.first for h in page.headings if h.last > h.first and kinds[h.first] == TITLE]
    sections = [e for e in page.sections if e.tag in ("article", "main")]
    marked = [e for e in page.named if e.tag in _HOLDERS and (_MARKED.search(e.names) or e.get("role") == "main")]
    marked += [e for e in sections if e not in marked]
    alone = [e for e in marked if e.tag == "article" or _MARKED.search(e.names)]
    choice: Element | None = None
    for element in marked:
        titled = any(element.first <= at < element.last for at in titles)
        if element.last - element.first < 2 or not (titled or alone == [element]):
            continue
        if best.first < element.last and element.first < best.last:
            return None
        part = range(element.first, element.last)
        text = sum(len(page.blocks[i].text) - page.blocks[i].linked for i in part if kinds[i] == TEXT)
        shorter = choice is None or choice.last - choice.first > element.last - element.first
        if text >= max(_TEXT, 0.1 * most) and shorter:
            choice = element
    return choice


def _signature(page: Page, element: Element, surveyed: Survey) -> list[Element]:
    """The siblings after the container that are a signature: short lines of text, the last of them a date."""
    parent = element.parent
    if parent is None or surveyed.kinds[element.last : element.last + 6].count(DATE) != 1:
        return []
    run: list[Element] = []
    after = False
    for child in parent.children:
        if child is element:
            after = True
        elif after and isinstance(child, Element) and child.last > child.first:
            kinds = surveyed.kinds[child.first : child.last]
            short = all(len(b.text) <= 40 for b in page.blocks[child.first : child.last])
            if not short or len(run) >= 4 or any(k not in (TEXT, DATE) for k in kinds):
                return []
            run.append(child)
            if kinds[-1] == DATE:
                return run
    return []


def _grown(best: Element, surveyed: Survey) -> Element:
    """Goes up to the whole of what the best element is a part of: its table, its run of paragraphs and links."""
    while True:
        parent = best.parent
        if parent is None or parent.parent is None:
            return best
        if best.tag in _TABLE_PARTS and parent.tag in (*_TABLE_PARTS, "table"):
            table: Element | None = best
            while table is not None and table.tag != "table":
                table = table.parent
            if table is not None and is_data(table) and _pure(table, best, surveyed, table=True):
                best = table
                continue
            if best.tag in ("td", "th"):
                return best
            best = parent
            continue
        if parent.tag in ("td", "th", "tr", "tbody", "form", "body") and not _leaf(best):
            return best
        if not _leaf(best) and parent.last - parent.first != best.last - best.first:
            return best
        if not _pure(parent, best, surveyed):
            return best
        best = parent


def _leaf(element: Element) -> bool:
    """A paragraph-like element: one that holds no others with text of their own, or a bare table."""
    return element.last - element.first <= 1 or element.tag in ("table", "ul", "ol", "p", "li", "dl")


def _pure(parent: Element, inner: Element, surveyed: Survey, *, table: bool = False) -> bool:
    """Whether what the parent adds is no page frame, no list of links longer than a few."""
    kinds = surveyed.kinds[parent.first : inner.first] + surveyed.kinds[inner.last : parent.last]
    if id(parent) in surveyed.chrome:
        return False
    if any(kind in FRAME for kind in kinds) and not table:
        return False
    before = surveyed.kinds[parent.first : inner.first]
    return LINKS not in before or table or FILE in before


def _known(page: Page, best: Element, most: float, surveyed: Survey) -> Element | None:
    """The known container that holds what the scoring found, the outermost of several."""
    choice: Element | None = None
    value = 0.0
    for element in containers.known(page):
        if element.last <= element.first:
            continue
        worth = surveyed.total(element)
        overlap = min(element.last, best.last) - max(element.first, best.first)
        if worth >= 0.75 * most and overlap > 0 and worth > value * 1.02:
            choice, value = element, worth
    return choice


def _between(page: Page, surveyed: Survey) -> Element | None:
    """What stands between the page's head and its foot, for bodies without prose: a table, pictures, files, links.

    The element between them that holds most; where it is little or nothing, None.
    """
    head, foot = surveyed.head, surveyed.foot
    if not head:
        return None
    kinds = surveyed.kinds
    files = {link.first for link in page.links if head <= link.first < foot and links.is_file(link)}
    worth = [
        _worth(kind, len(block.text), i in files)
        for i, (kind, block) in enumerate(zip(kinds, page.blocks, strict=True))
    ]
    if kinds[head : head + 1] == [FILE]:
        worth[head] += 50.0  # a file right under the head is the report, whatever lists follow
    sums = [0.0, *accumulate(worth)]
    pictures: dict[int, int] = {}
    for image in page.images:
        if images.is_content(image):
            at: Element | None = image
            while at is not None:
                pictures[id(at)] = pictures.get(id(at), 0) + 1
                at = at.parent
    best, most = None, 12.0
    for element in page.elements:
        if element.first < head or element.last > foot or in_chrome(element, surveyed):
            continue
        if any(k in FRAME for k in kinds[element.first : element.last]):
            continue
        value = sums[element.last] - sums[element.first] + 20.0 * pictures.get(id(element), 0)
        linked = kinds[element.first : element.last].count(LINKS)
        if linked > 12 and linked > 0.8 * (element.last - element.first):
            continue
        if value > most * 1.001:
            best, most = element, value
    return best


def _worth(kind: str, length: int, file: bool) -> float:
    """What a block counts in a body without prose."""
    if kind in FRAME or kind == TOOLS:
        return 0.0
    if kind == FILE or (kind == LINKS and file):
        return 30.0
    return 8.0 if kind == LINKS else min(40.0, 4.0 + length)


def in_chrome(element: Element, surveyed: Survey) -> bool:
    """Whether an element is, or stands in, a part of the page's frame."""
    at: Element | None = element
    while at is not None:
        if id(at) in surveyed.chrome:
            return True
        at = at.parent
    return False
