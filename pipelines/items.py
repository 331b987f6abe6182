"""The report record and its parts: what every reader returns and what the store keeps.

The keys and their meaning are the contract with users of `bureauwatch extract`, the API and the events; names of an
indicator's parts follow SDMX and Data Commons. A field that a page does not state is None, never a guess.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any, Final, Literal

from pipelines.extraction_version import EXTRACTION_VERSION

Stamp = date | datetime
"""A calendar day, or a moment with its zone where the page prints a time of day."""

Kind = Literal["count", "level", "rate", "rank", "change"]
Status = Literal["actual", "target", "forecast", "provisional"]
Direction = Literal["up", "down", "flat"]
PeriodType = Literal["duration", "cumulative", "instant", "since"]


@dataclass(slots=True)
class Period:
    """The time that a figure is about.

    `value` is ISO 8601: a year `2021`, quarter `2021-Q3`, month `2021-09`, day, day and hour `2020-02-27T07`, a span
    `A/B`, `../B` (cumulative up to B) or `A/..` (since A). `start` and `end` are its first and last day (ISO).
    `window`: a daily time window (`0-6时`). `inferred`: not printed in the clause, the report's own.
    """

    value: str | None = None
    start: str | None = None
    end: str | None = None
    type: PeriodType | None = None
    window: str | None = None
    inferred: bool = False
    text: str | None = None


@dataclass(slots=True)
class Comparison:
    """How a figure stands against an earlier or other one; amounts are positive, `direction` says which way."""

    base: str | None = None
    direction: Direction | None = None
    amount: float | int | None = None
    unit: str | None = None
    percent: float | int | None = None
    base_value: float | int | None = None
    text: str | None = None


@dataclass(slots=True)
class Rank:
    """A place in an order, and where it came from; `scope` names those that are ranked."""

    from_: int | None = None
    to: int | None = None
    scope: str | None = None


@dataclass(slots=True)
class Check:
    """One arithmetic proof of a figure, such as `percent_of_base`; `detail` shows the sum."""

    check: str
    ok: bool
    detail: str | None = None


@dataclass(slots=True)
class Indicator:
    """One printed figure with what it is about. `start`, `end`: offsets of `value_text` in the report's body."""

    name: str
    value: float | int | None
    value_text: str
    unit: str | None = None
    kind: Kind = "count"
    subject: str | None = None
    qualifiers: list[str] = field(default_factory=list)
    parent: str | None = None
    modifier: str | None = None
    lower: float | int | None = None
    upper: float | int | None = None
    status: Status = "actual"
    period: Period | None = None
    comparison: Comparison | None = None
    rank: Rank | None = None
    region: str | None = None
    agency: str | None = None
    quote: str = ""
    start: int = 0
    end: int = 0
    confidence: float = 1.0
    checks: list[Check] = field(default_factory=list)


@dataclass(slots=True)
class Attachment:
    """A file that a report links to; `media_type` by its bytes once fetched, by its name before."""

    name: str
    url: str
    media_type: str | None = None


Table = list[list[str]]
"""A grid of cell texts: spans are written out, so that every row has the same number of cells."""


@dataclass(slots=True)
class Report:
    """One publication as read from its page or file."""

    url: str | None = None
    file: str | None = None
    title: str | None = None
    title_raw: str | None = None
    published: Stamp | None = None
    drafted: Stamp | None = None
    effective: Stamp | None = None
    index_number: str | None = None
    document_number: str | None = None
    publisher: str | None = None
    content_source: str | None = None
    author: str | None = None
    signer: str | None = None
    signed: Stamp | None = None
    validity: str | None = None
    subject: str | None = None
    keywords: list[str] = field(default_factory=list)
    language: str | None = None
    platform: str | None = None
    body: str = ""
    tables: list[Table] = field(default_factory=list)
    images: list[str] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    indicators: list[Indicator] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    confidence: float = 1.0
    extraction_version: str = EXTRACTION_VERSION

    def flag(self, name: str) -> None:
        """Adds a flag once."""
        if name not in self.flags:
            self.flags.append(name)


@dataclass(slots=True)
class Hints:
    """What a list row, a feed item or a JSON detail record said of a report before its page was read.

    A whole title from a list's `@title` beats a cut one; the other values fill fields that the page leaves open.
    """

    title: str | None = None
    published: Stamp | None = None
    drafted: Stamp | None = None
    index_number: str | None = None
    document_number: str | None = None
    publisher: str | None = None
    content_source: str | None = None
    validity: str | None = None
    subject: str | None = None
    body_html: str | None = None
    attachments: list[Attachment] = field(default_factory=list)


@dataclass(slots=True)
class Capture:
    """An archived response; `id` is its row in the database, None until that is written."""

    id: int | None = None


@dataclass(slots=True)
class FetchedDocument:
    """An attachment's bytes as fetched, or why they could not be had; text and tables once it was read."""

    attachment: Attachment
    raw: bytes | None = None
    failure: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    capture: Capture | None = None
    not_modified: bool = False
    media_type: str | None = None
    text: str = ""
    tables: list[Table] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    indicators: list[Indicator] = field(default_factory=list)

    @property
    def capture_id(self) -> int | None:
        """The row of its capture."""
        return self.capture.id if self.capture else None


@dataclass(slots=True)
class FetchedPage:
    """The item that a spider yields and that the steps fill: a detail page (or a document as report) of a source."""

    source_id: str
    column_id: int | None
    page_id: int | None
    url: str
    final_url: str
    raw: bytes
    fetched_at: datetime
    status: int = 200
    media_type: str | None = None
    charset: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    capture: Capture | None = None
    crawl_id: int | None = None
    hints: Hints = field(default_factory=Hints)
    platform: str | None = None
    zone: str = "Asia/Shanghai"
    backfill: bool = False
    documents_wanted: bool = True
    document: bool = False
    unchanged: bool = False
    """The host says, or the bytes say, that the page is as it was: only its files are looked at."""
    report: Report | None = None
    documents: list[FetchedDocument] = field(default_factory=list)

    @property
    def capture_id(self) -> int | None:
        """The row of its capture."""
        return self.capture.id if self.capture else None


def iso(value: Stamp | None) -> str | None:
    """A day as `2022-01-08`, a moment as `2022-01-08T18:30+08:00` (seconds only where there are any)."""
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds" if value.second else "minutes")
    return value.isoformat() if value else None


PLAIN: Final = frozenset({type(None), str, int, float, bool})


@cache
def _keys(kind: type) -> tuple[tuple[str, str], ...]:
    return tuple((f.name, f.name.rstrip("_")) for f in dataclasses.fields(kind))


def to_record(value: Any) -> Any:
    """Turns an item and its parts into plain JSON values; a trailing underscore of a name is dropped (`from_`)."""
    kind = type(value)
    if kind in PLAIN:
        return value
    if kind is list:
        return [v if type(v) in PLAIN else to_record(v) for v in value]
    if isinstance(value, date):
        return iso(value)
    if dataclasses.is_dataclass(kind):
        values = ((key, getattr(value, name)) for name, key in _keys(kind))
        return {key: v if type(v) in PLAIN else to_record(v) for key, v in values}
    return value
