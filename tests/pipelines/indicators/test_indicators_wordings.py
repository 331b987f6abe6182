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


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("养老、失业和工伤三项保险参保人数分别从2012年的7.9亿人、1.5亿人和1.9亿人，增加到2022年的10亿人、2.3亿人和2.9亿人。",
         [("养老保险参保人数", 10e8, 7.9e8), ("失业保险参保人数", 2.3e8, 1.5e8), ("工伤保险参保人数", 2.9e8, 1.9e8)]),
        ("贸易伙伴数量从2018年的近160个国家，已经增加到2022年的近180个。", [("贸易伙伴", 180, 160)]),
        ("三类警情分别从120起、45起下降到80起、30起。", [("三类警情", 80, 120), ("三类警情", 30, 45)]),
    ],
)  # fmt: skip
def test_old_values_are_the_base_of_new_ones(text: str, wanted: list[tuple[str, float, float]]) -> None:
    found = read(text)
    assert [(x.name, x.value, x.comparison and x.comparison.base_value) for x in found] == wanted


@pytest.mark.parametrize(
    ("text", "ranks"),
    [
        ("刑案破案率排名由第3名降至第12名。", [("刑案破案率排名", 3, 12, None)]),
        ("满意度排名却由上一期的第9滑落至第10。", [("满意度排名", 9, 10, None)]),
        ("甲市综合排名提升2位，由第50位升至第48位。", [("甲市综合排名", 50, 48, 2)]),
        ("综合指数5.7，全市20个区县排名第4（全省排名并列第87）。",
         [("综合指数", None, None, None), ("区县排名", None, None, None), ("综合指数区县排名", None, 4, None),
          ("综合指数区县排名", None, 87, None)]),
        ("甲工作、乙工作考核分居全省第二和第三位。",
         [("甲工作考核全省排名", None, 2, None), ("乙工作考核排名", None, 3, None)]),
        ("群众满意度排名较去年上升5位，居全市第3位。", [("群众满意度全市排名", None, 3, 5)]),
    ],
)  # fmt: skip
def test_places_that_a_rank_moved_are_its_comparison(
    text: str, ranks: list[tuple[str, int | None, int, float | None]]
) -> None:
    found = read(text)
    assert [
        (x.name, x.rank and x.rank.from_, x.rank and x.rank.to, x.comparison and x.comparison.amount) for x in found
    ] == ranks


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("21个试验区、自由贸易港进出口分别增长14%、36%。",
         [(21, "试验区"), (14, "试验区进出口"), (36, "自由贸易港进出口")]),
        ("1.2万户3.9万人加入合作社。", [(12000, "加入合作社"), (39000, "加入合作社")]),
        ("汽车保有量超过百万辆的61个城市中，有13个在西部。", [(61, "城市"), (13, "城市在西部")]),
        ("事故减少120起，其中夜间事故在全年减少数量中占54.5%。", [(120, "事故"), (54.5, "夜间事故占减少数量比重")]),
        ("结案120件，占总数的三分之二。", [(120, "结案"), (0.6667, "结案占总数比重")]),
        ("东、中、西部地区业务量比重分别为75%、16%和9%。",
         [(75, "东部地区业务量比重"), (16, "中部地区业务量比重"), (9, "西部地区业务量比重")]),
        ("第一产业51万人，第二产业24万人，占比分别为：68%、32%。",
         [(51e4, "第一产业"), (24e4, "第二产业"), (68, "第一产业占比"), (32, "第二产业占比")]),
        ("暴雨共造成全省25万人次受灾。", [(25e4, "造成受灾")]),
        ("2.6万间房屋倒塌，3.3万间严重损坏。", [(26000, "房屋倒塌"), (33000, "房屋倒塌严重损坏")]),
        ("集成数据模型百余个。", [(100, "集成数据模型")]),
        ("业务收入（不包括储蓄收入）累计完成97亿元。", [(97e8, "业务收入")]),
        ("110类报警55起。", [(55, "110类报警")]),
        ("对甲国、乙国等贸易伙伴出口增速分别超过整体17.6个和5.9个百分点。",
         [(17.6, "对甲国出口增速"), (5.9, "对乙国等贸易伙伴出口增速")]),
        ("农村火灾39起、亡645人，占总数的59%和48%。",
         [(39, "农村火灾"), (645, "农村火灾亡"), (59, "农村火灾占总数比重"), (48, "农村火灾亡占总数比重")]),
        ("党员1200名，女党员占28.4%。", [(1200, "党员"), (28.4, "女党员占比")]),
        ("接报警情12.5万起，日均343起。", [(125e3, "接报警情"), (343, "日均接报警情")]),
        ("上半年受理案件1.2万件；其中二季度受理6800件。", [(12e3, "受理案件"), (6800, "受理案件")]),
        ("保有量超过200万辆城市34个。", [(34, "保有量超过200万辆城市")]),
        ("灾害造成全省48万人次受灾、10人死亡。", [(48e4, "造成受灾"), (10, "死亡")]),
        ("47处混乱地区、6个突出问题作为整治重点。", [(47, "混乱地区"), (6, "突出问题")]),
        ("参加养老保险人数48万人，增加7万人；参加工伤保险人数28万人。",
         [(48e4, "参加养老保险人数"), (28e4, "参加工伤保险人数")]),
        ("经营性火灾事故发生13起、同比持平，死亡2人。", [(13, "经营性火灾事故发生"), (2, "经营性火灾事故死亡")]),
        ("从信访量看，东原县的信访量203件，排列首位，其它依次为西原县147件，南原市120件。",
         [(203, "东原县的信访量"), (147, "信访量"), (120, "信访量")]),
        ("重点项目年度计划投资56亿元，完成投资36亿元。", [(56e8, "重点项目年度计划投资"), (36e8, "重点项目完成投资")]),
        ("投资完成率151%。\n市级5项，概算投资22亿元。", [(151, "投资完成率"), (5, "市级"), (22e8, "概算投资")]),
        ("用电量累计49亿千瓦时。其中，第一、第二、第三产业用电量同比分别增长11.1%、1.2%、4.6%。",
         [(49e8, "用电量"), (11.1, "第一产业用电量"), (1.2, "第二产业用电量"), (4.6, "第三产业用电量")]),
        ("收入61万元，占年初预算数109万元的56.3%。", [(61e4, "收入"), (56.3, "收入占预算数比重")]),
        ("就业人员总量于2014年达到76万人的峰值后减少。", [(76e4, "就业人员总量")]),
        ("全市低保78户。春节期间为13户25人发放生活补贴6万元。",
         [(78, "低保"), (13, "发放生活补贴"), (25, "发放生活补贴"), (6e4, "发放生活补贴")]),
        ("收到锦旗3面，感谢信2封。", [(3, "收到锦旗"), (2, "感谢信")]),
        ("重特大事故时有发生，共发生9起。", [(9, "发生重特大事故")]),
        ("诈骗警情总体有所遏制，全市共接报81起。", [(81, "接报诈骗警情")]),
        ("高危行业未发生亡人事故。", [(0, "高危行业亡人事故")]),
        ("民营企业进出口增长10%，占总值的42%。其中，出口增长13%。",
         [(10, "民营企业进出口"), (42, "民营企业进出口占总值比重"), (13, "民营企业出口")]),
        ("平原湖泊（甲湖、乙湖、丙湖）蓄水6.4亿立方米。", [(6.4e8, "平原湖泊蓄水")]),
        ("暴雨造成全省25万人次受灾，15人死亡，2人失踪。", [(25e4, "造成受灾"), (15, "死亡"), (2, "失踪")]),
        ("确定的9项约束性指标全部完成。", [(9, "约束性指标")]),
        ("该市上半年共发生火灾13起。", [(13, "发生火灾")]),
        ("全市有效报警66起，有效报警量比上月下降22%。", [(66, "有效报警")]),
        ("这是连续4期上榜。", []),
    ],
)  # fmt: skip
def test_what_lists_and_brackets_leave_out(text: str, wanted: list[tuple[float, str]]) -> None:
    assert [(round(x.value or 0, 4), x.name) for x in read(text)] == wanted


def test_owners_named_by_the_clause_before_have_their_own_values() -> None:
    found = read("小客车、摩托车酒驾突出，分别查处58起、27起，同比增加24%、25.9%。")
    facts = [(x.subject, x.value, x.comparison and x.comparison.percent) for x in found]
    assert facts == [("小客车", 58, 24), ("摩托车酒驾", 27, 25.9)]


def test_two_bases_are_two_comparisons() -> None:
    level, change = read("存款余额1200亿元，比年初增加110亿元，同比增长9.8%。")
    assert level.comparison is not None
    assert change.comparison is not None
    assert (level.comparison.base, level.comparison.percent) == ("年初", None)
    assert (change.name, change.kind, change.comparison.base) == ("存款余额", "change", "同比")


def test_what_is_over_is_no_plan() -> None:
    text = "一、下一步工作计划\n去年新建公园3个。今年新建公园5个。"
    assert [x.status for x in read(text)] == ["actual", "target"]
    assert [x.status for x in read("脱贫39户。明年计划脱贫127户。")] == ["actual", "target"]


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("水库蓄水31亿立方米，比去年同期多蓄水0.5亿立方米。", [("up", 0.5e8, None)]),
        ("发生火灾13起、同比持平，死亡2人，同比上升100%。", [("flat", None, None), ("up", None, 100)]),
        ("发生火灾13起，与去年同期持平。", [("flat", None, None)]),
        ("审结案件48件（含再审1件），与去年持平。", [("flat", None, None), None]),
        ("收入61亿元，同比增长10.7%，增收5.9亿元。", [("up", 5.9e8, 10.7)]),
        ("林业产值为48亿元，比2019年的45亿元增长6.4%。", [("up", None, 6.4)]),
        ("2022年办理投诉86件，2023年同比增加34%。", [None, ("up", None, 34)]),
        ("2023年办理投诉86件，同比增加34%。", [("up", None, 34)]),
    ],
)
def test_comparisons(text: str, facts: list[tuple[str, float | None, float | None] | None]) -> None:
    found = [x.comparison and (x.comparison.direction, x.comparison.amount, x.comparison.percent) for x in read(text)]
    assert found == facts


def test_a_share_of_a_plan_is_a_fact() -> None:
    assert [x.status for x in read("完成投资36亿元，占年计划投资的64%。年计划投资57亿元。")] == [
        "actual",
        "actual",
        "target",
    ]
