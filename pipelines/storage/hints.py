"""What a list's row says of a report, as the frontier keeps it with the page."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipelines.items import Attachment, Hints, to_record
from pipelines.storage.models import PageRow

DATES = ("published", "drafted")


def hints_of(session: Session, report_id: int, url: str) -> Hints:
    """What the row said that led to a report's page at this address; empty hints where none is known."""
    query = select(PageRow.hints).where(PageRow.report_id == report_id, PageRow.url == url).limit(1)
    return hints_from((session.scalar(query) or {}).get("hints") or {})


def hints_record(hints: Hints) -> dict[str, Any]:
    """Hints as JSON values, the empty ones left out."""
    return {key: value for key, value in to_record(hints).items() if value not in (None, [], "")}


def hints_from(record: dict[str, Any]) -> Hints:
    """Hints from what `hints_record` gave."""
    values = dict(record)
    for key in DATES:
        if isinstance(values.get(key), str):
            values[key] = stamp(values[key])
    values["attachments"] = [Attachment(**item) for item in values.get("attachments", [])]
    return Hints(**values)


def stamp(text: str) -> date | datetime | None:
    """A day or a moment from ISO text."""
    try:
        return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
    except ValueError:
        return None
