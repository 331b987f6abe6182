"""A database with the sample bureaus' reports, and the web application over it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from crawler.sources.registry import Registry
from pipelines.config import Config
from pipelines.extraction.page import read_page
from pipelines.indicators import read_indicators
from pipelines.items import FetchedPage
from pipelines.storage.models import ReportRow
from pipelines.storage.reports import save_report
from pipelines.storage.session import Database, open_database
from pipelines.storage.sources import ensure_source
from scheduler.demo.bureaus.model import Bureau, Request, SampleReport, day
from scheduler.demo.bureaus.samples import sample_bureaus
from scheduler.demo.bureaus.server import respond
from scheduler.executors.pool import LocalPool
from scheduler.service import Service
from scheduler.web.app import create_app
from scheduler.web.state import Web

NOW = datetime(2023, 1, 20, 12, tzinfo=UTC)
TOKEN = "0123456789abcdef-token"
HOSTILE = SampleReport(
    id="6666",
    title='关于<script>alert("1")</script>的通告',
    published=day("2023-01-10 10:00"),
    body=('全年办理<img src=x onerror="alert(2)">业务120件，同比增长20%。',),
    publisher='"><script>alert(3)</script>局',
)


def save(database: Database, bureau: Bureau, report: SampleReport, now: datetime = NOW) -> None:
    """What a crawl does with a page, without the network."""
    path = bureau.family.report_path(bureau, report)
    parts = urlsplit(path)
    answer = respond(bureau, Request("GET", parts.path, parse_qs(parts.query)))
    raw = answer.body if isinstance(answer.body, bytes) else answer.body.encode(bureau.encoding, "xmlcharrefreplace")
    url = f"https://{bureau.id}.example.gov.cn{path}"
    item = FetchedPage(bureau.id, None, None, url, url, raw, now, backfill=now == NOW)
    item.report = read_page(raw, url=url)
    item.report.indicators = read_indicators(item.report.body, report=item.report)
    with database.transaction() as session:
        ensure_source(session, bureau.id, bureau.name, "Asia/Shanghai", now)
        save_report(session, item, now)


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Config:
    return Config(home=tmp_path_factory.mktemp("web"), token=TOKEN, hosts="watch.example.org")


@pytest.fixture(scope="module")
def database(config: Config) -> Iterator[Database]:
    with open_database(config) as database:
        bureaus = sample_bureaus()
        bureaus[0].publish(HOSTILE)
        for bureau in bureaus[:2]:
            for report in [*list(bureau.reports.values())[:4], *list(bureau.reports.values())[-3:]]:
                save(database, bureau, report)
        with database.transaction() as session:
            row = session.scalars(select(ReportRow).where(ReportRow.url.contains("6666"))).one()
            row.title, row.publisher, row.url = HOSTILE.title, HOSTILE.publisher, "javascript:alert(4)"
        yield database


@pytest.fixture(scope="module")
def web(config: Config, database: Database) -> Web:
    service = Service(config, database, LocalPool(1), clock=lambda: NOW, registry=Registry({}, []))
    return Web(config, database, lambda: NOW, service)


@pytest.fixture
def client(web: Web) -> Iterator[TestClient]:
    with TestClient(create_app(web), base_url="http://127.0.0.1:8000") as client:
        yield client


@pytest.fixture
def outside(web: Web) -> Callable[..., TestClient]:
    """A client of an application that listens off loopback."""

    def make(**headers: str) -> TestClient:
        app = create_app(web, host="0.0.0.0")
        return TestClient(app, base_url="https://watch.example.org", headers=headers, follow_redirects=False)

    return make
