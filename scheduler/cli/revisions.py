"""`bureauwatch revisions`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipelines.messages import say
from scheduler.cli import options as o
from scheduler.cli.context import check_sources, database, parse_end, parse_moment
from scheduler.cli.events import summary
from scheduler.cli.output import TABLE_LIMIT, cell, emit, make_table, moment

if TYPE_CHECKING:
    from rich.table import Table

COLUMNS = (
    "id",
    "report",
    "title",
    "source",
    "number",
    "kind",
    "at",
    "changes",
    "content_hash",
    "extraction_version",
    "url",
)


def register(app: typer.Typer) -> None:
    """Adds the command."""

    @app.command(
        help=say("List versions of reports, newest last.")
        + o.examples(
            "bureauwatch revisions --report 7", "bureauwatch revisions --type content --since 30d --format json"
        )
    )
    def revisions(
        source: o.SourceOption = None,
        since: o.SinceOption = None,
        until: o.UntilOption = None,
        query: o.QueryOption = None,
        report: Annotated[int | None, typer.Option("--report", metavar="ID", help=say("Only of this report."))] = None,
        type: Annotated[
            list[str] | None,
            typer.Option("--type", "-t", help=say("Only this kind: first, content, attachment, reextraction …")),
        ] = None,
        after: o.AfterOption = None,
        limit: o.LimitOption = None,
        format: o.FormatOption = o.Format.table,
        output: o.OutputOption = None,
    ) -> None:
        from scheduler.browse import REVISION_KINDS, Filters
        from scheduler.browse import revisions as read

        filters = Filters(
            o.parts(source), parse_moment(since), parse_end(until), query, o.choices(type, REVISION_KINDS), after,
            o.row_limit(limit, format, output, TABLE_LIMIT), report,
        )  # fmt: skip
        with database() as db, db.session() as session:
            check_sources(session, filters.sources)
            rows = read(session, filters)
            flat = o.is_sheet(format, output)
            emit(
                map(flatten, rows) if flat else rows,
                COLUMNS,
                format,
                output,
                table=table,
                limit=limit,
                newest_last=True,
            )


def flatten(row: Mapping[str, Any]) -> dict[str, Any]:
    """One revision as one line of cells."""
    report = row["report"]
    return {**row, "report": report["id"], "title": report["title"], "url": report["url"]}


def table(rows: list[Any]) -> Table:
    """Revisions for the terminal."""
    made = make_table(
        None,
        (say("report"), {"justify": "right"}),
        (say("revision"), {"justify": "right"}),
        (say("kind"), {"no_wrap": True}),
        (say("when"), {"no_wrap": True}),
        (say("title"), {"ratio": 2}),
        (say("changes"), {"ratio": 3}),
    )
    for row in rows:
        made.add_row(
            str(row["report"]["id"]), str(row["number"]), cell(row["kind"]), moment(row["at"]),
            cell(row["report"]["title"], 80), cell(summary({"details": {"changes": row["changes"]}}), 200),
        )  # fmt: skip
    return made
