"""A site with a native RSS feed (its column), and the same as a plain list under /list/."""

# ruff: noqa: E501 - markup is read more easily unbroken
from __future__ import annotations

from email.utils import format_datetime
from urllib.parse import urljoin

from scheduler.demo.bureaus.families.base import Site, address, rows
from scheduler.demo.bureaus.model import Answer, Bureau, Request
from scheduler.demo.bureaus.pages import esc, frame


class FeedSite(Site):
    """RSS 2.0; `pubTime` instead of `pubDate` when asked, as some bureaus write it."""

    name = "feed"

    def __init__(self, date_tag: str = "pubDate") -> None:
        self.date_tag = date_tag

    def column_path(self, bureau: Bureau, column: str) -> str:
        """`/<column>/rss.xml`."""
        return f"/{column}/rss.xml"

    def report_path(self, bureau: Bureau, report: object) -> str:
        """`/<column>/202201/1234.html`."""
        r = report
        return f"/{r.columns[0]}/{r.published:%Y%m}/{self.slug(bureau, r)}.html"  # type: ignore[attr-defined,arg-type]

    def respond(self, bureau: Bureau, request: Request) -> Answer | None:
        """The feed, and the list."""
        for column, name in bureau.column_names.items():
            reports = bureau.shown(column)
            if request.path == f"/{column}/list/":
                main = f"<div><h2>{esc(name)}</h2>{rows(bureau, reports)}</div>"
                return Answer(frame(bureau, name, main), modified=bureau.newest_change(reports))
            if request.path == self.column_path(bureau, column):
                root = f"http://{request.headers.get('host', '127.0.0.1')}"
                items = "".join(
                    f"<item><title><![CDATA[{r.title}]]></title><link>{urljoin(root, address(bureau, r))}</link>"
                    f"<{self.date_tag}>{format_datetime(r.published) if self.date_tag == 'pubDate' else format(r.published, '%Y-%m-%d %H:%M:%S')}</{self.date_tag}></item>"
                    for r in reports
                )
                text = f'<?xml version="1.0" encoding="{bureau.encoding}"?>\n<rss version="2.0"><channel><title>{esc(name)}</title>'
                text += f"<link>{root}/</link><description>{esc(bureau.name)}</description>{items}</channel></rss>"
                return Answer(text, "application/rss+xml", modified=bureau.newest_change(reports))
        return None
