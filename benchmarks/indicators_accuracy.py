"""Prints how well indicators are read: the project's own texts, or any folder of texts with gold.

    python benchmarks/indicators_accuracy.py [FOLDER] [-v]

FOLDER holds `NAME.txt` beside `NAME.gold` (the project's format, see `read_gold`) or `NAME.gold.jsonl` (one record a
line) with `NAME.nongold.jsonl`. Measures: a predicted figure pairs with a gold record of the same place, value and
unit; on the pairs, name (character F1 >= 0.6 against name and other wordings), comparisons, elided subjects, periods,
ranks, modifiers, status; false alarms by the numbers that are no indicators.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from pipelines.indicators import read_indicators
from pipelines.items import Indicator, Report

OWN = Path(__file__).parent.parent / "tests/pipelines/indicators/texts"
TUNED = ("tongji", "yuebao", "fayuan", "yusuan", "gongkai", "kaohe")
"""Texts that rules were tuned on from the start; the others were first read unseen (see their README)."""

Gold = dict[str, Any]
ANY_WINDOW = object()
"""The project's format says nothing of daily windows."""
_NOISE = re.compile(r"[\s,，。、;；:：“”\"'()（）《》]")


def read_gold(path: Path, text: str) -> tuple[list[Gold], list[Gold]]:
    """Gold and non-gold records of one file in the project's format.

    A line: context with the value in « », value, unit, kind, names (the first is the best), facts, divided by `|`.
    Facts, divided by `;`: period=A,B (any of them), cmp=direction:amount with unit:percent, must=words, mod=,
    rank=from>to, status=target, unit=also accepted, kindalt (kind is debatable), opt (neither rewarded nor punished).
    A line that begins with `!` marks a number that is no indicator, and says what it is.
    """
    gold: list[Gold] = []
    nongold: list[Gold] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        plain = line.removeprefix("! ")
        before, rest = plain.split("«", 1)
        value_text, rest = rest.split("»", 1)
        fields = rest.split(" | ")
        after = fields[0] if not line.startswith("!") else re.match(r"[^ ]*", rest)[0]  # type: ignore[index]
        context = before.lstrip() + value_text + after.rstrip()
        at = text.find(context)
        if at < 0 or text.find(context, at + 1) >= 0:
            raise ValueError(f"{path.name}: {context!r} stands {'nowhere' if at < 0 else 'more than once'} in the text")
        start = at + len(before.lstrip())
        if line.startswith("!"):
            nongold.append({"start": start, "end": start + len(value_text), "class": rest[len(after) :].strip()})
            continue
        facts = dict(f.strip().partition("=")[::2] for f in fields[5].split(";")) if len(fields) > 5 else {}
        record: Gold = {
            "start": start, "end": start + len(value_text), "value": float(fields[1]), "kind": fields[3].strip(),
            "units": {fields[2].strip(), *facts["unit"].split(",")} if "unit" in facts else {fields[2].strip()},
            "names": fields[4].strip().split(";"), "must": [m for m in facts.get("must", "").split(",") if m],
            "period": facts.get("period", "").split(",") if facts.get("period") else None,
            "mod": facts.get("mod"), "status": facts.get("status", "actual"), "opt": "opt" in facts, "cmp": [],
            "rank": facts.get("rank"), "kindalt": "kindalt" in facts, "window": ANY_WINDOW,
        }  # fmt: skip
        if "cmp" in facts:
            direction, amount, percent = facts["cmp"].split(":")
            if amount:
                record["cmp"].append(("amount", direction, float(re.match(r"[\d.]+", amount)[0])))  # type: ignore[index]
            if percent:
                record["cmp"].append(("percent", direction, float(percent)))
        gold.append(record)
    return gold, nongold


def read_gold_jsonl(path: Path) -> tuple[list[Gold], list[Gold]]:
    """Gold of the record-a-line format, and non-gold beside it."""
    gold: list[Gold] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        r = json.loads(line)
        c = r.get("comparison") or {}
        facts = [("amount", c.get("direction"), abs(float(c["amount"])))] if c.get("amount") is not None else []
        if c.get("percent") is not None:
            facts.append(("percent", c.get("direction"), abs(float(c["percent"]))))
        period = r.get("period") or {}
        rank = r.get("rank") or {}
        gold.append({
            "start": r["start"], "end": r["end"], "value": r["value"], "kind": r["kind"],
            "units": {r.get("unit") or "", *(u or "" for u in r.get("unit_alt") or [])},
            "names": [r["indicator"], (r.get("subject") or "") + r["indicator"], *(r.get("aliases") or [])],
            "must": r.get("must") or [],
            "period": [period.get("value"), *(period.get("alt") or [])] if period else None,
            "window": period.get("window"), "mod": r.get("modifier"), "status": r.get("status", "actual"),
            "opt": bool(r.get("optional")), "cmp": facts, "kindalt": False,
            "rank": f"{rank['from']}>{rank['to']}" if rank.get("from") is not None else None,
        })  # fmt: skip
    beside = path.with_name(path.name.replace(".gold.", ".nongold."))
    lines = beside.read_text(encoding="utf-8").splitlines() if beside.exists() else []
    return gold, [json.loads(x) for x in lines]


def name_score(indicator: Indicator, gold: Gold, strict: bool = False) -> float:
    """Character F1 of the name against the gold wordings; not strict: also with subject or qualifiers in front."""
    own = [indicator.name]
    if not strict:
        own += [(indicator.subject or "") + indicator.name, "".join(indicator.qualifiers) + indicator.name]
    best = 0.0
    for a in own:
        for b in gold["names"][:1] if strict else gold["names"]:
            x, y = _NOISE.sub("", a), _NOISE.sub("", b)
            if x and y:
                best = max(best, 2 * sum((Counter(x) & Counter(y)).values()) / (len(x) + len(y)))
    return best


def _facts(x: Indicator) -> list[tuple[str, str | None, float]]:
    c = x.comparison
    if c is None:
        return []
    facts = [("amount", c.direction, abs(float(c.amount)))] if c.amount is not None else []
    return facts + ([("percent", c.direction, abs(float(c.percent)))] if c.percent is not None else [])


def _near(a: float | None, b: float) -> bool:
    return a is not None and abs(a - b) <= 1e-6 * max(1.0, abs(b))


class Score:
    """Counts of one or more texts."""

    ROWS = ("value+unit", "kind", "name", "name strict", "comparison", "elided", "period", "rank", "modifier", "status")

    def __init__(self) -> None:
        self.hit: Counter[str] = Counter()
        self.predicted: Counter[str] = Counter()
        self.gold: Counter[str] = Counter()
        self.false_alarms: Counter[str] = Counter()
        self.nongold = 0
        self.notes: list[str] = []

    def add(self, found: list[Indicator], gold: list[Gold], nongold: list[Gold]) -> None:
        """Scores one text."""
        pairs: dict[int, int] = {}
        for j, g in enumerate(gold):
            for i, x in enumerate(found):
                unit_ok = (x.unit or "") in g["units"] or g["kind"] == "rank"
                if i not in pairs and g["start"] - 6 <= x.start <= g["end"] and _near(x.value, g["value"]) and unit_ok:
                    pairs[i] = j
                    break
        optional = {j for j, g in enumerate(gold) if g["opt"]}
        main = [i for i in range(len(found)) if pairs.get(i) not in optional]
        required = [g for g in gold if not g["opt"]]
        good = [(found[i], gold[j]) for i, j in pairs.items() if j not in optional]
        self._count("value+unit", len(good), len(main), len(required))
        self._count("kind", sum(x.kind == g["kind"] or g["kindalt"] for x, g in good), len(main), len(required))
        self._count("name", sum(name_score(x, g) >= 0.6 for x, g in good), len(main), len(required))
        self._count("name strict", sum(name_score(x, g, True) >= 0.6 for x, g in good), len(main), len(required))
        facts = sum(len(_facts(found[i])) for i in main)
        hits = sum(
            any(f[0] == h[0] and f[1] == h[1] and _near(f[2], h[2]) for f in _facts(x))
            for x, g in good
            for h in g["cmp"]
        )
        self._count("comparison", hits, facts, sum(len(g["cmp"]) for g in required))
        elided = [g for g in required if g["must"]]
        resolved = sum(bool(g["must"]) and all(m in _full(x) for m in g["must"]) for x, g in good)
        self._count("elided", resolved, len(elided), len(elided))
        dated = [(x, g) for x, g in good if g["period"]]
        right = sum(
            x.period is not None
            and x.period.value in g["period"]
            and (g["window"] is ANY_WINDOW or x.period.window == g["window"])
            for x, g in dated
        )
        total = sum(bool(g["period"]) for g in required)
        self._count("period", right, total, total)
        ranks = sum(
            bool(g["rank"]) and x.rank is not None and f"{x.rank.from_}>{x.rank.to}" == g["rank"] for x, g in good
        )
        self._count(
            "rank",
            ranks,
            sum(x.rank is not None and x.rank.from_ is not None for x in found),
            sum(bool(g["rank"]) for g in required),
        )
        self._count(
            "modifier",
            sum(bool(g["mod"]) and x.modifier == g["mod"] for x, g in good),
            sum(x.modifier is not None for x in (found[i] for i in main)),
            sum(bool(g["mod"]) for g in required),
        )
        self._count(
            "status",
            sum((x.status in ("actual", "provisional")) == (g["status"] == "actual") for x, g in good),
            len(good),
            len(good),
        )
        self.nongold += len(nongold)
        matched = set(pairs.values())
        for j, g in enumerate(gold):
            if j not in matched and not g["opt"]:
                self.notes.append(f"missed {g['names'][0]} {g['value']:g} {g['units']}")
        for i in main:
            if i not in pairs:
                x = found[i]
                kind = next((n["class"] for n in nongold if n["start"] - 1 <= x.start < n["end"]), "")
                self.false_alarms[kind or "wrong unit or other"] += 1
                self.notes.append(f"false {x.value} {x.unit} {x.name} | {x.quote[:40]} | {kind}")
        for x, g in good:
            if name_score(x, g) < 0.6:
                self.notes.append(f"name {x.name!r} for {g['names'][0]!r}")
            for h in g["cmp"]:
                if not any(f[0] == h[0] and f[1] == h[1] and _near(f[2], h[2]) for f in _facts(x)):
                    self.notes.append(f"comparison {h} not on {g['names'][0]} {x.value_text}")
            if g["must"] and not all(m in _full(x) for m in g["must"]):
                self.notes.append(f"elided {g['must']} not in {_full(x)!r}")
            if g["period"] and (x.period is None or x.period.value not in g["period"]):
                self.notes.append(
                    f"period {x.period.value if x.period else None} for {g['period']} at {x.name} {x.value_text}"
                )
            if (x.status in ("actual", "provisional")) != (g["status"] == "actual"):
                self.notes.append(f"status {x.status} of {x.name} {x.value_text}")
            if x.kind != g["kind"] and not g["kindalt"]:
                self.notes.append(f"kind {x.kind} for {g['kind']} of {x.name} {x.value_text}")
            if x.modifier != g["mod"]:
                self.notes.append(f"modifier {x.modifier} for {g['mod']} of {x.name} {x.value_text}")

    def _count(self, row: str, hit: int, predicted: int, gold: int) -> None:
        self.hit[row] += hit
        self.predicted[row] += predicted
        self.gold[row] += gold

    def f1(self, row: str) -> float:
        """Harmonic mean of precision and recall; 1 where there is nothing to find and nothing was found."""
        total = self.predicted[row] + self.gold[row]
        return 2 * self.hit[row] / total if total else 1.0

    def alarm_rate(self) -> float:
        """Share of the listed non-indicators that were taken for indicators."""
        wrong = sum(n for k, n in self.false_alarms.items() if k != "wrong unit or other")
        return wrong / self.nongold if self.nongold else 0.0


def _full(x: Indicator) -> str:
    return (x.subject or "") + "".join(x.qualifiers) + x.name + (x.parent or "") + (x.region or "")


def own_report(text: str) -> Report:
    """A report as its page would give it: the first line is its title."""
    return Report(title=text.lstrip().split("\n", 1)[0].strip())


def score_file(path: Path, into: Score) -> Score:
    """Reads one text and scores it."""
    text = path.read_bytes().decode("utf-8")
    lines = path.with_suffix(".gold.jsonl")
    gold, nongold = read_gold_jsonl(lines) if lines.exists() else read_gold(path.with_suffix(".gold"), text)
    into.add(read_indicators(text, report=own_report(text)), gold, nongold)
    return into


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=OWN)
    parser.add_argument("-v", "--verbose", action="store_true", help="list what was missed")
    parser.add_argument("--only", help="comma-separated names of texts")
    options = parser.parse_args()
    paths = [p for p in sorted(options.folder.glob("*.txt")) if any(p.parent.glob(p.stem + ".gold*"))]
    if options.only:
        paths = [p for p in paths if p.stem in options.only.split(",")]
    if not paths:
        sys.exit(f"{options.folder}: no text with gold beside it")
    totals = {"tuned on": Score(), "met later": Score()} if options.folder == OWN else {"all": Score()}
    print(f"{'text':14} {'gold':>5} " + " ".join(f"{r:>11}" for r in Score.ROWS) + f" {'alarms':>7}")
    for path in paths:
        score = score_file(path, Score())
        group = "all" if "all" in totals else "tuned on" if path.stem in TUNED else "met later"
        score_file(path, totals[group])
        _print(path.stem, score)
        if options.verbose:
            print("\n".join(f"    {n}" for n in score.notes))
    for name, score in totals.items():
        if score.gold["value+unit"]:
            _print(name, score)


def _print(name: str, score: Score) -> None:
    rows = " ".join(
        f"{100 * score.f1(r):11.1f}" if score.gold[r] or score.predicted[r] else f"{'-':>11}" for r in Score.ROWS
    )
    print(f"{name:14} {score.gold['value+unit']:5} {rows} {100 * score.alarm_rate():6.1f}%")


if __name__ == "__main__":
    main()
