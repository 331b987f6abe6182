"""What a page is when it is no listing: an error, a challenge, a login, a file, a home page, a report, a calendar."""

from __future__ import annotations

import json
import re
from urllib.parse import urlsplit

from crawler.challenges import challenge_of
from crawler.platforms.base import Page
from crawler.platforms.finder.blocks import MORE, Block
from crawler.platforms.finder.dom import Document
from pipelines.errors import ListingError
from pipelines.extraction.softerror import classify
from pipelines.messages import say

MAGIC = ((b"%PDF", "PDF"), (b"PK\x03\x04", "Office/ZIP"), (b"\xd0\xcf\x11\xe0", "Office"), (b"Rar!", "RAR"), (b"\x89PNG", "PNG"), (b"\xff\xd8\xff", "JPEG"), (b"GIF8", "GIF"))  # fmt: skip  # noqa: E501 - one pattern
FOOT = re.compile(r"版权所有|主办|承办|备案|地址|电话|传真|邮编|标识码|技术支持|copyright|all rights", re.I)
EMPTY = re.compile(
    r"暂\s*无\s*(?:相关)?\s*(?:信息|数据|内容|记录|文章|公告|资料)|没有(?:找到|检索到|查询到)?(?:任何|相关)?\s*(?:信息|数据|记录|内容)|查无(?:数据|记录)|无相关(?:信息|数据|记录)|no (?:results|records|documents|items|publications|entries)(?: were)?(?: found| available)?|there are (?:currently )?no ",  # noqa: E501 - one pattern
    re.I,
)


def file_kind(page: Page) -> str | None:
    """The kind of file that the bytes are, when they are no text."""
    head = page.raw[:8].lstrip(b"\xef\xbb\xbf")
    return next((kind for magic, kind in MAGIC if head.startswith(magic)), None)


def says_empty(text: str) -> bool:
    """Whether a short text declares that there is nothing (`暂无信息`)."""
    return bool(EMPTY.search(text[:20_000]))


def refuse_broken(page: Page) -> None:
    """Refuses what can be no listing of any platform: errors, files, challenges, blank pages.

    Raises:
        ListingError: names what it is instead.
    """
    if page.status >= 400:
        raise ListingError(say("The address answers with HTTP status {status}", status=page.status),
                           failure="http-4xx" if page.status < 500 else "http-5xx")  # fmt: skip
    if kind := file_kind(page):
        raise ListingError(say("This is a {kind} file, not a list", kind=kind),
                           cure=say("Give the page that lists such files"), failure="not-a-listing")  # fmt: skip
    if not page.raw.strip():
        raise ListingError(say("The page is empty"))


def refuse_challenge(page: Page) -> None:
    """Refuses challenge and error pages that come with status 200.

    Raises:
        ListingError: names what it is instead.
    """
    if kind := challenge_of(page.status, page.headers, page.raw):
        raise ListingError(
            say("The host answers with a challenge page ({kind})", kind=kind),
            cure=say("It is reported as blocked and never solved; ask the bureau for access"),
            failure="blocked",
        )


def refuse_error_page(page: Page, document: Document) -> None:
    """Refuses a page without a list that says that it does not exist, or that the site is down.

    Raises:
        ListingError: quotes what the page says of itself.
    """
    title = next((e for e in document.elements if e.tag == "title"), None)
    heading = document.text(title) if title is not None else ""
    links = [e for e in document.elements if e.tag == "a"]
    covered = {n for e in links for n in range(e.start, e.end)}
    lines = [p for n, p in enumerate(document.pieces) if n not in covered and (title is None or n >= title.end)]
    body = "\n".join(line.strip() for line in lines if not FOOT.search(line))
    markup = page.text[:65_536]
    found = classify(title=heading, lines=lines, body=body, markup=markup, url=page.url, links=len(links))
    found = found or classify(title=heading, lines=(), body="")
    if found is None or found.kind == "login_page":
        return
    failure = {"soft_404": "soft-404", "blocked": "blocked"}.get(found.kind, "http-5xx")
    raise ListingError(say("The page says: {text}", text=found.evidence), failure=failure,
                       cure=say("Open the address in a browser: it may have moved"))  # fmt: skip


def json_error(data: object) -> str | None:
    """The error that a JSON answer reports in its own fields, if it does."""
    if not isinstance(data, dict):
        return None
    message = next(
        (
            str(data[k])
            for k in ("message", "msg", "errmessage", "errmsg", "error", "info", "resultMsg")
            if isinstance(data.get(k), str) and data[k]
        ),
        "",
    )
    bad = data.get("success") is False or data.get("error") is True or str(data.get("success")).lower() == "false"
    for key in ("code", "state", "status", "errcode", "num", "ret"):
        value = data.get(key)
        if isinstance(value, (int, str)) and not isinstance(value, bool) and re.fullmatch(r"-?\d+", str(value)):
            bad = bad or int(value) < 0 or int(value) >= 400
    return (message or json.dumps(data, ensure_ascii=False)[:120]) if bad else None


def refuse_other_pages(page: Page, document: Document, blocks: list[Block], paged: bool) -> None:
    """Refuses readable pages that are no list of publications.

    Raises:
        ListingError: names what the page is, and what to give instead.
    """
    best = blocks[0] if blocks else None
    dated = best is not None and best.dated >= 0.5 and len(best.rows) >= 3
    password = any(
        e.tag == "input" and e.attrs.get("type", "").lower() == "password" and not e.hidden for e in document.elements
    )
    if password and not dated:
        raise ListingError(say("This is a login page"), cure=say("Give a page that can be read without logging in"),
                           failure="not-a-listing")  # fmt: skip
    if is_calendar(document) and not dated:
        raise ListingError(say("This is a calendar, not a list of publications"), failure="not-a-listing")
    if is_home(page, document, blocks) and not paged:
        raise ListingError(say("This looks like a home page: several lists, each of them cut"),
                           cure=say("Give one of its columns; `bureauwatch sources probe` names them"),
                           failure="not-a-listing")  # fmt: skip
    if is_detail(document, blocks) and not paged:
        raise ListingError(say("This is a single publication, not a list"), cure=say("Give the column that lists it"),
                           failure="not-a-listing")  # fmt: skip


def is_calendar(document: Document) -> bool:
    """A table of seven columns full of day numbers."""
    for table in document.elements:
        if table.tag != "table":
            continue
        cells = [document.text(e) for e in document.elements[table.order : table.last + 1] if e.tag == "td"]
        days = sum(bool(re.match(r"\d{1,2}\b", c)) for c in cells)
        if len(cells) in range(28, 50) and days >= 28:
            return True
    return False


def is_home(page: Page, document: Document, blocks: list[Block]) -> bool:
    """Several dated lists with 更多 links, none of them clearly the page's own."""
    strong = [b for b in blocks if b.dated >= 0.5 and len(b.rows) >= 3 and b.score >= 0.5 * blocks[0].score]
    more = sum(
        1
        for e in document.elements
        if e.tag == "a" and MORE.fullmatch(document.text(e) or e.attrs.get("title", "") or "-")
    )
    root = urlsplit(page.url).path.rstrip("/") in (
        "",
        "/index.html",
        "/index.htm",
        "/index.shtml",
        "/index.jsp",
        "/index.php",
        "/default.aspx",
    )
    return (len(strong) >= 3 and more >= 2) or (root and len(strong) >= 2 and more >= 2)


def is_detail(document: Document, blocks: list[Block]) -> bool:
    """The mandated meta tags of an article, or a long text beside which the lists are small."""
    metas = {
        e.attrs.get("name", e.attrs.get("property", "")).lower(): e.attrs.get("content", "").strip()
        for e in document.elements
        if e.tag == "meta"
    }
    best = blocks[0] if blocks else None
    listed = sum(len(r.title) for r in best.rows) if best else 0
    prose = sum(len(p) for p in document.pieces if len(p) >= 40)
    article = bool(metas.get("articletitle") or metas.get("pubdate"))
    many = best is not None and best.dated >= 0.6 and len(best.rows) >= 8
    if article and not many:
        return True
    if best is not None and best.aside and not best.pager:
        inside = sum(
            len(p) for p in document.pieces[best.rows[0].element.start : best.rows[-1].element.end] if len(p) >= 40
        )
        return prose - inside > max(300, 2 * listed)
    if best is not None and best.dated >= 0.5 and len(best.rows) >= 3 and 15 * listed > prose:
        return False
    return prose > 1500 and prose > 3 * listed
