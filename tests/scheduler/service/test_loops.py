"""The service's own loops: clocks that jump, crawls that cannot begin, loops that stand still."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.sources.registry import parse_source, to_yaml
from pipelines.config import Config
from pipelines.storage.crawls import begin_crawl, finish_crawl
from pipelines.storage.models import SourceRow
from pipelines.storage.session import open_database
from scheduler import service as loops
from scheduler.executors.pool import LocalPool
from scheduler.service import Service

NOW = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
SOURCE = """
id: some-bureau
name: 某局
columns: [{url: "http://127.0.0.1:9/"}]
schedule: {every: 30m}
"""


class Handed(LocalPool):
    """The real pool, which notes what it is given instead of starting a process."""

    def __init__(self) -> None:
        super().__init__(1)
        self.given: list[tuple[str, Path | None]] = []

    def submit(self, source_id: str, file: Path | None = None) -> bool:
        if source_id in self._busy:
            return False
        self._busy.add(source_id)
        self.given.append((source_id, file))
        return True

    def end(self, source_id: str) -> None:
        self._busy.discard(source_id)
        if self.on_done:
            self.on_done(source_id)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    sources = tmp_path / "sources"
    sources.mkdir()
    (sources / "named-otherwise.yaml").write_text(SOURCE)
    config = Config(home=tmp_path / "data", sources=sources)
    with open_database(config) as database:
        with database.transaction() as session:
            session.add(SourceRow(id="some-bureau", name="某局", added_at=NOW, failures_in_a_row=0, state={}))
        made = Service(config, database, Handed())
        made.now = NOW  # type: ignore[attr-defined]
        made.clock = lambda: made.now  # type: ignore[attr-defined]
        made.executor.on_done = made._crawled
        made.reload()
        yield made


def end(service: Service) -> None:
    assert isinstance(service.executor, Handed)
    service.executor.end("some-bureau")


def given(service: Service) -> list[tuple[str, Path | None]]:
    assert isinstance(service.executor, Handed)
    return service.executor.given


def at(service: Service, moment: datetime) -> None:
    service.now = moment  # type: ignore[attr-defined]
    service.tick()


def crawled(service: Service) -> None:
    """A crawl that began and ended well, as its process notes it."""
    with service.database.transaction() as session:
        number = begin_crawl(session, source_id="some-bureau", mode="incremental", now=service.clock())
        finish_crawl(session, number, outcome="ok", failure=None, error=None, stats={}, now=service.clock())
    end(service)


def test_a_clock_set_back_does_not_leave_sources_waiting(service: Service) -> None:
    at(service, NOW)
    crawled(service)
    at(service, NOW + timedelta(minutes=1))
    back = NOW - timedelta(days=3)
    at(service, back)
    assert service.due["some-bureau"] == back + timedelta(minutes=30)
    at(service, back + timedelta(minutes=30))
    assert len(given(service)) == 2


def test_after_a_suspend_one_crawl_makes_up_for_all_missed(service: Service) -> None:
    at(service, NOW)
    crawled(service)
    at(service, NOW + timedelta(days=2))
    at(service, NOW + timedelta(days=2, seconds=2))
    assert len(given(service)) == 2


def test_summer_time_neither_skips_nor_doubles_a_daily_crawl(service: Service) -> None:
    path = service.config.sources / "named-otherwise.yaml"  # type: ignore[operator]
    path.write_text(SOURCE.replace("{every: 30m}", '{cron: "30 2 * * *"}').strip() + "\ntimezone: America/New_York\n")
    service.reload()
    moment = datetime(2026, 3, 7, 12, 0, tzinfo=UTC)  # the clock goes forward on 8 March, when there is no 02:30
    runs = []
    while moment < datetime(2026, 3, 10, 12, 0, tzinfo=UTC):
        before = len(given(service))
        at(service, moment)
        if len(given(service)) > before:
            runs.append(moment)
            crawled(service)
        moment += timedelta(minutes=10)
    assert [run.day for run in runs] == [8, 9, 10]


def test_a_crawl_that_cannot_begin_is_tried_ever_more_rarely(service: Service) -> None:
    waits = []
    for _ in range(8):
        at(service, service.clock())
        end(service)
        service.tick()
        waits.append(service.due["some-bureau"] - service.clock())
        service.now = service.due["some-bureau"]  # type: ignore[attr-defined]
    assert waits[:3] == [timedelta(minutes=m) for m in (1, 2, 4)]
    assert waits[-1] == loops.MOST_STUMBLE
    at(service, service.clock())
    crawled(service)
    service.tick()
    assert service.due["some-bureau"] == service.clock() + timedelta(minutes=30)


def test_a_broken_file_is_crawled_as_it_was_and_a_removed_one_not(service: Service) -> None:
    path = service.config.sources / "named-otherwise.yaml"  # type: ignore[operator]
    path.write_text("id: some-bureau\nname: [")
    service.reload()
    at(service, NOW)
    [(source_id, file)] = given(service)
    assert source_id == "some-bureau"
    assert file is not None
    assert to_yaml(parse_source(file.read_bytes())) == to_yaml(parse_source(SOURCE.encode()))
    assert len(service.registry.errors) == 1
    crawled(service)
    path.write_text(SOURCE)
    service.reload()
    at(service, NOW + timedelta(hours=2))
    assert given(service)[1] == ("some-bureau", None)
    crawled(service)
    path.unlink()
    service.reload()
    at(service, NOW + timedelta(days=2))
    assert len(given(service)) == 2


def test_a_loop_that_stands_still_is_told_and_started_again(service: Service, monkeypatch) -> None:
    monkeypatch.setattr(loops, "BEAT_LOST", timedelta(seconds=0.2))
    monkeypatch.setattr(loops, "LOOPS", {"deliver": timedelta(seconds=0.2)})
    hanging, again, release = threading.Event(), threading.Event(), threading.Event()

    def deliver() -> None:
        (again if hanging.is_set() else hanging).set()
        release.wait(60)

    monkeypatch.setattr(service, "deliver", deliver)
    service.start()
    try:
        assert hanging.wait(60)
        assert again.wait(60)
        assert service.ready() == ["deliver"]
        assert service.restarts > 0
        restarts = float(service.metrics.registry.get_sample_value("bureauwatch_scheduler_restarts_total") or 0)
        assert restarts > 0
    finally:
        release.set()
        service.stop(timedelta(0))
