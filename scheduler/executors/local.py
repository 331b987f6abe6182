"""Crawls on this machine: one subprocess each, with a deadline; a few at a time.

A crawl in its own process cannot make the service slow, leak into it or take it along when it dies. It is told to
stop by SIGTERM; one that does not within the grace (a hung callback ignores it) is killed with all its children.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import IO, Any, Literal

from pipelines.messages import say

DEADLINE = 3600.0
DEADLINE_FULL = 12 * 3600.0
GRACE = 15.0
LINE_LIMIT = 256 * 1024
TAIL = 30
"""Lines of a crawl's log that are kept to explain a crash."""

Progress = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CrawlRequest:
    """One crawl of one source."""

    source_id: str
    since: date | None = None
    until: date | None = None
    full: bool = False
    file: Path | None = None
    """Holds the source where the user's own file of it is broken meanwhile."""

    @property
    def arguments(self) -> list[str]:
        """As `python -m crawler.run` takes them."""
        found = ["--source", self.source_id]
        found += ["--since", self.since.isoformat()] if self.since else []
        found += ["--until", self.until.isoformat()] if self.until else []
        found += ["--file", str(self.file)] if self.file else []
        return [*found, "--full"] if self.full else found


@dataclass(frozen=True, slots=True)
class CrawlResult:
    """How a crawl ended. `failure` is a failure class, or `killed`, `stopped`, `crashed`."""

    source_id: str
    outcome: Literal["ok", "failed"]
    failure: str | None = None
    message: str | None = None
    stats: dict[str, Any] = field(default_factory=dict)
    seconds: float = 0.0
    log: tuple[str, ...] = ()


def run_crawl(
    request: CrawlRequest,
    *,
    deadline: float | None = None,
    grace: float = GRACE,
    environment: Mapping[str, str] | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    stop: threading.Event | None = None,
) -> CrawlResult:
    """Runs one crawl to its end; blocks. Safe to call from several threads.

    Args:
        request: what to crawl.
        deadline: seconds until it is told to stop; by default an hour, for a full crawl twelve.
        grace: seconds from SIGTERM to SIGKILL.
        environment: variables besides this process's own.
        on_progress: called with each progress line, from another thread.
        stop: when set, the crawl is told to stop.
    """
    began = time.monotonic()
    limit = deadline if deadline is not None else DEADLINE_FULL if request.full else DEADLINE
    process = subprocess.Popen(
        [sys.executable, "-m", "crawler.run", *request.arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, **(environment or {})},
        start_new_session=True,  # Ctrl-C reaches us alone, and the whole family can be killed
    )
    results: list[dict[str, Any]] = []
    log: deque[str] = deque(maxlen=TAIL)
    readers = [
        threading.Thread(target=_read_answers, args=(process.stdout, results, on_progress), daemon=True),
        threading.Thread(target=_read_log, args=(process.stderr, log), daemon=True),
    ]
    for reader in readers:
        reader.start()
    why: str | None = None
    try:
        while process.poll() is None:
            if stop is not None and stop.is_set():
                why = "stopped"
            elif time.monotonic() - began > limit:
                why = "killed"
            if why:
                _end(process, grace)
                break
            _wait(process, 0.2)
    except BaseException:
        _end(process, grace)
        raise
    finally:
        _kill_family(process)  # children that outlived it
        for reader in readers:
            reader.join(5)
    seconds = time.monotonic() - began
    return _result(request, process.returncode, results, tuple(log), why, seconds, limit)


def run_crawls(
    requests: Iterable[CrawlRequest],
    *,
    concurrency: int,
    deadline: float | None = None,
    environment: Mapping[str, str] | None = None,
    on_start: Callable[[CrawlRequest], None] | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    on_result: Callable[[CrawlResult], None] | None = None,
) -> list[CrawlResult]:
    """Runs crawls side by side, in order of the requests; on an interrupt all running ones are told to stop."""
    stop = threading.Event()

    def run(request: CrawlRequest) -> CrawlResult:
        if stop.is_set():
            return CrawlResult(request.source_id, "failed", "stopped", say("stopped before it began"))
        if on_start:
            on_start(request)
        result = run_crawl(request, deadline=deadline, environment=environment, on_progress=on_progress, stop=stop)
        if on_result:
            on_result(result)
        return result

    with ThreadPoolExecutor(concurrency, thread_name_prefix="crawls") as pool:
        futures = [pool.submit(run, request) for request in requests]
        try:
            return [future.result() for future in futures]
        except BaseException:
            stop.set()
            raise


def _read_answers(
    stream: IO[bytes] | None, results: list[dict[str, Any]], on_progress: Callable[[Progress], None] | None
) -> None:
    assert stream is not None  # noqa: S101 - a pipe was asked for
    while line := stream.readline(LINE_LIMIT):
        try:
            answer = json.loads(line)
        except ValueError:
            continue
        if not isinstance(answer, dict):
            continue
        if answer.get("type") == "result":
            results.append(answer)
        elif on_progress and answer.get("type") == "progress":
            with contextlib.suppress(Exception):  # a display's defect must not stall the crawl's pipe
                on_progress(answer)
    stream.close()


def _read_log(stream: IO[bytes] | None, log: deque[str]) -> None:
    assert stream is not None  # noqa: S101 - a pipe was asked for
    while line := stream.readline(LINE_LIMIT):
        log.append(line.decode("utf-8", "replace").rstrip())
    stream.close()


def _wait(process: subprocess.Popen[bytes], seconds: float) -> None:
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(seconds)


def _end(process: subprocess.Popen[bytes], grace: float) -> None:
    """SIGTERM, the grace, SIGKILL to the whole family."""
    with contextlib.suppress(ProcessLookupError):
        process.terminate()
    _wait(process, grace)
    if process.poll() is None:
        _kill_family(process)
        process.wait()


def _kill_family(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def _result(
    request: CrawlRequest,
    code: int | None,
    results: list[dict[str, Any]],
    log: tuple[str, ...],
    why: str | None,
    seconds: float,
    limit: float,
) -> CrawlResult:
    if results and why is None:
        answer = results[-1]
        ok = answer.get("outcome") == "ok"
        return CrawlResult(
            request.source_id,
            "ok" if ok else "failed",
            answer.get("failure"),
            answer.get("message"),
            dict(answer.get("stats") or {}),
            seconds,
            log,
        )
    stats = dict(results[-1].get("stats") or {}) if results else {}
    if why == "killed":
        message = say("it took longer than {seconds} seconds and was stopped", seconds=f"{limit:g}")
    elif why == "stopped":
        message = say("it was stopped")
    else:
        why = "crashed"
        last = next((line for line in reversed(log) if line.strip()), "")
        message = say("the crawl ended without a result (exit code {code}): {last}", code=code, last=last[:300])
    return CrawlResult(request.source_id, "failed", why, message, stats, seconds, log)
