"""One identity for an observation in all its wordings; restatements that are real ones."""

from __future__ import annotations

from typing import Any

import pytest

from pipelines.indicators.series import Observation, find_restatements, observations, series_key, year_before
from pipelines.items import Comparison, Indicator, Period


def indicator(name: str, value: float, text: str | None = None, period: str = "2021", **fields: Any) -> Indicator:
    fields.setdefault("unit", "人")
    fields.setdefault("region", "贵阳市")
    return Indicator(
        name=name, value=value, value_text=text or f"{value:g}", period=Period(value=period, type="duration"), **fields
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (indicator("死亡人数", 7, subject="交通事故"), indicator("2021年全市道路交通事故死亡人数", 7)),
        (indicator("交通事故死亡", 7), indicator("交通事故死亡总人数", 7)),
        (indicator("地区生产总值", 1, unit="元"), indicator("GDP", 1, unit="元", region="贵阳")),
        (indicator("社会消费品零售总额", 1, unit="元"), indicator("全市实现社会消费品零售额", 1, unit="元")),
        (
            indicator("查处酒驾", 1, unit="起", qualifiers=["夜间", "城区"]),
            indicator("查处酒驾", 2, unit="起", qualifiers=["城区", "夜间"]),
        ),
        (
            indicator("命案破案率", 1, unit="%", kind="rate"),
            indicator("“命案”破案率", 1, unit="%", kind="rate", period="2022"),
        ),
        (indicator("贵阳市事故起数", 1, unit="起"), indicator("事故", 2, unit="起")),
    ],
)
def test_wordings_of_one_observation_share_a_key(one: Indicator, other: Indicator) -> None:
    assert series_key(one) == series_key(other)


ALIKE = [
    ("发生道路交通事故", "起", "道路交通事故起数", "起"),
    ("道路交通事故发生死亡人数", "人", "交通事故死亡人数", "人"),
    ("年末全市常住人口", "人", "常住人口", "人"),
    ("全市机动车保有量", "辆", "机动车保有量", "辆"),
    ("力争道路交通事故", "起", "道路交通事故", "起"),
    ("地区生产总值", "元", "全市实现地区生产总值", "元"),
    ("GDP", "元", "地区生产总值", "元"),
    ("规模以上工业增加值", "%", "规上工业增加值", "%"),
    ("城镇新增就业人数", "人", "新增城镇就业", "人"),
    ("社会消费品零售总额", "元", "全市社会消费品零售总额达", "元"),
    ("财政一般公共预算收入", "元", "一般公共预算收入完成", "元"),
    ("居民消费价格总水平", "%", "居民消费价格", "%"),
    ("受理行政复议案件", "件", "行政复议案件受理数", "件"),
    ("行政处罚案件", "件", "行政处罚案件数", "件"),
    ("粮食总产量", "吨", "粮食产量", "吨"),
    ("城镇居民人均可支配收入", "元", "城镇常住居民人均可支配收入", "元"),
    ("驾驶人", "人", "机动车驾驶人数量", "人"),
    ("截至年底机动车保有量", "辆", "机动车保有量", "辆"),
    ("空气质量优良天数比例", "%", "空气质量优良率", "%"),
    ("固定资产投资", "元", "全社会固定资产投资完成额", "元"),
    ("进出口总额", "元", "货物进出口总值", "元"),
    ("因酒驾导致事故", "起", "酒驾导致的事故", "起"),
    ("接处警", "起", "接处警总量", "起"),
    ("第一产业增加值", "元", "第一产业实现增加值", "元"),
    ("用户", "户", "用户数", "户"),
    ("病例", "例", "病例数", "例"),
    ("企业", "户", "企业户数", "户"),
    ("新增市场主体", "户", "全市新增市场主体户数", "户"),
    ("学生人数", "人", "学生", "人"),
    ("接诉即办受理", "件", "受理接诉即办件数", "件"),
    ("医疗卫生机构数", "个", "医疗卫生机构", "个"),
]
UNLIKE = [
    ("新增就业", "人", "就业", "人"),
    ("受理案件", "件", "办结案件", "件"),
    ("城镇居民人均可支配收入", "元", "农村居民人均可支配收入", "元"),
    ("常住人口", "人", "户籍人口", "人"),
    ("交通事故死亡人数", "人", "交通事故受伤人数", "人"),
    ("一般公共预算收入", "元", "一般公共预算支出", "元"),
    ("存款余额", "元", "贷款余额", "元"),
    ("事故", "起", "亡人事故", "起"),
    ("第一产业增加值", "元", "第二产业增加值", "元"),
    ("驾驶人", "人", "驾校", "人"),
    ("病床使用率", "%", "病床", "张"),
    ("出口额", "元", "进出口额", "元"),
    ("发病率", "%", "发病数", "例"),
    ("犯罪率", "%", "发案率", "%"),
    ("工业投资", "元", "民间投资", "元"),
    ("计划生育", "件", "生育", "件"),
    ("完成率", "%", "合格率", "%"),
    ("汽车", "辆", "新能源汽车", "辆"),
]


@pytest.mark.parametrize(("one", "unit", "other", "other_unit"), ALIKE)
def test_other_words_for_one_thing(one: str, unit: str, other: str, other_unit: str) -> None:
    assert series_key(indicator(one, 1, unit=unit)) == series_key(indicator(other, 1, unit=other_unit))


@pytest.mark.parametrize(("one", "unit", "other", "other_unit"), UNLIKE)
def test_words_that_mean_something_else(one: str, unit: str, other: str, other_unit: str) -> None:
    assert series_key(indicator(one, 1, unit=unit)) != series_key(indicator(other, 1, unit=other_unit))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (indicator("死亡人数", 7, subject="交通事故"), indicator("死亡人数", 7, subject="火灾")),
        (indicator("交通事故死亡", 7), indicator("交通事故受伤", 7)),
        (indicator("用电量", 7, unit="千瓦时"), indicator("用电量", 7, unit="%", kind="rate")),
        (indicator("用电量", 7, unit="%", kind="change"), indicator("用电量", 7, unit="%", kind="rate")),
        (indicator("事故", 7, region="南明区"), indicator("事故", 7, region="贵阳市")),
        (indicator("出口总额", 7, unit="元"), indicator("进出口总额", 7, unit="元")),
        (indicator("查处酒驾", 1, qualifiers=["夜间"]), indicator("查处酒驾", 1)),
    ],
)
def test_different_observations_have_different_keys(one: Indicator, other: Indicator) -> None:
    assert series_key(one) != series_key(other)


def test_region_of_the_agency_where_the_figure_names_none() -> None:
    bare = indicator("事故", 1, unit="起", region=None)
    assert series_key(bare, agency="贵阳市公安局交通管理局") == series_key(indicator("事故", 1, unit="起"))
    assert series_key(bare, region="贵阳市") == series_key(indicator("事故", 1, unit="起"))
    assert series_key(bare) != series_key(indicator("事故", 1, unit="起"))


def test_keys_are_bounded_and_distinct() -> None:
    keys = {series_key(indicator("甲" * 400 + tail, 1)) for tail in "一二"}
    assert len(keys) == 2
    assert all(len(key) <= 300 for key in keys)


def said(*found: Indicator, report: int) -> list[Observation]:
    return [o for i in found for o in observations(i, report=report)]


OLD = said(indicator("酒驾事故", 565, unit="起", period="2020", quote="酒驾事故565起"), report=1)


def restated(comparison: Comparison, **fields: Any) -> list[Any]:
    new = indicator("酒驾事故", 499, unit="起", quote="酒驾事故499起", comparison=comparison, **fields)
    return find_restatements(said(new, report=2), OLD)


def test_another_amount_for_last_year_is_a_restatement_with_both_quotes() -> None:
    found = restated(Comparison(base="去年", direction="down", amount=60, unit="起", base_value=559))
    assert len(found) == 1
    details = found[0].details
    assert (details["old"], details["new"], details["period"], details["derived"]) == (565, 559, "2020", True)
    assert (details["old_quote"], details["new_quote"]) == ("酒驾事故565起", "酒驾事故499起")


def test_a_percentage_that_leads_to_another_value_is_a_restatement() -> None:
    assert restated(Comparison(base="同比", direction="down", percent=15.0))


@pytest.mark.parametrize(
    "comparison",
    [
        Comparison(base="去年", direction="down", amount=66, unit="起", base_value=565),
        Comparison(base="同比", direction="down", percent=11.68),
        Comparison(base="同比", direction="down", percent=11.7),
        Comparison(base="同比", direction="down", percent=12),
        Comparison(base="上月", direction="down", amount=1, unit="起", base_value=500),
        Comparison(base="去年", direction="down", percent=20, text="按可比口径下降20%"),
        Comparison(base="计划", direction="down", percent=20),
        Comparison(),
    ],
)
def test_rounding_other_bases_and_comparable_scopes_are_none(comparison: Comparison) -> None:
    assert restated(comparison) == []


def test_growth_of_money_at_comparable_prices_restates_nothing() -> None:
    old = said(indicator("地区生产总值", 64_697e8, "64697", "2024", unit="元"), report=1)
    new = indicator(
        "地区生产总值",
        67_665e8,
        "67665亿",
        "2025",
        unit="元",
        comparison=Comparison(base="同比", direction="up", percent=5.5),
    )
    assert find_restatements(said(new, report=2), old) == []


def test_a_later_report_prints_the_same_period_otherwise() -> None:
    old = said(indicator("命案破案率", 99.1, "99.1%", unit="%", kind="rate"), report=1)
    same = said(indicator("命案破案率", 99.12, "99.12%", unit="%", kind="rate"), report=2)
    other = said(indicator("命案破案率", 98.9, "98.9%", unit="%", kind="rate"), report=2)
    assert find_restatements(same, old) == []
    assert [r.new.value for r in find_restatements(other, old)] == [98.9]
    assert find_restatements(other, [*old, *other]) == [], "a report contradicts itself: nobody knows"


@pytest.mark.parametrize(
    "new",
    [
        indicator("酒驾事故", 560, unit="起", period="2020", status="target"),
        indicator("酒驾事故", 560, unit="起", period="2020-01"),
        indicator("酒驾事故", 560, unit="件", period="2020"),
        indicator("酒驾事故", 560, unit="起", period="2020", modifier="近"),
        indicator("酒驾事故", 560, unit="起", period="2020", confidence=0.3),
        indicator("酒驾事故", 560, unit="起", period="2020", region="遵义市"),
    ],
)
def test_targets_other_periods_units_regions_and_vague_values_restate_nothing(new: Indicator) -> None:
    assert find_restatements(said(new, report=2), OLD) == []


def test_a_final_value_restates_a_provisional_one_and_a_report_never_itself() -> None:
    first = indicator("酒驾事故", 560, unit="起", period="2020", status="provisional")
    assert find_restatements(OLD, said(first, report=0))
    assert find_restatements(OLD, said(first, report=1)) == []


def test_the_year_before() -> None:
    assert year_before("2021") == "2020"
    assert year_before("2021-Q3") == "2020-Q3"
    assert year_before("2021-01/2021-09") == "2020-01/2020-09"
    assert year_before("../2021-12-31") == "../2020-12-31"
    assert year_before("") is None
