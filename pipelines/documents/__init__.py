"""From a document file's bytes to its text and tables, in a bounded subprocess."""

from __future__ import annotations

import asyncio

from pipelines.documents import isolate
from pipelines.documents.model import DocumentText, Limits
from pipelines.documents.parsing import parse_document
from pipelines.documents.sniff import MEDIA_TYPES, extension, media_type_of_name, sniff

DEFAULT_LIMITS = Limits()


def read_document(
    raw: bytes, *, name: str | None = None, limits: Limits = DEFAULT_LIMITS, isolated: bool = True, ocr: bool = False
) -> DocumentText:
    """The text and tables of a file (pdf, doc, wps, docx, xls, et, xlsx, ofd, rtf …), by its bytes, not its name.

    Blocking, thread-safe. Archives are listed; scanned pages are flagged `needs_ocr`, or read when `ocr` is asked for
    and the `[ocr]` extra is installed. `isolated=False` parses in this process: for files of one's own.

    Raises:
        EncryptedDocumentError: it needs a password.
        DocumentLimitError: it took more time, memory or size than allowed.
        DocumentError: it is broken or of no readable kind.
    """
    if isolated:
        return isolate.run(raw, name, limits, ocr=ocr)
    return parse_document(raw, name, limits, ocr=ocr)


async def read_document_async(
    raw: bytes, *, name: str | None = None, limits: Limits = DEFAULT_LIMITS, ocr: bool = False
) -> DocumentText:
    """`read_document` for event loops: waits in a thread."""
    return await asyncio.to_thread(read_document, raw, name=name, limits=limits, ocr=ocr)


__all__ = [
    "MEDIA_TYPES", "DocumentText", "Limits", "extension", "media_type_of_name", "read_document", "read_document_async",
    "sniff",
]  # fmt: skip
