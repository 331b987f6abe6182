"""Names a level, a count or a rate: its own words, and what they leave out."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipelines.indicators.changes import Change
from pipelines.indicators.elisions import name_empty, name_place, name_predicate, shared_words
from pipelines.indicators.lists import name_in_bracket, name_like_previous, name_listed, name_part, name_with_measure
from pipelines.indicators.naming import Own, clean, own_name, strip_left, strip_right
from pipelines.indicators.places import front_place, is_place
from pipelines.indicators.segments import TIME, Item
from pipelines.indicators.state import State, join_names, kind_of, opens_parts, short, topic_of
from pipelines.indicators.subjects import lean, tell_apart
from pipelines.indicators.words import DEPENDENT, DEPENDENT_NOUN, DEPENDENT_RATE, RATIO, leading_verb
from pipelines.items import Comparison

_SINCE_TOPIC = re.compile(
    rf"([^，,{TIME}]{{2,16}}?)(?:正式|全面)?(?:开通|成立|启动|实施|上线|开展|运行|启用|组建|挂牌|施行|开园)(?:以来|后)$"
)
_OF_TIME = re.compile(rf"(?:是|为|恢复到|恢复至|相当于|达到?|已恢复到|已达到?){TIME}+(?:同期|全年)?(?:水平)?的$")
_AMONG_SHARE = re.compile(r"(?P<who>[^，,在]{0,12})在(?P<of>[^，,]{2,24}?)中(?:占|占比为?|所占比[例重]为?)$")
_RECOVERED = re.compile(r"(?:同比|按?可比口径|已)*恢复(?:至|到)?$")
_OWN_COUNT = re.compile(r"[\s，,、]*(?:累计|新增|现有)")
_STOCK = re.compile(r"现有|现存|累计|尚有|在院")
_LEANS_WHOLLY = frozenset({"新增", "净增", "新增加", "现有", "日均", "月均", "年均", "户均"})
_CASES = re.compile(r"(?:案件?|警情|投诉|事故|诉求|信访)$")
_BARE_DEEDS = frozenset({"发生", "接报", "受理", "立案", "查处", "侦破", "破获", "破案"})
_TOPIC_EVENT = re.compile(
    r"(?:[^，,]{0,20}的)?([\u4e00-\u9fff“”]{0,12}?(?:事故|案件?|警情|火灾|事件|投诉|举报|灾害|违法行为))"
    r"(?:时有|总体|有所|持续|多发|频发|高发|呈现?|仍然?|明显|继续|整体|稳中|大幅|得到)"
)
"""The events that a clause without figures speaks of: 重特大事故时有发生."""
_RATED = frozenset(("count", "person", "money"))
"""What has a rate of its own behind it: cases settled, people vaccinated, money recovered."""
_CLASSED = ("起", "件", "人", "名", "例", "宗", "户", "项", "家")
"""Units whose bare repetition counts classes of the same things (6起，1起撤销)."""


@dataclass(slots=True)
class _Scene:
    """A figure among those before it."""

    state: State
    item: Item
    previous: Item | None
    event: Item | None
    left: str
    own: Own
    plain: str
    """The left words without connectives and copulas; empty where the clause says nothing of its own."""
    shared: bool
    """The words between the figure before and this one belong to both."""
    continued: bool
    opener: Item | None
    whole: Item | None = None
    reference: Item | None = None
    """What a dependent name leans on."""


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
    scene = _scene(state, item, previous, event, change)
    if _placed(scene):
        return
    place = _area(scene)
    _whole(scene)
    if _shared_of(scene) or _dependent(scene):
        return
    own = scene.own
    _classes(scene)
    item.left_only = own.left_only
    if own.predicate:
        name_predicate(state, item, own.name, own.subject, previous, event, scene.continued, scene.whole)
    elif not own.name:
        name_empty(state, item, previous, scene.continued, scene.opener)
    elif scene.opener is not None and own.left_only:
        name_in_bracket(item, own.name, scene.opener)
    else:
        _own_words(scene, chain)
        _surroundings(scene, place)


def _scene(state: State, item: Item, previous: Item | None, event: Item | None, change: Change | None) -> _Scene:
    left = item.left
    if change is not None:
        left = change.head
        c = item.comparison or Comparison()
        c.direction, c.base, c.text = change.direction, change.base or c.base, change.text
        item.comparison = c
    if item.from_left is not None:
        left = item.from_left
    shared = item.sign == "" and previous is not None and not item.fresh
    if shared and previous is not None:
        left = shared_words(previous, left)
    own = own_name(left, item.right, item.figure)
    since = _SINCE_TOPIC.search(item.topic) if item.topic.endswith(("以来", "后")) else None
    if since and not own.subject:
        own.subject = clean(since[1])
    item.verb, item.noun, item.subject, item.own = own.verb, own.noun, own.subject, own.name
    item.qualifiers.extend(own.attributes)
    item.kind = kind_of(item)
    same = previous is not None and previous.sentence == item.sentence
    continued = same or (previous is not None and item.semicolon and previous.line == item.line)
    opener = state.items[item.opener] if item.depth and item.opener is not None else None
    if opener is not None and (opener.dropped or opener.role == "comparison"):
        opener = previous if previous is not None and previous.depth < item.depth else None
    plain = clean(strip_right(strip_left(left)))
    return _Scene(state, item, previous, event, left, own, plain, shared, continued, opener)


def _placed(scene: _Scene) -> bool:
    """True for a place of a list, whose head names it."""
    own = scene.own
    bare = scene.plain.removeprefix("的").strip("和及与、")
    if bare[:1] in ("为", "在", "以", "从") and is_place(bare[1:]):
        bare = bare[1:]
    if not is_place(bare) or not (own.left_only or own.predicate or not own.name or own.name == bare):
        return False
    right = scene.item.right
    name_place(scene.state, scene.item, bare, scene.opener, scene.previous, right, own.left_only or not right)
    return True


def _area(scene: _Scene) -> str | None:
    """The place that the clause begins with; it leaves the name where a verb follows."""
    own, item = scene.own, scene.item
    place = front_place(clean(strip_left(scene.left)))
    if place and not own.left_only and not own.predicate:
        item.region = place
    if place and own.left_only and own.name.startswith(place) and len(own.name) > len(place) + 2:
        item.region = place
        rest = strip_left(own.name[len(place) :])
        if leading_verb(rest) or _STOCK.match(rest):
            own.name = item.own = rest
            item.subject = place if leading_verb(rest) else item.subject
    return place


def _whole(scene: _Scene) -> None:
    """Sets the whole that the figure is part of, and what a dependent name leans on."""
    state, item, previous = scene.state, scene.item, scene.previous
    if opens_parts(item):
        state.whole_depth = item.depth
        if previous is not None and previous.line == item.line:
            last = state.event if state.event is not None and state.event.line == item.line else None
            state.whole = scene.opener or scene.event or last or previous
        elif previous is None and state.last_thing is not None:
            state.whole = state.last_thing
    scene.whole = scene.opener if scene.opener is not None else state.whole
    if scene.whole is not None and scene.whole is not item:
        item.parent = scene.whole.figure.start
    event = scene.event
    if event is not None and state.whole is not None and event.parent == state.whole.figure.start:
        # 抓获234人，其中刑事拘留77人，逮捕163人: parts speak of the whole, not of the part before.
        event = state.whole if event.figure.unit == item.figure.unit and len(event.noun) < 2 else event
    scene.reference = scene.opener or event or previous


def _shared_of(scene: _Scene) -> bool:
    """占总数的64%, 为预算的101%, 恢复到2019年的98%: a share names the whole and what has it."""
    item, previous, reference = scene.item, scene.previous, scene.reference
    percent = item.figure.dimension == "percent"
    own = _AMONG_SHARE.match(clean(strip_left(scene.left))) if percent else None
    if own and own["who"]:
        # 夜间事故在减少数量中占54.5%
        item.share, item.kind, item.name = True, "rate", f"{own['who']}占{own['of']}比重"
        return True
    if not scene.continued or previous is None or not (percent or item.figure.dimension == "ratio"):
        return False
    words = clean(scene.left).lstrip("，,、;:和只仅约")
    among = _AMONG_SHARE.match(words)
    words = "占" + among["of"] if among else words
    if percent and reference is not None and (_OF_TIME.match(scene.left.strip(" ，,、")) or _RECOVERED.match(words)):
        item.share = item.elided = item.dependent = True
        item.kind = "rate"
        item.name, item.subject, item.region = short(reference), reference.subject, reference.region
        base_times = [t for t in item.times if t.base]
        item.qualifiers.append("相当于" + (base_times[-1].text if base_times else "上年"))
        return True
    ratio = RATIO.match(words)
    if not ratio or previous.kind == "rank":
        return False
    of = re.sub(r"(?<=[\u4e00-\u9fff]{2})(?:为|达到?|是|约|超过?)$", "", ratio["of"])
    base = item.of or (previous if not previous.share else scene.event or previous)
    if item.of is None:
        base = _row_of_shares(scene.state, item) or base
    word = "占" if words.startswith("占") else "完成" if re.search(r"预算|计划|目标|任务", of) else ""
    word = word or ("相当于" if words.startswith("相当于") else "")
    ending = "比重" if word == "占" and not of.endswith(("比重", "比例")) else ""
    item.share = item.elided = item.dependent = True
    item.kind = "rate"
    item.name = f"{short(base)}{word}{of}{ending}"
    item.subject, item.region, item.parent = base.subject, base.region, base.figure.start
    item.qualifiers.extend(q for q in base.qualifiers if q not in item.name)
    return True


def _row_of_shares(state: State, item: Item) -> Item | None:
    """火灾39万起、亡645人，占总数的59.1%和48.7%: each share is of one of the figures before, in their order."""
    row = [item]
    for other in state.items[state.at + 1 : state.at + 6]:
        if other.dropped or other.figure.dimension != "percent" or other.sign != "、" or clean(other.left):
            break
        row.append(other)
    counted = [
        x
        for x in state.before()
        if x.sentence == item.sentence and x.kind in ("count", "level") and x.name and not x.dropped
    ][-len(row) :]
    if len(row) < 2 or len(counted) < len(row):
        return None
    for other, of in zip(row[1:], counted[1:], strict=True):
        other.of, other.left = of, item.left
    return counted[0]


def _dependent(scene: _Scene) -> bool:
    """造成死亡69人, 标的额63亿元: names that lean on what was named before; True where that names the figure."""
    item, own, reference = scene.item, scene.own, scene.reference
    name = own.name
    leans = scene.continued and reference is not None
    rate = item.figure.dimension == "percent" and len(name) <= 8 and bool(DEPENDENT_RATE.match(name))
    rated = reference is not None and (
        reference.kind == "rate" or reference.figure.dimension in _RATED or bool(_CASES.search(reference.name))
    )
    if reference is not None and leans and own.left_only and rate and rated and item.sign != ";":
        # A rate behind a rate speaks of the same thing.
        item.qualifiers.extend(reference.qualifiers if reference.kind == "rate" else [short(reference)])
    if reference is not None and leans and own.verb in ("造成", "导致", "致"):
        item.dependent = item.elided = True
        item.name = join_names(reference, name)
        item.qualifiers.extend(q for q in reference.qualifiers if q not in item.qualifiers and len(q) <= 8)
        return True
    if reference is not None and leans and own.left_only and name in _LEANS_WHOLLY:
        # 农民合作社769个，新增6个
        item.dependent = item.elided = True
        item.name = name + short(reference)
        return True
    if not (name and own.left_only and (DEPENDENT_NOUN.match(name) or DEPENDENT.match(name))):
        return False
    if _OWN_COUNT.match(scene.left) or (leading_verb(name) and len(name) > 8):
        return False
    item.dependent = True
    if reference is not None and leans:
        item.elided = True
        item.name = join_names(reference, name)
        item.subject = item.subject or reference.subject
        return True
    topic = topic_of(item)
    if not topic or len(name) > 8:
        return False
    item.elided = True
    told = _told_of(item, name)
    item.name = name + told
    if not told:
        item.qualifiers.append(topic)
    return True


def _told_of(item: Item, name: str) -> str:
    """诈骗警情总体有所遏制，全市共接报8114起: the events that the clause before speaks of."""
    told = _TOPIC_EVENT.match(clean(strip_left(item.topic))) if name in _BARE_DEEDS else None
    return told[1] if told else ""


def _classes(scene: _Scene) -> None:
    """受理案件6起，1起撤销，5起驳回: one unit and nothing on the left are classes of what was counted before."""
    own, previous, item = scene.own, scene.previous, scene.item
    if own.left_only or own.predicate or not scene.continued or previous is None or scene.plain:
        return
    counted = previous.left_only or previous.dependent
    if clean(item.right).startswith(previous.noun[-4:] or previous.name[:4]):
        # 火灾18起，18起火灾中…: the same again.
        return
    if counted and previous.figure.unit == item.figure.unit and item.figure.unit in _CLASSED:
        own.predicate = True
        own.name = clean(item.right)[:18]


def _own_words(scene: _Scene, chain: Item | None) -> None:
    """The name by its own words, with the verb, head or ending that a list or a whole shares with it."""
    item, own, previous, whole = scene.item, scene.own, scene.previous, scene.whole
    name = own.name
    told = _told_of(item, name) if own.left_only else ""
    if told:
        name, item.elided = name + told, True
    if scene.continued and previous is not None and own.left_only:
        name = name_like_previous(item, name, previous)
        name = name_with_measure(item, name, previous, scene.state.measure)
    if opens_parts(item) or (whole is not None and own.left_only and item.sign in "，,、;:"):
        name = name_part(item, name, whole)
    if chain is not None and scene.continued and not (own.verb and own.left_only and name.startswith(own.verb)):
        name = name_listed(item, name, chain, previous, own.left_only)
    item.name = name + "比" * (name.endswith("占") and item.figure.dimension == "percent")


def _surroundings(scene: _Scene, place: str | None) -> None:
    """Subject and qualifiers from the clauses around, and a predicate that the figure before shares."""
    item, own, previous, event = scene.item, scene.own, scene.previous, scene.event
    if scene.shared and previous is not None and not own.left_only and not item.qualifiers:
        item.qualifiers.extend(previous.qualifiers)
    if not own.left_only and not own.subject and item.topic and not scene.plain and not item.qualifiers:
        topic = topic_of(item)
        if topic:
            item.qualifiers.append(topic)
            item.elided = True
    same = previous is not None and previous.sentence == item.sentence
    if previous is not None and same and own.left_only and not item.subject and not previous.place and not place:
        item.subject = previous.subject
    if own.points_back:
        before = scene.state.things[-1] if scene.state.things else None
        if before is not None and item.line - before.line <= 1 and short(before) not in item.qualifiers:
            item.qualifiers.append(short(before))
            item.elided = True
    lean(scene.state, item, event, previous, scene.continued, own.left_only)
    tell_apart(scene.state, item)
    if own.rest and previous is not None and item.sign in ("、", "") and previous.clause == item.clause:
        # 3个集体、11名个人荣立一等功: what the last does, all do.
        bare_noun = not previous.left_only and not previous.rest and bool(previous.noun)
        if bare_noun and previous.name.endswith(previous.noun):
            previous.name = (previous.name + own.rest)[:24]
    item.rest = own.rest
