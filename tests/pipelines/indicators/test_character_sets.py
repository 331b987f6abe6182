"""A pattern that is tried only where a certain character stands: the set of these characters must be complete."""

from __future__ import annotations

import re
from re import _parser  # type: ignore[attr-defined]
from typing import Any

import pytest

from pipelines.indicators import changes, figures, naming, roles, state, words

CASES = {
    "suffix": (figures._SUFFIX, figures._SUFFIX_FIRST, False),
    "range": (figures._RANGE, figures._RANGE_FIRST, False),
    "threshold": (figures._THRESHOLD, figures._THRESHOLD_FIRST, False),
    "prefix": (figures._PREFIX, figures._PREFIX_LAST, True),
    "reaches": (roles._REACHES, roles._REACHES_LAST, True),
    "change": (changes._AT_END, changes._AT_END_LAST, True),
    "change to": (changes._TO_END, changes._TO_END_LAST, True),
    "measure": (state.MEASURE, state._MEASURE_LAST, True),
    "among": (state.AMONG, state._AMONG_FIRST, False),
    "noise": (naming._LEAD_NOISE, naming._NOISE_FIRST, False),
    "scope": (naming._SCOPE_LAST, naming._SCOPE_ENDS, True),
    "this": (naming._THIS, naming._THIS_FIRST, False),
    "strip left": (words.LEFT_STRIP, words.LEFT_FIRST, False),
    "strip right": (words.RIGHT_STRIP, words.RIGHT_LAST, True),
}


def _edge(parts: Any, last: bool) -> tuple[set[str], bool]:
    """The characters that a pattern can begin or end with, and whether it may be empty."""
    found: set[str] = set()
    for op, value in reversed(list(parts)) if last else list(parts):
        name = str(op)
        if name in ("AT", "ASSERT", "ASSERT_NOT"):
            continue
        chars: set[str] = set()
        empty = False
        if name == "LITERAL":
            chars = {chr(value)}
        elif name == "IN":
            for kind, item in value:
                assert str(kind) in ("LITERAL", "RANGE", "CATEGORY"), kind
                if str(kind) == "LITERAL":
                    chars.add(chr(item))
                elif str(kind) == "RANGE":
                    chars.update(map(chr, range(item[0], item[1] + 1)))
        elif name == "BRANCH":
            edges = [_edge(branch, last) for branch in value[1]]
            chars, empty = set().union(*(e[0] for e in edges)), any(e[1] for e in edges)
        elif name == "SUBPATTERN":
            chars, empty = _edge(value[3], last)
        else:
            assert name in ("MAX_REPEAT", "MIN_REPEAT"), name
            chars, empty = _edge(value[2], last)
            empty = empty or value[0] == 0
        found |= chars
        if not empty:
            return found, False
    return found, True


@pytest.mark.parametrize("name", CASES)
def test_no_character_is_missing(name: str) -> None:
    pattern, chars, last = CASES[name]
    edge, empty = _edge(_parser.parse(pattern.pattern), last)
    assert not empty
    # A space behind a change is passed over before its last character is looked at.
    assert {c for c in edge if not c.isspace()} <= set(chars)


def test_a_missing_character_is_seen() -> None:
    assert _edge(_parser.parse(re.compile("(?:ab|[c-d]?e)f?$").pattern), True) == ({"b", "e", "f"}, False)
