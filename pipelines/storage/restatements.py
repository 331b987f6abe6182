"""`indicator.restated`: a later report gives another value for what an earlier one printed."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import BindParameter, bindparam, func, select
from sqlalchemy.orm import Session

from pipelines.indicators.series import Observation, Restatement, find_restatements, observations, year_after
from pipelines.storage.identity import fold
from pipelines.storage.models import EventRow, IndicatorRow, ReportRow, SeriesRow
from pipelines.storage.outbox import raise_event

NUMBERS: Final = re.compile(r"[\d〇零一二三四五六七八九十]+")
YEAR: Final = re.compile(r"\d{4}|[〇零一二三四五六七八九]{4}")
ISSUE: Final = re.compile(rf"(?:{YEAR.pattern})年?度?")
CORRECTED: Final = re.compile(r"更正|修订|修正|重新发布|最终|终稿|初步|快报")

OF_REPORT: Final[BindParameter[int]] = bindparam("report")
OWN_SERIES: Final = select(IndicatorRow.series_id).where(IndicatorRow.report_id == OF_REPORT)
COMPANY: Final = (
    select(IndicatorRow.id).where(IndicatorRow.series_id.in_(OWN_SERIES), IndicatorRow.report_id != OF_REPORT).limit(1)
)

MAX_LATER: Final = 20
"""Later reports that one report is compared with."""

Place = tuple[str, str]
Issuer = tuple[str | None, str | None]
"""Title and publisher of a report."""

BODY: Final = re.compile(
    r"[\u4e00-\u9fff]{1,16}?(?:局|厅|委(?:员会|办)?|办公室|政府|支队|总队|大队|法院|检察院|中心|公司|学校|医院|街道(?:办事处)?|[镇乡](?!村))"
)
RANK: Final = re.compile(r"^[全本我]?[省市县区州盟旗]")


def raise_restatements(
    session: Session, report: ReportRow, now: datetime, *, crawl_id: int | None = None, backfill: bool = False
) -> list[EventRow]:
    """Compares a report's figures with the newest earlier report that printed them; an event for each difference.

    Reports come in any order: later ones that are known already are compared with this one too.

    A period that the clause itself prints is believed. One that was taken from its report counts only between issues of
    one publication: two reports of one year may each speak of an operation of their own. Two bureaus never restate each
    other: each counts its own cases, or the same ones in its own way.
    """
    if not _has_company(session, report.id):
        return []
    new, guessed = _own(session, report.id)
    if not new:
        return []
    arrival = _Arrival(session, now, crawl_id, backfill)
    events = arrival.compare(report, new, guessed)
    for later in _later(session, report, new):
        events += arrival.compare(later, *_own(session, later.id), older=report.id)
    return events


@dataclass(frozen=True, slots=True)
class _Arrival:
    """A report that came in: when, by which crawl, and whether as history."""

    session: Session
    now: datetime
    crawl_id: int | None
    backfill: bool

    def compare(
        self, report: ReportRow, new: list[Observation], guessed: set[Place], *, older: int | None = None
    ) -> list[EventRow]:
        """Raises what `report` restates; with `older` only what it restates of that report."""
        earlier, titles, earlier_guessed = _earlier(self.session, report, new)
        events: list[EventRow] = []
        for found in find_restatements(new, earlier):
            place = (found.key, found.period)
            old_title = titles[found.old.report]
            if older not in {None, found.old.report}:
                continue
            if (place in guessed or place in earlier_guessed) and not same_publication(report.title, old_title):
                continue
            events += self._raise(report, found, old_title)
        return events

    def _raise(self, report: ReportRow, found: Restatement, old_title: str | None) -> list[EventRow]:
        series = self.session.get_one(SeriesRow, int(found.key))
        whole = f"{found.key}|{found.period}|{found.old.value}|{found.new.value}"
        return raise_event(
            self.session,
            type="indicator.restated",
            key=f"restated:{report.id}:{hashlib.sha256(whole.encode()).hexdigest()[:24]}",
            now=self.now,
            report=report,
            crawl_id=self.crawl_id,
            details={
                **found.details,
                "series": series.id,
                "name": series.name,
                "report": report.id,
                "earlier_report": found.old.report,
                "title": report.title,
                "earlier_title": old_title,
                "url": report.url,
                "backfill": self.backfill,
            },
        )


def same_publication(one: str | None, other: str | None) -> bool:
    """Whether two titles are issues of one publication: the same but for their years and for words of correction.

    春节假期 and 国庆假期, 1—2月 and 1—3月 are no issues of each other, however alike their titles.
    """
    first, second = (CORRECTED.sub("", ISSUE.sub("", fold(title or ""))) for title in (one, other))
    return bool(first) and first == second and not _numbered(one) and not _numbered(other)


def same_bureau(one: Issuer, other: Issuer) -> bool:
    """Whether two reports may be of one bureau: neither their publishers nor the bodies in their titles are different.

    A portal publishes for all its bureaus; then only the titles tell them apart.
    """
    titles = (_body(one[0]), _body(other[0]))
    publishers = (fold(one[1] or ""), fold(other[1] or ""))
    return all(not a or not b or _ends_alike(a, b) for a, b in (titles, publishers))


def _ends_alike(one: str, other: str) -> bool:
    """市统计局 is 宁江市统计局."""
    return one.endswith(RANK.sub("", other)) or other.endswith(RANK.sub("", one))


def _body(title: str | None) -> str:
    """The bureau, court, school … that a title begins with; empty where it begins with none."""
    found = BODY.match(NUMBERS.sub("", fold(title or "").removeprefix("关于")).lstrip("年"))
    return found[0] if found else ""


def _numbered(title: str | None) -> bool:
    """Titles of a running number (第3期) are told apart by it: their figures are of an issue, not of a period."""
    return re.search(rf"第{NUMBERS.pattern}[期号次批周辑]", fold(title or "")) is not None


def _own(session: Session, report_id: int) -> tuple[list[Observation], set[Place]]:
    rows = session.execute(
        select(IndicatorRow.series_id, IndicatorRow.record).where(
            IndicatorRow.report_id == report_id, IndicatorRow.series_id.is_not(None)
        )
    )
    found: list[Observation] = []
    guessed: set[Place] = set()
    for series, record in rows:
        _collect(record, str(series), report_id, found, guessed)
    return found, guessed


def _earlier(
    session: Session, report: ReportRow, new: list[Observation]
) -> tuple[list[Observation], dict[object, str | None], set[Place]]:
    rows = session.execute(
        select(IndicatorRow.series_id, IndicatorRow.record, ReportRow.id, ReportRow.title, ReportRow.publisher)
        .join(ReportRow, ReportRow.id == IndicatorRow.report_id)
        .where(
            IndicatorRow.series_id.in_({int(o.key) for o in new}),
            IndicatorRow.period.in_({o.period.split("@")[0] for o in new}),
            IndicatorRow.report_id != report.id,
            ReportRow.state != "withdrawn",
            func.coalesce(ReportRow.published, "") <= (report.published or "9999"),
        )
        .order_by(func.coalesce(ReportRow.published, "").desc(), ReportRow.id.desc())
        .limit(2000)
    )
    newest: dict[Place, int] = {}
    titles: dict[object, str | None] = {}
    found: list[Observation] = []
    guessed: set[Place] = set()
    for series, record, number, title, publisher in rows:
        if not same_bureau((report.title, report.publisher), (title, publisher)):
            continue
        titles[number] = title
        own: list[Observation] = []
        own_guessed: set[Place] = set()
        _collect(record, str(series), number, own, own_guessed)
        for observation in own:
            place = (observation.key, observation.period)
            if not observation.derived and newest.setdefault(place, number) == number:
                found.append(observation)
                guessed |= {place} & own_guessed
    return found, titles, guessed


def _later(session: Session, report: ReportRow, new: list[Observation]) -> list[ReportRow]:
    """Later reports that print or compare with the periods of this one."""
    if not report.published:
        return []
    periods = {o.period.split("@")[0] for o in new if not o.derived}
    with_them = select(IndicatorRow.report_id).where(
        IndicatorRow.series_id.in_({int(o.key) for o in new}),
        IndicatorRow.period.in_(periods | {after for p in periods if (after := year_after(p))}),
    )
    return list(
        session.scalars(
            select(ReportRow)
            .where(ReportRow.id.in_(with_them), ReportRow.published > report.published, ReportRow.state != "withdrawn")
            .order_by(ReportRow.published, ReportRow.id)
            .limit(MAX_LATER)
        )
    )


def _collect(record: dict[str, Any], key: str, report: int, found: list[Observation], guessed: set[Place]) -> None:
    said = observations(record, report=report, key=key)
    found += said
    if not prints_year(record.get("period") or {}):
        guessed |= {(o.key, o.period) for o in said}


def prints_year(period: dict[str, Any]) -> bool:
    """Whether the clause itself names the year: `累计` or `1至9月` take it from the report."""
    words = period.get("text")
    return not period.get("inferred") and (words is None or YEAR.search(fold(words)) is not None)


def _has_company(session: Session, report_id: int) -> bool:
    """Whether any other report has a figure of the same series: for most there is none, and no record is read."""
    return session.connection().execute(COMPANY, {"report": report_id}).first() is not None
