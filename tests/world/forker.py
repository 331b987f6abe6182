"""Runs crawls in forks of a process that has everything imported, so that a world of hundreds of crawls fits in a test.

Reads one JSON object a line on stdin: {"args": [...], "env": {...}, "kill_after": seconds or null}; answers with
{"code": …, "result": …}. The crawl itself is `crawler.run.main`, the same as the product's subprocess.
"""

from __future__ import annotations

import json
import os
import select
import signal
import sys
import tempfile
import time

import scrapy.crawler  # noqa: F401

import crawler.run
import crawler.settings
import crawler.spiders.report


def child(args: list[str], env: dict[str, str], out: int, err: int) -> None:
    os.setsid()
    os.environ.update(env)
    os.dup2(out, 1)
    os.dup2(err, 2)
    sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = os.fdopen(2, "w", encoding="utf-8", closefd=False)
    code = 70
    try:
        code = crawler.run.main(args)
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def wait(pid: int, seconds: float) -> int | None:
    """The exit status within a time; None when it still runs."""
    end = time.monotonic() + seconds
    while True:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() > end:
            return None
        time.sleep(0.002)


def main() -> None:
    while select.select([sys.stdin], [], [])[0] and (line := sys.stdin.readline()):
        job = json.loads(line)
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            pid = os.fork()
            if pid == 0:
                child(job["args"], job["env"], out.fileno(), err.fileno())
            code = wait(pid, job.get("kill_after") or 120)
            if code is None:
                os.killpg(pid, signal.SIGKILL)
                code = wait(pid, 10)
            out.seek(0)
            err.seek(0)
            lines = [json.loads(x) for x in out.read().splitlines() if x.startswith(b"{")]
            log = err.read().decode("utf-8", "replace")[-6000:]
        result = next((x for x in reversed(lines) if x.get("type") == "result"), None)
        print(json.dumps({"code": code, "result": result, "log": log}), flush=True)


if __name__ == "__main__":
    main()
