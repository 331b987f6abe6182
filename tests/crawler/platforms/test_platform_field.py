"""Forms of lists as the field has them: scripts and forms that lead on, dates of other countries, frames, stubs, errors."""

# ruff: noqa: E501 - markup is read more easily unbroken
from __future__ import annotations

import json
from datetime import date
from urllib.parse import urljoin

import pytest

from crawler import platforms
from crawler.discovery import Opened, Search, detected, discover, drive
from crawler.platforms import Page, PageRequest
from crawler.platforms.finder.dates import find_dates
from crawler.platforms.finder.script import Scripts
from pipelines.errors import ListingError

URL = "http://bureau.example.gov.cn/zwgk/tzgg/list.html"
NAMES = ("道路交通安全", "【图解】统计调查", "防汛抗旱", "更多教育督导", "节能降耗", "森林防火", "附件材料", "营商环境")
ROWS = [
    (f"{5000 + n}.html", f"{name}工作有关事项的通知", date(2022 - n // 4, 8 - n, 3 * n + 1))
    for n, name in enumerate(NAMES)
]
EXPECTED = [(urljoin(URL, u), t, d) for u, t, d in ROWS]


def rows(form: str) -> str:
    return "".join(
        form.format(u=u, t=t, d=d, md=f"{d:%m-%d}", n=n, cut=t[:6] + "...") for n, (u, t, d) in enumerate(ROWS)
    )


def wrapped(main: str, head: str = "") -> str:
    menu = "".join(f"<li><a href='/{n}/'>{n}栏目</a></li>" for n in ("政务", "公开", "服务", "互动", "数据"))
    return (
        f"<html><head><meta charset=utf-8><title>通知公告</title>{head}</head><body><form action='/search'><input name='q'></form>"
        f"<ul>{menu}</ul><div>{main}</div><p>主办：某市某局 电话：0731-88888888</p></body></html>"
    )


def opened(main: str, answers: dict[str, str] | None = None, *, whole: bool = False, url: str = URL) -> Opened:
    search = searched(main if whole else wrapped(main), answers, url)
    assert search.found is not None, search.trouble
    return search.found


def searched(text: str, answers: dict[str, str] | None = None, url: str = URL) -> Search:
    def fetch(request: PageRequest) -> Page:
        found = (answers or {}).get(request.url)
        return Page(request.url, (found or "gone").encode(), 200 if found else 404)

    steps = discover(
        url, Page(url, text.encode()), names=detected, make=platforms.get, accept=lambda found: bool(found.entries),
        refuse=lambda page: None,
    )  # fmt: skip
    return drive(steps, fetch)


def seen(found: Opened) -> list[tuple[str, str | None, object]]:
    return [(e.url, e.hints.title, e.hints.published) for e in found.listing.entries]


LIST = "<ul>" + rows("<li><a href='{u}'>{t}</a><span>{d}</span></li>") + "</ul>"
SHAPES = {
    "row opened by an id": rows("<li onclick=\"toDetail('{n}')\"><p>{t}</p><p>{d}</p></li>")
    + "<script>var ids=5000; function toDetail(n){ location.href = (5000 + parseInt(n)) + '.html'; }</script>",
    "function of two arguments": rows("<p><a href=\"javascript:view('{u}','7')\">{t}</a> {d}</p>")
    + "<script>function view(u, c){ // c is not used\n window.open(u); }</script>",
    "short dates under a year's heading": "".join(
        f"<div><h3>{year}年</h3><ul>" + "".join(f"<li><em>{d:%m-%d}</em><a href='{u}'>{t}</a></li>" for u, t, d in ROWS if d.year == year) + "</ul></div>"
        for year in (2022, 2021)
    ),
    "cut in an element with a title": "<ul>" + rows("<li><a href='{u}'><span title='{t}'>{cut}</span></a><i>{d}</i></li>") + "</ul>",
    "link that wraps the row": rows("<a class=item href='{u}'><div>{t}</div><div><span>发文机关：某局</span><span>发布日期：{d}</span><span>浏览 {n}</span></div></a>"),
    "number before a short date": "<table>" + rows("<tr><td>{n}</td><td><a href='{u}'>{t}</a></td><td>{d:%Y%m%d}</td></tr>") + "</table>",
    "array filled row by row": "<script>var a=new Array();" + rows("a[{n}]=new Array('{t}','{u}','{d}');") + "</script>",
    "arrays in an array": "<script>var list = [" + rows("['{n}','{t}','{u}','{d}'],") + "];</script>",
    "date in two parts within the link": "<ul>" + rows("<li><a href='{u}'><h4>{t}</h4><p>摘要若干。</p><span>{d:%m月%d日}</span><i>{d:%Y}</i></a></li>") + "</ul>",
    "a title's attribute alone": "<ul>" + rows("<li><a href='{u}' title='{t}'></a><i>{d}</i></li>") + "</ul>",
    "most read beside": "<div><h2>公告</h2>" + rows("<div class=row><a href='{u}'>{t}</a><i>{d}</i></div>") + "</div><div><h2>点击排行</h2>"
    + rows("<div class=row><a href='9{u}'>{t}</a><i>{d}</i></div>") * 2 + "</div>",
    "file names": "<ul>" + rows("<li><a href='{u}'>{t}.pdf</a> (1.{n}MB) {d}</li>") + "</ul>",
    "dots in an address": "<ul>" + rows("<li><a href='http://bureau.example.gov.cn/a/../zwgk/tzgg/{u}'>{t}</a>[{d}]</li>") + "</ul>",
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_rows(shape: str) -> None:
    assert seen(opened(SHAPES[shape])) == EXPECTED


def test_a_link_s_own_date_is_in_its_address() -> None:
    links = "".join(
        f"<li><a href='./2022{n + 1:02d}/t2022{n + 1:02d}0{n + 1}_{9000 + n}.html'>{t}</a></li>"
        for n, (_, t, _) in enumerate(ROWS)
    )
    assert [e.hints.published for e in opened(f"<ul>{links}</ul>").listing.entries] == [
        date(2022, n + 1, n + 1) for n in range(8)
    ]


@pytest.mark.parametrize(("text", "day"), [
    ("令和4年1月8日", (2022, 1, 8)), ("平成31年4月30日", (2019, 4, 30)), ("令和元年9月26日", (2019, 9, 26)), ("111-01-08", (2022, 1, 8)),
    ("民國111年1月8日", (2022, 1, 8)), ("08.01.2022", (2022, 1, 8)), ("1er février 2022", (2022, 2, 1)), ("8. Januar 2022", (2022, 1, 8)),
    ("8 de enero de 2022", (2022, 1, 8)), ("Jan. 8, 2022", (2022, 1, 8)), ("110 01-08", None), ("03/04/2022", None),
])  # fmt: skip
def test_dates_of_other_countries(text: str, day: tuple[int, int, int] | None) -> None:
    assert [f.stamp for f in find_dates(text)] == ([date(*day)] if day else [])


@pytest.mark.parametrize(("lang", "host", "first"), [("en-US", "x.org", date(2022, 3, 4)), ("", "x.gov", date(2022, 3, 4)),
                                              ("en", "x.gov.uk", date(2022, 4, 3)), ("fr", "x.org", date(2022, 4, 3)), ("", "x.gov.cn", None)])  # fmt: skip
def test_the_country_tells_how_numbers_are_read(lang: str, host: str, first: date | None) -> None:
    text = (
        f"<html lang='{lang}'><body><ul>"
        + rows("<li><a href='/report-{n}000.html'>{t}</a><span>03/04/2022</span></li>")
        + "</ul></body></html>"
    )
    assert opened(text, whole=True, url=f"http://{host}/list/").listing.entries[0].hints.published == first


POST_FORM = "<form name='f' method='post' action='/more.do'><input type='hidden' name='cid' value='5'><input type=hidden id='cur' name='pageNo' value='1'>{}</form>"
NEXT = {
    "set by id and sent": (POST_FORM.format("<a href='javascript:go(2)'>下一页</a>") + "<script>function go(n){document.getElementById('cur').value=n; document.f.submit();}</script>",
                           ("POST", "/more.do", "cid=5&pageNo=2")),
    "set with jquery": (POST_FORM.format("<a href='#' onclick='go(2);return false'>下一页</a>") + "<script>var go = function(n){ $('#cur').val(n); $('form[name=f]'); document.forms[\"f\"].submit() }</script>",
                        ("POST", "/more.do", "cid=5&pageNo=2")),
    "function in another file": (POST_FORM.format("<a href='javascript:jump(2)'>下一页</a>") + "<script src='/p.js'></script>", ("POST", "/more.do", "cid=5&pageNo=2")),
    "function in another file, another page": (POST_FORM.format("<a href='javascript:jump(7)'>下一页</a>"), None),
    "sent by GET": (POST_FORM.replace("post", "get").format("<a href='javascript:go(2)'>下一页</a>") + "<script>function go(n){document.f.pageNo.value=n; document.f.submit();}</script>",
                    ("GET", "/more.do?cid=5&pageNo=2", None)),
    "post-back in the second form": ("<form method=post action='list.aspx'><input type=hidden name=__VIEWSTATE value='a/b='><a href=\"javascript:__doPostBack('grid','Page$2')\">2</a></form>",
                                     ("POST", "/zwgk/tzgg/list.aspx", "__VIEWSTATE=a%2Fb%3D&__EVENTTARGET=grid&__EVENTARGUMENT=Page%242")),
    "a button": ("<form method=post action='list.aspx'><input type=hidden name=__VIEWSTATE value=a><input type=submit name=prev value=上一页 disabled><input type=submit name=next value=下一页></form>",
                 ("POST", "/zwgk/tzgg/list.aspx", "__VIEWSTATE=a&next=%E4%B8%8B%E4%B8%80%E9%A1%B5")),
    "the numbers after the last shown": ("<div><a href='p8.html'>8</a> <a href='p9.html'>9</a> <span class=cur>10</span> <a href='p11.html'>...</a></div>", ("GET", "/zwgk/tzgg/p11.html", None)),
    "either of two addresses": ("<script>$('#p').pager({pagenumber:1,pagecount:9,buttonClickCallback:function(p){ location.href = p==1 ? 'index.html' : 'index_'+(p-1)+'.html'; }});</script>",
                                ("GET", "/zwgk/tzgg/index_1.html", None)),
    "counted from nought": ("<script>$('#p').pagination(90, {items_per_page:10, current_page:0, callback:function(i, box){ location.href='?p='+i; }});</script>", ("GET", "/zwgk/tzgg/list.html?p=1", None)),
    "a box of pages": ("<select onchange=\"location.href='list.html?page='+this.value\"><option value=1 selected>第1页</option><option value=2>第2页</option></select>",
                       ("GET", "/zwgk/tzgg/list.html?page=2", None)),
    "a call hidden from old browsers": ("<script><!--\ncreatePageHTML(8, 0, 'index', 'htm');\n//--></script>", ("GET", "/zwgk/tzgg/index_1.htm", None)),
    "a call that is a comment": ("<script>\n//createPageHTML(8, 0, 'index', 'htm');\n/* createPageHTML(8, 0, 'index', 'htm') */</script>", None),
    "a form of another host": ("<form name='f' method=post action='http://elsewhere.example/x'><input name=pageNo value=1><a href='javascript:jump(2)'>下一页</a></form>", None),
}  # fmt: skip


@pytest.mark.parametrize("form", NEXT)
def test_next_page(form: str) -> None:
    pager, expected = NEXT[form]
    following = opened(LIST + pager).listing.next
    assert (expected is None) == (following is None)
    if following is not None and expected is not None:
        method, path, body = expected
        assert (following.method, following.url, following.number) == (method, urljoin(URL, path), 2)
        assert following.body == body


def test_rows_that_a_button_loads_are_told_of() -> None:
    found = opened(LIST + "<div id='more'>加载更多</div>")
    assert found.listing.next is None
    assert found.listing.notes


@pytest.mark.parametrize(("code", "url"), [
    ("go(1)", "index.html"), ("javascript:go('3')", "index_2.html"), ("var u='/a'; u = u + '.html'; window.location = u", "/a.html"),
    ("unknown(1)", None), ("computed(2)", None), ("location.href=`p${1+1}.html`", "p2.html"), ("rest()", "/web/x.html"), ("loop(1)", None),
])  # fmt: skip
def test_scripts_are_read_and_never_run(code: str, url: str | None) -> None:
    scripts = Scripts(
        "var base = '/web'; /* function go(n){ location.href='bad' } */ function go(n){ if(n==1){ location.href='index.html' } else { location.href='index_'+(n-1)+'.html'; } }"
        "function computed(n){ location.href = secret(n); } function rest(){ return open(base + '/x.html', '_blank'); } function loop(n){ loop(n); }"
    )
    outcome = scripts.outcome(code)
    assert (outcome.url if outcome else None) == url


FRAMES = {
    "a frame": "<html><body><iframe src='banner.html' height=60></iframe><iframe src='inner.html' width=100% height=800></iframe></body></html>",
    "a set of frames": "<html><frameset cols='200,*'><frame src='menu.html'><frame src='inner.html'></frameset></html>",
    "a refresh": "<html><head><meta http-equiv=refresh content='0; url=inner.html'></head></html>",
    "a script that sends on": "<html><script>setTimeout(\"location.href='inner.html'\", 100)</script></html>",
}


@pytest.mark.parametrize("form", FRAMES)
def test_pages_that_show_another(form: str) -> None:
    found = opened(FRAMES[form], {urljoin(URL, "inner.html"): wrapped(LIST)}, whole=True)
    assert seen(found) == EXPECTED
    assert found.request.url == urljoin(URL, "inner.html")


def test_a_function_that_a_row_calls_sends_nobody_on() -> None:
    text = f"<html><body><ul>{rows('<li><a href={u}>{t}</a>{d}</li>')}</ul><script>function go(i){{ location.href = '/x?id=' + i; }}</script></body></html>"
    assert seen(opened(text, whole=True)) == EXPECTED


@pytest.mark.parametrize(("text", "failure"), [
    ("<html><title>出错啦</title><h2>您访问的页面不存在</h2><p>5秒后自动返回<a href='/'>首页</a></p></html>", "soft-404"),
    (wrapped("<h1>x</h1>").replace("通知公告", "Page not found"), "soft-404"),
    ("<html><title>提示</title><h1>网站正在维护中</h1></html>", "http-5xx"),
    ("<html><title>登录</title><input type=password></html>", "not-a-listing"),
    ("%PDF-1.4", "not-a-listing"),
    (wrapped("<p>没有列表</p>"), "empty-listing"),
])  # fmt: skip
def test_what_a_page_is_instead(text: str, failure: str) -> None:
    trouble = searched(text).trouble
    assert isinstance(trouble, ListingError)
    assert trouble.failure == failure


def test_records_in_plain_xml_and_a_feed_s_base() -> None:
    docs = (
        "<?xml version='1.0'?><docs>"
        + rows("<doc><title>{t}</title><url>/zwgk/tzgg/{u}</url><pubdate>{d}</pubdate></doc>")
        + "</docs>"
    )
    assert seen(opened(docs, whole=True)) == EXPECTED
    feed = (
        "<feed xmlns='http://www.w3.org/2005/Atom' xml:base='/zwgk/tzgg/'>"
        + rows("<entry><title>{t}</title><link href='{u}'/><published>{d}</published></entry>")
        + "</feed>"
    )
    assert seen(opened(feed, whole=True, url="http://bureau.example.gov.cn/feeds/all.xml")) == EXPECTED


def test_rows_of_a_service_that_only_numbers_them() -> None:
    data = json.dumps(
        {"rows": [{"title": t, "publishDate": str(d), "id": n} for n, (_, t, d) in enumerate(ROWS)]}, ensure_ascii=False
    )
    trouble = searched(data).trouble
    assert trouble is not None
    assert "address" in trouble.message
