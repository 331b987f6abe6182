"""The parts of a statistical table: captions, header rows, names of rows, columns of values, notes.

Tables that stand beside each other in one grid (收入 项目 金额 | 支出 项目 金额) are parts of their own.

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
_UNIT_HEADER = re.compile(r"(?:计量|计算|度量|数量)?单位|units?", re.I)
_LINE = re.compile(
    r"(?:计量|金额|数量|编制|填报|制表)?(?:单位|部门|机关)[:：]|(?:编制|填报|制表)人?[:：]|公开\w{0,4}表|表\s?号[:：]"
)
"""Beginnings of the line between a table's title and its header: unit, table number, who drew it up."""
_ASIDE = re.compile(r"^(?:备注|责任|牵头|主管|承办|(?:行政)?区划代码)")
_ATTRIBUTE = re.compile(r"^(?:规格|等级|型号|品牌|产地|品级)")
"""Columns that describe what a row is about and do not name it."""
_COUNTS = re.compile(r"(?:数量|金额|件数|人数|次数)$")
_YEARS = range(1900, 2101)
_STUB_NUMBERS = frozenset(["甲", "乙", "丙", "丁", "栏次", "行次", "列次", "序号", "A", "B"])
_MAX_HEAD = 8
_MAX_TURNED = 8
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
    attributes: list[int] = field(default_factory=list)
    unit_column: int | None = None
    columns: list[Column] = field(default_factory=list)


def distinct(row: list[str]) -> list[str]:
    """A row's different texts, in order."""
    return list(dict.fromkeys(cell for cell in row if cell))


def find_shapes(table: Table, anchor: Anchor) -> list[Shape]:
    """The parts of a table, one for each of those beside each other; none when it is not statistical."""
    if len(table) < 1 or not table[0] or len(table[0]) < 2:
        return []
    shape = Shape()
    top = _take_captions(table, shape)
    first = _first_data_row(table, top)
    if first is None or first - top > _MAX_HEAD:
        return []
    head = [row for row in table[top:first] if not _counts_up(row)]
    if any(_PERSONS.fullmatch(squeeze(cell)) for row in head for cell in row):
        return []
    _take_rows(table, first, head, shape)
    shapes = _take_columns(table, head, shape, anchor)
    columns = [c for part in shapes for c in part.columns]
    numbers = sum(1 for r in shape.rows for c in columns if read_number(table[r][c.index]) is not None)
    filled = sum(1 for r in shape.rows if len(distinct(table[r])) > 1)
    alone = numbers == 1 and any(c.facet.unit or _COUNTS.search(c.facet.name) for c in columns)
    if (numbers < 2 and not alone) or 10 * numbers < 4 * filled * len(columns):
        return []
    return [part for part in shapes if part.stubs or any(c.facet.name for c in part.columns)]


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


def changes_in_rows(shape: Shape, table: Table, anchor: Anchor) -> bool:
    """Whether rows, not columns, are this year, last year and the change: the table is to be read turned."""
    if len(shape.stubs) != 1 or len(shape.rows) > _MAX_TURNED or len(shape.rows) + 1 < len(table):
        return False
    roles = {read_header([table[r][shape.stubs[0]]], anchor).role for r in shape.rows}
    turned = {"comparison", "amount", "base"}
    return bool(roles & turned) and "level" in roles and not any(c.facet.role in turned for c in shape.columns)


def _take_captions(table: Table, shape: Shape) -> int:
    """Moves title and unit rows above the header to the captions; the number of the first row below them."""
    for r, row in enumerate(table):
        texts = distinct(row)
        several = len(texts) > 1 and not (len(texts) <= 4 and any(_LINE.match(squeeze(text)) for text in texts))
        if several or any(read_number(text) for text in texts):
            return r
        shape.captions += texts
    return len(table)


def _first_data_row(table: Table, top: int) -> int | None:
    """The first row below the header: with figures or signs for none, or the heading of a group of such rows."""
    for r in range(top, len(table)):
        row = table[r]
        values = [n.value for cell in row if (n := read_number(cell)) is not None]
        dashes = r > top and not values and sum(1 for cell in row if cell and is_missing(cell)) > 1
        if not dashes and (
            not values or all(value in _YEARS for value in values) or (_counts_up(row) and r + 1 < len(table))
        ):
            continue
        while r - 1 > top and _is_heading(table, r - 1):
            r -= 1
        return r
    # years alone: a table of years by itself has no figures
    return None


def _is_heading(table: Table, r: int) -> bool:
    """A row with one text, from its first column on, that goes on with no cell of the header above."""
    row, above = table[r], table[r - 1]
    return (
        len(distinct(row)) == 1
        and bool(row[0])
        and row[0] != above[0]
        and (len(set(row)) == 1 or not any(row[1:]))
        and not unit_line(row[0])
    )


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


def _take_columns(table: Table, head: Table, shape: Shape, anchor: Anchor) -> list[Shape]:
    width = min(len(table[0]), _MAX_COLUMNS)
    rows = [table[r] for r in shape.rows if len(distinct(table[r])) > 1]
    parts: list[Shape] = []
    texts: list[tuple[int, list[str]]] = []
    part = shape
    for c in range(width):
        levels = list(dict.fromkeys(cell for row in head if (cell := row[c])))
        cells = [row[c] for row in rows]
        kind = _column_kind(cells, levels, c)
        if kind == "unit":
            part.unit_column = c
        elif kind == "text":
            if part.columns and _begins_again(levels, texts, head, c, part):
                following = Shape(shape.captions, shape.notes, shape.rows)
                if part.columns[-1].facet.role == "rank" and part.columns[-1].levels == part.columns[0].levels:
                    following.columns.append(part.columns.pop())  # 排名, 城市, 指数, 排名, 城市, 指数
                parts.append(_with_stubs(part, texts, head, table))
                part, texts = following, []
            texts.append((c, levels))
        elif kind == "value":
            facet = read_header(levels, anchor)
            if part.columns and part.columns[-1].levels == levels and cells == [row[c - 1] for row in rows]:
                continue  # one cell that spans several columns
            if facet.role != "skip":
                part.columns.append(Column(c, levels, facet))
    parts.append(_with_stubs(part, texts, head, table))
    return [p for p in parts if p.columns]


def _begins_again(levels: list[str], texts: list[tuple[int, list[str]]], head: Table, c: int, part: Shape) -> bool:
    """Whether a column of texts begins another table beside: the header is that of the first one again."""
    first = next((own for _, own in texts if own), [])
    if levels and first and squeeze(levels[-1]) == squeeze(first[-1]):
        return True
    if not head or SKIP.search(squeeze("".join(levels))):
        return False
    lowest = head[-1]
    return c + 1 < len(lowest) and lowest[c + 1] != "" and lowest[c + 1] == lowest[part.columns[0].index]


def _with_stubs(part: Shape, texts: list[tuple[int, list[str]]], head: Table, table: Table) -> Shape:
    if part.columns:
        first = next((c.index for c in part.columns if c.facet.role != "rank"), part.columns[0].index)
        left = [c for c, _ in texts if c < first] or [c for c, _ in texts[:1]]
        named = [c for c in left if not any(SKIP.search(squeeze(row[c])) for row in head)] or left
        heads = {c: squeeze(levels[-1]) for c, levels in texts if levels}
        named = [c for c in named if not _ASIDE.search(heads.get(c, ""))] or named
        described = [c for c in named if _ATTRIBUTE.search(heads.get(c, ""))]
        part.stubs = _keys(part, [c for c in named if c not in described] or named, table)
        part.attributes = [c for c in named if c not in part.stubs]
    return part


def _keys(part: Shape, stubs: list[int], table: Table) -> list[int]:
    """The columns that name a row: up to the first whose texts all differ; those right of it describe (断面, 河流)."""
    if len(stubs) < 2:
        return stubs
    cells = {c: [table[r][c] for r in part.rows if table[r][c]] for c in stubs}
    different = [len(cells[c]) > 1 and len(set(cells[c])) == len(cells[c]) for c in stubs]
    if different[-1] or True not in different:
        return stubs
    return stubs[: different.index(True) + 1]


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
    if (
        c == 0
        and len(whole) > 1
        and whole == list(range(1, len(whole) + 1))
        and not re.search(r"[数量额率]|排名|名次|位次", header)
    ):
        return "serial"
    return "value"


def _are_years(numbers: list[Number]) -> bool:
    return all(n.decimals == 0 and n.value in _YEARS and "," not in n.text for n in numbers)
