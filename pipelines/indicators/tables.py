"""Statistical tables as observations: one indicator a figure, named by its row and column, with unit and period.

A column of changes (比上年增长 %) becomes the comparison of the level in its row; a column of earlier values is both an
observation of its own period and the comparison's base. Values are stored without multiplier, as those of sentences
are: 3.5 in a column of 万元 is 35,000 元.
"""

from __future__ import annotations

import re
from dataclasses import replace

from pipelines.indicators import checks
from pipelines.indicators.anchor import HEAD, find_anchor
from pipelines.indicators.fold import fold
from pipelines.indicators.places import front_place
from pipelines.indicators.series import year_before
from pipelines.indicators.table_cells import (
    DONE,
    INDEX,
    PLANNED,
    TOTAL,
    WHOLE_REGION,
    Facet,
    Number,
    base_kind,
    caption_name,
    read_number,
    school_years,
    split_unit,
    squeeze,
    take_period,
    times,
    title_unit,
    unit_line,
)
from pipelines.indicators.table_columns import find_owners, read_title_changes
from pipelines.indicators.table_norms import lays_down
from pipelines.indicators.table_places import Place, find_places
from pipelines.indicators.table_rows import MEASURE_NAME, Row, read_rows
from pipelines.indicators.table_shape import Column, Shape, changes_in_rows, distinct, find_shapes, split
from pipelines.indicators.table_sums import SummedRow, check_balance, check_base, check_totals
from pipelines.indicators.table_units import counted_unit, is_unitless, suiting_unit
from pipelines.indicators.times import Anchor, bounds, find_times
from pipelines.indicators.units import COUNT_DIMENSIONS, dimension_of
from pipelines.items import Comparison, Indicator, Kind, Period, Rank, Report, Status, Table

MAX_OBSERVATIONS = 20_000
"""Figures taken from one table; a data dump is cut."""
_MAX_QUOTE = 300
_SHORT_BEFORE = re.compile(r"(?:上|前一?)[周旬次日]|前一?期|上期.")
_EARLIER = re.compile(r"[上去前]|同期|基期")
_YEARS_PLAN = re.compile(r"(?:全年|年度|年初|本年)(?:预算|计划|目标|任务)")
_QUANTITY = re.compile(r"(?:总|产|数|销)量|金额|总额|总值")
_DISCLOSED = re.compile(r"申请人情况|结果维持|处理决定数量")
"""Heads of the national form of disclosure reports (国办公开办函〔2021〕30号), which counts 件 without saying so."""
_GENERIC = re.compile(r"[男女]性?|城镇|农村|城市|乡村|公办|民办|国有|集体|其他|其它|本科|专科|.")


def read_report_tables(report: Report) -> list[Indicator]:
    """The observations of all tables of a report, in the body's order."""
    found: list[Indicator] = []
    for table, place in zip(report.tables, find_places(report.body, report.tables), strict=True):
        found += read_table_indicators(table, report=report, place=place)
    return found


def read_table_indicators(
    table: Table, *, report: Report, captions: list[str] | None = None, place: Place | None = None
) -> list[Indicator]:
    """The observations of one table; none when it is not statistical.

    Args:
        table: the grid, spans written out.
        report: gives period, region and agency where the table states none.
        captions: lines above the table: its title, its unit line.
        place: where the table stands in the report's body; offsets are 0 without it.
    """
    place = place or Place()
    above = [*(captions or []), *place.captions]
    found: list[Indicator] = []
    for start, part in split(table):
        found += _read_part(part, report, place.below(start), above)
    return found


def _read_part(table: Table, report: Report, place: Place, above: list[str]) -> list[Indicator]:
    anchor = _report_anchor(report)
    shapes = find_shapes(table, anchor)
    if not shapes:
        return []
    if len(shapes) == 1 and not place.is_turned and changes_in_rows(shapes[0], table, anchor):
        turned = [list(column) for column in zip(*table, strict=True)]
        if find_shapes(turned, anchor):
            return _read_part(turned, report, place.turned(), above)
    titles = [*above, *shapes[0].captions]
    if all(lays_down(shape, [*titles, report.title or ""]) for shape in shapes):
        return []
    anchor, stated = _table_anchor(titles, anchor)
    found: list[Indicator] = []
    for shape in find_shapes(table, anchor) or shapes:
        found += _TableReader(table, shape, place, report, anchor, stated, titles).read()
    return found


def _report_anchor(report: Report) -> Anchor:
    head = fold(report.body[: 4 * HEAD])
    title_times = find_times(school_years(fold(report.title))) if report.title else []
    return find_anchor(report, head, find_times(head), title_times)


def _table_anchor(titles: list[str], anchor: Anchor) -> tuple[Anchor, Period | None]:
    """The period that a table's own title gives, else the report's."""
    for title in reversed(titles):
        period, _ = take_period(squeeze(title), anchor)
        if period is not None and period.value and (year := re.search(r"(?:19|20)\d{2}", period.value)):
            months = re.findall(r"\d{4}-(\d{2})", period.value)
            month = int(months[-1]) if months else None
            return replace(anchor, year=int(year[0]), value=period.value, month=month, day=None), period
    return anchor, None


class _TableReader:
    def __init__(
        self,
        table: Table,
        shape: Shape,
        place: Place,
        report: Report,
        anchor: Anchor,
        stated: Period | None,
        titles: list[str],
    ) -> None:
        self._table, self._shape, self._place = table, shape, place
        self._report, self._anchor, self._stated = report, anchor, stated
        self._caption = caption_name(titles, anchor)
        heads = [cell for row in table[: min(shape.rows, default=0)] for cell in row]
        lines = [title_unit(text) for text in reversed(titles)] + [unit_line(text) for text in heads]
        form = ("件",) if any(_DISCLOSED.search(squeeze(cell)) for cell in heads) else ()
        self._units = next((units for units in lines if units), form) or title_unit(report.title or "")
        _, named = take_period(squeeze(report.title or ""), anchor)
        title = re.sub(r"(?:19|20)\d\d年|[近前][二两三四五六七八九十]年|历年|关于|[《“\s]", "", named)
        self._region = front_place(title) or front_place(report.publisher or report.signer or "")
        if (about := read_title_changes(shape, titles, self._anchor)) is not None:
            self._caption = about
        # what the figures are about where names are bare (水泥, 合计): the table's title, else the report's
        self._about = self._caption or caption_name([report.title or ""], anchor)
        self._levels = [c for c in shape.columns if c.facet.role == "level"]
        self._owner = find_owners(shape)

    def read(self) -> list[Indicator]:
        rows = read_rows(self._table, self._shape, self._anchor)
        found: list[Indicator] = []
        for row in rows:
            self._read_row(row)
            found += row.found.values()
            if len(found) >= MAX_OBSERVATIONS:
                break
        self._check(rows)
        for indicator in found:
            checks.score(indicator)
        return found

    def _read_row(self, row: Row) -> None:
        for column in self._shape.columns:
            number = read_number(self._table[row.number][column.index])
            if number is None:
                continue
            row.numbers[column.index] = number
            if column.facet.role in {"level", "share"}:
                row.found[column.index] = self._observation(row, column, number)
        for column in self._shape.columns:
            number = row.numbers.get(column.index)
            if number is None or column.facet.role in {"level", "share"}:
                continue
            owner = self._owner[column.index]
            level = row.found.get(owner.index) if owner is not None else None
            if column.facet.role == "rank":
                if level is not None and number.value == int(number.value) and number.value > 0:
                    rank = level.rank or Rank()
                    before, place = column.facet.base is not None, int(number.value)
                    level.rank = replace(rank, from_=place) if before else replace(rank, to=rank.to or place)
            elif column.facet.role == "base":
                self._add_base(row, column, number, level)
            else:
                self._add_change(row, column, number, level)

    def _add_change(self, row: Row, column: Column, number: Number, level: Indicator | None) -> None:
        facet = column.facet
        default = "%" if facet.role == "comparison" else (level.unit if level is not None else None)
        scale, unit = self._unit(row, column, number, default)
        size = times(abs(number.value), scale)
        falls = number.value < 0
        comparison = Comparison(
            base=facet.base, direction="flat" if not size else "down" if falls else "up", text=self._header(column)
        )
        about, first = level, level.comparison if level is not None else None
        if first is not None and facet.base and first.base and base_kind(first.base) != base_kind(facet.base):
            level = None  # 比年初增减, 同比增长: the second is of another base, a record of its own
        if level is None and about is not None and facet.base and unit == "%":
            beside = row.found.get(column.index - 1)
            change = beside.comparison if beside is not None and beside.kind == "change" else None
            if beside is not None and change is not None and change.base == facet.base and beside.unit != "%":
                change.amount, change.unit, change.percent = beside.value, beside.unit, size  # 同比: 增减数, 增减率
                return
        if level is None:
            indicator = self._observation(row, column, number)
            indicator.kind, indicator.value, indicator.unit = "change", size, unit
            indicator.comparison = comparison
            if about is not None and not facet.name:
                indicator.name, indicator.qualifiers = about.name, [*about.qualifiers]
            row.found[column.index] = indicator
            return
        comparison = level.comparison or comparison
        if comparison.base is None:
            comparison.base = facet.base
        comparison.direction = "flat" if not size else "down" if falls else "up"
        if unit == "%" and level.comparison is not None and comparison.percent is not None:
            return  # a second rate, such as month on month: the first printed stands
        if unit == "%":
            comparison.percent = size
        else:
            comparison.amount, comparison.unit = size, unit
        level.comparison = comparison
        to_month = comparison.base is not None and base_kind(comparison.base) == "before"
        earlier_period = _before(level.period, "上月" if to_month else "")
        before = earlier_period.value if earlier_period is not None else None
        for other in self._levels:
            earlier = row.found.get(other.index)
            if earlier is not None and earlier.name == level.name and earlier.period and earlier.period.value == before:
                comparison.base_value = earlier.value

    def _add_base(self, row: Row, column: Column, number: Number, level: Indicator | None) -> None:
        earlier = self._observation(row, column, number)
        owner = self._owner[column.index]
        own = level.period if level else earlier.period
        base = column.facet.base or (squeeze(column.levels[-1]) if column.levels else None)
        levels = [squeeze(level) for level in column.levels]
        header = next((level for level in reversed(levels) if _EARLIER.match(level)), "".join(levels[-1:]))
        stated = column.facet.period
        if stated is None or (len(column.levels) > 1 and (stated.text or "") not in header):
            earlier.period = _before(stated or own, header)  # 11月: 实绩, 去年同期
        row.found[column.index] = earlier
        if level is None or owner is None:
            return
        earlier.name, earlier.subject = level.name, level.subject
        comparison = level.comparison or Comparison(base=base)
        if base and comparison.base and base != comparison.base:
            other = {base_kind(base), base_kind(comparison.base)}
            if comparison.base_value is not None or (len(other) == 2 and other < {"before", "year", "end"}):
                return  # 上月, 环比, 上年同月: the level is compared with the first
        comparison.base_value = earlier.value
        if comparison.direction is None and level.value is not None and earlier.value is not None:
            difference = level.value - earlier.value
            comparison.direction = "up" if difference > 0 else "down" if difference < 0 else "flat"
        level.comparison = comparison

    def _observation(self, row: Row, column: Column, number: Number) -> Indicator:
        facet = column.facet
        scale, unit = self._unit(row, column, number, "%" if facet.role in {"share", "comparison"} else None)
        name, subject = self._name(row, facet)
        start, quote = self._proof(row, column, number)
        region = row.facet.region or facet.region
        if region is None or WHOLE_REGION.fullmatch(region):
            region = self._region
        confidence = 0.9 - (0.15 if unit is None else 0.0) - (0.0 if row.facet.name or facet.name else 0.2)
        return Indicator(
            name=name,
            value=times(number.value, scale),
            value_text=number.text,
            unit=unit,
            kind=_kind(unit, number),
            subject=subject,
            qualifiers=[q for q in dict.fromkeys((row.group, *row.facet.qualifiers, *facet.qualifiers)) if q],
            parent=row.parent or None,
            status=self._status(row, facet),
            period=self._period(row, facet),
            region=region,
            agency=self._report.publisher or self._report.signer,
            quote=quote,
            start=start,
            end=start + len(number.text) if start else 0,
            confidence=confidence,
        )

    def _status(self, row: Row, column: Facet) -> Status:
        """A plan's figures are targets, whether its column, its row or the table's title says so."""
        words = f"{self._caption} {row.group} {row.facet.name}"
        year = (column.period.value or "")[:4] if column.period is not None else ""
        if column.status == "actual" and year.isdigit():
            if self._report.published is not None and int(year) > self._report.published.year:
                return "target"
            if int(year) < (self._anchor.year or 0):
                words = f"{row.group} {row.facet.name}"  # a plan's table gives the year that it starts from too
        if column.status == "actual" and PLANNED.search(words) and not DONE.search(f"{words} {column.name}"):
            return "target"
        return column.status

    def _unit(self, row: Row, column: Column, number: Number, default: str | None) -> tuple[float, str | None]:
        """Multiplier and unit: the cell's own, the header's, the unit column's, the row's, then the table's."""
        if number.unit is not None:
            return 1.0, number.unit
        role = column.facet.role
        sources = [column.facet.unit] if role in {"comparison", "share"} else [column.facet.unit, row.unit]
        if column.facet.among or column.facet.cumulative:
            sources += [c.facet.unit for c in self._kin(column)]
        for text in sources:
            if text:
                scale, unit = split_unit(text)
                if unit is not None or scale != 1:
                    return scale, unit
                if text is row.unit:
                    return 1.0, " ".join(text.split())[:20]
        if default is not None and role != "amount":
            return 1.0, default
        name = column.facet.name or row.facet.name
        kin = self._kin(column) if column.facet.among else []
        counted = (counted_unit(text) for text in (name, *(c.facet.name for c in kin)))
        if role != "amount" and (unit := next(filter(None, counted), None)) is not None:
            return next((pair for pair in map(split_unit, self._units) if pair[1] == unit), (1.0, unit))
        if is_unitless(name) or any(INDEX.search(text) for text in column.facet.qualifiers):
            return 1.0, None
        scale, unit = suiting_unit(self._units, name, row.facet.name)
        return (1.0, default) if unit is None and scale == 1 else (scale, unit)

    def _kin(self, column: Column) -> list[Column]:
        """The columns whose unit a part (其中：醉驾) or a running total (累计用电量) shares."""
        if column.facet.among:
            return [c for c in self._levels if c.index < column.index and not c.facet.among][-1:]
        return [c for c in self._levels if c.facet.name == column.facet.name and c is not column]

    def _name(self, row: Row, column: Facet) -> tuple[str, str | None]:
        bare = TOTAL.fullmatch(row.facet.name) is not None or WHOLE_REGION.fullmatch(row.facet.name) is not None
        named = "" if bare or row.facet.region else row.facet.name
        if named and row.parent and _GENERIC.fullmatch(named):
            named = f"{row.parent}{named}"
        elif named and row.group and _GENERIC.fullmatch(named):
            named = f"{row.group}{named}"
        if named and column.name:
            same = _QUANTITY.fullmatch(column.name) and named[-1] == column.name[-1]
            if same or column.name.startswith(named) or named.endswith(column.name):
                return max(named, column.name, key=len), named
            between = " " if named[-1].isascii() and column.name[0].isascii() else ""
            return f"{named}{between}{column.name}", named
        name = named or column.name
        if name and row.of:
            return name, row.of
        if name and MEASURE_NAME.search(name) and not row.facet.total:
            return name, None
        if name:
            return name, (row.parent if row.facet.among else None) or self._about or None
        group = row.group if row.facet.total else ""
        return (
            group or self._caption or row.facet.name or "合计",
            None if group or self._caption else self._about or None,
        )

    def _period(self, row: Row, column: Facet) -> Period | None:
        own, upper = row.facet.period, column.period
        if upper is not None and upper.text is None and self._stated is not None and upper.value == self._stated.value:
            upper = self._stated  # the total of the years that the title prints
        if own is not None and upper is not None and own.value and upper.value:
            # rows are months, columns years, or the other way round
            narrow, wide = (own, upper) if len(own.value) >= len(upper.value) else (upper, own)
            if re.fullmatch(r"\d{4}", wide.value or "") and narrow.value and not re.search(r"\d{4}", narrow.text or ""):
                value = re.sub(r"\d{4}(?=-)", wide.value or "", narrow.value)
                start, end = bounds(value)
                return Period(value=value, start=start, end=end, type=narrow.type, text=narrow.text)
            return narrow
        period = own or upper or self._stated
        if upper is None and own is None and column.status == "target" and _YEARS_PLAN.match(column.name):
            year = (period.value if period is not None else self._anchor.value) or ""
            if re.match(r"\d{4}(?!/)", year):
                return Period(year[:4], *bounds(year[:4]), type="duration", inferred=True)
        if column.cumulative and period is None and re.fullmatch(r"\d{4}-\d{2}", self._anchor.value or ""):
            period = Period(value=self._anchor.value, inferred=True)
        if column.cumulative and period is not None and re.fullmatch(r"\d{4}-\d{2}", period.value or ""):
            value = f"{(period.value or '')[:4]}-01/{period.value}"
            return Period(value, *bounds(value), type="cumulative", text=period.text, inferred=period.inferred)
        if period is not None:
            return replace(period)
        if self._anchor.value:
            start, end = bounds(self._anchor.value)
            return Period(value=self._anchor.value, start=start, end=end, type=self._anchor.type, inferred=True)
        return None

    def _header(self, column: Column) -> str:
        return " ".join(column.levels)

    def _proof(self, row: Row, column: Column, number: Number) -> tuple[int, str]:
        """The figure's offset in the body (0 where the body does not show it) and its row as quote."""
        body = self._report.body
        number_of_row = self._printed_row(row.number, column.index)
        offset = self._place.cells.get((number_of_row, column.index))
        if offset is not None:
            start = offset + number.start
            if body[start : start + len(number.text)] == number.text:
                if number_of_row != row.number:
                    return start, self._row_text(row)
                first, last = self._place.line(row.number, column.index)
                if last - first > _MAX_QUOTE:
                    first = max(first, start - _MAX_QUOTE // 2)
                return start, body[first : min(last, first + _MAX_QUOTE)]
        return 0, self._row_text(row)

    def _printed_row(self, row: int, column: int) -> int:
        """The row that prints a cell: one that spans rows stands in the first of them."""
        cells, table = self._place.cells, self._table
        first = row
        while (first, column) not in cells and first and table[first - 1][column] == table[row][column]:
            first -= 1
        return first if (first, column) in cells else row

    def _row_text(self, row: Row) -> str:
        return "\t".join(distinct(self._table[row.number]))[:_MAX_QUOTE]

    def _check(self, rows: list[Row]) -> None:
        regions = sum(1 for row in rows if row.facet.region) > len(rows) / 2
        summed: list[SummedRow] = []
        for row in rows:
            subtotal = row.facet.subtotal
            whole = regions and row.facet.region is not None and WHOLE_REGION.fullmatch(row.facet.region) is not None
            cells = {
                c: (indicator, _grain(indicator, row.numbers[c]))
                for c, indicator in row.found.items()
                if c in row.numbers
            }
            summed.append(
                SummedRow(
                    (row.facet.total and not subtotal) or whole, subtotal, row.facet.among, row.facet.depth, cells
                )
            )
            for indicator, grain in cells.values():
                checks.check_rate(indicator)
                checks.derive_base(indicator)
                check_base(indicator, grain)
        check_totals(summed, [c.index for c in self._levels])
        check_balance([(f"{row.group} {row.facet.name}", row.found) for row in rows])
        check_totals(
            [
                SummedRow(
                    column.facet.total,
                    False,
                    column.facet.among,
                    0,
                    {r: s.cells[column.index] for r, s in enumerate(summed) if column.index in s.cells},
                )
                for column in self._levels
            ],
            list(range(len(summed))),
        )


def _grain(indicator: Indicator, number: Number) -> float:
    """Half a unit of the last printed digit, in the indicator's unit."""
    scale = abs(indicator.value / number.value) if indicator.value and number.value else 1.0
    if indicator.kind == "count" and not number.decimals and scale == 1:
        return 0.0  # whole things are counted exactly
    return float(0.5 * scale * 10.0**-number.decimals)


def _kind(unit: str | None, number: Number) -> Kind:
    if unit in {"%", "‰", "个百分点"}:
        return "rate"
    if dimension_of(unit) in COUNT_DIMENSIONS or (unit is None and number.decimals == 0):
        return "count"
    return "level"


def _before(period: Period | None, header: str) -> Period | None:
    """The period that a base's header names: 上月 is the month before, 上年同期 the same period of the year before."""
    if _SHORT_BEFORE.match(header):
        return None
    if period is None or not period.value:
        return period
    value = year_before(period.value)
    if header.startswith("上月"):
        if not (own := re.fullmatch(r"(\d{4})-(\d{2})(?:-\d{2})?", period.value)):
            return None
        year, month = int(own[1]), int(own[2])
        value = f"{year}-{month - 1:02d}" if month > 1 else f"{year - 1}-12"
        if "末" in header:
            value = bounds(value)[1]
    elif re.match(r"[上去]年末", header) and value:
        value = f"{value[:4]}-12-31"
    start, end = bounds(value)
    return Period(value=value, start=start, end=end, type=period.type, text=period.text, inferred=True)
