"""Wordings that were once read wrongly: one sentence each, in our own words."""

from __future__ import annotations

import pytest

from pipelines.indicators import read_indicators
from pipelines.items import Indicator, Report


def read(text: str, title: str = "2024年工作总结") -> list[Indicator]:
    found = read_indicators(text, report=Report(title=title))
    for x in found:
        assert text[x.start : x.end] == x.value_text
    return found


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("全年查处无证经营违法行为37起。", "查处无证经营违法行为", 37),
        ("年末在校学生6.3万人。", "在校学生", 63000),
        ("人口自然增长率为-1.35‰。", "人口自然增长率", -1.35),
        ("人均地区生产总值58120元。", "人均地区生产总值", 58120),
        ("全市生产总值3127.4亿元。", "生产总值", 312740000000),
        ("全年总诊疗人次3.2亿。", "总诊疗人次", 320000000),
    ],
)
def test_names_and_values_stay_whole(text: str, name: str, value: float) -> None:
    (found,) = read(text)
    assert (found.name, found.value) == (name, value)


def test_births_do_not_name_deaths() -> None:
    names = [x.name for x in read("出生率为6.01‰；死亡人口2.2万人，死亡率为7.13‰。")]
    assert names[1:] == ["死亡人口", "死亡率"]


def test_an_amount_beside_its_level_is_its_comparison() -> None:
    (found,) = read("油料总产量31.5万吨，增产1.2万吨，增长4.0%。")
    assert found.comparison is not None
    assert (found.comparison.amount, found.comparison.percent, found.comparison.direction) == (12000, 4.0, "up")


def test_subjects_in_a_row_have_their_own_values() -> None:
    found = read("道路交通事故起数、受伤人数同比下降12.5%、8.3%。")
    assert [(x.name, x.value) for x in found] == [("道路交通事故起数", 12.5), ("受伤人数", 8.3)]


def test_each_of_a_list_has_its_own_direction() -> None:
    found = read("受理首次申请5200件，受理复审申请310件，比2020年分别下降4.5%、上升7.2%。")
    changes = [(x.comparison.direction, x.comparison.percent) for x in found if x.comparison]
    assert changes == [("down", 4.5), ("up", 7.2)]


def test_a_base_may_print_its_own_value() -> None:
    (found,) = read("全市共接报警情820起，比去年同期的900起减少80起，同比下降8.89%。")
    assert found.comparison is not None
    assert (found.comparison.base_value, found.comparison.percent) == (900, 8.89)


def test_ratios_have_no_unit() -> None:
    (found,) = read("城乡居民收入比由上年的1.98缩小至1.93。")
    assert found.comparison is not None
    assert (found.value, found.comparison.base, found.comparison.base_value) == (1.93, "上年", 1.98)


def test_a_share_of_a_plan() -> None:
    found = read("一般公共预算收入累计完成3120万元，完成年初预算数8000万元的39.0%，比上年减收150万元，下降4.6%。")
    assert [x.value for x in found] == [31200000, 39.0]
    assert found[0].comparison is not None
    assert (found[0].comparison.amount, found[0].comparison.percent) == (1500000, 4.6)


def test_a_unit_printed_once_is_that_of_all() -> None:
    found = read("二氧化硫、可吸入颗粒物、细颗粒物平均浓度分别为9、51、30微克/立方米。")
    assert [(x.value, x.unit) for x in found] == [(9, "微克/立方米"), (51, "微克/立方米"), (30, "微克/立方米")]


def test_two_months_are_a_span() -> None:
    (found,) = read("今年1、2月份查处超载车辆45辆。")
    assert found.period is not None
    assert found.period.value == "2024-01/2024-02"


def test_rules_observe_nothing() -> None:
    text = (
        "第一条 申请人应当自收到通知之日起15个工作日内提交材料。\n"
        "第二条 从业人员不得少于10人，注册资金不得低于50万元。\n"
        "第三条 违反规定的，处以2000元以上罚款，应当在5日内缴纳。"
    )
    assert read(text, "城市停车场管理办法") == []
