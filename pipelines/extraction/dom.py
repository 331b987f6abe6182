"""A page's tree as light Python objects, made by one walk over lexbor's tree and never changed afterwards.

Finding, cleaning and rendering the body all work on it. Beside the elements it holds the page's visible text as
`Block`s (runs of inline text between two block borders) in document order; an element knows its range of blocks, so
that a sum over any part of the page is the difference of two prefix sums.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

MAX_NODES = 150_000
"""Nodes that are walked; the rest of the page is left out and the page flagged."""

BLOCK_TAGS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "br",
        "caption",
        "center",
        "dd",
        "details",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "frameset",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
        "ucapcontent",
        "ucaptitle",
    ]
)
BLIND_TAGS = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "head",
        "select",
        "option",
        "button",
        "textarea",
        "svg",
        "iframe",
        "object",
        "embed",
        "canvas",
        "input",
        "datalist",
        "map",
        "audio",
        "video",
        "applet",
        "noframes",
        "noembed",
        "marquee",
        "link",
        "meta",
        "title",
    ]
)
_FRAMED = frozenset(("iframe", "embed", "object"))
"""Elements that show another file in the page; their addresses count as links."""
_FILE = re.compile(r"\.(?:pdf|ofd|docx?|xlsx?|wps)$", re.I)
"""A file's address that a picture of its pages keeps in a data attribute (PowerEasy: `data-powerurl`)."""
_HIDDEN = re.compile(r"display\s*:\s*none", re.I)
_SPACE = re.compile(r"[ \t\r\n\f\v\xa0]+")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2028\u2029\u2060\ufeff]")


class Element:
    """One element: tag, attributes, children (elements and texts), and its range of blocks [first, last).

    `is_data` is what `tables.is_data` found for a table, None before.
    """

    __slots__ = ("attributes", "children", "first", "is_data", "last", "parent", "tag")

    def __init__(self, tag: str, attributes: dict[str, str | None], parent: Element | None, first: int) -> None:
        self.tag = tag
        self.attributes = attributes
        self.parent = parent
        self.children: list[Element | str] = []
        self.first = first
        self.last = first
        self.is_data: bool | None = None

    def get(self, name: str) -> str:
        """An attribute's value, '' when it is not there."""
        return self.attributes.get(name) or ""

    @property
    def names(self) -> str:
        """Id and class in lower case, between blanks."""
        return f" {self.get('id')} {self.get('class')} ".lower()

    def walk(self) -> Iterator[Element]:
        """The element and all elements in it, in document order."""
        stack = [self]
        while stack:
            element = stack.pop()
            yield element
            stack.extend(c for c in reversed(element.children) if isinstance(c, Element))

    def text(self) -> str:
        """The text in it, white space runs as one blank."""
        out: list[str] = []
        stack: list[Element | str] = [self]
        while stack:
            item = stack.pop()
            if isinstance(item, str):
                out.append(item)
            else:
                if item.tag in BLOCK_TAGS:
                    out.append(" ")
                stack.extend(reversed(item.children))
        return " ".join("".join(out).split())


@dataclass(slots=True)
class Block:
    """A run of inline text: its characters, how many of them are in links, the block element that holds it."""

    text: str
    linked: int
    element: Element


@dataclass(slots=True)
class Page:
    """The walked page: body element, blocks, and the elements that others ask for by kind, in document order."""

    root: Element
    blocks: list[Block] = field(default_factory=list)
    links: list[Element] = field(default_factory=list)
    images: list[Element] = field(default_factory=list)
    named: list[Element] = field(default_factory=list)
    headings: list[Element] = field(default_factory=list)
    sections: list[Element] = field(default_factory=list)
    elements: list[Element] = field(default_factory=list)
    hidden: int = 0
    truncated: bool = False


def build(tree: LexborHTMLParser, *, hidden: bool = False) -> Page:
    """Walks the tree's body.

    Parts that a browser does not show (`display:none`, scripts, lists of choices) are left out; `hidden` takes hidden
    elements in, for pages that show their body by a script.
    """
    node = tree.body or tree.root
    root = Element("body", {}, None, 0)
    page = Page(root, elements=[root])
    if node is None:
        return page
    blocks = page.blocks
    text: list[str] = []
    linked = in_link = in_pre = count = 0
    holder = root
    current = root
    stack: list[tuple[LexborNode, bool]] = []

    def flush() -> None:
        nonlocal linked
        if text:
            joined = " ".join("".join(text).split())
            if joined:
                blocks.append(Block(joined, min(linked, len(joined)), holder))
            text.clear()
            linked = 0

    at = node.first_child
    while True:
        if at is None:
            if not stack:
                break
            at, was_block = stack.pop()
            if was_block:
                flush()
            elif current.tag == "a":
                in_link -= 1
            in_pre -= current.tag == "pre"
            current.last = len(blocks) + (1 if text and not was_block else 0)
            parent = current.parent
            current = parent if parent is not None else root
            if was_block:
                holder = current
                while holder.tag not in BLOCK_TAGS and holder.parent is not None:
                    holder = holder.parent
            at = at.next
            continue
        count += 1
        if count > MAX_NODES:
            page.truncated = True
            break
        tag = at.tag or ""
        if tag == "-text":
            content = at.text_content or ""
            if in_pre and "\n" in content:
                for line in content.split("\n"):
                    flush()
                    current.children.append(Element("br", {}, current, len(blocks)))
                    line = _SPACE.sub(" ", _INVISIBLE.sub("", line))
                    current.children.append(line)
                    if line.strip():
                        text.append(line)
            elif content:
                content = _SPACE.sub(" ", content if content.isascii() else _INVISIBLE.sub("", content))
                current.children.append(content)
                if content.strip():
                    text.append(content)
                    if in_link:
                        linked += len(content.strip())
                elif text:
                    text.append(" ")
            at = at.next
            continue
        if tag in BLIND_TAGS or tag[0] in "-!":
            if tag in _FRAMED:
                address = at.attributes.get("data" if tag == "object" else "src")
                if address:
                    page.links.append(Element("a", {"href": address}, current, len(blocks)))
                    current.children.append(page.links[-1])
            at = at.next
            continue
        attributes = at.attributes
        if attributes:
            style = attributes.get("style")
            if (style and _HIDDEN.search(style)) or "hidden" in attributes:
                page.hidden += 1
                if not hidden:
                    at = at.next
                    continue
        block = tag in BLOCK_TAGS
        if block and text:
            flush()
        element = Element(tag, attributes, current, len(blocks))
        current.children.append(element)
        page.elements.append(element)
        if tag == "br" or tag == "hr":
            element.last = len(blocks)
            at = at.next
            continue
        if tag == "img":
            page.images.append(element)
            address = next((v for n, v in attributes.items() if n[:5] == "data-" and v and _FILE.search(v)), None)
            if address:
                page.links.append(Element("a", {"href": address}, current, len(blocks)))
                current.children.append(page.links[-1])
            element.last = len(blocks)
            at = at.next
            continue
        if tag == "a":
            page.links.append(element)
            in_link += 1
        elif tag == "pre":
            in_pre += 1
        elif tag in ("h1", "h2", "h3"):
            page.headings.append(element)
        elif tag in ("nav", "footer", "aside", "header", "main", "article"):
            page.sections.append(element)
        if attributes and ("id" in attributes or "class" in attributes):
            page.named.append(element)
        child = at.first_child
        if child is None:
            if tag == "a":
                in_link -= 1
            in_pre -= tag == "pre"
            element.last = len(blocks)
            at = at.next
            continue
        stack.append((at, block))
        current = element
        if block:
            holder = element
        at = child
    flush()
    closing: Element | None = current
    while closing is not None:
        closing.last = len(blocks)
        closing = closing.parent
    root.last = len(blocks)
    return page
