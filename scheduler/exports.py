"""Rows to JSON, JSON lines, CSV and Excel: the same rows that the terminal shows, safe to open in a spreadsheet.

CSV files carry a UTF-8 byte order mark, because Excel reads Chinese wrongly without one; CSV on standard output has
none, because programs read that. Text that a spreadsheet would take for a formula gets an apostrophe in front.
"""

from __future__ import annotations

import contextlib
import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any, Literal

from pipelines.items import iso

Row = Mapping[str, Any]
FileFormat = Literal["json", "jsonl", "csv", "xlsx"]

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
PLAIN_NUMBER = re.compile(r"[+-]?\d{1,30}(?:[.,]\d{1,30}){0,9}%?")
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
CELL_LIMIT = 32_767
"""Characters that Excel keeps in one cell."""


def neutral(text: str) -> str:
    """The text with an apostrophe in front where a spreadsheet would run it; numbers as text stay as they are."""
    if text.startswith(FORMULA_STARTS) and not PLAIN_NUMBER.fullmatch(text):
        return "'" + text
    return text


def plain(value: Any) -> Any:
    """A value as JSON has it: times as ISO 8601, containers through."""
    if isinstance(value, date):
        return iso(value)
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple | set):
        return [plain(v) for v in value]
    return value


def _json(value: Any, *, indent: int | None = None) -> str:
    text = json.dumps(plain(value), ensure_ascii=False, indent=indent, allow_nan=False, default=str)
    return text.encode("utf-8", "replace").decode("utf-8")


def _flat(value: Any) -> Any:
    """One cell: numbers and times stay, lists of words are joined, the rest is JSON text."""
    if value is None or isinstance(value, bool | int | float | date):
        return value
    if isinstance(value, list | tuple) and all(isinstance(v, str) for v in value):
        return neutral("; ".join(value))
    if isinstance(value, str):
        return neutral(value)
    return neutral(_json(value))


def write_json(rows: Iterable[Row], to: IO[str]) -> None:
    """One array, a record at a time, so that a long result needs no memory."""
    separator = "[\n"
    for row in rows:
        to.write(separator + _json(row, indent=1))
        separator = ",\n"
    to.write("[]\n" if separator == "[\n" else "\n]\n")


def write_jsonl(rows: Iterable[Row], to: IO[str]) -> None:
    """One record a line."""
    for row in rows:
        to.write(_json(row) + "\n")


def write_csv(rows: Iterable[Row], columns: Sequence[str], to: IO[str]) -> None:
    """A header line, then a line a row."""
    writer = csv.writer(to, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        cells = (_flat(row.get(c)) for c in columns)
        writer.writerow(["" if c is None else iso(c) if isinstance(c, date) else c for c in cells])


def write_xlsx(rows: Iterable[Row], columns: Sequence[str], to: Path | IO[bytes]) -> None:
    """One sheet with real numbers and dates; a moment stands on its own clock (Excel keeps no zones)."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    book = Workbook(write_only=True)
    sheet = book.create_sheet("bureauwatch")
    sheet.freeze_panes = "A2"
    header = [WriteOnlyCell(sheet, value=name) for name in columns]
    for cell in header:
        cell.font = Font(bold=True)
    sheet.append(header)
    for row in rows:
        sheet.append([_excel(row.get(c)) for c in columns])
    book.save(to)


def _excel(value: Any) -> Any:
    if isinstance(value, str) and (moment := _as_time(value)):
        value = moment
    value = _flat(value)
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    if isinstance(value, float) and value != value:
        return None
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10**15:
        return str(value)  # Excel keeps 15 digits
    if isinstance(value, str):
        return NOT_IN_XML.sub("", value)[:CELL_LIMIT]
    return value


def _as_time(text: str) -> date | None:
    """ISO days and moments that come as text from a record."""
    if not re.fullmatch(r"\d{4}-\d\d-\d\d(T\d\d:\d\d[0-9:.+Z-]{0,20})?", text):
        return None
    try:
        return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
    except ValueError:
        return None


def columns_of(rows: Sequence[Row]) -> list[str]:
    """Every key in the order of first sight."""
    return list(dict.fromkeys(key for row in rows for key in row))


def write(rows: Iterable[Row], columns: Sequence[str], format: FileFormat, to: Path | IO[str]) -> None:
    """Writes rows in a format to a file or an open text stream (Excel: a file, or a stream with a `buffer`)."""
    if not isinstance(to, Path):
        if format == "xlsx":
            memory = io.BytesIO()
            write_xlsx(rows, columns, memory)
            to.buffer.write(memory.getvalue())  # type: ignore[attr-defined]
            return
        _write_text(rows, columns, format, to)
        return
    with beside(to) as part:
        if format == "xlsx":
            with part.open("wb") as book:
                write_xlsx(rows, columns, book)
        else:
            encoding = "utf-8-sig" if format == "csv" else "utf-8"
            with part.open("w", encoding=encoding, errors="replace", newline="") as stream:
                _write_text(rows, columns, format, stream)


@contextlib.contextmanager
def beside(to: Path) -> Iterator[Path]:
    """A path to write to, which takes the place of `to` at the end; an error names `to`, and leaves nothing behind."""
    part = to.with_name(to.name + ".part")
    try:
        yield part
        part.replace(to)
    except OSError as error:
        error.filename = str(to)
        raise
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def _write_text(rows: Iterable[Row], columns: Sequence[str], format: FileFormat, to: IO[str]) -> None:
    if format == "json":
        write_json(rows, to)
    elif format == "jsonl":
        write_jsonl(rows, to)
    else:
        write_csv(rows, columns, to)
