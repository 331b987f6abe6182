"""The pages that all sample sites share: frame, report page, home page, and the error pages of the field."""

# ruff: noqa: E501 - markup is read more easily unbroken
from __future__ import annotations

import html
from collections.abc import Iterable

from scheduler.demo.bureaus.model import Answer, Bureau, SampleReport

NAVIGATION = ("网站首页", "机构概况", "新闻动态", "政务公开", "办事服务", "互动交流", "专题专栏")
SPAM_HOSTS = ("www.yule-demo.invalid", "bet-demo.invalid")


def esc(text: str | None) -> str:
    """Text for HTML."""
    return html.escape(text or "", quote=True)


def metas(values: dict[str, str | None]) -> str:
    """Meta tags; empty values are left out."""
    return "\n".join(f'<meta name="{k}" content="{esc(v)}">' for k, v in values.items() if v)


def frame(bureau: Bureau, title: str, main: str, head: str = "") -> str:
    """A whole page: navigation, breadcrumb, the main part, side boxes, footer, and the noise that was asked for."""
    noise = bureau.noise
    theme = noise.theme
    menu = "".join(f'<li><a href="/nav{i}/index.html">{word}</a></li>' for i, word in enumerate(NAVIGATION))
    extras = []
    if noise.ads:
        number = bureau.random.randint(1, 99)
        extras.append(
            f'<div class="piaochuang"><a href="/zt/zt{number}/index.html"><img src="/images/ad{number}.png" alt="专题{number}"></a></div>'
        )
    if noise.counters:
        extras.append(f'<p>您是第 <span id="visits">{bureau.random.randint(100000, 999999)}</span> 位访问者</p>')
    if noise.related:
        picks = bureau.random.sample(list(bureau.reports.values()), min(5, len(bureau.reports)))
        rows = "".join(
            f'<li><a href="{bureau.family.report_path(bureau, r)}">{esc(r.title)}</a></li>' for r in picks if not r.link
        )
        extras.append(f'<div class="xgwz"><h4>热门文章</h4><ul>{rows}</ul></div>')
    if noise.hidden_links:
        links = "".join(f'<a href="http://{host}/">线上娱乐平台注册送彩金</a>' for host in SPAM_HOSTS)
        extras.append(f'<div style="position:absolute;left:-9999px;display:none">{links}</div>')
    if noise.notice:
        extras.append(f'<div class="links">{esc(noise.notice)}</div>')
    whole = title + (noise.hijacked or "")
    outer, content = ("wrap", "w1200") if theme % 2 == 0 else ("page-shell", "layout-main")
    return f"""<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta http-equiv="Content-Type" content="text/html; charset={bureau.encoding}">
<title>{esc(whole)}</title>
{metas({"SiteName": bureau.name, "SiteDomain": "127.0.0.1", "SiteIDCode": bureau.site_code})}
{head}
</head>
<body class="theme{theme}">
<div class="{outer}">
{f'<div class="tips">{esc(noise.notice)}</div>' if noise.notice else ""}<div class="header"><a href="/"><img src="/images/logo.png" alt="{esc(bureau.name)}"></a></div>
<div class="nav"><ul>{menu}</ul></div>
<div class="{content}">
<div class="crumb">当前位置：<a href="/">首页</a> &gt; <a href="/zwgk/index.html">政务公开</a></div>
{main}
</div>
{"".join(extras)}
<div class="footer"><p>主办：{esc(bureau.name)}　网站标识码：{bureau.site_code}</p>
<p><a href="/wzdt/index.html">网站地图</a> | <a href="/lxwm/index.html">联系我们</a> | <a href="http://beian.example/">云ICP备00000000号-1</a></p></div>
</div>
</body>
</html>
"""


def paragraphs(report: SampleReport, indent: str = "　　") -> str:
    """A report's body as paragraphs and tables."""
    parts = []
    for part in report.body:
        if isinstance(part, str):
            parts.append(f"<p>{indent}{esc(part)}</p>")
        else:
            rows = "".join("<tr>" + "".join(f"<td>{esc(c)}</td>" for c in row) + "</tr>" for row in part)
            parts.append(f'<table border="1">{rows}</table>')
    if report.signer:
        parts.append(f'<p style="text-align:right">{esc(report.signer)}</p>')
        when = report.drafted or report.published
        parts.append(f'<p style="text-align:right">{when.year}年{when.month}月{when.day}日</p>')
    return "\n".join(parts)


def furniture(bureau: Bureau) -> str:
    """What templates print inside the text's box, below the text."""
    parts = []
    if bureau.noise.furniture:
        visits = bureau.random.randint(100, 9999)
        parts += [
            "<p>责任编辑：周闻</p>",
            f"<p>浏览次数：{visits}</p>",
            "<p>扫一扫在手机打开当前页</p>",
            "<p>【打印本页】【关闭窗口】</p>",
        ]
    if bureau.noise.disclaimer:
        parts.append(f"<p>{esc(bureau.noise.disclaimer)}</p>")
    return "\n".join(parts)


def neighbours(bureau: Bureau, report: SampleReport) -> str:
    """上一篇 and 下一篇."""
    if not bureau.noise.neighbours:
        return ""
    shown = bureau.shown(report.columns[0])
    place = next((n for n, r in enumerate(shown) if r.id == report.id), 0)
    around = [
        ("上一篇", shown[place - 1] if place else None),
        ("下一篇", shown[place + 1] if place + 1 < len(shown) else None),
    ]
    rows = "".join(
        f'<p>{word}：{f"""<a href="{bureau.family.report_path(bureau, r)}">{esc(r.title)}</a>""" if r else "没有了"}</p>'
        for word, r in around
    )
    return f'<div class="pagenav">{rows}</div>'


def file_list(bureau: Bureau, report: SampleReport) -> str:
    """The attachments at the foot of a report."""
    if not report.files:
        return ""
    rows = "".join(
        f'<p>附件{i}：<a href="{bureau.file_path(report, f)}">{esc(f.name)}</a></p>'
        for i, f in enumerate(report.files, 1)
    )
    return f'<div class="fujian">{rows}</div>'


def label_table(report: SampleReport, bureau: Bureau) -> str:
    """The disclosure catalogue's fields above a report."""
    fields = (
        ("索 引 号：", report.index_number), ("主题分类：", report.subject or ("其他" if bureau.noise.states_all else None)),
        ("发布机构：", report.publisher or bureau.name), ("成文日期：", f"{report.drafted:%Y年%m月%d日}" if report.drafted else None),
        ("文　　号：", report.document_number), ("发布日期：", f"{report.published:%Y-%m-%d %H:%M}"),
        ("名　　称：", report.title), ("有 效 性：", report.validity or ("有效" if bureau.noise.states_all else None)),
    )  # fmt: skip
    cells = [f"<td><b>{label}</b></td><td>{esc(value)}</td>" for label, value in fields if value]
    rows = "".join(f"<tr>{''.join(cells[i : i + 2])}</tr>" for i in range(0, len(cells), 2))
    return f'<table class="xxgk_head">{rows}</table>'


def report_page(bureau: Bureau, report: SampleReport) -> str:
    """A report's page in the bureau's family and theme."""
    if report.id in bureau.flips:
        other, count = bureau.flips[report.id]
        bureau.flips[report.id] = (other, count + 1)
        if count % 2:
            import dataclasses

            report = dataclasses.replace(report, body=(other, *report.body[1:]))
    theme = bureau.noise.theme
    fields = label_table(report, bureau) if report.index_number and not bureau.noise.unlabelled else ""
    line = f"发布时间：{report.published:%Y-%m-%d %H:%M}　来源：{esc(report.content_source or bureau.name)}　【字体：大 中 小】"
    box = getattr(bureau.family, "body_box", '<div class="content" id="content">{}</div>')
    if theme % 2:
        main = f'<article class="art-box"><header><h1 class="art-title">{esc(report.title)}</h1></header>{fields}<div class="art-meta">{line}</div>'
        main += f'<section class="art-text">{paragraphs(report, "")}{furniture(bureau)}</section>{file_list(bureau, report)}</article>'
    else:
        main = f'<div class="detail">{fields}<h2 class="tit">{esc(report.title)}</h2><div class="info">{line}</div>'
        main += (
            box.format(paragraphs(report) + furniture(bureau))
            + file_list(bureau, report)
            + '<div class="dy"><a href="javascript:window.print()">打印本页</a></div></div>'
        )
    main += neighbours(bureau, report)
    head = metas(
        {
            "ColumnName": next(iter(bureau.column_names.values())),
            "ArticleTitle": report.title,
            "PubDate": f"{report.published:%Y-%m-%d %H:%M}",
            "ContentSource": report.content_source or bureau.name,
        }
    )
    spam = bureau.spammed.get(report.id, "")
    return frame(bureau, f"{report.title}-{bureau.name}{spam}", main, head)


def maintenance_page(bureau: Bureau) -> str:
    """What a site shows while it is being maintained, with status 200."""
    return frame(
        bureau,
        "系统维护公告",
        '<div class="wh"><h2>系统维护公告</h2><p>网站正在进行系统升级维护，暂停访问，给您带来不便，敬请谅解。</p></div>',
    )


def login_page(bureau: Bureau) -> str:
    """Where a site sends everybody that is behind a login."""
    form = '<form action="/sso/login" method="post"><label>用户名</label><input name="user"><label>密码</label><input name="password" type="password"><button>登录</button></form>'
    return frame(bureau, "统一身份认证平台", form)


def home_page(bureau: Bureau) -> Answer:
    """A bureau's home page: each column's newest rows with 更多."""
    boxes = []
    for column, name in bureau.column_names.items():
        path = bureau.family.column_path(bureau, column)
        rows = "".join(
            f'<li><a href="{bureau.family.report_path(bureau, r)}" title="{esc(r.title)}">{esc(cut(r.title, 18))}</a><span>{r.published:%m-%d}</span></li>'
            for r in bureau.page(column, 1)[:5]
            if not r.link
        )
        boxes.append(
            f'<div class="box"><h3><a href="{path}">{esc(name)}</a><a class="more" href="{path}">更多&gt;&gt;</a></h3><ul>{rows}</ul></div>'
        )
    return Answer(frame(bureau, bureau.name, "".join(boxes)))


def cut(title: str, length: int) -> str:
    """A title as lists cut it."""
    return title if len(title) <= length else title[: length - 1] + "…"


def not_found_page(bureau: Bureau) -> str:
    """What many sites send with status 200 for a page that is gone."""
    return frame(
        bureau,
        "页面不存在",
        '<div class="err"><p>抱歉，您访问的页面不存在或已被删除！</p><p><a href="/">返回首页</a></p></div>',
    )


def challenge_page(kind: str, path: str) -> Answer:
    """Challenges as the field knows them; they are to be reported, never solved."""
    if kind == "jsl":
        return Answer("<script>document.cookie=('_')+('_')+('jsl_clearance_s')+'=demo';location.href=location.pathname</script>",
                      status=521, headers={"Set-Cookie": "__jsluid_s=demo; path=/; HttpOnly"})  # fmt: skip
    if kind == "412":
        return Answer(
            "<html><head><script>$_ts=window['$_ts'];if(!$_ts)$_ts={};</script></head><body></body></html>", status=412
        )
    if kind == "cookie":
        return Answer("", status=302, headers={"Set-Cookie": "passed=1; path=/", "Location": path})
    return Answer(
        "<html><script>var arg1='DEMO';function setCookie(n,v){document.cookie=n+'='+v};setCookie('acw_sc__v2','x')</script></html>"
    )


def numbered(pages: int, current: int, address: Iterable[str]) -> str:
    """A pager of plain links: 首页 上一页 1 2 3 下一页 尾页."""
    links = list(address)
    parts = [f'<a href="{links[0]}">首页</a>']
    if current > 1:
        parts.append(f'<a href="{links[current - 2]}">上一页</a>')
    for number in range(max(1, current - 3), min(pages, current + 3) + 1):
        parts.append(
            f'<span class="cur">{number}</span>' if number == current else f'<a href="{links[number - 1]}">{number}</a>'
        )
    if current < pages:
        parts.append(f'<a href="{links[current]}">下一页</a>')
    parts.append(f'<a href="{links[-1]}">尾页</a>')
    return f'<div class="pages">{" ".join(parts)} 共{pages}页</div>'
