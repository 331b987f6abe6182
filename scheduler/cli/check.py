"""`bureauwatch sources check`: do the files read, and do the bureaus' columns still list reports?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipelines.messages import say
from scheduler.cli import options as o
from scheduler.cli.context import fetcher, now, registry
from scheduler.cli.output import cell, emit, make_table, moment

if TYPE_CHECKING:
    from rich.table import Table

    from crawler.sources.model import Source
    from pipelines.errors import SourceError

COLUMNS = (
    "source", "name", "column", "ok", "failure", "message", "platform", "confidence", "entries", "dated", "newest",
    "days_silent", "conditional", "suggested", "url",
)  # fmt: skip
AT_ONCE = 8


def register(group: typer.Typer) -> None:
    """Adds the command."""

    @group.command(
        help=say(
            "Look at columns without storing anything: platform, entries, newest date, failure; suggests `expect`."
        )
        + o.examples(
            "bureauwatch sources check guiyang-jgj",
            "bureauwatch sources check --all -o status.csv",
            "bureauwatch sources check --offline",
        )
    )
    def check(
        ids: Annotated[
            list[str] | None, typer.Argument(metavar="ID…", help=say("Default: all that are not paused."))
        ] = None,
        everything: Annotated[bool, typer.Option("--all", help=say("Paused ones too."))] = False,
        offline: Annotated[bool, typer.Option("--offline", help=say("Only read the files, no network."))] = False,
        format: o.FormatOption = o.Format.table,
        output: o.OutputOption = None,
    ) -> None:
        found = registry()
        chosen = (
            [found.get(i) for i in ids] if ids else [s for s in found.sources.values() if everything or not s.paused]
        )
        typer.echo(
            say("{count} source files read, {wrong} cannot be used", count=len(found.sources), wrong=len(found.errors)),
            err=True,
        )
        if offline:
            raise typer.Exit(1 if found.errors else 0)
        rows = list(check_sources(chosen))
        if not ids:
            rows += [_unusable(error) for error in found.errors]
        emit(rows, COLUMNS, format, output, table=table, limit=len(rows) + 1)
        raise typer.Exit(1 if found.errors or not all(row["ok"] for row in rows) else 0)


def check_sources(sources: Sequence[Source]) -> Iterator[dict[str, Any]]:
    """One record a column, in order; hosts are asked side by side, each politely."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for records in pool.map(_check, sources):
            yield from records


def _check(source: Source) -> list[dict[str, Any]]:
    from crawler.probe import probe

    records = []
    with fetcher(delay=source.politeness.delay, source=source) as fetch:
        for column in source.columns:
            result = probe(column.url, fetch, zone=source.timezone, sample=False, column=column)
            days = [_day(e.hints.published) for e in result.entries if e.hints.published]
            newest = max(days, default=None)
            silent = (now().date() - newest).days if newest else None
            records.append(
                {
                    "source": source.id,
                    "name": source.name,
                    "column": column.name,
                    "ok": result.ok,
                    "failure": result.failure,
                    "message": result.problem,
                    "platform": result.platform,
                    "confidence": round(result.confidence, 2),
                    "entries": result.count,
                    "dated": round(len(days) / result.count, 2) if result.count else None,
                    "newest": newest,
                    "days_silent": silent,
                    "conditional": result.validators.get("not_modified"),
                    "suggested": _suggest(days, result.count),
                    "url": column.url,
                }
            )
    return records


def _unusable(error: SourceError) -> dict[str, Any]:
    """The record of a file that gives no source."""
    told = {"source": Path(error.file).stem, "ok": False, "failure": "configuration", "message": str(error)}
    return dict.fromkeys(COLUMNS) | told | {"url": error.file}


def _suggest(days: Sequence[date], count: int) -> dict[str, int] | None:
    """Values of `expect` after what the column shows now: three times its longest pause, half of its entries."""
    if not count:
        return None
    found = {"min_entries": max(count // 2, 1)}
    ordered = sorted(set(days))
    pauses = [(b - a).days for a, b in pairwise(ordered)]
    if len(pauses) >= 3:
        found["max_days_silent"] = max(3 * max(pauses), 14)
    return found


def _day(stamp: date | datetime) -> date:
    return stamp.date() if isinstance(stamp, datetime) else stamp


def table(rows: list[Any]) -> Table:
    """Columns' state for the terminal."""
    right: dict[str, Any] = {"justify": "right"}
    made = make_table(
        None, (say("source"), {"no_wrap": True}), (say("column"), {"ratio": 1}), (say("state"), {"ratio": 2}),
        say("made with"), (say("entries"), right), (say("newest"), {"no_wrap": True}), (say("suggested"), {"ratio": 1}),
    )  # fmt: skip
    for row in rows:
        state = "[green]ok[/]" if row["ok"] else f"[red]{cell(row['failure'])}[/] {cell(row['message'], 160)}"
        suggested = ", ".join(f"{k}: {v}" for k, v in (row["suggested"] or {}).items())
        made.add_row(
            cell(row["source"]), cell(row["column"] or row["url"], 60), state, cell(row["platform"]),
            str(row["entries"] or ""), moment(row["newest"]), cell(suggested),
        )  # fmt: skip
    return made
