"""A page that was saved as text: its body is the file's own text, so that offsets into it are offsets into the file."""

from __future__ import annotations

from pipelines.extraction import language
from pipelines.extraction.metadata import read_text_metadata
from pipelines.items import Hints, Report


def read_text(
    text: str,
    *,
    file: str | None = None,
    url: str | None = None,
    hints: Hints | None = None,
    zone: str = "Asia/Shanghai",
) -> Report:
    """Reads a text file; `body` is the text unchanged but for its line ends."""
    report = Report(url=url, file=file)
    report.body = text.replace("\r\n", "\n").replace("\r", "\n")
    if not report.body.strip():
        report.flag("empty")
        report.confidence = 0.0
        return report
    report.language = language.detect(report.body)
    read_text_metadata(report.body, hints=hints, zone=zone).fill(report)
    return report
