"""A report's life: each thing that happens is told once, and nothing else is."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from pipelines.errors import AnotherPageError, ReadError
from pipelines.items import to_record
from pipelines.storage.models import CaptureRow, EventRow, IndicatorRow, PageRow, PlaceRow, ReportRow, RevisionRow
from pipelines.storage.presence import ask_witnesses, record_missing
from pipelines.storage.reports import record_of, save_report

URL = "http://www.bureau-a.gov.cn/zwgk/202601/t20260104_1.html"


def gone(world: Any, url: str = URL, source_id: str = "bureau-a", checks: int = 3, hours: float = 24) -> list[str]:
    page = world.page(source_id, url)
    with world.database.transaction() as session:
        events = record_missing(
            session, page, world.now, checks=checks, hours=hours, crawl_id=world.crawl_ids[source_id]
        )
        return [event.type for event in events]


def test_new_then_unchanged(world: Any) -> None:
    assert world.read(URL) == ["report.new"]
    world.crawl()
    assert world.read(URL) == []
    assert world.count(RevisionRow) == 1


def test_new_event_says_what_happened(world: Any) -> None:
    (event,) = world.read_events(URL, backfill=True)
    assert event.details["backfill"] is True
    assert event.details["places"] == [{"source": "bureau-a", "url": URL}]
    assert event.details["published"] == "2026-01-04"


@pytest.mark.parametrize(
    "variant",
    [
        "https://bureau-a.gov.cn/zwgk/202601/t20260104_1.html",
        "http://www.bureau-a.gov.cn:80/zwgk/202601/t20260104_1.html;jsessionid=0A1B",
        "http://WWW.bureau-a.gov.cn/zwgk//202601/t20260104_1.html?utm_source=wx&_t=1767500000000#top",
    ],
)
def test_address_variants_are_one_report(world: Any, variant: str) -> None:
    world.read(URL)
    world.crawl()
    assert world.read(variant) == []
    assert world.count(ReportRow) == 1
    assert world.count(PlaceRow) == 1


def test_body_change_is_one_revision_with_its_text(world: Any) -> None:
    body = world.item(URL).report.body
    world.read(URL)
    world.crawl()
    (event,) = world.read_events(URL, body=body.replace("133起", "233起"))
    assert event.type == "report.revised"
    (change,) = event.details["changes"]
    assert change["field"] == "body"
    assert "133起" in change["old"]
    assert "233起" in change["new"]
    assert event.details["revision"] == 2
    world.crawl()
    assert world.read(URL, body=body.replace("133起", "233起")) == []


def test_indicator_change_is_told_old_to_new(world: Any) -> None:

    body = world.item(URL).report.body
    world.read(URL, indicators=[world.figure("查处违法行为", 133)])
    world.crawl()
    (event,) = world.read_events(
        URL, body=body.replace("133起", "233起"), indicators=[world.figure("查处违法行为", 233)]
    )
    assert {
        "field": "indicator",
        "name": "查处违法行为",
        "period": "2025",
        "old": "133",
        "new": "233",
    } in event.details["changes"]
    with world.database.session() as session:
        assert list(session.scalars(select(IndicatorRow.value))) == [233]


@pytest.mark.parametrize(
    "noise",
    [
        lambda b: b + "\n浏览次数：1234次",
        lambda b: "【打印】【关闭】\n" + b,
        lambda b: b.replace("，", ",").replace("。", ". "),
        lambda b: b.replace("\n", "\n\n　　"),
        lambda b: b.replace("131", "１３１"),
        lambda b: b + "\n上一篇：关于某某的通知\n下一篇：没有了",
        lambda b: b + "\n分享到：微信 微博 QQ空间",
        lambda b: "当前位置：首页 > 政务公开 > 工作总结\n" + b,
    ],
)
def test_noise_is_no_change(sqlite_world: Any, noise: Any) -> None:
    world = sqlite_world
    body = world.item(URL).report.body
    world.read(URL)
    world.crawl()
    assert world.read(URL, body=noise(body)) == []


@pytest.mark.parametrize(
    ("field", "old", "new"),
    [
        ("title", "2025年全市公安交管工作总结", "2025年全市公安交管工作总结（修订）"),
        ("validity", "有效", "废止"),
        ("validity", None, "废止"),
        ("publisher", "示例市公安局", "示例市公安局交警支队"),
        ("published", date(2026, 1, 4), date(2026, 1, 5)),
        ("document_number", "示公〔2026〕1号", "示公〔2026〕2号"),
        ("signer", "示例市公安局", "示例市人民政府"),
    ],
)
def test_field_change_is_told(sqlite_world: Any, field: str, old: Any, new: Any) -> None:
    world = sqlite_world
    world.read(URL, **{field: old})
    world.crawl()
    (event,) = world.read_events(URL, **{field: new})
    assert event.type == "report.revised"
    (change,) = event.details["changes"]
    assert change["field"] == field
    assert "filled" not in change
    world.crawl()
    assert world.read(URL, **{field: new}) == []


def test_template_that_drops_or_adds_labels_is_no_change(sqlite_world: Any) -> None:
    world = sqlite_world
    urls = [f"http://bureau-a.gov.cn/{n}.html" for n in range(6)]
    for n, url in enumerate(urls):
        assert world.read(url, title=f"第{n}季度通报", body=f"通报{n}" * 60, publisher="示例市公安局") == ["report.new"]
    world.crawl()
    for n, url in enumerate(urls):
        fields = {"title": f"第{n}季度通报", "body": f"通报{n}" * 60, "index_number": f"00001434{n}/2026-0000{n}"}
        assert world.read(url, **fields, publisher=None) == []
    with world.database.session() as session:
        record = record_of(session, 1)
    assert record["index_number"] == "000014340/2026-00000"
    assert record["publisher"] == "示例市公安局"


def many(world: Any, tail: str = "", which: Any = range(6)) -> list[list[str]]:
    """Readings of some reports of one source, each with the same line below its text; the types of their events."""
    text = "".join(f"第{k}项工作按计划完成，共{k * 37}件。\n" for k in range(6))
    return [
        world.read(f"http://bureau-a.gov.cn/{n}.html", title=f"第{n}季度通报", body=f"{text}本期编号{n}。{tail}")
        for n in which
    ]


def due(world: Any) -> set[str]:
    with world.database.session() as session:
        return {p.url[-6] for p in session.scalars(select(PageRow).where(PageRow.due_at <= world.now))}


def test_line_that_comes_to_all_texts_is_the_templates(sqlite_world: Any) -> None:
    world = sqlite_world
    many(world)
    world.crawl()
    assert many(world, "\n转载请注明出处。", [0]) == [[]]
    assert due(world) == set("5432")  # and the page itself after them
    world.crawl()
    assert "0" in due(world)
    for _ in range(3):
        assert many(world, "\n转载请注明出处。") == [[]] * 6
        world.crawl()
    for _ in range(2):
        assert many(world) == [[]] * 6  # it goes again
        world.crawl()
    with world.database.session() as session:
        assert session.scalars(select(RevisionRow.kind)).all() == ["first"] * 6


def test_line_below_one_text_is_told_when_no_other_page_shows_it(sqlite_world: Any) -> None:
    world = sqlite_world
    many(world)
    world.crawl()
    assert many(world, "\n联系人：张三。", [0]) == [[]]
    assert many(world, "\n本件已废止。", [1, 2, 3]) == [["report.revised"]] * 3  # what became of them is no template
    world.crawl()
    assert many(world, "\n联系人：张三。", [0]) == [[]]  # nothing else was read since
    assert many(world, which=[4, 5]) == [[]] * 2
    world.crawl()
    assert many(world, "\n联系人：张三。", [0, 0]) == [["report.revised"], []]


def test_field_that_only_this_page_lacked_is_a_change_when_filled(sqlite_world: Any) -> None:
    world = sqlite_world
    for n in range(3):
        world.read(
            f"http://bureau-a.gov.cn/{n}.html", title=f"第{n}季度通报", body=f"通报{n}" * 60, index_number=f"A/{n}"
        )
    world.read(URL)
    world.crawl()
    (event,) = world.read_events(URL, index_number="A/9")
    assert event.details["changes"] == [{"field": "index_number", "old": None, "new": "A/9"}]


def test_a_b_a_over_checks_is_two_events_and_within_one_is_none(sqlite_world: Any) -> None:
    world = sqlite_world
    a = world.item(URL).report.body
    b = a.replace("133起", "233起")
    world.read(URL, body=a)
    world.crawl()
    assert world.read(URL, body=b) == ["report.revised"]
    assert world.read(URL, body=a) == []  # the same check reads it again through another address
    assert world.read(URL, body=b) == []
    world.crawl()
    assert world.read(URL, body=a) == ["report.revised"]
    world.crawl()
    assert world.read(URL, body=a) == []
    assert [e.type for e in world.events()] == ["report.new", "report.revised", "report.revised"]


def test_file_swapped_is_one_event_and_no_revision(world: Any) -> None:
    file = ("统计表.xls", "http://bureau-a.gov.cn/f/1.xls")
    world.read(URL, documents=[(*file, b"total 1")])
    world.crawl()
    (event,) = world.read_events(URL, documents=[(*file, b"total 2")])
    assert event.type == "attachment.changed"
    assert event.details["name"] == "统计表.xls"
    assert event.details["old"]["sha256"] != event.details["new"]["sha256"]
    world.crawl()
    assert world.read(URL, documents=[(*file, b"total 2")]) == []
    world.crawl()
    assert world.read_unchanged(URL, documents=[(*file, b"total 1")]) == ["attachment.changed"]
    world.crawl()
    assert world.read_unchanged(URL, documents=[(*file, b"total 1")]) == []


def test_file_made_anew_with_the_same_words_is_no_event(sqlite_world: Any) -> None:
    world = sqlite_world
    file = ("统计表.pdf", "http://bureau-a.gov.cn/f/1.pdf")
    world.read(URL, documents=[(*file, b"%PDF total")])
    world.crawl()
    item = world.item(URL, documents=[(*file, b"%PDF total")])
    item.documents[0].raw = b"%PDF total /CreationDate 2"
    with world.database.transaction() as session:
        assert save_report(session, item, world.now) == []


def test_file_added_is_a_revision(world: Any) -> None:
    one = ("甲.xls", "http://bureau-a.gov.cn/f/1.xls", b"1")
    two = ("乙.xls", "http://bureau-a.gov.cn/f/2.xls", b"2")
    world.read(URL, documents=[one])
    world.crawl()
    (event,) = world.read_events(URL, documents=[two, one])
    assert event.type == "report.revised"
    assert event.details["changes"] == [{"field": "attachments", "old": ["甲.xls"], "new": ["乙.xls", "甲.xls"]}]
    world.crawl()
    assert world.read(URL, documents=[one, two]) == []
    world.crawl()
    other = ("甲.xls", "https://www.bureau-a.gov.cn/f/1.xls;jsessionid=77", b"1")
    assert world.read(URL, documents=[two, other]) == []


def test_withdrawn_after_enough_confirmations_over_time_then_restored(world: Any) -> None:
    world.read(URL)
    other = "http://bureau-a.gov.cn/other.html"
    world.read(other, title="关于某事的通告", body="关于某事的通告正文。" * 20)
    world.crawl(after=timedelta(hours=1))
    assert gone(world) == []
    assert gone(world) == []  # one check counts once
    world.crawl(after=timedelta(hours=1))
    assert gone(world) == []
    world.crawl(after=timedelta(hours=1))
    assert gone(world) == []  # three checks, but in three hours
    world.crawl(after=timedelta(hours=23))
    assert gone(world) == ["report.withdrawn"]
    world.crawl()
    assert gone(world) == []
    world.crawl()
    assert world.read(URL) == ["report.restored"]
    world.crawl()
    assert world.read(URL) == []
    with world.database.session() as session:
        assert set(session.scalars(select(ReportRow.state))) == {"live"}


def test_page_that_gives_way_to_another_is_neither_revised_nor_restored(sqlite_world: Any) -> None:
    world = sqlite_world
    notice = {"title": "系统维护公告", "title_raw": "系统维护公告", "body": "网站正在升级维护，暂停访问，敬请谅解。"}
    world.read(URL)
    for _ in range(3):
        world.crawl(after=timedelta(hours=12))
        gone(world, checks=2)
    for flags in ([], ["title_spam"]):
        with pytest.raises(AnotherPageError):
            world.read(URL, flags=flags, **notice)
    assert [e.type for e in world.events()] == ["report.new", "report.withdrawn"]
    world.crawl()
    assert world.read(URL) == ["report.restored"]


def test_absences_are_looked_at_together_with_pages_that_were_there(sqlite_world: Any) -> None:
    world = sqlite_world
    many(world)
    world.crawl(after=timedelta(minutes=5))
    assert due(world) == set()
    page = world.page("bureau-a", "http://bureau-a.gov.cn/5.html")
    with world.database.transaction() as session:
        assert ask_witnesses(session, "bureau-a", [page], world.now) == 4
        assert ask_witnesses(session, "bureau-a", [], world.now) == 0
    assert due(world) == set("4321")


def test_one_success_between_absences_starts_anew(sqlite_world: Any) -> None:
    world = sqlite_world
    world.read(URL)
    for _ in range(4):
        world.crawl(after=timedelta(hours=20))
        assert gone(world) == []
        world.crawl(after=timedelta(hours=20))
        assert gone(world) == []
        world.crawl()
        assert world.read(URL) == []


def test_report_with_a_living_second_place_is_not_withdrawn(sqlite_world: Any) -> None:
    world = sqlite_world
    second = "http://bureau-a.gov.cn/xxgk/55.html"
    world.read(URL)
    assert world.read(second, column=2) == []
    for _ in range(5):
        world.crawl(after=timedelta(hours=20))
        assert gone(world) == []
        assert world.read(second, column=2) == []


def test_rebuilt_site_withdraws_nothing(sqlite_world: Any) -> None:
    world = sqlite_world
    urls = [f"http://bureau-a.gov.cn/old/{n}.html" for n in range(20)]
    for n, url in enumerate(urls):
        world.read(url, title=f"第{n}号通报", body=f"第{n}号通报内容各不相同。" * 20)
    for _ in range(5):
        world.crawl(after=timedelta(hours=20))
        for url in urls[:15]:
            assert gone(world, url) == []
    # The new addresses turn up: the same reports, moved.
    world.crawl()
    for n in range(15):
        moved = world.read(
            f"http://bureau-a.gov.cn/new/a{n}.shtml", title=f"第{n}号通报", body=f"第{n}号通报内容各不相同。" * 20
        )
        assert moved == []
    world.crawl()
    assert {e.type for e in world.events()} == {"report.new"}
    assert world.count(ReportRow) == 20


def test_tampering_is_told_once_and_its_cure_is_silent(world: Any) -> None:
    world.read(URL)
    spam = {"title_raw": "2025年全市公安交管工作总结-某某娱乐", "flags": ["title_spam", "hidden_links"]}
    world.crawl()
    assert world.read(URL, **spam, body="乱码" * 50) == ["report.tampered"]
    world.crawl()
    assert world.read(URL, **spam, body="别的" * 50) == []
    with world.database.session() as session:
        assert "查处" in record_of(session, 1)["body"]
        assert session.scalar(select(ReportRow.state)) == "tampered"
    world.crawl()
    assert world.read(URL) == []
    world.crawl()
    assert world.read(URL, **spam) == ["report.tampered"]
    with world.database.session() as session:
        assert session.scalar(select(ReportRow.state)) == "tampered"


def test_first_seen_tampered_is_new_and_tampered_and_its_cure_no_revision(sqlite_world: Any) -> None:
    world = sqlite_world
    assert world.read(URL, flags=["title_spam"], body="x" * 80) == ["report.new", "report.tampered"]
    world.crawl()
    assert world.read(URL) == []
    world.crawl()
    assert world.read(URL, title="改了的题目及内容") == ["report.revised"]


def test_edit_that_comes_with_the_cure_is_told(sqlite_world: Any) -> None:
    world = sqlite_world
    body = world.item(URL).report.body
    world.read(URL)
    world.crawl()
    world.read(URL, flags=["hidden_links"])
    world.crawl()
    assert world.read(URL, body=body.replace("133起", "233起")) == ["report.revised"]


@pytest.mark.parametrize("flag", ["soft_404", "blocked"])
def test_broken_reading_touches_nothing(sqlite_world: Any, flag: str) -> None:
    world = sqlite_world
    world.read(URL)
    world.crawl()
    with pytest.raises(ReadError):
        world.read(URL, flags=[flag], body="页面不存在")
    with pytest.raises(ReadError):
        world.read(URL, flags=["truncated"], body="第甲部分")
    assert world.count(RevisionRow) == 1
    with world.database.session() as session:
        assert session.scalars(select(PageRow.state)).all() == ["done"]


def test_reading_by_a_newer_version_is_no_event(sqlite_world: Any) -> None:
    world = sqlite_world
    world.read(URL, body="旧版本读到的正文，缺了一些。" * 10)
    world.crawl()
    assert world.read(URL, extraction_version="2") == []
    world.crawl()
    body = world.item(URL).report.body
    assert world.read(URL, extraction_version="2") == []
    assert world.read(URL, extraction_version="2", body=body.replace("133", "233")) == []  # the same check
    with world.database.session() as session:  # so that the next check reads it whole
        page = session.scalars(select(PageRow)).one()
        assert page.sha256 is None
        assert page.due_at <= world.now + timedelta(hours=1)
    world.crawl()
    assert world.read(URL, extraction_version="2", body=body.replace("133", "233")) == ["report.revised"]
    assert world.count(EventRow) == 2


@pytest.mark.parametrize(("captured", "killed"), [("own", False), ("broken", False), ("own", True)])
def test_newer_version_compares_a_copy_with_its_own_page(sqlite_world: Any, captured: str, killed: bool) -> None:
    world = sqlite_world
    world.source("bureau-b", "示例市人民政府")
    world.crawl("bureau-b")
    body = world.item(URL).report.body
    copy = "http://bureau-b.gov.cn/copy.html"
    world.read(URL)
    world.read(copy, source_id="bureau-b", body=body + "\n来自：公安局。", content_source="示例市公安局")
    refused = "用户名和密码不能为空，请重新登录。"  # the login page that once stood there
    readings = {"own": body + "\n来自：公安局", "home": body.replace("131", "231"), "broken": refused}
    with world.database.transaction() as session:
        urls = {captured: copy, "home": URL}
        rows = {
            name: CaptureRow(
                source_id="bureau-b", url=url, final_url=url, fetched_at=world.now + killed * timedelta(hours=1),
                status=200, sha256="0" * 64, size=1,
                warc_file="x", warc_offset=0, warc_length=1,
            )
            for name, url in urls.items()
        }  # fmt: skip
        session.add_all(rows.values())
        session.flush()
        names = {row.id: name for name, row in rows.items()}
    world.crawl("bureau-b")
    if killed:  # after the upgrade the page was changed, archived and not saved; an older capture tells
        with world.database.transaction() as session:
            session.add(
                CaptureRow(
                    id=99, source_id="bureau-b", url=copy, final_url=copy, fetched_at=world.now - timedelta(hours=6),
                    status=200, sha256="0" * 64, size=1, warc_file="x", warc_offset=0, warc_length=1,
                )
            )  # fmt: skip
        names[99] = "home"
    item = world.item(copy, source_id="bureau-b", body=readings["own"], extraction_version="2")
    with world.database.transaction() as session:
        reread = {**to_record(item.report), "extraction_version": "2"}
        events = save_report(session, item, world.now, reread=lambda n: {**reread, "body": readings[names[n]]})
    assert [event.type for event in events] == ["report.revised"] * killed


def test_redirect_to_another_known_report_changes_neither(sqlite_world: Any) -> None:
    world = sqlite_world
    other = "http://bureau-a.gov.cn/other.html"
    world.read(URL)
    world.read(other, title="关于某事的通告", body="关于某事的通告正文。" * 20)
    world.crawl()
    assert world.read(URL, final_url=other, title="关于某事的通告", body="关于某事的通告正文。" * 20) == []
    with pytest.raises(ReadError):
        world.read(URL, final_url="http://bureau-a.gov.cn/x.html", title="首页栏目", body="其他" * 100)
