"""Width folding that keeps every offset: one character in, one character out."""

from __future__ import annotations

import re

_FULL = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
# The full-width comma stays: between digits it separates figures, where the ASCII comma separates thousands.
del _FULL[ord("，")]
_EXTRA = {
    "\u3000": " ",
    "\u00a0": " ",
    "\u2002": " ",
    "\u2003": " ",
    "\u2009": " ",
    "\u200b": " ",
    "\ufeff": " ",
    "\t": "\n",
    "\r": " ",
    "﹪": "%",
    "٪": "%",
    "﹐": "，",
    "﹑": "、",
    "–": "—",
    "―": "—",
    "─": "—",
    "−": "-",
    "～": "~",
    "〜": "~",
    "∼": "~",
    "⼀": "一",
    "µ": "μ",
    "兩": "两",
    "萬": "万",
    "億": "亿",
}
# Private-use characters mark masked places inside this package: none may come from outside.
_EXTRA.update(dict.fromkeys("\ue000\ue001\ue002", " "))
_FOLDED = {**{chr(k): chr(v) for k, v in _FULL.items()}, **_EXTRA}
_OTHER = re.compile("[" + re.escape("".join(_FOLDED)) + "]")


def fold(text: str) -> str:
    """Full-width digits, letters and signs as half-width ones; the length never changes."""
    return _OTHER.sub(lambda m: _FOLDED[m[0]], text)
