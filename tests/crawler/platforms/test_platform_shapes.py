"""The list finder on shapes of lists as bureaus build them, each within navigation, side boxes and a footer."""

# ruff: noqa: E501 - markup is read more easily unbroken
from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from crawler.platforms import Page, PageRequest
from crawler.platforms.base import Listing
from crawler.platforms.generic import Generic

URL = "http://bureau.example.gov.cn/zwgk/tzgg/index.html"
Row = tuple[str, str, date]
WORDS = (
    "道路交通安全",
    "安全生产",
    "统计调查",
    "重点项目建设",
    "社会治安防控",
    "营商环境优化",
    "生态环境保护",
    "医疗卫生服务",
    "教育督导",
    "防汛抗旱",
    "节能降耗",
    "森林防火",
)
MENU = "".join(
    f'<li><a href="/{n}/index.html">{n}栏目</a></li>'
    for n in ("政务", "公开", "服务", "互动", "专题", "数据", "机构", "新闻")
)


def rows(count: int = 9) -> list[Row]:
    return [
        (f"/zwgk/tzgg/{2021 + n // 12}{n % 12 + 1:02d}/{88000 + n * 13}.html",
         f"关于{'进一步' * (n % 2)}做好{2022 + n % 2}年全市{WORDS[n % 12]}工作有关事项的通知",
         date(2021 + n // 12, n % 12 + 1, n * 3 % 27 + 1))
        for n in range(count)
    ]  # fmt: skip


def page(main: str, *, side: str = "", head: str = "") -> Page:
    hot = "".join(f'<li><a href="/xw/t{n}.html">热门新闻标题第{n}条</a></li>' for n in range(6))
    text = f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>通知公告-某市某局</title>{head}</head><body>
    <div class="top"><a href="http://www.gov.cn/">中国政府网</a> <a href="/login">登录</a></div>
    <div class="menu"><ul>{MENU}</ul></div>
    <div class="pos">您现在的位置：<a href="/">首页</a> &gt; <a href="/zwgk/">政务公开</a> &gt; <a href="/zwgk/tzgg/">通知公告</a></div>
    <table width="1000"><tr><td valign="top"><div class="lnav"><ul><li><a href="/zwgk/zcwj/">政策文件</a></li><li><a href="/zwgk/zcjd/">政策解读</a></li>
    <li><a href="/zwgk/tjsj/">统计数据</a></li><li><a href="/zwgk/nb/">信息公开年报</a></li></ul></div><div class="rm"><h3>热门文章</h3><ul>{hot}</ul></div>{side}</td>
    <td valign="top">{main}</td></tr></table>
    <div class="links"><a href="http://a.gov.cn">省公安厅</a><a href="http://b.gov.cn">省统计局</a><a href="http://c.gov.cn">市人民政府</a></div>
    <div class="bottom"><p>主办单位：某市某局 网站标识码：5200000001 <a href="https://beian.miit.gov.cn/">黔ICP备05000000号</a></p><p>更新日期：2026-01-01</p></div>
    </body></html>"""
    return Page(URL, text.encode())


def each(form: str) -> Callable[[list[Row]], str]:
    """A list whose rows follow one form."""

    def build(found: list[Row]) -> str:
        return "".join(
            form.format(
                u=u,
                t=t,
                cut=t[:14] + "...",
                d=d,
                ymd=f"{d:%Y-%m-%d}",
                y=d.year,
                m=f"{d.month:02d}",
                day=f"{d.day:02d}",
                m1=d.month,
                d1=d.day,
                n=n,
                en=f"{d.day} {d:%B} {d.year}",
            )
            for n, (u, t, d) in enumerate(found, 1)
        )

    return build


def wrapped(before: str, form: str, after: str) -> Callable[[list[Row]], str]:
    inner = each(form)
    return lambda found: before + inner(found) + after


def two_in_a_row(found: list[Row]) -> str:
    cells = [f'<td><a href="{u}">{t}</a></td><td>{d:%Y-%m-%d}</td>' for u, t, d in found]
    return "<table>" + "".join(f"<tr>{''.join(cells[i : i + 2])}</tr>" for i in range(0, len(cells), 2)) + "</table>"


def by_year(found: list[Row]) -> str:
    parts: dict[int, list[Row]] = {}
    for row in found:
        parts.setdefault(row[2].year, []).append(row)
    return "".join(
        f"<h3>{year}年</h3><ul>"
        + "".join(f'<li><a href="/w/{u[-10:]}">{t}</a><em>{d:%m-%d}</em></li>' for u, t, d in some)
        + "</ul>"
        for year, some in parts.items()
    )


SHAPES: dict[str, Callable[[list[Row]], str]] = {
    "ul": wrapped("<ul>", '<li><a href="{u}">{t}</a><span>{ymd}</span></li>', "</ul>"),
    "cut title": wrapped("<ul>", '<li><span class="r">[{y}/{m}/{day}]</span>·<a href="{u}" title="{t}">{cut}</a></li>', "</ul>"),
    "dl": wrapped("<dl>", '<dt><a href="{u}">{t}</a></dt><dd>{ymd}</dd>', "</dl>"),
    "dl each": each('<dl><dt><a href="{u}">{t}</a></dt><dd>发布时间：{ymd} 10:30</dd></dl>'),
    "columns": wrapped("<table><tr><th>序号</th><th>标题</th><th>索引号</th><th>发布机构</th><th>成文日期</th><th>发布日期</th></tr>",
                       '<tr><td>{n}</td><td><a href="{u}" target="_blank">{t}</a></td><td>01234567-8/2022-0{n:04d}</td><td>某市某局</td><td>2019年1月{n}日</td><td>{ymd}</td></tr>', "</table>"),
    "table each": each('<table width="100%"><tr><td width="10"><img src="/i/dot.gif"></td><td><a href="{u}" class="a1">{t}</a></td><td width="80">{ymd}</td></tr></table>'),
    "two in a row": two_in_a_row,
    "cards": each('<div class="card"><a href="{u}"><img src="/i/{n}.jpg"></a><div><h4><a href="{u}">{t}</a></h4><p>为深入贯彻落实上级决策部署，现就有关工作通知如下……</p><span>{y}年{m1}月{d1}日</span><a href="{u}">[详情]</a></div></div>'),
    "whole row link": each('<a class="it" href="{u}"><h3>{t}</h3><p>为深入贯彻落实上级决策部署，切实做好相关工作，经研究决定，现将有关事项通知如下，请认真抓好落实。</p><span>{ymd}</span></a>'),
    "link holds date": wrapped("<ul>", '<li><a href="{u}"><span class="fl">· {t}</span><span class="fr">{ymd}</span></a></li>', "</ul>"),
    "category first": wrapped("<ul>", '<li><a href="/zwgk/tzgg/tz/">[通知]</a> <a href="{u}">{t}</a> <i>{ymd}</i></li>', "</ul>"),
    "office beside": wrapped("<ul>", '<li><a href="/jg/{n}/">某市{n}号办公室</a><a href="{u}">{t}</a><b>{ymd}</b></li>', "</ul>"),
    "explained beside": wrapped("<ul>", '<li><a href="{u}">{t}</a><a href="/zcjd/2022/{n}0001.html">【图解】</a><b>{ymd}</b></li>', "</ul>"),
    "day above": wrapped("<ul>", '<li><div><b>{day}</b><p>{y}-{m}</p></div><a href="{u}">{t}</a></li>', "</ul>"),
    "year above": wrapped("<ul>", '<li><span>{y}<br>{m}-{day}</span><a href="{u}">{t}</a></li>', "</ul>"),
    "day and month below": wrapped("<ul>", '<li><a href="{u}"><div><span>{m}-{day}</span><span>{y}</span></div><h4>{t}</h4></a></li>', "</ul>"),
    "flat": lambda f: "<div>" + each('<a href="{u}">{t}</a> {ymd}<br>')(f) + "</div>",
    "flat date first": lambda f: "<td>" + each('[{y}-{m1}-{d1}] <a href="{u}">{t}</a><br/>')(f) + "</td>",
    "paragraphs": each('<p>　　{n}. <a href="{u}">{t}</a>（{y}.{m}.{day}）</p>'),
    "groups of three": lambda f: "".join("<ul>" + each('<li><a href="{u}">{t}</a><span>{ymd}</span></li>')(f[i : i + 3]) + "</ul><div class='line'></div>" for i in range(0, len(f), 3)),
    "opened by script": wrapped("<ul>", """<li><a href="javascript:void(0)" onclick="window.open('{u}')">{t}</a><span>{ymd}</span></li>""", "</ul>"),
    "month and day, year in the address": wrapped("<ul>", '<li><a href="{u}">{t}</a><span>{m}-{day}</span></li>', "</ul>"),
    "new badge": wrapped("<ul>", '<li><a href="{u}" title="{t}">{t}</a><img src="/i/new.gif" alt="NEW"><span>({ymd})</span></li>', "</ul>"),
    "time element": wrapped("<ol>", '<li><a href="{u}">{t}</a><time datetime="{ymd}T08:00:00+08:00">很久以前</time></li>', "</ol>"),
    "english dates": wrapped('<ul class="gem-c-document-list">', '<li><div><a href="{u}">{t}</a></div><p>Summary of the document.</p><ul><li>Official statistics</li><li>Published <time>{en}</time></li></ul></li>', "</ul>"),
    "labelled": each('<div class="row"><div><a href="{u}">{t}</a></div><div>索引号：0123-2022-{n:04d} 成文日期：2018-03-04 发布日期：{ymd} 有效性：有效</div></div>'),
    "title of two lines": wrapped("<ul>", '<li><a href="{u}" title="标题：{t}&#10;发布时间：{ymd}">{cut}</a><span>{ymd}</span></li>', "</ul>"),
    "year headings": by_year,
    "nested list": wrapped("<ul><li><ul>", '<li><p><a href="{u}"><font>{t}</font></a></p><p>{ymd}</p></li>', "</ul></li></ul>"),
    "data table": wrapped('<table class="table"><thead><tr><th>Date</th><th>Title</th></tr></thead><tbody>', '<tr><td>{ymd}</td><td><a href="{u}">{t}</a></td></tr>', "</tbody></table>"),
    "divs in a grid": wrapped('<div class="grid">', '<div class="c"><div class="a"><a href="{u}">{t}</a></div><div class="b">{ymd}</div></div>', "</div>"),
}  # fmt: skip


def read(main: str, **more: str) -> Listing:
    return Generic().read(page(main, **more), PageRequest(URL))


def seen(listing: Listing) -> list[tuple[str, str | None, date | None]]:
    return [
        (e.url.rsplit("/", 1)[-1], e.hints.title, getattr(e.hints.published, "date", lambda e=e: e.hints.published)())
        for e in listing.entries
    ]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("count", [2, 9, 30])
def test_shape(shape: str, count: int) -> None:
    found = rows(count)
    assert seen(read(SHAPES[shape](found))) == [(u.rsplit("/", 1)[-1], t, d) for u, t, d in found]


def test_side_list_with_dates_is_not_taken() -> None:
    found = rows(5)
    side = (
        "<h3>最新文章</h3><ul>"
        + "".join(
            f'<li><a href="/xw/2022/{n}77.html">局领导调研全市重点工作推进情况之{n}</a><span>03-0{n}</span></li>'
            for n in range(1, 8)
        )
        + "</ul>"
    )
    pager = '<div>共 40 条 <span>1</span> <a href="index_1.html">2</a> <a href="index_1.html">下一页</a></div>'
    listing = read(SHAPES["ul"](found) + pager, side=side)
    assert [u for u, _, _ in seen(listing)] == [u.rsplit("/", 1)[-1] for u, _, _ in found]
    assert listing.next is not None
    assert listing.next.url.endswith("/zwgk/tzgg/index_1.html")


def test_rows_without_dates() -> None:
    found = rows(8)
    assert seen(read(wrapped("<ul>", '<li><a href="{u}">{t}</a></li>', "</ul>")(found))) == [
        (u.rsplit("/", 1)[-1], t, None) for u, t, _ in found
    ]


def test_a_day_without_a_year_stays_open() -> None:
    found = [(f"/show.asp?id={n}", t, d) for n, (_, t, d) in enumerate(rows(6), 1)]
    listing = read(wrapped("<ul>", '<li><a href="{u}">{t}</a><span>{m}-{day}</span></li>', "</ul>")(found))
    assert len(listing.entries) == 6
    assert {e.hints.published for e in listing.entries} == {None}


def test_table_columns_become_hints() -> None:
    first = read(SHAPES["columns"](rows(3))).entries[0].hints
    assert (first.index_number, first.publisher, first.drafted) == (
        "01234567-8/2022-00001",
        "某市某局",
        date(2019, 1, 1),
    )


def test_files_in_rows_become_attachments() -> None:
    listing = read(
        wrapped("<ul>", '<li><a href="{u}">{t}</a> <a href="/f/{n}.pdf">PDF下载</a> <span>{ymd}</span></li>', "</ul>")(
            rows(6)
        )
    )
    assert [a.url.rsplit("/", 1)[-1] for e in listing.entries for a in e.hints.attachments] == [
        f"{n}.pdf" for n in range(1, 7)
    ]


def test_rows_that_are_files() -> None:
    found = [(f"/u/{n}.xls", t, d) for n, (_, t, d) in enumerate(rows(6))]
    listing = read(SHAPES["ul"](found))
    assert all(e.document for e in listing.entries)
    assert len(listing.entries) == 6


@pytest.mark.parametrize("mark", ["<em>[置顶]</em>", "[置顶]", "<img src='/i/zhiding.png'>", "<span>顶</span>"])
def test_pinned_row(mark: str) -> None:
    found = rows(6)
    u, t, d = found[3]
    listing = read(
        f'<ul><li>{mark}<a href="{u}">{t}</a><span>{d:%Y-%m-%d}</span></li>'
        + each('<li><a href="{u}">{t}</a><span>{ymd}</span></li>')(found)
        + "</ul>"
    )
    assert [e.pinned for e in listing.entries] == [True, False, False, False, False, False]
    assert listing.entries[0].hints.title == t


@pytest.mark.parametrize(
    ("pager", "following"),
    [
        ('<a href="list_2.html">下一页</a>', "list_2.html"),
        ('<a href="list_2.html">下页</a><a href="list_9.html">尾页</a>', "list_2.html"),
        ('<a href="?p=2">Next ›</a>', "?p=2"),
        ('<a href="?p=2" rel="next">→</a>', "?p=2"),
        ('<span class="cur">1</span><a href="l2.html">2</a><a href="l3.html">3</a>', "l2.html"),
        ('<a class="on" href="index.html">1</a><a href="l2.html">2</a><a href="l3.html">3</a>', "l2.html"),
        (
            '<ul><li class="active"><a href="#">1</a></li><li><a href="l2.html">2</a></li><li><a href="l2.html">&gt;</a></li></ul>',
            "l2.html",
        ),
        ('<a href="l2.html" title="下一页"><img src="n.gif"></a>', "l2.html"),
        ('<a disabled="disabled">下一页</a> <a href="l1.html">1</a> <a href="l2.html">2</a>', None),
        ('<!-- <a href="l2.html">下一页</a> -->', None),
    ],
)
def test_next_page(pager: str, following: str | None) -> None:
    listing = read(SHAPES["ul"](rows(9)) + f'<div class="pg">{pager}</div>')
    assert (listing.next.url if listing.next else None) == (
        URL.rsplit("/", 1)[0] + "/" + following
        if following and not following.startswith("?")
        else URL + following
        if following
        else None
    )


def test_script_pager_is_reported() -> None:
    listing = read(SHAPES["ul"](rows(9)) + '<div><a href="javascript:goPage(2)">下一页</a> 共12页</div>')
    assert listing.next is None
    assert "goPage(2)" in listing.notes[0]
    assert listing.total_pages == 12
