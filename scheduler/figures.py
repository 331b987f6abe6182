"""How a figure reads in a line: its number, unit and modifier in the order in which people write them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

INSIDE = ("余", "多", "许", "强", "有余")
"""Modifiers between number and unit: 40余次."""
BEHIND = ("以上", "以下", "以内", "以外", "及以上", "及以下", "左右", "上下")
"""Modifiers behind the unit: 2000个以上."""
DIGIT = re.compile(r"[\d零〇一二三四五六七八九十百千两半]")
PLAIN = re.compile(r"[-+]?[\d,]{1,40}(?:\.\d{1,40})?")


def number(value: float | int | None) -> str:
    """A figure with thousands marks; whole numbers without a point."""
    if value is None:
        return ""
    if float(value).is_integer() and abs(value) < 1e15:
        return f"{int(value):,}"
    return f"{value:,.10g}"


def with_unit(shown: str, unit: str | None, modifier: str | None = None) -> str:
    """`约90.6万辆`, `40余次`, `3%以上`; words of other scripts stand apart: `1,024 people`."""
    unit = "" if unit and shown.endswith(unit) else unit or ""
    if modifier in INSIDE:
        return f"{shown}{modifier}{unit}"
    text = f"{shown} {unit}" if unit[:1].isascii() and unit[:1].isalpha() else shown + unit
    if not modifier:
        return text
    return text + modifier if modifier in BEHIND else modifier + text


def shortened(value: float) -> str:
    """`293.2亿`, `90.6万`: as Chinese reports write large figures; one that this would not shorten stays."""
    for size, word in ((1e8, "亿"), (1e4, "万")):
        if abs(value) >= size and len(short := f"{value / size:.10g}") <= 6:
            return short + word
    return number(value)


def as_stated(indicator: Mapping[str, Any]) -> str:
    """A figure as its report prints it; in full where the print leaves a factor to a table's head (万辆: 90.6)."""
    text, value, unit = str(indicator.get("value_text") or ""), indicator.get("value"), indicator.get("unit")
    if value is not None and (not text or (PLAIN.fullmatch(text) and float(text.replace(",", "")) != value)):
        text = number(value) if str(unit or "").isascii() else shortened(value)
    if text and not DIGIT.search(text):  # 未发生 takes no unit
        return text
    return with_unit(text, unit, indicator.get("modifier"))
