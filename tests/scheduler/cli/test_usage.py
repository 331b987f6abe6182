"""What wrong usage is answered with: our words, one line, in the user's language."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
from rich.cells import cell_len
from rich.console import Console

from pipelines.indicators.series_lines import Line, Point
from scheduler.cli import series
from scheduler.cli.app import run
from scheduler.cli.context import parse_end, parse_moment
from scheduler.cli.sources import _in_zone
from scheduler.cli.usage import usage_error


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("Missing argument 'REPORT'.", "REPORT is missing"),
        ("Missing option '--to'.", "--to is missing"),
        ("No such command 'nosuch'.", "there is no command nosuch"),
        ("No such option: --sourc (Possible options: --source)", "there is no option --sourc; there is --source"),
        ("No such option: -z", "there is no option -z"),
        (
            "Invalid value for '--limit' / '-n': Input should be greater than or equal to 1",
            "--limit / -n: at least 1",
        ),
        (
            "Invalid value for '--report': Input should be a valid integer, unable to parse string as an integer",
            "--report: a whole number is needed",
        ),
        ("Invalid value: 7x is no date; write 2026-01-31", "7x is no date; write 2026-01-31"),
    ],
)
def test_parser_messages_are_said_in_our_words(said: str, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BUREAUWATCH_LANGUAGE", "en")
    assert usage_error(said) == words
    monkeypatch.setenv("BUREAUWATCH_LANGUAGE", "zh")
    assert usage_error(said) != said or "no date" in said


@pytest.mark.parametrize(
    "arguments",
    [
        ["reports", "-n", "99999999999999999999"],
        ["events", "--report", "99999999999999999999"],
        ["diff", "1", "1", "99999999999999999999"],
        ["series", "--split", "99999999999999999999"],
        ["series", "\udcff"],
    ],
)
def test_absurd_input_is_wrong_usage_not_a_traceback(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(arguments) == 2
    told = capsys.readouterr().err
    assert told.startswith("error: ")
    assert len(told.splitlines()) == 1


def test_a_publication_day_is_its_bureaus() -> None:
    midnight = datetime(2022, 4, 20, 16, tzinfo=UTC)
    assert _in_zone(midnight, "Asia/Shanghai") == "2022-04-21"
    assert _in_zone(midnight, "UTC") == "2022-04-20 16:00"
    assert _in_zone(None, "UTC") == ""


def test_a_day_is_the_day_that_was_typed() -> None:
    day = parse_moment("２０２２-０１-０１")
    assert day is not None
    assert day.isoformat()[:10] == "2022-01-01"
    assert day.tzinfo is not None
    for text in ("2022-01-31", "20220131"):
        end = parse_end(text)
        assert end is not None
        assert end.isoformat()[:10] == "2022-02-01"


@pytest.mark.parametrize("width", [60, 80, 120])
def test_a_series_keeps_its_periods_values_and_changes_on_a_narrow_terminal(
    width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = Console(width=width, file=io.StringIO(), color_system=None)
    monkeypatch.setattr(series, "console", lambda: screen)
    title = "某某市公安局交通管理支队关于全年工作情况的总结报告"
    values = (("2019-Q1", 1234567.0), ("2020-Q1", 876543.0))
    points = [Point(p, v, [{"report": 34, "title": title, "status": "actual"}]) for p, v in values]
    screen.print(series.plot(Line("quarter", "actual", points)))
    drawn = screen.file.getvalue()  # type: ignore[attr-defined]
    for text in ("2019-Q1", "1,234,567", "876,543", "-29.0%", "#34 某某市", "██"):
        assert text in drawn
    assert max(map(cell_len, drawn.splitlines())) <= width
