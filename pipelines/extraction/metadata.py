"""A report's fields from its page, with the rules for what to believe when places disagree.

Places: labelled values above the body (and, where those are silent, in the body's first lines and just below it), the
metas of 《政府网站发展指引》 (国办发〔2017〕47号, 附件: ArticleTitle, PubDate, ContentSource, Author, Keywords …), the JSON
record of the page, JSON-LD and OpenGraph, the document's head and foot, the address, the list's hints.

* `published`: 发布 label, then meta PubDate or firstpublishedtime, then the page's time line, then OpenGraph, JSON-LD or
  `<time>`, then the list's date, then the address. Never a 成文 or 更新 date, never a clock, never a copyright year, and
  no date at all where the page states none. Of two places that name the same day, the one with a time of day is kept.
* `drafted`, `effective`, `index_number`, `validity`, `publisher`: labels or the JSON record alone, never derived.
* `document_number`: label, then the number's own line at the document's head.
* `content_source`: label 来源, then meta ContentSource; as printed. `author`: label 作者, then meta Author on pages that
  use the mandated metas; an editor is no author.
* A label written with no value is null, and stays null unless another place states the value.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser

from pipelines.extraction import dates, numbers
from pipelines.extraction.labels import Pair, read_english_labels, read_labels
from pipelines.extraction.outline import BREAK, LINE, lines_of, outline
from pipelines.extraction.signature import read_signature
from pipelines.extraction.title import Stated, key, read_title, tidy
from pipelines.items import Hints, Report, Stamp

_ZONE_LIMIT = 20_000
_HAN_RUN = re.compile(r"[\u4e00-\u9fff]{6,24}|[A-Za-z][\w ,'-]{14,40}[\w]")
_JUNK = re.compile(
    r"^(?:不限|全部|请选择|全文|暂无|无|空|null|undefined|none|本栏目|[-—–/\\.]+)$|https?://|[。；;！!？?]|var |document\.|function",
    re.IGNORECASE,
)
_BRACKETED_TIME = re.compile(r"^\s*[\[【(（]?\s*$")
_SPLIT = re.compile(r"[;；,，、|\s\u3000]+")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_UPDATED = re.compile(r"更新|修改|失效|废止|截止|生成时间|今天|现在|updated|modified|reviewed", re.IGNORECASE)


@dataclass(slots=True)
class Fields:
    """What a page states of its report; a field that it does not state is None."""

    title: str | None = None
    title_raw: str | None = None
    published: Stamp | None = None
    drafted: Stamp | None = None
    effective: Stamp | None = None
    index_number: str | None = None
    document_number: str | None = None
    publisher: str | None = None
    content_source: str | None = None
    author: str | None = None
    signer: str | None = None
    signed: Stamp | None = None
    validity: str | None = None
    subject: str | None = None
    keywords: list[str] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)

    def fill(self, report: Report) -> None:
        """Writes the fields into a report; what the report has and these do not state stays."""
        for name in (
            "title", "title_raw", "published", "drafted", "effective", "index_number", "document_number", "publisher",
            "content_source", "author", "signer", "signed", "validity", "subject",
        ):  # fmt: skip
            value = getattr(self, name)
            if value is not None:
                setattr(report, name, value)
        if self.keywords:
            report.keywords = list(self.keywords)
        for flag in self.flags:
            report.flag(flag)


def read_metadata(
    tree: LexborHTMLParser,
    *,
    body: str = "",
    url: str | None = None,
    hints: Hints | None = None,
    zone: str = "Asia/Shanghai",
    record: Hints | None = None,
    language: str | None = None,
) -> Fields:
    """Reads all fields of a page.

    Args:
        tree: the parsed page, before anything was taken out of it.
        body: the report's text as read; labels are looked for above it, the signature in it.
        url: the page's address, where it is known.
        hints: what the list said of the report.
        zone: zone of printed times.
        record: what the page's own JSON record says (see `embedded`).
        language: the page's language; `en-US` reads 01/08/2022 as January.
    """
    page = _Page(tree, body, zone, language, url)
    hints = hints or Hints()
    record = record or Hints()
    fields = Fields()
    _title(fields, page, hints, record)
    _dates(fields, page, hints, record, url)
    _numbers(fields, page, hints, record)
    _names(fields, page, hints, record)
    signature = read_signature(body)
    fields.signer, fields.signed = signature.signer, signature.signed
    if page.impossible:
        fields.flags.append("impossible_date")
    return fields


def read_text_metadata(text: str, *, hints: Hints | None = None, zone: str = "Asia/Shanghai") -> Fields:
    """Reads the fields of a page that was saved as text: labelled lines at its head, a title line, the text, the foot."""
    page = _TextPage(text, zone)
    hints = hints or Hints()
    record = Hints()
    fields = Fields()
    _title(fields, page, hints, record)
    _dates(fields, page, hints, record, None)
    _numbers(fields, page, hints, record)
    _names(fields, page, hints, record)
    signature = read_signature(text)
    fields.signer, fields.signed = signature.signer, signature.signed
    if page.impossible:
        fields.flags.append("impossible_date")
    return fields


class _Page:
    """A page cut into what stands above the body, with its labels and metas."""

    def __init__(self, tree: LexborHTMLParser, body: str, zone: str, language: str | None, url: str | None) -> None:
        self.zone = zone
        self.title_line: int | None = None
        self.month_first = bool(language and language.lower() in ("en-us", "en_us"))
        self.impossible = False
        self.metas = read_metas(tree)
        self.linked = _linked_data(tree)
        node = tree.css_first("head > title") or tree.css_first("title")
        self.document = node.text(deep=True) if node else None
        self.headings = [t for t in (" ".join(n.text(deep=True).split()) for n in tree.css("h1,h2,h3,h4")[:60]) if t]
        self.body = [line.strip() for line in body.split("\n", 40)[:40] if line.strip()]
        source = tree.html or ""
        start = source.find("<body")
        source = source[start:] if start > 0 else source
        self.above, self.below = _around(source, body)
        self.pairs = read_labels(self.above) if _HAN.search(self.above) else []
        if not any(p.value for p in self.pairs):
            self.pairs = [*self.pairs, *read_english_labels(self.above)]
        self.lines, self.offsets = _numbered(self.above)
        times = tree.css("time[datetime],time[pubdate]")[:5]
        self.times = [(n.attributes.get("datetime") or n.text(deep=True)) or "" for n in times]

    def meta(self, *names: str) -> str | None:
        """The first meta of these names that has a value."""
        for name in names:
            value = self.metas.get(name)
            if value:
                return value
        return None

    def read(self, value: str | None) -> Stamp | None:
        """A date from a value; remembers when it prints an impossible one."""
        if not value:
            return None
        found = dates.find_date(value, self.zone, month_first=self.month_first)
        if found is None:
            return None
        if found.impossible and not value.strip().startswith(("0001", "0000", "1970-01-01", "1900-01-01")):
            self.impossible = True
        return found.stamp

    def values(self, field_name: str) -> list[Pair]:
        """Labelled values of a field, in order, empty ones left out."""
        return [p for p in self.pairs if p.field == field_name and p.value]


class _TextPage(_Page):
    """The same for plain text: everything down to the first long line is the head."""

    def __init__(self, text: str, zone: str) -> None:
        self.zone, self.month_first, self.impossible = zone, False, False
        self.title_line = None
        self.metas, self.linked, self.times = {}, [], []
        self.document = None
        self.headings = []
        head: list[str] = []
        lines = text.split("\n")
        rest = 0
        for i, line in enumerate(lines[:40]):
            if len(line) > 80 and not read_labels(line):
                break
            if line.rstrip().endswith(("：", ":")) and not read_labels(line):
                break
            head.append(line)
            rest = i + 1
        self.above = "\n".join(head)
        self.below = ""
        self.body = [line.strip() for line in lines[rest : rest + 40] if line.strip()]
        self.pairs = read_labels(self.above)
        self.lines, self.offsets = _numbered(self.above)


def read_metas(tree: LexborHTMLParser) -> dict[str, str]:
    """The metas by name (or property) in lower case; the first one that has a value counts."""
    metas: dict[str, str] = {}
    for node in tree.css("meta")[:200]:
        attributes = node.attributes
        name = attributes.get("name") or attributes.get("property") or attributes.get("itemprop")
        content = attributes.get("content")
        if name and content and content.strip():
            metas.setdefault(name.strip().lower(), content.strip()[:2000])
    return metas


def _linked_data(tree: LexborHTMLParser) -> list[dict[str, object]]:
    """The objects of the page's JSON-LD blocks that describe a work."""
    out: list[dict[str, object]] = []
    for node in tree.css('script[type="application/ld+json"]')[:5]:
        source = node.text(deep=True)
        if not source or len(source) > 100_000:
            continue
        try:
            data = json.loads(source)
        except (ValueError, RecursionError):
            continue
        items = data if isinstance(data, list) else data.get("@graph", [data]) if isinstance(data, dict) else []
        for item in items if isinstance(items, list) else []:
            if isinstance(item, dict) and ("datePublished" in item or "headline" in item):
                out.append(item)
    return out


def _around(source: str, body: str) -> tuple[str, str]:
    """The outline above the body, and a short piece of the outline below it."""
    lines = [line.strip() for line in body.split("\n", 30)[:30] if line.strip()]
    if not lines:
        return outline(source)[:_ZONE_LIMIT], ""
    runs = [run for run in (_HAN_RUN.search(line) for line in lines[:6]) if run]
    cut = -1
    if runs:
        # The last place of the body's first words: an earlier one may be a hidden copy or a summary.
        places = [m.start() for m in re.finditer(re.escape(runs[0][0]), source)][:20]
        if places:
            cut = places[-1] if len(places) > 1 else places[0]
    end = cut + 400 if cut >= 0 else len(source)
    text = outline(source[:end])
    at = _place(text, lines)
    if at < 0:
        text = outline(source)
        at = _place(text, lines)
    above = text[:at] if at >= 0 else text[: _ZONE_LIMIT // 2]
    tail_run = _HAN_RUN.search(next((line for line in reversed(body[-600:].split("\n")) if _HAN_RUN.search(line)), ""))
    below = ""
    if tail_run:
        end_at = source.rfind(tail_run[0])
        if end_at > 0:
            below = outline(source[end_at + len(tail_run[0]) : end_at + 9000])[:900]
    return above[-_ZONE_LIMIT:], below


def _place(text: str, lines: Sequence[str]) -> int:
    """Where the body starts in an outline: its first line, followed by its next one; -1 when it is not there."""
    pattern = _loose(lines[0])
    follow = _loose(lines[1]) if len(lines) > 1 else None
    first = -1
    for match in pattern.finditer(text):
        if first < 0:
            first = match.start()
        if follow is None or follow.search(text, match.end(), match.end() + 3000 + len(lines[0])):
            return match.start()
        if match.start() - first > 200_000:
            break
    return first


def _loose(line: str) -> re.Pattern[str]:
    """A line's first letters with any white space between them."""
    return re.compile(r"\s*".join(map(re.escape, "".join(line.split())[:16])))


def _numbered(text: str) -> tuple[list[str], list[int]]:
    """The outline's lines that hold text, and the offset of each."""
    lines, offsets, position = [], [], 0
    for part in LINE.split(text):
        at = text.find(part, position) if part else position
        flat = lines_of(part)
        if flat:
            lines.append(flat[0])
            offsets.append(at)
        position = at + len(part)
    return lines, offsets


def _title(fields: Fields, page: _Page, hints: Hints, record: Hints) -> None:
    marked: set[int] = set()
    starts = [p.start for p in page.pairs if p.field != "title"]
    for i, offset in enumerate(page.offsets):
        end = page.offsets[i + 1] if i + 1 < len(page.offsets) else len(page.above)
        line = page.lines[i]
        if any(offset <= s < end for s in starts) or (
            len(line) <= 60 and dates.find_date(line) and _is_time_line(line)
        ):
            marked.add(i)
    labelled = next((p.value for p in page.values("title") if len(p.value) >= 4), None)
    shared = page.meta("og:title", "twitter:title", "dc.title", "dcterms.title", "dc:title")
    headline = next((str(d["headline"]) for d in page.linked if d.get("headline")), None)
    stated = Stated(
        document=page.document,
        article=page.meta("articletitle"),
        labelled=labelled,
        listed=hints.title,
        record=record.title,
        shared=shared or headline,
        headings=page.headings,
        sites=[n for n in (page.meta("sitename", "og:site_name", "application-name"), fields.publisher) if n],
        columns=[n for n in (page.meta("columnname", "lanmu", "channel", "catename"),) if n],
        lines=page.lines[-150:],
        body=page.body,
        fields=frozenset(i - max(0, len(page.lines) - 150) for i in marked),
    )
    title = read_title(stated)
    fields.title = tidy(title.text)
    fields.title_raw = tidy(title.raw)
    page.title_line = None if title.line is None else title.line + max(0, len(page.lines) - 150)


def _is_time_line(line: str) -> bool:
    """Whether a line with a date is about that date: little else stands on it."""
    found = dates.find_date(line)
    return bool(found and len(line) - (found.end - found.start) <= 30 and not re.search(r"[《》“”]|关于", line))


def _first(candidates: Iterable[Stamp | None]) -> Stamp | None:
    return next((c for c in candidates if c is not None), None)


def _dates(fields: Fields, page: _Page, hints: Hints, record: Hints, url: str | None) -> None:
    fields.drafted = _first(page.read(p.value) for p in page.values("drafted")) or record.drafted or hints.drafted
    fields.effective = _first(page.read(p.value) for p in page.values("effective"))
    labelled = _first(page.read(p.value) for p in page.values("published")) or record.published
    meta = _first(
        page.read(page.meta(name))
        for name in (
            "pubdate",
            "firstpublishedtime",
            "publishdate",
            "publish_date",
            "publishtime",
            "release-date",
            "dc.date.issued",
            "dcterms.issued",
            "dcterms.date.issued",
        )
    )
    line = _time_line(page)
    shared = page.read(
        page.meta(
            "article:published_time",
            "og:published_time",
            "datepublished",
            "citation_publication_date",
            "dc.date",
            "dcterms.created",
            "dcterms.date",
            "article:published",
            "sailthru.date",
            "parsely-pub-date",
            "date",
        )
    )
    linked = _first(page.read(str(d.get("datePublished") or "")) for d in page.linked)
    machine = _first(page.read(t) for t in page.times) if len(page.times) == 1 or page.linked else None
    below = _below(page, "published")
    address = dates.url_date(url)
    places = [labelled, meta, line, shared, linked, machine, page.read(below), hints.published, address]
    chosen = _first(places)
    for other in places:
        chosen = dates.sharper(chosen, other)
    fields.published = chosen


def _time_line(page: _Page) -> Stamp | None:
    """The page's own time line: a bare 时间 or 日期, or a date alone, between the title and the body."""
    start = page.offsets[page.title_line] if page.title_line is not None else None
    for pair in page.values("time"):
        if start is not None and pair.start < start - 400:
            continue
        stamp = page.read(pair.value)
        if stamp:
            return stamp
    total = len(page.lines)
    first = page.title_line if page.title_line is not None else max(0, total - 4)
    for i in range(first, total):
        text = page.lines[i]
        if i == page.title_line:
            text = text.replace(page_title(page), "", 1) if page_title(page) else text
            if text == page.lines[i]:
                continue
        if len(text) > 100:
            continue
        found = dates.find_date(text, page.zone, month_first=page.month_first)
        if found is None or found.stamp is None or not _is_time_line(text):
            continue
        if _UPDATED.search(text[: found.start]) or _labelled_otherwise(page, i, text[found.start : found.end]):
            continue
        return found.stamp
    return None


def page_title(page: _Page) -> str:
    """The printed title's line."""
    line = page.title_line
    return page.lines[line] if line is not None else ""


def _labelled_otherwise(page: _Page, line: int, text: str) -> bool:
    """Whether a date on a line is another label's value (drafted, effective, updated)."""
    start = page.offsets[line]
    end = page.offsets[line + 1] if line + 1 < len(page.offsets) else len(page.above)
    return any(start <= p.start < end and text in p.value and p.field not in ("published", "time") for p in page.pairs)


def _below(page: _Page, field_name: str) -> str | None:
    """A labelled value in the body's first lines or just below the body, where nothing above it has one."""
    for line in page.body[:3]:
        if len(line) <= 100:
            for pair in read_labels(line):
                if pair.field == field_name and pair.value and pair.start < 40 and len(pair.label) > 2:
                    return pair.value
    if page.below:
        for pair in read_labels(page.below):
            if pair.field == field_name and pair.value and BREAK not in pair.value:
                return pair.value
    return None


def _numbers(fields: Fields, page: _Page, hints: Hints, record: Hints) -> None:
    labelled = [numbers.index_number(p.value) for p in page.values("index_number")]
    fields.index_number = next((v for v in labelled if v), None) or record.index_number or hints.index_number
    labelled = [numbers.document_number(p.value) for p in page.values("document_number")]
    number = next((v for v in labelled if v), None) or record.document_number
    if number is None:
        first = page.title_line + 1 if page.title_line is not None else max(0, len(page.lines) - 4)
        head = [line for line in page.lines[first:] if len(line) <= 80][-6:]
        number = numbers.number_in_head([*head, *page.body[:6]], fields.title)
    fields.document_number = number or hints.document_number


def _names(fields: Fields, page: _Page, hints: Hints, record: Hints) -> None:
    fields.publisher = _name(page.values("publisher"), 100) or record.publisher or hints.publisher
    source = _name(page.values("content_source"), 80)
    if source is None:
        below = _below(page, "content_source")
        source = below if below and _good(below, 40) else None
    if source is None and not any(p.field == "publisher" and p.value for p in page.pairs):
        value = tidy(page.meta("contentsource", "source"))
        source = value if value and _good(value, 80) else None
    fields.content_source = source or record.content_source or hints.content_source
    author = _name(page.values("author"), 40)
    if author is None and page.meta("articletitle"):
        value = tidy(page.meta("author"))
        author = value if value and _good(value, 30) else None
    fields.author = author
    fields.validity = _short(page.values("validity"), 20) or record.validity or hints.validity
    by_trust = sorted(page.values("subject"), key=lambda p: ("主题分类" not in p.label, "主题" not in p.label, p.start))
    fields.subject = _short(by_trust, 60) or record.subject or hints.subject
    words = next((p.value for p in page.values("keywords")), None)
    if words is None and page.meta("articletitle"):
        words = page.meta("keywords")
        if words and key(words) in {key(page.meta("sitename")), key(page.meta("columnname"))}:
            words = None
    if words and len(words) <= 200:
        fields.keywords = [w for w in _SPLIT.split(words) if w and not numbers.is_blank(w)][:20]


def _good(value: str, longest: int) -> bool:
    return 1 < len(value) <= longest and not _JUNK.search(value) and not value.isdecimal() and not _only_date(value)


def _only_date(value: str) -> bool:
    found = dates.find_date(value)
    return bool(found and found.end - found.start >= len(value) - 2)


def _name(pairs: Sequence[Pair], longest: int) -> str | None:
    return next((p.value for p in pairs if _good(p.value, longest)), None)


def _short(pairs: Sequence[Pair], longest: int) -> str | None:
    return next(
        (p.value for p in pairs if len(p.value) <= longest and not _JUNK.search(p.value) and not _only_date(p.value)),
        None,
    )
