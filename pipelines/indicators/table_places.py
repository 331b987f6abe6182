"""Where a report's tables stand in its body: each cell's offsets, the lines above (title, unit) and below (notes)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pipelines.items import Table

_BEFORE, _AFTER = 4, 4
_NOTE = re.compile(r"(?:备?注|说\s*明|资料来源|数据来源)\s*\d*\s*[:：.、]")
_MAX_CAPTION = 80


@dataclass(slots=True)
class Place:
    """A table's place: offsets by (row, column) of its grid, the span of lines, captions and notes."""

    cells: dict[tuple[int, int], int] = field(default_factory=dict)
    lines: dict[int, tuple[int, int]] = field(default_factory=dict)
    captions: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    is_turned: bool = False
    """Rows and columns of `cells` changed places."""

    def turned(self) -> Place:
        """The place of the same table with rows and columns changed."""
        cells = {(c, r): offset for (r, c), offset in self.cells.items()}
        return Place(cells, self.lines, self.captions, self.notes, not self.is_turned)

    def line(self, row: int, column: int) -> tuple[int, int]:
        """The span of the printed line in which a cell stands."""
        return self.lines[column if self.is_turned else row]

    def below(self, row: int) -> Place:
        """The place of the part of the table that begins at a row."""
        if not row:
            return self
        cells = {(r - row, c): offset for (r, c), offset in self.cells.items() if r >= row}
        lines = {r - row: span for r, span in self.lines.items() if r >= row}
        return Place(cells, lines, self.captions, self.notes)


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    text: str
    key: str


def find_places(body: str, tables: list[Table]) -> list[Place]:
    """The place of each table; empty for one that the body does not show."""
    lines: list[_Line] = []
    offset = 0
    for text in body.split("\n"):
        lines.append(_Line(offset, text, _key(text.split("\t", 1)[0] or text)))
        offset += len(text) + 1
    where: dict[str, list[int]] = {}
    for i, line in enumerate(lines):
        if line.key:
            where.setdefault(line.key, []).append(i)
    places: list[Place] = []
    at = 0
    for table in tables:
        place, at = _find(table, lines, where, at)
        places.append(place)
    return places


def _key(text: str) -> str:
    return "".join(text.split())


def _find(table: Table, lines: list[_Line], where: dict[str, list[int]], at: int) -> tuple[Place, int]:
    place = Place()
    first = None
    for r, row in enumerate(table[:5]):
        wanted = next((_key(cell) for cell in row if cell), "")
        for i in where.get(wanted, ()):
            if i >= at and _match(row, lines[i]) is not None and _goes_on(table, r, lines, i):
                first = (r, i)
                break
        if first is not None:
            break
    if first is None:
        return place, at
    r, i = first
    start = i
    misses = 0
    while r < len(table) and i < len(lines):
        columns = _match(table[r], lines[i])
        if columns is not None:
            for c, offset in columns:
                place.cells[r, c] = offset
            place.lines[r] = (lines[i].start, lines[i].start + len(lines[i].text))
            r, i, misses = r + 1, i + 1, 0
        elif r + 1 < len(table) and _match(table[r + 1], lines[i]) is not None:
            r += 1
        else:
            i, misses = i + 1, misses + 1
            if misses > 3:
                r, i, misses = r + 1, i - misses, 0
    above = [line.text.strip() for line in lines[max(0, start - 2 * _BEFORE) : start] if line.text.strip()]
    for text in reversed(above):
        if "\t" in text or len(text) > _MAX_CAPTION or len(place.captions) >= _BEFORE or text[-1] in "。；，":
            break
        place.captions.insert(0, text)
    for line in lines[i : i + _AFTER]:
        if not _NOTE.match(line.text.strip()):
            break
        place.notes.append(line.text.strip())
    return place, i


def _goes_on(table: Table, r: int, lines: list[_Line], i: int) -> bool:
    """Whether the next row follows too: one row alone may stand in the text by chance."""
    if "\t" in lines[i].text or r + 1 >= len(table):
        return True
    return any(_match(row, line) is not None for row in table[r + 1 : r + 3] for line in lines[i + 1 : i + 3])


def _match(row: list[str], line: _Line) -> list[tuple[int, int]] | None:
    """Columns and offsets of the line's cells in a grid's row; None when the line is not this row.

    A cell that spans columns stands once in the line; one that spans rows may be missing in the lower ones.
    """
    found: list[tuple[int, int]] = []
    c = 0
    offset = line.start
    for text in line.text.split("\t"):
        key = _key(text)
        if key:
            while c < len(row) and _key(row[c]) != key:
                c += 1
            if c >= len(row):
                return None
            found.append((c, offset + len(text) - len(text.lstrip())))
            c += 1
        offset += len(text) + 1
    filled = sum(1 for i, cell in enumerate(row) if cell and (i == 0 or row[i - 1] != cell))
    return found if found and 2 * len(found) >= filled else None
