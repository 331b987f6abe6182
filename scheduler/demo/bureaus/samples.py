"""The demo's four bureaus, and what happens at them between two crawls."""

# ruff: noqa: E501 - markup is read more easily unbroken
from __future__ import annotations

import dataclasses
from datetime import timedelta

from pipelines.messages import say
from scheduler.demo.bureaus import texts
from scheduler.demo.bureaus.attachments import pdf
from scheduler.demo.bureaus.families import FeedSite, TableSite, TrsSite, UcapSite
from scheduler.demo.bureaus.model import Bureau, day


def sample_bureaus() -> list[Bureau]:
    """A traffic police (TRS), a statistics bureau (GBK table), a development commission (UCAP), a safety bureau (RSS)."""
    traffic = Bureau(
        "yunling-jgj", "云岭市公安局交通管理支队", TrsSite(), column_names={"gzzj": "工作总结", "tzgg": "通知公告"}
    )
    traffic.publish(*(texts.traffic_report(year) for year in range(2016, 2022)))
    traffic.publish(*(texts.traffic_notice(n, pinned=n == 4) for n in range(12)))
    statistics = Bureau(
        "heqing-tjj", "鹤清市统计局", TableSite(), encoding="gb18030", column_names={"tjsj": "统计数据"}
    )
    statistics.publish(*(texts.statistics_release(2021 + m // 12, m % 12 + 1) for m in range(14)))
    plans = Bureau("lanting-fgw", "澜汀市发展和改革委员会", UcapSite(), column_names={"ghjh": "规划计划"}, page_size=5)
    plans.publish(*(texts.plan_report(year) for year in range(2014, 2022)))
    safety = Bureau("qinghe-yjj", "青禾市应急管理局", FeedSite(), column_names={"aqsc": "安全生产"})
    safety.publish(*(texts.safety_bulletin(2020 + q // 4, q % 4 + 1) for q in range(9)))
    return [traffic, statistics, plans, safety]


def second_act(bureaus: list[Bureau]) -> list[str]:
    """The bureaus publish, correct, swap a file and withdraw; one report is carried by two of them. Says what happened."""
    traffic, statistics, plans, safety = bureaus
    report = texts.traffic_report(2022)
    traffic.publish(dataclasses.replace(report, columns=("gzzj", "tzgg")))
    safety.publish(
        dataclasses.replace(
            report,
            id="9990",
            columns=("aqsc",),
            files=(),
            content_source=traffic.name,
            published=report.published + timedelta(hours=5),
        )
    )
    traffic.edit("5021", replace=("直接财产损失288.4万元", "直接财产损失298.4万元"), at=day("2023-01-20 08:40"))
    statistics.publish(texts.statistics_release(2022, 3))
    plans.replace_attachment(
        "9021",
        "2021年计划报告.pdf",
        pdf("2021年计划报告.pdf", "澜汀市2021年计划执行情况（修订）").raw,
        at=day("2023-01-20 09:00"),
    )
    statistics.withdraw(str(2021 * 12 + 5))
    return [
        say("{bureau}: published “{title}” in two columns", bureau=traffic.name, title=report.title),
        say("{bureau}: carries the same report", bureau=safety.name),
        say("{bureau}: corrected a figure of its 2021 report (288.4 → 298.4)", bureau=traffic.name),
        say("{bureau}: published the figures for March 2022", bureau=statistics.name),
        say("{bureau}: replaced the PDF of its 2021 report", bureau=plans.name),
        say("{bureau}: withdrew the figures for May 2021", bureau=statistics.name),
    ]
