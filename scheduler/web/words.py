"""How figures and events read on a page."""

from __future__ import annotations

from pipelines.messages import say

BAD = {"report.withdrawn", "report.tampered", "source.failing", "source.silent"}
WARN = {"report.revised", "attachment.changed", "indicator.restated", "indicator.threshold", "source.changed"}


def number(value: float | int | None) -> str:
    """A figure with thousands marks; whole numbers without a point."""
    if value is None:
        return ""
    if float(value).is_integer() and abs(value) < 1e15:
        return f"{int(value):,}"
    return f"{value:,.10g}"


def safe_link(url: str | None) -> str | None:
    """The URL if a link to it can do no harm: web addresses only (no `javascript:`, no `data:`)."""
    return url if url and url.lower().startswith(("http://", "https://")) else None


def event_name(kind: str) -> str:
    """An event's type in the user's words."""
    names = {
        "report.new": say("new report"),
        "report.revised": say("revised"),
        "report.withdrawn": say("withdrawn"),
        "report.restored": say("restored"),
        "report.tampered": say("tampered"),
        "attachment.changed": say("attachment changed"),
        "indicator.restated": say("figure restated"),
        "indicator.threshold": say("threshold crossed"),
        "source.failing": say("source failing"),
        "source.recovered": say("source recovered"),
        "source.silent": say("source silent"),
        "source.changed": say("source changed"),
    }
    return names.get(kind, kind)


def event_class(kind: str) -> str:
    """The chip's class for an event."""
    return "bad" if kind in BAD else "warn" if kind in WARN else "good"
