"""Forms of statistical tables as bureaus print them: each gives its figures in full, and nothing else."""

from __future__ import annotations

from datetime import date

import pytest

from pipelines.indicators.tables import read_report_tables, read_table_indicators
from pipelines.items import Indicator, Report

PUBLISHED = date(2024, 2, 1)


def told(i: Indicator) -> str:
    """`[region] name value unit period | comparison`, in few characters."""
    c = i.comparison
    parts = [i.region or "", "·".join([*i.qualifiers, i.name]), f"{i.value:.12g}{i.unit or ''}"]
    parts.append((i.period.value if i.period else None) or "-")
    if i.kind == "change" or i.status != "actual":
        parts.append(i.kind if i.kind == "change" else i.status)
    if c is not None:
        sign = {"up": "+", "down": "-", "flat": "="}[c.direction or "flat"]
        shown = [f"{c.amount:.12g}" if c.amount is not None else "", f"{c.percent:g}%" if c.percent is not None else ""]
        parts.append(f"|{c.base or ''}{sign}{'/'.join(s for s in shown if s)}")
        if c.base_value is not None:
            parts.append(f"from {c.base_value:.12g}")
    if i.rank is not None:
        parts.append(f"#{i.rank.from_ or ''}>{i.rank.to}")
    return " ".join(p for p in parts if p)


FORMS = {
    "a ranking, beside itself": (
        "2024年9月县区空气质量排名",
        "排名|县区|综合指数|PM2.5|排名|县区|综合指数|PM2.5\n1|东山区|2.41|18|3|西河区|3.02|25\n2|南岭县|2.66|20|4|北湖区|3.15|27",
        [
            "东山区 综合指数 2.41 2024-09 #>1",
            "东山区 PM2.5 18 2024-09",
            "南岭县 综合指数 2.66 2024-09 #>2",
            "南岭县 PM2.5 20 2024-09",
            "西河区 综合指数 3.02 2024-09 #>3",
            "西河区 PM2.5 25 2024-09",
            "北湖区 综合指数 3.15 2024-09 #>4",
            "北湖区 PM2.5 27 2024-09",
        ],
    ),
    "a number of women to a hundred men has no unit": (
        "2023年末人口构成（万人）",
        "年龄组|人口|性别比（女=100）\n0-14岁|48.1|113.78\n15-59岁|90|99.5",
        [
            "0-14岁人口 481000人 2023-12-31",
            "女=100·0-14岁性别比 113.78 2023-12-31",
            "15-59岁人口 900000人 2023-12-31",
            "女=100·15-59岁性别比 99.5 2023-12-31",
        ],
    ),
    "months of a change to last year's": (
        "2024年11月消费价格",
        "项目|同比（%）|1-11月比上年同期（%）\n鲜菜|14.5|-5.3",
        ["鲜菜 14.5% 2024-11 change |同比+", "鲜菜 5.3% 2024-01/2024-11 change |上年同期-"],
    ),
    "the month before and the month of last year": (
        "2024年1月农产品价格监测",
        "品种|单位|本月均价|上月均价|环比（%）|上年同月均价|同比（%）\n鸡蛋|元/千克|9|10|-10|12|-25",
        [
            "鸡蛋均价 9元/千克 2024-01 |上月-10% from 10",
            "鸡蛋均价 10元/千克 2023-12",
            "鸡蛋均价 12元/千克 2023-01",
            "鸡蛋均价 25% 2024-01 change |同比-",
        ],
    ),
    "ends of months and of the year before": (
        "2024年3月末信贷收支（亿元）",
        "项目|本月末余额|上月末余额|比上月增减|上年末余额|比年初增减|同比增长（%）\n各项存款|30|28|2|25|5|8.2",
        [
            "各项存款余额 3000000000元 2024-03-31 |上月末+200000000 from 2800000000",
            "各项存款余额 2800000000元 2024-02-29",
            "各项存款余额 2500000000元 2023-12-31",
            "各项存款余额 500000000元 2024-03-31 change |年初+",
            "各项存款余额 8.2% 2024-03-31 change |同比+",
        ],
    ),
    "last year's below a month": (
        "2024年11月客运量（万人次）",
        "方式|11月|11月|11月\n方式|实绩|去年同期|增长率（%）\n轨道交通|15|12|25",
        ["轨道交通 150000人次 2024-11 |去年同期+25% from 120000", "轨道交通 120000人次 2023-11"],
    ),
    "norms are of no earlier year": (
        "2024年降水",
        "月份|降水量（毫米）|降水量（毫米）\n月份|本年|常年同期\n1月|12.4|10.2\n2月|0|15.5",
        [
            "降水量 12.4毫米 2024-01",
            "降水量常年同期 10.2毫米 2024-01",
            "降水量 0毫米 2024-02",
            "降水量常年同期 15.5毫米 2024-02",
        ],
    ),
    "this quarter": (
        "2024年三季度热线办理",
        "区域|办结率|办结率\n区域|本季度（%）|较上季度（百分点）\n东山区|99.2|-0.3",
        ["东山区 办结率 99.2% 2024-Q3 |上季度-0.3 from 99.5"],
    ),
    "a part beside the years of the whole": (
        "第七次人口普查",
        "地区|常住人口（人）|常住人口（人）|常住人口（人）\n地区|2010年|2020年|其中：女\n东山区|70|80|39",
        ["东山区 常住人口 70人 2010", "东山区 常住人口 80人 2020", "东山区 常住人口女 39人 2020"],
    ),
    "kinds of owners are parts of the figure above": (
        "2024年11月工业",
        "指标|单位|11月\n工业增加值|亿元|42\n其中：国有控股|亿元|18\n民营|亿元|12\n零售总额|亿元|35\n限额以上单位|亿元|10",
        [
            "工业增加值 4200000000元 2024-11",
            "国有控股 1800000000元 2024-11",
            "民营 1200000000元 2024-11",
            "零售总额 3500000000元 2024-11",
            "限额以上单位 1000000000元 2024-11",
        ],
    ),
    "a second base": (
        "2024年9月新建商品住宅销售情况",
        "区域|成交套数（套）|环比|同比\n东山区|812|12.3%|-5.6%",
        ["东山区 成交套数 812套 2024-09 |环比+12.3%", "东山区 成交套数 5.6% 2024-09 change |同比-"],
    ),
    "an open ± beside a ±%": (
        "2024年9月末主要金融指标",
        "指标|余额（亿元）|较年初±|同比±%\n本外币存款|2410.6|+100.1|+7.2",
        [
            "本外币存款余额 241060000000元 2024-09-30 |年初+10010000000 from 231050000000",
            "本外币存款余额 7.2% 2024-09-30 change |同比+",
        ],
    ),
    "months of a change's own": (
        "2024年11月居民消费价格主要数据",
        "项目|同比涨跌幅（%）|1—11月同比涨跌幅（%）\n居民消费价格|0.2|0.3",
        ["居民消费价格 0.2% 2024-11 change |同比+", "居民消费价格 0.3% 2024-01/2024-11 change |同比+"],
    ),
    "marks for offences": ("机动车驾驶证记分分值一览表", "违法行为|记分\n酒后驾驶|12\n闯红灯|6", []),
    "limits": ("环境噪声限值", "声环境功能区类别|昼间|夜间\n0类|50|40\n1类|55|45", []),
    "points beside a rate": (
        "2024年5月各县区空气质量",
        "县区|PM2.5浓度（微克/立方米）|同比|优良天数比例（%）|同比（百分点）\n东山区|32|↓8.6%|87.1|↑3.2",
        [
            "东山区 PM2.5浓度 32微克/立方米 2024-05 |同比-8.6%",
            "东山区 优良天数比例 87.1% 2024-05 |同比+3.2 from 83.9",
        ],
    ),
    "an amount beside its percentage, in a title of a year's end": (
        "2023年末金融机构存款",
        "指标|各项存款余额（亿元）\n年末数|2310.5\n比年初增减|182.3\n比年初增长（%）|8.6",
        ["各项存款余额 231050000000元 2023-12-31 |年初+18230000000/8.6% from 212820000000"],
    ),
    "by districts": (
        "2023年分县区生产总值",
        "地区|生产总值（亿元）\n全市|1240.5\n东山区|310.6",
        ["生产总值 124050000000元 2023", "东山区 生产总值 31060000000元 2023"],
    ),
    "rents": (
        "公共租赁住房配租情况",
        "家庭人口|面积标准（平方米）|租金标准（元/平方米·月）\n1人|35|3.5\n3人及以上|60|4.2",
        [],
    ),
    "fines": ("裁量基准", "违法行为|情节|罚款幅度（元）下限|罚款幅度（元）上限\n未按规定公示|轻微|0|500", []),
    "points of a review": ("职称评审量化评分表（试行）", "评价项目|评分细则|得分\n学历|博士|10\n教龄|满20年|15", []),
    "beside each other, the same header again": (
        "2023年上半年交通事故",
        "县区|事故起数|死亡人数|县区|事故起数|死亡人数\n东山区|120|15|南岭县|64|9",
        [
            "东山区 事故起数 120起 2023-01/2023-06",
            "东山区 死亡人数 15人 2023-01/2023-06",
            "南岭县 事故起数 64起 2023-01/2023-06",
            "南岭县 死亡人数 9人 2023-01/2023-06",
        ],
    ),
    "income beside spending": (
        "2022年度收支",
        "公开01表|||\n部门：某局|部门：某局|2022年度|金额单位：万元\n收入|收入|支出|支出\n项目|决算数|项目|决算数\n"
        "一、财政拨款收入|35.5|一、公共安全支出|30.25\n总计|40|总计|40",
        [
            "财政拨款收入 355000元 2022",
            "收入 400000元 2022",
            "公共安全支出 302500元 2022",
            "支出 400000元 2022",
        ],
    ),
    "headings of groups below the header": (
        "2023年主要指标",
        "指标|单位|数值|比上年增长（%）\n一、人口|一、人口|一、人口|一、人口\n常住人口|万人|95.6|-0.3\n"
        "二、农业|二、农业|二、农业|二、农业\n粮食产量|吨|4567|—",
        ["人口·常住人口 956000人 2023 |上年-0.3%", "农业·粮食产量 4567吨 2023"],
    ),
    "growth without a unit, of the level in its group": (
        "2022年各县指标",
        "地区|生产总值|生产总值|常住人口\n地区|总量（亿元）|增速|（万人）\n东山区|600.0|6.0|100.2\n西河区|400.0|-5.1|90.3",
        [
            "东山区 生产总值 60000000000元 2022 |+6%",
            "东山区 常住人口 1002000人 2022",
            "西河区 生产总值 40000000000元 2022 |-5.1%",
            "西河区 常住人口 903000人 2022",
        ],
    ),
    "levels in one group of columns, their changes in another": (
        "2023年12月用电",
        "行业|用电量（万千瓦时）|用电量（万千瓦时）|同比增长（%）|同比增长（%）\n行业|12月|1-12月|12月|1-12月\n第一产业|12|154|2.0|-5.5",
        [
            "第一产业用电量 120000千瓦时 2023-12 |同比+2%",
            "第一产业用电量 1540000千瓦时 2023-01/2023-12 |同比-5.5%",
        ],
    ),
    "month and running total, each with last year's and its change": (
        "2023年8月统计月报",
        "指标|单位|本月|上年同月|增长（%）|1-本月|上年同期|增长（%）\n用水量|万吨|5|5.2|-3.8|40|39|2.6",
        [
            "用水量 50000吨 2023-08 |上年同月-3.8% from 52000",
            "用水量 52000吨 2022-08",
            "用水量 400000吨 2023-01/2023-08 |上年同期+2.6% from 390000",
            "用水量 390000吨 2022-01/2022-08",
        ],
    ),
    "changes in the table's unit; two bases are two records": (
        "2023年9月末存款",
        "项目|余额（亿元）|比年初增减（亿元）|同比增长（%）\n各项存款|30|2.5|9.1\n住户存款|18|-1|-2",
        [
            "各项存款余额 3000000000元 2023-09-30 |年初+250000000 from 2750000000",
            "各项存款余额 9.1% 2023-09-30 change |同比+",
            "住户存款余额 1800000000元 2023-09-30 |年初-100000000 from 1900000000",
            "住户存款余额 2% 2023-09-30 change |同比-",
        ],
    ),
    "amounts without a unit are in the table's": (
        "税收",
        "单位：万元|||\n税种|2023年|2022年|增减额\n增值税|120|98|22",
        ["增值税 1200000元 2023 |+220000 from 980000", "增值税 980000元 2022"],
    ),
    "shares say of what; completion is of the time of what is done": (
        "2023年实事进展",
        "任务|年度目标|1-8月完成|完成率（%）|家数（家）|占比\n公路（公里）|120|96|80|5|50%\n泊位（个）|300|240|80|5|50%",
        [
            "公路年度目标 120公里 2023 target",
            "公路 96公里 2023-01/2023-08",
            "公路完成率 80% 2023-01/2023-08",
            "公路家数 5家 2023",
            "公路家数占比 50% 2023",
            "泊位年度目标 300个 2023 target",
            "泊位 240个 2023-01/2023-08",
            "泊位完成率 80% 2023-01/2023-08",
            "泊位家数 5家 2023",
            "泊位家数占比 50% 2023",
        ],
    ),
    "prices by kind and grade, last week's beside": (
        "价格周报",
        "品种|规格等级|计量单位|本周均价|上周均价\n猪肉|精瘦|元/500克|14.52|14.3\n鸡蛋|新鲜|元/公斤|10|9.8",
        [
            "精瘦·猪肉均价 14.52元/500克 2024 |上周+ from 14.3",
            "精瘦·猪肉均价 14.3元/500克 -",
            "新鲜·鸡蛋均价 10元/公斤 2024 |上周+ from 9.8",
            "新鲜·鸡蛋均价 9.8元/公斤 -",
        ],
    ),
    "parts that make up the whole above": (
        "2022年人口",
        "指标|年末数（万人）\n常住人口|10\n其中：城镇|6.5\n乡村|3.5\n其中：男性|5.1\n女性|4.9\n户籍人口|12",
        [
            "常住人口 100000人 2022-12-31",
            "常住人口城镇 65000人 2022-12-31",
            "常住人口乡村 35000人 2022-12-31",
            "常住人口男性 51000人 2022-12-31",
            "常住人口女性 49000人 2022-12-31",
            "户籍人口 120000人 2022-12-31",
        ],
    ),
    "a title of growth rates": (
        "2023年1-3月工业",
        "规模以上工业增加值同比增速（%）||\n行业|1-2月|1-3月\n采矿业|-2.2|1.0",
        [
            "采矿业 2.2% 2023-01/2023-02 change |同比-",
            "采矿业 1% 2023-01/2023-03 change |同比+",
        ],
    ),
    "index numbers are levels": (
        "2023年5月住宅价格指数",
        "类别|环比|同比\n类别|上月=100|上年同月=100\n新建住宅|99.8|97.6",
        ["上月=100·新建住宅环比 99.8 2023-05", "上年同月=100·新建住宅同比 97.6 2023-05"],
    ),
    "a plan's table gives its first year's values too": (
        "云岭市“十四五”规划",
        "指标|单位|2020年|2025年\n森林覆盖率|%|51.2|53\n床位数|张|6.8|7.5",
        [
            "云岭市 森林覆盖率 51.2% 2020",
            "云岭市 森林覆盖率 53% 2025 target",
            "云岭市 床位数 6.8张 2020",
            "云岭市 床位数 7.5张 2025 target",
        ],
    ),
    "places and those of the month before": (
        "2023年4月考评",
        "县区|综合得分|本月排名|上月排名\n东山区|95.2|1|3",
        ["东山区 综合得分 95.2 2023-04 #3>1"],
    ),
    "months in rows: the total is of all of them": (
        "接警情况",
        "月份|2023年接警量（起）\n1月|8\n2月|7\n3月|6\n合计|21",
        ["接警量 8起 2023-01", "接警量 7起 2023-02", "接警量 6起 2023-03", "接警量 21起 2023-01/2023-03"],
    ),
    "what describes a row does not name it": (
        "2023年7月水质",
        "断面名称|所在河流|水质目标|氨氮（mg/L）\n大桥断面|清水河|Ⅲ类|0.35\n江口断面|清水河|Ⅲ类|0.92",
        ["清水河·Ⅲ类·大桥断面氨氮 0.35毫克/升 2023-07", "清水河·Ⅲ类·江口断面氨氮 0.92毫克/升 2023-07"],
    ),
    "one figure over several columns is one": (
        "2023年政府信息公开年报",
        "信息内容|本年处理决定数量|本年处理决定数量|本年处理决定数量\n行政处罚|456|456|456\n行政强制|78|78|78",
        ["行政处罚处理决定数量 456件 2023", "行政强制处理决定数量 78件 2023"],
    ),
    "ratios to last year's value are of the running total": (
        "2023年9月交通",
        "指标|计算单位|本月实绩|1-本月累计|累计为上年同期%\n货运量|万吨|33|295|103.2",
        [
            "货运量 330000吨 2023-09",
            "货运量 2950000吨 2023-01/2023-09",
            "货运量为上年同期 103.2% 2023-01/2023-09",
        ],
    ),
    "counts in the table's multiple; an increase without a unit is an amount": (
        "参保情况",
        "2022年末参保（单位：万人）||\n险种|参保人数|比上年末增加\n失业保险|52.6|-0.8",
        ["失业保险参保人数 526000人 2022-12-31 |上年末-8000 from 534000"],
    ),
    "thousands parted by blanks, losses in brackets": (
        "2022年企业",
        "指标|2022年\n营业收入（万元）|2 310 455\n利润总额（万元）|(1,234)",
        ["营业收入 23104550000元 2022", "利润总额 -12340000元 2022"],
    ),
    "fiscal years": (
        "Spending",
        "Department|2021-22|2022-23|% change from previous year\nHealth|1,200|1,300|8.3",
        ["Health 1200 2021/2022", "Health 1300 2022/2023 |+8.3% from 1200"],
    ),
    "this year, last year and the change in rows": (
        "2023年火灾形势",
        "项目|火灾起数|死亡（人）\n本年|320|3\n去年同期|351|5\n同比（%）|-8.8|-40.0",
        [
            "火灾起数 320起 2023 |去年同期-8.8% from 351",
            "火灾起数 351起 2022",
            "死亡 3人 2023 |去年同期-40% from 5",
            "死亡 5人 2022",
        ],
    ),
    "the change stands behind the running total; standards are no figures": (
        "2023年10月情况",
        "项目|本月（亿元）|累计（亿元）|比上年同期增长%|国家标准\n收入|8.12|76.35|5.2|35\n支出|15.3|141.9|-2.6|70",
        [
            "收入 812000000元 2023-10",
            "收入 7635000000元 2023-01/2023-10 |上年同期+5.2%",
            "支出 1530000000元 2023-10",
            "支出 14190000000元 2023-01/2023-10 |上年同期-2.6%",
        ],
    ),
    "changes between two named years": (
        "教育统计",
        "指标|单位|2022年|2023年|2023年比2022年增减（%）\n学校数|所|812|805|-0.86\n教职工数|人|31022|31410|1.25",
        [
            "学校数 812所 2022",
            "学校数 805所 2023 |2022年-0.86% from 812",
            "教职工数 31022人 2022",
            "教职工数 31410人 2023 |2022年+1.25% from 31022",
        ],
    ),
    "years beside their months": (
        "接警情况",
        "年份|月份|接警量（起）\n2021年|1月|8\n2021年|2月|7\n2022年|1月|9\n2022年|2月|6",
        ["接警量 8起 2021-01", "接警量 7起 2021-02", "接警量 9起 2022-01", "接警量 6起 2022-02"],
    ),
    "several units in the line above: rates are per cent": (
        "2023年指标",
        "单位：亿元、%||\n指标|2023年|2022年\n财政收入|12|11\n失业率|3.2|3.5",
        ["财政收入 1200000000元 2023", "财政收入 1100000000元 2022", "失业率 3.2% 2023", "失业率 3.5% 2022"],
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_each_form_gives_its_figures_and_nothing_else(form: str) -> None:
    title, text, expected = FORMS[form]
    table = [line.split("|") for line in text.split("\n")]
    found = read_table_indicators(table, report=Report(title=title, published=PUBLISHED))
    assert sorted(map(told, found)) == sorted(expected)


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
        "指标|数值（亿元）\n合计|90\n工业增加值|42\n其中：国有控股|18\n民营|12\n零售总额|35\n限额以上单位|10\n私营|50"
    )
    table = [line.split("|") for line in text.split("\n")]
    found = read_table_indicators(table, report=Report(title="2023年指标", published=PUBLISHED))
    parents = ["工业增加值", "工业增加值", "零售总额", None]
    assert [i.parent for i in found if i.name in {"国有控股", "民营", "限额以上单位", "私营"}] == parents


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
