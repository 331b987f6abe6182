"""Rows that a script fetches: the request is read from the page's script, never run; bounded, and only on its host."""
# ruff: noqa: E501  pages and scripts as they stand

from __future__ import annotations

import json
from urllib.parse import parse_qsl, urlsplit

import pytest

from crawler import platforms
from crawler.platforms.base import Listing, Page, PageRequest
from crawler.probe import probe

URL = "https://www.example.gov.cn/gg/"
TITLES = [f"关于第{n}批行政执法案件办理情况的公告" for n in range(40)]


def rows(first: int, count: int = 6) -> str:
    return "".join(
        f'<li><a href="/gg/{n + 700}.html">{TITLES[n]}</a><span>2023-0{1 + n % 9}-11</span></li>'
        for n in range(first, first + count)
    )


def opened(script: str, button: str = '<div class="more" onclick="loadMore()">加载更多</div>') -> Listing:
    html = f'<html><head><title>公告</title></head><body><ul id="list">{rows(0)}</ul>{button}<script>{script}</script></body></html>'
    page = Page(URL, html.encode())
    return platforms.get("generic").read(page, PageRequest(URL))


GET = "https://www.example.gov.cn"
CASES = [
    ('var page=1;function loadMore(){page++;$.ajax({type:"GET",url:"/more.do",data:{cid:"88",pageNo:page},success:function(d){if(d){add(d)}}});}',
     None, ("GET", f"{GET}/more.do?cid=88&pageNo=2", None), f"{GET}/more.do?cid=88&pageNo=3"),
    ('var i=1;var cid="c12";\nfunction loadMore(){ i = i + 1; $.post("/more", {cid: cid, page: i}, function(d){}); }',
     None, ("POST", f"{GET}/more", "cid=c12&page=2"), "cid=c12&page=3"),
    ('let n = 1;\nconst loadMore = async () => { n += 1; const r = await fetch(`/api?col=9&page=${n}`); show(await r.json()); }',
     None, ("GET", f"{GET}/api?col=9&page=2", None), f"{GET}/api?col=9&page=3"),
    ('var off=0;function loadMore(){off=off+1;$.getJSON("/api", {start: off*6, rows: 6}, function(d){});}',
     None, ("GET", f"{GET}/api?start=6&rows=6", None), f"{GET}/api?start=12&rows=6"),
    ('var p=1;$("#btn").click(function(){p++;$.get("/gg/index_"+p+".html",function(h){});});',
     '<a id="btn" href="javascript:;">查看更多</a>', ("GET", f"{GET}/gg/index_2.html", None), f"{GET}/gg/index_3.html"),
    ('$(document).ready(function(){$(".btn-more").on("click",function(){var $t=$(this);$.getJSON($t.data("url"),{page:$t.data("page")},f)})});',
     '<div class="btn-more" data-url="/m.json" data-page="2">加载更多</div>', ("GET", f"{GET}/m.json?page=2", None), f"{GET}/m.json?page=3"),
    ('function loadMore(url,page){ $.ajax({url:url+"?page="+page,success:function(h){}}); }',
     "<a href=\"javascript:loadMore('/part',2)\">点击加载更多</a>", ("GET", f"{GET}/part?page=2", None), f"{GET}/part?page=3"),
    ('var q={pageNo:1,columnId:"66"};function loadMore(){q.pageNo++;axios.post("/q",q).then(f);}',
     None, ("POST", f"{GET}/q", '{"pageNo": 2, "columnId": "66"}'), '{"pageNo": 3, "columnId": "66"}'),
]  # fmt: skip


@pytest.mark.parametrize(("script", "button", "expected", "third"), CASES)
def test_the_request_of_a_load_more_is_followed(
    script: str, button: str | None, expected: tuple[str, str, str | None], third: str
) -> None:
    listing = opened(script, button) if button else opened(script)
    following = listing.next
    assert following is not None
    assert (following.method, following.url, following.body) == expected
    assert not listing.notes
    answer = Page(following.url, json.dumps({"data": {"html": rows(6)}}, ensure_ascii=False).encode())
    second = platforms.get("generic").read(answer, following)
    assert [e.url for e in second.entries] == [f"{GET}/gg/{n + 700}.html" for n in range(6, 12)]
    assert second.next is not None
    assert third in (second.next.url, second.next.body)
    last = platforms.get("generic").read(Page(second.next.url, f"<ul>{rows(12, 4)}</ul>".encode()), second.next)
    assert [e.hints.title for e in last.entries] == TITLES[12:16]
    assert last.next is not None
    assert platforms.get("generic").read(Page(last.next.url, b"<p></p>"), last.next).next is None


@pytest.mark.parametrize(
    "script",
    [
        'function loadMore(){ App.store.dispatch("next"); }',
        'var page=1;function loadMore(){page++;$.get("https://elsewhere.example.com/a?page="+page,f);}',
        'function loadMore(){$.get("/same?page=2",f);}',
        'var page=1;function loadMore(){page++;$.get("/a?page="+page+"&token="+token(),f);}',
        'var page=1;function loadMore(){page++;$.ajax({url:"/a",data:{page:page,key:$("#key").val()}});}',
    ],
)
def test_what_is_not_understood_is_not_guessed_but_told(script: str) -> None:
    listing = opened(script)
    assert listing.next is None
    assert any("loadMore()" in note for note in listing.notes)


def test_the_answers_own_page_count_ends_the_list() -> None:
    following = opened(CASES[0][0]).next
    assert following is not None
    assert dict(parse_qsl(urlsplit(following.url).query))["pageNo"] == "2"
    records = [{"title": TITLES[n], "url": f"/gg/{n}.html", "date": "2023-01-02"} for n in range(6, 9)]
    answer = Page(following.url, json.dumps({"totalPages": 2, "pageNo": 2, "rows": records}).encode())
    listing = platforms.get("generic").read(answer, following)
    assert (len(listing.entries), listing.next) == (3, None)


CLICKED = [
    # eportal: the call hands over nothing but the address
    ("<a style='cursor:pointer' onclick=\"queryArticleByCondition(this,'/zc/17081-2.html')\" class='pagingNormal'>下一页</a>",
     "", f"{GET}/zc/17081-2.html"),
    ("<a href='javascript:void(0)' title='下一页' onclick=\"queryArticleByCondition(this,'/eportal/ui?pageId=302266&amp;currentPage=2&amp;moduleId="
     + "0123456789abcdef" * 6 + "&amp;staticRequest=yes')\">下一页</a>",
     "", f"{GET}/eportal/ui?pageId=302266&currentPage=2&moduleId=" + "0123456789abcdef" * 6 + "&staticRequest=yes"),
    # Epoint: cells and list items that are clicked
    ("<table><tr><td>1</td><td onclick=\"window.location.href='./?Paging=2'\">下页 &gt;</td><td>1/47</td></tr></table>",
     "", f"{GET}/gg/?Paging=2"),
    ("<ul><li class='current'>1</li><li onclick=\"window.location.href='/gg/2.html'\">2</li><li onclick=\"window.location.href='/gg/3.html'\">3</li></ul>",
     "", f"{GET}/gg/2.html"),
    # a handler bound by jQuery, with the element's own number
    ("<ul class='pagination'><li><a data-page='2' href='javascript:void(0);'>下一页</a></li></ul>",
     '$(".pagination a").click(function(){var p=$(this).attr("data-page");window.location.href="/list?cid=31&pageNum="+p;});',
     f"{GET}/list?cid=31&pageNum=2"),
]  # fmt: skip


@pytest.mark.parametrize(("pager", "script", "expected"), CLICKED)
def test_a_pager_that_is_clicked_leads_where_its_code_says(pager: str, script: str, expected: str) -> None:
    listing = opened(script, pager)
    assert listing.next is not None
    assert listing.next.url == expected


@pytest.mark.parametrize(
    "told",
    [
        {"next_page_url": f"{GET}/api.json?page=2"},
        {"links": {"self": "/api.json", "next": "/api.json?page=2"}},
        {"_links": {"next": {"href": "/api.json?page=2"}}},
    ],
)
def test_an_answer_that_links_its_next_page_is_followed(told: dict[str, object]) -> None:
    records = [
        {"title": TITLES[n], "html_url": f"{GET}/d/{n}.html", "publication_date": "2023-01-02"} for n in range(5)
    ]
    page = Page(f"{GET}/api.json", json.dumps({"total_pages": 9, "results": records, **told}).encode())
    listing = platforms.get("json").read(page, PageRequest(page.url))
    assert listing.next is not None
    assert listing.next.url == f"{GET}/api.json?page=2"
    away = Page(page.url, json.dumps({"results": records, "next_page_url": "https://other.example.com/2"}).encode())
    assert platforms.get("json").read(away, PageRequest(page.url)).next is None


def test_a_counted_pager_keeps_the_extension_that_its_script_writes() -> None:
    items = "".join(
        f'<li><a href="./202301/t20230112_{n}.htm">{TITLES[n]}</a><span>2023-01-12</span></li>' for n in range(6)
    )
    script = (
        '//createPageHTML(9, 0, "index", "html");\nvar currentPage = 0;\nvar nextPage = currentPage+1;\nvar countPage = 17;\n'
        'if(countPage>1) document.write("<a href=\\"index"+"_" + nextPage + "."+"htm\\">下一页</a>");'
    )
    page = Page(URL, f"<html><body><ul>{items}</ul><script>{script}</script></body></html>".encode())
    listing = platforms.get("trs").read(page, PageRequest(URL))
    assert listing.next is not None
    assert listing.next.url == f"{URL}index_1.htm"


def test_files_after_their_label_are_a_rows_companions() -> None:
    items = "".join(
        f'<li><p><a href="/y/{n}.html">{TITLES[n]}</a></p><p>附件：<a href="/u/{n}a.pdf">{TITLES[n][:8]}说明.pdf</a> <a href="/u/{n}b.xlsx">表{n}.xlsx</a></p><p>发布日期：2023-01-12</p></li>'
        for n in range(7)
    )
    page = Page(URL, f"<html><body><ul>{items}</ul></body></html>".encode())
    listing = platforms.get("generic").read(page, PageRequest(URL))
    assert [(e.url, e.hints.title) for e in listing.entries] == [(f"{GET}/y/{n}.html", TITLES[n]) for n in range(7)]
    assert {str(e.hints.published) for e in listing.entries} == {"2023-01-12"}


def test_times_under_an_unknown_key_are_found_by_their_values() -> None:
    records = [
        {"articleId": n, "articleTitle": TITLES[n], "staticPath": f"/a/{n}.html", "issueMoment": 1703811600000}
        for n in range(5)
    ]
    page = Page(f"{GET}/api", json.dumps({"data": {"articleList": records}}).encode())
    listing = platforms.get("json").read(page, PageRequest(page.url))
    assert {str(e.hints.published)[:10] for e in listing.entries} == {"2023-12-29"}


LOADED = [
    'var page=1;function load(){ $.ajax({url:"/list.json",type:"GET",data:{channelId:"77",pageNo:page,pageSize:5},success:f}); } $(function(){load();});',
    '$(function(){ $.post("/hits.do",{id:9,page:1},f); getList(1); });function getList(p){ $.getJSON("/list.json",{channelId:77,pageNo:p,pageSize:5},f); }',
    'axios.get("/list.json",{params:{channelId:77,pageNo:1,pageSize:5}}).then(f)',
]


@pytest.mark.parametrize("script", LOADED)
@pytest.mark.parametrize("data", [True, False], ids=["data", "piece of a page"])
def test_a_list_that_the_pages_script_asks_for(script: str, data: bool) -> None:
    links = "".join(f"<li><a href='/topic/{n}/'>专题专栏之优化营商环境{n}</a></li>" for n in range(8))
    html = f"<html><body><ul>{links}</ul><ul id='l'></ul><script>{script}</script></body></html>"
    page = Page(URL, html.encode())
    asked: list[str] = []

    def fetch(request: PageRequest, **_: object) -> Page:
        asked.append(request.url)
        if request.url == URL:
            return page
        records = [{"title": TITLES[n], "url": f"/gg/{n + 700}.html", "publishDate": "2023-01-11"} for n in range(5)]
        answer = json.dumps({"total": 35, "rows": records}) if data else f"<ul>{rows(0, 5)}</ul>"
        return Page(request.url, answer.encode())

    result = probe(URL, fetch, sample=False)
    assert (result.platform, result.count) == ("ajax", 5)
    assert [e.url for e in result.entries] == [f"{GET}/gg/{n + 700}.html" for n in range(5)]
    assert result.next_url == f"{GET}/list.json?channelId=77&pageNo=2&pageSize=5"
    assert not any("hits" in url for url in asked)


@pytest.mark.parametrize(
    "script",
    [
        '$.get("/hits.do?id=9&page=1",f);',
        'load(App.page);function load(p){$.get("/list?pageNo="+p+sign(p),f)}',
        '$.get("https://b.cn/list?page=1",f);',
    ],
)
def test_requests_for_something_else_or_elsewhere_are_not_made(script: str) -> None:
    page = Page(URL, f"<html><body><ul id='l'></ul><script>{script}</script></body></html>".encode())
    asked: list[str] = []

    def fetch(request: PageRequest, **_: object) -> Page:
        asked.append(request.url)
        return page

    result = probe(URL, fetch, sample=False)
    assert (result.ok, result.needs_render, asked) == (False, True, [URL])
