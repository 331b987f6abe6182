"""The one spider: lists a source's columns, then reads what is new and what is due. Subclassed for each source."""

from __future__ import annotations

import logging
import re
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from twisted.python.failure import Failure

from crawler.columns import ColumnCrawl
from crawler.failures import is_passing, of_exception, of_status
from crawler.frontier import Frontier, PageTask
from crawler.hosts import Hosts, running_clock
from crawler.listings import ColumnResult, Window
from crawler.platforms.base import PageRequest
from crawler.responses import charset, digest, header_map, is_document, media_type
from crawler.sources.model import Source
from pipelines.config import Config
from pipelines.errors import BureauwatchError, FetchError, SettingsError
from pipelines.items import FetchedPage
from pipelines.messages import say
from pipelines.storage import crawls, pages
from pipelines.storage.captures import Captures
from pipelines.storage.identity import url_key
from pipelines.storage.models import ColumnRow
from pipelines.storage.session import Database, open_database

logger = logging.getLogger(__name__)

DOCUMENT_TIMEOUT = 180.0
"""Seconds for a file of some megabytes from a slow host."""
FLUSH = 50
HOME = re.compile(r"/?(?:(?:index|default|home|main)\.\w{2,5})?|.*/(?:404|error|not_?found)(?:\.\w{2,5})?/?", re.I)
"""Paths that a withdrawn report is sent to: the home page, or an error page."""
STOPPING = frozenset({"disk-full", "database"})
"""Failures after which going on would lose or repeat work."""


@dataclass(slots=True)
class Trouble:
    """One failure of a crawl: its class, where, and in one sentence."""

    failure: str
    url: str
    message: str


@dataclass(slots=True)
class Tally:
    """What happened, for the crawl's record; steps and extensions add to it."""

    listed: int = 0
    read: int = 0
    failed: int = 0
    unchanged: int = 0
    dead_links: int = 0
    """Of the failed: rows that led nowhere in an earlier crawl too, which says nothing of the site's health."""
    columns: list[ColumnResult] = field(default_factory=list)
    column_troubles: list[Trouble] = field(default_factory=list)
    page_troubles: list[Trouble] = field(default_factory=list)
    missing: list[PageTask] = field(default_factory=list)
    """Known reports whose page is gone (404, 410, soft 404, sent to the home page)."""
    fatal: Trouble | None = None


class ReportSpider(Spider):
    """Class attributes come from the spider loader; arguments: since, until, full."""

    source: ClassVar[Source]
    config: ClassVar[Config]

    def __init__(self, name: str | None = None, **arguments: Any) -> None:
        super().__init__(name)
        self.window = window_of(arguments)
        self.tally = Tally()
        self.agent = user_agent(self.config)
        self.clock: Callable[[], datetime] = running_clock(self.config.clock())
        self.database: Database = open_database(self.config)
        self.captures = Captures(self.database)
        self.hosts = Hosts(self.source, self.database, self.clock, self._is_stopping)
        self.frontier = Frontier(self.database, self.source.id, self.clock, everything=self.window.mode == "full")
        self.rows: dict[str, ColumnRow] = {}
        self.crawl_id = 0
        self._unchanged: list[int] = []

    @classmethod
    def update_settings(cls, settings: Any) -> None:
        """Adds what the source's file and the installation say."""
        super().update_settings(settings)
        settings.setdict({"USER_AGENT": user_agent(cls.config)}, priority="spider")

    # -- listing -------------------------------------------------------------------------------------------------

    async def start(self) -> AsyncIterator[Any]:
        """Lists every column, one after another; pages to read come from the frontier then."""
        self._begin()
        for column in self.source.columns:
            crawl = ColumnCrawl(
                source=self.source,
                column=column,
                row=self.rows[column.url],
                database=self.database,
                clock=self.clock,
                fetch=self.fetch_listing,
                window=self.window,
                networks=self.config.private_networks,
            )
            try:
                await crawl.run()
                if crawl.result.problem:
                    self._column_failed(column.url, crawl.result.problem, None)
            except Exception as error:  # noqa: BLE001  one column's failure must not stop the others
                self._column_failed(column.url, of_exception(error, column.url), error)
            self.tally.columns.append(crawl.result)
            self.tally.listed += crawl.result.entries
            if self.tally.fatal:
                return
        self.frontier.open = True
        nothing: tuple[Request, ...] = ()
        for request in nothing:
            yield request

    async def fetch_listing(
        self, request: PageRequest, validators: tuple[str | None, str | None] | None, known: str | None = None
    ) -> Response:
        """A listing page; anything but a page (or 304) raises FetchError."""
        response = await self.crawler.engine.download_async(
            Request(
                request.url,
                method=request.method,
                body=request.body or b"",
                headers=request.headers,
                callback=NO_CALLBACK,
                meta={"validators": validators, "known_sha256": known, **self._render()},
                dont_filter=True,
            )
        )
        failure = of_status(response.status)
        if failure:
            raise FetchError(
                say("{url} answers HTTP {status}", url=request.url[:200], status=response.status),
                failure=failure,
                url=request.url,
            )
        return response

    # -- reports -------------------------------------------------------------------------------------------------

    def detail_request(self, task: PageTask) -> Request:
        """The request of a page of the frontier; conditional where it was read before."""
        meta: dict[str, Any] = {"page": task, "known_sha256": task.sha256 if task.again else None}
        if task.again and (task.etag or task.last_modified):
            meta["validators"] = (task.etag, task.last_modified)
        if task.document:
            meta["download_timeout"] = DOCUMENT_TIMEOUT
        else:
            meta.update(self._render())
        return Request(task.url, callback=self.parse_detail, errback=self.detail_failed, meta=meta, dont_filter=True)

    def parse_detail(self, response: Response) -> Iterator[FetchedPage]:
        """A report's page on its way to the steps; unchanged ones end here."""
        task: PageTask = response.meta["page"]
        if response.status == 304 or (task.again and digest(response.body) == task.sha256):
            if task.files and self.source.documents:
                self.tally.unchanged += 1
                yield self._item(task, response, unchanged=True)
            else:
                self._still_same(task)
            return
        failure = of_status(response.status)
        if failure is None and self._sent_home(task.url, response.url):
            failure = "soft-404"
        if failure:
            self._page_failed(task, failure, status=response.status)
            return
        self.tally.read += 1
        yield self._item(task, response)

    def _item(self, task: PageTask, response: Response, *, unchanged: bool = False) -> FetchedPage:
        return FetchedPage(
            source_id=self.source.id,
            column_id=task.column_id,
            page_id=task.id,
            url=task.url,
            final_url=response.url,
            raw=b"" if unchanged else response.body,
            fetched_at=self.clock(),
            status=response.status,
            media_type=media_type(response),
            charset=charset(response),
            headers=header_map(response.headers),
            capture=response.meta.get("capture"),
            crawl_id=self.crawl_id,
            hints=task.hints,
            platform=task.platform,
            zone=self.source.timezone,
            backfill=task.backfill,
            documents_wanted=self.source.documents,
            document=not unchanged and (task.document or is_document(response)),
            unchanged=unchanged,
        )

    def detail_failed(self, failure: Failure) -> None:
        """A report's page could not be had."""
        request = failure.request  # type: ignore[attr-defined]
        task: PageTask = request.meta["page"]
        error = failure.value or RuntimeError("no cause")
        name = of_exception(error, request.url)
        if name == "internal":
            logger.error("%s: %r", request.url, error, exc_info=error)
        self._page_failed(task, name, error=error)

    def page_dropped(self, item: FetchedPage, failure: str, message: str) -> None:
        """A step refused a page (an error page under status 200, an unreadable file, a full disk …)."""
        self.tally.read -= not item.unchanged
        self.tally.failed += 1
        self.tally.page_troubles.append(Trouble(failure, item.url, message))
        if failure == "soft-404" and item.page_id is not None:
            with self.database.session() as session:
                rows = pages.load_pages(session, [item.page_id])
            self.tally.missing += [PageTask.of(row) for row in rows if row.report_id is not None]
        if failure in STOPPING:
            self.stop(Trouble(failure, item.url, message))

    def flush(self) -> None:
        """Writes what was only noted so far."""
        self.captures.flush()
        if self._unchanged:
            with self.database.transaction() as session:
                pages.mark_unchanged(session, self._unchanged, crawl_id=self.crawl_id, now=self.clock())
            self._unchanged.clear()

    def close_database(self) -> None:
        """Closes all connections; the spider's end."""
        self.captures.close()
        self.database.close()

    def stop(self, trouble: Trouble) -> None:
        """Ends the crawl early; what is not read yet waits in the frontier."""
        if self.tally.fatal is None:
            self.tally.fatal = trouble
            self.frontier.open = False
            self.frontier.ready.clear()

    # -- inner ---------------------------------------------------------------------------------------------------

    def _is_stopping(self) -> bool:
        return self.tally.fatal is not None or not self.crawler.crawling

    def _begin(self) -> None:
        now = self.clock()
        with self.database.transaction() as session:
            _, self.rows = crawls.begin_source(
                session,
                source_id=self.source.id,
                name=self.source.name,
                zone=self.source.timezone,
                columns=[(column.url, column.name) for column in self.source.columns],
                now=now,
            )
            self.crawl_id = crawls.begin_crawl(session, source_id=self.source.id, mode=self.window.mode, now=now)

    def _render(self) -> dict[str, Any]:
        return {"playwright": True} if self.source.render else {}

    def _still_same(self, task: PageTask) -> None:
        self.tally.unchanged += 1
        self._unchanged.append(task.id)
        if len(self._unchanged) >= FLUSH:
            self.flush()

    def _sent_home(self, asked: str, got: str) -> bool:
        """A report that leads to a home page or back to its list is gone, whatever the status says."""
        if url_key(asked) == url_key(got):
            return False
        columns = {url_key(column.url) for column in self.source.columns}
        return bool(HOME.fullmatch(urlsplit(got).path)) or url_key(got) in columns

    def _column_failed(self, url: str, failure: str, error: Exception | None) -> None:
        if failure == "internal" and error is not None:
            logger.error("%s: %r", url, error, exc_info=error)
        message = str(error) if isinstance(error, BureauwatchError) else ""
        trouble = Trouble(failure, url, message)
        self.tally.column_troubles.append(trouble)
        if failure in STOPPING:
            self.stop(trouble)

    def _page_failed(
        self, task: PageTask, failure: str, *, status: int | None = None, error: BaseException | None = None
    ) -> None:
        if failure == "interrupted":
            return
        if failure in STOPPING or failure == "throttled":
            self.stop(Trouble(failure, task.url, str(error or "")))
            return
        self.tally.failed += 1
        self.tally.dead_links += status in (404, 410) and not task.again and task.attempts > 0
        message = str(error) if isinstance(error, BureauwatchError) else ""
        if status is not None:
            message = say("{url} answers HTTP {status}", url=task.url[:200], status=status)
        self.tally.page_troubles.append(Trouble(failure, task.url, message))
        if self.hosts.given_up(task.url):
            return  # the host is ill, not the page: it waits as it is
        if task.again and (status in (404, 410) or failure == "soft-404"):
            self.tally.missing.append(task)
            return
        with self.database.transaction() as session:
            pages.mark_failed(session, task.id, failure=failure, now=self.clock(), passing=is_passing(failure))


def user_agent(config: Config) -> str:
    """Who asks: the program and whom to write to; the user's own text goes first."""
    if config.user_agent:
        return config.user_agent
    from importlib.metadata import version

    contact = f"+{config.contact}" if config.contact else "report crawler"
    return f"bureauwatch/{version('bureauwatch')} ({contact})"


def window_of(arguments: dict[str, Any]) -> Window:
    """What a crawl with these arguments looks for.

    Raises:
        SettingsError: a day is no date.
    """
    full = str(arguments.get("full") or "").lower() in ("1", "true", "yes", "on")
    since, until = (_day(name, arguments.get(name)) for name in ("since", "until"))
    mode = "full" if full else "backfill" if since or until else "incremental"
    return Window(mode, since, until)


def _day(name: str, value: Any) -> date | None:
    if value in (None, ""):
        return None
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise SettingsError(
            say("{name}: {value} is no date", name=name, value=value), cure=say("Write it like 2021-01-31")
        ) from None


__all__ = ["ReportSpider", "Tally", "Trouble", "user_agent"]
