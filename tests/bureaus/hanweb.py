"""Hanweb sites: JCMS in its three forms, jpaas, jpolicy."""

# ruff: noqa: E501 - markup is read more easily unbroken
from __future__ import annotations

import json
from collections.abc import Iterable
from urllib.parse import parse_qs

from scheduler.demo.bureaus import Answer, Bureau, Request, SampleReport
from scheduler.demo.bureaus.families.base import Site
from scheduler.demo.bureaus.pages import esc
from tests.bureaus.common import page_of


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
