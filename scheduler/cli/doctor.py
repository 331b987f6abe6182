"""`bureauwatch doctor`: looks at everything the program needs, and says how to mend what is not well."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from pipelines.errors import BureauwatchError
from pipelines.messages import say
from scheduler.cli.context import console, settings
from scheduler.cli.options import examples
from scheduler.cli.output import cell, make_table, show

if TYPE_CHECKING:
    from pipelines.config import Config

LOW_SPACE = 1 << 30
NO_SPACE = 100 << 20


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `note`: an extra that is not there, and need not be."""

    state: Literal["ok", "note", "warning", "failed"]
    what: str
    detail: str
    cure: str = ""


def register(app: typer.Typer) -> None:
    """Adds the command."""

    @app.command(
        help=say(
            "Look at database, archive, disk, sources, channels, clock and extras; say how to mend what is not well."
        )
        + examples("bureauwatch doctor", "bureauwatch doctor --online")
    )
    def doctor(
        online: Annotated[bool, typer.Option("--online", help=say("Ask the network for the time too."))] = False,
    ) -> None:
        findings = examine(settings(), online=online)
        made = make_table(
            None,
            ("", {"no_wrap": True}),
            (say("what"), {"no_wrap": True}),
            (say("finding"), {"ratio": 2}),
            (say("cure"), {"ratio": 2}),
        )
        marks = {"ok": "[green]✓[/]", "note": "[dim]–[/]", "warning": "[yellow]![/]", "failed": "[red]✗[/]"}
        for finding in findings:
            made.add_row(marks[finding.state], cell(finding.what), cell(finding.detail, 300), cell(finding.cure, 300))
        show(made)
        failed = sum(f.state == "failed" for f in findings)
        warned = sum(f.state == "warning" for f in findings)
        console().print(say("failures: {failed}, warnings: {warned}", failed=failed, warned=warned))
        raise typer.Exit(1 if failed else 0)


def examine(config: Config, *, online: bool = False) -> list[Finding]:
    """All findings; a check that breaks is a finding itself."""
    checks: list[Callable[[Config], Iterator[Finding]]] = [
        _python,
        _home,
        _database,
        _archive,
        _sources,
        _channels,
        _clock,
        _extras,
    ]
    if online:
        checks.append(_clock_online)
    found = []
    for check in checks:
        try:
            found += list(check(config))
        except BureauwatchError as error:
            if error.message not in {finding.detail for finding in found}:  # one illness is told once
                found.append(Finding("failed", _name(check), error.message, error.cure or ""))
        except Exception as error:  # noqa: BLE001 - a doctor does not die of the illness
            found.append(Finding("failed", _name(check), f"{type(error).__name__}: {error}"))
    return found


def _name(check: Callable[[Config], Iterator[Finding]]) -> str:
    return getattr(check, "__name__", "").strip("_")


def _python(_config: Config) -> Iterator[Finding]:
    from importlib.metadata import version

    yield Finding("ok", say("program"), f"bureauwatch {version('bureauwatch')}, Python {sys.version.split()[0]}")


def _home(config: Config) -> Iterator[Finding]:
    home = config.home
    place = home if home.exists() else next(p for p in home.absolute().parents if p.exists())
    if not os.access(place, os.W_OK):
        yield Finding(
            "failed",
            say("data folder"),
            say("{folder} cannot be written", folder=place),
            say("Set BUREAUWATCH_HOME to a folder that can be written"),
        )
        return
    yield Finding("ok", say("data folder"), str(home.absolute()))
    free = shutil.disk_usage(place).free
    size = say("{size} MB free", size=f"{free / 1e6:,.0f}")
    state: Literal["ok", "warning", "failed"] = "failed" if free < NO_SPACE else "warning" if free < LOW_SPACE else "ok"
    yield Finding(
        state,
        say("disk"),
        size,
        ""
        if state == "ok"
        else say("Free some space; the archive in {folder} grows with each crawl", folder=config.archive),
    )


def _database(config: Config) -> Iterator[Finding]:
    from sqlalchemy import func, select, text

    from pipelines.storage.models import CrawlRow, EventRow, ReportRow
    from pipelines.storage.session import open_database

    if config.database.startswith("sqlite") and not Path(config.database.removeprefix("sqlite:///")).exists():
        yield Finding("note", say("database"), say("none yet; the first command that needs it makes it"))
        return
    with open_database(config) as database, database.session() as session:
        yield Finding(
            "ok",
            say("database"),
            say("{address}, up to date", address=database.engine.url.render_as_string(hide_password=True)),
        )
        if database.dialect == "sqlite":
            said = str(session.scalar(text("PRAGMA quick_check(5)")))
            if said == "ok":
                yield Finding("ok", say("integrity"), say("no damage found"))
            else:
                yield Finding("failed", say("integrity"), said, say("Restore a backup: bureauwatch restore FILE"))
            mode = str(session.scalar(text("PRAGMA journal_mode")))
            if mode != "wal":
                yield Finding(
                    "warning",
                    say("journal"),
                    mode,
                    say("Put the database on a local disk: network folders cannot do WAL"),
                )
        counts = [session.scalar(select(func.count()).select_from(table)) for table in (ReportRow, EventRow, CrawlRow)]
        yield Finding(
            "ok",
            say("contents"),
            say(
                "{reports} reports, {events} events, {crawls} crawls",
                reports=counts[0],
                events=counts[1],
                crawls=counts[2],
            ),
        )


def _archive(config: Config) -> Iterator[Finding]:
    from sqlalchemy import select

    from pipelines.archive import Archive
    from pipelines.storage.models import CaptureRow
    from pipelines.storage.session import open_database

    if not config.archive.is_dir():
        yield Finding("note", say("archive"), say("empty"))
        return
    files = list(config.archive.rglob("*.warc.gz"))
    size = sum(f.stat().st_size for f in files)
    with open_database(config) as database, database.session() as session:
        newest = session.scalar(select(CaptureRow).order_by(CaptureRow.id.desc()).limit(1))
        wanted = set(session.scalars(select(CaptureRow.warc_file).distinct()))
    missing = sorted(name for name in wanted if not (config.archive / name).is_file())
    if missing:
        yield Finding(
            "failed",
            say("archive"),
            say("{count} files are missing, such as {name}", count=len(missing), name=missing[0]),
            say("Put them back from a backup; without them `reparse` and `--evidence` cannot read those pages"),
        )
        return
    if newest is not None:
        Archive(config.archive).read(newest.warc_file, newest.warc_offset)
    yield Finding(
        "ok",
        say("archive"),
        say("{count} files, {size} MB; the newest response can be read", count=len(files), size=f"{size / 1e6:,.1f}"),
    )


def _sources(config: Config) -> Iterator[Finding]:
    from crawler.sources.registry import load_sources, sources_folder

    registry = load_sources(sources_folder(config))
    active = sum(not source.paused for source in registry.sources.values())
    detail = say(
        "{count} sources, {active} active, in {folder}",
        count=len(registry.sources),
        active=active,
        folder=sources_folder(config),
    )
    if active:
        yield Finding("ok", say("sources"), detail)
    else:
        yield Finding(
            "warning",
            say("sources"),
            detail,
            say("Nothing is crawled by itself: take `paused` out of a file, or `bureauwatch sources add URL`"),
        )
    for error in registry.errors:
        yield Finding("failed", say("source file"), str(error), error.cure or "")
    if not config.contact and not config.user_agent:
        yield Finding(
            "warning",
            say("contact"),
            say("bureaus do not learn who asks"),
            say("Set BUREAUWATCH_CONTACT to a URL or mail address"),
        )


def _channels(config: Config) -> Iterator[Finding]:
    from sqlalchemy import func, select

    from pipelines.storage.models import DeliveryRow, SubscriptionRow
    from pipelines.storage.session import open_database
    from scheduler.alerts.channels import validate
    from scheduler.alerts.masking import mask

    if config.admin_to:
        validate(config.admin_to, config.private_networks)
    else:
        yield Finding(
            "note",
            say("admin route"),
            say("nobody is told when a source fails"),
            say("Set BUREAUWATCH_ADMIN_TO to a channel URL"),
        )
    if config.database.startswith("sqlite") and not Path(config.database.removeprefix("sqlite:///")).exists():
        return
    with open_database(config) as database, database.session() as session:
        rows = session.scalars(select(SubscriptionRow).where(SubscriptionRow.ended_at.is_(None))).all()
        states = {
            (number, state): count
            for number, state, count in session.execute(
                select(DeliveryRow.subscription_id, DeliveryRow.state, func.count()).group_by(
                    DeliveryRow.subscription_id, DeliveryRow.state
                )
            )
        }
        errors: dict[int, str | None] = {
            row[0]: row[1]
            for row in session.execute(
                select(DeliveryRow.subscription_id, DeliveryRow.last_error)
                .where(DeliveryRow.state.in_(("dead", "waiting")), DeliveryRow.last_error.is_not(None))
                .order_by(DeliveryRow.id)
            )
        }
    if not rows:
        yield Finding("note", say("subscriptions"), say("none"), say("bureauwatch subscribe --to URL"))
    for row in rows:
        name = say("subscription {id}", id=row.id)
        try:
            validate(row.to, config.private_networks)
        except BureauwatchError as error:
            yield Finding("failed", name, error.message, error.cure or "")
            continue
        dead = states.get((row.id, "dead"), 0)
        if dead:
            yield Finding(
                "warning",
                name,
                say(
                    "{to}: {count} alerts were given up: {error}", to=mask(row.to), count=dead, error=errors.get(row.id)
                ),
                say("Mend the channel (bureauwatch test-channel URL), then bureauwatch deliver --replay-dead"),
            )
        elif row.id in errors:
            yield Finding(
                "warning",
                name,
                say("{to} fails: {error}", to=mask(row.to), error=errors[row.id]),
                say("It is tried again by itself; bureauwatch test-channel URL tries it now"),
            )
        else:
            yield Finding(
                "ok", name, say("{to}: {count} alerts sent", to=mask(row.to), count=states.get((row.id, "sent"), 0))
            )


def _clock(config: Config) -> Iterator[Finding]:
    from datetime import UTC, datetime
    from zoneinfo import ZoneInfo

    from sqlalchemy import func, select

    from pipelines.storage.models import CrawlRow
    from pipelines.storage.session import open_database

    ZoneInfo("Asia/Shanghai")
    now = datetime.now(UTC)
    detail = f"{now:%Y-%m-%d %H:%M} UTC, {time.strftime('%Z')}"
    if config.now is not None:
        yield Finding(
            "warning",
            say("clock"),
            say("BUREAUWATCH_NOW makes it {now}", now=config.now.isoformat()),
            say("Unset it outside of replays and tests"),
        )
        return
    if not (config.database.startswith("sqlite") and not Path(config.database.removeprefix("sqlite:///")).exists()):
        with open_database(config) as database, database.session() as session:
            last = session.scalar(select(func.max(CrawlRow.started_at)))
        if last is not None and last > now:
            yield Finding(
                "failed",
                say("clock"),
                say("{detail}; the last crawl began later, at {last}", detail=detail, last=last.isoformat()),
                say("Set the machine's clock (NTP)"),
            )
            return
    yield Finding("ok", say("clock"), detail)


def _clock_online(config: Config) -> Iterator[Finding]:
    from datetime import UTC, datetime
    from email.utils import parsedate_to_datetime

    import requests

    from scheduler.alerts.transport import exchange

    try:
        with exchange(config.private_networks, deadline=15) as current, requests.Session() as session:
            session.head("https://www.gov.cn/")
    except requests.RequestException:
        yield Finding(
            "failed",
            say("clock and network"),
            say("no web server can be reached"),
            say("Check the network, the proxy and the firewall"),
        )
        return
    date = {k.lower(): v for k, v in current.answers[-1].headers.items()}.get("date", "")
    off = abs((parsedate_to_datetime(date) - datetime.now(UTC)).total_seconds())
    state: Literal["ok", "failed"] = "failed" if off > 120 else "ok"
    yield Finding(
        state,
        say("clock and network"),
        say("{seconds} seconds from a web server's time", seconds=f"{off:.0f}"),
        say("Set the machine's clock (NTP)") if off > 120 else "",
    )


EXTRAS = (
    ("postgres", "psycopg", "pip install 'bureauwatch[postgres]'"),
    ("cluster", "procrastinate", "pip install 'bureauwatch[cluster]'"),
    ("browser", "scrapy_playwright", "pip install 'bureauwatch[browser]'"),
    ("ocr", "pytesseract", "pip install 'bureauwatch[ocr]'"),
)


def _extras(config: Config) -> Iterator[Finding]:
    for name, module, cure in EXTRAS:
        there = importlib.util.find_spec(module) is not None
        needed = (name == "postgres" and config.database.startswith("postgres")) or (
            name == "cluster" and config.executor == "cluster"
        )
        state: Literal["ok", "note", "failed"] = "ok" if there else "failed" if needed else "note"
        yield Finding(
            state,
            say("extra [{name}]", name=name),
            say("installed") if there else say("not installed"),
            "" if there else cure,
        )
    chromium = next((p for n in ("chromium", "chromium-browser", "google-chrome") if (p := shutil.which(n))), None)
    yield Finding(
        "ok" if chromium else "note",
        "chromium",
        chromium or say("not found: sources with render: true fail"),
        "" if chromium else "apt install chromium",
    )
    tesseract = shutil.which("tesseract")
    yield Finding(
        "ok" if tesseract else "note",
        "tesseract",
        tesseract or say("not found: scanned PDFs are not read"),
        "" if tesseract else "apt install tesseract-ocr tesseract-ocr-chi-sim",
    )
