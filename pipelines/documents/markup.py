"""Documents that are text inside: HTML saved as .doc or .xls, MHTML, XML, CSV and plain text."""

from __future__ import annotations

import csv
import email
import email.policy
import re
from email.message import EmailMessage

from lxml import etree

from pipelines.documents.flow import Cell, Flow
from pipelines.documents.model import DocumentText, Limits
from pipelines.documents.sniff import MEDIA_TYPES
from pipelines.documents.zipped import parse_xml, tag
from pipelines.errors import DocumentError
from pipelines.extraction import dom, rendering
from pipelines.extraction.parsing import decode, parse


def read_html(raw: bytes, limits: Limits, *, charset: str | None = None) -> DocumentText:
    """A page's whole visible text in order: a document saved as HTML has no navigation to take off."""
    decoded = decode(raw, charset)
    tree = parse(decoded.text)
    page = dom.build(tree)
    rendered = rendering.render([page.root], set())
    flow = Flow(limits)
    for line in rendered.lines:
        flow.line(line.text)
    flow.tables += rendering.grids(rendered, {id(table) for table in rendered.tables})
    title = tree.css_first("title")
    return flow.finish(
        MEDIA_TYPES["html"], title=(title.text(strip=True) or None) if title is not None else None, flags=decoded.flags
    )


def read_mht(raw: bytes, limits: Limits) -> DocumentText:
    """A page saved with its parts in one mail-like file: its first HTML part."""
    message = email.message_from_bytes(raw[: limits.size], policy=email.policy.default)
    for part in message.walk():
        if part.get_content_type() == "text/html" and isinstance(part, EmailMessage):
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes):
                document = read_html(payload, limits, charset=part.get_content_charset())
                document.media_type = MEDIA_TYPES["mht"]
                return document
    raise DocumentError("the file holds no page")


def read_xml(raw: bytes, limits: Limits) -> DocumentText:
    """An XML file: the text of its elements, one a line."""
    root = parse_xml(raw)
    if root is None:
        raise DocumentError("the file holds no XML")
    flow = Flow(limits)
    for element in root.iter(etree.Element):
        if tag(element) not in {"script", "style"} and element.text and element.text.strip():
            flow.paragraph(element.text)
    return flow.finish(MEDIA_TYPES["xml"])


def read_csv(raw: bytes, limits: Limits) -> DocumentText:
    """A file of comma or tab separated values."""
    text = decode(raw, None).text
    head = text[:4096]
    mark = max("\t,;", key=head.count)
    flow = Flow(limits)
    rows: list[list[Cell]] = []
    cut = False
    try:
        for row in csv.reader(text.splitlines(keepends=True), delimiter=mark):
            rows.append([Cell(value) for value in row[:512]])
            if len(rows) >= limits.rows:
                cut = True
                break
    except csv.Error:
        return read_plain(raw, limits)
    flow.table(rows)
    document = flow.finish(MEDIA_TYPES["csv"])
    if cut:
        document.flag("truncated")
    return document


def read_plain(raw: bytes, limits: Limits) -> DocumentText:
    """A text file in whatever encoding."""
    flow = Flow(limits)
    decoded = decode(raw, None)
    flow.paragraph(re.sub(r"\t+", " ", decoded.text))
    return flow.finish(MEDIA_TYPES["text"], flags=list(decoded.flags))
