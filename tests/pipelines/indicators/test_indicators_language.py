"""Classes of report language by sentences of our own: names, periods, subjects and comparisons that are left out."""

from __future__ import annotations

import re
from datetime import date

import pytest

from pipelines.indicators import read_indicators, words
from pipelines.indicators.fold import fold
from pipelines.items import Indicator, Report


def read(text: str, title: str = "2023年工作总结", published: date | None = None) -> list[Indicator]:
    found = read_indicators(text, report=Report(title=title, published=published))
    for x in found:
        assert text[x.start : x.end] == x.value_text
    return found


def full(x: Indicator) -> str:
    return (x.subject or "") + "".join(x.qualifiers) + x.name + (x.parent or "") + (x.region or "")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("查处销售假药、无证行医和非法采供血等领域违法犯罪案件31件。", ["查处销售假药等领域违法犯罪案件"]),
        ("在网站、《公报》主动公开规章9件（含新制定4件，废止2件）。", ["主动公开规章", "新制定规章", "废止规章"]),
        ("西溪新区基础设施建设项目2.3亿元贷款到位。", ["西溪新区基础设施建设项目"]),
        ("抽查甲局、乙局和丙镇等5个单位。", ["抽查单位"]),
        ("3次集中整治行动共出动警力63人次。", ["集中整治行动", "出动警力"]),
        ("打掉2个长期在境外实施诈骗的犯罪团伙。", ["打掉犯罪团伙"]),
        ("人均森林面积0.1公顷，只相当于世界人均水平的17%，居世界第119位。",
         ["人均森林面积", "人均森林面积相当于世界人均水平", "人均森林面积世界排名"]),
        ("专利授权量翻了一番，达到3200件。", ["专利授权量"]),
        ("按照规定程序处罚企业12家。", ["处罚企业"]),
        ("破案率创历史新高，达到96.7%。", ["破案率"]),
        ("较大火灾18起，18起较大火灾中有10起发生在居住场所。", ["较大火灾", "较大火灾", "较大火灾发生在居住场所"]),
        ("农民合作社769个，新增6个；家庭农场472家，新增8家。",
         ["农民合作社", "新增农民合作社", "家庭农场", "新增家庭农场"]),
    ],
)  # fmt: skip
def test_names(text: str, names: list[str]) -> None:
    assert [x.name for x in read(text)] == names


def test_who_did_it_is_the_subject() -> None:
    (found,) = read("金融业和信息服务业实现增加值21.8亿元。")
    assert (found.subject, found.name) == ("金融业和信息服务业", "实现增加值")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("卫生院337个，床位1.5万张，卫生人员1.6万人。", [(1, "卫生院"), (2, "卫生院")]),
        ("小学21所。招生1695人，在校生9360人。", [(1, "小学"), (2, "小学")]),
        ("1.小学\n教职工549人；专任教师558人。", [(0, "小学"), (1, "小学")]),
        ("医院总诊疗人次42.6亿，入院人次2450万。", [(1, "医院")]),
        ("水库98座，总库容932亿立方米；水电站46座，装机容量3.3亿千瓦。", [(1, "水库"), (3, "水电站")]),
        ("北京市优良天数比例81.5%，臭氧平均浓度163微克/立方米。", [(1, "北京")]),
        ("长三角PM2.5浓度38微克/立方米，臭氧浓度140微克/立方米。", [(1, "长三角")]),
        ("一般贸易进出口17万亿元。其中，出口10万亿元，增长2%；进口7万亿元。", [(1, "一般贸易"), (2, "一般贸易")]),
        ("城区发生火灾7起；其次为集镇，共发生火灾5起，占总数的30.8%。", [(1, "集镇"), (2, "集镇")]),
        ("抓获嫌疑人234人，其中刑事拘留77人，逮捕163人。", [(2, "嫌疑人")]),
        ("受理诉讼案件123件；受案数占总数的62%；结案5件，结案率4.1%。", [(2, "诉讼案件"), (3, "诉讼案件")]),
        ("创建“零酒驾”单位65家、社区57家。", [(1, "零酒驾")]),
        ("督导核查园区5个、企业79家。", [(1, "督导核查")]),
        ("出动警力43人，警车5台。", [(1, "出动")]),
        ("协调船艇221艘次、飞机1架次。", [(1, "协调")]),
        ("遇险人员1478人，获救1426人。", [(1, "遇险人员")]),
        ("惠企政策落地见效，兑现资金8000万元。该项工作惠及企业230家。", [(1, "兑现资金")]),
        ("受理的市民诉求中，直办37件，转办33件。", [(0, "诉求"), (1, "诉求")]),
        ("受理工单2917件，已处理完毕2349件，正在办理568件。", [(1, "工单"), (2, "工单")]),
        ("安居工程开工440套，基本建成236套。", [(1, "安居工程")]),
    ],
)  # fmt: skip
def test_what_is_left_out(text: str, wanted: list[tuple[int, str]]) -> None:
    found = read(text)
    assert [(i, w) for i, w in wanted if w not in full(found[i])] == []


@pytest.mark.parametrize(
    ("text", "title", "periods"),
    [
        ("前5个月，优良天数比例85%。", "前5个月空气质量", ["2023-01/2023-05"]),
        ("今年前8个月，进出口27亿元。8月当月，进出口3亿元。", "外贸情况", ["2023-01/2023-08", "2023-08"]),
        ("近两个月来，交通违法查处总数上升17%。", "交管情况", ["2023-09/2023-11"]),
        ("近三年，投入资金3亿元。", "2023年总结", ["2021/2023"]),
        ("去年全市共查处酒驾1110起。", "支队接听热线", ["2022"]),
        ("受理案件198件；去年同期收案208件，结案36件；收案数同比下降4.8%。", "2023年1月审判情况",
         ["2023-01", "2022-01", "2022-01", "2023-01"]),
        ("年末就业人员746万人。就业人员中，第一产业占22.9%。", "2023年公报", ["2023-12-31", "2023-12-31"]),
        ("侦破1993年以来的命案积案17起。", "2023年总结", ["2023"]),
        ("床位数从2020年的6.46张增加到2023年的7.23张；医师由2.9人提高到3.4人。", "2024年发布", ["2023", "2023"]),
        ("2022年10月—2023年3月，PM2.5浓度下降14%。", "2022—2023年秋冬季空气质量", ["2022-10/2023-03"]),
        ("一季度、二季度进出口分别达到9.7亿元和10.3亿元。", "2023年上半年外贸", ["2023-Q1", "2023-Q2"]),
        ("6、7、8三个月接待游客18万人次。", "2023年旅游", ["2023-06/2023-08"]),
        ("12月份，发生事故23起。", "12月份安全生产形势", ["2022-12"]),
        ("6月1日至3日，大队开展整治。\n期间，累计出动警力240人次。", "大队开展夜查", ["2023-06-01/2023-06-03"]),
        ("一、过去五年工作回顾\n化解纠纷2.1万件。", "2023年人民法院工作总结", ["2019/2023"]),
        ("比第五次清查（1994—1998年）增加15万公顷。森林覆盖率18%。", "2023年公报", ["2023", "2023"]),
        ("五保户5户，2021年脱贫39户；2022年脱贫127户。", "脱贫工作汇报", ["2023", "2021", "2022"]),
        ("10月1日至4日，接待游客4万人次。据2019年的数据，2019年国庆假期接待游客5万人次。", "假期旅游",
         ["2023-10-01/2023-10-04", "2019"]),
        ("今年前8个月，业务量12亿件。收入累计完成97亿元。", "快递业运行", ["2023-01/2023-08", "2023-01/2023-08"]),
        ("新认定养殖场5家，累计达48家。", "2023年1-6月畜牧业", ["2023-01/2023-06", "../2023-06-30"]),
        ("满意率95.8%，比去年提高0.2个百分点。", "满意率比去年提高", ["2023"]),
        ("自2013年起，排名稳步上升。今年新增机构8家。", "排名发布", ["2023"]),
        ("9月和10月两个月，完成全年业务的50%。", "2023年总结", ["2023-09/2023-10"]),
        ("考评名列前茅，其中2018年考评列全省第一。查处案件30起。", "公安工作纪实", ["2018", "2023"]),
        ("现状\n到2011年，已有合作社3132家。总收入33亿元。", "合作社发展现状", ["2011", "2011"]),
        ("本周，接警110起，较上周的120起减少10起。", "每周警情（2023年1月9日—1月15日）", ["2023-01-09/2023-01-15"]),
        ("去年排名第25位，今年居第22位。", "指数排名", ["2022", "2023"]),
        ("2022年，指数得分70.1分。", "研究院3月31日发布的报告显示", ["2022"]),
        ("十年间，参保人数增加2.5亿人。", "2022年社保情况", ["2013/2022"]),
        ("2018年至2022年，办理案件173件。今年办理案件50件。", "", ["2018/2022", "2022"]),
    ],
)  # fmt: skip
def test_periods(text: str, title: str, periods: list[str]) -> None:
    published = date(2023, 2, 3) if "12月" in title else date(2023, 11, 26)
    assert [x.period.value if x.period else None for x in read(text, title, published)] == periods


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        ("发生事故26起、死亡107人，同比减少4起、33人；环比增加13起、51人。",
         [(26, "down", 4, None), (107, "down", 33, None), (13, "up", 13, None), (51, "up", 51, None)]),
        ("床位150张，人员160人，与上年比较，床位增加4张，人员增加7人。",
         [(150, "up", 4, None), (160, "up", 7, None)]),
        ("进出口总值27万亿元，同比微降0.1%。", [(27e12, "down", None, 0.1)]),
        ("收案数、结案数及结案率同比分别下降4.8%、50%及减少8.2个百分点。",
         [(4.8, "down", None, 4.8), (50, "down", None, 50), (8.2, "down", 8.2, None)]),
        ("发生事故2起，死亡1人，同比事故起数和死亡人数均下降66.7%。",
         [(2, "down", None, 66.7), (1, "down", None, 66.7)]),
        ("结案率95.8%，较上月（95.97%）下降0.17个百分点。", [(95.8, "down", 0.17, None)]),
        ("办理用时33天，达到35天的目标要求，较上月（34天）缩短1天。", [(33, "down", 1, None)]),
        ("生产总值73亿元，同比增长12.8%；两年平均增长6%。", [(73e8, "up", None, 12.8), (6, "up", None, 6)]),
        ("PM2.5浓度30微克/立方米，同比改善6.2%。", [(30, "down", None, 6.2)]),
        ("优良率81%，同比改善1.2个百分点。", [(81, "up", 1.2, None)]),
        ("美元汇率为7.08，比上年末升值1.7%。", [(7.08, "up", None, 1.7)]),
        ("发生事故152起，死亡60人；与去年同期相比，起数减少27起，下降15%，死亡人数减少6人，下降9%。",
         [(152, "down", 27, 15), (60, "down", 6, 9)]),
        ("发生事故25宗，沉船7艘，其中沉船艘数同比下降22%。", [(7, "down", None, 22)]),
        ("机动车保有量增加1.1亿辆、目前达到4.4亿辆。", [(440000000, "up", 110000000, None)]),
        ("医院3万个。与上年底比较，医院减少76个。", [(76, "down", 76, None)]),
        ("受伤6人，比第五次普查（2010年）增加2人。", [(6, "up", 2, None)]),
        ("全国火灾45起，造成94人死亡、98人受伤。与去年同期对比，尽管火灾死亡人数上升19%，但火灾起数下降4%。",
         [(45, "down", None, 4), (94, "up", None, 19)]),
        ("有效报警66起，有效报警环比上周上升18%。", [(66, "up", None, 18)]),
        ("接警70起，较上周的62起增加8起，环比上升13%。", [(70, "up", 8, 13)]),
        ("综合指数5.73，全市20个区县排名第4，同比下降15%。", [(5.73, "down", None, 15)]),
        ("来访230批560人次，同比下降8.5%、11.2%。", [(230, "down", None, 8.5), (560, "down", None, 11.2)]),
    ],
)  # fmt: skip
def test_comparisons(text: str, changes: list[tuple[float, str, float | None, float | None]]) -> None:
    found = [(x.value, c.direction, c.amount, c.percent) for x in read(text) if (c := x.comparison)]
    assert found == changes


def test_a_base_is_the_next_figures_own_and_a_mean_proves_nothing() -> None:
    found = read("增加值增长6.8%，增速比上月加快1.1个百分点；1-2月累计增长6.2%。产值由3亿元增加到5亿元，年均增长8%。")
    assert [x.comparison and x.comparison.base for x in found] == [None, "上月", None, None]
    assert found[-1].checks == []


def test_a_base_in_a_bracket_is_kept_as_the_base() -> None:
    (found,) = read("结案率95.8%，较上月（95.97%）下降0.17个百分点。")
    assert found.comparison is not None
    assert found.comparison.base_value == 95.97


def test_three_industries_have_their_own_values() -> None:
    found = read("三次产业增加值占比分别为8.5%、42.3%和49.2%。")
    assert [(x.name, x.value) for x in found] == [
        ("第一产业增加值占比", 8.5), ("第二产业增加值占比", 42.3), ("第三产业增加值占比", 49.2),
    ]  # fmt: skip


def test_places_in_turn_have_their_own_values() -> None:
    found = read("臭氧浓度最低的3个城市依次是甲市、乙市和丙市，分别为47、55和56微克/立方米。")[1:]
    assert [(x.name, x.value) for x in found] == [("甲市臭氧浓度", 47), ("乙市臭氧浓度", 55), ("丙市臭氧浓度", 56)]


def test_a_topic_names_the_measure_of_its_list() -> None:
    found = read("工业增加值增长5%。从产品产量看，铝材增长4.7%，铜材下降2%。")
    assert [x.name for x in found] == ["工业增加值", "铝材产量", "铜材产量"]


@pytest.mark.parametrize(
    "text",
    [
        "全年8类严重暴力案件破案率居前。",
        "交通事故4项指数同比大幅下降。",
        "实现了两降两升目标。",
        "达到90%的目标要求。",
        "严防一次死亡3人特大事故。",
        "推进“一网通办”“三个一批”，用好12345热线和110平台。",
        "执行GB/T 7714-2015，参见第三十二条，电话0356-5221239。",
        "19时至22时是高发时段，“双11”期间加强巡查，持续推进“十四五”规划。",
        "国务院令第711号、国办公开办函〔2019〕60号文件精神。",
    ],
)
def test_no_indicators(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "zeros"),
    [
        ("全年未发生较大及以上生产安全事故。", [("未发生", "较大及以上生产安全事故", "起")]),
        ("聚众斗殴类警情零发生，破案率保持100%。", [("零", "聚众斗殴类警情", "起")]),
        ("当日，无新增确诊病例，治愈出院3例。", [("无", "新增确诊病例", "例")]),
        ("未发生亡人事故的县区受到表彰。", []),
        ("零星降雨，未发现异常。", []),
    ],
)
def test_zeros_without_a_digit(text: str, zeros: list[tuple[str, str, str]]) -> None:
    assert [(x.value_text, x.name, x.unit) for x in read(text) if x.value == 0] == zeros


def test_what_did_not_happen_may_have_a_change() -> None:
    (found,) = read("未发生重大火灾，同比减少1起。")
    assert found.comparison is not None
    assert (found.value, found.comparison.direction, found.comparison.amount) == (0, "down", 1)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("处分省级干部1人，市级干部6人，县级干部9人。", ["处分省级干部", "处分市级干部", "处分县级干部"]),
        ("全县15个行政村中共有贫困村10个。", ["行政村", "贫困村"]),
        ("12.8万个贫困村出列。\n10.8万所学校办学条件得到改善。", ["贫困村出列", "学校办学条件得到改善"]),
        ("发生率在20%以上的贫困村92个。", ["贫困村"]),
        ("合同金额5000万元、1亿元以上大项目37个。", ["大项目"]),
    ],
)
def test_names_of_rows_and_limits(text: str, names: list[str]) -> None:
    assert [x.name[-len(n) :] for x, n in zip(read(text), names, strict=True)] == names


def test_edges_of_the_strip_patterns_are_complete() -> None:
    """The sets that let most words through unsearched hold every first and last character of the patterns."""
    heads = words.LEFT_STRIP.pattern[4:-2]
    assert {p[0] for p in re.split(r"\|(?![^(\[]*[)\]])", heads) if p[0] not in "[(\\"} <= words.LEFT_FIRST
    tails = re.split(r"\|(?![^(\[]*[)\]])", words.RIGHT_STRIP.pattern[3:-3])
    assert {p[-1] for p in tails if p[-1] not in "+})]"} <= words.RIGHT_LAST


def test_folding_keeps_every_offset() -> None:
    text = "（１２，３４５％）～\u3000萬元\t①"
    assert fold(text) == "(12，345%)~ 万元\n①"
