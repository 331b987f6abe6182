"""Rows that a page carries where browsers show nothing: templates, text areas, strings a script writes, comments."""

from __future__ import annotations

import html as html_text
import re
from collections.abc import Iterator

MAX_PIECE = 2_000_000
HOLDERS = ("template", "textarea", "noscript", "xmp")
WRITTEN = re.compile(
    r"(?:document\.write(?:ln)?\s*\(|\.(?:html|append|innerHTML)\s*(?:\(|\+?=)|\b\w{1,40}\s*\+=)\s*(\"(?:[^\"\\\n]|\\.){5,4000}\"|'(?:[^'\\\n]|\\.){5,4000}')"
)
ESCAPED = re.compile(r"\\([\"'/\\])")


def concealed(text: str) -> Iterator[tuple[str, str]]:
    """Runs of HTML that are no part of the shown page, with the name of what holds them; most trusted first."""
    for tag in HOLDERS:
        inside = "".join(_between(text, f"<{tag}", f"</{tag}>"))
        if tag == "textarea":
            inside = html_text.unescape(inside) if "&lt;a" in inside else inside
        if _has_links(inside):
            yield tag, inside
    typed = "".join(
        part for part in _between(text, "<script", "</script>") if _has_links(part) and part.lstrip()[:1] == "<"
    )
    if typed:
        yield "script", typed
    written = "".join(
        ESCAPED.sub(r"\1", match[1][1:-1]) for match in WRITTEN.finditer(text[:MAX_PIECE]) if "+" not in match[1]
    )
    if _has_links(written):
        yield "script", written
    comments = "".join(_between(text, "<!--", "-->", whole=True))
    if _has_links(comments):
        yield "comment", comments


def _has_links(text: str) -> bool:
    return len(re.findall(r"<a\s[^<>]{0,400}href", text[:MAX_PIECE], re.I)) >= 3


def _between(text: str, opening: str, closing: str, *, whole: bool = False) -> Iterator[str]:
    """What stands between an element's tags, without looking into what it holds; the length is bounded."""
    lowered, position, taken = text.lower(), 0, 0
    if len(lowered) != len(text):
        lowered = text
    while (start := lowered.find(opening, position)) >= 0 and taken < MAX_PIECE:
        body = start + len(opening) if whole else lowered.find(">", start) + 1
        if body <= 0 or (end := lowered.find(closing, body)) < 0:
            return
        yield text[body:end]
        taken += end - body
        position = end + len(closing)
