"""The grammar of a crontab line (crontab(5)): checked where a source is loaded, run by the scheduler."""

from __future__ import annotations

from pipelines.messages import say

ALIASES = frozenset({"@hourly", "@daily", "@midnight", "@weekly", "@monthly", "@yearly", "@annually"})
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
FIELDS: tuple[tuple[str, int, int, tuple[str, ...]], ...] = (
    ("minute", 0, 59, ()),
    ("hour", 0, 23, ()),
    ("day", 1, 31, ()),
    ("month", 1, 12, MONTHS),
    ("weekday", 0, 7, WEEKDAYS),
)
"""Name, least and greatest number, and names that stand for numbers from the least on."""


def check_crontab(line: str) -> str:
    """The line as it is.

    Raises:
        ValueError: it is no crontab line; says which field is wrong.
    """
    if line.strip().lower() in ALIASES:
        return line
    fields = line.split()
    if len(fields) != len(FIELDS):
        raise ValueError(say("expected five fields, minute hour day month weekday, such as 30 8 * * mon-fri"))
    for text, (name, least, most, names) in zip(fields, FIELDS, strict=True):
        if not all(_fits(part.lower(), least, most, names) for part in text.split(",")):
            raise ValueError(
                say(
                    "{text} is no {field} of a crontab line ({least} to {most})",
                    text=text[:40],
                    field=name,
                    least=least,
                    most=most,
                )
            )
    return line


def _fits(part: str, least: int, most: int, names: tuple[str, ...]) -> bool:
    """Whether one part of a list is `*`, a number, a name or a range, with or without a step."""
    span, slash, step = part.partition("/")
    if slash and not (step.isascii() and step.isdigit() and 0 < int(step[:4]) <= most):
        return False
    if span == "*":
        return True
    ends = [names.index(end) + least if end in names else _number(end) for end in span.split("-", 1)]
    inside = all(least <= end <= most for end in ends)
    return inside and (ends[0] <= ends[-1] or names == WEEKDAYS)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 2 else -1
