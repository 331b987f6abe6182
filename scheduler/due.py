"""When each source is next due, from its file and from what the database knows of it."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from crawler.sources.model import Source, parse_duration
from pipelines.storage.models import CrawlRow, ReportRow, SourceRow
from scheduler.calendars import WorkCalendar
from scheduler.planner import checks_per_day, next_check
from scheduler.rhythm import Publication, Rhythm, learn
from scheduler.schedule import LOOK_AHEAD, next_time, opening

HISTORY = timedelta(days=3 * 365)
MOST_PUBLICATIONS = 5000


def hosts_shared(sources: Iterable[Source]) -> Counter[str]:
    """How many columns of all sources lie on each host."""
    return Counter(urlsplit(column.url).hostname or "" for source in sources for column in source.columns)


def publications(session: Session, source_id: str, zone: ZoneInfo, *, now: datetime) -> list[Publication]:
    """When the reports of a source appeared, as far as it is known: by the page's own time, its day, or two checks."""
    checks = list(
        session.scalars(
            select(CrawlRow.started_at)
            .where(CrawlRow.source_id == source_id, CrawlRow.started_at >= now - HISTORY)
            .order_by(CrawlRow.started_at)
        )
    )
    rows = session.execute(
        select(ReportRow.published, ReportRow.first_seen_at, ReportRow.backfill)
        .where(ReportRow.source_id == source_id)
        .order_by(ReportRow.id.desc())
        .limit(MOST_PUBLICATIONS)
    ).all()
    found = [
        item
        for published, seen, backfill in rows
        if (item := _publication(published, None if backfill else seen, checks, zone)) and item.before >= now - HISTORY
    ]
    return sorted(found, key=lambda item: item.before)


def _publication(
    published: str | None, seen: datetime | None, checks: list[datetime], zone: ZoneInfo
) -> Publication | None:
    after: datetime | None = None
    before: datetime | None = None
    if published and "T" in published:
        moment = datetime.fromisoformat(published)
        moment = (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
        return Publication(moment, moment)
    if published:
        start = datetime.combine(date.fromisoformat(published[:10]), time(0), zone).astimezone(UTC)
        after, before = start, start + timedelta(days=1)
    if seen is not None:
        earlier = max((c for c in checks if c < seen - timedelta(seconds=1)), default=None)
        if before is None or after is None:
            return Publication(earlier, seen) if earlier else None
        if after <= seen <= before:
            before = seen
            if earlier and earlier > after:
                after = earlier
    return Publication(after, before) if after and before else None


def learn_rhythm(session: Session, source: Source, *, now: datetime, calendar: WorkCalendar) -> Rhythm:
    """The rhythm of a source's publications so far."""
    known = publications(session, source.id, source.zone, now=now)
    if not known:
        return Rhythm(source.zone, calendar)
    return learn(known, since=known[0].after, until=now, zone=source.zone, calendar=calendar)


def due_at(
    session: Session,
    source: Source,
    *,
    now: datetime,
    calendar: WorkCalendar,
    rhythm: Rhythm | None = None,
    sharing_host: int = 1,
) -> datetime | None:
    """When a source is next to be crawled (UTC); None for a paused one. A source never crawled is due now.

    Raises:
        ConfigurationError: its cron line is wrong.
    """
    if source.paused:
        return None
    windows, zone = source.schedule.windows, source.zone
    state = session.get(SourceRow, source.id)
    last = session.scalar(
        select(CrawlRow.started_at).where(CrawlRow.source_id == source.id).order_by(CrawlRow.id.desc()).limit(1)
    )
    if last is None and not source.schedule.cron:
        return opening(windows, now, zone, calendar) or now + LOOK_AHEAD
    last = min(last, now) if last else None  # a clock set back must not stop a source
    fixed = next_time(source.schedule, last=last, now=now, zone=zone, calendar=calendar)
    if fixed is not None:
        return fixed + _jitter(source, fixed)
    assert last is not None  # noqa: S101 - a source without cron was handled above
    rhythm = rhythm or learn_rhythm(session, source, now=now, calendar=calendar)
    newest = session.scalar(
        select(ReportRow.first_seen_at)
        .where(ReportRow.source_id == source.id, ReportRow.backfill.is_(False))
        .order_by(ReportRow.first_seen_at.desc())
        .limit(1)
    )
    due = next_check(
        rhythm,
        last=last,
        found=newest,
        budget=checks_per_day(rhythm, sharing_host=sharing_host),
        failures=state.failures_in_a_row if state else 0,
    )
    return opening(windows, max(due, last), zone, calendar) or now + LOOK_AHEAD


def _jitter(source: Source, moment: datetime) -> timedelta:
    """A share of the source's `jitter` that is the same for the same run, so that a restart changes nothing."""
    if not source.schedule.jitter:
        return timedelta(0)
    digest = hashlib.sha256(f"{source.id} {moment:%Y-%m-%dT%H:%M}".encode()).digest()
    return parse_duration(source.schedule.jitter) * (int.from_bytes(digest[:4]) / 2**32)
