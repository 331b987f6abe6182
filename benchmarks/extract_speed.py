"""CPU time of whole extraction (text, metadata, indicators) against trafilatura's on the same pages in the same run.

    python benchmarks/extract_speed.py [FOLDER_OF_PAGES] [--rounds 3] [--limit 0.6]

Exit 1 when the ratio is over the limit. Both read the same bytes; the faster of the rounds counts for each page.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import trafilatura  # noqa: E402

from pipelines.extraction.page import read_page  # noqa: E402
from pipelines.indicators import read_indicators  # noqa: E402


def extract(raw: bytes) -> None:
    report = read_page(raw, url="http://www.example.gov.cn/a/b.html")
    report.indicators = read_indicators(report.body, report=report)


def body_only(raw: bytes) -> None:
    read_page(raw, url="http://www.example.gov.cn/a/b.html")


def peer(raw: bytes) -> None:
    trafilatura.bare_extraction(raw, with_metadata=True, include_tables=True)


def cpu(work: Callable[[bytes], None], pages: list[bytes], rounds: int) -> float:
    best = [float("inf")] * len(pages)
    for _ in range(rounds):
        for i, raw in enumerate(pages):
            start = time.process_time()
            work(raw)
            best[i] = min(best[i], time.process_time() - start)
    return sum(best)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=HERE.parent / "tests" / "pages")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--limit", type=float, default=0.6, help="highest ratio that is no failure")
    chosen = parser.parse_args()
    pages = [f.read_bytes() for f in sorted(chosen.folder.rglob("*.htm*"))]
    if not pages:
        parser.error(f"no pages in {chosen.folder}")
    for work in (extract, peer):
        work(pages[0])
    ours, text, theirs = (cpu(w, pages, chosen.rounds) for w in (extract, body_only, peer))
    size = sum(map(len, pages)) / len(pages) / 1024
    print(f"{len(pages)} pages, {size:.0f} KB on average; CPU ms a page, best of {chosen.rounds}")
    print(f"  text, metadata and indicators  {ours / len(pages) * 1e3:7.2f}")
    print(f"  text and metadata              {text / len(pages) * 1e3:7.2f}")
    print(f"  trafilatura                    {theirs / len(pages) * 1e3:7.2f}")
    print(f"  ratio                          {ours / theirs:7.3f}  (limit {chosen.limit})")
    return 0 if ours / theirs <= chosen.limit else 1


if __name__ == "__main__":
    raise SystemExit(main())
