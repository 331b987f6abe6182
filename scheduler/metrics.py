"""Counters and gauges for Prometheus, kept in a registry of their own."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from crawler.sources.model import Source
from scheduler.alerts.outbox import DeliverySummary
from scheduler.executors.local import CrawlResult


class Metrics:
    """All figures of one service; `render` gives the text of `/metrics`."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        mine = self.registry
        self._crawls = Counter(
            "bureauwatch_crawls", "Crawls by outcome and failure class", ["outcome", "failure"], registry=mine
        )
        self._seconds = Histogram(
            "bureauwatch_crawl_seconds", "Length of crawls", buckets=(1, 3, 10, 30, 100, 300, 1000, 3600), registry=mine
        )
        self._pages = Counter("bureauwatch_pages", "Pages by what became of them", ["result"], registry=mine)
        self._bytes = Counter("bureauwatch_fetched_bytes", "Bytes fetched", registry=mine)
        self._deliveries = Counter("bureauwatch_deliveries", "Deliveries by result", ["result"], registry=mine)
        self._jobs = Counter("bureauwatch_job_failures", "Failures of the service's own loops", ["job"], registry=mine)
        self._sources = Gauge("bureauwatch_sources", "Sources by state", ["state"], registry=mine)
        self._running = Gauge("bureauwatch_crawls_busy", "Crawls waiting or running", registry=mine)
        self._beat = Gauge("bureauwatch_heartbeat_timestamp_seconds", "Last beat of the scheduler", registry=mine)

    def crawled(self, source_id: str, result: CrawlResult | None) -> None:
        """Counts one crawl."""
        if result is None:
            return
        self._crawls.labels(result.outcome, result.failure or "").inc()
        stats = result.stats
        self._seconds.observe(result.seconds)
        self._bytes.inc(float(stats.get("bytes") or 0))
        for name in ("requests", "not_modified", "new", "revised", "unchanged", "failed", "entries"):
            self._pages.labels(name).inc(float(stats.get(name) or 0))

    def delivered(self, summary: DeliverySummary) -> None:
        """Counts a round of deliveries."""
        for name in ("sent", "failed", "dead"):
            self._deliveries.labels(name).inc(getattr(summary, name))

    def job_failed(self, job: str) -> None:
        """Counts a failure of a loop."""
        self._jobs.labels(job).inc()

    def sources(self, sources: Iterable[Source], broken: int) -> None:
        """Sets how many sources are active, paused or broken."""
        paused = [bool(source.paused) for source in sources]
        self._sources.labels("active").set(len(paused) - sum(paused))
        self._sources.labels("paused").set(sum(paused))
        self._sources.labels("broken").set(broken)

    def beat(self, now: datetime, busy: Collection[str]) -> None:
        """Notes that the scheduler is alive."""
        self._beat.set(now.timestamp())
        self._running.set(len(busy))

    def render(self) -> bytes:
        """The exposition text."""
        return generate_latest(self.registry)
