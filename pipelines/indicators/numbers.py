"""Numbers as Chinese reports print them: where one begins and ends, and what it is worth.

Arabic digits with thousands and decimals, multiplied by 十 百 千 万 亿; Chinese numerals; 百分之, 千分之, fractions.
All functions work on folded text (`fold.fold`) and never look further than a bounded number of characters.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

CHINESE_DIGITS = "零〇一二两三四五六七八九"
CHINESE_NUMERALS = CHINESE_DIGITS + "十百千万亿"
_DIGIT = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_SCALE = {"十": 10, "百": 100, "千": 1000}
_MULTIPLIER = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}

# 千 and 百 belong to the unit in 千瓦, 千米, 千克, 百帕.
_ARABIC = re.compile(
    r"(?:\d{1,3}(?:,\d{3}){1,5}(?!\d)|\d{1,18})(?:\.\d{1,8})?(?![\d])"
    r"(?:[ ]?(?:[十百千](?=[万亿])[万亿]|[十百千](?![瓦米克伏卡帕焦兆安赫字分])|万亿|万|亿)(?![千百]分))?"
)
_SPACED = re.compile(r"\d{1,3}(?: \d{3}){1,5}(?![\d ])(?:\.\d{1,8})?")
_CHINESE = re.compile(r"[零〇一二两三四五六七八九十百千万亿]{1,12}(?:点[零〇一二三四五六七八九]{1,6})?万?亿?")
_PARTS = re.compile(
    r"(百|千|万)分之(?:(\d{1,4}(?:\.\d{1,4})?)|"
    r"([零〇一二两三四五六七八九十百]{1,6}(?:点[零〇一二三四五六七八九]{1,4})?))"
)
_FRACTION = re.compile(r"([一二两三四五六七八九十]{1,3})分之([一二两三四五六七八九十]{1,3})")


@dataclass(slots=True)
class Number:
    """A number at [start, end) with its multiplier applied; `percent` is '%' or '‰' where the wording says so."""

    start: int
    end: int
    value: float | int
    percent: str | None = None
    chinese: bool = False


def tidy(value: float) -> float | int:
    """An int where the value is whole, else a float without the dust of binary multiplication."""
    rounded = round(value, 6)
    return int(rounded) if rounded == int(rounded) else rounded


def chinese_value(text: str) -> float | None:
    """The worth of a Chinese numeral such as 三十二, 一百零五, 十二万, 二〇二一; None where it is no numeral."""
    whole, dot, decimals = text.partition("点")
    scale = 1
    while decimals and decimals[-1] in "万亿":
        scale *= _MULTIPLIER[decimals[-1]]
        decimals = decimals[:-1]
    if len(whole) > 1 and all(c in _DIGIT for c in whole):
        base: float = float("".join(str(_DIGIT[c]) for c in whole))
    else:
        total = section = 0
        digit: int | None = None
        for c in whole:
            if c in _DIGIT:
                digit = _DIGIT[c]
            elif c in _SCALE:
                section += (1 if digit is None else digit) * _SCALE[c]
                digit = None
            else:
                here = section + (digit or 0)
                if c == "亿":
                    total = (total + (here or (0 if total else 1))) * 10**8
                else:
                    total += (here or 1) * 10**4
                section, digit = 0, None
        base = total + section + (digit or 0)
    if dot:
        if not decimals or not all(c in _DIGIT for c in decimals):
            return None
        base += float("0." + "".join(str(_DIGIT[c]) for c in decimals))
    return base * scale


def arabic_value(text: str) -> float | int:
    """The worth of digits with separators and multipliers: `1,234.5万` is 12345000."""
    if text.isdecimal():
        return int(text)
    end = len(text)
    scale = 1
    while text[end - 1] in _MULTIPLIER:
        scale *= _MULTIPLIER[text[end - 1]]
        end -= 1
    plain = text[:end].replace(",", "").replace(" ", "")
    if scale == 1:
        return tidy(float(plain)) if "." in plain else int(plain)
    # 4512.6 times 10**8 in binary leaves dust.
    value = Decimal(plain) * scale
    return int(value) if value == value.to_integral_value() else float(value)


def read_arabic(text: str, at: int) -> Number | None:
    """The Arabic number that begins at `at`."""
    spaced = _SPACED.match(text, at) if " " in text[at + 1 : at + 4] else None
    m = spaced or _ARABIC.match(text, at)
    if not m:
        return None
    return Number(at, m.end(), arabic_value(m[0]))


def read_chinese(text: str, at: int) -> Number | None:
    """The Chinese numeral, percentage or fraction that begins at `at`."""
    m = _PARTS.match(text, at)
    if m:
        base = {"百": 100, "千": 1000, "万": 10000}[m[1]]
        part = float(m[2]) if m[2] else chinese_value(m[3])
        if part is None:
            return None
        if base == 10000:
            return Number(at, m.end(), tidy(part / 100), "%", chinese=not m[2])
        return Number(at, m.end(), tidy(part), "%" if base == 100 else "‰", chinese=not m[2])
    m = _FRACTION.match(text, at)
    if m:
        below, above = chinese_value(m[1]), chinese_value(m[2])
        return Number(at, m.end(), tidy(above / below), None, chinese=True) if below and above else None
    m = _CHINESE.match(text, at)
    if not m:
        return None
    value = chinese_value(m[0])
    return None if value is None else Number(at, m.end(), tidy(value), None, chinese=True)
