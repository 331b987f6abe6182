"""Names of places in an order: what is ranked, among whom, from where to where."""

from __future__ import annotations

import re

from pipelines.indicators.distribution import split_coordination
from pipelines.indicators.naming import clean, shorten, strip_left, strip_right
from pipelines.indicators.segments import Item
from pipelines.indicators.state import State, topic_of
from pipelines.indicators.words import DEPENDENT_NOUN, SCOPE
from pipelines.items import Rank

_RANK_VERB = re.compile(
    r"(?:稳|跃|均|并|分别|双双|共同|已|继续|连续\w{0,4})?(?:居于|位居|位列|排名|排在|排位|排|居|列|位|名列|名次|"
    r"获得?|保持|进入|跻身|夺得|评为|取得|上升|跃居|跃升|升|提升|荣获|荣登|稳居)(?:至|到|在|为|于)?"
)


def _in_turn(state: State, item: Item, head: str) -> str | None:
    """甲考核、乙考核分居第二和第三位: each rank has its own thing; None where the words list none."""
    row = [item]
    for other in state.items[state.at + 1 : state.at + 8]:
        if other.role != "rank" or other.sign != "、" or clean(other.left).strip("和及与") or other.dropped:
            break
        row.append(other)
    if len(row) < 2 or not re.search(r"分(?:别)?[居列位排获]|分别", item.left):
        return None
    names = split_coordination(re.sub(r"分别?$", "", head), len(row))
    if not names:
        return None
    for other, name in zip(row[1:], names[1:], strict=True):
        other.own = name
    return names[0]


def name_rank(state: State, item: Item, previous: Item | None) -> None:
    """Sets name, rank and scope of a figure that is a place in an order."""
    left = clean(item.left if item.from_left is None else item.from_left)
    head, scope = left, ""
    found = None
    for m in _RANK_VERB.finditer(left):
        found = m
        break_ = left[m.end() :]
        if len(break_) <= 16:
            break
    if item.from_left is not None:
        head, scope = left, ""
    elif found:
        head, scope = left[: found.start()], left[found.end() :]
    elif item.sign == "、" or len(left) <= 8:
        head, scope = "", left
    head = strip_right(strip_left(head))
    names = _in_turn(state, item, head)
    head = names or item.own or shorten(head)[1]
    scope = re.sub(r"^并?列$", "", scope)
    measured = re.match(r"[降增涨跌升]幅", scope)
    if measured and not head:
        head, scope = measured[0], scope[measured.end() :]
    scope = strip_right(strip_left(scope)) or (SCOPE.search(scope)[0] if SCOPE.search(scope) else "")  # type: ignore[index]
    if not scope:
        m2 = SCOPE.search(item.left[-10:])
        scope = m2[0] if m2 else ""
    base = previous
    if base is not None and base.share:
        # 占…33%，居第二: the amount is ranked, not the share.
        base = next(
            (x for x in reversed(state.before()) if x.name and not x.share and x.kind in ("level", "count")),
            base,
        )
    among = (
        previous is not None
        and bool(head)
        and clean(previous.right).startswith(head)
        and item.figure.value <= previous.figure.value
    )
    if (re.search(r"[中里内]$", head) or among) and previous is not None and item.sign == "" and not item.fresh:
        # 在全省14个设区市中排名第5位: the figure in the same clause counts those ranked.
        scope, head = re.sub(r"[中里内]$", "", head), ""
        earlier = [
            x
            for x in state.before()
            if x.clause < item.clause
            and x.sentence == item.sentence
            and not x.dropped
            and x.role not in ("from", "comparison")
        ]
        base = earlier[-1] if earlier else None
    if previous is not None and previous.role == "rank" and item.sign == "、" and not head:
        head = previous.own
    elif head and DEPENDENT_NOUN.match(head) and base is not None and base.sentence == item.sentence:
        head = re.sub(r"(?:总量|总额|规模|增速)$", "", base.own) + head if base.kind == "rank" else base.name + head
        item.elided = True
    elif not head:
        item.elided = True
        if base is not None and (base.sentence == item.sentence or base.line == item.line):
            head = base.name
            item.subject = base.subject
        else:
            head = topic_of(item)
    elif re.fullmatch(r"(?:降幅|增幅|增速|涨幅|总量|排名|位次|名次)", head) and state.things:
        head = state.things[-1].name.removesuffix("排名") + head
        item.elided = True
    item.own = head
    name = head
    if scope and scope not in name and len(scope) <= 10:
        name = f"{name}{scope}"
    if not name.endswith(("排名", "位次", "名次")):
        name += "排名"
    if head.endswith("排名") and scope:
        name = head
    item.name = name
    item.noun = head
    item.kind = "rank"
    if scope:
        item.qualifiers.append(scope)
    if item.rank:
        item.rank.scope = scope or None
    else:
        item.rank = Rank(to=int(item.figure.value), scope=scope or None)
