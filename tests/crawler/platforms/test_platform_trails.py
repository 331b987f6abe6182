"""The trail of columns above a list, which is none of its rows, and what only a script tells of a row."""

# ruff: noqa: E501 - long data lines
from __future__ import annotations

import json
from datetime import date
from urllib.parse import urljoin, urlsplit

import pytest

from crawler.platforms.finder.dates import find_dates
from crawler.platforms.finder.months import Order
from crawler.platforms.finder.templates import filled, telling, templates
from tests.crawler.platforms.test_platform_field import EXPECTED, LIST, URL, opened, rows, searched, seen, wrapped

ROW = "<table><tr><td><a href='{at}'>首届职工运动会圆满闭幕的情况通报</a></td><td>2011-03-02</td></tr></table>"
CELL = "<td><a href='{}'>{}</a>{}</td>"
TRAILS = {
    "labelled": "<td>您的位置：</td>"
    + CELL.format("/", "主页", " &gt; ")
    + CELL.format("/a.asp?lm=3", "环境保护公报", " &gt;"),
    "by its marks": CELL.format("/i.asp", "首页", "&gt;&gt;") + CELL.format("/a.asp?lm=3", "环境保护公报", ""),
    "by its folders": CELL.format("../../zwgk.htm", "政务公开信息", "")
    + CELL.format("../tzgg.htm", "通知公告栏目", ""),
}


@pytest.mark.parametrize("kind", TRAILS)
@pytest.mark.parametrize("count", [1, 3])
def test_the_trail_above_a_short_list_is_no_entry(kind: str, count: int) -> None:
    listed = "".join(ROW.format(at=f"../../info/1034/{50 + n}.htm") for n in range(count))
    page = wrapped(f"<table><tr>{TRAILS[kind]}</tr></table>{listed}")
    found = opened(page, whole=True, url="http://bureau.example.gov.cn/zwgk/tzgg/1.htm").listing.entries
    assert [urlsplit(e.url).path for e in found] == [f"/info/1034/{50 + n}.htm" for n in range(count)]


def test_a_day_and_a_year_in_two_pieces_are_no_part_of_the_title() -> None:
    form = "<a href='{u}' title='{t}'><li><p>{t}</p><span>{d:%m/%d}<i>{d:%Y}</i></span></li></a>"
    plain = "<ul>" + rows(form) + "</ul>"
    assert seen(opened(plain)) == seen(opened(LIST))


FORMS = {
    "the day first as other rows prove": "<dl><dt><b>{d:%d}</b>/{d:%m}<br>{d:%Y}</dt><dd><a href='{u}'>{t}</a></dd></dl>",
    "the year in two digits": "<p>◇ <a href='{u}'>{t}</a> [{d:%y-%m-%d}] {n}次</p>",
    "the year in the time element alone": "<article><h2><a href='{u}'>{t}</a></h2><time datetime='{d}T00:00'>{d.month}月{d.day}日</time></article>",
    "only 查看 is a link": "<table><tr><td>0143500{n}</td><td>{t}</td><td>{d}</td><td><a href='{u}'>查看</a></td></tr></table>",
}


@pytest.mark.parametrize("form", FORMS)
def test_rows_of_other_forms(form: str) -> None:
    assert seen(opened(rows(FORMS[form]))) == EXPECTED


TEXT = (
    "<h1>关于印发管理办法的通知</h1>"
    + "<p>各县区人民政府要高度重视，加强组织领导，压实工作责任，健全工作机制，确保各项任务落到实处、取得实效。</p>" * 20
)
PUBLICATIONS = {
    "its own files": "<table>" + rows("<tr><td>附件{n}：{t}</td><td><a href='{n}.pdf'>下载</a></td></tr>") + "</table>",
    "what it recommends": "<div><h3>相关阅读</h3>" + LIST + "</div>",
}


@pytest.mark.parametrize("beside", PUBLICATIONS)
def test_what_stands_below_a_publication_is_no_list(beside: str) -> None:
    assert searched(wrapped(TEXT + PUBLICATIONS[beside])).found is None


def of_year(form: str, year: int) -> str:
    return "".join(form.format(u=u.rpartition("/")[2], t=t, d=d) for u, t, d in EXPECTED if d.year == year)


def test_years_in_the_cells_above_their_rows() -> None:
    form = "<tr><td><a href='{u}'>{t}</a></td><td>{d.month}月{d.day}日</td></tr>"
    listed = "".join(f"<tr><th colspan=2>{year}年</th></tr>{of_year(form, year)}" for year in (2022, 2021))
    assert seen(opened(f"<table>{listed}</table>")) == EXPECTED
    other = listed.replace("年</th>", "年</th><th>公报</th>")
    assert {day for *_, day in seen(opened(f"<table>{other}</table>"))} == {None}


@pytest.mark.parametrize(
    ("text", "order", "expected"),
    [
        ("[22-01-08]", "year", date(2022, 1, 8)),
        ("08/01/22", "day", date(2022, 1, 8)),
        ("08/01/22", "month", date(2022, 8, 1)),
        ("08/01/22", None, None),
        ("22-01-08-3", "year", None),
        ("99-01-08", "year", None),
        ("9 of 10-12-15", "day", None),
        ("08/01 2022", "day", date(2022, 1, 8)),
        ("08-01 2022", "year", date(2022, 8, 1)),
    ],
)
def test_short_forms_of_dates(text: str, order: Order | None, expected: date | None) -> None:
    assert next((d.stamp for d in find_dates(text, order=order)), None) == expected


def test_records_in_a_script_are_opened_as_it_opens_them() -> None:
    data = json.dumps([{"id": n, "title": f"第{n}号令废止的决定", "date": f"2024-05-0{n}"} for n in range(1, 6)])
    page = wrapped(f"<ul id=u></ul><script>var all = {data}; h += '<a href=\"show-' + all[i].id + '.html\">';</script>")
    assert [u for u, *_ in seen(opened(page, whole=True))] == [urljoin(URL, f"show-{n}.html") for n in range(1, 6)]


@pytest.mark.parametrize(
    ("first", "last", "shown", "expected"),
    [
        ("page=1", "page=12", "", "page=2"),
        ("page=1", "page=12", "?page=4", "page=5"),
        ("page=0", "page=11", "", "page=1"),
        ("page=1", "page=12", "?page=12", None),
        ("page=7", "page=12", "", None),
        ("id=1", "of=12", "", None),
        ("page=1&sort=a", "page=12&sort=b", "", None),
    ],
)
def test_the_pages_between_the_first_and_the_last(first: str, last: str, shown: str, expected: str | None) -> None:
    url = f"http://bureau.example.gov.cn/zwgk/tzgg/list.do{shown}"
    pager = f"<p>共 12 页 <a href='list.do?{first}'>首页</a> <a href='list.do?{last}'>尾页</a></p>"
    following = opened(LIST + pager, url=url).listing.next
    assert (following and urlsplit(following.url).query) == expected


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("""h += '<li><a href="/show.html?id=' + item.id + '">' + item.title;""", "/show.html?id=7"),
        ("""h += "<a href='/art/" + d.list[i].cid + "/" + d.list[i].id + ".html'>";""", "/art/3/7.html"),
        ('h += `<a href="/show/${row.id}.html" title="${row.title}">`;', "/show/7.html"),
        ("""h += '<a href="/list?cid=' + v.cid + '">x</a><a href=\\"show?id=' + v.id + '\\">';""", "show?id=7"),
        (
            "h += '<li onclick=\"show(' + r.cid + ',' + r.id + ')\">'; function show(c, id){ window.open('/show?c=' + c + '&id=' + id) }",
            "/show?c=3&id=7",
        ),
        (
            "function show(id, c){ location.href = `/show/${id}.html`; } h += `<p onclick=\"show('${x.id}', 1)\">`;",
            "/show/7.html",
        ),
        ("""h += '<a href="' + item.url + '">';""", None),
        ("""h += '<a href="/show?id=' + item.uuid + '">';""", None),
        ("""h += '<a href="javascript:show(' + item.id + ')">';""", None),
    ],
)
def test_the_address_that_a_script_gives_a_row(script: str, expected: str | None) -> None:
    found = [{"id": n, "cid": 3, "title": "通知", "url": ""} for n in (7, 8)]
    pattern = telling(templates(script), found)
    assert (pattern and filled(pattern, found[0])) == expected


def test_rows_of_data_are_opened_as_the_page_opens_them() -> None:
    page = wrapped(
        "<ul id=l><li v-for='x in rows'><a :href=\"'/show.html?id=' + x.id\">{{x.title}}</a></li></ul>"
        "<script>function load(p){ $.get('/api/article/page', {cid: 2, current: p, size: 4}, draw); } load(1);</script>"
    )
    data = [{"id": n, "title": f"第{n}号令废止的决定", "publishDate": f"2024-05-0{n}"} for n in range(1, 5)]
    answer = json.dumps({"data": {"total": 9, "records": data}})
    found = opened(page, {"http://bureau.example.gov.cn/api/article/page?cid=2&current=1&size=4": answer}, whole=True)
    assert seen(found)[0] == ("http://bureau.example.gov.cn/show.html?id=1", "第1号令废止的决定", date(2024, 5, 1))
    assert len(seen(found)) == 4
    assert found.listing.next is not None
