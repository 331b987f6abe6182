"""Dates as government pages print them, in Chinese and in English, with or without a time of day.

Forms: 二〇二二年一月八日 (also ○, 零, О, 0 for the nought), 2022年1月8日, 2022-1-8 18:30, 2022/01/08, 2022.01.08,
[2022-01-08], 2004年7月16日08:19, 20220108, full-width digits, ISO 8601 with its zone, RFC 822, 8 January 2022, Jan 8,
2022, 8. Januar 2022, 08/01/2022, 令和4年1月8日, 民國111年1月8日, 2022년 1월 8일, and epoch seconds or milliseconds
from JSON. A day that no calendar has, or a year before 1949 or after 2099, is no date but `impossible`: the page
states something that must not be stored (0001-01-01 and 1970-01-01 are what empty database fields print).
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pipelines.items import Stamp

FIRST_YEAR, LAST_YEAR = 1949, 2099

_DIGITS = str.maketrans("０１２３４５６７８９：．／－", "0123456789:./-")
_HAN = {c: i for i, c in enumerate("〇一二三四五六七八九")} | dict.fromkeys("零○ＯOoО0ΟοО◯", 0) | {"两": 2}
_NOUGHT_ONE_NINE = "〇零○ＯOoОΟο◯0一二三四五六七八九"
_ERAS = {"令和": 2018, "平成": 1988, "民國": 1911, "民国": 1911}

_MONTHS = (
    "jan january janvier januar enero janeiro gennaio",
    "feb february février fevrier februar febrero fevereiro febbraio",
    "mar march mars märz marz marzo março",
    "apr april avril abril aprile",
    "may mai mayo maio maggio",
    "jun june juin juni junio junho giugno",
    "jul july juillet juli julio julho luglio",
    "aug august août aout agosto",
    "sep sept september septembre septiembre setembro settembre",
    "oct october octobre oktober octubre outubro ottobre okt",
    "nov november novembre noviembre novembro",
    "dec december décembre dezember diciembre dezembro dicembre dez",
)
_MONTH = {name: i for i, names in enumerate(_MONTHS, 1) for name in names.split()}
_MONTH_NAME = "|".join(sorted(_MONTH, key=len, reverse=True))

_TIME = (
    r"(?:[\sT,，、|日\-]{0,4}(?:[（(\[]?\s?(?:星期|周)[一二三四五六日天]\s?[)）\]]?)?\s{0,3}(?P<half>上午|下午|中午|晚上)?\s{0,2}"
    r"(?P<hour>\d{1,2})\s?(?::|时|点|時)\s?(?P<minute>\d{1,2})(?:\s?(?::|分)\s?(?P<second>\d{1,2}))?[秒分]?(?:\.\d{1,9})?"
    r"\s?(?P<meridiem>[ap]\.?m\b\.?)?\s?(?P<zone>Z\b|UTC|GMT|[+-]\d\d:?\d\d\b)?)?"
)
_WORD_TIME = (
    r"(?:[\s,|\-–—]{0,3}(?:at\s|um\s|à\s)?\s?(?P<hour>\d{1,2})[:.](?P<minute>\d\d)(?::(?P<second>\d\d))?"
    r"\s?(?P<meridiem>[ap]\.?m\b\.?)?\s?(?P<zone>Z\b|UTC|GMT|[+-]\d\d:?\d\d\b)?)?"
)
_YMD = re.compile(
    r"(?<![\d.])(?P<year>\d{4})\s{0,3}(?:[年년]\s{0,3}|(?P<sep>[-/.])\s?)(?P<month>\d{1,2})\s{0,3}"
    r"(?:[月월]\s{0,3}|(?(sep)(?P=sep)\s?|[-/.]))(?P<day>\d{1,2})(?!\d)(?:\s?[日号일])?" + _TIME,
    re.IGNORECASE,
)
_HAN_DATE = re.compile(
    rf"(?P<year>[{_NOUGHT_ONE_NINE}\d](?:\s?[{_NOUGHT_ONE_NINE}\d]){{3}})\s?年\s?"
    rf"(?P<month>[{_NOUGHT_ONE_NINE}十\d]{{1,3}})\s?月\s?(?P<day>[{_NOUGHT_ONE_NINE}十廿卅\d]{{1,4}})\s?[日号]" + _TIME
)
_ERA_DATE = re.compile(
    r"(?P<era>令和|平成|民國|民国)\s?(?P<year>\d{1,3}|元)\s?年\s?(?P<month>\d{1,2})\s?月\s?(?P<day>\d{1,2})\s?日"
    + _TIME
)
_COMPACT = re.compile(
    r"(?<![\dA-Za-z/-])(?P<year>(?:19|20)\d\d)(?P<month>\d\d)(?P<day>\d\d)"
    r"(?:\s?T?(?P<hour>\d\d):?(?P<minute>\d\d)(?::?(?P<second>\d\d))?(?P<zone>Z\b)?)?(?![\dA-Za-z/])"
)
_DAY_MONTH = re.compile(
    rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|\.|º)?[\s\-]{{1,2}}(?:of |de )?"
    rf"(?P<month>{_MONTH_NAME})\b\.?,?[\s\-]{{1,2}}(?:de )?(?P<year>\d{{4}})(?!\d)" + _WORD_TIME,
    re.IGNORECASE,
)
_MONTH_DAY = re.compile(
    rf"\b(?P<month>{_MONTH_NAME})\b\.?\s{{1,2}}(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s{{1,2}}(?P<year>\d{{4}})(?!\d)"
    + _WORD_TIME,
    re.IGNORECASE,
)
_NUMERIC = re.compile(
    r"(?<![\d./-])(?P<first>\d{1,2})(?P<sep>[-/.])(?P<second_>\d{1,2})(?P=sep)(?P<year>\d{4})(?![\d])" + _WORD_TIME,
    re.IGNORECASE,
)
_ANY = re.compile(r"\d{4}|年")
"""One of these is in every date."""
_EPOCH = re.compile(r"\s*(\d{10}|\d{13})\s*\Z")
_URL_DATES = (
    re.compile(r"/t((?:19|20)\d\d)(\d\d)(\d\d)_\d"),
    re.compile(r"/art/((?:19|20)\d\d)/(\d{1,2})/(\d{1,2})/"),
    re.compile(r"/((?:19|20)\d\d)[-/]?(\d\d)[-/](\d\d)/"),
    re.compile(r"/((?:19|20)\d\d)-(\d\d)/(\d\d)/"),
    re.compile(r"/((?:19|20)\d\d)(\d\d)(\d\d)/"),
    re.compile(r"/((?:19|20)\d\d)/(\d\d)(\d\d)/"),
    re.compile(r"/((?:19|20)\d\d)/(\d{1,2})/(\d{1,2})/"),
)


_YEAR, _MONTH_NUMBER, _DAY = r"(?P<year>(?:19|20)\d\d)", r"(?P<month>\d{1,2})", r"(?P<day>\d{1,2})"
_DAY_BOXES = tuple(
    re.compile(rf"(?<![\d/.:-]){upper}[^\S ]\s*{lower}(?=\s|$)")
    for upper, lower in (
        (rf"{_DAY}日?", rf"{_YEAR}\s?[-./年]\s?{_MONTH_NUMBER}月?"),
        (rf"{_YEAR}\s?[-./年]\s?{_MONTH_NUMBER}月?", rf"{_DAY}日?"),
        (rf"{_MONTH_NUMBER}[-./月]{_DAY}日?", rf"{_YEAR}年?"),
        (rf"{_YEAR}年?", rf"{_MONTH_NUMBER}[-./月]{_DAY}日?"),
    )
)
"""A day that stands in a box of its own over (or under) its month and year, in the text with its joints."""


class Found(NamedTuple):
    """A date in a text: its value (None where no calendar has it) and where it stands."""

    stamp: Stamp | None
    start: int
    end: int

    @property
    def impossible(self) -> bool:
        """Whether the text prints a date that cannot be one."""
        return self.stamp is None


@cache
def zone_of(name: str) -> tzinfo:
    """The zone of an IANA name; China's where the name is unknown (sources are checked when they are loaded)."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return timezone(timedelta(hours=8))


def _han_number(text: str) -> int:
    """The number of 一, 十二, 三十一, 廿八, 〇八 or digits; -1 for none."""
    text = text.replace(" ", "")
    if text.isdecimal():
        return int(text)
    text = text.replace("廿", "二十").replace("卅", "三十")
    if "十" in text:
        tens, _, ones = text.partition("十")
        if len(tens) > 1 or len(ones) > 1:
            return -1
        return (_HAN.get(tens, 1) if tens else 1) * 10 + (_HAN.get(ones, 0) if ones else 0)
    number = 0
    for char in text:
        number = number * 10 + (int(char) if char.isdecimal() else _HAN.get(char, 0))
    return number


def _stamp(year: int, month: int, day: int, parts: dict[str, str | None], zone: str) -> Stamp | None:
    if not FIRST_YEAR <= year <= LAST_YEAR or (year, month, day) == (1970, 1, 1):
        return None
    try:
        that_day = date(year, month, day)
    except ValueError:
        return None
    if not parts.get("hour"):
        return that_day
    hour, minute, second = (int(parts.get(k) or 0) for k in ("hour", "minute", "second"))
    half, meridiem = parts.get("half"), (parts.get("meridiem") or "").lower()
    if hour < 12 and (half in ("下午", "晚上") or meridiem.startswith("p")):
        hour += 12
    elif hour == 12 and (meridiem.startswith("a") or half == "上午"):
        hour = 0
    try:
        moment = datetime(year, month, day, hour, minute, second)
    except ValueError:
        return that_day
    home, offset = zone_of(zone), parts.get("zone")
    if not offset:
        return moment.replace(tzinfo=home)
    return moment.replace(tzinfo=_offset(offset)).astimezone(home)


def _offset(text: str) -> tzinfo:
    if text[0] not in "+-":
        return UTC
    digits = text[1:].replace(":", "")
    minutes = int(digits[:2]) * 60 + int(digits[2:4])
    return timezone(timedelta(minutes=min(minutes, 14 * 60) * (-1 if text[0] == "-" else 1)))


def find_date(text: str, zone: str = "Asia/Shanghai", *, month_first: bool = False) -> Found | None:
    """The first date in the text.

    Args:
        text: any text; only its first 2,000 characters are read.
        zone: IANA name of the zone that a printed time of day is in, unless the text states an offset.
        month_first: read 01/08/2022 as 8 January (United States) rather than 1 August.

    Returns:
        The date and its place, `stamp` None where it is impossible (2022-13-45, 2月30日); None where there is none.
    """
    text = text[:2000]
    if not _ANY.search(text):
        return None
    text = text.translate(_DIGITS)
    best: Found | None = None
    for pattern, read in _READERS:
        match = pattern.search(text)
        if match and (best is None or match.start() < best.start):
            year, month, day = read(match, month_first)
            best = Found(_stamp(year, month, day, match.groupdict(), zone), match.start(), match.end())
            if match.start() == 0:
                break
    return best


def _read_ymd(match: re.Match[str], _: bool) -> tuple[int, int, int]:
    return int(match["year"]), int(match["month"]), int(match["day"])


def _read_han(match: re.Match[str], _: bool) -> tuple[int, int, int]:
    return _han_number(match["year"]), _han_number(match["month"]), _han_number(match["day"])


def _read_era(match: re.Match[str], _: bool) -> tuple[int, int, int]:
    year = 1 if match["year"] == "元" else int(match["year"])
    return _ERAS[match["era"]] + year, int(match["month"]), int(match["day"])


def _read_words(match: re.Match[str], _: bool) -> tuple[int, int, int]:
    return int(match["year"]), _MONTH[match["month"].lower()], int(match["day"])


def _read_numeric(match: re.Match[str], month_first: bool) -> tuple[int, int, int]:
    first, second = int(match["first"]), int(match["second_"])
    if (month_first and first <= 12) or second > 12:
        return int(match["year"]), first, second
    return int(match["year"]), second, first


_READERS = (
    (_YMD, _read_ymd),
    (_HAN_DATE, _read_han),
    (_ERA_DATE, _read_era),
    (_MONTH_DAY, _read_words),
    (_DAY_MONTH, _read_words),
    (_NUMERIC, _read_numeric),
    (_COMPACT, _read_ymd),
)


def parse_date(
    text: str | int | float | None, zone: str = "Asia/Shanghai", *, month_first: bool = False
) -> Stamp | None:
    """The date that a text states, an aware datetime in `zone` where it prints a time of day; None for none.

    A bare number of 10 or 13 digits is an epoch in seconds or milliseconds, as JSON records give it.
    """
    if text is None:
        return None
    if not isinstance(text, str):
        text = str(int(text))
    epoch = _EPOCH.match(text)
    if epoch:
        seconds = int(epoch[1]) // (1000 if len(epoch[1]) == 13 else 1)
        moment = datetime.fromtimestamp(seconds, zone_of(zone))
        return moment if FIRST_YEAR <= moment.year <= LAST_YEAR and seconds > 86400 else None
    found = find_date(text, zone, month_first=month_first)
    return found.stamp if found else None


def day_of(stamp: Stamp) -> date:
    """The calendar day of a date or a moment."""
    return stamp.date() if isinstance(stamp, datetime) else stamp


def sharper(first: Stamp | None, second: Stamp | None) -> Stamp | None:
    """The first date, with the second's time of day where both name one day and only the second has a time."""
    if first is None or second is None:
        return first
    if not isinstance(first, datetime) and isinstance(second, datetime) and second.date() == first:
        return second
    return first


def box_date(text: str) -> date | None:
    """The day in a piece of an outline that shows it in a box (18 over 2022-01); None for none, or for several."""
    days = {
        day_of(stamp)
        for pattern in _DAY_BOXES
        for m in pattern.finditer(text)
        if (stamp := _stamp(int(m["year"]), int(m["month"]), int(m["day"]), {}, "UTC"))
    }
    return days.pop() if len(days) == 1 else None


def url_date(url: str | None) -> date | None:
    """The day in a report's address, as CMS families write it: `/t20220108_1.html`, `/art/2022/1/8/art_1_2.html`."""
    if not url:
        return None
    for pattern in _URL_DATES:
        match = pattern.search(url)
        if match:
            stamp = _stamp(int(match[1]), int(match[2]), int(match[3]), {}, "UTC")
            if stamp:
                return day_of(stamp)
    return None
