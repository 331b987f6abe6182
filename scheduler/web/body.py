"""A report's text as safe HTML: paragraphs, table rows, and each indicator's figure marked where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

MOST = 400_000
"""Characters shown; longer texts end with a mark."""


def body_html(body: str, indicators: Sequence[dict[str, Any]]) -> str:
    """Escaped HTML; marks carry the ids that the table of indicators links to (`n0`, `n1`, …)."""
    body = body[:MOST]
    spans = sorted(
        (i["start"], i["end"], n)
        for n, i in enumerate(indicators)
        if isinstance(i.get("start"), int)
        and 0 <= i["start"] < i.get("end", 0) <= len(body)
        and body[i["start"] : i["end"]] == i.get("value_text")
    )
    out, offset = [], 0
    for line in body.split("\n"):
        inside = [(s - offset, e - offset, n) for s, e, n in spans if offset <= s and e <= offset + len(line)]
        if line.strip():
            kind = ' class="row"' if "\t" in line else ""
            out.append(f"<p{kind}>{_marked(line, inside, indicators)}</p>")
        offset += len(line) + 1
    return "\n".join(out)


def _marked(line: str, spans: Iterable[tuple[int, int, int]], indicators: Sequence[dict[str, Any]]) -> str:
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
