"""What every command starts from: settings, the clock, the database, the terminal, dates as people type them."""

from __future__ import annotations

import contextlib
import re
import time
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

import typer

from pipelines.messages import say

if TYPE_CHECKING:
    from rich.console import Console
    from sqlalchemy.orm import Session

    from crawler.fetching import Fetcher
    from crawler.sources.model import Source
    from crawler.sources.registry import Registry
    from pipelines.config import Config
    from pipelines.storage.session import Database


@cache
def settings() -> Config:
    """The settings, read once a run."""
    from pipelines.config import load_config

    return load_config()


@contextlib.contextmanager
def database() -> Iterator[Database]:
    """The database, brought to this program's version; closed at the end."""
    from pipelines.storage.session import open_database

    db = open_database(settings())
    try:
        yield db
    finally:
        db.close()


@cache
def now() -> datetime:
    """The moment this command works with: BUREAUWATCH_NOW, or the clock when it started."""
    return settings().clock()


_STARTED = time.monotonic()


def later() -> datetime:
    """The moment after what this command has done: with BUREAUWATCH_NOW, that time and what has passed since.

    Crawls count on from it too, so what they raised is due by then.
    """
    config = settings()
    return config.clock() + timedelta(seconds=time.monotonic() - _STARTED) if config.now else config.clock()


@cache
def console(*, stderr: bool = False) -> Console:
    """The terminal; without one, lines of 120 characters and no colour."""
    from rich.console import Console

    screen = Console(stderr=stderr, highlight=False, soft_wrap=False)
    return screen if screen.is_terminal else Console(stderr=stderr, highlight=False, width=120)


def registry() -> Registry:
    """The sources; files that cannot be read are named on stderr and the others used."""
    from crawler.sources.registry import load_sources, sources_folder

    found = load_sources(sources_folder(settings()))
    for error in found.errors:
        warn(str(error))
    return found


def check_sources(session: Session, names: Sequence[str] | None) -> None:
    """Refuses a source that is neither defined nor has data: a slip of the pen must not read as "nothing found".

    Raises:
        UnknownNameError: names the nearest one.
    """
    from pipelines.storage.models import SourceRow

    for name in names or ():
        if session.get(SourceRow, name) is None:
            registry().get(name)


def check_report(session: Session, number: int | None) -> None:
    """Refuses a report that is not there.

    Raises:
        UnknownNameError: there is none of that number.
    """
    from scheduler.browse import find_report

    if number is not None:
        find_report(session, str(number))


@contextlib.contextmanager
def fetcher(*, delay: float = 1.0, source: Source | None = None) -> Iterator[Fetcher]:
    """What gets single pages that the user names: politely, and never from a private address unless allowed.

    A source's file says how its hosts are asked (old TLS, proxy, headers, browser).
    """
    from crawler.fetching import Fetcher

    made = Fetcher(user_agent(), settings().private_networks, delay=delay, source=source)
    try:
        yield made
    finally:
        made.session.close()


def user_agent() -> str:
    """Who asks."""
    from importlib.metadata import version

    config = settings()
    return config.user_agent or f"bureauwatch/{version('bureauwatch')}" + (
        f" (+{config.contact})" if config.contact else ""
    )


def warn(text: str) -> None:
    """One line on stderr."""
    typer.echo(say("warning: {text}", text=text), err=True)


def parse_moment(text: str | None) -> datetime | None:
    """A day (its start on this machine's clock), an ISO moment, or a span back from now such as `7d` or `12h`."""
    if text is None:
        return None
    text = unicodedata.normalize("NFKC", text).strip()
    from crawler.sources.model import parse_duration

    with contextlib.suppress(ValueError):
        return now() - parse_duration(text)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(
            say("{text} is no date; write 2026-01-31, 2026-01-31T08:00+08:00, or 7d for the last seven days", text=text)
        ) from None
    return moment if moment.tzinfo else moment.astimezone()


def parse_day(text: str | None) -> date | None:
    """A calendar day; `7d` counts back from now."""
    moment = parse_moment(text)
    return moment.date() if moment else None


def parse_end(text: str | None) -> datetime | None:
    """The end of a range: a bare day includes that whole day."""
    moment = parse_moment(text)
    if moment and text and re.fullmatch(r"\d{4}-?\d\d-?\d\d", text.strip()):
        return moment + timedelta(days=1)
    return moment
