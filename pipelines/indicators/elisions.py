"""Figures whose clause leaves the thing out: places of a list, bare predicates, bare numbers."""

from __future__ import annotations

import re

from pipelines.indicators.naming import clean, own_name, shorten, strip_left
from pipelines.indicators.places import front_place, is_place, split_place
from pipelines.indicators.segments import TIME, Item
from pipelines.indicators.state import State, heading, topic_of
from pipelines.indicators.units import COUNT_DIMENSIONS
from pipelines.indicators.words import FATE, LEAD, leading_verb

_COUNTED = re.compile(
    r"[\u4e00-\u9fff]{2,12}?(?:数量|人数|起数|数|率|量|额|病例|案件|事故)(?=较|居|排|位|最|前|多|高|$)"
)
_LEVEL = re.compile(r"(?:国家|[省市区县州镇乡村]|自治区)(?:本)?级")
_TOPIC_METRIC = re.compile(
    r"^([\u4e00-\u9fff“”]{1,16}?(?:率|额|量|人?数|值|收入|支出|面积|规模|里程|产值|利润|余额|满意度))"
    r"(?:再?创|持续|稳步|稳定|保持|明显|大幅|显著|不断|首次|实现|突破|迈上|快速|有所|逐年|继续|进一步|稳中|大为)"
)


def shared_words(previous: Item, left: str) -> str:
    """The words between two figures without a sign: whose are they?"""
    text = clean(left)
    if not text:
        return ""
    if previous.figure.dimension in COUNT_DIMENSIONS and previous.noun and previous.role == "value" and previous.own:
        if len(previous.noun) >= 3 and text.startswith(previous.noun):
            rest = text[len(previous.noun) :]
            if leading_verb(strip_left(rest)):
                # 3次整治行动共出动警力63人次: the noun is the first figure's.
                return rest
        m = LEAD.search(text, 1)
        if m:
            return text
        if text.endswith("的") or re.match(r"(?:占|比|为)", text):
            return text
        if previous.noun and text.startswith(previous.noun[:2]):
            rest = text[len(previous.noun) :]
            if re.fullmatch(r"[中里内]?(?:共?有)?", rest):
                # 18起较大火灾中有10起发生在家中: the second says of the first what it did.
                return ""
            rest = re.sub(r"^[中里内]共?有(?=[\u4e00-\u9fff]{2})", "", rest)
            return rest if len(rest) > 3 or not previous.noun.startswith(text[:8]) else text
    return text


def name_place(
    state: State, item: Item, place: str, opener: Item | None, previous: Item | None, right: str, left_only: bool
) -> None:
    """A place of a list (福州市72例): its name is the head's, its subject and region the place."""
    item.place = True
    head = state.last_thing
    counted = _COUNTED.match(clean(strip_left(item.colon))) if item.colon else None
    upper = ""
    if opener is not None:
        head = opener
        if opener.place and opener.region:
            upper = opener.region
    whole, _ = split_place(place)
    place = re.sub(r"(?<=[市州盟])的", "", place) if "的" in place else place
    if (
        not upper
        and not whole
        and item.sign == "、"
        and previous is not None
        and previous.place
        and previous.region
        and previous.depth == item.depth
        and place[-1] in "县区旗"
        and item.depth
    ):
        upper = split_place(previous.region)[0]
    item.region = place if whole or not upper else upper + place
    item.subject = item.region
    own = own_name("", right, item.figure) if right and item.figure.dimension in COUNT_DIMENSIONS else None
    if own and own.name and not left_only:
        item.name = own.name
        item.place = False
        return
    if own and own.name and right and not right.startswith(TIME):
        item.name = own.name
        item.place = False
        return
    item.elided = True
    if counted and (opener is None or not opener.place):
        item.name = item.noun = counted[0]
        return
    if head is not None:
        of = front_place(head.name)
        # 甲县的信访量203件，其他依次为乙县147件: what is counted, without the first's place.
        item.name = head.name.removeprefix(f"{of}的") if of else head.name
        item.kind = head.kind if item.figure.dimension == head.figure.dimension else item.kind
        item.parent = head.figure.start
        if head.period is not None:
            item.period = head.period
        item.qualifiers.extend(q for q in head.qualifiers if q not in item.qualifiers)
    else:
        item.name = place


def name_empty(state: State, item: Item, previous: Item | None, continued: bool, opener: Item | None) -> None:
    """No words of its own: the figure before, or the topic, says what it is."""
    item.elided = True
    level = _LEVEL.fullmatch(clean(item.left).strip("，,、 ")) if previous is None and not item.topic else None
    if level:
        # 市级5项, that opens a line
        item.name = item.noun = level[0]
        return
    said = _TOPIC_METRIC.match(clean(strip_left(item.topic))) if item.topic else None
    if said and not item.bracket_head:
        # 破案率创历史新高，达到96.7%
        item.name = item.noun = said[1]
        return
    if item.bracket_head:
        name = heading(item.bracket_head)
        item.name = re.split(r"(?:包括|分别为|[为有是])(?=[\u4e00-\u9fff]{2})", name)[-1]
        item.noun = item.name
        return
    if opener is not None:
        item.name, item.subject = opener.name, opener.subject
        return
    if continued and previous is not None:
        item.name, item.subject, item.region = previous.name, previous.subject, previous.region
        item.noun = previous.noun
        if re.search(r"合计|总计|共计", item.left) and previous.figure.unit == item.figure.unit:
            item.qualifiers.append("合计")
        # 增长5.1%、达到3亿元: the change belongs to the level that follows.
        same_unit = previous.figure.unit == item.figure.unit and item.kind in ("level", "count")
        if (
            previous.kind == "change"
            and previous.comparison
            and item.comparison is None
            and ((item.kind == "level" and previous.figure.dimension == "percent") or same_unit)
        ):
            item.comparison = previous.comparison
            previous.dropped = True
        return
    topic = topic_of(item)
    if topic:
        item.name = topic
    elif state.things and state.things[-1].line == item.line:
        item.name = state.things[-1].name
    elif state.last_thing is not None:
        item.name = state.last_thing.name


def name_predicate(
    state: State,
    item: Item,
    name: str,
    subject: str | None,
    previous: Item | None,
    event: Item | None,
    continued: bool,
    whole: Item | None,
) -> None:
    """3起撤诉, 37人死亡, 45条纳入…: the subject was named before."""
    item.elided = True
    reference = event if continued else None
    if continued and previous is not None:
        unit = item.figure.unit
        for other in reversed(state.things[-12:]):
            if other.line != item.line:
                break
            if other.figure.unit == unit and not other.dependent and other.noun:
                reference = other
                break
    item.dependent = True
    if subject and not is_place(subject):
        item.name = subject + name
        return
    fate = FATE.match(name)
    if (
        fate
        and item.sign == "、"
        and previous is not None
        and not previous.left_only
        and previous.clause == item.clause
        and not previous.dependent
        and not FATE.match(previous.name[-2:])
    ):
        # 造成17个乡镇、8.6万人受灾: both share the predicate.
        if not previous.name.endswith(fate[0]):
            previous.name += fate[0]
        item.name = name
        return
    if reference is None and whole is not None:
        reference = whole
    if reference is None:
        topic = topic_of(item)
        item.name = (topic if len(topic) <= 14 else "") + name
        if topic and topic not in item.name:
            item.qualifiers.append(topic)
        return
    head = reference.name
    if not FATE.match(name) and reference.noun and len(reference.noun) >= 2:
        head = reference.noun
    if FATE.match(name):
        # 造成25万人受灾，15人死亡: the dead are no part of those hit.
        head = re.sub(r"(?:造成)?受灾$", "", head)
    if len(head) > 16:
        head = shorten(head)[1]
    item.name = head + name
    item.qualifiers.extend(q for q in reference.qualifiers if q not in item.qualifiers and len(q) <= 8)
    if reference is whole or reference.figure.unit == item.figure.unit:
        item.parent = item.parent or reference.figure.start
