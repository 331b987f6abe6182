"""Silence: "the spider succeeded" is no health. A source that publishes nothing for too long is an incident of its own.

Too long is what the source's file says (`expect.max_days_silent`); else what its own history makes unlikely; with too
little history the regulator's thresholds for government sites (国办秘函〔2019〕19号: news two weeks, notices and
policy six months), by the words in the columns' names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.orm import Session

from crawler.sources.model import Source
from pipelines.storage.models import EventRow, IncidentRow, ReportRow, SourceRow
from pipelines.storage.outbox import raise_event

NEWS = re.compile(r"动态|要闻|新闻|快讯|警讯|播报|\bnews\b|press", re.I)
NEWS_DAYS, NOTICE_DAYS = 14, 183
LEAST_HISTORY = 8
"""Publications before a source's own gaps say anything."""
GAP_FACTOR = 2.5


@dataclass(frozen=True, slots=True)
class Silence:
    """How long a source has been silent, and how long it may be (days)."""

    newest: date | None
    days: int
    allowed: int
    reason: str


def allowed_silence(source: Source, days_published: list[date]) -> tuple[int, str]:
    """The longest silence that is no alarm, in days, and where that figure comes from.

    `days_published`: the distinct publication days, in order.
    """
    if source.expect.max_days_silent:
        return source.expect.max_days_silent, "expect"
    news = any(NEWS.search(f"{column.name or ''} {column.url}") for column in source.columns)
    regulator = NEWS_DAYS if news else NOTICE_DAYS
    if len(days_published) < LEAST_HISTORY:
        return regulator, "regulator"
    gaps = sorted((b - a).days for a, b in pairwise(days_published))
    usual = gaps[min(len(gaps) - 1, int(len(gaps) * 0.95))]
    own = max(int(GAP_FACTOR * usual) + 1, int(1.2 * gaps[-1]) + 1, 7)
    return own, "rhythm"


def measure_silence(session: Session, source: Source, *, now: datetime) -> Silence:
    """Reads the publication days of a source and compares its silence with what is allowed."""
    texts = session.scalars(
        select(ReportRow.published).where(ReportRow.source_id == source.id, ReportRow.published.is_not(None)).distinct()
    )
    today = now.astimezone(source.zone).date()
    days = sorted({d for text in texts if text and (d := date.fromisoformat(text[:10])) <= today})
    allowed, reason = allowed_silence(source, days)
    if not days:
        added = session.scalar(select(SourceRow.added_at).where(SourceRow.id == source.id))
        since = added.astimezone(source.zone).date() if added else today
        return Silence(None, (today - since).days, allowed, reason)
    return Silence(days[-1], (today - days[-1]).days, allowed, reason)


def check_silence(session: Session, source: Source, *, now: datetime) -> EventRow | None:
    """Opens, keeps or closes the incident `silent` of a source; the event when one was opened. The caller commits."""
    open_incident = session.scalar(
        select(IncidentRow).where(
            IncidentRow.source_id == source.id, IncidentRow.kind == "silent", IncidentRow.closed_at.is_(None)
        )
    )
    silence = measure_silence(session, source, now=now)
    if silence.days <= silence.allowed or source.paused:
        if open_incident:
            open_incident.closed_at = now
        return None
    if open_incident:
        open_incident.last_at = now
        open_incident.checks += 1
        return None
    session.add(IncidentRow(source_id=source.id, kind="silent", opened_at=now, last_at=now, checks=1))
    start = silence.newest or now.date() - timedelta(days=silence.days)
    raised = raise_event(
        session,
        type="source.silent",
        key=f"source.silent:{source.id}:{start.isoformat()}",
        now=now,
        source_id=source.id,
        details={
            "newest": silence.newest.isoformat() if silence.newest else None,
            "days": silence.days,
            "allowed": silence.allowed,
            "by": silence.reason,
        },
    )
    return raised[0] if raised else None
