"""Alerts as text, Markdown or HTML, in Chinese or English, within a channel's length.

What comes from a report is hostile: it is escaped for the style, line ends are taken out (no second mail header, no
forged line), and it is cut. Lines of kind `detail` go first when the text is too long; the link stays.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pipelines.items import iso
from scheduler.alerts.message import Limits, Line, Message, Style
from scheduler.alerts.words import ENGLISH, field_name, word
from scheduler.figures import as_stated

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200b-\u200f\u202a-\u202e\u2066-\u2069]+")
MARKDOWN = re.compile(r"([\\`*_\[\]()<>#|~!])")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
ARROWS = {"up": "↑", "down": "↓"}
FIGURES = 6
CHANGES = 8


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


def headline(alert: Alert, language: str) -> str:
    """What happened, where, to which report."""
    what = word(str(alert.event["type"]), language)
    report = alert.event.get("report") or {}
    name = report.get("title") or alert.source_name or alert.event.get("source") or ""
    return one_line(f"{what}{'：' if language.startswith('zh') else ': '}{name}", 160)


def message_for(alert: Alert, language: str) -> Message:
    """One event's message."""
    lines = [Line("heading", headline(alert, language)), *_facts(alert, language)]
    kind = str(alert.event["type"])
    details: Mapping[str, Any] = alert.event.get("details") or {}
    if kind == "report.new":
        lines += _figures(alert, language) + _places(details, alert, language)
    elif details.get("changes"):
        lines += _changes(details["changes"], language)
    elif restated := restatement(details):
        lines += [Line("field", restated)]
        for key in ("old_quote", "new_quote", "earlier_title"):
            if details.get(key):
                lines.append(Line("detail", one_line(details[key], 160), label=word(key, language)))
    else:
        lines += _details(details, language)
    if link := web_link((alert.event.get("report") or {}).get("url") or details.get("url")):
        lines.append(Line("link", word("open", language), url=link))
    lines.append(Line("foot", "bureauwatch"))
    return Message(str(alert.event["id"]), headline(alert, language), lines, dict(alert.event), alert.at, language)


def digest_for(alerts: Sequence[Alert], key: str, at: datetime, language: str, *, storm: bool = False) -> Message:
    """Many events in one message, by source; machines get them all under `event.details.events`."""
    first = alerts[0]
    subject = word(
        "storm" if storm else "digest",
        language,
        count=len(alerts),
        source=first.source_name or first.event.get("source"),
    )
    lines = [Line("heading", one_line(subject))]
    for source in dict.fromkeys(a.source_name or "" for a in alerts):
        if source and not storm:
            lines.append(Line("title", one_line(source)))
        for alert in alerts:
            if (alert.source_name or "") == source:
                link = web_link((alert.event.get("report") or {}).get("url"))
                lines.append(Line("detail", headline(alert, language), url=link))
    lines.append(Line("foot", "bureauwatch"))
    event: dict[str, Any] = {
        "id": key,
        "type": "digest",
        "at": iso(at),
        "source": first.event.get("source") if storm else None,
        "report": None,
        "details": {"count": len(alerts), "events": [dict(a.event) for a in alerts]},
    }
    return Message(key, one_line(subject, 160), lines, event, at, language)


def test_message(key: str, at: datetime, language: str) -> Message:
    """What `test-channel` sends."""
    text = word("test", language)
    event: dict[str, Any] = {"id": key, "type": "test", "at": iso(at), "source": None, "report": None, "details": {}}
    lines = [Line("heading", text), Line("field", word("test_text", language)), Line("foot", "bureauwatch")]
    return Message(key, text, lines, event, at, language)


def _facts(alert: Alert, language: str) -> list[Line]:
    facts = [Line("field", one_line(alert.source_name))] if alert.source_name and alert.event.get("report") else []
    for name in ("published", "publisher", "document_number"):
        value = alert.report.get(name)
        if value and value != alert.source_name:
            text = short_time(value) if name == "published" else value
            facts.append(Line("field", one_line(text, 100), label=word(name, language)))
    return facts


def figure(indicator: Mapping[str, Any]) -> str:
    """An indicator in one line: name, value with unit, and how it compares."""
    text = f"{indicator.get('name')} {as_stated(indicator)}"
    comparison: Mapping[str, Any] = indicator.get("comparison") or {}
    arrow = ARROWS.get(str(comparison.get("direction")), "")
    if arrow and (comparison.get("percent") is not None or comparison.get("amount") is not None):
        by = f"{comparison['percent']:g}%" if comparison.get("percent") is not None else f"{comparison['amount']:g}"
        text += f" ({comparison.get('base') or ''}{arrow}{by})"
    return one_line(text, 100)


def restatement(details: Mapping[str, Any]) -> str:
    """`死亡人数 2021: 499 → 501人` of a restated figure; nothing for other events."""
    old, new = details.get("old"), details.get("new")
    if not details.get("name") or isinstance(old, bool) or isinstance(new, bool):
        return ""
    if not (isinstance(old, int | float) and isinstance(new, int | float)):
        return ""
    name = " ".join(str(v) for v in (details["name"], details.get("period")) if v)
    return one_line(f"{name}: {old:,.10g} → {new:,.10g}{details.get('unit') or ''}", 200)


def _figures(alert: Alert, language: str) -> list[Line]:
    shown = [Line("detail", figure(i)) for i in alert.indicators[:FIGURES]]
    if not shown:
        return []
    total = len(alert.indicators)
    if total > FIGURES:
        shown.append(Line("detail", word("more", language, count=total - FIGURES)))
    return [Line("title", word("figures", language)), *shown]


def _places(details: Mapping[str, Any], alert: Alert, language: str) -> list[Line]:
    here = (alert.event.get("report") or {}).get("url")
    urls = [p.get("url") for p in details.get("places") or [] if isinstance(p, Mapping)]
    others = [u for u in dict.fromkeys(urls) if u and u != here]
    return [Line("detail", one_line(u), label=word("also", language)) for u in others[:5]]


def _changes(changes: Sequence[Any], language: str) -> list[Line]:
    lines = [Line("title", word("changes", language))]
    for change in list(changes)[:CHANGES]:
        if not isinstance(change, Mapping):
            continue
        old, new = change.get("old"), change.get("new")
        if isinstance(old, str) and isinstance(new, str) and old and new:
            old, new = excerpts(old, new)
        label = field_name(str(change.get("field")), language)
        if change.get("name"):
            label = f"{label} {one_line(change['name'], 60)}"
        lines.append(Line("detail", f"{_value(old, language)} → {_value(new, language)}", label=label))
    if len(changes) > CHANGES:
        lines.append(Line("detail", word("more", language, count=len(changes) - CHANGES)))
    return lines


def _value(value: object, language: str) -> str:
    if value in (None, "", [], {}):
        return word("none", language)
    if isinstance(value, Mapping):
        return (
            figure(value) if "name" in value and "value" in value else one_line(value.get("name") or dict(value), 120)
        )
    if isinstance(value, list):
        return one_line("; ".join(_value(v, language) for v in value[:5]), 120)
    return one_line(value, 120)


def _details(details: Mapping[str, Any], language: str) -> list[Line]:
    lines = []
    for key, value in details.items():
        if value in (None, "", [], {}) or key in ("backfill", "url", "title", "subscription"):
            continue
        shown = short_time(value) if isinstance(value, str) and MOMENT.match(value) else _value(value, language)
        lines.append(Line("detail", shown, label=word(key, language) if key in ENGLISH else field_name(key, language)))
    return lines[:CHANGES]


# --- setting -------------------------------------------------------------------------------------------------------


def render(message: Message, limits: Limits) -> str:
    """The message's body in the channel's style, within its length."""
    details = sum(line.kind == "detail" for line in message.lines)
    kept, most = 0, details
    text = _kept(message, details, limits.style)
    if limits.measure(text) > limits.length:
        while kept < most:  # the most details that fit
            middle = (kept + most + 1) // 2
            if limits.measure(_kept(message, middle, limits.style)) <= limits.length:
                kept = middle
            else:
                most = middle - 1
        text = _kept(message, kept, limits.style)
    if limits.measure(text) > limits.length:
        text = _set([line for line in message.lines if line.kind in ("heading", "link")], limits.style)
    if limits.measure(text) > limits.length:
        text = _cut(_set([Line("heading", message.subject)], "text"), limits)
    return text


def _kept(message: Message, count: int, style: Style) -> str:
    """The message with its first `count` details, and a word on how many were left out."""
    lines: list[Line] = []
    seen = 0
    for line in message.lines:
        seen += line.kind == "detail"
        if line.kind == "detail" and seen > count:
            if seen == count + 1:
                total = sum(other.kind == "detail" for other in message.lines)
                lines.append(Line("foot", word("more", message.language, count=total - count)))
            continue
        lines.append(line)
    return _set(lines, style)


def _cut(text: str, limits: Limits) -> str:
    while text and limits.measure(text + "…") > limits.length:
        text = text[: max(len(text) * 9 // 10, 0)]
    return text + "…"


def _set(lines: Sequence[Line], style: Style) -> str:
    return {"text": _as_text, "markdown": _as_markdown, "html": _as_html}[style](lines)


def _as_text(lines: Sequence[Line]) -> str:
    done = []
    for line in lines:
        text = f"{line.label}: {line.text}" if line.label else line.text
        if line.kind == "link":
            text = line.url
        elif line.kind == "detail":
            text = f"· {text}" + (f"\n  {line.url}" if line.url else "")
        elif line.kind == "foot":
            text = f"— {text}"
        done.append(text)
    return "\n".join(done)


def _markdown(text: str) -> str:
    return MARKDOWN.sub(r"\\\1", text)


def _as_markdown(lines: Sequence[Line]) -> str:
    done = []
    for line in lines:
        text, label = _markdown(line.text), _markdown(line.label)
        text = f"{label}: {text}" if label else text
        link = line.url.replace("(", "%28").replace(")", "%29")
        if line.kind in ("heading", "title"):
            text = f"**{text}**"
        elif line.kind == "link":
            text = f"[{text}]({link})"
        elif line.kind == "detail":
            text = f"- [{text}]({link})" if link else f"- {text}"
        elif line.kind == "foot":
            text = f"*{text}*"
        done.append(text)
    return "\n".join(f"{t}\n" if not t.startswith("- ") else t for t in done).rstrip()


def _as_html(lines: Sequence[Line]) -> str:
    done = []
    for line in lines:
        text, label = html.escape(line.text), html.escape(line.label)
        link = html.escape(line.url)
        text = f"{label}: {text}" if label else text
        if line.kind in ("heading", "title"):
            text = f"<b>{text}</b>"
        elif line.kind == "link":
            text = f'<a href="{link}">{text}</a>'
        elif line.kind == "detail":
            text = f'· <a href="{link}">{text}</a>' if link else f"· {text}"
        elif line.kind == "foot":
            text = f"<i>— {text}</i>"
        done.append(text)
    return "<br>\n".join(done)
