"""Offsets hold and time stays linear on any text."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.indicators import read_indicators
from pipelines.indicators.reader import MAX_FIGURES, MAX_TEXT
from pipelines.items import Indicator, Report, to_record

_PIECES = [
    "2021年",
    "1—10月",
    "今年",
    "截至",
    "全市",
    "查处",
    "酒驾",
    "499起",
    "，",
    "、",
    "。",
    "；",
    "同比",
    "下降",
    "11.68%",
    "较去年",
    "减少",
    "66起",
    "(",
    ")",
    "（",
    "）",
    "其中",
    "分别",
    "为",
    "和",
    "第3名",
    "由",
    "降至",
    "“",
    "”",
    "《",
    "》",
    "三起",
    "百亿次",
    "1,234.5万元",
    "１２３",
    "％",
    "3-5个",
    "个百分点",
    "\n",
    " ",
    "：",
    ":",
    "占",
    "达到",
    "超",
    "近",
    "余",
    "以上",
    "\ue000",
    "\ue001",
    "\ue002",
    "𠮷",
    "\u200b",
    "5G",
    "rose",
    "5.5 percent",
    "to",
    "$3.2 million",
]


def _holds(text: str, found: list[Indicator]) -> None:
    last = -1
    for x in found:
        assert text[x.start : x.end] == x.value_text
        assert x.value_text
        assert x.start > last
        assert 0 < x.confidence <= 1
        last = x.start
        to_record(x)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(_PIECES), max_size=60).map("".join))
def test_value_text_is_the_text_at_its_offsets(text: str) -> None:
    _holds(text, read_indicators(text, report=Report(title="2021年工作总结")))


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    _holds(text, read_indicators(text, report=Report()))


@pytest.mark.parametrize(
    "unit",
    [
        "1234567890",
        "123,456,",
        "12，34，",
        "一二三四五六七八九十百千万",
        "2021年1月2日3时",
        "(1起(",
        "“1”",
        "查处酒驾12起、醉驾3起、",
        "A和B分别为3人、4人、",
        "比上年比去年同期比2020年增长",
        "《1《",
        "1:2:3/4-5~6",
        "1 234 ",
        "5%",
        "（一）1.1.1",
        "a1-",
        "第1",
        "由1起增加到2起",
        "rose 5.5 percent to 3.2 million from ",
    ],
)
def test_hostile_repetition_ends(unit: str) -> None:
    """A megabyte of one pattern ends well within the suite's time limit: work grows with length, not its square."""
    text = unit * (250_000 // len(unit))
    found = read_indicators(text, report=Report())
    _holds(text, found)
    assert len(found) <= MAX_FIGURES


def test_a_megabyte_of_digits_is_no_figure() -> None:
    rng = random.Random(1)
    text = "".join(rng.choice("0123456789") for _ in range(1_000_000))
    assert read_indicators(text, report=Report()) == []


def test_ten_megabytes_are_bounded() -> None:
    text = "深入学习贯彻会议精神。" * 1_000_000
    assert len(text) > 10 * MAX_TEXT
    assert read_indicators(text, report=Report()) == []
    beyond = "查处酒驾3人。" + "学" * MAX_TEXT + "查处酒驾5人。"
    assert [x.value for x in read_indicators(beyond, report=Report())] == [3]


def test_spam_and_noise_lower_the_confidence_and_name_nothing_false() -> None:
    spam = "凯发k8娱乐365，夯实了“1 6 n”的辅警管理制度设计，注册送88元。"
    for x in read_indicators(spam, report=Report()):
        assert x.value_text not in ("1", "6", "8", "365")
    noisy = read_indicators("全市共査処１２３４起,同比下卩5.2%", report=Report())
    assert [x.value for x in noisy][:1] == [1234]
