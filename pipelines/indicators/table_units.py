"""Which unit a table's figure has where neither cell nor header says: its name's, or that of the table's unit line."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipelines.indicators.table_cells import split_unit
from pipelines.indicators.table_columns import RATE
from pipelines.indicators.units import dimension_of

_COUNTED = re.compile(r"([起人户件次家个辆座所台套亩例宗名])(?:次)?数量?$")
_HEADS = re.compile(r"(?:[学新考研师]生|毕业生|校生|招生|教师|教职工|职工|人员|医师|护士|党员)(?:总)?数$")
"""Names that count persons without saying 人: 在校生数, 专任教师数."""
_CRIMES = re.compile(r"(?:发案|破案)数$")
_UNITLESS = re.compile(r"(?:指数|系数|得分|评分|性别比)$")
_MONEY = re.compile(r"额|值|收入|支出|投资|存款|贷款|余额|损失|经费|资金|利润|税|费|价|生产总值")
_SUITS = {
    "area": re.compile(r"面积|占地|用地|耕地"),
    "mass": re.compile(r"产量|重量|总量|排放量|用水|供水|吞吐量|货运量"),
    "length": re.compile(r"里程|长度|高度|公路|道路"),
    "person": re.compile(r"人口|人数|死亡|受伤|伤亡|就业|职工|教师|学生|[男女]性?$"),
    "power": re.compile(r"电"),
}
"""What the names of figures say of their units' dimensions."""


def counted_unit(name: str) -> str | None:
    """The unit that a name counts in: 事故起数 is in 起, 在校生数 in 人."""
    if counted := _COUNTED.search(name):
        return "人" if counted[1] == "名" else counted[1]
    return "人" if _HEADS.search(name) else "起" if _CRIMES.search(name) else None


def is_unitless(name: str) -> bool:
    """Whether a name is of a figure without a unit: an index, a score."""
    return _UNITLESS.search(name) is not None


def suiting_unit(printed: Sequence[str], *names: str) -> tuple[float, str | None]:
    """Multiplier and unit: the unit line's; of several the one that suits a name, none where that is open.

    Args:
        printed: the units of the line: 万亩, 万吨.
        names: the names of the figure's column and row.
    """
    units = [split_unit(text) for text in printed]
    if "%" in (unit for _, unit in units) and len(units) > 1:
        if any(RATE.search(name) for name in names):
            return 1.0, "%"
        units = [pair for pair in units if pair[1] != "%"]
    if len(units) > 1:
        money = [(scale, unit) for scale, unit in units if unit is not None and unit.endswith("元")]
        if money and any(_MONEY.search(name) for name in names):
            return money[0]
        for name in names:
            for pair in units:
                if (suits := _SUITS.get(dimension_of(pair[1]) or "")) is not None and suits.search(name):
                    return pair
        if money and len(money) < len(units):
            return 1.0, None
    return units[0] if units else (1.0, None)
