"""Answers that are wrong, empty, enormous or malicious: told apart, bounded, never guessed."""

# ruff: noqa: E501 - long data lines
from __future__ import annotations

import gzip
from datetime import date

import pytest

from crawler import platforms
from crawler.platforms import Page, PageRequest
from crawler.platforms.jsliteral import LiteralError, literal_at
from pipelines.errors import ListingError, UnknownNameError
from pipelines.extraction.parsing import MAX_CHARACTERS

URL = "http://bureau.example.gov.cn/zwgk/index.html"
ITEM = '<li><a href="/zwgk/202201/t20220108_{0}.html">关于做好第{0}号工作有关事项的通知</a><span>2022-01-08</span></li>'
LIST = "<ul>" + "".join(ITEM.format(n) for n in range(1000, 1012)) + "</ul>"


def page(body: str | bytes, **more: object) -> Page:
    return Page(URL, body.encode() if isinstance(body, str) else body, **more)  # type: ignore[arg-type]


def read(body: str | bytes, number: int = 1, **more: object) -> platforms.Listing:
    it = page(body, **more)
    return platforms.get(platforms.detect(it).platform).read(it, PageRequest(URL, number))


@pytest.mark.parametrize(
    "body",
    [
        "", "   ", "{}", "[]", "null", '{"data": {"list": [], "total": 0}}', '{"success": false, "msg": "系统错误", "data": null}',
        '{"num": "-10000", "error": true, "message": "服务器异常"}', "[" * 100_000, '{"a":' * 5000, "<rss></rss>", "<urlset></urlset>",
        "<sitemapindex></sitemapindex>", "<datastore><recordset></recordset></datastore>", "%PDF-1.7 x", b"\xff\xfe\x00\x00", b"\x1f\x8b broken",
        "<html><body><form><input type=text><input type='password'></form></body></html>", "<a " * 50_000, "<!--" * 50_000,
        "<html><body>" + "<p>" + "本单位全年工作情况的长篇正文。" * 200 + "</p><ul><li><a href='/a/1.html'>上一篇</a></li></ul></body></html>",
        "<script>articleList: [{</script>", "<script>createPageHTML(</script>", "<script>var x = [" + "[{" * 20_000 + "</script>",
    ],
    ids=range(24),
)  # fmt: skip
def test_no_list_is_an_error_and_no_crash(body: str | bytes) -> None:
    with pytest.raises(ListingError):
        read(body)


def test_status_and_challenge() -> None:
    with pytest.raises(ListingError, match="503"):
        read(LIST, status=503)
    with pytest.raises(ListingError, match="challenge"):
        read("<script>$_ts=window['$_ts'];if(!$_ts)$_ts={};</script>")


def test_a_declared_emptiness_is_no_failure() -> None:
    listing = read("<html><body><div class='list'>暂无信息</div><p>某市某局</p></body></html>")
    assert listing.declared_empty
    assert not listing.entries


def test_a_page_after_the_last_is_the_end() -> None:
    assert read("<html><body>404 Not Found</body></html>", 7, status=404).next is None


def test_dead_pager_calls_are_not_followed() -> None:
    listing = read(LIST + "<!-- <script>createPageHTML(20, 0, 'index', 'html')</script> -->")
    assert len(listing.entries) == 12
    assert listing.next is None


def test_both_pager_signatures() -> None:
    def following(call: str) -> str | None:
        found = read(f"{LIST}<script>{call}</script>").next
        return found.url.rsplit("/", 1)[-1] if found else None

    assert following('createPageHTML(20,0,"index","html");') == "index_1.html"
    assert following('createPageHTML(20, 18, "index", "html")') == "index_19.html"
    assert following('createPageHTML(20, 19, "index", "html")') is None
    assert following("createPage(3,0,'list','shtml')") == "list_1.shtml"
    assert following("createPageHTML('page_div',10, 1,'list','shtml',149);") == "list_2.shtml"
    assert following("createPageHTML('page_div',10,10,'list','shtml',149);") is None
    assert (
        following(
            "var countPage = 5; var currentPage = 0; document.write('<a href=\"index'+'_'+(currentPage+1)+'.html\">')"
        )
        == "index_1.html"
    )


def test_a_host_name_is_no_fingerprint() -> None:
    plain = (
        "<ul>"
        + "".join(
            f'<li><a href="/a/{n}.html">关于做好第{n}号工作有关事项的通知</a><span>2022-01-08</span></li>'
            for n in range(9)
        )
        + "</ul>"
    )
    found = platforms.detect(Page("http://jjzd.trs.gov.cn/xxgk/", plain.encode()))
    assert found.platform == "generic"


def test_entities_and_external_files_are_not_resolved() -> None:
    bomb = "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10 if i else "x" * 100}">' for i in range(10))
    text = f'<?xml version="1.0"?><!DOCTYPE r [{bomb}<!ENTITY f SYSTEM "file:///etc/passwd">]><rss><channel><item><title>甲&a9;&f;乙</title><link>/n/1.html</link></item></channel></rss>'
    entry = read(text).entries[0]
    assert len(entry.hints.title or "") < 20
    assert "root:" not in (entry.hints.title or "")


def test_gzip_bomb_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.platforms.sitemap.MAX_BYTES", 100_000)
    with pytest.raises(ListingError, match="MB"):
        platforms.get("sitemap").read(page(gzip.compress(b"<urlset>" + b" " * 1_000_000)), PageRequest(URL))


def test_a_very_long_list_is_read_whole() -> None:
    found = read("<ul>" + "".join(ITEM.format(n) for n in range(10_000, 18_000)) + "</ul>")
    assert len(found.entries) == 8000


def test_a_strange_host_is_not_followed() -> None:
    assert read(LIST + '<div><a href="http://elsewhere.example/p2.html">下一页</a></div>').next is None


def test_hidden_links_to_other_hosts_are_left_out() -> None:
    spam = '<li style="display:none"><a href="http://spam.example/">某某平台登录入口官网下载</a><span>2022-01-08</span></li>'
    listing = read(LIST.replace("</ul>", spam + "</ul>"))
    assert len(listing.entries) == 12


def test_literals_are_read_and_never_run() -> None:
    assert literal_at("{a: 'x\\u4e2d', \"b\": [1, 2.5, null, ], c: undefined, /* d */ }", 0) == {
        "a": "x中",
        "b": [1, 2.5, None],
        "c": None,
    }
    for text in ("{a: f(1)}", "{a: 'x' + y}", "{a:", "[1,,'x", "alert(1)"):
        with pytest.raises(LiteralError):
            literal_at(text, text.index("(") if text.startswith("alert") else 0)


def test_unknown_platform_names_the_known_ones() -> None:
    with pytest.raises(UnknownNameError, match="generic"):
        platforms.get("nonsense")


def test_a_page_of_any_length_is_read_to_its_end() -> None:
    """A list page beyond what is read of a page at once: all rows, none twice, whole, and the pager at its end."""
    row = "<li><a href='/r/{n}.html'>某市公安局第{n}号工作总结</a><span>2021-03-04</span></li>" + " " * 20_000
    short, long = ("".join(row.format(n=n) for n in range(count)) for count in (20, MAX_CHARACTERS // 20_000 + 5))
    for rows in (short, long):
        pager = "<div class='page'><a href='/list/2.html'>下一页</a></div>"
        page = Page("http://a.gov.cn/list/", f"<html><body><ul>{rows}</ul>{pager}</body></html>".encode())
        listing = platforms.get("generic").read(page, PageRequest(page.url))
        count = rows.count("<li>")
        assert [e.url for e in listing.entries] == [f"http://a.gov.cn/r/{n}.html" for n in range(count)]
        assert all(e.hints.published == date(2021, 3, 4) for e in listing.entries)
        assert listing.next
        assert listing.next.url == "http://a.gov.cn/list/2.html"
        assert not listing.notes


def test_a_page_whose_end_is_not_read_says_so() -> None:
    rows = "".join(
        f"<li><a href='/r/{n}.html'>某市公安局第{n}号工作总结</a><span>2021-03-04</span></li>" for n in range(20)
    )
    page = Page("http://a.gov.cn/list/", f"<html><body><ul>{rows}</ul><p>{' ' * MAX_CHARACTERS}</body></html>".encode())
    listing = platforms.get("generic").read(page, PageRequest(page.url))
    assert len(listing.entries) == 20
    assert listing.notes
