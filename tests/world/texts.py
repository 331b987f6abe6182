"""What the world's bureaus write: bulletins of invented places, each with figures of its own."""

from __future__ import annotations

import dataclasses
import random
from datetime import datetime
from zoneinfo import ZoneInfo

from scheduler.demo.bureaus.attachments import word
from scheduler.demo.bureaus.model import Bureau, SampleReport

TOPICS = (
    "道路交通安全", "安全生产检查", "空气质量监测", "就业服务", "市场监管抽查", "水资源管理", "重点项目建设",
    "消防安全整治", "农产品检测", "公共服务", "节能降耗", "教育资助", "卫生监督", "城市管理", "知识产权保护",
    "乡村建设", "人才引进", "价格监测",
)  # fmt: skip
PLACES = ("东城", "西湾", "南屏", "北坡", "新桥", "古渡", "石门", "柳溪", "松岭", "梅园", "竹坞", "桃源")
SENTENCES = (
    "本期共检查单位{a}家，发现问题{b}个，已整改{c}个。",
    "{place}片区完成任务{a}项，其中重点任务{b}项。",
    "累计受理群众来电{a}件，办结{c}件，回访满意率{d}%。",
    "出动工作人员{a}人次，出动车辆{b}辆次，发放宣传资料{e}份。",
    "{place}街道新增点位{b}处，更换设施{c}套，投入资金{e}万元。",
    "抽检样品{a}批次，不合格{b}批次，责令改正{b}家。",
    "组织培训{b}场，覆盖{e}人次，现场答疑{c}次。",
    "{place}镇上报信息{a}条，采用{c}条，居全市前列。",
)


def bulletin(pick: random.Random, bureau: Bureau, serial: int, published: datetime, **values: object) -> SampleReport:
    """A report with a number of its own, written by a bureau."""
    topic, place = pick.choice(TOPICS), pick.choice(PLACES)
    paragraphs = [f"为进一步做好{place}{topic}工作，现将第{serial}期有关情况通报如下："]
    for sentence in pick.sample(SENTENCES, 5):
        a = pick.randrange(120, 990)
        paragraphs.append(
            sentence.format(
                place=pick.choice(PLACES), a=a, b=pick.randrange(11, 99), c=pick.randrange(11, 99),
                d=pick.randrange(80, 99), e=pick.randrange(1000, 9000),
            )
        )  # fmt: skip
    paragraphs.append("请各单位认真对照，抓好落实，有关情况及时报送。")
    if bureau.timezone:
        published = published.astimezone(ZoneInfo(bureau.timezone))
    report = SampleReport(
        id=f"{6000 + serial}",
        title=f"{bureau.name[:3]}{place}{topic}情况通报（第{serial}期）",
        published=published.replace(minute=pick.randrange(60)),
        body=tuple(paragraphs),
        document_number=f"{bureau.name[0]}通〔2023〕{serial}号" if serial % 2 else None,
        index_number=f"0151{serial:05d}/2023-{serial:05d}" if serial % 3 else None,
        publisher=bureau.name if serial % 3 else None,
        signer=bureau.name,
        files=(word(f"附表{serial}.docx", f"附表：{place}{topic}明细{serial}"),) if serial % 4 == 0 else (),
    )
    return dataclasses.replace(report, **values)  # type: ignore[arg-type]
