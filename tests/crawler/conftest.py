"""A raw HTTP site on loopback that can misbehave in every way, and crawls of it in processes of their own."""

from __future__ import annotations

import json
import os
import socket
import socketserver
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.world.crawls import Crawls

Part = bytes | float
"""Bytes to send, or seconds to wait."""
Answer = bytes | list[Part] | Callable[["Asked"], bytes | list[Part]]


@dataclass
class Asked:
    """A request as it came in."""

    method: str
    path: str
    headers: dict[str, str]
    at: float
    number: int
    """How many requests for this path there were before."""


def http(
    body: bytes | str = b"", status: str = "200 OK", headers: dict[str, str] | None = None, *, length: int | None = None
) -> bytes:
    """A whole response; `length` lies about the body's."""
    raw = body.encode() if isinstance(body, str) else body
    lines = {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(raw) if length is None else length)}
    lines.update(headers or {})
    head = f"HTTP/1.1 {status}\r\n" + "".join(f"{k}: {v}\r\n" for k, v in lines.items() if v != "") + "\r\n"
    return head.encode("latin-1") + raw


class Site:
    """Answers by path; a path without an answer is a 404."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        self.host = host
        self.answers: dict[str, Answer] = {"/robots.txt": http(b"", "404 Not Found")}
        self.asked: list[Asked] = []
        site = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                while site.handle(self):
                    pass

        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address = True
            daemon_threads = True

            def handle_error(self, *_: Any) -> None:
                """Crawls break off connections; that is their right."""

        self.server = Server((host, 0), Handler)
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    @property
    def port(self) -> int:
        return int(self.server.server_address[1])

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    def paths(self, start: str = "/") -> list[str]:
        """Paths asked for, robots.txt left out."""
        return [a.path for a in self.asked if a.path.startswith(start) and a.path != "/robots.txt"]

    def handle(self, handler: Any) -> bool:
        line = handler.rfile.readline(65536).decode("latin-1").split()
        if len(line) != 3:
            return False
        headers = {}
        while (raw := handler.rfile.readline(65536).decode("latin-1").strip()) != "":
            name, _, value = raw.partition(":")
            headers[name.lower()] = value.strip()
        if headers.get("content-length"):
            handler.rfile.read(int(headers["content-length"]))
        path = line[1]
        asked = Asked(line[0], path, headers, time.monotonic(), sum(a.path == path for a in self.asked))
        self.asked.append(asked)
        answer = self.answers.get(path, self.answers.get(path.split("?")[0], http("<p>nothing", "404 Not Found")))
        if callable(answer):
            answer = answer(asked)
        try:
            for part in answer if isinstance(answer, list) else [answer]:
                if isinstance(part, float):
                    time.sleep(part)
                else:
                    handler.wfile.write(part)
                    handler.wfile.flush()
        except OSError:
            return False
        return not isinstance(answer, list)

    def listing(self, *paths: str, title: str = "2021年第{n}号工作总结报告") -> bytes:
        """A list page with dated rows."""
        rows = "".join(
            f'<li><a href="{p}" title="{title.format(n=n)}">{title.format(n=n)}</a>'
            f"<span>2021-01-{n % 28 + 1:02d}</span></li>"
            for n, p in enumerate(paths, 1)
        )
        return http(
            f"<html><head><title>工作总结</title></head><body><div class=nav><a href=/>首页</a></div>"
            f"<ul class=list>{rows}</ul><div class=foot>主办单位</div></body></html>"
        )

    def report(self, name: str = "一", extra: str = "") -> bytes:
        """A report's page."""
        text = "".join(
            f"<p>{name}、全市公安机关共处理道路交通事故{n * 137}起，同比下降{n}.5%，出动警力{n * 400}人次。</p>"
            for n in range(1, 9)
        )
        return http(
            f"<html><head><title>第{name}号工作总结报告</title><meta name=ArticleTitle content=第{name}号工作总结报告>"
            f"<meta name=PubDate content='2021-01-02 10:00'></head><body><h1>第{name}号工作总结报告</h1>"
            f"<div class=TRS_Editor>{text}{extra}</div></body></html>"
        )

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


MANY = """
import sys
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings
from crawler.run import _result
from crawler.sources.registry import load_sources
from crawler.spiderloader import spider_for
from pipelines.config import load_config
config = load_config()
settings = Settings()
settings.setmodule("crawler.settings", priority="project")
settings.set("BUREAUWATCH_CONFIG", config, priority="cmdline")
process = AsyncCrawlerProcess(settings)
registry = load_sources(config.sources)
crawlers = [(i, process.create_crawler(spider_for(registry.get(i), config))) for i in sys.argv[1:]]
for _, crawler in crawlers:
    process.crawl(crawler)
process.start()
for i, crawler in crawlers:
    _result(crawler, i)
"""


@dataclass
class Crawled:
    """How a crawl's process ended."""

    code: int
    lines: list[dict[str, Any]]
    log: str
    seconds: float

    @property
    def result(self) -> dict[str, Any]:
        return self.lines[-1]

    @property
    def failure(self) -> str | None:
        value: str | None = self.result["failure"]
        return value

    @property
    def stats(self) -> dict[str, Any]:
        value: dict[str, Any] = self.result["stats"]
        return value


@dataclass
class Desk:
    """An installation: a data folder, a folder of sources, and crawls with its settings."""

    home: Path
    forks: Crawls
    env: dict[str, str] = field(default_factory=dict)

    @property
    def sources(self) -> Path:
        return self.home / "sources"

    def source(self, source_id: str, *columns: str | dict[str, Any], **keys: Any) -> str:
        """Writes a source file; no wait between requests unless asked for."""
        self.sources.mkdir(parents=True, exist_ok=True)
        politeness = {"delay": 0, "timeout": 5, **keys.pop("politeness", {})}
        record = {
            "id": source_id,
            "name": "测试局",
            "columns": [c if isinstance(c, dict) else {"url": c} for c in columns],
            "politeness": politeness,
            **keys,
        }
        (self.sources / f"{source_id}.yaml").write_text(yaml.safe_dump(record, allow_unicode=True), encoding="utf-8")
        return source_id

    def environment(self) -> dict[str, str]:
        base = {k: v for k, v in os.environ.items() if not k.startswith("BUREAUWATCH_")}
        return {
            **base,
            "BUREAUWATCH_HOME": str(self.home / "data"),
            "BUREAUWATCH_SOURCES": str(self.sources),
            "BUREAUWATCH_PRIVATE_NETWORKS": "127.0.0.0/8",
            **self.env,
        }

    def command(self, source_id: str, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "crawler.run", "--source", source_id, *arguments]

    def crawl(self, source_id: str, *arguments: str, timeout: float = 60) -> Crawled:
        """Runs one crawl to its end, in a fork of a process that has everything imported."""
        began = time.monotonic()
        answer = self.forks.ask(["--source", source_id, *arguments], self.environment(), timeout)
        assert answer["lines"], answer["log"]
        return Crawled(answer["code"], answer["lines"], answer["log"], time.monotonic() - began)

    def crawl_all(self, *source_ids: str, timeout: float = 90) -> dict[str, dict[str, Any]]:
        """Crawls many sources at the same time in one process; their result lines by source."""
        done = subprocess.run(
            [sys.executable, "-c", MANY, *source_ids],
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=timeout,
            cwd=Path(__file__).parents[2],
        )
        assert "Traceback" not in done.stderr, done.stderr
        results = [json.loads(line) for line in done.stdout.splitlines()]
        return {r["source"]: r for r in results if r["type"] == "result"}

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Reads the SQLite database as it is."""
        import sqlite3

        with sqlite3.connect(self.home / "data" / "bureauwatch.db") as connection:
            rows = connection.execute(query).fetchall()
        connection.close()
        return rows


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    yield site
    site.close()


@pytest.fixture
def other_site() -> Iterator[Site]:
    site = Site()
    yield site
    site.close()


@pytest.fixture
def desk(tmp_path: Path, forks: Crawls) -> Desk:
    return Desk(tmp_path, forks)


@pytest.fixture(scope="session")
def forks() -> Iterator[Crawls]:
    """A fork server for all crawls: what a crawl imports is imported once."""
    server = Crawls({})
    yield server
    server.close()


@pytest.fixture
def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
