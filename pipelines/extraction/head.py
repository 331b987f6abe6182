"""The head of a report's page: what stands above the body (and just below it), with its labels, metas and headings.

A report's fields stand between the page's navigation and its text. Where the text starts is known from the body as
read: its first line with the next one right after it, looked up in the page's outline.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from functools import lru_cache

from selectolax.lexbor import LexborHTMLParser, LexborNode

from pipelines.extraction import dates
from pipelines.extraction.labels import Pair, read_english_labels, read_labels
from pipelines.extraction.outline import LINE, flat, outline
from pipelines.extraction.site_names import key
from pipelines.items import Stamp

_LINKS = 600
"""Links whose texts are no titles; menus come first."""
_ZONE_LIMIT = 20_000
_NEAR = 3_000
"""Characters above the title within which a catalogue's table may stand; what is farther away is of another report."""
_FIELD_WORDS = ("发布", "来源", "索引", "文号", "字号", "日期")
_TITLE_LIMIT = 600
_BELOW_SOURCE, _BELOW_LIMIT = 6_000, 600
_LEAD = 4_000
"""Markup below the body's first words that is read to know them again: word processors write much of it a line."""
_PLACES, _SUFFIX = 20, 200
"""Places of the body's last words that are looked at (the last ones), and how many characters before them count."""
_RUN = re.compile(r"[\u4e00-\u9fff]{6,24}|[A-Za-z][\w ,'-]{14,40}\w")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_PUBLISHED_TIME = re.compile(r"publi|posted|pubdate|entry-date|post-date", re.IGNORECASE)
_EMPTY_DATE = re.compile(r"\s*(?:0000|0001|1900-01-01|1970-01-01|1753-01-01)")
_OTHERS = re.compile(
    r"(?:相关|关联|解读|原文)(?:文件|政策|链接|稿件|新闻|文章|内容|信息|阅读|推荐|解读|附件)\s*[:：]?\s*(?=[\n\x0b\x1c-\x1f\x85])"
)
"""Headings of boxes below a text that are about other documents."""
_ROC_DATE = re.compile(r"\s*(1[01]\d)[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
"""A labelled date in the years of the Republic, as Taiwan's bureaus write it (112-04-25)."""
_SENTENCE_END = re.compile(r"[。；;！!？?：:，,、]$")


@dataclass(slots=True)
class Head:
    """What a page states outside its body."""

    zone: str
    month_first: bool = False
    metas: dict[str, str] = field(default_factory=dict)
    linked: list[dict[str, object]] = field(default_factory=list)
    document: str | None = None
    headings: list[str] = field(default_factory=list)
    mains: list[str] = field(default_factory=list)
    times: list[str] = field(default_factory=list)
    body: list[str] = field(default_factory=list)
    above: str = ""
    pairs: list[Pair] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    offsets: list[int] = field(default_factory=list)
    title_line: int | None = None
    title_tail: str = ""
    impossible: bool = False
    under: str = ""
    nearby: list[Pair] | None = None
    link_keys: Callable[[], Mapping[str, int]] = dict

    def meta(self, *names: str) -> str | None:
        """The first meta of these names that has a value."""
        return next((value for name in names if (value := self.metas.get(name))), None)

    def read(self, value: str | None) -> Stamp | None:
        """A date from a value; `impossible` is set when it prints one that no calendar has."""
        if value and (era := _ROC_DATE.match(value)):
            value = f"民國{era[1]}年{era[2]}月{era[3]}日{value[era.end() :]}"
        found = dates.find_date(value, self.zone, month_first=self.month_first) if value else None
        if found is None or value is None:
            return None
        if found.impossible and not _EMPTY_DATE.match(value):
            self.impossible = True
        # Midnight is what systems write where nobody entered a time.
        if isinstance(found.stamp, datetime) and found.stamp.time() == time():
            return found.stamp.date()
        return found.stamp

    def values(self, field_name: str) -> list[Pair]:
        """Labelled values of a field above the body, in order, empty ones left out; those far above the title last."""
        found = [p for p in self.pairs if p.field == field_name and p.value]
        near = self.offsets[self.title_line] - _NEAR if self.title_line is not None else 0
        return sorted(found, key=lambda p: p.start < near)

    def anywhere(self, field_name: str) -> list[Pair]:
        """The same; where there is none above the body, those in its first lines, then those just below it."""
        return self.values(field_name) or [p for p in self.beside() if p.field == field_name and p.value]

    def beside(self) -> list[Pair]:
        """Labelled values in the body's first lines (by long labels alone), and just below the body."""
        if self.nearby is None:
            short = [line for line in self.body[:3] if len(line) <= 100]
            # A row of two cells in the body is a label and its value.
            short = [line.replace("\t", "：") if line.count("\t") == 1 else line for line in short]
            own = [p for line in short for p in read_labels(line) if p.start < 40 and len(p.label) > 2]
            under = outline(self.under)[:_BELOW_LIMIT] if any(word in self.under for word in _FIELD_WORDS) else ""
            if others := _OTHERS.search(under):
                under = under[: others.start()]
            below = read_labels(under)
            self.nearby = own + ([] if self._of_another(below) else below)
        return self.nearby

    def _of_another(self, pairs: Sequence[Pair]) -> bool:
        """Whether labelled values name a title that this page does not: they are of the document that it explains."""
        names = ["".join(p.value.split()) for p in pairs if p.field == "title" and len(p.value) >= 6]
        known = "".join("\n".join([self.document or "", *self.headings]).split())
        return bool(names) and not any(name in known for name in names)

    def end_of_line(self, number: int) -> int:
        """The offset at which a line ends in `above`."""
        return self.offsets[number + 1] if number + 1 < len(self.offsets) else len(self.above)


def head_of_page(tree: LexborHTMLParser, body: str, *, zone: str, language: str | None = None) -> Head:
    """Cuts a page's head out of its tree, by the body that was read from it."""
    head = Head(zone, month_first=bool(language and language.lower().replace("_", "-") == "en-us"))
    head.metas, head.linked = read_metas(tree), _linked_data(tree)
    title = tree.css_first("head > title") or tree.css_first("title")
    head.document = _one_line(title.text(deep=True)) if title else None
    nodes = [node for node in tree.css("h1,h2,h3,h4")[:60] if node.tag == "h1" or not _heads_links(node)]
    texts = [(node.tag, text) for node in nodes if (text := _one_line(node.text(deep=True)))]
    head.headings = [text for _, text in texts]
    head.mains = [text for tag, text in texts if tag == "h1"]
    for node in tree.css("time")[:20]:
        attributes = node.attributes
        names = f"{attributes.get('class')} {attributes.get('itemprop')} {'pubdate' if 'pubdate' in attributes else ''}"
        if _PUBLISHED_TIME.search(names):
            head.times.append(attributes.get("datetime") or node.text(deep=True) or "")
    head.body = _first_lines(body)
    source = tree.html or ""
    start = source.find("<body")
    head.above, head.under = _around(source[max(start, 0) :], body, head.body)
    head.pairs = read_labels(head.above) if _HAN.search(head.above) else []
    if not any(p.value and p.field != "noise" for p in head.pairs):
        head.pairs += read_english_labels(head.above)
    head.lines, head.offsets = _numbered(head.above)
    head.link_keys = lru_cache(
        lambda: Counter(key(a.text(deep=True)[:200]) for a in tree.css("a")[:_LINKS] if _leads(a))
    )
    return head


def head_of_text(text: str, *, zone: str) -> Head:
    """The head of a page that was saved as text: labelled lines and the title, down to the first paragraph."""
    head = Head(zone)
    lines = text.split("\n", 400)
    end = 0
    for i, line in enumerate(lines[:40]):
        labelled = bool(read_labels(line))
        if not labelled and (len(line) > 80 or line.rstrip().endswith(("：", ":", "。"))):
            break
        if line.strip():
            end = i + 1
            if not labelled and not head.headings and not _SENTENCE_END.search(line.strip()):
                head.headings.append(line.strip())
    if end == len([line for line in lines if line.strip()]):
        head.headings = []
    head.mains = head.headings
    head.above = "\n".join(lines[:end])
    head.body = [line.strip() for line in lines[end : end + 40] if line.strip()]
    head.pairs = read_labels(head.above)
    head.lines, head.offsets = _numbered(head.above)
    return head


def read_metas(tree: LexborHTMLParser) -> dict[str, str]:
    """The metas by name (or property) in lower case; the first one that has a value counts."""
    metas: dict[str, str] = {}
    for node in tree.css("meta")[:200]:
        attributes = node.attributes
        name = attributes.get("name") or attributes.get("property") or attributes.get("itemprop")
        content = attributes.get("content")
        if name and content and content.strip():
            metas.setdefault(name.strip().lower(), content.strip()[:2000])
    return metas


def _linked_data(tree: LexborHTMLParser) -> list[dict[str, object]]:
    """The objects of the page's JSON-LD blocks that describe a work."""
    out: list[dict[str, object]] = []
    for node in tree.css('script[type="application/ld+json"]')[:5]:
        source = node.text(deep=True)
        if not source or len(source) > 100_000:
            continue
        try:
            data = json.loads(source)
        except (ValueError, RecursionError):
            continue
        items = data if isinstance(data, list) else data.get("@graph", [data]) if isinstance(data, dict) else []
        for item in items[:50] if isinstance(items, list) else []:
            if isinstance(item, dict) and ("datePublished" in item or "headline" in item):
                out.append(item)
    return out


def _heads_links(node: LexborNode) -> bool:
    """Whether a heading stands over a list of links to other reports: it is a box's (最新信息), not the page's."""
    below = node.next
    while below is not None and below.tag == "-text":
        below = below.next
    if below is None or below.tag not in ("ul", "ol", "dl"):
        return False
    links = [text for link in below.css("a")[:40] if len(text := link.text(deep=True).strip()) >= 6]
    return len(links) >= 2 and sum(map(len, links)) > 0.5 * len(_one_line(below.text(deep=True)))


def _leads(link: LexborNode) -> bool:
    """Whether a link leads anywhere: a heading's without an address (`<h5><a>……</a></h5>`) is the heading itself."""
    above = link.parent
    return "href" in link.attributes or above is None or re.fullmatch(r"h[1-6]", above.tag or "") is None


def _one_line(text: str) -> str:
    """The beginning of a text on one line: a title is short, whatever stands in its element."""
    return " ".join(text[:4000].split())[:_TITLE_LIMIT]


def _first_lines(body: str) -> list[str]:
    return [line.strip() for line in body[:8000].split("\n")[:40] if line.strip()]


def _around(source: str, body: str, lines: Sequence[str]) -> tuple[str, str]:
    """The outline above the body, and the source of a piece below it."""
    if not lines:
        return outline(source[:400_000])[:_ZONE_LIMIT], ""
    run = next((run for line in lines[:4] if (run := _RUN.search(line))), None)
    # The last place of the body's first words: an earlier one may be a summary or a hidden copy's.
    cut = source.rfind(run[0]) if run else -1
    text = outline(source[: cut + _LEAD]) if cut >= 0 else ""
    at = _place(text, lines)
    if at < 0:
        text = outline(source)
        at = _place(text, lines)
    above = text[:at] if at >= 0 else text[: _ZONE_LIMIT // 2]
    runs = [run[0] for line in body[-800:].split("\n")[-4:] if (run := _RUN.search(line))]
    last = max(runs, key=len, default="")
    # The first line may be the signature's too (a title that begins with the body's name): then search from the end.
    end = _end(source, body, last, max(cut, 0)) if last else -1
    return above[-_ZONE_LIMIT:], source[end + len(last) : end + _BELOW_SOURCE] if end >= 0 else ""


def _end(source: str, body: str, last: str, start: int) -> int:
    """Where the body's last words begin in a source: what stands before them there decides between several places."""
    places = [found.start() for found in re.finditer(re.escape(last), source[start:])][-_PLACES:]
    if len(places) < 2:
        return start + places[0] if places else source.rfind(last)
    wanted = "".join(body[: body.rfind(last)].split())[: -_SUFFIX - 1 : -1]
    best, most = start + places[0], -1
    for place in places:
        before = outline(source[max(0, start + place - 20 * _SUFFIX) : start + place])
        common = _common("".join(before.split())[: -_SUFFIX - 1 : -1], wanted)
        if common > most:
            best, most = start + place, common
    return best


def _place(text: str, lines: Sequence[str]) -> int:
    """Where the body starts in an outline: where most of its beginning stands in one piece; -1 when it is not there.

    The first line alone may stand in several places (a title that the body repeats, a hidden copy's first words).
    """
    compact = "".join("".join(lines[:3]).split())[:400]
    wanted = compact[: len("".join(lines[0].split())) + 24]
    if not text:
        return -1
    loose = re.compile(r"\s*".join(map(re.escape, wanted[:12])))
    best, most = -1, 0
    for count, match in enumerate(loose.finditer(text)):
        here = "".join(text[match.start() : match.start() + 3 * len(wanted) + 400].split())
        common = _common(here, wanted)
        if common > most:
            best, most = match.start(), common
        if common == len(wanted) or count > 50:
            break
    return best


def _common(first: str, second: str) -> int:
    """How many characters two texts have in common at their start."""
    return next(
        (i for i, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), min(len(first), len(second))
    )


def _numbered(text: str) -> tuple[list[str], list[int]]:
    """The outline's lines that hold text, and the offset of each."""
    lines, offsets, position = [], [], 0
    for part in LINE.split(text):
        if not part or part.isspace():
            continue
        position = text.find(part, position)
        lines.append(flat(part))
        offsets.append(position)
        position += len(part)
    return lines, offsets
