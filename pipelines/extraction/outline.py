"""The page as one string of visible text in which the markup's joints are kept as control characters.

Fields are read from a page's text, but what ends a value is markup: a cell, a span, a line. A few passes over the
repaired source turn each kind of joint into one character, so that one linear regex can find all labels of a page,
and a value can be followed to the joint that ends it. Python counts all of them as white space.
"""

from __future__ import annotations

import html
import re

BLOCK, BLOCK_END = "\n", "\x0b"
CELL, CELL_END = "\x1d", "\x1c"
OPEN, CLOSE = "\x1e", "\x1f"
BREAK = "\x85"
"""Where a block, a cell of a row and an inline element open and close; a line break."""

OPENING, CLOSING = frozenset((BLOCK, CELL, OPEN)), frozenset((BLOCK_END, CELL_END, CLOSE))
JOINT = re.compile(r"[\n\x0b\x1c-\x1f\x85]")
LINE = re.compile(r"[\n\x0b\x85]+")
"""What parts lines; cells stay in theirs."""

_BLOCKS = (
    "address|article|aside|blockquote|body|caption|center|div|dl|dt|fieldset|figcaption|figure|footer|form|h[1-6]|header|"
    "html|legend|li|main|nav|ol|p|pre|section|table|tbody|tfoot|thead|title|tr|ul|ucapcontent|ucaptitle"
)
_BLIND = re.compile(
    r"<!--.*?-->|<(script|style|noscript|template|svg|select|head|title|iframe|textarea|button|marquee)\b[^<>]*>.*?</\1>|<!doctype[^>]*>",
    re.DOTALL | re.IGNORECASE,
)
_HIDDEN = re.compile(
    r"<(?!body\b|html\b)([a-z][\w:-]*)\b[^<>]*style=\"[^\"<>]{0,2000}?(?:display\s*:\s*none|visibility\s*:\s*hidden)[^<>]*>",
    re.IGNORECASE,
)
_TAG = re.compile(r"<(/?[a-z][\w:.-]*)[^<>]*>", re.IGNORECASE)
_VOIDS = "area base basefont bgsound col embed frame img input link meta param source track wbr"
_VOID = frozenset(_VOIDS.split())
_JOINTS = dict.fromkeys(_BLOCKS.replace("h[1-6]", "h1|h2|h3|h4|h5|h6").split("|"), (BLOCK, BLOCK_END))
_JOINTS |= dict.fromkeys(("td", "th", "dd"), (CELL, CELL_END)) | dict.fromkeys(_VOID, ("", ""))
_JOINTS |= dict.fromkeys(("br", "hr"), (BREAK, BREAK))
_JOINT_OF = {name: joint[0] for name, joint in _JOINTS.items()} | {"/" + n: joint[1] for n, joint in _JOINTS.items()}
_SPACES = "\n\r\t\x0b\x0c\x1c\x1d\x1e\x1f\x85\u2028\u2029"
_NOTHING = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"


def outline(source: str) -> str:
    """The visible text of serialised HTML with its joints; scripts, lists of choices and hidden parts are left out.

    The source must be a parser's output (elements closed, `<` and `>` in attributes escaped). Linear in its length.
    """
    source = _BLIND.sub("", source)
    for char in _SPACES:
        source = source.replace(char, " ")
    if "display" in source or "visibility" in source:
        source = _without_hidden(source)
    text = _TAG.sub(_joint, source)
    if "&" in text:
        text = html.unescape(text)
    for char in _NOTHING:
        text = text.replace(char, "")
    return text


def _joint(match: re.Match[str]) -> str:
    name = match[1]
    joint = _JOINT_OF.get(name)
    if joint is None:
        return CLOSE if name[0] == "/" else OPEN
    return joint


def _without_hidden(source: str) -> str:
    """The source without elements that an inline style hides; at most 200 of them are looked for."""
    kept: list[str] = []
    position = 0
    for _ in range(200):
        match = _HIDDEN.search(source, position)
        if not match:
            break
        kept.append(source[position : match.start()])
        position = match.end()
        if match[1].lower() not in _VOID:
            position = _end_of(source, match[1], position)
    kept.append(source[position:])
    return "".join(kept)


def _end_of(source: str, name: str, position: int) -> int:
    """Where the element that was opened before the position ends."""
    depth = 1
    for tag in re.compile(rf"<(/?){re.escape(name)}(?=[\s>])", re.IGNORECASE).finditer(source, position):
        depth += -1 if tag[1] else 1
        if not depth:
            return source.find(">", tag.end()) + 1
    return position


def clean(text: str) -> str:
    """A value as printed: joints dropped, white space kept within and taken off the ends."""
    return JOINT.sub("", text).strip()


def flat(line: str) -> str:
    """A line of the outline as text: no joints, cells of a row parted by a tab."""
    if CELL in line:
        line = line.replace(CELL, "\t")
    for joint in (CELL_END, OPEN, CLOSE):
        if joint in line:
            line = line.replace(joint, "")
    return line.strip()
