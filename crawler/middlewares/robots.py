"""Obeys robots.txt (RFC 9309) with Crawl-delay; one copy a host, at most a day old, is shared by all crawls."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from protego import Protego
from scrapy import Request
from scrapy.http.request import NO_CALLBACK

from crawler.failures import of_exception
from crawler.hosts import GIVE_UP_AFTER, MAX_CRAWL_DELAY, Hosts, host_key
from pipelines.errors import BlockedError, FetchError, NotAllowedError
from pipelines.messages import say
from pipelines.storage import hosts as store
from pipelines.storage.models import HostRow

MAX_AGE = timedelta(hours=24)
MAX_BYTES = 500 * 1024
"""RFC 9309 asks for at least this much to be read."""


class RobotsMiddleware:
    """In the place of Scrapy's: 4xx allows all, and what was read is kept in the database.

    5xx forbids all, in this crawl: an outage says nothing of the rules, so the next crawl asks anew.
    """

    def __init__(self, crawler: Any) -> None:
        self.crawler = crawler
        self.hosts: Hosts = crawler.spider.hosts
        self.agent: str = crawler.spider.agent
        self.rules: dict[str, Protego | None] = {}
        self.loading: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    @classmethod
    def from_crawler(cls, crawler: Any) -> RobotsMiddleware:
        """Built by Scrapy."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Raises NotAllowedError for an address that robots.txt forbids."""
        if request.meta.get("robots"):
            return
        host = host_key(request.url)
        if host not in self.rules:
            async with self.loading[host]:
                if host not in self.rules:
                    await self._load(host, request.url)
        rules = self.rules[host]
        if rules is None:
            raise NotAllowedError(
                say("robots.txt of {host} fails with an HTTP 5xx", host=host), failure="http-5xx", url=request.url
            )
        if not rules.can_fetch(request.url, self.agent):
            self.crawler.stats.inc_value("robots/forbidden")
            raise NotAllowedError(
                say("robots.txt of {host} forbids {url}", host=host, url=request.url[:200]),
                failure="robots",
                url=request.url,
            )

    async def _load(self, host: str, url: str) -> None:
        """Rules from the database while they are fresh, else from the host."""
        now = self.hosts.clock()
        with self.hosts.database.session() as session:
            row = session.get(HostRow, host)
            fresh = row is not None and row.robots_at is not None and now - MAX_AGE < row.robots_at <= now
            fresh = fresh and row is not None and (row.robots_status or 500) < 500
            known = (row.robots_status, row.robots_text) if row is not None and fresh else None
        if known is None:
            known = await self._fetch(url)
        status, text = known
        rules = parse_robots(status, text)
        delay = min(float(rules.crawl_delay(self.agent) or 0.0), MAX_CRAWL_DELAY) if rules else 0.0
        if rules is None:  # the host is ill, not its pages: they wait as they are
            self.hosts.states[host].failures, self.hosts.states[host].last_failure = GIVE_UP_AFTER, "http-5xx"
        elif not fresh:
            with self.hosts.database.transaction() as session:
                store.save_robots(session, host, status=status, text=text, crawl_delay=delay or None, now=now)
        self.hosts.states[host].crawl_delay = delay
        self.rules[host] = rules

    async def _fetch(self, url: str) -> tuple[int, str | None]:
        parts = urlsplit(url)
        request = Request(
            f"{parts.scheme}://{parts.netloc}/robots.txt", callback=NO_CALLBACK, meta={"robots": True}, dont_filter=True
        )
        try:
            response = await self.crawler.engine.download_async(request)
        except BlockedError:
            raise
        except FetchError as error:
            if error.failure == "redirect-loop":
                return 404, None  # RFC 9309, 2.3.1.2: too many redirects count as unavailable
            raise
        except Exception as error:
            raise FetchError(
                say("robots.txt of {host} could not be fetched", host=parts.netloc),
                failure=of_exception(error, request.url),
                url=url,
            ) from error
        text = (
            response.body[:MAX_BYTES].decode("utf-8", "replace").replace("\0", "") if response.status == 200 else None
        )
        return response.status, text


def parse_robots(status: int | None, text: str | None) -> Protego | None:
    """The rules of a robots.txt answer; None when nothing may be fetched (HTTP 5xx)."""
    if status is None or status >= 500:
        return None
    return Protego.parse(text or "")
