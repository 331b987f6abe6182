"""How well general articles are read, against the peers that are installed, on folders of labelled pages.

    python benchmarks/extract_articles.py FOLDER... [--half tuning|held-out] [--peers NAME,...] [-v]

Each folder holds one folder a page, in the format of Readability's own tests: `source.html`, and beside it
`expected.html` (or `expected.txt`) with the article's body; `expected-metadata.json` may give `title` and
`published` (a date). A page without a full gold may have `snippets.json` instead: `with` and `without` are lists of
texts that the body must and must not hold, as in trafilatura's evaluation. The two halves go by a hash of the
page's name, so that rules are made on one half and judged on the other. No page of others is part of this project.

Body: precision, recall and F1 of 4-token shingles, mean over pages (an ideograph is a token). Snippets: F1 over all.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import json
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "tests" / "pages")]

from page_scoring import shingles  # noqa: E402
from selectolax.lexbor import LexborHTMLParser  # noqa: E402

from pipelines.extraction import dom  # noqa: E402
from pipelines.extraction.page import read_page  # noqa: E402
from pipelines.extraction.parsing import decode  # noqa: E402
from pipelines.extraction.site_names import key  # noqa: E402


@dataclass(slots=True)
class Page:
    """One labelled page: its bytes, its body or snippets, title and date where they are known."""

    name: str
    raw: bytes
    markup: str
    body: str | None
    snippets: dict[str, list[str]]
    title: str | None
    published: str | None


@dataclass(slots=True)
class Read:
    """What a reader made of a page."""

    body: str = ""
    title: str = ""
    published: str = ""


Reader = Callable[[Page], Read]


@dataclass(slots=True)
class Tally:
    """A reader's scores over the pages."""

    bodies: list[tuple[float, float, float]] = field(default_factory=list)
    snippets: list[tuple[int, int, int]] = field(default_factory=list)
    titles: list[bool] = field(default_factory=list)
    dates: list[bool] = field(default_factory=list)


def text_of(markup: str) -> str:
    """All visible text, a block a line."""
    return "\n".join(block.text for block in dom.build(LexborHTMLParser(markup)).blocks)


def pages_of(folder: Path) -> list[Page]:
    found = []
    for place in sorted(p.parent for p in folder.glob("*/source.html")):

        def read(name: str, place: Path = place) -> str | None:
            return (place / name).read_text(encoding="utf-8") if (place / name).exists() else None

        raw, gold = (place / "source.html").read_bytes(), read("expected.html")
        meta = json.loads(read("expected-metadata.json") or "{}")
        found.append(
            Page(
                place.name,
                raw,
                decode(raw).text,
                text_of(gold) if gold else read("expected.txt"),
                json.loads(read("snippets.json") or "{}"),
                meta.get("title"),
                meta.get("published"),
            )
        )
    return found


def is_chinese(markup: str) -> bool:
    return len(re.findall("[\u4e00-\u9fff]", markup)) > 200


def half_of(name: str) -> str:
    return "tuning" if hashlib.sha256(name.encode()).digest()[0] % 2 else "held-out"


def ours(page: Page) -> Read:
    report = read_page(page.raw, url=None, zone="UTC")
    return Read(report.body, report.title or "", report.published.isoformat() if report.published else "")


def by_trafilatura(module: Any, **options: Any) -> Reader:
    def read(page: Page) -> Read:
        found = module.bare_extraction(page.raw, with_metadata=True, include_comments=False, **options)
        return Read(found.text or "", found.title or "", found.date or "") if found else Read()

    return read


def by_readability(module: Any) -> Reader:
    def read(page: Page) -> Read:
        document = module.Document(page.markup)
        return Read(text_of(document.summary()), document.title() or "")

    return read


def by_resiliparse(module: Any) -> Reader:
    return lambda page: Read(module.extract_plain_text(page.markup, main_content=True, alt_texts=False))


def by_newspaper(module: Any) -> Reader:
    def read(page: Page) -> Read:
        chinese = {"language": "zh"} if is_chinese(page.markup) else {}
        article = module.Article("http://www.example.org/a/b.html", fetch_images=False, **chinese)
        article.download(input_html=page.markup)
        article.parse()
        return Read(article.text, article.title or "", str(article.publish_date or "")[:10])

    return read


def by_goose(module: Any) -> Reader:
    chinese = {"stopwords_class": module.text.StopWordsChinese}
    readers = [module.Goose({"enable_image_fetching": False, **more}) for more in ({}, chinese)]

    def read(page: Page) -> Read:
        article = readers[is_chinese(page.markup)].extract(raw_html=page.markup)
        return Read(article.cleaned_text or "", article.title or "", str(article.publish_date or "")[:10])

    return read


def by_justext(module: Any) -> Reader:
    def read(page: Page) -> Read:
        german = page.markup.count(" und ") > 5 * page.markup.count(" and ")
        paragraphs = module.justext(page.markup, module.get_stoplist("German" if german else "English"))
        return Read("\n".join(p.text for p in paragraphs if not p.is_boilerplate))

    return read


PEERS: dict[str, tuple[str, Callable[[Any], Reader]]] = {
    "trafilatura": ("trafilatura", by_trafilatura),
    "trafilatura, precise": ("trafilatura", lambda m: by_trafilatura(m, favor_precision=True)),
    "readability-lxml": ("readability", by_readability),
    "resiliparse": ("resiliparse.extract.html2text", by_resiliparse),
    "newspaper": ("newspaper", by_newspaper),
    "goose": ("goose3", by_goose),
    "jusText": ("justext", by_justext),
}


def readers(wanted: list[str] | None) -> dict[str, Reader]:
    """Ours, and the peers that can be imported."""
    found: dict[str, Reader] = {"bureauwatch": ours}
    for name, (module, make) in PEERS.items():
        if wanted is None or any(name.startswith(w) for w in wanted):
            try:
                found[name] = make(importlib.import_module(module))
            except ImportError:
                continue
    return found


def judge(page: Page, read: Read, tally: Tally) -> None:
    if page.body is not None:
        gold, got = shingles(page.body), shingles(read.body)
        both = (gold & got).total()
        precision, recall = both / max(1, got.total()), both / max(1, gold.total())
        f1 = 2 * both / max(1, gold.total() + got.total()) if gold or got else 1.0
        tally.bodies.append((f1, precision, recall))
    if page.snippets:
        flat = "".join(read.body.split())
        within = [sum("".join(s.split()) in flat for s in page.snippets.get(k, ())) for k in ("with", "without")]
        tally.snippets.append((within[0], len(page.snippets["with"]) - within[0], within[1]))
    if page.title:
        tally.titles.append(key(page.title) == key(read.title))
    if page.published:
        tally.dates.append(read.published[:10] == page.published[:10])


def show(readings: dict[str, Tally]) -> None:
    print(f"  {'':22}{'F1':>7}{'prec.':>8}{'recall':>8}{'snippets':>10}{'titles':>9}{'dates':>8}")
    for name, tally in readings.items():
        cells = [f"{mean(b[i] for b in tally.bodies):.3f}" if tally.bodies else "–" for i in range(3)]
        hit, lost, leaked = (sum(s[i] for s in tally.snippets) for i in range(3))
        cells.append(f"{2 * hit / (2 * hit + lost + leaked):.3f}" if tally.snippets else "–")
        cells += [f"{mean(kind):.3f}" if kind else "–" for kind in (tally.titles, tally.dates)]
        print(f"  {name:22}" + "".join(f"{c:>{w}}" for c, w in zip(cells, (7, 8, 8, 10, 9, 8), strict=True)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("--half", choices=("tuning", "held-out"), help="only the pages of one half")
    parser.add_argument("--peers", help="names of peers, with commas between; default: all that are installed")
    parser.add_argument("-v", "--verbose", action="store_true", help="also each page's F1, reader by reader")
    chosen = parser.parse_args()
    every = readers(chosen.peers.split(",") if chosen.peers is not None else None)
    for folder in chosen.folders:
        pages = [p for p in pages_of(folder) if chosen.half in (None, half_of(p.name))]
        if not pages:
            parser.error(f"no page (source.html) in the folders of {folder}")
        tallies = {name: Tally() for name in every}
        for page in pages:
            for name, reader in every.items():
                try:
                    read = reader(page)
                except Exception:  # noqa: BLE001 - a peer that breaks on a page has read nothing there
                    read = Read()
                judge(page, read, tallies[name])
            if chosen.verbose and page.body is not None:
                print(f"  {page.name:32}" + " ".join(f"{t.bodies[-1][0]:.2f}" for t in tallies.values()))
        print(f"{folder.name}: {len(pages)} pages")
        show(tallies)


if __name__ == "__main__":
    main()
