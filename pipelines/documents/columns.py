"""Pages that are set in two columns: where the second begins, so that each is read down to its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_ROWS = 8
"""Rows with text on both sides that two columns have at least."""
_WIDTH = 0.2
"""Share of the page's width that a column's line has at least; the sides of a form are shorter."""
_FULL = 0.7
"""Share of a column's lines that reach its right edge, as running text does and a form's answers do not."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a page: its upper and lower edge, and the stretches of text between wide gaps."""

    top: float
    bottom: float
    pieces: Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Columns:
    """The gap's place, and the upper and lower edge of what is set in two columns."""

    gap: float
    top: float
    bottom: float


def find_columns(rows: Sequence[Row], width: float) -> Columns | None:
    """The two columns of a page, None where its lines run across it.

    Args:
        rows: the page's lines from the top.
        width: the page's width.
    """
    pairs = [
        i for i, row in enumerate(rows) if len(row.pieces) == 2 and all(b - a >= _WIDTH * width for a, b in row.pieces)
    ]
    if len(pairs) < _ROWS:
        return None
    ends = max(rows[i].pieces[0][1] for i in pairs)
    begins = min(rows[i].pieces[1][0] for i in pairs)
    edge = max(rows[i].pieces[1][1] for i in pairs)
    if ends >= begins:
        return None
    near = 2 * max(rows[i].bottom - rows[i].top for i in pairs)
    for side, reach in ((0, ends), (1, edge)):
        if sum(rows[i].pieces[side][1] > reach - near for i in pairs) < _FULL * len(pairs):
            return None
    gap = (ends + begins) / 2
    first, last = pairs[0], pairs[-1]
    if any(a < gap < b for row in rows[first : last + 1] for a, b in row.pieces):
        return None
    while last + 1 < len(rows) and rows[last + 1].top - rows[last].bottom < near:
        if any(a < begins and b > ends for a, b in rows[last + 1].pieces):
            break
        last += 1
    return Columns(gap, rows[first].top, rows[last].bottom)
