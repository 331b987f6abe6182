"""What listing a column works with: the window looked for, the result, and small pure rules over entries' keys."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from crawler.platforms.base import PageRequest


@dataclass(frozen=True, slots=True)
class Window:
    """What a crawl looks for."""

    mode: str = "incremental"
    """incremental, backfill (since, until) or full."""
    since: date | None = None
    until: date | None = None


@dataclass(slots=True)
class ColumnResult:
    """How listing a column went."""

    entries: int = 0
    new: int = 0
    pages: int = 0
    unchanged: bool = False
    changed_platform: tuple[str, str] | None = None
    newest: datetime | None = None
    problem: str | None = None
    """A failure class although entries were read: far fewer than usual."""


def vanished_keys(before: list[str], now: list[str]) -> list[str]:
    """Entries that left a list's first page although newer ones did not push them off its end.

    More than half at once is another list, not a withdrawal.
    """
    current = set(now)
    pushed = len([key for key in now if key not in set(before)])
    stayed = before[: len(before) - pushed] if pushed else before
    gone = [key for key in stayed if key not in current]
    return gone if len(gone) * 2 <= len(before) else []


def request_record(request: PageRequest) -> dict[str, Any]:
    """A page request as JSON values."""
    return dataclasses.asdict(request)


def request_from(record: dict[str, Any]) -> PageRequest:
    """A page request from what `request_record` gave."""
    return PageRequest(**record)


def day_of(value: date | datetime | None) -> date | None:
    """The calendar day of a stamp."""
    return value.date() if isinstance(value, datetime) else value
