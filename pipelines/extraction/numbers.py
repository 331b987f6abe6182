"""Document numbers (文号) and index numbers (索引号): their grammar, and where an unlabelled one may stand.

A document number is an office's code, a year in brackets and a running number (国办发〔2017〕47号;
《党政机关公文格式》 GB/T 9704-2012), or an order's or announcement's number (国务院令第746号, 公告2021年第3号). It is
kept as printed. One without a label counts only on a line of its own, under the title or at the document's head: what
a text cites is not it. An index number has no single grammar and is never derived: it comes from its label alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_WIDE = str.maketrans("０１２３４５６７８９", "0123456789")
_CODE = r"[\u4e00-\u9fffA-Za-z（）()·、]"
_YEARED = (
    rf"(?:{_CODE}{{1,24}}?)\s{{0,3}}[〔［\[【(（﹝〈<]\s?(?:19|20)?\d\d\s?[〕］\]】)）﹞〉>]"
    r"\s{0,3}(?:第\s?)?\d{1,5}(?:\s?[-—–－]\s?\d{1,3})?\s?号"
)
_NUMBER_LINE = re.compile(rf"[（(【\[]?\s?({_YEARED}(?:[\s、，,；;]{{1,3}}{_YEARED}){{0,5}})\s?[)）】\]]?")
_LEADING = re.compile(rf"({_YEARED})(?=[\s\u3000]{{1,8}}[\u4e00-\u9fff]{{2,6}}\s?[:：])")
"""A number before the labels of its line (某交函〔2023〕88号　办理类别：A)."""
_ANY_NUMBER = re.compile(_YEARED)
_CASE = re.compile(
    r"[（(]\s?(?:19|20)\d\d\s?[)）]\s?[\u4e00-\u9fff]{1,3}\d{0,4}\s?[\u4e00-\u9fff]{1,6}\s?\d{1,6}\s?号(?:之[一二三四五六七八九十]{1,2})?"
)
"""A court's case number, （2023）某1002民初1234号 (《最高人民法院关于人民法院案件案号的若干规定》)."""
_SERIAL = r"[（(]?\s?(?:(?:19|20)\d\d\s?年\s?)?第\s?[\d一二三四五六七八九十百零〇]{1,6}\s?号\s?[)）]?"
_ORDER_LINE = re.compile(rf"([\u4e00-\u9fff（）()、\s]{{0,60}}(?:令|公告|通告|决定))\s{{0,4}}({_SERIAL})")
_SERIAL_LINE = re.compile(_SERIAL)
_ORDER_END = re.compile(r"[\u4e00-\u9fff]{1,60}(?:令|公告|通告)$")
_INDEX = re.compile(r"[0-9A-Za-z\u4e00-\u9fff\-—–－_/／\\.:：,，（）()\[\]〔〕【】#\s]{3,80}")
_BLANK = re.compile(r"[\s\-—–/／\\.。*无暂空未0]*\Z|(?:N/?A|null|undefined|none)\Z", re.IGNORECASE)
_COUNTED = re.compile(r"\d|第\s?[一二三四五六七八九十百零〇]{1,6}\s?号")
_CITING = re.compile(r"[。；;！!？?《》“”]|(?:根据|按照|依据|关于)")


def is_number_line(line: str) -> bool:
    """Whether a line is a document's number and nothing else."""
    line = " ".join(line.translate(_WIDE).split())
    return any(form.fullmatch(line) for form in (_NUMBER_LINE, _SERIAL_LINE, _CASE))


def is_case_number(line: str) -> bool:
    """Whether a line is a court's case number and nothing else."""
    return _CASE.fullmatch(line.strip()) is not None


def in_pieces(text: str) -> str | None:
    """The number with which a text begins, its white space and joints taken out (某政办发 | 〔2022〕 | 11号)."""
    flat = "".join(text.translate(_WIDE).split())
    found = _ANY_NUMBER.match(flat)
    return found[0] if found else None


def holds_number(line: str) -> bool:
    """Whether a document's number stands in a line."""
    return _ANY_NUMBER.search(line.translate(_WIDE)) is not None


def is_blank(value: str) -> bool:
    """Whether a printed value says that there is none: 无, /, —, null."""
    return _BLANK.match(value) is not None


def document_number(value: str | None) -> str | None:
    """A labelled document number as printed; None where the value cannot be one."""
    if not value:
        return None
    value = " ".join(value.split())
    flat = value.translate(_WIDE)
    if is_blank(value) or len(value) > 120 or _CITING.search(value) or not _COUNTED.search(flat):
        return None
    if re.fullmatch(r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?:\s[\d:]+)?", flat):
        return None
    found = _NUMBER_LINE.fullmatch(flat)
    if found and value[0] in "（(【[":
        return value[found.start(1) : found.end(1)]
    return value


def index_number(value: str | None) -> str | None:
    """A labelled index number as printed; None where the value cannot be one."""
    if not value:
        return None
    value = " ".join(value.split())
    if is_blank(value) or not _INDEX.fullmatch(value) or sum(c.isdecimal() for c in value.translate(_WIDE)) < 2:
        return None
    han = sum("\u4e00" <= c <= "\u9fff" for c in value)
    return value if han * 2 <= len(value) else None


def number_in_head(above: Sequence[str], body: Sequence[str], title: str | None) -> str | None:
    """The document number on a line of its own between the title and the salutation.

    Args:
        above: the lines between the title and the body.
        body: the body's first lines; reading ends at the first sentence or salutation.
        title: the report's title. An announcement's bare number counts only where the title is an announcement's:
            a statute may be printed below the announcement that promulgated it.
    """
    lines = list(above)
    for line in body:
        if len(line.strip()) > 60 or line.strip()[-1:] in "：:。":
            break
        lines.append(line)
    before = title or ""
    for raw in lines:
        printed = " ".join(raw.split())
        line = printed.translate(_WIDE)
        found = _NUMBER_LINE.fullmatch(line) or _LEADING.match(line)
        if found:
            return printed[found.start(1) : found.end(1)]
        if _CASE.fullmatch(line):
            return printed
        found = _ORDER_LINE.fullmatch(line)
        if found and _counts(found[1], title):
            return _ordered(found[1], found[2])
        if _SERIAL_LINE.fullmatch(line) and _ORDER_END.search(before.replace(" ", "")) and _counts(before, title):
            # Under an order's title stands its number; an announcement's is the line itself.
            return _ordered(before, line) if before.replace(" ", "").endswith("令") else printed.strip("（()）")
        before = line or before
    found = _ORDER_LINE.fullmatch((title or "").translate(_WIDE))
    return _ordered(found[1], found[2]) if found else None


def _counts(kind: str, title: str | None) -> bool:
    kind = kind.replace(" ", "")
    return kind.endswith("令") or any(word in (title or "") for word in ("公告", "通告"))


def _ordered(kind: str, serial: str) -> str:
    serial = re.sub(r"[（()）\s]", "", serial)
    return "".join(kind.split()) + serial
