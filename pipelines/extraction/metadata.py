"""A report's fields from its page, with the rules for what to believe when places disagree.

Places: labelled values above the body (where those are silent, in the body's first lines and just below it), the
metas of 《政府网站发展指引》 (国办发〔2017〕47号: ArticleTitle, PubDate, ContentSource, Author, Keywords …), the
page's JSON record, JSON-LD and OpenGraph, the document's head and foot, the address, the list's hints.

* `published`: 发布 label, then meta PubDate or firstpublishedtime, then the page's time line, then OpenGraph, JSON-LD
  or `<time>`, then the list's date, then the address. Never a 成文 or 更新 date, a clock or a copyright year, and no
  date at all where the page states none. Of two places that name the same day, the one with a time of day is kept.
* `drafted`, `effective`, `index_number`, `validity`, `publisher`: labels or the JSON record alone, never derived.
* `document_number`: label, then the number's own line at the document's head.
* `content_source`: label 来源, then meta ContentSource where the page shows no publisher or the meta names another
  body than that; as printed.
* `author`: label 作者, then meta Author on pages that use the mandated metas; an editor is no author.
* A label written with no value is null, and stays null unless another place states the value.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser

from pipelines.extraction import cleaning, dates, numbers, tampering
from pipelines.extraction.head import Head, head_of_page, head_of_text
from pipelines.extraction.label_names import FIELD_OF, TOOLS
from pipelines.extraction.labels import Pair, read_labels, trim
from pipelines.extraction.organisations import is_organisation
from pipelines.extraction.outline import BLOCK_END
from pipelines.extraction.signature import read_signature
from pipelines.extraction.site_names import DOCUMENT_END, key
from pipelines.extraction.title import read_title, tidy
from pipelines.extraction.title_lines import DAY_TAIL, Stated
from pipelines.items import Hints, Report, Stamp

_PUBLISHED_METAS = (
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
_SHARED_METAS = (
    "article:published_time",
    "og:published_time",
    "article:published",
    "datepublished",
    "citation_publication_date",
    "dcterms.date",
    "dcterms.created",
    "dc.date.created",
    "dc.date",
    "sailthru.date",
    "parsely-pub-date",
    "date",
)
_TITLE_METAS = ("og:title", "twitter:title", "dc.title", "dcterms.title", "dc:title")
_SITE_METAS = ("sitename", "og:site_name", "application-name")
_COLUMN_METAS = ("columnname", "lanmu", "channel", "catename")
_JUNK = re.compile(
    r"^(?:不限|全部|请选择|全文|暂无|无|空|null|undefined|none|本栏目|所有|[-—–/\\.*]+|"
    r"未知|佚名|匿名|不详|(?:系统|超级)?管理员|admin(?:istrator)?)$|"
    r"https?://|[。；;！!？?{}]|var |document\.|function",
    re.IGNORECASE,
)
_JUNK_SUBJECT = re.compile(_JUNK.pattern.replace("；;", ""), re.IGNORECASE)
_DISCLOSURE = re.compile(r"^(?:主动|依申请|不予|免予|社会|部分|全文)公开$")
_SPLIT = re.compile(r"[;；,，、|\s\u3000]+")
_NOT_PUBLISHED = re.compile(
    r"更新|修改|失效|废止|截止|成文|生成|今天|现在|提交|来信|写信|留言|咨询|提问|受理|答复|回复|办结|征集|开始|结束|报名|"
    r"开标|updated|modified|reviewed|until|deadline|closes?\b|©|copyright",
    re.IGNORECASE,
)
_SENDER = re.compile(r"(?:来信|写信|留言|咨询|提问|提交|投诉|反映)(?:人|者|时间|日期|类型|内容)")
_EVENT = re.compile(
    r"^\s*(?:time|when|where|location|venue|dates?\s?(?:&|and)\s?time|地\s?点|会议时间|活动时间|举办时间|开标时间)\s{0,3}[:：]",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"星期|今天|现在|欢迎")
_DATED_TITLE = re.compile(
    r"(.{6,}?)[\s\[（(【]{0,4}((?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}(?:\s+\d{1,2}:\d\d(?::\d\d)?)?)[\]）)】]?\s*"
)
_PERSON = re.compile(r"[A-Z][\w.'’-]*(?: (?:[A-Z][\w.'’-]*|van|de|von|of)){1,4}")
_OTHER_DATES = ("drafted", "effective", "noise")
_PROSE = re.compile(r"[《》“”]|关于")
_SENTENCE = re.compile(r"[。；！？，]")
_TIME_LINE_REST = 30
_LINES = 150
_OWN_SITE = re.compile(r"本(?:网|站|局|厅|委|部门|单位)")
_RELEASED = re.compile(r"\s*(?:完|Ends?)\s*[/／]\s*(.{6,60})")
"""The last line of a press release of the Hong Kong government: 完／2023年8月15日（星期二）."""


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
        for name in self.__slots__:
            value = getattr(self, name)
            if value and name != "flags":
                setattr(report, name, value)
        for flag in self.flags:
            report.flag(flag)


def read_metadata(
    tree: LexborHTMLParser,
    *,
    source: str = "",
    body: str = "",
    url: str | None = None,
    hints: Hints | None = None,
    zone: str = "Asia/Shanghai",
    record: Hints | None = None,
    language: str | None = None,
) -> Fields:
    """Reads all fields of a page, and its flags of tampering.

    Args:
        tree: the parsed page, before anything was taken out of it.
        source: the page's markup as decoded, for the flags; without it none but `impossible_date` is set.
        body: the report's text as read; labels are looked for above it, the signature in it.
        url: the page's address, where it is known.
        hints: what the list said of the report.
        zone: zone of printed times.
        record: what the page's own JSON record says (see `embedded`).
        language: the page's language; `en-US` reads 01/08/2022 as January.
    """
    head = head_of_page(tree, body, zone=zone, language=language)
    fields = _read(head, body, hints or Hints(), record or Hints(), url)
    if source:
        flags = tampering.read_flags(
            source,
            title=fields.title,
            document=head.document,
            names=[*_names_of(head), fields.publisher, fields.content_source],
            url=url,
            site_code=head.meta("siteidcode"),
            site_domain=head.meta("sitedomain"),
            catalogued=bool(fields.index_number),
        )
        fields.flags += [flag for flag in flags if flag not in fields.flags]
    return fields


def read_text_metadata(text: str, *, hints: Hints | None = None, zone: str = "Asia/Shanghai") -> Fields:
    """Reads the fields of a page that was saved as text: labelled lines at its head, a title line, the text, foot."""
    return _read(head_of_text(text, zone=zone), text, hints or Hints(), Hints(), None)


def _read(head: Head, body: str, hints: Hints, record: Hints, url: str | None) -> Fields:
    fields = Fields()
    _title(fields, head, hints, record)
    _dates(fields, head, hints, record, url)
    _numbers(fields, head, hints, record)
    _names(fields, head, hints, record)
    if fields.published is None:
        ends = map(_RELEASED.match, body[-400:].split("\n"))
        fields.published = _first(head.read(end[1]) for end in ends if end)
    signature = read_signature(body)
    fields.signer, fields.signed = signature.signer, signature.signed
    if head.impossible:
        fields.flags.append("impossible_date")
    return fields


def _names_of(head: Head) -> list[str]:
    """Names of the site and of its columns."""
    return [name for metas in (_SITE_METAS, _COLUMN_METAS) if (name := head.meta(*metas))]


def _title(fields: Fields, head: Head, hints: Hints, record: Hints) -> None:
    before = max(0, len(head.lines) - _LINES)
    starts = [p.start for p in head.pairs if p.field not in ("title", "noise") or p.label in TOOLS]
    starts += [at for p in head.pairs if p.field not in ("title", "noise") and (at := _value_at(head, p)) >= 0]
    marked = {
        i - before
        for i, offset in enumerate(head.offsets)
        if any(offset <= start < head.end_of_line(i) for start in starts)
        or _is_catalogue_row(head.lines[i])
        or (_is_time_line(head.lines[i]) and not _is_list_row(head.lines, i))
    }
    site = head.meta(*_SITE_METAS)
    column = head.meta(*_COLUMN_METAS)
    document = tampering.without_spam(head.document) if head.document else None
    headline = next((str(d["headline"]) for d in head.linked if d.get("headline")), None)
    title = read_title(
        Stated(
            document=document,
            article=head.meta("articletitle"),
            labelled=next((p.value for p in _titles(head) if len(p.value) >= 4), None) or _of_letter(head.body[:8]),
            listed=hints.title,
            record=record.title,
            shared=head.meta(*_TITLE_METAS) or headline,
            headings=head.headings,
            mains=head.mains,
            sites=[site] if site else [],
            columns=[column] if column else [],
            lines=head.lines[before:],
            body=head.body,
            fields=frozenset(marked),
            linked=head.link_keys,
        )
    )
    head.title_line = None if title.line is None else _first_place(head, title.line + before, title.text)
    fields.title_raw = head.document if title.raw == tidy(document) else tidy(title.raw)
    text = tidy(title.text)
    if text and (dated := _DATED_TITLE.fullmatch(text)):
        text, head.title_tail = dated[1], dated[2]
    elif title.line is not None and (tail := DAY_TAIL.search(head.lines[title.line + before])):
        head.title_tail = tail[0]
    if text:
        fields.title = tampering.without_spam(text)
        if fields.title != text:
            fields.flags.append("title_spam")


def _value_at(head: Head, pair: Pair) -> int:
    """Where a label's value stands, which may be on the next line; -1 where it is not close by."""
    return head.above.find(pair.value[:4], pair.end, pair.end + 60) if pair.value else -1


def _titles(head: Head) -> list[Pair]:
    """Labelled titles; a letter's stands in the table that is the body (信件标题)."""
    return head.values("title") or [p for p in head.beside() if p.field == "title" and p.value and len(p.label) == 4]


def _of_letter(body: Sequence[str]) -> str | None:
    """The title of a letter whose table is the body: its row of 标题 or 主题, beside a row that names the sender."""
    rows = [line.split("\t") for line in body if line.count("\t") == 1]
    if not any(_SENDER.match(name) for name, _ in rows):
        return None
    return next((cell.strip() for name, cell in rows if "".join(name.split()).strip("：:") in ("标题", "主题")), None)


def _first_place(head: Head, line: int, title: str | None) -> int:
    """The first of the title's places near its last one: the page's heading, where the document repeats it."""
    wanted = {key(head.lines[line]), key(title)}
    return next((i for i in range(max(0, line - 8), line) if key(head.lines[i]) in wanted), line)


def _is_catalogue_row(line: str) -> bool:
    """Whether a line is a table's row that begins with a label of the catalogue (概述, 公开方式, 备注)."""
    name, cell, _ = line.partition("\t")
    return bool(cell) and FIELD_OF.get("".join(name.split()).strip(":：[]【】")) not in (None, "title")


def _is_time_line(line: str) -> bool:
    """Whether a line is about the date on it: little else stands there, and it ends as no document's title does."""
    line = " ".join(line.split())
    found = dates.find_date(line) if len(line) <= 100 and not _PROSE.search(line) else None
    if found is None or (DOCUMENT_END.search(line) and not read_labels(line)):
        return False
    rest = cleaning.HOST.sub("", line[: found.start] + line[found.end :])
    return (len(rest) <= _TIME_LINE_REST or cleaning.is_meta(line)) and not _SENTENCE.search(rest)


def _is_list_row(lines: Sequence[str], i: int) -> bool:
    """Whether a dated line is a row of a list of reports: one beside it holds a date and other words too."""
    return bool(words := _undated_words(lines[i])) and any(
        (other := _undated_words(lines[j])) and other != words for j in (i - 1, i + 1) if 0 <= j < len(lines)
    )


def _undated_words(line: str) -> str | None:
    """What a line with one date says beside it, where that is as long as a report's title and holds no label."""
    found = dates.find_date(line) if len(line) <= 100 else None
    if found is None:
        return None
    words = key(line[: found.start] + line[found.end :])
    return words if len(words) >= 6 and not read_labels(line) else None


def _first(candidates: Iterable[Stamp | None]) -> Stamp | None:
    return next((c for c in candidates if c is not None), None)


def _dates(fields: Fields, head: Head, hints: Hints, record: Hints, url: str | None) -> None:
    fields.drafted = _first(head.read(p.value) for p in head.anywhere("drafted")) or record.drafted or hints.drafted
    fields.effective = _first(head.read(p.value) for p in head.anywhere("effective"))
    places = [
        _first(head.read(p.value) for p in head.values("published")) or record.published,
        _first(head.read(head.metas.get(name)) for name in _PUBLISHED_METAS),
        _time_line(head),
        _first(head.read(head.metas.get(name)) for name in _SHARED_METAS),
        _first(head.read(str(d.get("datePublished") or "")) for d in head.linked),
        head.read(head.times[0]) if head.times and not _is_event(head) else None,
    ]
    if not any(places):
        beside = _first(head.read(p.value) for p in head.anywhere("published"))
        # A list's or column's address may hold a day too: only a page with a text of its own takes it.
        places += [beside, hints.published, dates.url_date(url) if head.body else None]
    chosen = _first(places)
    for other in places:
        chosen = dates.sharper(chosen, other)
    fields.published = chosen


def _is_event(head: Head) -> bool:
    """Whether the page announces a meeting: the date at its head is then the meeting's."""
    near = head.lines[head.title_line :] if head.title_line is not None else head.lines[-6:]
    return any(_EVENT.match(line) for line in [*near[-8:], *head.body[:6]])


def _time_line(head: Head) -> Stamp | None:
    """The page's own time line: a bare 时间 or 日期, or a date alone, between the title and the body."""
    if _is_event(head):
        return None
    title_at = head.offsets[head.title_line] if head.title_line is not None else 0
    pairs = [p for p in head.values("time") if not _CLOCK.search(head.above[p.end : p.end + 40])]
    pairs.sort(key=lambda p: p.start < title_at)
    stamp = _first(head.read(p.value) for p in pairs) or head.read(head.title_tail)
    if stamp:
        return None if _is_in_title(head, stamp) else stamp
    total = len(head.lines)
    first = head.title_line + 1 if head.title_line is not None else max(0, total - 4)
    # Without a body the page's lists follow: only what stands right under the title counts.
    for i in range(first, total if head.body else min(total, first + 6)):
        text = head.lines[i]
        if not _is_time_line(text) or (head.document and text in head.document):
            continue
        if _is_list_row(head.lines, i) or _is_of_number(head, i):
            continue
        found = dates.find_date(text, head.zone, month_first=head.month_first)
        if found is None or found.stamp is None or _NOT_PUBLISHED.search(text[: found.start]):
            continue
        if head.title_line is None and _CLOCK.search(text):
            continue
        if not _labelled_otherwise(head, i, text[found.start : found.end]):
            return None if _is_in_title(head, found.stamp) else found.stamp
    return dates.box_date(head.above[max(0, title_at - 100) :]) if head.title_line is not None else None


def _is_of_number(head: Head, line: int) -> bool:
    """Whether a date stands in the brackets of a document's number, or in brackets beside it: when it was issued."""
    text = head.lines[line]
    if numbers.holds_number(text):
        return True
    around = [*head.lines[max(0, line - 1) : line], *[*head.lines[line + 1 : line + 2], *head.body[:1]][:1]]
    return text[:1] in "（(" and any(map(numbers.is_number_line, around))


def _is_in_title(head: Head, stamp: Stamp) -> bool:
    """Whether an English title names that day: a meeting's or hearing's (Chinese titles name reporting days)."""
    named = dates.find_date(head.document or "", month_first=head.month_first)
    if named is None or named.stamp is None or any("\u4e00" <= c <= "\u9fff" for c in head.document or ""):
        return False
    return dates.day_of(named.stamp) == dates.day_of(stamp)


def _labelled_otherwise(head: Head, line: int, text: str) -> bool:
    """Whether a date on a line is another label's value (drafted, effective, updated)."""
    start, end = head.offsets[line], head.end_of_line(line)
    return any(start <= p.start < end and text in p.value and p.field in _OTHER_DATES for p in head.pairs)


def _numbers(fields: Fields, head: Head, hints: Hints, record: Hints) -> None:
    index = (numbers.index_number(p.value) for p in head.anywhere("index_number"))
    fields.index_number = next(filter(None, index), None) or record.index_number or hints.index_number
    labelled = (_number(head, p) for p in head.anywhere("document_number"))
    number = next(filter(None, labelled), None) or record.document_number
    if number is None:
        first = head.title_line + 1 if head.title_line is not None else max(0, len(head.lines) - 4)
        lines = [line for line in head.lines[first:] if len(line) <= 80][-8:]
        number = numbers.number_in_head(lines, head.body[:6], fields.title)
    fields.document_number = number or hints.document_number


def _number(head: Head, pair: Pair) -> str | None:
    """A labelled document number, also one that is spread over the cells of its row."""
    number = numbers.document_number(pair.value)
    if number is None and 1 < len(pair.value) < 20 and head.above.startswith(pair.label[0], pair.start):
        end = head.above.find(BLOCK_END, pair.end)
        number = numbers.in_pieces(head.above[pair.end : end if end >= 0 else pair.end + 200])
    return number


def _names(fields: Fields, head: Head, hints: Hints, record: Hints) -> None:
    fields.publisher = _name(head.anywhere("publisher"), 100) or record.publisher or hints.publisher
    source = _name(head.anywhere("content_source"), 80)
    if source is None:
        stated = tidy(head.meta("contentsource", "source"))
        if stated and _good(stated, 80) and (not head.values("publisher") or _is_another(stated, fields.publisher)):
            source = stated
    if source is None and not head.pairs:
        source = record.content_source
    fields.content_source = source or hints.content_source
    author = _name(head.values("author"), 40)
    if author is None and head.meta("articletitle"):
        stated = tidy(head.meta("author"))
        author = stated if stated and _good(stated, 30) else None
    fields.author = author
    fields.validity = _short(head.anywhere("validity"), 20) or record.validity or hints.validity
    # Several classes are parted by semicolons.
    subjects = sorted(
        (p for p in head.anywhere("subject") if not _DISCLOSURE.search(p.value)),
        key=lambda p: ("主题分类" not in p.label, "主题" not in p.label, p.start),
    )
    fields.subject = _short(subjects, 60, _JUNK_SUBJECT) or record.subject or hints.subject
    fields.keywords = _keywords(head)


def _is_another(source: str, publisher: str | None) -> bool:
    """Whether a source names a body, and another one than the publisher (本网 and the like say nothing)."""
    first, second = key(source), key(publisher)
    return is_organisation(source) and not _OWN_SITE.match(source) and first not in second and second not in first


def _keywords(head: Head) -> list[str]:
    """Labelled 主题词 or 关键词, else meta Keywords of pages with the mandated metas, unless they are the site's."""
    words = next((p.value for p in head.values("keywords")), None)
    if words is None and head.meta("articletitle"):
        words = head.meta("keywords")
        if words and key(words) in {key(name) for name in _names_of(head)}:
            words = None
    if not words or len(words) > 200:
        return []
    return [w for w in _SPLIT.split(words) if w and not numbers.is_blank(w)][:20]


def _good(value: str, longest: int) -> bool:
    return 1 < len(value) <= longest and not _JUNK.search(value) and not value.isdecimal() and not _only_date(value)


def _only_date(value: str) -> bool:
    found = dates.find_date(value)
    return bool(found and found.end - found.start >= len(value) - 2)


def _undated(value: str) -> str:
    """A name without the date that follows it on its line (来源：新华社 2022-01-08 10:00)."""
    found = dates.find_date(value)
    return trim(value[: found.start]) if found and found.start else value


def _name(pairs: Sequence[Pair], longest: int) -> str | None:
    """The first value that can be a name."""
    for pair in pairs:
        value = _undated(pair.value)
        if value[:1] + value[-1:] in ("[]", "【】", "［］"):
            value = value[1:-1].strip()
        if _good(value, longest) and (pair.label != "by" or _PERSON.fullmatch(value)):
            return value
    return None


def _short(pairs: Sequence[Pair], longest: int, junk: re.Pattern[str] = _JUNK) -> str | None:
    """The first value of at most so many characters that says something."""
    values = (_undated(p.value) for p in pairs)
    return next((v for v in values if v and len(v) <= longest and not junk.search(v) and not _only_date(v)), None)
