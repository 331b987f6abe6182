"""`bureauwatch deliveries`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipelines.messages import say
from scheduler.cli import options as o
from scheduler.cli.context import check_sources, database, now, parse_end, parse_moment
from scheduler.cli.output import TABLE_LIMIT, cell, clock, emit, make_table, zone

if TYPE_CHECKING:
    from rich.table import Table

COLUMNS = (
    "id", "event", "type", "at", "source", "title", "subscription", "to", "state", "attempts", "due_at", "sent_at",
    "batch", "last_error",
)  # fmt: skip


def register(app: typer.Typer) -> None:
    """Adds the command."""

    @app.command(
        help=say("List alerts that were sent, wait, or were given up.")
        + o.examples("bureauwatch deliveries --state dead", "bureauwatch deliveries --replay 12 --replay 13")
    )
    def deliveries(
        source: o.SourceOption = None,
        since: o.SinceOption = None,
        until: o.UntilOption = None,
        query: o.QueryOption = None,
        type: o.TypeOption = None,
        state: Annotated[
            list[str] | None,
            typer.Option("--state", metavar="STATE", help=say("Only waiting, sent, dead or dropped ones.")),
        ] = None,
        subscription: Annotated[
            int | None,
            typer.Option("--subscription", metavar="ID", min=1, max=o.MOST, help=say("Only of this subscription.")),
        ] = None,
        replay: Annotated[
            list[int] | None,
            typer.Option(
                "--replay",
                metavar="ID",
                min=1,
                max=o.MOST,
                help=say("Make this dead delivery due again, with its old key."),
            ),
        ] = None,
        after: o.AfterOption = None,
        limit: o.LimitOption = None,
        format: o.FormatOption = o.Format.table,
        output: o.OutputOption = None,
    ) -> None:
        from scheduler.browse import DELIVERY_STATES, Filters
        from scheduler.browse import deliveries as read

        with database() as db:
            if replay:
                _replay(db, replay)
                return
            filters = Filters(
                o.parts(source), parse_moment(since), parse_end(until), query, o.event_types(type), after,
                o.row_limit(limit, format, output, TABLE_LIMIT), states=o.choices(state, DELIVERY_STATES),
                subscription=subscription,
            )  # fmt: skip
            with db.session() as session:
                check_sources(session, filters.sources)
                emit(read(session, filters), COLUMNS, format, output, table=table, limit=limit, newest_last=True)


def _replay(db: Any, ids: list[int]) -> None:
    from pipelines.errors import UnknownNameError
    from pipelines.storage.outbox import replay

    with db.transaction() as session:
        count = replay(session, now(), ids)
    if count == 0:
        raise UnknownNameError(
            say("None of these deliveries is dead"),
            cure=say("`bureauwatch deliveries --state dead` lists those that are"),
        )
    typer.echo(say("{count} deliveries are due again; `bureauwatch deliver` sends them", count=count))


def table(rows: list[Any]) -> Table:
    """Deliveries for the terminal."""
    made = make_table(
        None,
        ("id", {"justify": "right"}),
        (say("event"), {"no_wrap": True}),
        (say("title"), {"ratio": 2}),
        (say("to"), {"ratio": 1}),
        (say("state"), {"no_wrap": True}),
        (say("tries"), {"justify": "right"}),
        (f"{say('when')} ({zone()})", {"no_wrap": True}),
        (say("last error"), {"ratio": 2}),
    )
    colours = {"sent": "green", "dead": "red", "waiting": "yellow"}
    for row in rows:
        colour = colours.get(row["state"], "")
        made.add_row(
            str(row["id"]), cell(row["type"]), cell(row["title"] or row["source"], 80), cell(row["to"], 80),
            f"[{colour}]{row['state']}[/]" if colour else cell(row["state"]), str(row["attempts"]),
            clock(row["sent_at"] or row["due_at"]), cell(row["last_error"], 160),
        )  # fmt: skip
    return made
