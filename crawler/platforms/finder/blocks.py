"""Blocks of alike rows: links that stand in the same place of repeated structure, and which block is THE list."""

from __future__ import annotations

import itertools
import math
import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from crawler.platforms.finder import dates as row_dates
from crawler.platforms.finder import rows as row_reading
from crawler.platforms.finder.dom import Document, Element
from crawler.platforms.finder.links import Link, content_links, is_document
from crawler.platforms.finder.months import Order, order_of
from crawler.platforms.finder.rows import Row

MANY = "\0many"
ASIDE = re.compile(
    r"(?:^|[\s_-])(?:nav|menu|foot(?:er)?|copyright|crumbs?|breadcrumbs?|sidebar|aside|friend(?:link)?s?|yqlj|hot(?:news)?|rank|recommend|related|banner"
    r"|share|toolbar|login|links)(?:$|[\s_\d-])"
)
SIDE_HEADING = re.compile(
    r"热门|热点|推荐|相关(?:链接|文章|新闻|阅读|信息)|排行|友情链接|最近浏览|大家都在看|专题专栏|related|popular|most read|see also|quick links",  # noqa: E501 - one pattern
    re.I,
)
MORE = re.compile(r"\s*[\[【(（+]?\s*(?:更多|more|查看更多|view all|see all)(?:\W{0,6})\s*[\]】)）]?\s*", re.I)
DETAIL = re.compile(r"\d{4,}|[0-9a-f]{16,}|content[_.]|detail|article|/art/|/info/|/post|post_|show|view", re.I)
YEAR_HEADING = re.compile(r"\D{0,6}((?:19|20)\d\d)(?:\s?[-./年]\s?\d{1,2}\s?月?|\D{0,12})")
HEADED = (
    "h1", "h2", "h3", "h4", "h5", "h6", "dt", "caption", "summary", "strong", "b", "p", "div", "span", "button",
    "th", "td",
)  # fmt: skip
"""What holds the year above a part of a list."""
OPENS = 8
"""Letters of a 查看 or 查看详情 beside a title, at most."""
LISTS = ("ul", "ol", "dl", "tbody", "table")
"""What holds rows and is none."""


@dataclass(eq=False)
class Block:
    """Rows that belong together, with what speaks for them."""

    rows: list[Row]
    container: Element
    score: float = 0.0
    dated: float = 0.0
    has_more: bool = False
    aside: bool = False
    """Its heading says so: 热门, 推荐, 相关阅读."""
    pager: bool = False
    notes: list[str] = field(default_factory=list)

    @property
    def start(self) -> int:
        """Document order of the first row."""
        return self.rows[0].element.order

    @property
    def end(self) -> int:
        """Document order of the last element within the last row."""
        return self.rows[-1].element.last


def _majors(links: list[Link]) -> dict[int, str]:
    """For each element that holds links: the one address that it leads to, or MANY."""
    majors: dict[int, str] = {}
    for link in links:
        node: Element | None = link.element
        while node is not None:
            known = majors.get(node.order)
            if known == MANY or known == link.url:
                break
            majors[node.order] = MANY if known else link.url
            node = node.parent
    return majors


def _climb(element: Element, url: str, majors: dict[int, str]) -> Element:
    """The largest ancestor that leads nowhere else: the row."""
    row = element
    while row.parent is not None and row.parent.tag not in ("body", "html") and majors.get(row.parent.order) == url:
        row = row.parent
    return row


def find_rows(links: list[Link]) -> list[Row]:
    """Every link as a row with the links that accompany it; several links to one address make one row."""
    majors = _majors([link for link in links if not link.minor])
    rows: list[Row] = []
    by_element: dict[int, Row] = {}
    for link in links:
        if link.minor or link.above:
            continue
        element = _climb(link.element, link.url, majors)
        known = by_element.get(element.order)
        if known is None:
            known = by_element[element.order] = Row(link, element)
            rows.append(known)
        elif len(link.label) > len(known.link.label):
            known.others.append(known.link)
            known.link = link
        else:
            known.others.append(link)
    spans = [(row.element.order, row.element.last, row) for row in rows]
    promoted: list[Link] = []
    for link in links:
        if link.minor and not link.above:
            home = _holder(spans, link.element.order)
            if home is not None:
                home.others.append(link)
            elif len(link.label) > 8:
                promoted.append(link)
    for link in promoted:
        element = link.element
        while (
            element.parent is not None
            and element.parent.order not in majors
            and element.parent.tag not in ("body", "html")
        ):
            element = element.parent
        if element.order not in by_element:
            by_element[element.order] = Row(link, element)
            rows.append(by_element[element.order])
    rows += _opened_beside(
        [x for x in links if x.minor and not x.above and _holder(spans, x.element.order) is None], links
    )
    return sorted(rows, key=lambda row: row.element.order)


def _opened_beside(minor: list[Link], links: list[Link]) -> list[Row]:
    """Rows whose title is no link, but a 查看 beside it is: at least three of one wording under one parent."""
    majors = _majors(links)
    groups: dict[tuple[str, int], list[Row]] = {}
    for link in minor:
        element = _climb(link.element, link.url, majors)
        if len(link.label) <= OPENS and element is not link.element and element.parent is not None:
            groups.setdefault((link.label, element.parent.order), []).append(Row(link, element))
    return [row for group in groups.values() if len(group) >= 3 for row in group]


def _holder(spans: list[tuple[int, int, Row]], order: int) -> Row | None:
    """The row whose subtree holds the element (rows do not overlap, so a binary search finds it)."""
    low, high = 0, len(spans)
    while low < high:
        middle = (low + high) // 2
        if spans[middle][0] <= order:
            low = middle + 1
        else:
            high = middle
    if low and spans[low - 1][0] <= order <= spans[low - 1][1]:
        return spans[low - 1][2]
    return None


def shape(url: str) -> str:
    """An address with its numbers and ids blotted out: alike pages have alike shapes."""
    parts = urlsplit(url)
    path = re.sub(r"[0-9a-f]{16,}|\d+", "0", parts.path.lower())
    folder, _, name = path.rpartition("/")
    depth = re.sub(r"[^/]+", "x", folder)
    return f"{parts.hostname}{depth}/{re.sub(r'[a-z]{3,}', 'w', name)}"


def _path(element: Element, top: Element, *, words: bool) -> tuple[str, ...]:
    path = []
    node: Element | None = element
    while node is not None and node is not top:
        path.append(f"{node.tag}.{node.attrs.get('class', '') if words else ''}")
        node = node.parent
    return tuple(path)


def _merged(document: Document, rows: list[Row]) -> list[list[Row]]:
    """Rows by container, containers of the same make under one ancestor joined (lists cut into several `ul`)."""
    groups: dict[int, list[Row]] = {}
    for row in rows:
        parent = row.element.parent or row.element
        groups.setdefault(parent.order, []).append(row)
    _reanchor(document, groups)
    home = {key: key for key in groups}

    def find(key: int) -> int:
        while home[key] != key:
            home[key] = home[home[key]]
            key = home[key]
        return key

    for level in range(1, 7):
        buckets: dict[tuple[object, ...], list[int]] = {}
        for key in groups:
            container = document.elements[key]
            ancestors = [ancestor for _, ancestor in zip(range(level), container.up(), strict=False)]
            if len(ancestors) < level or ancestors[-1].tag == "html" or (level > 1 and ancestors[-1].tag == "body"):
                continue
            signature = (ancestors[-1].order, _path(container, ancestors[-1], words=level > 1))
            buckets.setdefault(signature, []).append(key)
        for keys in buckets.values():
            for first, second in itertools.pairwise(keys):
                one, two = find(first), find(second)
                if one != two and _belong(document, groups[one], groups[two], level):
                    groups[one] = groups[one] + groups.pop(two)
                    home[two] = one
    return [sorted(group, key=lambda r: r.element.order) for group in groups.values()]


def _reanchor(document: Document, groups: dict[int, list[Row]]) -> None:
    """Makes rows of one link (the last line of a table of two columns) alike to their siblings that hold several."""
    wide = {(c.parent.order, c.tag) for key in groups if (c := document.elements[key]).parent is not None}
    for key in list(groups):
        moved = [r for r in groups[key] if (key, r.element.tag) in wide and r.element is not r.link.element]
        for row in moved:
            holder = row.element
            inner = next(
                (n for n in [row.link.element, *row.link.element.up()] if n.parent is holder), row.link.element
            )
            groups[key].remove(row)
            row.element = inner
            groups.setdefault(holder.order, []).append(row)
        if not groups[key]:
            del groups[key]


def _folders(rows: list[Row]) -> set[str]:
    """The columns that rows lie under: the named folders of their addresses."""
    named = set()
    for row in rows:
        parts = urlsplit(row.link.url)
        folder = parts.path.rpartition("/")[0]
        named.add(f"{parts.hostname}/" + "/".join(p for p in folder.split("/") if p and not re.search(r"\d", p)))
    return named


def _belong(document: Document, one: list[Row], two: list[Row], level: int) -> bool:
    """Whether two runs of rows are one list: nothing that opens another section stands between them."""
    a, b = one[-1], two[0]
    between = document.between(a.element.end, b.element.start)
    parent_a, parent_b = a.element.parent, b.element.parent
    if parent_a and parent_b:
        gap = document.between(parent_a.end, parent_b.start)
        if MORE.search(gap) and re.search(r"更多|more", gap, re.I):
            return False
        if SIDE_HEADING.search(gap) or (len(between) <= 60 and SIDE_HEADING.search(between)):
            return False
        if len(gap) > 60 and level > 1:
            return False
    if len(between) > 400:
        return False
    if not {r.element.tag for r in one} & {r.element.tag for r in two}:
        return False
    if level > 1 and min(len(one), len(two)) >= 4:
        here, there = _folders(one), _folders(two)
        if len(here) == len(there) == 1 and here != there and not any(is_document(r.link.url) for r in (a, b)):
            return False  # panels of several columns side by side
    alike = {shape(r.link.url) for r in one} & {shape(r.link.url) for r in two}
    return bool(alike) or all(is_document(r.link.url) for r in (a, b))


def _one_entry_each(document: Document, group: list[Row]) -> list[Row]:
    """In rows that hold several links (title, office, file), keeps the title and makes the others its companions.

    Rows of several publications each (two columns of them) are left as they are: they have as many dates as links.
    """
    holders: dict[int, list[Row]] = {}
    for row in group:
        if row.element.parent is not None:
            holders.setdefault(row.element.parent.order, []).append(row)
    several = {key: rows for key, rows in holders.items() if len(rows) > 1}
    if len(holders) < 2 or not several or max(len(rows) for rows in several.values()) > 6:
        return group
    if all(document.elements[key].tag in LISTS for key in several) and not all(is_document(r.link.url) for r in group):
        return group
    dates = {key: _count_dates(document, document.elements[key]) for key in holders}
    if sum(dates[key] >= len(rows) for key, rows in several.items()) >= len(several) / 2:
        return group
    width = max(len(rows) for rows in several.values())
    columns = [[rows[i] for rows in several.values() if len(rows) > i] for i in range(width)]
    lengths = [sum(min(len(r.link.label), 60) for r in column) / len(column) for column in columns]
    same_make = len({frozenset(shape(r.link.url) for r in column) for column in columns}) == 1
    if (
        not any(dates.values())
        and len(several) >= 0.6 * len(holders)
        and same_make
        and min(lengths) > 0.6 * max(lengths)
    ):
        return group
    best = max(range(width), key=lambda i: (lengths[i], -i))
    kept: list[Row] = []
    for rows in holders.values():
        main = rows[best] if len(rows) > best and len(rows) > 1 else max(rows, key=lambda r: len(r.link.label))
        holder = main.element.parent
        if len(rows) > 1 and holder is not None:
            main.others += [r.link for r in rows if r is not main] + [
                o for r in rows if r is not main for o in r.others
            ]
            main.element = holder
        kept.append(main)
    return kept


def _count_dates(document: Document, element: Element) -> int:
    """How many dates an element shows, those without a year where they stand alone."""
    pieces = document.pieces[element.start : element.end]
    alone = sum(row_dates.is_only_date(piece, document.order) for piece in pieces if len(piece) <= 40)
    return max(alone, len(row_dates.find_dates(document.text(element), order=document.order)))


def _date_rows(document: Document, rows: list[Row], zone: str) -> None:
    """Gives rows their dates: from their own text, or, in flat lists, from the text beside them."""
    outside = [row_reading.outside_text(document, row) for row in rows]
    order = row_dates.numeric_order(outside + [document.text(r.element) for r in rows]) or document.order
    for row, text in zip(rows, outside, strict=True):
        row_reading.read_dates(row, text, zone, order)
        if not row.dates and row.short is None:
            inside = document.pieces[row.link.element.start : row.link.element.end]
            parts = [piece for piece in inside if row_reading.PART.fullmatch(piece)]
            for piece in [" ".join(parts), *inside] if len(parts) == 2 else inside:
                if not row.dates and row_dates.is_only_date(piece, order):
                    row_reading.read_dates(row, piece, zone, order)
            if not row.dates and row.short is None:
                _date_inside(document, row, zone, order)
        if not row.dates and row.short is None:
            _date_cell(document, row, zone, order)
        if not row.dates:
            _date_element(document, row, zone)
    bare = [row for row in rows if not row.dates and row.short is None]
    if len(bare) > len(rows) / 2:
        _date_flat(document, rows, zone, order)


def _date_cell(document: Document, row: Row, zone: str, order: Order | None) -> None:
    """A piece of the row that is nothing but a date in a form too short to be believed among other words."""
    a, e = row.link.element, row.element
    for piece in document.pieces[e.start : a.start] + document.pieces[a.end : e.end]:
        if len(piece) <= 40 and row_dates.is_only_date(piece, order):
            row_reading.read_dates(row, piece, zone, order)
            return


def _date_element(document: Document, row: Row, zone: str) -> None:
    """The machine-readable date of a `time` element."""
    for element in document.elements[row.element.order : row.element.last + 1]:
        value = element.attrs.get("datetime", "") if element.tag == "time" else ""
        if row_dates.find_dates(value):
            row_reading.read_dates(row, value, zone, None)
            return


def _date_inside(document: Document, row: Row, zone: str, order: Order | None) -> None:
    """A date that the link itself ends or begins with, in brackets or set apart, or in pieces of its own."""
    element = row.link.element
    pieces = document.pieces[element.start : element.end]
    title = "".join(row_reading.own_title(document, row.link).split())
    rest = (
        " ".join(p for p in pieces if "".join(p.split()) not in title or row_reading.PART.fullmatch(p))
        if len(pieces) > 1
        else ""
    )
    if rest:
        row_reading.read_dates(row, rest, zone, order)
    text = document.text(element)
    if not row.dates:
        for pattern in (row_reading.TAIL_DATE, row_reading.EDGE_DATE):
            if match := pattern.search(row_dates.plain(text)):
                row_reading.read_dates(row, match[0], zone, order)
                break


def _date_flat(document: Document, rows: list[Row], zone: str, order: Order | None) -> None:
    """Dates that stand between rows: after each row, or before it, whichever the list does throughout."""
    heads, tails = [], []
    for i, row in enumerate(rows):
        own = row.element.parent or row.element
        since = max(own.start, rows[i - 1].element.end if i else 0)
        until = min(own.end, rows[i + 1].element.start if i + 1 < len(rows) else own.end)
        heads.append(document.between(since, row.element.start)[-80:])
        tails.append(document.between(row.element.end, min(until, row.element.end + 6))[:80])

    def dated(texts: list[str]) -> int:
        return sum(bool(row_dates.find_dates(t, order=order) or row_dates.find_short(t)) for t in texts)

    before, after = dated(heads), dated(tails)
    if max(before, after) < len(rows) / 2:
        return
    for row, text in zip(rows, tails if after >= before else heads, strict=True):
        if not row.dates and row.short is None:
            row_reading.read_dates(row, text, zone, order)


def _zone_factor(block: Block, document: Document) -> float:
    """Less for what stands in navigation, footers and side boxes."""
    factor = 1.0
    node: Element | None = block.container
    while node is not None:
        if node.tag in ("nav", "footer"):
            return 0.1
        if node.tag == "aside" or (node.tag == "header" and node.parent and node.parent.tag == "body"):
            factor = min(factor, 0.3)
        if ASIDE.search(node.words):
            factor = min(factor, 0.45)
        node = node.parent
    heading = _heading_before(document, block)
    if SIDE_HEADING.search(heading):
        block.aside, factor = True, min(factor, 0.4)
    if all(row.link.element.hidden for row in block.rows):
        factor *= 0.5
    return factor


def _heading_before(document: Document, block: Block) -> str:
    """The short text just before the block that is no link: what the block is called."""
    first = block.rows[0].element
    box = next((n for i, n in enumerate(block.container.up()) if i == 1), block.container)
    for element in reversed(document.elements[box.order + 1 : first.order]):
        if element.start < element.end <= first.start:
            if element.within("a") or any(e.tag == "a" for e in document.elements[element.order : element.last + 1]):
                return ""
            return document.text(element)[-40:]
    return ""


def weigh(document: Document, block: Block, prefer: re.Pattern[str] | None) -> None:
    """Scores a block: many rows, with dates, with titles of a title's length, with addresses of pages."""
    rows = block.rows
    count = len(rows)
    block.dated = sum(bool(r.dates) or r.short is not None for r in rows) / count
    lengths = [min(60.0, len(r.title) if not r.title.isascii() else len(r.title) / 2.2) for r in rows]
    length = sum(lengths) / count
    by_length = 0.08 if length < 4 else 0.3 if length < 7 else 0.75 if length < 10 else 1.0
    files = sum(is_document(r.link.url) for r in rows) / count
    if files >= 0.6 and count >= 3:
        by_length = max(by_length, 0.8)  # files are often called by their month alone
    detail = (
        sum(
            bool(DETAIL.search(urlsplit(r.link.url).path + "?" + urlsplit(r.link.url).query)) or is_document(r.link.url)
            for r in rows
        )
        / count
    )
    folder = (
        sum(
            urlsplit(r.link.url).path.endswith(("/", "/index.html", "/index.htm", "/index.shtml", "list.shtml"))
            for r in rows
        )
        / count
    )
    doubt = 0.4 if block.dated < 0.2 and detail < 0.3 else 0.5 if count < 3 and block.dated < 1 else 1.0
    preferred = sum(bool(prefer.search(r.link.url)) for r in rows) / count if prefer else 0.0
    block.score = (
        math.log2(1 + count) * (0.35 + 1.3 * block.dated) * by_length * (0.6 + 0.6 * detail) * (1 - 0.5 * folder)
        * (1 + preferred) * doubt * _zone_factor(block, document)
    )  # fmt: skip


def year_headings(document: Document, block: Block) -> None:
    """Gives rows the year of the heading above them (lists of years)."""
    starts = {row.element.order: row for row in block.rows}
    first = block.rows[0].element
    year: int | None = None
    origin = next((n.order for i, n in enumerate(first.up()) if i == 3), first.order)
    inside: set[int] = set()
    for row in block.rows:
        inside.update(range(row.element.order, row.element.last + 1))
    for element in document.elements[origin : block.rows[-1].element.last + 1]:
        if element.order in starts:
            starts[element.order].year = year
        elif element.order not in inside and element.tag in HEADED:
            if element.tag in ("th", "td") and element.parent and len(element.parent.children) > 1:
                continue  # a cell among others names no part of the list
            match = YEAR_HEADING.fullmatch(document.text(element)) if element.end - element.start == 1 else None
            year = int(match[1]) if match else year


def find_blocks(document: Document, url: str, *, zone: str, prefer: re.Pattern[str] | None = None) -> list[Block]:
    """All blocks of the page, best first."""
    document.order = order_of(document.language, urlsplit(url).hostname or "")
    links = content_links(document, url)
    rows = find_rows(links)
    if not rows and links:
        for link in links:
            link.minor = False
        rows = find_rows(links)
    blocks: list[Block] = []
    for group in _merged(document, rows):
        group = _one_entry_each(document, group)
        for row in group:
            row.title = row_reading.own_title(document, row.link)
            if row.link.minor and len(row.link.label) <= OPENS:
                row.title = row_reading.title_beside(document, row) or row.title
        _date_rows(document, group, zone)
        block = Block(group, group[0].element.parent or group[0].element)
        weigh(document, block, prefer)
        if block.dated >= 0.5 or not all(r.link.minor and len(r.link.label) <= OPENS for r in group):
            blocks.append(block)  # undated rows of 下载 are a page's own files
    return sorted(blocks, key=lambda b: -b.score)
