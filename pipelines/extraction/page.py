"""A saved or fetched page read into a report: everything but its indicators."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser

from pipelines.extraction import addresses, content, language, links, parsing, repair, softerror
from pipelines.extraction.embedded import read_record
from pipelines.extraction.metadata import read_metadata
from pipelines.items import Hints, Report

_WORDLESS = 40
"""Characters of a body without a single letter that is no figure in large print, but a counter, a dump, a trap."""


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
    markup, cut, thinned = parsing.bounded(decoded.text)
    tree = LexborHTMLParser(markup)
    record = read_record(markup, zone)
    stated = [h.body_html for h in (record, hints) if h is not None and h.body_html]
    known = [h.title for h in (record, hints) if h is not None and h.title]
    read = content.read(tree, markup, base=base_of(tree, url), stated=stated, titles=known)
    if "no_body" in read.flags and (mended := repair.mend(markup)):
        other = LexborHTMLParser(mended)
        again = content.read(other, mended, base=base_of(other, url), stated=stated, titles=known)
        if again.letters > read.letters:
            tree, markup, read = other, mended, again
    if cut or parsing.is_cut(markup):
        report.flag("truncated")
    if thinned:
        report.flag("attributes_dropped")
    listed = [a for h in (record, hints) if h is not None for a in h.attachments]
    read.attachments = links.merged(read.attachments, links.absolute(listed, url))
    read.fill(report)
    if len(report.body) > _WORDLESS and not report.tables and not any(map(str.isalpha, report.body)):
        report.flag("no_words")
        report.confidence = min(report.confidence, 0.2)
    if thinned:
        report.confidence = min(report.confidence, 0.6)
    report.language = language.detect(report.body or report.title or "") or declared_language(tree)
    fields = read_metadata(
        tree,
        source=markup,
        body=read.below_lead,
        url=url,
        hints=hints,
        zone=zone,
        record=record,
        language=declared_language(tree) or report.language,
    )
    fields.fill(report)
    if fields.title:
        read.without_title(fields.title)
        report.body = read.text
    if not read.attachments and not read.tables:
        node = tree.css_first("head > title") or tree.css_first("title")
        verdict = softerror.classify(
            title=node.text() if node is not None else None,
            lines=read.visible,
            body=report.body if read.shown else "",
            markup=markup,
            url=url,
            links=read.links,
        )
        if verdict is not None:
            report.flag(verdict.kind)
            report.confidence = 0.0
    return report


def base_of(tree: LexborHTMLParser, url: str | None) -> str | None:
    """The address that the page's relative links start from."""
    node = tree.css_first("base[href]")
    stated = (node.attributes.get("href") or "").strip() if node is not None else ""
    return addresses.absolute(url, stated) if stated else url


def declared_language(tree: LexborHTMLParser) -> str | None:
    """The language that `<html lang>` names."""
    node = tree.css_first("html[lang]")
    return ((node.attributes.get("lang") or "").strip()[:12] or None) if node is not None else None
