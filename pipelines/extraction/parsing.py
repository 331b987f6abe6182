"""From a page's bytes to its text and its tree: any declared charset, any markup, bounded time and memory.

Charsets: a byte order mark, then valid UTF-8, then what the page declares, then what its words say; every `gb*` name
is read as GB18030, their superset (WHATWG Encoding Standard). Trees come from lexbor, which reads on after a stray
`</html>` as browsers do. Its time grows with the square of attributes and of nesting, so both are cut first.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser

MAX_BYTES = 32 * 1024 * 1024
"""Bytes of a page that are looked at; the downloader's limit."""
MAX_CHARACTERS = 3_750_000
"""Characters of markup that are parsed, after inline data was taken out."""
MAX_DEPTH = 400
"""Nesting that is kept (browsers stop at 512)."""

_BOMB = re.compile(r"<[A-Za-z][^<>]{65535}")
_BOMB_TAG = re.compile(r"<([A-Za-z][A-Za-z0-9:-]*)[^<>]{65000,}+>?")
_MANY_ATTRIBUTES = re.compile(
    r"<([A-Za-z][A-Za-z0-9:-]*)(?:[\s/]+[^\s=>\"'/]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'>]+))?){500,}+[^<>]*>?"
)
_DATA_URL = re.compile(r"data:[\w.+/-]{0,80}(?:;[\w=.-]{1,40}){0,4},[^\"'\s<>)]{512,}+")
_HIGH = re.compile(r"[^\x00-\x7f]+")
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:-]*)[^<>]*>")
_VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"]
)
_SELF_CLOSING = frozenset(["p", "li", "td", "th", "tr", "option", "dt", "dd", "thead", "tbody", "tfoot", "colgroup"])
_META_CHARSET = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w:.-]{2,40})", re.I)
_XML_CHARSET = re.compile(rb"^\s*<\?xml[^>]{0,200}encoding\s*=\s*[\"']([\w:.-]{2,40})", re.I)
_HEADER_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w:.-]{2,40})", re.I)
_MAGIC = (
    b"%PDF-",
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF87a",
    b"GIF89a",
    b"\x1f\x8b\x08",
    b"Rar!\x1a",
    b"7z\xbc\xaf\x27\x1c",
    b"{\\rtf",
    b"BM",
    b"ID3",
    b"\x00\x00\x00\x18ftyp",
    b"\x00\x00\x00\x20ftyp",
)
_COMMON = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经"
    "十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形"
    "相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展"
    "五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战"
    "先回则任取据处队南给色光门即保治北造百规热领七海口东导器压志世金增争济阶油思术极交受联什认六共权收证改清己美再采转更单风切打白"
    "教速花带安场身车例真务具万每目至达走积示议声报斗完类八离华名确才科张信马节话米整空元况今集温传土许步群广石记需段研界拉林律叫且"
    "究观越织装影算低持音众书布复容儿须际商非验连断深难近矿千周委素技备半办青省列习响约支般史感劳便团往酸历市克何除消构府称太准精值"
    "號這個來時們對會國發動學過產經進業關於無現實應點當還開從體後與請務報資訊機構辦區縣處長東車電書"
)


@dataclass(slots=True)
class Decoded:
    """A page's text, the encoding it was read in, and what was odd: `encoding_repaired`, `invalid_bytes`, …"""

    text: str
    encoding: str
    flags: list[str] = field(default_factory=list)


def is_binary(raw: bytes) -> bool:
    """Whether bytes are no text at all: a known file signature, or control bytes throughout (UTF-16 excepted)."""
    head = raw[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(_MAGIC) and b"<html" not in head.lower():
        return True
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff") or _wide(raw):
        return False
    sample = raw[:4096]
    controls = sum(sample.count(bytes([c])) for c in (*range(1, 9), *range(14, 27), *range(28, 32)))
    return bool(sample) and (controls > len(sample) * 0.05 or (sample.count(0) > len(sample) * 0.3))


def decode(raw: bytes, declared: str | None = None) -> Decoded:
    """Reads bytes as text.

    Args:
        raw: the page as it was served, at most `MAX_BYTES` of it are read.
        declared: the `Content-Type` header or a bare charset name, where there is one.

    Returns:
        The text without NULs and byte order mark. Flags: `encoding_repaired` when the declaration was wrong,
        `invalid_bytes` when some bytes fit no encoding, `truncated` when the page was longer than the limit.
    """
    flags: list[str] = []
    if len(raw) > MAX_BYTES:
        raw = raw[:MAX_BYTES]
        flags.append("truncated")
    said = _declared(raw, declared)
    text, encoding = _by_mark(raw)
    if text is None:
        text, encoding = _by_content(raw, said)
        if "+" in encoding or (said and encoding != "ascii" and _codec(said) != encoding):
            flags.append("encoding_repaired")
    if "\x00" in text:
        text = text.replace("\x00", "")
    if "�" in text and "�".encode() not in raw:
        flags.append("invalid_bytes")
    return Decoded(text, encoding, flags)


def parse(text: str) -> LexborHTMLParser:
    """Parses markup into a lexbor tree in bounded time: attribute bombs, deep nesting and inline data are cut first."""
    return LexborHTMLParser(bounded(text)[0])


def is_cut(text: str) -> bool:
    """Whether a page's markup stops in its middle: within a tag, or with no end of the page and boxes left open.

    Many hand-made pages lack `</html>`; those close their boxes.
    """
    tail = text[-2000:].rstrip()
    if _OPEN_TAG.search(tail):
        return True
    if _PAGE_END.search(tail) or not _PAGE_START.search(text[:20_000]) or _PAGE_END.search(text):
        return False
    opened: Counter[str] = Counter()
    for slash, name in _BOXES.findall(text):
        opened[name.lower()] += -1 if slash else 1
    return opened["div"] > 1 or opened["table"] > 0


_OPEN_TAG = re.compile(r"</?[a-z][^<>]*\Z", re.IGNORECASE)
_PAGE_END = re.compile(r"</(?:body|html)\s*>", re.IGNORECASE)
_PAGE_START = re.compile(r"<(?:body|html)\b", re.IGNORECASE)
_BOXES = re.compile(r"<(/?)(div|table)\b", re.IGNORECASE)


class Bounded(NamedTuple):
    """Markup that lexbor reads quickly; whether its end was cut off, and whether tags lost absurd attributes."""

    text: str
    cut: bool
    thinned: bool


def bounded(text: str) -> Bounded:
    """Cuts what lexbor would read slowly: inline data, the end of very long pages, absurd attributes and nesting."""
    if len(text) > 100_000 and "data:" in text:
        text = _DATA_URL.sub("data:,", text)
    cut = len(text) > MAX_CHARACTERS
    if cut:
        tag = text.rfind("<", MAX_CHARACTERS - 65_536, MAX_CHARACTERS)
        text = text[: tag if tag > 0 else MAX_CHARACTERS]
    before = len(text)
    if len(text) > 65_536:
        if _BOMB.search(text):
            text = _BOMB_TAG.sub(r"<\1>", text)
        if text.count("=") > 5_000:
            text = _MANY_ATTRIBUTES.sub(r"<\1>", text)
    thinned = len(text) < before
    if text.count("<") > 4_000:
        text = _flattened(text)
    opened = text.rfind("<!--")
    if opened >= 0 and text.find("-->", opened) < 0 and text.find("--!>", opened) < 0:
        text = text[:opened] + text[opened + 4 :]
    return Bounded(text, cut, thinned)


def _flattened(text: str) -> str:
    """Tags nested deeper than `MAX_DEPTH` dropped, their text kept."""
    depth = deepest = 0
    for tag in _TAG.finditer(text):
        name = tag[2].lower()
        if name in _VOID or name in _SELF_CLOSING:
            continue
        depth = max(0, depth - 1) if tag[1] else depth + 1
        deepest = max(deepest, depth)
    if deepest <= MAX_DEPTH:
        return text
    depth = 0

    def keep(tag: re.Match[str]) -> str:
        nonlocal depth
        name = tag[2].lower()
        if name in _VOID or name in _SELF_CLOSING:
            return tag[0]
        if tag[1]:
            depth = max(0, depth - 1)
            return tag[0] if depth < MAX_DEPTH else ""
        depth += 1
        return tag[0] if depth <= MAX_DEPTH else ""

    return _TAG.sub(keep, text)


def _wide(raw: bytes) -> str | None:
    """UTF-16 without a byte order mark, told by its zero bytes beside `<`."""
    head = raw[:64]
    if len(head) >= 8 and head.count(0) >= 4:
        if head[1::2].count(0) > 3 and b"<\x00" in head:
            return "utf-16-le"
        if head[::2].count(0) > 3 and b"\x00<" in head:
            return "utf-16-be"
    return None


def _by_mark(raw: bytes) -> tuple[str, str] | tuple[None, str]:
    if raw.startswith(codecs.BOM_UTF8):
        tail = raw[3:]
        if not _damaged(tail):
            return tail.decode("utf-8", "replace"), "utf-8"
        return None, ""
    if raw[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return raw.decode("utf-16", "replace"), "utf-16"
    if wide := _wide(raw):
        return raw.decode(wide, "replace"), wide
    return None, ""


def _damaged(raw: bytes) -> bool:
    """Whether more than a fiftieth of the non-ASCII text is no UTF-8 (a mark put before another encoding)."""
    text = raw.decode("utf-8", "replace")
    high = sum(1 for c in text if c > "\x7f") if "�" in text else 0
    return text.count("�") * 50 > high > 0


def _by_content(raw: bytes, said: str | None) -> tuple[str, str]:
    if raw.isascii():
        text = raw.decode("ascii")
        if "\x1b$" in text and said and said.lower().startswith("iso-2022"):
            return raw.decode(said, "replace"), said.lower()
        return text, "ascii"
    try:
        return raw.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        if error.start >= len(raw) - 3 and error.start > 0 and any(b > 0x7F for b in raw[: error.start]):
            return raw[: error.start].decode("utf-8"), "utf-8"
    utf8 = raw.decode("utf-8", "replace")
    lost = utf8.count("�")
    read = len(utf8) - len(utf8.encode("ascii", "ignore")) - lost
    if read > lost:
        return _mixed(raw, utf8)
    names = ["gb18030", "big5hkscs"]
    codec = _codec(said) if said else ""
    lone = _lonely(raw)
    if lone:
        names.insert(0, "cp1252")
    elif codec not in ("", "utf-8", "cp1252", "gb18030"):
        names = [codec, *(n for n in names if n != codec)]
    best: tuple[float, str, str] | None = None
    for name in names:
        text = raw.decode(name, "replace")
        score = _plausible(text, lone=lone and name == "cp1252")
        if best is None or score > best[0] + 0.1:
            best = (score, text, name)
        if score > 0.4:
            break
    assert best is not None  # noqa: S101 - names is never empty
    return best[1], best[2]


def _mixed(raw: bytes, utf8: str) -> tuple[str, str]:
    """Mostly UTF-8: lines that are another encoding's (a GBK include, cut characters) are read by themselves."""
    lines, other = [], False
    for line in raw.split(b"\n"):
        try:
            lines.append(line.decode("utf-8"))
        except UnicodeDecodeError:
            text = line.decode("utf-8", "replace")
            try:
                legacy = line.decode("gb18030")
            except UnicodeDecodeError:
                legacy = ""
            if legacy and _plausible(legacy) > _plausible(text) + 0.1:
                text, other = legacy, True
            lines.append(text)
    return ("\n".join(lines), "utf-8+gb18030") if other else (utf8, "utf-8")


def _lonely(raw: bytes) -> bool:
    """Whether high bytes stand alone between ASCII letters, as in western text; Chinese ones come in runs."""
    runs = re.findall(rb"[\x80-\xff]+", raw[:200_000])
    return bool(runs) and sum(len(r) == 1 for r in runs) > len(runs) * 0.8


def _plausible(text: str, *, lone: bool = False) -> float:
    """How much a decoding looks like prose: everyday characters among the ideographs, less what could not be read."""
    high = "".join(_HIGH.findall(text[:400_000]))[:3000]
    if not high:
        return 1.0
    han = [c for c in high if "㐀" <= c <= "鿿"]
    common = sum(c in _COMMON for c in han)
    bad = sum(c == "�" or "\x80" <= c <= "\x9f" or "\ue000" <= c <= "\uf8ff" for c in high)
    other = len(high) - len(han) - bad
    base = common / len(han) if han else 0.0
    weight = (base * len(han) + other * (0.6 if lone or not han else 0.3)) / len(high)
    return weight - 3 * bad / len(high)


def _declared(raw: bytes, header: str | None) -> str | None:
    """The charset that the header names, else the page's own declaration."""
    if header:
        if found := _HEADER_CHARSET.search(header):
            return found[1]
        if "/" not in header:
            return header.strip() or None
    head = raw[:8192]
    found_bytes = _META_CHARSET.search(head) or _XML_CHARSET.search(head)
    return found_bytes[1].decode("ascii", "replace") if found_bytes else None


def _codec(name: str) -> str:
    """Python's codec for a declared charset; every `gb*` is GB18030, Latin-1 is Windows-1252; '' when unknown."""
    low = name.strip().lower().replace("_", "-")
    if low.startswith(("gb", "x-gb", "csgb", "cp936", "hz-gb", "euc-cn", "x-euc-cn")):
        return "gb18030"
    if low.startswith("big5"):
        return "big5hkscs"
    if low in ("iso-8859-1", "latin1", "us-ascii", "ascii", "windows-1252"):
        return "cp1252"
    if low in ("utf8", "utf-8", "unicode", "utf-8-sig"):
        return "utf-8"
    try:
        return codecs.lookup(low).name
    except (LookupError, ValueError):
        return ""
