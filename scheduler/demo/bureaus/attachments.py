"""Small attachments made by code: a Word text, an Excel table, a PDF with Chinese text."""

# ruff: noqa: E501 - markup is read more easily unbroken
from __future__ import annotations

import io

import docx
import openpyxl

from scheduler.demo.bureaus.model import File

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def word(name: str, *paragraphs: str) -> File:
    """A .docx with these paragraphs."""
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    out = io.BytesIO()
    document.save(out)
    return File(name, out.getvalue(), DOCX)


def sheet(name: str, rows: list[list[str | int | float]]) -> File:
    """An .xlsx with one sheet of these rows."""
    book = openpyxl.Workbook()
    page = book.active
    if page is not None:
        for row in rows:
            page.append(row)
    out = io.BytesIO()
    book.save(out)
    return File(name, out.getvalue(), XLSX)


def pdf(name: str, *lines: str) -> File:
    """A one-page .pdf in the standard Chinese font that readers bring along (nothing embedded)."""
    show = "".join(f"<{line.encode('utf-16-be').hex()}> Tj 0 -24 Td " for line in lines)
    content = f"BT /F1 14 Tf 60 780 Td {show}ET".encode("ascii")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [6 0 R] >>",
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /FontDescriptor 7 0 R "
        b"/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> /DW 1000 >>",
        b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 "
        b"/Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
    ]
    out = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return File(name, bytes(out), "application/pdf")
