"""Lines of a series: periods of one kind, actuals apart from plans, each statement once, corrections marked."""

from __future__ import annotations

from typing import Any

import pytest

from pipelines.indicators.series_lines import Line, cadence, to_lines


def row(period: str, value: float, report: int = 1, *, text: str | None = None, **fields: Any) -> dict[str, Any]:
    end = period.split("/")[-1]
    return {
        "period": period, "period_start": period[:7], "period_end": end, "value": value, "report": report,
        "value_text": text if text is not None else f"{value:g}", "published": f"2024-01-{report:02d}",
        "status": "actual", **fields,
    }  # fmt: skip


def told(lines: list[Line]) -> dict[str, list[tuple[str | None, float]]]:
    return {f"{line.status} {line.cadence}": [(p.period, p.value) for p in line.points] for line in lines}


def test_months_running_totals_years_and_plans_are_lines_of_their_own() -> None:
    rows = [
        row("2023", 450), row("2022", 471), row("2023-01/2023-09", 342), row("2022-01/2022-09", 358),
        row("2023-09", 38), row("2023-Q3", 117), row("2024", 430, status="target"), row("../2023-06-30", 9000),
    ]  # fmt: skip
    assert told(to_lines(rows)) == {
        "actual year": [("2022", 471), ("2023", 450)],
        "actual quarter": [("2023-Q3", 117)],
        "actual month": [("2023-09", 38)],
        "actual ytd-09": [("2022-01/2022-09", 358), ("2023-01/2023-09", 342)],
        "actual to": [("../2023-06-30", 9000)],
        "target year": [("2024", 430)],
    }


@pytest.mark.parametrize(
    ("period", "kind"),
    [
        ("2021-01/2021-12", "year"), ("2021-12-31", "year"), ("2021-06-30", "day"), ("2016/2020", "years"),
        ("2021-04/2021-06", "span-04-06"), ("2021-05/..", "since"), ("2020-11/2021-02", "years"), (None, "other"),
    ],
)  # fmt: skip
def test_kinds_of_periods(period: str | None, kind: str) -> None:
    assert cadence(period) == kind


def test_a_first_quarter_without_others_goes_with_the_running_totals() -> None:
    lines = told(to_lines([row("2022-Q1", 10), row("2023-01/2023-03", 12)]))
    assert lines == {"actual ytd-03": [("2022-Q1", 10), ("2023-01/2023-03", 12)]}


def test_what_a_report_states_twice_and_others_repeat_is_one_point() -> None:
    rows = [
        row("2023", 1.1e11, text="约1100亿"),
        row("2023", 1.1005e11, text="1100.5"),
        row("2023", 1.1e11, 2, text="1100亿"),
    ]
    [line] = to_lines(rows)
    [point] = line.points
    assert point.value == 1.1005e11, "the most precise"
    assert [r["report"] for r in point.stated] == [1, 2]


def test_a_later_report_gives_another_value() -> None:
    [line] = to_lines([row("2022", 471, 1), row("2022", 470, 2), row("2023", 450, 2)])
    assert [(p.value, p.superseded) for p in line.points] == [(471, True), (470, False), (450, False)]
    assert [p.value for p in line.current] == [470, 450]


def test_two_values_of_one_report_are_no_correction() -> None:
    [line] = to_lines([row("2022", 471, 1), row("2022", 30, 1)])
    assert [(p.value, p.superseded) for p in line.points] == [(471, False), (30, False)]


def test_the_last_day_of_a_year_stands_for_it() -> None:
    [line] = to_lines([row("2021-12-31", 95.6), row("2022", 96.1)])
    assert [p.period for p in line.points] == ["2021-12-31", "2022"]
