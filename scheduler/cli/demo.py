"""`bureauwatch demo`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.messages import say
from scheduler.cli.context import console
from scheduler.cli.options import examples


def register(app: typer.Typer) -> None:
    """Adds the command."""

    @app.command(
        help=say(
            "Show the whole job on sample bureaus on this machine: crawl, change, crawl again, alerts. Half a minute."
        )
        + examples("bureauwatch demo", "bureauwatch demo --home /tmp/demo")
    )
    def demo(
        home: Annotated[
            Path, typer.Option("--home", metavar="DIR", help=say("Where the demo's database is left."))
        ] = Path("demo-data"),
    ) -> None:
        from scheduler.demo.play import Play

        if not Play(home, console()).run():
            typer.echo(
                say("error: {text}", text=say("the demo did not go as it should; see the tables above")), err=True
            )
            raise typer.Exit(1)
