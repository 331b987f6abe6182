"""The way to a listing's next page: a 下一页 link, `rel=next`, numbers; script pagers are reported, never guessed."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

from crawler.platforms.finder.dom import Document, Element
from crawler.platforms.finder.links import base_url, resolve

NEXT = re.compile(
    r"[\s\[【(（<]*(?:下\s*一?\s*[页頁篇]|后\s*一?\s*[页頁]|往后|(?:go to )?next(?:\s+page)?(?:\s+next)?|older(?:\s+\w+)?|后页|(?:page )?suivante?|nächste(?: seite)?|siguiente|próxima|次(?:へ|の\w{0,6})|다음(?: ?페이지)?)(?:\s*\d{1,5}\s*(?:of|/)\s*\d{1,5})?[\s\]】)）>›»→]*",  # noqa: E501 - one pattern
    re.I,
)
ARROW = re.compile(r"\s*(?:>|›|＞|→)\s*")
LATER = re.compile(r"\s*(?:\.{2,3}|…+|»|>>|›|>)\s*")
"""What follows the last number shown of a longer row of pages."""
END = re.compile(
    r"[\s\[【(（|<«]*(?:首\s*[页頁]|第一[页頁]|first|(?P<last>[尾末]\s*[页頁]|最后一?[页頁]|last))[\s\]】)）|>»]*", re.I
)
LOAD = re.compile(r"\s*(?:点击|继续)?(?:加载|查看|显示)更多\W{0,3}|\s*(?:load|show) more\W{0,3}", re.I)
NUMBER = re.compile(r"\s*(?:current\s+)?(?:page)?\s*[\[(第]?\s*(\d{1,5})\s*[\])页]?\s*", re.I)
TOTAL_PAGES = (
    re.compile(r"(?:共|总共|总计|/)\s*(\d{1,6})\s*页"),
    re.compile(r"总\s*页\s*数\s*[:：]\s*(\d{1,6})"),
    re.compile(r"页\s*次?\s*[:：]?\s*\d{1,5}\s*/\s*(\d{1,6})"),
    re.compile(r"第\s*\d{1,5}\s*/\s*(\d{1,6})\s*页"),
    re.compile(r"page\s+\d{1,5}\s+of\s+(\d{1,6})", re.I),
)
TOTAL_ENTRIES = (
    re.compile(r"(?:共|总共|总计|合计)(?:有|检索到|搜索到|找到)?\s*(\d{1,8})\s*(?:条|篇|个|项|记录|件)"),
    re.compile(r"总\s*(?:记录|条)\s*数\s*[:：]?\s*(\d{1,8})"),
    re.compile(r"(?:of|total:?)\s+(\d{1,8})\s+(?:results|records|documents|items|entries)", re.I),
    re.compile(r"(\d{1,8})\s+(?:results|documents|records)\b", re.I),
)
DEAD = re.compile(r"#*|javascript:\s*(?:void\s*\(\s*0?\s*\))?\s*;*", re.I)
MAX_CALL = 1000
SCRIPT = re.compile(r"javascript\s*:\s*(?!;|void|history|window\.print)(.{3,1000})", re.I | re.S)


@dataclass(frozen=True, slots=True)
class Pager:
    """What the page says of further pages; `script` is a call, `button` a form's button that leads on."""

    next: str | None = None
    script: str | None = None
    button: Element | None = None
    total_pages: int | None = None
    total_entries: int | None = None
    element: Element | None = None
    current: int | None = None
    clicked: Element | None = None
    """A 下一页 or 加载更多 that has no address of its own."""


def _label(document: Document, element: Element) -> str:
    text = document.text(element) or (element.attrs.get("value", "") if element.tag == "input" else "")
    if text:
        return text
    for child in document.elements[element.order : element.last + 1]:
        for name in ("aria-label", "title", "alt"):
            if value := child.attrs.get(name, "").strip():
                return value
    return ""


def _says_next(document: Document, element: Element) -> bool:
    if "next" in element.attrs.get("rel", "").lower().split():
        return True
    text = _label(document, element)
    return len(text) <= 24 and bool(NEXT.fullmatch(text) or NEXT.fullmatch(element.attrs.get("title", "").strip() or "-")  # noqa: E501 - one pattern
                                    or NEXT.fullmatch(element.attrs.get("aria-label", "").strip() or "-"))  # fmt: skip


def _disabled(element: Element) -> bool:
    words = element.words.split()
    near = element.parent.words.split() if element.parent and element.parent.tag in ("li", "span") else []
    return (
        any(w in ("disabled", "disable", "nolink", "is-disabled") for w in words + near) or "disabled" in element.attrs
    )


def _presses(element: Element) -> bool:
    """Whether the element is a button that sends its form as it is."""
    kind = element.attrs.get("type", "").lower()
    if element.tag not in ("input", "button") or kind not in ("submit", "image", ""):
        return False
    return (element.tag == "button" or kind != "") and "onclick" not in element.attrs and element.within("form")


def _script(element: Element) -> str | None:
    """The call that a link makes instead of leading anywhere."""
    for value in (element.attrs.get("href", ""), element.attrs.get("onclick", "")):
        if match := SCRIPT.match(value.strip()):
            return " ".join(match[1].split())
    if (call := element.attrs.get("onclick", "").strip()) and (DEAD.fullmatch(element.attrs.get("href", "").strip())):
        return " ".join(call.split())[:MAX_CALL]
    return None


def _numbers(document: Document) -> tuple[dict[int, Element], int | None, Element | None]:
    """Numbered page links that stand together, the number of the page shown, and what holds them."""
    holders: dict[int, dict[int, Element]] = {}
    for element in document.elements:
        clicked = element.tag in ("li", "td", "span") and "onclick" in element.attrs
        if (element.tag != "a" and not clicked) or element.end - element.start > 3:
            continue
        match = NUMBER.fullmatch(document.text(element))
        if match and element.parent is not None:
            holder = element.parent
            if (
                holder.tag in ("li", "span", "td", "strong", "em", "b", "font", "div")
                and len(holder.children) == 1
                and holder.parent
            ):
                holder = holder.parent
            if holder.tag == "a":
                continue
            holders.setdefault(holder.order, {}).setdefault(int(match[1]), element)
    best: tuple[dict[int, Element], int | None, Element | None] = ({}, None, None)
    for order, links in holders.items():
        numbers = sorted(links)
        if len(numbers) < 1 or (len(numbers) == 1 and numbers[0] != 2) or numbers[0] > 10_000:
            continue
        if not any(b - a == 1 for a, b in itertools.pairwise(numbers)) and len(numbers) > 1:
            continue
        holder = document.elements[order]
        current = _current(document, holder, links)
        if len(links) >= len(best[0]):
            best = (links, current, holder)
    return best


def _current(document: Document, holder: Element, links: dict[int, Element]) -> int | None:
    linked = {element.order for element in links.values()}
    for element in document.elements[holder.order + 1 : holder.last + 1]:
        if element.end - element.start != 1 or element.tag in ("option", "input"):
            continue
        match = NUMBER.fullmatch(document.text(element))
        if not match:
            continue
        marked = re.search(
            r"(?:^|[\s_-])(?:cur\w*|on|active|now|this|select\w*|hover|hovers|a_hover)(?:$|[\s_-])", element.words
        )
        leads = element.order in linked and element.attrs.get("href", "").strip() not in (
            "",
            "#",
            "javascript:;",
            "javascript:void(0);",
            "javascript:void(0)",
        )
        inside = any(a.order in linked for a in element.up() if a.order >= holder.order)
        holds = any(o in linked for o in range(element.order + 1, element.last + 1))
        if marked or "aria-current" in element.attrs or (not leads and not inside and not holds):
            return int(match[1])
    return None


def totals(text: str) -> tuple[int | None, int | None]:
    """Pages and entries that a pager's text claims."""
    pages = next((int(m[1]) for p in TOTAL_PAGES if (m := p.search(text))), None)
    entries = next((int(m[1]) for p in TOTAL_ENTRIES if (m := p.search(text))), None)
    return pages, entries


def find_pager(document: Document, url: str) -> Pager:
    """Reads the page's pager, as far as it can be followed without running scripts."""
    base = base_url(document, url)
    own = url.split("#", 1)[0]
    script: str | None = None
    where: str | None = None
    element: Element | None = None
    button: Element | None = None
    for node in document.elements:
        if node.tag == "link" and "next" in node.attrs.get("rel", "").lower().split():
            where = where or resolve(base, node.attrs.get("href", ""))
    numbered, current, holder = _numbers(document)
    for node in reversed(document.elements):
        if node.tag not in ("a", "button", "span", "li", "input", "div", "td") or (
            node.tag != "a" and "onclick" not in node.attrs and not _presses(node)
        ):
            continue
        if not _says_next(document, node):
            continue
        if _disabled(node):
            element = element or node
            break
        found = resolve(base, node.attrs.get("href", "")) if node.tag == "a" else None
        element = element or node
        if found and found != own:
            where, script = found, None
            element = node
            break
        script = script or _script(node)
        button = button or (node if _presses(node) else None)
    if (
        where is None
        and script is None
        and button is None
        and holder is not None
        and not (element and _disabled(element))
    ):
        shown = current or _page_of(own) or 1
        following = numbered.get(shown + 1) or _later(document, holder, numbered, shown)
        if following is not None:
            where = resolve(base, following.attrs.get("href", ""))
            script = _script(following) if where is None or where == own else None
    if where is None and holder is not None:
        where, script = _arrow(document, holder, base, own, script)
    box = holder or (element.parent if element is not None else None)
    text = (
        document.text(box.parent if box.parent is not None and box.parent.tag != "body" else box)
        if box is not None
        else ""
    )
    pages, entries = totals(text) if len(text) < 1500 else (None, None)
    if pages is None and numbered:
        pages = max(numbered) if max(numbered) > 1 else None
    if where == own:
        where = None
    clicked = element if where is None and element is not None and not _disabled(element) else None
    if where is None and script is None and button is None and element is None:
        where = _between_ends(document, base, own)
    if where is None and script is None and button is None:
        clicked, script = _loader(document) or (clicked, None)
    return Pager(
        where, None if where else script, None if where or script else button, pages, entries, box, current, clicked
    )


def _between_ends(document: Document, base: str, own: str) -> str | None:
    """The page after this one where only 首页 and 尾页 are linked and differ in nothing but a page's number."""
    ends: dict[bool, list[tuple[str, str]]] = {}
    path = ""
    for node in document.elements:
        if node.tag != "a" or not (match := END.fullmatch(document.text(node))):
            continue
        parts = urlsplit(resolve(base, node.attrs.get("href", "")) or "")
        if parts.query and parts._replace(query="", fragment="").geturl() == own.split("?", 1)[0]:
            path, ends[bool(match["last"])] = parts.path, parse_qsl(parts.query, keep_blank_values=True)
    first, last = ends.get(False, []), ends.get(True, [])
    differing = [i for i, (a, b) in enumerate(zip(first, last, strict=False)) if a != b]
    if len(first) != len(last) or len(differing) != 1:
        return None
    (name, lowest), (other, highest) = first[differing[0]], last[differing[0]]
    if name != other or lowest not in ("0", "1") or not highest.isdigit():
        return None
    shown = dict(parse_qsl(urlsplit(own).query)).get(name, lowest)
    if not shown.isdigit() or not int(shown) < int(highest) < 10_000:
        return None
    pairs = [*first[: differing[0]], (name, str(int(shown) + 1)), *first[differing[0] + 1 :]]
    return urlsplit(own)._replace(path=path, query=urlencode(pairs), fragment="").geturl()


def _later(document: Document, holder: Element, numbered: dict[int, Element], shown: int) -> Element | None:
    """The `…` after the last number shown, which leads to the numbers after it."""
    if shown < max(numbered):
        return None
    after = document.elements[max(e.last for e in numbered.values()) + 1 : holder.last + 1]
    return next((e for e in after if e.tag == "a" and LATER.fullmatch(document.text(e)) and not _disabled(e)), None)


def _loader(document: Document) -> tuple[Element, str] | None:
    """A 加载更多 and its call, which shows more rows on the same page."""
    for node in reversed(document.elements):
        if node.tag not in ("a", "button", "div", "span", "p") or node.end - node.start != 1:
            continue
        if LOAD.fullmatch(document.text(node)) and not node.hidden:
            href = node.attrs.get("href", "").strip()
            if node.tag != "a" or not href or DEAD.fullmatch(href) or SCRIPT.match(href):
                return node, _script(node) or " ".join(document.text(node).split())
    return None


def _page_of(url: str) -> int | None:
    match = re.search(
        r"[?&](?:page|pageno|pageindex|pagenum|p|pn|curpage|currentpage|pageid)=(\d{1,5})(?:&|$)", url, re.I
    )
    return int(match[1]) if match else None


def _arrow(
    document: Document, holder: Element, base: str, own: str, script: str | None
) -> tuple[str | None, str | None]:
    """A `>` beside page numbers."""
    for node in document.elements[holder.order : holder.last + 1]:
        if node.tag == "a" and ARROW.fullmatch(document.text(node)) and not _disabled(node):
            found = resolve(base, node.attrs.get("href", ""))
            if found and found != own:
                return found, None
            script = script or _script(node)
    return None, script
