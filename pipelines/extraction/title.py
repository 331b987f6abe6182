"""A report's title: whole, without the site's and the column's name, chosen by agreement of what the page states.

A page states its title in up to six places, each of which is wrong on some sites: ArticleTitle may hold the site's
name, the h1 the site's logo, `<title>` the site alone or a brand that an intruder added, a list's `@title` a cut
text, a disclosure table another document's name. So a statement counts when another one, or a printed line, agrees
with it; only then does the order of trust (list, ArticleTitle, disclosure table, printed line, `<title>`) decide.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.extraction.numbers import is_number_line
from pipelines.extraction.site_names import (
    DOCUMENT_END,
    SEPARATOR,
    is_organisation_name,
    is_site_name,
    key,
    trim_site,
)
from pipelines.extraction.title_lines import (
    NOT_TITLE,
    Stated,
    is_heading,
    is_link,
    is_trail,
    join,
    structural,
    undated,
)

_TAIL = re.compile(r"\s+[-–—|•›»«·:/]+\s+|\s*[|｜]\s*")
_QUOTES = str.maketrans("‘’′´`“”″", "'''''\"\"\"")
_SPACES = re.compile(r"[\s\u200b\ufeff]+")
_TAGS = re.compile(r"<[^<>]{1,200}>")
_CUT = re.compile(r"(?:…+|\.{3,}|·{3,})$")
_BRACKETED = re.compile(r"(.{6,}?)\s*[（(](.{4,40})[)）]")
_SUBTITLE = re.compile(r"(?:——|―{1,2}|--|－－)\s*[^。；—\s][^。；]{2,60}")
_PLACE = re.compile(
    r"(?:当前位置|您的位置|您所在的?位置|您现在的?位置|所在位置|当前栏目|现在位置)\s{0,3}(?:是)?\s{0,3}[:：]?"
)
_KIND = 6
"""Letters at most of a statement that may only say what kind of document the page holds."""
_STATE = re.compile(
    r"(?<=[\u4e00-\u9fff）)])\s?[\[【［](?:(?:正在)?[\u4e00-\u9fff]{2,4}中|(?:报名|公示|招标|征集|交易)?(?:已(?:经)?(?:结束|截止|完成|终止)|未开始))[\]】］]$"
)
"""What trading platforms print behind a title: how far the tender or the call is ([文件获取中], [已结束])."""
_PLACEHOLDER = re.compile(r"\W{0,3}(?:[$#@]!?\{|\{[{$%#]|\{\w+:|\[!--|<%)")
"""A name that a template left unfilled ($!{title}, {{ title }}, {dede:field}, [!--title--])."""
_STEP = re.compile(r"[>＞»›→/|\t]+|(?<=\S)-(?=\S)")


@dataclass(slots=True)
class Title:
    """The clean title, the raw one as the page's head states it, and where the title is printed (a line's number)."""

    text: str | None = None
    raw: str | None = None
    line: int | None = None


def tidy(text: str | None) -> str | None:
    """One line of text: entities resolved, markup inside taken out, white space runs as one space."""
    if not text:
        return None
    text = text[:2000]
    if "&" in text:
        text = html.unescape(html.unescape(text))
    if "<" in text:
        text = _TAGS.sub(lambda m: m[0] if "\u4e00" <= m[0][1] <= "\u9fff" else " ", text)
    return _SPACES.sub(" ", text).strip() or None


def read_title(stated: Stated) -> Title:
    """The title that the page's statements agree on; `text` None where there is none."""
    document = tidy(stated.document)
    if document and _PLACEHOLDER.match(document):
        document = None
    trail = _trail_names(stated.lines)
    names = {key(n) for n in (*stated.sites, *stated.columns, *trail) if n}
    keys = [key(line) for line in stated.lines]
    claims = [
        c
        for c in map(tidy, (stated.listed, stated.record, stated.article, stated.labelled, stated.shared))
        if c and _sound(c, names)
    ]
    claims = [_as_printed(_without_site(c, names), stated.headings) for c in claims]
    claims = [_unbroken(c, document, stated.mains) for c in claims]
    claims = [_without_number(c, {*keys, *map(key, stated.body[:4])}) for c in claims]
    whole = trim_site(document, stated.sites, [*stated.columns, *trail]) if document else None
    claims = [_completed(c, [*claims, *stated.lines, whole or ""]) for c in claims]
    chosen, line = (
        _agreed(claims, document, stated, keys)
        or _read_from_document(document, stated, keys, names)
        or _unconfirmed(claims, document, stated, keys, names, trail)
    )
    if chosen and line is None and len(key(chosen)) <= _KIND:
        chosen, line = _whole_of_kind(chosen, stated, keys, names)
    if chosen:
        chosen = _completed(chosen, [*claims, whole or "", stated.listed or ""])
        if line is None and (printed := _printed(chosen, stated.lines, keys)):
            line = printed[1]
        chosen = _with_subtitle(chosen, [*stated.headings, *stated.lines])
        chosen = _STATE.sub("", chosen)
    raw = document or chosen
    if raw and chosen and key(chosen) not in key(raw) and (is_site_name(raw) or key(raw) in names):
        raw = chosen
    return Title(chosen, raw, line)


def _without_number(claim: str, printed: set[str]) -> str:
    """A statement without the document's number in brackets at its end, where the page prints the title without it."""
    found = _BRACKETED.fullmatch(claim)
    return found[1] if found and is_number_line(found[2]) and key(found[1]) in printed else claim


def _with_subtitle(title: str, headings: Sequence[str]) -> str:
    """A title with the sub-title that a dash opens (——) in the same heading; one in an element of its own stays out."""
    if "—" in title:
        return title
    rests = (heading[len(title) :].strip() for heading in headings if heading.startswith(title))
    return title + next((rest for rest in rests if _SUBTITLE.fullmatch(rest)), "")


_Found = tuple[str | None, int | None]


def _agreed(claims: Sequence[str], document: str | None, stated: Stated, keys: Sequence[str]) -> _Found | None:
    """The first claim that is printed above the body, else the first that another place confirms."""
    for claim in claims:
        if printed := _printed(claim, stated.lines, keys):
            return printed
    counts = Counter(key(claim) for claim in claims)
    body = stated.body[:4]
    body_keys = [key(line) for line in body]
    for claim in claims:
        if counts[key(claim)] > 1 or (document and _heads(document, claim)) or _printed(claim, body, body_keys):
            return claim, None
    return None


def _read_from_document(document: str | None, stated: Stated, keys: Sequence[str], names: set[str]) -> _Found | None:
    """The printed line that `<title>` begins with, above the body or as its first line."""
    if not document:
        return None
    found = _line_of_document(document, stated.lines, keys, names, stated.headings, stated.mains)
    if found and found[1] is not None and len(key(found[0])) <= 6 and is_link(stated, keys, found[1]):
        found = None  # a column's name in the menu
    if found and 2 * len(key(found[0])) < len(key(document)):
        # A column's or a site's name, where the line over the date and source is another part of `<title>`.
        under = structural(stated, keys, names)
        if under and under[2] and under[1] > (found[1] or 0) and _is_other(document, found[0], under[0]):
            return under[:2]
    if found:
        return found
    body = stated.body[:3]
    found = _line_of_document(document, body, [key(line) for line in body], names)
    return (found[0], None) if found else None


def _is_other(document: str, found: str, under: str) -> bool:
    """Whether what was found is but a word, or a line has six letters in a row of a longer part of `<title>`."""
    flat, length = key(under), len(key(found))
    parts = [part for part in map(key, SEPARATOR.split(document)) if len(part) > length]
    return length <= 4 or any(part[i : i + 6] in flat for part in parts for i in range(len(part) - 5))


def _unconfirmed(
    claims: Sequence[str],
    document: str | None,
    stated: Stated,
    keys: Sequence[str],
    names: set[str],
    trail: Sequence[str],
) -> _Found:
    """Where no two places agree: the line above the date and source, a claim, `<title>`, the body's first line."""
    found = structural(stated, keys, names)
    trimmed = trim_site(document, stated.sites, [*stated.columns, *trail]) if document else None
    if trimmed and not _sound(trimmed, names):
        trimmed = None
    usable = trimmed is not None and not is_site_name(trimmed) and not is_organisation_name(trimmed)
    main = found is not None and any(key(heading) == key(found[0]) for heading in stated.mains)
    if not main and (lone := _lone_heading(document, stated, keys, names, found)):
        return lone
    if (
        found
        and usable
        and trimmed
        and len(key(trimmed)) >= 8
        and key(found[0]).endswith(key(trimmed))
        and key(trimmed) != key(found[0])
    ):
        return trimmed, found[1]  # the printed line has a mark before it (置顶, [图文])
    if found and (found[2] or main):
        of_body = _title_of_body(stated.body) if len(key(found[0])) < 8 and not DOCUMENT_END.search(found[0]) else None
        return (of_body, None) if of_body and not main else found[:2]
    if claims:
        return claims[0], None
    vague = trimmed is not None and _vague(trimmed)
    headed = next((line for line in stated.body[:3] if DOCUMENT_END.search(line) and is_heading(line, stated)), None)
    if headed and (vague or not usable):
        return headed, None
    if found and vague and DOCUMENT_END.search(found[0]):
        return found[0], found[1]
    first = _title_of_body(stated.body)
    above = stated.lines[-1].strip() if stated.lines else ""
    if first and first.startswith(("关于", "印发", "转发")) and is_organisation_name(above):
        first = above + first
    if found and vague and not first and is_heading(found[0], stated):
        return found[0], found[1]
    if usable and not (first and (vague or "关于" in first)):
        return trimmed, None
    if first:
        return first, None
    return (found[0], found[1]) if found else (trimmed, None)


def _lone_heading(
    document: str | None,
    stated: Stated,
    keys: Sequence[str],
    names: set[str],
    found: tuple[str, int, bool] | None,
) -> tuple[str, int] | None:
    """The page's only h1, where `<title>` shares most of its words or it stands just above what seemed the title."""
    mains = {key(h): h for h in stated.mains}
    wanted = [
        i
        for i, flat in enumerate(keys)
        if flat in mains and len(flat) >= 4 and flat not in names and not is_organisation_name(stated.lines[i])
    ]
    if len({keys[i] for i in wanted}) != 1:
        return None
    text, at = stated.lines[wanted[-1]].strip(), wanted[-1]
    if is_site_name(text) or is_organisation_name(text) or NOT_TITLE.search(text):
        return None
    words, others = _words(text), _words(document or "")
    shared = len(words & others) >= 0.5 * max(1, min(len(words), len(others)))
    near = found is not None and not is_heading(found[0], stated) and 0 < found[1] - at <= 4
    return (text, at) if shared or near else None


def _whole_of_kind(claim: str, stated: Stated, keys: Sequence[str], names: set[str]) -> _Found:
    """A statement that is but a kind of document (送达公告), whole from the line over the date that ends with it."""
    found = structural(stated, keys, names)
    if found and found[2] and keys[found[1]].endswith(key(claim)):
        return found[:2]
    return claim, None


def _words(text: str) -> set[str]:
    """Words of Latin letters and pairs of ideographs: what two wordings of one title share."""
    text = text.lower()
    return set(re.findall(r"[a-z0-9à-ÿ]{3,}", text)) | {
        text[i : i + 2] for i in range(len(text) - 1) if "\u4e00" <= text[i] <= "\u9fff" >= text[i + 1] >= "\u4e00"
    }


def _vague(text: str) -> bool:
    """Whether a page's `<title>` only names a kind of page or places in the site (通告, 正文, 某局-机构职能)."""
    return all(len(key(part)) <= 4 or is_organisation_name(part) for part in SEPARATOR.split(text))


def _title_of_body(body: Sequence[str]) -> str | None:
    """The body's first lines where they are a document's title, whole or broken over up to three lines."""
    for count in (1, 2, 3):
        lines = [line.strip() for line in body[:count]]
        if len(lines) < count or any(not line or len(line) > 80 or line[-1] in "。；：:，,！!" for line in lines):
            return None
        text = join(lines)
        if DOCUMENT_END.search(text) and 6 <= len(text) <= 160:
            return text
    return None


def _sound(text: str, names: set[str]) -> bool:
    """Whether a statement can be a report's title at all."""
    flat = key(text)
    return (
        len(flat) >= 2
        and flat not in names
        and len(text) <= 400
        and not is_trail(text[:40])
        and not text.startswith("http")
        and not _PLACEHOLDER.match(text)
    )


def _trail_names(lines: Sequence[str]) -> list[str]:
    """Names of the columns that the page's breadcrumb goes through; a long last step is the report itself."""
    names: list[str] = []
    for line in lines:
        place = _PLACE.search(line)
        if place or (len(line) <= 120 and is_trail(line)):
            steps = _STEP.split(line[place.end() :] if place else line)
            names += [step.strip() for step in steps if 1 < len(step.strip()) <= 12]
    return names


def _without_site(claim: str, names: set[str]) -> str:
    """A statement without a known name of the site after its last separator."""
    cuts = list(SEPARATOR.finditer(claim))
    for cut in cuts:
        if key(claim[cut.end() :]) in names and len(key(claim[: cut.start()])) >= 2:
            return claim[: cut.start()].strip()
    return claim


def _unbroken(claim: str, document: str | None, mains: Sequence[str]) -> str:
    """A statement that ends at a quotation mark (of an attribute whose quotes were not escaped), whole from the h1."""
    start, whole = key(claim), key(document)
    longer = [m.strip() for m in mains if len(flat := key(m)) > len(start) > 5 and whole.startswith(flat)]
    return next((m for m in longer if key(m).startswith(start) and m[len(claim) :].strip()[:1] in "\"'"), claim)


def _as_printed(claim: str, headings: Sequence[str]) -> str:
    """A statement without what follows a separator, where a heading prints it without."""
    printed = {flat for h in headings if len(flat := key(h)) >= 6}
    for cut in _TAIL.finditer(claim):
        if key(claim[: cut.start()]) in printed and not is_site_name(claim[: cut.start()]):
            return claim[: cut.start()].strip()
    return claim


def _completed(claim: str, others: Sequence[str]) -> str:
    """A title that a list cut with an ellipsis, whole from another statement that goes on."""
    if not _CUT.search(claim):
        return claim
    start = key(_CUT.sub("", claim))
    longer = [o for o in others if o != claim and len(start) >= 6 and key(o).startswith(start) and not _CUT.search(o)]
    return min(longer, key=len) if longer else claim


def _printed(claim: str, lines: Sequence[str], keys: Sequence[str]) -> tuple[str, int] | None:
    """The claim as printed on one line or broken over several, and the last such line's number; the last place wins."""
    flat = key(claim)
    for i in range(len(lines) - 1, -1, -1):
        if not keys[i] or not flat.startswith(keys[i]):
            continue
        if keys[i] == flat:
            return lines[i].strip(), i
        joined, j = keys[i], i + 1
        while j < len(lines) and j < i + 8 and len(joined) < len(flat) and flat.startswith(joined + keys[j]):
            joined += keys[j]
            j += 1
        if joined != flat and j < len(lines) and joined + key(undated(lines[j])) == flat:
            joined, j = flat, j + 1
        if joined == flat:
            return claim, j - 1
    return None


def _heads(document: str, title: str) -> bool:
    """Whether the page's `<title>` is this title with names before or after it, parted by a separator."""
    document, title = document.translate(_QUOTES), title.translate(_QUOTES)
    part = "".join(title.split())
    pattern = re.compile(r"\s*".join(map(re.escape, part[:200])))
    match = pattern.search(document)
    if match is None or len(part) > 200:
        return False
    before, after = document[: match.start()], document[match.end() :]
    if before[-1:].isspace() and _are_names(before):
        before = ""
    if after[:1].isspace() and _are_names(after):
        after = ""
    before, after = before.rstrip(), after.lstrip()
    if after and (after[0].isalnum() or after[0] in "《〈“、") and not is_site_name(after):
        return False
    return not (before and before[-1].isalnum() and not is_site_name(before))


def _are_names(text: str) -> bool:
    """Whether words parted by spaces alone are columns and bodies (某市公安局 通知公告), as some systems write them."""
    return all(
        "\u4e00" <= part[0] <= "\u9fff"
        and (len(key(part)) <= 6 or is_organisation_name(part) or is_site_name(part))
        and "关于" not in part
        for part in text.split()
    )


def _line_of_document(
    document: str,
    lines: Sequence[str],
    keys: Sequence[str],
    names: set[str],
    headings: Sequence[str] = (),
    mains: Sequence[str] = (),
) -> tuple[str, int | None] | None:
    """The printed line, or lines, that `<title>` begins (or ends) with: the h1 next to the body, else the longest."""
    main = {key(h) for h in mains}
    starts = [document, *(document[m.end() :] for m in SEPARATOR.finditer(document))]
    flats = [key(s) for s in starts[:8]]
    best: tuple[str, int | None] | None = None
    length = 3
    for i in range(len(lines) - 1, -1, -1):
        if len(keys[i]) < 2 or keys[i] in names or NOT_TITLE.search(lines[i]):
            continue
        for flat in flats:
            if not flat.startswith(keys[i]):
                if lines[i][-1:] in ")）]】0123456789" and flat == key(bare := undated(lines[i])):
                    return bare, i
                continue
            joined, j = keys[i], i + 1
            while (
                j < min(len(lines), i + 6)
                and keys[j]
                and flat.startswith(joined + keys[j])
                and not is_number_line(lines[j])
            ):
                joined += keys[j]
                j += 1
            text = join(lines[i:j])
            tail = key(bare := undated(lines[j])) if i < j < len(lines) else ""
            if tail and tail != keys[j] and flat == joined + tail:
                text, joined, j = join([text, bare]), flat, j + 1
            heading = length == 3 and len(joined) in (2, 3) and text in headings
            if (
                ((len(joined) > length and not (best and key(best[0]) in main)) or heading)
                and joined not in names
                and not is_organisation_name(text)
                and _heads(document, text)
                and not is_site_name(text)
            ):
                best, length = (text, j - 1), len(joined)
    return best
