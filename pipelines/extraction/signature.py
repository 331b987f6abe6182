"""The foot of a document (落款): who signed it, and the day.

By 《党政机关公文格式》 (GB/T 9704-2012, 7.3.5) the signers' names stand above the date, right-aligned, below the text
and before the annexes. A notice that forwards rules is signed before them, so the first signature counts, not the
last. Printing notes (……2015年12月31日印发) count only where there is no other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipelines.extraction.dates import day_of, find_date
from pipelines.extraction.organisations import is_signer
from pipelines.items import Stamp

_DATE_LINE = re.compile(
    r"^(?P<lead>[^。；;！!？?《》：:，,]{0,80}?)[（(]?\s?(?P<date>(?:[12]\d{3}|[12０１２]?[０-９]{4}|[〇零○ＯOoОΟο◯0一二三四五六七八九\s]{4,9})\s?年\s?"
    r"[\d０-９〇零○一二三四五六七八九十]{1,3}\s?月\s?[\d０-９〇零○一二三四五六七八九十廿]{1,4}\s?[日号]|[12]\d{3}[-./]\d{1,2}[-./]\d{1,2})\s?[)）]?\s?(?P<tail>印发|发布|公布)?$"
)
_OPENING = re.compile(r"^[（(\[【]")
_PROSE = re.compile(r"[。，,；;]|[：:]$|^.{40}")
_SPACE = re.compile(r"[ \xa0\u3000\t]+")


@dataclass(slots=True)
class Signature:
    """Who signed (several bodies are parted by a space) and when; either may be missing."""

    signer: str | None = None
    signed: Stamp | None = None


def read_signature(body: str) -> Signature:
    """The first signature of a body's text: a line that is a date, with the signers on it or on the lines above."""
    lines = [line.strip() for line in body.split("\n")]
    lines = [line for line in lines if line]
    printed: Signature | None = None
    prose = 0
    for i, line in enumerate(lines):
        if len(line) > 110 or not line[-1:]:
            prose += 1
            continue
        match = _DATE_LINE.match(line) if line[-1] in "日号发布）)0123456789" else None
        if match is None or "\t" in line.strip("\t"):
            prose += _PROSE.search(line) is not None
            continue
        found = find_date(match["date"])
        if found is None or found.stamp is None:
            continue
        lead = match["lead"].strip()
        if not prose or (_OPENING.match(line) and not lead):
            continue
        signers = _signers(lines[max(0, i - 12) : i], lead)
        if signers is None or (not signers and "年" not in match["date"]):
            continue
        signature = Signature(" ".join(signers) or None, day_of(found.stamp))
        if match["tail"]:
            printed = printed or signature
        else:
            return signature
    return printed or _undated(lines) or Signature()


def _signers(above: list[str], lead: str) -> list[str] | None:
    """The signers' names, in order; None where the line's own lead is no signer (the date is part of a sentence)."""
    names: list[str] = []
    if lead:
        flat = _SPACE.sub(" ", lead)
        if not is_signer(flat.replace(" ", "")) and not is_signer(flat):
            return None
        names.append(flat)
    for line in reversed(above):
        flat = _SPACE.sub(" ", line)
        if len(flat) > 60 or not (is_signer(flat) or is_signer(flat.replace(" ", ""))):
            break
        names.append(flat)
    return names[::-1]


def _undated(lines: list[str]) -> Signature | None:
    """A signer's name as the very last line, with no date under it."""
    if len(lines) >= 3 and len(lines[-1]) <= 30 and is_signer(lines[-1]) and lines[-2][-1] in "。！!”）)":
        return Signature(lines[-1], None)
    return None
