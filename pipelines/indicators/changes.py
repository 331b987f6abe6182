"""Reads how a figure compares: base, direction and what stands before them, from the words left of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipelines.indicators.figures import Figure
from pipelines.indicators.segments import TIME
from pipelines.indicators.units import COUNT_DIMENSIONS
from pipelines.indicators.words import BASES, DIRECTION
from pipelines.items import Comparison, Direction

_WORDS = "|".join(sorted(DIRECTION, key=lambda w: -len(w)))
_LINK = (
    r"(?:同比|环比|按年|按月|年均|月均|实际|名义|可比口径|同口径|平均|分别|均|则|又|也|再|总体|大幅度?|小幅|明显|"
    r"显著|持续|略微?|微|稍微?|[两二三四五十]年(?:年均|平均)|有所|稳步|累计|共|净|各|双双|首次|逐年|逐月|连续|下半年|日均|约|已|将|均较|约为|进一步|仅|"
    r"自然|快速|同口径下|直接|相应|由此|减|，)"
)
# The direction word that stands right before a figure, with what may stand between.
_AT_END = re.compile(
    rf"(?P<dir>{_WORDS})(?:率|幅度?|额|量)?(?:了|为|达到?|近|约|超过?|逾|到?|至|均|仅|分别|高达|:|\s|{TIME}){{0,4}}$"
)
_AT_END_LAST = frozenset([word[-1] for word in DIRECTION] + list(f"率幅度额量了为达到近约超过逾至均仅别:{TIME}"))
_TO_END = re.compile(
    rf"(?P<dir>增|升|降|减|增加|增长|提高|提升|上升|下降|减少|降低|扩大|缩小|缩短|压缩|压减|回升|回落|缩减|攀升|"
    rf"跃升|拓展|上涨|下跌|上调|下调|下滑|调整|收窄|增扩|发展|扩增|改善)(?:至|到|为|成)(?:了)?(?:\s|约|近|超|"
    rf"{TIME}|目前的?|现在的?|当前的?|今年的?|的)*$"
)
_TO_END_LAST = frozenset(f"至到为成了约近超前在年的{TIME}")
_BASE = re.compile(
    rf"(?P<mark>比|较|与|同|相比于|相较于|相较|对比)(?P<base>(?:{TIME}+)?(?:的|"
    rf"在)?(?:{BASES})?[^，,。;:、比较]{{0,14}}?)(?:相比|比较|对比|相较)?，?(?P<link>{_LINK}*)$"
)
_YOY = re.compile(rf"(?P<base>同比|环比|按年|按月)(?:{TIME}+的?)?{_LINK}*$")
_LINKS = re.compile(rf"{_LINK}+$")
# 新增, 增加值, 减免: the direction word begins another word.
_FALSE_HEAD = re.compile(r"[新倍巨递激猛同催追]$")


_MORE_DONE = re.compile(r"[比较][^，,。;；]{2,14}?(?P<dir>多|少)[\u4e00-\u9fff]{1,4}$")
_THING = re.compile(r"[\u4e00-\u9fff]{2}")


@dataclass(slots=True)
class Change:
    """`to`: the figure is the level that was reached (增至222项), not the difference."""

    direction: Direction
    head: str
    base: str | None
    text: str
    to: bool = False
    gap: bool = False
    base_value: float | int | None = None
    """What the figure was, where it is printed beside the base: 较上月（95.9%）下降."""


_FLAT = re.compile(
    r"(?:\([^()]{1,20}\))?[，,、(]?(?P<text>(?P<base>同比|环比|(?:与|和|同|较)?(?P<said>(?:去|上)年同期|(?:去|上)[年月]|上年度|上季度)(?:相比)?)"
    r"(?:总体|大致|基本|均)?持平)"
)


def read_flat(text: str, at: int) -> Comparison | None:
    """发生131起、同比持平: what did not change, from the words right behind a figure that ends at `at`."""
    m = _FLAT.match(text, at)
    return Comparison(base=m["said"] or m["base"], direction="flat", text=m["text"]) if m else None


def base_words(text: str, marks: str) -> str | None:
    """The base as printed without the marks around it."""
    clean = text.replace(TIME, "").strip(" 的在，")
    return clean or (marks or None)


def read_change(left: str, figure: Figure, time_text: str, right: str = "", beside: bool = False) -> Change | None:
    """How the figure changes what stands left of it, or None.

    Args:
        left: the clause up to the figure, times blanked by `TIME`.
        figure: the figure.
        right: the words behind the figure.
        beside: the figure before it in the sentence has the same unit (产量228万吨，增产2万吨).
        time_text: the printed text of the clause's last time that is a base (`2020年`, `去年同期`), or "".
    """
    last = left.rstrip()[-1:]
    m = _TO_END.search(left) if last in _TO_END_LAST else None
    if m:
        word = m["dir"]
        direction = DIRECTION.get(word, "up")
        head, base, _ = _split_base(left[: m.start()], time_text)
        if word in ("调整",):
            return None
        return Change(direction, head, base, left[m.start() :], to=True)
    m = _AT_END.search(left) if last in _AT_END_LAST else None
    more = _MORE_DONE.search(left) if m is None and beside else None
    if more:
        # 蓄水量31亿立方米，比去年同期多蓄水0.5亿立方米: the verb stands behind the direction.
        head, base, _ = _split_base(left[: more.start("dir")], time_text)
        return Change(DIRECTION[more["dir"]], head, base, left[more.start("dir") :]) if base else None
    if not m:
        return None
    word = m["dir"]
    tail = left[m.end("dir") : m.end("dir") + 1]
    if tail in ("率", "额", "量") and word not in ("增长", "下降", "上涨", "增加", "减少", "降低", "提高", "提升"):
        return None
    if (tail == "率" or word == "增长率") and left[: m.start()].endswith("自然"):
        # 自然增长率: a rate of people, no growth of it.
        return None
    direction = DIRECTION[word]
    before = left[: m.start()]
    if (_FALSE_HEAD.search(before) and len(word) == 1) or (before.endswith("新") and word.startswith("增")):
        return None
    dimension = figure.dimension
    head, base, linked = _split_base(before, time_text)
    if (
        word
        in (
            "高",
            "多",
            "少",
            "快",
            "短",
            "低",
            "增",
            "减",
            "升",
            "降",
            "跌",
            "涨",
            "多出",
            "高出",
            "节约",
            "精简",
            "缩短",
            "新增",
            "延长",
            "压减",
            "压缩",
            "增收",
            "减收",
            "增支",
            "减支",
            "多收",
            "少收",
            "多支",
            "少支",
            "增盈",
            "减亏",
            "减排",
            "提前",
            "滞后",
            "增产",
            "减产",
        )
        and not base
        and dimension not in ("percent", "point", "ratio")
        and not (beside and not head.strip(" " + TIME))
    ):
        return None
    if figure.dimension in COUNT_DIMENSIONS and not base and not linked and _THING.match(right):
        # 增加34个药品: a number of things added, not a difference.
        return None
    if (
        word in ("提高", "增加", "减少", "降低", "提升", "扩大")
        and not base
        and dimension not in ("percent", "point", "ratio")
        and not linked
        and head.strip(" " + TIME)
    ):
        # 减少排放12吨 never comes here; 增加床位 neither. 增加12人 after a level does.
        return Change(direction, head, None, left[m.start() :])
    gap = word in ("高于", "低于", "快于", "慢于", "多于", "少于", "大于")
    return Change(direction, head, base, left[m.start() :], gap=gap)


def read_gap(left: str) -> Change | None:
    """高于全国8.5个百分点, 快于全省平均1.2个百分点, 比全国高2个百分点: a distance to another area or to a plan."""
    plan = re.search(
        r"超(?:额)?(?:完成)?(?:了)?(?P<base>(?:年度?|全年|原定|预定|既定|序时)?(?:计划|目标|预算|任务|进度))(?:任务|目标)?$",
        left,
    )
    if plan:
        return Change("up", left[: plan.start()], plan["base"], left[plan.start() :], gap=True)
    m = re.search(
        r"(?P<dir>高于|低于|快于|慢于|优于|高出|低出|超出|超过|领先|领先于|落后于|"
        r"好于)(?P<base>[^，,。;、:]{1,16}?)(?:约|近)?$",
        left,
    )
    if not m or any(c.isdigit() for c in m["base"]) or m["base"].endswith("的") or left[: m.start()].endswith("不"):
        return None
    direction: Direction = "down" if m["dir"] in ("低于", "慢于", "低出", "落后于") else "up"
    return Change(direction, left[: m.start()], base_words(m["base"], ""), left[m.start() :], gap=True)


def _split_base(before: str, time_text: str) -> tuple[str, str | None, bool]:
    """What stands before the base, the base, and whether a comparison word links them."""
    window = before[-48:]
    offset = len(before) - len(window)
    best = None
    for mark in re.finditer(
        r"比(?!重|例|率|亚|赛|较|选|武|拼|价)|较(?!好|大|多|高|快|强|为|小|重|低)|(?<!相)与(?=[^，]*(?:相比|"
        r"持平))|同(?=[^，]*相比)|相比|相较",
        window,
    ):
        if mark.start() and window[mark.start() - 1] in "同环占配对成正评无可" and mark[0] == "比":
            continue
        m = _BASE.match(window, mark.start())
        if m:
            best = m
            break
    if best:
        base = best["base"] or ""
        words = base_words(base, "")
        if TIME in base:
            words = time_text + (words if words and words not in time_text else "") if time_text else words
        link = best["link"] or ""
        yoy = "同比" if "同比" in link else "环比" if "环比" in link else None
        return before[: offset + best.start()], words or yoy or time_text or None, True
    m = _YOY.search(window)
    if m:
        return before[: offset + m.start()], m["base"], True
    m = _LINKS.search(window)
    linked = bool(m)
    head = before[: offset + m.start()] if m else before
    if TIME in window and time_text and time_text.startswith(("去年", "上年", "上月")) and head.rstrip().endswith(TIME):
        return head.rstrip().rstrip(TIME), time_text, True
    return head, None, linked
