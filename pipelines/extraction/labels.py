"""Labelled values of a page: 索引号, 文号, 发布机构, 成文日期, 发布日期, 有效性, 来源 … in any markup.

The names of the fields are those of the disclosure catalogue (《政府信息公开条例》 and the provinces' 目录 rules) and
of the line under a title. A label stands at the start of a cell, element, line or after white space, is written with
spaces inside (索 引 号) or without, and ends with a colon, a closing bracket (【来源】) or its own element's end.
What ends its value is the markup or the next label; a label without a value gives nothing and never takes the next
one's.

Rules for labels that could mean two things, decided by their use in the catalogue:

* 信息来源, 稿源, 供稿 are the content's source, not the publisher; 来源 within a longer word (数据来源) is no label.
* 生成日期, 制发日期, 发文日期, 印发日期, 颁布日期 are when the document was drafted; 发布, 公开, 发表, 上网 when it
  was published; a bare 时间 or 日期 is the page's own time line: published, but weaker.
* 更新, 修改 and 失效 dates, 浏览, 字号, 打印, 责任编辑 … are known so that they end a value, and are never one.
* 责任编辑 and 编辑 are not the author; 作者, 撰稿, 记者 are.
* 主题分类 goes before 主题, 信息分类, 组配分类 and 分类 for the subject; 体裁 and 服务对象 are other things.
* 有效期 is a span, not the validity.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

from pipelines.extraction.label_names import COMMON, FIELD_OF
from pipelines.extraction.organisations import is_organisation
from pipelines.extraction.outline import (
    BLOCK,
    BLOCK_END,
    BREAK,
    CELL,
    CELL_END,
    CLOSE,
    CLOSING,
    JOINT,
    OPEN,
    OPENING,
    clean,
)

_LONGEST = max(map(len, FIELD_OF))
_DATED = frozenset(("published", "drafted", "effective", "time"))

# What may end a label: a colon, a closing bracket, white space before a year, its element's end.
_END = re.compile(
    r"[\])】〕）］]?\s{0,6}[:：﹕∶︰]|[】\]〕］]|(?<=[\u4e00-\u9fff])[ \xa0\u3000\x1e\x1f]{1,12}(?=(?:19|20)\d\d)"
    r"|(?<=[\u4e00-\u9fff])[ \xa0\u3000]{0,8}(?=[\x0b\x1c\x1e\x1f])"
    r"|(?<=来源)[ \xa0\u3000]{0,3}[|丨｜](?=\s{0,3}[\u4e00-\u9fff])"
)
_ENGLISH = re.compile(
    r"(?<![A-Za-z])(?P<label>published(?: on)?|publish(?:ed)? date|publication date|date published|release date|"
    r"posted(?: on)?|date posted|issued(?: on)?|issue date|date|source|from|author|by|written by|document number|"
    r"reference(?: number)?|last updated|updated(?: on)?|last modified|modified|last reviewed|page last updated)"
    r"\s{0,3}(?P<end>:)?",
    re.IGNORECASE,
)
_CLOSERS = "])】〕）］"
_COLONS = "：:﹕∶︰"
_WALLS = frozenset("\n\x0b\x1c\x1d\x85")
_PARTS = frozenset("".join(FIELD_OF))
_STOP = re.compile(
    r"(?:(?<=[\s|丨｜【\[（(])|^)[【\[（(]?\s?(?:打\s?印|字\s?[体号]|大\s{1,3}中\s{1,3}小|我要纠错|内容纠错|纠错|分享|收藏|关闭|返回|浏览|点击|阅读|访问|"
    r"责任编辑|编辑[:：]|扫一扫|保护视力|视力保护|繁体|放大|缩小|下载|文字下载|语音|朗读|听全文|点赞|评论|浏览量|打印本页|A[+\-]|T[|]T|大号|字号)"
    r"|【\s?(?:大|字|打|我|关|返|收)|[\[［]\s?(?:大|字号|打印|关闭)|(?:来源|作者)\s?[:：]"
    r"|(?<=[\s\u3000])[\u4e00-\u9fff]{2,6}\s?[:：]"
)
_EDGES = " \t\xa0\u3000|丨｜,，;；、/【[（(［〔<《-—–·:：\u200b"
_BRACKETS = {"】": "【", "]": "[", "）": "（", ")": "(", "］": "［", "〕": "〔", "》": "《"}


class Pair(NamedTuple):
    """A label with its value as printed; `field` is the record's name for it. Offsets are those of the label."""

    field: str
    label: str
    value: str
    start: int
    end: int


def read_labels(text: str, *, limit: int = 400) -> list[Pair]:
    """All labelled values of an outline (or of plain text), in order; pairs without a value have an empty one.

    Args:
        text: an outline, up to where the body starts.
        limit: pairs at most (a hostile page may hold a million).
    """
    if BLOCK_END not in text:
        text = text.replace(BLOCK, BREAK)  # plain text: its lines end values
    marks: list[tuple[int, int, str]] = []
    last = 0
    for match in _END.finditer(text):
        found = _label_before(text, match.start(), last)
        if found is None:
            continue
        start, word = found
        if not _is_label(text, start, match, word):
            continue
        last = match.end()
        marks.append((start, last, word))
        if len(marks) >= limit:
            break
    pairs = []
    for i, (start, end, word) in enumerate(marks):
        stop = marks[i + 1][0] if i + 1 < len(marks) else len(text)
        value = _value(text, end, min(stop, end + 600), alone=_opens(text, start))
        pairs.append(Pair(FIELD_OF[word], word, value, start, end))
    if sum(not pair.value for pair in pairs) > 1 and CELL in text:
        grid = read_grid(text)
        taken = {pair.start for pair in grid}
        pairs = sorted([*(p for p in pairs if p.start not in taken), *grid], key=lambda p: p.start)
    return pairs


_CELL = re.compile(rf"{CELL}([^{CELL}{CELL_END}]*){CELL_END}")


def read_grid(text: str) -> list[Pair]:
    """Labelled values of tables that hold labels in one row, their values in the next (one column: two at least)."""
    rows: list[list[re.Match[str]]] = []
    last = -1
    for cell in _CELL.finditer(text):
        between = text[last : cell.start()]
        if last < 0 or between.strip() or BLOCK in between:
            rows.append([])
        rows[-1].append(cell)
        last = cell.end()
    pairs = []
    singles = 0
    for above, below in pairwise(rows):
        if len(above) != len(below) or not _adjacent(text, above[-1].end(), below[0].start()):
            continue
        words = ["".join(clean(cell[1]).split()).strip(_COLONS + "[]【】") for cell in above]
        values = [clean(cell[1]) for cell in below]
        if not all(word in FIELD_OF for word in words) or any("".join(v.split()) in FIELD_OF for v in values):
            continue
        singles += len(above) == 1
        pairs += [
            Pair(FIELD_OF[word], word, trim(value), cell.start(), cell.end())
            for word, value, cell in zip(words, values, above, strict=True)
        ]
    return pairs if singles != 1 or len(pairs) > 1 else []


def _adjacent(text: str, end: int, start: int) -> bool:
    return start - end < 40 and not text[end:start].strip()


def _opens(text: str, start: int) -> bool:
    """Whether a label is the first thing in its block or cell, so that its value may stand in the next one."""
    before = text[max(0, start - 60) : start].rstrip(" \xa0\u3000\x1e\x1f【[")
    return not before or before[-1] in (BLOCK, CELL)


def _label_before(text: str, end: int, floor: int) -> tuple[int, str] | None:
    """The longest label that ends at the offset, and where it starts; white space and inline joints are skipped."""
    chars: list[str] = []
    places: list[int] = []
    position, gap = end - 1, 0
    while position >= floor and len(chars) < _LONGEST and gap <= 12:
        char = text[position]
        if char.isspace() or char == "·":
            if char in _WALLS and chars:
                break
            gap += 1
        elif char in _PARTS:
            chars.append(char)
            places.append(position)
            gap = 0
        else:
            break
        position -= 1
    for length in range(len(chars), 1, -1):
        word = "".join(chars[length - 1 :: -1])
        if word in FIELD_OF:
            return places[length - 1], word
    if chars and chars[0] in FIELD_OF:
        return places[0], chars[0]
    return None


def _is_label(text: str, start: int, match: re.Match[str], word: str) -> bool:
    """Whether a label's word stands where a label stands, not within running text."""
    before = text[start - 1] if start else "\n"
    bracketed = text[max(0, start - 4) : start].rstrip(" \xa0\u3000\x1e")[-1:] in ("【", "[", "〔", "［")
    ending = match[0].strip()
    if ending and ending[-1] in _COLONS + "|丨｜":
        if len(ending) > 1 and ending[0] in _CLOSERS and not bracketed and before not in "（(":
            return False
        # 数据来源：, 办理时间：; but 新华社发布时间： (the space between two fields was lost).
        return not _is_word(before) or (word not in COMMON and len(word) >= 4)
    if ending:
        return bracketed
    # Without a colon: alone in its cell or element, or before one, or a date's label with white space before the year.
    if word in COMMON and word != "文号" and text[match.end() : match.end() + 1] == OPEN:
        return False
    lead = text[max(0, start - 12) : start].rstrip(" \xa0\u3000")
    if lead and not JOINT.match(lead[-1]):
        return False
    if JOINT.search(text, start, match.start()):
        # Parts of a label in elements of their own: it ends where the cell does, not within.
        tail = text[match.end() : match.end() + 40].lstrip(" \xa0\u3000\x1f")
        if tail[:1] not in (BLOCK_END, CELL_END):
            return False
    year_follows = text[match.end() : match.end() + 2].isdecimal()
    return not year_follows or FIELD_OF[word] in _DATED


def _is_word(char: str) -> bool:
    return char.isalnum() or char in "_-"


def _value(text: str, start: int, stop: int, *, alone: bool = True) -> str:
    """The text from the label's end to the joint, the stop word or the label that ends it.

    `base` is the level that the value may not leave: the label's own, or its parent's where the label fills its
    element. A value in an element of its own ends with it, unless a date or a row of names goes on in the next one.
    """
    depth = base = inside = 0
    parts: list[str] = []
    found = climbed = closed = False
    position = start
    while position < stop:
        joint = JOINT.search(text, position, stop)
        piece = text[position : joint.start() if joint else stop]
        if piece and not piece.isspace():
            if not found:
                if climbed and depth <= base:
                    break  # text after the label's block is another thing
                found, inside = True, depth
            elif closed and base < 0 and not (_goes_on(parts) or _splits(text, position, parts)):
                break
            parts.append(piece)
        elif found:
            parts.append(piece)
        if joint is None:
            break
        position = joint.end()
        char = joint[0]
        if char in OPENING:
            if found and (char != OPEN or (closed and not (_goes_on(parts) or _splits(text, position, parts)))):
                break
            depth += 1
        elif char in CLOSING:
            depth -= 1
            solid = char != CLOSE
            if found:
                if solid or depth < base:
                    break
                closed = closed or depth < inside
            elif depth < base:
                base = depth
                if solid and (climbed or not alone):
                    break
                climbed = climbed or solid
            elif solid and climbed:
                break  # the sibling that should hold the value is empty
        else:
            break
    value = clean("".join(parts))
    cut = _STOP.search(value)
    return trim(value[: cut.start()] if cut else value)


def _goes_on(parts: list[str]) -> bool:
    """Whether a value that its element ended goes on in the next: a date or a number in pieces, names in a row."""
    last = "".join(parts[-2:]).rstrip()[-1:]
    return last.isdecimal() or last in "年月日号第〔[（(、,，-—/:："


def _splits(text: str, at: int, parts: list[str]) -> bool:
    """Whether a body's name goes on in the next element without a gap (<font>山西</font><font>日报</font>)."""
    if text[at - 2 : at] != CLOSE + OPEN:
        return False
    first = "".join(parts).strip()
    end = JOINT.search(text, at)
    rest = text[at : end.start() if end else at + 21].rstrip()
    return len(rest) <= 20 and not is_organisation(first) and is_organisation(first + rest)


def trim(value: str) -> str:
    """A value without what separates it from its neighbours, and without brackets that are open at one end only."""
    value = value.strip().rstrip(_EDGES).lstrip(" \t\xa0\u3000|丨｜,，;；、:：")
    while value and value[-1] in _BRACKETS and _BRACKETS[value[-1]] not in value:
        value = value[:-1].rstrip(_EDGES)
    return value.strip()


def read_english_labels(text: str, *, limit: int = 50) -> list[Pair]:
    """Labelled values of an English page's head: Published, Source, Author, By, From, Reference, Last updated."""
    marks = []
    for match in _ENGLISH.finditer(text):
        before = text[: match.start()].rstrip(" \xa0")[-1:]
        apart = match["end"] and text[max(0, match.start() - 2) : match.start()].isspace()
        if before and not JOINT.match(before) and before not in "|·•-–—,\u3000" and not apart:
            continue
        tail = text[match.end() : match.end() + 12].lstrip(" \xa0")
        word = " ".join(match["label"].lower().split())
        if not match["end"] and not (tail and (tail[0] in CLOSING or (word in _ENGLISH_BARE and tail[:1].isalnum()))):
            continue
        marks.append((match.start(), match.end(), word))
        if len(marks) >= limit:
            break
    pairs = []
    for i, (start, end, word) in enumerate(marks):
        stop = marks[i + 1][0] if i + 1 < len(marks) else len(text)
        pairs.append(Pair(_english_field(word), word, _value(text, end, min(stop, end + 300)), start, end))
    return pairs


_ENGLISH_BARE = frozenset(
    (
        "published",
        "published on",
        "posted",
        "posted on",
        "issued",
        "issued on",
        "updated",
        "updated on",
        "last updated",
        "by",
    )
)


def _english_field(word: str) -> str:
    if "updated" in word or "modified" in word or "reviewed" in word:
        return "noise"
    if word == "date":
        return "time"
    if word in ("source",):
        return "content_source"
    if word == "from":
        return "publisher"
    if word in ("author", "by", "written by"):
        return "author"
    if "number" in word or "reference" in word:
        return "document_number"
    return "published"
