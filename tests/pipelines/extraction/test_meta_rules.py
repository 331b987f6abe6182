"""What is believed when places disagree."""

# ruff: noqa: E501 - a page's markup stays on one line

from __future__ import annotations

from datetime import date
from typing import Any

from pipelines.extraction.metadata import Fields, read_metadata
from pipelines.extraction.parsing import parse
from pipelines.items import Hints, Report, iso

BODY = "各有关单位：\n为做好冬季道路交通安全管理工作，现就有关事项通知如下，请认真贯彻执行，确保各项措施落实到位。\n一、加强领导。"
TITLE = "关于加强冬季道路交通管理工作的通知"
ARTICLE = f'<meta name="ArticleTitle" content="{TITLE}">'
PUBDATE = '<meta content="2022-01-09 10:11" name="PubDate">'


def read(head: str = "", *, metas: str = "", after: str = "", **more: Any) -> Fields:
    paragraphs = "".join(f"<p>{line}</p>" for line in BODY.split("\n"))
    source = f"<html><head><title>{TITLE}</title>{metas}</head><body><h1>{TITLE}</h1>{head}<div>{paragraphs}</div>{after}</body></html>"
    return read_metadata(parse(source), source=source, body=BODY, **more)


def published(*arguments: Any, **keywords: Any) -> str | None:
    return iso(read(*arguments, **keywords).published)


def test_published_label_goes_first() -> None:
    assert published("<p>发布日期：2022-01-08</p>", metas=PUBDATE) == "2022-01-08"


def test_time_of_the_same_day_is_taken_from_another_place() -> None:
    assert published("<p>发布日期：2022-01-09</p>", metas=PUBDATE) == "2022-01-09T10:11+08:00"


def test_meta_goes_before_the_time_line() -> None:
    assert published("<p>2022-01-10 来源：清河市公安局</p>", metas=PUBDATE) == "2022-01-09T10:11+08:00"
    assert (
        published("", metas='<meta name="firstpublishedtime" content="2022-01-09-10:07:00">')
        == "2022-01-09T10:07+08:00"
    )


def test_time_line_goes_before_address_and_list() -> None:
    url = "http://www.qinghe.gov.cn/t/202201/t20220111_1.html"
    assert published("<p>日期：2022-01-10</p>", url=url, hints=Hints(published=date(2022, 1, 12))) == "2022-01-10"


def test_list_goes_before_address() -> None:
    url = "http://www.qinghe.gov.cn/t/202201/t20220111_1.html"
    assert published("", url=url, hints=Hints(published=date(2022, 1, 12))) == "2022-01-12"
    assert published("", url=url) == "2022-01-11"


def test_never_drafted_updated_or_generated() -> None:
    metas = '<meta name="others" content="页面生成时间 2023-05-06 10:00:00"><meta name="Maketime" content="2023-05-06 10:00:00"><meta name="lastmodifiedtime" content="2023-05-06">'
    fields = read("<p>成文日期：2022-01-05</p><p>更新时间：2023-05-06</p><p>失效日期：2027-01-01</p>", metas=metas)
    assert (fields.published, iso(fields.drafted)) == (None, "2022-01-05")


def test_related_reports_and_copyright_do_not_date_it() -> None:
    after = '<ul><li><a href="/a">关于开展检查的通知</a><span>2025-11-02</span></li></ul><div>Copyright 2003-2026 更新日期：2026-01-01</div>'
    assert published("", after=after) is None


def test_foot_of_the_page_counts_where_the_head_is_silent() -> None:
    after = "<p>发布日期：2022-01-08 来源：清河市公安局 责任编辑：林一</p>"
    fields = read("", after=after)
    assert (iso(fields.published), fields.content_source) == ("2022-01-08", "清河市公安局")


def test_source_label_goes_before_meta() -> None:
    metas = ARTICLE + '<meta name="ContentSource" content="本网">'
    assert read("<p>来源：清河日报</p>", metas=metas).content_source == "清河日报"
    assert read("", metas=metas).content_source == "本网"
    assert read("<p>发布机构：清河市公安局</p>", metas=metas).content_source is None


def test_source_meta_counts_beside_a_publisher_where_it_names_another_body() -> None:
    publisher = "<p>发布机构：清河市公安局</p>"
    for source, expected in (("交通管理处", "交通管理处"), ("清河市公安局", None), ("市公安局", None), ("本局", None)):
        metas = f'{ARTICLE}<meta name="ContentSource" content="{source}">'
        assert read(publisher, metas=metas).content_source == expected


def test_names_that_templates_fill_in_are_no_names() -> None:
    fields = read("<p>来源：未知 作者：admin 时间：2022-01-08</p>")
    assert (fields.content_source, fields.author, iso(fields.published)) == (None, None, "2022-01-08")
    assert read("<p>作者：佚名 来源：清河日报</p>").author is None


def test_press_release_is_dated_by_its_last_line() -> None:
    source = "<html><head><title>罪案數字</title></head><body><h1>罪案數字</h1></body></html>"
    body = "警務處今日公布本年上半年罪案數字，整體罪案共42,870宗。\n完／2023年8月15日（星期二）\n香港時間17時30分"
    assert iso(read_metadata(parse(source), body=body).published) == "2023-08-15"


def test_labels_above_a_text_that_begins_with_its_title_in_word_markup() -> None:
    style = "mso-bidi-font-size: 16.0pt; font-family: 仿宋_GB2312; mso-hansi-font-family: 宋体; " * 4
    lines = [
        "清河市公安局关于2021年上半年",
        "全市道路交通安全形势的通报",
        "各区县公安局：",
        "今年以来全市形势总体平稳。",
    ]
    rows = "".join(f'<p style="{style}"><span style="{style}">{line}</span></p>' for line in lines)
    title = "".join(lines[:2])
    top = f"<div>{title}</div><p>发布日期：2021-07-13 来源：清河日报</p>"
    source = f"<html><head><title>{title}</title></head><body>{top}<div>{rows}</div></body></html>"
    fields = read_metadata(parse(source), source=source, body="\n".join(lines))
    assert (fields.title, iso(fields.published), fields.content_source) == (title, "2021-07-13", "清河日报")


def test_catalogue_below_a_text_that_repeats_its_last_words() -> None:
    table = "<table><tr><th>索引号</th><td>0150/2022-9</td><th>发布机构</th><td>清河市公安局</td></tr></table>"
    repeated, filler = "<p>请各单位认真贯彻执行上级决策部署。</p>", f"<p>{'上报、' * 3_000}</p>"
    rows = f"<p>为加强安全生产工作制定本方案。</p>{repeated}{filler}{repeated}"
    source = f"<html><head><title>{TITLE}</title></head><body><h1>{TITLE}</h1><div>{rows}</div>{table}</body></html>"
    body = rows.replace("</p><p>", "\n").replace("<p>", "").replace("</p>", "")
    fields = read_metadata(parse(source), source=source, body=body)
    assert (fields.index_number, fields.publisher) == ("0150/2022-9", "清河市公安局")


def test_author_meta_counts_with_the_mandated_metas_only() -> None:
    author = '<meta name="Author" content="王明">'
    assert read("", metas=ARTICLE + author).author == "王明"
    assert read("", metas=author).author is None


def test_keywords() -> None:
    assert read("<p>主题词：交通；冬季 管理</p>").keywords == ["交通", "冬季", "管理"]
    assert read("", metas=ARTICLE + '<meta name="Keywords" content="交通,冬季">').keywords == ["交通", "冬季"]
    site = '<meta name="SiteName" content="清河市公安局网站"><meta name="Keywords" content="清河市公安局网站">'
    assert read("", metas=ARTICLE + site).keywords == []


def test_record_and_list_fill_what_the_page_leaves_open() -> None:
    record = Hints(title=TITLE, index_number="0150/2022-1", publisher="清河市公安局", drafted=date(2022, 1, 5))
    listed = Hints(index_number="9999/2022-9", validity="有效", document_number="清公〔2022〕3号")
    fields = read("", record=record, hints=listed)
    assert (fields.index_number, fields.publisher, iso(fields.drafted)) == ("0150/2022-1", "清河市公安局", "2022-01-05")
    assert (fields.validity, fields.document_number) == ("有效", "清公〔2022〕3号")
    shown = read("<p>索引号：0150/2022-7</p>", record=record, hints=listed)
    assert shown.index_number == "0150/2022-7"


def test_subject_by_trust() -> None:
    assert read("<p>分类：通知</p><p>主题分类：公安</p>").subject == "公安"
    assert read("<p>组配分类：规范性文件</p>").subject == "规范性文件"


def test_fill_keeps_what_a_report_has() -> None:
    report = Report(language="zh", flags=["truncated"], publisher="清河市公安局")
    read("<p>发布日期：2022-01-08</p>").fill(report)
    assert (report.language, report.publisher, iso(report.published), report.flags) == (
        "zh",
        "清河市公安局",
        "2022-01-08",
        ["truncated"],
    )


def test_catalogue_below_the_body() -> None:
    after = (
        "<table><tr><td>索引号</td><td>0150/2022-3</td><td>发布机构</td><td>清河市公安局</td></tr>"
        "<tr><td>文号</td><td>清公〔2022〕3号</td><td>发布日期</td><td>2022-01-08</td></tr></table>"
    )
    fields = read("", after=after)
    assert (fields.index_number, fields.publisher) == ("0150/2022-3", "清河市公安局")
    assert (fields.document_number, iso(fields.published)) == ("清公〔2022〕3号", "2022-01-08")


def test_sentence_with_a_date_is_no_time_line() -> None:
    assert published("<p>2021年12月1日，全市召开会议。</p>") is None
    assert published("<p>2021年12月1日全市召开会议，部署工作</p>") is None


def test_title_in_the_body_goes_before_a_heading_beside_it() -> None:
    body = "清河市公安局关于加强冬季\n道路交通管理工作的通知\n" + BODY
    paragraphs = "".join(f"<p>{line}</p>" for line in body.split("\n"))
    source = (
        f"<html><head><title>清河市公安局</title></head><body><h3>热点新闻</h3><div>{paragraphs}</div></body></html>"
    )
    assert read_metadata(parse(source), body=body).title == "清河市公安局关于加强冬季道路交通管理工作的通知"
