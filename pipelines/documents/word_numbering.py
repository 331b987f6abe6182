"""List numbers of Word paragraphs, as Word prints them: `一、`, `（二）`, `3.1`."""

from __future__ import annotations

import re
from collections import defaultdict

from lxml import etree

from pipelines.documents.zipped import attribute, tag

_DIGITS = "零一二三四五六七八九"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_MAX_STYLES = 20


def chinese(number: int) -> str:
    """1-9999 in Chinese counting numerals: 10 is 十, 21 is 二十一.

    >>> chinese(110)
    '一百一十'
    """
    if not 0 < number < 10000:
        return str(number)
    result, zero = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            result += ("零" if zero else "") + _DIGITS[digit] + name
            zero = False
        elif result:
            zero = True
    return result[1:] if result.startswith("一十") else result


def letters(number: int) -> str:
    """a, b … z, aa, bb as Word counts."""
    return chr(ord("a") + (number - 1) % 26) * min((number - 1) // 26 + 1, 10)


def roman(number: int) -> str:
    """Lower-case Roman numerals."""
    result = ""
    for value, sign in zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ("m", "cm", "d", "cd", "c", "xc", "l", "xl", "x", "ix", "v", "iv", "i"),
        strict=True,
    ):
        result += sign * (min(number, 4999) // value)
        number = min(number, 4999) % value
    return result


def write_number(number: int, style: str) -> str:
    """A number in one of Word's number formats (ECMA-376 ST_NumberFormat)."""
    if number < 1:
        return str(number)
    if style in {
        "chineseCounting",
        "chineseCountingThousand",
        "japaneseCounting",
        "ideographDigital",
        "taiwaneseCounting",
    }:
        return chinese(number)
    if style == "decimalEnclosedCircle" and number <= 20:
        return chr(0x2460 + number - 1)
    if style == "decimalEnclosedCircleChinese" and number <= 20:
        return chr(0x2460 + number - 1)
    if style == "decimalFullWidth":
        return str(number).translate({ord("0") + i: 0xFF10 + i for i in range(10)})
    if style == "decimalZero":
        return f"{number:02d}"
    if style == "ideographTraditional":
        return _STEMS[(number - 1) % 10]
    if style == "lowerLetter":
        return letters(number)
    if style == "upperLetter":
        return letters(number).upper()
    if style == "lowerRoman":
        return roman(number)
    if style == "upperRoman":
        return roman(number).upper()
    return str(number)


class Numbering:
    """The numbering definitions of a document, and how far each list has counted."""

    def __init__(self, numbering: etree._Element | None, styles: etree._Element | None) -> None:
        self._levels: dict[str, dict[int, tuple[str, str, int]]] = {}
        self._abstract: dict[str, str] = {}
        self._starts: dict[tuple[str, int], int] = {}
        self._styles: dict[str, tuple[str | None, str | None, str | None]] = {}
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)
        if numbering is not None:
            self._read_numbering(numbering)
        if styles is not None:
            self._read_styles(styles)

    def _read_numbering(self, root: etree._Element) -> None:
        for element in root:
            if tag(element) == "abstractNum":
                levels = {}
                for level in element:
                    if tag(level) == "lvl":
                        levels[_int(attribute(level, "ilvl"))] = (
                            _value(level, "numFmt") or "decimal",
                            _value(level, "lvlText") or "",
                            _int(_value(level, "start"), 1),
                        )
                self._levels[attribute(element, "abstractNumId") or ""] = levels
            elif tag(element) == "num":
                number = attribute(element, "numId") or ""
                self._abstract[number] = _value(element, "abstractNumId") or ""
                for override in element:
                    start = _value(override, "startOverride") if tag(override) == "lvlOverride" else None
                    if start is not None:
                        self._starts[number, _int(attribute(override, "ilvl"))] = _int(start, 1)

    def _read_styles(self, root: etree._Element) -> None:
        for style in root:
            if tag(style) == "style":
                number, level = _number_properties(style)
                self._styles[attribute(style, "styleId") or ""] = number, level, _value(style, "basedOn")

    def label(self, paragraph: etree._Element) -> str:
        """The paragraph's list number with its punctuation; empty where it has none. Counts the list on."""
        if not self._levels:
            return ""
        number, level = _number_properties(paragraph)
        if number is None:
            number, level = self._of_style(paragraph)
        if number is None or number == "0":
            return ""
        definition = self._levels.get(self._abstract.get(number, ""), {})
        depth = _int(level)
        if depth not in definition:
            return ""
        style, text, start = definition[depth]
        counts = self._counts[self._abstract[number]]
        if (number, depth) in self._starts:
            counts.pop(depth, None)
            start = self._starts.pop((number, depth))
        counts[depth] = counts.get(depth, start - 1) + 1
        for deeper in [d for d in counts if d > depth]:
            del counts[deeper]
        if style in {"bullet", "none"}:
            return ""

        def place(match: re.Match[str]) -> str:
            other = int(match[1]) - 1
            own_style, _, own_start = definition.get(other, ("decimal", "", 1))
            return write_number(counts.get(other, own_start), own_style)

        return re.sub(r"%([1-9])", place, text)

    def _of_style(self, paragraph: etree._Element) -> tuple[str | None, str | None]:
        properties = next((e for e in paragraph if tag(e) == "pPr"), None)
        name = _value(properties, "pStyle") if properties is not None else None
        for _ in range(_MAX_STYLES):
            if name is None or name not in self._styles:
                break
            number, level, name = self._styles[name]
            if number is not None:
                return number, level
        return None, None


def _number_properties(element: etree._Element) -> tuple[str | None, str | None]:
    for properties in element:
        if tag(properties) == "pPr":
            for child in properties:
                if tag(child) == "numPr":
                    return _value(child, "numId"), _value(child, "ilvl")
    return None, None


def _value(parent: etree._Element, name: str) -> str | None:
    return next((attribute(e, "val") for e in parent if tag(e) == name), None)


def _int(value: str | None, default: int = 0) -> int:
    return int(value) if value is not None and value.isdecimal() and len(value) < 6 else default
