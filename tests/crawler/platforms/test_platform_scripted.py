"""Lists whose rows, addresses or pagers are in scripts and attributes; data whose page is told by its parameters."""

# ruff: noqa: E501 - markup is read more easily unbroken
from __future__ import annotations

import json
from datetime import date

import pytest

from crawler import platforms
from crawler.platforms import Page, PageRequest
from crawler.platforms.finder.script import Scripts
from crawler.platforms.jsonlist import next_page
from pipelines.errors import ListingError

URL = "http://bureau.example.gov.cn/zwgk/tzgg/"
NAMES = ("道路交通", "统计调查", "防汛抗旱", "教育督导", "节能降耗", "森林防火")
ROWS = [(f"./2024{n + 1:02d}/t2024{n + 1:02d}0{n + 1}_{88000 + n}.html", f"关于做好2024年{name}工作有关事项的通知", f"2024-{n + 1:02d}-0{n + 1}") for n, name in enumerate(NAMES)]  # fmt: skip
LIST = "<ul>" + "".join(f'<li><a href="{u}">{t}</a><span>{d}</span></li>' for u, t, d in ROWS) + "</ul>"


def read(main: str, url: str = URL) -> platforms.Listing:
    menu = "".join(f"<li><a href='/{n}/'>{n}栏目</a></li>" for n in ("政务", "公开", "服务", "互动", "数据"))
    page = Page(
        url, f"<html><head><meta charset=utf-8></head><body><ul>{menu}</ul><div>{main}</div></body></html>".encode()
    )
    return platforms.get(platforms.detect(page).platform).read(page, PageRequest(url))


def seen(listing: platforms.Listing) -> list[tuple[str, str | None, object]]:
    return [(e.url.rsplit("/", 1)[-1], e.hints.title, str(e.hints.published)) for e in listing.entries]


EXPECTED = [(u.rsplit("/", 1)[-1], t, d) for u, t, d in ROWS]
FORMS = {
    "own function": "<li><a href=\"javascript:openUrl('{u}')\">{t}</a><span>{d}</span></li>",
    "attribute of the link": '<li><a href="javascript:void(0)" data-url="{u}">{t}</a><span>{d}</span></li>',
    "attribute of the row": '<li data-href="{u}"><p>{t}</p><span>{d}</span></li>',
    "row that is clicked": "<li onclick=\"location.href='{u}'\"><p>{t}</p><span>{d}</span></li>",
    "image alone": '<li><a href="{u}"><img src="/i.jpg" alt="{t}"></a><span>{d}</span></li>',
}


@pytest.mark.parametrize("form", FORMS)
def test_rows_that_lead_on_by_other_ways(form: str) -> None:
    assert seen(read("<ul>" + "".join(FORMS[form].format(u=u, t=t, d=d) for u, t, d in ROWS) + "</ul>")) == EXPECTED


def test_a_number_in_several_elements_stays_whole() -> None:
    rows = "".join(f'<li><a href="{u}"><font>{t[:6]}</font><b>{t[6:]}</b></a><i>{d}</i></li>' for u, t, d in ROWS)
    assert seen(read(f"<ul>{rows}</ul>")) == EXPECTED


@pytest.mark.parametrize(("before", "after"), [("<template>", "</template>"), ("<textarea>", "</textarea>"), ("<!--", "-->"),
                                           ("<script type='text/html'>", "</script>")])  # fmt: skip
def test_rows_that_are_not_shown_are_read_where_nothing_else_lists(before: str, after: str) -> None:
    listing = read(f"{before}{LIST}{after}")
    assert seen(listing) == EXPECTED
    assert listing.notes


def test_rows_written_by_a_script() -> None:
    lines = "\n".join(f"document.write('<li><a href=\"{u}\">{t}</a><span>{d}</span></li>');" for u, t, d in ROWS)
    assert seen(read(f"<script>{lines}</script>")) == EXPECTED


def test_rows_in_a_comment_do_not_join_a_list_that_is_shown() -> None:
    old = LIST.replace("t2024", "t2019")
    assert seen(read(f"{LIST}<!--{old}-->")) == EXPECTED


def test_a_text_with_links_in_a_comment_is_no_list() -> None:
    with pytest.raises(ListingError):
        read("<p>" + "本单位全年工作情况的长篇正文，内容翔实，数据准确，条理清楚。" * 80 + f"</p><!--{LIST}-->")


PAGERS = {
    "Pager({size:25, current:0, prefix:'index',suffix:'htm'});": "index_1.htm",
    "var pager_options={currentPage:parseInt('2')+1, countPage:parseInt('7'), PAGE_NAME:'list', PAGE_EXT:'html'};": "list_3.html",
    "var currentPage=0; var countPage=7;": "index_1.html",
    "var currentPage=6; var countPage=7;": None,
    "createPageHTML('page', 12, 0, 'index', 'html', 230);": "index_1.html",
    "layui.laypage.render({elem:'p',count:230,limit:15,curr:1,jump:function(o,first){if(!first){location.href='?page='+o.curr;}}});": "?page=2",
}


@pytest.mark.parametrize("call", PAGERS)
def test_pagers_that_a_script_writes(call: str) -> None:
    following = read(f"{LIST}<script>{call}</script>").next
    assert (following.url.rsplit("/", 1)[-1] if following else None) == PAGERS[call]


@pytest.mark.parametrize(("link", "script", "expected"), [
    ("<a href='javascript:goPage(2)'>下一页</a>", "function goPage(n){ window.location.href='list.jsp?col=5&page='+n; }", "list.jsp?col=5&page=2"),
    ("<a href='javascript:void(0)' onclick='toPage(2);return false;'>下一页</a>", 'function toPage(no){ var url = "index_" + no + ".html"; location.href = url; }', "index_2.html"),
    ("<a href='javascript:goPage(2)'>下一页</a>", "function goPage(n){ location.href=address(n)+'.html'; }", None),
    ("<select onchange='location.href=this.value'><option value='index.html' selected>1</option><option value='index_1.html'>2</option></select>", "", "index_1.html"),
])  # fmt: skip
def test_pagers_that_call_the_page_s_function(link: str, script: str, expected: str | None) -> None:
    listing = read(f"{LIST}<div>{link}</div><script>{script}</script>")
    assert (listing.next.url.rsplit("/", 1)[-1] if listing.next else None) == expected
    assert listing.next is not None or listing.notes


def test_a_script_does_not_lead_to_a_strange_host() -> None:
    script = "function goPage(n){ location.href='http://elsewhere.example/?page='+n; }"
    assert read(f"{LIST}<div><a href='javascript:goPage(2)'>下一页</a></div><script>{script}</script>").next is None
    outcome = Scripts(script).outcome("goPage(2)")
    assert outcome is not None
    assert outcome.url == "http://elsewhere.example/?page=2"


def test_panels_of_several_columns_are_not_one_list() -> None:
    panels = "".join(
        f"<div class='pane'><ul>{LIST[4:-5].replace('./2024', f'/{name}/2024')}</ul></div>" for name in ("tz", "zc")
    )
    assert len(read(f"<div>{panels}</div>").entries) == 6


@pytest.mark.parametrize(("url", "body", "expected"), [
    ("?pageNow=1&pageSize=9", None, "pageNow=2"),
    ("?start=0&rows=9", None, "start=9"),
    ("?from=18&size=9", None, "from=27"),
    ("?start=2024", None, None),
    ("?q=%7B%22pageNo%22%3A1%2C%22n%22%3A9%7D", None, "pageNo%22%3A2"),
    ("", '{"channel": 5, "page": {"pageNo": 1, "pageSize": 9}}', '"pageNo": 2'),
    ("", '{"channel": 5, "start": 0, "limit": 9}', '"start": 9'),
    ("", "cid=5&offset=9&limit=9", "offset=18"),
    ("", '{"channel": 5}', None),
    ("", '{"channel": ', None),
])  # fmt: skip
def test_the_next_page_of_data(url: str, body: str | None, expected: str | None) -> None:
    following = next_page(PageRequest(f"http://bureau.example.gov.cn/api{url}", body=body))
    assert (following is None) == (expected is None)
    if following and expected:
        assert expected in (following.body or following.url)
        assert following.number == 2


def answer(records: object, query: str = "page=1", **more: object) -> platforms.Listing:
    url = f"http://bureau.example.gov.cn/api?{query}"
    page = Page(url, json.dumps({"code": 0, "data": records, **more}, ensure_ascii=False).encode())
    return platforms.get(platforms.detect(page).platform).read(page, PageRequest(url))


def test_records_that_are_wrapped_or_keyed() -> None:
    plain = [{"title": t, "pubDate": d, "url": u[1:]} for u, t, d in ROWS]
    nested = [{"id": n, "metadata": r} for n, r in enumerate(plain)]
    for records in (plain, nested, {str(n): r for n, r in enumerate(plain)}):
        listing = answer(records)
        assert [e.hints.title for e in listing.entries] == [t for _, t, _ in ROWS]
        assert listing.entries[0].hints.published == date(2024, 1, 1)


def test_without_counts_a_full_page_or_the_answer_s_word_leads_on() -> None:
    plain = [{"title": t, "pubDate": d, "url": u[1:]} for u, t, d in ROWS]
    assert answer(plain, "page=1&size=6").next is not None
    assert answer(plain, "page=1&size=10").next is None
    assert answer(plain, "page=1", hasNextPage=True).next is not None
    assert answer(plain, "page=1&size=6", isLastPage=True).next is None
