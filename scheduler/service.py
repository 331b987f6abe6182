"""The service behind `bureauwatch serve`: asks what is due, has it crawled, tells the subscribers, and watches itself.

APScheduler runs a few short jobs in memory (nothing is pickled; what is due is worked out anew from the sources and the
database, so a restart, a suspend or a changed clock costs nothing): look for due sources, deliver, reload source files,
check for silence, beat. A watchdog restarts the scheduler when its beat stops.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import func, select

from crawler.sources.model import Source
from crawler.sources.registry import Registry, load_sources, sources_folder, write_source
from pipelines.archive import Archive
from pipelines.config import Config
from pipelines.errors import BureauwatchError
from pipelines.storage.models import CrawlRow, ServiceRow, SourceRow
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
LOOPS = {"tick": BEAT_LOST, "deliver": timedelta(hours=1), "reload": timedelta(minutes=2)}
"""How long each loop may go without ending a round; a round of deliveries waits for channels that hang."""
STUMBLE, MOST_STUMBLE = timedelta(minutes=1), timedelta(hours=1)
"""Wait after a crawl that could not even begin; doubled each time."""
LAST_GOOD = "last-good-sources"
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
    _last_good: dict[str, Path] = field(default_factory=dict)
    """Sources whose own file is broken: where they stand as they were last read."""
    _stumbles: dict[str, tuple[int, datetime]] = field(default_factory=dict)
    """Crawls in a row that left no trace in the database, and until when the next one waits."""
    _known: dict[str, int | None] = field(default_factory=dict)
    """A source's newest crawl when the running one was handed over."""
    _beats: dict[str, float] = field(default_factory=dict)
    """When each loop last ended a round, on the machine's steady clock: it stands still in a suspend, is never set."""
    _good: dict[str, float] = field(default_factory=dict)
    """The same of rounds without an error."""
    _last_now: datetime | None = None
    _scheduler: BackgroundScheduler | None = None
    _stopping: threading.Event = field(default_factory=threading.Event)
    _lock: threading.RLock = field(default_factory=threading.RLock)
    _restarting: threading.Lock = field(default_factory=threading.Lock)

    def start(self) -> None:
        """Loads the sources and starts all loops."""
        self.reload()
        self.executor.on_done = self._crawled
        self._start_scheduler()
        threading.Thread(target=self._watch, name="watchdog", daemon=True).start()

    def stop(self, grace: timedelta = timedelta(seconds=20)) -> None:
        """Ends in order: no new work, crawls are told to end and then killed, the scheduler stops."""
        self._stopping.set()
        with self._restarting:
            if self._scheduler:
                self._scheduler.pause()
        self.executor.stop(grace)
        if self._scheduler:
            self._scheduler.shutdown(wait=True)

    def ready(self) -> list[str]:
        """What keeps the service from its work; empty when all is well."""
        complaints = ["scheduler" if loop == "tick" else loop for loop in _overdue(self._good)]
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
        broken = {Path(error.file) for error in fresh.errors}
        places = self.registry.files
        kept = {i: s for i, s in self.registry.sources.items() if places.get(i) in broken and i not in fresh.sources}
        for error in fresh.errors:
            log.warning("source file is wrong", error=str(error))
        with self._lock:
            self.registry = Registry({**kept, **fresh.sources}, fresh.errors, {**places, **fresh.files})
            self._files = files
            self._last_good = {i: write_source(s, self.config.home / LAST_GOOD, replace=True) for i, s in kept.items()}
            self.due.clear()
            self._stumbles.clear()
        self.metrics.sources(self.registry.sources.values(), len(fresh.errors))
        log.info("sources loaded", sources=len(self.registry.sources), errors=len(fresh.errors))

    def tick(self) -> None:
        """Hands every due source to the executor, and plans those that have no time yet."""
        now = self.clock()
        if self._last_now is not None and now < self._last_now - BEAT_LOST:
            log.warning("the clock was set back; everything is planned anew", seconds=(self._last_now - now).seconds)
            self.due.clear()
            self._stumbles.clear()
        self._last_now = now
        if not self.executor.leads():
            self._beat(now)
            return
        with self._lock:
            sources = list(self.registry.sources.values())
        for source in sources:
            if source.paused or self._stopping.is_set():
                continue
            due = self.due.get(source.id) or self._plan(source, now)
            if due is not None and due <= now:
                self._known[source.id] = self._newest_crawl(source.id)
                if self.executor.submit(source.id, self._last_good.get(source.id)):
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
            due = max(due, self._stumbles.get(source.id, (0, due))[1])
            self.due[source.id] = due
            with self.database.transaction() as session:
                row = session.get(SourceRow, source.id)
                if row is not None:
                    row.next_check_at = due
        return due

    def _crawled(self, source_id: str) -> None:
        """After a crawl: plan the next one from what it left; one that left nothing must not come again at once."""
        with self._lock:
            if self._newest_crawl(source_id) != self._known.pop(source_id, None):
                self._stumbles.pop(source_id, None)
            else:
                count = self._stumbles.get(source_id, (0, None))[0]
                self._stumbles[source_id] = (count + 1, self.clock() + min(STUMBLE * 2 ** min(count, 10), MOST_STUMBLE))
            self.due.pop(source_id, None)
        self.metrics.crawled(source_id, self.executor.last(source_id))

    def _newest_crawl(self, source_id: str) -> int | None:
        with self.database.session() as session:
            return session.scalar(select(func.max(CrawlRow.id)).where(CrawlRow.source_id == source_id))

    def _beat(self, now: datetime) -> None:
        if self.last_beat is not None and timedelta(0) <= now - self.last_beat < timedelta(seconds=10):
            return
        self.last_beat = now
        with self.database.transaction() as session:
            row = session.get(ServiceRow, "heartbeat") or ServiceRow(name="heartbeat", value={})
            row.at, row.value = now, {"running": sorted(self.executor.busy()), "restarts": self.restarts}
            session.add(row)
            self.metrics.state(session, now)
        self.metrics.beat(now, self.executor.busy())

    def _start_scheduler(self) -> None:
        self._beats = dict.fromkeys(LOOPS, time.monotonic())  # each has its time from now on
        self._good = self._good or dict(self._beats)
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
                self._good[job.__name__] = time.monotonic()
            except BureauwatchError as error:
                self.metrics.job_failed(job.__name__)
                log.error("job failed", job=job.__name__, error=str(error))
            except Exception:  # the loops must outlive any mistake in one of them
                self.metrics.job_failed(job.__name__)
                log.exception("job failed", job=job.__name__)
            finally:
                self._beats[job.__name__] = time.monotonic()

        return run

    def _watch(self) -> None:
        """Starts the scheduler again when one of its loops is stuck, and says so."""
        while not self._stopping.wait(BEAT_LOST.total_seconds() / 4):
            stuck = _overdue(self._beats)
            if not stuck:
                continue
            self.restarts += 1
            self.metrics.restarted()
            log.error("the scheduler's loops stand still; it is started again", loops=stuck, restarts=self.restarts)
            with self._restarting:
                if self._stopping.is_set():
                    return
                if self._scheduler:
                    self._scheduler.shutdown(wait=False)
                self._start_scheduler()


def _overdue(rounds: dict[str, float]) -> list[str]:
    """Loops whose last round is too long ago."""
    now = time.monotonic()
    return [loop for loop, most in LOOPS.items() if now - rounds.get(loop, -1e9) > most.total_seconds()]
