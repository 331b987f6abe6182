"""A saved or fetched page read into a report: everything but its indicators."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser

from pipelines.extraction import body, cleaning, dom, images, links, parsing, rendering
from pipelines.extraction.metadata import read_metadata
from pipelines.items import Hints, Report


def read_page(
    raw: bytes,
    *,
    url: str | None,
    content_type: str | None = None,
    hints: Hints | None = None,
    zone: str = "Asia/Shanghai",
) -> Report:
    """Reads one page.

    Args:
        raw: the page's bytes.
        url: its address, to make links absolute; None for a file of unknown origin.
        content_type: the `Content-Type` header, where there is one.
        hints: what the list row or a detail record said of it.
        zone: time zone of times that name none.

    Returns:
        The report. Pages that cannot be read give a report with flags (`binary`, `empty`, `no_body`), never an error.
    """
    report = Report(url=url)
    if not raw.strip():
        report.flag("empty")
        report.confidence = 0.0
        return report
    if parsing.is_binary(raw):
        report.flag("binary")
        report.confidence = 0.0
        return report
    decoded = parsing.decode(raw, content_type)
    for flag in decoded.flags:
        report.flag(flag)
    markup, cut = parsing.bounded(decoded.text)
    tree = LexborHTMLParser(markup)
    page = dom.build(tree)
    if cut or page.truncated:
        report.flag("truncated")
    read_body(report, page, tree, url)
    fields = read_metadata(tree, body=report.body, url=url, hints=hints, zone=zone, language=report.language)
    fields.fill(report)
    return report


def read_body(report: Report, page: dom.Page, tree: LexborHTMLParser, url: str | None) -> None:
    """Fills body, tables, images and attachments."""
    title = tree.css_first("title")
    keys = cleaning.title_keys([title.text() if title else None, *(h.text() for h in page.headings), report.title])
    found = body.find_body(page, keys)
    if found is None:
        report.flag("no_body")
        return
    rendered = rendering.render([found.element], set())
    first, last = cleaning.trim(rendered.lines, keys)
    lines = rendered.lines[first:last]
    report.body = "\n".join(line.text for line in lines)
    report.tables = rendering.grids(rendered, {id(line.table) for line in lines if line.table is not None})
    report.images = images.content_images([i for at, i in rendered.images if first <= at <= last], url)
    report.attachments = links.attachments([a for _, a in rendered.links], url)
