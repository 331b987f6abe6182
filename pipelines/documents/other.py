"""Less frequent office formats in zips and XML: slides (.pptx), OpenDocument text, Excel 2003 XML."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from pipelines.documents.flow import Cell, Flow
from pipelines.documents.model import DocumentText, Limits
from pipelines.documents.sniff import MEDIA_TYPES
from pipelines.documents.zipped import Container, attribute, parse_xml, tag
from pipelines.errors import DocumentError

_MAX_DEPTH = 60
_MAX_REPEAT = 200


def read_pptx(raw: bytes, limits: Limits) -> DocumentText:
    """A .pptx file: each slide's texts and tables in the order they were drawn."""
    container = Container(raw, limits)
    names = [(int(m[1]), n) for n in container.names if (m := re.fullmatch(r"ppt/slides/slide(\d{1,5})\.xml", n))]
    flow = Flow(limits)
    for _, name in sorted(names)[: limits.pages]:
        slide = container.xml(name)
        for element in _drawn(slide, 0) if slide is not None else ():
            if tag(element) == "tbl":
                rows = (row for row in element if tag(row) == "tr")
                flow.table([[_slide_cell(cell) for cell in row if tag(cell) == "tc"] for row in rows])
            else:
                flow.paragraph("".join(t.text or "" for t in element.iter() if tag(t) == "t"))
    document = flow.finish(MEDIA_TYPES["pptx"], pages=len(names))
    if container.truncated:
        document.flag("truncated")
    return document


def _drawn(parent: etree._Element, depth: int) -> Iterator[etree._Element]:
    for child in parent:
        if tag(child) in {"tbl", "p"}:
            yield child
        elif depth < _MAX_DEPTH and tag(child) != "Fallback":
            yield from _drawn(child, depth + 1)


def _slide_cell(cell: etree._Element) -> Cell:
    if attribute(cell, "hMerge") == "1" or attribute(cell, "vMerge") == "1":
        return Cell("")
    return Cell(
        "\n".join("".join(t.text or "" for t in p.iter() if tag(t) == "t") for p in cell.iter() if tag(p) == "p")
    )


def read_odt(raw: bytes, limits: Limits) -> DocumentText:
    """An OpenDocument text."""
    container = Container(raw, limits)
    content = container.xml("content.xml")
    body = (
        next((e for e in content.iter() if tag(e) == "text" and tag(e.getparent()) == "body"), None)
        if content is not None
        else None
    )
    if body is None:
        raise DocumentError("the file holds no text document")
    flow = Flow(limits)
    _odt_blocks(body, flow, 0)
    return flow.finish(MEDIA_TYPES["odt"], flags=["truncated"] if container.truncated else [])


def _odt_blocks(parent: etree._Element, flow: Flow, depth: int) -> None:
    for child in parent:
        name = tag(child)
        if name in {"p", "h"}:
            flow.paragraph(_odt_text(child))
        elif name == "table":
            flow.table([_odt_row(row) for row in child.iter() if tag(row) == "table-row"])
        elif name not in {"tracked-changes", "sequence-decls", "forms"} and depth < _MAX_DEPTH:
            _odt_blocks(child, flow, depth + 1)


def _odt_row(row: etree._Element) -> list[Cell]:
    cells: list[Cell] = []
    for cell in row:
        if tag(cell) == "table-cell":
            text = "\n".join(_odt_text(p) for p in cell.iter() if tag(p) in {"p", "h"})
            repeat = min(_number(attribute(cell, "number-columns-repeated")), _MAX_REPEAT)
            spans = _number(attribute(cell, "number-columns-spanned")), _number(attribute(cell, "number-rows-spanned"))
            cells += [Cell(text, *spans) for _ in range(repeat)]
    return cells


def _odt_text(paragraph: etree._Element) -> str:
    pieces: list[str] = [paragraph.text or ""]
    for element in paragraph.iterdescendants():
        name = tag(element)
        if name == "line-break":
            pieces.append("\n")
        elif name in {"s", "tab"}:
            pieces.append(" ")
        elif name not in {"annotation", "note-citation"}:
            pieces.append(element.text or "")
        pieces.append(element.tail or "")
    return "".join(pieces)


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 7 else 1


def read_sheet_xml(raw: bytes, limits: Limits) -> DocumentText:
    """An Excel 2003 XML workbook."""
    root = parse_xml(raw)
    if root is None:
        raise DocumentError("the file holds no workbook")
    flow = Flow(limits)
    sheets = [e for e in root if tag(e) == "Worksheet"]
    for sheet in sheets:
        rows: list[list[Cell]] = []
        for row in sheet.iter():
            if tag(row) != "Row" or len(rows) >= limits.rows:
                continue
            cells: list[Cell] = []
            column = 1
            for cell in (e for e in row if tag(e) == "Cell"):
                index = attribute(cell, "Index")
                gap = _number(index) - column if index else 0
                if 0 < gap < 512:
                    cells.append(Cell("", gap))
                    column += gap
                text = "".join("".join(d.itertext()) for d in cell if tag(d) == "Data")
                across, down = attribute(cell, "MergeAcross"), attribute(cell, "MergeDown")
                span = _number(across) + 1 if across else 1
                cells.append(Cell(text, span, _number(down) + 1 if down else 1))
                column += span
            rows.append(cells)
        flow.table(rows)
    return flow.finish(MEDIA_TYPES["sheetxml"], pages=len(sheets))
