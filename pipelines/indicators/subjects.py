"""Of what a bare name speaks: 招生, 床位, 总库容 lean on the school, clinic or dam that was counted before them."""

from __future__ import annotations

import re

from pipelines.indicators.segments import Item
from pipelines.indicators.state import HOLDER_UNITS, State, short, topic_of
from pipelines.indicators.words import LEAD, METRIC, SCOPE, leading_verb

_BODY = (
    r"医院|卫生院|卫生室|卫生服务(?:中心|站)|学校|大学|中学|小学|初中|高中|幼儿园|机构|企业|公司|法院|检察院|银行|"
    r"合作社|口岸|机场|港口|园区|开发区|医保|公路|铁路|水路|民航"
)
_OF_BODY = re.compile(
    rf"^(?P<who>[\u4e00-\u9fff()]{{0,12}}?(?:{_BODY})(?:\([\u4e00-\u9fff]{{1,3}}\))?)(?=[\u4e00-\u9fff]{{2}})"
)
_HEADING_BODY = re.compile(rf"^[\u4e00-\u9fff]{{0,8}}(?:{_BODY}|教育|院|校|站|所)$")
_HEADING_MARK = re.compile(
    r"^[ ]{0,8}(?:[一二三四五六七八九十]{1,3}、|[(（][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}[.、])?[ ]{0,4}"
)
_BARE_VERB = re.compile(rf"(?:基本|全部|已|全面|实际|直接)?(?:{LEAD.pattern})+|[直转督]办")
_CONTRAST = re.compile(r"^(?:(?:其次|再次|最后|首先)(?:为|是)?)|(?:相对|比较)?(?:较[少多高低]|最[多少高低])$")


def heading_body(line: str) -> str | None:
    """The kind of body that a heading names (1.小学), or None."""
    if len(line) > 20:
        return None
    words = _HEADING_MARK.sub("", line).strip()
    return words if _HEADING_BODY.match(words) else None


def lean(state: State, item: Item, event: Item | None, previous: Item | None, continued: bool, left_only: bool) -> None:
    """Adds to a name of its own clause what it leaves out, as a qualifier or a region."""
    if not left_only:
        return
    if previous is not None and previous.sentence == item.sentence and item.region is None:
        # 北京市优良天数比例81%，臭氧浓度163: the place holds until another stands there.
        item.region = previous.region if not previous.place and not SCOPE.search(item.left) else None
    name = item.name
    if item.topic.endswith("中"):
        state.among = (item.sentence, topic_of(item).removesuffix("中"))
    inherited = previous is not None and item.subject == previous.subject
    if (
        (item.subject and not inherited)
        or item.qualifiers
        or (leading_verb(name) and (len(name) > 6 or not _BARE_VERB.fullmatch(name)))
        or item.figure.dimension in ("percent", "point")
    ):
        return
    if state.among is not None and state.among[0] == item.sentence and len(name) <= 6 and len(state.among[1]) >= 2:
        item.qualifiers.append(state.among[1])
        item.elided = True
        return
    twice = continued and event is not None and event.figure.unit == item.figure.unit and len(name) <= 6
    if twice and event is not None and _BARE_VERB.fullmatch(name):
        # 安居工程开工440万套，基本建成236万套
        if event.name not in name and not _BARE_VERB.fullmatch(event.name):
            item.qualifiers.append(short(event))
            item.elided = True
        return
    owner = _owner(state, item, event if continued else None)
    if owner and owner not in name and not name.startswith(owner[:4]):
        item.qualifiers.append(owner)
        item.elided = True


def tell_apart(state: State, item: Item) -> None:
    """其次为县城，发生火灾5起: a name that stood before needs what its own sentence says first."""
    if not item.topic or item.qualifiers or item.subject:
        return
    for other in reversed(state.before()):
        if other.line != item.line:
            return
        if other.name.endswith(item.name) and not other.dropped:
            topic = _CONTRAST.sub("", topic_of(item))
            if 2 <= len(topic) <= 10:
                item.qualifiers.append(topic)
                item.elided = True
            return


def _owner(state: State, item: Item, event: Item | None) -> str | None:
    name = item.name
    if event is not None and event.line == item.line and item.parent is None:
        holder = state.holder if len(name) <= 6 and _held(item) and item.sign in "，," else None
        if holder is not None and _holds(holder) and (holder.line, holder.sentence) == (item.line, item.sentence):
            return short(holder)
        if len(name) <= 3:
            # 普通小学招生67万人，在校生401万人: a bare noun speaks of what the sentence is about.
            return event.qualifiers[-1] if len(event.name) <= 4 and event.qualifiers else short(event)
    of = _OF_BODY.match(event.name) if event is not None and len(name) <= 6 else None
    if of and event is not None and not _OF_BODY.match(name):
        # 卫生院诊疗人次13亿；入院人次3992万. 卫生院床位32张、卫生人员10人.
        alike = event.figure.unit == item.figure.unit and METRIC.search(event.name) and METRIC.search(name)
        if alike or (len(event.name) - len(of["who"]) <= 4 and _held(item) and _held(event)):
            return of["who"]
    if len(name) > 4 or not _held(item) or item.parent is not None:
        return None
    if state.holder is not None and state.holder.line == item.line and state.holder.sentence != item.sentence:
        return short(state.holder)
    return state.heading if event is None or event.line != item.line or event.sentence != item.sentence else None


def _holds(event: Item) -> bool:
    return (
        event.kind == "count"
        and event.figure.unit in HOLDER_UNITS
        and not leading_verb(event.name)
        and not event.place
        and event.parent is None
    )


def _held(item: Item) -> bool:
    return item.figure.dimension not in ("count", None) or item.figure.unit in ("张", "人次")
