"""Arithmetic proofs inside a table: totals against their parts, shares against the total, changes against bases."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipelines.indicators.numbers import tidy
from pipelines.indicators.units import dimension_of
from pipelines.items import Check, Indicator

_NEAR = 0.03
"""Parts that miss their total by less than this share of it were meant to make it up."""


@dataclass(slots=True)
class SummedRow:
    """A row as far as sums go: is it a total, a sub-total, a part of the row above (其中)?"""

    total: bool
    subtotal: bool
    among: bool
    depth: int
    cells: dict[int, tuple[Indicator, float]]
    """By column: the figure, and half a unit of its last digit."""


def check_totals(rows: list[SummedRow], columns: list[int]) -> None:
    """Adds `sum_of_parts` to totals that their parts prove, or that they contradict where other columns agree."""
    for t, row in enumerate(rows):
        if not (row.total or row.subtotal):
            continue
        choices = _parts(rows, t)
        results = {c: result for c in columns if (result := _compare(rows, t, choices, c)) is not None}
        proved = sum(ok for ok, _, _ in results.values())
        # a part of a part, whose indentation is lost, contradicts most columns
        trusted = proved and proved >= sum(near and not ok for ok, near, _ in results.values())
        for c, (ok, near, detail) in results.items():
            if ok or (trusted and near):
                row.cells[c][0].checks.append(Check("sum_of_parts", ok, detail))


def _parts(rows: list[SummedRow], t: int) -> list[list[int]]:
    """Sets of rows that the total may be the sum of."""
    total = rows[t]
    if total.subtotal:
        above = []
        for i in range(t - 1, -1, -1):
            if rows[i].total or rows[i].subtotal:
                break
            above.append(i)
        below = []
        for i in range(t + 1, len(rows)):
            if rows[i].total or rows[i].subtotal:
                break
            below.append(i)
        return [part for part in (above, below) if len(part) > 1]
    others = [i for i, row in enumerate(rows) if i != t and not row.total and not row.among]
    singles = [i for i in others if not rows[i].subtotal]
    subtotals = [i for i in others if rows[i].subtotal]
    shallow = min((rows[i].depth for i in singles if rows[i].depth), default=0)
    choices = [singles, subtotals, [i for i in singles if rows[i].depth == shallow] if shallow else []]
    return [part for part in choices if len(part) > 1]


def _compare(rows: list[SummedRow], t: int, choices: list[list[int]], column: int) -> tuple[bool, bool, str] | None:
    if column not in rows[t].cells:
        return None
    whole, grain = rows[t].cells[column]
    if whole.value is None or whole.kind not in {"count", "level"}:
        return None
    closest: tuple[float, str, float] | None = None
    for part in choices:
        cells = [rows[i].cells[column] for i in part if column in rows[i].cells]
        cells = [cell for cell in cells if cell[0].unit == whole.unit and cell[0].value is not None]
        if len(cells) < 2:
            continue
        total = sum(cell[0].value or 0 for cell in cells)
        slack = grain + sum(cell[1] for cell in cells) + 1e-9 * abs(total)
        off = abs(total - whole.value)
        if closest is None or off < closest[0]:
            closest = (off, f"{len(cells)}: {tidy(total)} {'=' if off <= slack else '≠'} {tidy(whole.value)}", slack)
    if closest is None:
        return None
    return closest[0] <= closest[2], closest[0] <= _NEAR * abs(whole.value), closest[1]


def check_base(indicator: Indicator, grain: float) -> None:
    """A printed change in per cent against the printed earlier value: 120 after 100 is 20 % more."""
    comparison = indicator.comparison
    if comparison is None or comparison.base_value is None or comparison.percent is None or indicator.value is None:
        return
    base = comparison.base_value
    if base <= 0 or indicator.kind not in {"count", "level"}:
        return
    percent = 100 * (indicator.value - base) / base
    printed = -comparison.percent if comparison.direction == "down" else comparison.percent
    slack = 0.06 + 100 * 2 * grain / base + abs(percent) * grain / base
    ok = abs(percent - printed) <= slack
    if not ok and dimension_of(indicator.unit) == "money":
        return  # growth of money is printed at comparable prices and scopes
    detail = f"({tidy(indicator.value)} - {tidy(base)}) / {tidy(base)} = {percent:.2f} %, printed {printed} %"
    indicator.checks.append(Check("percent_of_base", ok, detail))


_BALANCE = tuple(map(re.compile, (r"本年新收", r"上年结转", r"办理结果.*总\s*计", r"结转下年")))


def check_balance(rows: list[tuple[str, dict[int, Indicator]]]) -> None:
    """Adds `balance` to what was received, by the rule printed on the form of disclosure reports.

    第一项加第二项之和，等于第三项加第四项之和 (国办公开办函〔2021〕30号).
    """
    found = [next((cells for name, cells in rows if kind.search(name)), None) for kind in _BALANCE]
    if any(cells is None for cells in found):
        return
    new, carried, done, left = (cells or {} for cells in found)
    for c, indicator in new.items():
        values = [cells[c].value if c in cells else None for cells in (new, carried, done, left)]
        numbers = [value for value in values if value is not None]
        if len(numbers) == len(_BALANCE):
            ok = numbers[0] + numbers[1] == numbers[2] + numbers[3]
            sign = "=" if ok else "≠"
            one, two, three, four = map(tidy, numbers)
            indicator.checks.append(Check("balance", ok, f"{one} + {two} {sign} {three} + {four}"))
