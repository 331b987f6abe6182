"""The demo as a newcomer runs it, without a terminal; then every reading command on the database that it leaves."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import feedparser
import pytest
from openpyxl import load_workbook
from warcio.archiveiterator import ArchiveIterator

from pipelines.config import Config
from pipelines.storage.session import open_database
from scheduler import feeds
from scheduler.cli import app, context

Cli = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    home = tmp_path_factory.mktemp("demo") / "home"
    environment = {k: v for k, v in os.environ.items() if not k.startswith("BUREAUWATCH_")}
    process = subprocess.run(
        [sys.executable, "-c", "from scheduler.cli import main; main()", "demo", "--home", str(home)],
        capture_output=True, text=True, timeout=110, env=environment, stdin=subprocess.DEVNULL, check=False,
    )  # fmt: skip
    return home, process


@pytest.fixture
def home(played) -> Path:
    return played[0]


@pytest.fixture
def cli(home: Path, monkeypatch, capsys) -> Cli:
    """Runs a command line in this process on the demo's data."""
    for name in [n for n in os.environ if n.startswith("BUREAUWATCH_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("BUREAUWATCH_HOME", str(home))
    monkeypatch.setenv("BUREAUWATCH_SOURCES", str(home / "sources"))

    def run(*arguments: str) -> tuple[int, str, str]:
        for cached in (context.settings, context.now, context.console):
            cached.cache_clear()
        capsys.readouterr()
        code = app.run(list(arguments))
        out, err = capsys.readouterr()
        return code, out, err

    return run


def test_the_demo_tells_its_story(played) -> None:
    _, process = played
    assert process.returncode == 0, process.stdout + process.stderr
    text = process.stdout
    for words in (
        "云岭市公安局交通管理支队2021年工作总结",
        "New report",
        "Report revised",
        "Report withdrawn",
        "Idempotency-Key",
    ):
        assert words in text
    assert "5 requests to four bureaus, 5 conditional, 5 answered “not modified”" in text
    assert "sources add" in text
    assert "\x1b[" not in text  # no terminal, no colours


def test_the_demo_leaves_a_folder_that_is_not_its_own_alone(tmp_path: Path, cli: Cli) -> None:
    (tmp_path / "letters.txt").write_text("mine")
    code, _, err = cli("demo", "--home", str(tmp_path))
    assert code == 1
    assert "not empty" in err
    assert (tmp_path / "letters.txt").exists()


def test_reports(cli: Cli) -> None:
    code, out, err = cli("reports", "--format", "json")
    assert code == 0, err
    rows = json.loads(out)
    assert len(rows) > 40
    newest = next(r for r in rows if r["title"] == "云岭市公安局交通管理支队2022年工作总结")
    assert newest["publisher"] == "云岭市公安局"
    assert newest["index_number"] == "01520220349/2023-00022"
    assert {p["source"] for p in newest["places"]} == {"yunling-jgj", "qinghe-yjj"}
    assert len(newest["indicators"]) == newest["indicator_count"] > 10
    assert [r["id"] for r in rows].count(newest["id"]) == 1


def test_report_filters(cli: Cli) -> None:
    _, out, _ = cli("reports", "--query", "酒驾 NOT 公告", "--source", "yunling-jgj", "--format", "jsonl")
    rows = [json.loads(line) for line in out.splitlines()]
    assert rows
    assert all("酒驾" in r["body"] for r in rows)
    _, out, _ = cli("reports", "--since", "2022-03-01", "--until", "2022-04-20", "--format", "csv")
    days = [r["published"][:10] for r in csv.DictReader(io.StringIO(out))]
    assert days
    assert min(days) >= "2022-03-01"
    assert max(days) <= "2022-04-20"
    _, out, _ = cli("reports", "--after", "40", "--limit", "3", "--format", "json")
    assert [r["id"] for r in json.loads(out)] == [41, 42, 43]
    _, out, _ = cli("reports", "--state", "withdrawn", "--format", "json")
    assert [r["title"] for r in json.loads(out)] == ["2021年1—5月全市主要经济指标完成情况"]
    _, out, _ = cli("reports", "--source", "heqing-tjj,qinghe-yjj", "--format", "jsonl")
    assert {json.loads(line)["source"] for line in out.splitlines()} >= {"heqing-tjj", "qinghe-yjj"}


def test_indicators_in_all_formats(cli: Cli, tmp_path: Path) -> None:
    _, out, _ = cli("indicators", "--name", "机动车保有量", "--format", "json")
    rows = json.loads(out)
    assert rows
    assert all(r["report"]["title"] and r["quote"] for r in rows)
    file = tmp_path / "figures.xlsx"
    code, _, err = cli("indicators", "-o", str(file))
    assert code == 0
    assert str(file) in err
    sheet = load_workbook(file).active
    header = [c.value for c in next(sheet.iter_rows(max_row=1))]
    values = [row[header.index("value")] for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert len(values) > 200
    assert any(isinstance(v, int | float) for v in values)
    code, out, _ = cli("indicators", "--format", "sdmx", "--limit", "5")
    assert code == 0
    assert out.startswith("STRUCTURE")


def test_events_once_each(cli: Cli) -> None:
    _, out, _ = cli("events", "--format", "json")
    rows = [r for r in json.loads(out) if not r["details"].get("backfill")]
    kinds = sorted(r["type"] for r in rows)
    assert kinds == ["attachment.changed", "report.new", "report.new", "report.revised", "report.withdrawn"]
    assert all(set(r) == {"id", "type", "at", "source", "report", "details"} for r in rows)
    _, out, _ = cli("events", "--after", rows[0]["id"], "--format", "jsonl")
    assert rows[0]["id"] not in out
    assert rows[-1]["id"] in out
    _, out, _ = cli("events", "--type", "report.revised,report.withdrawn", "--format", "csv")
    assert len(out.splitlines()) == 3


def test_deliveries_hide_nothing_but_secrets(cli: Cli) -> None:
    _, out, _ = cli("deliveries", "--format", "json")
    rows = json.loads(out)
    assert len(rows) == 5
    assert {r["state"] for r in rows} == {"sent"}
    code, _, err = cli("deliveries", "--replay", "1")
    assert code == 2
    assert "dead" in err


def test_show_diff_and_series(cli: Cli) -> None:
    _, out, _ = cli("revisions", "--type", "content", "--format", "json")
    [revision] = json.loads(out)
    number = str(revision["report"]["id"])
    code, out, _ = cli("show", number)
    assert code == 0
    assert "云岭市公安局交通管理支队2021年工作总结" in out
    _, out, _ = cli("show", number, "--format", "json")
    record = json.loads(out)
    assert record["title"] == "云岭市公安局交通管理支队2021年工作总结"
    assert [r["number"] for r in record["revisions"]] == [1, 2]
    _, by_url, _ = cli("show", record["url"], "--format", "json")
    assert json.loads(by_url)["id"] == record["id"]
    _, out, _ = cli("diff", number)
    assert "288.4" in out
    assert "298.4" in out
    _, out, _ = cli("diff", number, "1", "2", "--format", "json")
    assert {c["field"] for c in json.loads(out)["changes"]} >= {"body"}
    code, out, _ = cli("series", "机动车保有量")
    assert code == 0
    assert "█" in out
    assert "963,000" in out


def test_series_merge_and_split(cli: Cli) -> None:
    def numbers() -> dict[int, int]:
        _, out, _ = cli("series", "机动车", "--format", "json")
        found: dict[int, int] = {}
        for row in json.loads(out):
            found[row["series"]] = found.get(row["series"], 0) + 1
        return found

    before = numbers()
    one, other = list(before)[:2]
    assert cli("series", "--merge", str(one), "--into", str(other))[0] == 0
    merged = numbers()
    assert one not in merged
    assert merged[other] == before[one] + before[other]
    assert cli("series", "--split", str(one))[0] == 0
    assert numbers() == before
    assert cli("series", "--split", str(one))[0] == 2
    assert cli("series", "--merge", "1")[0] == 2


def test_evidence_is_a_warc_with_both_versions(cli: Cli, tmp_path: Path) -> None:
    _, out, _ = cli("revisions", "--type", "content", "--format", "json")
    number = str(json.loads(out)[0]["report"]["id"])
    file = tmp_path / "proof.warc.gz"
    code, _, _ = cli("show", number, "--evidence", str(file))
    assert code == 0
    with file.open("rb") as stream:
        records = [(r.rec_type, r.content_stream().read()) for r in ArchiveIterator(stream, check_digests="raise")]
    pages = [body.decode() for kind, body in records if kind == "response" and b"<html" in body[:2000].lower()]
    assert any("288.4" in p for p in pages)
    assert any("298.4" in p for p in pages)


def test_feeds_are_valid_and_ids_stay(home: Path) -> None:
    config = Config(home=home)
    with open_database(config) as database, database.session() as session:
        for wanted in ({}, {"source": "yunling-jgj"}, {"query": "酒驾"}, {"subscription": 1}):
            one = feeds.FeedRequest("http://127.0.0.1:8000", **wanted)
            other = feeds.FeedRequest("https://watch.example.org", **wanted)
            raw, elsewhere = (feeds.atom(session, r, now=datetime.now(UTC)) for r in (one, other))
            parsed, again = feedparser.parse(raw), feedparser.parse(elsewhere)
            assert not parsed.bozo
            assert parsed.entries
            assert [e.id for e in parsed.entries] == [e.id for e in again.entries]
            assert len({e.id for e in parsed.entries}) == len(parsed.entries) <= 50
            assert parsed.feed.id == again.feed.id
            assert parsed.feed.updated
            data = json.loads(feeds.json_feed(session, one, now=datetime.now(UTC)))
            assert data["version"] == "https://jsonfeed.org/version/1.1"
            assert [i["id"] for i in data["items"]] == [e.id for e in parsed.entries]
            assert all(i["content_html"] and i["date_published"] for i in data["items"])
        assert {i["_bureauwatch"]["type"] for i in data["items"]} >= {"report.revised", "report.withdrawn"}


def test_sources_and_doctor(cli: Cli, home: Path, monkeypatch) -> None:
    assert "private address" in cli("doctor")[1]
    monkeypatch.setenv("BUREAUWATCH_PRIVATE_NETWORKS", "127.0.0.0/8")
    code, out, _ = cli("sources", "list", "--format", "json")
    assert code == 0
    assert {r["id"] for r in json.loads(out)} == {"heqing-tjj", "lanting-fgw", "qinghe-yjj", "yunling-jgj"}
    code, out, _ = cli("sources", "show", "heqing-tjj")
    assert code == 0
    assert "鹤清市统计局" in out
    assert json.loads(cli("sources", "schema")[1])["$schema"]
    bad = home / "sources" / "zz-broken.yaml"
    bad.write_text("id: zz\nname: x\ncolums: []\n")
    try:
        code, out, err = cli("sources", "list", "--format", "json")
        assert code == 1
        assert len(json.loads(out)) == 4
        assert "zz-broken.yaml:" in err
        assert cli("doctor")[0] == 1
    finally:
        bad.unlink()
    code, out, _ = cli("doctor")
    assert code == 0, out
    assert cli("sources", "check", "--offline")[0] == 0


def test_reparse_changes_nothing_of_what_this_version_read(cli: Cli) -> None:
    code, out, _ = cli("reparse", "--everything", "--source", "yunling-jgj")
    assert code == 0
    assert " 0 with new values" in out
    assert "--everything" in cli("reparse")[1]


def test_backup_and_restore(cli: Cli, home: Path, tmp_path: Path, monkeypatch) -> None:
    file = tmp_path / "backup.tar"
    assert cli("backup", str(file))[0] == 0
    assert cli("backup", str(file))[0] == 2  # it is there
    before = json.loads(cli("reports", "--format", "json")[1])
    assert cli("restore", str(file))[0] == 1  # there are reports already
    assert "no such" in cli("restore", str(tmp_path / "none.tar"))[2].lower()
    assert cli("backup", str(tmp_path / "no" / "b.tar"))[2].startswith(f"error: {tmp_path}/no/b.tar: ")
    monkeypatch.setenv("BUREAUWATCH_HOME", str(tmp_path / "new"))
    monkeypatch.setenv("BUREAUWATCH_SOURCES", str(tmp_path / "new-sources"))
    code, _, err = cli("restore", str(file))
    assert code == 0, err
    assert json.loads(cli("reports", "--format", "json")[1]) == before
    assert cli("show", "1", "--evidence", str(tmp_path / "p.warc.gz"))[0] == 0
    assert len(list((tmp_path / "new-sources").glob("*.yaml"))) == 4


def test_wrong_usage_is_one_line_and_exit_2(cli: Cli) -> None:
    for arguments in (
        ["crawl"],
        ["crawl", "nosuch"],
        ["crawl", "--all", "yunling-jgj"],
        ["reports", "--since", "someday"],
        ["reports", "--query", "(酒驾"],
        ["events", "--type", "report.gone"],
        ["show", "99999"],
        ["diff", "1", "5", "6"],
        ["unsubscribe", "77"],
        ["subscribe", "--to", "nosuch://x"],
        ["subscribe", "--to", "json://127.0.0.1/x"],
        ["subscribe", "--to", "json://example.org/x", "--on", "report.gone"],
        ["subscribe", "--to", "json://example.org/x", "--query", '"open'],
        ["subscribe", "--to", "json://example.org/x", "--digest", "hourly"],
        ["subscribe", "--to", "json://example.org/x", "--quiet", "25:00-07:00"],
        ["subscribe", "--to", "json://example.org/x", "--threshold", ">5"],
        ["subscribe", "--to", "json://example.org/x", "--indicator", "死亡", "--threshold", "many"],
        ["subscribe", "--to", "json://example.org/x", "--zone", "Mars/Olympus"],
        ["subscribe", "--to", "json://example.org/x", "--source", "yunling"],
        ["nosuch"],
        ["reports", "--format", "yaml"],
        ["reports", "--type", "report.new"],
        ["indicators", "--type", "many"],
        ["revisions", "--type", "second"],
        ["deliveries", "--state", "lost"],
    ):
        code, out, err = cli(*arguments)
        assert code == 2, (arguments, out, err)
        assert len(err.strip().splitlines()) == 1, (arguments, err)
        assert err.startswith("error: "), err
        assert "Traceback" not in err


def test_a_near_source_name_is_suggested(cli: Cli) -> None:
    assert "yunling-jgj" in cli("crawl", "yunlin-jgj")[2]


def test_a_crawl_that_fails_says_why(cli: Cli) -> None:
    code, _, err = cli("crawl", "heqing-tjj", "nosuch", "--no-alerts")
    assert code == 2  # wrong usage, and yet the known one was crawled
    assert "nosuch" in err
    assert "heqing-tjj: failed (private-address)" in err  # without leave for this machine's network
    assert "Traceback" not in err
