"""Arithmetic proofs: percentage against amount, rates within bounds, parts against their whole."""

from __future__ import annotations

from collections import defaultdict

from pipelines.indicators.numbers import tidy
from pipelines.items import Check, Indicator

TOLERANCE = 0.06
"""Percentage points that a printed percentage may differ from the computed one, beyond its own rounding."""


def _number(value: float) -> str:
    return f"{tidy(value):g}" if abs(value) < 10**6 else f"{tidy(value)}"


def derive_base(indicator: Indicator) -> None:
    """The value compared with, from the amount or the percentage: 499, 66 fewer -> 565."""
    c = indicator.comparison
    if c is None or indicator.value is None or c.base_value is not None or indicator.kind == "change":
        return
    sign = -1 if c.direction == "up" else 1
    if indicator.kind == "rank":
        # Up means a smaller number.
        sign = -sign
    if c.amount is not None and (c.unit == indicator.unit or (indicator.unit == "%" and c.unit == "个百分点")):
        c.base_value = tidy(indicator.value + sign * c.amount)


def check_change(indicator: Indicator) -> None:
    """The printed percentage against the printed amount: 66 / (499 + 66) = 11.68 %."""
    c = indicator.comparison
    if c is None or c.percent is None or indicator.value is None or indicator.kind in ("change", "rank", "rate"):
        return
    base = c.base_value
    if "年均" in (c.text or ""):
        # 由320亿元增加到518亿元，年均增长8.2%: the yearly mean is no change from the old value.
        return
    if base is None or base <= 0 or c.direction not in ("up", "down"):
        return
    amount = abs(indicator.value - base)
    share = 100 * amount / base
    # Coarse figures (7万, 超3亿) cannot prove a percentage to two decimals.
    slack = TOLERANCE + 100 * _grain(indicator) / base
    ok = abs(share - c.percent) <= slack
    sign = "-" if indicator.value < base else "+"
    indicator.checks.append(
        Check(
            "percent_of_base",
            ok,
            f"{_number(amount)} / {_number(base)} = {share:.2f} % ({sign}), printed {c.percent} %",
        )
    )


def _grain(indicator: Indicator) -> float:
    """Half a unit of the last printed digit."""
    text = indicator.value_text.replace(",", "")
    digits = "".join(ch for ch in text if ch.isdigit() or ch == ".")
    decimals = len(digits.partition(".")[2])
    plain = float(digits) if digits.strip(".") else 0.0
    scale = indicator.value / plain if plain and indicator.value else 1.0
    return 2.0 * abs(scale) * 10.0**-decimals if decimals or scale > 1 else 0.0


def check_rate(indicator: Indicator) -> None:
    """A share, a rate or a percentage of things lies within 0 and 100 %, except 完成 rates of plans."""
    if indicator.kind != "rate" or indicator.unit != "%" or indicator.value is None:
        return
    may_exceed = any(
        w in indicator.name
        for w in (
            "完成",
            "预算",
            "计划",
            "目标",
            "负债",
            "增",
            "产能",
            "拨备",
            "覆盖",
            "相当于",
            "资本",
            "价格",
            "指数",
            "杠杆",
            "为",
            "宏观",
        )
    )
    ok = 0 <= indicator.value <= 100 or may_exceed
    indicator.checks.append(Check("rate_within_bounds", ok, None if ok else f"{indicator.value} %"))


def check_parts(indicators: list[Indicator], parents: list[int | None]) -> None:
    """Parts of one whole in one unit never sum to more than it; places and classes that sum to it prove it."""
    by_start = {x.start: x for x in indicators}
    groups: dict[tuple[int, str | None, str], list[Indicator]] = defaultdict(list)
    for x, parent in zip(indicators, parents, strict=True):
        if parent is not None and x.kind in ("count", "level") and parent in by_start:
            groups[parent, x.unit, x.name].append(x)
    for (parent, unit, name), parts in groups.items():
        whole = by_start[parent]
        if whole.unit != unit or whole.value is None or len(parts) < 2 or name != whole.name:
            continue
        total = sum(p.value or 0 for p in parts)
        ok = total <= whole.value * 1.001
        exact = abs(total - whole.value) <= 1e-6 * max(1.0, whole.value)
        whole.checks.append(
            Check(
                "sum_of_parts",
                ok,
                f"{len(parts)}: {_number(total)} {'=' if exact else '<' if ok else '>'} {_number(whole.value)}",
            )
        )


def score(indicator: Indicator) -> None:
    """Failed checks lower the confidence, proofs raise it."""
    for check in indicator.checks:
        if check.ok:
            if check.check != "rate_within_bounds":
                indicator.confidence += 0.05
        else:
            indicator.confidence -= 0.3
    indicator.confidence = round(min(1.0, max(0.05, indicator.confidence)), 2)
