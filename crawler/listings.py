"""What listing a column works with: the window looked for, the result, and small pure rules over entries' keys."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from crawler.platforms.base import PageRequest
from crawler.sources.model import Column, Source


@dataclass(frozen=True, slots=True)
class Window:
    """What a crawl looks for."""

    mode: str = "incremental"
    """incremental, backfill (since, until) or full."""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """Which entries of a column a crawl takes up. What lay outside an earlier crawl's scope is unknown, but no news."""

    since: date | None = None
    until: date | None = None
    keywords: tuple[str, ...] = ()
    max_pages: int | None = None

    @classmethod
    def of(cls, column: Column, source: Source, window: Window) -> Scope:
        """What a crawl with this window looks for in a column."""
        return cls(window.since or source.start_date, window.until, tuple(column.keywords), column.max_pages)

    def wants(self, published: date | None, title: str | None) -> bool:
        """Whether an entry belongs to it; one without a date may."""
        if self.keywords and not any(word in (title or "") for word in self.keywords):
            return False
        if published is None:
            return True
        return not ((self.since and published < self.since) or (self.until and published > self.until))

    def covers(self, other: Scope) -> bool:
        """Whether nothing that `other` wants is outside of this one."""
        return (
            (self.since is None or (other.since is not None and other.since >= self.since))
            and (self.until is None or (other.until is not None and other.until <= self.until))
            and (not self.keywords or (bool(other.keywords) and set(other.keywords) <= set(self.keywords)))
            and (self.max_pages is None or (other.max_pages is not None and other.max_pages <= self.max_pages))
        )

    def record(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "since": self.since.isoformat() if self.since else None,
            "until": self.until.isoformat() if self.until else None,
            "keywords": list(self.keywords),
            "max_pages": self.max_pages,
        }

    @classmethod
    def read(cls, record: dict[str, Any]) -> Scope:
        """From what `record` gave."""
        days = [date.fromisoformat(record[key]) if record.get(key) else None for key in ("since", "until")]
        return cls(days[0], days[1], tuple(record.get("keywords") or ()), record.get("max_pages"))


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
