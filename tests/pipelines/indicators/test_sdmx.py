"""SDMX-CSV: one header, one row a figure, no cell that a spreadsheet would calculate."""

from __future__ import annotations

import csv
import io

import pytest

from pipelines.indicators.sdmx import COLUMNS, DIMENSIONS, time_period, to_sdmx_csv

RECORD = {
    "name": "酒驾事故",
    "series": "酒驾事故||贵阳|count|",
    "value": 499,
    "unit": "起",
    "status": "actual",
    "period": {"value": "2021"},
    "region": "贵阳市",
    "comparison": {"base": "去年", "direction": "down", "percent": 11.68},
    "quote": "=cmd|' /C calc'!A0",
    "qualifiers": ["夜间", "城区"],
    "confidence": 0.95,
    "url": "https://www.example.gov.cn/a,b.html",
}


def rows(*records: dict[str, object]) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO("".join(to_sdmx_csv(records)))))


def test_a_figure_as_a_row() -> None:
    (row,) = rows(RECORD)
    assert tuple(row) == COLUMNS
    assert (row["STRUCTURE"], row["ACTION"]) == ("dataflow", "I")
    assert (row["REF_AREA"], row["TIME_PERIOD"], row["UNIT_MEASURE"], row["OBS_VALUE"]) == (
        "贵阳市",
        "2021",
        "起",
        "499",
    )
    assert (row["OBS_STATUS"], row["COMPARISON_PERCENT"], row["CONF_VALUE"]) == ("A", "-11.68", "0.95")
    assert row["SOURCE_URL"] == RECORD["url"]


def test_formulas_are_neutral_and_negative_numbers_stay_numbers() -> None:
    (row,) = rows({**RECORD, "name": "@SUM(1)", "region": "+86", "value": -3.5})
    assert row["COMMENT_OBS"].startswith("'=")
    assert row["INDICATOR_NAME"].startswith("'@")
    assert row["REF_AREA"].startswith("'+")
    assert row["OBS_VALUE"] == "-3.5"


def test_figures_without_value_or_period_are_left_out_and_counted() -> None:
    count = [0]
    lines = list(to_sdmx_csv([{**RECORD, "value": None}, {**RECORD, "period": None}, RECORD], count))
    assert len(lines) == 2
    assert count == [2]


def test_codes_fill_the_gaps() -> None:
    (row,) = rows({"name": "甲", "value": 1e13, "status": "target", "period": {"value": "2024"}})
    assert (row["REF_AREA"], row["UNIT_MEASURE"], row["REPORT"], row["OBS_VALUE"]) == (
        "_Z",
        "_Z",
        "_Z",
        "10000000000000",
    )
    assert (row["SCENARIO"], row["OBS_STATUS"]) == ("TARGET", "T")


def test_the_dimensions_tell_all_rows_apart() -> None:
    figures = [
        {**RECORD, "report": {"id": 7}},
        {**RECORD, "report": {"id": 7}, "quote": "once more"},
        {**RECORD, "report": {"id": 7}, "value": 500},
        {**RECORD, "report": {"id": 7}, "status": "target", "value": 480},
        {**RECORD, "report": {"id": 8}},
    ]
    found = rows(*figures)
    keys = [tuple(row[name] for name in DIMENSIONS) for row in found]
    assert len(keys) == len(set(keys)) == 4
    assert [row["REPORT"] for row in found] == ["7", "7-2", "7", "8"]


def test_falls_are_negative_and_small_numbers_keep_their_digits() -> None:
    (row,) = rows({**RECORD, "kind": "change", "value": 2.4, "unit": "%"})
    assert row["OBS_VALUE"] == "-2.4"
    (row,) = rows({**RECORD, "value": 0.00000064})
    assert row["OBS_VALUE"] == "0.00000064"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("2021-Q3", "2021-Q3"),
        ("2021-09-01", "2021-09-01"),
        ("2021-09-01T07", "2021-09-01T07:00:00"),
        ("2021-01/2021-09", "2021-01-01/P9M"),
        ("2021/2025", "2021-01-01/P5Y"),
        ("2021-01-05/2021-01-11", "2021-01-05/P7D"),
        ("../2021-12-31", "2021-12-31"),
        ("2021/..", "2021"),
        ("2021-12/2021-01", "_Z"),
        ("spring", "_Z"),
        (None, "_Z"),
    ],
)
def test_periods(value: str | None, written: str) -> None:
    assert time_period({"value": value}) == written
