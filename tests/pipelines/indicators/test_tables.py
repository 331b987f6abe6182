"""Statistical tables become observations; other tables become nothing."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipelines.indicators.table_cells import read_number, split_unit, unit_line
from pipelines.indicators.tables import read_report_tables, read_table_indicators
from pipelines.items import Indicator, Report


def grid(text: str) -> list[list[str]]:
    return [row.strip().split("|") for row in text.strip().split("\n")]


def read(text: str, *captions: str, title: str | None = None, **fields: Any) -> list[Indicator]:
    report = Report(title=title, published=date(2024, 2, 1), **fields)
    return read_table_indicators(grid(text), report=report, captions=list(captions))


def by_name(found: list[Indicator], name: str, period: str | None = None, region: str | None = None) -> Indicator:
    fits = [i for i in found if i.name == name and i.region == (region or i.region)]
    fits = [i for i in fits if period is None or (i.period is not None and i.period.value == period)]
    assert len(fits) == 1, [(i.name, i.region, i.period) for i in found]
    return fits[0]


def test_levels_take_their_rows_changes_as_comparisons() -> None:
    found = read(
        """
        指 标|计量单位|1-11月|同比增长（%）
        固定资产投资|亿元|2,310.4|3.5
        其中：工业投资|亿元|820.0|-1.2
        全社会用电量|万千瓦时|45000|—
        """,
        "2023年1-11月主要经济指标",
        title="2023年1-11月经济运行情况",
    )
    assert len(found) == 3
    whole = by_name(found, "固定资产投资")
    assert (whole.value, whole.value_text, whole.unit, whole.kind) == (231_040_000_000, "2,310.4", "元", "level")
    assert whole.period is not None
    assert (whole.period.value, whole.period.start, whole.period.end) == ("2023-01/2023-11", "2023-01-01", "2023-11-30")
    assert whole.comparison is not None
    assert (whole.comparison.direction, whole.comparison.percent) == ("up", 3.5)
    part = by_name(found, "工业投资")
    assert part.parent == "固定资产投资"
    assert part.comparison is not None
    assert part.comparison.direction == "down"
    power = by_name(found, "全社会用电量")
    assert (power.value, power.unit, power.comparison) == (450_000_000, "千瓦时", None)


def test_regions_in_rows_indicators_in_spanning_headers_and_the_sum_of_the_parts() -> None:
    found = read(
        """
        县区|生产总值（亿元）|生产总值（亿元）|城镇新增就业|位次
        县区|绝对值|增速（%）|（人）|位次
        全市|1000.5|5.1|9000|
        东江县|400.2|4.9|4000|2
        西岭县|600.3|5.3|5000|1
        """,
        "2023年各县区主要指标",
        publisher="安宁市统计局",
    )
    east = by_name(found, "生产总值", region="东江县")
    assert (east.value, east.unit) == (40_020_000_000, "元")
    assert east.comparison is not None
    assert east.comparison.percent == 4.9
    total = by_name(found, "生产总值", region="安宁市")
    assert [(c.check, c.ok) for c in total.checks] == [("sum_of_parts", True)]
    jobs = by_name(found, "城镇新增就业", region="西岭县")
    assert (jobs.value, jobs.unit, jobs.kind) == (5000, "人", "count")
    assert jobs.rank is not None
    assert jobs.rank.to == 1
    assert not any(i.value == 1 for i in found), "a place in an order is no value"


def test_a_total_that_its_parts_contradict_is_marked() -> None:
    found = read(
        """
        类别|2022年（起）|2023年（起）
        盗窃|60|50
        诈骗|40|30
        合计|100|81
        """,
        "刑事案件立案情况",
    )
    totals = {i.period.value: i for i in found if i.value in {100, 81} and i.period}
    assert [c.ok for c in totals["2022"].checks] == [True]
    assert [c.ok for c in totals["2023"].checks] == [False]
    assert totals["2023"].confidence < totals["2022"].confidence


def test_last_year_beside_this_year_is_an_observation_and_the_base() -> None:
    found = read(
        """
        项目|本年|上年同期|增减（%）
        受理案件（件）|120|100|20.0
        办结案件（件）|90|100|-12
        """,
        title="2023年上半年工作情况",
    )
    now = by_name(found, "受理案件", "2023-01/2023-06")
    assert now.comparison is not None
    assert (now.comparison.base_value, now.comparison.percent, now.comparison.direction) == (100, 20, "up")
    assert [(c.check, c.ok) for c in now.checks] == [("percent_of_base", True)]
    assert by_name(found, "受理案件", "2022-01/2022-06").value == 100
    wrong = by_name(found, "办结案件", "2023-01/2023-06")
    assert [c.ok for c in wrong.checks] == [False], "90 after 100 is 10 % less, not 12 %"


def test_years_in_columns_and_in_rows_give_periods() -> None:
    across = read("指标|2021|2022|2023\n机动车保有量（万辆）|90.1|95|101.5")
    assert [(i.value, i.period.value if i.period else None) for i in across] == [
        (901_000, "2021"),
        (950_000, "2022"),
        (1_015_000, "2023"),
    ]
    down = read("年份|事故起数|死亡人数\n2021|120|7\n2022|110|6\n合计|230|13", "交通事故统计表")
    assert by_name(down, "死亡人数", "2022").unit == "人"
    assert not any(i.value in {2021, 2022} for i in down)


def test_changes_alone_are_change_records() -> None:
    found = read("指标|同比增长（%）\n规模以上工业增加值|6.2\n房地产开发投资|-8.1", "2023年1-12月主要指标增速")
    fall = by_name(found, "房地产开发投资")
    assert (fall.kind, fall.value, fall.unit) == ("change", 8.1, "%")
    assert fall.comparison is not None
    assert fall.comparison.direction == "down"


def test_units_of_the_line_above_and_plans() -> None:
    found = read(
        "科目|预算数|决算数|完成率（%）\n税收收入|1000|1100|110\n非税收入|200|150|75",
        "单位：万元",
        title="2022年财政决算",
    )
    planned = by_name(found, "税收收入预算数")
    assert (planned.value, planned.unit, planned.status) == (10_000_000, "元", "target")
    assert by_name(found, "税收收入").status == "actual"
    assert by_name(found, "非税收入完成率").unit == "%"


def test_english_tables() -> None:
    found = read("Region|2021|2022|% change\nNorth|1,200|1,260|5.0\nTotal|1,200|1,260|5.0", "Table 1: Road accidents")
    north = [i for i in found if i.name == "North"]
    assert [(i.value, i.period.value if i.period else None) for i in north] == [(1200, "2021"), (1260, "2022")]
    assert north[1].comparison is not None
    assert (north[1].comparison.percent, north[1].comparison.base_value) == (5, 1200)


def test_parts_below_a_row_take_its_name_and_unit() -> None:
    found = read(
        "指标|2023年|2022年\n年末人口（万人）|100.1|100.4\n其中：男性|51.0|51.2\n女性|49.1|49.2\n户数（户）|9|8"
    )
    women = by_name(found, "年末人口女性", "2023")
    assert (women.value, women.unit, women.parent) == (491_000, "人", "年末人口")
    assert by_name(found, "户数", "2023").parent is None


def test_running_totals_share_name_and_unit_and_begin_in_january() -> None:
    found = read("月份|用电量（亿千瓦时）|累计用电量\n2月|10|21.5\n3月|10.5|32", "表2 2023年用电情况")
    total = by_name(found, "用电量", "2023-01/2023-03")
    assert (total.value, total.unit) == (3_200_000_000, "千瓦时")
    assert by_name(found, "用电量", "2023-03").value == 1_050_000_000


def test_the_row_that_numbers_the_columns_is_no_data() -> None:
    found = read("指标|本年（件）|上年（件）\n甲|1|2\n受理|30|20\n办结|1|2", title="2023年工作情况")
    assert sorted(i.value for i in found if i.value is not None) == [1, 2, 20, 30]


def test_a_part_beside_its_whole_takes_its_unit() -> None:
    found = read("单位|查处酒驾（起）|其中：醉驾\n一大队|10|2\n二大队|20|3", "2023年查处情况")
    assert by_name(found, "一大队醉驾").unit == "起"


def test_the_disclosure_report_table_with_its_spanning_notes() -> None:
    note = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
    found = read(
        f"""
        {note}|{note}|申请人情况|申请人情况|申请人情况
        {note}|{note}|自然人|法人或其他组织|总计
        一、本年新收政府信息公开申请数量|一、本年新收政府信息公开申请数量|10|3|13
        三、本年度办理结果|（一）予以公开|8|1|9
        """,
        title="某市公安局2023年政府信息公开工作年度报告",
    )
    total = by_name(found, "本年新收政府信息公开申请数量")
    assert total.value == 13
    assert [c.ok for c in total.checks] == [True]
    granted = by_name(found, "予以公开自然人")
    assert (granted.value, granted.qualifiers) == (8, ["本年度办理结果"])


def test_tables_below_each_other_keep_their_own_headers() -> None:
    found = read(
        """
        第二十条第（一）项|第二十条第（一）项
        信息内容|本年新公开数量
        规章|3
        规范性文件|4
        第二十条第（五）项|第二十条第（五）项
        信息内容|处理决定数量
        行政许可|120
        行政处罚|80
        """
    )
    assert [(i.name, i.value) for i in found] == [
        ("规章新公开数量", 3),
        ("规范性文件新公开数量", 4),
        ("行政许可处理决定数量", 120),
        ("行政处罚处理决定数量", 80),
    ]


@pytest.mark.parametrize(
    "table",
    [
        "科室|联系电话|地址\n办公室|88886666|3楼\n人事科|88886667|4楼",
        "序号|姓名|笔试成绩\n1|张三|88.5\n2|李四|79",
        "时间|内容|地点\n9:00|开幕|1号厅\n10:30|报告|2号厅",
        "材料名称|份数要求|备注\n申请书|原件|\n身份证|复印件|",
        "年份|届次\n2021|第一届\n2022|第二届",
        "单位名称|邮政编码\n甲局|550001\n乙局|550002",
        "考号|身份证号\n20230001|520101199001011234\n20230002|520101199001011235",
        "Date|Docket Number|Judge\nMarch 2|64475|Smith\nMarch 3|64469|Jones",
        "项目|分值\n学历|20\n社保|30",
        "",
        "只有一格",
    ],
)
def test_tables_without_statistics_give_nothing(table: str) -> None:
    assert read(table) == []


def test_offsets_lie_on_the_printed_figures_in_the_body() -> None:
    table = grid("地区|起数（起）|起数（起）\n地区|总数|增减（%）\n甲县|35|-2.5\n乙县|35|1.5")
    rows = "地区\t起数（起）\n\t总数\t增减（%）\n甲县\t35\t-2.5\n乙县\t35\t1.5"
    body = f"某市交通事故通报\n2023年交通事故情况\n{rows}\n注：不含轻微事故。"
    found = read_report_tables(Report(title="某市交通事故通报", body=body, tables=[table]))
    assert [(i.region, i.value) for i in found] == [("甲县", 35), ("乙县", 35)]
    assert [body[i.start : i.end] for i in found] == ["35", "35"]
    assert found[1].start > found[0].end
    assert found[1].quote == "乙县\t35\t1.5"
    assert found[0].period is not None
    assert found[0].period.value == "2023", "the line above the table says it"


@pytest.mark.parametrize(
    ("cell", "value", "text", "unit"),
    [
        ("1,234.5", 1234.5, "1,234.5", None),
        ("１２．５％", 12.5, "12.5%", "%"),
        ("-3.2", -3.2, "-3.2", None),
        ("↓3.2%", -3.2, "3.2%", "%"),
        ("3.5万", 35_000, "3.5万", None),
        ("12人", 12, "12", "人"),
        ("4.2‰", 4.2, "4.2‰", "‰"),
        (" 7 ", 7, "7", None),
    ],
)
def test_numbers_in_cells(cell: str, value: float, text: str, unit: str | None) -> None:
    number = read_number(cell)
    assert number is not None
    assert (number.value, number.text, number.unit) == (value, text, unit)


@pytest.mark.parametrize(
    "cell", ["", "—", "2023年", "3月", "第3名", "1-5", "12:30", "A12", "1.2.3", "0851-86661234", "1" * 30]
)
def test_cells_that_are_no_numbers(cell: str) -> None:
    assert read_number(cell) is None


def test_units_with_multipliers() -> None:
    assert split_unit("万元") == (10_000, "元")
    assert split_unit("亿千瓦时") == (100_000_000, "千瓦时")
    assert split_unit("±%") == (1, "%")
    assert split_unit("名称") == (1, None)
    assert unit_line("单 位：亿元、%") == ("亿元", "%")


CELLS = st.one_of(
    st.text(alphabet="指标单位：万元（%）合计其中年月增长比上12.,-|— \t", max_size=12), st.integers(-99, 9999).map(str)
)


@example([["", "", "", ""], ["", "0", "", "0"], ["", "0", "上年", "|"]])
@given(st.lists(st.lists(CELLS, min_size=4, max_size=4), max_size=8))
def test_any_grid_is_read_without_a_crash(rows: list[list[str]]) -> None:
    for indicator in read_table_indicators(rows, report=Report()):
        assert indicator.value is not None
        assert 0 <= indicator.confidence <= 1


def test_a_figure_in_a_cell_over_two_rows_stands_where_it_is_printed() -> None:
    table = grid(
        """
        地区|合计（人）|其中|人数（人）
        东区|120|男|70
        东区|120|女|50
        """
    )
    body = "2023年人员情况\n地区\t合计（人）\t其中\t人数（人）\n东区\t120\t男\t70\n女\t50"
    found = read_report_tables(Report(title="2023年人员情况", body=body, tables=[table]))
    assert [body[i.start : i.end] for i in found] == [i.value_text for i in found]
    assert "120" in {i.value_text for i in found}
