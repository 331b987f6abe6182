"""A world of sample bureaus that plays weeks: what happens is known, so every event can be held against the truth.

Each step of half a day the bureaus publish, edit, swap files, withdraw, restore, copy from each other, get hijacked,
while noise goes on: counters, ads, other templates, sessions in links, shuffled rows, outages, challenges, empty lists.
The crawler sees them only over HTTP. `ledger` counts per event type what was expected, raised, missed and false.
"""

from __future__ import annotations

import dataclasses
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import yaml
from sqlalchemy import select

from pipelines.config import Config
from pipelines.storage.models import EventRow, ReportRow
from pipelines.storage.session import Database, open_database
from scheduler.demo.bureaus.attachments import word
from scheduler.demo.bureaus.families import FeedSite, TableSite, TrsSite, UcapSite
from scheduler.demo.bureaus.model import CHINA, Bureau, SampleReport
from scheduler.demo.bureaus.server import BureauServer
from tests.world.crawls import Crawls

STEP = timedelta(hours=12)
START = datetime(2023, 3, 1, 9, tzinfo=CHINA)
TOPICS = (
    "道路交通安全", "安全生产检查", "空气质量监测", "就业服务", "市场监管抽查", "水资源管理", "重点项目建设",
    "消防安全整治", "农产品检测", "公共服务", "节能降耗", "教育资助", "卫生监督", "城市管理", "知识产权保护",
    "乡村建设", "人才引进", "价格监测",
)  # fmt: skip
PLACES = ("东城", "西湾", "南屏", "北坡", "新桥", "古渡", "石门", "柳溪", "松岭", "梅园", "竹坞", "桃源")
SENTENCES = (
    "本期共检查单位{a}家，发现问题{b}个，已整改{c}个。",
    "{place}片区完成任务{a}项，其中重点任务{b}项。",
    "累计受理群众来电{a}件，办结{c}件，回访满意率{d}%。",
    "出动工作人员{a}人次，出动车辆{b}辆次，发放宣传资料{e}份。",
    "{place}街道新增点位{b}处，更换设施{c}套，投入资金{e}万元。",
    "抽检样品{a}批次，不合格{b}批次，责令改正{b}家。",
    "组织培训{b}场，覆盖{e}人次，现场答疑{c}次。",
    "{place}镇上报信息{a}条，采用{c}条，居全市前列。",
)


@dataclass
class Expectation:
    """Something that happened and has not been told yet; an optional one may stay untold."""

    type: str
    source: str
    title: str | None = None
    optional: bool = False
    field: str | None = None

    def fits(self, event: EventRow, title: str | None) -> bool:
        if event.type != self.type or (self.title is None and event.source_id != self.source):
            return False
        if self.title is not None and self.title != title:
            return False
        return self.field is None or self.field in {c["field"] for c in event.details.get("changes", [])}


@dataclass
class Ledger:
    expected: Counter[str] = field(default_factory=Counter)
    raised: Counter[str] = field(default_factory=Counter)
    missed: list[Expectation] = field(default_factory=list)
    false: list[str] = field(default_factory=list)
    noise: Counter[str] = field(default_factory=Counter)

    def table(self) -> str:
        lines = [f"{'event':22} {'expected':>8} {'raised':>8} {'missed':>8}"]
        missed = Counter(e.type for e in self.missed)
        for kind in sorted({*self.expected, *self.raised}):
            lines.append(f"{kind:22} {self.expected[kind]:8} {self.raised[kind]:8} {missed[kind]:8}")
        lines.append("noise: " + ", ".join(f"{k} {n}" for k, n in sorted(self.noise.items())))
        lines.append(f"false alarms: {len(self.false)}")
        return "\n".join(lines + [f"  {x}" for x in self.false[:20]] + [f"  missed {e}" for e in self.missed[:20]])


class World:
    """Five bureaus of four families, with their servers, a database and a clock."""

    def __init__(self, home: Path, seed: int = 1) -> None:
        self.random, self.now, self.ledger = random.Random(seed), START, Ledger()
        self.pending: list[Expectation] = []
        self.serial = 0
        self.seen = 0
        self.faults: dict[str, tuple[Callable[[Bureau, bool], None], int, int]] = {}
        self.healed: dict[str, datetime] = {}
        families = [TrsSite(), TableSite(), UcapSite(), FeedSite(), TrsSite()]
        names = ["云岭市公安局", "鹤清市统计局", "澜汀市发展和改革委员会", "青禾市应急管理局", "沧屏市生态环境局"]
        self.bureaus = [
            Bureau(
                f"bureau-{i}", name, family, encoding="gb18030" if i == 1 else "utf-8",
                column_names={"main": "工作通报", "news": "通知公告"} if i in (0, 4) else {"main": "工作通报"},
            )
            for i, (family, name) in enumerate(zip(families, names, strict=True))
        ]  # fmt: skip
        for bureau in self.bureaus:
            bureau.publish(*(self.make_report(bureau, age=timedelta(days=3 * n + 2)) for n in range(14)))
            if "news" in bureau.column_names:
                bureau.publish(
                    *(self.make_report(bureau, age=timedelta(days=n), columns=("news",)) for n in (9, 30, 50))
                )
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

    def close(self) -> None:
        self.crawls.close()
        self.database.close()
        for server in self.servers.values():
            server.stop()

    # What happens

    def make_report(self, bureau: Bureau, *, age: timedelta = timedelta(0), **values: object) -> SampleReport:
        self.serial += 1
        pick = self.random
        topic, place = pick.choice(TOPICS), pick.choice(PLACES)
        paragraphs = [f"为进一步做好{place}{topic}工作，现将第{self.serial}期有关情况通报如下："]
        for sentence in pick.sample(SENTENCES, 5):
            a = pick.randrange(120, 990)
            paragraphs.append(
                sentence.format(
                    place=pick.choice(PLACES), a=a, b=pick.randrange(11, 99), c=pick.randrange(11, 99),
                    d=pick.randrange(80, 99), e=pick.randrange(1000, 9000),
                )
            )  # fmt: skip
        paragraphs.append("请各单位认真对照，抓好落实，有关情况及时报送。")
        published = (self.now - age).replace(minute=pick.randrange(60))
        report = SampleReport(
            id=f"{6000 + self.serial}",
            title=f"{bureau.name[:3]}{place}{topic}情况通报（第{self.serial}期）",
            published=published,
            body=tuple(paragraphs),
            document_number=f"{bureau.name[0]}通〔2023〕{self.serial}号" if self.serial % 2 else None,
            index_number=f"0151{self.serial:05d}/2023-{self.serial:05d}" if self.serial % 3 else None,
            publisher=bureau.name if self.serial % 3 else None,
            signer=bureau.name,
            files=(word(f"附表{self.serial}.docx", f"附表：{place}{topic}明细{self.serial}"),)
            if self.serial % 4 == 0
            else (),
        )
        return dataclasses.replace(report, **values)  # type: ignore[arg-type]

    def expect(self, type: str, bureau: Bureau, title: str | None = None, **more: object) -> None:
        expectation = Expectation(type, bureau.id, title, **more)  # type: ignore[arg-type]
        self.pending.append(expectation)
        if not expectation.optional:
            self.ledger.expected[type] += 1

    def quiet(self, bureau: Bureau, report: SampleReport) -> bool:
        """Nothing untold is about this report, and it is on show."""
        return report.id not in bureau.gone and all(e.title != report.title for e in self.pending)

    def pick(self, bureau: Bureau) -> SampleReport | None:
        settled = [r for r in bureau.reports.values() if self.quiet(bureau, r) and not r.link]
        return self.random.choice(settled) if settled else None

    def publish(self, bureau: Bureau) -> None:
        for _ in range(self.random.choice((1, 1, 2, 3))):
            report = self.make_report(bureau)
            roll = self.random.random()
            if roll < 0.15 and "news" in bureau.column_names:
                report = dataclasses.replace(report, columns=("main", "news"))
            elif roll < 0.25:
                report = dataclasses.replace(report, pinned=True)
            elif roll < 0.35:
                report = dataclasses.replace(report, published=report.published - timedelta(days=9))
            bureau.publish(report)
            self.expect("report.new", bureau, report.title)
            if 0.35 <= roll < 0.5:
                other = self.random.choice([b for b in self.bureaus if b is not bureau])
                copy = dataclasses.replace(
                    report, id=f"{report.id}9", columns=("main",), content_source=bureau.name, files=(), pinned=False,
                    link=None,
                )  # fmt: skip
                other.publish(copy)

    def edit(self, bureau: Bureau) -> None:
        report = self.pick(bureau)
        if report is None or any(
            r.title == report.title for b in self.bureaus if b is not bureau for r in b.reports.values()
        ):
            return
        body = list(report.body)
        body[-1] = f"经核实，现对有关内容予以更正，整改时限延长{self.random.randrange(5, 60)}天。"
        bureau.edit(report.id, body=tuple(body), at=self.now)
        self.expect("report.revised", bureau, report.title, field="body")

    def swap(self, bureau: Bureau) -> None:
        report = self.pick(bureau)
        if report is None or not report.files:
            return
        file = report.files[0]
        raw = word(file.name, f"附表（更新{self.random.random()}）").raw
        bureau.replace_attachment(report.id, file.name, raw, at=self.now)
        self.expect("attachment.changed", bureau, report.title)

    def withdraw(self, bureau: Bureau) -> None:
        report = self.pick(bureau)
        copies = [b for b in self.bureaus if report and any(r.title == report.title for r in b.reports.values())]
        if report is None or len(copies) > 1 or len(bureau.gone) > 2:
            return
        bureau.withdraw(report.id, self.random.choice(("404", "410", "soft")))
        self.expect("report.withdrawn", bureau, report.title)

    def restore(self, bureau: Bureau) -> None:
        told = [i for i in bureau.gone if all(e.title != bureau.reports[i].title for e in self.pending)]
        if told:
            bureau.restore(told[0])
            self.expect("report.restored", bureau, bureau.reports[told[0]].title)

    # What only looks as if something happened

    def harmless(self, bureau: Bureau) -> None:
        noise = bureau.noise
        name = self.random.choice(
            ("counters", "ads", "related", "shuffled", "session_ids", "no_validators", "lies_about_pages", "theme")
        )
        self.ledger.noise[name] += 1
        if name == "theme":
            noise.theme += 1
            self.expect("source.changed", bureau, optional=True)
        elif name == "lies_about_pages":
            noise.lies_about_pages = 0 if noise.lies_about_pages else 3
        else:
            setattr(noise, name, not getattr(noise, name))

    def fault(self, bureau: Bureau) -> None:
        if bureau.id in self.faults or self.now - self.healed.get(bureau.id, START) < 3 * STEP:
            return  # one spell of ill health at a time
        name, value = self.random.choice(
            (("outage", 503), ("outage", 500), ("challenge", "jsl"), ("challenge", "412"), ("challenge", "200"),
             ("empty_listing", True), ("truncated", True))
        )  # fmt: skip
        steps = self.random.choice((1, 2, 3))
        self.ledger.noise[f"{name} {value}"] += 1

        def switch(b: Bureau, on: bool) -> None:
            setattr(b.noise, name, value if on else (None if name in ("outage", "challenge") else False))

        switch(bureau, True)
        self.faults[bureau.id] = (switch, steps, steps)
        if steps >= 2:
            self.expect("source.failing", bureau)
            self.expect("source.recovered", bureau)

    # The steps

    def first_crawl(self) -> None:
        for bureau in self.bureaus:
            for report in bureau.reports.values():
                self.expect("report.new", bureau, report.title)
        self.crawl_all()

    def step(self, *, calm: bool = False, full: bool = False) -> None:
        """Half a day: things happen (unless calm), then every bureau is crawled and the events are judged."""
        self.now += STEP
        for bureau in self.bureaus:
            if calm:
                continue
            for chance, action in (
                (0.4, self.publish), (0.25, self.edit), (0.1, self.swap), (0.08, self.withdraw), (0.15, self.restore),
                (0.3, self.harmless), (0.05, self.fault),
            ):  # fmt: skip
                if self.random.random() < chance:
                    action(bureau)
        self.crawl_all(full=full)
        for id_, (switch, left, steps) in list(self.faults.items()):
            if left <= 1:
                switch(next(b for b in self.bureaus if b.id == id_), False)
                del self.faults[id_]
                self.healed[id_] = self.now
            else:
                self.faults[id_] = (switch, left - 1, steps)

    def hijack(self, bureau: Bureau) -> None:
        """Strangers change every title of a site, and it is cleaned: one alert a report, no revision."""
        self.now += STEP
        self.ledger.noise["hijack"] += 1
        bureau.noise.hijacked = "-鸿运娱乐平台官网"
        own = {r.title for b in self.bureaus if b is not bureau for r in b.reports.values()}
        for report in bureau.shown() + [r for c in bureau.column_names if c != "main" for r in bureau.shown(c)]:
            known = any(e.title == report.title and e.type == "report.tampered" for e in self.pending)
            if not known:  # of a report that two bureaus carry one copy is looked at first
                self.expect("report.tampered", bureau, report.title, optional=report.title in own)
        self.crawl(bureau, full=True)
        bureau.noise.hijacked = None
        self.now += timedelta(hours=1)
        self.crawl(bureau, full=True)

    def crawl_all(self, *, full: bool = False) -> None:
        for bureau in self.bureaus:
            self.crawl(bureau, full=full)

    def crawl(self, bureau: Bureau, *, full: bool = False) -> None:
        self.crawls.run(bureau.id, full=full, BUREAUWATCH_NOW=self.now.isoformat())
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
        for event, title in rows:
            self.seen = event.number
            self.ledger.raised[event.type] += 1
            match = next((e for e in self.pending if e.fits(event, title)), None)
            if match is None:
                changes = [c["field"] for c in event.details.get("changes", [])]
                self.ledger.false.append(f"{self.now:%m-%d %H} {event.type} {event.source_id} {title} {changes}")
            else:
                self.pending.remove(match)

    def settle(self) -> None:
        """The noise ends; whole re-readings over two days find what is still untold."""
        for bureau in self.bureaus:
            bureau.noise = dataclasses.replace(bureau.noise, soft_404=False)
        for _ in range(4):
            self.step(calm=True, full=True)
        self.ledger.missed = [e for e in self.pending if not e.optional]
