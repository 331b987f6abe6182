"""Builds a document's text and tables in reading order."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from pipelines.documents.model import DocumentText, Limits
from pipelines.items import Table

_SPACES = re.compile(r"[^\S\n]+")
_UNREADABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060\ufeff\ufffe\uffff\ud800-\udfff]"
)
_WIDE = frozenset("WF")


def clean(text: str) -> str:
    """Text without control and invisible characters, white space runs made one blank, lines kept."""
    text = _UNREADABLE.sub(
        "", text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0b", "\n").replace("\x0c", "\n")
    )
    lines = (_SPACES.sub(" ", line).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def is_wide(char: str) -> bool:
    """Whether a character is Chinese, Japanese or full-width: no space is set beside it."""
    return unicodedata.east_asian_width(char) in _WIDE or char in "“”‘’—…·〔〕《》、。％"


def join(first: str, second: str) -> str:
    """Two pieces of one paragraph: a blank between Latin words, none beside Chinese."""
    if not first or not second:
        return first + second
    if first[-1].isspace() or second[0].isspace() or is_wide(first[-1]) or is_wide(second[0]):
        return first + second
    if first[-1] == "-" and len(first) > 1 and first[-2].isalpha() and second[0].islower():
        return first[:-1] + second
    return f"{first} {second}"


def join_lines(lines: Iterable[str]) -> str:
    """Lines of one paragraph or cell as one line."""
    result = ""
    for line in lines:
        result = join(result, line.strip())
    return result


def cell_text(text: str) -> str:
    """A cell's text as one line, its paragraphs with a blank between."""
    return " ".join(clean(text.replace("\t", " ")).split("\n"))


class Cell:
    """One cell of a table as it stands in its file: text and spans."""

    __slots__ = ("columns", "rows", "text")

    def __init__(self, text: str, columns: int = 1, rows: int = 1) -> None:
        self.text, self.columns, self.rows = text, max(1, columns), max(1, rows)


MAX_SPAN = 1000


def write_out(rows: Sequence[Sequence[Cell]]) -> tuple[Table, list[list[str]]]:
    """Spans written out: the grid with every covered cell filled, and the same with covered cells empty."""
    filled: list[dict[int, str]] = [{} for _ in rows]
    once: list[dict[int, str]] = [{} for _ in rows]
    for r, row in enumerate(rows):
        c = 0
        for cell in row:
            while c in filled[r]:
                c += 1
            text = cell_text(cell.text)
            columns, down = min(cell.columns, MAX_SPAN), min(cell.rows, MAX_SPAN, len(rows) - r)
            for rr in range(r, r + down):
                for cc in range(c, c + columns):
                    filled[rr].setdefault(cc, text)
            once[r][c] = text
            c += columns
    width = max((max(row, default=-1) + 1 for row in filled), default=0)
    return (
        [[row.get(c, "") for c in range(width)] for row in filled],
        [[row.get(c, "") for c in range(width)] for row in once],
    )


class Flow:
    """Collects paragraphs and tables of one document within its limits."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._lines: list[str] = []
        self.tables: list[Table] = []
        self._characters = 0
        self._cells = 0
        self.full = False

    def paragraph(self, text: str) -> None:
        """Adds a paragraph (or several, by line breaks); an empty one is left out."""
        if self.full:
            return
        for line in clean(text).split("\n"):
            if line:
                self._add(line)

    def line(self, text: str) -> None:
        """Adds one line as it is: a paragraph, or a row with its tabs."""
        if not self.full:
            self._add(text)

    def table(self, rows: Sequence[Sequence[Cell]]) -> None:
        """Adds a table; one of a single column is layout, and so is read as paragraphs."""
        if self.full:
            return
        filled, once = write_out(rows)
        self.grid(filled, once)

    def grid(self, filled: Table, once: list[list[str]] | None = None) -> None:
        """Adds a table whose spans are written out; `once` has each spanning text in its first cell only."""
        once = filled if once is None else once
        kept = [i for i, row in enumerate(filled) if any(row)]
        filled, once = [filled[i] for i in kept], [once[i] for i in kept]
        width = len(filled[0]) if filled else 0
        used = [c for c in range(width) if any(row[c] for row in once)]
        if not used:
            return
        if len(used) == 1:
            for row in once:
                self.paragraph(row[used[0]])
            return
        for row in once:
            self._add("\t".join(row[c] for c in used).rstrip("\t"))
        if self._cells <= self._limits.cells:
            self._cells += len(filled) * len(used)
            self.tables.append([[row[c] for c in used] for row in filled])

    def _add(self, line: str) -> None:
        self._characters += len(line) + 1
        if self._characters > self._limits.characters:
            self.full = True
        elif line.strip():
            self._lines.append(line)

    def finish(self, media_type: str, **fields: object) -> DocumentText:
        """The document read so far; flagged `truncated` when it was more than the limits."""
        document = DocumentText(text="\n".join(self._lines), tables=self.tables, media_type=media_type)
        for name, value in fields.items():
            setattr(document, name, value)
        if self.full:
            document.flag("truncated")
        return document
