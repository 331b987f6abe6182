"""Sample sites of every CMS family, on the demo's bureau model: markup as the families write it, texts invented."""

from __future__ import annotations

import gzip
import html
import json
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qs

from scheduler.demo.bureaus import Answer, Bureau, Request, SampleReport, day
from scheduler.demo.bureaus.families.base import Site, address, rows
from scheduler.demo.bureaus.pages import esc, frame, numbered

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


class TrsCreatePage(Paged):
    """The other TRS signature, in a page that also carries dead calls."""

    name = "trs"

    def path(self, number: int) -> str:
        return "/zfxxgk/gkml/" if number == 1 else f"/zfxxgk/gkml/list_{number - 1}.shtml"

    def report_path(self, bureau: Bureau, report: SampleReport) -> str:
        return f"/zfxxgk/gkml/{report.published:%Y%m}/t{report.published:%Y%m%d}_{report.id}.shtml"

    def pager(self, bureau: Bureau, number: int) -> str:
        return f'<!-- createPageHTML(50, 0, "index", "html"); --><script>createPage({bureau.pages()}, {number - 1}, "list", "shtml")</script>'


class Irs(Site):
    """TRS IRS: an empty list filled by POST /irs/front/list."""

    name = "trs-irs"

    def column_path(self, bureau: Bureau, column: str) -> str:
        return "/zwgk/gfxwjsjk/index.html"

    def respond(self, bureau: Bureau, request: Request) -> Answer | None:
        if request.path == self.column_path(bureau, "main"):
            script = """<script>var query = {
                "code": "181aedab55d", tenantId: '303', tableName: "t_179d1430e47", /* the table */
                searchFields: [], sorts: [{"sortField": "save_time", "sortOrder": "DESC"}], pageSize: 10,
                customFilter: {"operator": "and", "properties": [{"property": "f_202163485346", "operator": "eq", "value": "5818754"}]},
            }; function load(n){ query.pageNo = n; $.ajax({url: "/irs/front/list?orderBy=startTime_desc", type: "POST", data: JSON.stringify(query)}) }</script>"""
            return page_of(bureau, "main", f'<ul id="list"></ul><div id="page"></div>{script}')
        if request.path != "/irs/front/list":
            return None
        query = json.loads(request.body)
        if query.get("tenantId") != "303" or query["customFilter"]["properties"][0]["value"] != "5818754":
            return Answer('{"success": false, "message": "参数错误", "code": 500}', "application/json")
        number, size = query["pageNo"], query["pageSize"]
        shown = bureau.shown()[(number - 1) * size : number * size]
        records = [
            {"doc_pub_url": self.report_path(bureau, r), "f_202163261554": r.title, "f_202163870059": r.document_number,
             "save_time": f"{r.published:%Y-%m-%d %H:%M:%S}", "f_20216323453": "<p>" + "正文内容" * 80 + "</p>", "rec_id": r.id}
            for r in shown
        ]  # fmt: skip
        total = len(bureau.shown())
        pager = {"pageNo": number, "pageSize": size, "pageCount": -(-total // size), "total": total}
        return Answer(
            json.dumps({"success": True, "code": 200, "data": {"list": records, "pager": pager}}, ensure_ascii=False),
            "application/json",
        )


class UcapJson(Site):
    """UCAP whose list is filled by /common/search/{channel}."""

    name = "ucap"
    channel = "e5eb2abb501441f19984a0b7ba2bb9f1"

    def column_path(self, bureau: Bureau, column: str) -> str:
        return "/lanxi/c110634/list.shtml"

    def report_path(self, bureau: Bureau, report: SampleReport) -> str:
        return f"/lanxi/c110634/{report.published:%Y%m}/{int(report.id):032x}.shtml"

    def respond(self, bureau: Bureau, request: Request) -> Answer | None:
        if request.path == self.column_path(bureau, "main"):
            dead = f"<!--{rows(bureau, bureau.page('main', 1))}<script>createPageHTML('page_div',9,1,'list','shtml',88);</script>-->"
            return page_of(
                bureau,
                "main",
                f'<ul class="lst">{dead}</ul><div id="page_div"></div>',
                f'<meta name="channelId" content="{self.channel}">',
            )
        if request.path == f"/common/search/{self.channel}" and request.query.get("_isJson") == ["true"]:
            number, size = request.number("page"), min(request.number("_pageSize"), 20)
            shown = bureau.shown()[(number - 1) * size : number * size]
            results = [
                {"title": f"<em>{r.title[:2]}</em>{r.title[2:]}", "url": "//" + request.headers["host"] + self.report_path(bureau, r),
                 "publishedTimeStr": f"{r.published:%Y-%m-%d %H:%M:%S}", "channelName": "通知公告", "content": r.body[0]}
                for r in shown
            ]  # fmt: skip
            data = {
                "channelId": self.channel,
                "page": number,
                "rows": size,
                "total": len(bureau.shown()),
                "results": results,
            }
            return Answer(json.dumps({"data": data}, ensure_ascii=False), "application/json")
        return None


def _art(bureau: Bureau, report: SampleReport) -> str:
    d = report.published
    return f"/art/{d.year}/{d.month}/{d.day}/art_12377_{report.id}.html"


def _record(bureau: Bureau, r: SampleReport) -> str:
    title = r.title if len(r.title) < 34 else r.title[:33] + "..."
    return f'<li class="clearfix"><a target="_blank" href="{_art(bureau, r)}" title="{esc(r.title)}">{esc(title)}</a><b>{r.published:%Y-%m-%d}</b></li>'


class Jcms(Site):
    """JCMS: the first group in `<script type="text/xml">`, further ones by POST with ajaxParam."""

    name = "hanweb-jcms"
    group = 30

    def column_path(self, bureau: Bureau, column: str) -> str:
        return "/col/col12377/index.html"

    def report_path(self, bureau: Bureau, report: SampleReport) -> str:
        return _art(bureau, report)

    def store(self, bureau: Bureau, shown: Iterable[SampleReport], total: bool = True) -> str:
        records = "".join(f"<record><![CDATA[{_record(bureau, r)}]]></record>" for r in shown)
        count = f"<totalrecord>{len(bureau.shown())}</totalrecord>" if total else ""
        return f"<datastore>{count}<recordset>{records}</recordset></datastore>"

    def respond(self, bureau: Bureau, request: Request) -> Answer | None:
        if request.path == self.column_path(bureau, "main"):
            store = self.store(bureau, bureau.shown()[: self.group], total=False)
            script = (
                f'<div id="38486"><script type="text/xml">{store}</script></div><script>$("#38486").jpage({{themeName:"default",totalRecord:{len(bureau.shown())},'
                "proxyUrl:'/module/web/jpage/dataproxy.jsp',perPage:10,groupSize:3,barPosition:'bottom',"
                "ajaxParam:{col:1,appid:'1',webid:110,path:'/',columnid:12377,unitid:'38486',webname:'岚溪市',permissiontype:0}});</script>"
            )
            return page_of(bureau, "main", script)
        if request.path == "/module/web/jpage/dataproxy.jsp" and request.method == "POST":
            form = parse_qs(request.body)
            if form.get("columnid") != ["12377"] or form.get("unitid") != ["38486"] or form.get("webid") != ["110"]:
                return Answer("<datastore></datastore>", "text/xml")
            start, end = request.number("startrecord"), request.number("endrecord")
            return Answer(self.store(bureau, bureau.shown()[start - 1 : end]), "text/xml")
        return None


class JcmsGroups(Jcms):
    """JCMS whose groups name the next one, `page=1` after the page itself."""

    def store_of(self, bureau: Bureau, number: int) -> str:
        shown = bureau.shown()[number * 15 : number * 15 + 15]
        more = (number + 1) * 15 < len(bureau.shown())
        following = (
            f'<a href="/module/web/jpage/dataproxy.jsp?page={number + 1}&amp;webid=110&amp;columnid=12377&amp;unitid=38486"></a>'
            if more
            else ""
        )
        return self.store(bureau, shown, total=False).replace(
            "<datastore>", f"<datastore><nextgroup><![CDATA[{following}]]></nextgroup>"
        )

    def respond(self, bureau: Bureau, request: Request) -> Answer | None:
        if request.path == self.column_path(bureau, "main"):
            return page_of(
                bureau, "main", f'<div id="38486"><script type="text/xml">{self.store_of(bureau, 0)}</script></div>'
            )
        if request.path == "/module/web/jpage/dataproxy.jsp":
            return Answer(self.store_of(bureau, request.number("page")), "text/xml")
        return None


class JcmsInitData(Jcms):
    """The older JCMS: `var InitData…` with rows as strings."""

    def respond(self, bureau: Bureau, request: Request) -> Answer | None:
        if request.path == self.column_path(bureau, "main"):
            data = ",".join("'" + _record(bureau, r).replace("'", "\\'") + "'" for r in bureau.shown()[: self.group])
            script = (
                f"<script>var InitData49468=[{data}];$(function(){{$('#49468').jpage({{showMode:'full',totalRecord:{len(bureau.shown())},dataStore:InitData49468,groupSize:3,"
                "proxyUrl:'/module/web/jpage/dataproxy.jsp',perPage:10,ajaxParam:{col:1,appid:'1',webid:110,path:'/',columnid:12377,unitid:'38486',permissiontype:0}});});</script>"
            )
            return page_of(bureau, "main", f'<div id="49468"></div>{script}')
        return super().respond(bureau, request)


class Jpaas(Site):
    """jpaas: the list by GET build/unit, HTML in `data.html`."""

    name = "hanweb-jpaas"

    def column_path(self, bureau: Bureau, column: str) -> str:
        return "/gxsj/tjfx/index.html"

    def report_path(self, bureau: Bureau, report: SampleReport) -> str:
        return f"/gxsj/tjfx/art/{report.published.year}/art_{int(report.id):032x}.html"

    def respond(self, bureau: Bureau, request: Request) -> Answer | None:
        if request.path == self.column_path(bureau, "main"):
            unit = "/api-gateway/jpaas-publish-server/front/page/build/unit"
            menu = f"""<script url="{unit}" queryData="{{'parseType':'bulidstatic','webId':'8d82','tplSetId':'2097','pageType':'column','tagId':'导航','editType':'null','pageId':'0000'}}"></script>"""
            own = f"""<script class="cl" url="{unit}" queryData="{{'parseType':'bulidstatic','webId':'8d82','tplSetId':'2097','pageType':'column','tagId':'当前栏目_list','editType':'null','pageId':'c52d'}}"></script>"""
            return page_of(bureau, "main", f'{menu}<div id="list">{own}</div>')
        if request.path.endswith("/front/page/build/unit"):
            if request.query.get("pageId") != ["c52d"] or request.query.get("tagId") != ["当前栏目_list"]:
                return Answer('{"success": true, "code": "200", "data": {"html": "<ul></ul>"}}', "application/json")
            param = json.loads(request.query["paramJson"][0])
            number, size = param["pageNo"], min(param["pageSize"], 12)
            shown = bureau.shown()[(number - 1) * size : number * size]
            items = "".join(
                f'<li><a href="{self.report_path(bureau, r)}" title="{esc(r.title)}">{esc(r.title[:20])}</a><span>{r.published:%Y-%m-%d}</span></li>'
                for r in shown
            )
            text = f'<div class="page-content"><ul>{items}</ul></div><script>var page={{count:"{len(bureau.shown())}",rows:"{size}",pageNo:"{number}"}}</script>'
            return Answer(
                json.dumps({"success": True, "code": "200", "data": {"html": text}}, ensure_ascii=False),
                "application/json",
            )
        return None


class Jpolicy(Site):
    """jpolicy: rows with `iid`."""

    name = "hanweb-jpolicy"

    def column_path(self, bureau: Bureau, column: str) -> str:
        return "/jpaas-jpolicy-web-server/front/info/list"

    def report_path(self, bureau: Bureau, report: SampleReport) -> str:
        return f"/api-gateway/jpaas-jpolicy-web-server/front/info/detail?iid={report.id}abc"

    def respond(self, bureau: Bureau, request: Request) -> Answer | None:
        if request.path == self.column_path(bureau, "main"):
            call = '<script>$.post("/jpaas-jpolicy-web-server/front/info/do-search?websiteid=1&orgId=7", {pageNo: n, pageSize: 15}, show)</script>'
            return page_of(bureau, "main", f'<ul class="zc_listul"></ul>{call}')
        if request.path.endswith("/do-search") and request.query.get("orgId") == ["7"]:
            form = parse_qs(request.body)
            number, size = int(form["pageNo"][0]), int(form["pageSize"][0])
            shown = bureau.shown()[(number - 1) * size : number * size]
            records = [
                {
                    "iid": f"{r.id}abc",
                    "title": r.title,
                    "publishDate": f"{r.published:%Y-%m-%d}",
                    "issue": r.document_number,
                    "validity": "有效",
                }
                for r in shown
            ]
            return Answer(
                json.dumps({"code": 200, "data": {"total": len(bureau.shown()), "list": records}}, ensure_ascii=False),
                "application/json",
            )
        return None


class Gkmlpt(Site):
    """gkmlpt: 100 a page, page 0 is page 1."""

    name = "gkmlpt"

    def column_path(self, bureau: Bureau, column: str) -> str:
        return "/lxjj/gkmlpt/index#2811"

    def report_path(self, bureau: Bureau, report: SampleReport) -> str:
        return f"/lxjj/gkmlpt/content/10/{report.id[:4]}/post_{report.id}.html"

    def respond(self, bureau: Bureau, request: Request) -> Answer | None:
        if request.path == "/lxjj/gkmlpt/index":
            tree = json.dumps([{"id": 2811, "name": "工作总结", "children": []}], ensure_ascii=False)
            return page_of(
                bureau,
                "main",
                f"<div id='app'></div><script>window._CONFIG = {{ SID: '755031', TREE: {tree}, SERVICE_AREA_ID: 1 }}</script>",
            )
        if request.path == "/lxjj/gkmlpt/api/all/2811" and request.query.get("sid") == ["755031"]:
            number = max(request.number("page"), 1)
            shown = bureau.shown()[(number - 1) * 100 : number * 100]
            host = request.headers["host"]
            articles = [
                {"id": int(r.id), "title": r.title, "url": f"http://{host}{self.report_path(bureau, r)}", "post_url": "", "identifier": r.index_number,
                 "document_number": r.document_number, "publisher": "岚溪市经济局", "date": int(r.drafted.timestamp()) if r.drafted else 0,
                 "display_publish_time": int(r.published.timestamp()), "created_at": "2030-01-01 00:00:00", "is_abolished": 0, "is_expired": 0,
                 "attachment": [{"name": "附件.pdf", "url": f"http://{host}/attachment/0/{r.id}.pdf"}]}
                for r in shown
            ]  # fmt: skip
            total = len(bureau.shown())
            return Answer(
                json.dumps(
                    {"articles": articles, "classify": {"id": 2811, "post_count": total}, "total": total},
                    ensure_ascii=False,
                ),
                "application/json",
            )
        return None


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


class Lonsun(Site):
    """Lonsun: the list in the page, further pages by pageIndex, the count in a script."""

    name = "lonsun"

    def column_path(self, bureau: Bureau, column: str) -> str:
        return "/public/column/21691?type=4&action=list&catId=32709621"

    def report_path(self, bureau: Bureau, report: SampleReport) -> str:
        return f"/public/21691/{report.id}.html"

    def items(self, bureau: Bureau, number: int) -> str:
        return "".join(
            f'<li><a class="title" href="{address(bureau, r)}" title="{esc(r.title)}">{esc(r.title)}</a><span class="date">{r.published:%Y-%m-%d}</span></li>'
            for r in bureau.page("main", number)
        )

    def respond(self, bureau: Bureau, request: Request) -> Answer | None:
        if request.path == "/public/column/21691" and request.query.get("catId") == ["32709621"]:
            number = request.number("pageIndex")
            script = f"<script>Ls.pagination('#page_x', {{currPage: {number}, pageCount: {bureau.pages()}, pageSize: {bureau.page_size}}}, function(n){{}})</script>"
            return page_of(
                bureau,
                "main",
                f'<div class="xxgk_navli"><ul>{self.items(bureau, number)}</ul></div><div id="page_x"></div>{script}',
            )
        return None


class LonsunLabel(Lonsun):
    """Lonsun whose rows come by label 8888."""

    def respond(self, bureau: Bureau, request: Request) -> Answer | None:
        if request.path == "/public/column/21691":
            script = """<script>Ls.ajax({url: '/site/label/8888', data: {labelName: 'publicInfoList', siteId: '6781961', pageSize: 10, organId: '21691', type: 4, catId: '32709621',
                action: 'list', isDate: true, dateFormat: 'yyyy-MM-dd', file: '/xxgk/publicInfoList_newest'}})</script>"""
            return page_of(bureau, "main", f'<div id="xxgk_lmcon"></div>{script}')
        if (
            request.path == "/site/label/8888"
            and request.query.get("organId") == ["21691"]
            and request.query.get("catId") == ["32709621"]
        ):
            number = request.number("pageIndex")
            text = f'<div class="xxgk_navli"><ul>{self.items(bureau, number)}</ul></div><script>var o={{pageIndex:{number},pageCount:{bureau.pages()}}}</script>'
            return Answer(text)
        return None


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


class Jiangxi(Site):
    """Jiangxi: the first records in the page's script, further ones by POST /queryList."""

    name = "articlelist"

    def column_path(self, bureau: Bureau, column: str) -> str:
        return "/jxslxtjj/col/col42150/index.html"

    def report_path(self, bureau: Bureau, report: SampleReport) -> str:
        return f"/jxslxtjj/col/col42150/content/content_{report.id}.html"

    def record(self, bureau: Bureau, r: SampleReport) -> dict[str, Any]:
        urls = json.dumps({"pc": self.report_path(bureau, r)})
        files = [{"fileName": "附表.xlsx", "filePath": f"/jxslxtjj/col42150/{r.id}/a.xlsx", "delFlag": 0}]
        return {"classify": 0, "title": r.title, "showTitle": f"<p>{r.title}</p>", "pubDate": f"{r.published:%Y-%m-%d %H:%M}", "urls": urls,
                "contentSource": "综合处", "topStatus": 0, "articleFiles": files, "id": r.id}  # fmt: skip

    def respond(self, bureau: Bureau, request: Request) -> Answer | None:
        shown = bureau.shown()
        if request.path == self.column_path(bureau, "main"):
            data = json.dumps([self.record(bureau, r) for r in shown[:12]], ensure_ascii=False)
            menu = json.dumps(
                [{"code": "col42150", "name": "统计公报", "articleCount": len(shown)}], ensure_ascii=False
            )
            script = f"<script>var parents = {menu}; var listData = {{\n articleList: {data},\n }};</script>"
            return page_of(bureau, "main", f'<div id="380055"></div>{script}')
        if request.path == "/queryList" and request.method == "POST":
            form = parse_qs(request.body)
            if form.get("webSiteCode[]") != ["jxslxtjj"] or form.get("channelCode[]") != ["col42150"]:
                return Answer('{"success": false, "msg": "系统错误", "code": 1000}', "application/json")
            number, size = int(form["current"][0]), int(form["pageSize"][0])
            results = [{"source": self.record(bureau, r)} for r in shown[(number - 1) * size : number * size]]
            return Answer(
                json.dumps({"success": True, "data": {"results": results, "total": len(shown)}}, ensure_ascii=False),
                "application/json",
            )
        return None


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


class Json(Site):
    """No known CMS: a JSON list with the page in its address."""

    name = "json"

    def column_path(self, bureau: Bureau, column: str) -> str:
        return "/api/articles?channel=7&pageNo=1&pageSize=10"

    def report_path(self, bureau: Bureau, report: SampleReport) -> str:
        return f"/a/{report.id}.html"

    def respond(self, bureau: Bureau, request: Request) -> Answer | None:
        if request.path != "/api/articles" or request.query.get("channel") != ["7"]:
            return None
        number = request.number("pageNo")
        records = [
            {
                "Title": r.title,
                "LinkUrl": self.report_path(bureau, r),
                "PublishTime": int(r.published.timestamp() * 1000),
                "WenHao": r.document_number,
            }
            for r in bureau.page("main", number)
        ]
        return Answer(
            json.dumps(
                {
                    "code": 0,
                    "result": {
                        "records": records,
                        "total": len(bureau.shown()),
                        "pages": bureau.pages(),
                        "current": number,
                    },
                },
                ensure_ascii=False,
            ),
            "application/json",
        )


class Atom(Site):
    """An Atom feed in GBK, in pages by rel=next."""

    name = "feed"

    def column_path(self, bureau: Bureau, column: str) -> str:
        return "/atom.xml"

    def report_path(self, bureau: Bureau, report: SampleReport) -> str:
        return f"/n/{report.id}.html"

    def respond(self, bureau: Bureau, request: Request) -> Answer | None:
        if request.path != "/atom.xml":
            return None
        number = request.number("p")
        more = f'<link rel="next" href="/atom.xml?p={number + 1}"/>' if number < bureau.pages() else ""
        entries = "".join(
            f'<entry><title type="html">{html.escape(html.escape(r.title))}</title><link rel="alternate" href="{self.report_path(bureau, r)}"/><updated>2031-01-01T00:00:00Z</updated><published>{r.published.isoformat()}</published></entry>'
            for r in bureau.page("main", number)
        )
        text = f'<?xml version="1.0" encoding="gbk"?><!DOCTYPE feed [<!ENTITY x SYSTEM "file:///etc/hostname">]><feed xmlns="http://www.w3.org/2005/Atom"><title>岚溪&x;</title>{more}{entries}</feed>'
        return Answer(text, "application/atom+xml", charset="gbk")


class Sitemap(Site):
    """A sitemap index with two maps, one of them gzip; lastmod lies."""

    name = "sitemap"

    def column_path(self, bureau: Bureau, column: str) -> str:
        return "/sitemap_index.xml"

    def report_path(self, bureau: Bureau, report: SampleReport) -> str:
        return f"/zwgk/{report.published:%Y}/{report.id}.html"

    def respond(self, bureau: Bureau, request: Request) -> Answer | None:
        root = f"http://{request.headers['host']}"
        shown = bureau.shown()
        half = len(shown) // 2
        parts = {"/map1.xml": shown[:half], "/map2.xml.gz": shown[half:]}
        if request.path == "/sitemap_index.xml":
            maps = "".join(f"<sitemap><loc>{root}{p}</loc><lastmod>2030-01-01</lastmod></sitemap>" for p in parts)
            return Answer(
                f'<?xml version="1.0"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{maps}</sitemapindex>',
                "application/xml",
            )
        if request.path not in parts:
            return None
        urls = "".join(
            f"<url><loc>{root}{self.report_path(bureau, r)}</loc><lastmod>2030-01-01</lastmod></url>"
            for r in parts[request.path]
        )
        text = f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>{root}/</loc></url><url><loc>{root}/zwgk/index.html</loc></url>{urls}</urlset>'
        return (
            Answer(gzip.compress(text.encode()), "application/gzip")
            if request.path.endswith(".gz")
            else Answer(text, "application/xml")
        )


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


FAMILIES: dict[str, type[Site]] = {
    "trs-createpage": TrsCreatePage, "trs-irs": Irs, "ucap-json": UcapJson, "jcms": Jcms, "jcms-groups": JcmsGroups, "jcms-initdata": JcmsInitData,
    "jpaas": Jpaas, "jpolicy": Jpolicy, "gkmlpt": Gkmlpt, "nfcms": Nfcms, "lonsun": Lonsun, "lonsun-label": LonsunLabel, "vsb": Vsb,
    "vsb-jsp": VsbJsp, "ccontent": Ccontent, "jiangxi": Jiangxi, "asp-query": AspQuery, "asp-postback": AspPostBack, "sh-hex": ShHex, "tsid": Tsid,
    "shtml": Shtml, "split-dates": SplitDates, "flat-links": FlatLinks, "json": Json, "atom": Atom, "sitemap": Sitemap, "english": EnglishReports,
}  # fmt: skip
COUNTS = {"gkmlpt": 230, "jcms": 71, "jcms-groups": 71, "jcms-initdata": 71}
UNTITLED = {"sitemap"}


def site(name: str, count: int | None = None) -> Bureau:
    """A bureau of one family with its reports published."""
    bureau = Bureau(
        "lanxi",
        "岚溪市统计局",
        FAMILIES[name](),
        column_names={"main": "通知公告"},
        encoding="gbk" if name == "flat-links" else "utf-8",
    )
    bureau.publish(*reports(count or COUNTS.get(name, 37)))
    return bureau


def english_titles(bureau: Bureau) -> None:
    """Gives a bureau's reports English titles."""
    for n, id in enumerate(list(bureau.reports)):
        bureau.edit(id, title=f"Annual report on road safety and traffic policing, volume {n + 1}")


__all__ = ["FAMILIES", "UNTITLED", "english_titles", "re", "reports", "site"]
