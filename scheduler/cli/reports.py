"""`bureauwatch reports`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipelines.messages import say
from scheduler.cli import options as o
from scheduler.cli.context import check_sources, database, parse_end, parse_moment
from scheduler.cli.output import TABLE_LIMIT, cell, emit, make_table, moment

if TYPE_CHECKING:
    from rich.table import Table

COLUMNS = (
    "id", "published", "title", "publisher", "document_number", "index_number", "drafted", "effective", "signer",
    "validity", "subject", "source", "state", "revision", "indicator_count", "flags", "first_seen", "last_changed",
    "url",
)  # fmt: skip


def register(app: typer.Typer) -> None:
    """Adds the command."""

    @app.command(
        help=say("List reports, newest published first.")
        + o.examples(
            "bureauwatch reports --query '交通事故 NOT 公示' --since 2022-01-01", "bureauwatch reports -o reports.xlsx"
        )
    )
    def reports(
        source: o.SourceOption = None,
        since: o.SinceOption = None,
        until: o.UntilOption = None,
        query: o.QueryOption = None,
        after: o.AfterOption = None,
        state: Annotated[
            list[str] | None,
            typer.Option("--state", "--type", metavar="STATE", help=say("Only live, withdrawn or tampered ones.")),
        ] = None,
        limit: o.LimitOption = None,
        format: o.FormatOption = o.Format.table,
        output: o.OutputOption = None,
    ) -> None:
        from scheduler.browse import REPORT_STATES, Filters
        from scheduler.browse import reports as read

        filters = Filters(
            o.parts(source), parse_moment(since), parse_end(until), query, after=after,
            states=o.choices(state, REPORT_STATES),
            limit=o.row_limit(limit, format, output, TABLE_LIMIT),
        )  # fmt: skip
        whole = format is not o.Format.table or output is not None
        with database() as db, db.session() as session:
            check_sources(session, filters.sources)
            emit(read(session, filters, whole=whole), COLUMNS, format, output, table=table, limit=limit)


def table(rows: list[Any]) -> Table:
    """Reports for the terminal."""
    made = make_table(
        None,
        ("id", {"justify": "right"}),
        (say("published"), {"no_wrap": True}),
        (say("title"), {"ratio": 3}),
        (say("publisher"), {"ratio": 1}),
        (say("number"), {"ratio": 1}),
        (say("source"), {"no_wrap": True}),
        (say("figures"), {"justify": "right"}),
        say("state"),
    )
    for row in rows:
        number = row["document_number"] or row["index_number"]
        state = row["state"] + (f" · r{row['revision']}" if row["revision"] > 1 else "")
        made.add_row(
            str(row["id"]), moment(row["published"]), cell(row["title"]), cell(row["publisher"], 60), cell(number, 40),
            cell(row["source"]), str(row["indicator_count"] or ""), cell(state),
        )  # fmt: skip
    return made
