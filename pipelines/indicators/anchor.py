"""The period that a report is about: from its title, its first lines, its dates, in this order."""

from __future__ import annotations

import re
from collections import Counter

from pipelines.indicators.times import Anchor, Time, resolve
from pipelines.items import Report

HEAD = 600
"""So many characters at the front count as the report's head."""

MAX_TITLE = 100
"""Longer ones are running text."""

_LABEL = re.compile(r"(?:索\s*引\s*号|文\s*号|发布(?:时间|日期)|成文日期|来源|日期|时间|编号|有效性)\s*[:：]")
_REVIEW = re.compile(r"年度?报告|年报|工作总结|工作报告|统计公报|总结|公报|白皮书|执行情况|决算")


def _line_of(text: str, at: int) -> str:
    first = text.rfind("\n", 0, at) + 1
    last = text.find("\n", at)
    return text[first : last if last >= 0 else len(text)]


def _from_time(time: Time, anchor: Anchor) -> bool:
    """Takes the report's period from one time expression; True when it carried a year."""
    period = resolve(time, anchor)
    if not period or not period.value:
        return False
    value = period.value
    m = re.search(r"(?:19|20)\d{2}", value)
    if not m:
        return False
    # 2018年至2022年: the report is of the last year.
    anchor.year = int(re.findall(r"(?<![\d-])(?:19|20)\d{2}", value)[-1] if time.kind in ("years", "word") else m[0])
    if time.kind in ("span", "day"):
        last = value.split("/")[-1]
        anchor.day = last
        anchor.value = value
        anchor.month = int(last[5:7])
    else:
        anchor.value = value.removesuffix("/..")
        months = re.findall(r"\d{4}-(\d{2})(?!\d)", value)
        quarter = re.search(r"-Q(\d)", value)
        anchor.month = int(months[-1]) if months else int(quarter[1]) * 3 if quarter else None
    if anchor.month is not None and not 1 <= anchor.month <= 12:
        anchor.month = None  # 13月5日, as misprinted
    return True


def find_anchor(report: Report, body: str, times: list[Time], title_times: list[Time]) -> Anchor:
    """The anchor for one report. `times` are the body's, `title_times` the title's time expressions."""
    stamp = report.published or report.drafted or report.signed
    anchor = Anchor(year=stamp.year if stamp else None)
    if stamp:
        anchor.now = f"{stamp.year:04d}-{stamp.month:02d}"
    title = report.title or ""
    if len(title) > MAX_TITLE or "。" in title[:-1]:
        # A text without a title: its first paragraph stands for one.
        title_times = []
    for time in title_times:
        if (any(k.startswith("y") for k in time.groups) or time.text[:1] in "二一") and _from_time(time, anchor):
            return _settle(_within(_delivered(anchor, title, times), times))
    head = [
        t
        for t in times
        if t.start < HEAD
        and not t.base
        and (
            t.before not in ("从", "由", "到")
            or (t.before == "到" and body[max(0, t.start - 2) : max(0, t.start - 1)] in ("", "。", "\n", " "))
        )
        and not t.after.startswith("起")
        and any(k.startswith("y") for k in t.groups)
    ]
    dateless = _dateless(times)
    own = [
        t
        for t in title_times
        if not t.base
        and t.kind not in ("dom", "clock", "window")
        and not t.text.startswith("每")
        and not (t.kind == "day" and _NEWS.match(title, t.end))
    ]
    if own and anchor.year and not title.startswith("关于"):
        if head and not (dateless is not None and dateless < head[0].start):
            anchor.year = _year(head[0])
        anchor.past = True
        dated = _from_time(own[0], anchor)
        anchor.past = False
        if dated:
            return _settle(anchor)
    told = False
    for time in head:
        line = _line_of(body, time.start)
        if _LABEL.search(line) or re.search(r"[〔\[]", line[:20]):
            continue
        told = stamp is not None and (
            (dateless is not None and dateless < time.start)
            or _told(body, times, time, long_ago=_year(time) < stamp.year - 1)
        )
        if told:
            # 10月1日至4日… 2019年同期…: what stands before the first year is of the year of publication.
            break
        # A heading's year (2021年工作总结) or the first sentence's time.
        if (
            time.kind == "day"
            and not re.search(r"[0-9]时|日0", time.text)
            and not re.search(r"截[至止]|[\d一]例|当日|新增", line)
        ):
            continue
        if _from_time(time, anchor):
            return _settle(anchor)
    years = Counter(_year(t) for t in times if t.kind == "year" and not t.base and t.before not in ("从", "由", "到"))
    if years and not told:
        year, seen = years.most_common(1)[0]
        if seen >= 2 and (not stamp or year in (stamp.year, stamp.year - 1)):
            anchor.year, anchor.value = year, str(year)
            return _settle(anchor)
    anchor.loose = True
    if stamp:
        back = stamp.month <= 3 and bool(_REVIEW.search(title) or any(t.text.startswith("全年") for t in times))
        anchor.year = stamp.year - back
        anchor.value = str(anchor.year)
    return _settle(anchor)


def _dateless(times: list[Time]) -> int | None:
    """Where 今年 or the first month or days without a year stand, where no year stands before them."""
    for time in times:
        if time.start >= HEAD:
            return None
        if any(k.startswith("y") for k in time.groups):
            return None
        this_year = time.kind == "word" and time.text.startswith("今年")
        if (this_year or time.kind in ("span", "months", "month")) and not time.base:
            return time.start
    return None


def _told(body: str, times: list[Time], time: Time, long_ago: bool = False) -> bool:
    """True where figures or 其中 stand before a year in its sentence (五保户5户，2016年脱贫39户): one clause's year.

    A year that was over long before the text was published is so by any figure of its paragraph before it.
    """
    signs = "\n" if long_ago else "。;；\n"
    first = max(body.rfind(sign, max(0, time.start - 200), time.start) for sign in signs) + 1
    words = body[first : time.start]
    if words.endswith("其中"):
        return True
    spans = [(t.start - first, t.end - first) for t in times if first <= t.start < time.start]
    return any(not any(a <= m.start() < b for a, b in spans) for m in _COUNTED.finditer(words))


_NEWS = re.compile(r"[^，,。;；]{0,12}?(?:发布|公布|召开|举行|通报|消息|电|讯|获悉)")
"""The day of a piece of news, not of what it tells."""
_COUNTED = re.compile(r"\d[\d.]{0,12}[万亿]?(?=[户人个起件亩元%家名所])")
_TERM = re.compile(r"(?:过去|这|前)(?P<years>[三四五])年(?:来)?(?:的)?(?:主要)?(?:工作|发展)?(?:回顾|情况|成就|成绩)")
_SECTION = re.compile(
    r"^[ ]{0,8}(?:[一二三四五六七八九十]{1,3}、|[(（][一二三四五六七八九十]{1,3}[)）]|"
    r"第[一二三四五六七八九十]部分)?[ :：]{0,3}(?P<year>(?:19|20)\d{2})年"
    r"(?!\d)[^。；;，,]{0,36}$"
)
_SECTION_WORDS = re.compile(r"工作|回顾|情况|总结|安排|目标|计划|任务|成绩|执行|重点|打算|草案|预算|发展")


def section_year(line: str) -> int | None:
    """The year that a heading sets for the figures below it (一、2023年工作回顾)."""
    if len(line) > 60:
        return None
    m = _SECTION.match(line)
    return int(m["year"]) if m and _SECTION_WORDS.search(line) else None


def term_of(line: str, anchor: Anchor) -> str | None:
    """The years that a heading sets for the figures below it (过去五年工作回顾), up to the report's own."""
    m = _TERM.search(line) if len(line) <= 30 and anchor.year and not anchor.day else None
    return f"{(anchor.year or 0) - '一二三四五'.index(m['years'])}/{anchor.year}" if m else None


def _within(anchor: Anchor, times: list[Time]) -> Anchor:
    """2019—2020年秋冬季, whose first words say 2019年10月—2020年3月: the months are the report's."""
    if anchor.value and re.fullmatch(r"\d{4}/\d{4}", anchor.value):
        for time in times:
            if time.start > HEAD:
                break
            if time.kind == "yearmonths":
                _from_time(time, anchor)
                break
    return anchor


def _delivered(anchor: Anchor, title: str, times: list[Time]) -> Anchor:
    """2024年政府工作报告, delivered in January 2024, reviews 2023."""
    if anchor.year and anchor.value == str(anchor.year) and re.search(r"工作报告", title) and "年度" not in title:
        for time in times:
            if time.start > HEAD:
                break
            if time.kind == "day" and time.groups.get("y3") == str(anchor.year) and int(time.groups["m3"]) <= 4:
                anchor.year -= 1
                anchor.value = str(anchor.year)
                break
    return anchor


def _year(time: Time) -> int:
    for key, value in time.groups.items():
        if key.startswith("y") and value[:4].isdigit():
            return int(value[:4])
    return 0


def _settle(anchor: Anchor) -> Anchor:
    if anchor.now is None and anchor.value:
        anchor.now = anchor.value if "/" not in anchor.value else anchor.value.split("/")[-1]
    return anchor
