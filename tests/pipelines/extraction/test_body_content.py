"""Finding, cleaning and rendering a body: what the golden pages do not show by themselves."""

from __future__ import annotations

import random

import pytest

from pipelines.extraction import cleaning
from pipelines.extraction.page import read_page
from pipelines.items import Hints, Report, iso

PROSE = [
    "初步核算，一季度全市地区生产总值512.37亿元，按不变价格计算，同比增长5.6%。",
    "一季度，全市规模以上工业增加值同比增长6.8%，其中制造业增长7.4%。",
    "一季度，社会消费品零售总额168.92亿元，同比增长4.9%，市场供应充足，价格平稳。",
]
HEAD = (
    "<html><head><title>一季度经济运行情况_云岭市统计局</title></head><body><a href=/>首页</a>"
    "<h1>一季度经济运行情况</h1>"
)
META = "<div>发布时间：2024-04-22 来源：市统计局 浏览次数：12 【字体：大 中 小】</div>"
FOOT = "<div>主办单位：云岭市统计局 滇ICP备05001234号</div></body></html>"


def read(inner: str, *, head: str = HEAD + META, url: str | None = "http://www.yl.gov.cn/a/b.html") -> Report:
    return read_page(f"{head}{inner}{FOOT}".encode(), url=url)


def paragraphs(lines: list[str], tag: str = "p") -> str:
    return "".join(f"<{tag}>{line}</{tag}>" for line in lines)


def test_body_is_the_text_and_nothing_else() -> None:
    assert read(f"<div>{paragraphs(PROSE)}</div>").body == "\n".join(PROSE)


def test_title_number_and_data_lines_inside_the_container_are_no_body() -> None:
    inner = f"<div><p>一季度经济运行情况</p><p>云统〔2024〕5号</p><p>索 引 号：123/2024-1</p>{paragraphs(PROSE)}</div>"
    assert read(inner).body == "\n".join(PROSE)


def test_a_row_of_labels_in_brackets_is_no_body() -> None:
    row = "【法规类型】规范 <b>【文　　号】</b>9号 【发文机关】<i>统计局</i> 【发布日期】22日"
    assert read(f"<div><div>{row}</div>{paragraphs(PROSE)}</div>", head=HEAD).body == "\n".join(PROSE)


def test_a_heading_of_the_body_stays() -> None:
    inner = f"<div><h2>一、总体情况</h2>{paragraphs(PROSE)}<h2>二、下一步</h2><p>稳中求进。</p></div>"
    assert read(inner).body.split("\n") == ["一、总体情况", *PROSE, "二、下一步", "稳中求进。"]


def test_what_a_meeting_notice_says_of_time_and_place_is_body() -> None:
    lines = [
        "时间：2024年3月15日（星期五）上午9时",
        "地点：市行政中心201会议室",
        "请参会人员提前10分钟入场，不得迟到。",
    ]
    assert read(f"<div>{paragraphs(lines)}</div>").body.split("\n") == lines


def test_signature_and_its_date_stay() -> None:
    lines = [*PROSE, "云岭市统计局", "2024年4月22日"]
    inner = f"<div>{paragraphs(lines)}</div><div>【打印】【关闭】</div><div>责任编辑：李某</div>"
    assert read(inner).body.split("\n") == lines


def test_lists_and_line_breaks_are_lines() -> None:
    body = read(f"<div>{PROSE[0]}<br>　　{PROSE[1]}<ul><li>甲、{PROSE[2]}</li><li>乙</li></ul></div>").body
    assert body.split("\n") == [PROSE[0], PROSE[1], "甲、" + PROSE[2], "乙"]


def test_a_table_is_rows_with_tabs_and_a_grid_with_spans_written_out() -> None:
    table = (
        "<table><tr><td rowspan=2>科目</td><td colspan=2>预算数</td></tr><tr><td>合计</td><td>项目</td></tr>"
        "<tr><td>水利</td><td>12</td><td></td></tr></table>"
    )
    report = read(f"<div>{paragraphs(PROSE)}{table}</div>")
    assert report.body.split("\n")[3:] == ["科目\t预算数", "合计\t项目", "水利\t12"]
    assert report.tables == [[["科目", "预算数", "预算数"], ["科目", "合计", "项目"], ["水利", "12", ""]]]


@pytest.mark.parametrize(
    "inner",
    [
        f"<table><tr><td>{'</td></tr><tr><td>'.join(PROSE)}</td></tr></table>",
        f"<table><tr><td width=20></td><td>{paragraphs(PROSE)}</td></tr></table>",
        f"<table role=presentation><tr><td>{PROSE[0]}</td><td>{PROSE[1]}</td></tr>"
        f"<tr><td>{PROSE[2]}</td><td>完</td></tr></table>",
    ],
)
def test_tables_that_lay_out_a_page_are_none(inner: str) -> None:
    report = read(inner)
    assert report.tables == []
    assert all(line in report.body for line in PROSE)


def test_absurd_spans_are_bounded() -> None:
    rows = "".join(f"<tr><td>{i}</td><td>{i}</td></tr>" for i in range(50))
    report = read(f"<div>{PROSE[0]}<table><tr><td rowspan=65534 colspan=65534>甲</td></tr>{rows}</table></div>")
    assert sum(map(len, report.tables[0])) <= 60_000


def test_hidden_and_second_copies_are_left_out() -> None:
    text = paragraphs(PROSE)
    headed = f"<div><p>一季度经济运行情况</p><p>2024-04-22</p>{text}</div>"
    for copy in (f'<div style="display: none">{text}</div>', f"<div>{text}</div>", headed):
        assert read(f"<div><div>{text}</div>{copy}</div>").body == "\n".join(PROSE)


def test_title_and_day_that_open_an_untitled_text_stand_above_it() -> None:
    lines = "<br>".join(PROSE)
    inner = f"<div><span>云岭市统计局春节放假公告</span><br><span>【2024-02-05】</span><br>{lines}</div>"
    report = read(inner, head="<html><head><title>云岭统计</title></head><body><a href=/>首页</a>")
    assert (report.title, iso(report.published)) == ("云岭市统计局春节放假公告", "2024-02-05")
    assert report.body == "\n".join(PROSE)


def test_only_hidden_text_is_better_than_none() -> None:
    assert read(f'<div style="display:none">{paragraphs(PROSE)}</div>').body == "\n".join(PROSE)


@pytest.mark.parametrize(
    "kept",
    [
        "<script type='text/html'>{}</script>",
        "<textarea style='display:none'>{}</textarea>",
        "<template>{}</template>",
        "<div id=c><!-- {} --></div>",
        '<script>var html = "{}";</script>',
        "<script>$('#c').html('{}');</script>",
    ],
)
def test_markup_kept_for_a_script_is_read(kept: str) -> None:
    report = read(kept.format(paragraphs(PROSE)))
    assert report.body == "\n".join(PROSE)
    assert report.confidence < 1


def test_an_error_page_stays_one_whatever_it_keeps_for_scripts() -> None:
    page = f"<title>页面不存在</title><p>您访问的页面不存在！</p><!-- {paragraphs(PROSE * 4)} -->"
    assert "soft_404" in read_page(page.encode(), url=None).flags


def test_a_record_with_the_body_beats_an_empty_page() -> None:
    raw = (HEAD + META + "<div id=app></div>" + FOOT).encode()
    hints = Hints(body_html=paragraphs(PROSE) + '<p><a href="/u/1.xls">附表.xls</a></p>')
    report = read_page(raw, url="http://www.yl.gov.cn/a/b.html", hints=hints)
    assert report.body.split("\n") == [*PROSE, "附表.xls"]
    assert [a.url for a in report.attachments] == ["http://www.yl.gov.cn/u/1.xls"]


def test_content_images_with_absolute_addresses() -> None:
    inner = (
        f'<div><p><img src="../img/p1.jpg"></p>{paragraphs(PROSE)}<img data-src="/p2.png" src="/loading.gif">'
        '<img src="/images/icon_pdf.gif"><img src="/x.png" width="16"></div>'
        '<div><img src="/qrcode.png">扫一扫在手机打开当前页</div>'
    )
    assert read(inner).images == ["http://www.yl.gov.cn/img/p1.jpg", "http://www.yl.gov.cn/p2.png"]


def test_base_is_honoured() -> None:
    head = HEAD.replace("<head>", '<head><base href="http://www.yl.gov.cn/files/">')
    report = read(f'<div>{paragraphs(PROSE)}<p>附件：<a href="a.pdf">附表</a></p></div>', head=head + META)
    assert report.attachments[0].url == "http://www.yl.gov.cn/files/a.pdf"


@pytest.mark.parametrize(
    ("link", "name", "url", "media_type"),
    [
        ('<a href="./P02024.doc">1. 申请表</a>', "申请表", "http://www.yl.gov.cn/a/P02024.doc", "application/msword"),
        ('<a href="x.doc" oldsrc="/W02024.docx">附件</a>', "附件", "http://www.yl.gov.cn/W02024.docx", None),
        (
            '<a href="javascript:;" fileurl="/f/a.pdf">附件</a>',
            "附件",
            "http://www.yl.gov.cn/f/a.pdf",
            "application/pdf",
        ),
        (
            '<a href="/module/download/downfile.jsp?classid=0&amp;filename=be5f.xls">名单</a>',
            "名单",
            "http://www.yl.gov.cn/module/download/downfile.jsp?classid=0&filename=be5f.xls",
            "application/vnd.ms-excel",
        ),
        (
            '<a href="/system/_content/download.jsp?wbfileid=AB12">会议材料.zip</a>',
            "会议材料.zip",
            "http://www.yl.gov.cn/system/_content/download.jsp?wbfileid=AB12",
            "application/zip",
        ),
        ('<a href="/a/附件.OFD">公报</a>', "公报", "http://www.yl.gov.cn/a/附件.OFD", "application/ofd"),
        ('<a href="/u/1.pdf" alt="价格.pdf">点击下载</a>', "价格.pdf", "http://www.yl.gov.cn/u/1.pdf", None),
        ('<iframe src="/v/viewer.html?file=/u/ys.pdf"></iframe>', "ys.pdf", "http://www.yl.gov.cn/u/ys.pdf", None),
        ('<img data-powerurl="/u/jg.pdf" src="/u/jg.png">', "jg.pdf", "http://www.yl.gov.cn/u/jg.pdf", None),
        (
            "<script>var file_appendix='<a href=\"./P1.doc\">附件1</a>';document.write(file_appendix)</script>",
            "附件1",
            "http://www.yl.gov.cn/a/P1.doc",
            None,
        ),
    ],
)
def test_attachments_in_every_form(link: str, name: str, url: str, media_type: str | None) -> None:
    for inner in (
        f"<div>{paragraphs(PROSE)}<p>{link}</p></div>",
        f"<div>{paragraphs(PROSE)}</div><div>附件：{link}</div>",
    ):
        found = read(inner).attachments
        assert [(a.name, a.url) for a in found] == [(name, url)]
        assert media_type is None or found[0].media_type == media_type


def test_a_file_named_by_its_day_is_the_report() -> None:
    title = "一季度经济运行情况"
    report = read(f'<div><p>{title}</p></div><p><a href="./P1.pdf">2024.04.22.pdf</a></p><div>分享到：</div>')
    assert (report.title, report.body, len(report.attachments)) == (title, "2024.04.22.pdf", 1)


def test_a_slogan_over_the_title_is_no_body() -> None:
    slogan = "<html><head><title>年度预算</title></head><body><b>全心全意为人民服务</b><h1>年度预算</h1>"
    report = read('<div><embed src="/u/ys.pdf"></div>', head=slogan + META)
    assert (report.body, [a.url for a in report.attachments]) == ("", ["http://www.yl.gov.cn/u/ys.pdf"])


def test_a_frame_alone_is_the_reports_file() -> None:
    report = read('<div><iframe src="/v/viewer.html?file=/u/ys.pdf"></iframe></div><div>分享：</div>')
    assert [a.url for a in report.attachments] == ["http://www.yl.gov.cn/u/ys.pdf"]
    assert report.body == ""


def test_rows_of_other_reports_right_below_the_text_are_left_out() -> None:
    rows = "".join(f'<li><a href="/{i}.html">市统计局召开第{i}次工作会议</a> 2024-03-0{i}</li>' for i in range(1, 5))
    title = "一季度经济运行情况"
    head = f"<html><head><title>{title}</title></head><body><b>{title}</b><br>2024-04-22 统计局<hr>　　"
    report = read("<br>　　".join(PROSE) + f"<br><hr><ul>{rows}</ul>", head=head)
    assert report.body == "\n".join(PROSE)


def test_how_often_a_file_was_fetched_is_no_text() -> None:
    link = '附件【<a href="/system/_content/download.jsp?wbfileid=9">名单.xls</a>】已下载<span>12</span>次'
    assert read(f"<div>{paragraphs(PROSE)}<p>{link}</p></div>").body.endswith("附件【名单.xls】")


def test_files_of_the_site_are_no_attachments() -> None:
    inner = (
        f'<div>{paragraphs(PROSE)}</div><div><a href="/soft/reader.zip">OFD阅读器下载</a></div>'
        '<ul><li><a href="/1.html">我市召开经济工作会议</a></li><li><a href="/2.html">统计开放日活动</a></li>'
        '<li><a href="/3.html">全市统计工作会议</a></li><li><a href="/old/2019.doc">2019年报告.doc</a></li></ul>'
    )
    assert read(inner).attachments == []


def test_a_link_twice_is_one_attachment() -> None:
    inner = (
        f'<div>{paragraphs(PROSE)}<p><a href="a.doc">附件1</a></p></div><div>附件下载：<a href="a.doc">附件1</a></div>'
    )
    assert len(read(inner).attachments) == 1


@pytest.mark.parametrize("seed", range(6))
def test_no_markup_crashes_it(seed: int) -> None:
    pieces = [
        "<div>", "</div>", "<p>", "</table>", "<table>", "<tr>", "<td colspan=x>", "<!--", "-->", "<a href='[::1'>",
        "</a>", "<script>", "正文，内容。", "附件.doc", "<img src=//[x>", "<style>", "</html>", "<body>", "&#0;",
        "发布时间：", "2024-13-45", "<li>", "<br/>", "\x00",
    ]  # fmt: skip
    chance = random.Random(seed)
    for _ in range(60):
        report = read_page("".join(chance.choices(pieces, k=80)).encode(), url="http://[bad/")
        assert isinstance(report.body, str)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("【打印本页】 【关闭窗口】", cleaning.is_tools),
        ("字号： 大 中 小", cleaning.is_tools),
        ("点击上方蓝字关注我们", cleaning.is_tools),
        ("上一页 1 2 3 下一页 尾页", cleaning.is_tools),
        ("发布时间：2024-04-22 09:30 来源：市统计局 浏览次数：", cleaning.is_meta),
        ("主 题 词：", cleaning.is_meta),
        ("云岭市政府门户网站 www.yunling.gov.cn 2024-04-19 17:32:17 来源：市统计局", cleaning.is_meta),
        ("（2023）云1002民初1234号", cleaning.is_number_line),
        ("您当前的位置：首页 > 政务公开", cleaning.is_crumb),
        ("上一篇：关于放假的通知", cleaning.is_foot),
        ("相关新闻", cleaning.is_foot),
        ("滇ICP备05001234号", cleaning.is_hard_foot),
        ("（责任编辑：李某）", cleaning.is_editor),
        ("编辑丨李某", cleaning.is_editor),
        ("该信件共有 35 次浏览", cleaning.is_foot),
        ("转摘声明：转摘请注明出处并做回链", cleaning.is_notice),
        ("深府办〔2011〕66号", cleaning.is_number_line),
        ("（第746号）", cleaning.is_number_line),
        ("By Jane Reporter | June 13, 2024 | 3 min read", cleaning.is_byline),
    ],
)
def test_lines_of_the_page(text: str, kind: object) -> None:
    assert callable(kind)
    assert kind(text)


@pytest.mark.parametrize(
    "text",
    [*PROSE, "2024年4月22日至5月1日为公示期，欢迎监督。", "本办法自发布之日起施行。", "第三条 来源于财政拨款的资金。"],
)
def test_lines_of_a_report(text: str) -> None:
    judges = (
        cleaning.is_tools, cleaning.is_meta, cleaning.is_crumb, cleaning.is_foot, cleaning.is_editor,
        cleaning.is_notice, cleaning.is_number_line, cleaning.is_byline,
    )  # fmt: skip
    assert not any(judge(text) for judge in judges)
