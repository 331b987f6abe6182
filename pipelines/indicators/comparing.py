"""Whose comparison a change is: the figure before it, or a record of its own."""

from __future__ import annotations

import re

from pipelines.indicators.changes import Change
from pipelines.indicators.naming import clean, own_name, shorten, strip_left
from pipelines.indicators.places import is_place
from pipelines.indicators.segments import Item
from pipelines.indicators.state import MEASURE, State, heading, opens_parts, topic_of
from pipelines.indicators.units import COUNT_DIMENSIONS
from pipelines.indicators.words import ADVERBS, AIM, AIM_FIRST, DEPENDENT, DEPENDENT_NOUN, leading_verb
from pipelines.items import Comparison

_LINKING = re.compile(
    r"^(?:按(?:当年|现行|不变|可比)?(?:价格?|口径)(?:计算)?|并|且|也|均|都|又|还|再|则|而|其中|同时|总体|分别|同比|环比|实际|名义|按可比价格?计算|按可比口径|"
    r"扣除价格因素|可比|与|和|已|人数|数量|总数|起数|数|宗数|件数|增量|双双|年均|共|累计|净|连续|比率|在|上|"
    r"的|等|占比|值|幅度|该|其|这一|数值|水平|绝对量|规模|总量|整体|较|比)*$"
)


def _target(state: State, item: Item, previous: Item | None) -> Item | None:
    """The record that a headless comparison belongs to."""
    if item.bracket_head:
        return None
    if item.depth and item.opener is not None and (previous is None or previous.depth < item.depth):
        opener = state.items[item.opener]
        if not opener.dropped and opener.role not in ("comparison", "from"):
            return opener
    if previous is None:
        return None
    if previous.depth > item.depth:
        for other in reversed(state.items[max(0, state.at - 40) : state.at]):
            if (
                other.figure.start < item.figure.start
                and other.depth <= item.depth
                and not other.dropped
                and other.role not in ("comparison", "from")
            ):
                return other
    return previous


def _before_share(state: State, share: Item) -> Item:
    """占…的62%，增长7%: the growth is the amount's, not the share's."""
    for other in reversed(state.items[max(0, state.at - 40) : state.at]):
        if (
            other.figure.start < share.figure.start
            and other.sentence == share.sentence
            and not other.dropped
            and other.kind in ("level", "count")
            and (share.kind != "rank" or other.clause != share.clause)
            and other.role not in ("from", "comparison")
        ):
            return other
    return share


_BETTER_UP = re.compile(r"率$|比例|天数|满意|优良|达标")
"""A better rate is a higher one, a better concentration a lower one."""
_BASE_CLAUSE = re.compile(r"^(?:其中:?)?(?:与|同|比|较|和)[^，,]{0,8}(?:相比|比较|对比)$")
_MEAN = re.compile(r"[两二三四五十]年(?:年均|平均)")
_AND = re.compile(r"和|与|及|、")
_SEEN_BY = re.compile(rf"(?:从|按|分)[\u4e00-\u9fff]{{0,8}}?({MEASURE.pattern[:-1]})(?:来)?看$")


def _of_other_year(target: Item, item: Item) -> bool:
    """True where a year is said behind the target's figure that is not the target's own."""
    own = [t.groups.get("y8") for t in target.times if t.kind == "year" and not t.base]
    later = [t for t in item.times if t.start > target.figure.start and t.kind == "year" and not t.base]
    return bool(own and later) and later[-1].groups.get("y8") not in (own[-1], None)


def _of_unit(state: State, item: Item) -> Item | None:
    """发生事故26起、死亡107人，同比减少4起、33人: each amount is the change of what has its unit."""
    for other in reversed(state.before()):
        if other.sentence < item.sentence - 2 or other.line != item.line:
            return None
        taken = other.dropped or other.role in ("from", "comparison", "rank") or other.kind == "change"
        if not taken and other.figure.unit == item.figure.unit:
            return other
    return None


_COUNT_WORD = re.compile(
    r"^(?P<stem>[\u4e00-\u9fff]{0,10}?)(?P<word>起数|件数|宗数|例数|人数|户数|次数|家数|艘数|辆数|台数)$"
)
_COUNT_UNITS = {
    "起数": "起",
    "件数": "件",
    "宗数": "宗",
    "例数": "例",
    "人数": "人名例",
    "户数": "户",
    "次数": "次",
    "家数": "家",
    "艘数": "艘",
    "辆数": "辆",
    "台数": "台",
}


_DEAD = re.compile(r"^(?:死人|亡人|死者)(?:数|人数)?$")
_SHARES = frozenset({"比重", "占比", "比例", "所占比重", "所占比例"})
_LOST = re.compile(r"(?P<what>死亡|受伤|失踪)(?:人数)?$|直接(?:财产|经济)损失$")
"""火灾死亡人数 names the dead again that 造成3人死亡 counted."""
_HURT = re.compile(r"^(?:伤人|伤者)(?:数|人数)?$")


def _resumes(state: State, item: Item) -> bool:
    """发生事故152起；与去年同期相比，起数减少27起: a sentence that only compares speaks of the one before."""
    for other in reversed([*state.before(), item]):
        if other.sentence != item.sentence:
            return False
        if _BASE_CLAUSE.search(other.topic):
            return True
    return False


def restated(state: State, item: Item, head: str) -> Item | None:
    """发生事故2起，死亡1人，与去年相比，事故起数下降33%: the figure that a change names again."""
    m = _COUNT_WORD.match(head)
    lost = _LOST.search(head)
    head = _DEAD.sub("死亡", _HURT.sub("受伤", head))
    for other in reversed(state.before()[-8:]):
        taken = other.dropped or other.role in ("from", "comparison", "rank") or other.kind in ("change", "rate")
        apart = other.line != item.line or other.sentence < item.sentence - (2 if m is not None else 1)
        bare = m is not None or lost is not None or bool(DEPENDENT_NOUN.match(head))
        if taken or apart or (other.sentence != item.sentence and not (bare and _resumes(state, item))):
            continue
        ending = rf"{lost['what']}(?:人数)?$" if lost is not None and lost["what"] else r"直接(?:财产|经济)损失$"
        if lost is not None and re.search(ending, other.own or other.name):
            return other
        counted = m is not None and (other.figure.unit or "-") in _COUNT_UNITS[m["word"]]
        if m is not None and counted and (not m["stem"] or m["stem"] in other.own + other.noun):
            return other
        if len(head) >= 2 and (
            other.own.endswith(head)
            or (len(head) >= 4 and other.own.startswith(head) and len(other.own) - len(head) <= 2)
        ):
            return other
        if len(head) == 3 and head[-1] in "量数" and other.own.endswith(head[:2]) and other.sentence == item.sentence:
            return other
        if len(other.own) >= 4 and (head.endswith(other.own) or (len(head) > 3 and other.own.endswith(head[:-1]))):
            return other
    return None


def _of_all(state: State, item: Item, head: str, change: Change) -> bool:
    """事故起数和死亡人数均下降66.7%: one change of several figures that were named before."""
    names = [n for n in _AND.split(re.sub(r"(?:均|都|双双)$", "", head)) if n]
    if len(names) < 2:
        return False
    targets = [restated(state, item, n) for n in names]
    found = [t for t in targets if t is not None and not (t.comparison and t.comparison.percent is not None)]
    if len(found) < len(names) or len({id(t) for t in found}) < len(found):
        return False
    taken = [compare(t, item, change) for t in found]
    return all(taken)


def place_change(state: State, item: Item, previous: Item | None, change: Change) -> bool:
    """True when the figure became another record's comparison."""
    f = item.figure
    head = heading(change.head)
    aimed = head[:1] in AIM_FIRST and bool(AIM.match(head))
    head = AIM.sub("", head) if aimed else head
    target = _target(state, item, previous)
    if change.text.startswith("改善") and _BETTER_UP.search(head or (target.name if target is not None else "")):
        change.direction = "up"
    if target is not None and target.share and f.dimension != "point" and target.kind == "rate":
        target = _before_share(state, target)
    if target is not None and target.kind == "rank" and f.dimension in ("percent", "point"):
        # 指数5.7，排名第4，同比下降15%: the fall is the index's, not the rank's.
        target = _before_share(state, target)
    bare = not head or bool(_LINKING.match(head)) or (target is not None and target.share and head in _SHARES)
    relative = f.dimension in ("percent", "point")
    if bare and relative and state.compared is not None and state.at and state.items[state.at - 1] is state.compared[0]:
        # 起数减少27起，下降15.08%: both compare the same.
        target = state.compared[1]
    follows = target is not None and state.compared is not None and target is state.compared[1]
    apart = target is not None and (
        target.figure.dimension != f.dimension or (f.dimension == "count" and target.figure.unit != f.unit)
    )
    counted = f.dimension in COUNT_DIMENSIONS and apart
    if bare and counted and not follows:
        target = _of_unit(state, item) or target
    near = target is not None and (target.sentence == item.sentence or (target.line == item.line and not head))
    growth = item.role == "growth"
    if head and not growth and f.dimension == "percent" and _of_all(state, item, head, change):
        return True
    again = restated(state, item, head) if head and not growth and item.role == "change" else None
    if again is not None and compare(again, item, change):
        state.compared = (item, again)
        return True
    if bare:
        if target is not None and near and _of_other_year(target, item):
            # 2023年办理8657件，2024年同比增加33.9%: the change is of a year that has no level here.
            change_record(item, change, target.name)
            item.subject, item.elided = target.subject, True
            return False
        if target is not None and near and not growth and item.role != "rightchange":
            # 完成投资100亿元，力争增长7%: what is done is not compared with an aim.
            if not aimed and compare(target, item, change):
                state.compared = (item, target)
                return True
            # A second change of the same figure is a record of its own.
            name = target.name
            mean = _MEAN.search(change.text + item.left)
            if mean:
                item.qualifiers.append(mean[0])
            if item.role == "gap" or f.dimension == "point":
                name = name + ("增速" if target.kind == "change" and not name.endswith("增速") else "")
            change_record(item, change, name)
            item.subject, item.elided = target.subject, True
            if change.base:
                item.qualifiers.append(
                    ("高于" if change.direction == "up" else "低于") + change.base
                    if item.role == "gap"
                    else change.base
                )
            return False
        if item.role == "rightchange":
            who = re.sub(r"以$", "", clean(item.left))
            own = own_name(who, "", f).name if len(who) > 4 else ""
            item.subject = who if who and len(who) <= 4 else None
            right = re.sub(r"第$|[第居列位].*$", "", re.sub(r"^的", "", clean(item.right)))
            name = own or right
            if len(name) <= 4:
                rest = re.search(r"(?:居|列|位列|位居)([\u4e00-\u9fff]{2,14}?)(?:榜单|第|$)", item.right)
                name = (rest[1] if rest else topic_of(item)) + name
            change_record(item, change, name)
            return False
        name = target.name if target is not None and target.line == item.line else topic_of(item)
        if item.bracket_head:
            name = heading(item.bracket_head)
            name = re.split(r"(?:包括|分别为|[为有是])(?=[\u4e00-\u9fff]{2})", name)[-1]
        if growth and target is not None and near and not name.endswith("增速"):
            name += "增速"
        item.elided = True
        if target is not None:
            item.subject = target.subject
        change_record(item, change, name)
        return False
    if growth:
        head = re.sub(
            r"(?:的)?(?:平均)?(?:增速|增幅|降幅|涨幅|跌幅|增长率|下降率|升幅).*$",
            lambda m: m[0].replace("的", ""),
            head,
        )
    name = shorten(strip_left(clean(ADVERBS.sub("", head))))[1]
    if name.startswith("实现") and len(name) >= 6:
        name = name[2:]
    if target is not None and near and (DEPENDENT_NOUN.match(name) or (DEPENDENT.match(name) and len(name) <= 6)):
        ref = target
        # 火灾起数上升，亡人数下降: the dead of the fires.
        lost = re.match(r"[死受]?[亡伤]|失踪|失联|直接|经济|财产", name)
        stem = re.sub(r"(?:(?:死亡|受伤|[亡伤])(?:人数)?|[起件宗次]数|人数)$", "", ref.name) if lost else ""
        name = (stem or ref.name) + name if not ref.name.endswith(name) else ref.name
        item.elided = True
    elif (
        target is not None
        and target.line == item.line
        and not leading_verb(name)
        and (opens_parts(item) or state.whole is not None or item.sign in "、，,;:")
    ):
        # 分门类看，采矿业增长3%: the measure was named before.
        seen_by = _SEEN_BY.search(item.topic)
        state.measure = seen_by[1] if seen_by else state.measure
        unnamed = (
            not MEASURE.search(name)
            and state.measure
            and target.kind in ("change", "level")
            and (len(name) <= 10 or name.endswith("业"))
            and "每" not in name
            and not re.search(r"(?:率|量|额|数|值|指数|人次|面积|里程)$", name)
        )
        if unnamed and state.measure not in name:
            name += state.measure
            item.elided = True
    if is_place(clean(head)) and state.last_thing is not None:
        item.place = True
        item.subject = item.region = clean(head)
        name = state.last_thing.name
    if opens_parts(item) and name in ("出口", "进口") and (trader := _trader(state, item)):
        name, item.elided = trader + name, True
    if opens_parts(item) and target is not None:
        item.parent = target.figure.start
    change_record(item, change, name)
    if item.role == "gap" and change.base:
        item.qualifiers.append(("高于" if change.direction == "up" else "低于") + change.base)
    return False


def _trader(state: State, item: Item) -> str:
    """民营企业进出口增长10%，占总值的42%。其中，出口增长13%: whose trade the part is of."""
    for other in reversed(state.before()):
        at = other.name.find("进出口")
        if at > 0 and other.line == item.line:
            return other.name[:at] if other.name[:at].endswith(("企业", "贸易")) and at <= 12 else ""
    return ""


def _base_class(base: str | None) -> str | None:
    """Which time a base means: a year before, a period before, the year's beginning; None for any other."""
    m = _BASE_CLASS.search(base or "")
    return m.lastgroup if m else None


_BASE_CLASS = re.compile(
    r"(?P<begin>年初|[上去]年(?:末|底))|(?P<last>环比|上[月周季]|前一[日月周])|(?P<year>同比|按年|同期|同月|[上去]年)"
)


def compare(target: Item, item: Item, change: Change) -> bool:
    """Puts the figure into the target's comparison; False where that place is taken."""
    f = item.figure
    rate = f.dimension == "percent"
    if target.kind == "change" and not (
        target.comparison
        and target.comparison.unit
        and target.comparison.percent is None
        and rate
        and target.figure.dimension not in ("percent", "point")
    ):
        return False
    c = target.comparison or Comparison()
    if _base_class(c.base) != _base_class(change.base) and c.base and change.base:
        # 比年初增加110亿元，同比增长9.8%: two bases are two comparisons.
        return False
    if item.role == "gap" and target.kind != "rate" and c.percent is not None:
        return False
    if rate and target.kind != "rate":
        if c.percent is not None:
            return False
        c.percent = f.value
    elif rate and target.kind == "rate":
        if c.percent is not None or c.amount is not None:
            return False
        c.percent = f.value
    else:
        if c.amount is not None:
            return False
        if f.dimension == "point" and c.percent is not None:
            return False
        if (
            f.dimension not in ("point", "ratio")
            and f.unit != target.figure.unit
            and f.unit is not None
            and target.figure.unit is not None
        ) and f.dimension != target.figure.dimension:
            return False
        c.amount, c.unit = f.value, f.unit or target.figure.unit
    if c.direction is None:
        c.direction = change.direction
    elif c.direction != change.direction:
        return False
    c.base = c.base or change.base
    if change.base_value is not None and c.base_value is None:
        c.base_value = change.base_value
    mean = "年均" if "年均" in item.left and "年均" not in change.text else ""
    c.text = f"{c.text}，{mean}{change.text}" if c.text else mean + change.text
    target.comparison = c
    item.role = "comparison"
    return True


def change_record(item: Item, change: Change, name: str) -> None:
    """Makes the figure a change of its own: no level stands beside it."""
    f = item.figure
    item.kind = "change"
    item.name = name
    item.noun = name
    c = Comparison(base=change.base, direction=change.direction, text=change.text)
    if f.dimension == "percent":
        c.percent = f.value
    else:
        c.amount, c.unit = f.value, f.unit
    item.comparison = c
