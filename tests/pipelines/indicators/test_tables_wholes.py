"""Wholes and parts of tables: what makes up what, what balances, and where a figure is printed."""

from __future__ import annotations

from datetime import date

import pytest

from pipelines.indicators.tables import read_report_tables, read_table_indicators
from pipelines.items import Report

PUBLISHED = date(2024, 2, 1)


def test_the_disclosure_form_balances() -> None:
    """第一项加第二项之和，等于第三项加第四项之和, as the form itself says."""
    rows = [
        ("一、本年新收政府信息公开申请数量", "一、本年新收政府信息公开申请数量", 14),
        ("二、上年结转政府信息公开申请数量", "二、上年结转政府信息公开申请数量", 2),
        ("三、本年度办理结果", "（一）予以公开", 9),
        ("三、本年度办理结果", "（七）总计", 13),
        ("四、结转下年度继续办理", "四、结转下年度继续办理", 3),
    ]
    table = [["申请情况", "申请情况", "申请人情况"], ["申请情况", "申请情况", "自然人"]]
    table += [[one, two, str(value)] for one, two, value in rows]
    report = Report(title="某局2023年政府信息公开工作年度报告", published=PUBLISHED)
    received = next(i for i in read_table_indicators(table, report=report) if "新收" in i.name)
    assert [(c.check, c.ok, c.detail) for c in received.checks] == [("balance", True, "14 + 2 = 13 + 3")]
    table[-1][-1] = "4"
    received = next(i for i in read_table_indicators(table, report=report) if "新收" in i.name)
    assert [c.ok for c in received.checks] == [False]


@pytest.mark.parametrize(
    "text",
    [
        "指标|2022年|2021年|增长（%）\n地区生产总值（亿元）|1310.5|1240.5|3.2\n常住人口（万人）|310.5|308.2|0.7",
        "类别|数量（件）|金额（万元）\n甲|33.3|10\n乙|33.3|20\n丙|33.3|30\n合计|100.0|60",
        "类别|2021年（起）|2022年（起）\n合计|100|90\n盗窃|60|50\n其中：入室盗窃|20|15\n诈骗|40|40",
        "学段|校数（所）|学生（人）|教师（人）\n小学|6|600|60\n初中|4|400|40\n九年一贯制|0|15|2\n合计|10|1000|100",
        "行业|产值（亿元）|占比（%）\n一、工业|90|90\n（一）采矿业|30|30\n（二）制造业|60|60\n二、建筑业|10|10\n合计|100|100",
    ],
)
def test_sound_tables_fail_no_check(text: str) -> None:
    table = [line.split("|") for line in text.split("\n")]
    found = read_table_indicators(table, report=Report(title="2022年情况", published=PUBLISHED))
    assert found
    assert not [(i.name, c) for i in found for c in i.checks if not c.ok]


def test_a_turned_table_proves_its_figures_in_the_body() -> None:
    body = "项目\t火灾起数\t死亡（人）\n本年\t320\t3\n去年同期\t351\t5\n同比（%）\t-8.8\t-40.0"
    table = [line.split("\t") for line in body.split("\n")]
    found = read_report_tables(Report(title="2023年火灾形势", published=PUBLISHED, body=body, tables=[table]))
    assert [(i.value_text, i.quote) for i in found] == [
        ("320", "本年\t320\t3"), ("351", "去年同期\t351\t5"), ("3", "本年\t320\t3"), ("5", "去年同期\t351\t5"),
    ]  # fmt: skip
    assert all(body[i.start : i.end] == i.value_text for i in found)


def test_parts_say_of_what() -> None:
    """The same part stands below several wholes of a table: their series must not be one."""
    text = (
        "指标|绝对数（元）\n城镇居民人均可支配收入|100\n一、工资性收入|60\n二、转移净收入|40\n"
        "农村居民人均可支配收入|50\n一、工资性收入|20\n二、转移净收入|30\n商品房销售额|9\n其中：住宅|8"
    )
    table = [line.split("|") for line in text.split("\n")]
    found = read_table_indicators(table, report=Report(title="2023年居民收入", published=PUBLISHED))
    assert [(i.subject, i.name, i.parent) for i in found if i.value in {60, 20, 8}] == [
        ("城镇居民人均可支配收入", "工资性收入", "城镇居民人均可支配收入"),
        ("农村居民人均可支配收入", "工资性收入", "农村居民人均可支配收入"),
        ("商品房销售额", "住宅", "商品房销售额"),
    ]


def test_kinds_of_owners_are_parts_of_the_figure_above() -> None:
    text = (
        "指标|数值（亿元）\n合计|90\n工业增加值|42\n其中：国有控股|18\n民营|12\n零售总额|35\n"
        "限额以上单位|10\n私营|50\n西部地区|9\n外商|7"
    )
    table = [line.split("|") for line in text.split("\n")]
    found = read_table_indicators(table, report=Report(title="2023年指标", published=PUBLISHED))
    parents = ["工业增加值", "工业增加值", "零售总额", None, None]
    assert [i.parent for i in found if i.name in {"国有控股", "民营", "限额以上单位", "私营", "外商"}] == parents


def test_the_group_in_its_own_column_is_the_whole() -> None:
    rows = [
        "三、本年度办理结果|（一）予以公开|（一）予以公开|9",
        "三、本年度办理结果|（三）不予公开|1.属于国家秘密|2",
        "三、本年度办理结果|（三）不予公开|2.属于行政查询事项|1",
    ]
    table = [line.split("|") for line in ("申请情况|申请情况|申请情况|自然人", *rows)]
    found = read_table_indicators(table, report=Report(title="2023年政府信息公开年报", published=PUBLISHED))
    assert [(i.qualifiers, i.parent) for i in found] == [
        (["本年度办理结果"], "本年度办理结果"),
        (["不予公开"], "不予公开"),
        (["不予公开"], "不予公开"),
    ]
