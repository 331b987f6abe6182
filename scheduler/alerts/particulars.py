"""What is told of each kind of event besides the report's own facts: why, since when, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import tzinfo
from typing import Any

from pipelines.messages import speaking
from scheduler.alerts.formatting import Alert, figure, labelled, local, one_line, restatement, value_text
from scheduler.alerts.message import Line
from scheduler.alerts.words import word

Details = Mapping[str, Any]
LEFT_OUT = ("backfill", "url", "title", "subscription", "series", "report", "earlier_report", "attachment", "revision")


def particulars(alert: Alert, language: str, zone: tzinfo) -> list[Line]:
    """The lines of an event that is neither a new report nor a list of changes."""
    details: Details = alert.event.get("details") or {}
    teller = TELLERS.get(str(alert.event["type"]))
    if teller is not None:
        return teller(details, language, zone)
    return [
        labelled(key, value_text(value, language), language, kind="detail")
        for key, value in details.items()
        if value not in (None, "", [], {}) and key not in LEFT_OUT
    ][:8]


def _restated(details: Details, language: str, zone: tzinfo) -> list[Line]:  # noqa: ARG001 - all tellers look alike
    told = restatement(details)
    lines = [Line("field", told)] if told else []
    return lines + [
        labelled(key, details[key], language, 160, "detail")
        for key in ("old_quote", "new_quote", "earlier_title")
        if details.get(key)
    ]


def _crossed(details: Details, language: str, zone: tzinfo) -> list[Line]:  # noqa: ARG001
    indicator: Details = details.get("indicator") or {}
    period = f" ({details['period']})" if details.get("period") else ""
    lines = [Line("field", one_line(figure(indicator) + period))] if indicator.get("name") else []
    lines += [labelled("rule", details["threshold"], language)] if details.get("threshold") else []
    return lines + ([labelled("quote", indicator["quote"], language, 160, "detail")] if indicator.get("quote") else [])


def _withdrawn(details: Details, language: str, zone: tzinfo) -> list[Line]:
    lines = [labelled("gone_since", local(details["since"], zone), language)] if details.get("since") else []
    if details.get("checks"):
        lines.append(labelled("confirmed", details["checks"], language))
    return lines + _why(details.get("reason"), language, cure=False)


def _tampered(details: Details, language: str, zone: tzinfo) -> list[Line]:  # noqa: ARG001
    flags = [word(flag, language) for flag in details.get("flags") or []]
    lines = [labelled("signs", "; ".join(flags), language)] if flags else []
    lines += [labelled("title_raw", details["title_raw"], language, 160)] if details.get("title_raw") else []
    return [*lines, Line("detail", word("tampered_note", language))]


def _attachment(details: Details, language: str, zone: tzinfo) -> list[Line]:  # noqa: ARG001
    sizes = [size for side in ("old", "new") if isinstance(size := (details.get(side) or {}).get("size"), int)]
    lines = [labelled("file", details.get("name") or details.get("url") or "", language)]
    if len(sizes) == 2:
        lines.append(labelled("size", " → ".join(f"{size / 1024:,.1f} KB" for size in sizes), language, 80))
    return lines


def _failing(details: Details, language: str, zone: tzinfo) -> list[Line]:
    lines = _why(details.get("failure"), language, cure=True)
    lines += [labelled("since", local(details["since"], zone), language)] if details.get("since") else []
    lines += [labelled("failed_checks", details["checks"], language)] if details.get("checks") else []
    return lines + ([labelled("error", details["error"], language, 300, "detail")] if details.get("error") else [])


def _recovered(details: Details, language: str, zone: tzinfo) -> list[Line]:
    lines = [labelled("was_down_since", local(details["since"], zone), language)] if details.get("since") else []
    lines += [labelled("failed_checks", details["checks"], language)] if details.get("checks") else []
    return lines + _why(details.get("failure"), language, cure=False)


def _silent(details: Details, language: str, zone: tzinfo) -> list[Line]:  # noqa: ARG001
    by = word(f"by_{details.get('by')}", language)
    return [
        labelled("newest", details.get("newest") or word("none", language), language),
        labelled("silent_days", word("days", language, count=details.get("days")), language),
        labelled("allowed_days", f"{word('days', language, count=details.get('allowed'))} ({by})", language),
        Line("detail", word("silent_cure", language)),
    ]


def _changed(details: Details, language: str, zone: tzinfo) -> list[Line]:  # noqa: ARG001
    platform: Details = details.get("platform") or {}
    lines = [labelled("column", details["column"], language)] if details.get("column") else []
    if platform.get("old") or platform.get("new"):
        sides = (value_text(platform.get(side), language) for side in ("old", "new"))
        lines.append(labelled("platform", " → ".join(dict.fromkeys(sides)), language))
    return [*lines, Line("detail", word("changed_cure", language))]


def _why(failure: object, language: str, *, cure: bool) -> list[Line]:
    """A failure class as a sentence, and what to do about it; the class's name where it is not known."""
    if not failure:
        return []
    from crawler.failures import CLASSES  # takes its time to load, and is needed when something is wrong

    found = CLASSES.get(str(failure))
    if found is None:
        return [labelled("failure", failure, language)]
    with speaking(language):
        lines = [labelled("failure", found.sentence(), language)]
        return [*lines, labelled("cure", found.cure(), language)] if cure else lines


TELLERS: dict[str, Callable[[Details, str, tzinfo], list[Line]]] = {
    "indicator.restated": _restated,
    "indicator.threshold": _crossed,
    "report.withdrawn": _withdrawn,
    "report.tampered": _tampered,
    "attachment.changed": _attachment,
    "source.failing": _failing,
    "source.recovered": _recovered,
    "source.silent": _silent,
    "source.changed": _changed,
}
