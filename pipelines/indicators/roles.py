"""Decides what each figure of a line is: a value, a rate, a rank, a change, another's comparison, or no indicator."""

from __future__ import annotations

import re

from pipelines.indicators.changes import Change, read_change, read_gap
from pipelines.indicators.figures import Figure, is_threshold
from pipelines.indicators.naming import clean, ends_in_verb, strip_left, strip_right
from pipelines.indicators.segments import SOFT, TIME, Item, Line
from pipelines.indicators.words import CHANGE_NOUN, DIRECTION
from pipelines.items import Comparison, Direction

_LAST_SIGN = re.compile(r".*[，,。;:!?()\n]", re.S)
_DURATION = re.compile(
    r"平均|时间|时长|时限|期限|周期|工期|缩短|压缩|压减|提前|天数|用时|耗时|提速|时效|寿命|年龄|工时|学时|"
    r"不超过|控制在|时数|无霜期|里程|日照|等待|停电|办结|办理|日数|减少到|降至|延长|优良|达标|小时数|(?:同比|较|"
    r"比)[^，]{0,10}(?:减少|增加)"
)
_SCORE = re.compile(
    r"得分|评分|满意度?|成绩|分数|指数|测评|均分|平均分|总分|考核|得|为|达|(?:同比|较|比)[^，]{0,8}(?:提高|提升|下降|增加|上升|降低)"
)
_BARE_OK = re.compile(
    r"(?:指数|系数|比例|比值|比率|总量|播放量|阅读量|浏览量|点击量|访问量|粉丝|关注|数量|人数|户数|件数|次数|"
    r"数|量|PMI|CPI|PPI|pmi|评分|得分|率|为|达|达到|累计|共|超|浓度|均值|值|AQI|分别|密度|比|合计|总计|"
    r"标准化比|商)(?:(?:首次)?(?:为|达到?|是|超过?|突破|约|分别为|降至|升至|近|均为|达))?$"
)
_FROM = re.compile(r"(?:由|从)(?:[^，,。;、:]{0,16})$")
_FROM_TO = re.compile(r"(?:由|从)[^，,。;、:]{1,30}(?:至|到|为)$")
_OLD_LEVEL = re.compile(rf"(?:比|较){TIME}+(?:同期|全年)?的?$")
_BASE_CLAUSE = re.compile(r"^(?:与|同|比|较|和)?[^，,]{0,8}(?:相比|比较|对比)$")
_MORE_MONEY = re.compile(r"^[，,、 ]*(?:同比|净)?(?:增收|减收|增支|减支|增产|减产|增盈|减亏)(?:了|约|近)?$")
_BASE_END = re.compile(rf"(?:比|较|与){TIME}+(?:同期)?(?:的)?$")
_PART_OF_NAME = re.compile(
    r"[\u4e00-\u9fff“”]{0,16}?(?:率|指数|指标(?!全部|完成|实现)|发案数?|案件数|价格|得分|分值)(?:平均)?(?:同比|环比|全部|全面|实现|为|达|比|较(?![大重高多])|均|大幅|明显|"
    r"下降|上升|增长|居|位|保持|进入|稳|持续|连续|创|超|优于|高于|[\d，,。、；])"
)
_REACHES = re.compile(r"(?:达到|实现|完成|高于|低于|超过|优于|符合|满足)(?:了)?$")
_OF_TARGET = re.compile(
    r"的?(?:年度|预期|既定|控制|省定|市定|规定|考核)?(?:目标|任务|要求|标准)(?:要求|任务|值)?(?:[，,。;；]|$)"
)
_BASE_ASIDE = re.compile(rf"[({SOFT}]{TIME}+[){SOFT}]")
"""A time in a bracket without figures: 比第五次清查（1994—1998年）增加."""
_AND_ABOVE = re.compile(r"[、和]\d[\d.]{0,6}[万亿]?[\u4e00-\u9fff]{1,3}以上(?:的)?(?=[\u4e00-\u9fff])(?![，,降升增减])")
_REACHES_LAST = frozenset("到现成于过合足了")
_AT_ONCE = re.compile(r"一次性?(?:造成)?(?:死亡|伤亡|受伤)$")
_OLD = re.compile(r"(?:由|从)")
_TO_OPENS = re.compile(
    r"\s*(?:已经?|逐步|大幅|稳步)?(?:增加|增长|提高|提升|上升|下降|减少|降低|扩大|缩小|缩短|压缩|跃升|攀升|发展|升|降|增|减)(?:到|至)"
)
_MOVED = re.compile(
    r"(?:排名?|位次|名次|[比较与]\ue000+)(?:的第?)?[^，,]{0,8}?(?P<dir>上升|提升|前进|前移|进步|跃升|攀升|大涨|上涨|下降|下滑|"
    r"后退|后移|退步|下跌|跌|掉)了?(?:整整|近)?$"
)
_RANGE_TO = re.compile(
    r"(?:升|降|增|减|提高|增加|增长|上升|下降|提升|扩大|减少|缩小|缩短|压缩|压减|回升|回落|跃升|攀升|上涨|下跌|"
    r"调整|变|扩|拓展|发展|改善|前移|跃|上调|下调|收窄|进|降低)[^，,。;、:]{0,8}(?:至|到|为|成)|^(?:升|降|增|"
    r"减)?(?:至|到)"
)
_CHANGE_RIGHT = re.compile(r"^的?(?:同比|环比)?(?P<dir>降幅|增幅|增速|涨幅|跌幅|升幅|增长率|下降率|增长|下降|增长速度)")
_DENOMINATOR = re.compile(
    r"(?P<plan>占|完成|为|达到?)[^，,]{0,8}(?:预算|计划|目标|任务)[^，,]{0,6}$|(?:占|相当于)[^，,]{0,12}$"
)
_FAR_FROM = re.compile(
    r"高于[^，,]{1,10}$|低于[^，,]{1,10}$|快于[^，,]{1,10}$|慢于[^，,]{1,10}$|超[^，,]{0,8}(?:计划|目标|预算|任务|进度)$"
)
_YEAR_LIKE = re.compile(r"(?:19|20)\d\d$")


def keep(text: str, f: Figure, scan: str) -> bool:
    """False for what the scanner found but no report means as a figure."""
    before = scan[max(0, f.left - 40) : f.left]
    sign = _LAST_SIGN.match(before)
    before = before[sign.end() :] if sign else before
    if f.style == "ordinal":
        return True
    if is_threshold(scan, f):
        return False
    if f.dimension == "ratio" and f.unit is None:
        return True
    if f.unit in ("期", "届", "年", "轮") and before.endswith("连续"):
        return False
    if scan[f.start - 1 : f.start] == "前" and f.unit in ("位", "名", None):
        # 前5位 cuts an order off; it measures nothing.
        return False
    if before[-1:] in ("亡", "伤") and _AT_ONCE.search(before):
        # 一次死亡3人特大事故: a class of accidents.
        return False
    if text[f.right : f.right + 1] in ("、", "和") and _AND_ABOVE.match(text, f.right):
        # 5000万元、1亿元以上大项目: both are limits.
        return False
    if before[-1:] in _REACHES_LAST and _REACHES.search(before) and _OF_TARGET.match(text, f.right):
        # 达到90%的目标要求: what was to be reached, no observation.
        return False
    if f.dimension == "time":
        window = before
        if "." in text[f.start : f.end]:
            # Decimals count time; they set no term.
            return True
        if not _DURATION.search(window) or re.match(
            r"(?:行动|计划|规划|期|内|前|后|来|间|以来|时间|制|左右的时间|一|大)", text[f.right : f.right + 4]
        ):
            return False
        return f.value < 1000000
    if f.dimension == "score":
        return bool(_SCORE.search(before[-14:]))
    if f.dimension == "index":
        return bool(re.search(r"指数|报收|收于|点位", before)) or f.value >= 100
    if f.unit in ("类", "项", "种") and _PART_OF_NAME.match(text[f.right : f.right + 30]) and not ends_in_verb(before):
        # 八类案件破案率: the number belongs to the name of what is measured.
        return False
    if f.unit in ("级",):
        after = text[f.right : f.right + 3]
        return "震" in after or bool(re.search(r"震级|烈度", before[-8:]))
    if f.unit in (
        "届",
        "回",
        "路",
        "页",
        "层",
        "字",
        "步",
        "卷",
        "首",
        "眼",
        "档",
        "段",
        "轮",
        "期",
        "码",
        "集",
        "节",
        "席",
        "尾",
        "区",
    ):
        if f.unit in ("届", "卷", "页", "码", "节"):
            return False
        if f.unit in ("层", "集", "首", "路") and f.value < 3:
            return False
    if f.unit is None:
        surface = text[f.start : f.end]
        multiplied = surface[-1] in "万亿千百"
        if multiplied or (f.modifier in ("余", "多") and f.value >= 10):
            return True
        if _YEAR_LIKE.match(surface):
            return False
        after = text[f.right : f.right + 1]
        if after and (after.isascii() and (after.isalpha() or after in "/:-_=*&#")):
            return False
        left = strip_left(before.rstrip(" "))
        closed = not after or after in "，,。;；、)） \n"
        if (_FROM.search(before) and _RANGE_TO.match(text[f.right : f.right + 14])) or (
            closed and _FROM_TO.search(before)
        ):
            # 收入比由上年的2.05缩小至2.01
            return True
        bare = bool(_BARE_OK.search(before.rstrip())) and bool(clean(left))
        if closed and bare and len(surface) < 12:
            return True
        if "." in surface and closed and re.search(r"指数|系数|PMI|值|比$", before):
            return True
        # A bare number before a noun (对3200余名 has its unit; 3200民警 has none): only round hundreds and more.
        return (
            f.value >= 100
            and len(surface) <= 9
            and bool(after)
            and "\u4e00" <= after <= "\u9fff"
            and after not in "号年月日时分秒版型的式级字"
            and bool(
                re.match(
                    r"(?:家庭|群众|民警|职工|学生|党员|干部|警力|市民|村民|居民|农户|用户|企业|项目|人员|"
                    r"志愿者|师生|游客|部门|案件|单位)",
                    text[f.right : f.right + 3],
                )
            )
        )
    if f.unit == "度":
        return f.value >= 100 or bool(re.search(r"温|角|用电|发电|电量|供电", before))
    return True


def read_roles(line: Line) -> dict[int, Change]:
    """Sets the role of every item of a line; returns the changes read, by item index."""
    changes: dict[int, Change] = {}
    items = line.items
    _pair_lists(items)
    for i, item in enumerate(items):
        if item.dropped:
            continue
        f = item.figure
        base_times = [t for t in item.times if t.base]
        if base_times and i:
            # A base belongs to the figure that stands next behind it.
            since = next((x.figure.start for x in items[max(0, i - 3) : i][::-1] if not x.dropped), 0)
            base_times = [t for t in base_times if t.start >= since]
        time_text = base_times[-1].text if base_times else ""
        if f.style == "ordinal":
            item.role, item.kind = "rank", "rank"
            _old_value(items, i)
            continue
        # 由A降至B, 从A增加到B: A is what it was.
        nxt = items[i + 1] if i + 1 < len(items) else None
        if (
            nxt
            and not nxt.dropped
            and ("由" in item.left or "从" in item.left)
            and _FROM.search(item.left)
            and ((nxt.sign == "" and _RANGE_TO.search(nxt.left)) or (nxt.sign in "，," and _TO_OPENS.match(nxt.left)))
            and _same(f, nxt.figure)
        ):
            item.role = "from"
            continue
        if (
            nxt
            and not nxt.dropped
            and nxt.sign == ""
            and (f.unit == nxt.figure.unit or nxt.figure.dimension == "percent")
            and _OLD_LEVEL.search(item.left)
            and clean(nxt.left).removesuffix("了") in DIRECTION
        ):
            # 较去年同期的29120起减少3735起(增长6%): the base's own value stands between.
            item.dropped, nxt.left, nxt.times = True, item.left.removesuffix("的") + clean(nxt.left), item.times
            nxt.sign, nxt.fresh = item.sign, item.fresh
            continue
        if nxt and not nxt.dropped and _base_in_bracket(item, nxt):
            # 较上月（95.97%）下降0.17个百分点: the base's own value stands in a bracket.
            item.dropped, nxt.left, nxt.times = True, item.bracket_head + nxt.left.lstrip(), item.times
            nxt.sign, nxt.depth, nxt.base_value = "，", item.depth - 1, f.value
            continue
        of = _DENOMINATOR.search(item.left) if item.right.startswith("的") and f.dimension != "percent" else None
        if of and nxt and not nxt.dropped and nxt.figure.dimension == "percent" and nxt.sign == "":
            # 占总数16.9万套的12%: the first is what the share is of.
            words = item.left[of.start() :] + "的" if of["plan"] else "占总量的"
            item.dropped, nxt.left, nxt.sign, nxt.fresh = True, words, item.sign, item.fresh
            continue
        before = items[i - 1] if i else None
        beside = (
            before is not None
            and not before.dropped
            and before.sentence == item.sentence
            and before.figure.unit == f.unit
            and f.unit is not None
            and item.sign in ("，", ",", "(")
        ) or (before is not None and bool(_MORE_MONEY.search(item.left)) and _grown_before(items, i))
        words = _BASE_ASIDE.sub("", item.left) if TIME in item.left else item.left
        change = read_change(words, f, time_text, item.right, beside)
        gap = read_gap(item.left) if f.dimension in ("percent", "point", "ratio") or _far_from(item.left) else None
        if gap:
            changes[i] = gap
            item.role = "gap"
            continue
        if change and change.to:
            changes[i] = change
            item.role = "level"
            item.kind = "rate" if f.dimension == "percent" else "value"
            continue
        if change is None:
            change = _continued(items, i, changes)
        if change:
            if change.base is None:
                change.base = _base_before(item)
            change.base_value = item.base_value
            changes[i] = change
            item.role = "change"
            continue
        relative = f.dimension in ("percent", "point")
        right = _CHANGE_RIGHT.match(item.right) if relative else None
        if right:
            changes[i] = Change(
                DIRECTION.get(right["dir"][:2], DIRECTION.get(right["dir"], "up")), "", None, right["dir"]
            )
            item.role = "rightchange"
            continue
        word = CHANGE_NOUN.search(item.left.rstrip(" " + TIME)) if relative else None
        core = strip_right(item.left) if word else ""
        if word and core:
            down = word[0][0] in "降跌下"
            changes[i] = Change("down" if down else "up", core, None, core)
            item.role = "growth"
            continue
        item.role = "rate" if f.dimension == "percent" else "value"
        if f.dimension == "point":
            item.role = "change"
            changes[i] = Change(
                "up" if not re.search(r"降|减|回落|收窄|低", item.left) else "down",
                re.sub(r"(?:降|减|回落|收窄|低|拉动).*$", "", item.left),
                None,
                "",
            )
    _rank_moves(items)
    for i, change in changes.items():
        f = items[i].figure
        if f.value < 0 and not change.to:
            # 增速为-2.1%: a fall.
            f.value, change.direction = -f.value, "down"
    return changes


def _far_from(left: str) -> bool:
    return ("于" in left or "超" in left) and bool(_FAR_FROM.search(left))


def _row(items: list[Item], i: int) -> list[int]:
    """The figures of one unit from i on that only list signs divide."""
    row = [i]
    while row[-1] + 1 < len(items):
        following = items[row[-1] + 1]
        if following.dropped or following.sign != "、" or clean(following.left).strip("和及与") or following.depth:
            break
        if following.figure.unit != items[i].figure.unit:
            break
        row.append(row[-1] + 1)
    return row


def _pair_lists(items: list[Item]) -> None:
    """分别从A、B和C增加到D、E和F: each of the second list has its old value in the first."""
    for i, item in enumerate(items):
        if item.dropped or item.figure.style == "ordinal" or not _FROM.search(item.left):
            continue
        old = _row(items, i)
        at = old[-1] + 1
        if len(old) < 2 or at >= len(items) or items[at].dropped or items[at].sentence != item.sentence:
            continue
        head, to = items[at], re.search(r"[^，,]{0,8}(?:到|至|为)[^，,]{0,10}$", items[at].left)
        reaches = (head.sign == "" and _RANGE_TO.search(head.left)) or (
            head.sign in "，," and _TO_OPENS.match(head.left)
        )
        new = _row(items, at)
        if not reaches or to is None or len(new) != len(old) or head.figure.unit != item.figure.unit:
            continue
        cut = max(item.left.rfind("由"), item.left.rfind("从"))
        words = item.left[:cut]
        head.left = words if "分别" in words else words + "分别"
        head.sign, head.fresh, head.topic = item.sign, item.fresh, item.topic or head.topic
        down = bool(re.search(r"降|减|缩|落", to[0]))
        for a, b in zip(old, new, strict=True):
            items[a].dropped = True
            items[b].comparison = Comparison(
                direction="down" if down else "up", base_value=items[a].figure.value, text=to[0].replace(TIME, "")
            )


def _rank_moves(items: list[Item]) -> None:
    """排名上升5位，来到第79位: the places that a rank moved are its comparison."""
    for i, item in enumerate(items):
        moved = _MOVED.search(item.left) if item.figure.unit in ("位", "名", "个") else None
        if moved is None or item.dropped or item.figure.style == "ordinal":
            continue
        if item.figure.unit == "个" and not re.match(r"位次|名次", item.right):
            continue
        rest = [x for x in items[i + 1 : i + 3] if x.figure.style == "ordinal" and x.sentence == item.sentence]
        target = next((x for x in rest if x.role != "from"), None)
        if target is not None and len(clean(rest[0].left)) <= 4:
            head = re.sub(rf"[比较与]{TIME}*$", "", item.left[: moved.start("dir")])
            head = head if rest[0].role == "from" else re.sub(r"的?(?:排名|位次|名次)$", "", head)
            rest[0].left = head + rest[0].left
        elif target is None and i and items[i - 1].figure.style == "ordinal" and items[i - 1].sentence == item.sentence:
            target = items[i - 1]
        if target is None:
            continue
        direction: Direction = "down" if re.match(r"[降退跌掉]|下|后", moved["dir"]) else "up"
        target.comparison = target.comparison or Comparison()
        target.comparison.direction, target.comparison.amount = direction, item.figure.value
        target.comparison.unit, item.dropped = "位", True


def _continued(items: list[Item], i: int, changes: dict[int, Change]) -> Change | None:
    """同比减少4起、33人: the second amount is said in the words of the first."""
    first = changes.get(i - 1)
    item = items[i]
    if first is None or first.to or item.sign != "、" or clean(item.left).strip("和及与"):
        return None
    before, unit = items[i - 1], item.figure.unit
    if before.role != "change" or before.figure.unit == unit or item.figure.dimension in ("percent", "point", None):
        return None
    return Change(first.direction, "", first.base, first.text)


def _base_in_bracket(item: Item, nxt: Item) -> bool:
    """True for a figure in a bracket right behind a base, and a direction behind the bracket."""
    if item.sign != "(" or item.left.strip() or nxt.sign != ")":
        return False
    return bool(_BASE_END.search(item.bracket_head)) and clean(nxt.left) in DIRECTION


def _grown_before(items: list[Item], i: int) -> bool:
    """收入6亿元，增长10.7%，增收5939万元: a percentage stands between the level and what it grew by."""
    item, grown = items[i], items[i - 1]
    if grown.figure.dimension != "percent" or grown.sentence != item.sentence or grown.role != "change":
        return False
    return any(x.sentence == item.sentence and x.figure.unit == item.figure.unit for x in items[max(0, i - 4) : i])


def _base_before(item: Item) -> str | None:
    """与上年比较，床位增加5张: the base stands in a clause of its own."""
    if not item.times or not _BASE_CLAUSE.search(item.topic):
        return None
    base = item.times[-1]
    return base.text if base.base else None


def _same(a: Figure, b: Figure) -> bool:
    return a.unit == b.unit or a.unit is None or b.unit is None


def _old_value(items: list[Item], i: int) -> None:
    """由第3名降至第12名: the first ordinal is where the rank came from."""
    item = items[i]
    prev = items[i - 1] if i else None
    if (
        prev
        and prev.figure.style == "ordinal"
        and not prev.dropped
        and item.sign == ""
        and _OLD.search(prev.left)
        and re.search(r"(?:升|降|进|跃|退|提|滑|前移|变|下|上)[^，,]{0,6}(?:至|到|为)?(?:了)?", item.left)
    ):
        prev.role = "from"
        item.comparison = Comparison(direction="down" if re.search(r"降|退|滑|下", item.left) else "up")
