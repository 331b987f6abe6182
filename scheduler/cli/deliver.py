"""`bureauwatch deliver` and `test-channel`."""

from __future__ import annotations

from typing import Annotated

import typer

from pipelines.messages import say
from scheduler.cli.context import database, now, settings
from scheduler.cli.options import examples


def register(app: typer.Typer) -> None:
    """Adds the commands."""

    @app.command(
        help=say("Send the alerts that are due.") + examples("bureauwatch deliver", "bureauwatch deliver --replay-dead")
    )
    def deliver(
        replay_dead: Annotated[
            bool, typer.Option("--replay-dead", help=say("Try those again that were given up, with their old keys."))
        ] = False,
    ) -> None:
        from scheduler.alerts.outbox import deliver_due
        from scheduler.cli.crawl import show_deliveries

        with database() as db:
            if replay_dead:
                from pipelines.storage.outbox import replay

                with db.transaction() as session:
                    count = replay(session, now())
                typer.echo(say("{count} deliveries are due again", count=count))
            summary = deliver_due(db, settings(), now())
        show_deliveries(summary)
        if not (summary.sent or summary.failed or summary.dead or summary.postponed or summary.busy):
            typer.echo(say("No alert is due."))
        raise typer.Exit(1 if summary.failed or summary.dead or summary.busy else 0)

    @app.command(
        "test-channel",
        help=say("Send a test message to a channel and show what it answered.")
        + examples("bureauwatch test-channel dingtalk://TOKEN"),
    )
    def test_channel(url: Annotated[str, typer.Argument(metavar="URL")]) -> None:
        import uuid

        from pipelines.errors import DeliveryError
        from scheduler.alerts.bots import channel_url
        from scheduler.alerts.channels import open_channel, validate
        from scheduler.alerts.compose import test_message
        from scheduler.alerts.masking import mask, without_secrets

        url = channel_url(url)
        validate(url, settings().private_networks)
        channel = open_channel(url, settings().private_networks)
        try:
            answer = channel.send(test_message(str(uuid.uuid4()), now(), settings().language))
        except DeliveryError as error:
            raise type(error)(f"{mask(url)}: {without_secrets(error.message, url)}", cure=error.cure) from error
        typer.echo(say("sent to {to}; it answered: {answer}", to=mask(url), answer=without_secrets(answer, url)))
