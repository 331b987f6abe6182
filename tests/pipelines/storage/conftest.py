"""A small world for storage tests: sources, crawls and readings of pages, without any network."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from pipelines.items import Attachment, FetchedDocument, FetchedPage, Indicator, Period, Report
from pipelines.storage import crawls, pages
from pipelines.storage.identity import url_key
from pipelines.storage.models import ColumnRow, EventRow, PageRow
from pipelines.storage.reports import save_report, save_unchanged
from pipelines.storage.session import Database, open_url

START = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
BODY = "\n".join(
    f"第{word}部分。全市公安交管部门深入推进道路交通事故预防工作，全年共查处{word}类违法行为{n}起，同比下降{n % 9}.5%。"
    for n, word in enumerate("甲乙丙丁戊己庚辛壬癸", 131)
)


class World:
    """Readings of pages, saved as the last step saves them."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.now = START
        self.crawl_ids: dict[str, int] = {}

    def source(self, source_id: str, name: str = "示例市公安局", columns: int = 2) -> None:
        with self.database.transaction() as session:
            crawls.begin_source(
                session,
                source_id=source_id,
                name=name,
                zone="Asia/Shanghai",
                columns=[(f"http://{source_id}.gov.cn/c{i}/", None) for i in range(columns)],
                now=self.now,
            )

    def crawl(self, source_id: str = "bureau-a", after: timedelta = timedelta(hours=6)) -> int:
        """A new crawl of a source begins, some time later."""
        self.now += after
        with self.database.transaction() as session:
            self.crawl_ids[source_id] = crawls.begin_crawl(session, source_id=source_id, mode="full", now=self.now)
        return self.crawl_ids[source_id]

    def page(self, source_id: str, url: str, column: int = 1) -> int:
        """The frontier's page for an address."""
        with self.database.transaction() as session:
            pages.add_entries(
                session, source_id=source_id, column_id=self.column(source_id, column), now=self.now,
                entries=[pages.FoundEntry(url=url)],
            )  # fmt: skip
            row = session.scalar(select(PageRow).where(PageRow.source_id == source_id, PageRow.url_key == url_key(url)))
            assert row is not None
            return row.id

    def column(self, source_id: str, number: int) -> int:
        with self.database.session() as session:
            query = select(ColumnRow.id).where(ColumnRow.source_id == source_id).order_by(ColumnRow.id)
            return session.scalars(query).all()[number - 1]

    def item(self, url: str, *, source_id: str = "bureau-a", documents: Any = (), **fields: Any) -> FetchedPage:
        backfill = fields.pop("backfill", False)
        final = fields.pop("final_url", url)
        column = fields.pop("column", 1)
        values: dict[str, Any] = {
            "title": "2025年全市公安交管工作总结",
            "published": date(2026, 1, 4),
            "publisher": "示例市公安局",
            "body": BODY,
            "document_number": None,
            **fields,
        }
        files = [
            FetchedDocument(Attachment(name, link), raw=raw, text=raw.decode("utf-8", "ignore"))
            for name, link, raw in documents
        ]
        values.setdefault("attachments", [f.attachment for f in files])
        return FetchedPage(
            source_id=source_id,
            column_id=self.column(source_id, column),
            page_id=self.page(source_id, url, column),
            url=url,
            final_url=final,
            raw=repr(values).encode(),
            fetched_at=self.now,
            crawl_id=self.crawl_ids.get(source_id),
            backfill=backfill,
            report=Report(url=final, **values),
            documents=files,
        )

    def read(self, url: str, **fields: Any) -> list[str]:
        """Saves a reading; the types of the events it raised, in order."""
        return [event.type for event in self.read_events(url, **fields)]

    def read_events(self, url: str, **fields: Any) -> list[EventRow]:
        item = self.item(url, **fields)
        with self.database.transaction() as session:
            return save_report(session, item, self.now)

    def read_unchanged(self, url: str, **fields: Any) -> list[str]:
        item = self.item(url, **fields)
        item.unchanged, item.report = True, None
        with self.database.transaction() as session:
            return [event.type for event in save_unchanged(session, item, self.now)]

    def events(self) -> list[EventRow]:
        with self.database.session() as session:
            return list(session.scalars(select(EventRow).order_by(EventRow.number)))

    @staticmethod
    def figure(name: str, value: float, unit: str = "起", period: str = "2025") -> Indicator:
        return Indicator(name=name, value=value, value_text=str(value), unit=unit, period=Period(value=period))

    def count(self, model: Any, *where: Any) -> int:
        from sqlalchemy import func

        with self.database.session() as session:
            return session.scalar(select(func.count()).select_from(model).where(*where)) or 0


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    with open_url(database_url) as opened:
        yield opened


@pytest.fixture
def world(database: Database) -> World:
    made = World(database)
    made.source("bureau-a")
    made.crawl("bureau-a")
    return made


@pytest.fixture
def sqlite_world(tmp_path: Any) -> Iterator[World]:
    """For rules that no database has a say in."""
    with open_url(f"sqlite:///{tmp_path / 'bureauwatch.db'}") as opened:
        made = World(opened)
        made.source("bureau-a")
        made.crawl("bureau-a")
        yield made
