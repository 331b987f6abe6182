"""Cell values written as the sheet prints them: decimals, percent signs and dates by the cell's number format."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

BUILT_IN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?",
    13: "# ??/??", 14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM",
    20: "h:mm", 21: "h:mm:ss", 22: "yyyy/m/d h:mm", 27: 'yyyy"年"m"月"', 28: 'm"月"d"日"', 29: 'm"月"d"日"',
    30: "m-d-yy", 31: 'yyyy"年"m"月"d"日"', 32: 'h"时"mm"分"', 33: 'h"时"mm"分"ss"秒"', 36: 'yyyy"年"m"月"',
    37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0",
    48: "##0.0E+0", 49: "@", 50: 'yyyy"年"m"月"', 51: 'm"月"d"日"', 52: 'yyyy"年"m"月"', 53: 'm"月"d"日"',
    54: 'm"月"d"日"', 55: 'yyyy"年"m"月"', 56: 'm"月"d"日"', 57: 'yyyy"年"m"月"', 58: 'm"月"d"日"',
}  # fmt: skip
"""Number format codes that files name by number (ECMA-376 18.8.30, with the Chinese forms of 27-58)."""

_DROPPED = re.compile(r"\[(?!h+\]|m+\]|s+\])[^\]]*\]|_.|\*.", re.I)
_PIECES = re.compile(
    r'"([^"]*)"|\\(.)|(\[h+\]|yyyy|yy|y|mmmmm|mmmm|mmm|mm|m|dddd|ddd|dd|d|hh|h|ss|s|am/pm|上午/下午|aaaa|aaa)|(.)',
    re.I | re.S,
)
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_WEEKDAYS = "一二三四五六日"


def plain(value: float) -> str:
    """A number in General format: at most 12 significant digits, no exponent for everyday sizes."""
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    text = f"{value:.12g}"
    return text if "e" not in text else f"{value:.15g}"


def render(value: float, code: str, *, date1904: bool = False) -> str:
    """A number as its format prints it; General where the format is beyond this reader."""
    section = _section(value, code)
    bare = _DROPPED.sub("", section)
    unquoted = re.sub(r'"[^"]*"|\\.', "", bare)
    if not unquoted.strip() or "general" in unquoted.lower() or "@" in unquoted:
        return plain(value)
    if re.search(r"[ymdhs]", unquoted, re.I) and not re.search(r"[0#?]", unquoted.lower().replace("ss.0", "")):
        return _date(value, bare, date1904)
    if "/" in unquoted or re.search(r"e[+-]", unquoted, re.I):
        return plain(value)
    return _number(value, bare, unquoted, code)


def _section(value: float, code: str) -> str:
    sections = re.split(r';(?=(?:[^"]*"[^"]*")*[^"]*$)', code) if code.count('"') < 40 else code.split(";")
    if value < 0 and len(sections) > 1:
        return sections[1]
    if value == 0 and len(sections) > 2:
        return sections[2]
    return sections[0]


def _number(value: float, bare: str, unquoted: str, code: str) -> str:
    digits = re.search(r"[#0?][#0?,.]*", unquoted)
    if digits is None:
        return plain(value)
    pattern = digits[0]
    decimals = len(re.sub(r"[^0?#]", "", pattern.partition(".")[2])) if "." in pattern else 0
    percent = unquoted.count("%")
    scaled = value * 100**percent / 1000 ** (len(pattern) - len(pattern.rstrip(",")))
    text = (
        f"{abs(scaled):,.{min(decimals, 15)}f}"
        if "," in pattern.rstrip(",")
        else f"{abs(scaled):.{min(decimals, 15)}f}"
    )
    optional = len(pattern) - len(pattern.rstrip("#")) if "." in pattern else 0
    for _ in range(optional):
        text = text.removesuffix("0")
    text = text.removesuffix(".")
    whole = pattern.partition(".")[0].count("0")
    if whole > 1 and "," not in pattern:
        text = text.zfill(whole + (len(text) - len(text.partition(".")[0])))
    before, after = _literals(bare)
    text = f"{before}{text}{after}"
    negative = value < 0 and ";" not in code and bool(text.strip("0.,%"))
    signed = value < 0 and ";" in code and not re.search(r"[-(]", unquoted) and bool(text.strip("0.,%"))
    return f"-{text}" if negative or signed else text


def _literals(bare: str) -> tuple[str, str]:
    """What is printed before and after the digits."""
    before, after, seen = "", "", False
    for quoted, escaped, _, char in _PIECES.findall(bare):
        if char in {"#", "0", "?", ",", "."} and char:
            seen = True
            continue
        piece = quoted or escaped or (char if char in "%-()+￥¥$" else "")
        if seen:
            after += piece
        else:
            before += piece
    return before, after


def _date(value: float, bare: str, date1904: bool) -> str:
    if not 0 <= value < 2958466:
        return plain(value)
    start = datetime(1904, 1, 1) if date1904 else datetime(1899, 12, 30)
    moment = start + timedelta(seconds=round(value * 86400))
    if value < 60 and not date1904 and value >= 1:
        moment += timedelta(days=1)  # the sheet's calendar has a 29 February 1900
    tokens = [(q or e or c, t.lower()) for q, e, t, c in _PIECES.findall(bare)]
    half = any(t in {"am/pm", "上午/下午"} for _, t in tokens)
    written: list[str] = []
    for i, (literal, token) in enumerate(tokens):
        if not token:
            written.append("" if literal in "0" and written and written[-1].endswith(".") else literal)
        else:
            written.append(_part(moment, value, token, tokens, i, half))
    return "".join(written).strip(" .;@")


def _part(moment: datetime, value: float, code: str, tokens: list[tuple[str, str]], i: int, half: bool) -> str:
    if code[0] == "y":
        return f"{moment.year}" if len(code) > 2 else f"{moment.year % 100:02d}"
    if code[0] == "m":
        before = next((t for _, t in reversed(tokens[:i]) if t), "")
        after = next((t for _, t in tokens[i + 1 :] if t), "")
        if before.startswith(("h", "[h")) or after.startswith("s"):
            return f"{moment.minute:02d}" if len(code) > 1 else str(moment.minute)
        if len(code) > 2:
            return _MONTHS[moment.month - 1]
        return f"{moment.month:02d}" if len(code) > 1 else str(moment.month)
    if code[0] == "d":
        return f"{moment.day:02d}" if len(code) == 2 else str(moment.day)
    if code[0] == "a" and code != "am/pm":
        return ("星期" if len(code) == 4 else "") + _WEEKDAYS[moment.weekday()]
    if code.startswith("[h"):
        return str(int(value * 24 + 1e-9))
    if code[0] == "h":
        hour = (moment.hour - 1) % 12 + 1 if half else moment.hour
        return f"{hour:02d}" if len(code) > 1 else str(hour)
    if code[0] == "s":
        return f"{moment.second:02d}" if len(code) > 1 else str(moment.second)
    words = ("AM", "PM") if code == "am/pm" else ("上午", "下午")
    return words[moment.hour >= 12]
