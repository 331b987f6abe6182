"""What the demo prints: short tables that a newcomer understands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipelines.messages import say
from pipelines.storage.models import IndicatorRow, ReportRow, RevisionRow
from scheduler import browse
from scheduler.cli.diff import coloured
from scheduler.cli.events import summary, table
from scheduler.cli.indicators import indicator_cells
from scheduler.cli.output import cell, make_table, moment
from scheduler.demo.bureaus import BureauServer
from scheduler.demo.sink import Arrived
from scheduler.executors.local import CrawlResult

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

RIGHT: dict[str, Any] = {"justify": "right"}
SHOWN = 12
FIGURES = 12


def bureaus(servers: Sequence[BureauServer]) -> Table:
    """The sample sites."""
    made = make_table(
        None, (say("bureau"), {"ratio": 2}), (say("made with"), {"ratio": 1}), say("encoding"),
        (say("columns"), {"ratio": 1}),
        (say("reports"), RIGHT), (say("address"), {"ratio": 2}),
    )  # fmt: skip
    for server in servers:
        bureau = server.bureau
        made.add_row(
            cell(bureau.name), cell(bureau.family.name), cell(bureau.encoding),
            cell(list(bureau.column_names.values())),
            str(len(bureau.reports)), cell(server.column_url(next(iter(bureau.column_names)))),
        )  # fmt: skip
    return made


def crawls(results: Sequence[CrawlResult]) -> Table:
    """What each crawl did and cost."""
    made = make_table(
        None, (say("source"), {"ratio": 2}), say("outcome"), (say("entries"), RIGHT), (say("new"), RIGHT),
        (say("revised"), RIGHT), (say("requests"), RIGHT), (say("not modified"), RIGHT), (say("seconds"), RIGHT),
    )  # fmt: skip
    for result in results:
        ok = result.outcome == "ok"
        made.add_row(
            cell(result.source_id),
            "[green]ok[/]" if ok else f"[red]{cell(result.failure)}: {cell(result.message, 100)}[/]",
            *[str(result.stats.get(k) or "–") for k in ("entries", "new", "revised", "requests", "not_modified")],
            f"{result.seconds:.1f}",
        )
    return made


def reports(session: Session) -> Table:
    """The richest reports, a few of each source."""
    made = make_table(
        None, ("id", RIGHT), (say("title"), {"ratio": 3}), (say("published"), {"no_wrap": True}),
        (say("number"), {"ratio": 2}), (say("publisher"), {"ratio": 2}), (say("files"), RIGHT), (say("figures"), RIGHT),
    )  # fmt: skip
    sources = session.scalars(select(ReportRow.source_id).distinct().order_by(ReportRow.source_id)).all()
    total = 0
    for source in sources:
        rows = list(browse.reports(session, browse.Filters([source])))
        total += len(rows)
        rows.sort(key=lambda r: (r["indicator_count"], str(r["published"])), reverse=True)
        for row in rows[: SHOWN // max(len(sources), 1)]:
            made.add_row(
                str(row["id"]), cell(row["title"], 60), moment(row["published"]),
                cell(row.get("index_number") or row.get("document_number"), 40), cell(row.get("publisher"), 30),
                str(len(row.get("attachments") or []) or ""), str(row["indicator_count"] or ""),
            )  # fmt: skip
    made.caption = say("{shown} of {count} reports", shown=made.row_count, count=total)
    made.caption_justify = "left"
    return made


def richest_report(session: Session) -> ReportRow | None:
    """A report that shows best what is read: the one with the most comparisons, the newest among equals."""
    best: tuple[int, str] = (0, "")
    found: ReportRow | None = None
    for row in session.scalars(select(ReportRow).where(ReportRow.indicator_count > 0)):
        records = session.scalars(select(IndicatorRow.record).where(IndicatorRow.report_id == row.id))
        rank = (sum(bool(r.get("comparison")) for r in records), row.published or "")
        if rank > best:
            best, found = rank, row
    return found


def figures(session: Session, report_id: int) -> Table:
    """Some figures of a report, those with comparisons first."""
    made = make_table(
        None, (say("indicator"), {"ratio": 2}), (say("value"), RIGHT), (say("period"), {"no_wrap": True}),
        (say("comparison"), {"ratio": 2}), (say("proof"), {"ratio": 3}),
    )  # fmt: skip
    rows = [r for r in browse.indicators(session, browse.Filters(report=report_id)) if not r["attachment"]]
    chosen = sorted(sorted(rows, key=lambda r: not r.get("comparison"))[:FIGURES], key=lambda r: r["id"])
    for row in chosen:
        made.add_row(*indicator_cells(row))
    made.caption = say("{shown} of {count} figures", shown=len(chosen), count=len(rows))
    made.caption_justify = "left"
    return made


def alerts(arrived: Sequence[Arrived]) -> Table:
    """What the subscriber got."""
    made = make_table(
        None, (say("alert"), {"ratio": 3}), (say("details"), {"ratio": 3}), ("Idempotency-Key", {"no_wrap": True})
    )
    for alert in arrived:
        made.add_row(cell(alert.title, 100), cell(summary(alert.event), 120), cell(alert.key[:13] + "…"))
    return made


def print_change(screen: Console, session: Session) -> None:
    """The newest content revision, by field and by text."""
    from rich.padding import Padding

    row = session.scalar(
        select(RevisionRow).where(RevisionRow.kind == "content").order_by(RevisionRow.id.desc()).limit(1)
    )
    if row is None:
        screen.print(say("Nothing found."))
        return
    report = session.get_one(ReportRow, row.report_id)
    screen.print(Padding(f"[bold]{cell(report.title)}[/] · {say('revision')} {row.number}", (0, 2)))
    for change in row.changes:
        for line in coloured(change.get("diff") or []):
            screen.print(Padding(line, (0, 2)))
        if change["field"] != "body":
            old, new = cell(change.get("old"), 80), cell(change.get("new"), 80)
            label = cell(" ".join(str(change[k]) for k in ("field", "name") if change.get(k)), 80)
            screen.print(Padding(f"{label}: [red]{old}[/] → [green]{new}[/]", (0, 2)))


def events(session: Session) -> Table:
    """Events that are no backfill, oldest first; a count of the others."""
    rows = list(browse.events(session, browse.Filters()))
    told = [r for r in rows if not r["details"].get("backfill")]
    made = table(told)
    made.caption = say("and {count} of the first crawl, recorded without alerts", count=len(rows) - len(told))
    made.caption_justify = "left"
    return made
