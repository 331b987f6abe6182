"""Columns in real crawls: where paging stops, what heals, what is believed, and what survives a kill."""

from __future__ import annotations

import signal
import subprocess
import time
from pathlib import Path

import pytest
from conftest import Asked, Desk, Site, http


def page(rows: str, more: str = "") -> bytes:
    return http(f"<html><body><h2>工作总结</h2><ul class='list'>{rows}</ul>{more}</body></html>")


def row(path: str, title: str, day: str, *, top: bool = False) -> str:
    mark = "<b class='top'>[置顶]</b>" if top else ""
    return f"<li>{mark}<a href='{path}' title='{title}'>{title}</a><span>{day}</span></li>"


def numbered(*numbers: int, start: int = 0) -> str:
    return "".join(
        row(f"/r{n}.html", f"2021年第{n}号工作总结报告", f"2021-03-{start or (n % 28) + 1:02d}") for n in numbers
    )


def give_reports(site: Site, *numbers: int) -> None:
    for n in numbers:
        site.answers[f"/r{n}.html"] = site.report(f"{n}")


def events(desk: Desk, kind: str) -> int:
    return int(desk.rows(f"select count(*) from event where type = '{kind}'")[0][0])


def paged(site: Site, per: int, numbers: list[int], path: str = "/list/") -> None:
    """A TRS list of several pages."""
    pages = [numbers[i : i + per] for i in range(0, len(numbers), per)] or [[]]
    for i, part in enumerate(pages):
        call = f"<script>createPageHTML({len(pages)}, {i}, 'index', 'html');</script>"
        site.answers[path + (f"index_{i}.html" if i else "")] = page(numbered(*part), call)


def test_all_pages_the_first_time_and_a_run_of_known_ones_later(desk: Desk, site: Site) -> None:
    numbers = list(range(60, 0, -1))
    give_reports(site, *range(1, 70))
    paged(site, 20, numbers)
    desk.source("one", f"{site.url}/list/")
    assert desk.crawl("one").stats["new"] == 60
    assert events(desk, "report.new") == 60
    assert len(site.paths("/list")) == 3
    site.asked.clear()
    paged(site, 20, [63, 62, 61, *numbers])
    again = desk.crawl("one")
    assert again.stats["new"] == 3
    assert site.paths("/list") == ["/list/"]
    assert sorted(site.paths("/r")) == ["/r61.html", "/r62.html", "/r63.html"]


def test_a_page_count_that_lies_is_no_failure(desk: Desk, site: Site) -> None:
    give_reports(site, *range(1, 21))
    paged(site, 10, list(range(20, 0, -1)))
    for path in ("/list/", "/list/index_1.html"):
        answer = site.answers[path]
        assert isinstance(answer, bytes)
        site.answers[path] = http(answer.split(b"\r\n\r\n", 1)[1].replace(b"createPageHTML(2", b"createPageHTML(9"))
    desk.source("one", f"{site.url}/list/")
    done = desk.crawl("one")
    assert (done.code, done.stats["new"]) == (0, 20)
    assert desk.rows("select json_extract(state, '$.resume') from listing_column") == [(None,)]


def test_pinned_rows_do_not_end_a_list(desk: Desk, site: Site) -> None:
    give_reports(site, *range(1, 40))
    pinned = "".join(row(f"/r{n}.html", f"2021年第{n}号工作总结报告", "2020-01-01", top=True) for n in range(1, 13))
    call = "<script>createPageHTML(1, 0, 'index', 'html');</script>"
    site.answers["/list/"] = page(pinned + numbered(*range(20, 13, -1)), call)
    desk.source("one", f"{site.url}/list/")
    assert desk.crawl("one").stats["new"] == 19
    call = "<script>createPageHTML(2, 0, 'index', 'html');</script>"
    site.answers["/list/"] = page(pinned + numbered(*range(28, 20, -1)), call)
    site.answers["/list/index_1.html"] = page(numbered(29, *range(20, 13, -1)))
    assert desk.crawl("one").stats["new"] == 9


@pytest.mark.parametrize("trap", ["same", "circle", "calendar"])
def test_endless_paging_ends(desk: Desk, site: Site, trap: str) -> None:
    """A pager that never ends: the same page again, two in turn, or ever new days without entries of their own."""
    give_reports(site, *range(1, 30))

    def answer(asked: Asked) -> bytes:
        number = int(asked.path.split("=")[1]) if "=" in asked.path else 1
        numbers = {"same": range(1, 9), "circle": [(number + k) % 14 + 1 for k in range(7)]}.get(trap, range(1, 8))
        noise = "" if trap == "same" else f"<p>第{number}页</p>"
        return page(numbered(*numbers) + noise, f"<div class=page><a href='/list/?page={number + 1}'>下一页</a></div>")

    site.answers["/list/"] = answer
    desk.source("one", f"{site.url}/list/")
    done = desk.crawl("one")
    assert done.code == 0
    assert done.stats["new"] <= 15
    assert len(site.paths("/list")) <= 20


def test_since_until_keywords(desk: Desk, site: Site) -> None:
    give_reports(site, *range(1, 25))
    site.answers["/list/"] = page(numbered(*range(24, 0, -1)))
    desk.source("one", {"url": f"{site.url}/list/", "keywords": ["号工作"]})
    assert desk.crawl("one", "--since", "2021-03-10", "--until", "2021-03-12").stats["new"] == 3
    desk.source("two", {"url": f"{site.url}/list/", "keywords": ["统计公报"]})
    assert desk.crawl("two").stats["new"] == 0
    desk.source("three", f"{site.url}/list/", start_date="2021-03-23")
    assert desk.crawl("three").stats["entries"] == 24
    assert len(site.paths("/r")) == 3 + 3


def backfilled(desk: Desk) -> dict[str, bool]:
    """The paths of new reports, and whether they were told of as the past."""
    rows = desk.rows(
        "select r.url, json_extract(e.details, '$.backfill') from event e join report r on r.id = e.report_id"
        " where e.type = 'report.new'"
    )
    return {str(url).rsplit("/", 1)[1]: bool(past) for url, past in rows}


def dated(numbers: range) -> str:
    """Report n is of the n-th of March 2021."""
    return "".join(row(f"/r{n}.html", f"2021年第{n}号工作总结报告", f"2021-03-{n:02d}") for n in numbers)


@pytest.mark.parametrize("tag", [True, False])
def test_what_a_limited_first_crawl_left_out_is_no_news(desk: Desk, site: Site, tag: bool) -> None:
    """The list is read again although it is as it was; what is new meanwhile is news."""
    give_reports(site, *range(1, 25))
    listed = [dated(range(20, 0, -1))]

    def answer(asked: Asked) -> bytes:
        mark = f'"{len(listed[0])}"'
        if tag and asked.headers.get("if-none-match") == mark:
            return http("", "304 Not Modified", {"ETag": mark})
        body = f"<html><body><h2>工作总结</h2><ul class='list'>{listed[0]}</ul></body></html>"
        return http(body, headers={"ETag": mark} if tag else None)

    site.answers["/list/"] = answer
    desk.source("one", f"{site.url}/list/")
    desk.env["BUREAUWATCH_NOW"] = "2021-03-21T08:00:00+08:00"
    assert desk.crawl("one", "--since", "2021-03-16").stats["new"] == 5
    desk.env["BUREAUWATCH_NOW"] = "2021-03-21T10:00:00+08:00"
    assert desk.crawl("one").stats["new"] == 15
    assert all(backfilled(desk).values())
    site.asked.clear()
    assert desk.crawl("one").stats["new"] == 0
    assert len(site.paths("/list")) == 1
    desk.env["BUREAUWATCH_NOW"] = "2021-03-23T10:00:00+08:00"
    listed[0] = dated(range(22, 0, -1))
    desk.crawl("one")
    assert sorted(path for path, past in backfilled(desk).items() if not past) == ["r21.html", "r22.html"]


def test_news_between_a_limited_crawl_and_a_whole_one_is_told(desk: Desk, site: Site) -> None:
    give_reports(site, *range(1, 25))
    site.answers["/list/"] = page(dated(range(20, 0, -1)))
    desk.source("one", f"{site.url}/list/")
    desk.env["BUREAUWATCH_NOW"] = "2021-03-21T08:00:00+08:00"
    desk.crawl("one", "--since", "2021-03-16", "--until", "2021-03-18")
    site.answers["/list/"] = page(dated(range(22, 0, -1)))
    desk.env["BUREAUWATCH_NOW"] = "2021-03-22T08:00:00+08:00"
    assert desk.crawl("one").stats["new"] == 19
    assert sorted(path for path, past in backfilled(desk).items() if not past) == ["r21.html", "r22.html"]


def test_words_taken_away_from_a_column_wake_nobody(desk: Desk, site: Site) -> None:
    give_reports(site, *range(1, 25))
    site.answers["/list/"] = page(dated(range(20, 0, -1)))
    desk.source("one", {"url": f"{site.url}/list/", "keywords": ["第1号", "第2号"]})
    desk.env["BUREAUWATCH_NOW"] = "2021-03-21T08:00:00+08:00"
    assert desk.crawl("one").stats["new"] == 2
    desk.source("one", {"url": f"{site.url}/list/"})
    assert desk.crawl("one").stats["new"] == 18
    assert all(backfilled(desk).values())
    desk.crawl("one", "--since", "2021-03-10")
    site.asked.clear()
    desk.crawl("one")
    assert not site.paths("/r")


def test_rows_that_lead_nowhere_make_no_source_ill(desk: Desk, site: Site) -> None:
    """Dead links that alone are left to try again are not the site's failure; a first crawl of nothing else is."""
    give_reports(site, *range(4, 13))
    site.answers["/list/"] = page(dated(range(12, 0, -1)))
    desk.source("one", f"{site.url}/list/")
    desk.env["BUREAUWATCH_FAILING_AFTER"] = "1"
    assert desk.crawl("one").code == 0
    again = desk.crawl("one")
    assert (again.code, again.stats["failed"]) == (0, 3)
    assert events(desk, "source.failing") == 0
    site.answers["/other/"] = page(dated(range(30, 24, -1)))
    desk.source("two", f"{site.url}/other/")
    assert desk.crawl("two").failure == "http-4xx"


def test_an_empty_or_tiny_list_is_a_failure_and_touches_nothing(desk: Desk, site: Site) -> None:
    numbers = list(range(1, 16))
    give_reports(site, *numbers)
    site.answers["/list/"] = page(numbered(*numbers))
    desk.source("one", f"{site.url}/list/")
    assert desk.crawl("one").code == 0
    site.answers["/list/"] = page("")
    first = desk.crawl("one")
    assert (first.code, first.failure) == (1, "layout-changed")
    assert events(desk, "source.failing") == 0
    site.answers["/list/"] = page(numbered(40, 41, 42))
    second = desk.crawl("one")
    assert (second.code, second.failure) == (1, "layout-changed")
    assert events(desk, "source.failing") == 1
    desk.crawl("one")
    assert events(desk, "source.failing") == 1, "one alert a spell"
    site.answers["/list/"] = page(numbered(*numbers))
    assert desk.crawl("one").code == 0
    assert events(desk, "source.recovered") == 1
    site.answers["/list/"] = page(numbered(1, 2))
    assert [desk.crawl("one").code for _ in range(2)] == [1, 1], "a list that shrank is no better for being unchanged"
    assert (events(desk, "report.new"), events(desk, "report.withdrawn")) == (15, 0)


def test_a_redesign_heals_itself(desk: Desk, site: Site) -> None:
    numbers = list(range(1, 16))
    give_reports(site, *numbers)
    paged(site, 15, numbers)
    desk.source("one", f"{site.url}/list/")
    assert desk.crawl("one").code == 0
    assert desk.rows("select platform from listing_column") == [("trs",)]
    items = "".join(
        f"<item><title>2021年第{n}号工作总结报告</title><link>{site.url}/r{n}.html</link>"
        f"<pubDate>Mon, 01 Mar 2021 08:00:00 +0800</pubDate></item>"
        for n in (*numbers, 16)
    )
    site.answers["/r16.html"] = site.report("16")
    site.answers["/list/"] = http(
        f"<?xml version='1.0'?><rss version='2.0'><channel><title>t</title>{items}</channel></rss>",
        headers={"Content-Type": "application/rss+xml"},
    )
    done = desk.crawl("one")
    assert (done.code, done.stats["new"]) == (0, 1)
    assert desk.rows("select platform from listing_column") == [("feed",)]
    assert events(desk, "source.changed") == 1


def test_withdrawal_needs_confirmation_and_a_sound_source(desk: Desk, site: Site) -> None:
    numbers = list(range(1, 13))
    give_reports(site, *numbers)
    site.answers["/list/"] = page(numbered(*numbers))
    desk.source("one", f"{site.url}/list/")
    desk.env |= {"BUREAUWATCH_WITHDRAWAL_CHECKS": "2", "BUREAUWATCH_WITHDRAWAL_HOURS": "0"}
    assert desk.crawl("one").code == 0
    for n in numbers[:9]:
        del site.answers[f"/r{n}.html"]
    outage = [desk.crawl("one", "--full") for _ in range(3)]
    assert [c.code for c in outage] == [1, 1, 1]
    assert events(desk, "report.withdrawn") == 0, "nine of twelve at once is a rebuilt site"
    give_reports(site, *numbers)
    del site.answers["/r3.html"]
    site.answers["/r4.html"] = http("", "302 Found", {"Location": "/"})
    site.answers["/"] = http("<html><body><h1>首页</h1></body></html>")
    first = desk.crawl("one", "--full")
    assert (first.code, events(desk, "report.withdrawn")) == (0, 0)
    assert desk.crawl("one", "--full").code == 0
    assert events(desk, "report.withdrawn") == 2
    give_reports(site, 3)
    desk.crawl("one", "--full")
    assert events(desk, "report.restored") == 1


def test_what_vanishes_from_the_list_is_looked_at(desk: Desk, site: Site) -> None:
    numbers = list(range(15, 0, -1))
    give_reports(site, *range(1, 20))
    site.answers["/list/"] = page(numbered(*numbers))
    desk.source("one", f"{site.url}/list/")
    desk.crawl("one")
    site.asked.clear()
    site.answers["/list/"] = page(numbered(16, *(n for n in numbers if n != 9)))
    desk.crawl("one")
    assert sorted(site.paths("/r")) == ["/r16.html", "/r9.html"]


def test_late_insertion_with_an_old_date_is_found_by_a_sweep(desk: Desk, site: Site) -> None:
    numbers = list(range(60, 0, -1))
    give_reports(site, *range(1, 62))
    paged(site, 20, numbers)
    desk.source("one", f"{site.url}/list/")
    desk.env["BUREAUWATCH_NOW"] = "2021-05-01T00:00:00Z"
    desk.crawl("one")
    paged(site, 20, [*numbers[:45], 61, *numbers[45:]])
    desk.env["BUREAUWATCH_NOW"] = "2021-05-03T00:00:00Z"
    assert desk.crawl("one").stats["new"] == 0
    desk.env["BUREAUWATCH_NOW"] = "2021-05-09T00:00:00Z"
    assert desk.crawl("one").stats["new"] == 1


def test_a_pdf_or_a_login_page_is_no_column(desk: Desk, site: Site) -> None:
    site.answers["/a.pdf"] = http(b"%PDF-1.4\n%abc", headers={"Content-Type": "text/html"})
    site.answers["/login/"] = http(
        "<html><title>登录</title><form action=/in><input name=user><input type=password name=p></form></html>"
    )
    desk.source("pdf", f"{site.url}/a.pdf")
    desk.source("login", f"{site.url}/login/")
    results = desk.crawl_all("pdf", "login")
    assert results["pdf"]["failure"] == "not-a-listing"
    assert results["login"]["failure"] in ("empty-listing", "not-a-listing")
    assert all(r["message"] for r in results.values())


def test_a_report_on_two_columns_is_one(desk: Desk, site: Site) -> None:
    give_reports(site, *range(1, 9))
    site.answers["/a/"] = page(numbered(*range(1, 8)))
    site.answers["/b/"] = page(numbered(*range(3, 9)))
    desk.source("one", f"{site.url}/a/", f"{site.url}/b/")
    assert desk.crawl("one").stats["new"] == 8
    assert len(site.paths("/r")) == 8
    assert desk.rows("select columns from place where url like '%/r3.html'") == [("[1, 2]",)]


def test_kill_at_any_moment_and_go_on(desk: Desk, site: Site) -> None:
    """kill -9 in the listing and in the reading: every report once, no page asked for twice after it was stored."""
    numbers = list(range(1, 61))
    give_reports(site, *numbers)
    paged(site, 10, numbers)
    for path, answer in list(site.answers.items()):
        if path.startswith(("/r", "/list")) and isinstance(answer, bytes) and path != "/robots.txt":
            site.answers[path] = lambda asked, answer=answer: [0.02, answer]
    desk.source("one", f"{site.url}/list/")
    for more in (3, 4, 12, 15):
        enough = len(site.asked) + more
        process = subprocess.Popen(
            desk.command("one"), env=desk.environment(), stdout=subprocess.DEVNULL, cwd=Path(__file__).parents[2]
        )
        while len(site.asked) < enough and process.poll() is None:
            time.sleep(0.005)
        assert process.poll() is None, "there was still work to interrupt"
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert desk.crawl("one").code == 0
    assert events(desk, "report.new") == 60
    assert desk.rows("select count(*), count(distinct url) from report") == [(60, 60)]
    assert desk.rows("select count(*) from crawl where outcome is null") == [(0,)]
    assert desk.rows("select count(*) from event where json_extract(details, '$.backfill') = 0") == [(0,)]


def test_sigterm_ends_a_crawl_cleanly(desk: Desk, site: Site) -> None:
    numbers = list(range(1, 31))
    give_reports(site, *numbers)
    site.answers["/list/"] = page(numbered(*numbers))
    desk.source("one", f"{site.url}/list/", politeness={"delay": 0.3})
    process = subprocess.Popen(
        desk.command("one"), env=desk.environment(), stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]
    )
    deadline = time.monotonic() + 90
    while not site.paths("/r") and time.monotonic() < deadline:
        time.sleep(0.05)
    process.terminate()
    out, _ = process.communicate(timeout=20)
    assert '"failure": "interrupted"' in out.splitlines()[-1]
    assert process.returncode == 1
    assert events(desk, "source.failing") == 0
    desk.source("one", f"{site.url}/list/")
    assert desk.crawl("one").code == 0
    assert events(desk, "report.new") == 30
