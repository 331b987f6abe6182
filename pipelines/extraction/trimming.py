"""Where in a container's lines the body begins and ends: the frame above and below it goes, and second copies.

What a line is, `cleaning` says; here its place counts: above the first paragraph, below the last.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol

from pipelines.extraction import cleaning, feet
from pipelines.extraction.label_names import COMMON, FIELD_OF
from pipelines.extraction.organisations import is_signer
from pipelines.extraction.site_names import DOCUMENT_END


class TextLike(Protocol):
    """Anything with a text, a count of linked characters, and the data table that it is a row of."""

    @property
    def text(self) -> str:
        """Its text."""

    @property
    def linked(self) -> int:
        """How many of its characters are in links."""

    @property
    def table(self) -> object | None:
        """The data table, None elsewhere."""


def trim(lines: Sequence[TextLike], keys: set[str], *, strict: bool = True, untitled: bool = False) -> tuple[int, int]:
    """The stretch [first, last) of lines that is the body: what stands above (title, number, meta line, path) and below
    (tools, editors, related links, footer) is left out.

    Args:
        lines: the container's lines in order.
        keys: `title_keys` of the page.
        strict: cut also at soft foot lines (editors, related links).
        untitled: the page shows its title nowhere else; then what stands over a document number is the title, and so
            is a document's name over a bare date.
    """
    first = _head(lines, keys)
    if untitled:
        start = first
        for i, line in enumerate(lines[start + 1 : start + 4], start + 1):
            if cleaning.is_number_line(line.text) and not any(re.search(r"[。，；：]", x.text) for x in lines[start:i]):
                first = i + 1
        if first == start and _is_dated_title(lines[start : start + 6]):
            first = start + 2
    return first, _foot(lines, first, strict=strict)


def _is_dated_title(lines: Sequence[TextLike]) -> bool:
    """Whether lines begin with a document's name and the day below it, and a paragraph follows."""
    return (
        len(lines) > 2
        and len(lines[0].text) <= 80
        and DOCUMENT_END.search(lines[0].text) is not None
        and cleaning.is_date(lines[1].text)
        and any(_is_prose(line.text) for line in lines[2:])
    )


def without_next_head(lines: Sequence[TextLike], first: int, last: int, keys: set[str]) -> int:
    """The end without the page's title and its data below the text: the head of a second copy that was taken out."""
    for n in (1, 2, 3):
        if last - n <= first:
            break
        text = cleaning.letters(lines[last - n].text)
        if len(text) >= 8 and text in keys:
            return last - n
        if not _is_frame(lines[last - n].text, text):
            break
    return last


def _head(lines: Sequence[TextLike], keys: set[str]) -> int:
    """Where the body begins: after the last title, number, meta, tool or path line before its first paragraph."""
    first, misses = _after_catalogue(lines), 0
    before: list[str] = []
    for i, line in enumerate(lines[:60]):
        text = line.text
        key = cleaning.letters(text)
        prose = _is_prose(text)
        before.append(key)
        if line.table is not None and not prose:
            if not is_catalogue(lines, i):
                break
            first = max(first, i + 1)
        elif (
            key in keys
            or any("".join(before[-n:]) in keys for n in (2, 3, 4) if len(before) >= n)
            or _is_most(key, keys)
        ):
            first, misses = max(first, i + 1), 0
        elif prose:
            break
        elif _is_frame(text, key) or (line.linked > 0.8 * len(text) and 0 < i == first and not _FILE_NAME.search(text)):
            if _joins(lines, first, i, keys):
                first = max(first, i + 1)
        elif is_greeting(text):
            break
        else:
            misses += 1
            if misses > 6:
                break
    return first


def _is_most(key: str, keys: set[str]) -> bool:
    """Whether a line is a long title but for a mark before or behind it (【某中心】……[报名中])."""
    return len(key) >= 20 and any(key in k and len(key) > 0.75 * len(k) for k in keys)


_BRACKETED = re.compile(r"[【\[]\s?([^【】\[\]]{2,12})[】\]]")
"""Labels in brackets, as a row of the catalogue writes them (【文号】…… 【发文机关】……)."""
_ORDER = re.compile(r"[\u4e00-\u9fff\s]{2,40}(?:令|公告|通告)")
_SERIAL = re.compile(r"\W{0,2}(?:(?:19|20)\d\d\s?年\s?)?第\s?[\d一二三四五六七八九十百〇零]{1,6}\s?号\W{0,2}")
_FILE_NAME = re.compile(r"附\s*件|\.\w{3,4}$")


_CATALOGUE = re.compile(
    r"索\s*引\s*号|发布(?:机构|日期|时间)|发文(?:机关|字号|日期)|成文日期|生成日期|公开(?:日期|方式|形式|范围|"
    r"目录)|主\s*题\s*(?:词|分类)|文\s*号|信息(?:名称|分类|类别|索引)|"
    r"(?:文件)?有效性|组配分类|体裁分类|名\s*称|标\s*题|分\s*类|统一编号|文件编号|实施日期|失效日期|废止日期|"
    r"关\s*键\s*(?:词|字)|内容概述|责任(?:部门|单位)|服务对象"
)


def _after_catalogue(lines: Sequence[TextLike]) -> int:
    """Where a run of bare labels and values (索引号, its number, 发布机构 …) above the text ends; 0 if none."""
    labels = []
    for i, line in enumerate(lines[:40]):
        if _is_prose(line.text) or is_greeting(line.text):
            break
        if len(line.text) <= 10 and (_CATALOGUE.fullmatch(line.text.strip(" ：:")) or _is_field_name(line.text)):
            labels.append(i)
    if len(labels) < 4:
        return 0
    value = labels[-1] + 1
    return value + 1 if value < len(lines) and not _is_prose(lines[value].text) and value not in labels else value


def is_catalogue(lines: Sequence[TextLike], i: int) -> bool:
    """Whether line i is a row of the table of disclosure fields (《政府信息公开目录》) that stands over a document."""
    table = lines[i].table
    found = {
        m[0] for line in lines[max(0, i - 12) : i + 12] if line.table is table for m in _CATALOGUE.finditer(line.text)
    }
    if len(found) >= 4:
        return True
    rows = [line.text.split("\t") for line in lines[max(0, i - 12) : i + 12] if line.table is table]
    names = [FIELD_OF.get(cleaning.letters(row[0])) for row in rows]
    return len(rows) > 1 and None not in names and not _CORE.isdisjoint(names)


_CORE = frozenset(("index_number", "document_number", "publisher", "published", "drafted"))


_STOP = re.compile(r"[a-zà-ÿ)\"”’][.!?][”\"’)]?(?:\s|$)")
"""The end of a sentence in Latin letters."""


def _is_prose(text: str) -> bool:
    """Whether a line is a paragraph: nothing below it stands above the body."""
    long = (len(text) > 60 and bool(re.search(r"[。；]", text))) or (len(text) > 100 and bool(_STOP.search(text)))
    return (long or (len(text) > 24 and text.endswith("。"))) and not cleaning.is_meta(text)


def is_greeting(text: str) -> bool:
    """The line of addressees with which a notice begins."""
    return text.endswith(("：", ":")) and len(text) > 4 and not _is_field_name(text)


def _is_field_name(text: str) -> bool:
    """A catalogue's label alone on its line (发文机构：), everyday words left out."""
    return len(text) <= 12 and (name := cleaning.letters(text)) in FIELD_OF and name not in COMMON


def _is_frame(text: str, key: str) -> bool:
    return (
        not key
        or cleaning.is_tools(text)
        or cleaning.is_meta(text)
        or cleaning.is_byline(text)
        or feet.is_byline(text)
        or cleaning.is_crumb(text)
        or cleaning.is_number_line(text)
        or _is_entry(text)
        or sum(cleaning.letters(name) in FIELD_OF for name in _BRACKETED.findall(text)) > 2
    )


def _joins(lines: Sequence[TextLike], first: int, i: int, keys: set[str]) -> bool:
    """Whether lines [first, i) go too, since line i certainly stands above the body."""
    between = lines[first:i]
    if not between:
        return True
    text = lines[i].text
    # An order's heading: 某某省人民政府令, and its number below.
    if len(between) == 1 and _SERIAL.fullmatch(text) and _ORDER.fullmatch(between[0].text):
        return True
    if cleaning.is_number_line(text) or cleaning.is_tools(text) or cleaning.is_date(text) or not cleaning.letters(text):
        return all(any(cleaning.letters(line.text) in k for k in keys) for line in between)
    return (
        len(between) <= 4
        and sum(len(line.text) for line in between) < 120
        and not any(line.text.endswith(("。", "；", "：", ":")) or cleaning.is_meeting(line.text) for line in between)
    )


def _foot(lines: Sequence[TextLike], first: int, *, strict: bool) -> int:
    total = sum(len(line.text) - line.linked for line in lines[first:]) or 1
    last = len(lines)
    seen = 0
    for i in range(first, len(lines)):
        text = lines[i].text
        if cleaning.is_hard_foot(text) or (strict and cleaning.is_foot(text)):
            rest = sum(
                len(x.text) - x.linked
                for x in lines[i:]
                if re.search(r"[。；，,.]", x.text) and not cleaning.is_notice(x.text)
            )
            most = 0.2 * seen if feet.is_sharing(text) else seen
            if rest <= most and (seen > 0.3 * total or cleaning.is_hard_foot(text)):
                last = i
                break
        seen += len(text) - lines[i].linked
    while last > first:
        line = lines[last - 1]
        text = line.text
        if (
            not cleaning.letters(text)
            or cleaning.is_tools(text)
            or cleaning.is_editor(text)
            or cleaning.is_notice(text)
            or cleaning.is_annex_heading(text)
            or (cleaning.is_foot(text) and strict)
            or (cleaning.is_meta(text) and not cleaning.is_date(text))
            or (cleaning.is_address(text) and _signed_above(lines, first, last - 1))
        ):
            last -= 1
            continue
        if (entries := _entries(lines, first, last) or _labels_run(lines, first, last)) > 1:
            last -= entries
            continue
        boxes = _boxes_run(lines, first, last)
        if boxes and any("。" in line.text for line in lines[first : last - boxes]):
            last -= boxes
            continue
        run = _link_run(lines, first, last)
        dated = all(cleaning.is_list_row(line.text, line.linked) for line in lines[last - run : last])
        if (
            run < 3
            or (total < 200 and not dated)
            or (last - run > first and _LIST_HEAD.search(lines[last - run - 1].text))
        ):
            break
        last -= run
    return last


def _signed_above(lines: Sequence[TextLike], first: int, at: int) -> bool:
    """Whether the line above is a document's signed date: an address below it is the site's."""
    return at > first and _SIGNED.fullmatch(lines[at - 1].text.replace(" ", "")) is not None


_SIGNED = re.compile(
    r"[\u4e00-\u9fff]{0,40}?(?:\d{4}|[一二三四五六七八九〇零○ОＯ0-9Ο]{4})年[\d一二三四五六七八九十]{1,3}月[\d一二三四五六七八九十]{1,3}日"
)


def _entries(lines: Sequence[TextLike], first: int, last: int) -> int:
    """How many of the last lines are the catalogue's names with their values, no colon between (a box beside the text).

    Two names that are no everyday words make it sure.
    """
    run = sure = 0
    while last - run > first and lines[last - run - 1].table is None:
        name = _entry_name(lines[last - run - 1].text)
        if not name:
            break
        run += 1
        sure += name not in COMMON
    return run if sure > 1 else 0


def _labels_run(lines: Sequence[TextLike], first: int, last: int) -> int:
    """How many of the last lines are bare labels each with its value below it, and the box's heading over them."""
    run = sure = 0
    while last - run - 2 >= first:
        name, value = lines[last - run - 2].text.strip(" ：:"), lines[last - run - 1].text
        if len(name) > 10 or cleaning.letters(name) not in FIELD_OF or len(value) > 80 or _is_prose(value):
            break
        run += 2
        sure += cleaning.letters(name) not in COMMON
    if sure < 2:
        return 0
    return run + (last - run > first and cleaning.letters(lines[last - run - 1].text) in FIELD_OF)


def _is_entry(text: str) -> bool:
    name = _entry_name(text)
    return bool(name) and name not in COMMON


def _entry_name(text: str) -> str:
    """The catalogue's name that a short line begins with, its value behind it (发布机构某市局, 【文号】……); else ''."""
    flat = "".join(text.split()).lstrip("【[")
    if len(flat) > 50 or re.search(r"[。，；]", flat):
        return ""
    name = next((flat[:n] for n in range(8, 1, -1) if FIELD_OF.get(flat[:n], "noise") != "noise"), "")
    return name if len(flat) > len(name) else ""


def _link_run(lines: Sequence[TextLike], first: int, last: int) -> int:
    """How many of the last lines are bare links to other pages."""
    run = 0
    while last - run > first:
        line = lines[last - run - 1]
        row = line.linked >= 0.75 * len(line.text) or cleaning.is_list_row(line.text, line.linked)
        if line.table is not None or not row or _FILE_NAME.search(line.text):
            break
        run += 1
    return run


def _boxes_run(lines: Sequence[TextLike], first: int, last: int) -> int:
    """How many of the last lines are boxes of links to other pages with their headings between (通知公告, 便民查询)."""
    run = links = 0
    while last - run > first:
        line = lines[last - run - 1]
        if line.table is not None or _FILE_NAME.search(line.text):
            break
        if line.linked >= 0.7 * len(line.text):
            links += 1
        elif not run or len(line.text) > 8 or not line.text.isalnum() or is_signer(line.text):
            break
        run += 1
    return run if links > 2 else 0


_LIST_HEAD = re.compile(r"[:：]$|如下|附件|名单|目录|清单")


def without_copies(lines: Sequence[TextLike]) -> int:
    """Where a second copy of the text begins (a copy for print or for small screens); the number of lines if none."""
    seen: dict[str, int] = {}
    size = sum(len(line.text) for line in lines)
    run = start = expected = 0
    for i, line in enumerate(lines):
        text = line.text
        at = seen.get(text)
        if at is None:
            seen[text] = i
            if run and len(text) > 12:
                run = 0
            continue
        if len(text) < 12 and not run:
            continue
        if not run or at <= expected:
            run, start = 0, i
        run += len(text)
        expected = at
        if run > 0.35 * size and run > 80:
            rest = sum(len(x.text) for x in lines[i + 1 :] if x.text not in seen)
            if rest < 0.1 * size:
                while start > 0 and seen.get(lines[start - 1].text, start) < start - 1:
                    start -= 1
                return start
            run = 0
    return len(lines)
