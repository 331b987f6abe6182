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

    from pipelines.indicators.series_lines import Line, Point
    from pipelines.storage.session import Database

BARS = " ▏▎▍▌▋▊▉█"
WIDTH = 36
SHORTEST = 6
"""Character cells of a bar, at most and at least."""
TITLE = 24
"""Character cells that are left for a report's title if there are so many."""
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
            typer.Option(
                "--merge",
                metavar="SERIES",
                min=1,
                max=o.MOST,
                help=say("This series is the same as the one of --into."),
            ),
        ] = None,
        into: Annotated[
            int | None, typer.Option("--into", metavar="SERIES", min=1, max=o.MOST, help=say("See --merge."))
        ] = None,
        split: Annotated[
            int | None,
            typer.Option("--split", metavar="SERIES", min=1, max=o.MOST, help=say("Take a merged series out again.")),
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
                found = _find(db, name, source or (), region)
                if format is o.Format.table and output is None:
                    _print(found, limit or FIRST)
                else:
                    from scheduler.series import COLUMNS, to_rows

                    emit(to_rows(found)[:limit], COLUMNS, format, output, table=lambda _: make_table(None), limit=limit)


def _find(
    db: Database, name: str, sources: Sequence[str], region: str | None
) -> list[tuple[dict[str, Any], list[Line]]]:
    """The series of a name or number with their lines.

    Raises:
        UnknownNameError: no series is called so.
    """
    from pipelines.errors import UnknownNameError
    from scheduler.series import find_series, in_order, read_series

    with db.session() as session:
        numbers = find_series(session, name, sources, region)
        found = read_series(session, numbers, sources) if numbers else {}
    if not found:
        raise UnknownNameError(
            say("There is no series {name}", name=name),
            cure=say("`bureauwatch indicators --name` searches the figures"),
        )
    return in_order(found, name)


def _print(found: Sequence[tuple[Mapping[str, Any], Sequence[Line]]], most: int) -> None:
    from scheduler.series import line_name

    for first, lines in found[:most]:
        place = f" · {first['region']}" if first["region"] else ""
        unit = f" ({first['unit']})" if first.get("unit") else ""
        console().print(f"[bold]{cell(first['name'] + place + unit)}[/]  [dim]{say('series')} {first['series']}[/]")
        for line in lines:
            console().print(f"[cyan]{cell(line_name(line))}[/]")
            console().print(plot(line))
    if len(found) > most:
        console().print(
            say("… and {count} more series; --limit N shows more, or name one by its number", count=len(found) - most)
        )


def plot(line: Line) -> Table:
    """A line's points: period, bar, value, how it stands to the one before, who states it."""
    from scheduler.series import changes, shown, status_name

    values = [point.value for point in line.points]
    low, high = min([0.0, *values]), max([0.0, *values])
    rows: list[tuple[Point, str, str, str, str]] = []
    for point, moved in zip(line.points, changes(line.points), strict=True):
        first = point.stated[0]
        value = cell(shown(point.value))
        if point.superseded:
            value = f"[dim strike]{value}[/]"
        if first.get("status") == "provisional":
            value += f" [dim]{cell(status_name('provisional'))}[/]"
        if first.get("failed_checks"):
            value += " [red]✗[/]"
        more = f" +{len(point.stated) - 1}" if len(point.stated) > 1 else ""
        rows.append((
            point, moment(point.period) or "?", value,
            say("restated later") if point.superseded else "" if moved is None else f"{moved:+.1%}",
            cell(f"#{first['report']}{more} {first['title'] or ''}", 80),
        ))  # fmt: skip
    heads = say("period"), say("value"), say("change")
    columns = zip(heads, *((period, value, change) for _, period, value, change, _ in rows), strict=True)
    widths = [max(map(_width, column)) for column in columns]
    room = min(max(console().width - sum(widths) - TITLE - 15, SHORTEST), WIDTH)
    made = make_table(
        None, (heads[0], {"no_wrap": True, "min_width": widths[0]}), ("", {"no_wrap": True, "min_width": room}),
        (heads[1], {"justify": "right", "no_wrap": True, "min_width": widths[1]}),
        (heads[2], {"justify": "right", "no_wrap": True, "min_width": widths[2]}),
        (say("stated by"), {"ratio": 1, "no_wrap": True, "overflow": "ellipsis"}),
    )  # fmt: skip
    for point, period, value, change_text, title in rows:
        colour = "dim" if point.superseded else "cyan"
        made.add_row(period, f"[{colour}]{bar(point.value, low, high, room)}[/]", value, change_text, title)
    return made


def _width(text: str) -> int:
    """Character cells that a text with markup takes."""
    from rich.cells import cell_len
    from rich.text import Text

    return cell_len(Text.from_markup(text).plain)


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
