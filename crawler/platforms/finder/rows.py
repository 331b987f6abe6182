"""One row of a list: its whole title, its date, its numbers, whether it is pinned or a file."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from crawler.platforms.finder.dates import Found, find_dates, find_short, is_only_date, plain
from crawler.platforms.finder.dom import Document, Element
from crawler.platforms.finder.links import DOCUMENTS, Link, extension, is_document
from crawler.platforms.finder.months import Order
from pipelines.items import Attachment, Hints

BULLETS = "·•●○■□◆◇▪▫►▶▸»›>－—-|*★☆◎※ \t\r\n\xa0\u3000\u200b\ufeff"
CUT = re.compile(r"(?:\.{2,}|…+|。{3,})\s*$")
PINNED = re.compile(r"^[\s\[【(（]*置\s*顶[\]】)）]?\s*[:：]?\s*|[\[【(（]\s*(?:置\s*)?顶\s*[\]】)）]")
NEW = re.compile(r"^[\[【(（]?\s*(?:new|最新|热|hot)\s*[\]】)）!！]?\s*$", re.I)
TITLE_LABEL = re.compile(r"^(?:标\s*题|文章标题|名\s*称|信息名称)\s*[:：]\s*")
TAIL_DATE = re.compile(
    r"\s*[\[【(（<]\s*(?:发布(?:时间|日期)\s*[:：]?\s*)?(?:19|20)\d\d[-./年]\d{1,2}[-./月]\d{1,2}日?(?:\s+[\d:]{4,8})?\s*[\]】)）>]\s*$"
)
EDGE_DATE = re.compile(
    r"^(?:19|20)\d\d[-./]\d{1,2}[-./]\d{1,2}(?:\s+[\d:]{4,8})?\s+|\s+(?:19|20)\d\d[-./]\d{1,2}[-./]\d{1,2}(?:\s+[\d:]{4,8})?$"
)
FILE_SIZE = re.compile(
    r"\s*[\[(（【]\s*(?:(?:pdf|docx?|xlsx?|wps|ofd|csv)\W{0,3})?[\d.,]+\s?(?:bytes|[km]i?b)\s*(?:\W{0,3}(?:pdf|docx?|xlsx?))?[\])）】]\s*$",
    re.I,
)
FILE_NAME = re.compile(r"(?<=\S)\.(?:pdf|docx?|xlsx?|wps|ofd|et|csv|rar|zip)$", re.I)
BLOCKS = ("p", "div", "li", "td", "dd", "dt", "section")
LABEL = re.compile(r"[\w\s]{2,8}[:：]")
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6", "dt", "strong")

COLUMNS: dict[str, tuple[str, ...]] = {
    "index_number": ("索引号", "索引编号", "信息索引号"),
    "document_number": ("文号", "发文字号", "文件编号", "发文号", "文件字号", "document number", "reference"),
    "publisher": ("发布机构", "发文机关", "发布单位", "公开机构", "发文单位", "制发机关", "发布部门", "公开责任部门", "信息来源", "责任部门"),  # noqa: E501 - one pattern
    "published": ("发布日期", "发布时间", "公开日期", "公布日期", "公布时间", "公开时间", "发文日期", "发文时间", "日期", "时间", "date", "published"),  # noqa: E501 - one pattern
    "drafted": ("成文日期", "成文时间", "生成日期", "印发日期", "形成日期"),
    "validity": ("有效性", "文件有效性", "效力状态", "是否有效", "文件状态", "时效性", "效力"),
    "subject": ("主题分类", "主题词", "体裁分类", "信息分类", "分类"),
    "title": ("名称", "标题", "信息名称", "文件名称", "文件标题", "公文名称", "信息标题", "title", "name", "document", "report"),  # noqa: E501 - one pattern
}  # fmt: skip
MEANING = {label: key for key, labels in COLUMNS.items() for label in labels}


@dataclass(slots=True, eq=False)
class Row:
    """A row as found; `before` and `after` are runs of text pieces beside it in flat lists."""

    link: Link
    element: Element
    others: list[Link] = field(default_factory=list)
    title: str = ""
    dates: list[Found] = field(default_factory=list)
    short: Found | None = None
    year: int | None = None


def clean_title(text: str) -> tuple[str, bool]:
    """A title without bullets, 置顶 marks and an appended date; whether it was marked pinned."""
    text = " ".join(text.replace("\u200b", "").split()).strip(BULLETS)
    stripped = PINNED.sub("", text)
    pinned = stripped != text
    text = TITLE_LABEL.sub("", stripped.strip(BULLETS))
    text = TAIL_DATE.sub("", text) or text
    text = EDGE_DATE.sub("", text) or text
    text = FILE_SIZE.sub("", text) or text
    text = FILE_NAME.sub("", text) or text
    return text.strip(BULLETS) if text.strip(BULLETS) else text.strip(), pinned


def _words_meet(left: str, right: str) -> bool:
    """Whether two pieces would run together as words; digits beside digits are one number in several elements."""
    return left.isascii() and right.isascii() and not (left.isdigit() and right.isdigit())


def _joined(parts: list[str]) -> str:
    """Pieces as one line: a space only where Latin words would run together."""
    text = ""
    if len(parts) > 5 and sum(len(p.strip()) <= 1 for p in parts) > 0.8 * len(parts):
        return "".join(p.strip() for p in parts)  # every character in an element of its own
    for part in parts:
        squeezed = " ".join(part.split())
        spaced = part[:1].isspace() or (text and text[-1].isspace())
        if text and squeezed and (spaced or _words_meet(text[-1], squeezed[0])):
            text = text.rstrip() + " "
        text += squeezed + (" " if part[-1:].isspace() else "")
    return text.strip()


PART = re.compile(r"\s*(?:(?:19|20)\d\d(?:[-./年]\d\d?)?月?|\d\d?日?|\d\d?[-./月]\d\d?日?)\s*")


def _without_dates(parts: list[str]) -> list[str]:
    """Pieces of a link without those at its ends that are a date, whole or in two parts (`08`, `2022-01`)."""
    kept = list(parts)
    for ends in (slice(0, 2), slice(-2, None)):
        pair = kept[ends]
        if len(kept) > 2 and all(PART.fullmatch(p) for p in pair) and is_only_date(" ".join(pair)):
            del kept[ends]
    return [p for p in kept if not is_only_date(p)] or parts


def own_title(document: Document, link: Link) -> str:
    """What the link itself is called, without dates and badges inside it."""
    element = link.element
    inside = document.elements[element.order + 1 : element.last + 1]
    for child in inside:
        if child.tag in HEADINGS and child.end > child.start:
            text = _joined(document.pieces[child.start : child.end])
            if len(text) >= 4 and not is_only_date(text):
                return text
    parts = [p for p in document.pieces[element.start : element.end] if not NEW.match(p)]
    if len(parts) > 1:
        parts = _without_dates(parts)
    text = _joined(parts)
    if (first := _first_block(document, inside)) and len(first) < len(text):
        return first
    image = next((" ".join(c.attrs["alt"].split()) for c in inside if c.tag == "img" and c.attrs.get("alt")), "")
    return text or image or title_attribute(document, element)


def _first_block(document: Document, inside: list[Element]) -> str | None:
    """Of a link that wraps a whole row, the block that is the title: the first of a title's length."""
    blocks = [c for c in inside if c.tag in BLOCKS and c.end > c.start]
    orders = {c.parent.order for c in blocks if c.parent is not None}
    leaves = [_joined(document.pieces[c.start : c.end]) for c in blocks if c.order not in orders]
    if len(leaves) < 2:
        return None
    named = [t for t in leaves if len(t) >= 4 and not LABEL.match(t) and not is_only_date(t) and not PART.fullmatch(t)]
    return next((t for t in named if len(t) >= 8), max(named, key=len, default=None))


def title_attribute(document: Document, element: Element) -> str:
    """The `title` of a link, or of the first element in it that has one."""
    inside = document.elements[element.order : element.last + 1]
    return next((value for e in inside if (value := e.attrs.get("title", "").strip())), "")


def whole_title(shown: str, attribute: str) -> str:
    """The `title` attribute where the text is cut or missing; the text otherwise."""
    attribute = attribute.replace("\r", "\n").strip().split("\n", 1)[0]
    attribute, _ = clean_title(attribute)
    shown = shown.strip()
    head = CUT.sub("", shown).strip()
    if not head:
        return attribute or shown
    squeeze = "".join
    same = squeeze(attribute.split()).startswith(squeeze(head.split())[:200])
    if attribute and same and len(attribute) > len(head) and (CUT.search(shown) or len(attribute) < len(head) + 80):
        return attribute
    if attribute and CUT.search(shown) and len(attribute) >= len(head) and attribute[:4] == head[:4]:
        return attribute
    return shown


def is_pinned(document: Document, row: Row) -> bool:
    """A 置顶 mark in the row: as text of its own, or as an image."""
    for child in document.elements[row.element.order : row.element.last + 1]:
        if child.tag == "img" and re.search(
            r"置顶|zhiding|/top\.|icon_?top", child.attrs.get("alt", "") + child.attrs.get("src", ""), re.I
        ):
            return True
    pieces = document.pieces[row.element.start : row.element.end]
    return any(re.fullmatch(r"[\s\[【(（]*(?:置\s*)?顶[\s\]】)）]*", p) for p in pieces)


def read_dates(row: Row, text: str, zone: str, order: Order | None) -> None:
    """Sets the row's dates from a text of or beside it."""
    row.dates = find_dates(text, zone=zone, order=order)
    if not row.dates:
        row.short = find_short(text)


def outside_text(document: Document, row: Row) -> str:
    """The row's text without the link's, so that a date in a title is not taken for the row's."""
    a, e = row.link.element, row.element
    return document.between(e.start, a.start) + " \n " + document.between(a.end, e.end)


def header_of(document: Document, row: Element) -> list[str] | None:
    """The column labels of the table that a `tr` stands in, if its first rows have known ones."""
    table = next((n for n in row.up() if n.tag == "table"), None)
    if table is None:
        return None
    for element in document.elements[table.order : min(table.last + 1, table.order + 400)]:
        if element.tag == "tr":
            cells = [c for c in element.children if c.tag in ("td", "th")]
            labels = ["".join(plain(document.text(c)).split()).lower().rstrip(":：") for c in cells]
            if sum(label in MEANING for label in labels) >= 2:
                return labels
            if element is row:
                return None
    return None


def table_hints(document: Document, row: Row, hints: Hints, zone: str) -> None:
    """Fills hints from a table row whose columns are labelled."""
    tr = (
        row.link.element
        if row.link.element.tag == "tr"
        else next((n for n in row.link.element.up() if n.tag == "tr"), None)
    )
    if tr is None or (labels := header_of(document, tr)) is None:
        return
    cells = [c for c in tr.children if c.tag in ("td", "th")]
    if len(cells) != len(labels):
        return
    for label, cell in zip(labels, cells, strict=True):
        key, value = MEANING.get(label), document.text(cell)
        if not key or not value or key == "title" or len(value) > 200:
            continue
        if key in ("published", "drafted"):
            if found := find_dates(value, zone=zone):
                setattr(hints, key, found[0].stamp)
        elif getattr(hints, key) is None:
            setattr(hints, key, value)


def title_beside(document: Document, row: Row) -> str | None:
    """The title of a row whose only link opens it: the cell of that column, else the longest piece without a date."""
    labels = header_of(document, row.element) if row.element.tag == "tr" else None
    cells = [c for c in row.element.children if c.tag in ("td", "th")]
    if labels and len(labels) == len(cells):
        named = [document.text(c) for label, c in zip(labels, cells, strict=True) if MEANING.get(label) == "title"]
        if named and named[0]:
            return named[0]
    pieces = document.pieces[row.element.start : row.element.end]
    longest = max((" ".join(p.split()) for p in pieces if not is_only_date(p)), key=len, default="")
    return longest if len(longest) >= 6 else None


LABELLED_IN_ROW = (
    ("index_number", re.compile(r"索\s*引\s*号\s*[:：]\s*([\w/\-—]{5,60})")),
    ("document_number", re.compile(r"(?:发文字号|文\s*号)\s*[:：]\s*([^\s,，;；|]{4,40}号)")),
    ("publisher", re.compile(r"(?:发布机构|发文机关|发布单位|发布部门)\s*[:：]\s*([^\s,，;；|:：]{3,40})")),
    ("drafted", re.compile(r"成文日期\s*[:：]\s*([\d年月日./-]{6,14})")),
    ("validity", re.compile(r"(?:有效性|文件状态)\s*[:：]\s*([^\s,，;；|:：]{2,10})")),
)  # fmt: skip


def label_hints(text: str, hints: Hints, zone: str) -> None:
    """Fills hints from `索引号：…` and its like in the row's own text."""
    for key, pattern in LABELLED_IN_ROW:
        if getattr(hints, key) is None and (match := pattern.search(text[:2000])):
            value: object = match[1]
            if key == "drafted":
                found = find_dates(match[1], zone=zone)
                value = found[0].stamp if found else None
            setattr(hints, key, value)


def attachments(others: list[Link], main: str) -> list[Attachment]:
    """The row's further links to files."""
    seen: dict[str, Attachment] = {}
    for other in others:
        if other.url != main and is_document(other.url):
            seen.setdefault(other.url, Attachment(other.label, other.url, DOCUMENTS.get(extension(other.url))))
    return list(seen.values())
