"""Formatting runs of a binary Word file ([MS-DOC] 2.9): what is deleted or hidden, where table rows end."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

_PAGE = 512
_MAX_PAGES = 20_000
_IN_TABLE, _ROW_END, _DEPTH, _INNER_ROW_END, _INNER_CELL = 0x2416, 0x2417, 0x6649, 0x244C, 0x244B
_TABLE_DEFINITION, _HUGE, _HUGE_OLD = 0xD608, 0x6646, 0x6645
_LIST, _LIST_DEPTH = 0x460B, 0x260A
_DELETED, _HIDDEN = 0x0800, 0x083C
_OPERAND = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}


@dataclass(slots=True)
class RowShape:
    """A table row: its column edges (1/20 point), and per cell whether its left or upper neighbour covers it."""

    edges: list[int] = field(default_factory=list)
    left: list[bool] = field(default_factory=list)
    above: list[bool] = field(default_factory=list)


@dataclass(slots=True)
class Paragraph:
    """What a paragraph's properties say of tables."""

    in_table: bool = False
    row_end: bool = False
    inner: bool = False
    shape: RowShape | None = None
    list_number: int = 0
    list_depth: int = 0


def formatted_runs(stream: bytes, table: bytes, offset: int, size: int, entry: int) -> Iterator[tuple[int, int, bytes]]:
    """Runs of a formatting table (PlcBte): first and last file offset, and the property changes.

    `entry` is the size of one run's descriptor in a page: 13 for paragraphs, 1 for characters.
    """
    plc = table[offset : offset + size]
    count = (len(plc) - 4) // 8
    for i in range(min(max(count, 0), _MAX_PAGES)):
        (number,) = struct.unpack_from("<I", plc, (count + 1) * 4 + i * 4)
        page = stream[(number & 0x3FFFFF) * _PAGE : ((number & 0x3FFFFF) + 1) * _PAGE]
        if len(page) < _PAGE:
            continue
        runs = page[511]
        if (runs + 1) * 4 + runs * entry > 511:
            continue
        places = struct.unpack_from(f"<{runs + 1}I", page)
        for j in range(runs):
            start = page[(runs + 1) * 4 + j * entry] * 2
            if not start:
                yield places[j], places[j + 1], b""
            elif entry == 1:
                yield places[j], places[j + 1], page[start + 1 : start + 1 + page[start]]
            else:
                length = page[start] * 2 - 1
                if page[start] == 0:
                    start, length = start + 1, page[start + 1] * 2
                yield places[j], places[j + 1], page[start + 3 : start + 1 + length]


def changes(properties: bytes) -> Iterator[tuple[int, bytes]]:
    """The single property modifiers of a run: code and operand."""
    position = 0
    while position + 2 < len(properties):
        (code,) = struct.unpack_from("<H", properties, position)
        position += 2
        kind = code >> 13
        if kind in _OPERAND:
            size = _OPERAND[kind]
        elif code in {_TABLE_DEFINITION, 0xD606}:
            size = struct.unpack_from("<H", properties, position)[0] + 1 if position + 2 <= len(properties) else 0
        else:
            size = properties[position] + 1
        yield code, properties[position : position + size]
        position += size


def paragraph(properties: bytes, data: bytes, depth: int = 0) -> Paragraph:
    """Table properties of a paragraph; large ones lie in the Data stream."""
    result = Paragraph()
    for code, operand in changes(properties):
        if code in {_HUGE, _HUGE_OLD} and len(operand) == 4 and depth == 0:
            (place,) = struct.unpack("<I", operand)
            if place + 2 <= len(data):
                (size,) = struct.unpack_from("<H", data, place)
                huge = paragraph(data[place + 2 : place + 2 + size], data, 1)
                result.in_table |= huge.in_table
                result.row_end |= huge.row_end
                result.inner |= huge.inner
                result.shape = huge.shape or result.shape
        elif code == _IN_TABLE:
            result.in_table = operand != b"\0"
        elif code == _ROW_END:
            result.row_end = operand != b"\0"
        elif code in {_INNER_CELL, _INNER_ROW_END}:
            result.inner |= operand != b"\0"
        elif code == _LIST:
            (result.list_number,) = struct.unpack("<h", operand)
        elif code == _LIST_DEPTH:
            result.list_depth = operand[0]
        elif code == _TABLE_DEFINITION:
            result.shape = _shape(operand)
    return result


def _shape(operand: bytes) -> RowShape | None:
    """The operand of sprmTDefTable: size, number of cells, their edges, then 20 bytes a cell."""
    if len(operand) < 3:
        return None
    count = operand[2]
    edges_end = 3 + (count + 1) * 2
    if not 0 < count <= 63 or len(operand) < edges_end:
        return None
    shape = RowShape(list(struct.unpack_from(f"<{count + 1}h", operand, 3)))
    for i in range(count):
        place = edges_end + i * 20
        bits = struct.unpack_from("<H", operand, place)[0] if place + 2 <= len(operand) else 0
        shape.left.append(bool(bits & 2))
        shape.above.append(bool(bits & 0x20) and not bits & 0x40)
    return shape


def invisible(properties: bytes) -> bool:
    """Whether characters are a deleted revision or hidden."""
    return any(code in {_DELETED, _HIDDEN} and operand[:1] == b"\x01" for code, operand in changes(properties))
