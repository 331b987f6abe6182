"""Tables of data as grids of cell texts; tables that only lay out a page are told from them.

Spans are written out as in the HTML standard's table model: a cell that spans rows or columns gives its text to each
place of the grid, so that every row has as many cells as the widest.
"""

from __future__ import annotations

from pipelines.extraction.dom import Element
from pipelines.items import Table

MAX_SPAN = 200
"""Longest span that is written out; pages write `rowspan=65534` for "to the end"."""
MAX_INNER = 200
"""Tables in a table from which it lays out a page."""
MAX_CELLS = 60_000
"""Cells of a grid; what is beyond is left out."""


def rows_of(table: Element) -> list[list[Element]]:
    """The cells of a table's own rows (those of tables inside it are not its own)."""
    rows: list[list[Element]] = []
    stack = [c for c in reversed(table.children) if isinstance(c, Element)]
    while stack:
        element = stack.pop()
        if element.tag == "tr":
            cells = [c for c in element.children if isinstance(c, Element) and c.tag in ("td", "th")]
            if cells:
                rows.append(cells)
        elif element.tag in ("tbody", "thead", "tfoot", "form"):
            stack.extend(c for c in reversed(element.children) if isinstance(c, Element))
    return rows


def is_data(table: Element) -> bool:
    """Whether a table holds data in rows and columns, rather than laying out a page or framing a text."""
    if table.is_data is None:
        tables = [e for e in table.walk() if e.tag == "table"]
        if len(tables) > MAX_INNER:
            table.is_data = False
            return False
        for inner in reversed(tables):  # the inner ones first: a table around data lays out
            if inner.is_data is None:
                inner.is_data = _has_data(inner)
            outer = inner.parent if inner.is_data and inner is not table else None
            while outer is not None and outer.is_data is None:
                if outer.tag == "table":
                    outer.is_data = False
                outer = outer.parent if outer is not table else None
    return bool(table.is_data)


def _has_data(table: Element) -> bool:
    """The same for a table by its own cells, whatever tables are in it."""
    if table.get("role") in ("presentation", "none"):
        return False
    rows = rows_of(table)
    if len(rows) < 2:
        return bool(rows) and len(rows[0]) >= 3 and all(len(c.text()) < 60 for c in rows[0]) and _filled(rows[0]) >= 3
    wide = [r for r in rows if len(r) >= 2]
    if not wide:
        return False
    filled = sum(_filled(r) >= 2 for r in rows)
    spanned = any(_span(c, "rowspan") > 1 for r in rows for c in r)
    if filled < 2 and not (filled and spanned and len(rows) > 2):
        return False
    texts = [c.text() for r in rows for c in r]
    total = sum(map(len, texts)) or 1
    longest = max(map(len, texts))
    if longest > 600 and longest > 0.85 * total and len(rows) <= 8:
        return False
    if len(rows) <= 8 and any(_holds_text(c, total) for r in rows for c in r):
        return False
    long_cells = sum(len(t) for t in texts if len(t) > 400)
    return not (long_cells > 0.9 * total and len(texts) <= 4)


def grid(table: Element, *, cell_text: dict[int, str] | None = None) -> Table:
    """The table's cells with spans written out."""
    rows = rows_of(table)
    out: list[list[str]] = []
    pending: dict[int, tuple[int, str]] = {}
    count = 0
    for cells in rows:
        row: list[str] = []
        column = 0

        def place_pending() -> None:
            nonlocal column
            while column in pending:
                left, text = pending[column]
                row.append(text)  # noqa: B023 - called within this row only
                if left > 1:
                    pending[column] = (left - 1, text)
                else:
                    del pending[column]
                column += 1

        for cell in cells:
            place_pending()
            text = cell_text.get(id(cell), "") if cell_text is not None else cell.text()
            width, height = _span(cell, "colspan"), _span(cell, "rowspan")
            for _ in range(width):
                while column in pending:
                    break
                row.append(text)
                if height > 1:
                    pending[column] = (height - 1, text)
                column += 1
        place_pending()
        count += len(row)
        if count > MAX_CELLS:
            break
        if any(row):
            out.append(row)
    width = max((len(r) for r in out), default=0)
    return [r + [""] * (width - len(r)) for r in out]


def _holds_text(cell: Element, total: int) -> bool:
    """Whether a cell holds a document of several paragraphs, and the table little else."""
    return cell.last - cell.first >= 6 and len(cell.text()) > max(200, 0.7 * total)


def _filled(cells: list[Element]) -> int:
    return sum(bool(c.text()) for c in cells)


def _span(cell: Element, name: str) -> int:
    value = cell.get(name).strip()
    digits = value[:5]
    return max(1, min(MAX_SPAN, int(digits))) if digits.isdigit() else 1
