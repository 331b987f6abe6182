"""Rules, notices and how-to pages: their numbers are limits, deadlines and requirements, not observations."""

from __future__ import annotations

import re
from bisect import bisect_right

from pipelines.indicators.figures import Figure

MAX_LOOK = 40_000
"""Characters of a text by which it is told a rule from a report."""

_ARTICLE = re.compile(r"^[ ]{0,8}第[一二三四五六七八九十百零\d]{1,6}条", re.M)
_DUTY = re.compile(
    r"应当|不得|必须|应(?=[在于按由为将])|须(?=[在于按由为提经持符])|需(?:提[交供]|携带|填写|于|在|到|登录)|请(?:提[交供]|携带|填写|于|在|到|登录)|方可|之日起|"
    r"可以?(?:申请|向|凭|通过[^，,。]{1,12}(?:办理|申请|查询))|以下罚款|报名|申请人|申领|办理(?:材料|条件|时限|流程)|"
    r"符合(?:下列|以下)|咨询电话|参加面试|聘用|有下列"
)
_SEEN = re.compile(
    r"同比|环比|比(?:上年|去年|上月)|较(?:上年|去年|上月)|累计|截[至止]|据统计|共(?=[办受查出完实发审接召开组投])|分别(?=[增下上为])|增长\d|下降\d|"
    r"上升\d|占(?=[全总])|全年(?:共|实现|完成)"
)
_RULE_TITLE = re.compile(
    r"(?:办法|规定|条例|细则|规程|规则|规范|标准|指南|须知|问答|流程|公约|章程|解读|招聘|招录|招考|招生|办事)"
    r"(?:公告|通知|简章|启事)?(?:[(（][^()（）]{1,12}[)）])?$|(?:招聘|招录|招考|招生|遴选|征集)[^，。]{0,12}(?:公告|通知|简章)"
)
_REPORT_TITLE = re.compile(r"公报|总结|工作报告|年度报告|执行情况|运行情况|统计|快报|通报|白皮书")
_OBLIGES = re.compile(
    r"应当|不得|必须|应(?=[在于])|须(?=[在于])|需(?:提[交供]|于|在)|请(?:提[交供]|于|在)|方可|之日起|收到[^，,。]{0,12}(?:之日|后)|受理[^，,。]{0,12}(?:之日|后)|报名|年龄(?<!平均年龄)"
)
_BORDER = re.compile(r"[。;；！!?？\n]")
_LIMITS = frozenset(
    {
        "不超过",
        "不少于",
        "不低于",
        "不高于",
        "不大于",
        "不小于",
        "至少",
        "最多",
        "以上",
        "以下",
        "以内",
        "及以上",
        "及以下",
    }
)


def is_rule(text: str, title: str | None) -> bool:
    """True for a text that lays down rules or tells how to apply, by its articles, title and words of duty."""
    look = text[:MAX_LOOK]
    duties, seen = len(_DUTY.findall(look)), len(_SEEN.findall(look))
    if len(_ARTICLE.findall(look)) >= 3:
        return seen < duties + 3
    plain = (title or "").strip()
    if _REPORT_TITLE.search(plain):
        return False
    if plain and _RULE_TITLE.search(plain):
        return duties >= 1 and seen <= duties
    return duties >= 4 and duties > 2 * seen


def drop_norms(text: str, figures: list[Figure], title: str | None) -> list[Figure]:
    """The figures that observe something: none of a rule's, no limit or deadline of a sentence that obliges."""
    rule = is_rule(text, title)
    if not rule and not _OBLIGES.search(text):
        return figures
    borders = [m.start() for m in _BORDER.finditer(text)]
    kept: list[Figure] = []
    for figure in figures:
        at = bisect_right(borders, figure.start)
        first = borders[at - 1] + 1 if at else 0
        last = borders[at] if at < len(borders) else len(text)
        first, last = max(first, figure.start - 160), min(last, figure.end + 80)
        if rule and not _SEEN.search(text, first, last):
            continue
        limit = figure.modifier in _LIMITS or figure.dimension == "time"
        if limit and figure.dimension not in ("percent", "money") and _OBLIGES.search(text, first, figure.right):
            continue
        kept.append(figure)
    return kept
