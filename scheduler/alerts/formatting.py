"""The parts of what alerts say, in Chinese or English; whole messages: compose.py, how they are set: setting.py.

What comes from a report is hostile: line ends and control characters are taken out (no second mail header, no forged
line), and it is cut.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import Any, Literal

from scheduler.alerts.message import Line
from scheduler.alerts.words import colon, field_name, word
from scheduler.figures import as_stated, shortened, with_unit

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200b-\u200f\u202a-\u202e\u2066-\u2069]+")
ARROWS = {"up": "↑", "down": "↓", "flat": "→"}
FIGURES = 6


@dataclass(frozen=True, slots=True)
class Alert:
    """An event with what its message shows: the event's record, and the report and source it is about."""

    event: Mapping[str, Any]
    at: datetime
    source_name: str | None = None
    report: Mapping[str, Any] = field(default_factory=dict)
    """The newest record of the report."""
    indicators: Sequence[Mapping[str, Any]] = ()
    crawl_id: int | None = None
    column_url: str | None = None
    """A column of the source: where to look when the event is about the source itself."""


def one_line(value: object, limit: int = 200) -> str:
    """A value as one line: no control characters, no line ends, cut with `…`."""
    text = " ".join(CONTROL.sub(" ", str(value)).split())
    return text if len(text) <= limit else text[: limit - 1] + "…"


def excerpts(old: object, new: object, limit: int = 60) -> tuple[str, str]:
    """Two values as one line each, cut to where they differ."""
    before, after = one_line(old, 20_000), one_line(new, 20_000)
    if len(before) <= limit and len(after) <= limit:
        return before, after
    start = next(
        (n for n, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), min(len(before), len(after))
    )
    room = min(len(before), len(after)) - start
    end = next((n for n in range(room) if before[-1 - n] != after[-1 - n]), room)
    around = max((limit - max(len(before), len(after)) + start + end) // 2, 8)
    left = max(start - around, 0)
    shown = []
    for text in (before, after):
        right = min(len(text) - end + around, left + 3 * limit)
        shown.append(("…" if left else "") + text[left:right] + ("…" if right < len(text) else ""))
    return shown[0], shown[1]


def short_time(value: object) -> str:
    """An ISO moment as `2022-01-08 18:30`, on its own clock; a day as it is."""
    return str(value).replace("T", " ")[:16]


def web_link(url: object) -> str:
    """The URL when it is a web address without blanks; else nothing."""
    text = str(url or "")
    return text if re.match(r"https?://", text) and not re.search(r"[\s\x00-\x1f<>\"]", text) else ""


def local(value: object, zone: tzinfo = UTC) -> str:
    """A moment of the program's (UTC) on the reader's clock."""
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return one_line(value, 40)
    shown = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(zone).strftime("%Y-%m-%d %H:%M")
    return f"{shown} UTC" if zone is UTC else shown


def headline(alert: Alert, language: str) -> str:
    """What happened, where, to which report."""
    what = word(str(alert.event["type"]), language)
    report = alert.event.get("report") or {}
    name = report.get("title") or alert.source_name or alert.event.get("source") or ""
    return one_line(f"{what}{colon(language)}{name}", 160)


def labelled(
    key: str, text: object, language: str, limit: int = 200, kind: Literal["field", "detail"] = "field"
) -> Line:
    """A line `label: text`; `key` is a word of alerts or a field's name."""
    name = word(key, language)
    return Line(
        kind, one_line(text, limit), label=(field_name(key, language) if name == key else name) + colon(language)
    )


def comparison(indicator: Mapping[str, Any]) -> str:
    """`同比↓11.68%`, `较去年↓66起`; nothing where a figure is compared with nothing."""
    found: Mapping[str, Any] = indicator.get("comparison") or {}
    arrow = ARROWS.get(str(found.get("direction")), "")
    if not arrow:
        return ""
    if found.get("percent") is not None:
        by = f"{found['percent']:g}%"
    elif found.get("amount") is not None:
        by = with_unit(shortened(found["amount"]), found.get("unit"))
    elif arrow == "→":
        by = "0%"
    else:
        return ""
    return f"{found.get('base') or ''}{arrow}{by}"


def figure(indicator: Mapping[str, Any]) -> str:
    """An indicator in one line: name, value with unit, and how it compares."""
    name, compared = indicator.get("name"), comparison(indicator)
    by = (indicator.get("comparison") or {}).get("percent")
    if compared and by is not None and indicator.get("unit") == "%" and indicator.get("value") in (by, -by):
        return one_line(f"{name} {compared}", 100)  # the figure is the change itself
    return one_line(f"{name} {as_stated(indicator)}" + (f" ({compared})" if compared else ""), 100)


def key_figures(indicators: Sequence[Mapping[str, Any]], count: int = FIGURES) -> list[Mapping[str, Any]]:
    """The first figures of a report, one of a name, compared ones rather than others; in the report's order."""
    named: dict[str, int] = {}
    for place, indicator in enumerate(indicators):
        name = str(indicator.get("name"))
        if name not in named or (comparison(indicator) and not comparison(indicators[named[name]])):
            named[name] = place
    places = sorted(named.values(), key=lambda n: (not comparison(indicators[n]), n))[:count]
    return [indicators[n] for n in sorted(places)]


def restatement(details: Mapping[str, Any]) -> str:
    """`死亡人数 2021: 499 → 501人` of a restated figure; nothing for other events."""
    old, new = details.get("old"), details.get("new")
    if not details.get("name") or isinstance(old, bool) or isinstance(new, bool):
        return ""
    if not (isinstance(old, int | float) and isinstance(new, int | float)):
        return ""
    name = " ".join(str(v) for v in (details["name"], details.get("period")) if v)
    return one_line(f"{name}: {old:,.10g} → {new:,.10g}{details.get('unit') or ''}", 200)


def value_text(value: object, language: str) -> str:
    """A field's value in a line."""
    if value in (None, "", [], {}):
        return word("none", language)
    if isinstance(value, Mapping):
        return (
            figure(value) if "name" in value and "value" in value else one_line(value.get("name") or dict(value), 120)
        )
    if isinstance(value, list):
        return one_line("; ".join(value_text(v, language) for v in value[:5]), 120)
    return one_line(value, 120)
