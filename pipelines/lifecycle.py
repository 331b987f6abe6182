"""A report's life, as pure rules: when it is read again, when it counts as withdrawn, what tampering is."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

TAMPERED_FLAGS: Final = frozenset({"title_spam", "hidden_links"})
"""What strangers put into a page. A page on another host (`offsite_host`) is a mirror, not a change to the page."""
BROKEN_FLAGS: Final = frozenset({"soft_404", "blocked", "error_page", "login_page"})
"""A reading that is no version of anything."""

REREAD: Final = (
    (timedelta(days=1), timedelta(hours=3)),
    (timedelta(days=3), timedelta(hours=8)),
    (timedelta(days=7), timedelta(days=1)),
    (timedelta(days=30), timedelta(days=3)),
    (timedelta(days=180), timedelta(days=14)),
    (timedelta(days=730), timedelta(days=45)),
)
"""Up to this age, so often: bureaus correct a text in its first days, and seldom touch old ones."""
REREAD_OLD: Final = timedelta(days=120)


def next_reading(now: datetime, *, since: datetime, name: str) -> datetime:
    """When a page is due again: by its age, and spread by its name so that a backfill does not come due at once.

    Args:
        now: when it was read.
        since: when it was published, or found where no day is printed.
        name: the page's address; the spread is a quarter of the interval at most.
    """
    age = max(now - since, timedelta(0))
    interval = next((every for limit, every in REREAD if age <= limit), REREAD_OLD)
    spread = (zlib.crc32(name.encode("utf-8", "replace")) % 1000) / 4000
    return now + interval * (0.875 + spread)


def next_confirmation(now: datetime, *, checks: int, hours: float, done: int) -> datetime:
    """When a page that was found gone is looked at again, so that the confirmations fill the asked time evenly."""
    if done >= checks:
        return now + timedelta(days=7)  # settled: it may come back
    return now + timedelta(hours=max(hours / max(checks - 1, 1), 0.25))


@dataclass(frozen=True, slots=True)
class Absence:
    """How often and since when a place was found gone, each crawl counted once."""

    since: datetime
    checks: int

    def confirmed(self, now: datetime, *, checks: int, hours: float) -> bool:
        """Enough confirmations over enough time."""
        return self.checks >= checks and now - self.since >= timedelta(hours=hours)


def mass_absence(absent: int, living: int) -> bool:
    """Whether so many reports are gone at the same time that the site was rebuilt rather than reports withdrawn."""
    return absent > 5 and absent > 0.3 * (absent + living)


def is_tampered(flags: Iterable[str]) -> bool:
    """Whether a reading shows a stranger's hand."""
    return not TAMPERED_FLAGS.isdisjoint(flags)


def is_broken(flags: Iterable[str]) -> bool:
    """Whether a reading must not be compared with anything."""
    return not BROKEN_FLAGS.isdisjoint(flags)
