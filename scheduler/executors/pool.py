"""The service's crawls on this machine: a few subprocesses at a time, at most one a source."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import structlog

from scheduler.executors.local import GRACE, CrawlRequest, CrawlResult, run_crawl

log = structlog.get_logger("bureauwatch.crawls")


class LocalPool:
    """An executor (see base.py) over `run_crawl`."""

    def __init__(self, concurrency: int, *, deadline: float | None = None, grace: float = GRACE) -> None:
        self.on_done: Callable[[str], None] | None = None
        self._pool = ThreadPoolExecutor(concurrency, thread_name_prefix="crawl")
        self._deadline, self._grace = deadline, grace
        self._busy: set[str] = set()
        self._last: dict[str, CrawlResult] = {}
        self._lock = threading.Lock()
        self._stop = threading.Event()

    def submit(self, source_id: str, file: Path | None = None) -> bool:
        """Queues a crawl; False when one of that source waits or runs, or the pool is stopping."""
        with self._lock:
            if source_id in self._busy or self._stop.is_set():
                return False
            self._busy.add(source_id)
        self._pool.submit(self._run, CrawlRequest(source_id, file=file))
        return True

    def busy(self) -> set[str]:
        """Sources that wait or run."""
        with self._lock:
            return set(self._busy)

    def last(self, source_id: str) -> CrawlResult | None:
        """The last result of a source in this process's life."""
        return self._last.get(source_id)

    def leads(self) -> bool:
        """One machine has one service."""
        return True

    def stop(self, grace: timedelta) -> None:
        """Takes no more, tells running crawls to end and waits; `run_crawl` kills what stays."""
        self._stop.set()
        self._grace = min(self._grace, grace.total_seconds())
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _run(self, request: CrawlRequest) -> None:
        source_id = request.source_id
        try:
            result = run_crawl(request, deadline=self._deadline, grace=self._grace, stop=self._stop)
            self._last[source_id] = result
            log.info("crawled", source=source_id, outcome=result.outcome, failure=result.failure, **result.stats)
        except Exception:  # a crawl that cannot even be started must not take the pool's thread along
            log.exception("crawl could not be run", source=source_id)
        finally:
            with self._lock:
                self._busy.discard(source_id)
            if self.on_done:
                self.on_done(source_id)
