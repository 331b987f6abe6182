"""`bureauwatch subscribe`: be told of what happens."""

from __future__ import annotations

from typing import Annotated

import typer

from pipelines.messages import say
from scheduler.cli.context import database, now, registry, settings
from scheduler.cli.options import examples


def register(app: typer.Typer) -> None:
    """Adds the command."""

    @app.command(
        help=say("Be told of what happens, by webhook, mail or chat (Apprise URLs).")
        + examples(
            "bureauwatch subscribe --to json://hooks.example.org/bureaus",
            "bureauwatch subscribe --to 'mailto://user:password@example.org?to=me@example.org' --digest daily@08:30",
            "bureauwatch subscribe --to wecombot://KEY --query '酒驾 OR 醉驾' --quiet 22:00-07:00",
            "bureauwatch subscribe --to dingtalk://TOKEN --threshold '死亡人数 up > 10 %'",
        )
    )
    def subscribe(
        to: Annotated[
            str, typer.Option("--to", metavar="URL", help=say("The channel; see https://appriseit.com/services/."))
        ],
        on: Annotated[
            str | None, typer.Option("--on", metavar="TYPE,…", help=say("Event types; default: what readers care for."))
        ] = None,
        source: Annotated[
            str | None, typer.Option("--source", "-s", metavar="ID", help=say("Only of this source."))
        ] = None,
        query: Annotated[
            str | None, typer.Option("--query", "-q", metavar="WORDS", help=say("Only reports that match these words."))
        ] = None,
        indicator: Annotated[
            str | None, typer.Option("--indicator", metavar="NAME", help=say("Only reports that state this figure."))
        ] = None,
        threshold: Annotated[
            str | None,
            typer.Option(
                "--threshold",
                metavar="RULE",
                help=say("Only when a figure crosses it: '死亡人数 up > 10 %', or with --indicator: >100, <5%."),
            ),
        ] = None,
        digest: Annotated[
            str | None,
            typer.Option("--digest", metavar="WHEN", help=say("One message at a time: daily@08:30, weekly mon@08:30.")),
        ] = None,
        quiet: Annotated[
            str | None, typer.Option("--quiet", metavar="HOURS", help=say("No alerts in these hours: 22:00-07:00."))
        ] = None,
        zone: Annotated[str, typer.Option("--zone", help=say("Time zone of --digest and --quiet."))] = "Asia/Shanghai",
        language: Annotated[
            str | None, typer.Option("--language", help=say("Language of the alerts: en or zh."))
        ] = None,
    ) -> None:
        from pipelines.errors import SubscriptionError
        from pipelines.storage import outbox
        from scheduler.alerts import rules
        from scheduler.alerts.bots import channel_url
        from scheduler.alerts.channels import validate
        from scheduler.alerts.masking import mask

        types = [part.strip() for part in (on or "").split(",") if part.strip()]
        chosen = language or settings().language
        if chosen not in ("en", "zh"):
            raise SubscriptionError(say("There is no language {name}", name=chosen), cure=say("Write en or zh"))
        if digest is not None:
            rules.parse_digest(digest)
        if quiet is not None:
            rules.parse_quiet(quiet)
        rules.parse_zone(zone)
        if source is not None:
            registry().get(source)
        to = channel_url(to)
        validate(to, settings().private_networks)
        with database() as db, db.transaction() as session:
            row = outbox.subscribe(
                session, now(), to=to, types=types, source_id=source, query=query, indicator=indicator,
                threshold=threshold, digest=digest, quiet=quiet, zone=zone, language=chosen,
            )  # fmt: skip
            number, matching = row.id, _matching(session, query, source)
        typer.echo(say("subscription {id}: alerts go to {to}", id=number, to=mask(to)))
        if matching == 0:
            typer.echo(say("Nothing that is stored matches yet; you will be told of what comes."), err=True)
        typer.echo(say("`bureauwatch test-channel URL` sends a test message."), err=True)


def _matching(session: object, query: str | None, source: str | None) -> int | None:
    """How many stored reports the subscription would be about; None where it asks for all."""
    if query is None and source is None:
        return None
    from scheduler.browse import Filters, report_ids

    return len(report_ids(session, Filters([source] if source else (), query=query, limit=1)))  # type: ignore[arg-type]
