"""A TRS WCM site: `index.html`, `index_1.html` …, `t20220108_1234.html`, pager by createPageHTML."""

# ruff: noqa: E501 - markup is read more easily unbroken
from __future__ import annotations

import re

from scheduler.demo.bureaus.families.base import Site, rows
from scheduler.demo.bureaus.model import Answer, Bureau, Request, SampleReport
from scheduler.demo.bureaus.pages import esc, frame, metas


class TrsSite(Site):
    """TRS WCM, UTF-8."""

    name = "trs"
    body_box = '<div class="TRS_Editor">{}</div>'

    def report_path(self, bureau: Bureau, report: SampleReport) -> str:
        """`/zwgk/main/202201/t20220108_1234.html`."""
        folder = self.column_path(bureau, report.columns[0])
        return f"{folder}{report.published:%Y%m}/t{report.published:%Y%m%d}_{self.slug(bureau, report)}.html"

    def respond(self, bureau: Bureau, request: Request) -> Answer | None:
        """A column's pages."""
        for column, name in bureau.column_names.items():
            folder = self.column_path(bureau, column)
            match = re.fullmatch(re.escape(folder) + r"(?:index(?:_(\d+))?\.html)?", request.path)
            if not match:
                continue
            number = int(match[1] or 0) + 1
            reports = bureau.page(column, number)
            if not reports and number > 1:
                return None
            pager = f'<div class="page"><script>createPageHTML({bureau.pages(column)}, {number - 1}, "index", "html");</script></div>'
            old = '<!-- <script>createPageHTML(99, 0, "index", "html");</script> -->'
            main = f'<div class="right"><h2>{esc(name)}</h2>{rows(bureau, reports)}{old}{pager}</div>'
            head = metas({"ColumnName": name, "ColumnType": "政策文件"})
            return Answer(
                frame(bureau, f"{name}-{bureau.name}", main, head), modified=bureau.newest_change(bureau.shown(column))
            )
        return None
