"""How a page's script makes the addresses of its rows: `'<a href="/show?id=' + item.id + '">'` and its like."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

START = re.compile(r"(?:href|data-url)\s*=\s*\\?[\"']?|window\.open\(\s*|location(?:\.href)?\s*=\s*", re.I)
TEXT = re.compile(r"[^\"'`\s<>\\+${}()]{0,200}")
MEMBER = re.compile(r"(?:[A-Za-z_$][\w$]*(?:\[\w{1,20}\])?\.){0,4}([A-Za-z_]\w{0,40})\s*(?:\|\|[^+}]{1,40})?")
JOINED = re.compile(r"[\"'`]\s*\+\s*\(?\s*")
GOES_ON = re.compile(r"\s*\)?\s*\+\s*[\"'`]")
PLACED = re.compile(r"\$\{\s*|\{\{\s*")
PLACE = re.compile(r"\{(\w+)\}")
BOUND = re.compile(r"(?:href|data-url)=\"[^\"<>]{0,200}(?:\+|\{\{)[^\"<>]{0,200}\"", re.I)
"""Attributes that a page's template makes of a row (Vue, Angular, Mustache)."""
DEFINED = re.compile(r"(?:function\s+(?P<name>[A-Za-z_$][\w$]{1,40}))\s*\((?P<takes>[\w$,\s]{1,100})\)\s*\{")
ARGUMENT = re.compile(r"(?:\+|\$\{|\{\{|^|\()\s*[A-Za-z_$][\w$\[\].]*\.([A-Za-z_]\w{0,40})")
MAX_PLACES = 1000
MAX_PARTS = 6
MAX_FUNCTIONS = 60
MAX_TEMPLATES = 10
MAX_MARKUP = 500_000
MAX_CODE = 200_000


def templates(script: str, markup: str = "") -> list[str]:
    """Addresses with `{member}` where a record's value goes."""
    found: dict[str, None] = {}
    script += "\n" + "\n".join(m[0] for m in itertools.islice(BOUND.finditer(markup[:MAX_MARKUP]), MAX_PLACES))
    for start in itertools.islice(START.finditer(script), MAX_PLACES):
        if (made := _template(script, start.end())) is not None:
            found[made] = None
    found = dict.fromkeys(list(found)[:MAX_TEMPLATES])
    for made in list(found):
        found.update((called, None) for called in _called(script, markup, made))
    return list(found)


def _called(script: str, markup: str, made: str) -> Iterator[str]:
    """A template with a function's arguments in it, as the rows' own calls of the function fill them."""
    names, text = set(PLACE.findall(made)), script[:MAX_CODE] + markup[:MAX_CODE]
    for defined in itertools.islice(DEFINED.finditer(script), MAX_FUNCTIONS):
        takes = [name.strip() for name in defined["takes"].split(",")]
        if not names <= set(takes) or PLACE.split(made)[0] not in script[defined.end() : defined.end() + 600]:
            continue
        call = re.compile(rf"(?<!function )\b{re.escape(defined['name'])}\s*\(([^;<>\n]{{3,200}})")
        for found in itertools.islice(call.finditer(text), 5):
            given = [ARGUMENT.search(part) for part in found[1].split(",")]
            known = {name: member[1] for name, member in zip(takes, given, strict=False) if member}
            if names <= set(known):
                yield PLACE.sub(lambda m, known=known: f"{{{known[m[1]]}}}", made)  # type: ignore[misc]


def _template(script: str, at: int) -> str | None:
    """The address that begins at a place, literal pieces and members in turn; None where there is none of both."""
    if script[at : at + 1] in ("'", '"', "`"):
        at += 1
    made = ""
    for _ in range(MAX_PARTS):
        piece = TEXT.match(script, at)
        made, at = made + (piece[0] if piece else ""), piece.end() if piece else at
        opened = JOINED.match(script, at) or PLACED.match(script, at)
        member = MEMBER.match(script, opened.end()) if opened else None
        if opened is None or member is None:
            break
        made, at = f"{made}{{{member[1]}}}", member.end()
        closed = re.compile(r"\s*\}{1,2}").match(script, at) if "{" in opened[0] else GOES_ON.match(script, at)
        if closed is None:
            break
        at = closed.end()
    literal = PLACE.sub("", made)
    return made if literal != made and re.search(r"\w", literal) and "javascript:" not in literal.lower() else None


def filled(pattern: str, record: Mapping[str, Any]) -> str | None:
    """A record's address by a template; None where it lacks a member."""
    values = {name: record.get(name) for name in PLACE.findall(pattern)}
    if not all(isinstance(v, (str, int)) and not isinstance(v, bool) and str(v) for v in values.values()):
        return None
    return PLACE.sub(lambda m: str(values[m[1]]), pattern)


def telling(patterns: Sequence[str], records: Sequence[Mapping[str, Any]]) -> str | None:
    """The template that tells the records apart: their column's address is the same for all."""
    made = {pattern: {filled(pattern, record) for record in records} - {None} for pattern in patterns}
    best = max(patterns, key=lambda pattern: len(made[pattern]), default=None)
    return best if best is not None and made[best] else None
