"""Names of observations made comparable: the same figure in other words gets the same key."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pipelines.indicators.fold import fold
from pipelines.indicators.times import find_times
from pipelines.indicators.units import dimension_of

_PUNCTUATION = re.compile(r"[\s“”\"'‘’《》〈〉()\[\]【】〔〕,，.。;；:：、!！?？·•\-—_/+*#]+|[^\S\n]")
_SCOPE = re.compile(
    r"[全我本该各](?:国|省|市|县|区|州|盟|旗|自治区|社会|系统|行业)(?![属级])|[省市县区](?:(?=本级)|级(?=[\u4e00-\u9fff]{2}))"
)
_LEAD = re.compile(
    r"^(?:截[至止]|全年|年内|当年|共计|总计|合计|累计|总共|共|实现(?=.{2})|完成(?=.{4})|达到|接报|接到|查处了|其中|各类|同期|因(?=.{4})"
    r"|力争|力求|确保|争取|预计|计划(?=.{4}))+"
)
_HAPPEN = re.compile(r"发生(?![率地额费])|实现(?=.{2})")
"""Verbs that only say that something was so, wherever they stand: 事故发生死亡, 第一产业实现增加值."""
_TAIL_COUNT = re.compile(r"(?:总数|数量|总量|总计|发生数|数)$")
_CLASSIFIER = re.compile(
    r"总?(?:[起宗]|(?<!病)例|(?<![案文证信部零软稿邮要事])件|(?<![用农商住客账开])户|(?<![专国作行])家|(?<!驾驶)(?<![责事表法工病证老军客本])人"
    r"|[辆所套])次?$"
)
"""What a count was made by, left when 数 is gone (死亡人, 企业户); nouns that end alike (驾驶人, 用户, 案件) stay."""
_TAIL_TOTAL = re.compile(r"(?<!生产)总(?=(?:[额值]|产量|产值|投资|收入|支出|面积|里程|人口)$)")
_TAIL = re.compile(r"(?:情况|指标|完成值|完成额|绝对[额值量]|数值|实绩|总水平|为|达|是|有)$")
_VERIFIED = re.compile(
    r"(?:[经据])?(?:初步|最终|重新)?(?:核实|核算|修订|核定)(?:后|数据?|值)?$|^(?:[经据])?(?:初步|最终)?(?:核实|核算|统计|测算)(?=.{3})"
)
"""How well a figure is known: 地区生产总值经核实 is 地区生产总值."""
_DONE = re.compile(r"完成$")
_ACTION = re.compile(
    r"^(?P<of>.{2,})(?P<verb>受理|办结|审结|查处|破获|查获|抓获|办理|调处|处置|注册|登记|发放|签发|抽查|鉴定|收缴)$"
)
_NEW = re.compile(r"^(?P<of>.+)新增(?P<what>.+)$")
_SYNONYMS = (
    ("国内生产总值", "地区生产总值"),
    ("gdp", "地区生产总值"),
    ("生产总值", "地区生产总值"),
    ("规上", "规模以上"),
    ("社零额", "社会消费品零售额"),
    ("一般公共财政预算", "一般公共预算"),
    ("财政一般公共预算", "一般公共预算"),
    ("固投", "固定资产投资"),
    ("固定资产投资额", "固定资产投资"),
    ("居民消费价格总指数", "居民消费价格指数"),
    ("cpi", "居民消费价格指数"),
    ("ppi", "工业生产者出厂价格指数"),
    ("优良天数占比", "优良率"),
    ("常住居民", "居民"),
    ("货物进出口", "进出口"),
    ("进出口值", "进出口额"),
    ("全社会固定资产投资", "固定资产投资"),
    ("道路交通", "交通"),
    ("机动车驾驶人", "驾驶人"),
    ("机动车驾驶员", "驾驶人"),
    ("驾驶员", "驾驶人"),
    ("亡人", "死亡"),
    ("造成", ""),
    ("导致", ""),
)
"""Wordings of one thing in reports and their common form, the yearbooks' term."""
_RATES = re.compile(r"比重|比例|占比|百分比")


def normal_name(name: str, unit: str | None = None) -> str:
    """A name without times, scopes, punctuation and count words; synonyms in one form.

    >>> normal_name("2021年全市道路交通事故死亡人数", "人") == normal_name("交通事故死亡", "人")
    True
    """
    text = fold(name).lower()
    for time in reversed(find_times(text)):
        text = text[: time.start] + text[time.end + len(time.after) :]
    text = _PUNCTUATION.sub("", text).replace("的", "")
    text = _SCOPE.sub("", text)
    text = _LEAD.sub("", text) or text
    text = _HAPPEN.sub("", text) or text
    text = _VERIFIED.sub("", text) or text
    text = _TAIL.sub("", text) or text
    dimension = dimension_of(unit)
    if dimension in {"count", "person", None}:
        counted = _TAIL_COUNT.sub("", text)
        if counted and counted != text:
            text = _CLASSIFIER.sub("", counted) or counted
    elif dimension != "percent":
        text = _DONE.sub("", text) or text
    text = _TAIL_TOTAL.sub("", text)
    text = _RATES.sub("占比", text)
    for word, common in _SYNONYMS:
        if word in text and not (word in common and common in text):
            text = text.replace(word, common)
    text = _ACTION.sub(r"\g<verb>\g<of>", text)
    return _NEW.sub(r"新增\g<of>\g<what>", text)


def whole_name(name: str, subject: str | None, unit: str | None = None) -> str:
    """The name with its subject before it, where it does not say it itself: 死亡人数 of 交通事故."""
    own, about = normal_name(name, unit), normal_name(subject, unit) if subject else ""
    if not about or about in own:
        return own
    shared = next((n for n in range(min(len(own), len(about)), 1, -1) if about.endswith(own[:n])), 0)
    return about + own[shared:]


def normal_qualifiers(qualifiers: Iterable[str], name: str) -> str:
    """Qualifiers in one order, without those that the name says itself."""
    kept = {text for q in qualifiers if (text := normal_name(q)) and text not in name and len(text) > 1}
    return "+".join(sorted(kept))


def normal_region(region: str | None) -> str:
    """A place without its rank where that is understood: 贵阳市 is 贵阳, 南明区 stays."""
    text = _PUNCTUATION.sub("", fold(region or ""))
    if re.fullmatch(r"[全我本](?:国|省|市|县|区|州|盟|旗|自治区)", text):
        return ""
    text = re.sub(r"(?:壮族|回族|维吾尔)?(?:自治区|特别行政区)$", "", text)
    return re.sub(r"(?<=[\u4e00-\u9fff]{2})[省市]$", "", text)
