"""Last step: one transaction writes the report, its revision, figures, events, deliveries and the page's state."""

from __future__ import annotations

import asyncio
from typing import Any

from pipelines.archive import Archive
from pipelines.errors import DatabaseBusyError, ReadError
from pipelines.items import FetchedPage
from pipelines.steps.base import Step, guarded
from pipelines.storage import reparse
from pipelines.storage.reports import save_report, save_unchanged

TRIES = 3


class StoreStep(Step):
    """Saves pages one after another, in a thread: the disk's flush does not hold up the downloads."""

    def __init__(self, crawler: Any) -> None:
        super().__init__(crawler)
        self._turn = asyncio.Lock()

    @guarded
    async def process_item(self, item: FetchedPage) -> FetchedPage:
        """Saves a page; its events are counted by type (`reports/new`, `reports/revised` …)."""
        async with self._turn:
            try:
                types = await asyncio.to_thread(self._save_again, item)
            except ReadError as error:
                raise self.refuse(item, "incomplete", str(error)) from error
        for event_type in types:
            self.count(f"events/{event_type}")
        self.count("reports/new", types.count("report.new"))
        self.count("reports/revised", types.count("report.revised"))
        if not types:
            self.count("reports/unchanged")
        item.raw = b""  # what was saved needs no memory
        for document in item.documents:
            document.raw = None
        return item

    def _save_again(self, item: FetchedPage) -> list[str]:
        """Two processes may need the same rows in another order: the one that has to yield tries again."""
        for _ in range(TRIES - 1):
            try:
                return self._save(item)
            except DatabaseBusyError:
                self.count("steps/busy")
        return self._save(item)

    def _save(self, item: FetchedPage) -> list[str]:
        archive = Archive(self.crawler.spider.config.archive)
        with self.database.transaction() as session:
            if item.unchanged:
                events = save_unchanged(session, item, self.now())
            else:
                events = save_report(
                    session,
                    item,
                    self.now(),
                    reread=lambda capture: reparse.read_capture(session, archive, capture, hints=item.hints),
                )
            return [event.type for event in events]
