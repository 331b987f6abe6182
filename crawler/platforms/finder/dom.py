"""A light copy of a page's tree that list finding walks many times: elements, their text pieces, their order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.platforms.finder.months import Order
from crawler.platforms.finder.script import Scripts

MAX_NODES = 400_000
SILENT = {"script", "style", "template", "noscript", "svg", "select", "option", "textarea", "iframe", "object", "math"}
NONE: dict[str, str] = {}
"""The attributes of all elements that have none; never written to."""
HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|text-indent\s*:\s*-\d{3,}", re.I)


@dataclass(slots=True, eq=False)
class Element:
    """One element; `start` and `end` delimit its text pieces in the document's list of pieces."""

    tag: str
    attrs: dict[str, str]
    parent: Element | None
    order: int
    depth: int
    start: int = 0
    end: int = 0
    last: int = 0
    children: list[Element] = field(default_factory=list)
    hidden: bool = False

    def up(self) -> Iterator[Element]:
        """The ancestors, nearest first."""
        node = self.parent
        while node is not None:
            yield node
            node = node.parent

    def within(self, *tags: str) -> bool:
        """Whether the element or an ancestor has one of the tags."""
        return self.tag in tags or any(node.tag in tags for node in self.up())

    @property
    def words(self) -> str:
        """Class, id and role in lower case: only ever a hint."""
        return " ".join(self.attrs.get(name, "") for name in ("class", "id", "role")).lower()


def _parent_in(path: list[tuple[int, Element]], node: LexborNode) -> Element | None:
    """The element around a node, None for one that was left out; what was closed before it goes from the path."""
    around = node.parent
    name = around.mem_id if around is not None else 0
    for at in range(len(path) - 1, -1, -1):
        if path[at][0] == name:
            del path[at + 1 :]
            return path[at][1]
    return None


def _runs(script: Element) -> bool:
    """Whether a script element is a script, and no data or template."""
    kind = script.attrs.get("type", "").lower()
    return not kind or "javascript" in kind or "ecmascript" in kind or kind == "module"


class Document:
    """All elements in document order, all text pieces, and what is asked of them often."""

    def __init__(self, tree: LexborHTMLParser) -> None:
        self.elements: list[Element] = []
        self.pieces: list[str] = []
        self.truncated = False
        self.order: Order | None = None
        """How its numeric dates are written, where its language or country tells."""
        self._scripts: list[str] = []
        root = tree.root
        if root is None:
            return
        path: list[tuple[int, Element]] = []  # the elements around a node: a map of all would cost megabytes
        for node in root.traverse(include_text=True):
            tag = node.tag or ""
            parent = _parent_in(path, node)
            if tag == "-text":
                if parent is not None and parent.tag == "script" and _runs(parent):
                    self._scripts.append(node.text_content or "")
                elif parent is not None and parent.tag == "option":
                    parent.attrs = {"label": (node.text_content or "").strip(), **parent.attrs}
                elif parent is not None and parent.tag not in SILENT:
                    text = node.text_content
                    if text and not text.isspace():
                        self.pieces.append(text)
                        parent.end = len(self.pieces)
                continue
            if tag.startswith("-") or (parent is None and self.elements):
                continue
            if parent and parent.tag in SILENT and tag != "option":
                continue
            if len(self.elements) >= MAX_NODES:
                self.truncated = True
                break
            attrs = {name: value or "" for name, value in stated.items()} if (stated := node.attributes) else NONE
            element = Element(tag, attrs, parent, len(self.elements), parent.depth + 1 if parent else 0)
            element.start = element.end = len(self.pieces)
            element.last = element.order
            element.hidden = (parent.hidden if parent else False) or bool(HIDDEN.search(attrs.get("style", "")))
            if parent is not None:
                parent.children.append(element)
            path.append((node.mem_id, element))
            self.elements.append(element)
        self._close()

    def _close(self) -> None:
        """Hands the ends of subtrees and of their text up to the parents."""
        for element in reversed(self.elements):
            if element.parent is not None:
                element.parent.last = max(element.parent.last, element.last)
                element.parent.end = max(element.parent.end, element.end)

    @property
    def language(self) -> str:
        """What the page's `lang` says."""
        root = self.elements[0].attrs if self.elements else {}
        return root.get("lang", "") or root.get("xml:lang", "")

    @cached_property
    def scripts(self) -> Scripts:
        """The page's scripts, whose functions may say where rows and pagers lead."""
        return Scripts("\n;\n".join(self._scripts))

    def text(self, element: Element) -> str:
        """The element's text, white space collapsed."""
        return self.between(element.start, element.end)

    def between(self, start: int, end: int) -> str:
        """The text of a run of pieces, white space collapsed, pieces set apart by one space."""
        return " ".join(" ".join(self.pieces[start:end]).split())
