"""Memory of extraction over many pages: it must not grow.

    python benchmarks/memory_flat.py [FOLDER_OF_PAGES] [--pages 10000] [--limit 24]

Exit 1 when the resident size grows by more than the limit (MiB) between the first tenth and the end.
"""

from __future__ import annotations

import argparse
import itertools
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from pipelines.extraction.page import read_page  # noqa: E402
from pipelines.indicators import read_indicators  # noqa: E402


def resident() -> float:
    """Resident memory of this process in MiB."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("no VmRSS in /proc/self/status")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=HERE.parent / "tests" / "pages")
    parser.add_argument("--pages", type=int, default=10_000)
    parser.add_argument("--limit", type=float, default=24.0, help="MiB of growth that is no failure")
    chosen = parser.parse_args()
    pages = [f.read_bytes() for f in sorted(chosen.folder.rglob("*.htm*"))]
    if not pages:
        parser.error(f"no pages in {chosen.folder}")
    early = 0.0
    tenth = max(1, chosen.pages // 10)
    for count, raw in enumerate(itertools.islice(itertools.cycle(pages), chosen.pages), 1):
        report = read_page(raw, url="http://www.example.gov.cn/a/b.html")
        report.indicators = read_indicators(report.body, report=report)
        if count % tenth == 0:
            early = early or resident()
            print(f"{count:7} pages  {resident():7.1f} MiB")
    growth = resident() - early
    print(f"growth since the first tenth: {growth:.1f} MiB (limit {chosen.limit})")
    return 0 if growth <= chosen.limit else 1


if __name__ == "__main__":
    raise SystemExit(main())
