"""The crawl's queue: requests of the moment in memory, pages to read from the database's frontier."""

from __future__ import annotations

import heapq
import itertools
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from scrapy import Request, Spider
from scrapy.core.scheduler import BaseScheduler

from pipelines.items import Hints
from pipelines.storage import pages
from pipelines.storage.hints import hints_from
from pipelines.storage.models import PageRow
from pipelines.storage.session import Database

BATCH = 100
MAX_DUE = 200
"""Known pages read again in one crawl; the longest overdue first."""


@dataclass(frozen=True, slots=True)
class PageTask:
    """A page of the frontier as its request carries it."""

    id: int
    url: str
    column_id: int | None
    document: bool
    hints: Hints
    backfill: bool
    platform: str | None
    found_at: datetime
    again: bool
    """It was read before."""
    etag: str | None
    last_modified: str | None
    sha256: str | None
    attempts: int = 0
    """How often it could not be had, in a row."""
    files: bool = False
    """Its report has files, which are looked at even where the page is as it was."""

    @classmethod
    def of(cls, row: PageRow, *, files: bool = False) -> PageTask:
        """From its row."""
        return cls(
            id=row.id,
            url=row.url,
            column_id=row.column_id,
            document=row.role == "document",
            hints=hints_from(row.hints.get("hints") or {}),
            backfill=bool(row.hints.get("backfill")),
            platform=row.hints.get("platform"),
            found_at=row.found_at,
            again=row.report_id is not None,
            etag=row.etag,
            last_modified=row.last_modified,
            sha256=row.sha256,
            attempts=row.attempts,
            files=files,
        )


@dataclass(slots=True)
class Frontier:
    """Hands out each page once a crawl: first those never read, then those due again."""

    database: Database
    source_id: str
    clock: Callable[[], datetime]
    everything: bool = False
    open: bool = False
    """Closed while the columns are listed, so that a page is read knowing all columns it stands on."""
    after_id: int = 0
    due: deque[int] | None = None
    finished: bool = False
    """All that there was to hand out is handed out."""
    ready: deque[PageTask] = field(default_factory=deque)
    handed: set[int] = field(default_factory=set)

    def next(self) -> PageTask | None:
        """The next page to read."""
        if not self.ready and self.open and not self.finished:
            self._fill()
        return self.ready.popleft() if self.ready else None

    def pending(self) -> bool:
        """Whether `next` has one."""
        if not self.ready and self.open and not self.finished:
            self._fill()
        return bool(self.ready)

    def _fill(self) -> None:
        with self.database.session() as session:
            if self.due is None:
                limit = 1_000_000 if self.everything else MAX_DUE
                self.due = deque(
                    pages.due_pages(session, self.source_id, now=self.clock(), everything=self.everything, limit=limit)
                )
            rows = pages.waiting_pages(session, self.source_id, after_id=self.after_id, limit=BATCH)
            if rows:
                self.after_id = rows[-1].id
            elif self.due:
                ids = [self.due.popleft() for _ in range(min(BATCH, len(self.due)))]
                rows = pages.load_pages(session, ids)
            else:
                self.finished = True
            files = pages.having_files(session, [row.report_id for row in rows if row.report_id])
        for row in rows:
            if row.id not in self.handed:
                self.handed.add(row.id)
                self.ready.append(PageTask.of(row, files=row.report_id in files))


class FrontierScheduler(BaseScheduler):
    """Scrapy's scheduler over the frontier; JOBDIR queues lose pages on a kill, the database does not."""

    def __init__(self) -> None:
        self.heap: list[tuple[int, int, Request]] = []
        self.count = itertools.count()
        self.spider: Any = None

    def open(self, spider: Spider) -> None:
        """Called by the engine."""
        self.spider = spider

    def has_pending_requests(self) -> bool:
        """Whether there is more to fetch."""
        return bool(self.heap) or self.spider.frontier.pending()

    def enqueue_request(self, request: Request) -> bool:
        """Takes a redirect or a retry."""
        heapq.heappush(self.heap, (-request.priority, next(self.count), request))
        return True

    def next_request(self) -> Request | None:
        """What to fetch now."""
        if self.heap:
            return heapq.heappop(self.heap)[2]
        task = self.spider.frontier.next()
        return self.spider.detail_request(task) if task else None
