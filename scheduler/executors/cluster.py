"""Crawls on many machines: jobs in a Procrastinate queue on the product's own PostgreSQL, for `bureauwatch worker`.

`queueing_lock` keeps one waiting crawl a source, `lock` one running crawl a host. A worker that dies leaves its job
`doing`; whoever leads rescues such jobs by the workers' heartbeats. Many services may serve pages; the one that
holds an advisory lock plans and delivers.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import procrastinate
import psycopg
import structlog
from procrastinate import exceptions
from procrastinate.jobs import Status
from sqlalchemy.engine import make_url

from crawler.sources.registry import load_sources, sources_folder
from pipelines.config import Config
from pipelines.errors import SettingsError
from pipelines.messages import say
from scheduler.executors.local import CrawlRequest, CrawlResult, run_crawl

log = structlog.get_logger("bureauwatch.cluster")

QUEUE = "crawl"
LEADER_KEY = 0x6275_7265_6175  # "bureau"
POLL = 2.0
HEARTBEAT, STALLED = 5.0, 20.0
RESCUE = timedelta(seconds=15)


def conninfo(config: Config) -> str:
    """The libpq URL of the product's database.

    Raises:
        SettingsError: it is no PostgreSQL.
    """
    url = make_url(config.database)
    if url.get_backend_name() != "postgresql":
        raise SettingsError(
            say("The cluster queue needs PostgreSQL, not {name}", name=url.get_backend_name()),
            cure=say("Set BUREAUWATCH_DATABASE_URL=postgresql+psycopg://user@host/name"),
        )
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


Task = procrastinate.tasks.Task[Any, Any, Any]


def make_queue(config: Config, *, asynchronous: bool) -> tuple[procrastinate.App, Task]:
    """The queue and its one task; a worker wants the asynchronous connector, everybody else the plain one."""
    connector: procrastinate.BaseConnector
    if asynchronous:
        connector = procrastinate.PsycopgConnector(conninfo=conninfo(config))
    else:
        connector = procrastinate.SyncPsycopgConnector(conninfo=conninfo(config))
    app = procrastinate.App(connector=connector)

    @app.task(queue=QUEUE, name="crawl")
    async def crawl(source_id: str, full: bool = False) -> str:
        stop = threading.Event()
        try:
            result = await asyncio.to_thread(run_crawl, CrawlRequest(source_id, full=full), stop=stop)
        except asyncio.CancelledError:
            stop.set()
            raise
        log.info("crawled", source=source_id, outcome=result.outcome, failure=result.failure)
        return result.outcome

    return app, crawl


def apply_schema(config: Config) -> None:
    """Makes the queue's tables when they are not there; several callers at once do no harm."""
    app, _ = make_queue(config, asynchronous=False)
    with psycopg.connect(conninfo(config), autocommit=True) as connection, app.open():
        connection.execute("SELECT pg_advisory_lock(%s)", [LEADER_KEY + 1])
        row = connection.execute("SELECT to_regclass('procrastinate_jobs')").fetchone()
        if row is None or row[0] is None:
            app.schema_manager.apply_schema()


class ClusterExecutor:
    """An executor (see base.py) that puts crawls into the queue and watches them leave it."""

    def __init__(self, config: Config) -> None:
        self.on_done: Callable[[str], None] | None = None
        apply_schema(config)
        self._config = config
        self._app, self._crawl = make_queue(config, asynchronous=False)
        self._app.open()
        self._leader: psycopg.Connection | None = None
        self._busy: set[str] = set()
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._rescued_at = datetime.now(UTC)
        self._watcher = threading.Thread(target=self._watch, name="queue", daemon=True)
        self._watcher.start()

    def submit(self, source_id: str, file: Path | None = None) -> bool:
        """Queues a crawl; False when one of that source waits, or another service leads."""
        if self._stop.is_set() or not self.leads():
            return False
        source = load_sources(sources_folder(self._config)).sources.get(source_id)
        host = urlsplit(source.columns[0].url).hostname if source else source_id
        try:
            self._crawl.configure(lock=f"host:{host}", queueing_lock=f"crawl:{source_id}").defer(source_id=source_id)
        except exceptions.AlreadyEnqueued:
            return False
        with self._lock:
            self._busy.add(source_id)
        return True

    def busy(self) -> set[str]:
        """Sources that wait or run anywhere."""
        with self._lock:
            return set(self._busy)

    def last(self, source_id: str) -> CrawlResult | None:
        """Unknown here: the crawl table has it."""
        return None

    def leads(self) -> bool:
        """Whether this service plans and delivers: it holds the advisory lock, or just got it."""
        try:
            if self._leader is None or self._leader.closed:
                self._leader = psycopg.connect(conninfo(self._config), autocommit=True)
                row = self._leader.execute("SELECT pg_try_advisory_lock(%s)", [LEADER_KEY]).fetchone()
                if not (row and row[0]):
                    self._leader.close()
                    return False
            self._leader.execute("SELECT 1")
        except psycopg.Error:
            if self._leader is not None:
                self._leader.close()
            return False
        return True

    def stop(self, grace: timedelta) -> None:
        """Lets go of the queue; workers finish what they run."""
        self.close()

    def close(self) -> None:
        """Gives up leading and closes the connections; more than once does no harm."""
        if self._stop.is_set():
            return
        self._stop.set()
        self._watcher.join(10)
        if self._leader is not None:
            self._leader.close()
        self._app.close()

    def _watch(self) -> None:
        while not self._stop.wait(POLL):
            try:
                jobs = [
                    job
                    for state in (Status.TODO.value, Status.DOING.value)
                    for job in self._app.job_manager.list_jobs(queue=QUEUE, status=state)
                ]
                if datetime.now(UTC) - self._rescued_at > RESCUE and self.leads():
                    self._rescued_at = datetime.now(UTC)
                    asyncio.run(rescue(self._config))
            except (psycopg.Error, exceptions.ConnectorException) as error:
                log.warning("the queue does not answer", error=str(error))
                continue
            now = {str(job.task_kwargs["source_id"]) for job in jobs}
            with self._lock:
                done, self._busy = self._busy - now, now
            for source_id in done:
                if self.on_done:
                    self.on_done(source_id)


async def rescue(config: Config) -> int:
    """Gives the jobs of dead workers back to the queue; returns how many."""
    app, _ = make_queue(config, asynchronous=True)
    count = 0
    async with app.open_async():
        for job in await app.job_manager.get_stalled_jobs(queue=QUEUE, seconds_since_heartbeat=STALLED):
            assert job.id is not None  # noqa: S101 - it comes from the database
            try:
                await app.job_manager.retry_job(job)
            except (exceptions.AlreadyEnqueued, exceptions.ConnectorException, psycopg.errors.UniqueViolation):
                # A newer crawl of the source waits already: the dead one is over.
                await app.job_manager.finish_job_by_id_async(job.id, Status.FAILED, delete_job=False)
            count += 1
            log.warning("rescued the crawl of a dead worker", source=job.task_kwargs.get("source_id"))
    return count


def run_worker(config: Config, *, concurrency: int | None = None) -> None:
    """Takes crawls from the queue until SIGTERM; running crawls get their grace.

    Raises:
        SettingsError: the database is no PostgreSQL.
    """
    apply_schema(config)
    app, _ = make_queue(config, asynchronous=True)

    async def take() -> None:
        async with app.open_async():
            await app.run_worker_async(
                queues=[QUEUE],
                concurrency=concurrency or config.concurrency,
                update_heartbeat_interval=HEARTBEAT,
                stalled_worker_timeout=STALLED,
                shutdown_graceful_timeout=30,
                delete_jobs="successful",
            )

    asyncio.run(take())
