"""What the sample sites share: their publications, list pages, families with numbered pages."""

from __future__ import annotations

from urllib.parse import parse_qs

from scheduler.demo.bureaus import Answer, Bureau, Request, SampleReport, day
from scheduler.demo.bureaus.families.base import Site, rows
from scheduler.demo.bureaus.pages import frame, numbered

SUBJECTS = (
    "道路交通安全",
    "安全生产",
    "统计调查",
    "重点项目建设",
    "社会治安",
    "营商环境",
    "环境保护",
    "医疗卫生",
    "教育督导",
    "防汛抗旱",
    "公共机构节能",
)
KINDS = ("工作总结", "情况通报", "工作报告", "实施方案", "有关事项的通知", "统计公报", "专项检查结果的公告")


def reports(count: int, columns: tuple[str, ...] = ("main",)) -> list[SampleReport]:
    """Distinct publications with long and short titles, the newest last."""
    made = []
    for n in range(count):
        title = f"岚溪市{SUBJECTS[n % len(SUBJECTS)]}{2015 + n % 8}年{KINDS[n % len(KINDS)]}（第{n + 1}号）"
        if n % 3 == 0:
            title = f"岚溪市人民政府办公室关于印发《{title}》并进一步加强相关工作落实的通知"
        made.append(
            SampleReport(
                id=str(100_000 + n * 37),
                title=title,
                published=day(f"{2019 + n // 24}-{n % 12 + 1:02d}-{n * 7 % 27 + 1:02d} 09:{n % 60:02d}"),
                body=(f"本期共完成{n + 3}项任务，同比增长{n % 9 + 1}.5%。", "特此通知。"),
                index_number=f"01{n:07d}/{2019 + n // 24}-{n:05d}",
                document_number=f"岚政办〔{2019 + n // 24}〕{n + 1}号",
                drafted=day(f"{2019 + n // 24}-{n % 12 + 1:02d}-{n * 7 % 27 + 1:02d}"),
                columns=columns,
            )
        )
    return made


def page_of(bureau: Bureau, column: str, main: str, head: str = "") -> Answer:
    """A list page in the shared frame."""
    return Answer(
        frame(bureau, bureau.column_names[column], main, head), modified=bureau.newest_change(bureau.shown(column))
    )


class Paged(Site):
    """A family whose pages have addresses `path(number)`; `pager` writes what leads on."""

    def path(self, number: int) -> str:
        raise NotImplementedError

    def column_path(self, bureau: Bureau, column: str) -> str:
        return self.path(1)

    def listing(self, bureau: Bureau, shown: list[SampleReport], number: int) -> str:
        return rows(bureau, shown)

    def pager(self, bureau: Bureau, number: int) -> str:
        pages = bureau.pages()
        return numbered(pages, number, [self.path(n) for n in range(1, pages + 1)])

    def head(self, bureau: Bureau) -> str:
        return ""

    def number(self, bureau: Bureau, request: Request) -> int | None:
        for number in range(1, bureau.pages() + 1):
            path, _, query = self.path(number).partition("?")
            if request.path == path and {k: v for k, v in request.query.items() if v != [""]} == parse_qs(query):
                return number
        return None

    def respond(self, bureau: Bureau, request: Request) -> Answer | None:
        number = self.number(bureau, request)
        shown = bureau.page("main", number) if number else []
        if number is None or (not shown and number > 1):
            return None
        main = f'<div class="lm">{self.listing(bureau, shown, number)}{self.pager(bureau, number)}</div>'
        return page_of(bureau, "main", main, self.head(bureau))
