"""The paragraphs that went and came between two versions; within a pair of them the changed words stand out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

TOKEN = re.compile(r"\d[\d,.]*(?<=\d)[%％]?|[A-Za-z]+|\s+|.", re.DOTALL)
"""What changes as a whole: a number, a word, a character."""
LONGEST = 4000
"""Characters of a paragraph whose words are compared."""
Part = tuple[str, bool]
"""Some text, and whether it is what changed."""
Line = tuple[str, list[Part]]
"""`-`, `+` or another sign, and the paragraph's parts."""


def text_lines(diff: Sequence[Sequence[str]]) -> list[Line]:
    """The lines of a `body` change's `diff` (sign and paragraph), each gone one followed by what came for it."""
    lines: list[Line] = []
    place = 0
    while place < len(diff):
        run = place
        while run < len(diff) and diff[run][0] == "-":
            run += 1
        end = run
        while end < len(diff) and diff[end][0] == "+":
            end += 1
        if end == place:
            lines.append((diff[place][0], [(inert(diff[place][1]), False)]))
            place += 1
            continue
        gone, come = [p for _, p in diff[place:run]], [p for _, p in diff[run:end]]
        for k in range(max(len(gone), len(come))):
            lines += _pair(gone[k] if k < len(gone) else None, come[k] if k < len(come) else None)
        place = end
    return lines


def _pair(before: str | None, after: str | None) -> list[Line]:
    if before is None or after is None or max(len(before), len(after)) > LONGEST:
        return [(sign, [(inert(text), False)]) for sign, text in (("-", before), ("+", after)) if text is not None]
    merged = list(_tokens(before, after))
    old = [(inert(text), sign == "-") for sign, text in merged if sign != "+"]
    new = [(inert(text), sign == "+") for sign, text in merged if sign != "-"]
    return [("-", old), ("+", new)]


def inline(before: str, after: str) -> list[tuple[str, str]] | None:
    """Both in one text: `" "` and what stayed, `-` and what went, `+` and what came; None where little stayed."""
    if not before or not after or max(len(before), len(after)) > LONGEST:
        return None
    parts = [(sign, inert(text)) for sign, text in _tokens(before, after)]
    stayed = sum(len(text) for sign, text in parts if sign == " ")
    return parts if 2 * stayed >= max(len(before), len(after)) else None


def paragraphs(diff: Sequence[Sequence[str]]) -> list[tuple[str, list[tuple[str, str]]]]:
    """A `body` change for reading: each paragraph with its sign (`~`: changed within), its parts with theirs."""
    found: list[tuple[str, list[tuple[str, str]]]] = []
    for sign, parts in text_lines(diff):
        text = "".join(part for part, _ in parts)
        if sign == "+" and found and found[-1][0] == "-":
            both = inline("".join(part for _, part in found[-1][1]), text)
            if both is not None:
                found[-1] = ("~", both)
                continue
        found.append((sign, [(" ", text)]))
    return found


def _tokens(before: str, after: str) -> Iterator[tuple[str, str]]:
    one, other = TOKEN.findall(before), TOKEN.findall(after)
    for tag, a, b, c, d in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if tag == "equal":
            yield " ", "".join(one[a:b])
            continue
        if b > a:
            yield "-", "".join(one[a:b])
        if d > c:
            yield "+", "".join(other[c:d])


def inert(text: str) -> str:
    """One line without escape codes."""
    return "".join(c for c in text if c == "\t" or c.isprintable())
