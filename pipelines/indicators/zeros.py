"""Zeros that are stated without a digit: 未发生重大事故, 无新增病例, 警情零发生."""

from __future__ import annotations

import re

from pipelines.indicators.figures import Figure

_THING = r"事故|火灾|案件|事件|灾害|险情|命案|警情|拥堵|伤亡|疫情|病例|感染者"
_NONE = re.compile(
    rf"[未没无零](?:(?:(?<=未)(?:发生|接报|出现)|(?<=没)有发生|(?<=无)(?=新增))(?=[\u4e00-\u9fff“”()]{{0,24}}?(?P<thing>{_THING}))"
    r"|(?<=零)(?=发生))"
)
_BEFORE_NO_ZERO = frozenset("是如若尚")
_UNITS = {"病例": "例", "感染者": "例", "伤亡": "人", "疫情": None, "拥堵": None}
"""Classifiers of what did not happen; all others are counted in 起."""


def find_zeros(scan: str, figures: list[Figure]) -> list[Figure]:
    """The figures with those that say that nothing happened, in order.

    Args:
        scan: folded text with blanked names and times.
        figures: the printed figures of the text, in order.
    """
    found: list[Figure] = []
    for m in _NONE.finditer(scan):
        thing = m["thing"]
        if scan[m.start() - 1 : m.start()] in _BEFORE_NO_ZERO:
            continue
        ahead = scan[m.end() : m.end() + 36]
        if thing and "的" in ahead[: ahead.find(thing) + len(thing) + 1]:
            # 未发生亡人事故的县区: a class, no count.
            continue
        unit = _UNITS.get(thing, "起") if thing else "起"
        found.append(Figure(*m.span(), *m.span(), 0, unit, "count"))
    return sorted([*figures, *found], key=lambda f: f.start) if found else figures
