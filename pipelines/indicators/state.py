"""What the reading of one clause keeps for the next ones, and small helpers over named figures."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pipelines.indicators.naming import clean, shorten, strip_left, strip_right
from pipelines.indicators.segments import SOFT, Item
from pipelines.indicators.units import COUNT_DIMENSIONS
from pipelines.indicators.words import leading_verb

AMONG = re.compile(r"^[\s，,、;:。(]*(?:其中|在其中|按[^，,]{1,10}[看分]|分[^，,]{1,8}看)")
"""A clause that opens the parts of a whole."""
_AMONG_FIRST = frozenset(" \t，,、;:。(其在按分")
_LOSS = re.compile(r"(?:造成)?(?:死亡|受伤|亡|伤|死(?=$)|失踪|失联|遇难|轻伤|重伤|受灾|[直间]接|经济损失|财产损失)")
_ATTRIBUTE = re.compile(r"^.{4,}的(?=[\u4e00-\u9fff]{4})")
_LOSS_END = re.compile(r"(?:造成)?(?:受灾|死亡|受伤|失踪|失联|遇难|轻伤|重伤|[亡伤死])(?:人数|人员)?$|(?<=.{2})发生$")
_INVESTED = re.compile(r"(?:(?:年度|当年|年|概算|计划|完成)*(?:总)?投资(?:计划|额)?)$")
_YEARLY = re.compile(r"^(?:同比|环比|按年|按月)+(?=[\u4e00-\u9fff]{2})")
MEASURE = re.compile(
    r"(?:增加值|总产值|产值|销售额|零售总额|零售额|成交额|进出口总额|进出口总值|进出口额?|出口额?|进口额?|"
    r"总收入|收入|支出|投资|余额|利润总额|利润|税收|产量|销量|销售面积|施工面积|竣工面积|面积|可支配收入|价格|"
    r"用电量|发电量|货运量|客运量|周转量|吞吐量|里程|总额|贷款|存款|消费)$"
)
"""Words of measures at the end of a name."""
_MEASURE_LAST = frozenset("值额口入出资润收量积格程款费")


HOLDER_UNITS = frozenset(("所", "个", "家", "座", "处", "户", "条", "支", "间", "院"))
"""Classifiers of bodies that have people, beds, rooms of their own."""


def opens_parts(item: Item) -> bool:
    """True where a figure begins the parts of what was named before (其中，…)."""
    if item.detached:
        return False
    if item.left[:1] in _AMONG_FIRST and AMONG.match(item.left):
        return True
    return bool(item.topic) and item.topic.rstrip(" ，,").endswith("其中")


@dataclass(slots=True)
class State:
    """Named figures of a report so far, and the line that is being read."""

    things: list[Item] = field(default_factory=list)
    last_thing: Item | None = None
    whole: Item | None = None
    whole_depth: int = 0
    event: Item | None = None
    """The last figure that stood on its own words."""
    holder: Item | None = None
    """The last body that was counted (小学21万所)."""
    heading: str | None = None
    """The kind of body that the last heading names."""
    among: tuple[int, str] | None = None
    """The sentence whose topic opens the parts of something (受理的诉求中，…), and of what."""
    compared: tuple[Item, Item] | None = None
    """The last figure that became another's comparison, and that other."""
    measure: str = ""
    items: list[Item] = field(default_factory=list)
    at: int = 0

    def remember(self, item: Item) -> None:
        """Keeps a named figure for those that lean on it; bounded."""
        self.things.append(item)
        if len(self.things) > 64:
            del self.things[:32]
        if not item.place:
            self.last_thing = item
        m = MEASURE.search(item.name) if item.name[-1:] in _MEASURE_LAST else None
        if m:
            self.measure = m[0]
        if item.figure.unit in HOLDER_UNITS and item.parent is None and not item.place and not leading_verb(item.name):
            self.holder = item

    def before(self) -> list[Item]:
        """The figures of the line before the current one, the nearest last; bounded."""
        return self.items[max(0, self.at - 40) : self.at]


def kind_of(item: Item) -> str:
    """Count, level or rate, by what the unit measures."""
    d = item.figure.dimension
    if (item.figure.unit or "").startswith("/"):
        return "rate"
    if d == "percent":
        return "rate"
    if d in COUNT_DIMENSIONS or d is None:
        if d is None and (
            isinstance(item.figure.value, float) or re.search(r"指数|系数|PMI|率|浓度|均值", item.left[-12:])
        ):
            return "level"
        return "count"
    if d == "ratio":
        return "rate" if item.figure.unit in ("成", None) else "level"
    return "level"


def topic_of(item: Item) -> str:
    """The object of the last clause without figures, or of the head before a colon."""
    text = item.topic or item.colon
    text = clean(text.replace(SOFT, ""))
    text = strip_right(strip_left(text))
    if not text:
        return ""
    name = shorten(text)[1]
    verb = leading_verb(name)
    if verb and len(name) - len(verb) >= 3:
        name = name[len(verb) :]
    return re.sub(r"^的", "", name)[:20]


def short(reference: Item) -> str:
    """A head that fits in front of another name."""
    return reference.name if len(reference.name) <= 16 else shorten(reference.name)[1]


def join_names(reference: Item, name: str) -> str:
    """A dependent name behind the name that it leans on."""
    head = reference.name
    if len(head) > 16:
        head = shorten(head)[1]
    if _LOSS.match(name):
        # 火灾死亡3人、受伤2人: both are of the fire.
        head = _LOSS_END.sub("", head)
        if not head:
            return name
        # 适用一般程序处理的交通事故: the dead are of the accident.
        head = _ATTRIBUTE.sub("", head)
    if "投资" in name:
        # 年度计划投资56亿元，完成投资36亿元: both are of the projects.
        head = _INVESTED.sub("", head)
    if head.startswith(name):
        # 受理案件1.2万件；其中二季度受理6800件
        return head
    if name == "占":
        return head + "占比"
    if name.startswith("总") and len(name) <= 3:
        return head + name
    return head + re.sub(r"^(?:共|并|且|均|累计)", "", name)


def heading(head: str) -> str:
    """A change's head without connectives, times and links."""
    text = strip_left(head.strip())
    text = _YEARLY.sub("", strip_right(text))
    return clean(text).strip("，,、 ")
