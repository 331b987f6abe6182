"""Politeness towards hosts: turns across processes, Crawl-delay, robots.txt, Retry-After, back-off."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from conftest import Asked, Desk, Site, http

from crawler.challenges import challenge_of
from crawler.hosts import parse_retry_after

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PATHS = ["/a1.html", "/a2.html", "/a3.html"]


def fill(site: Site) -> None:
    site.answers["/list/"] = site.listing(*PATHS)
    for n, path in enumerate(PATHS):
        site.answers[path] = site.report("一二三"[n])


def test_one_rate_a_host_across_processes(desk: Desk, site: Site) -> None:
    """Two crawls at the same time do not ask the host more often than one."""
    fill(site)
    site.answers["/other/"] = site.listing("/b1.html", "/b2.html")
    site.answers["/b1.html"], site.answers["/b2.html"] = site.report("甲"), site.report("乙")
    desk.source("one", f"{site.url}/list/", politeness={"delay": 0.4})
    desk.source("two", f"{site.url}/other/", politeness={"delay": 0.4})
    processes = [
        subprocess.Popen(
            desk.command(i), env=desk.environment(), stdout=subprocess.DEVNULL, cwd=Path(__file__).parents[2]
        )
        for i in ("one", "two")
    ]
    assert [p.wait(60) for p in processes] == [0, 0]
    times = sorted(a.at for a in site.asked)
    assert len(times) >= 8
    assert times[-1] - times[0] >= 0.4 * (len(times) - 1) * 0.95


def test_crawl_delay_is_honoured_and_robots_is_kept(desk: Desk, site: Site) -> None:
    fill(site)
    site.answers["/robots.txt"] = http("User-agent: *\nCrawl-delay: 0.5\nDisallow: /a2")
    desk.source("one", f"{site.url}/list/")
    done = desk.crawl("one")
    assert (done.code, done.stats["new"], done.stats["failed"]) == (0, 2, 1)
    assert site.paths() == ["/list/", "/a1.html", "/a3.html"]
    assert desk.rows("select failure from page where url like '%/a2.html'") == [("robots",)]
    times = [a.at for a in site.asked if a.path != "/robots.txt"]
    assert times[-1] - times[0] >= 0.5 * (len(times) - 1) * 0.95
    desk.crawl("one")
    assert sum(a.path == "/robots.txt" for a in site.asked) == 1
    assert desk.rows("select crawl_delay from host") == [(0.5,)]


def test_no_delay_costs_no_turns(desk: Desk, site: Site) -> None:
    fill(site)
    desk.source("one", f"{site.url}/list/")
    desk.crawl("one")
    assert desk.rows("select next_slot_at from host") == [(None,)]


@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        (http("User-agent: *\nDisallow: /"), "robots"),
        (http("User-agent: bureauwatch\nDisallow: /list/\n\nUser-agent: *\nAllow: /"), "robots"),
        (http("", "503 Service Unavailable"), "http-5xx"),
        (http("", "403 Forbidden"), None),
        (http("<html>首页</html>"), None),
        (http("", "302 Found", {"Location": "/robots.txt"}), None),
    ],
)
def test_robots(desk: Desk, site: Site, answer: bytes, failure: str | None) -> None:
    fill(site)
    site.answers["/robots.txt"] = answer
    desk.source("one", f"{site.url}/list/")
    done = desk.crawl("one")
    assert done.failure == failure
    assert bool(site.paths()) is (failure is None)
    if failure == "http-5xx":  # an outage is no rule: the next crawl asks anew
        del site.answers["/robots.txt"]
        assert desk.crawl("one").stats["new"] == 3


def test_a_short_pause_is_waited_for(desk: Desk, site: Site) -> None:
    fill(site)
    listing = site.answers["/list/"]
    assert isinstance(listing, bytes)
    site.answers["/list/"] = lambda asked: (
        listing if asked.number else http("", "429 Too Many Requests", {"Retry-After": "1"})
    )
    desk.source("one", f"{site.url}/list/")
    assert desk.crawl("one").stats["new"] == 3
    first, second = (a.at for a in site.asked if a.path == "/list/")
    assert second - first >= 1


@pytest.mark.parametrize("value", ["3600", "999999999999999", "Thu, 01 Jan 2099 00:00:00 GMT"])
def test_a_long_pause_ends_the_crawl_and_holds_for_the_next(desk: Desk, site: Site, value: str) -> None:
    fill(site)
    site.answers["/list/"] = http("", "503 Service Unavailable", {"Retry-After": value})
    desk.source("one", f"{site.url}/list/")
    done = desk.crawl("one")
    assert (done.code, done.failure) == (1, "throttled")
    asked = len(site.asked)
    again = desk.crawl("one")
    assert (again.code, again.failure) == (1, "throttled")
    assert len(site.asked) == asked
    [(until, reason)] = desk.rows("select paused_until, pause_reason from host")
    hours = (datetime.fromisoformat(until) - datetime.now(UTC).replace(tzinfo=None)).total_seconds() / 3600
    assert 0.9 < hours <= 24
    assert value in reason


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        (" 5 ", 5.0),
        ("99999999999", 86400.0),
        ("Thu, 01 Jan 2026 00:01:00 GMT", 60.0),
        ("Thu, 01 Jan 2099 00:00:00 GMT", 86400.0),
        ("Thu, 01 Jan 2015 00:00:00 GMT", None),
        ("-5", None),
        ("soon", None),
        ("1e9", None),
        ("", None),
        (None, None),
        ("Xxx, 99 Abc 2026 99:99:99 GMT", None),
    ],
)
def test_retry_after(value: str | None, seconds: float | None) -> None:
    assert parse_retry_after(value, NOW) == seconds


def test_a_report_about_blocking_is_no_block() -> None:
    """Reports speak of firewalls and verification lawfully; whole pages may load a vendor's script."""
    text = "<p>全市公安机关开展安全验证和防火墙拦截专项行动，访问被拒绝的事件编号另行公布。</p>" * 30
    assert challenge_of(200, {}, f"<html><title>通报</title><body>{text}</body></html>".encode()) is None
    links = "".join(f"<li><a href='/{n}'>通知公告{n}</a></li>" for n in range(20))
    script = "<script src='/cdn-cgi/challenge-platform/x.js'></script>"
    assert challenge_of(200, {"server": "cloudflare"}, f"<html>{script}<ul>{links}</ul></html>".encode()) is None
    assert challenge_of(404, {}, b"<html><h1>404 Not Found</h1></html>") is None


def test_block_pages_in_another_encoding() -> None:
    body = "<html><head><title>网站防火墙</title></head><body>请求带有不合法参数，已被管理员设置拦截！</body></html>"
    assert challenge_of(403, {}, body.encode("gbk")) == "block-page"
    assert challenge_of(405, {}, b"<html><script>var x='acw_sc__v2';</script></html>") == "acw"
    assert challenge_of(202, {"x-amzn-waf-action": "challenge"}, b"") == "aws-waf"


def test_conditional_requests_carry_what_the_host_gave(desk: Desk, site: Site) -> None:
    fill(site)
    body = site.answers["/list/"]
    assert isinstance(body, bytes)
    whole = body.split(b"\r\n\r\n", 1)[1]

    def listing(asked: Asked) -> bytes:
        if asked.headers.get("if-none-match") == '"v1"':
            return b'HTTP/1.1 304 Not Modified\r\nETag: "v1"\r\n\r\n'
        return http(whole, headers={"ETag": '"v1"', "Last-Modified": "Fri, 01 Jan 2021 00:00:00 GMT"})

    site.answers["/list/"] = listing
    desk.source("one", f"{site.url}/list/")
    desk.crawl("one")
    again = desk.crawl("one")
    assert again.stats["not_modified"] == 1
    assert site.asked[-1].headers["if-modified-since"] == "Fri, 01 Jan 2021 00:00:00 GMT"
    assert "bureauwatch/" in site.asked[-1].headers["user-agent"]
