"""Sites whose lists are data: IRS, UCAP JSON, gkmlpt, Lonsun labels, Jiangxi, JSON, Atom, sitemaps."""

# ruff: noqa: E501 - markup is read more easily unbroken
from __future__ import annotations

import gzip
import html
import json
from typing import Any
from urllib.parse import parse_qs

from scheduler.demo.bureaus import Answer, Bureau, Request, SampleReport
from scheduler.demo.bureaus.families.base import Site, address, rows
from scheduler.demo.bureaus.pages import esc
from tests.bureaus.common import page_of


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


class Gkmlpt(Site):
    """gkmlpt: 100 a page, page 0 is page 1."""

    name = "gkmlpt"
    publisher = "岚溪市经济局"

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
                 "document_number": r.document_number, "publisher": r.publisher or self.publisher,
                 "date": int(r.drafted.replace(tzinfo=r.published.tzinfo).timestamp()) if r.drafted else 0,
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
