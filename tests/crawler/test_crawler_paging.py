"""When a list is endless: by what its pages show and by the days on them, never by how long it is."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from crawler.paging import ASTRAY, Course
from crawler.platforms.base import Entry
from pipelines.items import Hints

TODAY = date(2024, 1, 3)


def rows(*days: date, first: int = 0, title: str = "第{n}号通告") -> list[Entry]:
    return [Entry(f"http://a.gov.cn/{first + n}.html", Hints(title=title.format(n=n), published=day)) for n, day in enumerate(days)]  # fmt: skip  # noqa: E501


def test_a_page_under_new_addresses_is_no_new_page() -> None:
    course = Course()
    days = [TODAY - timedelta(days=n) for n in range(10)]
    assert not course.repeats(rows(*days))
    assert course.repeats(rows(*days, first=100))
    assert not course.repeats(rows(*days[1:], first=200))


def test_a_batch_of_one_title_and_day_is_no_repetition() -> None:
    course = Course()
    for page in range(5):
        assert not course.repeats(rows(*[TODAY] * 20, first=page * 20, title="行政处罚决定书"))


def after(pages: int, day_of_page: list[date]) -> int:
    course = Course()
    for number in range(pages):
        day = day_of_page[number % len(day_of_page)]
        course.follow(
            rows(*[day] * 5, date(2005, 1, 1)), TODAY
        )  # a row of 2005 on each page that no mark says is pinned
    return course.astray


@pytest.mark.parametrize(
    "days",
    [
        [TODAY - timedelta(days=n) for n in range(400)],
        [date(1990, 1, 1) + timedelta(days=n) for n in range(400)],
        [TODAY],
        [TODAY - timedelta(days=n // 60) for n in range(400)],
    ],
    ids=["back in time", "forward", "one day", "many of a day"],
)
def test_a_list_that_goes_on_in_time_is_read_on(days: list[date]) -> None:
    assert after(400, days) < ASTRAY


@pytest.mark.parametrize(
    "days",
    [
        [TODAY - timedelta(days=n % 30) for n in range(400)],
        [TODAY + timedelta(days=100 * n) for n in range(400)],
    ],
    ids=["round and round", "into the future"],
)
def test_a_list_that_leads_nowhere_is_endless(days: list[date]) -> None:
    assert after(400, days) >= ASTRAY
