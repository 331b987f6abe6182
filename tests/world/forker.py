"""Runs crawls in forks of a process that has everything imported, so that a world of hundreds of crawls fits in a test.

Reads one JSON object a line on stdin: {"args": [...] or null, "env": {...}, "kill_after": seconds or null}; answers
with {"code": …, "result": …, "lines": […], "log": …}. The crawl is `crawler.run.main`, the same as the product's
subprocess; without `args` the archive is read again. With WORLD_VERSION in the environment the program is a newer one
that reads otherwise.
"""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import select
import signal
import sys
import tempfile
import time
from contextlib import closing

import scrapy.crawler  # noqa: F401

import crawler.run
import pipelines.archive
import pipelines.config
import pipelines.extraction.page
import pipelines.reading
import pipelines.steps.read
import pipelines.storage.reparse
import pipelines.storage.session
from pipelines.items import Report

WARM = (
    "scrapy.core.engine", "scrapy.core.scraper", "scrapy.core.downloader.handlers.http11", "scrapy.logformatter",
    "scrapy.resolver", "scrapy.statscollectors", "scrapy.downloadermiddlewares", "scrapy.spidermiddlewares",
    "scrapy.extensions.corestats", "scrapy.extensions.memusage", "scrapy.extensions.throttle",
    "scrapy.extensions.closespider", "scrapy.extensions.logcount", "scrapy.extensions.spiderstate",
    "crawler.extensions", "crawler.middlewares", "crawler.platforms", "pipelines.steps", "sqlalchemy.dialects.sqlite",
)  # fmt: skip


def warm() -> None:
    """Imports what a crawl imports by name, but no reactor: each crawl installs its own."""
    for name in WARM:
        package = importlib.import_module(name)
        for module in pkgutil.iter_modules(getattr(package, "__path__", []), f"{name}."):
            importlib.import_module(module.name)
    assert "twisted.internet.reactor" not in sys.modules


def renew(version: str) -> None:
    """Makes this process a newer version: odd ones leave out a text's last line and know a publisher."""
    read = pipelines.extraction.page.read_page

    def read_otherwise(*args: object, **options: object) -> Report:
        report = read(*args, **options)  # type: ignore[arg-type]
        report.extraction_version = version
        if int(version) % 2:
            report.body = report.body.rpartition("\n")[0] or report.body
            report.publisher = report.publisher or report.signer
        return report

    pipelines.steps.read.read_page = pipelines.reading.read_page = read_otherwise  # type: ignore[assignment]
    pipelines.storage.reparse.EXTRACTION_VERSION = version


def reparse() -> int:
    config = pipelines.config.load_config()
    database = pipelines.storage.session.open_database(config)
    with closing(pipelines.archive.Archive(config.archive)) as archive, closing(database):
        done = pipelines.storage.reparse.reparse(database, archive, config.clock())
    print(json.dumps({"type": "result", "read": done.read, "changed": done.changed, "missing": done.missing}))
    return 0


def child(args: list[str] | None, env: dict[str, str], out: int, err: int) -> None:
    os.setsid()
    os.environ.update(env)
    os.dup2(out, 1)
    os.dup2(err, 2)
    sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = os.fdopen(2, "w", encoding="utf-8", closefd=False)
    code = 70
    try:
        if version := env.get("WORLD_VERSION"):
            renew(version)
        code = reparse() if args is None else crawler.run.main(args)
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
    warm()
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
        print(json.dumps({"code": code, "result": result, "lines": lines, "log": log}), flush=True)


if __name__ == "__main__":
    main()
