"""What stands beyond the part of a very long page that is read at once: its rows, piece by piece, in bounded memory."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator

from crawler.platforms.base import Page
from crawler.platforms.finder.blocks import shape
from crawler.platforms.finder.find import Found

PIECE = 1_500_000
"""Characters of one piece: its tree and copy take some 100 MB."""
MAX_PIECES = 20
HOLDERS = {"tr": "table", "li": "ul", "dd": "dl", "dt": "dl"}
ALIKE = 0.5
"""Least share of rows whose addresses are built as those before: what follows the list is none of it."""


def pieces(page: Page, found: Found, find: Callable[[Page], Found]) -> Iterator[tuple[Page, Found]]:
    """The pieces after the rows of `found`, beginning with its last row, which may have been cut.

    The page's own tree, blocks and elements are let go first.
    """
    rows = found.blocks[0].rows if found.blocks else []
    if not rows:
        return
    tag = rows[-1].element.tag
    start = _row(page.text, tag, rows[-1].link.element.attrs.get("href", ""))
    shapes = {shape(row.link.url) for row in rows}
    del rows
    for name in ("tree", "_found"):
        page.__dict__.pop(name, None)
    found.blocks.clear()
    found.document.elements.clear()
    for _ in range(MAX_PIECES):
        if start < 0:
            return
        gc.collect()  # elements know parents and children: what was read goes only so
        end = start + PIECE
        if end < len(page.text):
            following = page.text.rfind(f"<{tag}", start + 1, end)
            end = following if following > start else end
        holder = HOLDERS.get(tag, "div")
        html = f"<html><body><{holder}>{page.text[start:end]}"
        piece = Page(page.url, html.encode("utf-8", "replace"), page.status, page.media_type, "utf-8", page.headers)
        inner = find(piece)
        alike = sum(shape(e.url) in shapes for e in inner.entries)
        if not inner.entries or alike < ALIKE * len(inner.entries):
            return
        yield piece, inner
        start = end if end < len(page.text) else -1


def _row(text: str, tag: str, href: str) -> int:
    """Where the row of a link begins; -1 where it is not found."""
    at = next((n for h in (href, href.replace("&", "&amp;")) if h and (n := text.rfind(f"{h}")) >= 0), -1)
    return text.rfind(f"<{tag}", 0, at) if at >= 0 else -1
