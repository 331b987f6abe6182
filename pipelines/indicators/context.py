"""Fills in what clauses leave out, figure by figure: names, kinds, comparisons, wholes."""

from __future__ import annotations

from pipelines.indicators.changes import Change
from pipelines.indicators.comparing import change_record, compare, place_change, restated
from pipelines.indicators.distribution import Part, distribute
from pipelines.indicators.naming import clean, strip_right
from pipelines.indicators.places import is_place
from pipelines.indicators.ranks import name_rank
from pipelines.indicators.segments import Item, Line
from pipelines.indicators.state import State, kind_of, opens_parts
from pipelines.indicators.values import name_value
from pipelines.indicators.words import leading_verb
from pipelines.items import Comparison, Rank


def read_line(state: State, line: Line, changes: dict[int, Change]) -> list[Item]:
    """Gives every item of the line its name, kind, comparison and parent; returns those that are indicators."""
    items = state.items = line.items
    distribution = distribute(items, changes)
    previous: Item | None = None
    chain: Item | None = None
    event: Item | None = None
    state.whole = None
    for i, item in enumerate(items):
        state.at = i
        if item.dropped:
            continue
        if previous is None or item.sentence != previous.sentence:
            chain = None
            if not (item.semicolon and previous is not None):
                event = None
                if not opens_parts(item):
                    state.whole = None
        if item.sign == ";" or (item.semicolon and item.depth == 0):
            chain = None
            if not item.colon.rstrip().endswith("其中") and not _sibling(item, event):
                state.whole = None
        if item.depth < state.whole_depth:
            # The bracket that held the parts is closed.
            state.whole, state.whole_depth = None, 0
        if i in distribution:
            if _distributed(state, item, distribution[i], changes.get(i)):
                state.remember(item)
                previous = item
                event = event or item
            continue
        if item.role == "from":
            if i + 1 < len(items):
                _carry_from(item, items[i + 1])
            continue
        if item.role == "rank":
            name_rank(state, item, previous)
        elif item.role in ("change", "gap", "growth", "rightchange"):
            if place_change(state, item, previous, changes[i]):
                continue
        else:
            name_value(state, item, previous, chain, event, changes.get(i))
        if not item.listed:
            chain = item
        if previous is not None and not item.sign and not clean(item.left) and (not previous.name or _given(previous)):
            # 1.2万户3.9万人加入合作社, 为13户25人发放补贴: what is said of the second is said of both.
            previous.name = previous.noun = item.name
        state.remember(item)
        heads = item.role != "rank" and not item.dependent and not item.place
        if heads and (event is None or (item.opener is None and (item.kind != "rate" or event.kind == "rate"))):
            # 受案数占总数的62%, 结案率75%: nothing that follows speaks of the rate.
            event = state.event = item
        previous = item
    return [x for x in items if not x.dropped and x.role not in ("from", "comparison")]


def _given(item: Item) -> bool:
    """True where nothing but a preposition stands before the figure (为13户): no words name it."""
    return item.elided and clean(item.left).strip("，,、 ") in ("为", "给", "向", "对")


def _sibling(item: Item, event: Item | None) -> bool:
    """其中A类60件；B类40件: the part behind a semicolon is of the same class as the part before it."""
    words = clean(strip_right(item.left))
    if event is None or event.parent is None or not words or words[-1] != event.own[-1:]:
        return False
    alike = words[-2:] == event.own[-2:] or len(words) == len(event.own) <= 3
    return words[-1] in "类型级" or (alike and item.figure.unit == event.figure.unit and not leading_verb(words))


def _distributed(state: State, item: Item, part: Part, change: Change | None) -> bool:
    """Names one value of a 分别 list; False where it became another record's comparison."""
    if part.target is not None:
        target = state.items[part.target]
        if part.is_comparison and change is not None:
            compare(target, item, change)
            item.dropped = item.role != "comparison"
            return False
        item.name, item.subject = target.name + part.extra, target.subject
        item.kind = kind_of(item)
    else:
        item.name, item.subject = part.name, part.subject
        if is_place(part.name) and state.last_thing is not None:
            # 其中甲县、乙县同比分别上升…: the places of what was named before.
            item.name, item.subject, item.region = state.last_thing.name, part.name, part.name
        again = restated(state, item, item.name) if part.is_comparison and change is not None else None
        if again is not None and change is not None and compare(again, item, change):
            return False
        if part.is_comparison and change is not None:
            change_record(item, change, item.name)
        else:
            item.kind = kind_of(item)
            if change is not None:
                item.comparison = Comparison(direction=change.direction, base=change.base, text=change.text)
    item.elided = True
    item.noun = item.name
    return True


def _carry_from(item: Item, following: Item) -> None:
    """由A降至B: B is the figure, A is what it was; the words before 由 name both."""
    at = max(item.left.rfind("由"), item.left.rfind("从"))
    following.from_left = item.left[:at] if at >= 0 else item.left
    following.sign, following.fresh, following.topic = item.sign, item.fresh, item.topic or following.topic
    following.semicolon = item.semicolon
    if item.figure.style == "ordinal":
        following.rank = Rank(from_=int(item.figure.value), to=int(following.figure.value))
    else:
        base = next((t.text for t in reversed(item.times) if t.base and t.start >= item.quote[0]), None)
        following.comparison = Comparison(base=base, base_value=item.figure.value)
