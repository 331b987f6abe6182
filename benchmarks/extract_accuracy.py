"""How well pages are read: the project's samples, the same without any names, and a folder of labelled pages.

    python benchmarks/extract_accuracy.py [LABELLED_FOLDER] [-v]

A labelled folder holds `labels.jsonl`, its pages and `score_pages.py`; the latter's own table is printed.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "tests" / "pages")]

from page_scoring import Sample, Score, as_utf8, figures, samples, score, without_names  # noqa: E402

from pipelines.extraction.page import read_page  # noqa: E402
from pipelines.extraction.parsing import decode  # noqa: E402
from pipelines.items import to_record  # noqa: E402


def read(sample: Sample, raw: bytes) -> Score:
    return score(sample, to_record(read_page(raw, url=sample.url, content_type=None)))


def show(title: str, scores: list[Score], verbose: bool) -> None:
    print(f"{title}: {len(scores)} pages")
    for name, value in figures(scores).items():
        print(f"  {name:26} {value:.4f}")
    for one in scores:
        if verbose and (one.f1 < 0.99 or one.leaked):
            print(f"  {one.name:26} F1 {one.f1:.3f} leaked {one.leaked}")


def labelled(folder: Path, verbose: bool) -> None:
    sys.path.insert(0, str(folder))
    scorer = importlib.import_module("score_pages")
    labels = scorer.load_labels(folder / "labels.jsonl")
    for title, change in (("as served", None), ("without names", without_names)):
        records = {}
        for label in labels:
            raw = (folder / label["file"]).read_bytes()
            if change is not None:
                raw = as_utf8(change(decode(raw).text))
            records[label["file"]] = to_record(read_page(raw, url=None))
        found, rows = scorer.score(records, labels, folder)
        print(f"{folder.name}, {title}")
        if verbose:
            print("\n".join(scorer.show_rows(rows)))
        print("\n".join("  " + line for line in scorer.show(found)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, help="a folder of labelled pages")
    parser.add_argument("-v", "--verbose", action="store_true", help="also every page that was not read whole")
    chosen = parser.parse_args()
    own = samples(HERE.parent / "tests" / "pages")
    show("own samples", [read(s, s.raw) for s in own], chosen.verbose)
    renamed = [read(s, as_utf8(without_names(decode(s.raw, s.content_type).text))) for s in own]
    show("own samples, without names", renamed, chosen.verbose)
    if chosen.folder:
        labelled(chosen.folder.resolve(), chosen.verbose)


if __name__ == "__main__":
    main()
