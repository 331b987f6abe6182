"""Flags of tampering: set by position and structure, and never on clean pages."""

# ruff: noqa: E501 - a page's markup and a printed value stay on one line
from __future__ import annotations

import pytest

from pipelines.extraction.metadata import Fields, read_metadata
from pipelines.extraction.parsing import parse
from pipelines.extraction.tampering import hides_links, without_spam

BODY = "各单位：\n为严厉打击网络赌博、跨境赌博和六合彩等违法犯罪活动，公安机关开展专项行动，现将有关情况通报如下，请遵照执行。"
TITLE = "关于打击网络赌博专项行动情况的通报"
CODE = '<meta name="SiteIDCode" content="5201000012"><meta name="SiteName" content="清河市公安局">'


def read(
    document: str,
    *,
    metas: str = CODE,
    head: str | None = None,
    extra: str = "",
    url: str | None = None,
    before: str = "",
) -> Fields:
    shown = f"<h1>{TITLE}</h1>" if head is None else head
    body = "".join(f"<p>{line}</p>" for line in BODY.split("\n"))
    source = (
        f"{before}<html><head><title>{document}</title>{metas}</head><body><div>当前位置：<a>首页</a> &gt; <a>警方通报</a></div>"
        f"{shown}<p>发布时间：2022-01-08 来源：清河市公安局</p>{extra}<div>{body}</div><div>网站标识码：5201000012</div></body></html>"
    )
    return read_metadata(parse(source), source=source, body=BODY, url=url)


@pytest.mark.parametrize(
    "document",
    [
        f"{TITLE}-凯发天生赢家一触即发",
        f"{TITLE}_乐鱼体育官网",
        f"{TITLE} | bet365app下载",
        f"开云体育-{TITLE}",
        f"{TITLE}-百家乐平台-清河市公安局",
        f"{TITLE}-幸运之神天天相伴",
        f"{TITLE}-清河市公安局-鸿运娱乐平台官网",
        f"{TITLE}_银河真人app下载",
    ],
)
def test_title_spam(document: str) -> None:
    fields = read(document)
    assert fields.flags == ["title_spam"]
    assert fields.title == TITLE


def test_brand_in_every_title() -> None:
    spam = f"{TITLE}-凯发天生赢家一触即发"
    fields = read(spam, head=f"<h1>{spam}</h1>", metas=f'<meta name="ArticleTitle" content="{spam}">')
    assert fields.title == TITLE
    assert fields.title_raw == spam
    assert "title_spam" in fields.flags


@pytest.mark.parametrize(
    "document",
    [
        TITLE,
        f"{TITLE}-警方通报-清河市公安局",
        f"{TITLE}_清河警方在线",
        f"{TITLE}-清河市政务服务平台",
        f"{TITLE}-清河市公安局官方网站",
        f"{TITLE}-清河市公安局交通管理局",
        f"清河市公安局网站-{TITLE}",
        f"{TITLE}-严厉打击六合彩-清河市公安局",
        f"{TITLE}_市委市政府重要文件_清河警方在线",
        "警方通报 - 清河市公安局",
    ],
)
def test_clean_titles(document: str) -> None:
    assert read(document).flags == []


@pytest.mark.parametrize(
    ("document", "title"),
    [
        ("Casino plan rejected by council - BBC News", "Casino plan rejected by council"),
        ("Online slots: new rules | The Guardian", "Online slots: new rules"),
        ("警方捣毁特大棋牌赌博团伙_新华网", "警方捣毁特大棋牌赌博团伙"),
        ("六合彩骗局揭秘-澎湃新闻", "六合彩骗局揭秘"),
    ],
)
def test_clean_news(document: str, title: str) -> None:
    fields = read(document, metas="", head=f"<h1>{title}</h1>")
    assert fields.title == title
    assert fields.flags == []


def test_titles_about_gambling_are_left_alone() -> None:
    for title in ("打击六合彩专项行动-通报", "治安简讯-查处棋牌室", "Casino rules - a guide", "2021-2025年规划", TITLE):
        assert without_spam(title) == title


FAR = '<a href="http://www.kf88888.com/">娱乐</a><a href="http://www.ag99999.com/">体育</a>'


@pytest.mark.parametrize(
    "extra",
    [
        f'<div style="position:absolute;left:-9999px;top:-9999px">{FAR}</div>',
        f'<div style="text-indent:-5000px">{FAR}</div>',
        f'<div style="height:0px;overflow:hidden">{FAR}</div>',
        f'<span style="font-size:0">{FAR}</span>',
        '<div style="position:absolute;left:-9999px"><a href="http://www.one-company.com/">一</a><a href="http://www.two-company.com/">二</a></div>',
        f'<marquee height="1" width="4" scrollamount="3000">{FAR}</marquee>',
        '<div style="display:none"><a href="http://www.example-news.com/">百家乐</a></div>',
        '<p style="display: none"><a href="http://abc.kf1.vip/x">首页</a></p>',
    ],
)
def test_hidden_links(extra: str) -> None:
    assert read(TITLE, extra=extra, url="http://gaj.qinghe.gov.cn/t.html").flags == ["hidden_links"]


def test_links_before_the_page() -> None:
    padding = "<!-- page -->" * 6
    assert read(TITLE, before=f"{padding}{FAR}").flags == ["hidden_links"]


@pytest.mark.parametrize(
    "extra",
    [
        '<ul style="display:none"><li><a href="http://www.people.com.cn">人民网</a></li><li><a href="http://www.xinhuanet.com">新华网</a></li></ul>',
        '<div style="display:none"><a href="http://www.some-company.com/">技术支持</a></div>',
        '<div style="position:absolute;left:-9999px"><a href="#main">跳到正文</a><a href="http://www.qinghe.gov.cn/">政府网</a></div>',
        f"<div>{FAR}</div>",
        '<div style="position:absolute;left:50%;margin-left:-600px"><a href="http://www.one-company.com/">一</a><a href="http://www.two-company.com/">二</a></div>',
        '<ul style="font-size:0"><li style="font-size:14px"><a href="http://www.one-company.com/">一</a><a href="http://www.two-company.com/">二</a></li></ul>',
        '<div style="height:0;overflow:hidden"><a href="http://www.one-company.com/">一</a><a href="http://www.two-company.com/">二</a></div>',
        '<div style="left:-300px"><a href="http://www.one-company.com/">一</a><a href="http://www.two-company.com/">二</a></div>',
        '<div style="height:0;overflow:hidden"><a href="/index.html">首页</a></div>',
        '<a style="display:none" href="http://v.t.sina.com.cn/share">微博</a>',
    ],
)
def test_clean_links(extra: str) -> None:
    assert read(TITLE, extra=extra, url="http://gaj.qinghe.gov.cn/t.html").flags == []


@pytest.mark.parametrize(
    ("url", "flagged"),
    [
        ("http://gaj.qinghe.gov.cn/t.html", False),
        ("http://www.qinghemirror.com/gaj/t.html", True),
        ("http://127.0.0.1:8080/gaj/t.html", False),
        ("http://localhost/gaj/t.html", False),
        ("http://gaj.example/t.html", False),
        (None, False),
    ],
)
def test_foreign_host(url: str | None, flagged: bool) -> None:
    assert read(TITLE, url=url).flags == (["offsite_host"] if flagged else [])


def test_host_that_the_page_names() -> None:
    metas = CODE + '<meta name="SiteDomain" content="www.qinghepolice.cn">'
    assert read(TITLE, metas=metas, url="http://www.qinghepolice.cn/t.html").flags == []


def test_news_site_may_quote_a_report() -> None:
    source = f"<html><head><title>{TITLE}-清河新闻网</title></head><body><h1>{TITLE}</h1><p>{BODY}</p></body></html>"
    assert read_metadata(parse(source), source=source, body=BODY, url="http://www.qinghenews.com/1.html").flags == []


@pytest.mark.parametrize(
    ("code", "flagged"), [("5201000012", False), ("5200000001", False), ("4401000004", True), ("x", False)]
)
def test_site_codes(code: str, flagged: bool) -> None:
    fields = read(TITLE, metas=f'<meta name="SiteIDCode" content="{code}">')
    assert fields.flags == (["site_code_mismatch"] if flagged else [])


def test_hidden_link_search_is_bounded() -> None:
    source = "<html>" + '<div style="display:none"><div style="left:-999px">' * 20_000 + '<a href="http://a.com/">x</a>'
    assert not hides_links(source, None)
