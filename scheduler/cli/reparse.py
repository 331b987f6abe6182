"""`bureauwatch reparse`: read what is archived again, with this version of the program."""

from __future__ import annotations

from typing import Annotated

import typer

from pipelines.messages import say
from scheduler.cli import options as o
from scheduler.cli.context import console, database, now, parse_day, registry, settings


def register(app: typer.Typer) -> None:
    """Adds the command."""

    @app.command(
        help=say("Read reports again from the archive, without the network; new values become revisions, never alerts.")
        + o.examples("bureauwatch reparse --source guiyang-jgj --since 2020-01-01")
    )
    def reparse(
        source: Annotated[
            str | None, typer.Option("--source", "-s", metavar="ID", help=say("Only of this source."))
        ] = None,
        since: Annotated[
            str | None,
            typer.Option("--since", metavar="DATE", help=say("Only reports published on this day or later.")),
        ] = None,
        everything: Annotated[
            bool, typer.Option("--everything", help=say("Also those that this version of the program read."))
        ] = False,
    ) -> None:
        from rich.progress import Progress

        from pipelines.archive import Archive
        from pipelines.storage.reparse import reparse as read_again

        first = parse_day(since)
        with database() as db, Archive(settings().archive) as archive:
            if source is not None and not _known(db, source):
                registry().get(source)
            screen = console(stderr=True)
            with Progress(console=screen, transient=True, disable=not screen.is_terminal) as display:
                task = display.add_task(say("reading"), total=None)
                done = read_again(
                    db,
                    archive,
                    now(),
                    source_id=source,
                    since=first.isoformat() if first else None,
                    everything=everything,
                    progress=lambda count: display.update(task, completed=count),
                )
        typer.echo(
            say(
                "{read} reports read again, {changed} with new values, {missing} without their archived page",
                read=done.read,
                changed=done.changed,
                missing=done.missing,
            )
        )
        if not done.read and not everything:
            typer.echo(say("This version of the program has read them all already; --everything reads them again."))
        raise typer.Exit(1 if done.missing else 0)


def _known(db: object, source: str) -> bool:
    """A source whose file is gone may still have reports."""
    from pipelines.storage.models import SourceRow

    with db.session() as session:  # type: ignore[attr-defined]
        return session.get(SourceRow, source) is not None
