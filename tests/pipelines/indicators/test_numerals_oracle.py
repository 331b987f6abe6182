"""Chinese numerals against another library's reading of them."""

from __future__ import annotations

import cn2an
from hypothesis import given
from hypothesis import strategies as st

from pipelines.indicators.numbers import chinese_value


@given(st.integers(0, 10**12 - 1))
def test_whole_numerals(number: int) -> None:
    assert chinese_value(cn2an.an2cn(number, "low")) == number


@given(st.integers(1, 99), st.integers(1, 999))
def test_digit_by_digit_fractions(whole: int, part: int) -> None:
    text = cn2an.an2cn(f"{whole}.{part:03d}", "low")
    assert abs((chinese_value(text) or 0) - float(f"{whole}.{part:03d}")) < 1e-9
