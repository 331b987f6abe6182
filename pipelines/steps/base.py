"""What the steps share: the crawl's database and clock, and how a page is refused."""

from __future__ import annotations

import functools
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, TypeVar

from scrapy.exceptions import DropItem

from pipelines.errors import BureauwatchError, DatabaseBusyError, DiskFullError, StorageError
from pipelines.items import FetchedPage
from pipelines.storage import pages
from pipelines.storage.session import Database

logger = logging.getLogger(__name__)

PASSING = frozenset({"incomplete", "blocked", "parse", "http-5xx"})
"""Failures after which the same page may be whole another time."""


class PageRefused(DropItem):
    """A page goes no further; `failure` is its class (see `crawler/failures.py`), told in the crawl's record."""

    def __init__(self, message: str, *, failure: str) -> None:
        super().__init__(message)
        self.failure = failure


class Step:
    """Base of the steps. The spider lends its database, clock and numbers."""

    def __init__(self, crawler: Any) -> None:
        self.crawler = crawler
        self.stats = crawler.stats

    @classmethod
    def from_crawler(cls, crawler: Any) -> Step:
        """Built by Scrapy."""
        return cls(crawler)

    @property
    def database(self) -> Database:
        """The crawl's open database."""
        database: Database = self.crawler.spider.database
        return database

    def now(self) -> datetime:
        """The crawl's clock (UTC)."""
        now: datetime = self.crawler.spider.clock()
        return now

    def count(self, name: str, number: int = 1) -> None:
        """Adds to a figure of the crawl's statistics."""
        if number:
            self.stats.inc_value(name, number)

    def refuse(self, item: FetchedPage, failure: str, message: str) -> PageRefused:
        """The page is marked failed and goes no further: `raise self.refuse(…)`.

        A known report's page that turned into an error page is left to the crawl's end, where absences are judged.
        """
        self.count(f"steps/refused/{failure}")
        if item.page_id is not None and failure not in ("disk-full", "database"):
            try:
                with self.database.transaction() as session:
                    known = failure == "soft-404" and pages.has_report(session, item.page_id)
                    if not known:
                        passing = failure in PASSING
                        pages.mark_failed(session, item.page_id, failure=failure, now=self.now(), passing=passing)
            except StorageError as error:
                failure, message = of_storage(error), str(error)
        return PageRefused(message, failure=failure)


def of_storage(error: StorageError) -> str:
    """The failure class of the database's or archive's failure."""
    return "disk-full" if isinstance(error, DiskFullError) else "database"


S = TypeVar("S", bound=Step)
Process = Callable[[S, FetchedPage], Awaitable[FetchedPage]]


def guarded(process: Process[S]) -> Process[S]:
    """A step's failure costs that page only: it is refused with the class `parse`, and the crawl goes on."""

    @functools.wraps(process)
    async def process_item(self: S, item: FetchedPage) -> FetchedPage:
        try:
            return await process(self, item)
        except DropItem:
            raise
        except (DatabaseBusyError, DiskFullError, StorageError) as error:
            raise self.refuse(item, of_storage(error), str(error)) from error
        except BureauwatchError as error:
            raise self.refuse(item, "parse", str(error)) from error
        except Exception as error:
            logger.exception("%s: %s", type(self).__name__, item.url)
            raise self.refuse(item, "parse", f"{type(error).__name__}: {error}") from error

    return process_item
