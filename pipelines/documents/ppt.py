"""Words of binary PowerPoint files, .ppt and .dps ([MS-PPT]): the text atoms of the slides in the order of the file."""

from __future__ import annotations

import io
import struct

import olefile

from pipelines.documents.flow import Flow
from pipelines.documents.model import DocumentText, Limits
from pipelines.documents.sniff import MEDIA_TYPES
from pipelines.errors import DocumentError, EncryptedDocumentError

_WIDE, _NARROW = 0x0FA0, 0x0FA8
_SLIDE = 0x03EE
_MAX_RECORDS = 500_000


def read_ppt(raw: bytes, limits: Limits) -> DocumentText:
    """A .ppt file."""
    try:
        with olefile.OleFileIO(io.BytesIO(raw)) as ole:
            if ole.exists("EncryptedSummary"):
                raise EncryptedDocumentError("the slides need a password")
            data = bytes(ole.openstream("PowerPoint Document").read())
    except (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError, struct.error):
        raise DocumentError("the slides cannot be read") from None
    flow = Flow(limits)
    slides = position = 0
    seen: set[str] = set()
    for _ in range(_MAX_RECORDS):
        if position + 8 > len(data):
            break
        version, kind, size = struct.unpack_from("<HHI", data, position)
        position += 8
        slides += kind == _SLIDE
        if version & 0xF == 0xF:
            continue  # a container: its records follow
        if kind in {_WIDE, _NARROW}:
            body = data[position : position + size]
            text = body.decode("utf-16-le", "replace") if kind == _WIDE else body.decode("latin-1")
            if text not in seen:  # saved changes leave the older copies in the file
                seen.add(text)
                flow.paragraph(text)
        position += size
    return flow.finish(MEDIA_TYPES["ppt"], pages=slides)
