"""分别: matches a list of values with a list of subjects, or with the values before it, in order."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipelines.indicators.changes import Change
from pipelines.indicators.naming import clean, shorten, strip_left, strip_right
from pipelines.indicators.segments import Item
from pipelines.indicators.words import DIRECTION, METRIC, leading_verb

_RESPECTIVELY = re.compile(r"(?:分别(?![在从对与由向于])|各)(?=[^分别]{0,24}$)")
_LOSS = re.compile(r"[死受]?[亡伤]|失踪|失联|直接|经济|财产")
_EVENT = re.compile(r"[\u4e00-\u9fff]{0,12}?(?:事故|火灾|灾害|警情|案件)")
_DEPENDENT_SHARES = frozenset({"占比", "比重", "占总数", "增速", "增幅", "降幅"})
_LISTED = re.compile(r"(?P<what>.*?)(?:依次|分别)(?:是|为)(?P<list>[^，,]{3,60})$")
_NOTHING = re.compile(r"$")
_TOWARDS = re.compile(r"[\u4e00-\u9fff]{0,6}?[对自](?=[\u4e00-\u9fff“]{2})(?!自|外)")
_AMONG_SUCH = re.compile(
    r"等(?:主要|重点)?(?:[\d两三四五六七八九]+[个大])?(?:贸易)?(?:伙伴|国家和地区|国家|地区|城市|省份|市场|行业|领域|产品|区县|县区)的?"
)
_OF_KINDS = re.compile(r"[两二三四五六七八九]大?[项类种](?=[\u4e00-\u9fff]{2})")
_STANDS_OUT = re.compile(
    r"^(?P<list>[\u4e00-\u9fff“”、和与]{4,40}?)(?:较为|比较|较|最为|最|增幅较?|尤为|相对)?(?:突出|多发|集中|明显|居多|为主|较?大|较?多|严重|靠前)$"
)
"""小客车、摩托车酒驾突出，分别查处…: the clause before names those whose the values are."""
_AND = re.compile(r"以及|及其|、|和|与|及|,|，")


@dataclass(slots=True)
class Part:
    """One value of a 分别 list. `target`: index of the earlier item that it speaks of; None where it has a name."""

    name: str = ""
    subject: str | None = None
    target: int | None = None
    is_comparison: bool = False
    extra: str = ""


def split_coordination(text: str, count: int) -> list[str] | None:
    """`A、B和C增加值` into as many names as values, the shared head and tail filled in; None if they do not fit."""
    if count == 2 and "城乡" in text:
        return [text.replace("城乡", "城镇", 1), text.replace("城乡", "农村", 1)]
    if count == 2 and (m := re.search(r"男女(?!平等)", text)):
        return [text.replace(m[0], "男", 1), text.replace(m[0], "女", 1)]
    if count == 3 and (m := re.search(r"三次产业|[一二三]、二、三产业|一二三产业?", text)):
        return [text.replace(m[0], f"第{n}产业", 1) for n in "一二三"]
    parts = [p for p in _AND.split(text) if p]
    if len(parts) != count:
        weak = [p for p in re.split(r"、|，|,", text) if p]
        if len(weak) == count - 1 and re.search(r"和|与|及", weak[-1]):
            last = re.split(r"以及|和|与|及", weak[-1], maxsplit=1)
            parts = [*weak[:-1], *last]
        elif len(weak) == count:
            parts = weak
        elif len(parts) > count and count >= 2:
            parts = parts[-count:]
        else:
            return None
        if len(parts) != count:
            return None
    of_kinds = _OF_KINDS.search(parts[-1])
    if of_kinds and of_kinds.start() > 0:
        # 养老、失业、工伤三项社会保险参保人数
        rest = parts[-1][of_kinds.end() :]
        return [p + rest for p in (*parts[:-1], parts[-1][: of_kinds.start()])]
    ordinal = re.match("第[一二三四五六]", parts[-1])
    if ordinal and all(len(p) == 2 and p[0] == "第" for p in parts[:-1]):
        # 第一、第二、第三产业用电量
        return [*(p + parts[-1][2:] for p in parts[:-1]), parts[-1]]
    if count >= 2 and len(parts[-1]) > 2 and all(len(p) == 1 for p in parts[:-1]):
        # 东、中、西部地区业务量
        return [*(p + parts[-1][1:] for p in parts[:-1]), parts[-1]]
    aim = _TOWARDS.match(parts[0])
    if aim and not any(_TOWARDS.match(p) for p in parts[1:]):
        # 对甲国、乙国出口
        parts = [parts[0], *(aim[0] + p for p in parts[1:])]
    among = _AMONG_SUCH.search(parts[-1])
    if among and among.start() > 0 and among.end() < len(parts[-1]):
        # 甲国、乙国等贸易伙伴出口增速
        rest = parts[-1][among.end() :]
        return [*(p + rest for p in parts[:-1]), parts[-1]]
    tail = METRIC.search(parts[-1])
    if tail and tail.start() > 0:
        parts = [p if METRIC.search(p) or (len(p) > 2 and p[-1] in "数率量额值度") else p + tail[0] for p in parts]
    elif (
        len(parts[-1]) >= 5 and parts[-1][-1] in "量额数率值费" and not any(p[-1] == parts[-1][-1] for p in parts[:-1])
    ):
        parts = [*(p + parts[-1][-3:] for p in parts[:-1]), parts[-1]]
    verb = leading_verb(parts[0])
    if 1 < len(verb) < len(parts[0]):
        parts = [parts[0], *(p if leading_verb(p) else verb + p for p in parts[1:])]
    return [shorten(p)[1] if len(p) > 20 else p for p in parts]


def distribute(items: list[Item], changes: dict[int, Change]) -> dict[int, Part]:
    """The parts of all 分别 lists of a line, by item index."""
    result: dict[int, Part] = {}
    i = 0
    while i < len(items):
        item = items[i]
        if item.sign == ":" and not item.left.strip() and item.colon.endswith(("分别为", "分别是", "分别")):
            # 占比分别为：39.3%、19.0%
            item.left = item.colon
        respective = not item.dropped and item.role not in ("rank", "from") and ("别" in item.left or "各" in item.left)
        m = _RESPECTIVELY.search(item.left) if respective else None
        if m is None and not item.dropped and (_implicit(items, changes, i) or _subjects_listed(items, changes, i)):
            m = _NOTHING.search(item.left)
        if m is None or (m[0] == "各" and not re.match(r"(?:为|有|增长|下降)", item.left[m.end() :])):
            i += 1
            continue
        group = [i]
        j = i + 1
        while (
            j < len(items)
            and items[j].sign in ("、", "，", ",", "")
            and items[j].sentence == item.sentence
            and items[j].depth == item.depth
        ):
            words = clean(items[j].left).strip("和、及与")
            relative = items[j].figure.dimension in ("percent", "point")
            turned = words in DIRECTION and changes.get(i) is not None and relative
            if items[j].dropped or not (turned or words in ("", "为", "约")):
                break
            if items[j].sign in ("，", ",") and items[j].figure.dimension != item.figure.dimension:
                break
            group.append(j)
            j += 1
        count = len(group)
        if count >= 2:
            _fill(result, items, changes, group, m)
        i = max(j, i + 1)
    return result


def _implicit(items: list[Item], changes: dict[int, Change], i: int) -> bool:
    """分别达到A元、B元，同比增长5.2%、8.1%: the second list follows the order of the first."""
    item = items[i]
    if i < 2 or item.role != "change" or i + 1 >= len(items) or item.sign not in "，,":
        return False
    change, nxt = changes.get(i), items[i + 1]
    bare = change is not None and not clean(strip_left(change.head)).strip("，,、")
    listed = (
        nxt.sign == "、" and not clean(nxt.left) and nxt.figure.dimension == item.figure.dimension and not nxt.dropped
    )
    before = items[i - 1]
    pair = before.sign == "、" or (before.sign == "" and not before.fresh)
    return bare and listed and pair and before.figure.dimension != item.figure.dimension


def _subjects_listed(items: list[Item], changes: dict[int, Change], i: int) -> bool:
    """事故起数、死亡人数同比下降26.5%、16.7%: as many subjects as values, though nothing says 分别."""
    item = items[i]
    if item.role not in ("change", "rate"):
        two = i + 1 < len(items) and items[i + 1].sign == "、" and not clean(items[i + 1].left)
        return two and "城乡" in item.left and items[i + 1].figure.unit == item.figure.unit
    j = i + 1
    while (
        j < len(items) and items[j].sign == "、" and not items[j].dropped and not clean(items[j].left).strip("和、及与")
    ):
        if items[j].figure.dimension != item.figure.dimension:
            return False
        j += 1
    if j - i < 2:
        return False
    change = changes.get(i)
    head = clean(strip_right(strip_left(change.head if change is not None else item.left)))
    parts = [p for p in _AND.split(head) if p]
    return len(parts) == j - i and all(len(p) >= 2 for p in parts)


def _in_turn(items: list[Item], group: list[int]) -> list[str] | None:
    """浓度最低的3个城市依次是A、B和C，分别为47、55和60: the words before list whose the values are."""
    first = items[group[0]]
    before = items[group[0] - 1] if group[0] else None
    beside = before is not None and before.sentence == first.sentence
    listed = _LISTED.match(clean(first.topic)) or (_LISTED.match(clean(before.right)) if before and beside else None)
    parts = [p for p in _AND.split(listed["list"]) if p] if listed else []
    if not listed or len(parts) != len(group):
        return None
    what = clean(before.left) if before and beside else listed["what"]
    measure = clean(strip_left(re.sub(r"(?:相对|比较)?(?:最|较)?[低高多少大小差好](?:的|$).*$", "", what)))
    return [p + measure for p in parts] if len(measure) >= 2 else None


def _fill(
    result: dict[int, Part], items: list[Item], changes: dict[int, Change], group: list[int], m: re.Match[str]
) -> None:
    first = items[group[0]]
    change = changes.get(group[0])
    level = change is None or change.to
    before = first.left[: m.start()] if change is None or len(change.head) > m.start() else change.head
    after = strip_right(first.left[m.end() :]) if change is None else ""
    after = "占比" if after == "占" else after
    head = clean(strip_right(strip_left(before))).removesuffix("分别")
    head = re.sub(r"^(?:同比|环比|按年|按月)+", "", head)
    if change is not None:
        head = re.sub(r"(?:同比|环比|均|实际|，)+$", "", head)
        head = head if _AND.search(head) else re.sub(r"(?:人数|数量)+$", "", head)
    for k in group[1:]:
        if change is not None:
            # 分别下降38.6%、上升2.8%: each may have its own direction.
            word = clean(items[k].left).strip("和、及与")
            changes[k] = Change(DIRECTION.get(word, change.direction), change.head, change.base, change.text, change.to)
        items[k].role = first.role
    names = split_coordination(head, len(group)) if head else None
    if not names and head and first.sign == "、" and group[0]:
        # 21个试验区、自由贸易港进出口分别增长…: the first subject stands behind its number.
        before_it = items[group[0] - 1]
        if before_it.clause == first.clause and clean(before_it.right) and not before_it.dropped:
            names = split_coordination(f"{clean(before_it.right)}、{head}", len(group))
    if not names and not head:
        names = _in_turn(items, group)
    stands_out = _STANDS_OUT.match(clean(strip_left(first.topic))) if not names else None
    owners = split_coordination(stands_out["list"], len(group)) if stands_out else None
    for n, k in enumerate(group):
        if names:
            extra = after if after and not names[n].endswith(after) and not after.startswith(("为", "达")) else ""
            of = _LOSS.match(names[n]) and n and _EVENT.match(names[0])
            result[k] = Part(name=names[n] + extra, subject=of[0] if of else None, is_comparison=not level)
        else:
            earlier = [
                x
                for x in range(max(0, group[0] - 40), group[0])
                if not items[x].dropped
                and items[x].role not in ("from", "comparison", "change")
                and items[x].sentence >= first.sentence - 1
                and items[x].line == first.line
            ]
            chosen = earlier[-len(group) :]
            if owners:
                result[k] = Part(name=head + after, subject=owners[n], is_comparison=not level)
                continue
            if len(chosen) == len(group):
                result[k] = Part(
                    target=chosen[n],
                    is_comparison=not level and items[k].figure.dimension is not None,
                    extra=after or (head if head in _DEPENDENT_SHARES else ""),
                )
            elif head:
                result[k] = Part(name=head + after, is_comparison=not level)
