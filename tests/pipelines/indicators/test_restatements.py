"""Restatements between two reports as they are read from their words: the true ones, and what only looks like one."""

from __future__ import annotations

from datetime import date

import pytest

from pipelines.indicators import read_indicators
from pipelines.indicators.series import Restatement, find_restatements, observations
from pipelines.items import Report

TRUE = {
    "another amount leads to another value": (
        "2021年，全市发生道路交通事故499起。",
        "2022年，全市发生道路交通事故471起，同比减少30起。",
        (499, 501),
    ),
    "a percentage of a count leads far off": (
        "2021年，查处酒后驾驶2000起。",
        "2022年，查处酒后驾驶2400起，同比上升33.3%。",
        (2000, 1800.4501125281322),
    ),
    "printed again": ("2021年，全市新增城镇就业12000人。", "2021年，全市新增城镇就业11860人。", (12000, 11860)),
    "verified": (
        "初步核算，2021年全市地区生产总值1240.5亿元。",
        "2021年全市地区生产总值经核实为1251.9亿元。",
        (124_050_000_000, 125_190_000_000),
    ),
    "verified, with the place's name": (
        "初步核算，2021年全市地区生产总值1240.5亿元。",
        "经最终核实，2021年宁江市地区生产总值为1251.9亿元。",
        (124_050_000_000, 125_190_000_000),
    ),
}
FALSE = {
    "consistent": ("2021年，全市发生道路交通事故499起。", "2022年，全市发生道路交通事故471起，同比减少28起。"),
    "rounded percentage": ("2021年，全市发生道路交通事故499起。", "2022年，全市发生道路交通事故471起，同比下降6%。"),
    "万 after units": ("2021年底，全市机动车保有量683215辆。", "2021年底，全市机动车保有量68.32万辆。"),
    "units after 万": ("2021年底，全市机动车保有量68.32万辆。", "2021年底，全市机动车保有量683215辆。"),
    "亿 with fewer decimals": ("2021年，全市地区生产总值1240.52亿元。", "2021年全市地区生产总值1241亿元。"),
    "another region": ("2021年，全市新增城镇就业12000人。", "2021年，东山区新增城镇就业3100人。"),
    "a part of the year": ("2021年，全市新增城镇就业12000人。", "2021年前三季度，全市新增城镇就业9100人。"),
    "last year's same period": (
        "2021年，全市发生道路交通事故499起。",
        "2022年上半年，全市发生道路交通事故230起，去年同期为250起。",
    ),
    "growth of money at comparable prices": (
        "2021年，全市地区生产总值1240.5亿元。",
        "2022年，全市地区生产总值1310.5亿元，比上年增长3.2%。",
    ),
    "vague": ("2021年，查处酒后驾驶1983起。", "2021年，查处酒后驾驶近2000起。"),
    "a plan": ("2022年，力争道路交通事故控制在480起以内。", "2022年，全市发生道路交通事故471起。"),
    "a part": ("2021年，全市发生道路交通事故499起。", "2021年，全市发生一般道路交通事故455起。"),
    "month on month": ("2021年5月，全市受理案件100件。", "2021年6月，全市受理案件120件，环比增加10件。"),
    "all until then": ("2021年，全市新建停车泊位3000个。", "截至2021年底，全市累计新建停车泊位12000个。"),
    "another unit": ("2021年，全市培训12000人次。", "2021年，全市培训800场。"),
    "the city itself and all of it": (
        "2021年，全市一般公共预算收入97.1亿元。",
        "2021年，市本级一般公共预算收入38.6亿元。",
    ),
    "a report with several": (
        "2021年，查处违法停车1000起。",
        "2021年，查处违法停车1000起，其中城区查处违法停车800起，郊区查处违法停车200起。",
    ),
}


def restated(earlier: str, later: str) -> list[Restatement]:
    said = []
    for number, text in enumerate((earlier, later)):
        report = Report(
            title="宁江市工作总结", published=date(2022 + number, 3, 1), publisher="宁江市统计局", body=text
        )
        figures = read_indicators(text, report=report)
        said.append([o for figure in figures for o in observations(figure, report=number)])
    return find_restatements(said[1], said[0])


@pytest.mark.parametrize("case", TRUE)
def test_a_later_report_that_says_otherwise(case: str) -> None:
    earlier, later, values = TRUE[case]
    [found] = restated(earlier, later)
    assert (found.old.value, found.new.value) == pytest.approx(values)
    assert found.old.quote
    assert found.new.quote


@pytest.mark.parametrize("case", FALSE)
def test_what_only_looks_like_it(case: str) -> None:
    earlier, later = FALSE[case]
    assert restated(earlier, later) == []
