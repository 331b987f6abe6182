"""Names a level, a count or a rate: its own words, and what they leave out."""

from __future__ import annotations

import re

from pipelines.indicators.changes import Change
from pipelines.indicators.elisions import name_empty, name_place, name_predicate, shared_words
from pipelines.indicators.lists import name_in_bracket, name_listed, name_part
from pipelines.indicators.naming import clean, own_name, strip_left, strip_right
from pipelines.indicators.places import front_place, is_place
from pipelines.indicators.segments import TIME, Item
from pipelines.indicators.state import State, join_names, kind_of, opens_parts, short, topic_of
from pipelines.indicators.words import DEPENDENT, DEPENDENT_NOUN, DEPENDENT_RATE, LEAD, RATIO
from pipelines.items import Comparison

_SINCE_TOPIC = re.compile(
    rf"([^，,{TIME}]{{2,16}}?)(?:正式|全面)?(?:开通|成立|启动|实施|上线|开展|运行|启用|组建|挂牌|施行|开园)(?:以来|后)$"
)

_OF_TIME = re.compile(rf"(?:是|为|恢复到|恢复至|相当于|达到?|已恢复到|已达到?){TIME}+(?:同期|全年)?(?:水平)?的$")


def _last_event(state: State, item: Item) -> Item | None:
    """The paragraph's last figure on its own words."""
    return state.event if state.event is not None and state.event.line == item.line else None


def name_value(
    state: State, item: Item, previous: Item | None, chain: Item | None, event: Item | None, change: Change | None
) -> None:
    """Sets name, kind, qualifiers and parent of a figure that is no rank and no change.

    Args:
        state: what was read before.
        item: the figure.
        previous: the figure before it in the line.
        chain: the first figure of the list that it may stand in.
        event: the last figure of the sentence that stands on its own words.
        change: set where the figure is the level that a change reached (增至222项).
    """
    f = item.figure
    left = item.left
    among = opens_parts(item)
    if change is not None:
        left = change.head
        text = change.text
        c = item.comparison or Comparison()
        c.direction, c.base, c.text = change.direction, change.base, text
        item.comparison = c
    if item.from_left is not None:
        left = item.from_left
    shared = item.sign == "" and previous is not None and not item.fresh
    right = item.right
    if shared and previous is not None:
        left = shared_words(previous, left)
    since = _SINCE_TOPIC.search(item.topic) if item.topic else None
    own = own_name(left, right, f)
    name = own.name
    if since and not own.subject:
        own.subject = clean(since[1])
    item.verb, item.noun, item.subject = own.verb, own.noun, own.subject
    item.qualifiers.extend(own.attributes)
    item.own = name
    same = previous is not None and previous.sentence == item.sentence
    continued = same or (previous is not None and item.semicolon and previous.line == item.line)
    opener = state.items[item.opener] if item.depth and item.opener is not None else None
    if opener is not None and (opener.dropped or opener.role == "comparison"):
        opener = previous if previous is not None and previous.depth < item.depth else None
    item.kind = kind_of(item)
    stripped = strip_left(left)
    plain = clean(strip_right(stripped))
    bare = plain.removeprefix("的").strip("和及与、")
    if bare[:1] in ("为", "在", "以", "从") and is_place(bare[1:]):
        bare = bare[1:]
    if is_place(bare) and (own.left_only or own.predicate or not name or name == bare):
        name_place(state, item, bare, opener, previous, right, own.left_only or not right)
        return
    place = front_place(clean(stripped))
    if place and own.left_only and name.startswith(place) and len(name) > len(place) + 2:
        item.region = place
        rest = strip_left(name[len(place) :])
        if LEAD.match(rest) or re.match(r"现有|现存|累计|尚有|在院", rest):
            name = own.name = rest
            item.own = name
            item.subject = place if LEAD.match(rest) else item.subject
    if among and previous is not None and previous.line == item.line:
        state.whole = opener or (event or _last_event(state, item) or previous)
    elif among and state.last_thing is not None and previous is None:
        state.whole = state.last_thing
    whole = opener if opener is not None else state.whole
    if whole is not None and whole is not item:
        item.parent = whole.figure.start
    reference = opener if opener is not None else event if event is not None else previous
    whole_left = clean(left).lstrip("，,、;:和")
    ratio = RATIO.match(whole_left) if f.dimension in ("percent", "ratio") else None
    if f.dimension == "percent" and continued and reference is not None and _OF_TIME.match(left.strip(" ，,、")):
        item.share = item.elided = item.dependent = True
        item.kind = "rate"
        item.name, item.subject, item.region = short(reference), reference.subject, reference.region
        base_times = [t for t in item.times if t.base]
        item.qualifiers.append("相当于" + (base_times[-1].text if base_times else "上年"))
        return
    if ratio and continued and previous is not None and previous.kind != "rank":
        base = previous if not previous.share else event or previous
        word = "占" if whole_left.startswith("占") else "完成" if re.search(r"预算|计划|目标|任务", ratio["of"]) else ""
        item.share = item.elided = item.dependent = True
        item.kind = "rate"
        ending = "比重" if word == "占" and not ratio["of"].endswith(("比重", "比例")) else ""
        item.name = f"{short(base)}{word}{ratio['of']}{ending}"
        item.subject, item.region = base.subject, base.region
        item.parent = base.figure.start
        return
    if (
        own.left_only
        and continued
        and reference is not None
        and DEPENDENT_RATE.match(name)
        and len(name) <= 8
        and f.dimension == "percent"
    ):
        # A rate behind a rate speaks of the same thing.
        item.qualifiers.extend(reference.qualifiers if reference.kind == "rate" else [short(reference)])
    if own.verb in ("造成", "导致", "致") and continued and reference is not None:
        item.dependent = item.elided = True
        item.name = join_names(reference, name)
        item.qualifiers.extend(q for q in reference.qualifiers if q not in item.qualifiers and len(q) <= 8)
        return
    if (
        name
        and own.left_only
        and (DEPENDENT_NOUN.match(name) or DEPENDENT.match(name))
        and not re.match(r"[\s，,、]*(?:累计|新增|现有)", left)
        and not (LEAD.match(name) and len(name) > 8)
    ):
        item.dependent = True
        if continued and reference is not None:
            item.elided = True
            item.name = join_names(reference, name)
            item.subject = item.subject or reference.subject
            return
        topic = topic_of(item)
        if topic and len(name) <= 8:
            item.elided = True
            item.name = name
            item.qualifiers.append(topic)
            return
    if not own.left_only and not own.predicate and continued and previous is not None and not plain:
        # 受理案件6起，1起撤销，5起驳回: one unit, nothing on the left: classes of what was counted before.
        counted = previous.left_only or previous.dependent
        if (
            counted
            and previous.figure.unit == f.unit
            and f.unit in ("起", "件", "人", "名", "例", "宗", "户", "项", "家")
        ):
            own.predicate = True
            own.name = clean(right)[:18]
    item.left_only = own.left_only
    if own.predicate:
        name_predicate(state, item, own.name, own.subject, previous, event, continued, whole)
        return
    if not name:
        name_empty(state, item, previous, continued, opener)
        return
    if opener is not None and own.left_only:
        name_in_bracket(item, name, opener)
        return
    if (
        continued
        and previous is not None
        and own.left_only
        and len(name) <= 2
        and previous.figure.unit == f.unit
        and previous.name[-1:] == name[-1:]
        and len(previous.name) >= len(name) + 2
    ):
        # 生猪存栏86万头，出栏142万头
        item.elided = True
        name = previous.name[: -len(name)] + name
    alike = (
        continued
        and previous is not None
        and not among
        and item.parent is None
        and own.left_only
        and item.sign in "，,"
        and 3 <= len(name) <= 4
    )
    alike = alike and not LEAD.match(name) and f.dimension in ("count", "person", None)
    if alike and previous is not None and previous.left_only and previous.name[-2:] == name[-2:]:
        # 官方微博关注41万人，微信关注72万: the same ending, the words before it are shared.
        shorter = len(previous.name) >= len(name) + 2
        item.elided = item.elided or shorter
        name = previous.name[: -len(name)] + name if shorter else name
    if among or (whole is not None and own.left_only and item.sign in "，,、;:"):
        name = name_part(item, name, whole)
    if chain is not None and continued and not (own.verb and own.left_only and name.startswith(own.verb)):
        name = name_listed(item, name, chain, previous, own.left_only)
    if shared and previous is not None and not own.left_only and not item.qualifiers:
        item.qualifiers.extend(previous.qualifiers)
    if not own.left_only and not own.subject and item.topic and not plain and not item.qualifiers:
        topic = topic_of(item)
        if topic:
            item.qualifiers.append(topic)
            item.elided = True
    if (
        same
        and previous is not None
        and not item.subject
        and previous.subject
        and not previous.place
        and own.left_only
        and not place
    ):
        item.subject = previous.subject
    short_noun = own.left_only and len(name) <= 3 and not LEAD.match(name) and not item.qualifiers
    if short_noun and continued and event is not None and item.parent is None and f.dimension != "percent":
        # 普通小学招生67万人，在校生401万人: a bare noun speaks of what the sentence is about.
        item.qualifiers.append(short(event))
    if own.rest and previous is not None and item.sign in ("、", "") and previous.clause == item.clause:
        # 3个集体、11名个人荣立一等功: what the last does, all do.
        bare_noun = not previous.left_only and not previous.rest and bool(previous.noun)
        if bare_noun and previous.name.endswith(previous.noun):
            previous.name = (previous.name + own.rest)[:24]
    item.rest = own.rest
    item.name = item.name or name
    if not item.prefix:
        m = LEAD.match(name)
        item.prefix = m[0] if m else ""
