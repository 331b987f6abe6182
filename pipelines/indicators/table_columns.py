"""Which column of a table another one is about: changes, earlier values, shares and ranks are about levels."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from pipelines.indicators.table_cells import Facet, is_bare_share, is_base, squeeze, title_change
from pipelines.indicators.table_shape import Column, Shape
from pipelines.indicators.times import Anchor, bounds
from pipelines.items import Period

RATE = re.compile(r"率|比重|占比|比例|增速|增幅|\brate\b|\bper \d", re.I)
"""Names of rates."""


_OPEN = re.compile(r"(?:年初|上[月季]末?|上年末)(?:±|增减)$")
_YEAR = re.compile(r"\d{4}")
_TOTAL = re.compile(r"(?:[近前]?[二两三四五六七八九十\d]{1,2}年)?(?:合计|总计|共计)")
_POINTS = frozenset(("百分点", "个百分点"))


def read_title_changes(shape: Shape, titles: list[str], anchor: Anchor) -> str | None:
    """What a title such as 工业增加值增速（%） measures: the columns below are changes, whatever their headers say."""
    found = (title_change(text, anchor) for text in reversed(titles))
    about = next((facet for facet in found if facet is not None), None)
    if about is None or any(c.facet.role != "level" or c.facet.unit or c.facet.name for c in shape.columns):
        return None
    for column in shape.columns:
        column.facet = replace(column.facet, role="comparison", base=about.base)
    return about.name


def find_owners(shape: Shape) -> dict[int, Column | None]:
    """The column of levels that each other column is about, by its number; shares take over what they leave out."""
    for column in shape.columns:
        if column.facet.role == "comparison" and column.facet.unit is None and _percent_beside(column, shape):
            left = [c.facet.unit for c in shape.columns if c.facet.role == "level" and c.index < column.index]
            column.facet = replace(column.facet, role="amount", unit=left[-1] if left else None)
    _date_totals(shape)
    for before, column in pairwise(shape.columns):
        if column.facet.among and column.facet.period is None and before.levels[:1] == column.levels[:1]:
            column.facet = replace(column.facet, period=before.facet.period)  # 2010年, 2020年, 其中：女
    owners = {c.index: _owner(c, shape) for c in shape.columns if c.facet.role != "level"}
    for column in shape.columns:
        if column.facet.role == "share":
            column.facet = _share_facet(column, owners[column.index], shape)
    return owners


def _date_totals(shape: Shape) -> None:
    """The total beside columns of years is of all of them."""
    years = [c.facet.period.value or "" for c in shape.columns if c.facet.period is not None]
    years = sorted(y for y in years if _YEAR.fullmatch(y))
    for column in shape.columns:
        if len(years) > 1 and column.facet.role == "level" and _TOTAL.fullmatch(squeeze("".join(column.levels))):
            value = f"{years[0]}/{years[-1]}"
            period = Period(value, *bounds(value), type="duration")
            column.facet = replace(column.facet, name="", total=True, period=period)


def _percent_beside(column: Column, shape: Shape) -> bool:
    """比年初增减, 比年初增长（%）: the first is the amount; so is 较年初± where another column has its %."""
    facet = column.facet
    if column.levels and _OPEN.search(column.levels[-1]):
        return any(c.facet.role == "comparison" and c.facet.unit == "%" for c in shape.columns)
    return any(
        c.index == column.index + 1
        and (c.facet.role, c.facet.unit, c.facet.base, c.facet.name) == ("comparison", "%", facet.base, facet.name)
        for c in shape.columns
    )


def _owner(column: Column, shape: Shape) -> Column | None:
    facet = column.facet
    name = "" if is_bare_share(facet.name) else facet.name
    levels = [c for c in shape.columns if c.facet.role == "level"]
    shared = any(c.levels[:1] == column.levels[:1] for c in levels)
    if len(column.levels) > 1 and not shared:
        # the group's figures are rates themselves: 优良天数比例（%）: 本月, 同比（百分点）
        rates = [c for c in shape.columns if c.facet.role == "share" and c.levels[:1] == column.levels[:1]]
        levels = rates or levels

    beside = next((c for c in shape.columns if c.index == column.index - 1), None)
    if not name and facet.unit in _POINTS and beside is not None and beside.facet.role == "share":
        return beside  # 优良天数比例（%）, 同比（百分点）: points are of the rate beside them

    of_base = len(column.levels) > 1 and is_base(column.levels[0])

    def fits(level: Column) -> bool:
        own = level.facet
        heads = shared and level.levels[0] == column.levels[0] and own.name.startswith(name)  # 死亡: 人数, 同比
        if name and (not own.name or not (own.name.endswith(name) or heads)):
            return False
        if facet.period and own.period and facet.period.value != own.period.value:
            return False
        grouped = len(column.levels) > 1 and len(level.levels) > 1 and not of_base
        if grouped and facet.period and own.period and not shared:
            return True  # one group of columns has the levels, the other the changes, both the same periods
        return not grouped or column.levels[0] == level.levels[0] or bool(name)

    left = [c for c in levels if c.index < column.index and fits(c)]
    right = [c for c in levels if c.index > column.index and fits(c)]
    if facet.role == "base":
        return _nearest(column, left[-2:] + right[:2])
    if facet.role == "rank" and column is shape.columns[0]:  # 排名, 城市, 综合指数: what follows is what is ranked
        following = next((c for c in shape.columns[1:] if c.facet.role in {"level", "share"}), None)
        return (right[0] if right else None) if name else following
    ranked = facet.role == "rank" and beside is not None and beside.facet.role == "comparison"
    if not left and ranked and beside is not None and (not name or beside.levels[:1] == column.levels[:1]):
        return beside  # 生产总值: 增速, 位次: without levels, growth itself is ranked
    if not left:
        return right[0] if right and name else None
    # levels since the last column of such changes: 本月, 上年同月, 增长, 累计, 上年累计, 增长
    same = [c.index for c in shape.columns if c.index < column.index and c.facet.role == facet.role]
    if not of_base:  # 11月: 数量, 10月: 数量, 环比: 增减数, 增减率
        left = [c for c in left if not same or c.index > same[-1]] or left
    if not name and facet.unit in {None, "%"}:
        left = [c for c in left if not RATE.search(c.facet.name)] or left  # 发病数, 发病率, 同比: of the numbers
    if left[-1].facet.cumulative:
        return left[-1]
    named = [c for c in left if c.facet.name == left[-1].facet.name and c.facet.period]
    return max(named, key=lambda c: ((c.facet.period and c.facet.period.end) or "", c.index), default=left[-1])


def _nearest(column: Column, levels: list[Column]) -> Column | None:
    """The level beside a column of earlier values; of running totals where that says 累计."""
    running = "累计" in "".join(column.levels)

    def farness(level: Column) -> tuple[bool, int, bool]:
        side = level.index > column.index
        return running and not _is_running(level), abs(level.index - column.index), side

    near = [c for c in levels if abs(c.index - column.index) <= 2]
    return min(near, key=farness, default=None)


def _is_running(column: Column) -> bool:
    period = column.facet.period
    return column.facet.cumulative or (period is not None and "/" in (period.value or ""))


def _share_facet(column: Column, owner: Column | None, shape: Shape) -> Facet:
    """A share's or completion rate's facet with what its own header leaves to the level on its left."""
    facet = column.facet
    left = [c for c in shape.columns if c.facet.role == "level" and c.index < column.index]
    if owner is not None and owner.facet.name and is_bare_share(facet.name):
        facet = replace(facet, name=owner.facet.name + facet.name)
    if facet.period is None and left and left[-1].facet.status == "actual":
        facet = replace(facet, period=left[-1].facet.period, cumulative=left[-1].facet.cumulative)
    return facet
