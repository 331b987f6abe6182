"""Indicators' and series' rows, and what a new report says otherwise than an earlier one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import Table, bindparam, delete, insert, select
from sqlalchemy.orm import Session

from pipelines.indicators.series import series_key
from pipelines.items import Indicator, to_record
from pipelines.storage.models import IndicatorRow, SeriesRow

INDICATOR = cast(Table, IndicatorRow.__table__)
SERIES = cast(Table, SeriesRow.__table__)
KNOWN = select(SERIES.c.key, SERIES.c.id, SERIES.c.merged_into_id).where(
    SERIES.c.key.in_(bindparam("keys", expanding=True))
)
MAKE = insert(SERIES).returning(SERIES.c.key, SERIES.c.id)
ADD = insert(INDICATOR)


def replace_indicators(
    session: Session,
    report_id: int,
    attachment_id: int | None,
    records: Sequence[dict[str, Any]],
    agency: str | None = None,
    *,
    fresh: bool = False,
) -> None:
    """Writes the figures of a report's page (or of one of its files) in place of those it had; `fresh`: it had none."""
    if not fresh:
        part = IndicatorRow.attachment_id
        same_part = part.is_(None) if attachment_id is None else part == attachment_id
        session.execute(delete(IndicatorRow).where(IndicatorRow.report_id == report_id, same_part))
    if not records:
        return
    keys = [series_of(record, agency) for record in records]
    series = series_ids(session, keys)
    rows = []
    for position, (record, key) in enumerate(zip(records, keys, strict=True)):
        rows.append(
            {
                "report_id": report_id,
                "attachment_id": attachment_id,
                "series_id": series[key["key"]] if key else None,
                "position": position,
                "name": str(record.get("name") or "")[:300],
                "value": _number(record.get("value")),
                "unit": _cut(record.get("unit"), 40),
                "kind": str(record.get("kind") or "count")[:10],
                "status": str(record.get("status") or "actual")[:12],
                "period": _cut((record.get("period") or {}).get("value"), 60),
                "region": _cut(record.get("region"), 80),
                "record": record,
            }
        )
    session.connection().execute(ADD, rows)


def series_of(record: dict[str, Any], agency: str | None = None) -> dict[str, Any] | None:
    """The series that a figure is an observation of, as its row; the bureau's place stands for a missing region."""
    if not record.get("name"):
        return None
    return {
        "key": series_key(record, agency=agency),
        "name": str(record["name"])[:300],
        "unit": _cut(record.get("unit"), 40),
        "region": _cut(record.get("region"), 80),
    }


def series_ids(session: Session, wanted: Sequence[dict[str, Any] | None]) -> dict[str, int]:
    """The ids of series by key, made where they are new; a merged series stands for the one it went into."""
    keys = {w["key"]: w for w in wanted if w}
    found: dict[str, int] = {}
    names = list(keys)
    for start in range(0, len(names), 400):
        rows = session.connection().execute(KNOWN, {"keys": names[start : start + 400]})
        found |= {key: merged or number for key, number, merged in rows}
    missing = [keys[k] for k in names if k not in found]
    if missing:
        made = session.connection().execute(MAKE, missing)
        found |= {row.key: row.id for row in made}
    return found


def to_records(indicators: Sequence[Indicator]) -> list[dict[str, Any]]:
    """Indicators as plain records."""
    return [to_record(i) for i in indicators]


def _number(value: Any) -> float | None:
    try:
        return float(value) if value is not None else None
    except (OverflowError, ValueError, TypeError):
        return None


def _cut(value: Any, length: int) -> str | None:
    return str(value)[:length] if value is not None else None
