"""A part of a page as lines of text: one a paragraph, list item or table row, the cells of a row with tabs between."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipelines.extraction.dom import BLOCK_TAGS, Element
from pipelines.extraction.tables import grid, is_data, rows_of
from pipelines.items import Table


@dataclass(slots=True)
class Line:
    """One line of the body; `table` is the data table that it is a row of, `heading` whether a heading holds it."""

    text: str
    linked: int
    element: Element
    table: Element | None = None


@dataclass(slots=True)
class Rendered:
    """A container's lines, and the data tables and images in it in document order."""

    lines: list[Line] = field(default_factory=list)
    tables: list[Element] = field(default_factory=list)
    images: list[tuple[int, Element]] = field(default_factory=list)
    links: list[tuple[int, Element]] = field(default_factory=list)


def render(roots: list[Element], skip: set[int]) -> Rendered:
    """Renders containers one after the other.

    Args:
        roots: the containers in document order.
        skip: `id()`s of elements that are left out.
    """
    out = Rendered()
    for root in roots:
        _render(root, skip, out)
    return out


def _render(root: Element, skip: set[int], out: Rendered) -> None:
    text: list[str] = []
    linked = 0
    in_link = 0
    holder = root

    def flush() -> None:
        nonlocal linked
        if text:
            joined = " ".join("".join(text).split())
            if joined:
                out.lines.append(Line(joined, min(linked, len(joined)), holder))
            text.clear()
            linked = 0

    stack: list[tuple[Element | str, bool]] = [(root, False)]
    while stack:
        item, closing = stack.pop()
        if isinstance(item, str):
            text.append(item)
            if in_link:
                linked += len(item.strip())
            continue
        tag = item.tag
        if closing:
            if tag == "a":
                in_link -= 1
            else:
                flush()
                holder = item.parent or item
            continue
        if id(item) in skip:
            continue
        if tag == "img":
            out.images.append((len(out.lines), item))
            continue
        if tag == "table" and is_data(item):
            flush()
            _render_table(item, skip, out)
            continue
        if tag == "a":
            in_link += 1
            out.links.append((len(out.lines), item))
            stack.append((item, True))
        elif tag in BLOCK_TAGS:
            flush()
            holder = item
            stack.append((item, True))
        stack.extend((c, False) for c in reversed(item.children))
    flush()


def _render_table(table: Element, skip: set[int], out: Rendered) -> None:
    out.tables.append(table)
    for child in table.children:
        if isinstance(child, Element) and child.tag == "caption" and (text := child.text()):
            out.lines.append(Line(text, 0, child))
    for cells in rows_of(table):
        texts: list[str] = []
        linked = 0
        for cell in cells:
            if id(cell) in skip:
                continue
            inner = Rendered()
            _render_cell(cell, skip, inner)
            out.images.extend((len(out.lines), image) for _, image in inner.images)
            out.links.extend((len(out.lines), link) for _, link in inner.links)
            linked += sum(line.linked for line in inner.lines)
            texts.append(" ".join(line.text for line in inner.lines))
        if any(texts):
            joined = "\t".join(texts).rstrip("\t")
            out.lines.append(Line(joined, min(linked, len(joined)), table, table))


def _render_cell(cell: Element, skip: set[int], out: Rendered) -> None:
    """A cell's content; a table inside a data cell is read as text."""
    text: list[str] = []
    linked = in_link = 0
    stack: list[tuple[Element | str, bool]] = [(c, False) for c in reversed(cell.children)]
    while stack:
        item, closing = stack.pop()
        if isinstance(item, str):
            text.append(item)
            linked += len(item.strip()) if in_link else 0
        elif closing:
            in_link -= item.tag == "a"
            text.append("\n" if item.tag in BLOCK_TAGS else "")
        elif id(item) in skip:
            continue
        elif item.tag == "img":
            out.images.append((0, item))
        else:
            if item.tag == "a":
                in_link += 1
                out.links.append((0, item))
            text.append("\n" if item.tag in BLOCK_TAGS else "")
            stack.append((item, True))
            stack.extend((c, False) for c in reversed(item.children))
    for line in "".join(text).split("\n"):
        if joined := " ".join(line.split()):
            out.lines.append(Line(joined, 0, cell))
    if out.lines:
        out.lines[0].linked = linked


def grids(rendered: Rendered, kept: set[int]) -> list[Table]:
    """The grids of the data tables whose rows were kept."""
    return [g for t in rendered.tables if id(t) in kept and (g := grid(t))]
