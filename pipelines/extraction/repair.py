"""Markup so broken that a page's body vanishes: put right by BeautifulSoup, which forgives what the standard does not.

By the standard a `<title>`, `<textarea>`, `<style>`, `<iframe>` … that is never closed swallows the rest of the page as
text, `<select>` drops all tags in it, and a quote that is never closed makes an attribute of what follows. Hand-made
bureau pages have all of these. `html.parser` reads on, so the tree is rebuilt with it and the swallowing element is
taken apart. It costs some milliseconds a page and is asked only when no body was found.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from bs4 import BeautifulSoup
    from bs4.element import Tag

MOST: Final = 600_000
"""Characters of markup that are worth the time."""
MOST_ELEMENTS: Final = 300
"""Select boxes of a page are a few dozen; more is no broken page but a trap."""
LEAST: Final = 120
"""Characters of a page's text; a note that the browser shows no frames is shorter."""
_SWALLOWING: Final = (
    "title",
    "textarea",
    "iframe",
    "frameset",
    "noframes",
    "noembed",
    "noscript",
    "xmp",
    "select",
    "option",
    "button",
)
_ANY_SWALLOWING: Final = re.compile(rf"<(?:{'|'.join(_SWALLOWING)})\b", re.I)
_SCRIPT: Final = re.compile(r"<(script|style)\b[^<>]{0,500}>", re.I)
_GOES_ON: Final = re.compile(r"</head|<body|<(?:h[1-4]|div|p|table|ul|center)[\s>]", re.I)
_OPEN_QUOTE: Final = re.compile(r"""(<\w{1,10}\s[^<>"']{0,200}=\s?)(["'])([^<>"']{0,200})>(?=\s{0,20}<)""")


def mend(markup: str) -> str | None:
    """The page's markup with broken elements taken apart; None where nothing was to be mended."""
    if len(markup) > MOST or len(_ANY_SWALLOWING.findall(markup)) > MOST_ELEMENTS:
        return None
    from bs4 import BeautifulSoup  # slow to load, seldom needed

    closed = _OPEN_QUOTE.sub(r"\1\2\3\2>", _close_scripts(markup))
    soup = BeautifulSoup(closed, "html.parser")
    taken = [tag for tag in soup.find_all(list(_SWALLOWING)) if _swallows(tag)]
    for tag in taken:
        _take_apart(soup, tag)
    return str(soup) if taken or closed != markup else None


def _close_scripts(markup: str) -> str:
    """Ends a script or style that has no end tag where the page's own markup goes on."""
    for match in reversed(list(_SCRIPT.finditer(markup))[-20:]):
        if re.search(rf"</{match[1]}\s*>", markup[match.end() :], re.I):
            continue
        on = _GOES_ON.search(markup, match.end())
        if on:
            markup = f"{markup[: on.start()]}</{match[1]}>{markup[on.start() :]}"
    return markup


def _swallows(tag: Tag) -> bool:
    """Whether it holds what only a page's body does; what a closed `<noframes>` says to old browsers is none."""
    if tag.name in ("noframes", "frameset") and len(tag.get_text()) < LEAST:
        return False
    return tag.find(["p", "div", "table", "h1", "h2", "h3", "body", "br"]) is not None


def _take_apart(soup: BeautifulSoup, tag: Tag) -> None:
    """Leaves an element's content in its place; a title keeps its first line."""
    if tag.name == "title":
        first = next((text for text in tag.stripped_strings), "")
        head = soup.new_tag("title")
        head.string = first
        tag.insert_before(head)
        if tag.contents and isinstance(tag.contents[0], str):
            tag.contents[0].extract()
    tag.unwrap()
