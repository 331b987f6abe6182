"""What rests on the archive: reading again without network and without events, and keeping the archive small."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from pipelines.archive import Archive, responses
from pipelines.items import Attachment
from pipelines.reading import read_file
from pipelines.storage import pages
from pipelines.storage.captures import Captures
from pipelines.storage.models import CaptureRow, DeliveryRow, EventRow, IndicatorRow, PageRow, ReportRow, RevisionRow
from pipelines.storage.outbox import subscribe
from pipelines.storage.reparse import read_capture, reparse
from pipelines.storage.reports import record_of, save_report
from pipelines.storage.retention import prune

URL = "http://bureau-a.gov.cn/1.html"


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive(tmp_path / "archive") as opened:
        yield opened


def page(number: int) -> bytes:
    text = "".join(f"<p>第{n}部分，全市共查处第{n}类违法行为{n * number}起，同比下降{n}.5%。</p>" for n in range(1, 9))
    head = "<title>全年工作总结</title><meta name='ArticleTitle' content='全年工作总结'>"
    body = f"<body><h1>全年工作总结</h1><div class='TRS_Editor'>{text}</div></body>"
    return f"<html><head>{head}</head>{body}</html>".encode()


def read(world: Any, archive: Archive, raw: bytes, **changed: Any) -> list[str]:
    """Archives, reads and saves a page as the crawl does; `changed`: as an older version of the program read it."""
    item = world.item(URL)
    item.raw = raw
    item.report = read_file(raw, url=URL)
    for name, value in changed.items():
        setattr(item.report, name, value)
    place = archive.write(URL, 200, {"Content-Type": "text/html; charset=utf-8"}, raw, world.now)
    captures = Captures(world.database)
    item.capture = captures.note(
        place, source_id="bureau-a", crawl_id=item.crawl_id, url=URL, final_url=URL, status=200,
        media_type="text/html", fetched_at=world.now,
    )  # fmt: skip
    captures.flush()
    captures.close()
    with world.database.transaction() as session:
        events = save_report(session, item, world.now, reread=lambda capture: read_capture(session, archive, capture))
        return [event.type for event in events]


OLD = {"extraction_version": "0", "body": "旧版程序只读到这一句话。", "indicators": []}


def test_reparse_takes_new_values_and_tells_nobody(world: Any, archive: Archive) -> None:
    with world.database.transaction() as session:
        subscribe(session, world.now, to="json://localhost/")
    assert read(world, archive, page(31), **OLD) == ["report.new"]
    done = reparse(world.database, archive, world.now)
    assert (done.read, done.changed, done.missing) == (1, 1, 0)
    with world.database.session() as session:
        kinds = session.execute(select(RevisionRow.number, RevisionRow.kind).order_by(RevisionRow.number)).all()
        assert [tuple(k) for k in kinds] == [(1, "first"), (2, "reextraction")]
        assert "第8部分" in record_of(session, 1)["body"]
        assert 248.0 in set(session.scalars(select(IndicatorRow.value)))
    assert (world.count(EventRow), world.count(DeliveryRow)) == (1, 1)
    assert reparse(world.database, archive, world.now).read == 0
    assert reparse(world.database, archive, world.now, everything=True).changed == 0
    world.crawl()
    assert read(world, archive, page(31)) == []
    world.crawl()
    assert read(world, archive, page(33)) == ["report.revised"]


def test_reparse_knows_what_the_lists_row_said(sqlite_world: Any, archive: Archive) -> None:
    world = sqlite_world
    file = {"name": "附件.pdf", "url": "http://bureau-a.gov.cn/f/1.pdf", "media_type": None}
    said = {"document_number": "示公通〔2026〕1号", "attachments": [file]}
    stated = {"attachments": [Attachment(**file)], "document_number": said["document_number"]}
    read(world, archive, page(31), **OLD, **stated)
    with world.database.transaction() as session:
        session.scalars(select(PageRow)).one().hints = {"hints": said}
    assert reparse(world.database, archive, world.now).changed == 1
    world.crawl()
    assert read(world, archive, page(31), **stated) == []
    with world.database.session() as session:
        record = record_of(session, 1)
        assert ([a["url"] for a in record["attachments"]], record["document_number"]) == (
            [file["url"]], said["document_number"],
        )  # fmt: skip


def test_crawl_by_a_newer_version_tells_the_pages_change_from_its_own(sqlite_world: Any, archive: Archive) -> None:
    world = sqlite_world
    read(world, archive, page(31), **OLD)
    world.crawl()
    assert read(world, archive, page(31) + b"<!-- counter 2 -->") == []
    with world.database.session() as session:
        assert "第8部分" in record_of(session, 1)["body"]
    read(world, archive, page(31))
    other = {**OLD, "extraction_version": "0.1"}
    world.crawl()
    read(world, archive, page(32), **other)
    world.crawl()
    assert read(world, archive, page(35)) == ["report.revised"]


def test_reparse_says_what_is_missing(sqlite_world: Any, archive: Archive) -> None:
    world = sqlite_world
    read(world, archive, page(31), **OLD)
    archive.close()
    for file in archive.folder.rglob("*.gz"):
        file.unlink()
    done = reparse(world.database, archive, world.now)
    assert (done.read, done.missing) == (0, 1)
    with world.database.session() as session:
        assert session.scalar(select(ReportRow.revision)) == 1


def test_prune_keeps_what_revisions_rest_on(world: Any, archive: Archive) -> None:
    listing = "http://bureau-a.gov.cn/c0/"
    captures = Captures(world.database)
    for number in (31, 32):
        world.crawl()
        for n in range(3):
            place = archive.write(listing, 200, {}, b"list" * 500 + bytes([n]), world.now)
            captures.note(
                place, source_id="bureau-a", crawl_id=None, url=listing, final_url=listing, status=200,
                media_type=None, fetched_at=world.now,
            )  # fmt: skip
        captures.flush()
        read(world, archive, page(number))
    captures.close()
    assert prune(world.database, archive, world.now + timedelta(days=1)).captures == 0  # a crawl writes there
    archive.close()
    assert prune(world.database, archive, world.now - timedelta(days=1)).captures == 0
    done = prune(world.database, archive, world.now + timedelta(days=1))
    assert done.captures == 6
    assert done.bytes > 0
    with world.database.session() as session:
        rows = session.scalars(select(CaptureRow).order_by(CaptureRow.id)).all()
        assert [archive.read(row.warc_file, row.warc_offset).body for row in rows] == [page(31), page(32)]
    files = list(archive.folder.rglob("*.gz"))
    assert sum(len(list(responses(file))) for file in files) == 2


def test_listed_words_are_kept_up_to_date_for_pages_that_drop_their_labels(sqlite_world: Any) -> None:
    world = sqlite_world

    def listed(**said: str) -> bool:
        """Whether the page is to be read whole once its row says so."""
        entry = pages.FoundEntry(URL, hints={"hints": said})
        column = world.column("bureau-a", 1)
        with world.database.transaction() as session:
            pages.add_entries(session, source_id="bureau-a", column_id=column, entries=[entry], now=world.now)
            page = session.scalars(select(PageRow)).one()
            assert said.items() <= page.hints["hints"].items()
            assert (page.sha256 is None) == (page.due_at is None or page.due_at <= world.now)
            return page.sha256 is None

    listed(document_number="示公通〔2026〕1号", title="甲", published="2026-01-04")
    for said, news in (
        ({"document_number": "示公通 [2026] 1 号"}, False),
        ({"document_number": "示公通〔2026〕2号"}, True),
        ({"title": "乙"}, True),
        ({"published": "2026-01-04T09:30:00"}, False),
        ({"published": "2026-01-05"}, True),
        ({"index_number": "0151/2026-1"}, False),  # the list came to show it
        ({"validity": "有效"}, False),
        ({"validity": "是"}, False),
        ({"validity": "废止"}, True),
    ):
        world.crawl()
        world.read(URL)
        assert listed(**said) is news, said
