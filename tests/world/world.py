"""A world of sample bureaus that plays months: what happens is known, so every event can be held against the truth.

Each step of half a day reports live (`acts`: published, edited, withdrawn, copied, hijacked …) while noise goes on
(`noises`: counters, templates, sessions in links, outages, challenges, shrunken lists …), the clock is set back, and
newer versions of the program read everything anew. The crawler sees the bureaus only over HTTP. `ledger` counts per
event type what was expected, raised, missed and false.
"""

from __future__ import annotations

import dataclasses
import random
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select

from pipelines.config import Config
from pipelines.storage.models import EventRow, PlaceRow, ReportRow
from pipelines.storage.session import Database, open_database
from scheduler.demo.bureaus.families import FeedSite, TableSite, TrsSite, UcapSite
from scheduler.demo.bureaus.model import CHINA, Bureau, SampleReport
from scheduler.demo.bureaus.server import BureauServer
from tests.bureaus.data import Gkmlpt
from tests.bureaus.hanweb import Jpaas
from tests.bureaus.static import Vsb
from tests.world import acts, noises
from tests.world.crawls import Crawls
from tests.world.ledger import Expectation, Ledger
from tests.world.texts import bulletin

STEP = timedelta(hours=12)
START = datetime(2023, 3, 1, 9, tzinfo=CHINA)
FAMILIES = (TrsSite, TableSite, UcapSite, FeedSite, TrsSite, Gkmlpt, Jpaas, Vsb, FeedSite)
NAMES = (
    "云岭市公安局", "鹤清市统计局", "澜汀市发展和改革委员会", "青禾市应急管理局", "沧屏市生态环境局", "梧川市财政局",
    "汐州市工业和信息化局", "岫城市教育局", "枫港市商务局",
)  # fmt: skip
NEWS = (0, 4)
"""Bureaus with a second column."""
ABROAD = 8
"""The one in a zone with summer time, which begins in the second week."""


class World:
    """Bureaus with their servers, a database and a clock."""

    def __init__(self, home: Path, seed: int = 1, bureaus: int = 5) -> None:
        self.random, self.now, self.ledger = random.Random(seed), START, Ledger()
        self.start, self.step_length = START, STEP
        self.pending: list[Expectation] = []
        self.serial = self.seen = self.version = 0
        self.faults: dict[str, tuple[str, int]] = {}
        self.healed: dict[str, datetime] = {}
        self.copies: dict[str, str] = {}
        """Ids of copies with their original's."""
        self.shown: set[tuple[str, str | None]] = set()
        """Bureaus with the titles that their own pages were read to have."""
        self.blinking: dict[str, Bureau] = {}
        self.diary: list[str] = []
        """What was expected and raised, for looking into a difference."""
        self.bureaus = [self.found_bureau(i) for i in range(bureaus)]
        self.servers = {b.id: BureauServer(b).start() for b in self.bureaus}
        sources = home / "sources"
        sources.mkdir(parents=True)
        for server in self.servers.values():
            text = yaml.safe_dump(server.source(), allow_unicode=True)
            (sources / f"{server.bureau.id}.yaml").write_text(text, encoding="utf-8")
        self.env = {
            "BUREAUWATCH_HOME": str(home / "data"),
            "BUREAUWATCH_SOURCES": str(sources),
            "BUREAUWATCH_PRIVATE_NETWORKS": "127.0.0.0/8",
        }
        self.config = Config(home=home / "data", sources=sources, private_networks="127.0.0.0/8")
        self.database: Database = open_database(self.config)
        self.crawls = Crawls(self.env)

    def found_bureau(self, number: int) -> Bureau:
        """A bureau with a past of fourteen reports."""
        bureau = Bureau(
            f"bureau-{number}",
            NAMES[number],
            FAMILIES[number](),
            encoding="gb18030" if number == 1 else "utf-8",
            timezone="America/New_York" if number == ABROAD else None,
            column_names={"main": "工作通报", "news": "通知公告"} if number in NEWS else {"main": "工作通报"},
        )
        if isinstance(bureau.family, Gkmlpt):
            bureau.family.publisher = bureau.name
        bureau.publish(*(self.make_report(bureau, age=timedelta(days=3 * n + 2)) for n in range(14)))
        if number in NEWS:
            bureau.publish(*(self.make_report(bureau, age=timedelta(days=n), columns=("news",)) for n in (9, 30, 50)))
        return bureau

    def close(self) -> None:
        self.crawls.close()
        self.database.close()
        for server in self.servers.values():
            server.stop()

    # What the acts ask

    def make_report(self, bureau: Bureau, *, age: timedelta = timedelta(0), **values: object) -> SampleReport:
        """A report that no bureau has published yet."""
        self.serial += 1
        return bulletin(self.random, bureau, self.serial, self.now - age, **values)

    def expect(self, type: str, bureau: Bureau, title: str | None = None, **more: Any) -> None:
        """From now on an event is owed (or, when optional, forgiven)."""
        expectation = Expectation(type, bureau.id, title, **more)
        self.diary.append(f"{self.now:%m-%d %H} expect {expectation}")
        self.pending.append(expectation)
        if not expectation.optional:
            self.ledger.expected[type] += 1

    def settled(self, title: str) -> bool:
        """Nothing untold is about a report of this title."""
        return all(e.title != title for e in self.pending)

    def quiet(self, bureau: Bureau, report: SampleReport) -> bool:
        """A report is on show, as its bureau wrote it, and all that happened to it is told."""
        return (
            report.id not in bureau.gone
            and not bureau.spammed.get(report.id)
            and report.id not in bureau.flips
            and self.settled(report.title)
        )

    def copied(self, report: SampleReport) -> bool:
        """More than one bureau shows it."""
        return sum(r.title == report.title for b in self.bureaus for r in b.reports.values()) > 1

    def pick(self, bureau: Bureau) -> SampleReport | None:
        """A quiet report of the bureau's own; what was read from a copy alone may be edited unseen."""
        own = [
            r for r in bureau.reports.values()
            if r.id not in self.copies and self.quiet(bureau, r) and (bureau.id, r.title) in self.shown
        ]  # fmt: skip
        return self.random.choice(own) if own else None

    def publish(self, bureau: Bureau) -> None:
        acts.publish(self, bureau)

    def edit(self, bureau: Bureau) -> None:
        acts.edit(self, bureau)

    # The steps

    def first_crawl(self) -> None:
        for bureau in self.bureaus:
            for report in bureau.reports.values():
                self.expect("report.new", bureau, report.title)
        self.crawl_all()

    def step(self, *, calm: bool = False, full: bool = False) -> None:
        """Half a day: things happen (unless calm), then every bureau is crawled and the events are judged."""
        self.now += STEP
        for id_, bureau in self.blinking.items():
            bureau.restore(id_)
        self.blinking.clear()
        for bureau in [] if calm else self.bureaus:
            for chance, act in (*acts.ACTS, (0.3, noises.harmless), (0.06, noises.fault)):
                if self.random.random() < chance:
                    act(self, bureau)
        self.crawl_all(full=full)
        for bureau in self.bureaus:
            bureau.flips.clear()
        noises.heal(self)

    def hijack(self, bureau: Bureau) -> None:
        """Strangers change every title of a site, and it is cleaned: one alert a report, no revision."""
        self.now += STEP
        self.ledger.noise["hijack"] += 1
        bureau.noise.hijacked = "-鸿运娱乐平台官网"
        shown = {r.id: r for c in bureau.column_names for r in bureau.shown(c)}
        for report in shown.values():
            if not bureau.spammed.get(report.id):
                self.expect("report.tampered", bureau, report.title, optional=self.copied(report))
        self.crawl(bureau, full=True)
        bureau.noise.hijacked = None
        self.now += timedelta(hours=1)
        self.crawl(bureau, full=True)

    def renew_program(self, *, reparse: bool) -> None:
        """A newer version that reads pages otherwise; with `reparse` it reads the archive first."""
        self.version = (self.version or 100) + 1
        self.ledger.noise["newer program, reparse" if reparse else "newer program"] += 1
        if reparse:
            self.crawls.reparse(BUREAUWATCH_NOW=self.now.isoformat(), WORLD_VERSION=str(self.version))
            self.judge()

    def crawl_all(self, *, full: bool = False) -> None:
        for bureau in self.bureaus:
            self.crawl(bureau, full=full)

    def crawl(self, bureau: Bureau, *, full: bool = False) -> None:
        """One check; now and then by a clock that was set back."""
        now = self.now
        if self.random.random() < 0.03:
            self.ledger.noise["clock set back"] += 1
            now -= timedelta(hours=2)
        result = self.crawls.run(
            bureau.id, full=full, BUREAUWATCH_NOW=now.isoformat(), WORLD_VERSION=str(self.version or "")
        )
        self.diary.append(f"{now:%m-%d %H} crawl {bureau.id} full={full} {result}")
        self.judge()

    def judge(self) -> None:
        """Holds new events against what is pending."""
        with self.database.session() as session:
            rows = session.execute(
                select(EventRow, ReportRow.title)
                .outerjoin(ReportRow, ReportRow.id == EventRow.report_id)
                .where(EventRow.number > self.seen)
                .order_by(EventRow.number)
            ).all()
            places = select(PlaceRow.source_id, ReportRow.title).join(ReportRow, ReportRow.id == PlaceRow.report_id)
            self.shown = {(source, title) for source, title in session.execute(places)}
        for event, title in rows:
            self.seen = event.number
            self.ledger.raised[event.type] += 1
            match = next((e for e in self.pending if e.fits(event, title)), None)
            self.diary.append(
                f"{self.now:%m-%d %H} {'told' if match else 'FALSE'} {event.type} {title} {event.details}"
            )
            if match is not None:
                self.pending.remove(match)
                continue
            changes = [c["field"] for c in event.details.get("changes", [])]
            self.ledger.false.append(f"{self.now:%m-%d %H} {event.type} {event.source_id} {title} {changes}")
            bureau = next(b for b in self.bureaus if b.id == event.source_id)
            self.ledger.blamed.update(noises.active(bureau))

    def settle(self) -> None:
        """All is well again; whole re-readings over some days find what is still untold."""
        for bureau in self.bureaus:
            if bureau.id in self.faults:
                self.faults[bureau.id] = (self.faults[bureau.id][0], 1)
            bureau.noise = dataclasses.replace(bureau.noise, soft_404=False)
        for _ in range(5):
            self.step(calm=True, full=True)
        self.ledger.missed = [e for e in self.pending if not e.optional]
