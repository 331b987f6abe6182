"""Text and tables of binary Word files, .doc and .wps ([MS-DOC]): the piece table, then cell marks and row ends.

Field codes, deleted revisions and hidden text are left out. A file whose container is broken is searched for its text.
"""

from __future__ import annotations

import io
import re
import struct
from bisect import bisect_right

import olefile

from pipelines.documents.doc_lists import Lists
from pipelines.documents.doc_properties import Paragraph, RowShape, formatted_runs, invisible, paragraph
from pipelines.documents.flow import Cell, Flow
from pipelines.documents.model import DocumentText, Limits
from pipelines.documents.sniff import MEDIA_TYPES
from pipelines.errors import DocumentError, EncryptedDocumentError

_MAGIC = 0xA5EC
_CELL, _PARAGRAPH, _FIELD, _FIELD_RESULT, _FIELD_END = "\x07", "\r", "\x13", "\x14", "\x15"
_SPECIAL = str.maketrans(
    {"\x01": "", "\x02": "", "\x05": "", "\x08": "", "\x1e": "-", "\x1f": "", "\x0b": "\n", "\xa0": " "}
)
_BREAKS = re.compile("[\r\x07\x0c]")
_TEXT_RUN = re.compile(
    rb"(?:[\x20-\x7e\r\n\x07\x0b]\x00|[\x00-\x22\x2f]\x30|[\x00-\xff][\x4e-\x9f]|[\x00-\x65]\xff|[\x14-\x26]\x20){40,}"
)


def read_doc(raw: bytes, limits: Limits) -> DocumentText:
    """A .doc or .wps file; flag `truncated` when only a part could be saved from a broken one."""
    try:
        stream, tables, data, title = _streams(raw)
        return _read(stream, tables, data, limits, title)
    except (OSError, struct.error, IndexError, ValueError, TypeError, AttributeError, KeyError):
        flow = Flow(limits)
        for run in _TEXT_RUN.findall(raw):
            flow.paragraph(run.decode("utf-16-le", "replace").replace("\x07", "\n"))
        document = flow.finish(MEDIA_TYPES["doc"])
        if not document.text:
            raise DocumentError("the Word file cannot be read") from None
        document.flag("truncated")
        return document


def _streams(raw: bytes) -> tuple[bytes, dict[int, bytes], bytes, str | None]:
    with olefile.OleFileIO(io.BytesIO(raw), raise_defects=olefile.DEFECT_FATAL) as ole:

        def read(name: str) -> bytes:
            return bytes(ole.openstream(name).read()) if ole.exists(name) else b""

        title = None
        if ole.exists("\x05SummaryInformation"):
            value = ole.getproperties("\x05SummaryInformation").get(2)
            if isinstance(value, bytes):
                title = value.decode("gb18030", "replace").strip("\0 ") or None
        return read("WordDocument"), {0: read("0Table"), 1: read("1Table")}, read("Data"), title


def _read(stream: bytes, tables: dict[int, bytes], data: bytes, limits: Limits, title: str | None) -> DocumentText:
    magic, version = struct.unpack_from("<HH", stream)
    (bits,) = struct.unpack_from("<H", stream, 0x0A)
    if magic != _MAGIC and version == 0:
        raise ValueError("no Word document")
    if bits & 0x0100:
        raise EncryptedDocumentError("the Word file needs a password")
    flow = Flow(limits)
    if version < 101:
        _read_old(stream, flow)
        return flow.finish(MEDIA_TYPES["doc"], title=title)
    table = tables[1 if bits & 0x0200 else 0]
    text, places = _pieces(stream, table, limits)
    lengths = struct.unpack_from("<8i", stream, 0x4C)
    main, notes = max(0, lengths[0]), max(0, lengths[1])
    _, headers, macros, comments, endnotes, boxes = lengths[1:7]
    _write(_visible(text, places, stream, table)[:main], _Paragraphs(stream, table, data, places), flow)
    after = main + notes + max(0, headers) + max(0, macros) + max(0, comments)
    visible = _visible(text, places, stream, table)
    for start, size in ((main, notes), (after, endnotes), (after + max(0, endnotes), boxes)):
        if size > 0:
            flow.paragraph(_plain(visible[start : start + size]))
    return flow.finish(MEDIA_TYPES["doc"], title=title)


def _pieces(stream: bytes, table: bytes, limits: Limits) -> tuple[str, _Places]:
    offset, size = struct.unpack_from("<II", stream, 0x01A2)
    clx = table[offset : offset + size]
    position = 0
    while position < len(clx) and clx[position] == 1:
        position += 3 + struct.unpack_from("<H", clx, position + 1)[0]
    if position >= len(clx) or clx[position] != 2:
        raise ValueError("no piece table")
    (length,) = struct.unpack_from("<I", clx, position + 1)
    plc = clx[position + 5 : position + 5 + length]
    count = (len(plc) - 4) // 12
    ends = struct.unpack_from(f"<{count + 1}I", plc)
    parts: list[str] = []
    places = _Places()
    written = 0
    for i in range(count):
        (place,) = struct.unpack_from("<I", plc, (count + 1) * 4 + i * 8 + 2)
        size = min(ends[i + 1] - ends[i], limits.characters - written)
        if size <= 0:
            continue
        narrow = bool(place & 0x40000000)
        start = (place & 0x3FFFFFFF) // 2 if narrow else place & 0x3FFFFFFF
        if narrow:
            part = stream[start : start + size].decode("cp1252", "replace")
        else:
            # surrogates stay two characters: positions count UTF-16 units
            part = "".join(
                map(chr, struct.unpack(f"<{len(b := stream[start : start + size * 2]) // 2}H", b[: len(b) // 2 * 2]))
            )
        places.add(written, start, 1 if narrow else 2)
        parts.append(part)
        written += len(part)
    return "".join(parts), places


class _Places:
    """Where in the file each character of the text lies."""

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._pieces: list[tuple[int, int]] = []
        self._by_offset: list[tuple[int, int, int]] = []

    def add(self, position: int, offset: int, width: int) -> None:
        self._starts.append(position)
        self._pieces.append((offset, width))

    def offset(self, position: int) -> int:
        i = bisect_right(self._starts, position) - 1
        offset, width = self._pieces[i]
        return offset + (position - self._starts[i]) * width

    def positions(self, first: int, last: int, total: int) -> list[tuple[int, int]]:
        """The text ranges that lie between two file offsets."""
        found = []
        for i, (offset, width) in enumerate(self._pieces):
            end = self._starts[i + 1] if i + 1 < len(self._starts) else total
            size = end - self._starts[i]
            low, high = max(0, (first - offset) // width), min(size, -(-(last - offset) // width))
            if low < high:
                found.append((self._starts[i] + low, self._starts[i] + high))
        return found


class _Paragraphs:
    """Paragraph properties by file offset."""

    def __init__(self, stream: bytes, table: bytes, data: bytes, places: _Places) -> None:
        offset, size = struct.unpack_from("<II", stream, 0x0102)
        runs = sorted(formatted_runs(stream, table, offset, size, 13), key=lambda r: r[0])
        self._starts = [start for start, _, _ in runs]
        self._runs = runs
        self._data, self._places = data, places
        self._lists = Lists(stream, table)

    def at(self, position: int) -> Paragraph:
        offset = self._places.offset(position)
        i = bisect_right(self._starts, offset) - 1
        if i < 0 or offset >= self._runs[i][1]:
            return Paragraph()
        return paragraph(self._runs[i][2], self._data)

    def label(self, properties: Paragraph) -> str:
        """The list number that Word prints before a paragraph."""
        return self._lists.label(properties.list_number, properties.list_depth) if properties.list_number > 0 else ""


def _visible(text: str, places: _Places, stream: bytes, table: bytes) -> str:
    """The text with deleted and hidden characters replaced by a filler that is dropped later."""
    offset, size = struct.unpack_from("<II", stream, 0x00FA)
    hidden: list[tuple[int, int]] = []
    for start, end, properties in formatted_runs(stream, table, offset, size, 1):
        if properties and invisible(properties):
            hidden += places.positions(start, end, len(text))
            if len(hidden) > 50_000:
                break
    if not hidden:
        return text
    chars = list(text)
    for start, end in hidden:
        for i in range(start, end):
            if chars[i] not in "\r\x07":
                chars[i] = "\x08"
    return "".join(chars)


def _plain(text: str) -> str:
    """Text without field codes and special characters."""
    if _FIELD in text:
        kept: list[str] = []
        depth_codes = 0
        stack: list[bool] = []
        for char in text:
            if char == _FIELD:
                stack.append(True)
                depth_codes += 1
            elif char == _FIELD_RESULT and stack:
                if stack[-1]:
                    stack[-1] = False
                    depth_codes -= 1
            elif char == _FIELD_END and stack:
                depth_codes -= stack.pop()
            elif not depth_codes or char in "\r\x07":
                kept.append(char)
        text = "".join(kept)
    text = text.translate(_SPECIAL).replace(_FIELD_RESULT, "").replace(_FIELD_END, "")
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _write(text: str, paragraphs: _Paragraphs, flow: Flow) -> None:
    rows: list[tuple[list[str], RowShape | None]] = []
    cells: list[str] = []
    cell: list[str] = []
    position = 0
    for match in _BREAKS.finditer(text):
        piece, mark = text[position : match.start()], match[0]
        at = match.start()
        position = match.end()
        properties = paragraphs.at(at)
        if mark == _CELL:
            if properties.row_end:
                rows.append((cells, properties.shape))
                cells, cell = [], []
            else:
                label = paragraphs.label(properties) if _plain(piece).strip() else ""
                cells.append("\n".join([*cell, label + piece]))
                cell = []
        elif properties.in_table and mark == _PARAGRAPH:
            cell.append((paragraphs.label(properties) if _plain(piece).strip() else "") + piece)
        else:
            _write_table(rows, cells, flow)
            rows, cells, cell = [], [], []
            content = _plain(piece).strip()
            flow.paragraph(paragraphs.label(properties) + content if content else "")
    _write_table(rows, cells, flow)
    flow.paragraph(_plain(text[position:]))


def _write_table(rows: list[tuple[list[str], RowShape | None]], rest: list[str], flow: Flow) -> None:
    if rest:
        rows = [*rows, (rest, None)]
    if not rows:
        return
    edges = sorted({edge for _, shape in rows if shape for edge in shape.edges})
    columns = _columns(edges)
    written: list[list[Cell]] = []
    open_cells: dict[int, Cell] = {}
    for texts, shape in rows:
        row: list[Cell] = []
        place = columns.get(shape.edges[0], 0) if shape else 0
        if place:
            row.append(Cell("", place))
        for i, text in enumerate(texts):
            content = _plain(text)
            if shape is None or i + 1 >= len(shape.edges):
                row.append(Cell(content))
                continue
            start, end = columns[shape.edges[i]], columns[shape.edges[i + 1]]
            if i < len(shape.left) and shape.left[i] and row:
                row[-1].columns += max(0, end - start)
                continue
            above = open_cells.get(start)
            if i < len(shape.above) and shape.above[i] and above is not None and not content.strip():
                above.rows += 1
                continue
            cell = Cell(content, max(1, end - start))
            row.append(cell)
            open_cells[start] = cell
        written.append(row)
    flow.table(written)


def _columns(edges: list[int]) -> dict[int, int]:
    """Column numbers by edge; edges closer than 2 points are one."""
    numbers: dict[int, int] = {}
    column, last = -1, None
    for edge in edges:
        if last is None or edge - last > 40:
            column += 1
            last = edge
        numbers[edge] = column
    return numbers


def _read_old(stream: bytes, flow: Flow) -> None:
    """Word 6 and 95: 8-bit text in one piece."""
    start, end = struct.unpack_from("<II", stream, 0x18)
    text = stream[start : min(end, len(stream))].decode("gb18030", "replace")
    flow.paragraph(_plain(text).replace("\x07", "\n").replace("\r", "\n"))
