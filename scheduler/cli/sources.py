"""`bureauwatch sources`: what is watched."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipelines.messages import say
from scheduler.cli import options as o
from scheduler.cli.context import console, database, registry
from scheduler.cli.output import cell, clock, emit, make_table, moment

if TYPE_CHECKING:
    from datetime import datetime

    from rich.table import Table

COLUMNS = (
    "id", "name", "jurisdiction", "columns", "schedule", "paused", "reports", "newest_published", "last_crawl",
    "last_outcome", "failure", "next_check", "file",
)  # fmt: skip


def register(app: typer.Typer) -> None:
    """Adds the command group."""
    from scheduler.cli import check, probe

    group = typer.Typer(no_args_is_help=True, help=say("The bureaus that are watched: one YAML file each."))
    app.add_typer(group, name="sources")

    @group.command("list", help=say("List sources with their state."))
    def list_sources(
        active: Annotated[bool, typer.Option("--active", help=say("Only those that are not paused."))] = False,
        format: o.FormatOption = o.Format.table,
        output: o.OutputOption = None,
    ) -> None:
        found = registry()
        rows = _rows(found)
        emit(
            [r for r in rows if not (active and r["paused"])], COLUMNS, format, output, table=table, limit=len(rows) + 1
        )
        raise typer.Exit(1 if found.errors else 0)

    @group.command(
        help=say("Show one source: its file, columns and last crawls.") + o.examples("bureauwatch sources show ID")
    )
    def show(source_id: Annotated[str, typer.Argument(metavar="ID")]) -> None:
        from crawler.sources.registry import to_yaml

        found = registry()
        source = found.get(source_id)
        screen = console()
        screen.print(f"[bold]{cell(source.name)}[/]  [dim]{cell(found.files.get(source_id))}[/]")
        screen.print(to_yaml(source).rstrip(), markup=False)
        with database() as db:
            _show_state(db, source_id)

    @group.command(help=say("Print the JSON Schema of source files, for editors."))
    def schema() -> None:
        from crawler.sources.registry import json_schema

        sys.stdout.write(json.dumps(json_schema(), ensure_ascii=False, indent=2) + "\n")

    check.register(group)
    probe.register(group)


def _rows(found: Any) -> list[dict[str, Any]]:
    """Definitions with their state, where there is a database."""
    from sqlalchemy import func, select

    from pipelines.items import iso
    from pipelines.storage.models import CrawlRow, ReportRow, SourceRow

    with database() as db, db.session() as session:
        states = {row.id: row for row in session.scalars(select(SourceRow))}
        counts = {
            source: (count, newest)
            for source, count, newest in session.execute(
                select(ReportRow.source_id, func.count(), func.max(ReportRow.published)).group_by(ReportRow.source_id)
            )
        }
        newest_crawl = select(func.max(CrawlRow.id)).group_by(CrawlRow.source_id)
        crawls = {row.source_id: row for row in session.scalars(select(CrawlRow).where(CrawlRow.id.in_(newest_crawl)))}
    rows = []
    for source in found.sources.values():
        crawl, state = crawls.get(source.id), states.get(source.id)
        count, newest = counts.get(source.id, (0, None))
        rhythm = source.schedule.every or source.schedule.cron or "auto"
        rows.append(
            {
                "id": source.id,
                "name": source.name,
                "jurisdiction": source.jurisdiction,
                "columns": [column.url for column in source.columns],
                "schedule": rhythm,
                "paused": source.paused,
                "reports": count,
                "newest_published": newest,
                "last_crawl": iso(crawl.started_at) if crawl else None,
                "last_outcome": (crawl.outcome or "running") if crawl else None,
                "failure": crawl.failure if crawl else None,
                "next_check": iso(state.next_check_at) if state else None,
                "file": str(found.files.get(source.id, "")),
            }
        )
    return rows


def table(rows: list[Any]) -> Table:
    """Sources for the terminal."""
    right: dict[str, Any] = {"justify": "right"}
    made = make_table(
        None, ("id", {"no_wrap": True}), (say("name"), {"ratio": 2}), (say("columns"), right), (say("reports"), right),
        (say("newest"), {"no_wrap": True}), (say("last crawl"), {"no_wrap": True}), (say("state"), {"ratio": 1}),
    )  # fmt: skip
    for row in rows:
        if row["paused"]:
            state = f"[yellow]{say('paused: {reason}', reason=cell(row['paused'], 60))}[/]"
        elif row["last_outcome"] is None:
            state = f"[dim]{say('never crawled')}[/]"
        else:
            colour = "green" if row["last_outcome"] == "ok" else "red"
            state = f"[{colour}]{cell(row['failure'] or row['last_outcome'])}[/]"
        made.add_row(
            cell(row["id"]), cell(row["name"], 60), str(len(row["columns"])), str(row["reports"] or ""),
            moment(row["newest_published"])[:10], clock(row["last_crawl"]), state,
        )  # fmt: skip
    return made


def _in_zone(published: datetime | None, zone: str) -> str:
    """When something was published, on its bureau's clock; midnight is a day without a time."""
    from zoneinfo import ZoneInfo

    if published is None:
        return ""
    return published.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M").removesuffix(" 00:00")


def _show_state(db: Any, source_id: str) -> None:
    from sqlalchemy import select

    from pipelines.storage.models import ColumnRow, CrawlRow, IncidentRow, SourceRow

    with db.session() as session:
        known = session.get(SourceRow, source_id)
        zone = known.zone if known is not None else "UTC"
        columns = session.scalars(
            select(ColumnRow).where(ColumnRow.source_id == source_id).order_by(ColumnRow.id)
        ).all()
        crawls = session.scalars(
            select(CrawlRow).where(CrawlRow.source_id == source_id).order_by(CrawlRow.id.desc()).limit(8)
        ).all()
        incidents = session.scalars(
            select(IncidentRow).where(IncidentRow.source_id == source_id, IncidentRow.closed_at.is_(None))
        ).all()
    if columns:
        made = make_table(None, (say("column"), {"ratio": 2}), say("made with"), say("checked"), say("newest"))
        for row in columns:
            made.add_row(
                cell(f"{row.name or ''} {row.url}".strip()),
                cell(row.platform),
                moment(row.checked_at),
                _in_zone(row.newest_published, zone),
            )
        console().print(made)
    if crawls:
        made = make_table(
            None,
            say("crawl"),
            say("outcome"),
            say("new"),
            say("revised"),
            say("requests"),
            (say("message"), {"ratio": 1}),
        )
        for crawl in crawls:
            stats = crawl.stats or {}
            made.add_row(
                moment(crawl.started_at), cell(crawl.failure or crawl.outcome or "running"), str(stats.get("new", "")),
                str(stats.get("revised", "")), str(stats.get("requests", "")), cell(crawl.error, 200),
            )  # fmt: skip
        console().print(made)
    for incident in incidents:
        since = say("{kind} since {when}", kind=incident.kind, when=moment(incident.opened_at))
        console().print(f"[red]{since}[/] {cell(incident.error)}")
