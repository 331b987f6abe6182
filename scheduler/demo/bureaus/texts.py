"""Texts of the sample bureaus, all invented: yearly work reports, monthly statistics, notices."""
# ruff: noqa: E501 - running text

from __future__ import annotations

from dataclasses import dataclass

from scheduler.demo.bureaus.attachments import pdf, sheet, word
from scheduler.demo.bureaus.model import SampleReport, day

TRAFFIC_YEARS = {
    # accidents, deaths, injured, losses (10,000 yuan), vehicles (10,000), drivers (10,000), stops (10,000), drunk, lectures, cameras
    2016: (812, 203, 904, 388.5, 61.2, 74.8, 118.4, 2310, 640, 420),
    2017: (768, 191, 861, 362.1, 66.9, 80.3, 127.9, 2544, 702, 486),
    2018: (735, 182, 820, 349.7, 72.4, 86.1, 134.2, 2871, 755, 541),
    2019: (701, 176, 788, 331.2, 78.8, 92.7, 141.5, 3120, 811, 603),
    2020: (640, 158, 713, 302.9, 84.1, 97.2, 129.6, 2986, 530, 668),
    2021: (612, 149, 690, 288.4, 90.6, 103.5, 148.3, 3342, 874, 735),
    2022: (581, 140, 655, 271.6, 96.3, 109.1, 152.8, 3518, 926, 802),
}


@dataclass(frozen=True)
class _Change:
    """How a figure stands against the year before."""

    now: float
    before: float

    def __str__(self) -> str:
        percent = abs(self.now - self.before) / self.before * 100
        return f"同比{'上升' if self.now > self.before else '下降'}{percent:.2f}%"


def traffic_report(year: int) -> SampleReport:
    """The traffic police's report on a year: many figures, compared with the year before."""
    now, past = TRAFFIC_YEARS[year], TRAFFIC_YEARS.get(year - 1)
    bureau = "云岭市公安局交通管理支队"

    def against(i: int) -> str:
        return f"，{_Change(now[i], past[i])}" if past else ""

    def fell(i: int, unit: str) -> str:
        if not past:
            return ""
        word_ = "增加" if now[i] > past[i] else "减少"
        return f"，较上年{word_}{abs(now[i] - past[i]):g}{unit}"

    body: tuple[str | tuple[tuple[str, ...], ...], ...] = (
        f"{year}年，支队在市局党委和省交管局的坚强领导下，紧紧围绕“保安全、保畅通、优服务”主线，深入推进道路交通事故预防“减量控大”工作，全市道路交通安全形势总体平稳。现将有关情况总结如下：",
        "一、主要工作成效",
        f"（一）事故预防成效明显。全市共发生一般程序处理的道路交通事故{now[0]}起{against(0)}；造成死亡{now[1]}人{against(1)}，受伤{now[2]}人{against(2)}，直接财产损失{now[3]}万元{against(3)}。未发生一次死亡5人以上的道路交通事故，连续{year - 2012}年未发生重特大道路交通事故。",
        f"（二）路面管控持续加强。全年查处各类交通违法行为{now[6]}万起{against(6)}，其中查处酒驾醉驾{now[7]}起{against(7)}；开展夜查行动{year - 1990}次，出动警力{round(now[7] * 6.4)}人次，拘留{round(now[7] * 0.12)}人。",
        f"（三）车驾管服务提质增效。截至{year}年12月底，全市机动车保有量达{now[4]}万辆{against(4)}{fell(4, '万辆')}；机动车驾驶人{now[5]}万人{against(5)}。全年办理车驾管业务{round(now[4] * 1.9, 1)}万笔，网上办理率达{min(98.5, 60 + (year - 2016) * 5.5):.1f}%，群众满意率为{96 + (year - 2016) * 0.4:.1f}%。",
        f"（四）科技支撑不断夯实。新建电子警察{now[9] - (past[9] if past else 360)}套，累计建成{now[9]}套，重点路口覆盖率超过{70 + (year - 2016) * 4}%。",
        f"（五）宣传教育深入人心。组织开展交通安全“七进”活动{now[8]}场次{against(8)}，发放宣传资料约{round(now[8] * 0.15, 1)}万份，受教育群众近{round(now[8] * 0.09, 1)}万人次。",
        "二、存在的主要问题",
        "一是农村地区交通安全管理力量依然薄弱；二是城区早晚高峰拥堵点段治理仍需加力；三是个别民警规范执法意识有待提高。",
        f"三、{year + 1}年工作打算",
        f"{year + 1}年，力争全市道路交通事故死亡人数下降3%以上，重点车辆检验率、报废率均达到100%，新增停车泊位2000个以上，查处酒驾醉驾不少于{round(now[7] * 1.05)}起。",
    )
    published = day(f"{year + 1}-01-{10 + year % 7:02d} 09:{year % 60:02d}")
    return SampleReport(
        id=f"{3000 + year}",
        title=f"{bureau}{year}年工作总结",
        published=published,
        body=body,
        index_number=f"015{year}0349/{year + 1}-00{year % 100:03d}",
        document_number=f"云公交〔{year + 1}〕{year % 9 + 2}号",
        drafted=day(f"{year + 1}-01-{6 + year % 4:02d}"),
        publisher="云岭市公安局",
        content_source=bureau,
        signer=bureau,
        subject="公安、安全、司法/公安",
        columns=("gzzj",),
        files=(
            word(f"{year}年工作总结.docx", f"{year}年工作总结", *[p for p in body if isinstance(p, str)][:4]),
            sheet(
                f"{year}年主要指标.xlsx",
                [["指标", "单位", f"{year}年"], ["道路交通事故", "起", now[0]], ["死亡人数", "人", now[1]], ["受伤人数", "人", now[2]], ["机动车保有量", "万辆", now[4]]],
            ),
        )
        if year >= 2019
        else (),
    )  # fmt: skip


NOTICES = (
    "关于部分路段实行临时交通管制的通告",
    "关于调整城区货运车辆通行时间和路线的公告",
    "关于注销逾期未检验机动车登记的公告",
    "关于启用新增固定式交通技术监控设备的公告",
    "关于开展电动自行车登记上牌工作的通知",
    "关于优化机动车驾驶人考试服务的公告",
    "关于公布校车运行线路和停靠站点的公告",
    "关于春节期间烟花爆竹运输车辆通行管理的通告",
    "关于开展酒驾醉驾专项整治行动的通告",
    "关于加强农村地区面包车安全管理有关事项的通知",
    "关于公开征求城区停车秩序管理办法意见的公告",
    "关于对未按规定处理交通违法行为驾驶人停止使用驾驶证的公告",
    "关于发布团雾多发路段安全提示的公告",
)


def traffic_notice(number: int, *, pinned: bool = False) -> SampleReport:
    """A short notice of the traffic police."""
    title = NOTICES[number % len(NOTICES)]
    published = day(f"2022-{number % 12 + 1:02d}-{number * 5 % 27 + 1:02d} 16:30")
    roads = ("人民路", "滨江大道", "环城北路", "文昌街", "云龙路")
    return SampleReport(
        id=f"{5200 + number}",
        title=f"云岭市公安局交通管理支队{title}",
        published=published,
        body=(
            "为维护道路交通秩序，保障人民群众出行安全，根据《中华人民共和国道路交通安全法》等法律法规规定，现就有关事项公告如下：",
            f"一、自{published.year}年{published.month}月{min(28, published.day + 1)}日起，对{roads[number % 5]}实施交通组织调整，涉及路口{number % 6 + 3}个、信号灯{number % 4 + 2}组。",
            f"二、请途经车辆和行人按照交通标志、标线指示通行，服从现场民警指挥。咨询电话：0899-2{number:03d}116。",
            "特此公告。",
        ),
        document_number=f"云公交公告〔2022〕第{number + 1}号",
        signer="云岭市公安局交通管理支队",
        columns=("tzgg",),
        pinned=pinned,
    )  # fmt: skip


def statistics_release(year: int, month: int) -> SampleReport:
    """A statistics bureau's monthly release with a table."""
    n = year * 12 + month
    growth = 4.1 + n % 23 / 10
    industry, retail, investment = growth + 1.2, growth - 0.6, growth + n % 5 - 2
    income = 120.4 + n % 31
    span = f"1—{month}月" if month > 1 else "1月"
    table = (
        ("指标", "单位", f"{span}累计", "同比增长（%）"),
        ("规模以上工业增加值", "亿元", f"{212.6 + n % 40 * 3.1:.1f}", f"{industry:.1f}"),
        ("社会消费品零售总额", "亿元", f"{168.2 + n % 37 * 2.7:.1f}", f"{retail:.1f}"),
        ("固定资产投资", "亿元", f"{305.9 + n % 29 * 4.4:.1f}", f"{investment:.1f}"),
        ("地方一般公共预算收入", "亿元", f"{income:.1f}", f"{growth:.1f}"),
    )
    return SampleReport(
        id=f"{n}",
        title=f"{year}年{span}全市主要经济指标完成情况",
        published=day(f"{year + month // 12}-{month % 12 + 1:02d}-{18 + n % 6:02d} 10:00"),
        body=(
            f"{span}，全市规模以上工业增加值同比增长{industry:.1f}%，比上月加快{n % 4 / 10 + 0.1:.1f}个百分点；社会消费品零售总额{table[2][2]}亿元，增长{retail:.1f}%；固定资产投资增长{investment:.1f}%，其中民间投资增长{investment / 2:.1f}%。",
            f"地方一般公共预算收入{income:.1f}亿元，同比增长{growth:.1f}%，其中税收收入占比{68 + n % 7}.{n % 10}%。居民消费价格同比上涨{n % 9 / 10 + 0.8:.1f}%。",
            table,
            "注：规模以上工业增加值增速按可比价格计算。",
        ),
        document_number=f"鹤统发〔{year}〕{month}号",
        content_source="鹤清市统计局综合科",
        columns=("tjsj",),
        files=(sheet(f"{year}年{month}月主要指标.xlsx", [list(r) for r in table]),),
    )  # fmt: skip


def plan_report(year: int) -> SampleReport:
    """A development commission's report on a year's plan."""
    n = year - 2010
    return SampleReport(
        id=f"{7000 + year}",
        title=f"关于澜汀市{year}年国民经济和社会发展计划执行情况与{year + 1}年计划草案的报告",
        published=day(f"{year + 1}-02-{8 + n % 9:02d} 15:20"),
        body=(
            f"一、{year}年计划执行情况",
            f"初步核算，全市地区生产总值完成{680 + n * 46.5:.1f}亿元，增长{7.8 - n * 0.12:.1f}%，高于年初预期目标0.{n % 5 + 1}个百分点。其中：第一产业增加值{71 + n * 2.3:.1f}亿元，增长{4 + n % 3 / 10:.1f}%；第二产业增加值{290 + n * 18.2:.1f}亿元，增长{8 - n * 0.1:.1f}%；第三产业增加值{319 + n * 26:.1f}亿元，增长{8.4 - n * 0.15:.1f}%。",
            f"城镇新增就业{2.1 + n * 0.08:.2f}万人，完成年度目标的{104 + n % 6}.{n % 10}%；城镇登记失业率控制在{3.9 - n % 4 / 10:.1f}%以内。单位地区生产总值能耗下降{3.2 - n % 5 / 10:.1f}%。",
            f"全年实施重点项目{120 + n * 6}个，完成投资{210 + n * 13.7:.1f}亿元，占年度计划的{101 + n % 8}%。",
            f"二、{year + 1}年主要预期目标",
            f"地区生产总值增长{6.8 - n * 0.08:.1f}%左右，固定资产投资增长{8 - n % 3}%以上，城镇新增就业不低于{2 + n * 0.08:.1f}万人，居民消费价格涨幅控制在3%以内。",
        ),
        index_number=f"11530900{year}K/{year + 1}-0{n:02d}8",
        document_number=f"澜发改〔{year + 1}〕{n + 3}号",
        drafted=day(f"{year + 1}-02-0{n % 6 + 1}"),
        publisher="澜汀市发展和改革委员会",
        signer="澜汀市发展和改革委员会",
        subject="国民经济管理、国有资产监管/宏观经济",
        validity="有效",
        columns=("ghjh",),
        files=(pdf(f"{year}年计划报告.pdf", f"澜汀市{year}年计划执行情况", f"地区生产总值{680 + n * 46.5:.1f}亿元，增长{7.8 - n * 0.12:.1f}%"),) if year % 2 else (),
    )  # fmt: skip


def safety_bulletin(year: int, quarter: int) -> SampleReport:
    """An emergency bureau's quarterly bulletin."""
    n = year * 4 + quarter
    fewer = quarter % 3 + 2
    accidents, deaths = 44 + quarter * 7 % 5 - fewer * (year - 2018), 6 + quarter * 3 % 5
    return SampleReport(
        id=f"{9000 + n}",
        title=f"青禾市{year}年第{'一二三四'[quarter - 1]}季度安全生产情况通报",
        published=day(f"{year + quarter // 4}-{quarter * 3 % 12 + 1:02d}-{11 + n % 9:02d} 11:15"),
        body=(
            f"{year}年第{'一二三四'[quarter - 1]}季度，全市共发生各类生产安全事故{accidents}起、死亡{deaths}人，与去年同期相比，事故起数减少{fewer}起，死亡人数持平。",
            f"检查生产经营单位{860 + n % 90}家次，排查隐患{1520 + n % 210}项，已整改{1498 + n % 200}项，整改率{98 + n % 2}.{n % 10}%；行政处罚{31 + n % 12}起，罚款{86.4 + n % 20:.1f}万元。",
            "各地各有关部门要深刻吸取事故教训，压实企业主体责任，坚决防范遏制重特大事故发生。",
        ),
        signer="青禾市应急管理局",
        columns=("aqsc",),
    )
