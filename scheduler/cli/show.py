"""`bureauwatch show`: one report, whole; `--evidence` exports its captures."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipelines.messages import language, say
from scheduler.cli import options as o
from scheduler.cli.context import console, database, now, settings
from scheduler.cli.output import cell, clock, make_table, moment, show, zone

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from pipelines.storage.models import ReportRow

FIELDS = (
    "title", "title_raw", "published", "drafted", "effective", "document_number", "index_number", "publisher",
    "content_source", "author", "signer", "signed", "validity", "subject", "keywords", "language", "platform", "flags",
    "state", "first_seen", "last_changed", "url",
)  # fmt: skip
CLIP = 1500


class ShowFormat(StrEnum):
    """How a report is shown."""

    table = "table"
    json = "json"


def register(app: typer.Typer) -> None:
    """Adds the command."""

    @app.command(
        help=say(
            "Show one report: fields, figures, text, files, versions. Name it by number, URL, index or document number."
        )
        + o.examples(
            "bureauwatch show 7", "bureauwatch show 7 --format json", "bureauwatch show 7 --evidence proof.warc.gz"
        )
    )
    def show(
        report: Annotated[str, typer.Argument(metavar="REPORT")],
        format: Annotated[
            ShowFormat, typer.Option("--format", "-f", help=say("table for people, json for programs."))
        ] = ShowFormat.table,
        body: Annotated[bool, typer.Option("--body", help=say("The whole text, not its beginning."))] = False,
        evidence: Annotated[
            Path | None,
            typer.Option(
                "--evidence", metavar="FILE.warc.gz", help=say("Export the archived responses of all versions.")
            ),
        ] = None,
    ) -> None:
        from scheduler.browse import find_report

        with database() as db, db.session() as session:
            row = find_report(session, report)
            if evidence is not None:
                from pipelines.archive import Archive
                from pipelines.storage.evidence import export_evidence

                count = export_evidence(session, Archive(settings().archive), row.id, evidence, now=now())
                typer.echo(say("{count} responses written to {file}", count=count, file=evidence))
                return
            record = whole(session, row)
        if format is ShowFormat.json:
            from scheduler.exports import plain

            text = json.dumps(plain(record), ensure_ascii=False, indent=2)
            sys.stdout.write(text.encode("utf-8", "replace").decode() + "\n")
            return
        _print(record, whole_body=body)


def whole(session: Session, row: ReportRow) -> dict[str, Any]:
    """Everything that is known of a report."""
    from scheduler.browse import Filters, events, reports, revisions

    [record] = reports(session, Filters(report=row.id))
    record["revisions"] = list(revisions(session, Filters(report=row.id)))
    record["events"] = list(events(session, Filters(report=row.id)))
    return record


def _print(record: dict[str, Any], *, whole_body: bool) -> None:
    from rich.markup import escape

    from scheduler.alerts.words import field_name
    from scheduler.cli.indicators import table as indicator_table

    screen = console()
    facts = make_table(None, ("", {"style": "bold", "no_wrap": True}), ("", {"ratio": 1}))
    facts.show_header = False
    for name in FIELDS:
        value = record.get(name)
        if value in (None, "", []) or (name == "title_raw" and value == record.get("title")):
            continue
        shown = moment(value) if name == "published" else value
        if name in ("first_seen", "last_changed"):
            shown = f"{clock(value)} {zone()}"
        facts.add_row(field_name(name, language()), cell(shown, 400))
    for place in record.get("places") or []:
        if place["url"] != record["url"]:
            facts.add_row(say("also at"), cell(f"{place['source']}  {place['url']}", 400))
    for file in record.get("attachments") or []:
        facts.add_row(say("file"), cell(f"{file.get('name')}  {file.get('url')}", 400))
    screen.print(facts)
    if record["indicators"]:
        screen.print(f"[bold]{say('Figures')}[/]")
        show(indicator_table(record["indicators"][:60], of_one=True))
        if len(record["indicators"]) > 60:
            screen.print(
                say(
                    "… and {count} more: bureauwatch indicators --report {id}",
                    count=len(record["indicators"]) - 60,
                    id=record["id"],
                )
            )
    text = str(record.get("body") or "")
    screen.print(f"[bold]{say('Text')}[/]")
    screen.print(escape(_inert(text if whole_body else text[:CLIP])))
    if not whole_body and len(text) > CLIP:
        screen.print(say("… {count} more characters: --body shows all", count=len(text) - CLIP))
    if len(record["revisions"]) > 1:
        from scheduler.cli.revisions import table as revision_table

        screen.print(f"[bold]{say('Versions')}[/]")
        show(revision_table(record["revisions"], of_one=True))


def _inert(text: str) -> str:
    """Report text without escape codes; lines and tabs stay."""
    return "".join(c for c in text if c in "\n\t" or c.isprintable())
