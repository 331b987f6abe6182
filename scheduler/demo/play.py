"""The demo: the whole job on the sample bureaus, by real HTTP, with the clock of four days in January 2023.

Nothing here is a short cut: the crawls are the subprocesses that the service runs, the alerts go through the outbox to
a web server, and what is printed is read from the database that stays behind.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections import Counter
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path

import yaml
from rich.console import Console
from rich.padding import Padding
from rich.rule import Rule

from pipelines.config import Config, load_config
from pipelines.errors import StorageError
from pipelines.messages import language, say
from pipelines.storage import outbox
from pipelines.storage.session import Database, open_database
from scheduler.alerts.outbox import DeliverySummary, deliver_due
from scheduler.cli.crawl import run_with_progress
from scheduler.demo import tables
from scheduler.demo.bureaus import BureauServer, day, sample_bureaus, second_act
from scheduler.demo.sink import AlertSink
from scheduler.executors.local import CrawlRequest, CrawlResult

MARKER = ".bureauwatch-demo"
FIRST_VISIT = day("2023-01-19 09:00")
SECOND_VISIT = FIRST_VISIT + timedelta(hours=3)
AFTER_THE_CHANGES = day("2023-01-20 12:00")
CONFIRMATION = AFTER_THE_CHANGES + timedelta(hours=25)
WATCHED = (
    "report.new", "report.revised", "report.withdrawn", "report.restored", "attachment.changed", "report.tampered",
    "indicator.restated", "source.failing", "source.changed",
)  # fmt: skip


class Play:
    """One performance in a folder of its own."""

    def __init__(self, home: Path, screen: Console) -> None:
        self.home, self.screen = home, screen
        self.began = time.monotonic()
        self.step = 0

    def run(self) -> bool:
        """Plays all acts; whether everything went as it should."""
        prepare(self.home)
        bureaus = sample_bureaus()
        with ExitStack() as stack:
            servers = [stack.enter_context(BureauServer(bureau)) for bureau in bureaus]
            sink = stack.enter_context(AlertSink())
            stack.enter_context(_environment(self.home))
            config = load_config()
            self._write_sources(servers)
            database = stack.enter_context(open_database(config))
            self._introduce(servers)
            self._subscribe(database, sink)
            good = self._crawl(config, database, FIRST_VISIT, say("First crawl: everything the bureaus ever published"))
            self._show_found(database)
            good &= self._unchanged(config, database, servers)
            good &= self._changes(config, database, bureaus, sink)
        self._pause_sources()
        self._goodbye()
        return good and {a.event.get("type") for a in sink.arrived} >= {
            "report.new",
            "report.revised",
            "report.withdrawn",
        }

    def _title(self, text: str) -> None:
        self.step += 1
        self.screen.print()
        self.screen.print(Rule(f"[bold]{self.step}. {text}[/]", align="left", style="cyan"))

    def _say(self, text: str) -> None:
        self.screen.print(Padding(text, (0, 2)))

    def _write_sources(self, servers: list[BureauServer]) -> None:
        folder = self.home / "sources"
        folder.mkdir()
        for server in servers:
            text = yaml.safe_dump(server.source(), allow_unicode=True, sort_keys=False)
            (folder / f"{server.bureau.id}.yaml").write_text(text, encoding="utf-8")

    def _pause_sources(self) -> None:
        """The bureaus end with the demo: whoever serves its folder must not crawl them."""
        for path in (self.home / "sources").glob("*.yaml"):
            data = yaml.safe_load(path.read_text(encoding="utf-8")) | {"paused": say("the demo is over")}
            path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")

    def _introduce(self, servers: list[BureauServer]) -> None:
        self._title(say("Four bureaus of invented cities, served on this machine"))
        self.screen.print(tables.bureaus(servers))
        self._say(say("A source needs no code; this is the file of the first one:"))
        text = (self.home / "sources" / f"{servers[0].bureau.id}.yaml").read_text(encoding="utf-8")
        self.screen.print(Padding(text.rstrip(), (0, 4)), style="green", markup=False)

    def _subscribe(self, database: Database, sink: AlertSink) -> None:
        with database.transaction() as session:
            outbox.subscribe(session, FIRST_VISIT, to=sink.url, types=WATCHED, language=language())
        self._say(say("Somebody subscribed: alerts go to {url}", url=sink.url))

    def _crawl(self, config: Config, database: Database, now: datetime, title: str, *, full: bool = False) -> bool:
        self._title(title)
        results, summary = self._visit(config, database, now, full)
        self.screen.print(tables.crawls(results))
        if summary.sent:
            self._say(say("alerts delivered: {count}", count=summary.sent))
        return all(result.outcome == "ok" for result in results)

    def _visit(
        self, config: Config, database: Database, now: datetime, full: bool
    ) -> tuple[list[CrawlResult], DeliverySummary]:
        """All sources once, with the clock at `now`, then the alerts that are due."""
        ids = sorted(path.stem for path in (self.home / "sources").glob("*.yaml"))
        requests = [CrawlRequest(source_id, full=full) for source_id in ids]
        environment = {"BUREAUWATCH_NOW": now.isoformat()}
        results = run_with_progress(requests, config.concurrency, environment, plain=False)
        return results, deliver_due(database, config, now + timedelta(minutes=5))

    def _show_found(self, database: Database) -> None:
        self._title(say("What was read: fields, text, files, and every figure with its comparison and proof"))
        with database.session() as session:
            self.screen.print(tables.reports(session))
            report = tables.richest_report(session)
            if report is not None:
                self._say(say("Figures of report {id}, “{title}”:", id=report.id, title=report.title))
                self.screen.print(tables.figures(session, report.id))
        self._say(say("A first crawl is a backfill: its reports are recorded and nobody is woken for them."))

    def _unchanged(self, config: Config, database: Database, servers: list[BureauServer]) -> bool:
        for server in servers:
            server.forget()
        good = self._crawl(config, database, SECOND_VISIT, say("Second crawl, nothing changed: what it costs"))
        asked = Counter(
            "conditional" if entry.conditional else "plain"
            for server in servers
            for entry in server.requests()
            if entry.path != "/robots.txt"
        )
        unchanged = sum(entry.status == 304 for server in servers for entry in server.requests())
        self._say(
            say(
                "{count} requests to four bureaus, {conditional} conditional, {unchanged} answered “not modified”.",
                count=asked.total(),
                conditional=asked["conditional"],
                unchanged=unchanged,
            )
        )
        return good

    def _changes(self, config: Config, database: Database, bureaus: list, sink: AlertSink) -> bool:  # type: ignore[type-arg]
        self._title(say("A day later the bureaus publish, correct, swap a file and withdraw"))
        for line in second_act(bureaus):
            self._say(f"• {line}")
        good = self._crawl(
            config,
            database,
            AFTER_THE_CHANGES,
            say("Third crawl, with --full: old reports are read again too"),
            full=True,
        )
        self._say(
            say("By itself the program reads a report again within hours while it is young, then ever more rarely.")
        )
        self._arrivals(sink, 0)
        seen = len(sink.arrived)
        good &= self._crawl(
            config, database, CONFIRMATION, say("A day later again: a report stays gone, so it is taken as withdrawn")
        )
        self._arrivals(sink, seen)
        self._title(say("What changed in the corrected report (bureauwatch diff)"))
        with database.session() as session:
            tables.print_change(self.screen, session)
        self._title(say("All events (bureauwatch events)"))
        with database.session() as session:
            self.screen.print(tables.events(session))
        return good

    def _arrivals(self, sink: AlertSink, first: int) -> None:
        if sink.arrived[first:]:
            self._say(f"[bold]{say('Alerts that arrived at the subscriber:')}[/]")
            self.screen.print(tables.alerts(sink.arrived[first:]))

    def _goodbye(self) -> None:
        self._title(say("Your turn"))
        seconds = f"{time.monotonic() - self.began:.0f}"
        self._say(
            say(
                "All of this took {seconds} seconds and is kept in {home}. Look around:",
                seconds=seconds,
                home=self.home,
            )
        )
        program = "bureauwatch" if shutil.which("bureauwatch") else sys.argv[0]  # nothing is activated
        set_home = f"export BUREAUWATCH_HOME={self.home} BUREAUWATCH_SOURCES={self.home}/sources"
        for command in (
            set_home,
            f"{program} reports --query 事故",
            f"{program} series 死亡人数",
            f"{program} indicators -o figures.xlsx",
            f"{program} serve        # http://127.0.0.1:8000",
        ):
            self.screen.print(Padding(command, (0, 4)), style="green", markup=False, soft_wrap=True)
        self._say(say("Then watch a real bureau:"))
        for command in (
            "unset BUREAUWATCH_HOME; export BUREAUWATCH_SOURCES=sources BUREAUWATCH_CONTACT=you@example.org",
            f"{program} sources add URL-OF-A-COLUMN",
            f"{program} crawl --all",
            f"{program} subscribe --to 'mailto://user:password@example.org?to=you@example.org'",
        ):
            self.screen.print(Padding(command, (0, 4)), style="green", markup=False, soft_wrap=True)


def prepare(home: Path) -> None:
    """An empty folder; one that an earlier demo left is emptied, any other is left alone.

    Raises:
        StorageError: there is something else in the folder.
    """
    if home.exists() and any(home.iterdir()):
        if not (home / MARKER).is_file():
            raise StorageError(
                say("{folder} is not empty and was not made by the demo", folder=home),
                cure=say("Choose another one with --home"),
            )
        shutil.rmtree(home)
    home.mkdir(parents=True, exist_ok=True)
    (home / MARKER).write_text("Made by `bureauwatch demo`; the next demo replaces this folder.\n", encoding="utf-8")


class _environment:  # noqa: N801 - used like a function
    """The demo's settings for this process and the crawls; what was there before comes back afterwards."""

    def __init__(self, home: Path) -> None:
        self.settings = {
            "BUREAUWATCH_HOME": str(home),
            "BUREAUWATCH_SOURCES": str(home / "sources"),
            "BUREAUWATCH_PRIVATE_NETWORKS": "127.0.0.0/8",
            "BUREAUWATCH_WITHDRAWAL_CHECKS": "2",
            "BUREAUWATCH_LANGUAGE": language(),
        }

    def __enter__(self) -> None:
        self.before = {k: v for k, v in os.environ.items() if k.startswith("BUREAUWATCH_")}
        for name in self.before:
            del os.environ[name]
        os.environ.update(self.settings)

    def __exit__(self, *_: object) -> None:
        for name in [n for n in os.environ if n.startswith("BUREAUWATCH_")]:
            del os.environ[name]
        os.environ.update(self.before)
