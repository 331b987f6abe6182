"""Headers of report pages in the markups of many platforms: every field that is stated, and none that is not."""

# ruff: noqa: E501 - a page's markup and a printed value stay on one line
from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from pipelines.extraction.dates import day_of
from pipelines.extraction.metadata import Fields, read_metadata
from pipelines.extraction.parsing import parse

BODY = [
    "各区（市、县）公安局，局机关各部门：",
    "为进一步规范道路交通管理工作，根据《中华人民共和国道路交通安全法》（主席令第81号）和有关规定，现将有关事项通知如下。",
    "一、加强组织领导。各单位要高度重视，2021年12月31日前完成自查，数据来源：各单位报表。",
    "二、落实工作责任。各单位按照云公交〔2019〕8号文件的要求，明确责任人员，确保工作落实到位。",
]
TITLE = "清河市公安局关于加强冬季道路交通管理工作的通知"
PAGE = """<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>{document}</title>{metas}</head><body>
<div class="top"><span>今天是2026年3月4日 星期三</span><a href="/">首页</a><a href="/zwgk/">政务公开</a><a href="/hdjl/">互动交流</a></div>
<div class="search"><select><option>发布日期</option><option>2020-01-01</option></select><input placeholder="请输入关键字"></div>
<div class="crumb">当前位置：<a href="/">首页</a> &gt; <a href="/zwgk/">政务公开</a> &gt; <a href="/tz/">通知公告</a></div>
{head}
<div class="content" id="zoom">{body}</div>
<div class="share">分享到：<a>微信</a></div><div class="tools">【打印】【关闭】</div>
<ul class="related"><li><a href="/a.html">关于开展专项检查的通知</a><span>2025-11-02</span></li></ul>
<div class="foot">版权所有：清河市公安局 主办单位：清河市公安局 网站标识码：5301000001 备案号：云ICP备05000001号 最后更新：2026-03-04</div>
</body></html>"""


def read(head: str, *, metas: str = "", document: str = TITLE + "-清河市公安局", **keywords: Any) -> Fields:
    """Reads a page with this head above the usual body."""
    body = "".join(f"<p>{line}</p>" for line in BODY)
    source = PAGE.format(document=document, metas=metas, head=head, body=body)
    return read_metadata(parse(source), source=source, body="\n".join(BODY), **keywords)


INDEX, NUMBER, PUBLISHER = "015000123/2022-00017", "清公交〔2022〕3号", "清河市公安局"
H = f"<h1>{TITLE}</h1>"
FULL = {
    "index_number": INDEX,
    "document_number": NUMBER,
    "publisher": PUBLISHER,
    "drafted": "2022-01-05",
    "published": "2022-01-08",
}

CASES: dict[str, tuple[str, dict[str, Any]]] = {
    # Disclosure catalogues
    "labels_over_values": (
        f"""<table><tr><th>索引号</th><th>发布机构</th><th>成文日期</th><th>发布日期</th></tr><tr><td>{INDEX}</td><td>{PUBLISHER}</td><td>2022-01-05</td><td>2022-01-08</td></tr>
        <tr><th>文号</th><th>主题分类</th><th>公开方式</th><th>有效性</th></tr><tr><td>{NUMBER}</td><td>公安</td><td>主动公开</td><td>有效</td></tr></table>{H}""",
        {**FULL, "subject": "公安", "validity": "有效"},
    ),
    "source_behind_a_bar": (
        f"{H}<p><span>来源 | 清河日报</span><span>2022-01-08 10:33</span><span>阅读 1.2万</span></p>",
        {"published": "2022-01-08", "content_source": "清河日报"},
    ),
    "number_in_brackets_under_the_title": (
        f"<div>{TITLE}</div><div>（{NUMBER}）</div><div>2022/1/8</div>",
        {"published": "2022-01-08", "document_number": NUMBER},
    ),
    "bare_date_in_a_long_data_line": (
        f"{H}<div><span>字体：<a>小</a> <a>中</a> <a>大</a></span> <span>2022年01月08日</span> 浏览量：<span></span>次 <span>作者：李某</span> <span>摄影：韩某</span> <span>编辑：李某</span></div>",
        {"published": "2022-01-08", "author": "李某"},
    ),
    "labels_of_taiwan": (
        f"{H}<ul><li>發布單位：交通警察大隊</li><li>發布日期：111-01-08</li><li>最後更新日期：112-04-26</li><li>點閱數：315</li></ul>",
        {"publisher": "交通警察大隊", "published": "2022-01-08"},
    ),
    "host_in_the_data_line": (
        f'{H}<p><a href="/">清河市公安局门户网站&nbsp; www.qinghe.gov.cn</a>&nbsp;<span>2022-01-08 17:32:17</span>&nbsp;<span>来源：清河日报</span></p>',
        {"published": "2022-01-08", "content_source": "清河日报"},
    ),
    "heading_in_an_anchor_without_address": (
        f"<h5><a>{TITLE}</a></h5><div>发布时间：2022-01-08</div>",
        {"published": "2022-01-08"},
    ),
    "source_in_pieces": (
        f"{H}<div><span>时间：2022-01-08</span> <span>来源：<font>清河</font><font>日报</font></span></div>",
        {"published": "2022-01-08", "content_source": "清河日报"},
    ),
    "mode_is_no_subject": (
        f"{H}<ul><li>公开类别：主动公开</li><li>发布日期：2022-01-08</li></ul>",
        {"published": "2022-01-08"},
    ),
    "list_rows_are_no_time_line": (
        f"<h3>最新信息</h3><ul><li><a>局领导带队检查节前安全生产</a><span>2023-04-05</span></li><li><a>关于公开选聘人员的公告</a><span>2023-04-01</span></li></ul>{H}",
        {},
    ),
    "trs_xxgk_table": (
        f"""<table class="xxgk"><tr><td>索 引 号：</td><td>{INDEX}</td><td>主题分类：</td><td>公安、安全、司法 / 公安</td></tr>
        <tr><td>发布机构：</td><td>{PUBLISHER}</td><td>发文日期：</td><td>2022年01月05日</td></tr>
        <tr><td>标&nbsp;&nbsp;&nbsp;&nbsp;题：</td><td colspan="3">{TITLE}</td></tr>
        <tr><td>文&nbsp;&nbsp;&nbsp;&nbsp;号：</td><td>{NUMBER}</td><td>发布日期：</td><td>2022年01月08日</td></tr>
        <tr><td>主 题 词：</td><td colspan="3"></td></tr></table>{H}""",
        {**FULL, "subject": "公安、安全、司法 / 公安"},
    ),
    "bold_labels_in_cells": (
        f"""<table><tbody><tr><td width="50%"><b>索引号：</b>{INDEX}</td><td><b>文号：</b>{NUMBER}</td></tr>
        <tr><td><b>发文机关：</b>{PUBLISHER}</td><td><b>成文日期：</b>2022-01-05</td></tr>
        <tr><td><b>发布日期：</b>2022-01-08</td><td><b>有效性：</b>有效</td></tr></tbody></table>{H}""",
        {**FULL, "validity": "有效"},
    ),
    "no_colons_th_td": (
        f"""<table><tr><th>索引号</th><td>{INDEX}</td><th>发布机构</th><td>{PUBLISHER}</td></tr>
        <tr><th>文号</th><td>{NUMBER}</td><th>成文日期</th><td>2022-01-05</td></tr>
        <tr><th>发布日期</th><td>2022-01-08</td><th>有效性</th><td></td></tr></table><h2>{TITLE}</h2>""",
        FULL,
    ),
    "dl_dt_dd": (
        f"""<dl class="xxgk_info"><dt>索引号</dt><dd>{INDEX}</dd><dt>发布机构</dt><dd>{PUBLISHER}</dd><dt>成文日期</dt>
        <dd>2022-01-05</dd><dt>文号</dt><dd>{NUMBER}</dd><dt>发布日期</dt><dd>2022-01-08</dd><dt>主题词</dt><dd>交通 管理</dd></dl>{H}""",
        {**FULL, "keywords": ["交通", "管理"]},
    ),
    "ul_li_spans": (
        f"""<ul class="clearfix"><li><span class="tit">索 引 号：</span><span>{INDEX}</span></li><li><span>文&emsp;&emsp;号：</span>
        <span>{NUMBER}</span></li><li><span>发布机构：</span><span title="{PUBLISHER}">{PUBLISHER}</span></li>
        <li><span>成文日期：</span><span>2022-01-05</span></li><li><span>发布日期：</span><span>2022-01-08</span></li>
        <li><span>信息有效性：</span><span>现行有效</span></li></ul>{H}""",
        {**FULL, "validity": "现行有效"},
    ),
    "div_pairs": (
        f"""<div class="row"><div class="l">索引号：</div><div class="r">{INDEX}</div></div><div class="row"><div class="l">文号：</div>
        <div class="r">{NUMBER}</div></div><div class="row"><div class="l">发布单位：</div><div class="r">{PUBLISHER}</div></div>
        <div class="row"><div class="l">生成日期：</div><div class="r">2022-01-05</div></div><div class="row"><div class="l">公开日期：</div>
        <div class="r">2022-01-08</div></div><div class="row"><div class="l">有效性：</div><div class="r"></div></div>{H}""",
        FULL,
    ),
    "div_pairs_empty_before_title": (
        f"""<div><div>索引号：</div><div>{INDEX}</div></div><div><div>发布日期：</div><div>2022-01-08</div></div>
        <div><div>文号：</div><div></div></div><div><div>来源：</div></div><div class="title">{TITLE}</div>""",
        {"index_number": INDEX, "published": "2022-01-08"},
    ),
    "paragraphs_with_strong": (
        f"""<p><strong>索引号：</strong>{INDEX}</p><p><strong>文号：</strong>{NUMBER}</p><p><strong>公开责任部门：</strong>{PUBLISHER}</p>
        <p><strong>成文时间：</strong>2022-01-05</p><p><strong>公开时间：</strong>2022-01-08</p>{H}""",
        FULL,
    ),
    "one_line_of_text": (
        f"<div>索引号: {INDEX} 文号: {NUMBER} 发布机构: {PUBLISHER} 成文日期: 2022-01-05 发布时间: 2022-01-08</div>{H}",
        FULL,
    ),
    "bracket_labels": (
        f"<div>【索引号】{INDEX}</div><div>【发文字号】{NUMBER}</div><div>【发布机构】{PUBLISHER}</div>"
        f"<div>【成文日期】2022年1月5日</div><div>【发布日期】2022年1月8日</div>{H}",
        FULL,
    ),
    "broken_label_markup": (
        f"""<table><tr><td><span>索</span>&nbsp;<span>引</span>&nbsp;<span>号</span>：</td><td>{INDEX}</td></tr><tr><td>文<span
        style="visibility:hidden">占位</span>号：</td><td>{NUMBER}</td></tr><tr><td>发布机构<font>：</font></td><td><a href="/x">{PUBLISHER}</a></td></tr>
        <tr><td>成文日期：</td><td><span>2022</span>年<span>1</span>月<span>5</span>日</td></tr><tr><td>发布日期：</td><td><p>2022-01-08</p></td></tr></table>{H}""",
        FULL,
    ),
    "several_pairs_with_spacer_cells": (
        f"""<table><tr><td>索引号：</td><td width="5"></td></tr></table><table><tr><td><b>发布机构：</b></td><td> </td><td>{PUBLISHER}</td>
        <td>发布日期：</td><td>2022-01-08</td></tr></table>{H}""",
        {"published": "2022-01-08"},
    ),
    "column_of_labels_is_no_table_of_values": (
        f"<table><tr><th>索引号</th><th>名称</th><th>发文字号</th><th>发布日期</th></tr></table>{H}<p>发布日期：2022-01-08</p>",
        {"published": "2022-01-08"},
    ),
    "empty_values_everywhere": (
        f"""<table><tr><td>索引号：</td><td></td><td>主题分类：</td><td></td></tr><tr><td>发布机构：</td><td></td><td>成文日期：</td><td></td></tr>
        <tr><td>文号：</td><td></td><td>发布日期：</td><td></td></tr><tr><td>有效性：</td><td></td></tr></table>{H}<div>来源： 作者： 时间： 浏览：12</div>""",
        {},
    ),
    "values_that_say_none": (
        f"<div>索引号：无 文号：/ 发布机构：— 有效性：- 主题分类：无 发布日期：2022-01-08 来源：暂无</div>{H}",
        {"published": "2022-01-08"},
    ),
    "five_dates": (
        f"""<div>成文日期：2022-01-05</div><div>发布日期：2022-01-08</div><div>更新日期：2023-05-06</div><div>施行日期：2022-02-01</div>
        <div>失效日期：2027-01-31</div>{H}""",
        {"drafted": "2022-01-05", "published": "2022-01-08", "effective": "2022-02-01"},
    ),
    "drafted_and_updated_only": (
        f"<div>成文日期：2022-01-05</div>{H}<div>更新时间：2023-05-06 10:11 浏览次数：33</div>",
        {"drafted": "2022-01-05"},
    ),
    "impossible_drafted": (
        f"<div>成文日期：2022-13-45 发布日期：2022-01-08</div>{H}",
        {"published": "2022-01-08", "flags": ["impossible_date"]},
    ),
    "default_date_of_a_database": (
        f"<div>成文日期：0001-01-01 发布日期：2022-01-08</div>{H}",
        {"published": "2022-01-08"},
    ),
    # Guangdong gkmlpt
    "gkmlpt": (
        f"""<div class="classify"><table><tr><td class="first">索引号：</td><td><span title="{INDEX}">{INDEX}</span></td><td class="second">分类：</td>
        <td><span></span></td></tr><tr><td>发布机构：</td><td><span>{PUBLISHER}</span></td><td>成文日期：<i></i></td><td><span>2022-01-05</span></td></tr>
        <tr><td>名称：</td><td colspan="3"><span>{TITLE}</span></td></tr><tr><td>文号：</td><td><span>{NUMBER}</span></td><td>发布日期：</td>
        <td><span>2022-01-08</span></td></tr><tr><td>主题词：</td><td colspan="3"><span></span></td></tr></table></div>{H}""",
        FULL,
    ),
    # Hanweb
    "hanweb_xxgk": (
        f"""<table width="100%"><tr><td>索引号：</td><td>{INDEX}</td><td>组配分类：</td><td>规范性文件</td></tr><tr><td>发布机构：</td><td>{PUBLISHER}</td>
        <td>生成日期：</td><td>2022-01-05</td></tr></table><div class="bt">{TITLE}</div><table><tr><td>发布时间：2022-01-08 09:30
        &nbsp;</td><td>浏览次数：<script>document.write(1)</script></td><td>来源：<!--<$[信息来源]>begin-->市公安局<!--<$[信息来源]>end--></td></tr></table>""",
        {
            "index_number": INDEX,
            "publisher": PUBLISHER,
            "drafted": "2022-01-05",
            "published": "2022-01-08T09:30+08:00",
            "content_source": "市公安局",
            "subject": "规范性文件",
        },
    ),
    "hanweb_article": (
        f"""<div id="title">{TITLE}</div><p class="explain"><i>来源：交警支队</i><i>时间：2022-01-08 15:20</i><i>浏览次数：<b>9</b></i>
        <i>字号：[ <a>大</a> <a>中</a> <a>小</a> ]</i></p>""",
        {"published": "2022-01-08T15:20+08:00", "content_source": "交警支队"},
    ),
    # UCAP
    "ucap_meta_line": (
        f"""<div class="article"><ucaptitle>{TITLE}</ucaptitle><div class="pages-date">2022-01-08 10:07 <span class="font">来源：清河市公安局</span>
        <span>【字体：<a>大</a> <a>中</a> <a>小</a>】</span><a>打印</a></div></div>""",
        {"published": "2022-01-08T10:07+08:00", "content_source": "清河市公安局"},
    ),
    "ucap_wide_spaces": (
        f"{H}<div>发布时间：2022-01-08　　　信息来源：清河市公安局交警支队　　　访问次数：22</div>",
        {"published": "2022-01-08", "content_source": "清河市公安局交警支队"},
    ),
    # VSB
    "vsb": (
        f"""<form name="_newscontent_fromname"><h2>{TITLE}</h2><p>发布时间：2022-01-08&nbsp;&nbsp;&nbsp; 作者：王明 &nbsp;&nbsp;点击：[<span>12</span>]
        </p></form>""",
        {"published": "2022-01-08", "author": "王明"},
    ),
    "vsb_bare": (
        f"<div align=center class=titlestyle>{TITLE}</div><div align=center>2022年01月08日 10:30 &nbsp;李平 &nbsp;点击：[]</div>",
        {"published": "2022-01-08T10:30+08:00"},
    ),
    # Lonsun
    "lonsun": (
        f"""<table class="xxgk_lb"><tr><th>索&nbsp;&nbsp;引&nbsp;&nbsp;号：</th><td>{INDEX}</td><th>组配分类：</th><td>政策文件</td></tr>
        <tr><th>发布机构：</th><td>{PUBLISHER}</td><th>主题分类：</th><td>公安</td></tr><tr><th>名称：</th><td>{TITLE}</td><th>文号：</th><td>{NUMBER}</td></tr>
        <tr><th>发布日期：</th><td>2022-01-08</td><th>有效性：</th><td>有效</td></tr><tr><th>关键词：</th><td></td><th>信息来源：</th><td>交警支队</td></tr></table>{H}""",
        {
            "index_number": INDEX,
            "publisher": PUBLISHER,
            "subject": "公安",
            "document_number": NUMBER,
            "published": "2022-01-08",
            "validity": "有效",
            "content_source": "交警支队",
        },
    ),
    # ccontent and ministries
    "ccontent": (
        f"""<div class="zw-title">{TITLE}</div><div class="zw-info"><span>文章来源：交通管理局</span>&nbsp;&nbsp;<span>发布时间：2022-01-08</span></div>""",
        {"published": "2022-01-08", "content_source": "交通管理局"},
    ),
    "national_catalogue": (
        f"""<table class="bd1"><tr><td><b>索 引 号：</b></td><td>{INDEX}</td><td><b>主题分类：</b></td><td>公安、安全、司法\\公安</td></tr>
        <tr><td><b>发文机关：</b></td><td>公安部</td><td><b>成文日期：</b></td><td>2022年01月05日</td></tr><tr><td><b>标　　题：</b></td><td colspan=3>{TITLE}</td></tr>
        <tr><td><b>发文字号：</b></td><td>公交管〔2022〕3号</td><td><b>发布日期：</b></td><td>2022年01月08日</td></tr></table>
        <p align=center>清河市公安局关于加强冬季<br>道路交通管理工作的通知</p><p align=center>公交管〔2022〕3号</p>""",
        {
            "index_number": INDEX,
            "subject": "公安、安全、司法\\公安",
            "publisher": "公安部",
            "drafted": "2022-01-05",
            "document_number": "公交管〔2022〕3号",
            "published": "2022-01-08",
        },
    ),
    "statistics_bureau": (
        f"""<div class="detail-title"><h1>{TITLE}</h1><div class="detail-title-des"><h2><p>2022/01/08 10:00</p></h2><h2><span>来源：国家统计局</span></h2></div></div>""",
        {"published": "2022-01-08T10:00+08:00", "content_source": "国家统计局"},
    ),
    "labour_ministry": (
        f"{H}<div class='insMainConTitle_b'>发布日期：2022-01-08 &nbsp; 来源：规划财务司 <a>【打印】</a></div>",
        {"published": "2022-01-08", "content_source": "规划财务司"},
    ),
    "order_under_title": (
        f"{H}<p>中华人民共和国公安部令</p><p>第163号</p><div>发布时间：2022-01-08</div>",
        {"published": "2022-01-08", "document_number": "中华人民共和国公安部令第163号"},
    ),
    "number_under_title": (
        f"{H}<div class=wh>清公交〔２０２２〕３号</div><div>2022-01-08</div>",
        {"published": "2022-01-08", "document_number": "清公交〔２０２２〕３号"},
    ),
    "number_in_round_brackets": (
        f"{H}<p>（清公交[2022]3号）</p><p>发布时间：2022-01-08</p>",
        {"published": "2022-01-08", "document_number": "清公交[2022]3号"},
    ),
    "joint_numbers": (
        f"<div>文号：清公交〔2022〕3号、清财预〔2022〕17号 发布日期：2022-01-08</div>{H}",
        {"published": "2022-01-08", "document_number": "清公交〔2022〕3号、清财预〔2022〕17号"},
    ),
    # ASP.NET and hand-made pages
    "aspx_labels": (
        f"""<form id="form1"><span id="lblTitle">{TITLE}</span><br><span id="Label2">来源：</span><span id="lblFrom">清河市公安局</span>&nbsp;
        <span>发布日期：</span><span id="lblDate">2022-1-8 8:05:09</span>&nbsp;<span>点击数：</span><span>5</span></form>""",
        {"published": "2022-01-08T08:05:09+08:00", "content_source": "清河市公安局"},
    ),
    "aspx_pipes": (
        f"{H}<p>发布机构： 法制支队 | 发布时间： 2022-01-08 12:43:30 | 点击数： <span>1604</span> | 字号： <a>大</a> <a>中</a> <a>小</a></p>",
        {"published": "2022-01-08T12:43:30+08:00", "publisher": "法制支队"},
    ),
    "no_space_between_fields": (
        f"{H}<p>来源：清河日报发布时间：2022-01-08浏览次数：18次</p>",
        {"published": "2022-01-08", "content_source": "清河日报"},
    ),
    "half_width_and_brackets": (
        f"{H}<p>(发布时间:2022-1-8  来源:清河市公安局  责任编辑:张三)</p>",
        {"published": "2022-01-08", "content_source": "清河市公安局"},
    ),
    "square_bracketed_date": (f"{H}<p>[2022-01-08]</p>", {"published": "2022-01-08"}),
    "chinese_numerals": (f"{H}<p>发布时间：二〇二二年一月八日</p>", {"published": "2022-01-08"}),
    "time_glued_to_day": (f"{H}<p>发布时间：2022年1月8日08:19</p>", {"published": "2022-01-08T08:19+08:00"}),
    "label_without_colon_before_date": (
        f"{H}<p>发布时间 2022-01-08 来源 清河市公安局</p>",
        {"published": "2022-01-08"},
    ),
    "editor_is_no_author": (
        f"{H}<p>发布时间：2022-01-08 责任编辑：林一 编辑：王二 审核：赵三 来源：清河市公安局</p>",
        {"published": "2022-01-08", "content_source": "清河市公安局"},
    ),
    "author_and_reporter": (
        f"{H}<p>2022-01-08 来源：清河日报 作者：记者 王明 通讯员 李平</p>",
        {"published": "2022-01-08", "content_source": "清河日报", "author": "记者 王明 通讯员 李平"},
    ),
    "source_by_script_only": (
        f"{H}<p>发布时间：2022-01-08 来源：<script>document.write('清河市公安局')</script> 字体：【大 中 小】</p>",
        {"published": "2022-01-08"},
    ),
    "two_sources": (
        f"{H}<p><span>发布时间：2022-01-08</span><span>来源：市公安局  市财政局</span></p>",
        {"published": "2022-01-08", "content_source": "市公安局  市财政局"},
    ),
    "source_with_colon_in_brackets": (
        f"{H}<p>信息来源：清河市公安局（加挂交通管理局牌子） 【字号：大 中 小】</p>",
        {"content_source": "清河市公安局（加挂交通管理局牌子）"},
    ),
    "no_date_at_all": (H, {}),
    "two_column_labels": (
        f"""<div class="xx"><p><em>发文机关</em><i>{PUBLISHER}</i></p><p><em>发文字号</em><i>{NUMBER}</i></p><p><em>来源</em><i>{PUBLISHER}</i></p>
        <p><em>主题分类</em><i>公安</i></p><p><em>公文种类</em><i>通知</i></p><p><em>成文日期</em><i>2022年01月05日</i></p><p><em>发布日期</em><i>2022年01月08日</i></p></div>{H}""",
        {
            "publisher": PUBLISHER,
            "document_number": NUMBER,
            "content_source": PUBLISHER,
            "subject": "公安",
            "drafted": "2022-01-05",
            "published": "2022-01-08",
        },
    ),
    "joint_publishers": (
        f"<div>发布机关：市公安局,市财政局,市交通运输局</div><div>文件状态：</div>{H}<p>时间：2022-01-08</p>",
        {"publisher": "市公安局,市财政局,市交通运输局", "published": "2022-01-08"},
    ),
    "line_breaks_in_a_cell": (
        f"<table><tr><td>索引号：{INDEX}<br>发布机构：{PUBLISHER}<br>文号：<br>发布日期：2022-01-08<br>有效性：有效</td></tr></table>{H}",
        {"index_number": INDEX, "publisher": PUBLISHER, "published": "2022-01-08", "validity": "有效"},
    ),
    "hidden_table_is_not_stated": (
        f"<table style='display:none'><tr><td>发布机构：</td><td>{PUBLISHER}</td></tr></table>{H}<p>发布日期：2022-01-08</p>",
        {"published": "2022-01-08"},
    ),
    "table_in_comment_is_not_stated": (
        f"<!--<table><tr><td>文号：</td><td>{NUMBER}</td></tr></table>-->{H}<p>发布日期：2022-01-08</p>",
        {"published": "2022-01-08"},
    ),
    "upper_case_tags": (
        f"<TABLE><TR><TD>索引号</TD><TD>{INDEX}</TD><TD>发布日期</TD><TD>2022-01-08</TD></TR></TABLE><H1>{TITLE}</H1>",
        {"index_number": INDEX, "published": "2022-01-08"},
    ),
    "unclosed_cells": (
        f"<table><tr><td>索引号：<td>{INDEX}<td>发布机构：<td>{PUBLISHER}<tr><td>文号：<td><td>发布日期：<td>2022-01-08</table>{H}",
        {"index_number": INDEX, "publisher": PUBLISHER, "published": "2022-01-08"},
    ),
    "square_brackets_in_a_list": (
        f"""<ol class="doc-info"><li>[主题分类] <span>公安/交通</span></li><li>[发文机构] <span>{PUBLISHER}</span></li><li>[联合发文单位] <span>----</span></li>
        <li>[实施日期] <span>----</span></li><li>[成文日期] <span>2022-01-05</span></li><li>[发文字号] <span>{NUMBER}</span></li>
        <li>[废止日期] <span>----</span></li><li>[发布日期] <span>2022-01-08</span></li><li>[有效性] <span>是</span></li></ol>{H}""",
        {
            "subject": "公安/交通",
            "publisher": PUBLISHER,
            "drafted": "2022-01-05",
            "document_number": NUMBER,
            "published": "2022-01-08",
            "validity": "是",
        },
    ),
    "spaced_square_brackets_in_cells": (
        f"""<table><tr><td class="t1">[ 索引号 ]</td><td>{INDEX}</td><td>[ 发文字号 ]</td><td></td></tr><tr><td>[ 发布机构 ]</td><td>{PUBLISHER}</td>
        <td>[ 有效性 ]</td><td>有效</td></tr><tr><td>[ 成文日期 ]</td><td>2022-01-05</td><td>[ 发布日期 ]</td><td>2022-01-08</td></tr></table>{H}""",
        {
            "index_number": INDEX,
            "publisher": PUBLISHER,
            "validity": "有效",
            "drafted": "2022-01-05",
            "published": "2022-01-08",
        },
    ),
    "midnight_is_no_time": (f"{H}<p>发布时间：2022-01-08 00:00:00.0</p>", {"published": "2022-01-08"}),
    "date_after_the_name": (
        f"{H}<p>来源：清河日报 2022-01-08 10:20</p>",
        {"content_source": "清河日报", "published": "2022-01-08T10:20+08:00"},
    ),
    "date_in_the_heading": (
        f"<h1>{TITLE}<span>2022-01-08</span></h1><p>字号：大 中 小</p>",
        {"published": "2022-01-08"},
    ),
    "slashes_and_office": (
        f"{H}<div class='time'>发布时间：2022/01/08</div><div class='ly'><span>来源：交通管理局</span><span>[ 打印 ]</span></div>",
        {"published": "2022-01-08", "content_source": "交通管理局"},
    ),
    "ministry_list": (
        f"""<div class="head"><ul><li><span>名　　称</span>{TITLE}</li><li><span>索 引 号</span>{INDEX}</li><li><span>分　　类</span>交通管理</li>
        <li><span>发布机关</span>{PUBLISHER}</li><li><span>生成日期</span>2022-01-05</li><li><span>文　　号</span>{NUMBER}</li><li><span>主 题 词</span></li></ul></div>{H}""",
        {
            "index_number": INDEX,
            "subject": "交通管理",
            "publisher": PUBLISHER,
            "drafted": "2022-01-05",
            "document_number": NUMBER,
        },
    ),
    "clock_before_the_title": (f"<div>日期：2026年3月4日 星期三</div>{H}", {}),
    "event_on_the_page": (f"{H}<p>2022年1月8日</p><p>地点：市民中心</p>", {}),
    "repeated_title_with_its_number": (
        f"<h1>{TITLE}</h1><p>2022-01-08</p><p>{NUMBER}</p><p>{TITLE}</p>",
        {"published": "2022-01-08", "document_number": NUMBER},
    ),
    "source_and_time_in_em": (
        f"<h1>{TITLE}</h1><div><em>2022-01-08 09:08</em><em>来源：</em><em>清河市公安局</em><em class='r'>打印</em></div>",
        {"published": "2022-01-08T09:08+08:00", "content_source": "清河市公安局"},
    ),
    "links_beside_the_source": (
        f"{H}<p>来源：<a href='/s'>清河日报</a><a href='#c'>我要评论</a> 时间：<b>2022</b>年<b>1</b>月<b>8</b>日</p>",
        {"content_source": "清河日报", "published": "2022-01-08"},
    ),
    "publishers_in_links": (
        f"{H}<p>发布机构：<a>市公安局</a>、<a>市财政局</a></p><p><i>发布日期：</i><b>2022</b>年<b>1</b>月<b>8</b>日</p>",
        {"publisher": "市公安局、市财政局", "published": "2022-01-08"},
    ),
    "traditional_mobile_line": (
        f"<div class='attr'><span class='attr'>发布时间:2022-01-08</span>&nbsp;&nbsp;<span class='attr'>来源:</span></div>{H}",
        {"published": "2022-01-08"},
    ),
}

FIELDS = [
    "published",
    "drafted",
    "effective",
    "index_number",
    "document_number",
    "publisher",
    "content_source",
    "author",
    "validity",
    "subject",
    "keywords",
    "flags",
]


@pytest.mark.parametrize("name", CASES)
def test_header(name: str) -> None:
    head, expected = CASES[name]
    fields = read(head)
    assert "".join((fields.title or "").split()) == TITLE
    stated = {f: v for f in FIELDS if (v := getattr(fields, f))}
    wanted = {}
    for field, value in expected.items():
        if isinstance(stated.get(field), date):
            short = len(value) == 10
            stated[field] = day_of(stated[field]).isoformat() if short else _iso(stated[field])
        wanted[field] = value
    assert stated == wanted


def _iso(stamp: Any) -> str:
    from pipelines.items import iso

    return iso(stamp) or ""


def test_there_are_many_headers() -> None:
    assert len(CASES) >= 50
