"""A report's text as safe HTML: headings, paragraphs, tables, and each indicator's figure marked where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

MOST = 400_000
"""Characters shown; longer texts end with a mark."""
NUMBER = "[一二三四五六七八九十]{1,3}"
HEADING = re.compile(rf"(?:{NUMBER}、|[（(]{NUMBER}[)）]|第{NUMBER}[章节部]).{{1,40}}")
"""Numbered headings of Chinese documents (GB/T 9704, 7.3.3); one that ends a sentence begins a paragraph."""
SENTENCE = ("。", "；", "，", "：", ";", ".")
FIGURE = re.compile(r"\s*[-+−]?[\d,]*\.?\d+\s*%?\s*")
DIGITS = r"[\d〇○零一二三四五六七八九十]"
DATE = re.compile(rf"{DIGITS}{{4}} ?年 ?{DIGITS}{{1,2}} ?月 ?{DIGITS}{{1,3}} ?日")
Span = tuple[int, int, int]


def body_html(body: str, indicators: Sequence[dict[str, Any]], signer: str | None = None) -> str:
    """Escaped HTML; marks carry the ids that the table of indicators links to (`n0`, `n1`, …)."""
    body = body[:MOST]
    spans = sorted(
        (i["start"], i["end"], n)
        for n, i in enumerate(indicators)
        if isinstance(i.get("start"), int)
        and not i.get("attachment")
        and 0 <= i["start"] < i.get("end", 0) <= len(body)
        and body[i["start"] : i["end"]] == i.get("value_text")
    )
    out: list[str] = []
    offset, rows = 0, False
    for line in body.split("\n"):
        inside = [(s - offset, e - offset, n) for s, e, n in spans if offset <= s and e <= offset + len(line)]
        offset += len(line) + 1
        if ("\t" in line) != rows:
            rows = not rows
            out.append('<div class="scroll"><table>' if rows else "</table></div>")
        if rows:
            out.append(f"<tr>{_cells(line, inside, indicators)}</tr>")
        elif line.strip():
            out.append(f"<p{_kind(line.strip(), signer)}>{_marked(line, inside, indicators)}</p>")
    return "\n".join([*out, "</table></div>"] if rows else out)


def _kind(line: str, signer: str | None) -> str:
    """Headings, and the signature with its date, which stand at the right (GB/T 9704, 7.3.5)."""
    if line == signer or DATE.fullmatch(line):
        return " class=sign"
    return " class=head" if HEADING.fullmatch(line) and not line.endswith(SENTENCE) else ""


def _cells(line: str, spans: Sequence[Span], indicators: Sequence[dict[str, Any]]) -> str:
    parts, at = [], 0
    for text in line.split("\t"):
        inside = [(s - at, e - at, n) for s, e, n in spans if at <= s and e <= at + len(text)]
        kind = " class=num" if FIGURE.fullmatch(text) else ""
        parts.append(f"<td{kind}>{_marked(text, inside, indicators)}</td>")
        at += len(text) + 1
    return "".join(parts)


def _marked(line: str, spans: Iterable[Span], indicators: Sequence[dict[str, Any]]) -> str:
    parts, at = [], 0
    for start, end, number in spans:
        if start < at:
            continue
        parts.append(escape(line[at:start]))
        name = escape(str(indicators[number].get("name") or ""), quote=True)
        parts.append(f'<mark id="n{number}" title="{name}">{escape(line[start:end])}</mark>')
        at = end
    parts.append(escape(line[at:]))
    return "".join(parts)
