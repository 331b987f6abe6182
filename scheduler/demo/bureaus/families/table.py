"""An old site in GBK: a table of rows with number, title, document number and date, pager by plain links."""

# ruff: noqa: E501 - markup is read more easily unbroken
from __future__ import annotations

import re

from scheduler.demo.bureaus.families.base import Site, address
from scheduler.demo.bureaus.model import Answer, Bureau, Request, SampleReport
from scheduler.demo.bureaus.pages import esc, frame, numbered


class TableSite(Site):
    """A plain table, no known CMS."""

    name = "generic"

    def column_path(self, bureau: Bureau, column: str) -> str:
        """`/list_<column>.asp`."""
        return f"/{column}/list.asp"

    def report_path(self, bureau: Bureau, report: SampleReport) -> str:
        """`/show.asp?id=1234`."""
        return f"/show.asp?id={self.slug(bureau, report)}"

    def respond(self, bureau: Bureau, request: Request) -> Answer | None:
        """A column's pages."""
        for column, name in bureau.column_names.items():
            if not re.fullmatch(re.escape(self.column_path(bureau, column)), request.path):
                continue
            number = request.number("page")
            reports = bureau.page(column, number)
            if not reports and number > 1:
                return None
            lines = "".join(
                f'<tr bgcolor="#ffffff"><td>{(number - 1) * bureau.page_size + i}</td><td>{"[置顶]" if r.pinned else ""}'
                f'<a href="{address(bureau, r)}">{esc(r.title)}</a></td>'
                f"<td>{esc(r.document_number) or '&nbsp;'}</td><td>{r.published.year}-{r.published.month}-{r.published.day}</td></tr>"
                for i, r in enumerate(reports, 1)
            )
            links = [self.column_path(bureau, column) + f"?page={n}" for n in range(1, bureau.pages(column) + 1)]
            main = (
                f'<table width="760"><tr><td class="title">{esc(name)}</td></tr><tr><td><table width="100%">'
                f"<tr><td>序号</td><td>标题</td><td>文号</td><td>发布日期</td></tr>{lines}</table></td></tr></table>"
                + numbered(bureau.pages(column), number, links)
            )
            return Answer(frame(bureau, name, main), modified=bureau.newest_change(bureau.shown(column)))
        return None
