"""Silence and due times from a real database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from crawler.sources.model import Source
from pipelines.config import Config
from pipelines.storage.models import CrawlRow, EventRow, IncidentRow, ReportRow, SourceRow
from pipelines.storage.session import Database, open_database
from pipelines.storage.sources import ensure_source
from scheduler.calendars import load_calendar
from scheduler.due import due_at, publications
from scheduler.health import check_silence, measure_silence

NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)
CALENDAR = load_calendar("Asia/Shanghai")


def source(**more: object) -> Source:
    column = {"url": "http://bureau.example.gov.cn/zwgk/", "name": more.pop("column", "通知公告")}
    return Source.model_validate({"id": "some-bureau", "name": "某局", "columns": [column], **more})


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with open_database(Config(home=tmp_path)) as database:
        with database.transaction() as session:
            ensure_source(session, "some-bureau", "某局", "Asia/Shanghai", NOW - timedelta(days=400))
        yield database


def publish(database: Database, *days_ago: float, backfill: bool = True) -> None:
    with database.transaction() as session:
        for number, days in enumerate(days_ago):
            moment = NOW - timedelta(days=days)
            session.add(
                ReportRow(
                    source_id="some-bureau", url=f"http://x/{days}/{number}", title="报告", backfill=backfill,
                    published=moment.date().isoformat(), first_seen_at=moment, last_seen_at=moment,
                    last_changed_at=moment, missing_since=None,
                )
            )  # fmt: skip


def crawl(database: Database, *hours_ago: float, failures: int = 0) -> None:
    with database.transaction() as session:
        for hours in sorted(hours_ago, reverse=True):
            moment = NOW - timedelta(hours=hours)
            session.add(
                CrawlRow(source_id="some-bureau", started_at=moment, finished_at=moment, outcome="ok", stats={})
            )
        session.get_one(SourceRow, "some-bureau").failures_in_a_row = failures


@pytest.mark.parametrize(
    ("history", "more", "days", "allowed", "by"),
    [
        ((20,), {}, 20, 183, "regulator"),
        ((20,), {"column": "工作动态"}, 20, 14, "regulator"),
        ((20,), {"expect": {"max_days_silent": 5}}, 20, 5, "expect"),
        (tuple(range(20, 120, 7)), {}, 20, 18, "rhythm"),
        (tuple(range(20, 400, 30)), {}, 20, 76, "rhythm"),
    ],
)
def test_silence_is_measured_against_the_columns_own_rhythm(
    database: Database, history: tuple[int, ...], more: dict[str, object], days: int, allowed: int, by: str
) -> None:
    publish(database, *history)
    with database.session() as session:
        silence = measure_silence(session, source(**more), now=NOW)
    assert (silence.days, silence.allowed, silence.reason) == (days, allowed, by)


def test_silence_is_one_incident_told_once_and_closed_by_a_publication(database: Database) -> None:
    publish(database, *range(30, 130, 7))
    raised = []
    for hours in (0, 1, 30):
        with database.transaction() as session:
            raised.append(check_silence(session, source(), now=NOW + timedelta(hours=hours)))
    assert raised[0] is not None
    assert raised[1:] == [None, None]
    publish(database, 0)
    with database.transaction() as session:
        assert check_silence(session, source(), now=NOW + timedelta(hours=31)) is None
    with database.session() as session:
        incident = session.scalars(select(IncidentRow)).one()
        assert incident.closed_at == NOW + timedelta(hours=31)
        event = session.scalars(select(EventRow)).one()
        assert (event.type, event.details["days"], event.details["by"]) == ("source.silent", 30, "rhythm")


def test_a_paused_source_is_never_silent(database: Database) -> None:
    publish(database, 300)
    with database.transaction() as session:
        assert check_silence(session, source(paused="moved"), now=NOW) is None


def due(database: Database, **more: object) -> datetime | None:
    with database.session() as session:
        return due_at(session, source(**more), now=NOW, calendar=CALENDAR)


def test_a_new_source_is_due_now_and_a_paused_one_never(database: Database) -> None:
    assert due(database) == NOW
    assert due(database, paused="unverified") is None


def test_failures_bring_the_next_try_near_then_far(database: Database) -> None:
    crawl(database, 0, failures=1)
    assert due(database) == NOW + timedelta(minutes=15)
    crawl(database, 0, failures=6)
    assert due(database) == NOW + timedelta(hours=8)


def test_after_a_long_sleep_one_run_is_due(database: Database) -> None:
    crawl(database, 72)
    found = due(database, schedule={"every": "30m"})
    assert found == NOW
    planned = due(database)
    assert planned is not None
    assert planned <= NOW


def test_a_clock_set_back_delays_nothing_for_long(database: Database) -> None:
    crawl(database, -2000)
    found = due(database, schedule={"every": "1h"})
    assert found == NOW + timedelta(hours=1)


def test_jitter_is_steady_over_restarts_and_bounded(database: Database) -> None:
    crawl(database, 0.5)
    first = due(database, schedule={"every": "1h", "jitter": "10m"})
    assert first == due(database, schedule={"every": "1h", "jitter": "10m"})
    assert first is not None
    assert timedelta(minutes=30) <= first - NOW <= timedelta(minutes=40)


def test_publications_are_known_as_far_as_checks_and_pages_tell(database: Database) -> None:
    crawl(database, 5, 3, 1)
    publish(database, 3 / 24, backfill=False)
    with database.session() as session:
        known = publications(session, "some-bureau", source().zone, now=NOW)
    assert [(p.after, p.before) for p in known] == [(NOW - timedelta(hours=5), NOW - timedelta(hours=3))]
