"""Scanned pages and pictures, by tesseract through the `[ocr]` extra; without it they are only flagged `needs_ocr`."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

from pipelines.documents.flow import Flow, clean, is_wide, join
from pipelines.documents.model import DocumentText, Limits
from pipelines.documents.sniff import MEDIA_TYPES
from pipelines.errors import DocumentError

if TYPE_CHECKING:
    import pypdfium2

LANGUAGES = "chi_sim+eng"
_DOTS_PER_INCH = 200
_MAX_PAGES = 30
_MAX_PIXELS = 40_000_000


def available() -> bool:
    """Whether pytesseract, the tesseract program and its Chinese data are installed."""
    try:
        import pytesseract

        return "chi_sim" in pytesseract.get_languages()
    except (ImportError, OSError, RuntimeError):
        return False


def read_image(raw: bytes, kind: str, limits: Limits, *, ocr: bool) -> DocumentText:
    """A picture: its text when recognition is asked for and installed, else a flag."""
    if not ocr or not available():
        return DocumentText(media_type=MEDIA_TYPES[kind], flags=["needs_ocr"], pages=1)
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(raw)) as picture:
            if picture.width * picture.height > _MAX_PIXELS:
                return DocumentText(media_type=MEDIA_TYPES[kind], flags=["needs_ocr", "truncated"], pages=1)
            text = _recognise(picture.convert("L"))
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise DocumentError(f"the picture cannot be read: {type(error).__name__}") from None
    flow = Flow(limits)
    flow.paragraph(text)
    return flow.finish(MEDIA_TYPES[kind], flags=["ocr"], pages=1)


def recognise_pages(file: pypdfium2.PdfDocument, numbers: list[int]) -> str | None:
    """The text of a PDF's pages rendered as pictures; None when recognition is not installed."""
    if not available():
        return None
    texts: list[str] = []
    for number in numbers[:_MAX_PAGES]:
        page = file[number]
        width, height = page.get_size()
        scale = min(_DOTS_PER_INCH / 72, (_MAX_PIXELS / max(1.0, width * height)) ** 0.5)
        texts.append(_recognise(page.render(scale=scale, grayscale=True).to_pil()))
        page.close()
    return "\n".join(t for t in texts if t)


def _recognise(picture: Any) -> str:
    import pytesseract

    return paragraphs(pytesseract.image_to_string(picture, lang=LANGUAGES, config="--psm 3"))


def paragraphs(text: str) -> str:
    """A recogniser's lines as paragraphs: its blanks between Chinese characters and its line breaks taken out."""
    result: list[str] = []
    for block in re.split(r"\n\s*\n", text):
        lines = [_closed_up(line) for line in clean(block).split("\n") if line]
        longest = max(map(len, lines), default=0)
        paragraph = ""
        for line in lines:
            paragraph = join(paragraph, line)
            if len(line) < 0.8 * longest or line[-1] in "。：:；;！？":
                result.append(paragraph)
                paragraph = ""
        if paragraph:
            result.append(paragraph)
    return "\n".join(result)


def _closed_up(line: str) -> str:
    pieces = line.split(" ")
    closed = pieces[0]
    for piece in pieces[1:]:
        beside_wide = bool(closed and piece) and (is_wide(closed[-1]) or is_wide(piece[0]))
        closed += piece if beside_wide else f" {piece}"
    return closed
