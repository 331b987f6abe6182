"""The service behind `bureauwatch serve`: asks what is due, has it crawled, tells the subscribers, and watches itself.

APScheduler runs a few short jobs in memory (nothing is pickled; what is due is worked out anew from the sources and the
database, so a restart, a suspend or a changed clock costs nothing): look for due sources, deliver, reload source files,
check for silence, beat. A watchdog restarts the scheduler when its beat stops.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from crawler.sources.model import Source
from crawler.sources.registry import Registry, load_sources, sources_folder
from pipelines.archive import Archive
from pipelines.config import Config
from pipelines.errors import BureauwatchError
from pipelines.storage.models import ServiceRow, SourceRow
from pipelines.storage.retention import prune
from pipelines.storage.session import Database
from scheduler.alerts.outbox import deliver_due
from scheduler.calendars import load_calendar
from scheduler.due import due_at, hosts_shared, learn_rhythm
from scheduler.executors.base import Executor
from scheduler.health import check_silence
from scheduler.metrics import Metrics
from scheduler.rhythm import Rhythm

log = structlog.get_logger("bureauwatch.service")

TICK = timedelta(seconds=2)
DELIVER = timedelta(seconds=3)
RELOAD = timedelta(seconds=10)
HEALTH = timedelta(minutes=15)
PRUNE = timedelta(hours=24)
BEAT_LOST = timedelta(seconds=60)
RHYTHM_LIFE = timedelta(hours=6)


@dataclass
class Service:
    """One running service. `start` returns at once; `stop` ends crawls and waits for what is being sent."""

    config: Config
    database: Database
    executor: Executor
    metrics: Metrics = field(default_factory=Metrics)
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    registry: Registry = field(default_factory=lambda: Registry({}, []))
    due: dict[str, datetime] = field(default_factory=dict)
    """When each source is next crawled, by id; paused sources are not in it."""
    last_beat: datetime | None = None
    restarts: int = 0
    _rhythms: dict[str, tuple[datetime, Rhythm]] = field(default_factory=dict)
    _files: dict[Path, float] = field(default_factory=dict)
    _scheduler: BackgroundScheduler | None = None
    _stopping: threading.Event = field(default_factory=threading.Event)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def start(self) -> None:
        """Loads the sources and starts all loops."""
        self.reload()
        self.executor.on_done = self._crawled
        self._start_scheduler()
        threading.Thread(target=self._watch, name="watchdog", daemon=True).start()

    def stop(self, grace: timedelta = timedelta(seconds=20)) -> None:
        """Ends in order: no new work, crawls are told to end and then killed, the scheduler stops."""
        self._stopping.set()
        if self._scheduler:
            self._scheduler.pause()
        self.executor.stop(grace)
        if self._scheduler:
            self._scheduler.shutdown(wait=True)

    def ready(self) -> list[str]:
        """What keeps the service from its work; empty when all is well."""
        now, complaints = self.clock(), []
        if self.last_beat is None or now - self.last_beat > BEAT_LOST:
            complaints.append("scheduler")
        try:
            with self.database.session() as session:
                session.get(ServiceRow, "heartbeat")
        except BureauwatchError as error:
            complaints.append(f"database: {error.message}")
        return complaints

    def reload(self) -> None:
        """Reads the source files again when one changed; a broken file keeps its last good source running."""
        folder = sources_folder(self.config)
        files = {f: f.stat().st_mtime for f in folder.rglob("*.y*ml")} if folder.is_dir() else {}
        if self.registry.sources and files == self._files:
            return
        fresh = load_sources(folder)
        broken = {Path(error.file).stem for error in fresh.errors}
        kept = {id_: source for id_, source in self.registry.sources.items() if id_ in broken}
        for error in fresh.errors:
            log.warning("source file is wrong", error=str(error))
        with self._lock:
            self.registry = Registry({**kept, **fresh.sources}, fresh.errors)
            self._files = files
            self.due.clear()
        self.metrics.sources(self.registry.sources.values(), len(fresh.errors))
        log.info("sources loaded", sources=len(self.registry.sources), errors=len(fresh.errors))

    def tick(self) -> None:
        """Hands every due source to the executor, and plans those that have no time yet."""
        now = self.clock()
        if not self.executor.leads():
            self._beat(now)
            return
        with self._lock:
            sources = list(self.registry.sources.values())
        for source in sources:
            if source.paused or self._stopping.is_set():
                continue
            due = self.due.get(source.id) or self._plan(source, now)
            if due is not None and due <= now and self.executor.submit(source.id):
                self.due.pop(source.id, None)
        self._beat(now)

    def deliver(self) -> None:
        """Sends what is due."""
        if not self.executor.leads():
            return
        self.metrics.delivered(deliver_due(self.database, self.config, self.clock()))

    def check_health(self) -> None:
        """Opens and closes incidents of silence."""
        now = self.clock()
        for source in list(self.registry.sources.values()):
            with self.database.transaction() as session:
                if session.get(SourceRow, source.id) is not None:
                    check_silence(session, source, now=now)

    def prune(self) -> None:
        """Drops old captures that nothing rests on, where the settings say so."""
        if self.config.retention_days is None or not self.executor.leads():
            return
        before = self.clock() - timedelta(days=self.config.retention_days)
        with closing(Archive(self.config.archive)) as archive:
            dropped = prune(self.database, archive, before)
        log.info("old captures dropped", captures=dropped.captures)

    def _plan(self, source: Source, now: datetime) -> datetime | None:
        if source.id in self.executor.busy():
            return None
        calendar = load_calendar(source.timezone, self.config.home)
        shared = hosts_shared(self.registry.sources.values())
        host = max((shared[h] for h in hosts_shared([source])), default=1)
        with self.database.session() as session:
            learned, rhythm = self._rhythms.get(source.id, (None, None))
            if rhythm is None or learned is None or not timedelta(0) <= now - learned < RHYTHM_LIFE:
                rhythm = learn_rhythm(session, source, now=now, calendar=calendar)
                self._rhythms[source.id] = (now, rhythm)
            try:
                due = due_at(session, source, now=now, calendar=calendar, rhythm=rhythm, sharing_host=host)
            except BureauwatchError as error:
                log.error("source cannot be planned", source=source.id, error=str(error))
                due = now + timedelta(hours=1)
        if due is not None:
            self.due[source.id] = due
            with self.database.transaction() as session:
                row = session.get(SourceRow, source.id)
                if row is not None:
                    row.next_check_at = due
        return due

    def _crawled(self, source_id: str) -> None:
        """After a crawl: plan the next one from what it left."""
        with self._lock:
            self.due.pop(source_id, None)
        self.metrics.crawled(source_id, self.executor.last(source_id))

    def _beat(self, now: datetime) -> None:
        if self.last_beat is not None and timedelta(0) <= now - self.last_beat < timedelta(seconds=10):
            return
        self.last_beat = now
        with self.database.transaction() as session:
            row = session.get(ServiceRow, "heartbeat") or ServiceRow(name="heartbeat", value={})
            row.at, row.value = now, {"running": sorted(self.executor.busy()), "restarts": self.restarts}
            session.add(row)
        self.metrics.beat(now, self.executor.busy())

    def _start_scheduler(self) -> None:
        scheduler = BackgroundScheduler(
            timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": 6 * 3600}
        )
        logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a round of sending may well outlast its turn
        now = datetime.now(UTC)
        for job, every in (
            (self.tick, TICK),
            (self.deliver, DELIVER),
            (self.reload, RELOAD),
            (self.check_health, HEALTH),
            (self.prune, PRUNE),
        ):
            scheduler.add_job(
                self._guarded(job), "interval", seconds=every.total_seconds(), next_run_time=now, name=job.__name__
            )
        scheduler.start()
        self._scheduler = scheduler

    def _guarded(self, job: Callable[[], None]) -> Callable[[], None]:
        """A job whose failure is logged and counted; the next run comes all the same."""

        def run() -> None:
            try:
                job()
            except BureauwatchError as error:
                self.metrics.job_failed(job.__name__)
                log.error("job failed", job=job.__name__, error=str(error))
            except Exception:  # the loops must outlive any mistake in one of them
                self.metrics.job_failed(job.__name__)
                log.exception("job failed", job=job.__name__)

        return run

    def _watch(self) -> None:
        """Restarts a scheduler whose beat stopped."""
        while not self._stopping.wait(BEAT_LOST.total_seconds() / 4):
            if self.last_beat is None or datetime.now(UTC) - self.last_beat <= BEAT_LOST or self.config.now:
                continue
            self.restarts += 1
            log.error("the scheduler's beat stopped; it is started again", restarts=self.restarts)
            if self._scheduler:
                self._scheduler.shutdown(wait=False)
            self.last_beat = self.clock()
            self._start_scheduler()
