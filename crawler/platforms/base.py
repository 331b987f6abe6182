"""What a platform (CMS family) is to the crawler, and the words they share: page, entry, listing, page request."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar, Protocol

from selectolax.lexbor import LexborHTMLParser

from pipelines.extraction import parsing
from pipelines.items import Hints


@dataclass(frozen=True, slots=True)
class PageRequest:
    """One page of a listing to fetch. `number` counts from 1; `state` is plain JSON that the platform needs again."""

    url: str
    number: int = 1
    method: str = "GET"
    body: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    state: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Page:
    """A fetched response as platforms see it: bytes, and lazily its text and tree."""

    url: str
    raw: bytes
    status: int = 200
    media_type: str | None = None
    charset: str | None = None
    headers: dict[str, str] = field(default_factory=dict)

    @cached_property
    def text(self) -> str:
        """The decoded text."""
        return parsing.decode(self.raw, self.charset).text

    @cached_property
    def tree(self) -> LexborHTMLParser:
        """The repaired HTML tree."""
        bounded = parsing.bounded(self.text)
        self.__dict__["_cut"] = bounded.cut
        return LexborHTMLParser(bounded.text)

    @property
    def cut(self) -> bool:
        """Whether the page was so long that its tree is without its end."""
        return bool(self.__dict__.get("_cut"))


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a listing. `hints` carries what the row says of the report (whole title, date, numbers)."""

    url: str
    hints: Hints = field(default_factory=Hints)
    pinned: bool = False
    document: bool = False
    """The row links straight to a file (pdf, xls …)."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What one page of a listing yields; `next` is None on the last one."""

    entries: list[Entry]
    next: PageRequest | None = None
    total_pages: int | None = None
    total_entries: int | None = None
    platform: str = "generic"
    declared_empty: bool = False
    """The page itself says that there is nothing (`暂无信息`), which is no failure."""
    confidence: float = 1.0
    notes: list[str] = field(default_factory=list)
    """What a user should know of the page: a pager that only a script can follow, a list that ended early."""


@dataclass(frozen=True, slots=True)
class Detection:
    """A platform's name with how sure the fingerprint is (0 to 1), and why."""

    platform: str
    confidence: float
    evidence: str = ""


class Platform(Protocol):
    """One CMS family. Pure: pages in, listings and requests out; the crawler fetches."""

    name: ClassVar[str]

    def recognise(self, page: Page) -> Detection:
        """How surely the page is a listing of this family."""

    def first(self, column_url: str, page: Page | None = None) -> PageRequest:
        """The request of the first listing page; may need the column's page (tokens, ids) that was fetched."""

    def read(self, page: Page, request: PageRequest) -> Listing:
        """Entries and the next request.

        Raises:
            ListingError: the page is no listing of this family, or is an error answer.
        """
