"""The typed model of a source: one YAML file per bureau, three keys are enough."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator
from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from crawler.sources.crontab import check_crontab
from pipelines.errors import UnknownNameError
from pipelines.messages import say

DURATION = re.compile(r"(\d{1,6})\s*(s|m|h|d|w)")
UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def parse_duration(text: str) -> timedelta:
    """`30m`, `6h`, `1d` … as a time span.

    Raises:
        ValueError: any other text, or nothing at all.
    """
    match = DURATION.fullmatch(text.strip())
    if not match or match[1].strip("0") == "":
        raise ValueError(say("expected a number and a unit: 30m, 6h, 1d (s, m, h, d or w)"))
    return timedelta(**{UNITS[match[2]]: int(match[1])})


def _web_url(value: str) -> str:
    try:
        parts = urlsplit(value)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        usable = False
    if not usable or any(c.isspace() for c in value):
        raise ValueError(say("expected a web address that starts with http:// or https://"))
    return value


def _clock_time(value: str) -> str:
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d|24:00", value):
        raise ValueError(say("expected a time of day such as 08:30, in quotes"))
    return value


def _days(value: str) -> str:
    for part in value.lower().replace(" ", "").split(","):
        if part not in ("workday", "holiday", "daily") and not all(end in DAYS for end in part.split("-", 1)):
            raise ValueError(say("expected days such as mon-fri or sat,sun, or workday, holiday, daily"))
    return value.lower().replace(" ", "")


def _selector(value: str) -> str:
    try:
        LexborHTMLParser("<p>").css_first(value)
    except SelectolaxError:
        raise ValueError(say("expected a CSS selector, found {found}", found=repr(value)[:60])) from None
    return value


def _platform(value: str) -> str:
    from crawler import platforms  # loaded only where a file names one

    try:
        platforms.get(value)
    except UnknownNameError as error:
        raise ValueError(str(error)) from None
    return value


Css = Annotated[str, AfterValidator(_selector)]
Crontab = Annotated[str, AfterValidator(check_crontab)]
PlatformName = Annotated[str, AfterValidator(_platform)]
WebUrl = Annotated[str, AfterValidator(_web_url)]
ClockTime = Annotated[str, AfterValidator(_clock_time)]
Duration = Annotated[str, AfterValidator(lambda v: (parse_duration(v), v)[1])]


Share = Annotated[float, Field(ge=0, le=1)]
StatedField = Literal[
    "title", "published", "drafted", "effective", "index_number", "document_number", "publisher", "content_source",
    "author", "signer", "signed", "validity", "subject", "keywords", "body", "attachments", "indicators",
]  # fmt: skip


class Strict(BaseModel):
    """Unknown keys and wrong types are errors."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Window(Strict):
    """When crawls may run, in the source's zone; `to` before `from` runs over midnight into the next day."""

    days: Annotated[str, AfterValidator(_days)] = "daily"
    from_: ClockTime = Field(alias="from")
    to: ClockTime


class Schedule(Strict):
    """A fixed rhythm; without one the planner follows what the column does."""

    every: Duration | None = None
    cron: Crontab | None = None
    windows: list[Window] = Field(default_factory=list)
    jitter: Duration | None = None

    @model_validator(mode="after")
    def _one_rhythm(self) -> Schedule:
        if self.every and self.cron:
            raise ValueError(say("give either every or cron, not both"))
        return self


class Selectors(Strict):
    """CSS selectors for a list that no platform and no list finder reads; rarely needed."""

    entry: Css
    link: Css | None = None
    title: Css | None = None
    date: Css | None = None
    next: Css | None = None


class Column(Strict):
    """One list of publications: a list page, feed, sitemap or JSON list."""

    url: WebUrl
    name: str | None = None
    platform: PlatformName | None = None
    selectors: Selectors | None = None
    keywords: list[str] = Field(default_factory=list)
    """Only entries whose title has one of these words."""
    max_pages: int | None = Field(default=None, ge=1, le=10_000)


class Politeness(Strict):
    """Seconds between requests to the host, requests at the same time, and seconds that a whole answer may take."""

    delay: float = Field(default=2.0, ge=0, le=600)
    concurrency: int = Field(default=1, ge=1, le=16)
    timeout: float = Field(default=30.0, gt=0, le=600)


class Expect(Strict):
    """What healthy looks like; `sources check` suggests values."""

    max_days_silent: int | None = Field(default=None, ge=1)
    min_entries: int | None = Field(default=None, ge=1)
    fill_rate: dict[StatedField, Share] = Field(default_factory=dict)
    """Least share of new reports that state a field; one number is asked of title and published."""

    @field_validator("fill_rate", mode="before", json_schema_input_type=Share | dict[StatedField, Share])
    @classmethod
    def _of_title_and_date(cls, value: object) -> object:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return dict.fromkeys(("title", "published"), float(value))
        return value


class Source(Strict):
    """One bureau."""

    id: str = Field(pattern=r"^[a-z0-9]([a-z0-9_-]{0,62}[a-z0-9])?$")
    name: str = Field(min_length=1, max_length=200)
    columns: list[Column] = Field(min_length=1)
    jurisdiction: str | None = Field(default=None, pattern=r"^\d{6}$", description="adcode of GB/T 2260")
    timezone: str = "Asia/Shanghai"
    languages: list[str] = Field(default_factory=list)
    schedule: Schedule = Field(default_factory=Schedule)
    paused: str | None = Field(default=None, min_length=1, description="why it is not crawled by itself")
    start_date: date | None = None
    documents: bool = True
    render: bool = False
    tls: Literal["default", "legacy"] = "default"
    proxy: WebUrl | None = None
    headers: dict[str, str] = Field(default_factory=dict)
    politeness: Politeness = Field(default_factory=Politeness)
    expect: Expect = Field(default_factory=Expect)
    contact: str | None = None

    @field_validator("timezone")
    @classmethod
    def _zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError(say("expected an IANA time zone such as Asia/Shanghai")) from None
        return value

    @field_validator("start_date", mode="before")
    @classmethod
    def _day(cls, value: object) -> object:
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, str):
            try:
                return date.fromisoformat(value)
            except ValueError:
                raise ValueError(say("expected a date such as 2021-01-31")) from None
        return value

    @field_validator("jurisdiction", mode="before")
    @classmethod
    def _adcode(cls, value: object) -> object:
        return str(value) if isinstance(value, int) and not isinstance(value, bool) else value

    @field_validator("columns")
    @classmethod
    def _once(cls, value: list[Column]) -> list[Column]:
        urls = [column.url for column in value]
        twice = next((url for url in urls if urls.count(url) > 1), None)
        if twice:
            raise ValueError(say("the column {url} stands twice", url=twice))
        return value

    @field_validator("headers")
    @classmethod
    def _header_lines(cls, value: dict[str, str]) -> dict[str, str]:
        for name, text in value.items():
            if not re.fullmatch(r"[A-Za-z0-9-]{1,60}", name) or any(c in text for c in "\r\n\0"):
                raise ValueError(say("expected a header name and one line of text, found {name}", name=name[:60]))
        return value

    @property
    def zone(self) -> ZoneInfo:
        """The bureau's time zone."""
        return ZoneInfo(self.timezone)
