"""Text, tables and attachments of OFD files (GB/T 33190): a zip of XML pages with text objects at places.

Units are millimetres, y downwards; they become points for `layout`. Template pages (letterheads, form frames) are read
below each page that names them.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from lxml import etree

from pipelines.documents.flow import Flow, is_wide
from pipelines.documents.layout import DrawnPage, Glyph, read_pages
from pipelines.documents.model import DocumentText, Limits
from pipelines.documents.pdf import Matrix, standard
from pipelines.documents.sniff import MEDIA_TYPES
from pipelines.documents.zipped import Container, attribute, tag
from pipelines.errors import DocumentError, EncryptedDocumentError

_MM = 72 / 25.4
_MAX_DEPTH = 20
_MAX_OBJECTS = 60_000
_A4 = (210.0, 297.0)
_ASCENT, _DESCENT = 0.86, 0.14


def read_ofd(raw: bytes, limits: Limits) -> DocumentText:
    """An OFD file; `needs_ocr` when pages are pictures alone, or nothing but shapes is drawn (text as outlines)."""
    container = Container(raw, limits)
    if container.find("Encryptions.xml") or container.encrypted:
        raise EncryptedDocumentError("the OFD file needs a password")
    root = container.xml("OFD.xml")
    if root is None:
        raise DocumentError("the file holds no OFD document")
    flow = Flow(limits)
    pages: list[DrawnPage] = []
    members: list[str] = []
    pictures = truncated = shapes = False
    title = None
    for body in (e for e in root if tag(e) == "DocBody"):
        place = next((e.text for e in body if tag(e) == "DocRoot" and e.text), None)
        title = title or next((e.text for e in body.iter() if tag(e) == "Title" and e.text), None)
        document = _Document(container, (place or "").strip().lstrip("/"), limits)
        for page, picture in document.pages():
            if len(pages) >= limits.pages:
                truncated = True
                break
            pages.append(page)
            pictures = pictures or (picture and not page.glyphs)
            shapes = shapes or document.drew_shapes
        members += document.attachments()
    read_pages(pages, flow)
    result = flow.finish(MEDIA_TYPES["ofd"], pages=len(pages), title=title, members=members)
    if pictures or (shapes and not any(page.glyphs for page in pages)):
        result.flag("needs_ocr")
    if truncated or container.truncated:
        result.flag("truncated")
    return result


class _Document:
    def __init__(self, container: Container, path: str, limits: Limits) -> None:
        self._container, self._limits = container, limits
        self._folder = posixpath.dirname(path)
        root = container.xml(path)
        if root is None:
            raise DocumentError("the OFD file lacks its document")
        self._root = root
        self._box = _A4
        self._templates: dict[str, str] = {}
        for element in root.iter():
            name = tag(element)
            if name == "PageArea":
                self._box = _page_box(element) or self._box
            elif name == "TemplatePage":
                self._templates[attribute(element, "ID") or ""] = attribute(element, "BaseLoc") or ""
        self.drew_shapes = False

    def _part(self, place: str, folder: str) -> etree._Element | None:
        path = place.lstrip("/") if place.startswith("/") else posixpath.normpath(posixpath.join(folder, place))
        if path.startswith(".."):
            return None
        return self._container.xml(path)

    def pages(self) -> Iterator[tuple[DrawnPage, bool]]:
        for element in self._root:
            if tag(element) == "Pages":
                for page in element:
                    place = attribute(page, "BaseLoc")
                    root = self._part(place, self._folder) if place else None
                    if root is not None:
                        yield self._page(root)

    def _page(self, root: etree._Element) -> tuple[DrawnPage, bool]:
        width, height = next((b for e in root if tag(e) == "Area" and (b := _page_box(e))), self._box)
        drawn = DrawnPage(width * _MM, height * _MM)
        pictures = False
        for element in root:
            if tag(element) == "Template":
                place = self._templates.get(attribute(element, "TemplateID") or "")
                template = self._part(place, self._folder) if place else None
                for content in template if template is not None else ():
                    pictures |= _draw(content, drawn, (1, 0, 0, 1, 0, 0), 0)
        for element in root:
            if tag(element) == "Content":
                pictures |= _draw(element, drawn, (1, 0, 0, 1, 0, 0), 0)
                self.drew_shapes |= any(tag(e) == "PathObject" for e in element.iter())
        return drawn, pictures

    def attachments(self) -> list[str]:
        place = next((e.text for e in self._root if tag(e) == "Attachments" and e.text), None)
        root = self._part(place.strip(), self._folder) if place else None
        return [n for e in (root if root is not None else ()) if (n := attribute(e, "Name"))][: self._limits.members]


def _page_box(area: etree._Element) -> tuple[float, float] | None:
    for element in area:
        if tag(element) == "PhysicalBox" and len(numbers := _numbers(element.text)) == 4 and min(numbers[2:]) > 0:
            return numbers[2], numbers[3]
    return None


def _numbers(text: str | None) -> list[float]:
    result = []
    for word in (text or "").split()[:200_000]:
        try:
            result.append(float(word))
        except ValueError:
            result.append(0.0)
    return result


def _draw(element: etree._Element, drawn: DrawnPage, around: Matrix, depth: int) -> bool:
    """Adds an element's texts and lines; whether it shows a picture."""
    picture = False
    if depth > _MAX_DEPTH:
        return False
    for child in element:
        name = tag(child)
        if len(drawn.glyphs) > _MAX_OBJECTS:
            break
        if name == "TextObject":
            _draw_text(child, drawn)
        elif name == "PathObject":
            _draw_path(child, drawn)
        elif name == "ImageObject":
            picture = True
        elif name in {"Layer", "PageBlock", "Content"}:
            picture |= _draw(child, drawn, around, depth + 1)
    return picture


def _frame(element: etree._Element) -> tuple[float, float, Matrix]:
    box = _numbers(attribute(element, "Boundary"))
    matrix = _numbers(attribute(element, "CTM"))
    x, y = (box[0], box[1]) if len(box) == 4 else (0.0, 0.0)
    if len(matrix) != 6:
        return x, y, (1, 0, 0, 1, 0, 0)
    return x, y, (matrix[0], matrix[1], matrix[2], matrix[3], matrix[4], matrix[5])


def _draw_text(element: etree._Element, drawn: DrawnPage) -> None:
    left, top, m = _frame(element)
    size = next(iter(_numbers(attribute(element, "Size"))), 3.5)
    stretch = next(iter(_numbers(attribute(element, "HScale"))), 1.0) or 1.0
    height = size * (abs(m[3]) or abs(m[1]) or 1)
    if attribute(element, "Visible") == "false" or not 0 < height < 500:
        return
    if min(abs(m[0]), abs(m[1])) > 0.1 * max(abs(m[0]), abs(m[1])):
        return  # slanted words are a watermark
    x = y = 0.0
    for code in element.iter():
        if tag(code) != "TextCode":
            continue
        x = next(iter(_numbers(attribute(code, "X"))), x)
        y = next(iter(_numbers(attribute(code, "Y"))), y)
        steps, falls = _deltas(attribute(code, "DeltaX")), _deltas(attribute(code, "DeltaY"))
        px, py = x, y
        spaced = False
        for i, char in enumerate((code.text or "").strip("\r\n")):
            dx, dy = m[0] * px + m[2] * py + m[4] + left, m[1] * px + m[3] * py + m[5] + top
            width = height * stretch * (1.0 if is_wide(char) else 0.5) * (abs(m[0] / m[3]) if m[3] else 1)
            if char.strip():
                drawn.glyphs.append(
                    Glyph(
                        standard(char),
                        dx * _MM,
                        (dy - _ASCENT * height) * _MM,
                        (dx + width) * _MM,
                        (dy + _DESCENT * height) * _MM,
                        spaced,
                    )
                )
            spaced = not char.strip()
            own = size * stretch * (1.0 if is_wide(char) else 0.5)
            px += steps[i] if i < len(steps) else (0 if falls and not steps else own)
            py += falls[i] if i < len(falls) else 0


def _deltas(text: str | None) -> list[float]:
    """Steps between characters; `g 3 5.5` stands for 5.5 three times."""
    result: list[float] = []
    words = iter((text or "").split())
    for word in words:
        try:
            if word == "g":
                count, step = int(next(words)), float(next(words))
                result += [step] * min(count, 10_000)
            else:
                result.append(float(word))
        except (ValueError, StopIteration):
            break
        if len(result) > _MAX_OBJECTS:
            break
    return result


def _draw_path(element: etree._Element, drawn: DrawnPage) -> None:
    left, top, m = _frame(element)
    data = next((e.text or "" for e in element if tag(e) == "AbbreviatedData"), "")
    start = last = None
    words = re.findall(r"[A-Za-z]|-?[\d.]+", data[:20_000])
    i = 0
    while i < len(words):
        command = words[i]
        count = {"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}.get(command)
        if count is None:
            i += 1
            continue
        values = _numbers(" ".join(words[i + 1 : i + 1 + count]))
        i += 1 + count
        if command == "C":
            if start is not None and last is not None:
                drawn.rulings.add(*last, *start)
                last = start
            continue
        if len(values) < 2:
            break
        px, py = values[-2:]
        point = (
            (m[0] * px + m[2] * py + m[4] + left) * _MM,
            (m[1] * px + m[3] * py + m[5] + top) * _MM,
        )
        if command in "SM":
            start = point
        elif command == "L" and last is not None:
            drawn.rulings.add(*last, *point)
        last = point
