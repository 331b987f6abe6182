"""Last step: one transaction writes the report, its revision, figures, events, deliveries and the page's state."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from pipelines.archive import Archive
from pipelines.errors import AnotherPageError, DatabaseBusyError, ReadError, StorageError
from pipelines.items import FetchedPage
from pipelines.steps.base import Step, guarded
from pipelines.storage import reparse
from pipelines.storage.reports import save_report, save_unchanged

TRIES = 3
MOST_TOGETHER = 32
"""Pages in one transaction: other processes wait for it, and a kill loses the work, not the pages, of as many."""


@dataclass(slots=True)
class Waiting:
    """A page on its way into the database, and what became of it."""

    item: FetchedPage
    done: bool = False
    types: list[str] = field(default_factory=list)
    """Of the events that it gave rise to."""
    error: Exception | None = None


class StoreStep(Step):
    """Saves pages in a thread: the disk's flush does not hold up the downloads.

    While one transaction is written further pages gather; the next one takes all of them together.
    """

    def __init__(self, crawler: Any) -> None:
        super().__init__(crawler)
        self._turn = asyncio.Lock()
        self._waiting: list[Waiting] = []

    @guarded
    async def process_item(self, item: FetchedPage) -> FetchedPage:
        """Saves a page; its events are counted by type (`reports/new`, `reports/revised` …)."""
        own = Waiting(item)
        self._waiting.append(own)
        async with self._turn:
            if not own.done:
                batch, self._waiting = self._waiting[:MOST_TOGETHER], self._waiting[MOST_TOGETHER:]
                await asyncio.to_thread(self._save, batch)
        if isinstance(own.error, AnotherPageError):
            raise self.refuse(item, "soft-404", str(own.error)) from own.error
        if isinstance(own.error, ReadError):
            raise self.refuse(item, "incomplete", str(own.error)) from own.error
        if own.error is not None:
            raise own.error
        for event_type in own.types:
            self.count(f"events/{event_type}")
        self.count("reports/new", own.types.count("report.new"))
        self.count("reports/revised", own.types.count("report.revised"))
        if not own.types:
            self.count("reports/unchanged")
        item.raw = b""  # what was saved needs no memory
        for document in item.documents:
            document.raw = None
        return item

    def _save(self, batch: list[Waiting]) -> None:
        """Saves pages together; where that fails each for itself, so that a page which cannot be saved fails alone."""
        try:
            self._save_again(batch)
        except StorageError as error:  # the database's, not a page's
            for one in batch:
                one.error = error
        except Exception as error:  # noqa: BLE001 - told by the page's own task
            if len(batch) == 1:
                batch[0].error = error
            else:
                for one in batch:
                    self._save([one])
        for one in batch:
            one.done = True

    def _save_again(self, batch: list[Waiting]) -> None:
        """Two processes may need the same rows in another order: the one that has to yield tries again."""
        for _ in range(TRIES - 1):
            try:
                return self._save_once(batch)
            except DatabaseBusyError:
                self.count("steps/busy")
        return self._save_once(batch)

    def _save_once(self, batch: list[Waiting]) -> None:
        self.crawler.spider.captures.flush()
        with self.database.transaction() as session:
            for one in batch:
                one.types = self._save_page(session, one.item)

    def _save_page(self, session: Session, item: FetchedPage) -> list[str]:
        if item.unchanged:
            events = save_unchanged(session, item, self.now())
        else:
            archive = Archive(self.crawler.spider.config.archive)
            events = save_report(
                session,
                item,
                self.now(),
                reread=lambda capture: reparse.read_capture(session, archive, capture, hints=item.hints),
            )
        session.flush()  # the next page of the transaction is to find it
        return [event.type for event in events]
