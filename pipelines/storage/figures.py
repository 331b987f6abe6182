"""Indicators' and series' rows, and what a new report says otherwise than an earlier one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from pipelines.items import Indicator, to_record
from pipelines.storage.models import IndicatorRow, SeriesRow


def replace_indicators(
    session: Session, report_id: int, attachment_id: int | None, records: Sequence[dict[str, Any]]
) -> None:
    """Writes the figures of a report's page (or of one of its files) in place of those it had."""
    same_part = (
        IndicatorRow.attachment_id.is_(None) if attachment_id is None else IndicatorRow.attachment_id == attachment_id
    )
    session.execute(delete(IndicatorRow).where(IndicatorRow.report_id == report_id, same_part))
    if not records:
        return
    series = series_ids(session, [series_of(r) for r in records])
    rows = []
    for position, record in enumerate(records):
        key = series_of(record)
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
    session.execute(insert(IndicatorRow), rows)


def series_of(record: dict[str, Any]) -> dict[str, Any] | None:
    """The series that a figure is an observation of: name with subject and qualifiers, unit dimension, region, kind."""
    from pipelines.storage.identity import fold

    if not record.get("name"):
        return None
    name = str(record["name"])
    parts = [
        fold(name),
        fold(str(record.get("subject") or "")),
        *sorted(fold(str(q)) for q in record.get("qualifiers") or []),
        fold(str(record.get("region") or "")),
        str(record.get("kind") or ""),
        fold(str(record.get("unit") or "")),
    ]
    return {
        "key": "|".join(parts)[:300],
        "name": name[:300],
        "unit": _cut(record.get("unit"), 40),
        "region": _cut(record.get("region"), 80),
    }


def series_ids(session: Session, wanted: Sequence[dict[str, Any] | None]) -> dict[str, int]:
    """The ids of series by key, made where they are new; a merged series stands for the one it went into."""
    keys = {w["key"]: w for w in wanted if w}
    found: dict[str, int] = {}
    names = list(keys)
    for start in range(0, len(names), 400):
        rows = session.execute(
            select(SeriesRow.key, SeriesRow.id, SeriesRow.merged_into_id).where(
                SeriesRow.key.in_(names[start : start + 400])
            )
        )
        found |= {key: merged or number for key, number, merged in rows}
    missing = [keys[k] for k in names if k not in found]
    if missing:
        rows = session.execute(insert(SeriesRow).returning(SeriesRow.key, SeriesRow.id), missing)
        found |= {row.key: row.id for row in rows}
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
