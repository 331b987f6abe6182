"""Attachment links: files that belong to the report, wherever their address is written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import accumulate
from urllib.parse import unquote

from pipelines.extraction import addresses, cleaning
from pipelines.extraction.dom import Block, Element, Page
from pipelines.extraction.survey import CRUMB, FILE, FOOT, LINKS, NOTICE, Survey
from pipelines.items import Attachment

MAX_FILES = 2_000
"""Attachments of one page that are listed."""

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
    r"/(?:download|downfile|downloadfile|filedownload|attachdownload|attach|attachment|fileservlet|"
    r"openfile)[\w.]*(?:[/?]|$)|"
    r"[?&](?:filename|fileurl|file|attachid|attachmentid|fileid|wbfileid|downloadfile)=",
    re.I,
)
_BOX = re.compile(
    r"附\s*件|附\s*表|附\s*录|相關檔案|檔案下載|相关(?:下载|文件)|文件下载|资料下载|点击下载|attachments?\b|downloads?\b|"
    r"documents?\b",
    re.I,
)
_BOX_NAME = re.compile(
    r"[\s_-](?:fj|fjxz|fjlist|fujian|attach\w*|appendix\w*|annex\w*|enclosure|filerider|accessory|downloads?|"
    r"files?)[\s_-]",
    re.I,
)
_PROGRAM = re.compile(r"阅读器|浏览器|播放器|客户端|插件|控件|APP下载|reader|player|plug-?in", re.I)
_CALLED = re.compile(
    r"[\"'(]((?:https?:)?[^\s\"'()<>]{1,400}\.(?:docx?|xlsx?|pptx?|pdf|wps|et|ofd|rar|zip|txt|csv))[\"')]",
    re.I,
)
_VIEWER = re.compile(r"viewer(?:\.html?)?\?(?:[^#]*&)?(?:file|url|src)=([^&#]+\.(?:pdf|ofd|docx?|xlsx?))", re.I)
_NUMBERED = re.compile(r"^\s*(?:[\[【(（]?\d{1,2}[\]】)）]?\s*[.、．]\s*|[●■◆·*>•]+\s*)")


def attachments(links: list[Element], base: str | None) -> list[Attachment]:
    """The attachments among links, each file once, in order."""
    out: dict[str, Attachment] = {}
    for link in links[: 10 * MAX_FILES]:
        if len(out) >= MAX_FILES:
            break
        found = attachment(link, base)
        if found is not None and found.url not in out:
            out[found.url] = found
    return list(out.values())


def named(links: list[tuple[Element, str]], base: str | None) -> list[Attachment]:
    """The attachments among links that have a text beside them: a link that only says 下载 is called by that text."""
    out: dict[str, Attachment] = {}
    for link, text in links:
        if found := attachment(link, base):
            bare = bool(link.text()) and cleaning.is_tools(found.name)
            out.setdefault(found.url, replace(found, name=text[:200]) if bare else found)
    return list(out.values())


def merged(first: list[Attachment], second: list[Attachment]) -> list[Attachment]:
    """Two lists as one, each file once."""
    out = {a.url: a for a in first}
    for other in second:
        out.setdefault(other.url, other)
    return list(out.values())


def absolute(listed: list[Attachment], base: str | None) -> list[Attachment]:
    """Attachments that an interface listed, their addresses made absolute."""
    return [Attachment(a.name, addresses.absolute(base, a.url), a.media_type) for a in listed]


def beside(page: Page, surveyed: Survey, first: int, last: int) -> list[tuple[Element, str]]:
    """Links to files outside the body that belong to it: in a box of attachments above or below it.

    Args:
        page: the walked page.
        surveyed: its blocks' kinds.
        first: the body's first block.
        last: the block after the body's last.

    Returns:
        The links with the text of their block; those between the body and the page's foot come as they stand.
    """
    blocks, kinds = page.blocks, surveyed.kinds
    foreign = [0, *accumulate(kind == LINKS for kind in kinds)]
    ends = next(
        (
            i
            for i in range(last, len(kinds))
            if kinds[i] in (CRUMB, NOTICE) or (kinds[i] == FOOT and not _BOX.search(blocks[i].text))
        ),
        len(kinds),
    )
    out: list[tuple[Element, str]] = []
    close = last  # the block that goes on with the files that follow on the text
    for link in page.links:
        at = link.first
        if first <= at < last or at >= len(blocks) or len(out) >= MAX_FILES or not is_file(link):
            continue
        if not link.text():
            # A frame or picture that shows a file: the report's own, where it stands between head and foot.
            if surveyed.head - 2 <= at <= max(ends, last):
                out.append((link, ""))
            continue
        text = blocks[at].text
        named = _name_before(blocks, at) if cleaning.is_tools(text) else None
        if (cleaning.is_tools(text) and not named) or cleaning.is_notice(text) or _PROGRAM.search(text):
            continue
        if at >= last:
            stopped = at > ends
            strangers = foreign[at] - foreign[last]
        else:
            stopped = not surveyed.head or at < surveyed.head - 12
            strangers = foreign[at] - foreign[max(0, at - 3)]
        titled = bool(named) or any(_BOX.search(b.text) for b in blocks[max(0, at - 4) : at + 1]) or _boxed(link)
        file = kinds[at] == FILE or (at == close and kinds[at] == LINKS and link.text().strip() == text.strip())
        if file and at == close:
            close, strangers = close + 1, 0
        if (titled and strangers <= 2) or (not stopped and at >= last and strangers == 0 and file):
            out.append((link, named or text))
    return out


def _name_before(blocks: Sequence[Block], at: int) -> str | None:
    """The file's name that stands before a bare 下载 in a row of a list of files."""
    return next((b.text for b in reversed(blocks[max(0, at - 4) : at]) if _kind_of_name(b.text)), None)


def _boxed(link: Element) -> bool:
    """Whether an element around the link is named as a box of attachments."""
    at = link.parent
    for _ in range(5):
        if at is None:
            return False
        if _BOX_NAME.search(at.names):
            return True
        at = at.parent
    return False


def is_file(link: Element) -> bool:
    """Whether a link leads to a file."""
    return attachment(link, None) is not None


def attachment(link: Element, base: str | None) -> Attachment | None:
    """One link as an attachment, None when it leads to no file."""
    address = link.get("oldsrc") or link.get("fileurl") or link.get("data-href") or ""
    href = link.get("href").strip()
    if not address and _leads_on(href):
        return None
    if not _kind(address):
        address = href
    if href[:11].lower() == "javascript:" or not href.strip("#"):
        called = _CALLED.search(href) or _CALLED.search(link.get("onclick"))
        if called:
            address = called[1]
    elif shown := _VIEWER.search(href):
        address = unquote(shown[1])
    kind = _kind(address)
    if kind is None and not _DOWNLOAD.search(address):
        return None
    if kind is None and not _kind_of_name(link.text()):
        return None
    text = _NUMBERED.sub("", link.text()).strip()
    if not text or cleaning.is_tools(text.replace("点击", "")):
        text = link.get("alt").strip() or link.get("title").strip() or text  # 点击下载, its file's name beside it
    if kind in _IMAGE and not text:
        return None
    url = addresses.absolute(base, address)
    name = text or unquote(addresses.parts(url).path.rsplit("/", 1)[-1])
    return Attachment(name, url, MEDIA_TYPES.get(kind or _kind_of_name(text) or ""))


@lru_cache(maxsize=8192)
def _leads_on(href: str) -> bool:
    """Whether an address by itself tells that it leads to no file; kept, because a site's pages share their menus."""
    if href[:11].lower() == "javascript:" or not href.strip("#"):
        return False
    return _kind(href) is None and not _DOWNLOAD.search(href) and not _VIEWER.search(href)


def _kind(address: str) -> str | None:
    """The file extension that an address ends in, in its path or in its query."""
    if not address or address[:11].lower() in ("javascript:", "mailto:"):
        return None
    parts = addresses.parts(address)
    for text in (parts.path, *re.split(r"[&=/]", unquote(parts.query))):
        found = _EXTENSION.search(text)
        if found and found[1].lower() in MEDIA_TYPES:
            return found[1].lower()
    return None


def _kind_of_name(text: str) -> str | None:
    found = re.search(r"\.([A-Za-z0-9]{2,4})\s*(?:[（(].{0,20}[)）])?$", text)
    return found[1].lower() if found and found[1].lower() in MEDIA_TYPES else None
