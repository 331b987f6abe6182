"""The paragraphs that went and came between two versions; within a pair of them the changed words stand out."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

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
    old: list[Part] = []
    new: list[Part] = []
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        old.append((inert(before[a:b]), tag != "equal"))
        new.append((inert(after[c:d]), tag != "equal"))
    return [("-", old), ("+", new)]


def inert(text: str) -> str:
    """One line without escape codes."""
    return "".join(c for c in text if c == "\t" or c.isprintable())
