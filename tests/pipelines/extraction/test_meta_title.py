"""Titles: whole, the document's own, chosen by agreement."""

# ruff: noqa: E501 - a page's markup and a printed value stay on one line
from __future__ import annotations

import pytest

from pipelines.extraction.metadata import Fields, read_metadata
from pipelines.extraction.parsing import parse
from pipelines.extraction.site_names import key, trim_site
from pipelines.extraction.title import read_title
from pipelines.extraction.title_lines import Stated
from pipelines.items import Hints

BODY = "各有关单位：\n为做好冬季道路交通安全管理工作，现就有关事项通知如下，请认真贯彻执行，确保各项措施落实到位。\n一、加强领导。"
TITLE = "关于加强冬季道路交通管理工作的通知"
NAV = "<ul><li><a>首页</a></li><li><a>政务公开</a></li><li><a>通知公告</a></li></ul><div>当前位置：<a>首页</a> > <a>通知公告</a></div>"


def read(
    *, document: str = "", metas: str = "", head: str = "", hints: Hints | None = None, body: str = BODY
) -> Fields:
    paragraphs = "".join(f"<p>{line}</p>" for line in body.split("\n"))
    source = (
        f"<html><head><title>{document}</title>{metas}</head><body>{NAV}{head}<div>{paragraphs}</div></body></html>"
    )
    return read_metadata(parse(source), source=source, body=body, hints=hints)


LINE = "<p>发布时间：2022-01-08 来源：清河市公安局</p>"
SITE = '<meta name="SiteName" content="清河市公安局网站"><meta name="ColumnName" content="通知公告">'

CASES: dict[str, tuple[dict[str, str], str]] = {
    "article_meta": (
        {"metas": f'<meta name="ArticleTitle" content="{TITLE}">', "head": f"<div>{TITLE}</div>{LINE}"},
        TITLE,
    ),
    "content_before_name": (
        {"metas": f'<meta content="{TITLE}" name="ArticleTitle">', "head": f"<div>{TITLE}</div>"},
        TITLE,
    ),
    "article_meta_is_the_site": (
        {
            "metas": SITE + '<meta name="ArticleTitle" content="清河市公安局网站">',
            "head": f"<div class=t>{TITLE}</div>{LINE}",
        },
        TITLE,
    ),
    "article_meta_is_the_column": (
        {
            "metas": SITE + '<meta name="ArticleTitle" content="通知公告">',
            "head": f"<h1>清河市公安局</h1><div>{TITLE}</div>{LINE}",
        },
        TITLE,
    ),
    "article_meta_is_another_report": (
        {
            "metas": '<meta name="ArticleTitle" content="清河市2019年统计公报">',
            "document": f"{TITLE}-清河市公安局",
            "head": f"<h1>{TITLE}</h1>{LINE}",
        },
        TITLE,
    ),
    "escaped_markup_in_meta": (
        {
            "metas": '<meta name="ArticleTitle" content="关于加强冬季&lt;br/&gt;道路交通管理工作的通知">',
            "head": f"<h1>{TITLE}</h1>{LINE}",
        },
        TITLE,
    ),
    "logo_in_h1": (
        {"document": f"{TITLE}_通知公告_清河市公安局", "head": f"<h1><a>清河市公安局</a></h1><div>{TITLE}</div>{LINE}"},
        TITLE,
    ),
    "document_is_site_only": ({"document": "清河市公安局", "head": f"<div>{TITLE}</div>{LINE}"}, TITLE),
    "document_is_column_and_site": (
        {"document": "通知公告 - 清河市人民政府门户网站", "head": f"<div>{TITLE}</div>{LINE}"},
        TITLE,
    ),
    "site_before_title": ({"document": f"清河市公安局网站-{TITLE}", "head": f"<div>{TITLE}</div>{LINE}"}, TITLE),
    "column_and_site_after_title": ({"document": f"{TITLE}-政府规章-清河之窗-清河市政务门户网站", "metas": ""}, TITLE),
    "untitled": ({"document": "无标题文档", "head": f"<div>{TITLE}</div>{LINE}"}, TITLE),
    "no_document_title": ({"head": f"<div>{TITLE}</div>{LINE}"}, TITLE),
    "broken_by_br": (
        {"document": f"{TITLE}-清河市公安局", "head": f"<h1>关于加强冬季<br>道路交通管理工作的通知</h1>{LINE}"},
        TITLE,
    ),
    "broken_over_paragraphs": (
        {"document": "清河市公安局", "head": f"<p>清河市公安局关于印发冬季道路交通</p><p>管理工作方案的通知</p>{LINE}"},
        "清河市公安局关于印发冬季道路交通管理工作方案的通知",
    ),
    "two_issuers": (
        {
            "document": "清河市公安局 清河市财政局关于开展专项检查的通知-清河市公安局",
            "head": "<h1>清河市公安局 清河市财政局关于开展专项检查的通知</h1>",
        },
        "清河市公安局 清河市财政局关于开展专项检查的通知",
    ),
    "hyphens_of_its_own": (
        {
            "document": "清河市道路交通安全规划（2021-2025年）-规划计划-清河市公安局",
            "head": f"<h1>清河市道路交通安全规划（2021-2025年）</h1>{LINE}",
        },
        "清河市道路交通安全规划（2021-2025年）",
    ),
    "dash_of_its_own": (
        {"document": "守护平安——全市公安工作综述_清河市公安局", "head": f"<h1>守护平安——全市公安工作综述</h1>{LINE}"},
        "守护平安——全市公安工作综述",
    ),
    "quotes_another_in_angles": (
        {"document": "清河市公安局", "head": f"<div>关于印发《关于&lt;安全管理规定&gt;的实施办法》的通知</div>{LINE}"},
        "关于印发《关于<安全管理规定>的实施办法》的通知",
    ),
    "subtitle_below": (
        {"document": f"{TITLE} - 清河市公安局", "head": f"<h1>{TITLE}</h1><h3>——全市会议召开侧记</h3>{LINE}"},
        TITLE,
    ),
    "catalogue_name": (
        {
            "document": "清河市公安局信息公开",
            "head": f"<table><tr><td>索引号：</td><td>0150/2022-1</td><td>名称：</td><td>{TITLE}</td></tr></table><div>{TITLE}</div>",
        },
        TITLE,
    ),
    "body_repeats_it": ({"document": "清河市公安局", "body": f"{TITLE}\n{BODY}"}, TITLE),
    "short": ({"document": "公告-清河市公安局", "head": f"<h1>公告</h1>{LINE}"}, "公告"),
    "english_uk": (
        {"document": "Road safety statistics 2022 - GOV.UK", "head": "<h1>Road safety statistics 2022</h1>"},
        "Road safety statistics 2022",
    ),
    "english_us": (
        {
            "document": "Annual Crash Report 2021 | U.S. Department of Transportation",
            "metas": '<meta property="og:site_name" content="U.S. Department of Transportation">',
        },
        "Annual Crash Report 2021",
    ),
    "english_shared_with_site": (
        {
            "document": "Annual Crash Report 2021 - Department of Transport",
            "metas": '<meta property="og:title" content="Annual Crash Report 2021 - Department of Transport"><meta property="og:site_name" content="Department of Transport">',
        },
        "Annual Crash Report 2021",
    ),
    "spaces_only_between_title_and_site": (
        {"document": f"{TITLE} 清河市公安局网站", "head": f"<div>{TITLE}</div>{LINE}"},
        TITLE,
    ),
    "number_line_between": (
        {"document": "清河市公安局", "head": f"<div>{TITLE}</div><div>清公交〔2022〕3号</div>{LINE}"},
        TITLE,
    ),
    "template_left_unfilled": (
        {
            "document": "$!{title}_$!{site.name}",
            "metas": '<meta name="ArticleTitle" content="$!{title}">',
            "head": f"<div>{TITLE}</div>{LINE}",
        },
        TITLE,
    ),
    "metas_name_the_kind_only": (
        {
            "document": "通知",
            "metas": '<meta name="ArticleTitle" content="通知">',
            "head": f"<div>{TITLE}</div>{LINE}",
        },
        TITLE,
    ),
    "tender_with_its_state": (
        {"document": f"{TITLE}[报名已结束]", "head": f"<h3>{TITLE}<font>[报名已结束]</font></h3>{LINE}"},
        TITLE,
    ),
    "names_before_it_parted_by_spaces": (
        {"document": f"清河市公安局 通知公告 {TITLE}", "head": f"<div>{TITLE}</div>{LINE}"},
        TITLE,
    ),
    "broken_and_followed_by_names_parted_by_spaces": (
        {
            "document": "清河县“6·12”较大火灾事故调查报告 事故调查 清河县应急管理局",
            "head": f"<div>清河县“6·12”<br>较大火灾事故调查报告</div>{LINE}",
        },
        "清河县“6·12”较大火灾事故调查报告",
    ),
    "speaker_over_the_time_line": (
        {
            "document": "政府工作报告-清河市人民政府",
            "head": f"<div>2024年政府工作报告</div><p>——在第十八届人民代表大会上</p><p>市长　马某</p>{LINE}",
        },
        "2024年政府工作报告",
    ),
    "state_of_a_call_below_it": (
        {
            "document": "意见征集",
            "head": f"<div>{TITLE}</div><ul><li>征集状态：已结束</li><li>开始时间：2022-03-01</li><li>征集单位：市局</li></ul>",
        },
        TITLE,
    ),
    "value_on_the_line_below_its_label": (
        {
            "document": "清河市政务",
            "head": f"<div>{TITLE}</div><dl><dt>信息来源</dt><dd>清河市水利局 水资源处</dd><dt>发布时间</dt><dd>2022-01-08</dd></dl>",
        },
        TITLE,
    ),
    "box_of_fields_over_it": (
        {
            "document": "政府信息公开",
            "head": f"<div>文件信息</div><ul><li>发布日期：2022-01-08</li><li>来源：市局</li></ul><div>{TITLE}</div>",
        },
        TITLE,
    ),
    "its_name_in_another_script_below_it": (
        {
            "document": "政府信息公开",
            "head": f"<div>{TITLE}</div><div>قىشلىق مەركەزلىك ئىسسىقلىق ئۇقتۇرۇش</div>{LINE}",
        },
        TITLE,
    ),
    "several_bodies_over_it": (
        {
            "document": "政府信息公开",
            "head": f"<div>省公安厅 省交通运输厅<br>{TITLE}</div>{LINE}",
        },
        f"省公安厅 省交通运输厅{TITLE}",
    ),
    "tools_between": (
        {
            "document": "清河市公安局",
            "head": f"<div>{TITLE}</div>{LINE}<div>【字号 <a>大</a> <a>中</a> <a>小</a>】 <a>打印</a></div><div>分享到：</div>",
        },
        TITLE,
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_title(name: str) -> None:
    page, expected = CASES[name]
    fields = read(**page)  # type: ignore[arg-type]
    assert fields.title == expected
    assert fields.flags == []


def test_list_title_is_completed_or_completes() -> None:
    cut = Hints(title=TITLE[:12] + "…")
    assert read(document="清河市公安局", head=f"<div>{TITLE}</div>{LINE}", hints=cut).title == TITLE
    assert read(document=f"{TITLE} - 清河市人民政府", head=f"<h1>{TITLE[:12]}...</h1>{LINE}").title == TITLE
    whole = Hints(title=TITLE)
    assert read(document="清河市公安局", head=f"<h1>{TITLE[:12]}...</h1>{LINE}", hints=whole).title == TITLE


def test_list_title_of_another_report_does_not_win() -> None:
    fields = read(document=f"{TITLE}-清河市公安局", head=f"<h1>{TITLE}</h1>{LINE}", hints=Hints(title="网站维护公告"))
    assert fields.title == TITLE


def test_list_title_fills_a_page_without_any() -> None:
    assert read(document="清河市公安局网站", hints=Hints(title=TITLE)).title == TITLE


def test_raw_title_is_the_document_title() -> None:
    assert read(document=f"{TITLE}_清河市公安局", head=f"<h1>{TITLE}</h1>").title_raw == f"{TITLE}_清河市公安局"


def test_page_without_a_title() -> None:
    assert read_title(Stated()).text is None


def test_keys_compare_letters_alone() -> None:
    assert key("《关于 A－1》") == key("关于a-1") != key("关于A2")


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ("关于做好工作的通知-清河市公安局", "关于做好工作的通知"),
        ("关于做好工作的通知_通知公告_清河市人民政府门户网站", "关于做好工作的通知"),
        ("2021-2022年工作要点 | 清河市政府网", "2021-2022年工作要点"),
        ("清河市政府网", "清河市政府网"),
    ],
)
def test_trim_site(document: str, expected: str) -> None:
    assert trim_site(document) == expected


def test_trim_knows_columns() -> None:
    assert trim_site("关于做好工作的通知_通知公告_清河网", columns=["通知公告"]) == "关于做好工作的通知"
