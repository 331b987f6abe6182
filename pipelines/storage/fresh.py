"""A report that nobody knew: all its rows, as plain inserts in the caller's transaction.

Most pages of a first crawl come this way, so nothing here goes through the object mapper's bookkeeping.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, insert, select
from sqlalchemy.orm import Session

from pipelines.items import FetchedPage
from pipelines.storage.identity import url_key
from pipelines.storage.models import Base, PageRow, PlaceRow, ReportRow, RevisionRow

PAGE = cast(Table, PageRow.__table__)
HINTS = select(PAGE.c.hints)


def insert_row(session: Session, model: type[Base], /, **values: Any) -> int:
    """Writes one row; returns its id."""
    result = session.connection().execute(insert(cast(Table, model.__table__)), values)
    key = result.inserted_primary_key
    return int(key[0]) if key and isinstance(key[0], int) else 0


def insert_report(session: Session, report: ReportRow) -> None:
    """Writes a report that is in no session, and gives it its id."""
    columns = cast(Table, ReportRow.__table__).columns
    values = {column.name: getattr(report, column.name) for column in columns if column.name != "id"}
    report.id = insert_row(session, ReportRow, **{**values, "indicator_count": values["indicator_count"] or 0})


def insert_place(session: Session, item: FetchedPage, report: ReportRow, now: datetime, **state: Any) -> None:
    """Writes the place of a new report."""
    insert_row(
        session,
        PlaceRow,
        report_id=report.id,
        source_id=item.source_id,
        columns=columns_of(session, item),
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


def columns_of(session: Session, item: FetchedPage) -> list[int]:
    """The columns that list a page: the one that it was found in, and those that listed it since."""
    columns = [item.column_id] if item.column_id is not None else []
    if item.page_id:
        hints = session.connection().execute(HINTS.where(PAGE.c.id == item.page_id)).scalar() or {}
        columns += [c for c in hints.get("columns", []) if c not in columns]
    return columns
