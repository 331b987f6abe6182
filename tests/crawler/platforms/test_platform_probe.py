"""Probing addresses on a real server: columns, home pages, what is no column, and hosts that misbehave."""

# ruff: noqa: E501 - long data lines
from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from http.cookiejar import DefaultCookiePolicy

import pytest

from crawler import homepage
from crawler.addresses import candidates
from crawler.fetching import Fetcher
from crawler.platforms import Page, PageRequest
from crawler.probe import probe, source_id
from crawler.sources.model import Source
from pipelines.errors import FetchError, IncompleteResponseError, NotAllowedError
from scheduler.demo.bureaus import Bureau, BureauServer, sample_bureaus
from tests.bureaus import sites

LOOPBACK = [ipaddress.ip_network("127.0.0.0/8")]


@pytest.fixture
def traffic() -> Iterator[BureauServer]:
    with BureauServer(sample_bureaus()[0]) as server:
        yield server


class NoCookies(DefaultCookiePolicy):
    """Keeps no cookie."""

    def set_ok(self, cookie: object, request: object) -> bool:
        return False


def fetcher(**more: float) -> Fetcher:
    return Fetcher("test-agent", LOOPBACK, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("www.gaj.gov.cn/xxgk", ["https://www.gaj.gov.cn/xxgk", "http://www.gaj.gov.cn/xxgk"]),
        (
            "gaj.gov.cn:8080/a?b=http://x",
            ["https://gaj.gov.cn:8080/a?b=http://x", "http://gaj.gov.cn:8080/a?b=http://x"],
        ),
        (" “https://a.gov.cn/”\n", ["https://a.gov.cn/"]),
        ("ｈｔｔｐ：／／ｗｗｗ．ａ．gov.cn／ｘ", ["http://www.a.gov.cn/x"]),
        ("公安局。中国/x", ["https://公安局.中国/x", "http://公安局.中国/x"]),
        ("file:///etc/passwd", ["file:///etc/passwd"]),
        ("javascript:alert(1)", ["javascript:alert(1)"]),
        ("/etc/passwd", ["/etc/passwd"]),
    ],
)
def test_addresses_as_people_type_them(typed: str, meant: list[str]) -> None:
    assert candidates(typed) == meant


def test_a_name_without_a_scheme_is_asked_by_https_then_http(traffic: BureauServer) -> None:
    result = probe(traffic.column_url("tzgg").removeprefix("http://"), fetcher(), sample=False)
    assert (result.ok, result.url) == (True, traffic.column_url("tzgg"))
    assert result.suggestion
    assert result.suggestion["columns"][0]["url"] == traffic.column_url("tzgg")
    assert any(traffic.column_url("tzgg") in note for note in result.notes)


def test_a_report_names_the_lists_above_it() -> None:
    path = "<div>当前位置：<a href='/'>首页</a> &gt; <a href='/zwgk/'>政务公开</a> &gt; <a href='/zwgk/gzzj/'>工作总结</a></div>"
    prose = "<p>全年共查处各类交通违法行为，同比上升，实现了事故起数、死亡人数双下降，全力推进各项治理工作。</p>" * 40
    html = f"<html><body><ul><li><a href='/zwgk/tzgg/'>通知公告</a></li></ul>{path}<h1>2023年工作总结</h1>{prose}</body></html>"
    page = Page("https://a.gov.cn/zwgk/gzzj/202401/t1.html", html.encode())
    result = probe(page.url, lambda request, **_: page, sample=False)
    assert result.failure == "not-a-listing"
    assert [c.name for c in result.columns][:2] == ["工作总结", "政务公开"]


def test_a_column_is_described_and_suggested(traffic: BureauServer) -> None:
    result = probe(traffic.column_url("tzgg"), fetcher())
    assert result.ok
    assert (result.platform, result.count, result.total_pages) == ("trs", 10, 2)
    assert result.next_url == traffic.column_url("tzgg") + "index_1.html"
    assert result.validators["not_modified"] is True
    assert result.sample
    assert result.sample.title == result.entries[1].hints.title
    assert (result.site_name, result.column_name) == ("云岭市公安局交通管理支队", "通知公告")
    source = Source.model_validate(result.suggestion)
    assert source.columns[0].url == traffic.column_url("tzgg")
    assert result.to_record()["entries"][0]["pinned"] is True


@pytest.mark.parametrize("name", ["trs-irs", "ucap-json", "jcms", "jpaas", "gkmlpt", "lonsun-label", "jiangxi", "asp-postback", "json", "sitemap"])  # fmt: skip
def test_columns_of_data(name: str) -> None:
    bureau = sites.site(name)
    with BureauServer(bureau) as server:
        result = probe(server.column_url(), fetcher(), sample=False)
        assert result.problem is None
        assert result.platform == bureau.family.name
        assert result.next_url
        assert result.count or name == "sitemap"


def test_home_page_names_its_columns(traffic: BureauServer) -> None:
    result = probe(traffic.url + "/", fetcher())
    assert not result.ok
    assert result.failure == "not-a-listing"
    assert [(c.name, c.url) for c in result.columns[:2]] == [
        ("工作总结", traffic.column_url("gzzj")),
        ("通知公告", traffic.column_url("tzgg")),
    ]
    assert "工作总结" in (homepage.refusal(fetcher()(traffic.url + "/")) or "")
    assert homepage.refusal(fetcher()(traffic.column_url("gzzj"))) is None


def test_what_is_no_column(traffic: BureauServer) -> None:
    report = traffic.bureau.reports["5021"]
    for url in (
        traffic.report_url("5021"),
        traffic.url + traffic.bureau.file_path(report, report.files[0]),
        traffic.url + "/nowhere/",
    ):
        result = probe(url, fetcher())
        assert result.problem
        assert not result.ok
    assert "file" in (probe(traffic.url + traffic.bureau.file_path(report, report.files[0]), fetcher()).problem or "")


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://a.example/x", "javascript:alert(1)", "data:text/html,x", "http:///x", ""])  # fmt: skip
def test_other_schemes_are_refused(url: str) -> None:
    assert probe(url, fetcher()).failure == "scheme"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.1", "2130706433", "[::ffff:127.0.0.1]"])
def test_private_addresses_need_permission(host: str) -> None:
    result = probe(f"http://{host}:9/", Fetcher("test"))
    assert result.failure == "private-address"


def test_hosts_that_are_not_there() -> None:
    assert probe("http://no-such-host.invalid/a/", fetcher()).failure == "dns"
    assert probe("http://127.0.0.1:9/a/", fetcher()).failure == "refused"


def test_robots_are_obeyed(traffic: BureauServer) -> None:
    traffic.bureau.robots = "User-agent: *\nDisallow: /zwgk/\nCrawl-delay: 1\n"
    result = probe(traffic.column_url("tzgg"), fetcher())
    assert result.failure == "robots"
    assert not traffic.requests("/zwgk/")


def test_one_request_at_a_time_with_the_delay_asked_for(traffic: BureauServer) -> None:
    traffic.bureau.robots = "User-agent: *\nCrawl-delay: 4\n"
    waits: list[float] = []
    fetch = Fetcher("test", LOOPBACK, sleep=waits.append)
    probe(traffic.column_url("tzgg"), fetch)
    assert len(waits) >= 2
    assert all(3 < w <= 4 for w in waits)


@pytest.mark.parametrize(
    ("kind", "failure"),
    [
        ("outage", "http-5xx"),
        ("jsl", "blocked"),
        ("412", "blocked"),
        ("200", "blocked"),
        ("truncated", "incomplete"),
    ],
)
def test_broken_hosts(traffic: BureauServer, kind: str, failure: str) -> None:
    noise = traffic.bureau.noise
    fetch = fetcher()
    fetch.rules(traffic.url)
    if kind == "outage":
        noise.outage = 503
    elif kind == "truncated":
        noise.truncated = True
    else:
        noise.challenge = kind
    assert probe(traffic.column_url("tzgg"), fetch).failure == failure


def test_a_cookie_that_is_only_to_be_sent_back(traffic: BureauServer) -> None:
    traffic.bureau.noise.challenge = "cookie"
    assert probe(traffic.column_url("gzzj"), fetcher(), sample=False).count == 6


def test_limits_of_size_and_redirects(traffic: BureauServer) -> None:
    with pytest.raises(IncompleteResponseError):
        Fetcher("test", LOOPBACK, max_bytes=500)(PageRequest(traffic.column_url("gzzj")))
    with pytest.raises(NotAllowedError):
        fetcher()(PageRequest("gopher://x/"))
    traffic.bureau.noise.challenge = "cookie"
    traffic.bureau.robots = ""
    fetch = fetcher()
    fetch.session.cookies.set_policy(NoCookies())
    with pytest.raises(FetchError) as caught:
        fetch(PageRequest(traffic.column_url("gzzj")))
    assert caught.value.failure == "redirect-loop"


def test_ids_of_sources() -> None:
    assert source_id("https://gaj.nanjing.gov.cn/jtgl/") == "nanjing-gaj"
    assert source_id("http://www.stats.gov.cn/sj/") == "stats"
    for url in ("http://127.0.0.1:8080/", "http://x.gov.cn/", "https://" + "a" * 60 + ".gov.cn/"):
        Source.model_validate({"id": source_id(url), "name": "n", "columns": [{"url": url}]})


def test_empty_listing_is_a_failure(traffic: BureauServer) -> None:
    traffic.bureau.noise.empty_listing = True
    assert not probe(traffic.column_url("gzzj"), fetcher()).ok


def test_selectors_of_a_user(traffic: BureauServer) -> None:
    from crawler.platforms import selected
    from crawler.sources.model import Selectors

    platform = selected(Selectors(entry="ul.list li", link="a", date="span"))
    request = PageRequest(traffic.column_url("gzzj"))
    listing = platform.read(fetcher()(request), request)
    bureau: Bureau = traffic.bureau
    assert [e.hints.title for e in listing.entries] == [r.title for r in bureau.shown("gzzj")]
    assert [str(e.hints.published) for e in listing.entries] == [
        f"{r.published:%Y-%m-%d}" for r in bureau.shown("gzzj")
    ]


def test_a_home_page_s_columns_without_its_services() -> None:
    html = """<html><head><meta charset=utf-8><title>某市某局首页</title></head><body>
    <div><h3>统计公报</h3><a href="/tjsj/tjgb/"><img src="more.png" alt="更多"></a></div>
    <a href="/nb/">政府信息公开年度报告</a> <a href="/zz/"><img src="t.gif" alt="工作总结"></a>
    <a href="/sjb/">统计数据直报平台</a> <a href="/zn/">政府信息公开指南</a> <a href="/xz/">公告模板下载</a></body></html>"""
    found = homepage.find_columns(Page("http://bureau.example.gov.cn/", html.encode()))
    assert {(c.name, c.url.rsplit("/", 2)[-2]) for c in found} == {
        ("统计公报", "tjgb"), ("政府信息公开年度报告", "nb"), ("工作总结", "zz"),
    }  # fmt: skip


@pytest.mark.parametrize("text", ["", "http://[::1", "http://a b/c", "http://a.cn:99999/", "gaj"])
def test_what_is_no_address_is_said(text: str) -> None:
    result = probe(text, fetcher())
    assert (result.ok, result.failure) == (False, "scheme")
    assert result.problem


def test_a_home_page_offers_its_columns_and_not_its_reports() -> None:
    """The column's name stands beside 更多; reports are rows with dates, whatever their titles say."""
    boxes = "".join(
        f"<div><h2>{name}</h2><a href='/{path}/'>更多</a><ul>"
        + "".join(
            f"<li><a href='/d/{path}{n}.html'>关于第{n}次执法检查的通告</a><span>2023-01-1{n}</span></li>"
            for n in range(6)
        )
        + "</ul></div>"
        for name, path in (("通知公告", "tzgg"), ("工作总结", "gzzj"), ("统计数据", "tjsj"))
    )
    page = Page(
        "https://gaj.mou.gov.cn/", f"<html><head><title>首页</title></head><body>{boxes}</body></html>".encode()
    )
    assert sorted(c.name for c in homepage.find_columns(page)) == ["工作总结", "统计数据", "通知公告"]
