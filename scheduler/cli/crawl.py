"""`bureauwatch crawl`: one crawl now of some or all sources, then the alerts that are due."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipelines.messages import say
from scheduler.cli import options as o
from scheduler.cli.context import console, database, later, parse_day, registry, settings
from scheduler.cli.output import cell, make_table, show

if TYPE_CHECKING:
    from crawler.sources.model import Source
    from crawler.sources.registry import Registry
    from scheduler.alerts.outbox import DeliverySummary
    from scheduler.executors.local import CrawlRequest, CrawlResult


def register(app: typer.Typer) -> None:
    """Adds the command."""

    @app.command(
        help=say("Crawl sources now: read what is new, re-read what is due, then send the alerts that are due.")
        + o.examples(
            "bureauwatch crawl guiyang-jgj", "bureauwatch crawl --all", "bureauwatch crawl ID --since 2020-01-01 --full"
        )
    )
    def crawl(
        ids: Annotated[
            list[str] | None, typer.Argument(metavar="ID…", help=say("Sources; a paused one is crawled too."))
        ] = None,
        everything: Annotated[bool, typer.Option("--all", help=say("All sources that are not paused."))] = False,
        since: Annotated[
            str | None, typer.Option("--since", metavar="DATE", help=say("Go back to reports of this day."))
        ] = None,
        until: Annotated[
            str | None, typer.Option("--until", metavar="DATE", help=say("Leave out reports after this day."))
        ] = None,
        full: Annotated[bool, typer.Option("--full", help=say("Read all known reports again too."))] = False,
        no_alerts: Annotated[bool, typer.Option("--no-alerts", help=say("Leave due alerts for later."))] = False,
    ) -> None:
        if bool(ids) == everything:
            raise typer.BadParameter(say("name sources, or say --all; `bureauwatch sources list` shows them"))
        first, last = parse_day(since), parse_day(until)
        if first and last and first > last:
            raise typer.BadParameter(say("--since is after --until"))
        from scheduler.alerts.admin import sync_admin
        from scheduler.executors.local import CrawlRequest

        found = registry()
        chosen, code = _choose(found, ids or [], everything)
        requests = [CrawlRequest(source.id, first, last, full) for source in chosen]
        with database() as db:  # made or upgraded once, before the crawls open it side by side
            with db.transaction() as session:
                sync_admin(session, settings(), settings().clock())
            results = run_with_progress(requests, settings().concurrency) if requests else []
            if results:
                show(summary_table(results, {s.id: s.name for s in chosen}))
            for result in results:
                if console(stderr=True).is_terminal and result.outcome != "ok":
                    _say_result(result)  # without a terminal it was said when the crawl ended
                if result.failure in ("crashed", "internal"):  # a defect: its log is what the report needs
                    typer.echo("\n".join(result.log), err=True)
            if any(result.outcome != "ok" for result in results):
                code = max(code, 1)
            if not no_alerts:
                from scheduler.alerts.outbox import deliver_due

                show_deliveries(deliver_due(db, settings(), later()))
        raise typer.Exit(code)


def _choose(found: Registry, ids: Sequence[str], everything: bool) -> tuple[list[Source], int]:
    """The sources to crawl, and the exit code that what cannot be crawled means."""
    from pipelines.errors import SourceError, UnknownNameError

    if everything:
        paused = [s for s in found.sources.values() if s.paused]
        if paused:
            reasons = sorted({str(s.paused) for s in paused})
            typer.echo(
                say(
                    "{count} paused sources are left out ({reasons})",
                    count=len(paused),
                    reasons=", ".join(reasons)[:120],
                ),
                err=True,
            )
        chosen = [s for s in found.sources.values() if not s.paused]
        if not chosen:
            typer.echo(
                say("No source is active; name one, or write your own with `bureauwatch sources add URL`"), err=True
            )
        return chosen, 1 if found.errors else 0
    chosen, code = [], 0
    for source_id in dict.fromkeys(ids):
        try:
            chosen.append(found.get(source_id))
        except UnknownNameError as error:
            typer.echo(say("error: {text}", text=error), err=True)
            code = 2
        except SourceError:
            code = max(code, 1)  # said when the files were read
    return chosen, code


def run_with_progress(
    requests: Sequence[CrawlRequest],
    concurrency: int,
    environment: dict[str, str] | None = None,
    *,
    plain: bool = True,
    deadline: float | None = None,
) -> list[CrawlResult]:
    """Runs crawls with a moving display on a terminal; elsewhere with a line a source unless `plain` is off."""
    from scheduler.executors.local import run_crawls

    screen = console(stderr=True)
    if not screen.is_terminal:
        return run_crawls(
            requests,
            concurrency=concurrency,
            deadline=deadline,
            environment=environment,
            on_result=_say_result if plain else None,
        )
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        TextColumn("{task.fields[counts]}"),
        TimeElapsedColumn(),
    )
    lock = threading.Lock()
    with Progress(*columns, console=screen, transient=True) as display:
        whole = display.add_task(say("{done} of {count} sources", done=0, count=len(requests)), counts="", total=None)
        tasks: dict[str, Any] = {}
        done = 0

        def start(request: CrawlRequest) -> None:
            with lock:
                tasks[request.source_id] = display.add_task(cell(request.source_id), counts="", total=None)

        def move(line: Any) -> None:
            counts = say(
                "{new} new · {read} read · {failed} failed", **{k: line.get(k, 0) for k in ("new", "read", "failed")}
            )
            if (task := tasks.get(str(line.get("source")))) is not None:
                display.update(task, counts=counts)

        def end(result: CrawlResult) -> None:
            nonlocal done
            with lock:
                done += 1
                if (task := tasks.pop(result.source_id, None)) is not None:
                    display.remove_task(task)
                display.update(whole, description=say("{done} of {count} sources", done=done, count=len(requests)))

        return run_crawls(
            requests,
            concurrency=concurrency,
            deadline=deadline,
            environment=environment,
            on_start=start,
            on_progress=move,
            on_result=end,
        )


def _say_result(result: CrawlResult) -> None:
    stats = result.stats
    if result.outcome == "ok":
        text = say(
            "{source}: ok, {new} new, {revised} revised, {requests} requests, {seconds} s",
            source=result.source_id,
            new=stats.get("new", 0),
            revised=stats.get("revised", 0),
            requests=stats.get("requests", 0),
            seconds=f"{result.seconds:.1f}",
        )
    else:
        text = say(
            "{source}: failed ({failure}): {message}",
            source=result.source_id,
            failure=result.failure,
            message=result.message,
        )
    typer.echo(text, err=True)


def summary_table(results: Sequence[CrawlResult], names: dict[str, str]) -> Any:
    """What each crawl did and cost."""
    right: dict[str, Any] = {"justify": "right"}
    made = make_table(
        None, say("source"), say("outcome"), (say("entries"), right), (say("new"), right),
        (say("revised"), right), (say("unchanged"), right), (say("failed"), right), (say("requests"), right),
        (say("not modified"), right), (say("seconds"), right),
    )  # fmt: skip
    for result in results:
        stats = result.stats
        ok = result.outcome == "ok"
        counts = [
            stats.get(k, 0) for k in ("entries", "new", "revised", "unchanged", "failed", "requests", "not_modified")
        ]
        made.add_row(
            cell(names.get(result.source_id, result.source_id), 40),
            "[green]ok[/]" if ok else f"[red]{cell(result.failure or 'failed')}[/]",
            *[str(c or "") for c in counts],
            f"{result.seconds:.1f}",
        )
    return made


def show_deliveries(summary: DeliverySummary) -> None:
    """What was sent, in a line; each failure in one of its own."""
    if summary.busy:
        typer.echo(say("Another process is sending alerts; what is due goes with its next round."), err=True)
    if summary.sent or summary.failed or summary.dead or summary.postponed:
        typer.echo(
            say(
                "alerts: sent {sent} (messages: {messages}), to try again {failed}, given up {dead}, later {later}",
                sent=summary.sent,
                messages=summary.messages,
                failed=summary.failed,
                dead=summary.dead,
                later=summary.postponed,
            )
        )
    for error in summary.errors[:20]:
        typer.echo(say("error: {text}", text=error), err=True)
