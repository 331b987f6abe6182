"""`bureauwatch indicators`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipelines.messages import say
from scheduler.cli import options as o
from scheduler.cli.context import check_report, check_sources, database, parse_end, parse_moment
from scheduler.cli.output import TABLE_LIMIT, cell, emit, make_table, moment
from scheduler.figures import as_stated

if TYPE_CHECKING:
    from rich.table import Table
    from sqlalchemy.orm import Session

COLUMNS = (
    "id", "name", "value", "unit", "modifier", "kind", "status", "period", "period_start", "period_end", "subject",
    "qualifiers", "region", "agency", "comparison_base", "comparison_direction", "comparison_amount", "comparison_unit",
    "comparison_percent", "base_value", "rank_from", "rank_to", "rank_scope", "lower", "upper", "confidence",
    "failed_checks", "value_text", "quote", "series", "source", "published", "report", "title", "attachment", "url",
)  # fmt: skip


class IndicatorFormat(StrEnum):
    """How indicators are written."""

    table = "table"
    json = "json"
    jsonl = "jsonl"
    csv = "csv"
    xlsx = "xlsx"
    sdmx = "sdmx"


def register(app: typer.Typer) -> None:
    """Adds the command."""

    @app.command(
        help=say("List the figures that reports state, with comparison and proof.")
        + o.examples(
            "bureauwatch indicators --name 死亡 --since 2020-01-01", "bureauwatch indicators -f sdmx -o figures.csv"
        )
    )
    def indicators(
        source: o.SourceOption = None,
        since: o.SinceOption = None,
        until: o.UntilOption = None,
        query: o.QueryOption = None,
        name: Annotated[
            str | None, typer.Option("--name", metavar="WORDS", help=say("Only indicators whose name has these words."))
        ] = None,
        type: Annotated[
            list[str] | None,
            typer.Option(
                "--type", "-t", metavar="KIND", help=say("Only of this kind: count, level, rate, rank or change.")
            ),
        ] = None,
        report: o.ReportOption = None,
        after: o.AfterOption = None,
        limit: o.LimitOption = None,
        format: Annotated[
            IndicatorFormat, typer.Option("--format", "-f", help=say("How the rows are written; sdmx is SDMX-CSV 2.0."))
        ] = IndicatorFormat.table,
        output: o.OutputOption = None,
    ) -> None:
        from scheduler.browse import INDICATOR_KINDS, Filters
        from scheduler.browse import indicators as read

        plain = o.Format.csv if format is IndicatorFormat.sdmx else o.Format(format.value)
        filters = Filters(
            o.parts(source), parse_moment(since), parse_end(until), query, o.choices(type, INDICATOR_KINDS),
            name=name, report=report, after=after, limit=o.row_limit(limit, plain, output, TABLE_LIMIT),
        )  # fmt: skip
        with database() as db, db.session() as session:
            check_sources(session, filters.sources)
            check_report(session, report)
            rows = read(session, filters)
            if format is IndicatorFormat.sdmx:
                _write_sdmx(session, rows, output)
                return
            flat = plain in (o.Format.csv, o.Format.xlsx) or (output and output.suffix.lower() in (".csv", ".xlsx"))
            emit(map(flatten, rows) if flat else rows, COLUMNS, plain, output, table=table, limit=limit)


def _write_sdmx(session: Session, rows: Iterable[Mapping[str, Any]], output: Path | None) -> None:
    from pipelines.indicators.sdmx import to_sdmx_csv
    from pipelines.storage.models import SeriesRow

    def named() -> Iterator[dict[str, Any]]:
        for row in rows:
            owner = session.get(SeriesRow, row["series"]) if row["series"] is not None else None
            yield {**row, "series": owner.key if owner else None, "url": row["report"]["url"]}

    left_out = [0]
    lines = to_sdmx_csv(named(), left_out)
    if output is None:
        sys.stdout.writelines(lines)
    else:
        from scheduler.exports import beside

        with beside(output) as part, part.open("w", encoding="utf-8", errors="replace", newline="") as stream:
            stream.writelines(lines)
        typer.echo(say("written: {file}", file=output), err=True)
    if left_out[0]:
        typer.echo(
            say("{count} figures without a period have no place in SDMX and were left out", count=left_out[0]), err=True
        )


def flatten(row: Mapping[str, Any]) -> dict[str, Any]:
    """One indicator as one line of cells."""
    period, comparison, rank = (row.get(k) or {} for k in ("period", "comparison", "rank"))
    report = row.get("report") or {}
    return {
        **row,
        "period": period.get("value"),
        "period_start": period.get("start"),
        "period_end": period.get("end"),
        "comparison_base": comparison.get("base"),
        "comparison_direction": comparison.get("direction"),
        "comparison_amount": comparison.get("amount"),
        "comparison_unit": comparison.get("unit"),
        "comparison_percent": comparison.get("percent"),
        "base_value": comparison.get("base_value"),
        "rank_from": rank.get("from"),
        "rank_to": rank.get("to"),
        "rank_scope": rank.get("scope"),
        "failed_checks": [c.get("check") for c in row.get("checks") or [] if not c.get("ok")],
        "report": report.get("id"),
        "title": report.get("title"),
        "published": report.get("published"),
        "url": report.get("url"),
    }


def comparison_text(row: Mapping[str, Any]) -> str:
    """`去年 ↓ 66 (11.68%)`."""
    comparison, rank = row.get("comparison") or {}, row.get("rank") or {}
    if rank.get("from") and rank.get("to"):
        return f"{rank['from']} → {rank['to']} {rank.get('scope') or ''}".strip()
    if not comparison:
        return ""
    parts = [str(comparison.get("base") or "")]
    parts.append({"up": "↑", "down": "↓", "flat": "="}.get(str(comparison.get("direction")), ""))
    if comparison.get("amount") is not None:
        parts.append(f"{comparison['amount']:g}{comparison.get('unit') or ''}")
    if comparison.get("percent") is not None:
        percent = f"{comparison['percent']:g}%"
        parts.append(f"({percent})" if comparison.get("amount") is not None else percent)
    return " ".join(p for p in parts if p)


def table(rows: list[Any], *, of_one: bool = False) -> Table:
    """Indicators for the terminal; those `of_one` report say the file that states them, if any, not the report."""
    last = say("file") if of_one else say("report")
    if of_one and not any(row.get("attachment") for row in rows):
        last = ""
    made = make_table(
        None,
        (say("indicator"), {"ratio": 3}),
        (say("value"), {"justify": "right", "ratio": 1}),
        (say("period"), {"no_wrap": True}),
        (say("comparison"), {"ratio": 2}),
        (say("proof"), {"ratio": 3}),
        *([(last, {"justify": "left" if of_one else "right"})] if last else []),
    )
    for row in rows:
        where = cell(row.get("attachment"), 40) if of_one else str((row.get("report") or {}).get("id") or "")
        made.add_row(*indicator_cells(row), *([where] if last else []))
    return made


def indicator_cells(row: Mapping[str, Any]) -> Iterator[str]:
    """Name, value, period, comparison, and the quote behind its proof: a failed check shows its sum."""
    name = " · ".join(str(v) for v in [*(row.get("qualifiers") or []), row.get("name")] if v)
    if row.get("status") in ("target", "forecast"):
        from scheduler.series import status_name

        name += f" ({status_name(str(row['status']))})"
    checks = row.get("checks") or []
    failed = [str(c.get("detail") or c.get("check")) for c in checks if not c.get("ok")]
    proof = f"✗ {'; '.join(failed)} · " if failed else "✓ " if checks else ""
    yield cell(name, 80)
    yield cell(as_stated(row), 40)
    yield cell(moment((row.get("period") or {}).get("value")), 24)
    yield cell(comparison_text(row), 60)
    yield cell(proof + str(row.get("quote") or ""), 140 if failed else 60)
