"""When an alert may go out: digests, quiet hours, back-off. Pure functions over times that are passed in."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pipelines.errors import SubscriptionError
from pipelines.messages import say

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CLOCK = r"([01]?\d|2[0-3]):([0-5]\d)"
DIGEST = re.compile(rf"(?:daily|(?:weekly[\s@]{{0,3}})?({'|'.join(DAYS)}))[\s@]{{0,3}}{CLOCK}", re.I)
QUIET = re.compile(rf"{CLOCK}\s?-\s?{CLOCK}")

STORM = 10
"""More events than this of one source in one crawl come as one message."""
GATHER = timedelta(minutes=5)
"""Longest wait for a crawl's end before people are told what it has found so far."""
CRAWL_LOOK = timedelta(seconds=4)
"""How soon a crawl that goes on is looked at again."""
ATTEMPTS = 16
"""Tries before a delivery is given up where the channel is down or answers nonsense: about two days."""
ATTEMPTS_REFUSED = 6
"""Tries where the channel says no in so many words: half an hour, for whoever mends a token at once."""
LONGEST_WAIT = timedelta(hours=6)
LONGEST_RETRY_AFTER = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Digest:
    """Every day, or every week on one day (0 = Monday), at a time of the subscriber's zone."""

    at: time
    weekday: int | None = None


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours without alerts; `to` before `start` runs over midnight."""

    start: time
    to: time


def parse_digest(text: str) -> Digest:
    """`daily@08:30`, `weekly mon@08:30`, `mon@08:30`.

    Raises:
        SubscriptionError: any other text.
    """
    match = DIGEST.fullmatch(text.strip())
    if not match:
        raise SubscriptionError(
            say("{text} is no digest time", text=text[:60]), cure=say("Write daily@08:30 or weekly mon@08:30")
        )
    day, hour, minute = match.groups()
    return Digest(time(int(hour), int(minute)), DAYS.index(day.lower()) if day else None)


def parse_quiet(text: str) -> Quiet:
    """`22:00-07:00`.

    Raises:
        SubscriptionError: any other text, or a span of no length.
    """
    match = QUIET.fullmatch(text.strip())
    if not match or match.group(1, 2) == match.group(3, 4):
        raise SubscriptionError(say("{text} are no quiet hours", text=text[:60]), cure=say("Write 22:00-07:00"))
    start_hour, start_minute, to_hour, to_minute = map(int, match.groups())
    return Quiet(time(start_hour, start_minute), time(to_hour, to_minute))


def parse_zone(name: str) -> ZoneInfo:
    """An IANA time zone.

    Raises:
        SubscriptionError: there is no such zone.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise SubscriptionError(
            say("{name} is no time zone", name=name[:60]), cure=say("Write a name such as Asia/Shanghai")
        ) from None


def next_digest(digest: Digest, after: datetime, zone: ZoneInfo) -> datetime:
    """The first digest moment at or after a moment (UTC)."""
    local = after.astimezone(zone)
    for days in range(9):
        day = local.date() + timedelta(days=days)
        moment = datetime.combine(day, digest.at, tzinfo=zone).astimezone(UTC)
        if moment >= after and digest.weekday in (None, day.weekday()):
            return moment
    raise AssertionError("a week has every weekday")


def quiet_until(quiet: Quiet, now: datetime, zone: ZoneInfo) -> datetime | None:
    """The end (UTC) of the quiet hours that `now` lies in; None outside of them."""
    local = now.astimezone(zone)
    clock = local.time()
    if quiet.start < quiet.to:
        inside, days = quiet.start <= clock < quiet.to, 0
    else:
        inside, days = clock >= quiet.start or clock < quiet.to, int(clock >= quiet.start)
    if not inside:
        return None
    end = datetime.combine(local.date() + timedelta(days=days), quiet.to, tzinfo=zone).astimezone(UTC)
    return max(end, now + timedelta(minutes=1))  # a clock set back inside the hours must not loop


def due_at(created: datetime, now: datetime, digest: str | None, quiet: str | None, zone_name: str) -> datetime:
    """When what happened at `created` may be sent, seen from `now`; `now` or earlier means at once."""
    zone = parse_zone(zone_name)
    moment = next_digest(parse_digest(digest), created, zone) if digest else created
    if moment > now or not quiet:
        return moment
    return quiet_until(parse_quiet(quiet), now, zone) or moment


def gathered_at(happened: datetime, started: datetime) -> datetime:
    """When what happened in a crawl goes out though the crawl still runs: with all of the same five minutes of it."""
    return started + GATHER * (max(happened - started, timedelta(0)) // GATHER + 1)


def zone_or_utc(name: str) -> tzinfo:
    """The zone of that name; UTC where another program wrote one that does not exist."""
    try:
        return parse_zone(name)
    except SubscriptionError:
        return UTC


def retry_at(key: str, attempts: int, now: datetime, retry_after: float | None = None) -> datetime:
    """When to try again after `attempts` failures: 1, 2, 4 … minutes up to six hours, give or take a fifth.

    Not before the channel said, and not much sooner either: who answers "in a second" each time is not asked to death.

    The jitter comes from the key, so that a run can be repeated and yet no two deliveries march in step.
    """
    asked = min(timedelta(seconds=min(max(retry_after or 0.0, 0.0), 1e6)), LONGEST_RETRY_AFTER)
    wait = min(timedelta(minutes=2 ** min(attempts - 1, 12)), LONGEST_WAIT)
    wait *= random.Random(f"{key}:{attempts}").uniform(0.8, 1.2)  # noqa: S311 - no secret
    return now + max(wait, asked)
