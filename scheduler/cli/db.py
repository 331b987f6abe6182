"""`bureauwatch db upgrade`."""

from __future__ import annotations

import typer

from pipelines.messages import say
from scheduler.cli.context import database


def register(app: typer.Typer) -> None:
    """Adds the command group."""
    group = typer.Typer(no_args_is_help=True, help=say("The database."))
    app.add_typer(group, name="db")

    @group.callback()
    def options() -> None:
        """A group of one command stays a group."""

    @group.command(help=say("Bring the database to this program's version; every command does so by itself."))
    def upgrade() -> None:
        with database() as db:
            address = db.engine.url.render_as_string(hide_password=True)
        typer.echo(say("{database} is up to date", database=address))
