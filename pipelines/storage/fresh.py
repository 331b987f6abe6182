"""A report that nobody knew: all its rows, as plain inserts in the caller's transaction.

Most pages of a first crawl come this way, so nothing here goes through the object mapper's bookkeeping.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import Insert, Row, Table, bindparam, insert, select
from sqlalchemy.orm import Session

from pipelines.items import FetchedPage
from pipelines.storage.identity import url_key
from pipelines.storage.models import Base, PageRow, PlaceRow, ReportRow, RevisionRow

PAGE = cast(Table, PageRow.__table__)
Stated = Row[datetime, str, dict[str, Any]]
"""What the frontier says of a page: `found_at`, `url_key`, `hints`."""
STATED = select(PAGE.c.found_at, PAGE.c.url_key, PAGE.c.hints).where(PAGE.c.id == bindparam("page"))


@cache
def _insert(model: type[Base]) -> Insert:
    return insert(cast(Table, model.__table__))


def insert_row(session: Session, model: type[Base], /, **values: Any) -> int:
    """Writes one row; returns its id."""
    result = session.connection().execute(_insert(model), values)
    key = result.inserted_primary_key
    return int(key[0]) if key and isinstance(key[0], int) else 0


def insert_report(session: Session, report: ReportRow) -> None:
    """Writes a report that is in no session, and gives it its id."""
    columns = cast(Table, ReportRow.__table__).columns
    values = {column.name: getattr(report, column.name) for column in columns if column.name != "id"}
    report.id = insert_row(session, ReportRow, **{**values, "indicator_count": values["indicator_count"] or 0})


def page_of(session: Session, item: FetchedPage) -> Stated | None:
    """What the frontier says of an item's page."""
    return session.connection().execute(STATED, {"page": item.page_id}).first() if item.page_id else None


def insert_place(
    session: Session, item: FetchedPage, page: Stated | None, report: ReportRow, now: datetime, **state: Any
) -> None:
    """Writes the place of a new report."""
    insert_row(
        session,
        PlaceRow,
        report_id=report.id,
        source_id=item.source_id,
        columns=columns_of(item, page),
        url=report.url,
        url_key=url_key(report.url),
        seen_at=now,
        crawl_id=item.crawl_id,
        page_id=item.page_id,
        missing_checks=0,
        **state,
    )


def insert_first(
    session: Session, item: FetchedPage, report: ReportRow, record: dict[str, Any], now: datetime, **revision: Any
) -> None:
    """Writes the first revision of a new report."""
    insert_row(
        session,
        RevisionRow,
        report_id=report.id,
        number=1,
        at=now,
        record=record,
        changes=[],
        extraction_version=record["extraction_version"],
        capture_id=item.capture_id,
        crawl_id=item.crawl_id,
        **revision,
    )


def columns_of(item: FetchedPage, page: Stated | None) -> list[int]:
    """The columns that list a page: the one that it was found in, and those that listed it since."""
    columns = [item.column_id] if item.column_id is not None else []
    if page is not None:
        columns += [c for c in (page.hints or {}).get("columns", []) if c not in columns]
    return columns
