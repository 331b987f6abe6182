"""One crawl, one subprocess: results, crashes, deadlines, stops; real processes in the place of the crawler."""

from __future__ import annotations

import os
import sys
import threading
import time
from datetime import date
from pathlib import Path

import pytest

from scheduler.executors import local
from scheduler.executors.local import CrawlRequest, run_crawl, run_crawls

RESULT = """
import json, sys
print("noise that is no JSON")
print(json.dumps({"type": "progress", "source": "a", "listed": 3, "new": 1}), flush=True)
print(json.dumps({"type": "result", "source": "a", "outcome": OUTCOME, "failure": FAILURE, "message": "why",
                  "stats": {"new": 1, "argv": sys.argv[1:]}}), flush=True)
"""


@pytest.fixture
def crawler(tmp_path: Path, monkeypatch):
    """Puts a module of ours in the place of `crawler.run`, in the child only."""

    def make(code: str) -> None:
        package = tmp_path / "crawler"
        package.mkdir()
        (package / "__init__.py").write_text("")
        (package / "run.py").write_text(code)
        monkeypatch.setenv("PYTHONPATH", str(tmp_path))
        monkeypatch.setenv("PYTHONSAFEPATH", "1")

    return make


def test_the_result_line_counts(crawler) -> None:
    crawler(RESULT.replace("OUTCOME", '"ok"').replace("FAILURE", "None"))
    seen: list[dict] = []
    request = CrawlRequest("a", since=date(2022, 1, 8), until=date(2022, 2, 1), full=True)
    result = run_crawl(request, on_progress=lambda line: seen.append(dict(line)))
    assert (result.outcome, result.failure) == ("ok", None)
    assert result.stats["argv"] == ["--source", "a", "--since", "2022-01-08", "--until", "2022-02-01", "--full"]
    assert seen[0]["listed"] == 3


def test_a_failure_keeps_its_class(crawler) -> None:
    crawler(RESULT.replace("OUTCOME", '"failed"').replace("FAILURE", '"dns"'))
    result = run_crawl(CrawlRequest("a"))
    assert (result.outcome, result.failure, result.message) == ("failed", "dns", "why")


def test_a_crash_is_told_with_its_last_words(crawler) -> None:
    crawler("import sys; sys.stderr.write('one\\nlast words\\n'); sys.exit(3)")
    result = run_crawl(CrawlRequest("a"))
    assert (result.outcome, result.failure) == ("failed", "crashed")
    assert "last words" in result.message
    assert "3" in result.message


HUNG = """
import os, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
open(os.environ["PIDS"], "w").write(f"{os.getpid()} {child.pid}")
time.sleep(600)
"""


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return (
        "Z" not in Path(f"/proc/{pid}/stat").read_text().split(")")[1].split()[0] if sys.platform == "linux" else True
    )


def test_one_that_ignores_the_deadline_is_killed_with_its_children(crawler, tmp_path: Path) -> None:
    crawler(HUNG)
    pids = tmp_path / "pids"
    result = run_crawl(CrawlRequest("a"), deadline=1.5, grace=0.3, environment={"PIDS": str(pids)})
    assert (result.outcome, result.failure) == ("failed", "killed")
    time.sleep(0.2)
    assert not any(is_running(int(pid)) for pid in pids.read_text().split())


def test_a_stop_ends_it_cleanly(crawler) -> None:
    crawler("import signal, sys, time\nsignal.signal(signal.SIGTERM, lambda *_: sys.exit(1))\ntime.sleep(600)")
    stop = threading.Event()
    threading.Timer(0.7, stop.set).start()
    assert run_crawl(CrawlRequest("a"), stop=stop).failure == "stopped"


def test_several_side_by_side_one_failing(crawler) -> None:
    crawler(
        RESULT.replace("OUTCOME", '"failed" if "b" in sys.argv else "ok"').replace(
            "FAILURE", '"dns" if "b" in sys.argv else None'
        )
    )
    ended: list[str] = []
    results = run_crawls([CrawlRequest(i) for i in "abc"], concurrency=3, on_result=lambda r: ended.append(r.source_id))
    assert [r.source_id for r in results] == ["a", "b", "c"]
    assert [r.outcome for r in results] == ["ok", "failed", "ok"]
    assert sorted(ended) == ["a", "b", "c"]


def test_a_display_that_breaks_does_not_stall_the_crawl(crawler) -> None:
    crawler(RESULT.replace("OUTCOME", '"ok"').replace("FAILURE", "None"))

    def broken(line: object) -> None:
        raise RuntimeError

    assert run_crawl(CrawlRequest("a"), on_progress=broken).outcome == "ok"
    assert local.GRACE >= 5
