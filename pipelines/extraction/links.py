"""Attachment links: files that belong to the report, wherever their address is written."""

from __future__ import annotations

import re
from urllib.parse import unquote, urljoin, urlsplit

from pipelines.extraction.dom import Element
from pipelines.items import Attachment

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "wps": "application/vnd.ms-works",
    "et": "application/vnd.ms-excel",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt": "application/vnd.ms-powerpoint",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "ofd": "application/ofd",
    "rtf": "application/rtf",
    "csv": "text/csv",
    "txt": "text/plain",
    "zip": "application/zip",
    "rar": "application/vnd.rar",
    "7z": "application/x-7z-compressed",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "tif": "image/tiff",
    "tiff": "image/tiff",
}
_IMAGE = frozenset(("jpg", "jpeg", "png", "gif", "tif", "tiff"))
_EXTENSION = re.compile(r"\.([A-Za-z0-9]{2,4})$")
_DOWNLOAD = re.compile(
    r"/(?:download|downfile|downloadfile|filedownload|attachdownload|attach|attachment|fileservlet|openfile)[\w.]*(?:[/?]|$)|"
    r"[?&](?:filename|fileurl|file|attachid|attachmentid|fileid|wbfileid|downloadfile)=",
    re.I,
)
_NUMBERED = re.compile(r"^\s*(?:[\[【(（]?\d{1,2}[\]】)）]?\s*[.、．]\s*|[●■◆·*>•]+\s*)")


def attachments(links: list[Element], base: str | None) -> list[Attachment]:
    """The attachments among links, each file once, in order."""
    out: dict[str, Attachment] = {}
    for link in links:
        found = attachment(link, base)
        if found is not None and found.url not in out:
            out[found.url] = found
    return list(out.values())


def attachment(link: Element, base: str | None) -> Attachment | None:
    """One link as an attachment, None when it leads to no file."""
    address = link.get("oldsrc") or link.get("fileurl") or link.get("data-href") or ""
    href = link.get("href").strip()
    if not _kind(address):
        address = href
    kind = _kind(address)
    if kind is None and not _DOWNLOAD.search(address):
        return None
    if kind is None and not _kind_of_name(link.text()):
        return None
    text = _NUMBERED.sub("", link.text()).strip() or link.get("title").strip()
    if kind in _IMAGE and not text:
        return None
    url = urljoin(base or "", address)
    name = text or unquote(urlsplit(url).path.rsplit("/", 1)[-1])
    return Attachment(name, url, MEDIA_TYPES.get(kind or _kind_of_name(text) or ""))


def _kind(address: str) -> str | None:
    """The file extension that an address ends in, in its path or in its query."""
    if not address or address[:11].lower() in ("javascript:", "mailto:"):
        return None
    parts = urlsplit(address)
    for text in (parts.path, *re.split(r"[&=/]", unquote(parts.query))):
        found = _EXTENSION.search(text)
        if found and found[1].lower() in MEDIA_TYPES:
            return found[1].lower()
    return None


def _kind_of_name(text: str) -> str | None:
    found = re.search(r"\.([A-Za-z0-9]{2,4})\s*(?:[（(].{0,20}[)）])?$", text)
    return found[1].lower() if found and found[1].lower() in MEDIA_TYPES else None
