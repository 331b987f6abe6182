"""`bureauwatch serve` as a user runs it: it crawls, tells, follows changed files, and ends in order."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from scheduler.demo.bureaus import texts
from scheduler.demo.bureaus.server import BureauServer
from tests.scheduler.conftest import HttpSink
from tests.scheduler.service.serving import Serve


@pytest.mark.timeout(200)
@pytest.mark.slow
def test_serve_crawls_tells_and_ends(tmp_path: Path, bureau: BureauServer, http_sink: Callable[[], HttpSink]) -> None:
    serve, sink = Serve(tmp_path), http_sink()
    assert serve.command("subscribe", "--to", sink.url).returncode == 0
    definition = {**bureau.source(), "schedule": {"every": "2s"}}
    (serve.sources / "bureau.yaml").write_text(yaml.safe_dump(definition, allow_unicode=True))
    serve.start()
    try:
        known = len(bureau.bureau.reports)
        serve.until(lambda: len(serve.get("/api/v1/reports?limit=500")["items"]) == known, "the backfill")
        assert not sink.received, "a backfill is told to nobody"
        serve.until(lambda: serve.get("/api/v1/crawls")["items"][0]["outcome"] == "ok", "the crawl's end")

        bureau.bureau.publish(texts.statistics_release(2022, 3))
        serve.until(lambda: sink.received, "the alert")
        event = sink.received[0].json["event"]
        assert event["type"] == "report.new"
        assert "2022年1—3月" in event["report"]["title"]
        assert sink.received[0].headers["Idempotency-Key"] == event["id"]

        (serve.sources / "bureau.yaml").write_text("id: broken\n\tname: x\n")
        bureau.bureau.publish(texts.statistics_release(2022, 4))
        serve.until(lambda: len(sink.received) == 2, "the alert of a source whose file is broken meanwhile")
        serve.until(lambda: b'bureauwatch_sources{state="broken"} 1.0' in serve.get("/metrics", raw=True), "the reload")
        metrics = serve.get("/metrics", raw=True).decode()
        assert 'bureauwatch_crawls_total{failure="",outcome="ok"}' in metrics
        assert 'bureauwatch_deliveries_total{result="sent"} 2.0' in metrics
        assert serve.get("/readyz") == {"ready": True, "complaints": []}
    finally:
        code = serve.stop()
    assert code == 0, serve.log.read_text()
    assert serve.get("/healthz") is None
    assert not serve.crawls(), "no crawl outlives the service"


@pytest.mark.timeout(120)
@pytest.mark.slow
def test_killed_service_goes_on_where_it_stopped(tmp_path: Path, bureau: BureauServer) -> None:
    serve = Serve(tmp_path)
    definition = {**bureau.source(), "politeness": {"delay": 0.3}, "schedule": {"every": "1h"}}
    (serve.sources / "bureau.yaml").write_text(yaml.safe_dump(definition, allow_unicode=True))
    serve.start()
    serve.until(lambda: len(serve.get("/api/v1/reports?limit=500")["items"]) >= 3, "some reports")
    for crawl in serve.crawls():
        os.kill(crawl, signal.SIGKILL)
    serve.process.kill()
    serve.process.wait(10)
    serve.start()
    try:
        known = len(bureau.bureau.reports)
        bureau.bureau.noise.delay = 0
        (serve.sources / "bureau.yaml").write_text(yaml.safe_dump(bureau.source() | {"schedule": {"every": "2s"}}))
        serve.until(
            lambda: len(serve.get("/api/v1/reports?limit=500")["items"]) == known, "the rest of the reports", 60
        )
        events = serve.get("/api/v1/events?limit=1000&type=report.new")["items"]
        assert len(events) == known
        assert all(e["details"]["backfill"] for e in events)
    finally:
        assert serve.stop() == 0


def test_serving_off_loopback_without_a_token_says_so(tmp_path: Path) -> None:
    serve = Serve(tmp_path)
    found = serve.command("serve", "--host", "0.0.0.0", "--port", str(serve.port))
    assert found.returncode == 2
    assert "BUREAUWATCH_TOKEN" in found.stderr
    assert "Traceback" not in found.stderr


def test_a_taken_port_says_so(tmp_path: Path) -> None:
    serve = Serve(tmp_path)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", serve.port))
        taken.listen()
        found = serve.command("serve", "--port", str(serve.port))
    assert found.returncode == 1
    assert str(serve.port) in found.stderr
    assert "Traceback" not in found.stderr
