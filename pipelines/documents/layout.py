"""From glyphs at places to text: lines, paragraphs across line and page breaks, tables, without page furniture.

The readers of PDF and OFD give their pages in this form; coordinates are points, y downwards.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import groupby, pairwise
from statistics import median

from pipelines.documents.columns import Row, find_columns
from pipelines.documents.flow import Cell, Flow, clean, is_wide, join, join_lines
from pipelines.documents.lattice import Box, Lattice, Rulings, find_lattices, find_open_tables, nearest

_PAGE_NUMBER = re.compile(
    r"[-—–－―·•~\s]*(?:第\s*)?\d{1,4}(?:\s*页)?(?:\s*[/／,，]?\s*共?\s*\d{1,4}\s*页?)?[-—–－―·•~\s]*|page\s+\d+(?:\s+of\s+\d+)?",
    re.I,
)
_DASHED_NUMBER = re.compile(r"[-—–－―]{1,3}\s*\d{1,4}\s*[-—–－―]{1,3}")
_NEW_ITEM = re.compile(
    r"[一二三四五六七八九十百]{1,4}、|[（(][一二三四五六七八九十\d]{1,3}[)）]|\d{1,3}[.．、)）]\D|第[一二三四五六七八九十百\d]{1,5}[章节条]|附件|附[:：]|注[:：]|[①-⑳●■◆►▪•]"
)
_LEADER = re.compile(r"[.．…·]{3,}\s*\d{1,4}$")
"""The end of a line in a table of contents."""
_FIGURE = re.compile(r"[-+±]?\d[\d,，]*(?:\.\d+)?[%％‰]?|[-—–…/]+")
_EDGE = 0.11
_NUMBER_EDGE = 0.16


@dataclass(slots=True)
class Glyph:
    """One character and its box."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    spaced: bool = False
    """A blank stands before it."""


@dataclass(slots=True)
class DrawnPage:
    """What stands on one page."""

    width: float
    height: float
    glyphs: list[Glyph] = field(default_factory=list)
    rulings: Rulings = field(default_factory=Rulings)


@dataclass(slots=True)
class Line:
    """One line of text; `size` is its character height."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    size: float
    part: int = 0
    """On a page in two columns what stands above, left, right, below (0 to 3)."""


@dataclass(slots=True)
class _Grid:
    rows: list[list[Cell]]
    columns: int
    top: float


def read_pages(pages: list[DrawnPage], flow: Flow) -> None:
    """Adds the pages' paragraphs and tables to the flow."""
    laid = [_lay_out(page) for page in pages]
    _drop_furniture(laid, pages)
    writer = _Writer(flow)
    for (lines, grids), page in zip(laid, pages, strict=True):
        parts = [list(own) for _, own in groupby(lines, key=lambda line: line.part)]
        if len(parts) < 2:
            writer.page(lines, grids, page)
            continue
        for own in parts:
            writer.page(own, [], page if own[0].part in (0, 3) else DrawnPage(0.0, page.height))
            if own[0].part in (0, 2):
                writer.end()  # what runs across the page does not go on in a column
    writer.end()


def _lay_out(page: DrawnPage) -> tuple[list[Line], list[_Grid]]:
    glyphs = _without_doubles(page.glyphs)
    grids: list[_Grid] = []
    for lattice in find_lattices(page.rulings):
        inside = [g for g in glyphs if lattice.box.holds((g.x0 + g.x1) / 2, (g.top + g.bottom) / 2)]
        grid = _fill(lattice, inside)
        if grid is not None:
            grids.append(grid)
            gone = set(map(id, inside))
            glyphs = [g for g in glyphs if id(g) not in gone]
    glyphs = _take_open(glyphs, find_open_tables(page.rulings), grids)
    glyphs = _take_open(glyphs, _find_unruled(glyphs), grids)
    return (_in_columns(glyphs, page.width) if not grids else None) or lines_of(glyphs), grids


def _in_columns(glyphs: list[Glyph], width: float) -> list[Line] | None:
    """The lines of a page in two columns, each column to its end; None on other pages."""
    rows = [
        Row(line.top, line.bottom, [(piece[0].x0, piece[-1].x1) for piece in pieces])
        for line, pieces in _rows_of_pieces(glyphs)
    ]
    found = find_columns(rows, width)
    if found is None:
        return None
    parts: list[list[Glyph]] = [[], [], [], []]
    for glyph in glyphs:
        middle = (glyph.top + glyph.bottom) / 2
        side = 1 if (glyph.x0 + glyph.x1) / 2 < found.gap else 2
        parts[0 if middle < found.top else 3 if middle > found.bottom else side].append(glyph)
    return [replace(line, part=i) for i, own in enumerate(parts) for line in lines_of(own)]


def _take_open(glyphs: list[Glyph], boxes: list[Box], grids: list[_Grid]) -> list[Glyph]:
    """Adds the tables that fill the boxes; the glyphs that are left."""
    for box in boxes:
        inside = [g for g in glyphs if box.holds((g.x0 + g.x1) / 2, (g.top + g.bottom) / 2)]
        grid = _fill_open(inside, box)
        if grid is not None:
            grids.append(grid)
            gone = set(map(id, inside))
            glyphs = [g for g in glyphs if id(g) not in gone]
    return glyphs


def _fill_open(glyphs: list[Glyph], box: Box) -> _Grid | None:
    """A table without vertical lines: its columns are parted by white space that runs through most rows."""
    rows = [pieces for _, pieces in _rows_of_pieces(glyphs)]
    if len(rows) < 3:
        return None
    cuts = _column_cuts(rows, box)
    if not cuts or sum(len(pieces) > 1 for pieces in rows) < 0.6 * len(rows):
        return None
    written: list[list[Cell]] = []
    for pieces in rows:
        cells = [""] * (len(cuts) + 1)
        for piece in pieces:
            column = bisect_right(cuts, (piece[0].x0 + piece[-1].x1) / 2)
            cells[column] = join(cells[column], _line(piece).text)
        written.append([Cell(text) for text in cells])
    return _Grid(written, len(cuts) + 1, box.top)


def _rows_of_pieces(glyphs: list[Glyph]) -> list[tuple[Line, list[list[Glyph]]]]:
    """Lines, each with the pieces that white space parts it into."""
    lines = lines_of(glyphs)
    size = median(line.size for line in lines) if lines else 0.0
    rows: list[tuple[Line, list[list[Glyph]]]] = []
    at = 0
    ordered = sorted((g for g in glyphs if g.text.strip()), key=lambda g: (g.top + g.bottom) / 2)
    for line in lines:
        own: list[Glyph] = []
        while at < len(ordered) and (ordered[at].top + ordered[at].bottom) / 2 <= line.bottom:
            own.append(ordered[at])
            at += 1
        pieces: list[list[Glyph]] = []
        for glyph in sorted(own, key=lambda g: g.x0):
            if pieces and glyph.x0 - pieces[-1][-1].x1 < 0.9 * size:
                pieces[-1].append(glyph)
            else:
                pieces.append([glyph])
        rows.append((line, pieces))
    return rows


def _find_unruled(glyphs: list[Glyph]) -> list[Box]:
    """Frames of tables without any lines: rows of three pieces and more below each other, most of them numbers."""
    boxes: list[Box] = []
    run: list[tuple[Line, list[list[Glyph]]]] = []
    for line, pieces in [*_rows_of_pieces(glyphs), (None, [])]:
        near = line is not None and (not run or line.top - run[-1][0].bottom < 2 * line.size)
        if line is not None and near and len(pieces) > 2:
            run.append((line, pieces))
            continue
        numeric = sum(2 * sum(map(_is_number, own[1:])) >= len(own) - 1 for _, own in run)
        if len(run) > 2 and 2 * numeric >= len(run) and numeric > 1:
            lines = [own for own, _ in run]
            top, bottom = lines[0].top, lines[-1].bottom
            boxes.append(Box(min(x.x0 for x in lines) - 1, top - 0.5, max(x.x1 for x in lines) + 1, bottom + 0.5))
        run = [(line, pieces)] if line is not None and len(pieces) > 2 else []
    return boxes


def _is_number(piece: list[Glyph]) -> bool:
    return _FIGURE.fullmatch("".join(g.text for g in piece)) is not None


def _column_cuts(rows: list[list[list[Glyph]]], box: Box) -> list[float]:
    """Places between columns: where at most a heading that spans several columns crosses."""
    spans = [(piece[0].x0, piece[-1].x1) for pieces in rows if len(pieces) > 1 for piece in pieces]
    step = 2.0
    crossed = [
        sum(x0 < box.x0 + i * step < x1 for x0, x1 in spans) for i in range(min(2000, int((box.x1 - box.x0) / step)))
    ]
    cuts: list[float] = []
    start: int | None = None
    for i, count in enumerate([*crossed, len(rows)]):
        if count <= 0.1 * len(rows):
            start = i if start is None else start
        elif start is not None:
            if i - start > 2 and start > 0 and i < len(crossed):
                cuts.append(box.x0 + (start + i) / 2 * step)
            start = None
    return cuts if any(x1 > cut for cut in cuts[-1:] for _, x1 in spans) else cuts[:-1]


def _without_doubles(glyphs: list[Glyph]) -> list[Glyph]:
    """Bold made by printing a character twice with a small shift is one character."""
    seen: dict[tuple[str, int, int], list[Glyph]] = {}
    kept = []
    for glyph in glyphs:
        near = (glyph.bottom - glyph.top) * 0.15
        column, row = int(glyph.x0 // 8), int(glyph.top // 8)
        others = (o for i in (-1, 0, 1) for j in (-1, 0, 1) for o in seen.get((glyph.text, column + i, row + j), ()))
        if any(abs(o.x0 - glyph.x0) < near and abs(o.top - glyph.top) < near for o in others):
            continue
        seen.setdefault((glyph.text, column, row), []).append(glyph)
        kept.append(glyph)
    return kept


def lines_of(glyphs: list[Glyph]) -> list[Line]:
    """Glyphs put together to lines, from the top, each from the left."""
    rows: list[list[Glyph]] = []
    edges: list[tuple[float, float]] = []
    for glyph in sorted((g for g in glyphs if g.text.strip()), key=lambda g: ((g.top + g.bottom) / 2, g.x0)):
        middle = (glyph.top + glyph.bottom) / 2
        # a flat character (一) lies within a taller one's height, whichever comes first
        flat = rows and glyph.top <= (edges[-1][0] + edges[-1][1]) / 2 <= glyph.bottom
        if rows and (flat or edges[-1][0] <= middle <= edges[-1][1]):
            rows[-1].append(glyph)
            if glyph.bottom - glyph.top > edges[-1][1] - edges[-1][0]:
                edges[-1] = (glyph.top, glyph.bottom)
        else:
            rows.append([glyph])
            edges.append((glyph.top, glyph.bottom))
    return [_line(row) for row in rows]


def _line(row: list[Glyph]) -> Line:
    row.sort(key=lambda g: g.x0)
    text = ""
    size = median(g.bottom - g.top for g in row)
    previous: Glyph | None = None
    for glyph in row:
        if previous is not None:
            gap = (glyph.x0 - previous.x1) / size if size else 0
            wide = is_wide(previous.text[-1]) or is_wide(glyph.text[0])
            touch = previous.text[-1].isdigit() and glyph.text[0].isdigit() and gap < 0.05  # digits of one number
            if gap > 0.8 or (glyph.spaced and not touch and (not wide or gap > 0.3)):
                text += " "
        text += glyph.text
        previous = glyph
    return Line(
        text.strip(), row[0].x0, min(g.top for g in row), max(g.x1 for g in row), max(g.bottom for g in row), size
    )


def _fill(lattice: Lattice, glyphs: list[Glyph]) -> _Grid | None:
    """The table's cells with their texts; None for a frame that is no table."""
    by_cell: list[list[Glyph]] = [[] for _ in lattice.cells]
    for glyph in glyphs:
        x, y = (glyph.x0 + glyph.x1) / 2, (glyph.top + glyph.bottom) / 2
        for i, cell in enumerate(lattice.cells):
            if cell.box.holds(x, y):
                by_cell[i].append(glyph)
                break
    lines = [lines_of(own) for own in by_cell]
    texts = [join_lines(line.text for line in own) for own in lines]
    if sum(map(bool, texts)) < 2 or _is_frame(lines, texts):
        return None
    rows: list[list[Cell]] = [[] for _ in range(lattice.rows)]
    inner: list[list[list[Line]]] = [[] for _ in range(lattice.rows)]
    for cell, text, own in zip(lattice.cells, texts, lines, strict=True):
        rows[cell.row].append(Cell(text, cell.columns, cell.rows))
        inner[cell.row].append(own)
    unruled = [split for row, own in zip(rows, inner, strict=True) for split in _split_row(row, own)]
    return _Grid(unruled, lattice.columns, lattice.box.top)


def _split_row(row: list[Cell], lines: list[list[Line]]) -> list[list[Cell]]:
    """A row as several where no lines are drawn between the rows of a table, but its cells' lines stand level."""
    tall = [own for own in lines if len(own) > 2]
    if len(tall) < 2 or any(cell.rows > 1 for cell in row):
        return [row]
    levels: list[float] = []
    counts: list[int] = []
    for middle in sorted((line.top + line.bottom) / 2 for own in lines for line in own):
        if levels and middle - levels[-1] < 0.4 * tall[0][0].size:
            counts[-1] += 1
        else:
            levels.append(middle)
            counts.append(1)
    shared = sum(1 for count in counts if count > 1)
    longest = max(len(line.text) for own in lines for line in own)
    if shared < 0.8 * len(levels) or len(levels) > 1.2 * max(map(len, tall)) or longest > 40:
        return [row]
    split: list[list[Cell]] = []
    for level in levels:
        split.append(
            [
                Cell(" ".join(x.text for x in own if nearest(levels, (x.top + x.bottom) / 2) == level), cell.columns)
                for cell, own in zip(row, lines, strict=True)
            ]
        )
    return split


def _is_frame(lines: list[list[Line]], texts: list[str]) -> bool:
    """Whether lines drawn around a page's running text only look like a table."""
    longest = max(range(len(texts)), key=lambda i: len(texts[i]))
    share = len(texts[longest]) / sum(map(len, texts))
    return len(lines[longest]) > 8 and share > 0.6 and (len(texts[longest]) > 600 or sum(map(bool, texts)) < 5)


def _drop_furniture(laid: list[tuple[list[Line], list[_Grid]]], pages: list[DrawnPage]) -> None:
    """Takes page numbers off, and lines that repeat at the edge of several pages (running heads, watermarks)."""
    repeated: Counter[str] = Counter()
    for (lines, _), page in zip(laid, pages, strict=True):
        repeated.update({_pattern(line.text) for line in lines if _at_edge(line, page)})
    for (lines, _), page in zip(laid, pages, strict=True):
        for end in (-1, 0):
            if lines and _DASHED_NUMBER.fullmatch(lines[end].text):
                del lines[end]
        lines[:] = [
            line
            for line in lines
            if not (
                (_at_edge(line, page, _NUMBER_EDGE) and _PAGE_NUMBER.fullmatch(line.text))
                or (_at_edge(line, page) and len(pages) > 2 and repeated[_pattern(line.text)] > max(2, len(pages) // 2))
            )
        ]


def _at_edge(line: Line, page: DrawnPage, edge: float = _EDGE) -> bool:
    return line.bottom < page.height * edge or line.top > page.height * (1 - edge)


def _pattern(text: str) -> str:
    """What repeats of a running head: its page numbers may change, but a sentence full of figures is none."""
    return text if re.search(r"\d.*[，；。].*\d", text) else re.sub(r"\d+", "0", text)


class _Writer:
    """Joins lines to paragraphs, over page breaks too."""

    def __init__(self, flow: Flow) -> None:
        self._flow = flow
        self._paragraph = ""
        self._last: Line | None = None
        self._room = 0.0
        self._grid: _Grid | None = None

    def page(self, lines: list[Line], grids: list[_Grid], page: DrawnPage) -> None:
        if lines:
            size = median(line.size for line in lines)
            body = [line for line in lines if abs(line.size - size) < size * 0.25 and len(line.text) > 4] or lines
            left = min(line.x0 for line in body)
            right = max(line.x1 for line in body)
            if right - left < 0.4 * page.width or sum(line.x1 > right - 0.5 * size for line in body) < 2:
                right = max(right, page.width - left)  # no two long lines prove the edge: margins are alike
            pitch = _pitch(body, size)
        else:
            left = right = pitch = size = 0.0
        fresh = True
        blocks: list[Line | _Grid] = sorted([*lines, *grids], key=lambda b: b.top)
        for block in blocks:
            if isinstance(block, _Grid):
                self._end_paragraph()
                self._add_grid(block)
            else:
                self._end_grid()
                self._add_line(block, (left, right, pitch, size), fresh)
            fresh = False

    def _add_grid(self, grid: _Grid) -> None:
        if self._grid is not None and self._grid.columns == grid.columns:
            self._grid.rows += _without_repeated_head(self._grid.rows, grid.rows)
        else:
            self._end_grid()
            self._grid = grid

    def _end_grid(self) -> None:
        if self._grid is not None:
            self._flow.table(self._grid.rows)
            self._grid = None

    def _add_line(self, line: Line, measures: tuple[float, float, float, float], fresh: bool) -> None:
        left, right, pitch, size = measures
        if self._last is not None and self._continues(self._last, line, left, pitch, size, fresh):
            self._paragraph = join(self._paragraph, line.text)
        else:
            self._end_paragraph()
            self._paragraph = line.text
        self._last = line
        self._room = right - line.x1

    def _continues(self, last: Line, line: Line, left: float, pitch: float, size: float, fresh: bool) -> bool:
        if abs(last.size - line.size) > 0.2 * max(last.size, line.size):
            return False
        if not fresh and line.top - last.top > pitch * 1.6:
            return False
        if last.x0 > left + 1.5 * last.size and line.x0 > left + 1.5 * line.size:
            return not fresh and line.size > 1.12 * size and _is_broken_heading(last, line)
        if line.x0 > left + 1.2 * line.size or self._room > _first_word(line) + 0.6 * line.size:
            return False
        if _LEADER.search(last.text) or (re.search(r"[。！？：；.!?:;]$", last.text) and _NEW_ITEM.match(line.text)):
            return False
        return not (line.x0 > left + 0.8 * line.size and _NEW_ITEM.match(line.text))

    def _end_paragraph(self) -> None:
        if self._paragraph:
            self._flow.paragraph(clean(self._paragraph))
        self._paragraph, self._last = "", None

    def end(self) -> None:
        self._end_paragraph()
        self._end_grid()


def _first_word(line: Line) -> float:
    """The width of what cannot be parted from the line's beginning: had there been room, it would stand above."""
    if is_wide(line.text[0]):
        return line.size
    word = re.match(r"[!-~\u00c0-\u024f]+", line.text)
    return (len(word[0]) if word else 1) * (line.x1 - line.x0) / len(line.text)


def _is_broken_heading(last: Line, line: Line) -> bool:
    """Whether two centred lines in large type are one heading, broken where it was too long."""
    middles = (last.x0 + last.x1) / 2, (line.x0 + line.x1) / 2
    return (
        abs(middles[0] - middles[1]) < 1.5 * line.size
        and len(last.text) > 8
        and not re.search(r"[\d年月日〕号]$|\s", last.text)
        and not re.match(r"[\d（(]|第[一二三四五六七八九十\d]+章", line.text)
    )


def _pitch(lines: list[Line], size: float) -> float:
    steps = [b.top - a.top for a, b in pairwise(lines) if 0 < b.top - a.top < 4 * size]
    return median(steps) if steps else 1.5 * size


def _without_repeated_head(before: list[list[Cell]], rows: list[list[Cell]]) -> list[list[Cell]]:
    """A table that goes on over the page, without the header rows that are printed again."""
    count = 0
    while count < min(3, len(before), len(rows)) and (
        [c.text for c in before[count]] == [c.text for c in rows[count]] and any(c.text for c in rows[count])
    ):
        count += 1
    return rows[count:]
