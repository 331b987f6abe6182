"""What was to be told and what was told: expectations, and the table that holds one against the other."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from pipelines.storage.models import EventRow


@dataclass
class Expectation:
    """Something that happened and has not been told yet; an optional one may stay untold."""

    type: str
    source: str
    title: str | None = None
    optional: bool = False
    field: str | None = None

    def fits(self, event: EventRow, title: str | None) -> bool:
        """Whether an event tells it."""
        if event.type != self.type or (self.title is None and event.source_id != self.source):
            return False
        if self.title is not None and self.title != title:
            return False
        return self.field is None or self.field in {c["field"] for c in event.details.get("changes", [])}


@dataclass
class Ledger:
    """Counts per event type, and per kind of noise how often it played and what it caused."""

    expected: Counter[str] = field(default_factory=Counter)
    raised: Counter[str] = field(default_factory=Counter)
    missed: list[Expectation] = field(default_factory=list)
    false: list[str] = field(default_factory=list)
    noise: Counter[str] = field(default_factory=Counter)
    blamed: Counter[str] = field(default_factory=Counter)
    """False alarms by the noise that went on at the bureau at that time."""

    @property
    def perfect(self) -> bool:
        """Nothing missed, nothing false."""
        return not (self.false or self.missed)

    def table(self) -> str:
        """Events by type, noise by kind, and what went wrong."""
        lines = [f"{'event':22} {'expected':>8} {'raised':>8} {'missed':>8}"]
        missed = Counter(e.type for e in self.missed)
        for kind in sorted({*self.expected, *self.raised}):
            lines.append(f"{kind:22} {self.expected[kind]:8} {self.raised[kind]:8} {missed[kind]:8}")
        lines.append(f"{'noise':22} {'played':>8} {'false alarms meanwhile':>31}")
        for kind, count in sorted(self.noise.items()):
            lines.append(f"{kind:22} {count:8} {self.blamed[kind]:31}")
        lines.append(f"false alarms: {len(self.false)}")
        return "\n".join(lines + [f"  {x}" for x in self.false[:20]] + [f"  missed {e}" for e in self.missed[:20]])
