"""A UCAP site: `list.shtml`, `list_2.shtml` …, 32-digit names, pager by createPageHTML('page_div', …)."""

# ruff: noqa: E501 - markup is read more easily unbroken
from __future__ import annotations

import hashlib
import re

from scheduler.demo.bureaus.families.base import Site, rows
from scheduler.demo.bureaus.model import Answer, Bureau, Request, SampleReport
from scheduler.demo.bureaus.pages import esc, frame, metas


class UcapSite(Site):
    """UCAP, UTF-8."""

    name = "ucap"
    body_box = '<div id="UCAP-CONTENT"><UCAPCONTENT>{}</UCAPCONTENT></div>'

    def column_path(self, bureau: Bureau, column: str) -> str:
        """`/site/<column>/list.shtml`."""
        return f"/{bureau.id}/{column}/list.shtml"

    def report_path(self, bureau: Bureau, report: SampleReport) -> str:
        """`/site/<column>/202201/<32 hex digits>.shtml`."""
        name = hashlib.md5(f"{bureau.id}{self.slug(bureau, report)}".encode(), usedforsecurity=False).hexdigest()
        return f"/{bureau.id}/{report.columns[0]}/{report.published:%Y%m}/{name}.shtml"

    def respond(self, bureau: Bureau, request: Request) -> Answer | None:
        """A column's pages."""
        for column, name in bureau.column_names.items():
            match = re.fullmatch(rf"/{bureau.id}/{column}/list(?:_(\d+))?\.shtml", request.path)
            if not match:
                continue
            number = int(match[1] or 1)
            reports = bureau.page(column, number)
            if not reports and number > 1:
                return None
            total = len(bureau.shown(column))
            pager = f"<div id=\"page_div\"></div><script>createPageHTML('page_div',{bureau.pages(column)}, {number},'list','shtml',{total});</script>"
            main = f'<div class="list-right"><h3>{esc(name)}</h3>{rows(bureau, reports)}{pager}</div>'
            head = metas(
                {"channelid": hashlib.md5(column.encode(), usedforsecurity=False).hexdigest(), "ColumnName": name}
            )
            return Answer(
                frame(bureau, f"{name}-{bureau.name}", main, head), modified=bureau.newest_change(bureau.shown(column))
            )
        return None
