"""Sample documents written by code: each function gives the bytes of one small file of its kind."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from openpyxl import Workbook
from openpyxl.styles import Border, Side
from reportlab.lib import colors
from reportlab.lib.enums import TA_CENTER
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, Table

TITLE = "关于2023年道路交通安全工作情况的报告"
SENTENCE = (
    "一年来，全市交警部门共查处各类交通违法行为一百二十余万起，其中酒后驾驶5321起，同比下降8.6%；"
    "全年接报交通事故499起，造成37人死亡，较去年减少66起，道路交通安全形势总体平稳。"
)


def zipped(parts: Mapping[str, bytes | str], *, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as file:
        for name, data in parts.items():
            file.writestr(name, data)
    return buffer.getvalue()


def a_docx() -> bytes:
    document = docx.Document()
    document.core_properties.title = "样本"
    document.sections[0].header.paragraphs[0].text = "页眉不读"
    document.add_paragraph(TITLE)
    document.add_paragraph(SENTENCE)
    table = document.add_table(rows=3, cols=3)
    for r, row in enumerate((("指标", "2023年", "2023年"), ("", "起数", "增长（%）"), ("交通事故", "499", "-11.68"))):
        for c, text in enumerate(row):
            table.cell(r, c).text = text
    table.cell(0, 1).merge(table.cell(0, 2)).text = "2023年"
    table.cell(0, 0).merge(table.cell(1, 0)).text = "指标"
    paragraph = document.add_paragraph("保留")
    paragraph._p.append(
        parse_xml(f'<w:del {nsdecls("w")} w:id="1" w:author="a"><w:r><w:delText>已删</w:delText></w:r></w:del>')
    )
    paragraph._p.append(parse_xml(f'<w:ins {nsdecls("w")} w:id="2" w:author="a"><w:r><w:t>新增</w:t></w:r></w:ins>'))
    paragraph._p.append(parse_xml(f"<w:r {nsdecls('w')}><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r>"))
    document.add_paragraph("第一项", style="List Number")
    document.add_paragraph("第二项", style="List Number")
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def an_xlsx() -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "主要指标"
    sheet.append(["2023年1-10月主要经济指标"])
    sheet.append([None, None, "单位：亿元"])
    sheet.append(["指标", "绝对额", "增长"])
    sheet.append(["地区生产总值", 1234.5, 0.056])
    sheet.append(["其中：第一产业", 100, -0.032])
    sheet["B4"].number_format = "#,##0.00"
    sheet["C4"].number_format = sheet["C5"].number_format = "0.0%"
    sheet["A7"] = "截止日期"
    sheet["B7"] = 45200
    sheet["B7"].number_format = 'yyyy"年"m"月"d"日"'
    sheet.merge_cells("A1:C1")
    side = Side(style="thin")
    sheet["A3"].border = Border(left=side)
    sheet["F4"] = "不应读到的列"
    sheet.column_dimensions["F"].hidden = True
    hidden = book.create_sheet("底稿")
    hidden["A1"] = "不应读到"
    hidden.sheet_state = "hidden"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def a_pdf(*, pages: int = 1, password: str | None = None) -> bytes:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    plain = ParagraphStyle(
        "plain", fontName="STSong-Light", fontSize=12, leading=20, firstLineIndent=24, wordWrap="CJK"
    )
    heading = ParagraphStyle("heading", parent=plain, fontSize=18, leading=28, alignment=TA_CENTER, firstLineIndent=0)
    grid = Table(
        ROWS,
        style=[("GRID", (0, 0), (-1, -1), 0.5, colors.black), ("FONTNAME", (0, 0), (-1, -1), "STSong-Light")],
    )
    story: list[object] = [Paragraph(TITLE, heading), Paragraph(SENTENCE * 2, plain), grid, Paragraph(SENTENCE, plain)]
    for number in range(1, pages):
        story += [PageBreak(), Paragraph(f"第{number}段。" + SENTENCE, plain)]

    def number_page(canvas, document) -> None:
        canvas.setFont("STSong-Light", 9)
        canvas.drawCentredString(A4[0] / 2, 40, f"— {document.page} —")
        canvas.drawCentredString(A4[0] / 2, A4[1] - 30, "某市公安局交通管理局")

    buffer = io.BytesIO()
    SimpleDocTemplate(buffer, pagesize=A4, encrypt=password).build(story, number_page, number_page)
    return buffer.getvalue()


ROWS = [["地区", "事故（起）", "增长（%）"], ["甲县", "120", "-3.2"], ["乙区", "379", "5.1"], ["合计", "499", "2.0"]]


def a_pdf_without_vertical_lines(*, ruled: bool = True) -> bytes:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    rules = [
        ("LINEABOVE", (0, 0), (-1, 0), 1),
        ("LINEBELOW", (0, 0), (-1, 0), 0.5),
        ("LINEBELOW", (0, -1), (-1, -1), 1),
    ]
    style = [(*rule, colors.black) for rule in rules if ruled] + [("FONTNAME", (0, 0), (-1, -1), "STSong-Light")]
    buffer = io.BytesIO()
    SimpleDocTemplate(buffer, pagesize=A4).build([Table(ROWS, colWidths=[120, 120, 120], style=style)])
    return buffer.getvalue()


def a_turned_pdf(text_turn: int, page_turn: int) -> bytes:
    """A page whose text runs upwards or not, shown turned or not, with a slanted watermark across it."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    buffer = io.BytesIO()
    sheet = Canvas(buffer, pagesize=A4)
    sheet.setPageRotation(page_turn)
    sheet.saveState()
    if text_turn:
        sheet.translate(A4[0], 0)
        sheet.rotate(text_turn)
    sheet.setFont("STSong-Light", 12)
    for i, line in enumerate(("关于交通安全的通知", "各单位：", "请认真贯彻执行。")):
        sheet.drawString(60 + 24 * (i == 2), 500 - 30 * i, line)
    sheet.restoreState()
    sheet.translate(200, 400)
    sheet.rotate(45)
    sheet.setFont("STSong-Light", 40)
    sheet.drawString(-150, 0, "内部资料禁止外传")
    sheet.save()
    return buffer.getvalue()


OFD = 'xmlns:ofd="http://www.ofdspec.org/2016"'


def an_ofd(content: str | None = None, **parts: str) -> bytes:
    content = content or (
        '<ofd:Layer><ofd:TextObject Boundary="60 40 100 8" Size="6"><ofd:TextCode X="0" Y="6" DeltaX="g 9 6">'
        "关于报送材料的通知</ofd:TextCode></ofd:TextObject>"
        '<ofd:TextObject Boundary="30 60 160 6" Size="5"><ofd:TextCode X="0" Y="5">各县、区：</ofd:TextCode>'
        "</ofd:TextObject>"
        '<ofd:TextObject Boundary="40 70 150 6" Size="5"><ofd:TextCode X="0" Y="5" DeltaX="g 27 5">'
        "请于三月底前将二〇二三年度工作总结报送市局办公室，逾期不</ofd:TextCode></ofd:TextObject>"
        '<ofd:TextObject Boundary="30 78 150 6" Size="5"><ofd:TextCode X="0" Y="5" DeltaX="g 2 5">'
        "再受理。</ofd:TextCode></ofd:TextObject></ofd:Layer>"
    )
    return zipped(
        {
            "OFD.xml": f"<ofd:OFD {OFD}><ofd:DocBody><ofd:DocInfo><ofd:Title>样本</ofd:Title></ofd:DocInfo>"
            "<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
            "Doc_0/Document.xml": f"<ofd:Document {OFD}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 297"
            '</ofd:PhysicalBox></ofd:PageArea><ofd:TemplatePage ID="9" BaseLoc="Tpls/T.xml"/></ofd:CommonData>'
            '<ofd:Pages><ofd:Page ID="1" BaseLoc="Pages/P.xml"/></ofd:Pages>'
            "<ofd:Attachments>Attachs/Attachments.xml</ofd:Attachments></ofd:Document>",
            "Doc_0/Pages/P.xml": f'<ofd:Page {OFD}><ofd:Template TemplateID="9"/>'
            f"<ofd:Content>{content}</ofd:Content></ofd:Page>",
            "Doc_0/Tpls/T.xml": f"<ofd:Page {OFD}><ofd:Content><ofd:Layer>"
            f'<ofd:TextObject Boundary="30 20 100 6" Size="5">'
            '<ofd:TextCode X="0" Y="5" DeltaX="g 6 5">某市局信笺专用</ofd:TextCode></ofd:TextObject></ofd:Layer>'
            "</ofd:Content></ofd:Page>",
            "Doc_0/Attachs/Attachments.xml": f'<ofd:Attachments {OFD}><ofd:Attachment ID="1" Name="附表.xlsx"/>'
            f"</ofd:Attachments>",
            **parts,
        }
    )


def an_rtf() -> bytes:
    def gbk(text: str) -> bytes:
        return b"".join(b"\\'%02x" % byte for byte in text.encode("gbk"))

    return (
        rb"{\rtf1\ansi\ansicpg936{\fonttbl{\f0\fnil\fcharset134 SimSun;}{\f1\fnil Times;}}{\info{\title no}}"
        rb"{\stylesheet{\s0 Normal;}}\f0 "
        + gbk(TITLE)
        + rb"\par "
        + gbk("共查处")
        + rb"{\b 5321}"
        + gbk("起")
        + rb"\par "
        rb"\uc1\u30005?\u35805?{\f1  ABC}\par "
        rb"\trowd\intbl " + gbk("指标") + rb"\cell " + gbk("数值") + rb"\cell\row"
        rb"\trowd\intbl " + gbk("事故") + rb"\cell 499\cell\row\pard "
        rb"{\field{\*\fldinst HYPERLINK x}{\fldrslt "
        + gbk("链接")
        + rb"}}\par {\v "
        + gbk("隐藏")
        + rb"}"
        + gbk("完")
        + rb"\par}"
    )


def an_ole(streams: Mapping[str, bytes]) -> bytes:
    """A compound file ([MS-CFB]) of a few streams, each padded so that it needs no mini stream."""
    sector = 512
    bodies = [data.ljust(4096, b"\0") for data in streams.values()]
    bodies = [data + b"\0" * (-len(data) % sector) for data in bodies]
    fat: list[int] = []
    starts: list[int] = []
    for data in bodies:
        count = len(data) // sector
        starts.append(len(fat))
        fat += [*range(len(fat) + 1, len(fat) + count), 0xFFFFFFFE]
    directory = _entry("Root Entry", 5, 0xFFFFFFFE, 0, child=1)
    for i, (name, start, data) in enumerate(zip(streams, starts, bodies, strict=True), 1):
        directory += _entry(name, 2, start, len(data), right=i + 1 if i < len(bodies) else 0xFFFFFFFF)
    directory += b"\0" * (-len(directory) % sector)
    first = len(fat)
    count = len(directory) // sector
    fat += [*range(first + 1, first + count), 0xFFFFFFFE]
    tables = -(-(len(fat) + 1) * 4 // sector)
    while (len(fat) + tables) * 4 > tables * sector:
        tables += 1
    places = list(range(len(fat), len(fat) + tables))
    fat += [0xFFFFFFFD] * tables
    packed = struct.pack(f"<{len(fat)}I", *fat).ljust(tables * sector, b"\xff")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16
    header += struct.pack(
        "<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, tables, first, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0
    )
    header += struct.pack("<109I", *places, *[0xFFFFFFFF] * (109 - tables))
    return header + b"".join(bodies) + directory + packed


def _entry(name: str, kind: int, start: int, size: int, *, child: int = 0xFFFFFFFF, right: int = 0xFFFFFFFF) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    return (
        text.ljust(64, b"\0")
        + struct.pack("<HBBIII", len(text), kind, 1, 0xFFFFFFFF, right, child)
        + b"\0" * 36
        + struct.pack("<IQ", start, size)
    )


def a_doc(
    text: str,
    rows: list[int] | None = None,
    hidden: tuple[int, int] | None = None,
    *,
    bits: int = 0x0200,
    notes: int = 0,
) -> bytes:
    """A binary Word file with one piece of text; `rows`: positions of the marks that end table rows."""
    start = 0x800
    fib = bytearray(start)
    struct.pack_into("<HH", fib, 0, 0xA5EC, 0xC1)
    struct.pack_into("<H", fib, 0x0A, bits)
    struct.pack_into("<ii", fib, 0x4C, len(text) - notes, notes)
    body = text.encode("utf-16-le")
    stream = bytes(fib) + body
    stream += b"\0" * (-len(stream) % 512)
    page = len(stream) // 512
    ends = set(rows or [])
    marks = [i for i, char in enumerate(text) if char in "\r\x07"]
    runs = [(start + (p + 1) * 2, p in ends, text[p] == "\x07") for p in marks][:24]
    fkp = bytearray(512)
    places = [start, *[end for end, _, _ in runs]]
    struct.pack_into(f"<{len(places)}I", fkp, 0, *places)
    at = 500
    for j, (_, row_end, in_table) in enumerate(runs):
        grpprl = struct.pack("<HHB", 0, 0x2416, 1) * in_table or struct.pack("<H", 0)
        grpprl += struct.pack("<HB", 0x2417, 1) * row_end
        papx = bytes([0, -(-len(grpprl) // 2)]) + grpprl
        at = (at - len(papx)) // 2 * 2
        fkp[at : at + len(papx)] = papx
        fkp[len(places) * 4 + j * 13] = at // 2
    fkp[511] = len(runs)
    stream += bytes(fkp)
    table = struct.pack("<III", start, places[-1], page)
    characters = b""
    if hidden:
        chpx = bytearray(512)
        cuts = [start, start + hidden[0] * 2, start + hidden[1] * 2, start + len(body)]
        struct.pack_into("<4I", chpx, 0, *cuts)
        chpx[400:404] = bytes([3]) + struct.pack("<HB", 0x083C, 1)
        chpx[17] = 200
        chpx[511] = 3
        stream += bytes(chpx)
        characters = struct.pack("<III", cuts[0], cuts[-1], page + 1)
    clx = b"\x02" + struct.pack("<I", 16) + struct.pack("<II", 0, len(text)) + struct.pack("<HIH", 0, start, 0)
    whole = table + characters + clx
    fixed = bytearray(stream)
    struct.pack_into("<II", fixed, 0x0102, 0, len(table))
    struct.pack_into("<II", fixed, 0x00FA, len(table), len(characters))
    struct.pack_into("<II", fixed, 0x01A2, len(table) + len(characters), len(clx))
    return an_ole({"WordDocument": bytes(fixed), "1Table": whole})


def an_xls() -> bytes:
    """A BIFF8 workbook: a text, a number, a percentage and a date."""

    def record(kind: int, data: bytes) -> bytes:
        return struct.pack("<HH", kind, len(data)) + data

    def wide(text: str) -> bytes:
        return text.encode("utf-16-le")

    bof = struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0)
    formats = record(0x41E, struct.pack("<HHB", 176, 5, 0) + b"0.00%")
    styles = b"".join(record(0xE0, struct.pack("<HH", 0, number).ljust(20, b"\0")) for number in (0, 176, 31, 4))
    name = "指标"
    head = record(0x809, bof) + record(0x42, struct.pack("<H", 1200)) + formats + styles
    size = len(head) + 4 + 8 + len(wide(name)) + 4
    sheet_record = record(0x85, struct.pack("<IBBBB", size, 0, 0, len(name), 1) + wide(name))
    cells = b""
    for row, column, text in ((0, 0, "项目"), (0, 1, "数值"), (1, 0, "增长率"), (2, 0, "日期"), (3, 0, "总额")):
        cells += record(0x204, struct.pack("<HHHHB", row, column, 0, len(text), 1) + wide(text))
    for row, style, value in ((1, 1, 0.1168), (2, 2, 45200.0), (3, 3, 1234.5)):
        cells += record(0x203, struct.pack("<HHHd", row, 1, style, value))
    sheet = record(0x809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0)) + cells + record(0x0A, b"")
    return an_ole({"Workbook": head + sheet_record + record(0x0A, b"") + sheet})


def an_encrypted_xls() -> bytes:
    """A workbook whose second record says that the rest is encrypted."""
    bof = struct.pack("<HHHHHHII", 0x809, 16, 0x0600, 0x0005, 0, 0, 0, 0)
    return an_ole({"Workbook": bof + struct.pack("<HHHHH", 0x2F, 54, 1, 1, 1) + b"\x11" * 48})


def a_scan(text: str, *, size: int = 48) -> bytes:
    """A PDF whose page is a picture of a line of text."""
    from PIL import Image, ImageDraw, ImageFont

    picture = Image.new("L", (1240, 700), 255)
    font = ImageFont.truetype(str(cjk_font()), size) if cjk_font() else ImageFont.load_default()
    ImageDraw.Draw(picture).text((120, 200), text if cjk_font() else "SCAN", fill=0, font=font)
    buffer = io.BytesIO()
    picture.save(buffer, "PDF", resolution=150)
    return buffer.getvalue()


def cjk_font() -> Path | None:
    """A Chinese font of the machine, where there is one."""
    return next(iter(sorted(Path("/usr/share/fonts").rglob("NotoSansCJK-Regular*"))), None)
