"""`bureauwatch backup` and `restore`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.messages import say
from scheduler.cli.context import database, now, settings
from scheduler.cli.options import examples


def register(app: typer.Typer) -> None:
    """Adds the commands."""

    @app.command(
        help=say("Back up database, archive and source files into one tar, also while the service runs.")
        + examples("bureauwatch backup /backups/bureauwatch-monday.tar")
    )
    def backup(
        file: Annotated[Path, typer.Argument(metavar="FILE")],
        force: Annotated[bool, typer.Option("--force", help=say("Write over a file that is there."))] = False,
    ) -> None:
        from scheduler.backup import backup as write

        if file.exists() and not force:
            raise typer.BadParameter(say("{file} is there already; --force writes over it", file=file))
        with database() as db:
            done = write(db, settings(), file, now())
        typer.echo(
            say(
                "{reports} reports and {files} archive files written to {file} ({size} MB)",
                reports=done.reports,
                files=done.files,
                file=file,
                size=f"{done.size / 1e6:,.1f}",
            )
        )

    @app.command(
        help=say("Put a backup in place; stop the service first. What was there is kept as NAME.before-restore.")
        + examples("bureauwatch restore /backups/bureauwatch-monday.tar --replace")
    )
    def restore(
        file: Annotated[Path, typer.Argument(metavar="FILE")],
        replace: Annotated[bool, typer.Option("--replace", help=say("Also where there are reports already."))] = False,
    ) -> None:
        from scheduler.backup import restore as read

        manifest = read(settings(), file, replace=replace)
        typer.echo(
            say("restored the backup of {at} ({program})", at=manifest.get("at"), program=manifest.get("program"))
        )
