"""What runs crawls: this machine's processes or a cluster's workers, behind one face."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Protocol

from scheduler.executors.local import CrawlResult


class Executor(Protocol):
    """Takes sources to crawl; one crawl of a source at a time."""

    on_done: Callable[[str], None] | None
    """Called with the source's id after each crawl, from any thread."""

    def submit(self, source_id: str, file: Path | None = None) -> bool:
        """Queues a crawl; False when one of that source waits or runs. `file` holds the source, if not its own file."""

    def busy(self) -> set[str]:
        """Sources that wait or run."""

    def last(self, source_id: str) -> CrawlResult | None:
        """The last result of a source in this process's life."""

    def leads(self) -> bool:
        """Whether this process plans and delivers; of several services on one database one does."""

    def stop(self, grace: timedelta) -> None:
        """Takes no more; running crawls are told to end, and killed after the grace."""
