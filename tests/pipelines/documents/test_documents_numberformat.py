"""Cell values as the sheet prints them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.documents.numberformat import render


@pytest.mark.parametrize(
    ("value", "code", "printed"),
    [
        (1234.5, "General", "1234.5"),
        (0.1 + 0.2, "General", "0.3"),
        (100.0, "General", "100"),
        (1e12, "General", "1000000000000"),
        (1234.5, "#,##0.00", "1,234.50"),
        (-1234.5, "#,##0.00", "-1,234.50"),
        (-1234.5, "#,##0.00_);[Red](#,##0.00)", "(1,234.50)"),
        (-3.2, "0.0_ ;[Red]-0.0", "-3.2"),
        (0.1168, "0.00%", "11.68%"),
        (0.5, "0%", "50%"),
        (7.0, "000", "007"),
        (3.14159, "0.0##", "3.142"),
        (1234567.0, "#,##0,", "1,235"),
        (12.0, '0"人"', "12人"),
        (12.0, "￥0.00", "￥12.00"),
        (45200.0, "yyyy/m/d", "2023/10/1"),
        (45200.0, 'yyyy"年"m"月"d"日"', "2023年10月1日"),
        (45200.0, "[$-804]yyyy\\-mm\\-dd", "2023-10-01"),
        (45200.75, "yyyy-mm-dd hh:mm", "2023-10-01 18:00"),
        (0.5, "h:mm AM/PM", "12:00 PM"),
        (1.5, "[h]:mm", "36:00"),
        (5.0, "@", "5"),
        (0.0, "0;-0;;@", "0"),
    ],
)
def test_render(value: float, code: str, printed: str) -> None:
    assert render(value, code) == printed


def test_dates_of_the_other_calendar() -> None:
    assert render(0.0, "yyyy-mm-dd", date1904=True) == "1904-01-01"


@given(st.floats(-1e9, 1e9), st.text(alphabet='0#?,.%;[]"\\_*-ymdhs@/年 E+()', max_size=20))
def test_any_format_prints_something_bounded(value: float, code: str) -> None:
    assert len(render(value, code)) < 200
