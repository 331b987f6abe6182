"""Counters and gauges for Prometheus, kept in a registry of their own."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crawler.sources.model import Source
from pipelines.storage.models import DeliveryRow, IncidentRow
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

        self._owed = Gauge(
            "bureauwatch_deliveries_now", "Deliveries that wait, and dead ones", ["state"], registry=mine
        )
        self._late = Gauge(
            "bureauwatch_delivery_late_seconds", "How long the most overdue delivery waits", registry=mine
        )
        self._incidents = Gauge(
            "bureauwatch_incidents_open", "Sources that are failing or silent", ["kind"], registry=mine
        )
        self._restarts = Counter(
            "bureauwatch_scheduler_restarts", "Restarts of a scheduler that stood still", registry=mine
        )

    def state(self, session: Session, now: datetime) -> None:
        """Reads what is owed and what is amiss."""
        owed = select(DeliveryRow.state, func.count()).group_by(DeliveryRow.state)
        counts = {row[0]: row[1] for row in session.execute(owed)}
        for name in ("waiting", "dead"):
            self._owed.labels(name).set(counts.get(name, 0))
        oldest = session.scalar(select(func.min(DeliveryRow.due_at)).where(DeliveryRow.state == "waiting"))
        self._late.set(max((now - oldest).total_seconds(), 0) if oldest else 0)
        spells = (
            select(IncidentRow.kind, func.count()).where(IncidentRow.closed_at.is_(None)).group_by(IncidentRow.kind)
        )
        counts = {row[0]: row[1] for row in session.execute(spells.group_by(IncidentRow.kind))}
        for name in ("failing", "silent"):
            self._incidents.labels(name).set(counts.get(name, 0))

    def restarted(self) -> None:
        """Counts a restart of the scheduler."""
        self._restarts.inc()

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
