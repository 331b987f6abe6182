"""Broken and hostile files: bounded, an error or a flag, and the next file is read as if nothing had happened."""

from __future__ import annotations

import asyncio
import os
import signal
import struct
import zipfile

import document_samples as samples
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.documents import Limits, isolate, read_document, read_document_async
from pipelines.errors import DocumentError, DocumentLimitError, EncryptedDocumentError

MAKERS = {
    "docx": samples.a_docx,
    "xlsx": samples.an_xlsx,
    "pdf": samples.a_pdf,
    "ofd": samples.an_ofd,
    "rtf": samples.an_rtf,
    "xls": samples.an_xls,
    "doc": lambda: samples.a_doc("关于道路交通安全工作情况的报告，内容如下。\r" * 20),
}
ARCHIVES = (
    b"Rar!\x1a\x07\0",
    b"Rar!\x1a\x07\1\0",
    b"7z\xbc\xaf\x27\x1c",
    b"\x1f\x8b\x08",
    b"\0" * 257 + b"ustar",
    b"II*\0",
)
SAMPLES = {kind: make() for kind, make in MAKERS.items()}
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def attempt(raw: bytes, name: str | None = None, **limits: float) -> str:
    """The text, or the name of the error: nothing else may come out."""
    try:
        return read_document(raw, name=name, limits=Limits(**limits)).text  # type: ignore[arg-type]
    except DocumentError as error:
        return type(error).__name__


@pytest.mark.parametrize("kind", SAMPLES)
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_truncated_file_gives_text_with_flag_or_an_error(kind: str, share: float) -> None:
    raw = SAMPLES[kind]
    attempt(raw[: int(len(raw) * share)], f"a.{kind}")


def test_truncated_docx_is_saved_as_far_as_it_goes() -> None:
    body = "".join(f"<w:p><w:r><w:t>第{i}段落的内容</w:t></w:r></w:p>" for i in range(400))
    parts = {"word/document.xml": f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>'}
    raw = samples.zipped(parts, compression=zipfile.ZIP_STORED)
    document = read_document(raw[: len(raw) // 2])
    assert document.text.startswith("第0段落的内容\n第1段落的内容")
    assert "truncated" in document.flags


def test_doc_with_a_broken_table_of_sectors_gives_its_text() -> None:
    raw = bytearray(
        samples.a_doc("关于道路交通安全工作情况的报告，全年共接报事故四百九十九起，内容如下，请予审议。\r" * 30)
    )
    raw[44:80] = b"\xff" * 36
    raw[76:512] = b"\xfe" * 436
    document = read_document(bytes(raw))
    assert "全年共接报事故四百九十九起" in document.text
    assert "truncated" in document.flags


def test_zip_bomb_stops_at_the_limit() -> None:
    bomb = samples.zipped({"word/document.xml": b"<w:document>" + b"A" * (40 << 20)})
    assert len(bomb) < 1 << 20
    assert attempt(bomb, "a.docx") == DocumentLimitError.__name__


def test_rows_beyond_the_limit_are_cut() -> None:
    row = '<row r="{0}"><c r="A{0}"><v>{0}</v></c><c r="B{0}"><v>7</v></c></row>'
    rows = "".join(row.format(i) for i in range(1, 60_001))
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    raw = samples.zipped(
        {
            "xl/workbook.xml": f'<workbook xmlns="{space}" xmlns:r="{relations}"><sheets>'
            f'<sheet name="S" r:id="a"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": '<Relationships><Relationship Id="a" Target="worksheets/s.xml"/>'
            "</Relationships>",
            "xl/worksheets/s.xml": f'<worksheet xmlns="{space}"><sheetData>{rows}</sheetData></worksheet>',
        }
    )
    document = read_document(raw)
    assert len(document.tables[0]) == Limits().rows
    assert "truncated" in document.flags


def test_a_cell_at_the_far_corner_costs_nothing() -> None:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    raw = samples.zipped(
        {
            "xl/workbook.xml": f'<workbook xmlns="{space}"><sheets><sheet name="S" id="a"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": '<Relationships><Relationship Id="a" Target="worksheets/s.xml"/>'
            "</Relationships>",
            "xl/worksheets/s.xml": f'<worksheet xmlns="{space}"><sheetData><row r="1"><c r="A1"><v>5</v></c></row>'
            '<row r="1048576"><c r="XFD1048576"><v>6</v></c></row></sheetData>'
            '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells></worksheet>',
        }
    )
    assert attempt(raw, "a.xlsx", memory=400 << 20) == "S\n5"


@pytest.mark.parametrize("part", ["word/document.xml", "OFD.xml"])
def test_entities_are_neither_expanded_nor_fetched(part: str) -> None:
    laughs = "".join(f'<!ENTITY a{i + 1} "{f"&a{i};" * 10}">' for i in range(9))
    head = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd"><!ENTITY a0 "ha">{laughs}]>'
    body = f'<w:document xmlns:w="{WORD}"><w:body><w:p><w:r><w:t>前&f;&a9;后</w:t></w:r></w:p></w:body></w:document>'
    text = attempt(samples.zipped({part: head + body}), memory=400 << 20)
    assert "root:" not in text
    assert len(text) < 1000


def test_deeply_nested_xml() -> None:
    raw = samples.zipped({"word/document.xml": f'<w:document xmlns:w="{WORD}"><w:body>' + "<w:tbl>" * 100_000})
    attempt(raw, "a.docx")


def test_encrypted_files_say_so() -> None:
    for raw in (
        samples.a_pdf(password="geheim"),
        samples.an_ole({"EncryptionInfo": b"x", "EncryptedPackage": b"y"}),
        samples.a_doc("密\r", bits=0x0300),
        samples.an_encrypted_xls(),
    ):
        with pytest.raises(EncryptedDocumentError):
            read_document(raw)


def test_pdf_whose_pages_and_forms_contain_themselves() -> None:
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[2 0 R 3 0 R]/Count 2>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R/Resources<</XObject<</F 5 0 R>>>>>>",
        b"<</Length 4>>stream\n/F Do\nendstream",
        b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</F 5 0 R>>>>/Length 5>>stream\n"
        b"/F Do\nendstream",
    ]
    raw = b"%PDF-1.4\n" + b"".join(b"%d 0 obj%sendobj\n" % (i, o) for i, o in enumerate(objects, 1))
    attempt(raw + b"trailer<</Root 1 0 R>>", seconds=10)


def test_html_named_pdf_is_read_as_what_it_is() -> None:
    document = read_document(b"<html><body><p>404 Not Found</p></body></html>", name="report.pdf")
    assert document.media_type == "text/html"
    assert "media_type_mismatch" in document.flags


def test_too_large_a_file_is_refused_unread() -> None:
    assert attempt(b"%PDF-" + b"0" * 1000, size=500) == DocumentLimitError.__name__


def test_thirty_megabytes_of_text() -> None:
    text = attempt(("某市全年生产总值三千亿元。" * 10 + "\n").encode() * 80_000, "a.txt")
    assert len(text) <= Limits().characters


def test_a_file_that_takes_too_long_costs_only_itself() -> None:
    attempt(SAMPLES["docx"])  # a warm worker: its start is not counted
    slow = samples.a_pdf(pages=120)
    assert attempt(slow, seconds=0.01) == DocumentLimitError.__name__
    assert samples.TITLE in attempt(SAMPLES["docx"])


def test_a_file_that_takes_too_much_memory_costs_only_itself() -> None:
    raw = samples.zipped({"word/document.xml": f'<w:document xmlns:w="{WORD}"><w:body>' + "<w:p/>" * 6_000_000})
    assert attempt(raw, memory=300 << 20) == DocumentLimitError.__name__
    assert samples.TITLE in attempt(SAMPLES["docx"])


def test_an_idle_worker_that_was_killed_is_replaced() -> None:
    attempt(SAMPLES["rtf"])
    for worker in isolate._pool._idle:
        os.kill(worker._process.pid, signal.SIGKILL)
        os.waitid(os.P_PID, worker._process.pid, os.WEXITED | os.WNOWAIT)
    assert samples.TITLE in attempt(SAMPLES["rtf"])


async def test_many_files_at_once_in_an_event_loop() -> None:
    read = await asyncio.gather(*(read_document_async(SAMPLES["rtf"]) for _ in range(6)))
    assert {document.text.split("\n")[0] for document in read} == {samples.TITLE}
    assert len(isolate._pool._idle) <= 2


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.binary(max_size=2000), st.sampled_from([b"", *ARCHIVES, *(raw[:8] for raw in SAMPLES.values())]))
def test_random_bytes(noise: bytes, magic: bytes) -> None:
    attempt(magic + noise)


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.sampled_from(list(MAKERS)), st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=8)), max_size=6)
)
def test_flipped_bytes(kind: str, changes: list[tuple[float, bytes]]) -> None:
    raw = bytearray(SAMPLES[kind])
    for where, data in changes:
        at = int(where * (len(raw) - len(data)))
        raw[at : at + len(data)] = data
    attempt(bytes(raw), seconds=20)


def test_lies_about_lengths_in_binary_word() -> None:
    raw = samples.a_doc("正文内容\r" * 40)
    for offset in range(0x4C, 0x60, 4):
        changed = bytearray(raw)
        struct.pack_into("<I", changed, 512 + offset, 0x7FFFFFFF)
        attempt(bytes(changed))
