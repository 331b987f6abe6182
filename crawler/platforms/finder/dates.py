"""Dates as list rows print them: whole, split over lines, without a year, in words; Chinese and English."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from crawler.platforms.finder.months import MONTHS, WORD, Order
from pipelines.items import Stamp

_ENGLISH = (
    r"(?P<{0}>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_YEAR = r"(?P<y>(?:19|20)\d\d)"
_TIME = r"(?:[\sT]{0,3}(?P<h>[01]?\d|2[0-3])[:：](?P<i>[0-5]\d)(?:[:：](?P<s>[0-5]\d))?)?"

WHOLE = (
    re.compile(rf"(?<!\d){_YEAR}\s?[-./年–]\s?(?P<m>\d{{1,2}})\s?[-./月–]\s?(?P<d>\d{{1,2}})(?!\d)\s?日?{_TIME}"),
    # 08 2022-01: the day large above, year and month small below
    re.compile(rf"(?<![\d.:/-])(?P<d>\d{{1,2}})日?\s+{_YEAR}\s?[-./年]\s?(?P<m>\d{{1,2}})月?(?![\d:./-])"),
    # 2022-01 08
    re.compile(rf"(?<!\d){_YEAR}\s?[-./年]\s?(?P<m>\d{{1,2}})月?\s+(?P<d>\d{{1,2}})日?(?![\d:./-])"),
    # 2022 01-08
    re.compile(rf"(?<!\d){_YEAR}年?\s+(?P<m>\d{{1,2}})\s?[-./月]\s?(?P<d>\d{{1,2}})日?(?![\d:])"),
    # 01-08 2022, but 08/01 2022 where the day comes first
    re.compile(rf"(?<![\d.:/-])(?P<m>\d{{1,2}})\s?(?P<mark>[-./月])\s?(?P<d>\d{{1,2}})日?\s+{_YEAR}(?![\d./-])"),
    re.compile(rf"(?<!\w){_ENGLISH.format('w')}\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s?,?\s+{_YEAR}(?!\d){_TIME}", re.I),
    # 8 January 2022, 1er février 2022, 8. Januar 2022, 8 de enero de 2022
    re.compile(
        rf"(?<!\d)(?P<d>\d{{1,2}})(?:st|nd|rd|th|er|re|º|ª|\.)?[\s-]+(?:de\s+)?(?P<w>{WORD})\b\.?[\s,-]+(?:de[l]?\s+)?{_YEAR}(?!\d)"
        rf"{_TIME}",
        re.I,
    ),
)
NUMERIC = re.compile(rf"(?<![\d./-])(?P<a>\d{{1,2}})\s?[/.-]\s?(?P<b>\d{{1,2}})(?:\s?[/.-]\s?|\s+){_YEAR}(?!\d)")
TWO_DIGITS = re.compile(r"(?<![\d./-])(?P<a>\d\d)(?P<mark>[/.-])(?P<b>\d\d)(?P=mark)(?P<c>\d\d)(?![\d./-])")
"""22-01-08: the year in two digits."""
DOTTED = re.compile(rf"(?<![\d./-])(?P<d>\d{{1,2}})\.\s?(?P<m>\d{{1,2}})\.\s?{_YEAR}(?!\d)")
"""08.01.2022: with points the day always comes first."""
ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "R": 2018, "H": 1988, "S": 1925}
ERA = re.compile(
    r"(?P<e>令和|平成|昭和|(?<![A-Za-z])[RHS])\s?(?P<n>元|\d{1,2})\s?[年.]\s?(?P<m>\d{1,2})\s?[月.]\s?(?P<d>\d{1,2})\s?日?(?![\d.])"
)
MINGUO = re.compile(
    r"(?:(?:中華)?民國\s?(?P<p>\d{2,3})\s?年|(?<![\d./-])(?P<y>1[0-4]\d)\s?[-./年])\s?(?P<m>\d{1,2})\s?[-./月]\s?(?P<d>\d{1,2})日?(?![\d./-])"
)
"""Years of the Republic (Taiwan): 111 is 2022; without the word only three digits, and alone in its place."""
COMPACT = re.compile(r"(?<![\d/])(?P<y>20\d\d)(?P<m>[01]\d)(?P<d>[0-3]\d)(?!\d)")
SHORT = re.compile(r"(?<![\d./:-])(?P<m>\d{1,2})\s?[-./月]\s?(?P<d>\d{1,2})\s?日?(?![\d./:%-])")
ALONE = re.compile(
    r"[\s\[\]【】()（）<>《》|·•,，:：/-]*(?:(?:发布|公开|更新|印发|发文|成文|公布|發布|公佈|刊登)?(?:日期|时间|時間|日)"
    r"|date|published|posted|updated|datum|fecha|publié le)?"
    r"[\s\[\]【】()（）|:：-]*",
    re.I,
)
LABELLED = re.compile(
    r"(?:发布|公开|公布|发文|發布|公佈)(?:日期|时间|時間)\s*[:：]?|(?:published|posted|publication date)\s*:?", re.I
)
URL_DATES = (
    re.compile(r"/t(?P<y>20\d\d)(?P<m>[01]\d)(?P<d>[0-3]\d)_"),
    re.compile(r"/(?P<y>(?:19|20)\d\d)[/-](?P<m>\d{1,2})[/-](?P<d>\d{1,2})/"),
    re.compile(r"/(?P<y>(?:19|20)\d\d)(?P<m>[01]\d)(?P<d>[0-3]\d)/"),
    re.compile(r"/(?P<y>(?:19|20)\d\d)-?(?P<m>[01]\d)/(?P<d>[0-3]\d)/"),
)
URL_MONTHS = (
    re.compile(r"/(?P<y>(?:19|20)\d\d)-?(?P<m>[01]\d)/"),
    re.compile(r"/(?P<y>(?:19|20)\d\d)/(?P<m>\d{1,2})/"),
)


@dataclass(frozen=True, slots=True)
class Found:
    """A date in a row's text: the stamp, or month and day alone, and where it stands."""

    stamp: Stamp | None
    month: int
    day: int
    start: int
    end: int


def plain(text: str) -> str:
    """Full-width digits and marks as ASCII; length is kept."""
    return "".join(folded if len(folded := unicodedata.normalize("NFKC", c)) == 1 else c for c in text)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _stamp(match: re.Match[str], zone: str, order: Order | None = None) -> Stamp | None:
    parts = match.groupdict()
    word = parts.get("w")
    month = MONTHS[word.lower()] if word else int(parts["m"])
    number = int(parts["d"])
    if order == "day" and parts.get("mark") not in (None, "月"):
        month, number = number, month
    day = _day(int(parts["y"]), month, number)
    if day and parts.get("h") is not None:
        time = (int(parts["h"]), int(parts["i"]), int(parts.get("s") or 0))
        if time != (0, 0, 0):
            return datetime(day.year, day.month, day.day, *time, tzinfo=ZoneInfo(zone))
    return day


def find_dates(text: str, *, zone: str = "Asia/Shanghai", order: Order | None = None) -> list[Found]:
    """Every date in a short text, in order; `order` says how 03/04/2022 is to be read, without it such are left out."""
    text = plain(text[:4000])
    found: list[Found] = []

    def add(match: re.Match[str], stamp: Stamp | None) -> None:
        if stamp and not any(match.start() < f.end and f.start < match.end() for f in found):
            found.append(Found(stamp, stamp.month, stamp.day, match.start(), match.end()))

    for pattern in WHOLE:
        for match in pattern.finditer(text):
            add(match, _stamp(match, zone, order))
    for match in DOTTED.finditer(text):
        add(match, _stamp(match, zone))
    for match in ERA.finditer(text):
        year = ERAS[match["e"]] + (1 if match["n"] == "元" else int(match["n"]))
        add(match, _day(year, int(match["m"]), int(match["d"])))
    for match in NUMERIC.finditer(text):
        first, second = int(match["a"]), int(match["b"])
        which: Order | None = "day" if first > 12 else "month" if second > 12 else order
        if first == second:
            which = "month"
        if which in ("month", "day"):
            month, day = (first, second) if which == "month" else (second, first)
            add(match, _day(int(match["y"]), month, day))
    if not found:
        for match in MINGUO.finditer(text):
            if match["p"] or (ALONE.fullmatch(text[: match.start()]) and ALONE.fullmatch(text[match.end() :])):
                add(match, _day(1911 + int(match["p"] or match["y"]), int(match["m"]), int(match["d"])))
        for match in TWO_DIGITS.finditer(text) if order else ():
            alone = ALONE.fullmatch(text[: match.start()]) and ALONE.fullmatch(text[match.end() :])
            first, second, third = int(match["a"]), int(match["b"]), int(match["c"])
            if order == "year":
                add(match, _day(2000 + first, second, third) if first < 40 else None)
            elif alone and third < 40:
                add(match, _day(2000 + third, *((second, first) if order == "day" else (first, second))))
        for match in COMPACT.finditer(text):
            if ALONE.fullmatch(text[: match.start()]) and ALONE.fullmatch(text[match.end() :]):
                add(match, _stamp(match, zone))
    return sorted(found, key=lambda f: f.start)


def find_short(text: str) -> Found | None:
    """A month and day that stand alone (`[01-08]`, `1月8日`)."""
    text = plain(text[:200])
    for match in SHORT.finditer(text):
        if 1 <= int(match["m"]) <= 12 and 1 <= int(match["d"]) <= 31:
            rest = text[: match.start()] + text[match.end() :]
            if ALONE.fullmatch(rest):
                return Found(None, int(match["m"]), int(match["d"]), match.start(), match.end())
    return None


def is_only_date(text: str, order: Order | None = "day") -> bool:
    """Whether the text is a date and nothing but marks and a label such as 发布时间."""
    if len(text) > 60:
        return False
    found = find_dates(text, order=order)
    if not found:
        return find_short(text) is not None
    text = plain(text)
    first = found[0]
    return len(found) == 1 and bool(ALONE.fullmatch(text[: first.start]) and ALONE.fullmatch(text[first.end :]))


def numeric_order(texts: list[str]) -> Order | None:
    """How a list writes 03/04/2022, if any of its rows proves it."""
    orders = {
        "day" if int(m["a"]) > 12 else "month"
        for text in texts
        for m in NUMERIC.finditer(plain(text[:4000]))
        if (int(m["a"]) > 12) != (int(m["b"]) > 12)
    }
    return orders.pop() if len(orders) == 1 else None  # type: ignore[return-value]


def date_in_url(url: str) -> date | None:
    """The day that an address carries (`/202201/t20220108_1.html`, `/art/2022/1/8/`)."""
    for pattern in URL_DATES:
        if match := pattern.search(url):
            day = _day(int(match["y"]), int(match["m"]), int(match["d"]))
            if day:
                return day
    return None


def complete(short: Found, url: str, heading_year: int | None) -> date | None:
    """The whole date of `01-08`, only where the address or a year heading proves the year."""
    if (day := date_in_url(url)) and (day.month, day.day) == (short.month, short.day):
        return day
    for pattern in URL_MONTHS:
        if (match := pattern.search(url)) and int(match["m"]) == short.month:
            return _day(int(match["y"]), short.month, short.day)
    return _day(heading_year, short.month, short.day) if heading_year else None
