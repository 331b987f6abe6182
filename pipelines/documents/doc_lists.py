"""Automatic list numbers of binary Word files ([MS-DOC] 2.9.147 LSTF, 2.9.150 LVLF, 2.9.131 LFO)."""

from __future__ import annotations

import struct
from collections import defaultdict
from dataclasses import dataclass

from pipelines.documents.word_numbering import write_number

_STYLES = {
    0x00: "decimal", 0x01: "upperRoman", 0x02: "lowerRoman", 0x03: "upperLetter", 0x04: "lowerLetter",
    0x0A: "chineseCounting", 0x0B: "chineseCounting", 0x0E: "decimalFullWidth", 0x11: "chineseCounting",
    0x12: "decimalEnclosedCircle", 0x13: "decimalFullWidth", 0x16: "decimalZero", 0x1C: "decimalEnclosedCircle",
    0x1E: "ideographTraditional", 0x21: "chineseCounting", 0x23: "chineseCounting", 0x25: "chineseCounting",
    0x27: "chineseCounting",
}  # fmt: skip
"""Number formats of [MS-OSHARED] 2.2.1.3 MSONFC by their names in ECMA-376; the others print nothing here."""
_BULLETS = frozenset({0x17, 0xFF})
_MAX_LISTS = 2000


@dataclass(frozen=True, slots=True)
class _Level:
    start: int
    style: int
    text: str


class Lists:
    """The document's list definitions, and how far each list has counted."""

    def __init__(self, stream: bytes, table: bytes) -> None:
        self._levels: dict[int, list[_Level]] = {}
        self._lists: list[int] = []
        self._counts: dict[int, dict[int, int]] = defaultdict(dict)
        try:
            self._read_levels(table, *struct.unpack_from("<II", stream, 0x02E2))
            self._read_overrides(table, *struct.unpack_from("<II", stream, 0x02EA))
        except (struct.error, IndexError):
            self._lists = []

    def _read_levels(self, table: bytes, offset: int, size: int) -> None:
        if not size:
            return
        (count,) = struct.unpack_from("<H", table, offset)
        position = offset + size
        for i in range(min(count, _MAX_LISTS)):
            (name,) = struct.unpack_from("<i", table, offset + 2 + i * 28)
            simple = table[offset + 2 + i * 28 + 26] & 1
            levels = []
            for _ in range(1 if simple else 9):
                start, style = struct.unpack_from("<iB", table, position)
                character_size, paragraph_size = table[position + 24], table[position + 25]
                place = position + 28 + character_size + paragraph_size
                (length,) = struct.unpack_from("<H", table, place)
                text = table[place + 2 : place + 2 + length * 2].decode("utf-16-le", "replace")
                levels.append(_Level(start, style, text))
                position = place + 2 + length * 2
            self._levels[name] = levels

    def _read_overrides(self, table: bytes, offset: int, size: int) -> None:
        if not size:
            return
        (count,) = struct.unpack_from("<I", table, offset)
        for i in range(min(count, _MAX_LISTS)):
            self._lists.append(struct.unpack_from("<i", table, offset + 4 + i * 16)[0])

    def label(self, number: int, depth: int) -> str:
        """The number of the next paragraph of a list (counted from 1) at a depth; empty for bullets."""
        if not 0 < number <= len(self._lists):
            return ""
        name = self._lists[number - 1]
        levels = self._levels.get(name, [])
        if depth >= len(levels):
            return ""
        level = levels[depth]
        counts = self._counts[name]
        counts[depth] = counts.get(depth, level.start - 1) + 1
        for deeper in [d for d in counts if d > depth]:
            del counts[deeper]
        if level.style in _BULLETS or level.style not in _STYLES:
            return ""
        written = ""
        for char in level.text[:60]:
            other = ord(char)
            if other < len(levels) and other < 9:
                number = counts.get(other, levels[other].start)
                written += write_number(number, _STYLES.get(levels[other].style, "decimal"))
            else:
                written += char
        return written
