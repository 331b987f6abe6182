"""A running `bureauwatch serve` in a folder of its own."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

PROGRAM = str(Path(sys.executable).with_name("bureauwatch"))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Serve:
    """A running service in a folder of its own."""

    def __init__(self, home: Path, *arguments: str, **settings: str) -> None:
        self.port = free_port()
        self.sources = home / "sources"
        self.sources.mkdir(exist_ok=True)
        clean = {k: v for k, v in os.environ.items() if not k.startswith("BUREAUWATCH_")}
        self.env = {
            **clean,
            "BUREAUWATCH_HOME": str(home / "data"),
            "BUREAUWATCH_SOURCES": str(self.sources),
            "BUREAUWATCH_PRIVATE_NETWORKS": "127.0.0.0/8",
            **settings,
        }
        self.log = home / "serve.log"
        self.arguments = arguments

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        program = [PROGRAM, *arguments]
        return subprocess.run(program, env=self.env, capture_output=True, text=True, timeout=60, check=False)

    def start(self) -> Serve:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [PROGRAM, "serve", "--port", str(self.port), *self.arguments],
                env=self.env, stdout=log, stderr=log,
            )  # fmt: skip
        self.until(lambda: self.get("/healthz", raw=True) == b"ok\n", "it answers")
        return self

    def get(self, path: str, *, raw: bool = False) -> Any:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                body = answer.read()
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return None
        return body if raw else json.loads(body)

    def until(self, condition: Callable[[], Any], what: str, seconds: float = 45) -> Any:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if found := condition():
                return found
            assert self.process.poll() is None, self.log.read_text()
            time.sleep(0.2)
        raise AssertionError(f"{what}: not within {seconds} s\n{self.log.read_text()[-3000:]}")

    def crawls(self) -> list[int]:
        """Process ids of the crawls that this service started and that live; other tests crawl the same bureau."""
        mark = f"BUREAUWATCH_HOME={self.env['BUREAUWATCH_HOME']}".encode()
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                command, environment = (folder / "cmdline").read_bytes(), (folder / "environ").read_bytes()
            except OSError:
                continue
            if b"crawler.run" in command and mark in environment.split(b"\0"):
                found.append(int(folder.name))
        return found

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(40)
