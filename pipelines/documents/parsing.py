"""One document's bytes to its text, in this process: the worker calls it; callers go through `read_document`."""

from __future__ import annotations

from collections.abc import Callable

from pipelines.documents.model import DocumentText, Limits
from pipelines.documents.sniff import ARCHIVES, IMAGES, MEDIA_TYPES, media_type_of_name, sniff
from pipelines.errors import DocumentError, DocumentLimitError, EncryptedDocumentError


def parse_document(raw: bytes, name: str | None, limits: Limits, *, ocr: bool = False) -> DocumentText:
    """Reads a file by its own bytes, whatever it is called; flag `media_type_mismatch` where its name says otherwise.

    Raises:
        EncryptedDocumentError: it needs a password.
        DocumentLimitError: it is larger than the limits.
        DocumentError: it is broken or of no readable kind.
    """
    if len(raw) > limits.size:
        raise DocumentLimitError(f"the file has {len(raw)} bytes, more than is read")
    kind = sniff(raw, name)
    document = _read(raw, kind, limits, ocr)
    promised = media_type_of_name(name)
    if promised is not None and promised != document.media_type and kind != "text":
        document.flag("media_type_mismatch")
    return document


def _read(raw: bytes, kind: str, limits: Limits, ocr: bool) -> DocumentText:
    """The readers are imported when they are needed: one worker reads many files of few kinds."""
    if kind in ARCHIVES:
        from pipelines.documents.archive import read_archive

        return read_archive(raw, kind, limits)
    if kind in IMAGES:
        from pipelines.documents.ocr import read_image

        return read_image(raw, kind, limits, ocr=ocr)
    if kind == "empty":
        return DocumentText(media_type=MEDIA_TYPES[kind], flags=["empty"])
    if kind == "encrypted":
        raise EncryptedDocumentError("the file needs a password")
    if kind == "pdf":
        from pipelines.documents.pdf import read_pdf

        return read_pdf(raw, limits, ocr=ocr)
    reader = _reader(kind)
    if reader is None:
        raise DocumentError(f"files of type {MEDIA_TYPES[kind]} are not read")
    return reader(raw, limits)


def _reader(kind: str) -> Callable[[bytes, Limits], DocumentText] | None:
    if kind in {"docx", "wordxml"}:
        from pipelines.documents import word

        return word.read_docx if kind == "docx" else word.read_word_xml
    if kind == "doc":
        from pipelines.documents.doc import read_doc

        return read_doc
    if kind == "ppt":
        from pipelines.documents.ppt import read_ppt

        return read_ppt
    if kind in {"xls", "xlsx", "xlsb", "ods"}:
        from pipelines.documents import excel

        return excel.read_xlsx if kind == "xlsx" else lambda raw, limits: excel.read_workbook(raw, kind, limits)
    if kind == "ofd":
        from pipelines.documents.ofd import read_ofd

        return read_ofd
    if kind == "rtf":
        from pipelines.documents.rtf import read_rtf

        return read_rtf
    if kind in {"pptx", "odt", "sheetxml"}:
        from pipelines.documents import other

        return {"pptx": other.read_pptx, "odt": other.read_odt, "sheetxml": other.read_sheet_xml}[kind]
    if kind in {"html", "mht", "xml", "csv", "text"}:
        from pipelines.documents import markup

        return {"html": markup.read_html, "mht": markup.read_mht, "xml": markup.read_xml, "csv": markup.read_csv}.get(
            kind, markup.read_plain
        )
    return None
