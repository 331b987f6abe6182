"""One report or two? Addresses, titles, numbers, texts."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.storage.identity import Identity, same_report, same_text, title_key, url_key
from pipelines.storage.models import PlaceRow, ReportRow
from pipelines.storage.reports import attachments_of, record_of

LONG = "".join(
    f"第{n}条　各单位应当按照规定完成第{n}项工作，于{n}日前报送材料{n * 7}份，逾期不予受理。" for n in range(1, 25)
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://a.gov.cn/x/t1.html", "https://www.a.gov.cn/x/t1.html"),
        ("http://a.gov.cn/x/", "http://a.gov.cn/x/index.html"),
        ("http://a.gov.cn/x", "http://A.GOV.CN:80/x/#main"),
        ("http://a.gov.cn/x.jsp?id=7", "http://a.gov.cn/x.jsp;jsessionid=AB12?id=7&utm_source=wx"),
        ("http://a.gov.cn/x.jsp?id=7&c=2", "http://a.gov.cn/x.jsp?c=2&id=7&_=1700000000000"),
        ("http://a.gov.cn/%E5%85%AC%E5%BC%80/1.html", "http://a.gov.cn/公开/1.html"),
    ],
)
def test_address_variants_have_one_key(one: str, other: str) -> None:
    assert url_key(one) == url_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://a.gov.cn/x.jsp?id=7", "http://a.gov.cn/x.jsp?id=8"),
        ("http://a.gov.cn/x.jsp?t=7", "http://a.gov.cn/x.jsp?t=8"),
        ("http://a.gov.cn/#/detail?id=3", "http://a.gov.cn/#/detail?id=4"),
        ("http://a.gov.cn/X.html", "http://a.gov.cn/x.html"),
        ("http://a.gov.cn:8080/x", "http://a.gov.cn/x"),
        ("http://jgj.a.gov.cn/x", "http://a.gov.cn/x"),
    ],
)
def test_other_pages_have_other_keys(one: str, other: str) -> None:
    assert url_key(one) != url_key(other)


@given(st.text(max_size=200))
def test_any_text_has_a_key(text: str) -> None:
    try:
        key = url_key("http://a.gov.cn/" + text)
    except ValueError:  # an address that urllib itself refuses
        return
    assert key.startswith("a.gov.cn")


def identity(**values: Any) -> Identity:
    given: dict[str, Any] = {"source_id": "a", "title": "关于印发工作方案的通知", "day": date(2026, 1, 4), "body": LONG}
    return Identity(**{**given, **values})


def test_copy_on_another_site() -> None:
    copy = identity(
        source_id="b", body="来源：示例市公安局\n" + LONG.replace("　", " ") + "\n责任编辑：某某", day=date(2026, 1, 6)
    )
    assert same_report(identity(), copy)


@pytest.mark.parametrize(
    "other",
    [
        {"title": "关于印发工作方案的通知（第4号）"},
        {"day": date(2026, 3, 4), "source_id": "b"},
        {"body": LONG.replace("7份", "8份").replace("4份", "5份")},
        {"document_number": "示公〔2026〕2号"},
        {"title": "2月份交通安全情况通报"},
    ],
)
def test_alike_but_another_report(other: dict[str, Any]) -> None:
    assert not same_report(identity(document_number="示公〔2026〕1号"), identity(**other))


def test_monthly_bulletins_stay_apart() -> None:
    text = "{m}月份，全市共发生事故{a}起，死亡{b}人。各单位要高度重视，深入排查隐患，落实责任。请认真贯彻执行。"
    one = identity(title="2026年1月份情况通报", body=text.format(m=1, a=31, b=2) * 3)
    two = identity(title="2026年2月份情况通报", body=text.format(m=2, a=28, b=1) * 3)
    assert not same_report(one, two)
    assert not same_report(one, identity(title="2026年1月份情况通报", body=text.format(m=2, a=28, b=1) * 3))


def test_number_alone_is_never_trusted() -> None:
    one = identity(index_number="000014349/2022-1", title="甲通知", body=LONG)
    two = identity(index_number="000014349/2022-1", title="乙公告", body=LONG[::-1])
    assert not same_report(one, two)


def test_bare_pages_need_a_number_and_a_day() -> None:
    one, two = identity(body="", index_number="A-1"), identity(body="", index_number="A-1")
    assert same_report(one, two)
    assert not same_report(identity(body=""), identity(body=""))
    assert not same_report(one, identity(body="", index_number="A-1", day=date(2025, 1, 4)))


def test_moved_page_of_the_same_bureau_years_later() -> None:
    assert same_report(identity(index_number="A-1"), identity(index_number="A-1", day=None))


def test_text_with_other_figures_is_another_text() -> None:
    assert same_text(LONG, LONG + "附：名单")
    assert not same_text(LONG, LONG.replace("完成第3项工作，于3日前", "完成第3项工作，于8日前"))


def test_keys_fold_forms() -> None:
    assert title_key("关于 《ＡＢ》 的通知") == title_key("关于“AB”的通知")


def test_copies_and_columns_are_one_event_with_all_places(world: Any) -> None:
    world.source("bureau-b", name="示例市人民政府")
    world.crawl("bureau-b")
    assert world.read("http://bureau-a.gov.cn/1.html") == ["report.new"]
    assert world.read("http://bureau-a.gov.cn/list2/77.html", column=2) == []
    body = world.item("http://bureau-a.gov.cn/1.html").report.body
    copy = {
        "source_id": "bureau-b",
        "body": "（来源：示例市公安局）\n" + body,
        "content_source": "示例市公安局",
        "publisher": None,
    }
    assert world.read("http://bureau-b.gov.cn/bm/9.html", **copy) == []
    assert world.count(ReportRow) == 1
    assert world.count(PlaceRow) == 3
    # The bureau corrects its report; the mirror page and the copy follow later: one event.
    fixed = body.replace("133起", "233起")
    world.crawl("bureau-a")
    assert world.read("http://bureau-a.gov.cn/1.html", body=fixed) == ["report.revised"]
    assert world.read("http://bureau-a.gov.cn/list2/77.html", column=2) == []
    world.crawl("bureau-a")
    world.crawl("bureau-b")
    assert world.read("http://bureau-a.gov.cn/list2/77.html", column=2, body=fixed) == []
    assert world.read("http://bureau-b.gov.cn/bm/9.html", **copy) == []
    world.crawl("bureau-b")
    assert world.read("http://bureau-b.gov.cn/bm/9.html", **{**copy, "body": "（来源：示例市公安局）\n" + fixed}) == []
    assert [e.type for e in world.events()] == ["report.new", "report.revised"]


@pytest.mark.parametrize("publisher", ["示例市公安局", "示例市人民政府"])  # a copy's page may name its own site
@pytest.mark.parametrize("hijacked", [False, True])
def test_copy_met_first_gives_way_to_its_original(sqlite_world: Any, publisher: str, hijacked: bool) -> None:
    world = sqlite_world
    world.source("bureau-b", name="示例市人民政府")
    world.crawl("bureau-b")
    url, elsewhere = "http://bureau-a.gov.cn/1.html", "http://bureau-b.gov.cn/bm/9.html"
    body = world.item(url).report.body
    copy = {
        "source_id": "bureau-b", "body": body + "\n转自示例市公安局网站", "content_source": "示例市公安局",
        "publisher": publisher, "documents": [("表.xls", "http://bureau-b.gov.cn/f/1.xls", b"1")],
    }  # fmt: skip
    own = {"documents": [("表.xls", "http://bureau-a.gov.cn/f/1.xls", b"1")]}
    assert world.read(elsewhere, **copy) == ["report.new"]
    if hijacked:  # what strangers wrote is no original
        assert world.read(url, flags=["title_spam"], **own) == ["report.tampered"]
        world.crawl("bureau-a")
    assert world.read(url, **own) == []
    with world.database.session() as session:
        row = session.get_one(ReportRow, 1)
        assert (row.source_id, row.url, row.publisher) == ("bureau-a", url, "示例市公安局")
        record = record_of(session, 1)
        assert (record["body"], record["content_source"]) == (body, None)
        assert [a["url"] for a in record["attachments"]] == ["http://bureau-a.gov.cn/f/1.xls"]
        assert len(attachments_of(session, 1)) == 2
    for source, address, reading in (("bureau-b", elsewhere, copy), ("bureau-a", url, own)):
        world.crawl(source)
        assert world.read(address, **reading) == []
    fixed = body.replace("133起", "233起")
    world.crawl("bureau-a")
    assert world.read(url, **own, body=fixed) == ["report.revised"]
    world.crawl("bureau-b")
    assert world.read(elsewhere, **copy) == []  # it lags behind, and follows
    world.crawl("bureau-b")
    assert world.read(elsewhere, **{**copy, "body": fixed + "\n转自示例市公安局网站"}) == []


def test_copy_of_an_earlier_version_is_the_same_report(sqlite_world: Any) -> None:
    world = sqlite_world
    world.source("bureau-b", name="示例市人民政府")
    world.crawl("bureau-b")
    url, elsewhere = "http://bureau-a.gov.cn/1.html", "http://bureau-b.gov.cn/bm/9.html"
    body = world.item(url).report.body
    world.read(url)
    for figure in ("233起", "333起"):
        world.crawl("bureau-a")
        assert world.read(url, body=body.replace("133起", figure)) == ["report.revised"]
    copy = {"source_id": "bureau-b", "content_source": "示例市公安局", "publisher": None}
    assert world.read(elsewhere, **copy, body=body.replace("133起", "233起")) == []
    assert world.read(elsewhere.replace("9", "8"), **copy, body=body.replace("133起", "433起")) == ["report.new"]


def test_copy_that_lags_behind_does_not_bring_the_old_text_back(sqlite_world: Any) -> None:
    world = sqlite_world
    world.source("bureau-b", name="示例市人民政府")
    world.crawl("bureau-b")
    url, elsewhere = "http://bureau-a.gov.cn/1.html", "http://bureau-b.gov.cn/bm/9.html"
    body = world.item(url).report.body
    fixed = body.replace("133起", "233起")
    world.read(url)
    assert world.read(elsewhere, source_id="bureau-b") == []
    world.crawl("bureau-a")
    assert world.read(url, body=fixed) == ["report.revised"]
    # A newer version of the program reads the copy otherwise, which still shows the old text.
    world.crawl("bureau-b")
    newer = {"extraction_version": "2", "source_id": "bureau-b"}
    assert world.read(elsewhere, **newer, body=body + "\n末行") == []
    with world.database.session() as session:
        assert record_of(session, 1)["body"] == fixed
    world.crawl("bureau-b")
    assert world.read(elsewhere, **newer, body=fixed + "\n末行") == []
    assert [e.type for e in world.events()] == ["report.new", "report.revised"]


def test_form_letters_of_one_day_stay_apart(sqlite_world: Any) -> None:
    world = sqlite_world
    text = "行政处罚决定书。当事人{name}，于2026年1月{day}日在示例路违法停车，处以罚款{sum}元。不服可申请复议。"
    for n, name in enumerate(["张某某", "李某某", "王某某"]):
        raised = world.read(
            f"http://bureau-a.gov.cn/p{n}.html",
            title="行政处罚决定书",
            body=text.format(name=name, day=n + 2, sum=100 + n) * 2,
        )
        assert raised == ["report.new"]
