"""A listing's entries on their way to the frontier: which are wanted, which are known, which are no news."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from crawler.columnstate import ColumnState
from crawler.listings import day_of
from crawler.platforms.base import Entry
from pipelines.errors import NotAllowedError
from pipelines.net import Network, check_url
from pipelines.storage import pages
from pipelines.storage.hints import hints_record
from pipelines.storage.identity import url_key

CHUNK = 1000


@dataclass(slots=True)
class Entries:
    """Takes up the entries of one column in one crawl."""

    state: ColumnState
    networks: Sequence[Network]
    seen: set[int] = field(default_factory=set)
    """Hashes of the keys of all addresses that this crawl has met."""

    def take(self, entries: list[Entry]) -> tuple[list[bool], int]:
        """Stores the wanted entries; for each entry whether it adds nothing new, and how many were never met before."""
        state = self.state
        flags = [True] * len(entries)
        wanted: list[int] = []
        fresh = 0
        for position, entry in enumerate(entries):
            key = hash(url_key(entry.url))
            if key in self.seen:
                continue
            self.seen.add(key)
            fresh += 1
            if self._wanted(entry):
                wanted.append(position)
        for start in range(0, len(wanted), CHUNK):
            chunk = wanted[start : start + CHUNK]
            with state.database.transaction() as session:
                added = pages.add_entries(
                    session,
                    source_id=state.source.id,
                    column_id=state.row.id,
                    entries=[self._found(entries[position]) for position in chunk],
                    now=state.clock(),
                )
            state.result.new += added.new
            for position, known in zip(chunk, added.known, strict=True):
                flags[position] = known
        state.result.entries += fresh
        return flags, fresh

    def all_before_window(self, entries: list[Entry]) -> bool:
        """Whether every entry is older than what this crawl looks for; pinned ones do not count."""
        since = self.state.scope.since
        days = [day_of(entry.hints.published) for entry in entries if not entry.pinned]
        return bool(since and days) and all(day is not None and since is not None and day < since for day in days)

    def _wanted(self, entry: Entry) -> bool:
        try:
            check_url(entry.url, self.networks)
        except NotAllowedError:
            return False
        if url_key(entry.url) == url_key(self.state.column.url):
            return False
        return self.state.scope.wants(day_of(entry.hints.published), entry.hints.title)

    def _found(self, entry: Entry) -> pages.FoundEntry:
        state, result = self.state, self.state.result
        published = day_of(entry.hints.published)
        if published is not None:
            moment = datetime(published.year, published.month, published.day, tzinfo=state.source.zone)
            if result.newest is None or moment > result.newest:
                result.newest = moment
        hints: dict[str, Any] = {"hints": hints_record(entry.hints), "platform": state.row.platform}
        if state.first_time or state.is_past(published, entry.hints.title):
            hints["backfill"] = True
        return pages.FoundEntry(entry.url, "document" if entry.document else "detail", hints)
