"""Prints what reading indicators costs: CPU milliseconds per 3,000 characters, and growth with hostile length.

python benchmarks/indicators_speed.py [FOLDER]

FOLDER holds texts of real reports (`*.txt`); what they cost is printed too.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from pipelines.indicators import read_indicators
from pipelines.items import Report

OWN = Path(__file__).parent.parent / "tests/pipelines/indicators/texts"
SIZE = 3000


def cpu(text: str, repeat: int = 1, report: Report | None = None) -> float:
    """Best CPU seconds of a few runs."""
    best = float("inf")
    for _ in range(repeat):
        start = time.process_time()
        read_indicators(text, report=report or Report())
        best = min(best, time.process_time() - start)
    return best


def real(folder: Path) -> None:
    """Prints what each text of a folder costs, and all together, for `SIZE` characters."""
    total = length = 0.0
    for path in sorted(folder.glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        report = Report(title=text.lstrip().split("\n", 1)[0].strip())
        spent = cpu(text, 7, report) * 1000
        figures = len(read_indicators(text, report=report))
        share = spent / len(text) * SIZE
        head = f"{path.stem:20} {len(text):6} characters, {figures:4} figures"
        print(f"{head}: {spent:6.2f} ms, {share:5.2f} ms for {SIZE}")
        total, length = total + spent, length + len(text)
    if length:
        print(f"{'all':20} {total / length * SIZE:.2f} ms CPU for {SIZE} characters")


def main() -> None:
    """Prints the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, help="texts of real reports")
    options = parser.parse_args()
    if options.folder:
        real(options.folder)
    joined = "\n".join(p.read_text(encoding="utf-8") for p in sorted(OWN.glob("*.txt")) if p.stem != "english")
    pieces = [joined[i : i + SIZE] for i in range(0, len(joined) - SIZE, SIZE)]
    read_indicators(pieces[0], report=Report())
    costs = sorted(cpu(p, 5) * 1000 for p in pieces)
    figures = sum(len(read_indicators(p, report=Report())) for p in pieces) / len(pieces)
    print(f"dense report text, {SIZE} characters ({figures:.0f} figures):", end=" ")
    print(f"median {costs[len(costs) // 2]:.2f} ms, worst {costs[-1]:.2f} ms CPU")
    prose = "深入学习贯彻会议精神，坚持以人民为中心的发展思想，扎实推动各项工作落地见效。" * (SIZE // 37)
    print(f"prose without figures, {SIZE} characters: {cpu(prose, 5) * 1000:.2f} ms CPU")
    hostile = {
        "digits": "1234567890",
        "digits with commas": "123,456,",
        "digits with full-width commas": "12，34，",
        "Chinese numerals": "一二三四五六七八九十百千万",
        "dates": "2021年1月2日3时",
        "brackets": "(1起(",
        "quotes": "“1”",
        "one sentence without an end": "查处酒驾12起、醉驾3起、",
        "respectively": "A和B分别为3人、4人、",
        "comparisons": "比上年比去年同期比2020年增长",
        "titles": "《1《",
        "colons": "1:2:3/4-5~6",
        "spaces": "1 234 ",
        "English": "rose 5.5 percent to 3.2 million from ",
    }
    print(f"{'hostile text':32} {'100 k':>9} {'1 M':>9} characters, CPU ms")
    for name, unit in hostile.items():
        small, large = (unit * (n // len(unit)) for n in (100_000, 1_000_000))
        print(f"{name:32} {cpu(small) * 1000:9.0f} {cpu(large) * 1000:9.0f}")
    print(f"{'10 M characters of report text':32} {'':9} {cpu(joined * (10_000_000 // len(joined))) * 1000:9.0f}")


if __name__ == "__main__":
    main()
