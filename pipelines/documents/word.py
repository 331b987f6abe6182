"""Text and tables of Word files in XML: .docx (ECMA-376) and the flat Word 2003 form, in document order.

Deleted and moved-away revisions, hidden runs, field codes, headers and footers are left out; text boxes stand after the
paragraph that anchors them; list numbers are written as Word prints them.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from pipelines.documents.flow import Cell, Flow
from pipelines.documents.model import DocumentText, Limits
from pipelines.documents.sniff import MEDIA_TYPES
from pipelines.documents.word_numbering import Numbering
from pipelines.documents.zipped import Container, attribute, parse_xml, tag
from pipelines.errors import DocumentError

_SKIP = frozenset(
    {"del", "moveFrom", "instrText", "delText", "rPr", "pPr", "tblPr", "tblGrid", "trPr", "tcPr", "sectPr", "binData"}
    | {"delInstrText", "docPr", "rt", "Fallback"}
)
_MAX_DEPTH = 60


def read_docx(raw: bytes, limits: Limits) -> DocumentText:
    """A .docx file."""
    container = Container(raw, limits)
    root = container.xml(_main_part(container))
    if root is None:
        raise DocumentError("the file holds no Word document")
    numbering = Numbering(container.xml("word/numbering.xml"), container.xml("word/styles.xml"))
    reader = _Reader(limits, numbering)
    reader.read(root)
    for notes in ("word/footnotes.xml", "word/endnotes.xml"):
        part = container.xml(notes)
        if part is not None:
            reader.notes(part)
    core = container.xml("docProps/core.xml")
    title = None if core is None else next((e.text for e in core if tag(e) == "title" and e.text), None)
    document = reader.flow.finish(MEDIA_TYPES["docx"], title=title)
    document.members = [n for n in container.names if n.startswith("word/embeddings/")]
    if container.truncated:
        document.flag("truncated")
    return document


def read_word_xml(raw: bytes, limits: Limits) -> DocumentText:
    """A Word 2003 XML document or a flat package in one XML file."""
    root = parse_xml(raw)
    if root is None:
        raise DocumentError("the file holds no Word document")
    body = next((e for e in root.iter() if tag(e) == "body"), None)
    if body is None:
        raise DocumentError("the file holds no Word document")
    reader = _Reader(limits, Numbering(None, None))
    reader.read(body)
    return reader.flow.finish(MEDIA_TYPES["wordxml"])


def _main_part(container: Container) -> str:
    relations = container.xml("_rels/.rels")
    for relation in relations if relations is not None else ():
        if (attribute(relation, "Type") or "").endswith("/officeDocument"):
            target = attribute(relation, "Target") or ""
            if container.find(target):
                return target
    return "word/document.xml"


class _Reader:
    def __init__(self, limits: Limits, numbering: Numbering) -> None:
        self.flow = Flow(limits)
        self._numbering = numbering

    def read(self, root: etree._Element) -> None:
        for block in _blocks(root, 0):
            if self.flow.full:
                return
            if tag(block) == "tbl":
                self.flow.table(self._rows(block, 0))
            else:
                text, boxes = self._paragraph(block, 0)
                self.flow.paragraph(text)
                for box in boxes:
                    self.read(box)

    def notes(self, root: etree._Element) -> None:
        for note in root:
            if attribute(note, "type") in {None, "normal"}:
                self.read(note)

    def _paragraph(self, paragraph: etree._Element, depth: int) -> tuple[str, list[etree._Element]]:
        boxes: list[etree._Element] = []
        text = "".join(_runs(paragraph, boxes, depth))
        label = self._numbering.label(paragraph) if text.strip() else ""
        return label + text.lstrip() if label else text, boxes

    def _rows(self, table: etree._Element, depth: int) -> list[list[Cell]]:
        rows: list[list[Cell]] = []
        open_cells: dict[int, Cell] = {}
        for row in _children(table, "tr"):
            properties = next((e for e in row if tag(e) == "trPr"), None)
            if properties is not None and any(tag(e) == "del" for e in properties):
                continue
            column = _number(properties, "gridBefore")
            cells: list[Cell] = [Cell("", column)] if column else []
            for element in _children(row, "tc"):
                span, merge = _spans(element)
                above = open_cells.get(column)
                if merge == "continue" and above is not None and above.columns == span:
                    above.rows += 1
                else:
                    cell = Cell(self._cell(element, depth), span)
                    cells.append(cell)
                    if merge == "restart":
                        open_cells[column] = cell
                    else:
                        open_cells.pop(column, None)
                column += span
            rows.append(cells)
        return rows

    def _cell(self, cell: etree._Element, depth: int) -> str:
        if depth > _MAX_DEPTH // 4:
            return ""
        lines: list[str] = []
        for block in _blocks(cell, depth):
            if tag(block) == "tbl":
                lines += [" ".join(c.text for c in row if c.text) for row in self._rows(block, depth + 1)]
            else:
                text, boxes = self._paragraph(block, depth)
                lines.append(text)
                lines += ["".join(_runs(box, [], depth + 1)) for box in boxes]
        return "\n".join(lines)


def _blocks(parent: etree._Element, depth: int) -> Iterator[etree._Element]:
    """Paragraphs and tables below an element, through whatever wraps them (sdt, customXml, sections, ins)."""
    if depth > _MAX_DEPTH:
        return
    for child in parent:
        name = tag(child)
        if name in {"p", "tbl"}:
            yield child
        elif name not in _SKIP:
            yield from _blocks(child, depth + 1)


def _children(parent: etree._Element, wanted: str) -> Iterator[etree._Element]:
    for child in parent:
        name = tag(child)
        if name == wanted:
            yield child
        elif name in {"sdt", "sdtContent", "customXml", "ins", "smartTag"}:
            yield from _children(child, wanted)


def _runs(element: etree._Element, boxes: list[etree._Element], depth: int) -> Iterator[str]:
    if depth > _MAX_DEPTH:
        return
    for child in element:
        name = tag(child)
        if name == "t":
            yield child.text or ""
        elif name == "txbxContent":
            boxes.append(child)
        elif name in {"br", "cr"}:
            yield "\n"
        elif name in {"tab", "ptab"}:
            yield " "
        elif name == "noBreakHyphen":
            yield "-"
        elif name == "sym":
            code = attribute(child, "char") or ""
            yield _SYMBOLS.get(code.upper(), "")
        elif name == "r":
            if not _hidden(child):
                yield from _runs(child, boxes, depth + 1)
        elif name not in _SKIP:
            yield from _runs(child, boxes, depth + 1)


_SYMBOLS = {"F0FE": "☑", "F052": "☑", "F0A8": "□", "F06F": "□", "F0A3": "□", "F0FC": "√", "F050": "√", "F0B7": "·"}


def _hidden(run: etree._Element) -> bool:
    properties = next((e for e in run if tag(e) == "rPr"), None)
    if properties is None:
        return False
    return any(tag(e) == "vanish" and attribute(e, "val") not in {"0", "false", "off"} for e in properties)


def _number(properties: etree._Element | None, name: str) -> int:
    for element in properties if properties is not None else ():
        if tag(element) == name:
            value = attribute(element, "val") or ""
            return min(int(value), 1000) if value.isdecimal() else 0
    return 0


def _spans(cell: etree._Element) -> tuple[int, str | None]:
    properties = next((e for e in cell if tag(e) == "tcPr"), None)
    span = max(1, _number(properties, "gridSpan"))
    for element in properties if properties is not None else ():
        if tag(element) in {"vMerge", "vmerge"}:
            return span, "restart" if attribute(element, "val") == "restart" else "continue"
    return span, None
