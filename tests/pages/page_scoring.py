"""How well a page was read, against a sample's gold: used by the gate test and by the benchmarks.

Body: F1 of 4-token shingles; an ideograph is a token. A sample is a folder of `input.html`, `meta.json` and `gold.json`
(see README.md beside this file).
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

_HAN = "\u3400-\u9fff\u3040-\u30ff\uac00-\ud7af"
_TOKEN = re.compile(f"[{_HAN}]|[^\\W{_HAN}]+")
_SPACE = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]+")
_FILE = re.compile(r"\.(?:docx?|xlsx?|pptx?|pdf|rar|zip|wps|et|ofd|txt|csv|jpe?g|png)$", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"(<[^<>]*?\s(?:id|class|name)\s*=\s*)([\"'])([^\"'<>]*)\2", re.IGNORECASE)
_TAGS = re.compile(r"<(/?)(?:nav|footer|aside|header|article|section|main|ucapcontent)\b", re.IGNORECASE)


@dataclass(slots=True)
class Sample:
    """One page of the project's own samples."""

    name: str
    raw: bytes
    url: str | None
    content_type: str | None
    gold: dict[str, Any]


@dataclass(slots=True)
class Score:
    """What one record got."""

    name: str
    f1: float
    leaked: list[str] = field(default_factory=list)
    attachments: tuple[int, int, int] = (0, 0, 0)
    tables: tuple[int, int] = (0, 0)


def samples(folder: Path) -> list[Sample]:
    """All samples of a folder, by name."""
    out = []
    for place in sorted(p for p in folder.iterdir() if (p / "gold.json").exists()):
        meta = json.loads((place / "meta.json").read_text(encoding="utf-8"))
        gold = json.loads((place / "gold.json").read_text(encoding="utf-8"))
        raw = (place / "input.html").read_bytes()
        out.append(Sample(place.name, raw, meta["url"], meta["content_type"], gold))
    return out


def token_f1(gold: str, read: str) -> float:
    """F1 of 4-token shingles."""
    a, b = shingles(gold), shingles(read)
    if not a and not b:
        return 1.0
    return 2 * (a & b).total() / (a.total() + b.total())


def shingles(text: str) -> Counter[tuple[str, ...]]:
    tokens = _TOKEN.findall(text)
    return Counter(tuple(tokens[i : i + 4]) for i in range(max(1, len(tokens) - 3)) if tokens[i : i + 4])


def score(sample: Sample, record: dict[str, Any]) -> Score:
    """Scores one record against its sample's gold."""
    gold = sample.gold
    flat = _plain(record["body"])
    wanted = Counter(name.lower() for name in gold["attachments"])
    got = Counter(file_name(a["url"]) for a in record["attachments"])
    return Score(
        sample.name,
        token_f1("\n".join(gold["body"]), record["body"]),
        [x for x in gold["must_not"] if _plain(x) in flat],
        ((wanted & got).total(), got.total(), wanted.total()),
        (len(record["tables"]), gold["tables"]),
    )


def figures(scores: list[Score]) -> dict[str, float]:
    """The table's figures over all samples."""
    hit, got, wanted = (sum(s.attachments[i] for s in scores) for i in range(3))
    tables = sum(t for _, t in (s.tables for s in scores))
    return {
        "body_f1": sum(s.f1 for s in scores) / len(scores),
        "worst_f1": min(s.f1 for s in scores),
        "leaking_pages": sum(bool(s.leaked) for s in scores) / len(scores),
        "attachments_precision": hit / got if got else 1.0,
        "attachments_recall": hit / wanted if wanted else 1.0,
        "tables_kept": sum(min(s.tables) for s in scores) / tables if tables else 1.0,
        "pages_with_false_tables": sum(got > gold for got, gold in (s.tables for s in scores)) / len(scores),
    }


def file_name(address: str) -> str:
    """The name by which a file's address is compared."""
    parts = urlsplit(address)
    base, query = unquote(parts.path).rsplit("/", 1)[-1], unquote(parts.query)
    if not _FILE.search(base) and query:
        named = [x for x in re.split(r"[/=&]", query) if _FILE.search(x)]
        return (named[-1] if named else f"{base}?{query}").lower()
    return base.lower()


def without_names(markup: str) -> str:
    """The page with every id, class and semantic tag replaced: what a platform looks like that nobody has seen."""

    def rename(match: re.Match[str]) -> str:
        number = sum((i + 1) * ord(c) for i, c in enumerate(match[3])) % 99991
        return f"{match[1]}{match[2]}x{number}{match[2]}"

    for _ in range(3):  # a tag's attributes are met one a pass
        markup = _ATTRIBUTE.sub(lambda m: m[0] if re.fullmatch(r"x\d+", m[3]) else rename(m), markup)
    return _TAGS.sub(r"<\1div", re.sub(r"<!--(?!\[if).*?-->", "", markup, flags=re.DOTALL))


def as_utf8(markup: str) -> bytes:
    """Markup as bytes, its declaration made true."""
    return re.sub(r"charset\s*=\s*[\"']?[\w-]+", "charset=utf-8", markup, flags=re.IGNORECASE).encode()


def _plain(text: str) -> str:
    return _SPACE.sub("", unicodedata.normalize("NFKC", text))
