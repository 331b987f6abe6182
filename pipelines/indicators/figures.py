"""The scanner: every printed figure with its unit and modifier, and nothing that only looks like one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from pipelines.indicators.numbers import CHINESE_NUMERALS, Number, read_arabic, read_chinese
from pipelines.indicators.units import Unit, unit_at

MASK = "\ue001"
"""Fills protected spans and times in the text that is scanned."""

_START = re.compile(rf"[第\d{CHINESE_NUMERALS}]")
_PREFIX = re.compile(
    r"(?:超过|超出|超|接近|将近|近|大约|约为|约有|约占|约|不足|不到|不少于|不低于|不超过|不高于|不大于|不小于|"
    r"至少|最多|突破|高达|逾|破|过|上|前|多达|低于|少于|大于|小于|首次突破)$"
)
_PREFIX_LAST = frozenset("过出超近约大为有占足到少于破多达逾上前")
_SUFFIX_FIRST = frozenset("余多以左上及有许强")
_SUFFIX = re.compile(r"余|多(?!个样)|以上|以下|左右|上下|以内|及以上|及以下|有余|许(?=[人名个起])|强")
_ALSO = re.compile(r"\((?:次|套|个|组|处|项|件|部|家|户|人|辆|座|条|支|张|间|批|台|所|名|份|起)\)")
_THRESHOLD = re.compile(r"(?:\(含\)|（含）|及|或)?(?:以上|以下|以内|以外)(?:的|含)?(?=[\u4e00-\u9fffA-Za-z“\d])")
_THRESHOLD_FIRST = frozenset("(（及或以")
_OF_RATE = re.compile(r"[率度比](?:例|重)?(?:在|为|达到?)?$")
"""发生率在20%以上的贫困村: the rate is that of the things counted behind it."""
_ORDINAL = re.compile(rf"第\s?(?:(\d{{1,4}})|([{CHINESE_NUMERALS}]{{1,5}}))(位|名)?")
_RANGE = re.compile(r"[-—~]{1,2}|至|到")
_RANGE_FIRST = frozenset("-—~至到")
_LOWER = {
    "超过",
    "超出",
    "超",
    "不少于",
    "不低于",
    "不小于",
    "至少",
    "突破",
    "首次突破",
    "逾",
    "破",
    "过",
    "上",
    "大于",
    "余",
    "多",
    "以上",
    "及以上",
    "有余",
    "强",
    "高达",
    "多达",
}
_UPPER = {
    "接近",
    "将近",
    "近",
    "不足",
    "不到",
    "不超过",
    "不高于",
    "不大于",
    "最多",
    "低于",
    "少于",
    "小于",
    "以下",
    "以内",
    "及以下",
}
_RANK_BEFORE = re.compile(
    r"(?:居|列|位|排名?|名次?|获|由|从|降至|升至|升到|降到|升为|降为|跃升至|上升至|跌至|至|到|保持|进入|跻身|"
    r"夺得|评为|取得|[省市县国区州球界内川系统业类])(?:于|在|为|第)?$"
    rf"|[由从]{MASK}+(?:同期)?的?$"
)
_RANK_AREA = re.compile(
    r"(?:居|列|位|排|名|获|保持|进入|跻身|降幅|增幅|增速|增量|总量)[^，,。;；:：]{0,14}$|[、及和][^，,。;；:：]{0,12}$"
)
_CLASSIFIER_CN = frozenset("起次人名件例场家户辆台处座所期篇项条份笔批宗艘架只头")
_PERSONISH = frozenset("人名例起件")
_AFTER_FINAL = re.compile(r"\s*(?:[，,。;；、:：!！?？)）\n]|$)")
_FATE = re.compile(r"(?:当场)?(?:死亡|受伤|遇难|轻伤|重伤|失联|失踪|被困|获救|被埋|身亡|住院|伤|亡)")
_VAGUE_BEFORE = re.compile(r"[每任某同这那另第上下各一头再首初末逐进几数]$")

_BEFORE_MINUS = frozenset("为是达至到率值额度差在长幅速,，、:(;" + MASK)
_LIST_SIGNS = ("、", "和", "与", "及")

_SHARE = Unit("", "", "ratio")
_SHARE_BEFORE = re.compile(r"[占达为超近约逾到过]$|占[^，,。;；]{1,12}的$")
_SHARE_END = re.compile(r"(?:以上|左右|多|强)?(?:[，,。;；、)）\n]|$)")
"""占总数的三分之二: a fraction says a share where it ends its clause behind such a word."""
_LIMIT_OF = re.compile(
    rf"(?:城市|企业|项目|县区?|村)(?=\d)|的(?=[\d{CHINESE_NUMERALS}]|[\u4e00-\u9fff]{{0,4}}(?:城市|企业|项目|案件|地区|[县区省市村]|单位|国家|机构|工程|园区|家庭|乡镇|"
    r"学校|高校|客户|景区|行业|产品|农户|大户))"
)
_BEYOND = frozenset(
    {"超过", "超", "不足", "不到", "低于", "大于", "小于", "少于", "突破", "不低于", "不少于", "不超过"}
)

Style = Literal["figure", "ordinal"]


@dataclass(slots=True)
class Figure:
    """A printed figure. [start, end) is the value's text, [left, right) includes modifiers and unit."""

    start: int
    end: int
    left: int
    right: int
    value: float | int
    unit: str | None = None
    dimension: str | None = None
    modifier: str | None = None
    lower: float | int | None = None
    upper: float | int | None = None
    style: Style = "figure"
    chinese: bool = False


def find_figures(scan: str) -> list[Figure]:
    """All figures of folded text in which protected spans and times are blanked by `MASK`."""
    figures: list[Figure] = []
    at = 0
    while True:
        m = _START.search(scan, at)
        if not m:
            _share_units(scan, figures)
            return figures
        start = m.start()
        if scan[start] == "第":
            figure, at = _ordinal(scan, start)
        elif scan[start] in CHINESE_NUMERALS:
            figure, at = _chinese(scan, start)
        else:
            figure, at = _arabic(scan, start)
        if figure:
            if figures and figures[-1].right > figure.left:
                figure.left = max(figures[-1].right, min(figure.left, figure.start))
            figures.append(figure)


def _share_units(scan: str, figures: list[Figure]) -> None:
    """分别为11、24和59微克/立方米: the unit printed once is that of all."""
    for i in range(len(figures) - 2, -1, -1):
        figure, following = figures[i], figures[i + 1]
        if (
            figure.unit not in (None, "个")
            or following.unit is None
            or scan[figure.right : following.left] not in _LIST_SIGNS
        ):
            continue
        if figure.unit == "个" and following.unit == "个百分点":
            # 17.6个、5.9个和33.2个百分点
            figure.unit, figure.dimension = following.unit, following.dimension
        if figure.unit is not None:
            continue
        if following.dimension != "time" and "分别" in scan[max(0, figure.left - 60) : figure.left]:
            figure.unit, figure.dimension = following.unit, following.dimension


_OF_SEVERAL = re.compile(rf"(?:[、和及]第[{CHINESE_NUMERALS}]){{1,3}}(?:产业|季度|批|期|阶段|届|轮|梯队)")
"""第一、第二、第三产业: the ordinals share the noun of the last."""


def _ordinal(scan: str, start: int) -> tuple[Figure | None, int]:
    """第3名, 第一: a rank where something stands at a place, else an ordinal and no figure."""
    m = _ORDINAL.match(scan, start)
    if not m:
        return None, start + 1
    number = read_arabic(scan, m.start(1)) if m[1] else read_chinese(scan, m.start(2))
    if not number:
        return None, m.end()
    if m[1] and number.end > m.end(1):
        return None, number.end
    before = scan[max(0, start - 24) : start]
    after = scan[m.end() : m.end() + 1]
    # 第一产业, 第二季度, 第三届 go on with a noun; a rank ends its phrase or names its place.
    closed = not after or after in "，,。;；、:：)(）\n 和及与降升前的滑跌" or m[3] is not None
    if not closed or _OF_SEVERAL.match(scan, m.end()) or not (_RANK_BEFORE.search(before) or _RANK_AREA.search(before)):
        return None, m.end()
    group = 1 if m[1] else 2
    figure = Figure(m.start(group), m.end(group), start, m.end(), number.value, m[3] or "位", "rank", style="ordinal")
    return figure, m.end()


def _chinese(scan: str, start: int) -> tuple[Figure | None, int]:
    """A Chinese numeral is a figure with a classifier at a phrase's end, as a percentage, or as a round number."""
    number = read_chinese(scan, start)
    if not number:
        return None, start + 1
    if number.percent:
        return _finish(scan, number, None), number.end
    surface = scan[start : number.end]
    before = scan[max(0, start - 1) : start]
    if "分之" in surface:
        share = _SHARE_BEFORE.search(scan, max(0, start - 14), start) and _SHARE_END.match(scan, number.end)
        return (_finish(scan, number, _SHARE) if share else None), number.end
    if all(c in "十百千万亿" for c in surface):
        prefix = _PREFIX.search(scan[max(0, start - 4) : start])
        after = scan[number.end : number.end + 1]
        suffix = after in ("余", "多") and (surface not in ("十", "百") or (after == "余" and surface == "百"))
        # 突破百亿次, 超千家, 近万人, 千余名; 百城, 万家, 数百 stay names and vague words.
        if surface[-1] in "百千万亿" and (suffix or (prefix and prefix[0] not in ("上", "前"))):
            unit = unit_at(scan, number.end + suffix)
            if unit and unit.dimension != "time":
                return _finish(scan, number, unit), number.end
        if not (surface[0] == "十" and len(surface) > 1):
            return None, number.end
    more = len(surface) > 1 and scan[number.end : number.end + 1] in ("余", "多")
    unit = unit_at(scan, number.end + more)
    if unit is None or _VAGUE_BEFORE.search(before):
        return None, number.end
    after = scan[number.end + len(unit.surface) : number.end + len(unit.surface) + 8]
    first = unit.surface[0]
    large = any(c in "万亿" for c in surface) and len(surface) > 1
    if unit.dimension in ("time", "index", "score", "level") and not large:
        return None, number.end
    if large or (len(surface) > 1 and unit.dimension in ("money", "person", "mass", "area", "length")):
        return _finish(scan, number, unit), number.end
    if unit.dimension in ("money", "mass", "area", "length", "ratio", "volume") or unit.unit in ("人次",):
        # 两降两升, 一元化: one numeral before a word that is no unit there.
        single = len(surface) == 1 and unit.dimension != "ratio" and not _AFTER_FINAL.match(after)
        if single or (unit.dimension == "money" and len(surface) == 1):
            return None, number.end
        if unit.dimension == "ratio" and not (_AFTER_FINAL.match(after) or after[:2] in ("以上", "左右", "多，")):
            return None, number.end
        if number.value != 1 or unit.dimension == "money":
            return _finish(scan, number, unit), number.end
        return None, number.end
    final = bool(_AFTER_FINAL.match(after)) and bool(before) and "\u4e00" <= before <= "\u9fff"
    if first in _CLASSIFIER_CN and final and number.value > 1:
        return _finish(scan, number, unit), number.end
    if first in _PERSONISH and _FATE.match(after):
        return _finish(scan, number, unit), number.end
    return None, number.end


def _arabic(scan: str, start: int) -> tuple[Figure | None, int]:
    number = read_arabic(scan, start)
    if not number:
        # A digit string too long to be a figure is skipped whole.
        end = start
        while end < len(scan) and scan[end] in "0123456789.,":
            end += 1
        return None, max(end, start + 1)
    end = number.end
    before = scan[start - 1 : start]
    if before == "/" and "\u4e00" <= scan[max(0, start - 2)] <= "\u9fff" and unit_at(scan, end):
        # 183万人次/9万班次: two figures.
        before = ""
    if before and (before.isascii() and (before.isalnum() or before in "_/\\#@$¥") and before not in "¥$"):
        return None, end
    if before in ("-", "—", "负") and start > 1 and scan[start - 2] in _BEFORE_MINUS:
        number = Number(start - 1, end, -number.value)
    # 1.2.3, 2-1: sections and codes.
    if before in (".", "．") and start > 1 and scan[start - 2].isdigit():
        return None, end
    low: Number | None = None
    # 3-5个, 3%~5%: a range is one figure.
    tail = scan[end : end + 1]
    after_percent = end + (tail == "%")
    sep = _RANGE.match(scan, after_percent) if scan[after_percent : after_percent + 1] in _RANGE_FIRST else None
    if sep and sep.end() < len(scan) and scan[sep.end()].isdigit() and number.value >= 0:
        high = read_arabic(scan, sep.end())
        if high and high.value > number.value and (unit_at(scan, high.end) or sep[0] not in ("至", "到")):
            low, number = number, Number(number.start, high.end, high.value)
            if sep[0] in ("至", "到") and not unit_at(scan, high.end):
                low = None
    unit = unit_at(scan, number.end)
    shift = 0
    if unit is None and scan[number.end : number.end + 1] == " ":
        unit = unit_at(scan, number.end + 1)
        shift = 1 if unit else 0
    if unit is None:
        suffix = _suffix(scan, number.end)
        if suffix:
            at = suffix.end()
            # 余 and 多 may stand before 万 or 亿: 3余万元.
            at += scan[at : at + 1] in ("万", "亿") and suffix[0] in ("余", "多")
            unit = unit_at(scan, at)
            if unit and unit.dimension == "time" and suffix[0] not in ("余", "多", "以上"):
                unit = None
    figure = _finish(scan, number, unit, shift)
    if low:
        figure.lower, figure.upper = low.value, number.value
        plain = _plain(scan, number)
        scale = number.value / plain if plain else 0
        # 3-5万: the multiplier holds for both ends.
        if scale > 1 and low.value * scale <= number.value:
            figure.lower = low.value * scale
        figure.value = figure.lower
        figure.modifier = None
    return figure, max(figure.right, number.end)


def _plain(scan: str, number: Number) -> float:
    """The last number of a range without its multiplier."""
    m = re.search(r"(\d+(?:\.\d+)?)[^\d]*$", scan[number.start : number.end])
    return float(m[1]) if m else 0.0


def _suffix(scan: str, at: int) -> re.Match[str] | None:
    """The modifier behind a number or its unit."""
    return _SUFFIX.match(scan, at) if scan[at : at + 1] in _SUFFIX_FIRST else None


def _finish(scan: str, number: Number, unit: Unit | None, shift: int = 0) -> Figure:
    """Adds unit, modifiers and bounds to a number."""
    start, end = number.start, number.end
    figure = Figure(start, end, start, end, number.value, chinese=number.chinese)
    at = end
    if number.percent:
        figure.unit, figure.dimension = number.percent, "percent"
    suffix = _suffix(scan, at)
    words: list[str] = []
    if suffix and not scan.startswith("以上", at):
        words.append(suffix[0])
        at = suffix.end()
        if at < len(scan) and scan[at] in "万亿":
            # 3余万: the multiplier stands after the modifier.
            figure.value = number.value * (10**4 if scan[at] == "万" else 10**8)
            at += 1
    if unit:
        if not scan.startswith(unit.surface, at):
            at += shift
        if scan.startswith(unit.surface, at):
            figure.unit, figure.dimension = unit.unit or None, unit.dimension
            if unit.dimension == "percent":
                figure.end = at + len(unit.surface)
            at += len(unit.surface)
            also = _ALSO.match(scan, at) if scan.startswith("(", at) else None
            at = also.end() if also else at
    if figure.unit is None and scan[start - 2 : start] == "人次" and scan[end - 1] in "万亿":
        # 诊疗人次95.5亿: the unit stands in front.
        figure.unit, figure.dimension = "人次", "person"
    late = _suffix(scan, at)
    if late and late[0] not in ("许", "强", "过"):
        words.append(late[0])
        at = late.end()
    figure.right = at
    prefix = _PREFIX.search(scan[max(0, start - 4) : start]) if scan[start - 1 : start] in _PREFIX_LAST else None
    if prefix:
        word = prefix[0]
        # 经过3轮, 通过5项, 马上3天: no modifiers.
        fore = scan[start - len(word) - 1 : start - len(word)] if start > len(word) else ""
        if (
            not (word == "过" and (fore in "通经超不路" or figure.value < 10000))
            and not (word == "上" and (figure.value < 10000 or fore in "以网线晚早马路车"))
            and not (word == "前" and figure.dimension not in ("rank", None))
            and not (word == "近" and fore in "最附邻")
            and not (word == "约" and fore in "签预契节条合履违制集大公")
        ):
            words.insert(0, word)
            figure.left = start - len(word)
    if words:
        figure.modifier = words[0]
        if words[0] in _LOWER:
            figure.lower = figure.value
        elif words[0] in _UPPER:
            figure.upper = figure.value
    return figure


def is_threshold(scan: str, figure: Figure) -> bool:
    """57座以上大客车, 60岁及以上人口, 2000万元以下的: the figure is part of a name."""
    at = figure.right
    if figure.modifier in _BEYOND and figure.dimension not in ("percent", "point") and _LIMIT_OF.match(scan, at):
        # 超过百万辆的61个城市: what the counted things have.
        return True
    word = scan[at - 2 : at]
    if word in ("以上", "以下", "以内"):
        at -= 2
        if scan[at - 1] in "及或":
            at -= 1
    m = _THRESHOLD.match(scan, at) if scan[at : at + 1] in _THRESHOLD_FIRST else None
    if not m:
        return False
    of_rate = figure.dimension == "percent" and _OF_RATE.search(scan, max(0, figure.left - 12), figure.left)
    if figure.dimension in ("percent", "point", "ratio") and not of_rate:
        return False
    return (
        not re.match(r"(?:降|升|增|减|死|受|参|并|其|且|以|达|为|占|和)", scan[m.end() : m.end() + 1])
        or scan[m.end() - 1] == "的"
    )
