"""Every command explains itself, in both languages, and the program starts fast enough to be asked."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from scheduler.cli import app, context

COMMANDS = (
    "demo crawl extract reports indicators events revisions deliveries show diff series subscribe subscriptions "
    "unsubscribe deliver test-channel serve worker reparse backup restore doctor sources db"
)
PATHS = [
    [],
    *([name] for name in COMMANDS.split()),
    *(["sources", name] for name in ("list", "show", "check", "schema", "add", "probe")),
    ["db", "upgrade"],
]


@pytest.mark.parametrize("path", PATHS, ids=" ".join)
def test_help(path: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert app.run([*path, "--help"]) == 0
    assert "Usage: bureauwatch" in capsys.readouterr().out


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-X", "importtime", "-c", "from scheduler.cli import main; main()", *arguments],
        capture_output=True, text=True, env=os.environ | environment, timeout=60, check=False,
    )  # fmt: skip


def test_chinese_help_and_light_imports() -> None:
    done = run("crawl", "--help", BUREAUWATCH_LANGUAGE="zh")
    assert "立即抓取信源" in done.stdout
    assert "选项" in done.stdout
    loaded = {line.rsplit("|", 1)[-1].strip() for line in done.stderr.splitlines() if line.startswith("import time")}
    heavy = {"sqlalchemy", "scrapy", "apprise", "fastapi", "lxml", "trafilatura", "requests", "openpyxl"}
    assert not loaded & heavy  # help must not wait for what it does not need


def test_language_from_the_settings_file(tmp_path, monkeypatch) -> None:
    (tmp_path / "bureauwatch.toml").write_text('language = "zh"\n')
    monkeypatch.delenv("BUREAUWATCH_LANGUAGE", raising=False)
    done = subprocess.run(
        [sys.executable, "-c", "from scheduler.cli import main; main()", "crawl", "nosuch"],
        capture_output=True, text=True, cwd=tmp_path, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.startswith("错误：")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("home = \n", "bureauwatch.toml cannot be read: Invalid value (at line 1"),
        ('hoem = "h"\n', "there is no setting hoem. Did you mean home?"),
        ("zzzz = 1\n", "See docs/settings.md"),
    ],
)
def test_a_wrong_settings_file_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], text: str, words: str
) -> None:
    (tmp_path / "bureauwatch.toml").write_text(text)
    monkeypatch.chdir(tmp_path)
    context.settings.cache_clear()
    assert app.run(["reports"]) == 2
    context.settings.cache_clear()
    [line] = capsys.readouterr().err.strip().splitlines()
    assert words in line


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [("CONCURRENCY", "many", 2), ("TOKEN", "short", 2), ("DATABASE_URL", "sqlite:///{folder}/x.db", 1)],
)
def test_a_setting_that_cannot_be_used_is_one_line(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
    value: str,
    code: int,
) -> None:
    (tmp_path / "x.db").write_text("this is no database, only text " * 200)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(f"BUREAUWATCH_{name}", value.format(folder=tmp_path))
    context.settings.cache_clear()
    assert app.run(["reports"]) == code
    context.settings.cache_clear()
    [line] = capsys.readouterr().err.strip().splitlines()
    assert line.startswith("error: ")
    assert name in line or "database" in line


def test_who_closes_the_pipe_hears_no_complaint(tmp_path) -> None:
    files = [str(tmp_path / f"{n}.txt") for n in range(400)]
    for file in files:
        Path(file).write_text("工作总结\n" * 200)
    process = subprocess.Popen(
        [sys.executable, "-c", "from scheduler.cli import main; main()", "extract", *files, "--format", "jsonl"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    process.stdout.readline()
    process.stdout.close()
    error = process.stderr.read().decode() if process.stderr else ""
    assert process.wait(60) == 0
    assert error == ""
    if process.stderr:
        process.stderr.close()
