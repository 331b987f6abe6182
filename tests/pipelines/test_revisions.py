"""What counts as a change between two readings, and how it is told."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.revisions import (
    another_page,
    compare,
    compare_indicators,
    compare_text,
    content_hash,
    edge_lines,
    news_only,
    paragraphs,
)

TEXT = "全市共发生事故31起，死亡2人。\n同比下降1.5%。\n下一步，深入推进整治。"


def record(**fields: Any) -> dict[str, Any]:
    return {"title": "情况通报", "published": "2026-01-04", "body": TEXT, "attachments": [], "indicators": [], **fields}


@pytest.mark.parametrize(
    "same",
    [
        {"body": "来源：市公安局　发布时间：2026-01-04　浏览次数：88\n" + TEXT},
        {"body": TEXT + "\n责任编辑：张某\n【字体：大 中 小】 打印 关闭"},
        {"body": TEXT.replace("\n", "\n\n  ").replace("，", ", ")},
        {"body": TEXT.replace("31", "３１").replace("%", "％")},
        {"published": "2026-01-04T10:30+08:00"},
        {"title": "情况　通报 "},
        {"publisher": None, "author": "某某", "keywords": ["a"], "images": ["x.png"], "flags": ["x"]},
    ],
)
def test_nothing_happened(same: dict[str, Any]) -> None:
    assert compare(record(), record(**same)) == []


@pytest.mark.parametrize(
    ("change", "old", "new"),
    [
        (("31起", "32起"), "31起", "32起"),
        (("1.5%", "15%"), "1.5%", "15%"),
        (("1.5%", "-1.5%"), "1.5%", "-1.5%"),
        (("下降", "上升"), "下降", "上升"),
        (("\n下一步，深入推进整治。", ""), "下一步", ""),
    ],
)
def test_small_changes_count(change: tuple[str, str], old: str, new: str) -> None:
    (found,) = compare(record(), record(body=TEXT.replace(*change)))
    assert found["field"] == "body"
    assert old in found["old"]
    assert new in found["new"]
    assert content_hash(record()) != content_hash(record(body=TEXT.replace(*change)))


def test_files_in_another_order_or_at_another_address_are_the_same() -> None:
    one = [{"name": "甲.xls", "url": "http://a.gov.cn/1.xls"}, {"name": "乙.xls", "url": "http://a.gov.cn/2.xls"}]
    other = [{"name": "乙.xls", "url": "https://www.a.gov.cn/2.xls;jsessionid=1"}, one[0]]
    assert compare(record(attachments=one), record(attachments=other)) == []
    assert content_hash(record(attachments=one)) == content_hash(record(attachments=other))
    moved = [{**file, "url": file["url"].replace("gov.cn", "gov.cn/new")} for file in one]
    assert compare(record(attachments=one), record(attachments=moved)) == []
    (change,) = compare(record(attachments=one), record(attachments=one[:1]))
    assert (change["field"], change["new"]) == ("attachments", ["甲.xls"])


def test_filled_fields_are_marked() -> None:
    (change,) = compare(record(), record(index_number="A-1"))
    assert change == {"field": "index_number", "old": None, "new": "A-1", "filled": True}
    for says, filled in (("有效", True), ("是", True), ("部分失效", False), ("已废止", False)):
        (change,) = compare(record(), record(validity=says))
        assert change.get("filled", False) is filled


@pytest.mark.parametrize(
    ("new", "went", "came"),
    [
        (TEXT + "\n转载请注明出处。", 0, 1),
        ("网站改版公告\n" + TEXT + "\n转载请注明出处。", 0, 2),
        (TEXT.removesuffix("\n下一步，深入推进整治。") + "\n转载请注明出处。", 1, 1),
        (TEXT + "\n本通报已废止。", None, None),
        (TEXT.replace("同比下降1.5%。", "同比下降1.6%。"), None, None),
        (TEXT + "\n" + "另行通知。" * 40, None, None),
        ("\n".join(f"其他{n}。" for n in range(9)), None, None),
    ],
)
def test_lines_at_the_edges(new: str, went: int | None, came: int | None) -> None:
    found = edge_lines(TEXT, new)
    assert (found is None) == (went is None)
    assert found is None or (len(found[0]), len(found[1])) == (went, came)


def figure(name: str, value: float, period: str = "2025", **more: Any) -> dict[str, Any]:
    return {"name": name, "value": value, "unit": "起", "period": {"value": period}, **more}


def test_figures_are_found_again_under_a_period_that_was_named_anew() -> None:
    old = [figure("事故", 31), figure("死亡", 2), figure("受伤", 5), figure("受伤", 6, "2024")]
    new = [figure("事故", 32, "2026"), figure("死亡", 2, "2026", region="示例市"), figure("受伤", 7, "2026")]
    (change,) = compare_indicators(old, new)  # of 受伤 nobody knows which one it was
    assert (change["name"], change["old"], change["new"], change["period"]) == ("事故", "31起", "32起", "2026")


def test_a_places_changes_without_what_the_report_says_already() -> None:
    mended = record(body=TEXT.replace("31", "32"), title="情况通报", indicators=[figure("事故", 32)])
    changes = compare(record(indicators=[figure("事故", 31)], title="通报"), mended)
    assert [c["field"] for c in news_only(changes, record())] == ["body", "indicator"]
    assert news_only(changes, mended) == []


LONG = TEXT * 3
NOTICE = "网站正在进行系统升级维护，暂停访问，给您带来不便，敬请谅解。"
HOME = "工作通报\n关于甲的通报01-25\n关于乙的通报01-22"


@pytest.mark.parametrize(
    ("new", "shown", "listed", "another"),
    [
        ({"title": "系统维护公告", "body": NOTICE}, "<title>系统维护公告</title>" + NOTICE, "情况通报", True),
        (
            {"body": HOME},
            "<title>示例市公安局</title><a href='/1'>情况通报</a>" + HOME,
            "情况通报",
            True,
        ),  # the list's row named it
        ({"body": "本局全年工作已经完成，全文重写。" * 3}, "<h1>情况<br>通报</h1>", "情况通报", False),
        ({"body": "本局全年工作已经完成，全文重写。" * 3}, r'{"title":"\u60c5\u51b5\u901a\u62a5"}', "情况通报", False),
        ({"title": "系统维护公告", "body": NOTICE}, "", "系统维护公告", False),  # the row says so, too
        ({"title": "另一标题", "body": LONG + "补充一句。"}, "", "情况通报", False),
        ({"body": LONG + NOTICE}, "", "情况通报", False),
        ({"title": "另一标题", "body": ""}, "", "情况通报", True),
        ({"body": ""}, "<h1>某某局</h1><a href='1'>情况通报</a>", "情况通报", True),  # a home page with the row's title
        ({"body": ""}, "<h1>情况通报</h1>", "情况通报", False),
    ],
)
def test_another_page_is_no_version(new: dict[str, Any], shown: str, listed: str, another: bool) -> None:
    old = record(body=LONG)
    assert another_page(old, {**old, **new}, shown, listed) is another
    assert not another_page({**old, "body": "见附件"}, {**old, **new}, shown, listed)


ROWS = "工作通报\n" + "\n".join(f"关于{x}的通报 2026-01-2{n}" for n, x in enumerate("甲乙丙丁戊"))
LINKED = "".join(f"<li><a href='/{x}'><b>关于{x}</b>的通报</a></li>" for x in "甲乙丙丁戊")
FILE = {"name": "关于甲的通报", "url": "http://a.gov.cn/f/1.doc"}


@pytest.mark.parametrize(
    ("old", "new", "source", "another"),
    [
        ({"body": LONG}, {"body": ROWS}, "<h2>情况通报</h2>" + LINKED, True),  # a headline without a link
        ({"body": "见附件"}, {"body": ROWS}, "<h2>情况通报</h2>" + LINKED, True),
        ({"body": "见附件", "attachments": [FILE]}, {"body": ROWS}, LINKED, True),
        ({"body": LONG, "attachments": [FILE]}, {"body": ROWS, "attachments": [FILE]}, LINKED, True),  # the row's word
        ({"body": "见附件", "attachments": [FILE]}, {"body": ROWS, "attachments": [FILE]}, LINKED + "/f/1.doc", False),
        ({"body": LONG}, {"body": ROWS}, "<h2>情况通报</h2>", False),  # lines of its own
        ({"body": LONG}, {"body": LONG + ROWS}, LINKED, False),
    ],
)
def test_a_list_under_a_reports_address_is_no_version(
    old: dict[str, Any], new: dict[str, Any], source: str, another: bool
) -> None:
    assert another_page(record(**old), record(**new), source, "情况通报") is another


def test_change_is_bounded_however_long_the_text() -> None:
    old = "\n".join(f"第{n}行说明{n}。" for n in range(20_000))
    change = compare_text(old, old.replace("说明", "解释"))
    assert change is not None
    assert len(change["old"]) <= 2001
    assert sum(len(paragraph) for _, paragraph in change["diff"]) < 20_000


@pytest.mark.parametrize("line", ["上一篇" * 30, "打印" * 45, "大中小" * 30 + "x", "来源：" * 30, "浏览" * 45 + "x"])
def test_lines_made_to_stall_a_pattern(line: str) -> None:
    assert len(paragraphs("\n".join([line] * 200))) in (0, 200)


@given(st.text(max_size=300))
def test_a_text_never_differs_from_itself(text: str) -> None:
    assert compare_text(text, text) is None
    assert content_hash(record(body=text)) == content_hash(record(body=text + "\n　\n"))
