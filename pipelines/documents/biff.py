"""Number formats of an .xls workbook's cells, from its BIFF8 records ([MS-XLS] 2.4); the values come from calamine."""

from __future__ import annotations

import io
import struct

import olefile

from pipelines.documents.numberformat import BUILT_IN

_BOUNDSHEET, _FORMAT, _XF, _BOF, _FILEPASS = 0x85, 0x41E, 0xE0, 0x809, 0x2F
_NUMBER, _RK, _MULRK, _FORMULA = 0x203, 0x27E, 0xBD, 0x06
_MAX_CELLS = 400_000

Formats = dict[tuple[int, int], str]


def cell_formats(raw: bytes) -> dict[str, Formats]:
    """Format codes by sheet name, then by (row, column); empty when the records cannot be read."""
    try:
        return _read(_stream(raw))
    except (OSError, struct.error, IndexError, UnicodeDecodeError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def is_encrypted(raw: bytes) -> bool:
    """Whether a FILEPASS record ([MS-XLS] 2.4.117) stands among the workbook's first records."""
    try:
        data = _stream(raw)
        position = 0
        for _ in range(10):
            kind, size = struct.unpack_from("<HH", data, position)
            if kind == _FILEPASS:
                return True
            position += 4 + size
    except (OSError, struct.error, ValueError, KeyError, TypeError, AttributeError, IndexError):
        return False
    return False


def _stream(raw: bytes) -> bytes:
    with olefile.OleFileIO(io.BytesIO(raw)) as ole:
        stream = next((s for s in ("Workbook", "Book") if ole.exists(s)), None)
        return bytes(ole.openstream(stream).read()) if stream else b""


def _read(data: bytes) -> dict[str, Formats]:
    codes = dict(BUILT_IN)
    styles: list[int] = []
    sheets: dict[int, str] = {}
    found: dict[str, Formats] = {}
    current: Formats | None = None
    position = count = 0
    while position + 4 <= len(data) and count < _MAX_CELLS:
        kind, size = struct.unpack_from("<HH", data, position)
        body = data[position + 4 : position + 4 + size]
        if kind == _BOF:
            name = sheets.get(position)
            current = found.setdefault(name, {}) if name is not None else None
        elif kind == _BOUNDSHEET:
            sheets[struct.unpack_from("<I", body)[0]] = _string(body[6:], body[6], body[7], 2)
        elif kind == _FORMAT:
            number, length = struct.unpack_from("<HH", body)
            codes[number] = _string(body[2:], length, body[4], 3)
        elif kind == _XF:
            styles.append(struct.unpack_from("<H", body, 2)[0])
        elif current is not None and kind in {_NUMBER, _RK, _FORMULA, _MULRK} and size >= 6:
            row, column, style = struct.unpack_from("<HHH", body)
            if kind == _MULRK:
                for i in range((size - 6) // 6):
                    current[row, column + i] = _code(struct.unpack_from("<H", body, 4 + i * 6)[0], styles, codes)
                    count += 1
            else:
                current[row, column] = _code(style, styles, codes)
                count += 1
        position += 4 + size
    return found


def _string(body: bytes, length: int, wide: int, start: int) -> str:
    if wide & 1:
        return body[start : start + length * 2].decode("utf-16-le")
    return body[start : start + length].decode("latin-1")


def _code(style: int, styles: list[int], codes: dict[int, str]) -> str:
    return codes.get(styles[style], "General") if style < len(styles) else "General"
