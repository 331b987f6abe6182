"""The messages of alerts: of one event, of many, and the test's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Any

from pipelines.items import iso
from scheduler.alerts.formatting import (
    Alert,
    excerpts,
    figure,
    headline,
    key_figures,
    labelled,
    local,
    one_line,
    short_time,
    value_text,
    web_link,
)
from scheduler.alerts.message import Line, Message
from scheduler.alerts.particulars import particulars
from scheduler.alerts.words import colon, field_name, word

CHANGES = 8
EXCERPT = 160
DIGEST_WITH_FIGURES = 12
"""Events of a digest up to which each shows its first figures."""


def message_for(alert: Alert, language: str, zone: tzinfo = UTC) -> Message:
    """One event's message; `zone` is the reader's, for the program's own times."""
    lines = [Line("heading", headline(alert, language)), *_facts(alert, language)]
    details: Mapping[str, Any] = alert.event.get("details") or {}
    if alert.event["type"] == "report.new":
        lines += _summary(alert, language) + _files(alert, language) + _places(details, alert, language)
    elif details.get("changes"):
        lines += _changes(details["changes"], language)
    else:
        lines += particulars(alert, language, zone)
    link = web_link((alert.event.get("report") or {}).get("url") or details.get("url") or details.get("column"))
    if link := link or web_link(alert.column_url):
        lines.append(Line("link", word("open", language), url=link))
    lines.append(foot(alert.at, language, zone))
    return Message(str(alert.event["id"]), headline(alert, language), lines, dict(alert.event), alert.at, language)


def foot(at: datetime, language: str, zone: tzinfo = UTC) -> Line:
    """The last line: who says so, and when it was seen."""
    return Line("foot", f"bureauwatch · {word('seen', language)} {local(at.isoformat(), zone)}")


def digest_for(
    alerts: Sequence[Alert], key: str, at: datetime, language: str, *, storm: bool = False, zone: tzinfo = UTC
) -> Message:
    """Many events in one message, by source; machines get them all under `event.details.events`."""
    first = alerts[0]
    source = one_line(first.source_name or first.event.get("source") or "", 60)
    subject = word("storm" if storm else "digest", language, count=len(alerts), source=source)
    lines = [Line("heading", one_line(f"{subject} · {_kinds(alerts, language)}"))]
    figures = 2 if len(alerts) <= DIGEST_WITH_FIGURES else 0
    for name in dict.fromkeys(a.source_name or "" for a in alerts):
        if name and not storm:
            lines.append(Line("title", one_line(name)))
        for alert in alerts:
            if (alert.source_name or "") == name:
                link = web_link((alert.event.get("report") or {}).get("url")) or web_link(alert.column_url)
                lines.append(Line("detail", _digest_line(alert, language, figures), url=link))
    lines.append(foot(at, language, zone))
    event: dict[str, Any] = {
        "id": key,
        "type": "digest",
        "at": iso(at),
        "source": first.event.get("source") if storm else None,
        "report": None,
        "details": {"count": len(alerts), "events": [dict(a.event) for a in alerts]},
    }
    return Message(key, one_line(f"{subject} · {_kinds(alerts, language)}", 160), lines, event, at, language)


def _kinds(alerts: Sequence[Alert], language: str) -> str:
    """`New report 3, Report withdrawn 1`."""
    counts = Counter(str(a.event["type"]) for a in alerts)
    return word("comma", language).join(f"{word(kind, language)} {count}" for kind, count in counts.most_common())


def _digest_line(alert: Alert, language: str, figures: int) -> str:
    text = headline(alert, language)
    if alert.event["type"] == "report.new":
        day = short_time(alert.report.get("published") or "")[:10]
        shown = [figure(i) for i in key_figures(alert.indicators, figures)]
        text += f" ({day})" if day else ""
        text += f" — {'; '.join(shown)}" if shown else ""
    return one_line(text, 320)


def test_message(key: str, at: datetime, language: str) -> Message:
    """What `test-channel` sends."""
    text = word("test", language)
    event: dict[str, Any] = {"id": key, "type": "test", "at": iso(at), "source": None, "report": None, "details": {}}
    lines = [Line("heading", text), Line("field", word("test_text", language)), foot(at, language)]
    return Message(key, text, lines, event, at, language)


def _facts(alert: Alert, language: str) -> list[Line]:
    facts = []
    if alert.source_name and alert.event.get("report"):
        facts.append(labelled("source", alert.source_name, language))
    for name in ("publisher", "published", "drafted", "document_number", "validity"):
        value = alert.report.get(name)
        if not value or value == alert.source_name or (name == "drafted" and alert.report.get("published")):
            continue
        facts.append(labelled(name, short_time(value) if name in ("published", "drafted") else value, language, 100))
    return facts


def _summary(alert: Alert, language: str) -> list[Line]:
    """The report's figures; where it has none, how its text begins."""
    shown = [Line("detail", figure(i)) for i in key_figures(alert.indicators)]
    if not shown:
        text = one_line(alert.report.get("body") or "", EXCERPT)
        return [Line("title", word("beginning", language)), Line("detail", text)] if text else []
    if len(alert.indicators) > len(shown):
        shown.append(Line("detail", word("more", language, count=len(alert.indicators) - len(shown))))
    return [Line("title", word("figures", language)), *shown]


def _files(alert: Alert, language: str) -> list[Line]:
    names = [str(f.get("name") or "") for f in alert.report.get("attachments") or [] if isinstance(f, Mapping)]
    text = "; ".join(one_line(name, 80) for name in names[:3] if name)
    more = f" (+{len(names) - 3})" if len(names) > 3 else ""
    return [labelled("attachments", text + more, language, 300, "detail")] if text else []


def _places(details: Mapping[str, Any], alert: Alert, language: str) -> list[Line]:
    here = (alert.event.get("report") or {}).get("url")
    urls = [p.get("url") for p in details.get("places") or [] if isinstance(p, Mapping)]
    others = [u for u in dict.fromkeys(urls) if u and u != here]
    return [labelled("also", u, language, 200, "detail") for u in others[:5]]


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
        text = f"{value_text(old, language)} → {value_text(new, language)}"
        lines.append(Line("detail", text, label=label + colon(language)))
    if len(changes) > CHANGES:
        lines.append(Line("detail", word("more", language, count=len(changes) - CHANGES)))
    return lines
