"""The lines above a report's text, and which of them can be its title by where they stand and how they read."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from pipelines.extraction.label_names import FIELD_OF
from pipelines.extraction.numbers import holds_number, is_number_line
from pipelines.extraction.organisations import is_titled_person
from pipelines.extraction.site_names import DOCUMENT_END, is_organisation_name, is_site_name, key

NOT_TITLE = re.compile(
    r"当前位置|您的位置|您所在|您现在|位置[:：]|首页|网站地图|设为首页|加入收藏|无障碍|长者|^\s*[【\[]?\s?(?:字号|字体|打印|关闭|分享|收藏|返回|下载|上一|下一|更多|搜索|登录|注册)"
    r"|分享到|扫一扫|浏览次数|点击数|阅读次数|^今天是|繁體|繁体|English$|^[\d\s:：年月日./-]+$|^附件|^基本信息$|索引信息|信息公开目录$|\{\{|\$\{"
)
_BREADCRUMB = re.compile(r"[>＞»›→]|\s/\s.*\s/\s")
_FIELD = re.compile(r"[\u4e00-\u9fff]{2,5}[:：][^。；，《》]{1,20}")
_QUOTED = re.compile(r"[<＜〈][^<>＜＞〈〉]{0,100}[>＞〉]")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_LETTER = re.compile(
    r"(?:信件|来信|写信|留言|咨询|提问|提交|受理|查询)(?:编号|号|类[别型]|人|时间|日期|单位|部门)\s?[:：]?"
)
"""A label of the data over a citizen's letter, alone on its line: what follows is its value."""
_SPREAD = re.compile(r"(?<=^[\u4e00-\u9fff])[\s\u3000]+(?=[\u4e00-\u9fff]$)")
"""The gap in a word of two letters that is spread over its line (通　知)."""
DAY_TAIL = re.compile(
    r"(?:\s+|\s*[（(【\[])\s?(?:19|20)\d\d\s?[年./-]\s?\d{1,2}\s?[月./-]\s?\d{1,2}\s?日?(?:\s+\d\d?:\d\d(?::\d\d)?)?\s?[)）】\]]?$"
)


@dataclass(slots=True)
class Stated:
    """What a page says of its title, by place; `sites` and `columns` are names that a title is not, and so are
    the texts of links (`linked` counts them by their keys), headings left out."""

    document: str | None = None
    article: str | None = None
    labelled: str | None = None
    listed: str | None = None
    record: str | None = None
    shared: str | None = None
    headings: Sequence[str] = ()
    mains: Sequence[str] = ()
    sites: Sequence[str] = ()
    columns: Sequence[str] = ()
    lines: Sequence[str] = ()
    body: Sequence[str] = ()
    fields: frozenset[int] = field(default_factory=frozenset)
    linked: Callable[[], Mapping[str, int]] = dict


def undated(line: str) -> str:
    """A line without the day in brackets at its end, as some templates print it behind the title."""
    return DAY_TAIL.sub("", line)


def is_trail(text: str) -> bool:
    """Whether a line is a path through the site (首页 > 公开 > 通知), and not a title that quotes <another>."""
    return _BREADCRUMB.search(_QUOTED.sub("", text)) is not None


def join(lines: Sequence[str]) -> str:
    """Broken lines as one: no space between ideographs."""
    out = ""
    for part in (_SPREAD.sub("", line.strip()) if len(line) < 12 else line.strip() for line in lines):
        if out and part and (out[-1].isascii() and part[0].isascii()):
            out += " "
        out += part
    return out


def is_heading(text: str, stated: Stated) -> bool:
    """Whether a line is one of the page's headings."""
    flat = key(text)
    return any(key(h) == flat for h in stated.headings)


def structural(stated: Stated, keys: Sequence[str], names: set[str]) -> tuple[str, int, bool] | None:
    """The line above the line of date and source, else the nearest heading above the body.

    Returns the text, its line's number, and whether a line of fields stood below it.
    """
    lines = stated.lines
    last = len(lines) - 1
    below = passed = False
    links = 0
    skipped = 0
    chinese = any(_HAN.search(line) for line in stated.body[:4])
    opening = {key(join(stated.body[:n])) for n in (1, 2, 3)}
    document: tuple[str, int, bool] | None = None
    for i in range(last, max(-1, last - 40), -1):
        if i in stated.fields:
            below = True
            skipped = 0
            continue
        text = lines[i].strip()
        if is_number_line(text):
            # A number stands under its title, unless another candidate is below it (a red heading's number); a bare
            # serial (第55号) may be of the announcement that promulgates a statute.
            below = below or (not passed and holds_number(text))
            skipped = 0 if below else skipped + 1
            continue
        bad = (
            len(keys[i]) < 4
            or keys[i] in names
            or len(text) > 160
            or NOT_TITLE.search(text)
            or is_trail(text)
            or text[-1] in "：:，,。"
            or text[0] in "—―－"
            or is_site_name(text)
            or is_organisation_name(text)
            or is_titled_person(text)
            or text.strip("：: ") in FIELD_OF
            or (i and _LETTER.fullmatch(lines[i - 1]))
            or _is_field(stated, i)
            or _is_labelled(text)
            or (chinese and not _HAN.search(text))
        )
        if not bad and is_link(stated, keys, i):
            links, bad = links + 1, True
            if links > 1:
                break  # a list or a menu: the title is not above it
        if bad:
            skipped += 1
            if skipped > (6 if below else 12):
                break
            continue
        if below or is_heading(text, stated):
            first = i
            # A title broken over two lines: the upper one is a heading too, or ends in the middle of a phrase.
            while (
                first > 0
                and first - 1 not in stated.fields
                and text
                and not (is_organisation_name(lines[first - 1].strip()) and is_heading(lines[first - 1], stated))
                and (
                    _broken(lines[first - 1].strip(), lines[first].strip(), names)
                    or key(join(lines[first - 1 : i + 1])) in opening
                )
            ):
                first -= 1
            found = max(join(lines[first : i + 1]).split("\t"), key=len)
            if document and len(key(found)) < 8 and not DOCUMENT_END.search(found):
                return document  # what was found heads a box of fields (文件信息)
            return found, i, below
        if document is None and len(keys[i]) >= 10 and DOCUMENT_END.search(text):
            document = text, i, False
        passed = True
        skipped += 1
        if skipped > 12:
            break
    return document


def _is_labelled(text: str) -> bool:
    """Whether a line is a known name with a short value (征集状态：已结束)."""
    name, colon, value = text.replace("：", ":", 1).partition(":")
    return (
        bool(colon) and len(value) <= 20 and len(name) >= 4 and "".join(name.split()) in FIELD_OF and "《" not in value
    )


def is_link(stated: Stated, keys: Sequence[str], i: int) -> bool:
    """Whether a line is a link, a row of them, or one with its date: of a menu or a list, unless it is a heading."""
    links = stated.linked()
    flat = keys[i].rstrip("0123456789") or keys[i]
    if not links or is_heading(stated.lines[i], stated):
        return False
    if flat in links:
        return keys.count(keys[i]) <= links[flat]  # a list may name the very report above whose text it stands
    while flat:
        size = next((n for n in range(min(len(flat), 40), 1, -1) if flat[:n] in links), 0)
        if not size:
            return False
        flat = flat[size:]
    return True


def _is_field(stated: Stated, i: int) -> bool:
    """Whether a line is a short name with its value in a run of such lines (提交人：陈**, 处理状态：已办结)."""
    around = [j for j in (i - 1, i + 1) if 0 <= j < len(stated.lines) and j not in stated.fields]
    return all(any(_FIELD.fullmatch(stated.lines[j].strip()) for j in part) for part in ([i], around))


def _broken(upper: str, lower: str, names: set[str]) -> bool:
    """Whether two lines are one title: the upper one starts as titles do and is not complete, the lower one ends it.

    A quotation mark that the upper one opens and the lower one closes makes it certain, and a body's name over 关于….
    """
    if all(map(is_organisation_name, upper.split())) and lower.startswith(("关于", "印发", "转发")):
        return True
    if upper.count("《") > upper.count("》") and lower.count("》") > lower.count("《") and len(upper) <= 80:
        return True
    return (
        8 <= len(upper) <= 60
        and key(upper) not in names
        and not NOT_TITLE.search(upper)
        and not is_trail(upper)
        and not DOCUMENT_END.search(undated(upper))
        and DOCUMENT_END.search(lower) is not None
        and ("关于" in upper or "印发" in upper)
        and "关于" not in lower[:12]
    )
