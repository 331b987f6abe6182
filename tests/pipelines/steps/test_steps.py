"""The steps in a real crawl of a real server: files, error pages, documents as reports; and a step that fails."""

from __future__ import annotations

import asyncio
import io
import json
import os
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from openpyxl import Workbook
from sqlalchemy import event, select

from pipelines.archive import CaptureLocation
from pipelines.config import Config
from pipelines.items import FetchedPage, Report
from pipelines.steps.base import PageRefused
from pipelines.steps.read import ReadStep
from pipelines.steps.store import StoreStep
from pipelines.storage import crawls, pages
from pipelines.storage.captures import Captures
from pipelines.storage.models import (
    AttachmentRow,
    CaptureRow,
    EventRow,
    IndicatorRow,
    PageRow,
    ReportRow,
    RevisionRow,
)
from pipelines.storage.session import open_database

NOW = datetime(2026, 1, 5, 1, tzinfo=UTC)


class Bureau:
    """Serves `files` by path; everything else is a 404."""

    def __init__(self) -> None:
        self.files: dict[str, tuple[bytes, str]] = {}
        bureau = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body, kind = bureau.files.get(self.path, (b"", ""))
                self.send_response(200 if kind else 404)
                self.send_header("Content-Type", kind or "text/plain")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def report(self, path: str, title: str, body: str, files: str = "") -> None:
        text = "".join(f"<p>{line}</p>" for line in body.split("\n"))
        page = (
            f"<html><head><title>{title}-示例市公安局</title><meta name='ArticleTitle' content='{title}'>"
            f"<meta name='PubDate' content='2026-01-04 10:00'></head><body><h1>{title}</h1>"
            f"<div class='TRS_Editor'>{text}{files}</div></body></html>"
        )
        self.files[path] = (page.encode(), "text/html; charset=utf-8")

    def listing(self, *titles: tuple[str, str]) -> None:
        rows = "".join(
            f"<li><a href='{path}' title='{title}'>{title}</a><span>2026-01-04</span></li>" for path, title in titles
        )
        self.files["/list/"] = (f"<html><body><ul class='list'>{rows}</ul></body></html>".encode(), "text/html")


@pytest.fixture
def bureau() -> Iterator[Bureau]:
    made = Bureau()
    yield made
    made.server.shutdown()
    made.server.server_close()


def crawl(home: Path, bureau: Bureau, *options: str) -> dict[str, Any]:
    sources = home / "sources"
    sources.mkdir(parents=True, exist_ok=True)
    (sources / "bureau-a.yaml").write_text(
        f"id: bureau-a\nname: 示例市公安局\ncolumns:\n  - url: {bureau.url}/list/\npoliteness: {{delay: 0}}\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [sys.executable, "-m", "crawler.run", "--source", "bureau-a", *options],
        env={
            **os.environ,
            "BUREAUWATCH_HOME": str(home),
            "BUREAUWATCH_SOURCES": str(sources),
            "BUREAUWATCH_PRIVATE_NETWORKS": "127.0.0.0/8",
        },
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    assert result["type"] == "result", done.stderr
    return result


def sheet(*rows: tuple[Any, ...]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    raw = io.BytesIO()
    book.save(raw)
    return raw.getvalue()


BODY = "\n".join(
    f"第{n}部分，全市深入推进道路交通事故预防工作，全年共查处第{n}类违法行为{n * 31}起。" for n in range(1, 9)
)


def test_crawl_with_files_error_pages_and_documents(tmp_path: Path, bureau: Bureau) -> None:
    xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    bureau.listing(
        ("/1.html", "全年工作总结"),
        ("/2.html", "另一份情况通报"),
        ("/3.html", "没有了的页面"),
        ("/4.xlsx", "事故统计表"),
    )
    named = {"/f/a.xlsx": "附件1.xlsx", "/f/gone.pdf": "附件2.pdf", "/f/login.doc": "附件3.doc"}
    links = "".join(f"<p><a href='{path}'>{name}</a></p>" for path, name in named.items())
    bureau.report("/1.html", "全年工作总结", BODY, links)
    bureau.report("/2.html", "另一份情况通报", BODY.replace("第", "各"))
    error = "<html><head><title>404</title></head><body><h1>您访问的页面不存在或已删除</h1></body></html>"
    bureau.files["/3.html"] = (error.encode(), "text/html; charset=utf-8")
    bureau.files["/f/login.doc"] = (error.encode(), "text/html")
    bureau.files["/f/a.xlsx"] = (sheet(("地区", "事故（起）"), ("甲区", 12), ("乙区", 30)), xlsx)
    bureau.files["/4.xlsx"] = (sheet(("地区", "死亡（人）"), ("甲区", 3), ("乙区", 4)), xlsx)

    first = crawl(tmp_path, bureau)
    assert (first["outcome"], first["stats"]["new"]) == ("ok", 3)
    database = open_database(Config(home=tmp_path))
    with database.session() as session:
        report = session.scalars(select(ReportRow).where(ReportRow.title == "全年工作总结")).one()
        files = {a.name: a for a in session.scalars(select(AttachmentRow).where(AttachmentRow.report_id == report.id))}
        assert "乙区" in (files["附件1.xlsx"].text or "")
        assert files["附件2.pdf"].flags == ["http-404"]
        assert files["附件3.doc"].flags == ["soft-404"]
        assert "attachment_missing" in report.flags
        captured = session.get_one(CaptureRow, files["附件1.xlsx"].capture_id)
        assert captured.url.endswith("/f/a.xlsx")
        values = set(session.scalars(select(IndicatorRow.value).where(IndicatorRow.report_id == report.id)))
        assert {31.0, 248.0, 12.0, 30.0} <= values
        table = session.scalars(select(ReportRow).where(ReportRow.url.endswith("/4.xlsx"))).one()
        assert table.title == "事故统计表"
        failed = session.scalars(select(PageRow).where(PageRow.url.endswith("/3.html"))).one()
        assert (failed.state, failed.failure, failed.report_id) == ("failed", "soft-404", None)

    # The page stays as it is, its file is another one; the second report turns into an error page.
    bureau.files["/f/a.xlsx"] = (sheet(("地区", "事故（起）"), ("甲区", 13), ("乙区", 30)), xlsx)
    bureau.files["/2.html"] = (error.encode(), "text/html; charset=utf-8")
    crawl(tmp_path, bureau, "--full")
    bureau.report("/1.html", "全年工作总结", BODY.replace("93起", "95起"), links)
    third = crawl(tmp_path, bureau, "--full")
    assert third["stats"]["revised"] == 1
    assert crawl(tmp_path, bureau, "--full")["stats"]["revised"] == 0
    with database.session() as session:
        types = list(session.scalars(select(EventRow.type).order_by(EventRow.number)))
        assert types == ["report.new"] * 3 + ["attachment.changed", "report.revised"]
        assert session.scalars(select(ReportRow.state)).all() == ["live"] * 3
    database.close()


@pytest.fixture
def frontier(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[tuple[SimpleNamespace, list[FetchedPage]]]:
    """A crawl's parts as the steps see them, and fetched pages of its frontier."""
    server = getattr(request, "param", None)
    config = Config(home=tmp_path, database_url=server and request.getfixturevalue(server))
    urls = [f"http://a.gov.cn/{number}.html" for number in range(1, 7)]
    with open_database(config) as database:
        with database.transaction() as session:
            _, columns = crawls.begin_source(
                session, source_id="bureau-a", name="x", zone="Asia/Shanghai", columns=[("http://a.gov.cn/", None)],
                now=NOW,
            )  # fmt: skip
            column = columns["http://a.gov.cn/"].id
            entries = [pages.FoundEntry(url) for url in urls]
            pages.add_entries(session, source_id="bureau-a", column_id=column, entries=entries, now=NOW)
            rows = pages.waiting_pages(session, "bureau-a", after_id=0, limit=10)
        counted: Counter[str] = Counter()
        spider = SimpleNamespace(database=database, config=config, captures=Captures(database), clock=lambda: NOW)
        stats = SimpleNamespace(inc_value=lambda name, count=1: counted.update({name: count}), counted=counted)
        items = [FetchedPage("bureau-a", column, row.id, row.url, row.url, b"<p>x</p>", NOW) for row in rows]
        yield SimpleNamespace(spider=spider, stats=stats), items
        spider.captures.close()


@pytest.mark.parametrize("frontier", [None, "postgres_url"], indirect=True, ids=["sqlite", "postgresql"])
def test_pages_are_saved_together_and_fail_alone(
    frontier: tuple[SimpleNamespace, list[FetchedPage]], caplog: pytest.LogCaptureFixture
) -> None:
    """Pages that gather share a transaction; one that cannot be saved keeps none of the others from it."""
    crawler, items = frontier
    database = crawler.spider.database
    for number, item in enumerate(items):
        item.report = Report(
            url=item.url, title=f"第{number}号全年工作总结", body=f"全年共查处各类违法行为{number}起。" * 9
        )
        location = CaptureLocation("2026/a.warc.gz", number, 1, "0" * 64, 1)
        item.capture = crawler.spider.captures.note(
            location, source_id="bureau-a", crawl_id=None, url=item.url, final_url=item.url, status=200,
            media_type="text/html", fetched_at=NOW,
        )  # fmt: skip
    items[2].report.extraction_version = None  # type: ignore[assignment,union-attr]  # a defect: the database refuses it
    step = StoreStep.from_crawler(crawler)
    commits: list[Any] = []
    event.listen(database.engine, "commit", commits.append)

    async def save() -> list[Any]:
        return await asyncio.gather(*map(step.process_item, items), return_exceptions=True)

    async def save_twice() -> None:
        done = await save()
        assert [isinstance(one, PageRefused) for one in done] == [False, False, True, False, False, False]
        assert crawler.stats.counted["reports/new"] == 5
        with database.session() as session:
            captures = {row.url: row.id for row in session.scalars(select(CaptureRow))}
            named = session.execute(select(ReportRow.url, RevisionRow.capture_id).join(RevisionRow))
            assert {row.url: row.capture_id for row in named} == {
                item.url: captures[item.url] for item in items if item is not items[2]
            }
            assert Counter(session.scalars(select(PageRow.state))) == {"done": 5, "failed": 1}
            assert session.scalars(select(EventRow.number).order_by(EventRow.number)).all() == [1, 2, 3, 4, 5]
        items[2].report.extraction_version = "1"  # type: ignore[union-attr]
        commits.clear()
        assert await save() == items
        assert len(commits) == 2  # the first page's own, and one for those that came meanwhile

    asyncio.run(save_twice())


def test_step_that_fails_costs_that_page_only(
    frontier: tuple[SimpleNamespace, list[FetchedPage]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A defect in reading: the page is marked failed with its class, and told; no exception leaves the step."""
    crawler, (item, *_) = frontier
    database, counted = crawler.spider.database, crawler.stats.counted
    step = ReadStep.from_crawler(crawler)

    def broken(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError("a defect")

    monkeypatch.setattr("pipelines.steps.read.read_page", broken)
    with pytest.raises(PageRefused) as refused:
        asyncio.run(step.process_item(item))
    assert refused.value.failure == "parse"
    assert counted == {"steps/refused/parse": 1}
    with database.session() as session:
        page = session.get_one(PageRow, 1)
        assert (page.state, page.failure, page.attempts) == ("failed", "parse", 1)
