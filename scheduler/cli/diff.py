"""`bureauwatch diff`: what changed between two versions of a report, by field and by text."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipelines.messages import language, say
from scheduler.cli.context import console, database
from scheduler.cli.options import MOST, examples
from scheduler.cli.output import cell, clock, make_table
from scheduler.textdiff import text_lines

if TYPE_CHECKING:
    from rich.text import Text


class DiffFormat(StrEnum):
    """How changes are written."""

    table = "table"
    json = "json"


def register(app: typer.Typer) -> None:
    """Adds the command."""

    @app.command(
        help=say(
            "Show what changed in a report, by field and by text: between its last two versions, or two that you name."
        )
        + examples("bureauwatch diff 7", "bureauwatch diff 7 1 3 --format json")
    )
    def diff(
        report: Annotated[str, typer.Argument(metavar="REPORT")],
        old: Annotated[int | None, typer.Argument(metavar="REV", min=1, max=MOST)] = None,
        new: Annotated[int | None, typer.Argument(metavar="REV", min=1, max=MOST)] = None,
        format: Annotated[
            DiffFormat, typer.Option("--format", "-f", help=say("table for people, json for programs."))
        ] = DiffFormat.table,
    ) -> None:
        found = changes_between(report, old, new)
        if format is DiffFormat.json:
            sys.stdout.write(json.dumps(found, ensure_ascii=False, indent=2).encode("utf-8", "replace").decode() + "\n")
        else:
            _print(found)


def changes_between(report: str, old: int | None, new: int | None) -> dict[str, Any]:
    """The changes between two revisions of a report.

    Raises:
        UnknownNameError: there is no such report or revision.
    """
    from sqlalchemy import select

    from pipelines.errors import UnknownNameError
    from pipelines.items import iso
    from pipelines.revisions import compare
    from pipelines.storage.models import RevisionRow
    from scheduler.browse import file_changes, find_report

    with database() as db, db.session() as session:
        row = find_report(session, report)
        rows = {
            r.number: r
            for r in session.scalars(
                select(RevisionRow).where(RevisionRow.report_id == row.id).order_by(RevisionRow.number)
            )
        }
        numbers = list(rows)
        last = new if new is not None else numbers[-1]
        first = old if old is not None else max((n for n in numbers if n < last), default=last)
        for number in (first, last):
            if number not in rows:
                raise UnknownNameError(
                    say("Report {id} has no revision {number}", id=row.id, number=number),
                    cure=say("It has {numbers}", numbers=", ".join(map(str, numbers))),
                )
        before, after = rows[first], rows[last]
        return {
            "report": {"id": row.id, "title": row.title, "url": row.url},
            "old": {"number": first, "kind": before.kind, "at": iso(before.at)},
            "new": {"number": last, "kind": after.kind, "at": iso(after.at)},
            "changes": [
                *(compare(before.record, after.record) if first != last else []),
                *file_changes(session, row.id, first, last),
            ],
        }


def _print(found: dict[str, Any]) -> None:
    from scheduler.alerts.words import field_name

    screen = console()
    old, new = found["old"], found["new"]
    screen.print(f"[bold]{cell(found['report']['title'])}[/]")
    if old["number"] == new["number"]:
        screen.print(
            say("Nothing to compare: that is version {number}, of {at}.", number=new["number"], at=clock(new["at"]))
        )
        return
    screen.print(
        say(
            "revision {old} ({old_at}) → revision {new} ({new_at}, {kind})",
            old=old["number"],
            old_at=clock(old["at"]),
            new=new["number"],
            new_at=clock(new["at"]),
            kind=new["kind"],
        )
    )
    if not found["changes"]:
        screen.print(say("No field and no text differs."))
        return
    fields = make_table(None, (say("field"), {"no_wrap": True}), (say("old"), {"ratio": 1}), (say("new"), {"ratio": 1}))
    text_change: dict[str, Any] | None = None
    for change in found["changes"]:
        if change["field"] == "body":
            text_change = change
            continue
        name = field_name(str(change["field"]), language())
        if change.get("name"):
            name = f"{name}: {change['name']}"
        fields.add_row(
            cell(name, 60), f"[red]{cell(change.get('old'), 300)}[/]", f"[green]{cell(change.get('new'), 300)}[/]"
        )
    if fields.row_count:
        screen.print(fields)
    if text_change:
        screen.print(f"[bold]{say('Text')}[/]")
        for line in coloured(text_change.get("diff") or []):
            screen.print(line)


def coloured(diff: Sequence[Sequence[str]]) -> Iterator[Text]:
    """Lines of text that went and came, for the terminal."""
    from rich.text import Text

    colours = {"-": "red", "+": "green"}
    for sign, parts in text_lines(diff):
        colour = colours.get(sign, "dim")
        styled = ((text, f"{colour} bold reverse" if strong else colour) for text, strong in parts)
        yield Text.assemble((sign, colour), *styled)
