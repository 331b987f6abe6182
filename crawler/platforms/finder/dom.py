"""A light copy of a page's tree that list finding walks many times: elements, their text pieces, their order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser

MAX_NODES = 400_000
SILENT = {"script", "style", "template", "noscript", "svg", "select", "textarea", "iframe", "object", "math"}
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


class Document:
    """All elements in document order, all text pieces, and what is asked of them often."""

    def __init__(self, tree: LexborHTMLParser) -> None:
        self.elements: list[Element] = []
        self.pieces: list[str] = []
        self.truncated = False
        root = tree.root
        if root is None:
            return
        known: dict[int, Element] = {}
        for node in root.traverse(include_text=True):
            tag = node.tag or ""
            parent_node = node.parent
            parent = known.get(parent_node.mem_id) if parent_node is not None else None
            if tag == "-text":
                if parent is not None and parent.tag not in SILENT:
                    text = node.text_content
                    if text and not text.isspace():
                        self.pieces.append(text)
                        parent.end = len(self.pieces)
                continue
            if tag.startswith("-") or (parent is None and self.elements) or (parent and parent.tag in SILENT):
                continue
            if len(self.elements) >= MAX_NODES:
                self.truncated = True
                break
            attrs = {name: value or "" for name, value in node.attributes.items()}
            element = Element(tag, attrs, parent, len(self.elements), parent.depth + 1 if parent else 0)
            element.start = element.end = len(self.pieces)
            element.last = element.order
            element.hidden = (parent.hidden if parent else False) or bool(HIDDEN.search(attrs.get("style", "")))
            if parent is not None:
                parent.children.append(element)
            known[node.mem_id] = element
            self.elements.append(element)
        self._close()

    def _close(self) -> None:
        """Hands the ends of subtrees and of their text up to the parents."""
        for element in reversed(self.elements):
            if element.parent is not None:
                element.parent.last = max(element.parent.last, element.last)
                element.parent.end = max(element.parent.end, element.end)

    def text(self, element: Element) -> str:
        """The element's text, white space collapsed."""
        return self.between(element.start, element.end)

    def between(self, start: int, end: int) -> str:
        """The text of a run of pieces, white space collapsed, pieces set apart by one space."""
        return " ".join(" ".join(self.pieces[start:end]).split())
