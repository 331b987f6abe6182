"""When are two pages the same report? Keys of addresses, titles, numbers and texts; all pure.

An address is never enough (redesigns move pages, columns repeat them) and a number neither (templates repeat index
numbers, bureaus forget to raise them): see `same_report` for the rules and their reasons.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from rapidfuzz import fuzz

SESSION_PARAMETERS: Final = re.compile(r"(?:j|php|asp|aspx|asp\.net_)?session_?id|aspsessionid\w*|cfid|cftoken", re.I)
TRACKING_PARAMETERS: Final = re.compile(
    r"utm_\w+|spm|fbclid|gclid|msclkid|share_token|share_from|isappinstalled|from_source|wfr|nsukey", re.I
)
CLOCK_PARAMETERS: Final = re.compile(r"_?t|_|ts|timestamp|time|r|rand|random|rnd|v|nocache|_dc", re.I)
INDEX_FILES: Final = re.compile(r"/(?:index|default|home)\.(?:s?html?|jsp|aspx?|php)$", re.I)
PATH_SESSION: Final = re.compile(r";[^/?#]{1,200}")
LONGEST_KEY: Final = 600
"""Characters; PostgreSQL's indexes hold 2.7 KB a row."""
COPY_DAYS: Final = 10
"""Other bureaus repeat a report within days; the same title months later is another issue."""
SAME_TEXT: Final = 0.9
LEAST_TEXT: Final = 40
"""Folded characters below which a text recognises nothing."""
MOST_COMPARED: Final = 200_000


@lru_cache(maxsize=65536)
def url_key(url: str) -> str:
    """An address without what does not name the page.

    Dropped: scheme, `www.`, case of the host, ports 80 and 443, session ids, tracking and clock parameters, the
    fragment (unless it routes a one-page application: `#/…`), index files, a slash at the end, the parameters' order.
    """
    url = url.replace("\x00", "").encode("utf-8", "replace").decode()
    parts = urlsplit(url.strip().replace("\\", "/"))
    host = (parts.hostname or "").rstrip(".").removeprefix("www.")
    try:
        port = parts.port
    except ValueError:
        port = None
    if port and port not in (80, 443):
        host = f"{host}:{port}"
    path = PATH_SESSION.sub("", re.sub(r"/{2,}", "/", parts.path or "/"))
    path = quote(unquote(path, errors="surrogateescape"), safe="/:@!$&'()*+,=~-._", errors="surrogateescape")
    path = INDEX_FILES.sub("/", path).rstrip("/")
    pairs = [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if _names_page(k, v)]
    query = "&".join(f"{quote(k, safe='')}={quote(v, safe='')}" for k, v in sorted(pairs))
    route = "#" + parts.fragment if parts.fragment.startswith(("/", "!")) else ""
    key = f"{host}{path}{'?' + query if query else ''}{route}"
    if len(key) > LONGEST_KEY:
        key = f"{key[: LONGEST_KEY - 65]}#{hashlib.sha256(key.encode()).hexdigest()}"
    return key


def _names_page(name: str, value: str) -> bool:
    if SESSION_PARAMETERS.fullmatch(name) or TRACKING_PARAMETERS.fullmatch(name):
        return False
    # `t=12` may be an article's id; a clock or a random number has ten digits or more, or a point.
    return not (CLOCK_PARAMETERS.fullmatch(name) and re.fullmatch(r"0?\.\d+|\d{10,17}", value))


SILENT: Final = re.compile(r"[\W_]+")


def fold(text: str) -> str:
    """Text reduced to what is said: full-width forms and case folded, spaces and punctuation dropped."""
    kept = SILENT.sub("", text)
    if not unicodedata.is_normalized("NFKC", kept):  # what is left seldom needs it, and it costs ten times as much
        kept = SILENT.sub("", unicodedata.normalize("NFKC", kept))
    return kept.casefold()


def title_key(title: str | None) -> str | None:
    """The folded title, cut to 200 characters."""
    return fold(title)[:200] or None if title else None


def number_key(number: str | None) -> str | None:
    """An index or document number folded: `筑公〔2021〕3号` = `筑公[2021] 3号`."""
    return fold(number) or None if number else None


def body_hash(body: str) -> str | None:
    """Names a text whatever its spaces and punctuation; None for texts too short to name anything."""
    folded = fold(body[:MOST_COMPARED])
    return hashlib.sha256(folded.encode("utf-8", "replace")).hexdigest() if len(folded) >= LEAST_TEXT else None


@dataclass(frozen=True, slots=True)
class Identity:
    """What recognises a report; `day` is the published day."""

    source_id: str
    title: str | None
    document_number: str | None = None
    index_number: str | None = None
    day: date | None = None
    body: str = ""
    files: frozenset[str] = frozenset()
    """URL keys of its attachments."""

    @property
    def title_key(self) -> str | None:
        """The folded title."""
        return title_key(self.title)


def same_report(a: Identity, b: Identity) -> bool:
    """Whether two pages under different addresses show one report.

    1. Titles must agree in full, or differ by an ending only that holds no figure (a site's or column's name): monthly
       bulletins differ by a figure.
    2. Texts must agree (`same_text`): forms that are filled in differ by names and figures in most sentences.
    3. Where the text says nothing (a bare link to a file), the days must agree, and a number, or else the addresses of
       the files; without either, the few words of the same bureau under a telling title.
    4. Other bureaus' copies, and the same bureau's without any number, must be near in time; a number of their own
       that differs (document number) keeps reports apart.
    """
    if not titles_agree(a.title, b.title):
        return False
    numbers = _agree(a.document_number, b.document_number)
    indexes = _agree(a.index_number, b.index_number) if a.source_id == b.source_id else None
    if numbers is False:
        return False
    gap = abs((a.day - b.day).days) if a.day and b.day else None
    if min(len(fold(a.body[:400])), len(fold(b.body[:400]))) < LEAST_TEXT:
        return not gap and indexes is not False and _same_bare(a, b, numbers or indexes or False)
    if not same_text(a.body, b.body):
        return False
    if a.source_id == b.source_id and (numbers or indexes):
        return True
    if indexes is False and gap != 0:
        return False
    return gap is None or gap <= COPY_DAYS


def _same_bare(a: Identity, b: Identity, numbered: bool) -> bool:
    one, other = fold(a.body), fold(b.body)
    if one and other and one != other:
        return False
    if numbered:
        return True
    if a.files or b.files:
        return a.files == b.files
    return bool(one and other and a.day and b.day) and a.source_id == b.source_id and len(a.title_key or "") >= 8


def _agree(a: str | None, b: str | None) -> bool | None:
    """None when either is not stated."""
    x, y = number_key(a), number_key(b)
    return x == y if x and y else None


FIGURE: Final = re.compile(r"[0-9〇零一二三四五六七八九十百]")


def titles_agree(a: str | None, b: str | None) -> bool:
    """Equal when folded, or one is the other with a short ending or beginning that holds no figure."""
    x, y = fold(a or ""), fold(b or "")
    if not x or not y:
        return False
    if x == y:
        return True
    short, long = sorted((x, y), key=len)
    if len(short) < 10 or len(long) - len(short) > 20:
        return False
    rest = long[len(short) :] if long.startswith(short) else long[: -len(short)] if long.endswith(short) else None
    return rest is not None and not FIGURE.search(rest)


SENTENCE: Final = re.compile(r"[。；;！!？?\n\t]+")


def sentences(text: str) -> list[str]:
    """A text's folded sentences and cells, without the very short ones."""
    return [s for part in SENTENCE.split(text[:MOST_COMPARED]) if len(s := fold(part)) >= 6]


def same_text(a: str, b: str) -> bool:
    """Whether one text is the other but for lines added around it: what a copy on another site looks like.

    Nearly all sentences of the shorter one must stand in the longer one word for word. A few may differ in spelling,
    never in their figures: a bulletin of another month has the same words and other figures.
    """
    if fold(a[:MOST_COMPARED]) == fold(b[:MOST_COMPARED]):
        return True
    first, second = sentences(a), sentences(b)
    short, long = sorted((first, second), key=lambda s: sum(map(len, s)))
    if not short:
        return False
    weight = sum(map(len, short))
    if weight < 0.5 * sum(map(len, long)):
        return False
    there = set(long)
    left = [s for s in short if s not in there]
    if weight and sum(map(len, left)) > (1 - SAME_TEXT) * weight + 12:
        return False
    others = [s for s in long if s not in set(short)]
    return all(not _figures_differ(s, others) for s in left)


def _figures_differ(sentence: str, others: list[str]) -> bool:
    """Whether the sentence stands in the other text with other figures."""
    figures = re.findall(r"\d+", sentence)
    return any(fuzz.ratio(sentence, other) > 60 and re.findall(r"\d+", other) != figures for other in others)
