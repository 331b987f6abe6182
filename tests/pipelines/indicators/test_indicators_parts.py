"""The parts of the indicator grammar, each by sentences as reports write them (invented places and figures)."""

from __future__ import annotations

from datetime import date

import pytest

from pipelines.indicators import read_indicators
from pipelines.indicators.fold import fold
from pipelines.indicators.numbers import chinese_value, read_arabic, read_chinese
from pipelines.indicators.times import bounds
from pipelines.indicators.units import dimension_of, unit_at
from pipelines.items import Indicator, Report


def read(text: str, title: str | None = "2021年工作总结", **fields: object) -> list[Indicator]:
    return read_indicators(text, report=Report(title=title, **fields))  # type: ignore[arg-type]


def one(text: str, title: str | None = "2021年工作总结") -> Indicator:
    found = read(text, title)
    assert len(found) == 1, [(x.name, x.value_text) for x in found]
    return found[0]


@pytest.mark.parametrize(
    ("text", "value", "end"),
    [
        ("1,234,567.8元", 1234567.8, 11),
        ("67665亿元", 6766500000000, 6),
        ("1.2万亿元", 1200000000000, 5),
        ("3百万人", 3000000, 3),
        ("1亿千瓦", 100000000, 2),
        ("5千瓦", 5, 1),
        ("12,34", 12, 2),
    ],
)
def test_arabic_numbers(text: str, value: float, end: int) -> None:
    number = read_arabic(text, 0)
    assert number is not None
    assert (number.value, number.end) == (value, end)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("三十二", 32),
        ("一百零五", 105),
        ("十二", 12),
        ("两千三百万", 23000000),
        ("二〇二一", 2021),
        ("三亿五千万", 350000000),
        ("五点五", 5.5),
    ],
)
def test_chinese_numbers(text: str, value: float) -> None:
    assert chinese_value(text) == value


@pytest.mark.parametrize(
    ("text", "value", "sign"),
    [("百分之五点五", 5.5, "%"), ("千分之3", 3, "‰"), ("百分之百", 100, "%"), ("三分之二", 0.666667, None)],
)
def test_parts_of_a_whole(text: str, value: float, sign: str | None) -> None:
    number = read_chinese(text, 0)
    assert number is not None
    assert (number.value, number.percent) == (value, sign)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("个百分点", "个百分点"),
        ("百分点", "个百分点"),
        ("个部门", "个"),
        ("部门", None),
        ("成立", None),
        ("人次", "人次"),
        ("人民", None),
        ("元/人", "元/人"),
        ("吨标准煤", "吨标准煤"),
        ("元宵", None),
    ],
)
def test_units(text: str, unit: str | None) -> None:
    found = unit_at(text, 0)
    assert (found.unit if found else None) == unit


def test_dimensions_keep_points_apart_from_percent() -> None:
    assert dimension_of("%") == "percent"
    assert dimension_of("个百分点") == "point"
    assert dimension_of("元") == "money"
    assert dimension_of("no such unit") is None


def test_folding_keeps_length() -> None:
    text = "１２．５％（全市）\u3000\t\ue000“甲”"
    assert len(fold(text)) == len(text)
    assert fold(text).startswith("12.5%(全市)")


@pytest.mark.parametrize(
    ("value", "first", "last"),
    [
        ("2021", "2021-01-01", "2021-12-31"),
        ("2021-Q3", "2021-07-01", "2021-09-30"),
        ("2024-01/2024-10", "2024-01-01", "2024-10-31"),
        ("../2020-02-27T07", None, "2020-02-27"),
        ("2021-10-01/..", "2021-10-01", None),
        ("2021-春运", None, None),
        (None, None, None),
    ],
)
def test_bounds_of_periods(value: str | None, first: str | None, last: str | None) -> None:
    assert bounds(value) == (first, last)


@pytest.mark.parametrize(
    ("text", "modifier", "lower", "upper"),
    [
        ("新增就业超8万人。", "超", 80000, None),
        ("新增就业近8万人。", "近", None, 80000),
        ("新增就业8万余人。", "余", 80000, None),
        ("新增就业约8万人。", "约", None, None),
        ("新增就业8万人以上。", "以上", 80000, None),
        ("项目签约8万元。", None, None, None),
        ("新增就业3-5万人。", None, 30000, 50000),
    ],
)
def test_modifiers_and_bounds(text: str, modifier: str | None, lower: float | None, upper: float | None) -> None:
    x = one(text)
    assert (x.modifier, x.lower, x.upper) == (modifier, lower, upper)


@pytest.mark.parametrize(
    ("text", "title", "value", "kind"),
    [
        ("全年新增就业8万人。", "2021年工作总结", "2021", "duration"),
        ("新增就业8万人。", "2023年上半年工作总结", "2023-01/2023-06", "duration"),
        ("三季度新增就业8万人。", "2021年工作总结", "2021-Q3", "duration"),
        ("1—9月，新增就业8万人。", "2021年工作总结", "2021-01/2021-09", "duration"),
        ("截至2021年6月底，参保8万人。", "2021年工作总结", "2021-06-30", "instant"),
        ("累计新增就业8万人。", "2021年工作总结", "../2021-12-31", "cumulative"),
        ("“十四五”期间新增就业8万人。", "2021年工作总结", "2021/2025", "duration"),
        ("较2020年增加项目，新增就业8万人。", "2021年工作总结", "2021", "duration"),
        ("2024年三季度末，贷款余额8亿元。", "2024年金融运行情况", "2024-09-30", "instant"),
        ("二季度末，贷款余额8亿元。", "2024年金融运行情况", "2024-06-30", "instant"),
        ("月末贷款余额8亿元。", "2023年末金融运行情况", "2023-12-31", "instant"),
        ("月末贷款余额8亿元。", "2024年13月5日通报", None, None),
        ("3月5日8时至6日8时，全市新增病例8例。", None, None, None),
    ],
)
def test_periods(text: str, title: str | None, value: str | None, kind: str | None) -> None:
    x = one(text, title)
    assert x.period is not None
    assert x.period.value == value or value is None
    assert x.period.type == kind or kind is None


def test_the_period_is_the_reports_not_the_publications() -> None:
    x = read("全市查处酒驾12起。", "2021年工作总结", published=date(2022, 1, 8))[0]
    assert x.period is not None
    assert (x.period.value, x.period.inferred) == ("2021", True)
    now = read("目前，关注用户41万人。", "2021年工作总结", published=date(2022, 1, 8))[0]
    assert now.period is not None
    assert now.period.value == "2022-01"


def test_comparison_amount_percent_and_proof() -> None:
    x = one("全年发生事故499起，较去年减少66起，同比下降11.68%。")
    assert x.comparison is not None
    assert (x.comparison.direction, x.comparison.amount, x.comparison.unit, x.comparison.percent) == (
        "down",
        66,
        "起",
        11.68,
    )
    assert (x.comparison.base, x.comparison.base_value) == ("去年", 565)
    proof = next(c for c in x.checks if c.check == "percent_of_base")
    assert proof.ok
    assert proof.detail is not None
    assert "11.68" in proof.detail
    wrong = one("全年发生事故499起，较去年减少66起，同比下降21.68%。")
    assert not wrong.checks[0].ok
    assert wrong.confidence < x.confidence - 0.2


def test_changes_without_a_level_are_records() -> None:
    first, second = read("民间投资增长2.1%，高于全国8.5个百分点。")
    assert (first.kind, first.name, first.value) == ("change", "民间投资", 2.1)
    assert (second.kind, second.unit) == ("change", "个百分点")
    assert second.comparison is not None
    assert second.comparison.base == "全国"


def test_from_to() -> None:
    rank = one("全市拥堵指数排名由去年同期的第3名降至第12名。")
    assert rank.kind == "rank"
    assert rank.rank is not None
    assert (rank.rank.from_, rank.rank.to) == (3, 12)
    level = one("污水收集率由2019年的41.6%提高到48.3%。")
    assert level.comparison is not None
    assert (level.value, level.comparison.base_value, level.comparison.direction) == (48.3, 41.6, "up")
    assert level.period is not None
    assert level.period.value == "2021"


def test_lists_share_their_verb_and_head() -> None:
    names = [x.name for x in read("全局获批准集体二等功2个、三等功1个、嘉奖1个。")]
    assert names == ["获批准集体二等功", "获批准集体三等功", "获批准集体嘉奖"]
    names = [x.name for x in read("新增规上工业企业12家、上云企业3家、境内外上市企业1家。")]
    assert all(n.startswith("新增") for n in names)


def test_respectively() -> None:
    found = read("甲产业、乙产业增加值分别为12亿元、34亿元，分别增长5%、6%。")
    assert [(x.name, x.value) for x in found] == [("甲产业增加值", 1200000000), ("乙产业增加值", 3400000000)]
    assert [x.comparison.percent for x in found if x.comparison] == [5, 6]
    town, country = read("城乡居民人均可支配收入分别增长4.4%、5.6%。")
    assert (town.name, country.name) == ("城镇居民人均可支配收入", "农村居民人均可支配收入")


def test_number_before_noun_and_elided_event() -> None:
    accidents, dead = read("全年高速公路发生事故97起，造成37人死亡。")
    assert "死亡" in dead.name
    assert "高速公路发生事故" in dead.name
    assert accidents.value == 97


def test_share_names_its_whole() -> None:
    found = read("全年查处酒驾5080起，占总数的49.69%。")
    assert found[1].kind == "rate"
    assert "酒驾" in found[1].name
    assert "占总数" in found[1].name


def test_places_of_a_bulletin() -> None:
    text = "2020年2月26日0—24时，全省新增确诊病例5例。其中：\n东江市3例（南屏区2例、桥头县1例）；\n西岭市2例。\n"
    found = read(text, None)
    assert [(x.name, x.region, x.value) for x in found[1:]] == [
        ("新增确诊病例", "东江市", 3),
        ("新增确诊病例", "东江市南屏区", 2),
        ("新增确诊病例", "东江市桥头县", 1),
        ("新增确诊病例", "西岭市", 2),
    ]
    assert {x.period.value for x in found if x.period} == {"2020-02-26"}
    assert any(c.check == "sum_of_parts" and c.ok for x in found for c in x.checks)


def test_aims_are_a_status_and_no_part_of_a_name() -> None:
    text = (
        "力争全市道路交通事故死亡人数下降5%以上，确保森林火灾受害率控制在0.9‰以内。努力实现地区生产总值增长6%。"
        "预计实现工业增加值100亿元。完成投资200亿元，力争增长7%。共争取资金3亿元。"
    )
    assert [(x.name, x.value_text.rstrip("%‰亿元"), x.status) for x in read(text, None)] == [
        ("道路交通事故死亡人数", "5", "target"),
        ("森林火灾受害率", "0.9", "target"),
        ("地区生产总值", "6", "target"),
        ("工业增加值", "100", "forecast"),
        ("完成投资", "200", "actual"),
        ("完成投资", "7", "target"),
        ("争取资金", "3", "actual"),
    ]


def test_targets_by_words_and_by_heading() -> None:
    text = "一、2023年工作回顾\n新增就业5万人。\n二、2024年工作安排\n新增就业6万人，力争增长7%。"
    found = read(text, "政府工作报告")
    assert [(x.status, x.period.value if x.period else None) for x in found] == [
        ("actual", "2023"),
        ("target", "2024"),
        ("target", "2024"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "索引号: 000014349/2022-2223480",
        "根据《统计法》第三十条和国发〔2021〕5号文件规定。",
        "联系电话：0552-6021874，邮编：233100。",
        "落实“21条”“18条”政策，夯实“1+6+N”制度。",
        "2022年1月8日18:30发布。",
        "一是坚持两个维护，二是抓好三大攻坚战，一体推进五个专项治理。",
        "第二轮督察、第十二届大会、第8.6代线、5G网络、G20峰会。",
        "12345热线和110报警服务台持续完善。",
        "1.加强领导\n2.落实责任\n(3)强化督导",
        "浏览次数：1024",
        "57座以上大客车、60周岁及以上老年人、规模在2000万元以上的企业。",
        "",
        "。。。，，，",
    ],
)
def test_what_is_no_indicator(text: str) -> None:
    assert read(text) == []


def test_zero_is_a_value() -> None:
    x = one("行政诉讼0起。")
    assert x.value == 0


def test_english_at_first_depth() -> None:
    text = (
        "Labour market report, third quarter 2023\n\nTotal employment rose 2.4 percent to 1.86 million in the third "
        "quarter of 2023, up from 1.82 million a year earlier. The unemployment rate was 4.1 percent, "
        "down 0.3 percentage points."
    )
    employment, rate = read_indicators(text, report=Report(title="Labour market report, third quarter 2023"))
    assert (employment.name, employment.value) == ("Total employment", 1860000)
    assert employment.comparison is not None
    assert (employment.comparison.percent, employment.comparison.base_value, employment.comparison.direction) == (
        2.4,
        1820000,
        "up",
    )
    assert employment.period is not None
    assert employment.period.value == "2023-Q3"
    assert (rate.kind, rate.value) == ("rate", 4.1)
    assert rate.comparison is not None
    assert (rate.comparison.amount, rate.comparison.unit) == (0.3, "个百分点")
