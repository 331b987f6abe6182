"""What a response is, by its bytes and headers as they are, not as they claim: text of headers, media type, page."""

from __future__ import annotations

import hashlib
import re

from scrapy.http import Headers, Response

from crawler.platforms.base import Page

CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})", re.I)
MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"{\\rtf", "application/rtf"),
    (b"\x89PNG", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"\x1f\x8b", "application/gzip"),
)
HTML_START = re.compile(
    rb"\s*(?:<!--.{0,400}?-->\s*)?<(?:!doctype html|html|head|body|title|meta|div|script|p|table)\b", re.I | re.S
)


def header_text(value: bytes) -> str:
    """A header's bytes as text: servers send UTF-8 and GBK where the standard allows neither."""
    for encoding in ("utf-8", "gb18030"):
        try:
            return value.decode(encoding)
        except UnicodeDecodeError:
            continue
    return value.decode("latin-1")


def header_map(headers: Headers) -> dict[str, str]:
    """All headers, lower-case names; repeated ones joined by a comma (cookies by a line break)."""
    result = {}
    for name, values in headers.items():
        key = header_text(name).lower()
        result[key] = ("\n" if key == "set-cookie" else ", ").join(header_text(v) for v in values)
    return result


def header(response: Response, name: str) -> str | None:
    """One header as text."""
    value = response.headers.get(name)
    return header_text(value) if value else None


def media_type(response: Response) -> str | None:
    """The media type by the first bytes where they tell, else as declared."""
    start = response.body[:1024].lstrip(b"\xef\xbb\xbf")
    for magic, name in MAGIC:
        if start.startswith(magic):
            return name
    if HTML_START.match(start):
        return "text/html"
    declared = header(response, "Content-Type")
    return declared.split(";")[0].strip().lower()[:100] or None if declared else None


def charset(response: Response) -> str | None:
    """The charset that the Content-Type header declares."""
    match = CHARSET.search(response.headers.get("Content-Type") or b"")
    return match[1].decode("ascii").lower() if match else None


def is_document(response: Response) -> bool:
    """Whether the bytes are a file (pdf, office, archive …) rather than a page."""
    kind = media_type(response) or ""
    return kind in {name for _, name in MAGIC if name.startswith("application/")} or kind.startswith("image/")


def to_page(response: Response) -> Page:
    """The response as platforms see it."""
    return Page(
        url=response.url,
        raw=response.body,
        status=response.status,
        media_type=media_type(response),
        charset=charset(response),
        headers=header_map(response.headers),
    )


def digest(raw: bytes) -> str:
    """The fingerprint by which bytes are known to be the same as last time."""
    return hashlib.sha256(raw).hexdigest()
