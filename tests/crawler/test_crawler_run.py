"""The crawl's process: its lines, exit codes, and what a broken installation says; Scrapy's own commands."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import Desk, Site

ROOT = Path(__file__).parents[2]
GOOD = ["/a1.html", "/a2.html", "/a3.html"]


def fill(site: Site) -> None:
    site.answers["/list/"] = site.listing(*GOOD)
    for n, path in enumerate(GOOD):
        site.answers[path] = site.report("一二三"[n])


def test_lines_and_exit_codes(desk: Desk, site: Site) -> None:
    fill(site)
    desk.source("one", f"{site.url}/list/")
    done = desk.crawl("one")
    assert done.code == 0
    assert {line["type"] for line in done.lines[:-1]} == {"progress"}
    assert set(done.lines[0]) == {"type", "source", "listed", "new", "read", "failed", "url"}
    assert set(done.result) == {"type", "source", "outcome", "failure", "message", "stats"}
    assert set(done.stats) == {
        "entries", "requests", "not_modified", "new", "revised", "unchanged", "failed", "bytes", "seconds",
    }  # fmt: skip
    assert done.log == "", "nothing to say, nothing said"
    unknown = desk.crawl("oen")
    assert (unknown.code, unknown.failure) == (2, "configuration")
    assert "Did you mean one?" in unknown.result["message"]


def test_a_broken_file_beside_it_and_one_of_its_own(desk: Desk, site: Site) -> None:
    fill(site)
    desk.source("one", f"{site.url}/list/")
    (desk.sources / "broken.yaml").write_text("id: broken\nnaem: x\n", encoding="utf-8")
    assert desk.crawl("one").code == 0
    broken = desk.crawl("broken")
    assert broken.code == 2
    assert "broken.yaml:2: naem: unknown key. Did you mean name?" in broken.result["message"]


def test_pages_that_lost_a_field_make_the_source_ill_and_are_kept(desk: Desk, site: Site) -> None:
    paths = [f"/r{n}.html" for n in range(5)]
    site.answers["/list/"] = site.listing(*paths)
    for path in paths:
        site.answers[path] = site.report(path)
    desk.source("bare", f"{site.url}/list/", expect={"fill_rate": {"title": 1, "index_number": 0.5}})
    done = desk.crawl("bare")
    assert (done.code, done.failure, done.stats["new"]) == (1, "fields-missing", 5)
    assert "0 of 5 state index_number" in done.result["message"]
    assert desk.rows("select failures_in_a_row from source") == [(1,)]


def test_chinese_words(desk: Desk, free_port: int) -> None:
    desk.source("one", f"http://127.0.0.1:{free_port}/list/")
    desk.env["BUREAUWATCH_LANGUAGE"] = "zh"
    assert "主机拒绝连接" in desk.crawl("one").result["message"]


def test_a_full_disk_is_told_and_loses_nothing(desk: Desk, site: Site) -> None:
    """A limit on file sizes stands for the full disk: the archive fails first, then everything goes on later."""
    paths = [f"/r{n}.html" for n in range(30)]
    site.answers["/list/"] = site.listing(*paths)
    for n, path in enumerate(paths):
        filler = os.urandom(30_000).hex()
        site.answers[path] = site.report(f"{n}", f"<!-- {filler} -->")
    desk.source("one", f"{site.url}/list/")
    limit = 700_000
    full = subprocess.run(
        desk.command("one"),
        env=desk.environment(),
        capture_output=True,
        text=True,
        timeout=60,
        cwd=ROOT,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )
    assert '"failure": "disk-full"' in full.stdout.splitlines()[-1], full.stdout + full.stderr
    assert full.returncode == 1
    assert "Traceback" not in full.stderr
    done = desk.crawl("one")
    assert done.code == 0
    assert desk.rows("select count(*), count(distinct url) from report") == [(30, 30)]
    assert desk.rows("select count(*) from event where type = 'report.new'") == [(30,)]


def test_a_long_list_in_bounded_memory(desk: Desk, site: Site) -> None:
    """20,000 rows on one page go to the frontier; the crawl is stopped before it reads them all."""
    site.answers["/list/"] = site.listing(*(f"/r{n}.html" for n in range(20_000)))
    desk.source("one", f"{site.url}/list/", politeness={"delay": 5})
    process = subprocess.Popen(desk.command("one"), env=desk.environment(), stdout=subprocess.DEVNULL, cwd=ROOT)
    while process.poll() is None and not site.paths("/r"):
        time.sleep(0.1)
    status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
    peak = int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) / 1024
    process.terminate()
    process.wait(20)
    assert desk.rows("select count(*) from page")[0][0] == 20_000
    assert peak < 300


@pytest.mark.parametrize("command", [["list"], ["crawl", "one", "-a", "full=1"], ["crawl", "nobody"]])
def test_scrapys_own_commands(desk: Desk, site: Site, command: list[str]) -> None:
    fill(site)
    desk.source("one", f"{site.url}/list/")
    desk.source("two", f"{site.url}/list/")
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", *command], env=desk.environment(), capture_output=True, text=True, cwd=ROOT
    )
    if command == ["list"]:
        assert done.stdout.split() == ["one", "two"]
    elif "one" in command:
        assert done.returncode == 0, done.stderr
        assert desk.rows("select mode, outcome from crawl") == [("full", "ok")]
        assert desk.rows("select count(*) from report") == [(3,)]
    else:
        assert done.stderr.startswith("error: No source nobody")
        assert len(done.stderr.splitlines()) == 1
        assert done.returncode == 2


def test_a_database_that_cannot_be_opened_is_named(desk: Desk, site: Site) -> None:
    fill(site)
    desk.source("one", f"{site.url}/list/")
    (desk.home / "data").mkdir()
    (desk.home / "data" / "bureauwatch.db").write_text("no database")
    done = desk.crawl("one")
    assert (done.code, done.failure) == (1, "database")
    assert "bureauwatch restore" in done.result["message"]
