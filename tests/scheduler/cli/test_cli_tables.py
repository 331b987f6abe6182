"""Tables of the terminal: whole on a wide one, a list of fields on a narrow one."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from scheduler.cli import output


def shown(monkeypatch: pytest.MonkeyPatch, width: int) -> str:
    made = output.make_table(
        None, ("id", {"no_wrap": True}), ("published", {"no_wrap": True}), ("title", {"ratio": 3}), "publisher"
    )
    made.add_row("7", "2022-01-08 18:30", output.cell("云岭市公安局关于[2021]年工作的总结报告", 200), "云岭市公安局")
    screen = Console(file=io.StringIO(), width=width, highlight=False)
    monkeypatch.setattr(output, "console", lambda: screen)
    output.show(made)
    return screen.file.getvalue()  # type: ignore[attr-defined]


def test_a_wide_terminal_shows_a_row_in_a_line(monkeypatch) -> None:
    [line] = [line for line in shown(monkeypatch, 120).splitlines() if "2022-01-08" in line]
    assert "云岭市公安局关于[2021]年工作的总结报告" in line


def test_a_narrow_terminal_loses_no_column(monkeypatch) -> None:
    text = shown(monkeypatch, 44)
    assert "title云岭市公安局关于[2021]年工作的总结报告" in "".join(text.split())
    assert "publisher   云岭市公安局" in text
    assert max(map(len, text.splitlines())) <= 44
