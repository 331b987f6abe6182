"""The page of a series: one indicator over the years, a chart and a table for each line that can be compared."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from types import SimpleNamespace
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi import Path as PathParameter
from starlette.responses import Response

from pipelines.indicators.series_lines import Line, Point
from pipelines.messages import say
from pipelines.storage.models import SeriesRow
from scheduler.series import changes, in_order, line_name, read_series, shown, status_name
from scheduler.web.charts import Spot, line_chart
from scheduler.web.state import Web, page, web_of

router = APIRouter(include_in_schema=False)


@router.get("/series/{number}")
def series(
    request: Request, web: Annotated[Web, Depends(web_of)], number: Annotated[int, PathParameter(ge=1, le=2**31 - 1)]
) -> Response:
    """One observation over the years, with those merged into it."""
    with web.database.session() as session:
        row = session.get(SeriesRow, number)
        if row is None:
            raise HTTPException(404, say("There is no series {name}", name=number))
        row = session.get_one(SeriesRow, row.merged_into_id) if row.merged_into_id else row
        lines = [line for _, lines in in_order(read_series(session, [row.id])) for line in lines]
        parts = [
            SimpleNamespace(
                name=line_name(line),
                chart=_chart(line, lines, row),
                plans=", ".join(status_name(plan.status) for plan in _plans(line, lines)),
                rows=list(zip(line.points, changes(line.points), strict=True)),
            )
            for line in lines
        ]
        return page(request, "series.html", "/indicators", series=row, parts=parts, shown=shown, state=status_name)


def _plans(line: Line, lines: Sequence[Line]) -> list[Line]:
    plans = [other for other in lines if other.cadence == line.cadence and other.status != "actual"]
    return plans if line.status == "actual" else []


def _chart(line: Line, lines: Sequence[Line], row: SeriesRow) -> str:
    """A line's chart, where it has more than one point; plans of the same cadence stand beside the actual values."""
    if len(line.current) < 2:
        return ""
    drawn = [line, *_plans(line, lines)]
    spots = [(one.status, [spot for i, point in enumerate(one.current) if (spot := _spot(point, i))]) for one in drawn]
    return line_chart(spots, title=f"{row.name} · {line_name(line)}", unit=row.unit or "")


def _spot(point: Point, number: int) -> Spot | None:
    try:
        day = date.fromisoformat(str(point.stated[0]["period_end"])[:10]).toordinal()
    except ValueError:
        return None
    return float(day), point.period or str(number), point.value
