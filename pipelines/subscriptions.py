"""Which subscription wants which event: by source, type, query, indicator and threshold. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from pipelines.errors import SubscriptionError
from pipelines.messages import say
from pipelines.queries import contains, matches, normalise, parse_query

REPORT_EVENTS: Final = (
    "report.new",
    "report.revised",
    "report.withdrawn",
    "report.restored",
    "attachment.changed",
    "report.tampered",
    "indicator.restated",
    "indicator.threshold",
)
SOURCE_EVENTS: Final = ("source.failing", "source.recovered", "source.silent", "source.changed")
EVENT_TYPES: Final = REPORT_EVENTS + SOURCE_EVENTS
DEFAULT_TYPES: Final = (
    "report.new",
    "report.revised",
    "report.withdrawn",
    "report.restored",
    "attachment.changed",
    "indicator.restated",
)
"""What a reader is told who names no types; tampering and a source's health are for those who look after it."""

COMPARATORS: Final = (">=", "<=", "!=", ">", "<", "=")
SCALES: Final = {"万亿": 1e12, "千亿": 1e11, "百亿": 1e10, "亿": 1e8, "千万": 1e7, "百万": 1e6, "万": 1e4, "千": 1e3}
SIGNS: Final = str.maketrans({"≥": ">=", "≤": "<=", "≠": "!=", "＞": ">", "＜": "<", "＝": "=", "，": ","})


@dataclass(frozen=True, slots=True)
class Threshold:
    """A border for an indicator's value; with `change`, for the percent against its comparison base instead."""

    comparator: str
    value: float
    unit: str | None = None
    change: bool = False

    def crossed(self, indicator: Mapping[str, Any]) -> bool:
        """Whether a figure's record is beyond the border; figures of another unit never are."""
        if self.change:
            comparison = indicator.get("comparison") or {}
            percent, direction = comparison.get("percent"), comparison.get("direction")
            if percent is None:
                return False
            return self._holds(-float(percent) if direction == "down" else float(percent))
        value, unit = indicator.get("value"), str(indicator.get("unit") or "")
        if value is None or isinstance(value, bool):
            return False
        scale, rest = split_scale(unit)
        if self.unit is not None and normalise_unit(self.unit) != normalise_unit(rest):
            return False
        if self.unit is None and rest in ("%", "‰", "个百分点"):
            scale = 1.0
        return self._holds(float(value) * scale)

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


def split_scale(unit: str) -> tuple[float, str]:
    """`万元` is 10,000 and `元`."""
    for word, scale in SCALES.items():
        if unit.startswith(word):
            return scale, unit[len(word) :]
    return 1.0, unit


def normalise_unit(unit: str) -> str:
    """Units that are written differently and are the same."""
    return {"％": "%", "percent": "%", "人次": "人", "宗": "起", "件": "件"}.get(unit.strip(), unit.strip())


def parse_threshold(text: str) -> Threshold:
    """`>100`, `>= 1.5万起`, `<5%`, `change>10%` (against last year or whatever the report compares with).

    Raises:
        SubscriptionError: says what was expected.
    """
    found = re.fullmatch(
        r"\s*(change|变化|增幅)?\s*(>=|<=|!=|>|<|=)\s*([-+]?\d[\d,]{0,20}(?:\.\d{1,10})?)\s*([^\d\s<>=]{0,12})\s*",
        text.translate(SIGNS),
        re.I,
    )
    if not found:
        raise SubscriptionError(
            say("The threshold {text} cannot be understood", text=text),
            cure=say("Write it like >100, >=1.5万, <5% or change>10%"),
        )
    scale, unit = split_scale(found[4])
    change = found[1] is not None
    value = float(found[3].replace(",", "")) * scale
    return Threshold(found[2], value, None if change else unit or None, change)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a subscription asks for, checked."""

    id: int
    types: tuple[str, ...] = ()
    source_id: str | None = None
    query: str | None = None
    indicator: str | None = None
    threshold: str | None = None

    @property
    def wanted_types(self) -> tuple[str, ...]:
        """A threshold asks for the crossing alone unless types are named."""
        return self.types or (("indicator.threshold",) if self.threshold else DEFAULT_TYPES)


@dataclass(frozen=True, slots=True)
class Happening:
    """An event with what subscriptions may ask of its report; texts are given as they are."""

    type: str
    source_ids: frozenset[str]
    title: str = ""
    publisher: str = ""
    body: str = ""
    indicators: list[dict[str, Any]] = field(default_factory=list)

    def texts(self) -> dict[str, str]:
        """The normalised texts by field; made once per event by the caller."""
        return {n: normalise(v) for n, v in (("title", self.title), ("publisher", self.publisher), ("body", self.body))}


def check_wish(
    types: Iterable[str] = (), query: str | None = None, indicator: str | None = None, threshold: str | None = None
) -> None:
    """Refuses a subscription that could never be served.

    Raises:
        SubscriptionError: names the part and what was expected.
    """
    for name in types:
        if name not in EVENT_TYPES:
            raise SubscriptionError(
                say("There is no event type {name}", name=name),
                cure=say("The types are: {types}", types=", ".join(EVENT_TYPES)),
            )
    if query is not None:
        parse_query(query)
    if threshold is not None:
        parse_threshold(threshold)
        if not indicator:
            raise SubscriptionError(say("A threshold needs the name of an indicator"), cure=say("Add --indicator NAME"))
    if indicator is not None and not normalise(indicator):
        raise SubscriptionError(say("The indicator's name is empty"))


def wants(wish: Wish, happening: Happening, texts: Mapping[str, str]) -> bool:
    """Whether an event is for a subscription; thresholds are asked by `crossings`."""
    if happening.type not in wish.wanted_types or happening.type == "indicator.threshold":
        return False
    if wish.source_id and wish.source_id not in happening.source_ids:
        return False
    if wish.query and not (happening.type in REPORT_EVENTS and matches(parse_query(wish.query), texts)):
        return False
    return not (wish.indicator and not any(named(wish.indicator, i) for i in happening.indicators))


def crossings(wish: Wish, happening: Happening, texts: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """The figures of a new or revised report that cross a subscription's threshold."""
    if not (wish.indicator and wish.threshold and "indicator.threshold" in wish.wanted_types):
        return
    if wish.source_id and wish.source_id not in happening.source_ids:
        return
    if wish.query and not matches(parse_query(wish.query), texts):
        return
    threshold = parse_threshold(wish.threshold)
    for indicator in happening.indicators:
        if named(wish.indicator, indicator) and indicator.get("status") != "target" and threshold.crossed(indicator):
            yield indicator


def named(name: str, indicator: Mapping[str, Any]) -> bool:
    """Whether an indicator's name, with its subject and parent, holds the words asked for."""
    whole = normalise(" ".join(str(indicator.get(k) or "") for k in ("subject", "parent", "name")))
    return all(contains(whole, word) or word in whole for word in normalise(name).split())
