"""Each format's text, order, tables and marks, read from files written by code."""

from __future__ import annotations

import io
import lzma
import struct
import tarfile

import document_samples as samples
import pytest
from openpyxl import Workbook

from pipelines.documents import read_document, sniff
from pipelines.documents.doc_lists import Lists
from pipelines.documents.model import DocumentText
from pipelines.documents.zipped import decode_name

GRID = [["指标", "2023年", "2023年"], ["指标", "起数", "增长（%）"], ["交通事故", "499", "-11.68"]]


def read(raw: bytes, name: str | None = None) -> DocumentText:
    return read_document(raw, name=name, isolated=False)


def test_docx_in_document_order_without_deleted_hidden_and_header() -> None:
    document = read(samples.a_docx(), "a.docx")
    lines = document.text.split("\n")
    assert lines[:2] == [samples.TITLE, samples.SENTENCE]
    assert lines[2:5] == ["指标\t2023年", "\t起数\t增长（%）", "交通事故\t499\t-11.68"]
    assert lines[5] == "保留新增"
    assert lines[6:] == ["1.第一项", "2.第二项"]
    assert document.tables == [GRID]
    assert document.title == "样本"
    assert not document.flags


def test_docx_text_box_and_chinese_numbering() -> None:
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = (
        f'<w:document xmlns:w="{word}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><w:body>'
        '<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>'
        "<w:r><w:t>总体情况</w:t></w:r></w:p>"
        '<w:p><w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr></w:pPr>'
        "<w:r><w:t>事故</w:t></w:r></w:p>"
        '<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>'
        "<w:r><w:t>下步打算</w:t></w:r></w:p>"
        "<w:p><w:r><mc:AlternateContent><mc:Choice><w:txbxContent><w:p><w:r><w:t>框内</w:t></w:r></w:p>"
        "</w:txbxContent></mc:Choice>"
        "<mc:Fallback><w:txbxContent><w:p><w:r><w:t>框内</w:t></w:r></w:p></w:txbxContent></mc:Fallback>"
        "</mc:AlternateContent>"
        "<w:t>框外</w:t></w:r></w:p></w:body></w:document>"
    )
    numbering = (
        f'<w:numbering xmlns:w="{word}"><w:abstractNum w:abstractNumId="0">'
        '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl>'
        '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="（%2）"/></w:lvl>'
        '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    )
    document = read(samples.zipped({"word/document.xml": body, "word/numbering.xml": numbering}))
    assert document.text.split("\n") == ["一、总体情况", "（一）事故", "二、下步打算", "框外", "框内"]


def test_word_2003_xml() -> None:
    raw = (
        '<?xml version="1.0"?><?mso-application progid="Word.Document"?>'
        '<w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml"><w:body>'
        "<w:p><w:r><w:t>通知</w:t></w:r></w:p></w:body></w:wordDocument>"
    ).encode()
    assert sniff(raw) == "wordxml"
    assert read(raw, "a.doc").text == "通知"
    assert "media_type_mismatch" not in read(raw, "a.doc").flags


def test_binary_doc_cells_fields_and_hidden_text() -> None:
    text = "标题\r指标\x07数值\x07\x07事故\x07499\x07\x07正文\x13 HYPERLINK x \x14链接\x15完。隐藏\r脚注一\r"
    start = text.index("隐藏")
    raw = samples.a_doc(text, [9, 17], (start, start + 2), notes=4)
    document = read(raw, "a.wps")
    assert document.text.split("\n") == ["标题", "指标\t数值", "事故\t499", "正文链接完。", "脚注一"]
    assert document.tables == [[["指标", "数值"], ["事故", "499"]]]
    assert document.media_type == "application/msword"
    assert not document.flags


def test_xlsx_values_as_printed_hidden_sheet_left_out() -> None:
    document = read(samples.an_xlsx(), "a.xlsx")
    assert document.text.split("\n")[:3] == ["主要指标", "2023年1-10月主要经济指标", "单位：亿元"]
    assert document.tables[0][:3] == [
        ["指标", "绝对额", "增长"],
        ["地区生产总值", "1,234.50", "5.6%"],
        ["其中：第一产业", "100", "-3.2%"],
    ]
    assert "2023年10月1日" in document.text
    assert "不应读到" not in document.text
    assert document.flags == ["hidden_sheets"]


def test_xls_values_as_printed() -> None:
    document = read(samples.an_xls(), "a.et")
    assert document.tables == [
        [["项目", "数值"], ["增长率", "11.68%"], ["日期", "2023年10月1日"], ["总额", "1,234.50"]]
    ]


def test_xlsx_merged_cells_are_written_out_in_the_grid_and_once_in_the_text() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["地区", "收入", None], [None, "绝对额", "增长"], ["甲县", 1, 2]):
        sheet.append(row)
    sheet.merge_cells("A1:A2")
    sheet.merge_cells("B1:C1")
    buffer = io.BytesIO()
    book.save(buffer)
    document = read(buffer.getvalue())
    assert document.tables == [[["地区", "收入", "收入"], ["地区", "绝对额", "增长"], ["甲县", "1", "2"]]]
    assert document.text == "地区\t收入\n\t绝对额\t增长\n甲县\t1\t2"


def test_tables_below_each_other_on_a_sheet() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["表1"], ["地区", "起数"], ["甲县", 1], [], ["表2"], ["地区", "人数"], ["乙县", 2], [], ["注：含轻伤"]):
        sheet.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    document = read(buffer.getvalue())
    assert document.text == "表1\n地区\t起数\n甲县\t1\n表2\n地区\t人数\n乙县\t2\n注：含轻伤"
    assert document.tables == [[["地区", "起数"], ["甲县", "1"]], [["地区", "人数"], ["乙县", "2"]]]


def test_pdf_paragraphs_run_over_lines_and_pages_without_furniture() -> None:
    document = read(samples.a_pdf(pages=4), "a.pdf")
    lines = document.text.split("\n")
    assert samples.TITLE in lines
    assert samples.SENTENCE * 2 in lines
    assert "第3段。" + samples.SENTENCE in lines
    assert "某市公安局交通管理局" not in lines, "a running head is no text"
    assert not any("—" in line for line in lines), "page numbers are no text"
    assert document.pages == 4


def test_pdf_table_by_its_lines_between_the_paragraphs() -> None:
    document = read(samples.a_pdf())
    assert document.tables == [samples.ROWS]
    lines = document.text.split("\n")
    assert lines.index("甲县\t120\t-3.2") == lines.index("地区\t事故（起）\t增长（%）") + 1
    assert lines[-1] == samples.SENTENCE


@pytest.mark.parametrize("ruled", [True, False])
def test_pdf_table_without_vertical_or_any_lines_by_its_white_space(ruled: bool) -> None:
    assert read(samples.a_pdf_without_vertical_lines(ruled=ruled)).tables == [samples.ROWS]


@pytest.mark.parametrize(("text_turn", "page_turn"), [(0, 0), (90, 0), (90, 90), (0, 90)])
def test_pdf_text_is_read_as_it_runs_and_a_watermark_is_not(text_turn: int, page_turn: int) -> None:
    document = read(samples.a_turned_pdf(text_turn, page_turn))
    assert document.text == "关于交通安全的通知\n各单位：\n请认真贯彻执行。"


def test_ofd_text_by_position_with_template_and_attachments() -> None:
    document = read(samples.an_ofd(), "a.ofd")
    assert document.text.split("\n") == [
        "某市局信笺专用",
        "关于报送材料的通知",
        "各县、区：",
        "请于三月底前将二〇二三年度工作总结报送市局办公室，逾期不再受理。",
    ]
    assert document.members == ["附表.xlsx"]
    assert document.title == "样本"


def test_ofd_of_shapes_alone_is_unread_and_not_empty() -> None:
    curve = "<ofd:AbbreviatedData>M 0 0 B 1 2 3 4 5 6 C</ofd:AbbreviatedData>"
    content = f'<ofd:Layer><ofd:PathObject Boundary="9 9 70 30">{curve}</ofd:PathObject></ofd:Layer>'
    document = read(samples.an_ofd(content, **{"Doc_0/Tpls/T.xml": f"<ofd:Page {samples.OFD}/>"}), "a.ofd")
    assert (document.text, document.flags) == ("", ["needs_ocr"])


def test_ofd_table_by_its_lines() -> None:
    def text(x: float, y: float, words: str) -> str:
        return (
            f'<ofd:TextObject Boundary="{x} {y} 30 5" Size="4"><ofd:TextCode X="0" Y="4" DeltaX="g {len(words)} 4">'
            f"{words}</ofd:TextCode></ofd:TextObject>"
        )

    lines = [f"M 20 {y} L 120 {y}" for y in (50, 60, 70)] + [f"M {x} 50 L {x} 70" for x in (20, 70, 120)]
    paths = "".join(
        f'<ofd:PathObject Boundary="0 0 210 297"><ofd:AbbreviatedData>{d}</ofd:AbbreviatedData></ofd:PathObject>'
        for d in lines
    )
    cells = text(25, 52, "项目") + text(75, 52, "数值") + text(25, 62, "事故") + text(75, 62, "499")
    document = read(samples.an_ofd(f"<ofd:Layer>{paths}{cells}</ofd:Layer>"))
    assert document.tables == [[["项目", "数值"], ["事故", "499"]]]


def test_rtf_code_pages_unicode_tables_and_fields() -> None:
    document = read(samples.an_rtf(), "a.doc")
    assert document.text.split("\n") == [
        samples.TITLE,
        "共查处5321起",
        "电话 ABC",
        "指标\t数值",
        "事故\t499",
        "链接",
        "完",
    ]
    assert document.tables == [[["指标", "数值"], ["事故", "499"]]]
    assert document.flags == ["media_type_mismatch"]


def test_html_saved_as_doc() -> None:
    raw = (
        "<html><body><p>各科室：</p><table><tr><td>甲</td><td>1</td></tr><tr><td>乙</td><td>2</td></tr></table>"
        "</body></html>"
    )
    document = read(raw.encode("gbk"), "a.doc")
    assert document.text == "各科室：\n甲\t1\n乙\t2"
    assert document.tables == [[["甲", "1"], ["乙", "2"]]]
    assert "media_type_mismatch" in document.flags


def test_zip_is_listed_with_gbk_names_and_not_unpacked() -> None:
    name = "附件1.doc".encode("gbk")
    raw = samples.zipped({"x" * len(name): b"data", "../../etc/passwd": b"x"}).replace(b"x" * len(name), name)
    document = read(raw, "a.zip")
    assert document.members == ["附件1.doc", "../../etc/passwd"]
    assert {"archive", "unsafe_names"} <= set(document.flags)


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("目录/通知.docx".encode("gbk"), "目录/通知.docx"),  # UTF-8 too, of Latin and Hebrew letters
        ("目录/通知.docx".encode(), "目录/通知.docx"),
        ("Résumé.pdf".encode(), "Résumé.pdf"),
        ("Re\u0301sume\u0301.pdf".encode(), "Re\u0301sume\u0301.pdf"),
        ("Отчет.pdf".encode(), "Отчет.pdf"),
        (b"list 1.xls", "list 1.xls"),
    ],
)
def test_names_of_unmarked_encoding(raw: bytes, name: str) -> None:
    assert decode_name(raw) == name


def test_rar_names() -> None:
    name = "统计表.xls".encode("gbk")
    head = b"\x74" + (0x8000).to_bytes(2, "little") + (32 + len(name)).to_bytes(2, "little")
    body = (
        (0).to_bytes(4, "little") * 2
        + b"\0" * 11
        + len(name).to_bytes(2, "little")
        + (0x20).to_bytes(4, "little")
        + name
    )
    raw = b"Rar!\x1a\x07\x00" + b"\0\0\x73\0\0\x0d\0" + b"\0" * 6 + b"\0\0" + head + body + b"\0\0\x7b\0\0\x07\0"
    assert read(raw).members == ["统计表.xls"]


@pytest.mark.parametrize(
    ("sample", "kind"),
    [
        (samples.a_docx, "docx"),
        (samples.an_xlsx, "xlsx"),
        (samples.a_pdf, "pdf"),
        (samples.an_ofd, "ofd"),
        (samples.an_rtf, "rtf"),
        (samples.an_xls, "xls"),
        (lambda: samples.a_doc("a\r"), "doc"),
        (lambda: b"", "empty"),
        (lambda: bytes(range(256)) * 9, "binary"),
        (lambda: "纯文本\n".encode("gbk"), "text"),
        (lambda: b"\xef\xbb\xbf  <!DOCTYPE html><html>", "html"),
        (lambda: b"\x89PNG\r\n\x1a\n123", "png"),
    ],
)
def test_kind_by_bytes_whatever_the_name(sample, kind: str) -> None:
    assert sniff(sample(), "wrong.pdf") == kind


def test_automatic_numbers_of_binary_word_lists() -> None:
    def level(style: int, text: str) -> bytes:
        head = struct.pack("<iBB", 1, style, 0) + b"\0" * 9 + b"\0" + b"\0" * 8 + b"\0\0\0\0"
        return head + struct.pack("<H", len(text)) + text.encode("utf-16-le")

    levels = level(0x25, "\x00、") + level(0x25, "（\x01）") + level(0, "\x02.") + level(0x17, "\uf0b7") * 6
    definitions = struct.pack("<H", 1) + struct.pack("<i", 77) + b"\0" * 24
    overrides = struct.pack("<I", 1) + struct.pack("<i", 77) + b"\0" * 12
    stream = bytearray(0x300)
    struct.pack_into("<IIII", stream, 0x02E2, 0, len(definitions), len(definitions) + len(levels), len(overrides))
    lists = Lists(bytes(stream), definitions + levels + overrides)
    assert [lists.label(1, depth) for depth in (0, 1, 1, 2, 0, 1, 3)] == [
        "一、",
        "（一）",
        "（二）",
        "1.",
        "二、",
        "（一）",
        "",
    ]
    assert lists.label(2, 0) == ""
    assert Lists(b"", b"").label(1, 0) == ""


def test_binary_slides() -> None:
    def record(kind: int, body: bytes, version: int = 0) -> bytes:
        return struct.pack("<HHI", version, kind, len(body)) + body

    words = record(0x0FA0, "交通安全形势\r总体平稳".encode("utf-16-le")) + record(0x0FA8, b"Road safety")
    raw = samples.an_ole({"PowerPoint Document": record(0x03EE, words, 0xF) + record(0x0FA8, b"Road safety")})
    document = read(raw, "a.dps")
    assert document.text.split("\n") == ["交通安全形势", "总体平稳", "Road safety"]
    assert document.pages == 1


def test_7z_and_tar_gz_names() -> None:
    names = "附件1.xls\0说明.doc\0".encode("utf-16-le")
    header = b"\x01\x05\x02\x11" + bytes([len(names) + 1]) + b"\0" + names + b"\0\0"
    raw = b"7z\xbc\xaf\x27\x1c\0\4" + b"\0" * 4 + struct.pack("<QQI", 0, len(header), 0) + header
    assert read(raw).members == ["附件1.xls", "说明.doc"]
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz", encoding="gbk", format=tarfile.GNU_FORMAT) as file:
        info = tarfile.TarInfo("统计/年报.docx")
        file.addfile(info)
    assert read(buffer.getvalue(), "a.tar.gz").members == ["统计/年报.docx"]


def test_7z_names_of_a_packed_directory() -> None:
    names = "附件1.xls\0".encode("utf-16-le")
    header = b"\x01\x05\x01\x11" + bytes([len(names) + 1]) + b"\0" + names + b"\0\0"
    filters = [{"id": lzma.FILTER_LZMA1, "dict_size": 1 << 16, "lc": 3, "lp": 0, "pb": 2}]
    packed = lzma.compress(header, lzma.FORMAT_RAW, filters=filters)
    coder = b"\x23\x03\x01\x01\x05\x5d" + struct.pack("<I", 1 << 16)
    outer = b"\x17\x06\x00\x01\x09" + bytes([len(packed)]) + b"\x00\x07\x0b\x01\x00\x01" + coder
    outer += b"\x0c" + bytes([len(header)]) + b"\x00\x00"
    start = struct.pack("<QQI", len(packed), len(outer), 0)
    assert read(b"7z\xbc\xaf\x27\x1c\0\4" + b"\0" * 4 + start + packed + outer).members == ["附件1.xls"]
