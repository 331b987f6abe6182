"""From a page to its entries: the best block's rows, read whole."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from crawler.platforms.base import Entry, Page
from crawler.platforms.finder import blocks as block_finding
from crawler.platforms.finder import rows as row_reading
from crawler.platforms.finder.blocks import Block
from crawler.platforms.finder.dates import LABELLED, complete, date_in_url, plain
from crawler.platforms.finder.dom import Document
from crawler.platforms.finder.links import is_document
from crawler.platforms.finder.pager import Pager, find_pager
from pipelines.items import Hints, Stamp

ENOUGH = 0.55
"""Below this score a block is taken for navigation; undated lists of three long titles reach about 0.9."""
LARGE = 1_000_000
"""Bytes of a page whose tree is let go once it is copied: it holds some 70 MB of a page of 4 MB."""


@dataclass
class Found:
    """What a page yields: entries of its best block, the pager, and all blocks for those who judge the page."""

    document: Document
    blocks: list[Block]
    pager: Pager
    entries: list[Entry]
    confidence: float


def entry_of(document: Document, row: row_reading.Row, zone: str) -> Entry:
    """A row as an entry with everything that it says."""
    shown, pinned = row_reading.clean_title(row.title)
    title = row_reading.whole_title(shown, row_reading.title_attribute(document, row.link.element))
    if row.link.minor or len(title) < 4:
        title = _heading(document, row) or title
    if is_document(row.link.url) and len(title) < 16 and row.year and str(row.year) not in title:
        title = f"{title} {row.year}"
    hints = Hints(title=title or None)
    if row.dates:
        hints.published = _published(document, row)
    elif row.short is not None:
        hints.published = complete(row.short, row.link.url, row.year)
    else:
        hints.published = date_in_url(row.link.url)
    row_reading.table_hints(document, row, hints, zone)
    row_reading.label_hints(document.text(row.element), hints, zone)
    hints.attachments = row_reading.attachments(row.others, row.link.url)
    return Entry(row.link.url, hints, pinned or row_reading.is_pinned(document, row), is_document(row.link.url))


def _published(document: Document, row: row_reading.Row) -> Stamp | None:
    """The date that is labelled 发布, or the first."""
    text = row_reading.outside_text(document, row)
    if len(row.dates) > 1 and (label := LABELLED.search(plain(text))) is not None:
        after = [d for d in row.dates if d.start >= label.end()]
        if after:
            return after[0].stamp
    return row.dates[0].stamp


def _heading(document: Document, row: row_reading.Row) -> str | None:
    """A heading in the row, for rows whose only link says 查看详情."""
    for element in document.elements[row.element.order : row.element.last + 1]:
        if element.tag in row_reading.HEADINGS and 4 <= len(text := document.text(element)) <= 300:
            return row_reading.clean_title(text)[0]
    return None


def with_pager(blocks: list[Block], pager: Pager) -> None:
    """Raises the block that the pager belongs to: the last one before it under their closest common ancestor."""
    if pager.element is None:
        return
    order = pager.element.order
    node = pager.element.parent
    while node is not None and node.tag != "html":
        inside = [b for b in blocks if node.order <= b.start <= node.last and b.start < order and b.score > 0.3]
        if inside:
            block = max(inside, key=lambda b: (b.score, b.end))
            block.pager = True
            block.score *= 1.8
            break
        node = node.parent
    blocks.sort(key=lambda b: -b.score)


def find(page: Page, *, zone: str = "Asia/Shanghai", prefer: re.Pattern[str] | None = None) -> Found:
    """Finds the list of a page; what was found is kept with the page, because several platforms ask in turn."""
    kept: dict[tuple[str, str], Found] = page.__dict__.setdefault("_found", {})
    key = (zone, prefer.pattern if prefer else "")
    if key not in kept:
        kept[key] = _find(page, zone, prefer)
    found = kept[key]
    return Found(found.document, list(found.blocks), found.pager, list(found.entries), found.confidence)


def _find(page: Page, zone: str, prefer: re.Pattern[str] | None) -> Found:
    document = Document(page.tree)
    if len(page.raw) > LARGE:
        page.__dict__.pop("tree", None)
    blocks = block_finding.find_blocks(document, page.url, zone=zone, prefer=prefer)
    pager = find_pager(document, page.url)
    with_pager(blocks, pager)
    entries: list[Entry] = []
    confidence = 0.0
    if blocks and blocks[0].score >= ENOUGH:
        best = blocks[0]
        block_finding.year_headings(document, best)
        entries = entries_of(document, best.rows, page.url, zone)
        second = blocks[1].score if len(blocks) > 1 else 0.0
        confidence = min(0.95, 0.35 + 0.1 * min(best.score, 3.0) + 0.3 * (1 - second / best.score))
    return Found(document, blocks, pager, entries, round(confidence, 2))


def entries_of(document: Document, rows: list[row_reading.Row], url: str, zone: str) -> list[Entry]:
    """Rows as entries, each address once; hidden links to hosts that no visible row leads to are left out."""
    hosts = {urlsplit(r.link.url).hostname for r in rows if not r.link.element.hidden}
    hosts.add(urlsplit(url).hostname)
    seen: dict[str, Entry] = {}
    for row in rows:
        if row.link.element.hidden and urlsplit(row.link.url).hostname not in hosts:
            continue
        entry = entry_of(document, row, zone)
        seen.setdefault(entry.url, entry)
    return list(seen.values())
