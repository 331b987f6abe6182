"""Scanned pages: flagged, and read when recognition is asked for."""

from __future__ import annotations

import document_samples as samples
import pytest

from pipelines.documents import Limits, read_document
from pipelines.documents.ocr import available, paragraphs


def test_a_scan_is_flagged_unless_recognition_is_asked_for() -> None:
    document = read_document(samples.a_scan("交通事故通报"))
    assert (document.text, document.flags, document.pages) == ("", ["needs_ocr"], 1)


@pytest.mark.skipif(
    not available() or samples.cjk_font() is None, reason="tesseract with chi_sim, or a font, is missing"
)
def test_a_scan_is_recognised() -> None:
    words = "全市道路交通安全形势总体平稳"
    document = read_document(samples.a_scan(words), ocr=True, limits=Limits(seconds=60))
    assert sum(char in document.text for char in words) >= 11, document.text
    assert document.flags == ["ocr"]


def test_recognised_lines_become_paragraphs() -> None:
    text = "全 市 共 接 报 交 通 事 故 499 起 ， 造 成 37 人 死\n亡 。\n\n特 此 通 报"
    assert paragraphs(text) == "全市共接报交通事故499起，造成37人死亡。\n特此通报"
