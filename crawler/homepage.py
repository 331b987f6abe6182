"""A bureau's home page: recognised as such, and the columns of reports that it leads to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from crawler.platforms.base import Page
from crawler.platforms.finder import verdict
from crawler.platforms.finder.blocks import MORE, find_blocks
from crawler.platforms.finder.dom import Document, Element
from crawler.platforms.finder.links import base_url, is_document, target
from crawler.platforms.finder.rows import HEADINGS
from pipelines.messages import say

WORDS: tuple[tuple[float, str], ...] = (
    (1.0, r"工作总结|年度总结|工作报告|总结计划|annual reports?|activity reports?"),
    (
        0.95,
        r"年度报告|(?:政府)?信息公开(?:工作)?年度报告|信息公开年报|公开年报|年报|统计公报|统计数据|数据发布|统计信息|数据公开|统计分析|统计月报|statistics|statistical releases?",  # noqa: E501 - one pattern
    ),
    (0.85, r"通知公告|公告公示|公示公告|公告栏|通知通告|公告|公示|通告|notices?|announcements?|publications?|reports?"),
    (0.8, r"政策文件|规范性文件|行政规范性文件|政府文件|部门文件|文件通知|policies|policy documents|guidance|minutes"),
    (0.75, r"规划计划|规划统计|工作计划|发展规划|计划总结|统计|数据"),
    (0.7, r"法定主动公开内容|信息公开目录|公开目录|行政执法公示|财政信息|财政预决算|预算决算|预决算"),
    (0.6, r"政策解读|工作动态|警务动态|公安要闻|警务要闻|工作信息|press releases?|news"),
    (0.5, r"新闻动态|要闻|动态|安全提示|警情通报|事故通报|consultations?"),
)
SERVICE = re.compile(
    r"报送|直报|填报|登录|系统|平台|下载|说明$|指南|办事|申请|查询|开放$|小程序|客户端|login|sign in|download|help",
    re.I,
)
"""Words of services and forms: such a page takes or hands out something, it lists no reports."""
LIMIT = 40
ROOT = ("", "/index.html", "/index.htm", "/index.shtml", "/index.jsp", "/index.php", "/index.aspx", "/default.aspx")
PATH = re.compile(r"(?:当前|现在|所在|您的)(?:的)?位置|您(?:现)?在的?位置|你的位置|you are here", re.I)
TITLE_HOME = re.compile(r"首页|门户网站|官方网站|官网|home ?page|^home\b|welcome", re.I)


@dataclass(frozen=True, slots=True)
class FoundColumn:
    """A column that a home page leads to; `score` (0 to 1) says how surely it lists reports."""

    name: str
    url: str
    score: float


def _score(name: str) -> float:
    """How much a column's name promises."""
    for weight, pattern in WORDS:
        if re.fullmatch(pattern, name, re.I):
            return weight
    for weight, pattern in WORDS:
        if len(name) <= 24 and re.search(pattern, name, re.I):
            return weight * 0.85
    return 0.0


def _image_name(document: Document, element: Element) -> str:
    """What the image in a link is called."""
    inside = document.elements[element.order + 1 : element.last + 1]
    return next((e.attrs["alt"].strip() for e in inside if e.tag == "img" and e.attrs.get("alt", "").strip()), "")


def _heading_of(document: Document, more: Element) -> str | None:
    """The name of the box that a 更多 link stands in."""
    beside = [e for e in more.parent.children if e.order < more.order] if more.parent is not None else []
    if beside and beside[-1].tag in HEADINGS and 2 <= len(name := document.text(beside[-1])) <= 20:
        return name
    for holder in list(more.up())[:3]:
        text = document.text(holder)
        name = re.sub(r"[\[【(+]?\s*(?:查看)?(?:更多|more)\W{0,6}", "", text, flags=re.I).strip(" |·>»")
        if 2 <= len(name) <= 20:
            return name
        if len(text) > 60:
            return None
    return None


def find_columns(page: Page) -> list[FoundColumn]:
    """The columns of reports that a page links, surest first: by the links' names, and by the boxes with 更多."""
    document = Document(page.tree)
    base = base_url(document, page.url)
    blocks = find_blocks(document, page.url, zone="Asia/Shanghai")
    reports = {row.link.url for block in blocks if block.dated >= 0.5 for row in block.rows}
    found: dict[str, FoundColumn] = {}
    for element in document.elements:
        if element.tag != "a":
            continue
        url = target(element, base)
        if url is None or url in reports or is_document(url) or url.rstrip("/") == page.url.rstrip("/"):
            continue
        name = document.text(element) or element.attrs.get("title", "").strip() or _image_name(document, element)
        bonus = 0.0
        if MORE.fullmatch(name or "-"):
            heading = _heading_of(document, element)
            if heading is None:
                continue
            name, bonus = heading, 0.05
        if not 2 <= len(name) <= 40:
            continue
        score = _score(name) + bonus
        if (
            score < 0.4
            or SERVICE.search(name)
            or re.search(r"\d{6,}_?\d*\.s?html?$|/content/|[?&]id=\d{5,}", urlsplit(url).path)
        ):
            continue
        if urlsplit(url).hostname != urlsplit(page.url).hostname:
            score -= 0.15
        known = found.get(url)
        if known is None or known.score < score:
            found[url] = FoundColumn(name, url, round(min(score, 1.0), 2))
    return sorted(found.values(), key=lambda c: -c.score)[:LIMIT]


def lists_above(page: Page) -> list[FoundColumn]:
    """The lists that a report's page names as its own: its path (当前位置), and links to the folders above it."""
    document = Document(page.tree)
    base = base_url(document, page.url)
    host, folder = urlsplit(page.url).hostname, urlsplit(page.url).path.rpartition("/")[0] + "/"
    found: dict[str, FoundColumn] = {}
    for element in document.elements:
        url = target(element, base) if element.tag == "a" else None
        if url is None or urlsplit(url).hostname != host or is_document(url):
            continue
        name, path = document.text(element), urlsplit(url).path
        above = path.rpartition("/")[0] + "/"
        depth = above.count("/") if path != urlsplit(page.url).path and folder.startswith(above) else 0
        trail = any(PATH.search(document.text(e)[:80]) for e in list(element.up())[:3])
        if 2 <= len(name) <= 30 and path.rstrip("/") not in ROOT and (depth > 1 or trail):
            score = min(1.0, 0.4 + 0.1 * depth + 0.2 * trail + 0.001 * element.order / len(document.elements))
            if url not in found or found[url].score < score:
                found[url] = FoundColumn(name, url, round(score, 4))
    return sorted(found.values(), key=lambda c: -c.score)[:8]


def is_home_page(page: Page) -> bool:
    """Whether a page is a bureau's front page rather than one of its columns."""
    document = Document(page.tree)
    blocks = find_blocks(document, page.url, zone="Asia/Shanghai")
    if blocks and verdict.is_home(page, document, blocks):
        return True
    title = next((document.text(e) for e in document.elements if e.tag == "title"), "")
    root = urlsplit(page.url).path.rstrip("/") in ROOT and not urlsplit(page.url).query
    best = blocks[0] if blocks else None
    listed = best is not None and best.dated >= 0.5 and len(best.rows) >= 8
    more = any(e.tag == "a" and MORE.fullmatch(document.text(e) or "-") for e in document.elements)
    return root and not listed and (more or bool(TITLE_HOME.search(title)) or len(find_columns(page)) >= 4)


def refusal(page: Page) -> str | None:
    """The sentence for a user who gave a home page as column, naming the columns found; None for other pages."""
    if not is_home_page(page):
        return None
    columns = find_columns(page)[:6]
    if not columns:
        return say("{url} is a home page, not a column", url=page.url)
    names = "; ".join(f"{c.name} {c.url}" for c in columns)
    return say("{url} is a home page; its columns are: {names}", url=page.url, names=names)
