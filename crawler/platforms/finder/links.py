"""Links of a page: where they lead, what they are called, which of them can lead to a publication at all."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit, urlunsplit

from crawler.platforms.finder.dates import find_dates
from crawler.platforms.finder.dom import Document, Element
from crawler.platforms.finder.script import Scripts

DOCUMENTS = {
    ".pdf": "application/pdf", ".doc": "application/msword", ".xls": "application/vnd.ms-excel",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".wps": "application/vnd.ms-works", ".et": "application/vnd.ms-excel", ".ofd": "application/ofd",
    ".ppt": "application/vnd.ms-powerpoint", ".csv": "text/csv", ".rtf": "application/rtf",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".zip": "application/zip", ".rar": "application/vnd.rar", ".txt": "text/plain",
}  # fmt: skip
OTHER_FILES = (".jpg", ".jpeg", ".png", ".gif", ".bmp", ".svg", ".css", ".js", ".ico", ".mp3", ".mp4", ".exe", ".apk")
SESSION = re.compile(r";(?:jsessionid|phpsessid|aspsessionid\w*)=[^?#/]*", re.I)
SESSION_QUERY = re.compile(r"(?<=[?&])(?:jsessionid|phpsessid|aspsessionid\w*)=[^&#]*&?", re.I)
OPENED = re.compile(
    r"(?:window\.open|location(?:\.href)?\s*=|location\.(?:assign|replace))\s*\(?\s*['\"]([^'\"<>\s]{3,500})['\"]", re.I
)
CALLED = re.compile(r"[\w$.]{2,60}\s*\(\s*(?:this\s*,\s*)?['\"]((?:https?:)?/{0,2}[^'\"<>\s(){};]{2,480})['\"]", re.I)
PLACES = ("data-href", "data-url", "data-link", "data-src-url", "_href", "ahref")
"""Attributes from which a script takes the address of a row."""
PAGE_LIKE = re.compile(
    r"\.(?:s?html?|jhtml|jsp|aspx?|php|do|pdf|docx?|xlsx?|wps|ofd)(?:[?#]|$)|/\d{4,}|[?&]\w{0,12}id=\w", re.I
)
MINOR = re.compile(
    r"[\[【(（<《\s]*(?:(?:下\s*载|附件|查看|详[情细]|打印|收藏|分享|编辑|网页版|pdf|docx?|xlsx?|html?|download|view|read"
    r"|more|details?|full|share|print|open|web ?page|learn|see)[^\n]{0,24}"
    r"|(?:更多|阅读|全文|原文|(?:政策|相关|图片|文字)?(?:图解|解读)|视频)[^\n]{0,6})[\]】)）>》\s]*",
    re.I,
)
ATTACHED = re.compile(r"\s*[\[【(（]?\s*(?:相关)?附\s*件\s*[\d一二三四五]{0,2}\s*[\]】)）]?\s*[:：]")
COVER = re.compile(r"(?:/(?:index|default|list)?(?:\.\w{2,6})?|\.\w{2,6})$", re.I)
"""What a column's own page adds to the column's path."""
MAX_TRAILS = 20
TRAIL = re.compile(r"\s*(?:[您你]?\s*(?:现在|当前|目前|所在|的|所|在)*\s*位置)\s*(?:是|在)?\s*(?:[:：>》]|$)")
LINES = ("tr", "p", "ul", "ol", "dl")
"""What holds one line whose pieces may have elements of their own."""
HOME = re.compile(r"\s*(?:网站|本站)?\s*(?:[首主]\s*[页頁]|home)\s*", re.I)
STEP = re.compile(r"\s*(?:[>＞»›→/\\|-]|&gt;)+\s*")
BRACKETED = re.compile(r"\s*[\[【(（《].{1,12}[\]】)）》]\s*")
BAD_LABELS = re.compile(
    r"首\s?页|尾\s?页|末\s?页|上一?[页頁]|下一?[页頁]|前一?页|后一?页|跳\s?转|返回.{0,4}"
    r"|登\s?录|注\s?册|更多.{0,4}|more.{0,3}|home|next"
    r"|previous|(?:older|newer) (?:posts?|entries|news|items)|(?:posts?|entries|news|items) (?:older|newer)"
    r"|prev|last|first|(?:page )?suivante?|nächste(?: seite)?|weiter|siguiente|次へ?|前へ?|다음|이전"
    r"|确定|搜\s?索|设为首页"
    r"|加入收藏|网站地图|联系我们|关于我们|网站声明"
    r"|无障碍.{0,3}|\d{1,4}|[<>«»‹›…·\s]+|.{0,4}icp备.{0,20}"
    r"|.{0,3}公网安备.{0,20}",
    re.I,
)


@dataclass(slots=True, eq=False)
class Link:
    """A link that may lead to a publication."""

    element: Element
    url: str
    label: str
    minor: bool = False
    above: bool = False
    """It leads to a column around the page: it bounds rows and is none."""


def resolve(base: str, href: str) -> str | None:
    """The absolute http(s) address without fragment and session id, or None for what is not fetched."""
    href = "".join(href.split()).replace("\\", "/") if "\n" in href or "\\" in href else href.strip()
    if not href or href.startswith("#") or len(href) > 2000:
        return None
    try:
        url = urljoin(base, href)
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            return None
    except ValueError:
        return None
    if "/." in parts.path:  # an absolute address keeps its dots when it is joined
        url = urljoin(url, urlunsplit(("", "", parts.path, parts.query, parts.fragment)))
    if not parts.fragment.startswith(("/", "!")):
        url = url.split("#", 1)[0]
    if ";" in url or "sess" in url.lower():
        url = SESSION_QUERY.sub("", SESSION.sub("", url)).rstrip("?&")
    return url.replace(" ", "%20")


def target(element: Element, base: str, scripts: Scripts | None = None) -> str | None:
    """Where a link leads, also by `window.open('…')` or by a function of the page's that opens an address."""
    href = element.attrs.get("href", "")
    if href and not href.lower().lstrip().startswith(("javascript:", "#")):
        return resolve(base, href)
    for script in (element.attrs.get("onclick", ""), href):
        if script and (match := OPENED.search(script[:2000])):
            return resolve(base, match[1])
        if script and scripts and (found := scripts.outcome(script)) and found.url:
            return resolve(base, found.url)
        if script and (match := CALLED.search(script[:2000])) and PAGE_LIKE.search(match[1]):
            return resolve(base, match[1])
    for name in PLACES:
        if (value := element.attrs.get(name, "").strip()) and PAGE_LIKE.search(value):
            return resolve(base, value)
    return None


def _clickable(document: Document, element: Element) -> bool:
    """Whether an element that is no link leads somewhere when clicked, and holds no link of its own."""
    if element.tag not in ("li", "tr", "div", "p", "dd", "dt", "td", "span", "h3", "h4"):
        return False
    if "onclick" not in element.attrs and not any(name in element.attrs for name in PLACES):
        return False
    return not any(e.tag == "a" for e in document.elements[element.order + 1 : element.last + 1])


def base_url(document: Document, url: str) -> str:
    """The page's address, or what its first `<base href>` makes of it."""
    for element in document.elements:
        if element.tag == "base" and element.attrs.get("href"):
            return resolve(url, element.attrs["href"]) or url
        if element.tag == "body":
            break
    return url


def extension(url: str) -> str:
    """The lower-case file extension of an address, with the dot, or nothing."""
    name = urlsplit(url).path.rsplit("/", 1)[-1].lower()
    return "." + name.rsplit(".", 1)[-1] if "." in name else ""


def is_document(url: str) -> bool:
    """Whether the address names a document file."""
    return extension(url) in DOCUMENTS


def content_links(document: Document, url: str) -> list[Link]:
    """The links that can be publications: not navigation words, pagers, anchors, images or mail addresses."""
    base = base_url(document, url)
    own = url.split("#", 1)[0]
    links: list[Link] = []
    trail = _trail(document)
    for element in document.elements:
        if element.tag != "a" and not _clickable(document, element):
            continue
        where = target(element, base, document.scripts)
        if where is None or where == own or extension(where) in OTHER_FILES:
            continue
        label = document.text(element) or " ".join(element.attrs.get("title", "").split())
        if not label:
            label = next((c.attrs.get("alt", "") for c in element.children if c.tag == "img"), "").strip()
        if not label or BAD_LABELS.fullmatch(label):
            continue
        links.append(Link(element, where, label, above=element.order in trail or _above(where, own)))
    _mark_minor(links)
    for link in links:
        link.minor = link.minor or _is_attached(document, link)
    return links


def _above(where: str, own: str) -> bool:
    """Whether an address is a folder's around the page (`/zwgk.htm` of `/zwgk/tzgg/1.htm`): a column, no report."""
    there, here = urlsplit(where), urlsplit(own)
    if there.hostname != here.hostname or there.query:
        return False
    folder = COVER.sub("", there.path)
    return here.path.startswith(f"{folder}/") and not is_document(where)


def _trail(document: Document) -> set[int]:
    """The elements of 您的位置：首页 > 政务公开 > …; without its label by 首页 and the mark after it."""
    inside: set[int] = set()
    labelled = 0
    for i, piece in enumerate(document.pieces):
        following = document.pieces[i + 1] if i + 1 < len(document.pieces) else ""
        if not TRAIL.match(piece[:20]) and not (HOME.fullmatch(piece[:12]) and STEP.fullmatch(following)):
            continue
        if (labelled := labelled + 1) > MAX_TRAILS:
            break
        box = next((e for e in reversed(document.elements) if e.start <= i < e.end), None)
        while box is not None and not document.between(i + 1, box.end).strip():
            box = box.parent
        while (
            box is not None and box.parent is not None and box.parent.tag in LINES and _one_line(document, box.parent)
        ):
            box = box.parent  # each step in a cell of its own
        if box is not None and _one_line(document, box):
            inside.update(range(box.order, box.last + 1))
    return inside


def _one_line(document: Document, element: Element) -> bool:
    """Whether an element shows a short line without a date."""
    line = document.between(element.start, element.end)
    return len(line) <= 120 and not find_dates(line)


def _is_attached(document: Document, link: Link) -> bool:
    """Whether a file stands after 附件： in its line, as a row's companion does."""
    line = link.element.parent
    if line is None or not is_document(link.url):
        return False
    return bool(ATTACHED.match(" ".join(document.pieces[line.start : link.element.start])[:40]))


def _mark_minor(links: list[Link]) -> None:
    """Marks 下载, [详情] and category links that stand beside a title."""
    places: dict[tuple[str, str], int] = {}
    for link in links:
        places[link.url, link.label] = places.get((link.url, link.label), 0) + 1
    for link in links:
        words = link.label
        link.minor = bool(MINOR.fullmatch(words) and len(words) <= 30 and not re.search(r"[一-鿿]{9,}", words)) or bool(
            len(words) <= 14 and places[link.url, words] >= 3
        )
        if BRACKETED.fullmatch(words):
            link.minor = True
