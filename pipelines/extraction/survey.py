"""What each block of a page is, and what it weighs in the search for the body.

Prose counts for; link lists, tool bars, paths, footers and the page's own data count against. Latin letters weigh less
than ideographs, since a word takes several. Two anchors come of it: where the head of the page ends (title, meta line)
and where its foot begins; a bureau's one-sentence notice is found between them, though the footer says more.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate

from pipelines.extraction import chrome, cleaning
from pipelines.extraction.dom import BLOCK_TAGS, Block, Element, Page

TEXT, TITLE, META, CRUMB, TOOLS, FOOT, NOTICE, LINKS, FILE, DATE = (
    "text", "title", "meta", "crumb", "tools", "foot", "notice", "links", "file", "date",
)  # fmt: skip
FRAME = frozenset((TITLE, META, CRUMB, FOOT, NOTICE))
"""Kinds that are the page's own; an element with one of them is no pure body."""

_STOPS = re.compile(r"[，。；：！？、]|[,.;:!?](?=\s|$)")
_HAN = re.compile(r"[\u3400-\u9fff\u3040-\u30ff\uac00-\ud7af]")
_SENTENCE = re.compile(r"[。；]|[：:]$")
_FILE_TEXT = re.compile(r"附\s*件|附\s*表|附\s*\d|\.(?:docx?|xlsx?|pdf|wps|ofd|rar|zip|et|txt|csv|rtf)\b", re.I)
_WEIGHTS = {META: -12.0, CRUMB: -12.0, TOOLS: -8.0, FOOT: -16.0, NOTICE: -16.0, TITLE: 0.0, FILE: 0.5, DATE: 0.5}
_CHROME_TAGS = frozenset(("nav", "footer", "aside"))
_CARD_TAGS = frozenset(("li", "dl", "div", "article", "section", "figure"))
_PARAGRAPH = 40.0
"""Weight of a block that is a paragraph."""
_ENOUGH_BESIDE = 150.0
"""Weight of paragraphs that are a page's text, so that what is called a sidebar or comments is one."""


@dataclass(slots=True)
class Survey:
    """Kinds and weights of a page's blocks.

    `head` is the first block after title and meta line, `foot` the first of the page's foot after it; `chrome` holds
    the elements that are page chrome by tag or name, `cards` the teasers of other articles.
    """

    kinds: list[str]
    weights: list[float]
    sums: list[float]
    head: int
    foot: int
    chrome: set[int] = field(default_factory=set)
    cards: list[Element] = field(default_factory=list)

    def total(self, element: Element) -> float:
        """The sum of an element's blocks."""
        return self.sums[element.last] - self.sums[element.first]

    def has_frame(self, first: int, last: int) -> bool:
        """Whether blocks [first, last) hold any of the page's own lines."""
        return any(kind in FRAME for kind in self.kinds[first:last])


def survey(page: Page, keys: set[str]) -> Survey:
    """Judges all blocks of a page.

    Args:
        page: the walked page.
        keys: `cleaning.title_keys` of the page.
    """
    blocks = page.blocks
    han = sum(1 for b in blocks if not b.text.isascii() and _HAN.search(b.text))
    scale = 1.0 if han > 0.2 * len(blocks) else 0.4
    kinds = [kind_of(b, keys) for b in blocks]
    weights = [_weight(b, k, scale) for b, k in zip(blocks, kinds, strict=True)]
    positive = sum(w for w in weights if w > 0) or 1.0
    out = Survey(kinds, weights, [], 0, len(blocks))
    _punish_chrome(out, page, positive)
    _sink_footer(out, blocks)
    _anchor(out, blocks)
    out.sums = [0.0, *accumulate(weights)]
    return out


def kind_of(block: Block, keys: set[str]) -> str:
    """What a block is by its own words, and by a picture that it names."""
    text = block.text
    if "©" in text and block.element.tag in ("figcaption", "figure"):
        return TEXT
    if len(text) < 240:
        if keys and len(text) < 160 and cleaning.letters(text) in keys:
            return TITLE
        if kind := _kind_by_words(text):
            return kind
    elif cleaning.is_notice(text):
        return NOTICE
    if block.linked > 0.6 * len(text) or (block.linked > 0.4 * len(text) and cleaning.is_list_row(text, block.linked)):
        return FILE if _FILE_TEXT.search(text) else LINKS
    return TEXT


@lru_cache(maxsize=8192)
def _kind_by_words(text: str) -> str:
    """What a short line is by its words alone; kept, because a site's pages share their frame. Empty: nothing known."""
    if cleaning.is_crumb(text):
        return CRUMB
    if cleaning.is_foot(text):
        return FOOT
    if cleaning.is_date(text):
        return DATE
    if cleaning.is_meta(text) or cleaning.is_byline(text):
        return META
    if cleaning.is_tools(text):
        return TOOLS
    return NOTICE if cleaning.is_notice(text) else ""


def _weight(block: Block, kind: str, scale: float) -> float:
    if kind in _WEIGHTS:
        return _WEIGHTS[kind]
    text = block.text
    size = len(text) * scale
    if kind == LINKS:
        return -(6 + 0.4 * min(size, 60))
    stops = len(_STOPS.findall(text))
    if not stops and size < 14:
        return 0.1 if not block.linked else -4.0
    return size * (1 - block.linked / len(text)) + 6 * min(stops, 20)


def _punish_chrome(out: Survey, page: Page, positive: float) -> None:
    """Counts what is chrome by name or tag against: all of it where a text remains beside it, else its small parts."""
    named = [e for e in page.named if e.last > e.first and e.tag in BLOCK_TAGS and chrome.is_chrome(e.names)]
    parts = [e for e in page.sections if e.last > e.first and e.tag in _CHROME_TAGS] + named
    cards = _cards(out, page)
    teased = sum(max(w, 0.0) for e in cards for w in out.weights[e.first : e.last])
    out.cards = cards if teased < 4 * (positive - teased) else []  # a page that is all rows is a list
    sure = [e for e in parts if _is_apart(e, out)] + out.cards
    parts += out.cards
    covered = bytearray(len(out.weights))
    for element in sure:
        covered[element.first : element.last] = b"\1" * (element.last - element.first)
    beside = sum(w for w, c in zip(out.weights, covered, strict=True) if not c and w > _PARAGRAPH)
    sums = [0.0, *accumulate(max(w, 0.0) for w in out.weights)]
    titled = [i for i, kind in enumerate(out.kinds) if kind == TITLE]
    known = set(map(id, sure)) if beside > _ENOUGH_BESIDE else set()
    shares: dict[str, float] = {}
    for element in named:
        shares[element.names] = shares.get(element.names, 0.0) + sums[element.last] - sums[element.first]
    for element in parts:
        own = sums[element.last] - sums[element.first]
        if element.tag not in _CHROME_TAGS and not chrome.is_apart(element.names):
            own = max(own, shares.get(element.names, 0.0))  # parts of one name that together hold the text are its own
        if own > _ENOUGH_BESIDE and bisect_left(titled, element.first) < bisect_left(titled, element.last):
            continue
        if id(element) in known or own < 0.4 * positive:
            part = out.weights[element.first : element.last]
            out.weights[element.first : element.last] = [-abs(w) - 2 for w in part]
            out.chrome.add(id(element))


def _cards(out: Survey, page: Page) -> list[Element]:
    """Teasers of other articles: rows of like elements, each a linked heading with a sentence or a date below it."""
    rows: dict[tuple[int, str, str], list[Element]] = {}
    for element in page.elements:
        if 1 < element.last - element.first <= 6 and element.tag in _CARD_TAGS and _is_card(element, out, page):
            rows.setdefault((id(element.parent), element.tag, element.get("class")), []).append(element)
    return [e for row in rows.values() if len(row) > 2 for e in row]


def _is_card(element: Element, out: Survey, page: Page) -> bool:
    kinds = out.kinds[element.first : element.last]
    if LINKS not in kinds:
        return False
    part = page.blocks[element.first : element.last]
    if sum(len(b.text) for b in part) > 500:
        return False
    heading = next((i for i, b in enumerate(part) if b.linked >= (12 if b.text.isascii() else 6)), len(part))
    before = any(len(b.text) > 30 and b.linked < 12 for b in part[:heading])
    return not before and any(kind in (TEXT, META, DATE) for kind in kinds[heading + 1 :])


def _is_apart(element: Element, out: Survey) -> bool:
    """Whether an element is a sidebar, a footer or comments beyond doubt, and no wrapper of the page's title."""
    if TITLE in out.kinds[element.first : element.last]:
        return False
    return element.tag in _CHROME_TAGS or chrome.is_apart(element.names)


def _sink_footer(out: Survey, blocks: list[Block]) -> None:
    """What follows a site's copyright or licence line is its footer, however much it says."""
    weights = out.weights
    sums = [0.0, *accumulate(max(w, 0.0) for w in weights)]
    for i, kind in enumerate(out.kinds):
        if kind != FOOT or not cleaning.is_hard_foot(blocks[i].text):
            continue
        if sums[-1] - sums[i] <= max(sums[i], 150.0) or i > 0.7 * len(weights):
            weights[i:] = [min(w, -2.0) for w in weights[i:]]
            return


def _through(kinds: list[str], head: int) -> int:
    """The last of the title and meta lines that follow on one another, tool bars between them."""
    at = head + 1
    while head >= 0 and at < len(kinds) and kinds[at] in (META, TITLE, DATE, TOOLS):
        if kinds[at] != TOOLS:
            head = at
        at += 1
    return head


def _unnamed_title(out: Survey, blocks: list[Block]) -> list[int]:
    """The line between a path and a line of date and source, on pages that name their title nowhere."""
    kinds = out.kinds
    for i in range(1, len(kinds) - 1):
        if kinds[i] == TEXT and kinds[i + 1] == META and kinds[i - 1] in (CRUMB, LINKS, TOOLS):
            text = blocks[i].text
            if 6 <= len(text) <= 120 and not _SENTENCE.search(text) and CRUMB in kinds[max(0, i - 4) : i]:
                kinds[i], out.weights[i] = TITLE, 0.0
                return [i]
    return []


def _anchor(out: Survey, blocks: list[Block]) -> None:
    """Finds head and foot, and lifts what stands between them."""
    kinds, weights = out.kinds, out.weights
    titles = [i for i, k in enumerate(kinds) if k == TITLE]
    if not titles:
        titles = _unnamed_title(out, blocks)
    longest = max((len(blocks[i].text) for i in titles), default=0)
    titles = [i for i in titles if len(blocks[i].text) >= 0.6 * longest]
    head = -1
    for at in titles or [-1]:
        for i in range(at + 1, min(at + 9, len(kinds))):
            # A date farther down is a cell of the report's own table.
            if kinds[i] == META or (kinds[i] == DATE and (head < 0 or i - head <= 2)):
                head = i
            elif kinds[i] == TEXT and (weights[i] > 60 or _SENTENCE.search(blocks[i].text)):
                break
        if head >= 0:
            break
    if head < 0 and titles:
        head = titles[0]
        if len(titles) > 1 and sum(w for w in weights[head : titles[-1]] if w > 0) < 0.1 * sum(
            w for w in weights if w > 0
        ):
            head = titles[-1]
    head = _through(kinds, head)
    sure = head >= 0
    if not sure:
        marks = [i for i, k in enumerate(kinds) if k in (META, CRUMB)]
        if not marks:
            return
        head = next((i for i in marks if kinds[i] == META and i > marks[0]), marks[0])
        head = _through(kinds, head)
    out.head = head + 1
    for i in range(out.head, len(kinds)):
        if kinds[i] in (FOOT, CRUMB):
            out.foot = i
            break
    if not sure or out.foot <= out.head:
        return
    first = next((i for i in range(out.head, min(out.head + 6, out.foot)) if kinds[i] == TEXT), None)
    if first is not None and weights[first] > -8:
        weights[first] = abs(weights[first]) + 20
    before = sum(w for w in weights[: out.head] if w > 0)
    after = sum(w for w in weights[out.head : out.foot] if w > 0)
    if after > 0.15 * before:
        weights[: out.head] = [min(w, -2.0) for w in weights[: out.head]]
