"""How fields, figures, versions and events read on a page."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from pipelines.messages import language, say
from scheduler.alerts.formatting import excerpts, one_line, restatement
from scheduler.alerts.words import field_name
from scheduler.textdiff import inline

BAD = {"report.withdrawn", "report.tampered", "source.failing", "source.silent"}
WARN = {"report.revised", "attachment.changed", "indicator.restated", "indicator.threshold", "source.changed"}


def label(name: str) -> str:
    """A field's name as it stands before its value."""
    return field_name(name, language()).capitalize()


def change(record: Mapping[str, Any]) -> tuple[str, list[tuple[str, str]]]:
    """What changed, and the value cut to where it did: what stayed, went (`-`) and came (`+`)."""
    old, new = (str(record.get(k) if record.get(k) is not None else "") for k in ("old", "new"))
    old, new = excerpts(old, new, 36)
    whole = [(sign, text) for sign, text in (("-", old), ("+", new)) if text]
    text = record.get("field") == "body"
    return str(record.get("name") or label(str(record.get("field")))), (inline(old, new) if text else None) or whole


def note(details: Mapping[str, Any]) -> str:
    """What an event's details say besides changed fields: a figure restated, a file's name, why a source fails."""
    if restated := restatement(details):
        return restated
    said = (details.get(key) for key in ("name", "error", "failure"))
    return next((one_line(text, 160) for text in said if isinstance(text, str) and text), "")


def safe_link(url: str | None) -> str | None:
    """The URL if a link to it can do no harm: web addresses only (no `javascript:`, no `data:`)."""
    return url if url and url.lower().startswith(("http://", "https://")) else None


def file_kind(file: Mapping[str, Any]) -> str:
    """`docx`, by a file's name, else by its type."""
    suffix = PurePosixPath(str(file.get("name") or "").split("?")[0]).suffix.lstrip(".").lower()
    if suffix.isascii() and suffix.isalnum() and len(suffix) <= 5:
        return suffix
    return str(file.get("media_type") or "").rpartition("/")[2].rpartition(".")[2][:12]


def term(code: str) -> str:
    """A code of the records in the user's words: kinds of version, states of figures, flags."""
    names = {
        "first": say("first seen"),
        "content": say("content changed"),
        "attachment": say("file changed"),
        "filled": say("completed"),
        "reextraction": say("read again"),
        "tampered": say("tampered"),
        "target": say("target"),
        "forecast": say("forecast"),
        "provisional": say("provisional"),
        "title_spam": say("spam in the title"),
        "hidden_links": say("hidden links"),
        "offsite_host": say("on a foreign host"),
        "needs_ocr": say("scanned"),
        "encrypted": say("encrypted"),
        "truncated": say("cut off"),
        "impossible_date": say("impossible date"),
        "ok": say("ok"),
    }
    return names.get(code, code.replace("_", " "))


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
