"""Fills in what a clause leaves out: elided heads, verbs of lists, wholes of parts, places, and whose comparison it is."""

from __future__ import annotations

import re

from pipelines.indicators.changes import Change
from pipelines.indicators.distribution import distribute
from pipelines.indicators.naming import clean, own_name, shorten, strip_left, strip_right
from pipelines.indicators.places import front_place, is_place, split_place
from pipelines.indicators.segments import SOFT, TIME, Item, Line
from pipelines.indicators.units import COUNT_DIMENSIONS
from pipelines.indicators.words import (
    ADVERBS,
    DEPENDENT,
    DEPENDENT_NOUN,
    DEPENDENT_RATE,
    FATE,
    LEAD,
    RATIO,
    SCOPE,
    STRONG,
)
from pipelines.items import Comparison, Rank

_AMONG = re.compile(r"^[\s，,、;:。(]*(?:其中|在其中|按[^，,]{1,10}[看分]|分[^，,]{1,8}看)")
_MEASURE = re.compile(
    r"(?:增加值|总产值|产值|销售额|零售总额|零售额|成交额|进出口总额|进出口总值|进出口额?|出口额?|进口额?|总收入|收入|支出|投资|余额|利润总额|利润|税收|产量|销量|销售面积|施工面积|竣工面积|面积|可支配收入|价格|用电量|发电量|货运量|客运量|周转量|吞吐量|总额|贷款|存款|消费)$"
)
_RANK_VERB = re.compile(
    r"(?:稳|跃|均|分别|双双|共同|已|继续|连续\w{0,4})?(?:居于|位居|位列|排名|排在|排位|排|居|列|位|名列|名次|获得?|保持|进入|跻身|夺得|评为|取得|上升|跃居|跃升|升|提升|荣获|荣登|稳居)(?:至|到|在|为|于)?"
)
_SINCE_TOPIC = re.compile(
    rf"([^，,{TIME}]{{2,16}}?)(?:正式|全面)?(?:开通|成立|启动|实施|上线|开展|运行|启用|组建|挂牌|施行|开园)(?:以来|后)$"
)
_COUNTED = re.compile(
    r"[\u4e00-\u9fff]{2,12}?(?:数量|人数|起数|数|率|量|额|病例|案件|事故)(?=较|居|排|位|最|前|多|高|$)"
)
_GRADE = re.compile(r"(?:国家|[国省市县区部厅州乡镇村校院特一二三甲乙丙A-Z])+[级类型]")
_FAMILY = ("案件", "纠纷", "事故", "隐患", "信息", "线索", "问题", "申请")
_LEVEL_ONLY = re.compile(r"^(?:达到?|为|是|至|共|总量|实现|累计|已|约|超|完成|合计|共计|总计)*$")
_FILLER = re.compile(rf"[\s{TIME}{SOFT}，,、;:]+")
_LINKING = re.compile(
    r"^(?:并|且|也|均|都|又|还|再|则|而|其中|同时|总体|分别|同比|环比|实际|名义|按可比价格?计算|按可比口径|扣除价格因素|可比|与|和|已|人数|数量|总数|起数|数|宗数|件数|增量|双双|年均|共|累计|净|连续|比率|在|上|的|等|占比|值|幅度|该|其|这一|数值|水平|绝对量|规模|总量|整体|较|比)*$"
)


class Reader:
    """Names and relations of all figures of one report, line by line. Keeps what later lines lean on."""

    def __init__(self) -> None:
        self.things: list[Item] = []
        self.last_thing: Item | None = None
        self.whole: Item | None = None
        self.measure: str = ""
        self.items: list[Item] = []
        self.at = 0

    def read_line(self, line: Line, changes: dict[int, Change], soft: str) -> list[Item]:
        """Gives every item of the line its name, kind, comparison and parent; returns those that are indicators."""
        items = line.items
        self.changes = changes
        self.items = items
        distribution = distribute(items, changes)
        previous: Item | None = None
        chain: Item | None = None
        self.whole = None
        event: Item | None = None
        for i, item in enumerate(items):
            self.at = i
            if item.dropped:
                continue
            if previous is None or item.sentence != previous.sentence:
                chain = None
                if not (item.semicolon and previous is not None):
                    event = None
                    if not _AMONG.match(item.left):
                        self.whole = None
            if item.sign == ";" or (item.semicolon and item.depth == 0):
                chain = None
                if not item.colon.rstrip().endswith("其中"):
                    self.whole = None
            if i in distribution:
                part = distribution[i]
                if part.target is not None and part.target >= 0:
                    self._compare(items[part.target], item, changes[i]) if part.is_comparison else None
                    if part.is_comparison:
                        continue
                    item.name = items[part.target].name + part.extra
                    item.subject = items[part.target].subject
                    item.kind = self._kind(item)
                else:
                    item.name, item.subject = part.name, part.subject
                    if part.is_comparison:
                        self._change_record(item, changes[i], item.name)
                    else:
                        item.kind = self._kind(item)
                        if i in changes:
                            item.comparison = Comparison(
                                direction=changes[i].direction, base=changes[i].base, text=changes[i].text
                            )
                item.elided = True
                item.noun = item.name
                self._remember(item)
                previous = item
                event = event or item
                continue
            if item.role == "from":
                nxt = items[i + 1] if i + 1 < len(items) else None
                if nxt is not None:
                    nxt.from_left = _before_from(item.left)
                    nxt.sign, nxt.fresh, nxt.topic = item.sign, item.fresh, item.topic or nxt.topic
                    if item.figure.style == "ordinal":
                        nxt.rank = Rank(from_=int(item.figure.value), to=int(nxt.figure.value))
                    else:
                        nxt.comparison = Comparison(base_value=item.figure.value)
                continue
            if item.role == "rank":
                self._rank(item, previous)
            elif item.role in ("change", "gap", "growth", "rightchange"):
                if self._read_change(i, item, previous, changes[i]):
                    continue
            else:
                self._value(i, item, previous, chain, event, changes.get(i))
                if item.dropped:
                    continue
            if not item.listed:
                chain = item
            self._remember(item)
            if item.role != "rank" and not item.dependent and not item.place:
                event = item
            previous = item
        return [x for x in items if not x.dropped and x.role not in ("from", "comparison")]

    def _remember(self, item: Item) -> None:
        self.things.append(item)
        if len(self.things) > 64:
            del self.things[:32]
        if not item.place:
            self.last_thing = item
        m = _MEASURE.search(item.name)
        if m:
            self.measure = m[0]

    def _kind(self, item: Item) -> str:
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
            return "rate" if item.figure.unit == "成" else "level"
        return "level"

    # Ranks -----------------------------------------------------------------------------------------------------
    def _rank(self, item: Item, previous: Item | None) -> None:
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
        head = shorten(head)[1]
        scope = strip_right(strip_left(scope)) or (SCOPE.search(scope)[0] if SCOPE.search(scope) else "")  # type: ignore[index]
        if not scope:
            m2 = SCOPE.search(item.left[-10:])
            scope = m2[0] if m2 else ""
        base = previous
        if re.search(r"[中里内]$", head) and previous is not None and item.sign == "" and not item.fresh:
            # 在全省14个设区市中排名第5位: the figure in the same clause counts those ranked.
            scope, head = head[:-1], ""
            earlier = [
                x
                for x in self.items[max(0, self.at - 20) : self.at]
                if x.clause < item.clause
                and x.sentence == item.sentence
                and not x.dropped
                and x.role not in ("from", "comparison")
            ]
            base = earlier[-1] if earlier else None
        if previous is not None and previous.role == "rank" and item.sign == "、" and not head:
            head = previous.own
        elif head and DEPENDENT_NOUN.match(head) and base is not None and base.sentence == item.sentence:
            head = base.name + head
            item.elided = True
        elif not head:
            item.elided = True
            if base is not None and (base.sentence == item.sentence or base.line == item.line):
                head = base.name
                item.subject = base.subject
            else:
                head = self._topic(item)
        elif re.fullmatch(r"(?:降幅|增幅|增速|涨幅|总量|排名|位次|名次)", head) and self.things:
            head = self.things[-1].name.removesuffix("排名") + head
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

    # Changes ---------------------------------------------------------------------------------------------------
    def _target(self, item: Item, previous: Item | None) -> Item | None:
        """The record that a headless comparison belongs to."""
        if item.bracket_head:
            return None
        if item.depth and item.opener is not None and (previous is None or previous.depth < item.depth):
            opener = self.items[item.opener]
            if not opener.dropped and opener.role not in ("comparison", "from"):
                return opener
        if previous is None:
            return None
        if previous.depth > item.depth:
            for other in reversed(self.items[max(0, self.at - 40) : self.at]):
                if (
                    other.figure.start < item.figure.start
                    and other.depth <= item.depth
                    and not other.dropped
                    and other.role not in ("comparison", "from")
                ):
                    return other
        return previous

    def _before_share(self, share: Item) -> Item:
        """占…的62%，增长7%: the growth is the amount's, not the share's."""
        for other in reversed(self.items[max(0, self.at - 40) : self.at]):
            if (
                other.figure.start < share.figure.start
                and other.sentence == share.sentence
                and not other.dropped
                and other.kind in ("level", "count")
            ):
                return other
        return share

    def _read_change(self, i: int, item: Item, previous: Item | None, change: Change) -> bool:
        """True when the figure became another record's comparison."""
        f = item.figure
        head = _heading(change.head)
        target = self._target(item, previous)
        if target is not None and target.share and f.dimension == "percent" and target.kind == "rate":
            target = self._before_share(target)
        near = target is not None and (target.sentence == item.sentence or (target.line == item.line and not head))
        growth = item.role == "growth"
        if not head or _LINKING.match(head):
            if target is not None and near and not growth and item.role != "rightchange":
                if self._compare(target, item, change):
                    return True
                # A second change of the same figure is a record of its own.
                name = target.name
                if item.role == "gap" or f.dimension == "point":
                    name = name + ("增速" if target.kind == "change" and not name.endswith("增速") else "")
                self._change_record(item, change, name)
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
                    name = (rest[1] if rest else self._topic(item)) + name
                self._change_record(item, change, name)
                return False
            name = target.name if target is not None and target.line == item.line else self._topic(item)
            if item.bracket_head:
                name = _heading(item.bracket_head)
                name = re.split(r"(?:包括|分别为|[为有是])(?=[\u4e00-\u9fff]{2})", name)[-1]
            if growth and target is not None and near and not name.endswith("增速"):
                name += "增速"
            item.elided = True
            if target is not None:
                item.subject = target.subject
            self._change_record(item, change, name)
            return False
        if growth:
            head = re.sub(
                r"(?:的)?(?:平均)?(?:增速|增幅|降幅|涨幅|跌幅|增长率|下降率|升幅).*$",
                lambda m: m[0].replace("的", ""),
                head,
            )
        name = shorten(clean(ADVERBS.sub("", head)))[1]
        if target is not None and near and (DEPENDENT_NOUN.match(name) or DEPENDENT.match(name) and len(name) <= 6):
            ref = target
            name = ref.name + name if not ref.name.endswith(name) else ref.name
            item.elided = True
        elif (
            target is not None
            and target.line == item.line
            and not LEAD.match(name)
            and (_AMONG.match(item.left) or self.whole is not None or item.sign in "、，,;:")
        ):
            # 分门类看，采矿业增长3%: the measure was named before.
            if (
                not _MEASURE.search(name)
                and self.measure
                and target.kind in ("change", "level")
                and (len(name) <= 10 or name.endswith("业"))
                and not re.search(r"(?:率|量|额|数|值|指数|人次|面积|里程)$", name)
            ):
                if self.measure not in name:
                    name += self.measure
                    item.elided = True
        if (
            f.dimension not in ("percent", "point", "ratio")
            and f.dimension is not None
            and not change.base
            and item.role == "change"
        ):
            # 减少排放一 kind of phrase: a plain amount with its own head counts as a change only beside a link or a base.
            pass
        if is_place(clean(head)) and self.last_thing is not None:
            item.place = True
            item.subject = item.region = clean(head)
            name = self.last_thing.name
        if _AMONG.match(item.left) and target is not None:
            item.parent = self._index(target)
        self._change_record(item, change, name)
        if item.role == "gap" and change.base:
            item.qualifiers.append(("高于" if change.direction == "up" else "低于") + change.base)
        return False

    def _compare(self, target: Item, item: Item, change: Change) -> bool:
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
            ):
                if not (f.dimension == target.figure.dimension):
                    return False
            c.amount, c.unit = f.value, f.unit or target.figure.unit
        if c.direction is None:
            c.direction = change.direction
        elif c.direction != change.direction:
            return False
        c.base = c.base or change.base
        c.text = f"{c.text}，{change.text}" if c.text else change.text
        target.comparison = c
        item.role = "comparison"
        return True

    def _change_record(self, item: Item, change: Change, name: str) -> None:
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

    # Values ----------------------------------------------------------------------------------------------------
    def _value(
        self, i: int, item: Item, previous: Item | None, chain: Item | None, event: Item | None, change: Change | None
    ) -> None:
        f = item.figure
        left = item.left
        among = bool(_AMONG.match(left))
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
            left = self._share(previous, item, left)
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
        opener = self.items[item.opener] if item.depth and item.opener is not None else None
        if opener is not None and (opener.dropped or opener.role == "comparison"):
            opener = previous if previous is not None and previous.depth < item.depth else None
        item.kind = self._kind(item)
        bare = re.sub(r"^的", "", clean(strip_right(strip_left(left)))).strip("和及与、")
        bare = re.sub(r"^(?:为|在|以|从)", "", bare) if is_place(re.sub(r"^(?:为|在|以|从)", "", bare)) else bare
        if is_place(bare) and (own.left_only or own.predicate or not name or name == bare):
            self._place(item, bare, opener, previous, right, own.left_only or not right)
            return
        place = front_place(clean(strip_left(left)))
        if place and own.left_only and name.startswith(place) and len(name) > len(place) + 2:
            item.region = place
            rest = strip_left(name[len(place) :])
            if LEAD.match(rest) or re.match(r"现有|现存|累计|尚有|在院", rest):
                name = own.name = rest
                item.own = name
        if among and previous is not None and previous.line == item.line:
            self.whole = opener or (event if event is not None and event.sentence == item.sentence else previous)
        elif among and self.last_thing is not None and previous is None:
            self.whole = self.last_thing
        whole = opener if opener is not None else self.whole
        if whole is not None and whole is not item:
            item.parent = self._index(whole)
        reference = opener if opener is not None else event if event is not None else previous
        whole_left = clean(left).lstrip("，,、;:和")
        ratio = RATIO.match(whole_left) if f.dimension in ("percent", "ratio") else None
        if ratio and continued and previous is not None and previous.kind != "rank":
            base = previous if not previous.share else event or previous
            word = (
                "占"
                if whole_left.startswith("占")
                else "完成"
                if re.search(r"预算|计划|目标|任务", ratio["of"])
                else ""
            )
            item.share = item.elided = item.dependent = True
            item.kind = "rate"
            item.name = f"{_short(base)}{word}{ratio['of']}{'比重' if word == '占' and not ratio['of'].endswith(('比重', '比例')) else ''}"
            item.subject, item.region = base.subject, base.region
            item.parent = self._index(base)
            return
        if (
            own.left_only
            and continued
            and reference is not None
            and DEPENDENT_RATE.match(name)
            and len(name) <= 8
            and f.dimension == "percent"
        ):
            item.qualifiers.append(_short(reference))
        if own.verb in ("造成", "导致", "致") and continued and reference is not None:
            item.dependent = item.elided = True
            item.name = _join_names(reference, name)
            item.qualifiers.extend(q for q in reference.qualifiers if q not in item.qualifiers and len(q) <= 8)
            return
        if (
            name
            and own.left_only
            and (DEPENDENT_NOUN.match(name) or DEPENDENT.match(name))
            and not (LEAD.match(name) and len(name) > 8)
        ):
            item.dependent = True
            if continued and reference is not None:
                item.elided = True
                item.name = _join_names(reference, name)
                item.subject = item.subject or reference.subject
                return
            topic = self._topic(item)
            if topic and len(name) <= 8:
                item.elided = True
                item.name = name
                item.qualifiers.append(topic)
                return
        if (
            not own.left_only
            and not own.predicate
            and continued
            and previous is not None
            and not clean(strip_right(strip_left(left)))
        ):
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
            self._predicate(item, own.name, own.subject, previous, event, continued, whole)
            return
        if not name:
            self._empty(item, previous, continued, opener)
            return
        if opener is not None and own.left_only:
            self._in_bracket(item, name, opener, chain)
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
        if among or (whole is not None and own.left_only and item.sign in "，,、;:"):
            name = self._part(item, name, whole)
        if chain is not None and continued and not (own.verb and own.left_only and name.startswith(own.verb)):
            name = self._listed(item, name, chain, previous, own.left_only)
        if shared and previous is not None and not own.left_only and not item.qualifiers:
            item.qualifiers.extend(previous.qualifiers)
        if (
            not own.left_only
            and not own.subject
            and item.topic
            and not clean(strip_right(strip_left(left)))
            and not item.qualifiers
        ):
            topic = self._topic(item)
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
        item.name = item.name or name
        if not item.prefix:
            m = LEAD.match(name)
            item.prefix = m[0] if m else ""

    def _share(self, previous: Item, item: Item, left: str) -> str:
        """The words between two figures without a sign: whose are they?"""
        text = clean(left)
        if not text:
            return ""
        if (
            previous.figure.dimension in COUNT_DIMENSIONS
            and previous.noun
            and previous.role == "value"
            and previous.own
        ):
            m = LEAD.search(text, 1)
            if m:
                return text
            if text.endswith("的") or re.match(r"(?:占|比|为)", text):
                return text
            if previous.noun and text.startswith(previous.noun[:2]):
                return text[len(previous.noun) :]
        return text

    def _place(
        self, item: Item, place: str, opener: Item | None, previous: Item | None, right: str, left_only: bool
    ) -> None:
        item.place = True
        head = self.last_thing
        counted = _COUNTED.match(clean(strip_left(item.colon))) if item.colon else None
        upper = ""
        if opener is not None:
            if opener.place and opener.region:
                upper = opener.region
                head = opener
            else:
                head = opener
        elif previous is not None and previous.place and previous.depth > item.depth:
            pass
        whole, _ = split_place(place)
        place = re.sub(r"(?<=[市州盟])的", "", place)
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
            item.name = own.name if not own.predicate else own.name
            item.place = False
            return
        item.elided = True
        if counted and (opener is None or not opener.place):
            item.name = item.noun = counted[0]
            return
        if head is not None:
            item.name = head.name
            item.kind = head.kind if item.figure.dimension == head.figure.dimension else item.kind
            item.parent = self._index(head)
            item.head = item.parent
            if head.period is not None:
                item.period = head.period
            item.qualifiers.extend(q for q in head.qualifiers if q not in item.qualifiers)
        else:
            item.name = place

    def _index(self, other: Item) -> int:
        for k in range(len(self.things) - 1, -1, -1):
            if self.things[k] is other:
                return other.figure.start
        return other.figure.start

    def _empty(self, item: Item, previous: Item | None, continued: bool, opener: Item | None) -> None:
        """No words of its own: the figure before, or the topic, says what it is."""
        item.elided = True
        if item.bracket_head:
            name = _heading(item.bracket_head)
            item.name = re.split(r"(?:包括|分别为|[为有是])(?=[\u4e00-\u9fff]{2})", name)[-1]
            item.noun = item.name
            return
        if opener is not None:
            item.name, item.subject = opener.name, opener.subject
            return
        if continued and previous is not None:
            item.name, item.subject, item.region = previous.name, previous.subject, previous.region
            item.noun = previous.noun
            # 增长5.1%、达到3亿元: the change belongs to the level that follows.
            if (
                previous.kind == "change"
                and previous.comparison
                and item.comparison is None
                and item.kind == "level"
                and previous.figure.dimension == "percent"
            ):
                item.comparison = previous.comparison
                previous.dropped = True
            return
        topic = self._topic(item)
        if topic:
            item.name = topic
        elif self.things and self.things[-1].line == item.line:
            item.name = self.things[-1].name
        elif self.last_thing is not None:
            item.name = self.last_thing.name

    def _topic(self, item: Item) -> str:
        """The object of the last clause without figures, or of the head before a colon."""
        text = item.topic or item.colon
        text = clean(text.replace(SOFT, ""))
        text = strip_right(strip_left(text))
        if not text:
            return ""
        name = shorten(text)[1]
        m = LEAD.match(name)
        if m and len(name) - m.end() >= 3:
            name = name[m.end() :]
        return re.sub(r"^的", "", name)[:20]

    def _predicate(
        self,
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
            for other in reversed(self.things[-12:]):
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
        ):
            # 造成17个乡镇、8.6万人受灾: both share the predicate.
            if not previous.name.endswith(fate[0]):
                previous.name += fate[0]
            item.name = name
            return
        if reference is None and whole is not None:
            reference = whole
        if reference is None:
            topic = self._topic(item)
            item.name = (topic if len(topic) <= 14 else "") + name
            if topic and topic not in item.name:
                item.qualifiers.append(topic)
            return
        head = reference.name
        if not FATE.match(name) and reference.noun and len(reference.noun) >= 2:
            head = reference.noun
        if len(head) > 16:
            head = shorten(head)[1]
        item.name = head + name
        item.qualifiers.extend(q for q in reference.qualifiers if q not in item.qualifiers and len(q) <= 8)
        if reference is whole or reference.figure.unit == item.figure.unit:
            item.parent = item.parent or self._index(reference)

    def _in_bracket(self, item: Item, name: str, opener: Item, chain: Item | None) -> None:
        """Parts within a bracket after their whole."""
        item.elided = True
        if DEPENDENT_NOUN.match(name):
            item.name = opener.name + name
        elif (
            opener.noun
            and name.endswith(opener.noun[-2:])
            or len(name) > 4
            or item.figure.dimension != opener.figure.dimension
        ):
            item.name = name
            item.qualifiers.append(opener.name)
        else:
            item.name = f"{name}{opener.noun or opener.name}"
            item.qualifiers.append(name)
        item.subject = opener.subject
        item.region = item.region or opener.region

    def _part(self, item: Item, name: str, whole: Item | None) -> str:
        """其中…: a part of the whole that was named before."""
        if whole is None:
            return name
        own_verb = LEAD.match(name)
        whole_verb = LEAD.match(whole.name)
        if item.figure.unit == whole.figure.unit:
            if item.figure.dimension in COUNT_DIMENSIONS:
                if not own_verb and whole_verb and len(name) <= 14 and item.sign != "、":
                    item.elided = True
                    return whole_verb[0] + name
                if len(name) <= 3 and not own_verb and not whole_verb and item.sign != "、":
                    item.elided = True
                    return name + (whole.noun or whole.name)[-12:]
            elif not _MEASURE.search(name) and len(name) <= 6 and not own_verb and name[-2:] != whole.name[-2:]:
                m = _MEASURE.search(whole.name)
                item.elided = True
                return name + (m[0] if m else whole.name)
        return name

    def _listed(self, item: Item, name: str, chain: Item, previous: Item | None, left_only: bool) -> str:
        """Items of a list share the verb, the attributes or the predicate of its first item."""
        if STRONG.match(name) and left_only and not chain.name.startswith(name[:2]):
            verb = STRONG.match(name)
            # A noun that only looks like a verb (培训基地3个) stays in the list.
            if verb and len(name) - verb.end() >= 2:
                return name
        first = chain.own or chain.name
        parallel = len(name) >= 3 and name[-2:] in first and name != first
        if item.sign != "、" and not (
            parallel and item.sign in "，," and left_only and previous is not None and previous.listed
        ):
            return name
        item.listed = True
        if item.figure.dimension == "percent" or chain.kind == "change":
            return name
        prefix, tail = chain.prefix, chain.tail
        if _GRADE.fullmatch(name) and chain.noun:
            # 国家级工作室1个、省级3个
            item.elided = True
            return prefix + name + re.sub(r"^[\u4e00-\u9fff]{1,4}级", "", chain.noun)
        if parallel and not tail:
            at = first.rfind(name[-2:])
            rest = first[at + 2 :]
            if rest and len(rest) <= 8 and left_only and rest not in first[:at]:
                tail = rest
            elif not rest:
                cut = len(first) - len(name)
                if cut > len(prefix) and not re.search(r"[的、]", first[:cut]) and cut <= 8 and len(name) <= 4:
                    prefix = first[:cut]
            chain.prefix, chain.tail = prefix, tail
        if not prefix and not tail and left_only and len(first) > len(name) >= 2:
            # 纠正漏捕8人、漏诉14人: alike at one end, the verb before it is shared though no list knows it.
            same = sum(a == b for a, b in zip(first[-len(name) :], name, strict=True))
            if same * 2 >= len(name) and len(first) - len(name) <= 4:
                prefix = first[: -len(name)]
        if not prefix and not tail:
            return name
        item.elided = True
        item.prefix, item.tail = "", ""
        if not tail and name.startswith(prefix):
            return name
        return prefix + name + tail


def _short(reference: Item) -> str:
    """A head that fits in front of another name."""
    return reference.name if len(reference.name) <= 16 else shorten(reference.name)[1]


def _join_names(reference: Item, name: str) -> str:
    head = reference.name
    if len(head) > 16:
        head = shorten(head)[1]
    if name.startswith("总") and len(name) <= 3:
        return head + name
    return head + re.sub(r"^(?:共|并|且|均|累计)", "", name)


def _before_from(left: str) -> str:
    """The words before 由 or 从 of a from-to pair."""
    at = max(left.rfind("由"), left.rfind("从"))
    return left[:at] if at >= 0 else left


def _heading(head: str) -> str:
    """A change's head without connectives, times and links."""
    text = strip_left(head.strip())
    text = strip_right(text)
    return clean(text).strip("，,、 ")
