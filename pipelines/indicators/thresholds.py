"""Borders that a subscriber sets for a figure: `>100`, `<5%`, `change>10%`, `up > 10 %`, `死亡人数 down >= 5起`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from pipelines.errors import SubscriptionError
from pipelines.items import Direction
from pipelines.messages import say

SCALES: Final = {"万亿": 1e12, "千亿": 1e11, "百亿": 1e10, "亿": 1e8, "千万": 1e7, "百万": 1e6, "万": 1e4, "千": 1e3}
SIGNS: Final = str.maketrans({"≥": ">=", "≤": "<=", "≠": "!=", "＞": ">", "＜": "<", "＝": "=", "，": ",", "％": "%"})
DIRECTIONS: Final[dict[str, Direction]] = {
    "up": "up", "rise": "up", "上升": "up", "增长": "up", "增加": "up", "上涨": "up",
    "down": "down", "fall": "down", "下降": "down", "减少": "down", "降低": "down", "下跌": "down",
}  # fmt: skip
WORDS: Final = {
    ">=": "不低于|不少于|不小于|至少|达到|达",
    "<=": "不超过|不高于|不多于|不大于|至多",
    ">": "超过|超|大于|高于|多于",
    "<": "低于|小于|少于|不足",
    "=": "等于",
}
"""Comparisons in words, the longer first; they count where a number follows and no sign is written."""
_CHANGE: Final = ("change", "变化", "增幅", "涨跌")
_LONGEST: Final = 80
_RULE: Final = re.compile(
    rf"\s*(?P<name>[^<>=!]{{1,{_LONGEST}}}?)??\s*(?P<way>{'|'.join([*_CHANGE, *DIRECTIONS])})?\s*"
    r"(?P<sign>>=|<=|!=|>|<|=)\s*"
    r"(?P<number>[-+]?\d[\d,]{0,20}(?:\.\d{1,10})?)\s*(?P<unit>[^\d\s<>=]{0,12})\s*",
    re.I,
)
_PERCENT: Final = ("%", "percent")


@dataclass(frozen=True, slots=True)
class Threshold:
    """A border for an indicator's value; with `change`, for its change against what the report compares with.

    A change is in per cent unless `unit` names another; `direction` asks for rises or for falls alone, whose size is
    then compared. `name`: the indicator's name, where the rule gives it.
    """

    comparator: str
    value: float
    unit: str | None = None
    change: bool = False
    direction: Direction | None = None
    name: str | None = None

    def crossed(self, indicator: Mapping[str, Any]) -> bool:
        """Whether a figure's record is beyond the border; figures of another unit never are."""
        if self.change:
            return self._change_crossed(indicator)
        value, unit = indicator.get("value"), str(indicator.get("unit") or "")
        if value is None or isinstance(value, bool) or indicator.get("kind") in ("change", "rank"):
            return False  # a change of 12 % is no value above 10
        scale, rest = split_scale(unit)
        if self.unit is not None and normalise_unit(self.unit) != normalise_unit(rest):
            return False
        if self.unit is None and rest in ("%", "‰", "个百分点"):
            scale = 1.0
        return self._holds(float(value) * scale)

    def _change_crossed(self, indicator: Mapping[str, Any]) -> bool:
        comparison = indicator.get("comparison") or {}
        direction = comparison.get("direction")
        if self.direction is not None and direction != self.direction:
            return False
        size = _change(indicator, comparison, self.unit)
        if size is None:
            return False
        return self._holds(-size if direction == "down" and self.direction is None else size)

    def _holds(self, value: float) -> bool:
        match self.comparator:
            case ">=":
                return value >= self.value
            case "<=":
                return value <= self.value
            case ">":
                return value > self.value
            case "<":
                return value < self.value
            case "!=":
                return value != self.value
        return value == self.value


def _change(indicator: Mapping[str, Any], comparison: Mapping[str, Any], unit: str | None) -> float | None:
    """The size of a figure's change, in per cent or in a unit; None where the report does not say it."""
    value, base, percent = indicator.get("value"), comparison.get("base_value"), comparison.get("percent")
    alone = indicator.get("kind") == "change" and value is not None
    if unit is None:
        if percent is not None:
            return abs(float(percent))
        if alone and indicator.get("unit") == "%":
            return abs(float(value or 0))
        return abs(float(value) - float(base)) / abs(float(base)) * 100 if value is not None and base else None
    wanted = normalise_unit(unit)
    if comparison.get("amount") is not None and normalise_unit(str(comparison.get("unit") or "")) == wanted:
        return abs(float(comparison["amount"]))
    if normalise_unit(str(indicator.get("unit") or "")) != wanted or value is None:
        return None
    if alone:
        return abs(float(value))
    return abs(float(value) - float(base)) if base is not None else None


def split_scale(unit: str) -> tuple[float, str]:
    """`万元` is 10,000 and `元`."""
    for word, scale in SCALES.items():
        if unit.startswith(word):
            return scale, unit[len(word) :]
    return 1.0, unit


def normalise_unit(unit: str) -> str:
    """Units that are written differently and are the same."""
    plain = unit.strip()
    return {"％": "%", "percent": "%", "人次": "人", "宗": "起", "百分点": "个百分点"}.get(plain, plain)


def _in_signs(rule: str) -> str:
    """A rule with its comparison as a sign, where it is written in words: 死亡人数不低于5人."""
    if any(sign in rule for sign in "<>="):
        return rule
    for sign, words in WORDS.items():
        rule, count = re.subn(rf"\s*(?:{words})\s*(?=[-+]?\d)", sign, rule, count=1)
        if count:
            break
    return rule


def _reason(rule: str) -> str:
    """What is wrong with a rule, in words."""
    signs = re.findall(r">=|<=|!=|[<>=]", rule)
    if not signs:
        return say("a comparison is missing (> >= < <= =)")
    if len(signs) > 1:
        return say("there are two comparisons")
    name, _, rest = rule.partition(signs[0])
    if not re.match(r"\s*[-+]?\d", rest):
        return say("a number is missing after {sign}", sign=signs[0])
    if len(name) > _LONGEST:
        return say("the indicator's name is too long")
    return say("{text} is no number with a unit", text=rest.strip()[:40])


def parse_threshold(text: str) -> Threshold:
    """`>100`, `>= 1.5万起`, `<5%`, `change>10%`, `up > 10 %`; an indicator's name may stand before it.

    Raises:
        SubscriptionError: says what was expected.
    """
    rule = _in_signs(text.translate(SIGNS))
    found = _RULE.fullmatch(rule)
    if not found:
        raise SubscriptionError(
            say("The threshold {text} cannot be understood: {reason}", text=text[:80], reason=_reason(rule)),
            cure=say("Write it like >100, >=1.5万, <5% or 死亡人数 up > 10 %"),
        )
    scale, unit = split_scale(found["unit"])
    way = (found["way"] or "").lower()
    if way in DIRECTIONS and found["number"].startswith("-"):
        raise SubscriptionError(
            say(
                "The threshold {text} cannot be understood: {reason}",
                text=text[:80],
                reason=say("a rise or a fall has no sign"),
            ),
            cure=say("Write it like >100, >=1.5万, <5% or 死亡人数 up > 10 %"),
        )
    value = float(found["number"].replace(",", "")) * scale
    named = (
        re.sub(r"[，,的]?(?:同比|环比|比上年)?$" if way else r"$", "", (found["name"] or "").strip()).strip() or None
    )
    if not way:
        return Threshold(found["sign"], value, unit or None, name=named)
    size = None if unit.lower() in ("", *_PERCENT) else unit
    return Threshold(found["sign"], value, size, True, DIRECTIONS.get(way), named)
