"""`bureauwatch series`: one indicator over the years, plotted; aliases merged and split by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipelines.messages import say
from scheduler.cli import options as o
from scheduler.cli.context import console, database
from scheduler.cli.output import cell, emit, make_table, moment

if TYPE_CHECKING:
    from rich.table import Table

    from pipelines.storage.session import Database

COLUMNS = (
    "series", "name", "region", "period", "period_start", "period_end", "value", "unit", "kind", "status", "base_value",
    "published", "source", "report", "title", "quote", "confidence", "url",
)  # fmt: skip
BARS = " ▏▎▍▌▋▊▉█"
WIDTH = 36
FIRST = 8
"""Series that a name without a number shows at once."""


def register(app: typer.Typer) -> None:
    """Adds the command."""

    @app.command(
        help=say("Show an indicator over the years. NAME is words of its name, or the number of a series.")
        + o.examples(
            "bureauwatch series 死亡人数",
            "bureauwatch series 死亡人数 -o deaths.xlsx",
            "bureauwatch series --merge 12 --into 7",
            "bureauwatch series --split 12",
        )
    )
    def series(
        name: Annotated[str | None, typer.Argument(metavar="NAME")] = None,
        source: o.SourceOption = None,
        region: Annotated[str | None, typer.Option("--region", help=say("Only of this region."))] = None,
        merge: Annotated[
            int | None,
            typer.Option("--merge", metavar="SERIES", help=say("This series is the same as the one of --into.")),
        ] = None,
        into: Annotated[int | None, typer.Option("--into", metavar="SERIES", help=say("See --merge."))] = None,
        split: Annotated[
            int | None, typer.Option("--split", metavar="SERIES", help=say("Take a merged series out again."))
        ] = None,
        limit: o.LimitOption = None,
        format: o.FormatOption = o.Format.table,
        output: o.OutputOption = None,
    ) -> None:
        if (merge is None) != (into is None):
            raise typer.BadParameter(say("--merge and --into go together"))
        with database() as db:
            if merge is not None and into is not None:
                typer.echo(_merge(db, merge, into))
            elif split is not None:
                typer.echo(_split(db, split))
            elif not name:
                raise typer.BadParameter(say("name an indicator, or use --merge or --split"))
            else:
                rows = observations(db, name, source or (), region)
                if format is o.Format.table and output is None:
                    _print(rows, limit or FIRST)
                else:
                    emit(rows[:limit], COLUMNS, format, output, table=_plain_table, limit=limit)


def observations(
    db: Database, name: str, sources: Sequence[str] = (), region: str | None = None
) -> list[dict[str, Any]]:
    """All observations of the series of a name or number, by series (the longest first) and period.

    Raises:
        UnknownNameError: no series is called so.
    """
    from sqlalchemy import select

    from pipelines.errors import UnknownNameError
    from pipelines.storage.models import IndicatorRow, ReportRow, SeriesRow
    from scheduler.cli.indicators import flatten

    asked = (
        select(IndicatorRow, SeriesRow, ReportRow.title, ReportRow.url, ReportRow.published, ReportRow.source_id)
        .join(SeriesRow, SeriesRow.id == IndicatorRow.series_id)
        .join(ReportRow, ReportRow.id == IndicatorRow.report_id)
        .where(IndicatorRow.value.is_not(None))
    )
    if name.isascii() and name.isdigit():
        asked = asked.where(SeriesRow.id == int(name[:18]))
    else:
        for word in name.split():
            asked = asked.where(SeriesRow.name.contains(word, autoescape=True))
    if sources:
        asked = asked.where(ReportRow.source_id.in_(sources))
    if region:
        asked = asked.where(SeriesRow.region.contains(region, autoescape=True))
    found: dict[int, list[dict[str, Any]]] = {}
    with db.session() as session:
        for row, owner, title, url, published, source in session.execute(asked.limit(20_000)):
            report = {"id": row.report_id, "title": title, "url": url, "published": published}
            flat = flatten({**row.record, "report": report, "source": source})
            flat |= {"series": owner.id, "name": owner.name, "region": owner.region, "said": row.record.get("name")}
            found.setdefault(owner.id, []).append(flat)
    if not found:
        raise UnknownNameError(
            say("There is no series {name}", name=name),
            cure=say("`bureauwatch indicators --name` searches the figures"),
        )
    for rows in found.values():
        rows.sort(key=lambda r: (str(r["period_end"] or r["period"] or ""), str(r["published"] or "")))
    order = sorted(found.values(), key=lambda rows: (rows[0]["name"] != name, -len(rows), rows[0]["series"]))
    return [row for rows in order for row in rows]


def _print(rows: Sequence[Mapping[str, Any]], most: int) -> None:
    numbers = list(dict.fromkeys(row["series"] for row in rows))
    for number in numbers[:most]:
        members = [row for row in rows if row["series"] == number]
        first = members[0]
        place = f" · {first['region']}" if first["region"] else ""
        unit = f" ({first['unit']})" if first.get("unit") else ""
        console().print(f"[bold]{cell(first['name'] + place + unit)}[/]  [dim]{say('series')} {number}[/]")
        console().print(plot(members))
    if len(numbers) > most:
        console().print(
            say("… and {count} more series; --limit N shows more, or name one by its number", count=len(numbers) - most)
        )


def plot(rows: Sequence[Mapping[str, Any]]) -> Table:
    """A line an observation: period, bar, value, how it stands to the one before, report."""
    values = [float(row["value"]) for row in rows if row["value"] is not None]
    low, high = min([0.0, *values]), max([0.0, *values])
    made = make_table(
        None, (say("period"), {"no_wrap": True}), ("", {"no_wrap": True}), (say("value"), {"justify": "right"}),
        (say("change"), {"justify": "right"}), (say("stated by"), {"ratio": 1}),
    )  # fmt: skip
    before: float | None = None
    period: object = None
    for row in rows:
        value = float(row["value"])
        again = row["period"] is not None and row["period"] == period
        change = (
            "" if before in (None, 0) or again else f"{(value - float(before or 0)) / abs(float(before or 1)):+.1%}"
        )
        mark = "" if row.get("status") in (None, "actual") else f" [dim]{cell(row['status'])}[/]"
        made.add_row(
            moment(row["period"]) or "?", f"[cyan]{bar(value, low, high)}[/]", f"{value:,.10g}{mark}",
            say("again") if again else change, cell(f"#{row['report']} {row['title'] or ''}", 80),
        )  # fmt: skip
        before, period = value, row["period"]
    return made


def bar(value: float, low: float, high: float, width: int = WIDTH) -> str:
    """A bar of eighths of a character; for negative values it begins left of the zero line."""
    span = (high - low) or 1.0
    if value < 0:
        zero = round(-low / span * width)
        length = min(max(round(-value / span * width), 1), zero)
        return " " * (zero - length) + "░" * length
    eighths = round(value / span * width * 8)
    zero = round(-low / span * width)
    return " " * zero + "█" * (eighths // 8) + (BARS[eighths % 8] if eighths % 8 else "")


def _plain_table(rows: list[Any]) -> Table:
    return plot(rows)


def _merge(db: Database, number: int, into: int) -> str:
    """Makes one series an alias of another; its observations go there."""
    from sqlalchemy import update

    from pipelines.storage.models import IndicatorRow, SeriesRow

    if number == into:
        raise typer.BadParameter(say("a series cannot go into itself"))
    with db.transaction() as session:
        one, other = _series(session, number), _series(session, into)
        if other.merged_into_id is not None:
            raise typer.BadParameter(say("series {id} went into {into} itself", id=into, into=other.merged_into_id))
        if (one.unit or "") != (other.unit or ""):
            typer.echo(
                say(
                    "warning: {text}", text=say("their units differ: {one} and {other}", one=one.unit, other=other.unit)
                ),
                err=True,
            )
        session.execute(update(SeriesRow).where(SeriesRow.merged_into_id == number).values(merged_into_id=into))
        one.merged_into_id = into
        session.execute(update(IndicatorRow).where(IndicatorRow.series_id == number).values(series_id=into))
    return say("series {id} is now part of {into}; --split {id} undoes it", id=number, into=into)


def _split(db: Database, number: int) -> str:
    """Takes an alias out again: the observations that are its own by name come back."""
    from sqlalchemy import select

    from pipelines.storage.figures import series_of
    from pipelines.storage.models import IndicatorRow

    with db.transaction() as session:
        row = _series(session, number)
        if row.merged_into_id is None:
            raise typer.BadParameter(say("series {id} was not merged", id=number))
        for indicator in session.scalars(select(IndicatorRow).where(IndicatorRow.series_id == row.merged_into_id)):
            own = series_of(indicator.record)
            if own is not None and own["key"] == row.key:
                indicator.series_id = number
        row.merged_into_id = None
    return say("series {id} stands for itself again", id=number)


def _series(session: Any, number: int) -> Any:
    from pipelines.errors import UnknownNameError
    from pipelines.storage.models import SeriesRow

    row = session.get(SeriesRow, number)
    if row is None:
        raise UnknownNameError(
            say("There is no series {name}", name=number), cure=say("`bureauwatch series NAME` shows the numbers")
        )
    return row
