"""Politeness of one crawl towards every host it asks, shared with all other crawls through the database."""

from __future__ import annotations

import asyncio
import random
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from crawler.sources.model import Source
from pipelines.errors import FetchError
from pipelines.messages import say
from pipelines.storage import hosts as store
from pipelines.storage.session import Database

MAX_CRAWL_DELAY = 120.0
"""Seconds; robots.txt files with more mean 'stay away', and one page in two minutes is that."""
MAX_WAIT = 30.0
"""Seconds that a crawl waits for a paused host; for longer ones it ends, and the next crawl goes on."""
LADDER = (2.0, 8.0, 30.0, 120.0, 600.0, 3600.0)
"""Seconds that a host which says 'too many' without naming a time is left alone, by refusals in a row."""
GIVE_UP_AFTER = 6
"""Pages in a row that failed at the network after which a crawl asks the host no more."""

Clock = Callable[[], datetime]


@dataclass(slots=True)
class HostState:
    """What this crawl knows of one host."""

    crawl_delay: float = 0.0
    paused_until: datetime | None = None
    refusals: int = 0
    failures: int = 0
    last_failure: str | None = None
    loaded: bool = False
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


def host_key(url: str) -> str:
    """The host of a URL with its port where that is not the scheme's own."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    port = parts.port
    return host if port in (None, 80, 443) else f"{host}:{port}"


class Hosts:
    """Turns, pauses and give-ups; a delay of 0 without robots' Crawl-delay costs no database access."""

    def __init__(self, source: Source, database: Database, clock: Clock, stopping: Callable[[], bool]) -> None:
        self.source, self.database, self.clock, self.stopping = source, database, clock, stopping
        self.states: defaultdict[str, HostState] = defaultdict(HostState)

    def state(self, url: str) -> HostState:
        """The host's state; a pause left by an earlier crawl is read once."""
        host = host_key(url)
        state = self.states[host]
        if not state.loaded:
            state.loaded = True
            with self.database.session() as session:
                state.paused_until = store.paused_until(session, host, now=self.clock())
        return state

    def delay(self, url: str) -> float:
        """Seconds between two requests to the host: the source's, or robots.txt's if that is more."""
        return max(self.source.politeness.delay, self.states[host_key(url)].crawl_delay)

    async def turn(self, url: str) -> None:
        """Waits until a request to the host is polite.

        Raises:
            FetchError: the host is in a longer pause, or has failed so often that this crawl leaves it alone.
        """
        state = self.state(url)
        self._refuse_if_given_up(state, url)
        if state.paused_until is None and self.delay(url) == 0:
            return
        async with state.turn:
            await self._wait_for_pause(state, url)
            self._refuse_if_given_up(state, url)
            delay = self.delay(url)
            if delay:
                now = self.clock()
                with self.database.transaction() as session:
                    spread = delay * random.uniform(1.0, 1.25)  # noqa: S311  jitter, no secret
                    slot = store.reserve_slot(session, host_key(url), delay=spread, now=now)
                await self._sleep((slot - now).total_seconds(), url)

    def pause(self, url: str, retry_after: str | None, reason: str) -> float:
        """Pauses a host that refused, for the time it names or by the ladder; returns the seconds."""
        state = self.state(url)
        now = self.clock()
        state.refusals += 1
        seconds = parse_retry_after(retry_after, now)
        if seconds is None:
            seconds = LADDER[min(state.refusals, len(LADDER)) - 1]
        with self.database.transaction() as session:
            state.paused_until = store.pause_host(
                session, host_key(url), until=now + timedelta(seconds=seconds), reason=reason, now=now
            )
        return (state.paused_until - now).total_seconds()

    def answered(self, url: str) -> None:
        """The host gave a proper answer: ladders start anew."""
        state = self.states[host_key(url)]
        state.refusals = state.failures = 0

    def failed(self, url: str, failure: str) -> None:
        """A network failure or HTTP 5xx of the host."""
        state = self.states[host_key(url)]
        state.failures += 1
        state.last_failure = failure

    def given_up(self, url: str) -> bool:
        """Whether this crawl asks the host no more."""
        return self.states[host_key(url)].failures >= GIVE_UP_AFTER

    def _refuse_if_given_up(self, state: HostState, url: str) -> None:
        if state.failures >= GIVE_UP_AFTER:
            failure = state.last_failure or "timeout"
            raise FetchError(
                say("The host failed {count} times in a row", count=state.failures), failure=failure, url=url
            )

    async def _sleep(self, seconds: float, url: str) -> None:
        """Waits, in small steps: a crawl that is told to stop must not wait for its turn."""
        end = time.monotonic() + seconds
        while True:
            if self.stopping():
                raise FetchError(say("The crawl was stopped before its end"), failure="interrupted", url=url)
            left = end - time.monotonic()
            if left <= 0:
                return
            await asyncio.sleep(min(left, 0.25))

    async def _wait_for_pause(self, state: HostState, url: str) -> None:
        while state.paused_until is not None:
            seconds = (state.paused_until - self.clock()).total_seconds()
            if seconds <= 0:
                state.paused_until = None
                return
            if seconds > MAX_WAIT:
                until = state.paused_until.astimezone(self.source.zone)
                raise FetchError(
                    say(
                        "{host} asked to be left alone until {until}",
                        host=host_key(url),
                        until=f"{until:%Y-%m-%d %H:%M}",
                    ),
                    failure="throttled",
                    url=url,
                )
            await self._sleep(seconds + 0.05, url)


def parse_retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds of a Retry-After header: a number or an HTTP date; None for anything that is no time ahead."""
    if not value:
        return None
    text = value.strip()[:64]
    if text.isdigit():
        return min(float(text), store.MAX_PAUSE.total_seconds())
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    seconds = (moment - now).total_seconds()
    return min(seconds, store.MAX_PAUSE.total_seconds()) if seconds > 0 else None


def running_clock(start: datetime) -> Clock:
    """A clock that reads `start` now and runs on from there."""
    began = time.monotonic()
    return lambda: start + timedelta(seconds=time.monotonic() - began)
