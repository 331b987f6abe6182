"""Which two reports may restate each other: of one bureau, and issues of one publication where the year is guessed."""

from __future__ import annotations

import pytest

from pipelines.storage.restatements import same_bureau, same_publication


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2023年宁江市国民经济和社会发展统计公报", "宁江市2024年国民经济和社会发展统计公报", True),
        ("2024年全市火灾形势分析", "2024年全市火灾形势分析（更正）", True),
        ("二〇二三年工作总结", "2024年度工作总结", True),
        ("2024年春节假期旅游市场综述", "2024年国庆假期旅游市场综述", False),
        ("2023年五一假期旅游市场综述", "2024年十一假期旅游市场综述", False),
        ("2024年1—2月经济运行情况", "2024年1—3月经济运行情况", False),
        ("2024年一季度经济运行情况", "2024年前三季度经济运行情况", False),
        ("抽检通告（2024年第1期）", "抽检通告（2024年第1期）", False),
        ("宁江市教育局2024年政府信息公开工作年度报告", "宁江市财政局2024年政府信息公开工作年度报告", False),
        (None, None, False),
    ],
)
def test_issues_of_one_publication(one: str | None, other: str | None, *, same: bool) -> None:
    assert same_publication(one, other) is same


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (("工作总结", "宁江市统计局"), ("统计公报", "市统计局"), True),
        (("工作总结", "宁江市统计局"), ("统计公报", None), True),
        (("工作总结", "宁江市统计局"), ("决算报告", "宁江市财政局"), False),
        (("工作总结", "宁江市公安局"), ("工作总结", "东山区公安局"), False),
        (("宁江市教育局2024年年报", "宁江市人民政府"), ("宁江市财政局2024年年报", "宁江市人民政府"), False),
        (("2024年宁江市教育局年报", "宁江市人民政府"), ("宁江市教育局2023年年报", "宁江市人民政府"), True),
        (("关于宁江市2024年财政决算的报告", None), ("2024年统计公报", None), True),
    ],
)
def test_one_bureau(one: tuple[str, str | None], other: tuple[str, str | None], *, same: bool) -> None:
    assert same_bureau(one, other) is same
    assert same_bureau(other, one) is same
