"""Cuts a text into clauses around its figures: what stands left and right of each, behind which sign."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field

from pipelines.indicators.figures import Figure
from pipelines.indicators.times import Time
from pipelines.items import Comparison, Period, Rank

TIME = "\ue000"
"""Stands for every character of a time expression in the text that clauses are cut from."""

SOFT = "\ue002"
"""Stands for a sign inside a quotation or a bracket without figures: no clause ends there."""

MAX_LEFT = 160
"""Longer left contexts are cut: no name needs more."""

_BRACKET = re.compile(r"[()]")
_STRONG = re.compile(r"[，,。;:！!?？()（）\n]")
_SIGNS = frozenset("，,。;:！!?？()、")
_ENDS = frozenset("。！!?？")
_JOIN = re.compile(r"\s?(?:、|/|和|及|以及|与|并(?!且)|或|至)")


@dataclass(slots=True)
class Item:
    """A figure in its clause, and what has been made of it so far."""

    figure: Figure
    line: int
    sentence: int
    left: str
    right: str
    sign: str
    """The sign before the clause: a strong one, `、` in a list, none behind a figure, `^` at a line's start."""
    clause: int
    depth: int = 0
    opener: int | None = None
    semicolon: bool = False
    fresh: bool = True
    """The first figure of its clause (no strong sign back to the figure before would make it False)."""
    topic: str = ""
    """The last clause without figures before this one, in the same sentence."""
    colon: str = ""
    """The head before a colon that this figure's clause stands under."""
    times: list[Time] = field(default_factory=list)
    detached: bool = False
    """A new sentence spoke of something else first: 其中 behind that leans on no figure before."""
    quote: tuple[int, int] = (0, 0)
    # Filled in by later steps.
    role: str = "value"
    name: str = ""
    noun: str = ""
    verb: str = ""
    prefix: str | None = None
    tail: str = ""
    own: str = ""
    subject: str | None = None
    region: str | None = None
    qualifiers: list[str] = field(default_factory=list)
    parent: int | None = None
    comparison: Comparison | None = None
    rank: Rank | None = None
    period: Period | None = None
    kind: str = "count"
    dropped: bool = False
    dependent: bool = False
    place: bool = False
    elided: bool = False
    listed: bool = False
    from_left: str | None = None
    """The words before 由 of a from-to pair whose first value stands before this figure."""
    share: bool = False
    of: Item | None = None
    """What a share in a row of shares is of."""
    rest: str = ""
    base_value: float | int | None = None
    bracket_head: str = ""
    """The words before a bracket that holds the figure, where no figure stands there (肺结核（412例）)."""
    left_only: bool = False


@dataclass(slots=True)
class Line:
    """A paragraph: [start, end) in the text, and the figures in it."""

    number: int
    start: int
    end: int
    items: list[Item]


def _soften(text: str, start: int, end: int, names: list[tuple[int, int]], starts: list[int]) -> str:
    """The line with the signs inside names and figureless brackets made soft."""
    chars: list[str] | None = None
    raw = text[start:end]

    def soften(a: int, b: int) -> None:
        nonlocal chars
        if chars is None:
            chars = list(raw)
        for i in range(a, b):
            if chars[i] in _SIGNS:
                chars[i] = SOFT

    for a, b in names:
        soften(a - start, b - start)
    stack: list[int] = []
    for m in _BRACKET.finditer(raw) if "(" in raw else ():
        if m[0] == "(":
            stack.append(m.start())
            if len(stack) > 4:
                stack.pop(0)
        elif stack:
            a = stack.pop()
            first = bisect_left(starts, start + a)
            has_figure = first < len(starts) and starts[first] < start + m.end()
            if not has_figure and m.start() - a <= 60:
                soften(a, m.end())
    return raw if chars is None else "".join(chars)


def cut(text: str, figures: list[Figure], times: list[Time], names: list[tuple[int, int]]) -> list[Line]:
    """All lines that hold figures, each figure with its clause.

    Args:
        text: folded text.
        figures: in order.
        times: in order; they are blanked in the contexts.
        names: protected spans (titles, quotations) inside which no clause ends.
    """
    lines: list[Line] = []
    starts = [f.start for f in figures]
    time_starts = [t.start for t in times]
    name_starts = [a for a, _ in names]
    index = 0
    at = 0
    number = 0
    sentence = 0
    length = len(text)
    while at <= length and index < len(figures):
        end = text.find("\n", at)
        if end < 0:
            end = length
        last = bisect_left(starts, end, index)
        if last > index:
            t0, t1 = bisect_left(time_starts, at), bisect_left(time_starts, end)
            n0, n1 = bisect_left(name_starts, at), bisect_left(name_starts, end)
            here = [(a, min(b, end)) for a, b in names[n0:n1]]
            soft = _soften(text, at, end, here, starts)
            line = Line(number, at, end, [])
            sentence = _cut_line(line, text, soft, figures[index:last], times[t0:t1], sentence + 1)
            lines.append(line)
            index = last
        number += 1
        at = end + 1
    return lines


def _blank_times(raw: str, offset: int, times: list[Time]) -> str:
    if not times:
        return raw
    parts: list[str] = []
    at = 0
    for t in times:
        a, b = max(t.start - offset, 0), min(t.end + len(t.after) - offset, len(raw))
        if b <= at:
            continue
        parts.append(raw[at:a])
        parts.append(TIME * (b - max(a, at)))
        at = b
    parts.append(raw[at:])
    return "".join(parts)


def _cut_line(line: Line, text: str, soft: str, figures: list[Figure], times: list[Time], sentence: int) -> int:
    start = line.start
    marked = _blank_times(soft, start, times)
    plain = _blank_times(text[start : line.end], start, times)
    found = [m.start() for m in _STRONG.finditer(marked)]
    depth = 0
    openers: list[int | None] = []
    clause = 0
    colon = ""
    time_at = 0
    last_sign = 0
    for i, figure in enumerate(figures):
        a = (figures[i - 1].right - start) if i else 0
        b = max(figure.left - start, a)
        first_sign = bisect_left(found, a, last_sign)
        last_sign = bisect_left(found, b, first_sign)
        signs = found[first_sign:last_sign]
        semicolon = False
        topic = bracket_head = ""
        detached = False
        begun = i == 0
        fresh = bool(signs) or i == 0
        if signs:
            clause += 1
            previous_end = a
            for k, at in enumerate(signs):
                sign = marked[at]
                if sign == "(":
                    depth += 1
                    words = marked[previous_end:at]
                    # A bracket right behind a figure belongs to it; else to the words before it.
                    mine = bool(i) and k == 0 and len(words.strip()) <= 8
                    openers.append(i - 1 if mine else None)
                    bracket_head = "" if mine else plain[previous_end:at].split("、")[-1]
                elif sign == ")":
                    bracket_head = ""
                    depth = max(0, depth - 1)
                    if openers:
                        openers.pop()
                elif sign == ";":
                    semicolon = True
                    sentence += 1
                    topic = ""
                elif sign in _ENDS:
                    sentence += 1
                    colon = topic = ""
                    begun, detached = True, False
                    semicolon = False
                if sign == ":":
                    colon = plain[previous_end:at].strip()
                if (k and sign in "，,:") or (i == 0 and sign in "，,:"):
                    words = plain[previous_end:at].strip(" " + TIME)
                    if len(words) >= 2:
                        topic = words[-60:]
                        detached = detached or (begun and not words.endswith("其中"))
                previous_end = at + 1
            left_from, sign = previous_end, marked[signs[-1]]
            right_of_previous = plain[a : min(signs[0], a + 80)]
        elif i == 0:
            left_from, sign, right_of_previous = a, "^", ""
        else:
            joined = _JOIN.match(marked, a, b)
            weak = marked.find("、", a, b)
            if joined:
                left_from, sign, right_of_previous = joined.end(), "、", ""
            elif weak >= 0:
                left_from, sign, right_of_previous = weak + 1, "、", plain[a:weak]
            else:
                left_from, sign, right_of_previous = a, "", plain[a : min(b, a + 80)]
        left = plain[max(left_from, b - MAX_LEFT) : b]
        while time_at < len(times) and times[time_at].start < figure.start:
            time_at += 1
        before = times[max(0, time_at - 6) : time_at]
        item = Item(figure, line.number, sentence, left, "", sign, clause, depth, openers[-1] if openers else None,
                    semicolon, fresh, topic, colon, before, detached)  # fmt: skip
        if sign == "(":
            item.bracket_head = bracket_head
        if line.items:
            line.items[-1].right = right_of_previous
        line.items.append(item)
    if figures:
        a = figures[-1].right - start
        first_sign = bisect_left(found, a)
        line.items[-1].right = plain[a : found[first_sign] if first_sign < len(found) else len(plain)][:80]
    length = len(plain)
    stops = [-1, *found, length]
    for item in line.items:
        item.right = item.right[:80]
        f = item.figure
        # The clause around the figure, between strong signs.
        a, b = f.left - start, f.right - start
        lo = max(stops[bisect_left(stops, a) - 1] + 1, a - MAX_LEFT)
        hi = min(stops[bisect_left(stops, b)], b + 80)
        while lo < length and plain[lo] == " ":
            lo += 1
        item.quote = (start + min(lo, a), start + max(hi, b))
    return sentence
