"""What is remembered of a column from crawl to crawl, and the scope of this crawl against the ones before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from crawler.listings import ColumnResult, Scope, Window
from crawler.sources.model import Column, Source
from pipelines.storage.models import ColumnRow
from pipelines.storage.session import Database

SWEEP_EVERY = timedelta(days=7)
"""Now and then the recent pages are read whatever is known, for late insertions with an old date."""
NEWS_DAYS = 7
"""An entry of a backfill that is not older than this may be news all the same."""


@dataclass(slots=True)
class ColumnState:
    """A column's row in the database, and what this crawl looks for in it."""

    source: Source
    column: Column
    row: ColumnRow
    database: Database
    clock: Callable[[], datetime]
    window: Window
    result: ColumnResult = field(default_factory=ColumnResult)
    scope: Scope = field(init=False)
    before: Scope | None = field(init=False)
    """What the column was last listed for; None when it never was."""

    def __post_init__(self) -> None:
        self.scope = Scope.of(self.column, self.source, self.window)
        stored = self.row.state.get("scope")
        self.before = Scope.read(stored) if stored else None if self.first_time else self.scope

    def __getitem__(self, key: str) -> Any:
        return self.row.state.get(key)

    @property
    def first_time(self) -> bool:
        """The column was never listed to its end: what it shows is the past, not news."""
        return not self.row.state.get("listed_at")

    @property
    def wider(self) -> bool:
        """This crawl looks for more than the column was listed for: also what is listed as it was may hold it."""
        return self.before is not None and not self.before.covers(self.scope)

    @property
    def known_keys(self) -> list[str]:
        """The keys of the addresses that the first page listed last time."""
        return list(self.row.state.get("keys", []))

    @property
    def sweep_is_due(self) -> bool:
        """Whether the recent pages are read again whatever is known."""
        swept = self.row.state.get("swept_at")
        return swept is not None and self.clock() - datetime.fromisoformat(swept) >= SWEEP_EVERY

    def is_past(self, published: date | None, title: str | None) -> bool:
        """Whether an unknown entry was there before, unread: history asked for now, or beyond what was looked for."""
        listed = self.row.state.get("listed_at")
        if listed is None or self.before is None:
            return True
        day = datetime.fromisoformat(listed).astimezone(self.source.zone).date()
        if self.window.mode == "backfill" and (published is None or day - published > timedelta(days=NEWS_DAYS)):
            return True
        if not self.wider:
            return False
        deeper = self.before.max_pages is not None and self.before.max_pages != self.scope.max_pages
        if published is None:
            return not self.before.wants(None, title) or (deeper and self.result.pages > 1)
        return published < day and (deeper or not self.before.wants(published, title))

    def listed(self) -> dict[str, Any]:
        """What is noted at the end: when, and for what; a narrower look takes nothing from an earlier one."""
        asked = self.window.since or self.window.until
        scope = self.scope
        if asked and self.before is not None and not self.first_time and not scope.covers(self.before):
            scope = self.before
        return {"listed_at": self.clock().isoformat(), "scope": scope.record()}

    def save(self, checked_at: datetime | None = None, changed_at: datetime | None = None, **state: Any) -> None:
        """Writes the column's row; a value of None takes a key of its state away."""
        kept = {key: value for key, value in {**self.row.state, **state}.items() if value is not None}
        self.row.state = kept
        self.row.checked_at = checked_at or self.row.checked_at
        self.row.changed_at = changed_at or self.row.changed_at
        newest = self.result.newest
        if newest and (self.row.newest_published is None or newest > self.row.newest_published):
            self.row.newest_published = newest
        with self.database.transaction() as session:
            session.merge(self.row)
