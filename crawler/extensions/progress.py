"""One line of JSON on standard output now and then: how far the crawl is."""

from __future__ import annotations

import json
import sys
import time
from typing import Any

from scrapy import signals
from scrapy.exceptions import NotConfigured

EVERY = 0.5
"""Seconds between two lines at least."""


class Progress:
    """On when crawler.run asks for it; `scrapy crawl` stays quiet."""

    def __init__(self, crawler: Any) -> None:
        self.crawler = crawler
        self.last = 0.0

    @classmethod
    def from_crawler(cls, crawler: Any) -> Progress:
        """Built by Scrapy."""
        if not crawler.settings.getbool("BUREAUWATCH_PROGRESS"):
            raise NotConfigured
        self = cls(crawler)
        crawler.signals.connect(self.response_received, signal=signals.response_received)
        return self

    def response_received(self, response: Any, request: Any, spider: Any) -> None:
        """Says it, if it is time."""
        now = time.monotonic()
        if now - self.last < EVERY:
            return
        self.last = now
        tally = spider.tally
        emit(
            {
                "type": "progress",
                "source": spider.source.id,
                "listed": tally.listed,
                "new": self.crawler.stats.get_value("reports/new", 0),
                "read": tally.read + tally.unchanged,
                "failed": tally.failed,
                "url": response.url,
            }
        )


def emit(record: dict[str, Any]) -> None:
    """Writes one JSON line; a reader that went away is no failure of the crawl."""
    try:
        sys.stdout.write(json.dumps(record, ensure_ascii=False) + "\n")
        sys.stdout.flush()
    except (BrokenPipeError, ValueError):
        pass
