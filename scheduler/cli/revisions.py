"""`bureauwatch revisions`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipelines.messages import say
from scheduler.cli import options as o
from scheduler.cli.context import check_report, check_sources, database, parse_end, parse_moment
from scheduler.cli.events import summary
from scheduler.cli.output import TABLE_LIMIT, cell, clock, emit, make_table, zone

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
        report: o.ReportOption = None,
        type: Annotated[
            list[str] | None,
            typer.Option(
                "--type", "-t", metavar="KIND", help=say("Only this kind: first, content, attachment, reextraction …")
            ),
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
            check_report(session, report)
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


def table(rows: list[Any], *, of_one: bool = False) -> Table:
    """Revisions for the terminal; those `of_one` report without its number and title."""
    which = () if of_one else ((say("report"), {"justify": "right"}),)
    titles = () if of_one else ((say("title"), {"ratio": 2}),)
    made = make_table(
        None,
        *which,
        (say("revision"), {"justify": "right"}),
        (say("kind"), {"no_wrap": True}),
        (f"{say('when')} ({zone()})", {"no_wrap": True}),
        *titles,
        (say("changes"), {"ratio": 3}),
    )
    for row in rows:
        report = row["report"]
        made.add_row(
            *(() if of_one else (str(report["id"]),)), str(row["number"]), cell(row["kind"]), clock(row["at"]),
            *(() if of_one else (cell(report["title"], 80),)),
            cell(summary({"details": {"changes": row["changes"]}}), 200),
        )  # fmt: skip
    return made
