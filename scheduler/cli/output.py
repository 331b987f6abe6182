"""Rows to the terminal or a file, in the format asked for."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from pipelines.messages import say
from scheduler.cli.context import console
from scheduler.cli.options import Format

if TYPE_CHECKING:
    from rich.table import Table

TABLE_LIMIT = 50
WRAPS_FROM = 14
"""Character cells that a column which wraps needs at least."""

Row = Mapping[str, Any]


def emit(
    rows: Iterable[Row],
    columns: Sequence[str],
    format: Format,
    output: Path | None,
    *,
    table: Callable[[list[Row]], Table],
    limit: int | None = None,
    newest_last: bool = False,
) -> None:
    """Writes rows. A table shows 50 unless a limit was given (of `newest_last` rows the last), and says so."""
    format = _by_name(format, output)
    if format is Format.table:
        if output is not None:
            raise typer.BadParameter(say("a table cannot be written to a file; add --format csv, xlsx, json or jsonl"))
        _print_table(list(rows), table, limit, newest_last)
        return
    from scheduler.exports import write

    if format is Format.xlsx and output is None and sys.stdout.isatty():
        raise typer.BadParameter(say("an Excel file cannot be shown in a terminal; add --output FILE.xlsx"))
    write(rows, columns, format.value, output if output is not None else sys.stdout)  # type: ignore[arg-type]
    if output is not None:
        typer.echo(say("written: {file}", file=output), err=True)


def _by_name(format: Format, output: Path | None) -> Format:
    """A file's name says its format where none was asked for."""
    if format is Format.table and output is not None and output.suffix.lstrip(".").lower() in Format.__members__:
        return Format(output.suffix.lstrip(".").lower())
    return format


def _print_table(rows: list[Row], table: Callable[[list[Row]], Table], limit: int | None, newest_last: bool) -> None:
    if not rows:
        console().print(say("Nothing found."))
        return
    more = limit is None and len(rows) > TABLE_LIMIT
    if more:
        rows = rows[-TABLE_LIMIT:] if newest_last else rows[:TABLE_LIMIT]
    show(table(rows))
    if more:
        console().print(say("{count} are shown; --limit N shows more, --format csv all.", count=TABLE_LIMIT))


def make_table(title: str | None, *columns: str | tuple[str, dict[str, Any]]) -> Table:
    """An empty table in the program's style; a column may come with rich's options."""
    from rich import box
    from rich.table import Table

    made = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False)
    for column in columns:
        name, options = column if isinstance(column, tuple) else (column, {})
        made.add_column(name, **{"overflow": "fold", **options})
    return made


def show(made: Table) -> None:
    """Prints a table; on a terminal too narrow for it each row as lines of `name  value`."""
    screen = console()
    if _needed(made) <= screen.width or not made.row_count:
        screen.print(made)
        return
    for row in zip(*(column.cells for column in made.columns), strict=True):
        lines = make_table(None, ("", {"style": "bold", "no_wrap": True}), ("", {"ratio": 1}))
        lines.show_header = False
        for column, value in zip(made.columns, row, strict=True):
            if value:
                lines.add_row(column.header, value)
        screen.print(lines)


def _needed(made: Table) -> int:
    """The narrowest width that a table can be read at: a column that wraps may do so from a few words on."""
    from rich.cells import cell_len
    from rich.text import Text

    width = 2
    for column in made.columns:
        widest = max(cell_len(Text.from_markup(str(text)).plain) for text in (column.header, *column.cells))
        width += 3 + (widest if column.no_wrap else min(widest, WRAPS_FROM))
    return width


def cell(value: object, limit: int = 200) -> str:
    """A value for a table: outside text cannot carry markup, escape codes or line ends."""
    from rich.markup import escape

    from scheduler.alerts.formatting import one_line

    if value is None or value == "":
        return ""
    if isinstance(value, list | tuple):
        value = ", ".join(str(v) for v in value)
    return escape(one_line(value, limit))


def moment(value: object) -> str:
    """A time in the user's short form: `2026-03-01 08:30`, days as they are; one that a bureau prints stays its own."""
    from datetime import datetime

    if isinstance(value, datetime):
        return value.astimezone().strftime("%Y-%m-%d %H:%M")
    return str(value or "").replace("T", " ")[:16]


def clock(value: object) -> str:
    """A moment that the program noted, on this machine's clock."""
    from datetime import datetime

    return datetime.fromisoformat(str(value)).astimezone().strftime("%Y-%m-%d %H:%M") if value else ""


def zone() -> str:
    """The name of this machine's time zone, for the head above such moments."""
    from datetime import datetime

    return datetime.now().astimezone().tzname() or ""
