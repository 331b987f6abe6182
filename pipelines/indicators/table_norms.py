"""Tables that lay down what is to be paid, given or scored: their numbers are rules, not observations."""

from __future__ import annotations

import re

from pipelines.indicators.table_shape import Shape

_TITLE = re.compile(
    r"(?:标准|分值|限值|限价|最[高低][^，,]{0,6}价|裁量(?:权)?基准|评分(?:细则|办法|标准)?|量化(?:评分)?|价目|定额|细则|"
    r"收费(?:项目)?(?:目录|清单)|补贴额)"
    r"(?:一览)?表?(?:\([^()]{0,20}\))?(?:的(?:通知|公告|公示|通告))?$"
)
_COLUMN = re.compile(
    r"(?:(?<!达)标准|罚款(?:幅度|数额|金额)?|幅度|分值|记分|扣分|限价|限额|限值|指导价|最[高低].{0,4}价)(?:[上下]限|[高低]值)?$"
)
_BRACKET = re.compile(r"\([^()]*\)|（[^（）]*）")
_OBSERVED = frozenset(("comparison", "amount", "base", "share"))


def lays_down(shape: Shape, titles: list[str]) -> bool:
    """True for a table of charges, rents, fines, limits or points.

    Each column of values is a 标准, a 罚款幅度, a 分值, or the title ends in such a word; a table that compares with
    another time or prints shares observes something all the same. The first column only says for whom (3人及以上).
    """
    if any(c.facet.role in _OBSERVED or c.facet.period for c in shape.columns):
        return False
    levels = [_BRACKET.sub("", c.facet.name) for c in shape.columns if c.facet.role == "level" and c.index]
    if levels and all(_COLUMN.search(name) for name in levels):
        return True
    return any(_TITLE.search(title.strip(" 。:")) for title in titles)
