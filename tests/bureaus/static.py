"""Sites of static pages, each with the paging of its family."""

# ruff: noqa: E501 - markup is read more easily unbroken
from __future__ import annotations

from urllib.parse import parse_qs

from scheduler.demo.bureaus import Answer, Bureau, Request, SampleReport
from scheduler.demo.bureaus.families.base import Site, address, rows
from scheduler.demo.bureaus.pages import esc
from tests.bureaus.common import Paged, page_of


class TrsCreatePage(Paged):
    """The other TRS signature, in a page that also carries dead calls."""

    name = "trs"

    def path(self, number: int) -> str:
        return "/zfxxgk/gkml/" if number == 1 else f"/zfxxgk/gkml/list_{number - 1}.shtml"

    def report_path(self, bureau: Bureau, report: SampleReport) -> str:
        return f"/zfxxgk/gkml/{report.published:%Y%m}/t{report.published:%Y%m%d}_{report.id}.shtml"

    def pager(self, bureau: Bureau, number: int) -> str:
        return f'<!-- createPageHTML(50, 0, "index", "html"); --><script>createPage({bureau.pages()}, {number - 1}, "list", "shtml")</script>'


class Nfcms(Paged):
    """NFCMS: index_2.html is page 2; the list opens with a pinned row."""

    name = "nfcms"

    def path(self, number: int) -> str:
        return "/jwzx/jwyw/index.html" if number == 1 else f"/jwzx/jwyw/index_{number}.html"

    def report_path(self, bureau: Bureau, report: SampleReport) -> str:
        return f"/jwzx/jwyw/content/post_{report.id}.html"

    def head(self, bureau: Bureau) -> str:
        return '<script>window.NFCMS_SITE_ID=200025;window.NFCMS_PUB_TYPE="cat";window.NFCMS_CAT_ID="9571";</script>'

    def listing(self, bureau: Bureau, shown: list[SampleReport], number: int) -> str:
        items = "".join(
            f'<li><h4><a href="{address(bureau, r)}" title="{esc(r.title)}">{esc(r.title)}</a></h4><p>{esc(str(r.body[0]))}</p><span class="time">[ {r.published:%Y-%m-%d} ] </span></li>'
            for r in shown
        )
        return f'<ul class="infoList">{items}</ul>'


class Vsb(Paged):
    """VSB: the second page has the highest number, and they count down."""

    name = "vsb"
    pages = 0

    def path(self, number: int) -> str:
        return "/tzgg.htm" if number == 1 else f"/tzgg/{self.pages - number + 1}.htm"

    def report_path(self, bureau: Bureau, report: SampleReport) -> str:
        return f"/info/1024/{report.id}.htm"

    def head(self, bureau: Bureau) -> str:
        return '<!--Announced by Visual SiteBuilder 9--><link rel="stylesheet" type="text/css" href="_sitegray/_sitegray_d.css">'

    def pager(self, bureau: Bureau, number: int) -> str:
        following = (
            f'<span class="p_next p_fun"><a href="{self.path(number + 1)}">下页</a></span>'
            if number < bureau.pages()
            else '<span class="p_next_d p_fun_d">下页</span>'
        )
        others = "".join(
            f'<span class="p_no"><a href="{self.path(n)}">{n}</a></span>'
            if n != number
            else f'<span class="p_no_d">{n}</span>'
            for n in range(1, bureau.pages() + 1)
        )
        return f'<div class="pb_sys_common"><span class="p_t">共{len(bureau.shown())}条</span>{others}{following}</div>'

    def listing(self, bureau: Bureau, shown: list[SampleReport], number: int) -> str:
        lines = "".join(
            f'<tr id="line_u9_{i}"><td><a class="c1" href="{address(bureau, r)}" title="{esc(r.title)}">{esc(r.title[:18])}...</a></td><td width="1%" nowrap><span class="timestyle">{r.published:%Y/%m/%d}</span></td></tr>'
            for i, r in enumerate(shown)
        )
        return f'<table class="winstyle">{lines}</table>'

    def respond(self, bureau: Bureau, request: Request) -> Answer | None:
        self.pages = bureau.pages()
        return super().respond(bureau, request)


class VsbJsp(Paged):
    """VSB with list.jsp and PAGENUM."""

    name = "vsb"
    pages = 0

    def path(self, number: int) -> str:
        return "/list.jsp?urltype=tree.TreeTempUrl&wbtreeid=1460" + (
            f"&totalpage={self.pages}&PAGENUM={number}" if number > 1 else ""
        )

    def report_path(self, bureau: Bureau, report: SampleReport) -> str:
        return f"/content.jsp?urltype=news.NewsContentUrl&wbtreeid=1460&wbnewsid={report.id}"

    def head(self, bureau: Bureau) -> str:
        return '<script src="/system/resource/js/counter.js"></script>'

    def respond(self, bureau: Bureau, request: Request) -> Answer | None:
        self.pages = bureau.pages()
        return super().respond(bureau, request)


class Ccontent(Paged):
    """The ministries' older CMS: pages count down by maxPageNum."""

    name = "ccontent"
    pages = 0

    def path(self, number: int) -> str:
        return (
            "/n2588035/n2588320/index.html"
            if number == 1
            else f"/n2588035/n2588320/index_2603340_{self.pages - number + 1}.html"
        )

    def report_path(self, bureau: Bureau, report: SampleReport) -> str:
        return f"/n2588035/n2588320/c{report.id}/content.html"

    def pager(self, bureau: Bureau, number: int) -> str:
        return f'<div id="pag_2603340"></div><script>var maxPageNum = {bureau.pages()}; var first = "index_2603340_1.html"; pageNav(2603340)</script>'

    def respond(self, bureau: Bureau, request: Request) -> Answer | None:
        self.pages = bureau.pages()
        return super().respond(bureau, request)


class AspQuery(Paged):
    """ASP.NET with ?page=."""

    name = "aspnet"

    def path(self, number: int) -> str:
        return "/News/list.aspx?cid=12" + (f"&page={number}" if number > 1 else "")

    def report_path(self, bureau: Bureau, report: SampleReport) -> str:
        return f"/News/show.aspx?id={report.id}"

    def head(self, bureau: Bureau) -> str:
        return '<input type="hidden" name="__VIEWSTATE" value="/wEPDw">'


class AspPostBack(AspQuery):
    """ASP.NET whose pager posts the form back."""

    def pager(self, bureau: Bureau, number: int) -> str:
        more = (
            f"""<a href="javascript:__doPostBack('AspNetPager1','{number + 1}')">下一页</a>"""
            if number < bureau.pages()
            else "<a disabled='disabled'>下一页</a>"
        )
        return f'<div id="AspNetPager1">{more}</div>'

    def respond(self, bureau: Bureau, request: Request) -> Answer | None:
        if request.path != "/News/list.aspx":
            return None
        number = 1
        if request.method == "POST":
            form = parse_qs(request.body, keep_blank_values=True)
            if form.get("__VIEWSTATE") != ["/wEPDw=="] or form.get("__EVENTTARGET") != ["AspNetPager1"]:
                return Answer("Invalid viewstate", status=500)
            number = int(form["__EVENTARGUMENT"][0])
        hidden = '<input type="hidden" name="__VIEWSTATE" value="/wEPDw=="><input type="hidden" name="__EVENTTARGET" value=""><input type="hidden" name="__EVENTARGUMENT" value="">'
        main = f'<form method="post" action="./list.aspx?cid=12">{hidden}{rows(bureau, bureau.page("main", number))}{self.pager(bureau, number)}</form>'
        return page_of(bureau, "main", main)


class ShHex(Paged):
    """Shanghai: the pager is a script with current and total."""

    name = "sh-hex"

    def path(self, number: int) -> str:
        return "/tjgb/index.html" if number == 1 else f"/tjgb/index_{number}.html"

    def report_path(self, bureau: Bureau, report: SampleReport) -> str:
        return f"/tjgb/{report.published:%Y%m%d}/{int(report.id):032x}.html"

    def pager(self, bureau: Bureau, number: int) -> str:
        return f'<div id="pagination"></div><script>$("#pagination").pagination("setPage", {number}, {bureau.pages()});</script>'


class Tsid(Paged):
    """Folders named by time stamps."""

    name = "tsid"

    def path(self, number: int) -> str:
        return "/fgw/index/tzgg/index.shtml" if number == 1 else f"/fgw/index/tzgg/de1b7d2e-{number}.shtml"

    def report_path(self, bureau: Bureau, report: SampleReport) -> str:
        return f"/fgw/index/tzgg/{report.published:%Y%m%d%H%M%S}{report.id}/index.shtml"


class Shtml(Paged):
    """index_2.shtml is page 2."""

    name = "shtml"

    def path(self, number: int) -> str:
        return "/gzjj/tzgg/index.shtml" if number == 1 else f"/gzjj/tzgg/index_{number}.shtml"

    def report_path(self, bureau: Bureau, report: SampleReport) -> str:
        return f"/doc/{report.published:%Y/%m/%d}/{report.id}.shtml"


class SplitDates(Paged):
    """No known CMS: the day above, year and month below, before the title; lists cut into groups of five."""

    name = "generic"

    def path(self, number: int) -> str:
        return "/news/" if number == 1 else f"/news/p{number}/"

    def report_path(self, bureau: Bureau, report: SampleReport) -> str:
        return f"/news/detail/{report.id}"

    def listing(self, bureau: Bureau, shown: list[SampleReport], number: int) -> str:
        items = [
            f'<li><div class="d"><b>{r.published:%d}</b><i>{r.published:%Y-%m}</i></div><a href="{address(bureau, r)}">{esc(r.title)}</a></li>'
            for r in shown
        ]
        return "".join(f"<ul>{''.join(items[i : i + 5])}</ul><p>&nbsp;</p>" for i in range(0, len(items), 5))


class FlatLinks(Paged):
    """No known CMS: links and dates in one cell, parted by line breaks."""

    name = "generic"

    def path(self, number: int) -> str:
        return f"/more.jsp?page={number}"

    def report_path(self, bureau: Bureau, report: SampleReport) -> str:
        return f"/view.jsp?id={report.id}"

    def listing(self, bureau: Bureau, shown: list[SampleReport], number: int) -> str:
        lines = "".join(
            f'·<a href="{address(bureau, r)}">{esc(r.title)}</a>（{r.published.year}/{r.published.month}/{r.published.day}）<br>'
            for r in shown
        )
        return f"<table><tr><td>{lines}</td></tr></table>"


class EnglishReports(Site):
    """Reports as files, in an accordion of years, the day first in numbers."""

    name = "generic"

    def column_path(self, bureau: Bureau, column: str) -> str:
        return "/publications/annual-reports/"

    def report_path(self, bureau: Bureau, report: SampleReport) -> str:
        return f"/wp-content/uploads/{report.published:%Y/%m}/report-{report.id}.pdf"

    def respond(self, bureau: Bureau, request: Request) -> Answer | None:
        if request.path != self.column_path(bureau, "main"):
            return None
        years: dict[int, list[SampleReport]] = {}
        for r in bureau.shown():
            years.setdefault(r.published.year, []).append(r)
        parts = "".join(
            f'<div class="accordion"><h3>{year}</h3><ul>'
            + "".join(
                f'<li><a href="{self.report_path(bureau, r)}">{esc(r.title)} (PDF, 1.2 MB)</a> <span>{r.published:%d/%m/%Y}</span></li>'
                for r in found
            )
            + "</ul></div>"
            for year, found in years.items()
        )
        return page_of(bureau, "main", f"<main>{parts}</main>")
