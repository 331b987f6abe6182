"""What one cell of a statistical table says: a number, or a header's measure, unit, period and role."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from pipelines.indicators.fold import fold
from pipelines.indicators.numbers import tidy
from pipelines.indicators.places import front_place, is_place
from pipelines.indicators.times import Anchor, Time, bounds, find_times, resolve
from pipelines.indicators.units import unit_at
from pipelines.items import Period, Status

Role = Literal["level", "comparison", "amount", "base", "share", "rank", "skip", "unit", "note"]

MULTIPLIERS = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "十万": 10**5, "百万": 10**6, "千万": 10**7, "亿": 10**8}
_NUMBER = re.compile(
    r"(?P<open>[(])?(?P<sign>[-+±▲△▼↑↓]|增长|下降)?\s?"
    r"(?P<digits>\d{1,3}(?:,\d{3}){1,5}|\d{1,3}(?: \d{3}){1,5}|\d{1,15})(?P<decimals>\.\d{1,8})?"
    r"\s?(?P<percent>[%‰])?(?P<unit>[^\d\s%‰(),.，。;:、/]{1,8})?\s?(?P<arrow>[↑↓])?(?(open)[)])[*#]?"
)
_MISSING = re.compile(r"[-—–―─.…/\\*\s#]*|无|空|持平|NA|N/A", re.I)
_PARENTHESES = re.compile(r"\(([^()]{0,40})\)|\[([^\[\]]{0,40})\]")
_UNIT_LINE = re.compile(r"(?:计量)?单\s*位\s*:?\s*(?P<units>[^\s;。)]{1,40})")
_BASE = re.compile(
    r"(?<!\d)[日周旬月季年]?(?:同比|环比)|(?:比|较|与)(?:(?:上|去|前|同)(?:[年季]度?|[月期周旬])(?:同期|同月|年末|末|底|度)?|年初|[月季]初|(?:19|20)\d{2}年(?:同期|末)?)(?:相?比)?|可比|按可比(?:价格|口径)"
)
_CHANGE = re.compile(
    r"(?:(?:实际|名义|累计)?(?:增长|增减|增幅|增速|升降|涨跌|涨幅|变化|变动|增加(?!值)|下降|减少|提高|降低|净增|±|\+-|\+/-|[(]?[+-][)]?)"
    r"(?:率|额|量|数|值|幅度?|速度|情况|百分点|点|%)*)+$"
)
_ENGLISH_CHANGE = re.compile(
    r"(?:%|per ?cent(?:age)?|year[- ]on[- ]year|annual)? ?(?:change|growth|increase|decrease)(?: rate)?"
    r"(?: (?:from|on|over|since|against|compared (?:with|to)) .{1,40})?|yoy|y/y",
    re.I,
)
_NO_CHANGE = re.compile(r"自然增长率?|年均增长|(?:新增|增加值|增值)(?!.*(?:同比|环比|增速|增幅|增长))")
_GROUPING = re.compile(
    r"类型|类别|分类|种类|项目|指标(?:名称)?|名称|其中|内容|地区|年份|年度|单位|情况|申请人情况|分项|按\w{1,8}分"
)
_ABSOLUTE = re.compile(r"绝对[额值量数]$")
_AMOUNT = re.compile(r"(?:额|量|数|值)$|(?:增加|减少|净增)$")
_SHARE = re.compile(r"占比|比重|构成|百分比|占[\u4e00-\u9fff]{1,10}(?:的?%|比例)|比例")
_BEFORE = re.compile(r"上[年月周期季次]|去年|前[一次]|原")
_RANK = re.compile(r"排名|名次|位次|排序|排位|序位|座次")
SKIP = re.compile(
    r"序号|编号|代码|编码|行次|栏次|电话|手机|邮编|邮政编码|传真|身份证|学号|账号|帐号|卡号|准考证|页码|区号|经度|纬度|批次号|条码"
    r"|分值|扣分|满分|(?<!综合)(?<!总)(?<!平均)得分|权重|限值|阈值|标准值|[级家]标准$|(?:质量|排放|评价)标准$|^期数|车次|楼号|房号|门牌|栋号|文号"
    r"|[a-z] (?:number|no\.?)$|\b(?:id|code|date|time|phone|fax|zip|page)$"
    r"|年龄(?:要求|上限|条件)?$|日期|时间|电\s*话|^(?:号|序|no\.?)$|^分$",
    re.I,
)
_MEASURE = re.compile(
    r"(?:(?:绝对|总)[额值量数]|指标值|数值|数据|数量|金额|本年|本期|当期|本季度?|报告期|累计|当年|全年|实际|实绩|完成(?:数|额|情况|值)?|统计值|合计|总计|小计|值|数|情况"
    r"|本年累计|累计(?:数|完成|值)|本月(?:数|完成)?|实际(?:数|完成|值)?|(?:决算|执行|发生|完成|统计)数|总量|年末数?|期末数?|计|今年|指标|总量|共计|总数|数额)+"
)
INDEX = re.compile(r"=\s*100$")
"""The base of an index number: 上年同期=100."""
_RATE_OF_CHANGE = re.compile(r"(?:增速|增幅|增长率|增长速度|涨幅|降幅|增减率|变化率)$")
_BARE_SHARE = re.compile(r"(?:所)?占比|(?:所占)?比重|构成(?:比)?|百分比|比例")
_PRIOR_LEAD = re.compile(
    r"(?:上|去)年同[期月]|上[周旬期次](?!末)|(?:(?:上|去)年|上[月季]度?)末(?=[\u4e00-\u9fff]{0,6}(?:余额|存量|数|总量|人口|保有量)$)|上月(?![末底初])(?=[\u4e00-\u9fff]{2})|前一?[周旬期日]|(?:上|去)年(?!结|末|底|未|旧|转|滚|遗)(?=[\u4e00-\u9fff]{2})"
)
_NORM = re.compile(r"(?:常|历|多|往)年(?:平均)?$")
"""Norms over many years: 常年同期 is no earlier year."""
_PRESENT_LEAD = re.compile(r"本[周旬期次](?=[\u4e00-\u9fff])")
_PRIOR = re.compile(
    r"(?:上|去)年(?:同期|同月|全年|末|底|度)?(?:数|累计数?|完成数?|实际数?|决算数?|执行数|值)?|上年同期累计|上期(?:数)?|上[月周旬](?:数)?|基期|同期(?:数|累计)?"
)
PLANNED = re.compile(
    r"计划(?!生育|单列)|目标|任务|预算(?:数|额|安排|指标|$)|(?:年初|年度|调整|部门|全年)预算|预算(?:总|明细)?表|年预算|预期|规划(?!局|院|师|和自然)|指标数|拟"
)
DONE = re.compile(r"完成|执行|实际|落实|决算|达到")
_FORECAST = re.compile(r"预计|预测|预估")
_FIRST = re.compile(r"初步|快报|预报数|速报")
_RATIO = re.compile(r"完成[\u4e00-\u9fff]{0,6}(?:%|比|率|的比例)|为[\u4e00-\u9fff]{0,6}(?:预算|计划|目标)|进度")
_OF_PRIOR = re.compile(r"(?:相当于|为)(?:上|去)[年月](?:同期|同月)?")
"""Ratios to an earlier value: 累计为上年同期%."""
_SHARE_OF = re.compile(r"完成|占|相当于|为(?=[\u4e00-\u9fff]{2})")
_NUMBERING = re.compile(
    r"(?P<one>[一二三四五六七八九十]{1,3}[、.．])|(?P<two>[(][一二三四五六七八九十]{1,3}[)])|(?P<three>\d{1,2}(?:\.\d{1,2}){0,3}[.、．)](?!\d)|\d{1,2}(?:\.\d{1,2}){1,3}(?=[\u4e00-\u9fff]))"
    r"|(?P<four>[(]\d{1,2}[)]|[①-⑳])|(?P<other>[#*●·■◆\-—–]+|[A-Z][、.．](?=[\u4e00-\u9fff]))"
)
_AMONG = re.compile(r"(?:其中|内\s*(?=[:：]))\s*[:：]?|#")
TOTAL = re.compile(r"(?:合\s*计|总\s*计|总\s*数|小\s*计|全部|共\s*计|累\s*计|计|合\s*计\s*数|total)", re.I)
SUBTOTAL = re.compile(r"(.{0,12})小\s*计")
_GRAND = re.compile(r".{1,12}(?:合\s*计|总\s*计)")
WHOLE_REGION = re.compile(r"[全本](?:国|省|市|县|区|州|盟|旗|镇|乡|街道|自治区|域)(?:合计|总计|平均)?")
_FOOTNOTE = re.compile(r"[①-⑳*#]+$|\[\d\]$")
_YEAR = re.compile(r"(?:19|20)\d{2}")


@dataclass(frozen=True, slots=True)
class Number:
    """A cell's number: its worth, the unit printed with it, decimals, and where its text lies in the cell."""

    value: float
    text: str
    start: int
    unit: str | None
    decimals: int


@dataclass(frozen=True, slots=True)
class Facet:
    """What a header, a row's name or a caption says. `name` is what remains without unit, period and role words."""

    name: str = ""
    role: Role = "level"
    unit: str | None = None
    period: Period | None = None
    base: str | None = None
    status: Status = "actual"
    region: str | None = None
    qualifiers: tuple[str, ...] = ()
    total: bool = False
    subtotal: bool = False
    among: bool = False
    depth: int = 0
    cumulative: bool = False


_CUMULATIVE = re.compile(r"(?:本年|当年|自?年初(?:以来|至今|起)?)?累计(?:数|值|完成|实绩)?")
_SINCE_NEW_YEAR = re.compile(r"^自?年初(?:以来|至今|起)?累计")
_YEARLY = re.compile(r"(?:累计)?(?:同比|环比|[比较](?:上|去)年同期)")


def squeeze(text: str) -> str:
    """Folded text without white space but for blanks between Latin words and numbers."""
    return re.sub(r"\s+", " ", re.sub(r"(?<![A-Za-z0-9])\s+|\s+(?![A-Za-z0-9])", "", fold(text)))


@lru_cache(4096)
def read_number(cell: str) -> Number | None:
    """A cell that is one number; None for any other. `(12.3)` is negative in accounts, `↓3.2` is a fall."""
    if not cell or len(cell) > 40:
        return None
    text = re.sub(r"(?<=\d)，(?=\d{3})", ",", fold(cell))
    lead = len(text) - len(text.lstrip())
    match = _NUMBER.fullmatch(text.strip())
    if match is None:
        return None
    unit = match["percent"]
    scale = 1.0
    if match["unit"]:
        scale, word = split_unit(match["unit"])
        if word is None and scale == 1:
            return None
        unit = unit or word
        if unit in _CALENDAR:
            return None
    value = float(times(float(re.sub(r"[, ]", "", match["digits"]) + (match["decimals"] or "")), scale))
    sign = match["sign"] or ""
    if (
        sign in {"-", "▲", "△", "▼", "↓", "下降"}
        or match["arrow"] == "↓"
        or (match["open"] and not sign and "," in text)
    ):
        value = -value
    start = match.start("sign") if sign in {"-", "+"} else match.start("digits")
    end = (
        match.end("percent")
        if match["percent"]
        else match.end("decimals")
        if match["decimals"]
        else match.end("digits")
    )
    if match["unit"] and match["unit"][0] in "万亿" and not match["percent"]:
        end += 1
    return Number(tidy(value), text.strip()[start:end], lead + start, unit, len(match["decimals"] or ".") - 1)


def is_base(text: str) -> bool:
    """Whether a header says nothing but what figures are compared with: 环比, 比上年同期."""
    return _BASE.fullmatch(squeeze(text)) is not None


def base_kind(base: str) -> str:
    """What a comparison goes back to, in one word: 同比 and 去年同期 are the year before."""
    for pattern, kind in (
        (r"环比|上[月季周旬]", "before"),
        (r"年初|[年月季]末|底$", "end"),
        (r"同比|[上去]年", "year"),
    ):
        if re.search(pattern, base):
            return kind
    return base


def times(value: float, scale: float) -> float | int:
    """A printed number times its unit's multiple, without the dust of binary fractions: 76.35 亿 is 7,635,000,000."""
    return tidy(float(Decimal(repr(value)) * Decimal(repr(scale))))


_CALENDAR = frozenset({"年", "月", "日", "号", "时", "点", "季度", "周", "届", "级", "版", "期", "批", "类"})


def is_missing(cell: str) -> bool:
    """An empty cell, a dash or another sign that no value is given."""
    return _MISSING.fullmatch(fold(cell).strip()) is not None


@lru_cache(2048)
def split_unit(text: str) -> tuple[float, str | None]:
    """A printed unit as multiplier and normal unit: `万元` is 10,000 元; (1, None) for what is no unit."""
    text = squeeze(text).strip("()（）:：")
    if text in {"%", "±%", "+-%", "%±", "百分比"}:
        return 1.0, "%"
    if text in {"百分点", "个百分点"}:
        return 1.0, "个百分点"
    for word in sorted(MULTIPLIERS, key=len, reverse=True):
        if text.startswith(word):
            rest = text[len(word) :]
            if not rest:
                return float(MULTIPLIERS[word]), None
            if (unit := _whole_unit(rest)) is not None and _whole_unit(text) in {None, unit}:
                return float(MULTIPLIERS[word]), unit
    unit = _whole_unit(text)
    if unit is None and re.fullmatch(r"(?:1|人|例)?/(?:10|百|千|1000|1)?万(?:人口?)?", text):
        return 1.0, text  # incidence: 1/10万
    if unit is None and (parts := re.fullmatch(r"([^/\d]{1,4})/((\d{0,4})([^/\d]{1,6}))", text)):
        scale, upper = split_unit(parts[1])
        if upper is not None and is_unit(parts[4]):
            return scale, f"{upper}/{parts[2]}"
    return 1.0, unit


def _whole_unit(text: str) -> str | None:
    unit = unit_at(text, 0) if text else None
    return unit.unit if unit is not None and unit.surface == text else None


def is_bare_share(text: str) -> bool:
    """Whether a share's header does not say of what: 比重, 占比."""
    return _BARE_SHARE.fullmatch(text) is not None


def is_unit(text: str) -> bool:
    """Whether a text names a unit of measure and nothing else."""
    scale, unit = split_unit(text)
    return unit is not None or scale != 1


def unit_line(text: str) -> tuple[str, ...]:
    """The units that a line such as `单位：亿元、%` gives; empty when it gives none."""
    match = _UNIT_LINE.search(re.sub(r"(?<=单)\s+(?=位)", "", fold(text)))
    if match is None:
        return ()
    words = [w for w in re.split(r"[、,，;]|和", match["units"]) if w]
    words = [part for w in words for part in ([w] if "元/" in w and is_unit(w) else w.split("/")) if part]
    return tuple(w for w in words if is_unit(w)) or tuple(w for w in (match["units"],) if is_unit(w))


def title_unit(text: str) -> tuple[str, ...]:
    """The units of a table's title: its unit line, or a unit in parentheses."""
    inner = [a or b for a, b in _PARENTHESES.findall(squeeze(text)) if is_unit(a or b)]
    return unit_line(text) or tuple(inner[:1])


_MONTH_END = re.compile(r"(?<![比较与])本[月期]末")
_TO_DATE = re.compile(r"1月?[-—至~]本月(?:止|末)?(?=累计|$)")


def school_years(text: str) -> str:
    """School years as sentences write them: 2022/2023学年 is 2022-2023学年."""
    return re.sub(r"(?<=\d{4})/(?=\d{4}学年)", "-", text)


def take_period(text: str, anchor: Anchor) -> tuple[Period | None, str]:
    """The period that a folded text names, and the text without it; comparisons' bases are left in."""
    text = _TO_DATE.sub(f"1-{anchor.month}月", school_years(text)) if anchor.month else school_years(text)
    if (now := _MONTH_END.search(text)) and anchor.year and anchor.month:
        day = bounds(f"{anchor.year}-{anchor.month:02d}")[1]
        return Period(day, day, day, type="instant", text=now[0]), text[: now.start()] + text[now.end() :]
    if _YEAR.fullmatch(text):
        return _period(Period(value=text, type="duration", text=text)), ""
    if re.fullmatch(r"(?:19|20)\d{2}[./-](?:0?[1-9]|1[0-2])", text):
        year, month = re.split(r"[./-]", text)
        return _period(Period(value=f"{year}-{int(month):02d}", type="duration", text=text)), ""
    fiscal = re.fullmatch(r"((?:19|20)(\d{2}))(?:/|-(?=1[3-9]|[2-9]))(\d{2})", text)
    if fiscal and int(fiscal[3]) == (int(fiscal[2]) + 1) % 100:
        return _period(Period(value=f"{fiscal[1]}/{int(fiscal[1]) + 1}", type="duration", text=text)), ""
    times = [t for t in find_times(text) if not t.base and t.kind not in {"clock", "window", "dom"}]
    for time in times:
        if (period := resolve(time, _with_year(anchor, times))) is not None and period.value:
            end = time.end + len(time.after)
            return _period(period), text[: time.start - len(time.before)] + text[end:]
    if len(times) == 1 and not text[: times[0].start] + text[times[0].end :]:
        return None, ""  # a month of no known year
    return None, text


def _with_year(anchor: Anchor, times: list[Time]) -> Anchor:
    """The year of `2023年` completes the `1-10月` that stands beside it."""
    year = next((t.groups[k] for t in times for k in t.groups if re.fullmatch(r"y\d", k)), None)
    return replace(anchor, year=int(year)) if year else anchor


def _period(period: Period) -> Period:
    period.start, period.end = bounds(period.value)
    return period


def read_header(levels: list[str], anchor: Anchor) -> Facet:
    """A column's header, its levels from the top."""
    unit: str | None = None
    period: Period | None = None
    qualifiers: list[str] = []
    pieces: list[str] = []
    changed = index = False
    for level in levels:
        text = squeeze(level)
        for inner in (a or b for a, b in _PARENTHESES.findall(text)):
            if is_unit(inner) or inner in {"±%", "%"}:
                unit = inner
            elif units := unit_line(inner):
                unit = units[0]
            elif _CHANGE.fullmatch(inner) or _BASE.fullmatch(inner):
                pieces.append(inner)
                changed = True
            elif inner:
                qualifiers.append(inner)
                index = index or INDEX.search(inner) is not None  # 环比（上月=100）
        text = _PARENTHESES.sub("", text)
        if INDEX.search(text):
            qualifiers.append(text)
            index = True
            continue
        if units := unit_line(text):
            unit, text = units[0], _UNIT_LINE.sub("", text)
        if text.endswith("%") or text.startswith("±%"):
            unit = "%"
            text = text.replace("±%", "±").rstrip("%")
        changed = changed or (len(levels) > 1 and _CHANGE.fullmatch(text) is not None)
        text = _SINCE_NEW_YEAR.sub("累计", text)
        found, rest = take_period(text, anchor)
        of_span = _YEARLY.match(rest) is not None  # 1—11月同比: the months are the change's own
        if found is not None and (of_span or not _BASE.search(text)) and not _OF_PRIOR.search(text):
            period, text = found, rest
        text = text.strip(",，、:：;-—/_")
        if len(levels) == 1 or TOTAL.fullmatch(text) or not (_MEASURE.fullmatch(text) or _GROUPING.fullmatch(text)):
            pieces.append(_ABSOLUTE.sub("", text) or text)
    pieces = list(dict.fromkeys(p for p in pieces if p))
    total = len(pieces) > 1 and TOTAL.fullmatch(pieces[-1]) is not None
    whole = "".join(pieces[:-1] if total else pieces)
    among = _AMONG.match(whole)
    if among is None and not total and len(pieces) > 1 and (among := _AMONG.match(pieces[-1])):
        whole = among[0] + "".join([*pieces[:-1], pieces[-1][among.end() :]])  # 常住人口: 2020年, 其中：女
    cumulative = whole.startswith("累计") or any(_CUMULATIVE.fullmatch(squeeze(level)) for level in levels)
    whole = whole[among.end() :] if among else whole.removeprefix("累计") or whole
    facet = Facet(whole) if index else _role(whole, unit, changed)
    if facet.role == "rank" and (before := _BEFORE.match(squeeze(levels[-1]))):
        facet = replace(facet, base=before[0], name=facet.name.removeprefix(before[0]))
    facet = replace(facet, total=facet.total or total)
    if is_unit(facet.name) and unit is None and len(facet.name) <= 4:
        facet = replace(facet, unit=facet.name, name="")
    return replace(facet, period=period, qualifiers=tuple(qualifiers), among=among is not None, cumulative=cumulative)


def _role(text: str, unit: str | None, changed: bool) -> Facet:
    status: Status = "actual"
    if SKIP.search(text):
        return Facet(text, "skip", unit)
    if _RANK.search(text):
        return Facet(_RANK.sub("", text), "rank", unit)
    if _ENGLISH_CHANGE.fullmatch(text):
        return Facet("", "comparison", unit or "%", base="year on year" if text.lower().startswith("y") else None)
    if unit == "%" and _OF_PRIOR.search(text):
        return Facet(text, "share", "%")
    base = _BASE.search(text)
    change = _CHANGE.search(text)
    if (base or change) and not _NO_CHANGE.search(text):
        rest = re.sub(r"^(?:19|20)\d{2}年", "", _CHANGE.sub("", _BASE.sub("", text)))
        rest = re.sub(r"^(?:率|额|量|数|幅)$|[的为]$", "", rest)
        name = _measured(rest)
        if base or changed or not rest or name == "" or unit == "%" or (unit is None and _RATE_OF_CHANGE.search(text)):
            amount = (unit not in {"%", None} and "%" not in (unit or "")) or (
                unit is None and bool(_AMOUNT.search(text))
            )
            return Facet(
                name, "amount" if amount else "comparison", unit, base=base[0].lstrip("比较与") if base else None
            )
    if _PRIOR.fullmatch(text):
        return Facet("", "base", unit)
    if (prior := re.match(rf"(?P<name>.{{2,20}}?)(?:{_PRIOR.pattern})$", text)) and not _NORM.search(prior["name"]):
        return Facet(_measured(prior["name"]), "base", unit)
    if (prior := _PRIOR_LEAD.match(text)) and len(text) > prior.end():
        return Facet(_measured(text[prior.end() :]), "base", unit, base=prior[0])
    text = _PRESENT_LEAD.sub("", text)
    if _SHARE.search(text) and (unit in {"%", None}):
        return Facet(text, "share", "%")
    if (_RATIO.search(text) and unit in {"%", None}) or (unit == "%" and _SHARE_OF.match(text)):
        return Facet(f"{text}比例" if text.endswith("的") else text, "share", "%")
    if PLANNED.search(text) and not DONE.search(text):
        status = "target"
    elif _FORECAST.search(text):
        status = "forecast"
    elif _FIRST.search(text):
        status = "provisional"
    total = TOTAL.fullmatch(text) is not None
    region = text if is_region(text) else None
    return Facet("" if total or region else _measured(text), "level", unit, status=status, region=region, total=total)


def _measured(text: str) -> str:
    """A name without words that only say that a value follows (绝对额, 完成数)."""
    return "" if _MEASURE.fullmatch(text) else text


def is_region(text: str) -> bool:
    """Whether a name is a place's, or the whole's (全市)."""
    return WHOLE_REGION.fullmatch(text) is not None or (is_place(text) and len(text) <= 12)


def read_stub(cell: str, anchor: Anchor) -> Facet:
    """A row's name."""
    text = squeeze(cell)
    depth, among = 0, False
    if match := _AMONG.match(text):
        among, text = True, text[match.end() :]
    if match := _NUMBERING.match(text):
        depth = {"one": 1, "two": 2, "three": 3, "four": 4}.get(match.lastgroup or "", 5)
        text = text[match.end() :]
    if match := _AMONG.match(text):
        among, text = True, text[match.end() :]
    unit = None
    qualifiers = []
    for inner in (a or b for a, b in _PARENTHESES.findall(text)):
        if is_unit(inner):
            unit = inner
        elif inner:
            qualifiers.append(inner)
    bare = _PARENTHESES.sub("", text) if unit else text
    bare = _FOOTNOTE.sub("", bare)
    period, rest = take_period(bare, anchor)
    if period is not None and (not rest.strip("份度") or len(rest) < 2):
        return Facet("", period=period, unit=unit, depth=depth)
    if bare and not rest:
        return Facet("", unit=unit, depth=depth, qualifiers=(bare,))
    part = SUBTOTAL.fullmatch(bare)
    total = TOTAL.fullmatch(bare) is not None or part is not None or _GRAND.fullmatch(bare) is not None
    bare = part[1] if part is not None and part[1] else bare
    region = bare if is_region(bare) else None
    return Facet(
        bare.strip(":：,，"),
        unit=unit,
        region=region,
        total=total,
        subtotal=part is not None,
        among=among,
        depth=depth,
        qualifiers=() if not unit else tuple(qualifiers),
    )


def title_change(text: str, anchor: Anchor) -> Facet | None:
    """What a table's title says when it speaks of changes: 规模以上工业增加值增速（%）; None for others."""
    title = re.sub(r"^(?:附件|附表|表)\s*[\d一二三四五六七八九十-]*[:：、.]?|(?:情况|统计)?表?$", "", squeeze(text))
    _, title = take_period(_PARENTHESES.sub("", title), anchor)
    if not _RATE_OF_CHANGE.search(title):
        return None
    facet = _role(title, "%", changed=True)
    return facet if facet.role == "comparison" else None


def caption_name(lines: list[str], anchor: Anchor) -> str:
    """What a table's title says it counts, without times, numbers of the table and words such as 统计表."""
    for line in reversed(lines):
        text = squeeze(line)
        if not text or unit_line(text) or re.match(r"[(注]|附件?\d*[:：]?$|制表|填报|编制", text):
            continue
        text = re.sub(r"^(?:附件|附表|表)\s*[\d一二三四五六七八九十-]*[:：、.]?", "", text)
        text = re.sub(r"^(?:[一二三四五六七八九十]{1,3}、|[(][一二三四五六七八九十]{1,3}[)])", "", text)
        _, text = take_period(text, anchor)
        text = re.sub(
            r"^(?:[年月季]?[末初底]|年度?(?![^，,]{0,2}级)|[全本我]?[市省县区国](?![级本内域直])|\d{4}年)+", "", text
        )
        text = _PARENTHESES.sub(lambda m: "" if is_unit(m[1] or m[2] or "") else m[0], text)
        text = re.sub(
            r"(?:统计|情况|汇总|总|简|明细|一览|分配|完成|数据|月|年|季)*(?:表|名单)(?:[(].{0,12}[)])?$|(?:主要)?(?:统计)?(?:数据|指标)?(?:完成)?情况$",
            "",
            text,
        )
        text = text.strip()
        own = text.removeprefix(front_place(text) or "")
        if 2 <= len(text) <= 30 and not re.fullmatch(r"(?:主要)?(?:国民|经济|统计|社会|发展)*(?:指标|数据)*", own):
            return text
    return ""
