"""Sheets of workbooks: .xlsx read from its XML as a stream, .xls, .et, .xlsb and .ods through calamine.

Each sheet becomes its name (where it is no default one), then its lines; its table keeps merged cells written out.
Rows and columns of a sheet are bounded, whatever its dimension claims.
"""

from __future__ import annotations

import io
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta

from lxml import etree
from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum, ZipError

from pipelines.documents.biff import cell_formats, is_encrypted
from pipelines.documents.flow import Flow, cell_text
from pipelines.documents.model import DocumentText, Limits
from pipelines.documents.numberformat import BUILT_IN, plain, render
from pipelines.documents.sniff import MEDIA_TYPES
from pipelines.documents.zipped import Container, attribute, check_memory, tag
from pipelines.errors import DocumentError, EncryptedDocumentError

_MAX_COLUMNS = 512
_MAX_MERGES = 20_000
_DEFAULT_NAME = re.compile(r"(?:sheet|工作表|表|chart|图表)\s*\d*(?:\s*\(\d+\))?", re.I)
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")

Rows = dict[int, dict[int, str]]
Merge = tuple[int, int, int, int]
"""First row, first column, last row, last column; from 0."""


def read_xlsx(raw: bytes, limits: Limits) -> DocumentText:
    """An .xlsx workbook."""
    container = Container(raw, limits)
    workbook = container.xml("xl/workbook.xml")
    if workbook is None:
        raise DocumentError("the file holds no workbook")
    targets = _relations(container)
    strings = _shared_strings(container, limits)
    formats = _styles(container)
    date1904 = any(attribute(e, "date1904") in {"1", "true"} for e in workbook if tag(e) == "workbookPr")
    flow, flags, count = Flow(limits), [], 0
    for sheet in (s for group in workbook if tag(group) == "sheets" for s in group):
        part = targets.get(attribute(sheet, "id") or "", "")
        if "worksheets/" not in part or flow.full:
            continue
        count += 1
        if attribute(sheet, "state") in {"hidden", "veryHidden"}:
            flags.append("hidden_sheets")
            continue
        data = container.read(part)
        if data is None:
            continue
        rows, merges, cut = _sheet_rows(data, strings, formats, date1904, limits)
        flags += ["truncated"] if cut or container.truncated else []
        _add_sheet(flow, attribute(sheet, "name") or "", rows, merges)
    document = flow.finish(MEDIA_TYPES["xlsx"], pages=count)
    for flag in flags:
        document.flag(flag)
    return document


def _relations(container: Container) -> dict[str, str]:
    root = container.xml("xl/_rels/workbook.xml.rels")
    targets = {}
    for relation in root if root is not None else ():
        target = (attribute(relation, "Target") or "").lstrip("/")
        targets[attribute(relation, "Id") or ""] = target if target.startswith("xl/") else f"xl/{target}"
    return targets


def _shared_strings(container: Container, limits: Limits) -> list[str]:
    raw = container.read("xl/sharedStrings.xml")
    if raw is None:
        return []
    strings: list[str] = []
    for item in _elements(raw, "si"):
        strings.append(_rich_text(item))
        if len(strings) > limits.cells:
            break
    return strings


def _rich_text(item: etree._Element) -> str:
    """The text of a string item or inline string, without its phonetic guide."""
    pieces: list[str] = []
    for child in item:
        if tag(child) == "t":
            pieces.append(child.text or "")
        elif tag(child) == "r":
            pieces += [t.text or "" for t in child if tag(t) == "t"]
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda m: chr(int(m[1], 16)), "".join(pieces))


def _elements(raw: bytes, name: str) -> Iterator[etree._Element]:
    """Elements of one name, each dropped after use: memory stays flat however long the part is."""
    stream = etree.iterparse(
        io.BytesIO(raw), events=("end",), tag=f"{{*}}{name}", resolve_entities=False, no_network=True, load_dtd=False,
        huge_tree=False, recover=True,
    )  # fmt: skip
    try:
        for _, element in stream:
            yield element
            element.clear(keep_tail=False)
            parent = element.getparent()
            while parent is not None and element.getprevious() is not None:
                del parent[0]
    except etree.XMLSyntaxError:
        check_memory(stream.error_log)


def _styles(container: Container) -> list[str]:
    root = container.xml("xl/styles.xml")
    if root is None:
        return []
    codes = dict(BUILT_IN)
    for group in root:
        if tag(group) == "numFmts":
            for entry in group:
                number = attribute(entry, "numFmtId") or ""
                if number.isdecimal():
                    codes[int(number)] = attribute(entry, "formatCode") or "General"
    for group in root:
        if tag(group) == "cellXfs":
            ids = [attribute(entry, "numFmtId") or "0" for entry in group]
            return [codes.get(int(i), "General") if i.isdecimal() else "General" for i in ids]
    return []


def _sheet_rows(
    raw: bytes, strings: list[str], formats: list[str], date1904: bool, limits: Limits
) -> tuple[Rows, list[Merge], bool]:
    rows: Rows = {}
    cells = next_row = 0
    cut = False
    unseen = _hidden_columns(raw)
    for row in _elements(raw, "row"):
        number = attribute(row, "r") or ""
        r = int(number) - 1 if number.isdecimal() and len(number) < 9 else next_row
        next_row = r + 1
        c = -1
        values: dict[int, str] = {}
        hidden = attribute(row, "hidden") in {"1", "true"}
        for cell in row:
            if tag(cell) != "c":
                continue
            place = _REFERENCE.match(attribute(cell, "r") or "")
            c = column_number(place[1]) if place else c + 1
            if c < _MAX_COLUMNS and c not in unseen and (text := _cell(cell, strings, formats, date1904)):
                values[c] = text
        if values and not hidden:
            rows[r] = values
            cells += len(values)
        if len(rows) >= limits.rows or cells >= limits.cells:
            cut = True
            break
    merges: list[Merge] = []
    if not cut:
        for element in _elements(raw, "mergeCell"):
            corners = _REFERENCE.findall(attribute(element, "ref") or "")
            if len(corners) == 2 and len(merges) < _MAX_MERGES:
                (c1, r1), (c2, r2) = corners
                merges.append((int(r1) - 1, column_number(c1), int(r2) - 1, column_number(c2)))
    return rows, merges, cut


def _hidden_columns(raw: bytes) -> set[int]:
    """The columns that are not shown; they are named before the cells."""
    head = raw[: max(0, raw.find(b"sheetData"))][:100_000]
    found: set[int] = set()
    for column in re.findall(rb"<(?:\w+:)?col\s[^>]*>", head):
        ends = re.search(rb"\bmin=.(\d{1,5})\b", column), re.search(rb"\bmax=.(\d{1,5})\b", column)
        if re.search(rb"\bhidden=.(?:1|true)\b", column) and ends[0] and ends[1]:
            found.update(range(int(ends[0][1]) - 1, min(int(ends[1][1]), _MAX_COLUMNS)))
    return found


def column_number(letters: str) -> int:
    """A is 0, Z 25, AA 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _cell(cell: etree._Element, strings: list[str], formats: list[str], date1904: bool) -> str:
    kind = attribute(cell, "t") or "n"
    value = next((e.text or "" for e in cell if tag(e) == "v"), "")
    if kind == "inlineStr":
        return next((_rich_text(e) for e in cell if tag(e) == "is"), "")
    if kind == "s":
        return strings[int(value)] if value.isdecimal() and int(value) < len(strings) else ""
    if kind == "b":
        return "TRUE" if value == "1" else "FALSE" if value else ""
    if kind == "n" and value:
        try:
            number = float(value)
        except ValueError:
            return value
        style = attribute(cell, "s") or "0"
        code = formats[int(style)] if style.isdecimal() and int(style) < len(formats) else "General"
        return render(number, code, date1904=date1904)
    return value


def read_workbook(raw: bytes, kind: str, limits: Limits) -> DocumentText:
    """An .xls, .et, .xlsb or .ods workbook."""
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(raw))
    except PasswordError:
        raise EncryptedDocumentError("the workbook needs a password") from None
    except (CalamineError, ZipError, OSError, ValueError) as error:
        if is_encrypted(raw):
            raise EncryptedDocumentError("the workbook needs a password") from None
        raise DocumentError(f"the workbook cannot be read: {str(error)[:80]}") from None
    formats = cell_formats(raw) if kind == "xls" else {}
    flow, flags, count = Flow(limits), [], 0
    for position, sheet in enumerate(workbook.sheets_metadata):
        if sheet.typ != SheetTypeEnum.WorkSheet or flow.full:
            continue
        count += 1
        if sheet.visible != SheetVisibleEnum.Visible:
            flags.append("hidden_sheets")
            continue
        table = workbook.get_sheet_by_index(position)
        start_row, start_column = table.start or (0, 0)
        rows: Rows = {}
        codes = formats.get(sheet.name, {})
        for r, row in enumerate(table.iter_rows(), start_row if kind != "xls" else 0):
            if len(rows) >= limits.rows:
                flags.append("truncated")
                break
            offset = 0 if kind == "xls" else start_column
            values = {
                c: text
                for c, value in enumerate(row[:_MAX_COLUMNS], offset)
                if (text := _value(value, codes.get((r, c), "General")))
            }
            if values:
                rows[r] = values
        merges = [(*first, *last) for first, last in table.merged_cell_ranges or []]
        _add_sheet(flow, sheet.name, rows, merges[:_MAX_MERGES])
    document = flow.finish(MEDIA_TYPES[kind], pages=count)
    for flag in flags:
        document.flag(flag)
    return document


def _value(value: object, code: str) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return render(float(value), code)
    if isinstance(value, date):
        moment = value if isinstance(value, datetime) else datetime.combine(value, time())
        default = "yyyy-m-d h:mm" if moment.time() != time() else "yyyy-m-d"
        return render((moment - datetime(1899, 12, 30)) / timedelta(days=1), code if code != "General" else default)
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, timedelta):
        return render(value / timedelta(days=1), code) if code != "General" else plain(value.total_seconds() / 3600)
    return ""


def _add_sheet(flow: Flow, name: str, rows: Rows, merges: Iterable[Merge]) -> None:
    """One sheet: lines of a single cell before the grid are paragraphs (its title, its unit line), then the table."""
    if not rows:
        return
    if name and not _DEFAULT_NAME.fullmatch(name.strip()):
        flow.paragraph(name.strip())
    order = sorted(rows)
    once: Rows = {r: {c: cell_text(t) for c, t in row.items()} for r, row in rows.items()}
    filled: Rows = {r: dict(row) for r, row in once.items()}
    columns = sorted({c for row in once.values() for c in row})
    for r1, c1, r2, c2 in merges:
        text = once.get(r1, {}).get(c1)
        if text:
            covered = columns[bisect_left(columns, c1) : bisect_right(columns, c2)]
            for r in order[bisect_left(order, r1) : bisect_right(order, r2)]:
                for c in covered:
                    filled[r].setdefault(c, text)
    for block in _blocks(order, once):
        start, end = _table_part(block, once)
        for r in block[:start]:
            flow.paragraph(join_cells(once[r]))
        middle = block[start:end]
        flow.grid(
            [[filled[r].get(c, "") for c in columns] for r in middle],
            [[once[r].get(c, "") for c in columns] for r in middle],
        )
        for r in block[end:]:
            flow.paragraph(join_cells(once[r]))


def _blocks(order: list[int], rows: Rows) -> list[list[int]]:
    """Tables that stand below each other on a sheet: after an empty row, a row of one cell is the next one's title."""
    blocks: list[list[int]] = [[]]
    for r in order:
        last = blocks[-1][-1] if blocks[-1] else r
        if r - last > 1 and len(rows[r]) == 1 and any(len(rows[k]) > 1 for k in blocks[-1]):
            blocks.append([])
        blocks[-1].append(r)
    return blocks


def join_cells(row: dict[int, str]) -> str:
    """A row outside the table as one line."""
    return " ".join(row[c] for c in sorted(row))


def _table_part(order: list[int], rows: Rows) -> tuple[int, int]:
    """Where the grid begins and ends: rows of one cell before the first and after the last row of several are prose."""
    several = [i for i, r in enumerate(order) if len(rows[r]) > 1]
    if not several:
        return 0, 0
    return several[0], several[-1] + 1
