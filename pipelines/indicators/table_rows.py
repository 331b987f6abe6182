"""The rows of a statistical table: each with its name, the group it stands under, its whole and its unit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from pipelines.indicators.fold import fold
from pipelines.indicators.table_cells import INDEX, Facet, Number, is_missing, read_number, read_stub, squeeze
from pipelines.indicators.table_shape import Shape, distinct
from pipelines.indicators.times import Anchor, bounds
from pipelines.items import Indicator, Period, Table

_UNINHERITED = re.compile(r"(?:指数|系数|率|比重|比例|占比|得分|评分)$")
_PART = re.compile(
    r"(?:国有|国有控股|集体|股份制|股份合作|私营|民营|外商|外商及港澳台商?|港澳台商?|外资|限额以上|限额以下)(?:投资)?(?:企业|单位|经济)?"
    r"|[轻重]工业"
)
"""Kinds of owners and firms: such a row is a part of the measure above, which alone says what is counted."""
MEASURE_NAME = re.compile(
    r".(?:[量额值数率]|收入|支出|人口|面积|里程|投资|价格|余额|存款|贷款|比重|占比|比例|指数|能力|水平|费用?|工资|利润|税收|用电|次)$"
)
"""Names that say what is measured by themselves: 发电量, 常住人口."""
_MAX_PARTS = 20


@dataclass(slots=True)
class Row:
    """A data row being read: its name, its group, its whole (of which it is a part), unit, its figures by column."""

    number: int
    facet: Facet
    group: str
    parent: str | None
    unit: str | None
    of: str | None = None
    """The whole that the numbered rows below it make up: 人均可支配收入 of 工资性收入."""
    found: dict[int, Indicator] = field(default_factory=dict)
    numbers: dict[int, Number] = field(default_factory=dict)


def read_rows(table: Table, shape: Shape, anchor: Anchor) -> list[Row]:
    """Rows with their names; rows without figures are headings of those below."""
    rows: list[Row] = []
    section = ""
    by_depth: dict[int, str] = {}
    last_unit: str | None = None
    parts, numbered = _parts_of_wholes(table, shape, anchor)
    wholes: dict[int, str | None] = {}
    last: str | None = None
    for r in shape.rows:
        cells = table[r]
        names = [text for c in shape.stubs if (text := cells[c]) and read_number(text) is None] or [
            text for c in shape.stubs if (text := cells[c])
        ]
        names = list(dict.fromkeys(names))
        figures = any(read_number(cells[c.index]) is not None for c in shape.columns)
        if not figures or len(distinct(cells)) == 1:
            heading = read_stub(names[-1] if names else (distinct(cells) or [""])[0], anchor)
            section = heading.name if len(heading.name) <= 40 else ""
            by_depth[heading.depth] = heading.name
            last = heading.name or last
            continue
        facet = read_stub(names[-1], anchor) if names else Facet()
        upper = read_stub(names[-2], anchor) if len(names) > 1 else Facet()
        group = upper.name
        facet = _dated(facet, upper.period)
        traits = [squeeze(cells[c]) for c in shape.attributes if cells[c] and not is_missing(cells[c])]
        if r in parts:
            facet = replace(facet, among=True)
        if facet.among:
            parent = wholes.get(parts[r]) if r in parts else last
        else:
            parent = group or _parent(by_depth, facet.depth) or wholes.get(numbered.get(r, -1))
            last = None if facet.total else facet.name or last
        wholes[r] = parent if facet.among else last
        if facet.depth:
            by_depth = {d: n for d, n in by_depth.items() if d < facet.depth} | {facet.depth: facet.name}
        unit = (cells[shape.unit_column] if shape.unit_column is not None else None) or facet.unit
        if unit and INDEX.search(fold(unit)):
            traits, unit = [*traits, squeeze(unit)], ""
        if traits:
            facet = replace(facet, qualifiers=(*facet.qualifiers, *traits))
        if unit is None and (facet.among or not _UNINHERITED.search(facet.name)):
            # parts of a row are printed below it without its unit: 总人口（万人）, 其中：男性, 女性
            unit = last_unit
        whole = wholes.get(numbered[r]) if r in numbered else None
        rows.append(Row(r, facet, group or (section if not facet.depth else ""), parent, unit, whole))
        last_unit = unit or last_unit
    _date_totals(rows)
    return rows


def _dated(facet: Facet, upper: Period | None) -> Facet:
    """A row with the time of its group: 2021年 beside 1月, 2月."""
    if upper is None or not upper.value:
        return facet
    own = facet.period
    if own is None or not own.value:
        return replace(facet, period=upper)
    if not re.fullmatch(r"\d{4}", upper.value) or re.search(r"\d{4}", own.text or ""):
        return facet
    value = re.sub(r"(?<!\d)\d{4}(?=-)", upper.value, own.value)
    return replace(facet, period=Period(value, *bounds(value), type=own.type, text=f"{upper.text}{own.text}"))


def _parent(by_depth: dict[int, str], depth: int) -> str | None:
    above = [d for d in by_depth if 0 < d < depth]
    return by_depth[max(above)] if above else None


def _parts_of_wholes(table: Table, shape: Shape, anchor: Anchor) -> tuple[dict[int, int], dict[int, int]]:
    """Rows that belong to the 其中 above them, by that row, and numbered rows by the whole that they make up.

    Nothing but an indentation, which is often lost, tells them from rows that follow: 人口 100, 其中：城镇 60, 乡村 40.
    In the first column of figures they make up the whole, or their names are of parts only (民营, 限额以上单位).
    """
    found: dict[int, int] = {}
    numbered: dict[int, int] = {}
    whole: tuple[float, float] | None = None
    above: float | None = None
    column = next((c.index for c in shape.columns if c.facet.role == "level"), None)
    if column is None or not shape.stubs:
        return found, numbered
    data = [(r, read_stub(table[r][shape.stubs[-1]], anchor), read_number(table[r][column])) for r in shape.rows]
    for i, (r, facet, number) in enumerate(data):
        if not facet.among:
            if _PART.fullmatch(facet.name) and not facet.depth:
                if r not in found and number is not None and above is not None and 0 < number.value <= above:
                    found[r] = data[i - 1][0]
            else:
                above = number.value if number is not None and MEASURE_NAME.search(facet.name) else None
            if r not in found and number is not None:
                whole = (number.value, 10.0**-number.decimals)
            if number is not None and not facet.depth and not facet.total:
                numbered |= dict.fromkeys(_numbered_below((number.value, 10.0**-number.decimals), data, i), r)
            continue
        if whole is None or number is None:
            continue
        if count := _make_up(whole, number.value, data[i + 1 : i + _MAX_PARTS]):
            found.update((data[j][0], r) for j in range(i + 1, i + 1 + count))
    return found, numbered


def _numbered_below(whole: tuple[float, float], data: Sequence[tuple[int, Facet, Number | None]], i: int) -> list[int]:
    """The numbered rows right below a row, where those of the first depth sum to it."""
    below = []
    for r, facet, number in data[i + 1 : i + 1 + _MAX_PARTS]:
        if not facet.depth or facet.total or number is None:
            break
        below.append((r, facet.depth, number.value))
    parts = [value for _, depth, value in below if depth == min(d for _, d, _ in below)]
    slack = (len(parts) + 1) / 2 * whole[1] * (1 + 1e-9)
    return [r for r, _, _ in below] if len(parts) > 1 and abs(sum(parts) - whole[0]) <= slack else []


def _make_up(whole: tuple[float, float], first: float, rest: Sequence[tuple[int, Facet, Number | None]]) -> int:
    """How many of the rows below complete the first part to the whole; 0 when none do."""
    total = first
    for count, (_, facet, number) in enumerate(rest, 1):
        if facet.among or facet.depth or facet.total or number is None:
            return 0
        total += number.value
        if abs(total - whole[0]) <= (count + 2) / 2 * whole[1] * (1 + 1e-9):
            return count
        if total > whole[0]:
            return 0
    return 0


def _date_totals(rows: list[Row]) -> None:
    """The total below rows of months is of all of them."""
    months = [row.facet.period for row in rows if row.facet.period is not None and row.facet.period.value]
    if len(months) < 2 or not all(re.fullmatch(r"\d{4}-\d{2}", m.value or "") for m in months):
        return
    first, last = min(m.value or "" for m in months), max(m.value or "" for m in months)
    if first[:4] != last[:4] or first[5:] + last[5:] == "0112":
        return
    value = f"{first}/{last}"
    for row in rows:
        if row.facet.total and row.facet.period is None:
            text = f"{months[0].text}-{months[-1].text}"
            row.facet = replace(row.facet, period=Period(value, *bounds(value), type="duration", text=text))
