"""Families through the whole crawl: every report read once, an unchanged column costs one request."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from scheduler.demo.bureaus import BureauServer
from tests.bureaus import sites

ROOT = Path(__file__).parents[3]


def crawl(home: Path, source: str) -> dict[str, object]:
    env = {
        **os.environ,
        "BUREAUWATCH_HOME": str(home / "data"),
        "BUREAUWATCH_SOURCES": str(home),
        "BUREAUWATCH_PRIVATE_NETWORKS": "127.0.0.0/8",
    }
    command = [sys.executable, "-m", "crawler.run", "--source", source]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=100, check=False)
    result: dict[str, object] = json.loads(done.stdout.strip().splitlines()[-1])
    return result


@pytest.mark.parametrize("name", ["trs-irs", "jcms", "jpaas", "lonsun-label", "sitemap", "asp-postback"])
def test_crawled_whole_then_one_request(name: str, tmp_path: Path) -> None:
    bureau = sites.site(name, 24 if name != "jcms" else 40)
    with BureauServer(bureau) as server:
        (tmp_path / "lanxi.yaml").write_text(yaml.safe_dump(server.source(), allow_unicode=True), encoding="utf-8")
        first = crawl(tmp_path, "lanxi")
        assert first["outcome"] == "ok", first
        stats = first["stats"]
        assert isinstance(stats, dict)
        assert (stats["new"], stats["failed"]) == (len(bureau.reports), 0)
        assert all(len(server.requests(server.bureau.family.report_path(bureau, r))) == 1 for r in bureau.shown())
        server.forget()
        assert crawl(tmp_path, "lanxi")["outcome"] == "ok"
        assert len(server.requests()) == 1
