"""What a crawl comes to, by what it met: pure judgements over tallies."""

from __future__ import annotations

from typing import Any

import pytest

from crawler.outcome import judge
from crawler.spiders.report import Tally, Trouble

GONE = Trouble("http-4xx", "http://bureau.gov.cn/1.html", "")


def tally(read: int = 0, missing: int = 0, **values: Any) -> Tally:
    tasks: list[Any] = [GONE] * missing
    return Tally(read=read, failed=missing, missing=tasks, page_troubles=[GONE] * missing, **values)


@pytest.mark.parametrize(
    ("read", "missing", "failure", "believed"),
    [
        (20, 1, None, True),
        (0, 1, None, True),  # believed where the source has no other page (see CrawlRecord)
        (1, 3, None, True),
        (0, 3, "layout-changed", False),  # all that was asked for is gone: the site is ill
        (10, 6, "layout-changed", False),
        (20, 6, None, True),
    ],
)
def test_absences(read: int, missing: int, failure: str | None, believed: bool) -> None:
    outcome = judge(tally(read, missing), finished=True)
    assert (outcome.failure, outcome.believe_missing) == (failure, believed)


def test_a_column_that_failed_makes_no_absence_believable() -> None:
    outcome = judge(tally(20, 1, column_troubles=[GONE]), finished=True)
    assert (outcome.ok, outcome.believe_missing) == (False, False)
