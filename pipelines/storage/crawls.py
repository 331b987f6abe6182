"""Sources, columns and crawls as the database keeps them: begun, finished, and what they left. Callers commit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from pipelines.storage.models import ColumnRow, CrawlRow, RevisionRow, SourceRow
from pipelines.storage.session import serialise
from pipelines.storage.sources import ensure_column, ensure_source


def begin_source(
    session: Session, *, source_id: str, name: str, zone: str, columns: Sequence[tuple[str, str | None]], now: datetime
) -> tuple[SourceRow, dict[str, ColumnRow]]:
    """Brings the rows of a source and of its columns (url, name) in line with its file; returns both.

    Columns that the file no longer names keep their rows: reports point to them.
    """
    serialise(session, f"source {source_id}")
    source = ensure_source(session, source_id, name, zone, now)
    rows = {url: ensure_column(session, source_id, url, column_name) for url, column_name in columns}
    for url, column_name in columns:
        rows[url].name = column_name[:200] if column_name else None
    return source, rows


def begin_crawl(session: Session, *, source_id: str, mode: str, now: datetime) -> int:
    """Notes that a crawl runs; one of the same source that never finished was killed, and is marked so."""
    session.execute(
        update(CrawlRow)
        .where(CrawlRow.source_id == source_id, CrawlRow.outcome.is_(None))
        .values(outcome="killed", finished_at=now)
    )
    crawl = CrawlRow(source_id=source_id, mode=mode, started_at=now, stats={})
    session.add(crawl)
    session.flush()
    return crawl.id


def stated_fields(session: Session, crawl_id: int, fields: Collection[str]) -> tuple[int, Counter[str]]:
    """How many new reports a crawl stored, and how many of them state each field."""
    records = session.scalars(
        select(RevisionRow.record).where(RevisionRow.crawl_id == crawl_id, RevisionRow.kind == "first")
    ).all()
    return len(records), Counter(name for record in records for name in fields if record.get(name))


def finish_crawl(
    session: Session,
    crawl_id: int,
    *,
    outcome: str,
    failure: str | None,
    error: str | None,
    stats: dict[str, Any],
    now: datetime,
) -> None:
    """Notes how a crawl ended."""
    session.execute(
        update(CrawlRow)
        .where(CrawlRow.id == crawl_id)
        .values(outcome=outcome, failure=failure, error=error, stats=stats, finished_at=now)
    )
