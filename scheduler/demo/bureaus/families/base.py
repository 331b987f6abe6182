"""What the sample families share: addresses of rows, rows of a list, session ids."""

# ruff: noqa: E501 - markup is read more easily unbroken
from __future__ import annotations

from scheduler.demo.bureaus.model import Answer, Bureau, Request, SampleReport
from scheduler.demo.bureaus.pages import cut, esc


def address(bureau: Bureau, report: SampleReport) -> str:
    """Where a report's row leads: its page, one of its files, or another site."""
    if report.link and report.link.startswith("http"):
        return report.link
    if report.link:
        return bureau.file_path(report, next(f for f in report.files if f.name == report.link))
    path = bureau.family.report_path(bureau, report)
    root, varied = bureau.noise.other_links
    if report.id in varied:
        return f"{root}/{path}{'&' if '?' in path else '?'}spm=a1.b2.{report.id}"
    if bureau.noise.session_ids:
        head, mark, query = path.partition("?")
        path = f"{head};jsessionid={bureau.random.getrandbits(64):016X}{mark}{query}"
    return path


def rows(bureau: Bureau, reports: list[SampleReport], *, length: int = 26) -> str:
    """`ul` rows with cut titles, the whole one in the title attribute, and a date; another make in other themes."""
    parts = []
    for r in reports:
        mark = '<font color="red">[置顶]</font>' if r.pinned else ""
        where, title = address(bureau, r), esc(r.title)
        if bureau.noise.theme % 2:
            parts.append(
                f'<div class="item"><p class="when">{r.published:%Y/%m/%d}</p><h4>{mark}<a href="{where}" target="_blank">{title}</a></h4></div>'
            )
        else:
            parts.append(
                f'<li>{mark}<a href="{where}" target="_blank" title="{title}">{esc(cut(r.title, length))}</a><span>{r.published:%Y-%m-%d}</span></li>'
            )
    if bureau.noise.theme % 2:
        return f'<div class="items">{"".join(parts)}</div>'
    return f'<ul class="list">{"".join(parts)}</ul>'


def empty(reports: list[SampleReport]) -> str:
    """What an empty list shows."""
    return "" if reports else '<div class="none"></div>'


class Site:
    """A family whose columns are folders; concrete ones override what differs."""

    name = "generic"
    body_box = '<div class="content" id="content">{}</div>'

    def column_path(self, bureau: Bureau, column: str) -> str:
        """`/zwgk/<column>/`."""
        return f"/zwgk/{column}/"

    def report_path(self, bureau: Bureau, report: SampleReport) -> str:
        """`/zwgk/<column>/<month>/<id>.html`."""
        return f"{self.column_path(bureau, report.columns[0])}{report.published:%Y%m}/{self.slug(bureau, report)}.html"

    def slug(self, bureau: Bureau, report: SampleReport) -> str:
        """A report's number in addresses; a redesign with new addresses gives it another one."""
        return f"{report.id}{bureau.generation or ''}"

    def respond(self, bureau: Bureau, request: Request) -> Answer | None:
        """Nothing beyond what the server knows."""
        return None
