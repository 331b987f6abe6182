"""Numbers, signatures, names of bodies, labels in text, and JSON records."""

# ruff: noqa: E501 - a page's markup and a printed value stay on one line
from __future__ import annotations

import json

import pytest

from pipelines.extraction.embedded import read_record
from pipelines.extraction.labels import read_english_labels, read_labels
from pipelines.extraction.metadata import read_metadata, read_text_metadata
from pipelines.extraction.numbers import document_number, index_number, number_in_head
from pipelines.extraction.organisations import is_organisation, is_signer
from pipelines.extraction.outline import outline
from pipelines.extraction.parsing import bounded, parse
from pipelines.extraction.signature import read_signature
from pipelines.items import iso

SENTENCE = "为进一步规范道路交通管理工作，现将有关事项通知如下，请认真贯彻执行。"


@pytest.mark.parametrize(
    "number",
    [
        "国办发〔2017〕47号",
        "京政发[2008]8号",
        "深府〔２０１２〕６４号",
        "苏建房管（2019）第12号",
        "国办发明电〔2022〕3号",
        "公告2021年第3号",
        "第163号",
        "国务院令第746号",
        "中华人民共和国主席令第八十一号",
    ],
)
def test_document_numbers(number: str) -> None:
    assert document_number(number) == number


@pytest.mark.parametrize(
    "value",
    [
        "",
        "无",
        "—",
        "/",
        "暂无",
        "null",
        "2022-01-08",
        "2022年1月8日",
        "根据国办发〔2017〕47号",
        "《国务院令第746号》",
        "不公开",
    ],
)
def test_no_document_number(value: str) -> None:
    assert document_number(value) is None


@pytest.mark.parametrize(
    "number",
    [
        "000014349/2017-00110",
        "114403006955506492/2021-00426",
        "01527918X-2020-153077",
        "XM00112-02-01-2020-003",
        "bm56000001/2021-00012345",
        "黔府〔2020〕0012345",
    ],
)
def test_index_numbers(number: str) -> None:
    assert index_number(number) == number


@pytest.mark.parametrize("value", ["无", "", "-", "请参考信息公开目录编制规范", "文号"])
def test_no_index_number(value: str) -> None:
    assert index_number(value) is None


def test_number_in_head() -> None:
    assert number_in_head([], ["清公交〔2022〕3号", "各单位："], "关于工作的通知") == "清公交〔2022〕3号"
    assert number_in_head(["（国发〔2016〕40号）"], [], "意见") == "国发〔2016〕40号"
    assert (
        number_in_head([], ["中华人民共和国公安部令", "第163号", SENTENCE], "机动车登记规定")
        == "中华人民共和国公安部令第163号"
    )
    assert number_in_head([], ["中华人民共和国国务院令第746号"], "条例") == "中华人民共和国国务院令第746号"
    assert number_in_head([], ["2021年第3号"], "清河市公安局公告") == "2021年第3号"
    assert number_in_head(["清交函〔2023〕88号\u3000\u3000办理类别：A类"], [], "答复") == "清交函〔2023〕88号"
    assert number_in_head(["（2023）清02民初14号"], [], "公告") == "（2023）清02民初14号"


def test_cited_numbers_are_not_the_documents() -> None:
    assert number_in_head([], ["各单位：", "清公交〔2022〕3号"], "关于工作的通知") is None
    assert number_in_head([], [f"根据清公交〔2022〕3号要求，{SENTENCE}"], "关于工作的通知") is None
    assert number_in_head([], ["广东省人民代表大会常务委员会公告", "（第55号）"], "广东省社会保险基金监督条例") is None


def signature(*lines: str) -> tuple[str | None, str | None]:
    found = read_signature("\n".join([SENTENCE, *lines]))
    return found.signer, iso(found.signed)


def test_signatures() -> None:
    assert signature("清河市公安交通管理局", "2022年1月8日") == ("清河市公安交通管理局", "2022-01-08")
    assert signature("清河市公安局　清河市财政局", "二〇二二年一月八日") == ("清河市公安局 清河市财政局", "2022-01-08")
    assert signature("清河市公安局", "清河市财政局", "清河市交通运输局", "2022年1月8日", "附件：名单") == (
        "清河市公安局 清河市财政局 清河市交通运输局",
        "2022-01-08",
    )
    assert signature("清河市公安局 2022年1月8日") == ("清河市公安局", "2022-01-08")
    assert signature("清河市公安局（代章）", "２０２２年１月８日") == ("清河市公安局（代章）", "2022-01-08")
    assert signature("市长：王大明", "2022年1月8日") == ("市长：王大明", "2022-01-08")
    assert signature("二○一一年十一月二十九日") == (None, "2011-11-29")
    assert signature("清河市流管办　2015年12月31日印发") == ("清河市流管办", "2015-12-31")


def test_first_signature_counts() -> None:
    assert signature(
        "清河市公安局", "2022年1月8日", "交通管理办法", "第一条 " + SENTENCE, "清河市公安局", "2021年5月6日"
    ) == ("清河市公安局", "2022-01-08")


def test_real_signature_before_a_printing_note() -> None:
    assert signature("清河市公安局", "2022年1月8日", "清河市公安局办公室 2022年1月9日印发") == (
        "清河市公安局",
        "2022-01-08",
    )


@pytest.mark.parametrize(
    "lines",
    [
        ("自2022年1月8日起施行。",),
        ("本办法自发布之日起施行，有效期至2027年1月8日",),
        ("会议时间：2022年1月8日",),
        ("序号\t2022年1月8日\t3",),
        ("2022年1月",),
    ],
)
def test_no_signature(lines: tuple[str, ...]) -> None:
    assert signature(*lines) == (None, None)


def test_date_under_the_title_is_no_signature() -> None:
    found = read_signature(f"（2021年7月27日国务院令第746号公布）\n2021年7月27日\n{SENTENCE}")
    assert found.signed is None


@pytest.mark.parametrize(
    "name",
    [
        "贵阳市公安局",
        "国务院",
        "省发改委",
        "市公安交通管理支队",
        "清河市人民政府办公室",
        "国家税务总局清河市税务局",
        "山西日报",
    ],
)
def test_organisations(name: str) -> None:
    assert is_organisation(name)


@pytest.mark.parametrize("text", ["关于加强管理的通知", "王明", "。", "请按规定执行。局"])
def test_not_organisations(text: str) -> None:
    assert not is_organisation(text)


def test_signers_are_no_sentences() -> None:
    assert is_signer("清河市公安局")
    assert not is_signer("请各单位报送清河市公安局，")
    assert not is_signer("（此件公开发布）")


def labelled(text: str) -> dict[str, str]:
    return {p.field: p.value for p in read_labels(text) if p.field != "noise"}


def test_labels_in_plain_text() -> None:
    text = "索 引 号: 000014349/2022-2223480 成文日期: 2022-01-08\n文 号: 发布时间: 2022-01-08 18:30\n发布机构: 清河市公安局 文件有效性:\n\n标题"
    assert labelled(text) == {
        "index_number": "000014349/2022-2223480",
        "drafted": "2022-01-08",
        "document_number": "",
        "published": "2022-01-08 18:30",
        "publisher": "清河市公安局",
        "validity": "",
    }


@pytest.mark.parametrize(
    "text",
    [
        "数据来源：各单位报表",
        "主要资金来源：财政拨款",
        "办理时间：2022年1月8日",
        "申请人姓名：王明",
        "第十三条 廉租住房采取新建和收购方式筹集。来源包括：",
    ],
)
def test_words_within_text_are_no_labels(text: str) -> None:
    assert labelled(text) == {}


def test_label_search_is_linear() -> None:
    text = "来 源" * 20_000 + "来源：" * 20_000 + "\x1e" * 50_000
    assert len(read_labels(text)) <= 400


def test_outline_leaves_out_what_is_not_shown() -> None:
    text = outline(
        "<body><script>var a='<p>文号：</p>'</script><div style=\"display:none\"><div>隐藏</div></div><!-- 注释 --><p>可见<b>文字</b></p></body>"
    )
    assert "".join(text.split()) == "可见文字"


def test_english_labels() -> None:
    text = outline(
        "<body><dl><dt>From:</dt><dd><a>Department for Transport</a></dd><dt>Published</dt><dd>8 January 2022</dd></dl></body>"
    )
    assert {p.field: p.value for p in read_english_labels(text)} == {
        "publisher": "Department for Transport",
        "published": "8 January 2022",
    }
    assert {p.field: p.value for p in read_english_labels("\nSource: City Daily\u3000Date: 2022-01-08")} == {
        "content_source": "City Daily",
        "time": "2022-01-08",
    }


def record(**members: object) -> str:
    return "<script>window._CONFIG = {SID: 1, DETAIL: " + json.dumps(members) + "}</script>"


def test_record_of_gkmlpt() -> None:
    hints = read_record(
        record(
            id=1,
            title="关于工作的通知",
            content="<p>" + SENTENCE + "</p>",
            date="2022-01-08",
            source="清河市公安局",
            attachment=[{"name": "附件1.docx", "url": "/attachment/1.docx"}],
            gkml_data={
                "identifier": "0150/2022-1",
                "date": 1641312000,
                "document_number": "清公〔2022〕3号",
                "publisher": "清河市公安局",
            },
        )
    )
    assert hints is not None
    assert (hints.title, iso(hints.published), iso(hints.drafted)) == ("关于工作的通知", "2022-01-08", "2022-01-05")
    assert (hints.index_number, hints.document_number, hints.publisher) == (
        "0150/2022-1",
        "清公〔2022〕3号",
        "清河市公安局",
    )
    assert hints.body_html == "<p>" + SENTENCE + "</p>"
    assert [(a.name, a.url) for a in hints.attachments] == [("附件1.docx", "/attachment/1.docx")]


def test_record_of_a_single_page_application() -> None:
    data = {
        "props": {
            "pageProps": {
                "detail": {
                    "docTitle": "关于工作的通知",
                    "docContent": "<p>" + SENTENCE + "</p>",
                    "pubTime": 1641637800000,
                }
            }
        }
    }
    hints = read_record(f'<script id="__NEXT_DATA__" type="application/json">{json.dumps(data)}</script>')
    assert hints is not None
    assert (hints.title, iso(hints.published)) == ("关于工作的通知", "2022-01-08T18:30+08:00")


@pytest.mark.parametrize(
    "source",
    [
        "<script>var DETAIL = {a: 1, broken</script>",
        "<script>DETAIL: {}</script>",
        '<script>articleList: [{"title": "只有标题"}]</script>',
        "<script>DETAIL: " + "[" * 100_000 + "</script>",
        "<p>DETAIL</p>",
    ],
)
def test_no_record(source: str) -> None:
    assert read_record(source) is None


SEED = """索 引 号: 000014349/2022-2223480 成文日期: 2022-01-08
文 号: 发布时间: 2022-01-08 18:30
发布机构: 清河市公安局 文件有效性:

2021年全市公安交管工作总结-凯发天生赢家一触即发

发布时间: 2022-01-08 18:30 来源:清河市公安局 字体:[]

2021年,全市公安交管部门以习近平新时代中国特色社会主义思想为指导,全力推动公安交通管理工作迈上新台阶,各项工作取得新的成效,现总结如下。

一、队伍建设

开展各类培训310余期,覆盖9400余人次。

清河市公安交通管理局

2022年1月8日

网站地图"""


def test_page_saved_as_text() -> None:
    fields = read_text_metadata(SEED)
    assert fields.title == "2021年全市公安交管工作总结"
    assert fields.title_raw == "2021年全市公安交管工作总结-凯发天生赢家一触即发"
    assert fields.flags == ["title_spam"]
    assert fields.index_number == "000014349/2022-2223480"
    assert (iso(fields.drafted), iso(fields.published)) == ("2022-01-08", "2022-01-08T18:30+08:00")
    assert (fields.publisher, fields.content_source) == ("清河市公安局", "清河市公安局")
    assert (fields.signer, iso(fields.signed)) == ("清河市公安交通管理局", "2022-01-08")
    assert (fields.document_number, fields.validity, fields.author, fields.effective) == (None, None, None, None)


def test_text_without_labels() -> None:
    fields = read_text_metadata("2025年工作回顾和主要成绩\n" + SENTENCE * 5 + "\n" + SENTENCE)
    assert (fields.title, fields.published, fields.flags) == ("2025年工作回顾和主要成绩", None, [])
    assert read_text_metadata(SENTENCE * 3).title is None
    assert read_text_metadata("").title is None


HOSTILE = [
    "来源：" * 20_000,
    "来 " * 20_000,
    "<title>a" + " " * 20_000 + "b-" + " " * 20_000 + "</title>",
    "<title>" + "标题-" * 20_000 + "</title>",
    "<title>" + "-" * 20_000 + "</title>",
    '<div style="display:none">' * 2_000,
    '<div style="left:-999px' * 2_000,
    "".join(f'<a href="http://x{i}.com/">x</a>' for i in range(2_000)) + '<div style="left:-1000px">' * 2_000,
    "<meta name=a content=b>" * 2_000,
    "<p>2022-01-08</p>" * 5_000,
    "<p>首页 > 公告</p>" * 5_000,
    "<h1>标题" * 2_000,
    "〔" * 20_000,
    "1" * 20_000,
    "&" * 20_000,
    '<script type="application/ld+json">' + "[" * 20_000 + "</script>",
    "<script>DETAIL: " + '{"a":' * 20_000,
    "<!--" * 5_000,
]


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_hostile_pages_are_read(number: int) -> None:
    body = "各单位：\n" + SENTENCE
    source = bounded(HOSTILE[number] + "".join(f"<p>{line}</p>" for line in body.split("\n")))[0]
    for text in (body, ""):
        fields = read_metadata(parse(source), source=source, body=text, record=read_record(source))
        assert fields.index_number is None
        assert fields.title is None or len(fields.title) <= 2000
    read_text_metadata(HOSTILE[number])
