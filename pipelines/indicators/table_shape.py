"""The parts of a statistical table: captions, header rows, names of rows, columns of values, notes.

A table without figures in columns (contact lists, timetables, forms, lists of persons) has no such shape.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pipelines.indicators.table_cells import (
    SKIP,
    Facet,
    Number,
    is_missing,
    is_unit,
    read_header,
    read_number,
    squeeze,
    unit_line,
)
from pipelines.indicators.times import Anchor
from pipelines.items import Table

_PERSONS = re.compile(
    r"姓名|考生.{0,3}|(?:申请|联系|负责|持证|当事|获奖)人(?:员|姓名|名单|代表)?|联系(?:方式|电话).{0,4}|(?:居民)?身份证.{0,4}|法定代表人"
)
_NOTE = re.compile(r"(?:备?注|说明|资料来源|数据来源|填报|填表|制表|审核|单位负责人|联系)[\s\d]*[:：.、]|[*※]")
_UNIT_HEADER = re.compile(r"(?:计量)?单位|units?", re.I)
_YEARS = range(1900, 2101)
_STUB_NUMBERS = frozenset(["甲", "乙", "丙", "丁", "栏次", "行次", "列次", "序号", "A", "B"])
_MAX_HEAD = 8
_MAX_COLUMNS = 120


@dataclass(slots=True)
class Column:
    """A column of values: its number, its header's levels from the top, and what they say."""

    index: int
    levels: list[str]
    facet: Facet


@dataclass(slots=True)
class Shape:
    """Where the parts of a table are; rows and columns by number."""

    captions: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    stubs: list[int] = field(default_factory=list)
    unit_column: int | None = None
    columns: list[Column] = field(default_factory=list)


def distinct(row: list[str]) -> list[str]:
    """A row's different texts, in order."""
    return list(dict.fromkeys(cell for cell in row if cell))


def find_shape(table: Table, anchor: Anchor) -> Shape | None:
    """The parts of a table; None when it is not statistical."""
    if len(table) < 1 or not table[0] or len(table[0]) < 2:
        return None
    shape = Shape()
    top = _take_captions(table, shape)
    first = _first_data_row(table, top)
    if first is None or first - top > _MAX_HEAD:
        return None
    head = [row for row in table[top:first] if not _counts_up(row)]
    if any(_PERSONS.fullmatch(squeeze(cell)) for row in head for cell in row):
        return None
    _take_rows(table, first, head, shape)
    _take_columns(table, head, shape, anchor)
    numbers = sum(1 for r in shape.rows for c in shape.columns if read_number(table[r][c.index]) is not None)
    if numbers < 2 or 10 * numbers < 4 * len(shape.rows) * len(shape.columns):
        return None
    if not shape.stubs and not any(c.facet.name for c in shape.columns):
        return None
    return shape


def split(table: Table) -> list[tuple[int, Table]]:
    """Tables that stand below each other in one grid, each with a header of its own; with their first rows' numbers."""
    head = next((row for row in table if len(distinct(row)) > 1), None)
    if head is None or not head[0]:
        return [(0, table)]
    cuts = [0]
    seen_data = False
    for r, row in enumerate(table):
        figures = any(read_number(cell) for cell in row)
        seen_data = seen_data or figures
        if seen_data and not figures and row[0] == head[0] and len(distinct(row)) > 1 and row != head:
            # the heading above the header belongs to the part below
            cuts.append(r - 1 if len(distinct(table[r - 1])) == 1 and r - 1 > cuts[-1] else r)
            seen_data = False
    return [(start, table[start:end]) for start, end in zip(cuts, [*cuts[1:], len(table)], strict=True)]


def _take_captions(table: Table, shape: Shape) -> int:
    """Moves title and unit rows above the header to the captions; the number of the first row below them."""
    for r, row in enumerate(table):
        texts = distinct(row)
        several = len(texts) > 1 and not (len(texts) <= 3 and any(unit_line(text) for text in texts))
        if several or any(read_number(text) for text in texts):
            return r
        shape.captions += texts
    return len(table)


def _first_data_row(table: Table, top: int) -> int | None:
    for r in range(top, len(table)):
        row = table[r]
        values = [n.value for cell in row if (n := read_number(cell)) is not None]
        if not values or all(value in _YEARS for value in values) or (_counts_up(row) and r + 1 < len(table)):
            continue
        return r
    # years alone: a table of years by itself has no figures
    return None


def _counts_up(row: list[str]) -> bool:
    """The row that numbers the columns: 甲 乙 1 2 3."""
    numbers = [int(m[1]) for cell in row if (m := re.fullmatch(r"[(（]?(\d{1,3})[)）]?(?:=.*)?", squeeze(cell)))]
    others = [cell for cell in row if cell and not re.match(r"[(（]?\d", squeeze(cell))]
    counted = len(numbers) >= 2 and numbers == list(range(1, len(numbers) + 1))
    return counted and (len(numbers) > 2 or bool(others)) and all(squeeze(o) in _STUB_NUMBERS for o in others)


def _take_rows(table: Table, first: int, head: Table, shape: Shape) -> None:
    for r in range(first, len(table)):
        row = table[r]
        texts = distinct(row)
        if not texts or row in head or _counts_up(row):
            continue
        if _NOTE.match(texts[0]) and not any(read_number(cell) for cell in row[1:]):
            shape.notes += texts
        else:
            shape.rows.append(r)


def _take_columns(table: Table, head: Table, shape: Shape, anchor: Anchor) -> None:
    width = min(len(table[0]), _MAX_COLUMNS)
    values: list[Column] = []
    texts: list[int] = []
    for c in range(width):
        levels = list(dict.fromkeys(cell for row in head if (cell := row[c])))
        cells = [table[r][c] for r in shape.rows if len(distinct(table[r])) > 1]
        kind = _column_kind(cells, levels, c)
        if kind == "unit":
            shape.unit_column = c
        elif kind == "text":
            texts.append(c)
        elif kind == "value":
            facet = read_header(levels, anchor)
            if facet.role == "skip":
                continue
            values.append(Column(c, levels, facet))
    shape.columns = values
    if values:
        left = [c for c in texts if c < values[0].index] or texts[:1]
        named = [c for c in left if not any(SKIP.search(squeeze(row[c])) for row in head)]
        shape.stubs = named or left


def _column_kind(cells: list[str], levels: list[str], c: int) -> str:
    given = [cell for cell in cells if cell and not is_missing(cell)]
    if not given:
        return "empty"
    header = squeeze("".join(levels))
    numbers = [n for cell in given if (n := read_number(cell)) is not None]
    if _UNIT_HEADER.fullmatch(header) and (header[0] in "Uu" or sum(map(is_unit, given)) * 2 > len(given)):
        return "unit"
    if 2 * len(numbers) < len(given):
        return "text"
    whole = [n.value for n in numbers]
    if _are_years(numbers) and ("年" in header or (c == 0 and len(numbers) > 1)):
        return "text"
    if c == 0 and len(whole) > 1 and whole == list(range(1, len(whole) + 1)) and not re.search(r"[数量额率]", header):
        return "serial"
    return "value"


def _are_years(numbers: list[Number]) -> bool:
    return all(n.decimals == 0 and n.value in _YEARS and "," not in n.text for n in numbers)
