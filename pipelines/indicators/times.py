"""Time expressions: where they stand in a text, and which ISO period they mean against a report's own period.

`find_times` marks every expression (numbers in them are no figures); `resolve` gives its period. The anchor is the
report's period (its title's year, its bulletin's day), never the day of publication, except for 目前.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, cast

from pipelines.items import Period, PeriodType

TimeKind = Literal[
    "span",
    "day",
    "months",
    "yearmonths",
    "monthlist",
    "years",
    "month",
    "year",
    "quarter",
    "window",
    "clock",
    "word",
    "dom",
]

_TENS = "一二三四五六七八九十"
_CN = {n: i for i, n in enumerate(_TENS, 1)} | {"十" + n: 10 + i for i, n in enumerate(_TENS[:5], 1)}
_DASH = r"[-—~至到]{1,2}"
_YEAR = r"(?:19|20)\d{2}"
_HOUR = r"\d{1,2}[时点](?:\d{1,2}分|整|半)?|\d{1,2}:\d{2}(?::\d{2})?"

# Every alternative of the first pattern begins with a digit and of the second with a literal: fast to search.
_NUMERIC = re.compile(
    rf"(?P<span>(?:(?P<y1>{_YEAR})[ ]?年)?(?P<m1>\d{{1,2}})[ ]?月(?P<d1>\d{{1,2}})[日号](?:(?P<h1>{_HOUR}))?{_DASH}"
    rf"(?:(?:(?P<y2>{_YEAR})年)?(?P<m2>\d{{1,2}})月)?(?P<d2>\d{{1,2}})[日号](?:(?P<h2>{_HOUR}))?)"
    rf"|(?P<iso>{_YEAR}[-/.]\d{{1,2}}[-/.]\d{{1,2}}(?:[ T]\d{{1,2}}:\d{{2}}(?::\d{{2}})?)?)"
    rf"|(?P<day>(?:(?P<y3>{_YEAR})[ ]?年[ ]?)?(?P<m3>\d{{1,2}})[ ]?月[ ]?(?P<d3>\d{{1,2}})[ "
    rf"]?[日号](?:(?P<w3>\d{{1,2}}时?{_DASH}\d{{1,2}}时)|(?P<h3>{_HOUR}))?)"
    rf"|(?P<months>(?:(?P<y4>{_YEAR})[ ]?年[ ]?)?(?P<m4>\d{{1,2}})月?份?(?:{_DASH}|、|和(?=\d{{1,2}}月[两间]))"
    rf"(?P<m5>\d{{1,2}})[ ]?月份?)"
    rf"|(?P<yearmonths>(?P<y9>{_YEAR})年(?P<m9>\d{{1,2}})月{_DASH}(?P<y10>{_YEAR})年(?P<m10>\d{{1,2}})月)"
    rf"|(?P<monthlist>(?P<m11>\d{{1,2}})(?:、\d{{1,2}}){{0,4}}、(?P<m12>\d{{1,2}})[两三四五六]个月)"
    rf"|(?P<years>(?P<y5>{_YEAR})年?{_DASH}(?P<y6>{_YEAR})年(?:度|期间)?)"
    rf"|(?P<month>(?:(?P<y7>{_YEAR})[ ]?年[ ]?)?(?P<m7>\d{{1,2}})[ ]?月份?(?P<e7>末|底|初|[上中下]旬)?)(?!龄)"
    rf"|(?P<year>(?P<y8>{_YEAR})[ ]?(?:年度?|年[初末底](?=[^学])|[-—]\d{{4}}学年)(?P<q8>(?:第?[一二三四1-4]|"
    rf"前[二三]|上|下)(?:季度|半年)|全年|末|底|初)?)(?!级|版)"
    rf"|(?P<window>\d{{1,2}}[时点]?(?::\d{{2}})?{_DASH}(?:次日|翌日)?\d{{1,2}}(?::\d{{2}}|[时点]))"
    rf"|(?P<clock>\d{{1,3}}分(?:钟)?\d{{1,2}}秒|\d{{1,2}}:\d{{2}}(?::\d{{2}})?|\d{{1,2}}时(?:\d{{1,2}}分)?(?:许|左右)?(?!段|间))"
    rf"|(?P<dom>(?<![\d.])(?:[1-9]|[12]\d|3[01])日(?:\d{{1,2}}[时点](?:\d{{1,2}}分)?)?(?![元本均产处供]))"
    rf"|(?P<quarter>[1-4]季度)"
)
_WORDS = re.compile(
    r"截[至止](?:目前|今|当前|现在)"
    r"|“?十[一二三四五]五”?(?:时期|期间|以来)?|今年(?:以来|上半年|下半年|前[二三23]个?季度|[一二三四]季度|全年)?|"
    r"去年(?:度|同期|全年|底|末)?|上年(?:度|同期|同月|全年|末|底)?|[上本]周"
    r"|本年度?|当年|本月|当月|上月|当日|昨日|目前|现有|年内|日前"
    r"|第?[一二三四](?:、[一二三四])?季度|前[二三23]个?季度|上半年|下半年|全年度?|"
    r"前(?:[一二三四五六七八九十]{1,2}|\d{1,2})个?月|一至[二三四五六七八九十]{1,2}月份?|元月?份?[-—~至到](?:[二三四五六七八九十]{1,2}|\d{1,2})月份?"
    r"|年[末底初](?!度)|[月季]末|每[天年月日周]|近(?:[一二三四五六七八九十两]|\d{1,2})(?:年|个月)来?|近年来?"
    r"|过去[二两三四五六七八九十]年|[两三四五六七八九十]年[来间]"
    r"|春运期间|春节期间|国庆期间|节日期间|假期|汛期|"
    r"[二〇零一]{1}[〇零○]?[一二三四五六七八九〇零]{2,3}年(?:[一二三四五六七八九十]{1,2}月(?:[一二三四五六七八九十]{1,3}日)?)?"
)
# A number before a unit of time or a dash; words that begin an expression: only there the patterns are tried.
# Both begin with a set of characters, so that all other places of a text are passed over quickly.
_DIGITS = re.compile(
    r"\d(?<!\d\d)\d{0,3}(?=[ ]?[年月日号时点分:—~至到/.季-]|(?:、\d{1,2}){1,5}(?:[ ]?月|[两三四五六]个月))"
)
_WORD_START = re.compile(
    r"[过一二两三四五六七八九十截今去当目昨现汛假上本前近每年月季日第下全“春国节元]"
    r"(?:(?<=[截今去当目昨现汛假])(?=[至止年月日前有期])|(?<=[上本前近每年月季日])(?=[年月季半天日周一二三四五六七八九十两\d末底初内前])"
    r"|(?<=[第一二三四])(?=[一二三四季至、])|(?<=[两三四五六七八九十])(?=年[来间])|(?<=[下全])(?=[半年])|(?<=[“十])(?=[十一二三四])"
    r"|(?<=[春国节])(?=[运节庆日])|(?<=[二一])(?=[〇零○九])|(?<=[元])(?<![\d万亿百千美日欧余多]元)(?=月?份?[-—~至到][\d二三四五六七八九十])|(?<=过)(?=去[二两三四五六七八九十]年))"
)
_BEFORE = ("截至", "截止到", "截止", "截至到", "自", "从", "由", "到", "至", "较", "比", "与", "同")
_OF_NUMBER = re.compile(r"(?:同期|同月|全年|末|底)?(?:水平)?的第?[\d]")
_BEFORE_BASE = re.compile(r"(?:[由从是为占]|恢复[到至]|相当于|达到?|[到至])$")
_BASE_OPENS = re.compile(r"(?:[比较]|与)[^，,。;；()]{2,18}\($")
_REACHED = re.compile(r"(?:增|升|降|减|增加|增长|提高|提升|上升|下降|减少|降低|扩大|缩小|缩短|拓展|发展)[到至为]$")
"""由2020年的6张增加到2023年的7张: the second is the figure's own time."""
_AFTER = re.compile(r"(?:，?(?:以来|同期|期间|末|底|止|为止|全年))+|(?:起|开始)(?=[，,])")


@dataclass(slots=True)
class Anchor:
    """The report's own period and what bare expressions are completed with."""

    year: int | None = None
    value: str | None = None
    type: PeriodType = "duration"
    now: str | None = None
    month: int | None = None
    day: str | None = None
    past: bool = False
    """True where a bare month that is still to come is last year's (running text and titles, no column of months)."""
    loose: bool = False
    """True where neither title nor first words name a year: only the date of publication does."""


@dataclass(slots=True)
class Time:
    """A time expression at [start, end). `base`: it names what is compared with (较2020年), not the figure's time."""

    start: int
    end: int
    kind: TimeKind
    text: str
    match: re.Match[str] | None = None
    before: str = ""
    after: str = ""
    base: bool = False

    @property
    def groups(self) -> dict[str, str]:
        """The parts of a numeric expression by their names in its pattern: years y1…, months m1…, days d1…."""
        return {k: v for k, v in self.match.groupdict().items() if v is not None} if self.match else {}


def find_times(text: str) -> list[Time]:
    """All time expressions of folded text, in order, not overlapping."""
    found: list[Time] = []
    done = 0
    for start in _DIGITS.finditer(text):
        at = start.start()
        if at < done or (at and text[at - 1] in ".:" and text[at - 2 : at - 1].isdigit()):
            continue
        m = _NUMERIC.match(text, at)
        if not m:
            continue
        name = cast("TimeKind", "day" if m.lastgroup == "iso" else m.lastgroup)
        found.append(Time(at, m.end(), name, m[0], m))
        done = m.end()
    taken = {t.start for t in found}
    done = 0
    for start in _WORD_START.finditer(text):
        at = start.start()
        if at < done or at in taken:
            continue
        m = _WORDS.match(text, at)
        if m:
            found.append(Time(at, m.end(), "word", m[0]))
            done = m.end()
    found.sort(key=lambda t: (t.start, -t.end))
    result: list[Time] = []
    for time in found:
        if result and time.start < result[-1].end:
            continue
        if result and time.text == "当月" and time.start == result[-1].end and result[-1].kind == "month":
            # 8月当月: said twice.
            result[-1].end = time.end
            continue
        for word in _BEFORE:
            if text.startswith(word, time.start - len(word)) and time.start >= len(word):
                time.before = word
                break
        time.base = time.before in ("较", "比", "与", "同") or time.text[:2] in ("去年", "上年", "上月", "上周")
        if text[time.start - 1 : time.start] == "(" and _BASE_OPENS.search(text, max(0, time.start - 24), time.start):
            # 比第五次清查(1994-1998年)增加
            time.base = True
        before = text[max(0, time.start - 6) : time.start]
        if _OF_NUMBER.match(text, time.end) and _BEFORE_BASE.search(before[-3:]) and not _REACHED.search(before):
            # 由2019年的56万吨增加到, 恢复到2019年的98%: the time of what is compared with.
            time.base = True
        m2 = _AFTER.match(text, time.end)
        if m2 and time.kind not in ("window", "clock"):
            time.after = m2[0]
        result.append(time)
    return result


def _iso(year: int, month: int | None = None, day: int | None = None, hour: str | None = None) -> str:
    out = f"{year:04d}"
    if month:
        out += f"-{month:02d}"
    if day:
        out += f"-{day:02d}"
    return out + (f"T{hour}" if hour else "")


def _hour(text: str | None) -> str | None:
    """`7时` -> 07, `7时30分` -> 07:30; 24时 ends a day and adds nothing."""
    if not text:
        return None
    m = re.match(r"(\d{1,2})(?:[时点:](\d{1,2})?)?", text)
    if not m or (m[1] in ("24", "00") and not m[2]):
        return None
    return f"{int(m[1]):02d}" + (f":{int(m[2]):02d}" if m[2] and int(m[2]) else "")


def _quarter(text: str, year: int) -> str | None:
    m = re.search(r"(前)?([一二三四1-4])个?季度", text)
    if m:
        n = int(m[2]) if m[2].isdigit() else _CN[m[2]]
        return f"{year}-01/{year}-{n * 3:02d}" if m[1] else f"{year}-Q{n}"
    if "上半年" in text:
        return f"{year}-01/{year}-06"
    if "下半年" in text:
        return f"{year}-07/{year}-12"
    return None


_CN_YEAR = str.maketrans("〇零○一二三四五六七八九", "000123456789")


def _bare_year(month: int, time: Time, anchor: Anchor) -> int:
    """The year of a month printed without one: the report's, or the one before where that month is still to come."""
    now = re.match(r"(\d{4})-(\d{2})", anchor.now or "")
    ahead = (
        anchor.past
        and now is not None
        and anchor.year == int(now[1])
        and month > int(now[2])
        and time.before not in ("到", "至")
    )
    return (anchor.year or 0) - ahead if anchor.year else 0


def resolve(time: Time, anchor: Anchor) -> Period | None:
    """The period that an expression means; None where it says none of its own (当日 without a bulletin)."""
    g, year = time.groups, anchor.year
    value: str | None = None
    kind: PeriodType = "duration"
    if time.kind == "span":
        y1 = int(g.get("y1") or _bare_year(int(g["m1"]), time, anchor))
        if not y1:
            return None
        m1 = int(g["m1"])
        y2, m2 = int(g.get("y2") or y1), int(g.get("m2") or m1)
        value = f"{_iso(y1, m1, int(g['d1']), _hour(g.get('h1')))}/{_iso(y2, m2, int(g['d2']), _hour(g.get('h2')))}"
    elif time.kind == "day":
        if "iso" in g:
            parts = [int(x) for x in re.split(r"[-/.]", g["iso"][:10].split(" ")[0].split("T")[0])]
            value = _iso(parts[0], parts[1], parts[2])
        else:
            y = int(g.get("y3") or _bare_year(int(g["m3"]), time, anchor))
            if not y:
                return None
            value = _iso(y, int(g["m3"]), int(g["d3"]), _hour(g.get("h3")))
    elif time.kind == "months":
        y = int(g.get("y4") or _bare_year(int(g["m5"]), time, anchor))
        if ("、" in time.text or "和" in time.text) and int(g["m5"]) != int(g["m4"]) + 1:
            return None
        value = f"{_iso(y, int(g['m4']))}/{_iso(y, int(g['m5']))}" if y else None
    elif time.kind == "yearmonths":
        value = f"{_iso(int(g['y9']), int(g['m9']))}/{_iso(int(g['y10']), int(g['m10']))}"
    elif time.kind == "monthlist":
        y = _bare_year(int(g["m12"]), time, anchor)
        value = f"{_iso(y, int(g['m11']))}/{_iso(y, int(g['m12']))}" if y and int(g["m12"]) <= 12 else None
    elif time.kind == "years":
        value = f"{g['y5']}/{g['y6']}"
    elif time.kind == "month":
        m = int(g["m7"])
        y = int(g.get("y7") or _bare_year(m, time, anchor))
        if not y or not 1 <= m <= 12:
            return None
        value = _iso(y, m)
        if g.get("e7") in ("末", "底"):
            value, kind = _iso(y, m, calendar.monthrange(y, m)[1]), "instant"
    elif time.kind in ("year", "quarter"):
        y = int(g.get("y8") or year or 0)
        tail = g.get("q8", "") + (time.text if time.kind == "quarter" else "")
        value = str(y) if y else None
        if value and tail:
            value = _quarter(tail, y) or value
        if y and re.search(r"年?[末底]$", time.text):
            value, kind = f"{y}-12-31", "instant"
    elif time.kind == "word":
        period = _word(time, anchor)
        if period is not None and "季度" in time.text and time.after == "末":
            period.value, period.type = bounds(period.value)[1], "instant"
        return period
    if value and "季度" in time.text and (time.text[-1] == "末" or time.after == "末"):
        value, kind = bounds(value)[1], "instant"  # 三季度末
    if value is None:
        return None
    if time.before in ("截至", "截止", "截止到", "截至到"):
        kind = "instant"
    if "以来" in time.after or (time.before in ("自", "从") and time.after in ("起", "开始")):
        value, kind = value + "/..", "since"
    return Period(value=value, type=kind, text=time.before * (kind == "instant") + time.text + time.after)


def _count(text: str) -> int | None:
    """A small number in digits or Chinese numerals."""
    return int(text) if text.isdigit() else 2 if text == "两" else _CN.get(text)


def _recent(text: str, anchor: Anchor) -> str | None:
    """近三年 ends with the report's year, 近两个月 with its month; 近年来 says nothing exact."""
    m = re.match(r"(?:近|过去)?([一二三四五六七八九十两]|\d{1,2})(年|个月)", text)
    n = _count(m[1]) if m else None
    if not m or not n or not anchor.year:
        return None
    if m[2] == "年":
        if n == 1:
            return str(anchor.year)
        return f"{anchor.year - n + 1}/{anchor.year}"
    last = re.match(r"(\d{4})-(\d{2})", anchor.now or "")
    if not last:
        return None
    months = int(last[1]) * 12 + int(last[2]) - 1
    first = months - n
    return f"{_iso(first // 12, first % 12 + 1)}/{_iso(months // 12, months % 12 + 1)}"


def a_year_before(value: str) -> str:
    """The same period of the year before: 2023-01/2023-03 gives 2022-01/2022-03."""
    return re.sub(r"(?<![\d-])\d{4}(?=$|[-/])", lambda m: f"{int(m[0]) - 1:04d}", value)


def _word(time: Time, anchor: Anchor) -> Period | None:
    text, year = time.text, anchor.year
    plain = text.strip("“”")
    if text in ("每天", "每年", "每月", "每日", "每周") or text in ("日前", "近年来", "近年"):
        return None
    if text.startswith(("截至", "截止")) or text in ("目前", "现有"):
        value = anchor.day or (anchor.now if text != "现有" else None)
        return Period(value=value, type="instant", text=text) if value else None
    if text in ("当日", "昨日"):
        value = anchor.value if anchor.day else None
        return Period(value=value, type="duration", text=text) if value else None
    if plain.startswith("十") and "五" in plain[1:4]:
        n = _CN.get(plain.split("五")[0] if not plain.startswith("十五五") else "十五")
        if n is None or not 10 < n < 16:
            return None
        first = 2021 + (n - 14) * 5
        return Period(value=f"{first}/{first + 4}", type="duration", text=text)
    if text in ("本周", "上周"):
        return Period(value=anchor.value, type="duration", text=text) if anchor.day and anchor.value else None
    if text in ("本月", "当月"):
        value = _iso(year, anchor.month) if year and anchor.month else anchor.value
        return Period(value=value, type="duration", text=text) if value else None
    if text[0] in "二一" and text[1:2] in "〇零○九":
        digits = text.split("年")[0].translate(_CN_YEAR)
        return Period(value=digits, type="duration", text=text) if len(digits) == 4 and digits.isdigit() else None
    if not year:
        return None
    shift = -1 if text.startswith(("去年", "上年")) else 0
    y = year + shift
    value = str(y)
    kind: PeriodType = "duration"
    m = re.match(
        r"前([一二三四五六七八九十]{1,2}|\d{1,2})个?月|(?:一|元月?份?)[-—~至到]([一二三四五六七八九十]{1,2}|\d{1,2})月",
        text,
    )
    if m:
        n = _count(m[1] or m[2])
        value = f"{y}-01/{y}-{n:02d}" if n and n <= 12 else value
    elif "季度" in text or "半年" in text:
        value = _quarter(text, y) or value
    elif re.search(r"年[末底]$", text):
        value, kind = f"{y}-12-31", "instant"
        if anchor.month and not shift and anchor.month != 12:
            value = _iso(y, anchor.month, calendar.monthrange(y, anchor.month)[1])
    elif text in ("月末", "季末") and anchor.month:
        value, kind = _iso(y, anchor.month, calendar.monthrange(y, anchor.month)[1]), "instant"
    elif text == "年初":
        return None
    elif text.startswith(("今年", "全年", "当年", "本年", "年内")) and not shift:
        value = anchor.value if anchor.value and anchor.value.startswith(str(y)) and not anchor.day else value
        if text.startswith("全年"):
            value = str(y)
    elif text.startswith(("近", "过去")) or text.endswith(("年来", "年间")):
        recent = _recent(text, anchor)
        if recent is None:
            return None
        value = recent
    elif text.endswith("期间") or text in ("假期", "汛期"):
        return Period(value=f"{y}-{text[:2]}" if text.endswith("期间") else str(y), type="duration", text=text)
    return Period(value=value, type=kind, text=text + time.after)


@lru_cache(maxsize=512)
def bounds(value: str | None) -> tuple[str | None, str | None]:
    """First and last day of an ISO period value."""
    if not value:
        return None, None
    if "/" in value:
        first, last = value.split("/", 1)
        return (None if first == ".." else bounds(first)[0]), (None if last == ".." else bounds(last)[1])
    day = value.split("T")[0]
    m = re.fullmatch(r"(\d{4})(?:-(?:Q([1-4])|(\d{2})(?:-(\d{2}))?))?", day)
    if not m:
        return None, None
    year = int(m[1])
    if m[2]:
        last_month = int(m[2]) * 3
        return f"{year}-{last_month - 2:02d}-01", f"{year}-{last_month:02d}-{calendar.monthrange(year, last_month)[1]}"
    if m[4]:
        return day, day
    if m[3] and 1 <= int(m[3]) <= 12 and year:
        return f"{day}-01", f"{day}-{calendar.monthrange(year, int(m[3]))[1]}"
    return (f"{year}-01-01", f"{year}-12-31") if not m[3] else (None, None)
