"""Who is owed what: matching, claiming, leases, retries, dead letters."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from pipelines.errors import SubscriptionError, UnknownNameError
from pipelines.storage import outbox
from pipelines.storage.models import DeliveryRow, EventRow

URL = "http://bureau-a.gov.cn/1.html"


def subscribe(world: Any, **fields: Any) -> int:
    with world.database.transaction() as session:
        return outbox.subscribe(session, world.now, to="json://localhost/", **fields).id


def owed(world: Any) -> list[tuple[int, str]]:
    with world.database.session() as session:
        rows = session.execute(
            select(DeliveryRow.subscription_id, EventRow.type).join(EventRow).order_by(DeliveryRow.id)
        )
        return [(number, event_type) for number, event_type in rows]


def test_matching_by_source_type_query_and_indicator(world: Any) -> None:
    everything = subscribe(world)
    subscribe(world, source_id="bureau-z")
    subscribe(world, types=["report.withdrawn"])
    query = subscribe(world, query='title:总结 AND (违法行为 OR 酒驾) NOT "公示公告"')
    subscribe(world, query="title:公示")
    indicator = subscribe(world, indicator="查处违法行为")
    subscribe(world, indicator="死亡人数")
    world.read(URL, indicators=[world.figure("查处违法行为", 133)])
    assert owed(world) == [(n, "report.new") for n in (everything, query, indicator)]


def test_backfill_is_recorded_and_owed_to_nobody(sqlite_world: Any) -> None:
    world = sqlite_world
    subscribe(world)
    world.read(URL, backfill=True)
    assert owed(world) == []
    world.crawl()
    body = world.item(URL).report.body
    world.read(URL, backfill=True, body=body.replace("133起", "233起"))
    assert [t for _, t in owed(world)] == ["report.revised"]


def test_threshold_is_an_event_of_its_own_once(world: Any) -> None:
    mine = subscribe(world, indicator="违法行为", threshold=">=100起")
    subscribe(world, indicator="违法行为", threshold=">1万起")
    figures = [world.figure("查处违法行为", 133), world.figure("查处违法行为", 90, period="2024")]
    events = world.read_events(URL, indicators=figures)
    assert [e.type for e in events] == ["report.new", "indicator.threshold"]
    assert events[1].details["indicator"]["value"] == 133
    assert owed(world) == [(mine, "indicator.threshold")]
    world.crawl()
    body = world.item(URL).report.body
    assert world.read(URL, body=body + "\n补充一句说明。", indicators=figures) == ["report.revised"]


@pytest.mark.parametrize("later_first", [False, True])
def test_restatement_by_a_later_report(world: Any, *, later_first: bool) -> None:
    """Whichever of the two is read first: the later report restates the earlier one."""
    from datetime import date

    def earlier() -> list[Any]:
        return list(world.read_events(URL, indicators=[world.figure("交通事故死亡人数", 120, "人", "2024")]))

    def later() -> list[Any]:
        figures = [world.figure("交通事故死亡人数", 118, "人", "2024")]
        return list(
            world.read_events(
                "http://bureau-a.gov.cn/2.html", title="2026年公安交管工作总结", published=date(2027, 1, 5),
                body="新的一年完全不同的正文，" * 20, indicators=figures,
            )
        )  # fmt: skip

    first, second = (later, earlier) if later_first else (earlier, later)
    assert [e.type for e in first()] == ["report.new"]
    events = second()
    assert [e.type for e in events] == ["report.new", "indicator.restated"]
    details = events[1].details
    assert (details["old"], details["new"], details["earlier_report"]) == (120, 118, 2 if later_first else 1)


def test_claimed_deliveries_are_due_again_when_their_sender_dies(world: Any) -> None:
    subscribe(world)
    world.read(URL)
    lease = timedelta(minutes=5)
    with world.database.transaction() as session:
        (first,) = outbox.claim_due(session, world.now, lease=lease)
    with world.database.transaction() as session:
        assert outbox.claim_due(session, world.now + timedelta(minutes=4), lease=lease) == []
    with world.database.transaction() as session:
        (again,) = outbox.claim_due(session, world.now + timedelta(minutes=6), lease=lease)
        assert (again.id, again.event_id, again.attempts) == (first.id, first.event_id, 2)
        outbox.mark_sent(session, [again.id], world.now)
    with world.database.transaction() as session:
        assert outbox.claim_due(session, world.now + timedelta(days=9)) == []


def test_failed_then_dead_then_replayed(world: Any) -> None:
    subscribe(world)
    world.read(URL)
    with world.database.transaction() as session:
        (row,) = outbox.claim_due(session, world.now)
        outbox.mark_failed(session, [row.id], "HTTP 500", retry_at=world.now + timedelta(hours=1))
    with world.database.transaction() as session:
        assert outbox.claim_due(session, world.now + timedelta(minutes=50)) == []
        (row,) = outbox.claim_due(session, world.now + timedelta(hours=2))
        assert row.last_error == "HTTP 500"
        outbox.mark_dead(session, [row.id], "refused")
    with world.database.transaction() as session:
        assert outbox.claim_due(session, world.now + timedelta(days=30)) == []
        assert outbox.replay(session, world.now) == 1
        assert [r.event_id for r in outbox.claim_due(session, world.now)] == [row.event_id]


def test_ended_subscription_drops_what_it_was_owed(sqlite_world: Any) -> None:
    world = sqlite_world
    number = subscribe(world)
    world.read(URL)
    with world.database.transaction() as session:
        outbox.unsubscribe(session, world.now, number)
    with world.database.transaction() as session:
        assert outbox.claim_due(session, world.now) == []
        assert session.scalars(select(DeliveryRow.state)).all() == ["dropped"]
        with pytest.raises(UnknownNameError):
            outbox.unsubscribe(session, world.now, number)


@pytest.mark.parametrize(
    "wish",
    [
        {"types": ["report.gone"]},
        {"query": "a AND"},
        {"threshold": ">5"},
        {"indicator": "死亡", "threshold": "many"},
        {"indicator": " 。 "},
    ],
)
def test_subscriptions_that_cannot_be_served_are_refused(sqlite_world: Any, wish: dict[str, Any]) -> None:
    with pytest.raises(SubscriptionError):
        subscribe(sqlite_world, **wish)


def test_two_senders_never_get_the_same_delivery(world: Any) -> None:
    from concurrent.futures import ThreadPoolExecutor

    subscribe(world)
    for n in range(30):
        world.read(f"http://bureau-a.gov.cn/{n}.html", title=f"第{n}号通报", body=f"第{n}号通报的正文。" * 20)

    def claim(_: int) -> list[int]:
        with world.database.transaction() as session:
            return [row.id for row in outbox.claim_due(session, world.now, limit=10)]

    with ThreadPoolExecutor(4) as pool:
        got = [i for part in pool.map(claim, range(4)) for i in part]
    assert len(got) == len(set(got))
    with world.database.transaction() as session:
        got += [row.id for row in outbox.claim_due(session, world.now, limit=100)]
    assert sorted(got) == sorted(set(got))
    assert len(got) == 30


@pytest.mark.parametrize(
    ("title", "inferred", "expected"),
    [
        ("2026年公安交管工作总结", True, ["report.new", "indicator.restated"]),
        ("2026年春运交通安全情况", True, ["report.new"]),
        ("2026年春运交通安全情况", False, ["report.new", "indicator.restated"]),
    ],
)
def test_guessed_periods_count_between_issues_of_one_publication(
    sqlite_world: Any, title: str, inferred: bool, expected: list[str]
) -> None:
    from datetime import date

    world = sqlite_world
    first = world.figure("交通事故死亡人数", 120, "人", "2025")
    second = world.figure("交通事故死亡人数", 118, "人", "2025")
    first.period.inferred = second.period.inferred = inferred
    world.read(URL, title="2025年公安交管工作总结", indicators=[first])
    raised = world.read(
        "http://bureau-a.gov.cn/2.html", title=title, published=date(2027, 1, 5), body="另一段完全不同的正文，" * 20,
        indicators=[second],
    )  # fmt: skip
    assert raised == expected
