"""A page's content: body text, tables, images and attachments, wherever the page keeps them.

Places, in the order in which they are believed: the page as a browser shows it; a JSON record whose text the page does
not show; parts that are hidden until a script shows them; markup kept in templates, text areas and `<script>`; and last
a general article extractor.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser

from pipelines.extraction import body, boxes, chrome, cleaning, dom, general, images, links, rendering, trimming
from pipelines.extraction.survey import TEXT, TITLE, Survey, survey
from pipelines.items import Attachment, Report, Table

_ENOUGH = 30
"""Letters of a body that is no accident."""
_STORED = (
    "script[type*='template'], script[type='text/html'], script[type='text/plain'], textarea, template, xmp, noscript, "
    "iframe[srcdoc]"
)
_MOST_TERMS = 80
_NUMBERED = re.compile(r"^\s*(?:第?[一二三四五六七八九十\d]+\s*[、.章节条部]|[（(][一二三四五六七八九十\d]+[)）])")
_LABELLED = re.compile(
    r"\W{0,2}(?:(?:文件|信息|公文|政策)?(?:标\s*题|名\s*称)|题\s*名)\s*[\]】]?\s*[:：\t]\s*([^\t]{8,160})", re.DOTALL
)
"""A catalogue's row that states the document's title, for pages that name it nowhere else."""
_QUOTED = re.compile(r"[=(:]\s*(?:\"((?:[^\"\\]|\\.){120,}+)\"|'((?:[^'\\]|\\.){120,}+)')", re.DOTALL)
_LEAD = re.compile("[a-z\u00df-\u00ff)0-9][.!?\u2026][\"'\u201d\u00bb)]?$")
_COMMENT = re.compile(r"<!--([^-]*+(?:-(?!->)[^-]*+)*+)-->")
_APPENDIX = re.compile(r"\bfile_?appendix\w*\s*=\s*'(\s*<a\s[^']{1,20000})'", re.I)
_PROSE = re.compile(r"[。；，]|[a-z][,.;] ")
_COUNTER = re.compile(r"\s*(?:已?下载(?:次数)?|下载量)\s*[:：]?\s*\[?\d*\]?\s*次?\s*$")
"""How often a file was fetched, behind its name: another number on every visit (VSB: 已下载12次)."""


@dataclass(slots=True)
class Content:
    """What was read: the body's lines, tables as grids, addresses of images and files; and the whole page's lines.

    `lead` counts the first lines that stand apart from the others; `shown`: a browser shows the body without running
    a script.
    """

    lines: list[str] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    images: list[str] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    visible: list[str] = field(default_factory=list)
    links: int = 0
    weight: float = 0.0
    confidence: float = 1.0
    shown: bool = True
    flags: list[str] = field(default_factory=list)
    lead: int = 0

    @property
    def text(self) -> str:
        """The body, one paragraph or table row a line."""
        return "\n".join(self.lines)

    @property
    def below_lead(self) -> str:
        """The body from its container on; the page's data may stand between the lead and it."""
        return "\n".join(self.lines[self.lead :])

    @property
    def letters(self) -> int:
        """How many letters and digits the body has."""
        return len(cleaning.letters(self.text))

    def without_title(self, title: str) -> None:
        """Takes the title off the body's first lines, for titles that were found only after the body."""
        key = cleaning.letters(title)
        joined = ""
        for i, line in enumerate(self.lines[:4]):
            joined += cleaning.letters(line)
            if key.endswith(joined) and 2 * len(joined) > len(key) and len(self.lines) > i + 1:
                del self.lines[: i + 1]
                while len(self.lines) > 1 and _under_title(self.lines[0]):
                    del self.lines[0]
                return
            if joined not in key:
                return

    def fill(self, report: Report) -> None:
        """Writes the content into a report."""
        report.body = self.text
        report.tables, report.images, report.attachments = self.tables, self.images, self.attachments
        report.confidence = self.confidence
        for flag in self.flags:
            report.flag(flag)


def _under_title(line: str) -> bool:
    return cleaning.is_number_line(line) or cleaning.is_tools(line) or cleaning.is_meta(line)


def read(
    tree: LexborHTMLParser, markup: str, *, base: str | None, stated: Iterable[str] = (), titles: Iterable[str] = ()
) -> Content:
    """Reads a page's content.

    Args:
        tree: the parsed page.
        markup: its source, for the last resort.
        base: the address that relative links start from.
        stated: markup of bodies that a JSON record or an interface gave.
        titles: titles that are known from elsewhere.
    """
    page = dom.build(tree)
    known = list(titles)
    keys = _keys(tree, page, known)
    best = read_page_part(page, keys, base)
    for source in stated:
        other = _of_markup(source, keys, base)
        start = cleaning.letters(other.text)[:40]
        if other.letters >= 8 and (start not in cleaning.letters(best.text) or other.letters > 1.5 * best.letters):
            other.attachments = links.merged(other.attachments, best.attachments)
            best = other
            break
    if best.letters < _ENOUGH and not best.images and not best.tables:
        best = _elsewhere(tree, markup, page, keys, base, best)
    best.attachments = links.merged(best.attachments, _written(tree, base))
    best.visible, best.links = [b.text for b in page.blocks], len(page.links)
    if page.truncated:
        best.flags.append("truncated")
    if not best.lines and not best.images and not best.attachments:
        best.flags.append("no_body")
        best.confidence = 0.0
    return best


def _elsewhere(
    tree: LexborHTMLParser, markup: str, page: dom.Page, keys: set[str], base: str | None, shown: Content
) -> Content:
    """The body of a page that shows next to none: from hidden parts, from stored markup, from a general extractor."""
    tries: list[Content] = []
    if page.hidden:
        tries.append(read_page_part(dom.build(tree, hidden=True), keys, base))
    for stored in _stored(tree, markup):
        if len(stored) > 80 and _PROSE.search(stored):
            tries.append(_of_markup(stored, keys, base))
    best = max(tries, key=lambda t: t.letters, default=shown)
    if best.letters >= max(_ENOUGH, 3 * shown.letters):
        best.attachments = links.merged(best.attachments, shown.attachments)
        best.confidence, best.shown = 0.6, False
        return best
    if shown.weight < body.SURE and len(page.blocks) < 3_000 and sum(len(b.text) for b in page.blocks) > 400:
        text = general.extract(markup)
        if text and _PROSE.search(text) and len(cleaning.letters(text)) >= max(2 * _ENOUGH, 3 * shown.letters):
            return Content(text.split("\n"), images=shown.images, attachments=shown.attachments, confidence=0.4)
    return shown


def _stored(tree: LexborHTMLParser, markup: str) -> Iterator[str]:
    """Markup that the page keeps for a script: in templates, text areas, strings of scripts, comments."""
    count = 0
    for node in tree.css(_STORED)[:20]:
        stored = node.inner_html or ""
        if node.tag == "template":  # its content is no child of it
            source = node.html or ""
            stored = source[source.find(">") + 1 : source.rfind("<")]
        if node.tag == "iframe":
            stored = node.attributes.get("srcdoc") or ""
        yield html.unescape(stored) if "&lt;" in stored and "<p" not in stored else stored
    for match in _COMMENT.finditer(markup):
        if "<" in match[1] and count < 20:
            count += 1
            yield match[1]
    for node in tree.css("script:not([src])")[:40]:
        for match in _QUOTED.finditer(node.text()):
            literal = match[1] or match[2].replace("\\'", "'").replace('"', '\\"')
            if ("<" in literal or "\\u003" in literal.lower()) and count < 40:
                count += 1
                yield _unquoted(literal)


def _written(tree: LexborHTMLParser, base: str | None) -> list[Attachment]:
    """Files that a script writes below the text: TRS templates keep their links in `file_appendix`."""
    markup = [m[1] for node in tree.css("script:not([src])")[:40] for m in _APPENDIX.finditer(node.text())]
    return links.attachments(dom.build(LexborHTMLParser("".join(markup))).links, base) if markup else []


def _unquoted(literal: str) -> str:
    """What a script's string says; '' when it is no plain one."""
    try:
        return str(json.loads(f'"{literal}"', strict=False))
    except ValueError:
        return ""


def _of_markup(source: str, keys: set[str], base: str | None) -> Content:
    """All of a piece of markup that is known to be a body."""
    page = dom.build(LexborHTMLParser(source))
    rendered = rendering.render([page.root], set())
    first, last = trimming.trim(rendered.lines, keys, strict=False)
    return _content(rendered, first, last, base)


def read_page_part(page: dom.Page, keys: set[str], base: str | None) -> Content:
    """The content of a walked page."""
    surveyed = survey(page, keys)
    found = body.find_body(page, surveyed)
    if found is None:
        beside = links.beside(page, surveyed, surveyed.head, surveyed.head)
        lines = list(dict.fromkeys(text for link, text in beside if text and link.first >= surveyed.head))
        return Content(lines, attachments=links.named(beside, base))
    element = found.element
    rendered = rendering.render([element, *found.tail], _junk(page, element, surveyed))
    untitled = TITLE not in surveyed.kinds
    first, last = trimming.trim(rendered.lines, keys, untitled=untitled)
    size = trimming.without_copies(rendered.lines[first:last])
    if first + size < last:
        last = trimming.without_next_head(rendered.lines, first, first + size, keys)
    last = boxes.without_comments(rendered.lines, first, last)
    content = _content(rendered, first, last, base, boxes.inside(rendered.lines, first, last))
    lead = _lead(page, element, surveyed, content.text)
    content.lines[:0], content.lead = lead, len(lead)
    content.weight = found.weight
    content.confidence = 1.0 if found.known or found.weight > 150 else 0.8 if found.weight > 20 else 0.6
    beside = links.beside(page, surveyed, element.first, found.last)
    content.attachments = links.merged(content.attachments, links.named(beside, base))
    shown = set(content.lines[-40:])
    for link, text in beside:
        if text and link.first >= found.last and text not in shown:
            shown.add(text)
            content.lines.append(_COUNTER.sub("", text))
    return content


def _lead(page: dom.Page, container: dom.Element, surveyed: Survey, text: str) -> list[str]:
    """Paragraphs of western pages that stand between the title and the text's container: the article's lead."""
    kinds = surveyed.kinds
    title = next((i for i in range(container.first - 1, max(-1, container.first - 30), -1) if kinds[i] == TITLE), None)
    if title is None:
        return []
    lines = []
    for i in range(title + 1, container.first):
        block = page.blocks[i]
        told = kinds[i] == TEXT and len(block.text) >= 60 and not block.linked and _LEAD.search(block.text)
        if told and block.text not in text and not body.in_chrome(block.element, surveyed):
            lines.append(block.text)
    return lines if len(lines) < 4 else []


def _junk(page: dom.Page, container: dom.Element, surveyed: Survey) -> set[int]:
    """Small elements in the container that are named as sharing, related links and the like."""
    out = {id(card) for card in surveyed.cards if id(card) in surveyed.chrome}
    blocks = page.blocks
    size = sum(len(b.text) for b in blocks[container.first : container.last])
    for element in page.named:
        if element.tag not in dom.BLOCK_TAGS:
            continue
        if container.first <= element.first and element.last <= container.last and element is not container:
            part = sum(len(b.text) for b in blocks[element.first : element.last])
            if part < 0.25 * size and chrome.is_junk(element.names):
                out.add(id(element))
    first = next((b for b in range(container.first, container.last) if len(blocks[b].text) > 100), 0)
    for element in page.elements:
        if element.tag == "dl" and container.first <= element.first and element.last <= first and _is_record(element):
            out.add(id(element))
    return out


def _is_record(terms: dom.Element) -> bool:
    """Whether a list of terms above the text holds the document's data (Agency: …, Document Number: …), no glossary."""
    if terms.last - terms.first > _MOST_TERMS:
        return False
    names = [e.text() for e in terms.walk() if e.tag == "dt"]
    values = [e.text() for e in terms.walk() if e.tag == "dd"]
    return len(names) >= 4 and all(len(n) <= 40 for n in names) and max(map(len, values), default=99) <= 90


def _content(
    rendered: rendering.Rendered, first: int, last: int, base: str | None, without: Set[int] = frozenset()
) -> Content:
    lines = [line for i, line in enumerate(rendered.lines[first:last], first) if i not in without]
    for line in lines:
        if line.linked:
            line.text = _COUNTER.sub("", line.text)
    kept = {id(line.table) for line in lines if line.table is not None}
    inside = [link for at, link in rendered.links if at >= first]
    return Content(
        [line.text for line in lines],
        rendering.grids(rendered, kept),
        images.content_images([image for at, image in rendered.images if first <= at <= last], base),
        links.attachments(inside, base),
    )


def _keys(tree: LexborHTMLParser, page: dom.Page, titles: list[str]) -> set[str]:
    """What the page's title reduces to, from everywhere it may stand."""
    node = tree.css_first("head > title") or tree.css_first("title")
    if node is not None:
        titles.append(" ".join(node.text().split()))
    for meta in tree.css("meta[name='ArticleTitle' i], meta[property='og:title'], meta[name='title' i]"):
        titles.append(meta.attributes.get("content") or "")
    limit = next((i for i, b in enumerate(page.blocks) if len(b.text) > 60 and _PROSE.search(b.text)), len(page.blocks))
    titles += [found[1] for b in page.blocks[: min(limit, 80)] if (found := _LABELLED.fullmatch(b.text))]
    document = cleaning.letters(" ".join(titles))
    named = False
    main = max((len(cleaning.letters(h.text())) for h in page.headings[:40] if h.tag == "h1"), default=0)
    for heading in page.headings[:40]:
        text = heading.text()
        # A heading within the text may be a word of the title too (Videos in Videos of the ceremony).
        stated = len(text) > 3 and (flat := cleaning.letters(text)) in document and len(flat) >= 0.4 * main
        # A heading over a row of links is a box's (最新信息), unless the page's own statements hold it.
        below = page.blocks[heading.last] if heading.last < len(page.blocks) else None
        if not stated and heading.tag != "h1" and below is not None and below.linked >= max(3, 0.4 * len(below.text)):
            continue
        if heading.tag == "h1" or stated or (not named and heading.first < limit and not _NUMBERED.match(text)):
            titles.append(text)
            named = True
    return cleaning.title_keys(titles)
