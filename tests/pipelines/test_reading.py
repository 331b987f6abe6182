"""Any file to a record: told apart by bytes, flagged when unreadable; figures of sentences and tables once."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "documents"))

import document_samples as samples

from pipelines.documents import DocumentText, Limits
from pipelines.items import Report
from pipelines.reading import document_indicators, indicators_of, read_file

SHARED = Path(__file__).parents[2].parent / "shared" / "data" / "attachments"


def test_a_document_is_read_with_its_metadata_tables_and_figures() -> None:
    report = read_file(samples.a_docx(), name="a.docx")
    assert report.file == "a.docx"
    assert report.title == samples.TITLE
    assert len(report.tables) == 1
    drunk = next(i for i in report.indicators if i.value == 5321)
    assert "酒后驾驶" in drunk.name
    cell = next(i for i in report.indicators if "\t" in i.quote)
    assert cell.name == "交通事故起数"
    assert cell.comparison is not None
    assert (cell.comparison.direction, cell.comparison.percent) == ("down", 11.68)
    assert cell.period is not None
    assert cell.period.value == "2023"


def test_every_figure_stands_at_its_offsets_and_once() -> None:
    for raw in (samples.a_docx(), samples.a_pdf(), samples.an_xlsx(), samples.an_rtf(), samples.an_xls()):
        report = read_file(raw)
        assert report.indicators
        assert all(report.body[i.start : i.end] == i.value_text for i in report.indicators)
        assert len({i.start for i in report.indicators}) == len(report.indicators)


def test_a_page_is_read_as_a_page_whatever_its_name() -> None:
    raw = (
        f"<html><head><title>{samples.TITLE}</title></head><body><div class='TRS_Editor'>"
        f"<p>{samples.SENTENCE}</p></div></body></html>"
    )
    report = read_file(raw.encode(), name="a.pdf")
    assert samples.SENTENCE in report.body
    assert "media_type_mismatch" in report.flags
    assert report.indicators


def test_a_page_saved_by_an_office_program_is_a_document() -> None:
    raw = (
        '<html xmlns:x="urn:schemas-microsoft-com:office:excel"><body><table><tr><td>月份</td><td>事故（起）</td></tr>'
        "<tr><td>1月</td><td>30</td></tr><tr><td>2月</td><td>28</td></tr></table></body></html>"
    )
    report = read_file(raw.encode("gbk"), name="2023年统计.xls")
    assert report.body == "月份\t事故（起）\n1月\t30\n2月\t28"
    assert [(i.name, i.value, i.unit) for i in report.indicators] == [("事故", 30, "起"), ("事故", 28, "起")]


def test_an_archive_has_names_and_no_title() -> None:
    report = read_file(samples.zipped({"附件1：工作报告.doc": b"x"}), name="a.zip")
    assert (report.title, report.body, report.flags) == (None, "附件1：工作报告.doc", ["archive"])


def test_plain_text_keeps_its_own_offsets() -> None:
    text = f"{samples.TITLE}\n{samples.SENTENCE}\n"
    report = read_file(text.encode("gb18030"), name="a.txt")
    assert report.body == text
    assert any(i.value == 499 for i in report.indicators)


@pytest.mark.parametrize(
    ("raw", "flag"),
    [
        (b"", "empty"),
        (b" \r\n\t ", "empty"),
        (bytes(range(256)) * 40, "unreadable"),
        (samples.a_pdf(password="geheim"), "encrypted"),
        (samples.zipped({"word/document.xml": b"x" * (40 << 20)}), "document_limit"),
        (b"%PDF-1.7 broken", "unreadable"),
        (b"PK\x03\x04broken", "unreadable"),
    ],
)
def test_what_cannot_be_read_is_a_record_with_a_flag(raw: bytes, flag: str) -> None:
    report = read_file(raw, name="bad.pdf", url="https://www.example.gov.cn/bad.pdf")
    assert flag in report.flags
    assert report.url == "https://www.example.gov.cn/bad.pdf"
    assert (report.title, report.body, report.indicators, report.confidence) == (None, "", [], 0.0)


def test_a_scan_is_not_called_empty() -> None:
    report = read_file(samples.a_scan("通知"), name="scan.pdf")
    assert report.flags == ["needs_ocr"]


def test_limits_reach_the_reader() -> None:
    assert read_file(samples.a_docx(), limits=Limits(size=10)).flags == ["document_limit"]


def test_figures_of_an_attachment_take_period_and_agency_from_their_report() -> None:
    report = Report(title="2022年全市工作总结", publisher="某市公安局")
    text = "指标\t数值（起）\n交通事故\t499\n火灾\t20"
    document = DocumentText(text=text, tables=[[line.split("\t") for line in text.split("\n")]])
    found = document_indicators(document, report)
    assert [(i.name, i.value, i.unit, i.agency) for i in found] == [
        ("交通事故", 499, "起", "某市公安局"),
        ("火灾", 20, "起", "某市公安局"),
    ]
    assert {i.period.value for i in found if i.period} == {"2022"}
    assert all(text[i.start : i.end] == i.value_text for i in found)


def test_contact_lists_give_no_figures_and_sentences_in_cells_do() -> None:
    text = (
        "科室\t电话\t职责\n"
        "办公室\t88886666\t负责文电\n"
        "指挥科\t88886667\t负责指挥调度，2023年共处置警情1200起，同比下降5%，到场时间缩短。"
    )
    report = Report(body=text, tables=[[line.split("\t") for line in text.split("\n")]])
    assert [i.value for i in indicators_of(report)] == [1200]


@pytest.mark.skipif(not SHARED.is_dir(), reason="the attachment collection is not beside the checkout")
def test_every_file_of_the_collection_is_read() -> None:
    failed = {}
    for file in sorted(f for f in SHARED.iterdir() if f.suffix != ".json"):
        report = read_file(file.read_bytes(), name=file.name)
        if not report.body and not {"needs_ocr"} & set(report.flags):
            failed[file.name] = report.flags
    # one file is a resource fork without text, two show coloured shapes and seals alone
    assert len(failed) <= 3, failed
