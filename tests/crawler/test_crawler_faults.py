"""Every fault of the network, over real sockets: told by its class, bounded in time, and never stored."""

from __future__ import annotations

import gzip
import zlib

import brotli
import pytest
from conftest import Asked, Desk, Site, http

GOOD = ["/a1.html", "/a2.html", "/a3.html"]


def fill(site: Site, *extra: str) -> None:
    site.answers["/list/"] = site.listing(*GOOD, *extra)
    for n, path in enumerate(GOOD):
        site.answers[path] = site.report("一二三"[n])


def reports(desk: Desk) -> int:
    return int(desk.rows("select count(*) from report")[0][0])


def test_a_crawl_reads_all_reports_and_the_next_one_asks_once(desk: Desk, site: Site) -> None:
    fill(site)
    desk.source("one", f"{site.url}/list/")
    first = desk.crawl("one")
    assert (first.code, first.failure) == (0, None)
    assert first.stats["new"] == 3
    assert reports(desk) == 3
    site.asked.clear()
    again = desk.crawl("one")
    assert again.code == 0
    assert (again.stats["new"], again.stats["revised"], again.stats["entries"]) == (0, 0, 0)
    assert site.paths() == ["/list/"]
    assert [row[0] for row in desk.rows("select type from event")] == ["report.new"] * 3


EXPECTED = {
    "short": "incomplete",
    "half-gzip": "incomplete",
    "half-brotli": "incomplete",
    "bad-gzip": "incomplete",
    "chunk-cut": "incomplete",
    "gzip-bomb": "too-large",
    "brotli-bomb": "too-large",
    "endless": "too-large",
    "announced-huge": "too-large",
    "reset": "reset",
    "drip-body": "timeout",
    "drip-headers": "timeout",
    "http-500": "http-5xx",
    "http-403": "http-4xx",
    "loop": "redirect-loop",
    "to-file": "scheme",
    "to-private": "private-address",
    "to-private-name": "private-address",
    "jsl": "blocked",
    "ruishu": "blocked",
    "acw": "blocked",
    "waf-200": "blocked",
    "cloudflare": "blocked",
}


def test_broken_list_pages_fail_their_source_alone(desk: Desk, site: Site) -> None:
    """Each source is told by its class; nothing is stored; a sound source beside them is read."""
    fill(site)
    body = site.listing(*GOOD).split(b"\r\n\r\n", 1)[1]
    for fault in EXPECTED:
        site.answers[f"/{fault}/"] = FAULTS[fault](site, body)
        desk.source(fault, f"{site.url}/{fault}/", politeness={"timeout": 4})
    desk.source("sound", f"{site.url}/list/")
    results = desk.crawl_all(*EXPECTED, "sound")
    assert {name: results[name]["failure"] for name in EXPECTED} == EXPECTED
    assert all(results[name]["message"] for name in EXPECTED)
    assert results["sound"]["outcome"] == "ok"
    assert dict(desk.rows("select source_id, failure from crawl where source_id != 'sound'")) == EXPECTED
    assert desk.rows("select distinct source_id from report") == [("sound",)]
    assert not desk.rows("select 1 from event where type = 'source.failing'"), "once is no spell of ill health yet"


def test_broken_report_pages_cost_themselves_alone(desk: Desk, site: Site) -> None:
    """The other reports of the list are read; of a broken page nothing is stored."""
    names = [name for fault in EXPECTED for name in (f"good-{fault}", fault)]
    site.answers["/list/"] = site.listing(*(f"/{name}.html" for name in names))
    body = site.report("坏").split(b"\r\n\r\n", 1)[1]
    for number, fault in enumerate(EXPECTED):
        site.answers[f"/good-{fault}.html"] = site.report(f"{number + 10}")
        site.answers[f"/{fault}.html"] = FAULTS[fault](site, body)
    desk.source("one", f"{site.url}/list/", politeness={"timeout": 4, "concurrency": 2})
    done = desk.crawl("one", timeout=90)
    assert "Traceback" not in done.log
    found = {
        url.rsplit("/", 1)[1].removesuffix(".html"): why for url, why in desk.rows("select url, failure from page")
    }
    assert {name: why for name, why in found.items() if why} == EXPECTED
    assert (done.stats["failed"], done.stats["new"]) == (len(EXPECTED), len(EXPECTED))
    assert not desk.rows("select url from report where url not like '%/good-%'")


def _chunked(parts: list[bytes]) -> bytes:
    return b"".join(f"{len(p):x}\r\n".encode() + p + b"\r\n" for p in parts)


def _zeros(size: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    parts = [packer.compress(b"\0" * 1_000_000) for _ in range(size // 1_000_000)]
    return b"".join([*parts, packer.flush()])


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
FAULTS = {
    "short": lambda _, body: [http(body, length=len(body) + 500)],
    "half-gzip": lambda _, body: http(gzip.compress(body)[:-120], headers={"Content-Encoding": "gzip"}),
    "half-brotli": lambda _, body: http(brotli.compress(body)[:-60], headers={"Content-Encoding": "br"}),
    "bad-gzip": lambda _, body: http(gzip.compress(body)[:40] + b"\xff" * 200, headers={"Content-Encoding": "gzip"}),
    "chunk-cut": lambda _, body: [HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + _chunked([body[:300]])],
    "gzip-bomb": lambda *_: http(_zeros(200_000_000), headers={"Content-Encoding": "gzip"}),
    "brotli-bomb": lambda *_: http(brotli.compress(b"\0" * 200_000_000, quality=5), headers={"Content-Encoding": "br"}),
    "endless": lambda *_: [HEAD + b"\r\n", *([b"x" * 4_000_000] * 12)],
    "announced-huge": lambda *_: [http(b"abc", length=10_000_000_000), 3.0],
    "reset": lambda *_: [b"HTTP/1.1 200 OK\r\nContent-Le"],
    "drip-body": lambda _, body: [http(body, length=len(body) + 100), *([0.3, b" "] * 40)],
    "drip-headers": lambda *_: [HEAD, *([0.3, b"X-A: b\r\n"] * 40)],
    "http-500": lambda *_: http("<p>error", "500 Internal Server Error"),
    "http-403": lambda *_: http("<p>no", "403 Forbidden"),
    "loop": lambda *_: (
        lambda asked: http("", "302 Found", {"Location": f"{asked.path.split('?')[0]}?{asked.number % 2}"})
    ),
    "to-file": lambda *_: http("", "302 Found", {"Location": "file:///etc/passwd"}),
    "to-private": lambda *_: http("", "302 Found", {"Location": "http://169.254.169.254/latest/meta-data/"}),
    "to-private-name": lambda *_: http("", "302 Found", {"Location": "http://[::1]:9/a"}),
    "jsl": lambda *_: http(
        "<script>document.cookie='__jsl_clearance_s=1'</script>", "521 ", {"Set-Cookie": "__jsluid_s=abc; path=/"}
    ),
    "ruishu": lambda *_: http("<html><script>$_ts=window['$_ts'];</script></html>", "412 Precondition Failed"),
    "acw": lambda *_: http("<html><script>var arg1='3B0F1E2D4C5A69788796A5B4C3D2E1F00F1E2D3C';</script></html>"),
    "waf-200": lambda *_: http(
        "<html><title>访问被拦截</title><body>您的请求存在威胁，已被拦截，事件编号 123</body></html>"
    ),
    "cloudflare": lambda *_: http("<title>Just a moment...</title>", "403 Forbidden", {"cf-mitigated": "challenge"}),
}


def test_a_passing_failure_is_tried_again(desk: Desk, site: Site) -> None:
    fill(site)
    whole = site.report("二")

    def flaky(asked: Asked) -> bytes:
        return whole if asked.number else gzip_half(whole)

    site.answers["/a2.html"] = flaky
    desk.source("one", f"{site.url}/list/")
    done = desk.crawl("one")
    assert (done.code, done.stats["new"], done.stats["failed"]) == (0, 3, 0)
    assert site.paths("/a2") == ["/a2.html"] * 2


def gzip_half(response: bytes) -> bytes:
    return http(gzip.compress(response.split(b"\r\n\r\n", 1)[1])[:-9], headers={"Content-Encoding": "gzip"})


def test_refused_and_unknown_hosts(desk: Desk, free_port: int) -> None:
    desk.source("refused", f"http://127.0.0.1:{free_port}/list/")
    desk.source("nowhere", "http://no-such-host.invalid/list/")
    assert desk.crawl("refused").failure == "refused"
    assert desk.crawl("nowhere").failure == "dns"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "127.1", "[::ffff:127.0.0.1]", "0x7f000001"])
def test_private_addresses_need_permission(desk: Desk, site: Site, host: str) -> None:
    fill(site)
    desk.source("one", f"http://{host}:{site.port}/list/")
    desk.env["BUREAUWATCH_PRIVATE_NETWORKS"] = ""
    done = desk.crawl("one")
    assert (done.code, done.failure) == (1, "private-address")
    assert "BUREAUWATCH_PRIVATE_NETWORKS" in done.result["message"]
    assert not site.asked


def test_other_columns_are_done(desk: Desk, site: Site) -> None:
    fill(site)
    desk.source("one", f"{site.url}/gone/", f"{site.url}/list/")
    done = desk.crawl("one")
    assert (done.code, done.failure) == (1, "http-4xx")
    assert done.stats["new"] == 3


def test_cookie_replay(desk: Desk, site: Site) -> None:
    """Some sites answer once with a cookie and a redirect to the same address."""
    fill(site)
    listing = site.answers["/list/"]
    assert isinstance(listing, bytes)

    def guarded(asked: Asked) -> bytes:
        if "seen=1" in asked.headers.get("cookie", ""):
            return listing
        return http("", "302 Found", {"Location": "/list/", "Set-Cookie": "seen=1; path=/"})

    site.answers["/list/"] = guarded
    desk.source("one", f"{site.url}/list/")
    assert desk.crawl("one").stats["new"] == 3


def test_nothing_secret_goes_to_another_host(desk: Desk, site: Site, other_site: Site) -> None:
    fill(site)
    site.answers["/a1.html"] = http(
        "", "302 Found", {"Location": f"http://localhost:{other_site.port}/x.html", "Set-Cookie": "sid=secret"}
    )
    other_site.answers["/x.html"] = other_site.report("外")
    desk.env["BUREAUWATCH_PRIVATE_NETWORKS"] = "127.0.0.0/8,::1/128"
    desk.source("one", f"{site.url}/list/", headers={"Authorization": "Bearer abc", "X-Key": "k"})
    assert desk.crawl("one").code == 0
    assert all(a.headers["authorization"] == "Bearer abc" for a in site.asked)
    [asked] = [a for a in other_site.asked if a.path == "/x.html"]
    assert not {"authorization", "x-key", "cookie", "referer"} & set(asked.headers)


def test_headers_in_gbk_and_no_charset(desk: Desk, site: Site) -> None:
    fill(site)
    body = site.report("二").split(b"\r\n\r\n", 1)[1].decode().encode("gb18030")
    head = "HTTP/1.1 200 OK\r\nServer: 服务器\r\nContent-Type: text/html\r\nContent-Length: {}\r\n\r\n"
    site.answers["/a2.html"] = head.format(len(body)).encode("gb18030") + body
    site.answers["/a3.html"] = (
        b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: /" + "报告".encode("gbk") + b".html\r\n\r\n"
    )
    site.answers["/%B1%A8%B8%E6.html"] = site.report("三")
    desk.source("one", f"{site.url}/list/")
    assert desk.crawl("one").stats["new"] == 3
    titles = [row[0] for row in desk.rows("select title from report order by title")]
    assert titles == ["第一号工作总结报告", "第三号工作总结报告", "第二号工作总结报告"]


def test_a_dead_host_is_not_asked_again_and_again(desk: Desk, site: Site) -> None:
    paths = [f"/r{n}.html" for n in range(40)]
    site.answers["/list/"] = site.listing(*paths)
    for path in paths:
        site.answers[path] = [b"HTTP/1.1 "]
    desk.source("one", f"{site.url}/list/")
    done = desk.crawl("one")
    assert (done.code, done.failure) == (1, "reset")
    assert len(site.paths("/r")) < 20
    assert desk.rows("select count(*) from page where state = 'waiting'")[0][0] > 20
