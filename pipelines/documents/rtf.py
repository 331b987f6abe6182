"""Text and tables of RTF files: a small reader of control words, code pages and Unicode escapes (RTF 1.9)."""

from __future__ import annotations

import re

from pipelines.documents.flow import Cell, Flow
from pipelines.documents.model import DocumentText, Limits
from pipelines.documents.sniff import MEDIA_TYPES

_TOKEN = re.compile(
    rb"\\([a-z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-z0-9])|([{}])|([^\\{}\r\n]+)|[\r\n]+", re.I
)
_SKIPPED = frozenset(
    b"fonttbl colortbl stylesheet info pict object header headerl headerr headerf footer footerl footerr footerf "
    b"filetbl listtable listoverridetable revtbl rsidtbl generator themedata colorschememapping datastore "
    b"latentstyles fldinst datafield xmlnstbl mmathPr bkmkstart bkmkend pntext pgptbl nonshppict annotation "
    b"atnid atnauthor objdata".split()
)
_CHARSETS = {134: "gb18030", 136: "big5", 128: "cp932", 129: "cp949", 204: "cp1251", 0: "cp1252", 1: "", 2: "cp1252"}
_CHARS = {
    b"tab": " ", b"emdash": "—", b"endash": "–", b"lquote": "‘", b"rquote": "’", b"ldblquote": "“", b"rdblquote": "”",
    b"bullet": "•", b"line": "\n", b"page": "\n", b"sect": "\n", b"emspace": " ", b"enspace": " ",
}  # fmt: skip
_MAX_DEPTH = 2000


class _State:
    __slots__ = ("font", "hidden", "skip", "unicode_skip")

    def __init__(self, skip: bool, hidden: bool, font: int, unicode_skip: int) -> None:
        self.skip, self.hidden, self.font, self.unicode_skip = skip, hidden, font, unicode_skip

    def copy(self) -> _State:
        return _State(self.skip, self.hidden, self.font, self.unicode_skip)


class _Reader:
    def __init__(self, limits: Limits) -> None:
        self.flow = Flow(limits)
        self._codec = "gb18030"
        self._fonts: dict[int, str] = {}
        self._stack: list[_State] = []
        self._state = _State(False, False, -1, 1)
        self._bytes = bytearray()
        self._text: list[str] = []
        self._cells: list[str] = []
        self._rows: list[list[str]] = []
        self._in_table = False
        self._in_fonts = False
        self._pending = 0
        self._high = 0
        self._star = False

    def read(self, raw: bytes) -> None:
        position = 0
        while position < len(raw) and not self.flow.full:
            token = _TOKEN.match(raw, position)
            if token is None:
                position += 1
                continue
            position = token.end()
            word, number, code, symbol, brace, text = token.groups()
            if brace:
                self._brace(brace)
            elif word:
                if word == b"bin" and number:
                    position += min(max(int(number), 0), len(raw) - position)
                    continue
                self._word(word.lower() if word.isupper() else word, int(number) if number else None)
            elif code:
                self._byte(bytes([int(code, 16)]))
            elif symbol:
                self._symbol(symbol)
            elif text:
                self._byte(text)
        self._end_paragraph()
        self._end_table()

    def _brace(self, brace: bytes) -> None:
        self._flush()
        self._star = False
        if brace == b"{":
            if len(self._stack) < _MAX_DEPTH:
                self._stack.append(self._state.copy())
        elif self._stack:
            self._state = self._stack.pop()
            if len(self._stack) <= 1:
                self._in_fonts = False

    def _byte(self, data: bytes) -> None:
        if self._pending:
            dropped = min(self._pending, len(data))
            self._pending -= dropped
            data = data[dropped:]
        if not self._state.skip and not self._state.hidden:
            self._bytes += data

    def _symbol(self, symbol: bytes) -> None:
        if symbol == b"*":
            self._star = True
        elif symbol in b"\\{}":
            self._byte(symbol)
        elif symbol == b"~":
            self._add(" ")
        elif symbol == b"_":
            self._add("-")

    def _word(self, word: bytes, number: int | None) -> None:
        if word == b"fonttbl":
            self._in_fonts = True
        if word in _SKIPPED or (self._star and word not in {b"shptxt", b"shpinst"}):
            self._flush()
            self._state.skip = True
        self._star = False
        if word == b"shptxt":
            self._state.skip = False
        elif word == b"ansicpg" and number:
            self._codec = {936: "gb18030", 950: "big5"}.get(number, f"cp{number}")
        elif word == b"f" and number is not None:
            self._flush()
            self._state.font = number
        elif word == b"fcharset" and self._in_fonts and number is not None:
            self._fonts[self._state.font] = _CHARSETS.get(number, "")
        elif word == b"uc" and number is not None:
            self._state.unicode_skip = max(0, min(number, 16))
        elif word == b"u" and number is not None:
            self._unicode(number)
        elif word == b"v" or word == b"deleted":
            self._flush()
            self._state.hidden = number != 0
        elif word == b"plain":
            self._flush()
            self._state.hidden = False
        elif word == b"intbl":
            self._in_table = True
        elif word == b"pard":
            self._in_table = False
        elif not self._state.skip:
            self._structure(word)

    def _structure(self, word: bytes) -> None:
        if word in _CHARS:
            self._add(_CHARS[word])
        elif word == b"par":
            if self._in_table:
                self._add("\n")
            else:
                self._end_paragraph()
        elif word in {b"cell", b"nestcell"}:
            self._flush()
            self._cells.append("".join(self._text))
            self._text = []
        elif word in {b"row", b"nestrow"}:
            self._flush()
            if self._cells:
                self._rows.append(self._cells)
            self._cells = []

    def _unicode(self, number: int) -> None:
        code = number & 0xFFFF
        self._flush()
        self._pending = self._state.unicode_skip
        if 0xD800 <= code < 0xDC00:
            self._high = code
        elif 0xDC00 <= code < 0xE000:
            if self._high:
                self._add(chr(0x10000 + ((self._high - 0xD800) << 10) + code - 0xDC00), keep_pending=True)
            self._high = 0
        else:
            self._add(chr(code), keep_pending=True)

    def _add(self, text: str, *, keep_pending: bool = False) -> None:
        self._flush()
        if not keep_pending:
            self._pending = 0
        if not self._state.skip and not self._state.hidden:
            self._text.append(text)

    def _flush(self) -> None:
        if self._bytes:
            codec = self._fonts.get(self._state.font) or self._codec
            if codec == "cp1252" and max(self._bytes) > 0x7F:
                codec = self._codec
            try:
                self._text.append(bytes(self._bytes).decode(codec, "replace"))
            except LookupError:
                self._text.append(bytes(self._bytes).decode("gb18030", "replace"))
            self._bytes.clear()

    def _end_paragraph(self) -> None:
        self._flush()
        text = "".join(self._text)
        self._text = []
        if text.strip():
            self._end_table()
            self.flow.paragraph(text)

    def _end_table(self) -> None:
        if self._rows:
            self.flow.table([[Cell(text) for text in row] for row in self._rows])
            self._rows = []


def read_rtf(raw: bytes, limits: Limits) -> DocumentText:
    """An RTF file; flag `truncated` when its last brace is missing."""
    reader = _Reader(limits)
    reader.read(raw)
    document = reader.flow.finish(MEDIA_TYPES["rtf"])
    if not raw.rstrip(b"\0\r\n \t\x1a").endswith(b"}"):
        document.flag("truncated")
    return document
