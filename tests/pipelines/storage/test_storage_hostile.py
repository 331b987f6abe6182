"""Values from outside that databases stumble over, and pages that are not what their rows promise."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from pipelines.errors import ReadError
from pipelines.items import FetchedDocument
from pipelines.storage.models import AttachmentRow, PageRow, ReportRow
from pipelines.storage.reports import get_report, record_of, save_report
from pipelines.storage.search import search

URL = "http://bureau-a.gov.cn/1.html"


def test_nul_halves_of_characters_and_long_values(world: Any) -> None:
    figure = world.figure("查处\x00违法行为\ud800" * 100, 1e300, "起" * 100)
    item = world.item(
        URL,
        title="题目\x00\ud83d" + "长" * 5000,
        publisher="机构" * 300,
        index_number="1" * 900,
        document_number="\udfff号",
        body="正文\x00内容\ud800，" * 50,
        keywords=["\x00"],
        indicators=[figure],
        documents=[("名\x00.xls", "http://bureau-a.gov.cn/\ud800.xls", b"x")],
    )
    item.documents[0].text = "附件\x00\ud800"
    item.documents[0].indicators = [figure]
    with world.database.transaction() as session:
        events = save_report(session, item, world.now)
    assert [e.type for e in events] == ["report.new"]
    with world.database.session() as session:
        assert "\x00" not in record_of(session, 1)["body"]
        assert session.scalar(select(AttachmentRow.text)) == "附件?"
        assert search(session, "正文") == [1]


def test_addresses_of_many_kilobytes(world: Any) -> None:
    import random

    noise = "".join(random.Random(1).choices("abcdefghijklmnopqrstuvwxyz0123456789", k=20_000))
    long = f"http://bureau-a.gov.cn/{noise}"
    assert world.read(long) == ["report.new"]
    assert world.read(long + "1", title="另一份报告的题目", body="另一份。" * 30) == ["report.new"]
    world.crawl()
    assert world.read(long) == []
    with world.database.session() as session:
        assert get_report(session, long).id == 1
        assert len(set(session.scalars(select(PageRow.url_key)))) == 2


def test_file_only_pages_in_two_columns_are_one_report(sqlite_world: Any) -> None:
    world = sqlite_world
    file = ("全文.pdf", "http://bureau-a.gov.cn/f/1.pdf", b"%PDF 1")
    assert world.read("http://bureau-a.gov.cn/a/1.html", body="", documents=[file]) == ["report.new"]
    assert world.read("http://bureau-a.gov.cn/b/9.html", body="", documents=[file], column=2) == []
    other = ("全文.pdf", "http://bureau-a.gov.cn/f/2.pdf", b"%PDF 2")
    assert world.read("http://bureau-a.gov.cn/a/2.html", body="", documents=[other]) == ["report.new"]
    assert world.count(ReportRow) == 2


def test_short_notices_of_one_title(sqlite_world: Any) -> None:
    world = sqlite_world
    notice = {"title": "行政处罚信息公示公告", "body": "现予公示，详见正文。"}
    assert world.read("http://bureau-a.gov.cn/a/1.html", **notice) == ["report.new"]
    assert world.read("http://bureau-a.gov.cn/b/1.html", **notice, column=2) == []
    assert world.read("http://bureau-a.gov.cn/a/2.html", **notice, published=date(2026, 1, 5)) == ["report.new"]


def test_failed_file_keeps_its_last_reading(sqlite_world: Any) -> None:
    world = sqlite_world
    file = ("表.xls", "http://bureau-a.gov.cn/f/1.xls")
    world.read(URL, documents=[(*file, b"1")])
    world.crawl()
    item = world.item(URL, documents=[(*file, b"1")])
    item.documents = [FetchedDocument(item.documents[0].attachment, failure="http-503")]
    with world.database.transaction() as session:
        assert save_report(session, item, world.now) == []
        assert session.scalars(select(AttachmentRow.flags)).one() == ["http-503"]
    world.crawl()
    assert world.read(URL, documents=[(*file, b"1")]) == []
    with world.database.session() as session:
        row = session.scalars(select(AttachmentRow)).one()
        assert (row.flags, row.text) == ([], "1")


@pytest.mark.parametrize(
    ("row", "own", "tries"),
    [
        ("2025年全市工作总结", None, 4),
        ("2025年工作总结", "维护公告", 6),
        ("政务公开", "维护公告", 6),
        ("查看", "公告", 0),
    ],
)
def test_new_page_that_does_not_show_what_its_row_promises_is_tried_again(
    sqlite_world: Any, row: str, own: str | None, tries: int
) -> None:
    world = sqlite_world
    item = world.item(URL, title="系统维护公告", title_raw=own, body="网站正在升级维护，敬请谅解。")
    item.hints.title = row
    for attempts in range(tries):
        with world.database.transaction() as session:
            session.get_one(PageRow, item.page_id).attempts = attempts
            with pytest.raises(ReadError):
                save_report(session, item, world.now)
    with world.database.transaction() as session:
        session.get_one(PageRow, item.page_id).attempts = tries
        assert [e.type for e in save_report(session, item, world.now)] == ["report.new"]
