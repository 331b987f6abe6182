"""A sample bureau: what it has published, how it edits and withdraws, and the faults that it can be asked to show."""

# ruff: noqa: E501 - markup is read more easily unbroken
from __future__ import annotations

import dataclasses
import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any, Literal, Protocol

CHINA = timezone(timedelta(hours=8))
Withdrawal = Literal["404", "410", "soft", "home"]


@dataclass(frozen=True)
class File:
    """An attachment: what it is called, and its bytes."""

    name: str
    raw: bytes
    media_type: str


@dataclass(frozen=True)
class SampleReport:
    """One publication of a sample bureau. `body` is a list of paragraphs; a list of lists in it is a table."""

    id: str
    title: str
    published: datetime
    body: tuple[str | tuple[tuple[str, ...], ...], ...]
    index_number: str | None = None
    document_number: str | None = None
    drafted: datetime | None = None
    publisher: str | None = None
    content_source: str | None = None
    signer: str | None = None
    subject: str | None = None
    validity: str | None = None
    pinned: bool = False
    files: tuple[File, ...] = ()
    columns: tuple[str, ...] = ("main",)
    link: str | None = None
    """The row leads straight to this file's name, or to this other site, instead of to a page."""


@dataclass
class Noise:
    """What makes pages differ without anything having happened, and what goes wrong; all off by default."""

    counters: bool = False
    """A visit counter and the time of day in every page."""
    ads: bool = False
    related: bool = False
    shuffled: bool = False
    """Rows of a listing in another order at each request."""
    session_ids: bool = False
    """`;jsessionid=` in the links of listings, another one at each request."""
    theme: int = 0
    """Another number is another template: other markup and classes, the same content."""
    soft_404: bool = False
    """Pages that do not exist answer 200 with 页面不存在."""
    challenge: str | None = None
    """Every page is a challenge: `jsl` (521), `412`, `200` or `cookie`."""
    outage: int | None = None
    """Every page answers this status."""
    retry_after: str | None = None
    empty_listing: bool = False
    truncated: bool = False
    """Bodies end in the middle, with the whole length announced."""
    hijacked: str | None = None
    """Added to the `<title>` of every page."""
    hidden_links: bool = False
    delay: float = 0.0
    no_validators: bool = False
    lies_about_pages: int = 0
    """The pager claims so many pages more than there are."""
    neighbours: bool = False
    """上一篇 and 下一篇 below each text: they change with every publication."""
    furniture: bool = False
    """Editor, counter, share and print lines inside the text's own box."""
    disclaimer: str | None = None
    """A line that all pages carry at the end of the text's box."""
    notice: str | None = None
    """A line on top and in the footer of all pages."""
    unlabelled: bool = False
    """The template shows no table of the catalogue's fields."""
    states_all: bool = False
    """The template states a validity and a subject for every report."""
    other_links: tuple[str, frozenset[str]] = ("", frozenset())
    """Rows of these reports lead to the same page by another root (scheme) and with a tracking parameter."""
    maintenance: bool = False
    """Every page says with status 200 that the site is being maintained."""
    refused: bool = False
    """Connections are closed without an answer."""
    sent_to_login: bool = False
    """Every page leads to a login page."""
    details: str | None = None
    """Listings are well, every report's page is not: a status, `soft` or `home`."""
    shrunk: int | None = None
    """A listing shows so many rows and no further pages."""


class Family(Protocol):
    """How a CMS lays out a site: the addresses and pages of a bureau."""

    name: str

    def column_path(self, bureau: Bureau, column: str) -> str:
        """Path of a column's first page."""

    def report_path(self, bureau: Bureau, report: SampleReport) -> str:
        """Path of a report's page."""

    def respond(self, bureau: Bureau, request: Request) -> Answer | None:
        """The answer to a request that is no report, file or robots.txt."""


@dataclass(frozen=True)
class Request:
    """A request as families see it."""

    method: str
    path: str
    query: dict[str, list[str]]
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def number(self, *names: str, default: int = 1) -> int:
        """A whole number from the query."""
        for name in names:
            if self.query.get(name) and self.query[name][0].lstrip("-").isdigit():
                return int(self.query[name][0])
        return default


@dataclass(frozen=True)
class Answer:
    """What is sent back; text is encoded in the bureau's encoding."""

    body: str | bytes
    media_type: str = "text/html"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    charset: str | None = None
    modified: datetime | None = None


@dataclass
class Bureau:
    """A bureau with its reports; `publish`, `edit`, `withdraw` change what its site shows from the next request on."""

    id: str
    name: str
    family: Family
    encoding: str = "utf-8"
    page_size: int = 10
    column_names: dict[str, str] = field(default_factory=lambda: {"main": "工作总结"})
    site_code: str = "5399990001"
    robots: str = "User-agent: *\nAllow: /\n"
    announce_charset: bool = True
    noise: Noise = field(default_factory=Noise)
    timezone: str | None = None
    """In the source file, where it is not China's."""
    generation: int = 0
    """Raised by `redesign(new_addresses=True)`: reports move to new addresses."""

    def __post_init__(self) -> None:
        self.reports: dict[str, SampleReport] = {}
        self.gone: dict[str, Withdrawal] = {}
        self.changed: dict[str, datetime] = {}
        self.flips: dict[str, tuple[str, int]] = {}
        self.spammed: dict[str, str] = {}
        self.random = random.Random(7)  # noqa: S311 - noise, no secret

    def publish(self, *reports: SampleReport) -> None:
        """Adds reports; one with a known id replaces it."""
        for report in reports:
            self.reports[report.id] = report
            self.gone.pop(report.id, None)
            self.changed[report.id] = report.published

    def edit(self, id: str, *, at: datetime | None = None, **changes: Any) -> SampleReport:
        """Changes fields of a report (`title`, `body`, `files` …); `replace=("old", "new")` changes words of its body."""
        report = self.reports[id]
        if words := changes.pop("replace", None):
            old, new = words
            changes["body"] = tuple(p.replace(old, new) if isinstance(p, str) else p for p in report.body)
        report = self.reports[id] = dataclasses.replace(report, **changes)
        self.changed[id] = at or max(self.changed[id], report.published) + timedelta(hours=1)
        return report

    def withdraw(self, id: str, how: Withdrawal = "404") -> None:
        """Takes a report off the listings; its page then answers 404, 410, a soft 404, or the home page."""
        self.gone[id] = how

    def restore(self, id: str) -> None:
        """Puts a withdrawn report back."""
        self.gone.pop(id, None)

    def replace_attachment(self, id: str, name: str, raw: bytes, *, at: datetime | None = None) -> None:
        """Swaps a file's bytes under the same address."""
        files = tuple(dataclasses.replace(f, raw=raw) if f.name == name else f for f in self.reports[id].files)
        self.edit(id, at=at, files=files)

    def flip(self, id: str, other: str) -> None:
        """Makes a report's first paragraph alternate with another text at each request (A-B-A)."""
        self.flips[id] = (other, 0)

    def spam(self, id: str, words: str) -> None:
        """Strangers add words to the `<title>` of one report's page; no words: it is cleaned."""
        self.spammed[id] = words

    def redesign(self, *, new_addresses: bool = False) -> None:
        """Another template; with `new_addresses` the reports' pages move too and the old ones are gone."""
        self.noise.theme += 1
        self.generation += int(new_addresses)

    def shown(self, column: str = "main") -> list[SampleReport]:
        """A column's reports as its listing orders them: pinned first, then the newest."""
        if self.noise.empty_listing:
            return []
        reports = [r for r in self.reports.values() if r.id not in self.gone and column in r.columns]
        reports.sort(key=lambda r: (r.pinned, r.published, r.id), reverse=True)
        if self.noise.shuffled:
            self.random.shuffle(reports)
        return reports[: self.noise.shrunk]

    def page(self, column: str, number: int) -> list[SampleReport]:
        """The rows of a listing's page, counted from 1."""
        return self.shown(column)[(number - 1) * self.page_size : number * self.page_size]

    def pages(self, column: str = "main") -> int:
        """How many pages a listing has."""
        return max(1, -(-len(self.shown(column)) // self.page_size)) + self.noise.lies_about_pages

    def file_path(self, report: SampleReport, file: File) -> str:
        """Path of an attachment."""
        return f"/files/{report.id}/{file.name}"

    def newest_change(self, reports: Iterable[SampleReport]) -> datetime | None:
        """When any of the reports last changed."""
        return max((self.changed[r.id] for r in reports), default=None)


def day(text: str) -> datetime:
    """`2022-01-08` or `2022-01-08 18:30` as a moment in China."""
    form = "%Y-%m-%d %H:%M" if " " in text else "%Y-%m-%d"
    return datetime.strptime(text, form).replace(tzinfo=CHINA)
