"""Text and tables of PDF files by pdfium: characters at their places and ruling lines, for `layout`."""

from __future__ import annotations

import ctypes
import math
import unicodedata
from collections import Counter
from collections.abc import Callable

import pypdfium2
import pypdfium2.raw as pdfium

from pipelines.documents.flow import Flow
from pipelines.documents.layout import DrawnPage, Glyph, read_pages
from pipelines.documents.model import DocumentText, Limits
from pipelines.documents.sniff import MEDIA_TYPES
from pipelines.errors import DocumentError, EncryptedDocumentError

_MAX_GLYPHS = 40_000
_MAX_PATHS = 6_000
_MAX_SEGMENTS = 400
_FORM_DEPTH = 6
_SAMPLE = 400
_SLANT = 0.1
"""Radians that a line of text may be off its direction, as on a crooked scan."""
_FEW = 12
"""A page with fewer characters than this, and a picture, is a scan."""
_RADICALS = str.maketrans(
    "⺟⺠⻁⻄⻅⻆⻉⻋⻓⻔⻘⻚⻛⻜⻝⻢⻣⻤⻥⻦⻨⻩⻬⻮⻰⻳⻙⻑⻗⻒⺎⺏",
    "母民虎西见角贝车长门青页风飞食马骨鬼鱼鸟麦黄齐齿龙龟韦长雨镸兀尢",
)
_USUAL_SCRIPTS = frozenset(
    [
        "LATIN",
        "CJK",
        "HIRAGANA",
        "KATAKANA",
        "HANGUL",
        "GREEK",
        "CYRILLIC",
        "FULLWIDTH",
        "HALFWIDTH",
        "BOPOMOFO",
        "MATHEMATICAL",
        "KANGXI",
        "ROMAN",
        "MODIFIER",
        "FEMININE",
        "MASCULINE",
        "MICRO",
    ]
)
"""First words of character names; a page that mixes several others was mapped to the wrong characters by its font."""

Matrix = tuple[float, float, float, float, float, float]


def read_pdf(raw: bytes, limits: Limits, *, ocr: bool = False) -> DocumentText:
    """A PDF file; `needs_ocr` when its pages are pictures, or its fonts hide what they spell."""
    try:
        file = pypdfium2.PdfDocument(raw)
    except pypdfium2.PdfiumError as error:
        if "assword" in str(error) or "ecurity" in str(error):
            raise EncryptedDocumentError("the PDF needs a password") from None
        raise DocumentError("the PDF cannot be read") from None
    pages: list[DrawnPage] = []
    scanned: list[int] = []
    try:
        count = len(file)
        for number in range(min(count, limits.pages)):
            try:
                page = file[number]
            except pypdfium2.PdfiumError:
                continue
            drawn, picture = _read_page(page)
            if _unreadable(drawn) or (len(drawn.glyphs) < _FEW and picture):
                scanned.append(number)
                drawn.glyphs = []
            pages.append(drawn)
            page.close()
        flow = Flow(limits)
        read_pages(pages, flow)
        title = str(file.get_metadata_value("Title") or "").strip() or None
        document = flow.finish(MEDIA_TYPES["pdf"], pages=count, title=title)
        if count > limits.pages:
            document.flag("truncated")
        if scanned:
            _recognise(file, scanned, document, ocr)
    finally:
        file.close()
    if not count:
        raise DocumentError("the PDF has no pages")
    return document


def _recognise(file: pypdfium2.PdfDocument, scanned: list[int], document: DocumentText, ocr: bool) -> None:
    if ocr:
        from pipelines.documents.ocr import recognise_pages

        text = recognise_pages(file, scanned)
        if text is not None:
            document.text = "\n".join(t for t in (document.text, text) if t)
            document.flag("ocr")
            return
    document.flag("needs_ocr")


def _unreadable(page: DrawnPage) -> bool:
    """Whether the page's characters are mostly private or unmapped: a font without its table."""
    if len(page.glyphs) < _FEW:
        return False
    bad = sum(1 for g in page.glyphs if g.text == "\ufffd" or unicodedata.category(g.text[0]) in {"Co", "Cn", "Cc"})
    odd = [unicodedata.name(g.text[0], "").partition(" ")[0] for g in page.glyphs if g.text[0].isalpha()]
    odd = [script for script in odd if script not in _USUAL_SCRIPTS]
    return bad > 0.3 * len(page.glyphs) or (len(set(odd)) > 3 and len(odd) > 0.05 * len(page.glyphs))


def _read_page(page: pypdfium2.PdfPage) -> tuple[DrawnPage, bool]:
    left, bottom, right, top = page.get_bbox()
    text_page = page.get_textpage()
    handle = text_page.raw
    count = min(text_page.count_chars(), _MAX_GLYPHS)
    angle = _direction(handle, count)
    turned = page.get_rotation() if angle is None else round(360 - math.degrees(angle)) % 360
    width, height = (right - left, top - bottom) if turned % 180 == 0 else (top - bottom, right - left)

    def place(x: float, y: float) -> tuple[float, float]:
        if turned == 90:
            return y - bottom, x - left
        if turned == 180:
            return right - x, y - bottom
        if turned == 270:
            return top - y, right - x
        return x - left, top - y

    drawn = DrawnPage(width, height)
    box = pdfium.FS_RECTF()
    pending, spaced = "", False
    for i in range(count):
        code = pdfium.FPDFText_GetUnicode(handle, i)
        if code < 33 or code in {0xA0, 0x3000} or pdfium.FPDFText_IsGenerated(handle, i) == 1:
            spaced = True
            continue
        if not pdfium.FPDFText_GetLooseCharBox(handle, i, ctypes.byref(box)):
            continue
        if angle is not None and not _parallel(pdfium.FPDFText_GetCharAngle(handle, i), angle):
            continue  # a watermark, or words along the margin
        if 0xD800 <= code < 0xDC00:
            pending = chr(code)
            continue
        char = (pending + chr(code)).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        pending = ""
        (x0, y0), (x1, y1) = place(box.left, box.bottom), place(box.right, box.top)
        drawn.glyphs.append(Glyph(standard(char), min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1), spaced))
        spaced = False
    text_page.close()
    picture = False
    paths = 0
    for item, matrix in _objects(page):
        if item.type == pdfium.FPDF_PAGEOBJ_IMAGE:
            picture = True
        elif item.type == pdfium.FPDF_PAGEOBJ_PATH and paths < _MAX_PATHS:
            paths += 1
            _add_path(item, matrix, drawn, place)
    return drawn, picture


def _direction(handle: object, count: int) -> float | None:
    """The direction that most of the page's text runs in, by quarter turns; None for a page without text.

    The page's own rotation does not tell: scans and converted tables are often turned once more, or not at all.
    """
    turns: Counter[int] = Counter()
    for i in range(0, count, max(1, count // _SAMPLE)):
        if pdfium.FPDFText_GetUnicode(handle, i) > 32 and pdfium.FPDFText_IsGenerated(handle, i) != 1:
            angle = pdfium.FPDFText_GetCharAngle(handle, i)
            if _parallel(angle, quarter := round(angle / (math.pi / 2)) * math.pi / 2):
                turns[round(quarter / (math.pi / 2)) % 4] += 1
    return turns.most_common(1)[0][0] * math.pi / 2 if turns else None


def _parallel(angle: float, other: float) -> bool:
    return abs(math.remainder(angle - other, 2 * math.pi)) < _SLANT


def standard(char: str) -> str:
    """A character as one types it: radicals and presentation forms, which some fonts map to, become plain ones.

    >>> standard("⼯") + standard("ﬁ")
    '工fi'
    """
    if "\u2f00" <= char <= "\u2fdf" or "\ufb00" <= char <= "\ufb06" or "\uf900" <= char <= "\ufaff":
        return unicodedata.normalize("NFKC", char)
    return char.translate(_RADICALS) if "\u2e80" <= char <= "\u2eff" else char


def _objects(page: pypdfium2.PdfPage) -> list[tuple[pypdfium2.PdfObject, Matrix]]:
    """Pictures and paths of the page with the matrix of the forms around them."""
    found: list[tuple[pypdfium2.PdfObject, Matrix]] = []
    around: list[Matrix] = [(1, 0, 0, 1, 0, 0)]
    for item in page.get_objects(max_depth=_FORM_DEPTH):
        del around[item.level + 1 :]
        if item.type == pdfium.FPDF_PAGEOBJ_FORM:
            around.append(_multiply(item.get_matrix().get(), around[-1]))
        elif item.type in {pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_PATH}:
            found.append((item, around[-1]))
        if len(found) > 4 * _MAX_PATHS:
            break
    return found


def _multiply(a: Matrix, b: Matrix) -> Matrix:
    return (
        a[0] * b[0] + a[1] * b[2],
        a[0] * b[1] + a[1] * b[3],
        a[2] * b[0] + a[3] * b[2],
        a[2] * b[1] + a[3] * b[3],
        a[4] * b[0] + a[5] * b[2] + b[4],
        a[4] * b[1] + a[5] * b[3] + b[5],
    )


def _add_path(
    item: pypdfium2.PdfObject, around: Matrix, drawn: DrawnPage, place: Callable[[float, float], tuple[float, float]]
) -> None:
    matrix = _multiply(item.get_matrix().get(), around)
    start = last = None
    x, y = ctypes.c_float(), ctypes.c_float()
    for i in range(min(pdfium.FPDFPath_CountSegments(item.raw), _MAX_SEGMENTS)):
        segment = pdfium.FPDFPath_GetPathSegment(item.raw, i)
        if not segment or not pdfium.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y)):
            continue
        point = place(
            matrix[0] * x.value + matrix[2] * y.value + matrix[4], matrix[1] * x.value + matrix[3] * y.value + matrix[5]
        )
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            start = point
        elif kind == pdfium.FPDF_SEGMENT_LINETO and last is not None:
            drawn.rulings.add(*last, *point)
        last = point
        if start is not None and pdfium.FPDFPathSegment_GetClose(segment):
            drawn.rulings.add(*last, *start)
            last = start
