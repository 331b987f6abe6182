"""Which subscription wants which event: by source, type, query, indicator and threshold. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from pipelines.errors import SubscriptionError
from pipelines.indicators.thresholds import parse_threshold
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
        named_by_rule = parse_threshold(threshold).name
        if not indicator and not named_by_rule:
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
    if not (wish.threshold and "indicator.threshold" in wish.wanted_types):
        return
    if wish.source_id and wish.source_id not in happening.source_ids:
        return
    if wish.query and not matches(parse_query(wish.query), texts):
        return
    threshold = parse_threshold(wish.threshold)
    name = wish.indicator or threshold.name
    for indicator in happening.indicators:
        if name and named(name, indicator) and indicator.get("status") != "target" and threshold.crossed(indicator):
            yield indicator


def named(name: str, indicator: Mapping[str, Any]) -> bool:
    """Whether an indicator's name, with its subject and parent, holds the words asked for."""
    whole = normalise(" ".join(str(indicator.get(k) or "") for k in ("subject", "parent", "name")))
    return all(contains(whole, word) or word in whole for word in normalise(name).split())
