"""`bureauwatch subscriptions` and `unsubscribe`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipelines.messages import say
from scheduler.cli import options as o
from scheduler.cli.context import database, now
from scheduler.cli.output import cell, emit, make_table

if TYPE_CHECKING:
    from rich.table import Table

COLUMNS = (
    "id", "to", "on", "source", "query", "indicator", "threshold", "digest", "quiet", "zone", "language", "created_at",
    "ended_at", "waiting", "sent", "dead",
)  # fmt: skip


def register(app: typer.Typer) -> None:
    """Adds the commands."""

    @app.command(
        help=say("List subscriptions; secrets of their channels are not shown.")
        + o.examples("bureauwatch subscriptions", "bureauwatch subscriptions --all --format csv")
    )
    def subscriptions(
        everything: Annotated[bool, typer.Option("--all", help=say("Ended ones too."))] = False,
        format: o.FormatOption = o.Format.table,
        output: o.OutputOption = None,
    ) -> None:
        with database() as db:
            emit(_rows(db, everything), COLUMNS, format, output, table=table)

    @app.command(
        help=say("End a subscription; what it was still owed is dropped.") + o.examples("bureauwatch unsubscribe 3")
    )
    def unsubscribe(number: Annotated[int, typer.Argument(metavar="ID", min=1, max=o.MOST)]) -> None:
        from pipelines.storage import outbox
        from scheduler.alerts.masking import mask

        with database() as db, db.transaction() as session:
            row = outbox.unsubscribe(session, now(), number)
            to = mask(row.to)
        typer.echo(say("subscription {id} to {to} has ended", id=number, to=to))


def _rows(db: Any, everything: bool) -> list[dict[str, Any]]:
    from sqlalchemy import func, select

    from pipelines.items import iso
    from pipelines.storage.models import DeliveryRow, SubscriptionRow
    from scheduler.alerts.masking import mask

    with db.session() as session:
        counts: dict[int, dict[str, int]] = {}
        for number, state, count in session.execute(
            select(DeliveryRow.subscription_id, DeliveryRow.state, func.count()).group_by(
                DeliveryRow.subscription_id, DeliveryRow.state
            )
        ):
            counts.setdefault(number, {})[state] = count
        rows = select(SubscriptionRow).order_by(SubscriptionRow.id)
        if not everything:
            rows = rows.where(SubscriptionRow.ended_at.is_(None))
        return [
            {
                "id": row.id,
                "to": mask(row.to),
                "on": row.types,
                "source": row.source_id,
                "query": row.query,
                "indicator": row.indicator,
                "threshold": row.threshold,
                "digest": row.digest,
                "quiet": row.quiet,
                "zone": row.zone,
                "language": row.language,
                "created_at": iso(row.created_at),
                "ended_at": iso(row.ended_at),
                **{state: counts.get(row.id, {}).get(state, 0) for state in ("waiting", "sent", "dead")},
            }
            for row in session.scalars(rows)
        ]


def table(rows: list[Any]) -> Table:
    """Subscriptions for the terminal."""
    right: dict[str, Any] = {"justify": "right"}
    made = make_table(
        None, ("id", right), (say("to"), {"ratio": 2}), (say("of what"), {"ratio": 3}), (say("when"), {"ratio": 1}),
        (say("sent"), right), (say("waiting"), right), (say("dead"), right),
    )  # fmt: skip
    for row in rows:
        wish = [", ".join(row["on"]), row["source"], row["query"], row["indicator"], row["threshold"]]
        when = [row["digest"], say("quiet {hours}", hours=row["quiet"]) if row["quiet"] else None]
        made.add_row(
            str(row["id"]), cell(row["to"]), cell(" · ".join(w for w in wish if w) or say("what readers care for")),
            cell(" · ".join(w for w in when if w) or say("at once")),
            *[str(row[state]) for state in ("sent", "waiting", "dead")],
        )  # fmt: skip
    return made
