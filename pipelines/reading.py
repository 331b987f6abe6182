"""Any file to a report record: a page, a plain text or a document, told apart by its bytes; with its indicators.

This is what `bureauwatch extract` and the crawl's steps call. A file that cannot be read gives a record with flags and
null fields, never an error.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from pipelines.documents import MEDIA_TYPES, DocumentText, Limits, media_type_of_name, read_document, sniff
from pipelines.documents.heading import find_title
from pipelines.errors import DocumentError, DocumentLimitError, EncryptedDocumentError
from pipelines.extraction.page import read_page
from pipelines.extraction.parsing import decode
from pipelines.extraction.plaintext import read_text
from pipelines.indicators import read_indicators
from pipelines.indicators.table_places import find_places
from pipelines.indicators.tables import read_table_indicators
from pipelines.items import Hints, Indicator, Report

DEFAULT_LIMITS = Limits()
_SENTENCE = 20
_OFFICE_PAGE = re.compile(rb"urn:schemas-microsoft-com:office:(?:word|excel)", re.I)
"""Office programs mark what they save as a page: a document through and through, without a site around it."""


def read_file(
    raw: bytes,
    *,
    name: str | None = None,
    url: str | None = None,
    content_type: str | None = None,
    hints: Hints | None = None,
    zone: str = "Asia/Shanghai",
    limits: Limits = DEFAULT_LIMITS,
    isolated: bool = True,
    ocr: bool = False,
) -> Report:
    """Reads one file.

    Args:
        raw: its bytes.
        name: its file name, for the record's `file` and to tell formats that look alike.
        url: its address, to make links absolute.
        content_type: the `Content-Type` header it came with.
        hints: what a list row said of it.
        zone: time zone of times that name none.
        limits: what a document may cost.
        isolated: parse documents in a bounded process (pages are parsed in this one).
        ocr: recognise scanned pages, where the `[ocr]` extra is installed.

    Returns:
        The record. Flags of files that could not be read: `empty`, `encrypted`, `document_limit`, `unreadable`;
        `media_type_mismatch` where the name promises another format.
    """
    kind = sniff(raw, name or url)
    if kind == "empty" or not raw.strip():
        return _failed(name, url, "empty")
    if kind == "html" and not _OFFICE_PAGE.search(raw[:4096]):
        report = read_page(raw, url=url, content_type=content_type, hints=hints, zone=zone)
        report.file = name
        if media_type_of_name(name or url) not in {None, MEDIA_TYPES["html"]}:
            report.flag("media_type_mismatch")
    elif kind == "text":
        decoded = decode(raw, content_type)
        report = read_text(decoded.text, file=name, url=url, hints=hints, zone=zone)
        for flag in decoded.flags:
            report.flag(flag)
    else:
        try:
            document = read_document(raw, name=name or url, limits=limits, isolated=isolated, ocr=ocr)
        except DocumentError as error:
            return _failed(name, url, failure_flag(error))
        report = document_report(document, name=name, url=url, hints=hints, zone=zone)
    report.indicators = indicators_of(report)
    return report


def document_report(
    document: DocumentText,
    *,
    name: str | None = None,
    url: str | None = None,
    hints: Hints | None = None,
    zone: str = "Asia/Shanghai",
) -> Report:
    """A document's text read as a report: title, numbers, dates and signer of its own words; its tables."""
    report = read_text(document.text, file=name, url=url, hints=hints, zone=zone)
    report.tables = document.tables
    if "archive" in document.flags:
        report.title = report.title_raw = None  # its text is a list of names
    elif hints is None or hints.title is None:
        report.title = report.title_raw = find_title(document.text)
    if "needs_ocr" in document.flags and "empty" in report.flags:
        report.flags.remove("empty")  # a scan is not empty, only unread
    for flag in document.flags:
        report.flag(flag)
    return report


def indicators_of(report: Report) -> list[Indicator]:
    """The figures of a report's sentences and of its tables, in the order of the body; each printed figure once.

    Rows of tables are read as tables or not at all; a cell that holds a sentence is read as one.
    """
    places = find_places(report.body, report.tables)
    found: list[Indicator] = []
    rows: list[tuple[int, int]] = []
    for table, place in zip(report.tables, places, strict=True):
        found += read_table_indicators(table, report=report, place=place)
        rows += place.lines.values()
    rows.sort()
    starts = [start for start, _ in rows]
    taken = {i.start for i in found if i.end}
    for indicator in read_indicators(report.body, report=report):
        at = bisect_right(starts, indicator.start) - 1
        in_row = at >= 0 and indicator.start < rows[at][1]
        if indicator.start not in taken and not (in_row and not _in_sentence(report.body, indicator)):
            found.append(indicator)
    return sorted(found, key=lambda i: (i.start, i.end))


def _in_sentence(body: str, indicator: Indicator) -> bool:
    """Whether a figure of a table's row stands in a cell of running text."""
    start = max(body.rfind(mark, 0, indicator.start) for mark in "\t\n") + 1
    ends = [end for mark in "\t\n" if (end := body.find(mark, indicator.end)) >= 0]
    cell = body[start : min(ends, default=len(body))]
    words = sum(char.isalpha() for char in cell)
    return len(cell) > _SENTENCE and 2 * words > len(cell) and any(mark in cell for mark in "，。；,.;")


def document_indicators(document: DocumentText, report: Report) -> list[Indicator]:
    """The figures of an attachment, with its report's period and agency; offsets are into the document's text."""
    own = Report(
        url=report.url,
        title=report.title,
        published=report.published,
        drafted=report.drafted,
        publisher=report.publisher,
        content_source=report.content_source,
        signer=report.signer,
        signed=report.signed,
        language=report.language,
        body=document.text,
        tables=document.tables,
    )
    return indicators_of(own)


def failure_flag(error: DocumentError) -> str:
    """The flag that a document's failure puts on its record."""
    if isinstance(error, EncryptedDocumentError):
        return "encrypted"
    return "document_limit" if isinstance(error, DocumentLimitError) else "unreadable"


def fill_open(report: Report, hints: Hints) -> None:
    """Gives a report the list row's words where its page is silent, and the files that only the list names."""
    for name in (
        "title",
        "published",
        "drafted",
        "index_number",
        "document_number",
        "publisher",
        "content_source",
        "validity",
        "subject",
    ):
        if getattr(report, name) in (None, "") and getattr(hints, name) not in (None, ""):
            setattr(report, name, getattr(hints, name))
    known = {attachment.url for attachment in report.attachments}
    report.attachments += [attachment for attachment in hints.attachments if attachment.url not in known]


def _failed(name: str | None, url: str | None, flag: str) -> Report:
    return Report(file=name, url=url, flags=[flag], confidence=0.0)
