"""English reports: figures with unit, name, period and comparison at first depth."""

from __future__ import annotations

from pipelines.items import Indicator, Report


def read_english(text: str, *, body: str, report: Report) -> list[Indicator]:
    """All figures of an English text."""
    return []
