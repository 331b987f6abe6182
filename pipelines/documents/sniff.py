"""What a file is, by its first bytes; the name decides only between formats that look alike."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "wordxml": "application/msword",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xlsb": "application/vnd.ms-excel.sheet.binary.macroenabled.12",
    "sheetxml": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "ofd": "application/ofd",
    "rtf": "application/rtf",
    "encrypted": "application/x-ole-storage",
    "ole": "application/x-ole-storage",
    "zip": "application/zip",
    "rar": "application/vnd.rar",
    "7z": "application/x-7z-compressed",
    "gzip": "application/gzip",
    "tar": "application/x-tar",
    "html": "text/html",
    "mht": "multipart/related",
    "xml": "application/xml",
    "png": "image/png",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "tiff": "image/tiff",
    "bmp": "image/bmp",
    "webp": "image/webp",
    "csv": "text/csv",
    "text": "text/plain",
    "empty": "application/x-empty",
    "binary": "application/octet-stream",
}
IMAGES = frozenset({"png", "jpeg", "gif", "tiff", "bmp", "webp"})
ARCHIVES = frozenset({"zip", "rar", "7z", "gzip", "tar"})

_MAGIC = (
    (b"Rar!\x1a\x07", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x1f\x8b\x08", "gzip"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_STREAMS = (
    ("EncryptedPackage", "encrypted"),
    ("WordDocument", "doc"),
    ("PowerPoint Document", "ppt"),
    ("Workbook", "xls"),
    ("Book", "xls"),
)
_ZIP_PARTS = (
    (b"word/document", "docx"),
    (b"xl/workbook.bin", "xlsb"),
    (b"xl/workbook", "xlsx"),
    (b"ppt/presentation", "pptx"),
    (b"OFD.xml", "ofd"),
    (b"application/vnd.oasis.opendocument.text", "odt"),
    (b"application/vnd.oasis.opendocument.spreadsheet", "ods"),
)
_ZIP_WINDOW = 1 << 16
_HTML = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|table|meta|title|script|style|div|p|span|br|center|font|h[1-6])[\s>/]", re.I
)
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")


def extension(name: str | None) -> str:
    """The lower-case extension of a file name or URL, without its dot; empty when there is none.

    >>> extension("https://a.gov.cn/P0201/附件1.DOCX?x=1")
    'docx'
    """
    if not name:
        return ""
    path = unquote(urlsplit(name).path) if "://" in name else name
    suffix = PurePosixPath(path.replace("\\", "/")).suffix[1:].lower()
    return suffix if suffix.isalnum() and len(suffix) <= 5 else ""


def sniff(raw: bytes, name: str | None = None) -> str:
    """The kind of a file: a key of MEDIA_TYPES."""
    if not raw:
        return "empty"
    head = raw[:1024]
    if b"%PDF-" in head:
        return "pdf"
    if raw.startswith(_OLE):
        return _sniff_ole(raw, name)
    if raw.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _sniff_zip(raw)
    for magic, kind in _MAGIC:
        if raw.startswith(magic):
            return kind
    if raw.startswith(b"RIFF") and raw[8:12] == b"WEBP":
        return "webp"
    if raw.startswith(b"BM") and len(raw) > 26 and int.from_bytes(raw[2:6], "little") == len(raw):
        return "bmp"
    if raw[257:262] == b"ustar":
        return "tar"
    return _sniff_text(raw, name)


def _sniff_ole(raw: bytes, name: str | None) -> str:
    for stream, kind in _OLE_STREAMS:
        if stream.encode("utf-16-le") + b"\x00\x00" in raw:
            return kind
    named = {"doc": "doc", "wps": "doc", "dot": "doc", "xls": "xls", "et": "xls", "ppt": "ppt", "dps": "ppt"}
    return named.get(extension(name), "ole")


def _sniff_zip(raw: bytes) -> str:
    ends = raw[:_ZIP_WINDOW] + raw[-_ZIP_WINDOW:]
    for part, kind in _ZIP_PARTS:
        if part in ends:
            return kind
    return "zip"


def _sniff_text(raw: bytes, name: str | None) -> str:
    head = raw[:4096]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head[: len(head) // 2 * 2].decode("utf-16", "replace").encode()
    elif len(_CONTROL.findall(head)) > len(head) // 50 and not _HTML.search(head):
        return "binary"  # a stray NUL or two is repaired, a file full of them is no text
    head = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if head.startswith(b"{\\rtf"):
        return "rtf"
    if re.match(rb"(?:mime-version|from|content-type|message-id|x-[\w-]+|date|subject):", head, re.I) and re.search(
        rb"multipart/related|text/html", raw[:8192], re.I
    ):
        return "mht"
    if head.startswith((b"<?xml", b"<w:", b"<pkg:", b"<Workbook")):
        if b"urn:schemas-microsoft-com:office:spreadsheet" in head:
            return "sheetxml"
        if (
            b"schemas.microsoft.com/office/word/2003/wordml" in head
            or b"schemas.microsoft.com/office/2006/xmlPackage" in head
        ):
            return "wordxml"
        if not _HTML.search(head):
            return "xml"
    if _HTML.search(head) or _HTML.search(raw[: 1 << 18]):
        return "html"
    return "csv" if extension(name) in {"csv", "tsv"} else "text"


def media_type_of_name(name: str | None) -> str | None:
    """The media type that a name's extension promises; None when it promises none."""
    alias = {
        "htm": "html", "shtml": "html", "jhtml": "html", "jpg": "jpeg", "tif": "tiff", "wps": "doc", "wpt": "doc",
        "et": "xls", "dps": "ppt", "txt": "text", "mhtml": "mht", "dot": "doc", "docm": "docx", "xlsm": "xlsx",
    }  # fmt: skip
    kind = extension(name)
    return MEDIA_TYPES.get(alias.get(kind, kind))
