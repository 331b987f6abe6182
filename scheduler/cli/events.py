"""`bureauwatch events`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import typer

from pipelines.messages import language, say
from scheduler.cli import options as o
from scheduler.cli.context import check_report, check_sources, database, parse_end, parse_moment
from scheduler.cli.output import TABLE_LIMIT, cell, clock, emit, make_table, zone

if TYPE_CHECKING:
    from rich.table import Table

COLUMNS = ("id", "type", "at", "source", "report", "title", "details", "url")


def register(app: typer.Typer) -> None:
    """Adds the command."""

    @app.command(
        help=say("List what happened, newest last: reports new, revised, withdrawn; sources failing, silent …")
        + o.examples(
            "bureauwatch events --type report.revised --since 7d", "bureauwatch events --after ID --format jsonl"
        )
    )
    def events(
        source: o.SourceOption = None,
        since: o.SinceOption = None,
        until: o.UntilOption = None,
        query: o.QueryOption = None,
        type: o.TypeOption = None,
        report: o.ReportOption = None,
        after: o.AfterOption = None,
        limit: o.LimitOption = None,
        format: o.FormatOption = o.Format.table,
        output: o.OutputOption = None,
    ) -> None:
        from scheduler.browse import Filters
        from scheduler.browse import events as read

        filters = Filters(
            o.parts(source), parse_moment(since), parse_end(until), query, o.event_types(type), after,
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
    """One event as one line of cells."""
    report = row.get("report") or {}
    return {**row, "report": report.get("id"), "title": report.get("title"), "url": report.get("url")}


def table(rows: list[Any]) -> Table:
    """Events for the terminal."""
    from scheduler.browse import SHORT_ID

    made = make_table(
        None,
        ("id", {"no_wrap": True}),
        (f"{say('when')} ({zone()})", {"no_wrap": True}),
        (say("event"), {"no_wrap": True}),
        (say("source"), {"no_wrap": True}),
        (say("report"), {"justify": "right"}),
        (say("title"), {"ratio": 3}),
        (say("details"), {"ratio": 2}),
    )
    for row in rows:
        report = row.get("report") or {}
        made.add_row(
            row["id"][:SHORT_ID],
            clock(row["at"]),
            cell(row["type"]),
            cell(row["source"]),
            str(report.get("id") or ""),
            cell(report.get("title"), 120),
            cell(summary(row), 160),
        )
    return made


def summary(event: Mapping[str, Any]) -> str:
    """What an event's details come to, in a few words."""
    from scheduler.alerts.formatting import excerpts, figure, one_line, restatement
    from scheduler.alerts.words import field_name

    details: Mapping[str, Any] = event.get("details") or {}
    parts: list[str] = []
    for change in (details.get("changes") or [])[:3]:
        if isinstance(change, Mapping):
            old, new = (change.get(k) if change.get(k) is not None else "∅" for k in ("old", "new"))
            old, new = excerpts(old, new, 24)
            parts.append(f"{change.get('name') or field_name(str(change.get('field')), language())}: {old} → {new}")
    if details.get("backfill"):
        parts.append(say("found by the first crawl"))
    if isinstance(details.get("indicators"), int) and details["indicators"]:
        parts.append(say("{count} figures", count=details["indicators"]))
    if isinstance(details.get("indicator"), Mapping):
        parts.append(figure(details["indicator"]))
    if restated := restatement(details):
        return "; ".join([restated, *parts])
    for key in ("failure", "message", "error", "threshold", "name", "attachment", "reason"):
        if details.get(key) and isinstance(details[key], str):
            parts.append(("HTTP " if key == "reason" and details[key].isdigit() else "") + one_line(details[key], 80))
    if len(details.get("places") or []) > 1:
        parts.append(say("{count} places", count=len(details["places"])))
    return "; ".join(parts)
