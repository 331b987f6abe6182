"""Working days: a weekday unless a country's published list says otherwise.

`cn.csv` holds the days that differ from plain weekdays in the State Council's yearly holiday notices: weekdays off
(`holiday`) and weekend days worked in exchange (`workday`, 调休). A year that is not listed yet follows the weekdays.
A newer list in `HOME/calendars/cn.csv` comes first, so that an installation can be updated without a release.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path

from pipelines.errors import SettingsError
from pipelines.messages import say


@dataclass(frozen=True)
class WorkCalendar:
    """The days of a country that differ from plain weekdays: True is a working day."""

    exceptions: dict[date, bool] = field(default_factory=dict)

    def is_workday(self, day: date) -> bool:
        """Whether offices are open on that day."""
        return self.exceptions.get(day, day.weekday() < 5)


def read_calendar(text: str, name: str) -> WorkCalendar:
    """A calendar from CSV text with the columns `day` (ISO) and `kind` (`holiday` or `workday`).

    Raises:
        SettingsError: names the file and the row.
    """
    exceptions: dict[date, bool] = {}
    for number, row in enumerate(csv.DictReader(text.splitlines()), start=2):
        try:
            exceptions[date.fromisoformat(row["day"])] = {"holiday": False, "workday": True}[row["kind"]]
        except (KeyError, ValueError, TypeError):
            raise SettingsError(
                say("{file}, line {line}: expected a day and holiday or workday", file=name, line=number),
                cure=say("The columns are day,kind, for example 2026-10-01,holiday"),
            ) from None
    return WorkCalendar(exceptions)


@cache
def load_calendar(zone: str, home: Path | None = None) -> WorkCalendar:
    """The calendar of the country of a time zone; plain weekdays where none is known."""
    if zone not in ("Asia/Shanghai", "Asia/Urumqi", "PRC"):
        return WorkCalendar()
    newer = home / "calendars" / "cn.csv" if home else None
    if newer and newer.exists():
        return read_calendar(newer.read_text(encoding="utf-8"), str(newer))
    return read_calendar(files("scheduler").joinpath("calendars/cn.csv").read_text(encoding="utf-8"), "cn.csv")
