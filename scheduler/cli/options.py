"""Options that several commands share, and examples in help texts."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from pipelines.messages import say


class Format(StrEnum):
    """How rows are written."""

    table = "table"
    json = "json"
    jsonl = "jsonl"
    csv = "csv"
    xlsx = "xlsx"


def examples(*lines: str) -> str:
    """The examples at the end of a help text."""
    return "\n\n" + say("Examples:") + "\n\n" + "\n\n".join(f"  {line}" for line in lines)


SourceOption = Annotated[
    list[str] | None, typer.Option("--source", "-s", metavar="ID", help=say("Only this source; may be repeated."))
]
SinceOption = Annotated[
    str | None, typer.Option("--since", metavar="DATE", help=say("From this day or moment; 7d counts back from now."))
]
UntilOption = Annotated[
    str | None, typer.Option("--until", metavar="DATE", help=say("Up to this day (included) or moment."))
]
QueryOption = Annotated[
    str | None,
    typer.Option("--query", "-q", metavar="WORDS", help=say("Words to search for: AND, OR, NOT, title:, \"phrase\".")),
]  # fmt: skip
TypeOption = Annotated[
    list[str] | None,
    typer.Option("--type", "-t", metavar="TYPE", help=say("Only this event type, as report.new; may be repeated.")),
]
AfterOption = Annotated[
    str | None, typer.Option("--after", metavar="ID", help=say("Only what came after the one with this id."))
]
MOST = 2**31 - 1
"""The greatest row number of either database."""
LimitOption = Annotated[
    int | None,
    typer.Option(
        "--limit", "-n", metavar="N", min=1, max=MOST, help=say("At most so many; tables show 50 unless told.")
    ),
]
ReportOption = Annotated[
    int | None, typer.Option("--report", metavar="ID", min=1, max=MOST, help=say("Only of this report."))
]
FormatOption = Annotated[Format, typer.Option("--format", "-f", help=say("How the rows are written."))]
OutputOption = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="FILE", help=say("Write to this file instead of the terminal."))
]


def is_sheet(format: Format, output: Path | None) -> bool:
    """Whether rows must be flat: CSV or Excel, asked for or by the file's name."""
    named = output.suffix.lower() if output is not None and format is Format.table else ""
    return format in (Format.csv, Format.xlsx) or named in (".csv", ".xlsx")


def row_limit(limit: int | None, format: Format, output: Path | None, table_limit: int) -> int | None:
    """How many rows to read: a table needs one more than it shows, to know that there are more."""
    if limit is not None or format is not Format.table or output is not None:
        return limit
    return table_limit + 1


def event_types(names: list[str] | None) -> list[str]:
    """Event types as given, several with commas; an unknown one is wrong usage."""
    from pipelines.subscriptions import EVENT_TYPES

    return choices(names, EVENT_TYPES)


def choices(names: Sequence[str] | None, known: Sequence[str]) -> list[str]:
    """Words as given, several with commas; one that nothing can match is wrong usage, not an empty list."""
    found = parts(names)
    for name in found:
        if name not in known:
            raise typer.BadParameter(
                say("there is no {name} here; there are {known}", name=name, known=", ".join(known))
            )
    return found


def parts(names: Sequence[str] | None) -> list[str]:
    """The words of an option that may be repeated, or hold several with commas."""
    return [part.strip() for name in names or () for part in name.split(",") if part.strip()]
