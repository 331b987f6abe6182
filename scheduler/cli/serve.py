"""`bureauwatch serve` and `worker`."""

from __future__ import annotations

from typing import Annotated

import typer

from pipelines.messages import say
from scheduler.cli.context import settings
from scheduler.cli.options import examples


def register(app: typer.Typer) -> None:
    """Adds the commands."""

    @app.command(
        help=say("Run the service: schedule, crawls, alerts, web pages, API, feeds, health.")
        + examples("bureauwatch serve", "BUREAUWATCH_TOKEN=… bureauwatch serve --host 0.0.0.0 --port 8080")
    )
    def serve(
        host: Annotated[
            str, typer.Option("--host", help=say("Address to listen on; off loopback a token is needed."))
        ] = "127.0.0.1",
        port: Annotated[int, typer.Option("--port", min=0, max=65535, help=say("Port to listen on."))] = 8000,
    ) -> None:
        from scheduler.web.server import serve as run

        run(settings(), host, port)

    @app.command(help=say("Take crawl jobs from the cluster's queue (PostgreSQL)."))
    def worker(
        concurrency: Annotated[
            int | None, typer.Option("--concurrency", min=1, help=say("Crawls at the same time."))
        ] = None,
    ) -> None:
        from pipelines.errors import SettingsError

        try:
            from scheduler.executors.cluster import run_worker
        except ImportError:
            raise SettingsError(
                say("The worker needs the extra [cluster]"), cure=say("pip install 'bureauwatch[cluster]'")
            ) from None
        run_worker(settings(), concurrency=concurrency)
