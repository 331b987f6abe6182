"""Units and classifiers: which one follows a number, its normal form and what it measures.

The table is `units.csv`: `surface` as printed, `unit` as stored, `dimension`, and `not_before`: characters that,
standing right after the surface, make another word of it (部 + 门, 成 + 立), so that it is no unit there.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources

COUNT_DIMENSIONS = frozenset({"count", "person"})


@dataclass(slots=True, frozen=True)
class Unit:
    """One way to print a unit."""

    surface: str
    unit: str
    dimension: str
    not_before: str = ""


@cache
def _by_first() -> dict[str, tuple[Unit, ...]]:
    """All units by their first character, longest first."""
    table: dict[str, list[Unit]] = {}
    with resources.files(__package__).joinpath("units.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            unit = Unit(row["surface"], row["unit"], row["dimension"], row["not_before"])
            table.setdefault(unit.surface[0], []).append(unit)
    return {k: tuple(sorted(v, key=lambda u: -len(u.surface))) for k, v in table.items()}


def unit_at(text: str, at: int) -> Unit | None:
    """The longest unit that begins at `at` of folded text, or None."""
    if at >= len(text):
        return None
    for unit in _by_first().get(text[at], ()):
        surface = unit.surface
        if text.startswith(surface, at):
            after = text[at + len(surface) : at + len(surface) + 1]
            if after and after in unit.not_before:
                continue
            if surface[-1].isascii() and surface[-1].isalpha() and after.isascii() and after.isalnum():
                continue
            return unit
    return None


@cache
def dimension_of(unit: str | None) -> str | None:
    """What a normal unit measures: `count`, `person`, `money`, `percent` …; None for an unknown one."""
    if not unit:
        return None
    for group in _by_first().values():
        for row in group:
            if row.unit == unit:
                return row.dimension
    return None
