"""Crawls through the PostgreSQL queue: workers take them, a dead worker's crawl is rescued, one service leads."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from pipelines.config import Config
from pipelines.errors import SettingsError
from scheduler.demo.bureaus import texts
from scheduler.demo.bureaus.server import BureauServer
from scheduler.executors.cluster import ClusterExecutor, conninfo
from tests.scheduler.conftest import HttpSink
from tests.scheduler.service.serving import PROGRAM, Serve

pytestmark = pytest.mark.postgres


def start_worker(serve: Serve) -> subprocess.Popen[bytes]:
    log = serve.log.with_name("worker.log").open("ab")
    with log:
        return subprocess.Popen(
            [PROGRAM, "worker", "--concurrency", "1"], env=serve.env, stdout=log, stderr=log, start_new_session=True
        )


@pytest.mark.timeout(240)
@pytest.mark.slow
def test_workers_crawl_and_a_dead_ones_job_is_rescued(
    tmp_path: Path,
    postgres_url: str,
    bureau: BureauServer,
    http_sink: Callable[[], HttpSink],
) -> None:
    serve = Serve(tmp_path, BUREAUWATCH_DATABASE_URL=postgres_url, BUREAUWATCH_EXECUTOR="cluster")
    sink = http_sink()
    assert serve.command("subscribe", "--to", sink.url).returncode == 0
    definition = {**bureau.source(), "politeness": {"delay": 0.3}, "schedule": {"every": "3s"}}
    (serve.sources / "bureau.yaml").write_text(yaml.safe_dump(definition, allow_unicode=True))
    serve.start()
    first = start_worker(serve)
    second: subprocess.Popen[bytes] | None = None
    try:
        serve.until(lambda: len(serve.get("/api/v1/reports?limit=500")["items"]) >= 2, "some reports")
        first.kill()  # its crawl goes on as an orphan or ends; its job stays `doing`
        for crawl in serve.crawls():
            os.kill(crawl, signal.SIGKILL)
        first.wait(10)
        second = start_worker(serve)
        known = len(bureau.bureau.reports)
        serve.until(lambda: len(serve.get("/api/v1/reports?limit=500")["items"]) == known, "the rescue", 90)
        serve.until(lambda: serve.get("/api/v1/crawls")["items"][0]["outcome"] == "ok", "the crawl's end")
        bureau.bureau.publish(texts.statistics_release(2022, 3))
        serve.until(lambda: sink.received, "the alert", 60)
        assert sink.received[0].json["event"]["type"] == "report.new"
        assert len(serve.get("/api/v1/events?limit=1000&type=report.new")["items"]) == known + 1
    finally:
        for worker in (first, second):
            if worker and worker.poll() is None:
                worker.terminate()
                worker.wait(40)
        assert serve.stop() == 0
    assert second is not None
    assert second.returncode == 0, serve.log.with_name("worker.log").read_text()[-2000:]


def test_one_service_leads(tmp_path: Path, postgres_url: str) -> None:
    config = Config(home=tmp_path, database_url=postgres_url, sources=tmp_path)
    first, second = ClusterExecutor(config), ClusterExecutor(config)
    try:
        assert first.leads()
        assert not second.leads()
        assert not second.submit("some-bureau")
        assert first.submit("some-bureau")
        assert not first.submit("some-bureau"), "one waiting crawl a source"
        first.close()
        assert second.leads(), "the next one takes over"
    finally:
        first.close()
        second.close()


def test_a_cluster_on_sqlite_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="PostgreSQL"):
        conninfo(Config(home=tmp_path))
