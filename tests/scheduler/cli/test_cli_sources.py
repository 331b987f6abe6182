"""From an address to a watched bureau, and crawls with things that are wrong: real sample bureaus, real crawls."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml

from scheduler.cli import app, context
from scheduler.demo.bureaus import BureauServer, sample_bureaus
from scheduler.demo.bureaus import second_act as act

Cli = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def servers() -> Iterator[list[BureauServer]]:
    made = [BureauServer(bureau).start() for bureau in sample_bureaus()]
    yield made
    for server in made:
        server.stop()


@pytest.fixture
def cli(tmp_path: Path, monkeypatch, capsys) -> Cli:
    for name in [n for n in os.environ if n.startswith("BUREAUWATCH_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BUREAUWATCH_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("BUREAUWATCH_SOURCES", str(tmp_path / "sources"))
    monkeypatch.setenv("BUREAUWATCH_PRIVATE_NETWORKS", "127.0.0.0/8")
    (tmp_path / "sources").mkdir()

    def run(*arguments: str) -> tuple[int, str, str]:
        for cached in (context.settings, context.now, context.console):
            cached.cache_clear()
        capsys.readouterr()
        code = app.run(list(arguments))
        out, err = capsys.readouterr()
        return code, out, err

    return run


def watch(tmp_path: Path, server: BureauServer, **more: object) -> str:
    source = server.source() | more
    (tmp_path / "sources" / f"{source['id']}.yaml").write_text(yaml.safe_dump(source, allow_unicode=True))
    return str(source["id"])


@pytest.mark.parametrize("place", range(4))
def test_probe_reads_each_family(cli: Cli, servers, place: int) -> None:
    server = servers[place]
    column = next(iter(server.bureau.column_names))
    code, out, err = cli("sources", "probe", server.column_url(column), "--format", "json")
    found = json.loads(out)
    assert code == 0, err
    assert found["ok"]
    assert found["count"] >= 5
    assert found["suggestion"]["columns"][0]["url"] == server.column_url(column)


def test_probe_says_what_is_wrong_in_one_line(cli: Cli, servers, tmp_path: Path) -> None:
    for url in ("file:///etc/passwd", "http://127.0.0.1:9/x", servers[0].url + "/nowhere/", "ftp://a/b", "not a url"):
        code, _, err = cli("sources", "probe", url)
        assert code == 1
        assert len(err.strip().splitlines()) == 1, err
        assert err.startswith("error: ")


def test_the_first_bureau_is_probed_before_there_is_a_folder_of_sources(
    cli: Cli, servers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BUREAUWATCH_SOURCES", str(tmp_path / "none yet"))
    code, out, err = cli("sources", "probe", servers[0].column_url(next(iter(servers[0].bureau.column_names))))
    assert code == 0, err
    assert "no such folder" not in out + err


def test_a_home_page_offers_its_columns(cli: Cli, servers) -> None:
    code, out, err = cli("sources", "add", servers[0].url + "/")
    assert code == 2
    assert "工作总结" in out
    assert "--column" in err


def test_add_writes_a_file_and_checks_it(cli: Cli, servers, tmp_path: Path) -> None:
    server = servers[3]
    url = server.column_url("aqsc")
    code, out, err = cli("sources", "add", url, "--id", "qinghe", "--name", "青禾应急", "--no-check")
    assert code == 0, err
    data = yaml.safe_load((tmp_path / "sources" / "qinghe.yaml").read_text())
    assert data["id"] == "qinghe"
    assert data["name"] == "青禾应急"
    assert [c["url"] for c in data["columns"]] == [url]
    code, _, err = cli("sources", "add", url, "--id", "qinghe", "--no-check")
    assert code == 1
    assert "taken" in err
    assert cli("sources", "add", url, "--id", "Bad Id", "--no-check")[0] == 1
    code, out, _ = cli("sources", "check", "--format", "json")
    assert code == 0
    assert json.loads(out)[0]["entries"] >= 5
    (tmp_path / "sources" / "tab.yaml").write_text("id: tab\n\tname: x\n")
    table = tmp_path / "status.csv"
    assert cli("sources", "check", "--all", "-o", str(table))[0] == 1
    rows = list(csv.DictReader(table.read_text(encoding="utf-8-sig").splitlines()))
    assert [(row["source"], row["ok"], row["failure"]) for row in rows] == [
        ("qinghe", "True", ""), ("tab", "False", "configuration"),
    ]  # fmt: skip


def test_one_bad_source_does_not_stop_the_others_and_a_second_crawl_is_silent(
    cli: Cli, servers, tmp_path: Path, http_sink
) -> None:
    sink = http_sink()
    good = watch(tmp_path, servers[3])
    gone = BureauServer(sample_bureaus()[1])
    gone._http.server_close()  # nobody listens there any more
    watch(tmp_path, gone)
    paused = watch(tmp_path, servers[2], paused="unverified")
    (tmp_path / "sources" / "tab.yaml").write_text("id: tab\n\tname: x\n")
    assert cli("subscribe", "--to", sink.url)[0] == 0
    code, out, err = cli("crawl", "--all")
    assert code == 1
    assert f"{good}: ok, 9 new" in err
    assert f"{gone.bureau.id}: failed (" in err
    assert "unverified" in err
    assert "tab.yaml" in err
    assert sink.received == []  # a first crawl wakes nobody
    assert cli("crawl", good)[0] == 0
    _, out, _ = cli("events", "--source", good, "--format", "jsonl")
    events = [json.loads(line) for line in out.splitlines()]
    assert len(events) == 9
    assert all(e["details"]["backfill"] for e in events)
    code, _, err = cli("crawl", paused)  # named, so crawled
    assert code == 0
    assert f"{paused}: ok, 8 new" in err


def test_what_is_published_reaches_the_subscriber_once(cli: Cli, tmp_path: Path, http_sink, monkeypatch) -> None:
    sink = http_sink()
    bureaus = sample_bureaus()
    servers = [BureauServer(bureau).start() for bureau in bureaus]
    try:
        traffic, safety = watch(tmp_path, servers[0]), watch(tmp_path, servers[3])
        monkeypatch.setenv("BUREAUWATCH_NOW", "2023-01-19T01:00Z")
        assert cli("subscribe", "--to", sink.url, "--query", "工作总结", "--language", "zh")[0] == 0
        assert cli("crawl", traffic, safety)[0] == 0
        act(bureaus)
        monkeypatch.setenv("BUREAUWATCH_NOW", "2023-01-20T04:00Z")
        sink.behave = lambda n: (503, "") if n == 1 else (200, "ok")
        assert cli("crawl", traffic, safety)[0] == 0
        monkeypatch.setenv("BUREAUWATCH_NOW", "2023-01-20T05:00Z")
        assert cli("deliver")[0] == 0
        assert [r.json["event"]["type"] for r in sink.received] == ["report.new", "report.new"]
        assert len({r.headers["Idempotency-Key"] for r in sink.received}) == 1  # a retry, not another event
        assert "新报告" in sink.received[0].json["title"]
        assert cli("deliver")[0] == 0
        assert len(sink.received) == 2
    finally:
        for server in servers:
            server.stop()


def test_no_alerts_leaves_them_for_later(cli: Cli, tmp_path: Path) -> None:
    code, _, err = cli("crawl", "--all")
    assert code == 0
    assert "No source is active" in err
    assert cli("test-channel", "json://127.0.0.1:9/x")[0] == 1


@pytest.mark.parametrize("command", ["reports", "indicators", "events", "revisions", "deliveries"])
def test_an_unknown_source_is_no_empty_list(cli: Cli, tmp_path: Path, servers, command: str) -> None:
    known = watch(tmp_path, servers[3])
    assert cli(command, "--source", known)[0] == 0
    code, _, err = cli(command, "--source", "nope")
    assert code == 2
    assert "nope" in err
