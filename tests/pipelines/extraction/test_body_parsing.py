"""Decoding and parsing: any charset and any markup, in bounded time."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.extraction.page import read_page
from pipelines.extraction.parsing import MAX_CHARACTERS, MAX_DEPTH, bounded, decode, is_binary, parse

TEXT = "关于印发《管理办法》的通知，各有关单位：请遵照执行，二〇一一年十一月二十九日。" * 5
SAMPLES = sorted((Path(__file__).parents[2] / "pages").glob("**/*.html"))
OLD = "關於印發管理辦法的通知，各有關單位請遵照執行，經濟發展與社會進步。" * 5


@pytest.mark.parametrize(
    ("encoding", "declared", "flags"),
    [
        ("utf-8", "text/html; charset=utf-8", []),
        ("utf-8", "text/html; charset=gb2312", ["encoding_repaired"]),
        ("utf-8", None, []),
        ("gb18030", "utf-8", ["encoding_repaired"]),
        ("gb18030", "gb2312", []),
        ("gb18030", None, []),
        ("gb18030", "iso-8859-1", ["encoding_repaired"]),
        ("utf-16", "utf-8", []),
        ("utf-8-sig", "gbk", []),
    ],
)
def test_declared_or_not(encoding: str, declared: str | None, flags: list[str]) -> None:
    read = decode(f"<html><body>{TEXT}</body></html>".encode(encoding), declared)
    assert TEXT in read.text
    assert not read.text.startswith("\ufeff")
    assert read.flags == flags


def test_the_page_declares_it_itself_in_either_order() -> None:
    page = f'<meta content="text/html; charset=utf-8" http-equiv="Content-Type">{TEXT}'
    assert decode(page.encode("gb18030")).flags == ["encoding_repaired"]
    assert decode(f"<meta charset=gbk>{TEXT}".encode("gb18030")).flags == []


@pytest.mark.parametrize("declared", ["big5", None, "utf-8"])
def test_big5(declared: str | None) -> None:
    assert OLD in decode(f"<html>{OLD}".encode("big5"), declared).text


def test_utf16_without_a_mark() -> None:
    assert TEXT in decode(f"<html><body>{TEXT}".encode("utf-16-le")).text


def test_western_quotes_of_windows() -> None:
    read = decode("The “Company” said it’s fine – naïve café. More text here.".encode("cp1252"))
    assert "“Company” said it’s fine – naïve café" in read.text


def test_lines_of_another_encoding() -> None:
    raw = TEXT.encode() + b"\n" + "页脚由旧系统生成，编码不同。".encode("gbk") + b"\n" + TEXT.encode()
    read = decode(raw, "utf-8")
    assert "页脚由旧系统生成，编码不同。" in read.text
    assert read.flags == ["encoding_repaired"]


def test_cut_and_broken_bytes() -> None:
    assert decode(TEXT.encode()[:-1]).text == TEXT[:-1]
    read = decode(TEXT.encode()[:60] + b"\xff\x00" + TEXT.encode()[60:])
    assert read.flags == ["invalid_bytes"]
    assert "\x00" not in read.text


@pytest.mark.parametrize("raw", [b"%PDF-1.4\n...", b"PK\x03\x04....", b"\x89PNG\r\n", bytes(range(256)) * 8])
def test_binary(raw: bytes) -> None:
    assert is_binary(raw)
    report = read_page(raw, url=None)
    assert (report.flags, report.body, report.title) == (["binary"], "", None)


def test_text_is_not_binary() -> None:
    assert not is_binary(TEXT.encode("utf-16"))
    assert not is_binary(TEXT.encode("gb18030"))


def test_reads_on_after_a_stray_end() -> None:
    assert "后文" in parse("<html><body>前文</body></html><div>后文</div>").body.text()


def test_attribute_bombs_are_cut() -> None:
    plain = " ".join(f"a{i}=1" for i in range(30_000))
    quoted = " ".join(f'a{i}=">"' for i in range(30_000))
    for attributes in (plain, quoted):
        markup = bounded(f"<div {attributes}><p>正文</p></div>")[0]
        assert len(markup) < 100
        assert "<p>正文</p>" in markup


def test_long_inline_data_passes() -> None:
    image = "data:image/png;base64," + "A" * 400_000
    tree = parse(f'<p><img src="{image}" width="300">正文</p>')
    assert tree.css_first("img").attributes["width"] == "300"
    assert tree.body.text() == "正文"


def test_deep_nesting_is_flattened() -> None:
    tree = parse("<div>" * 20_000 + "正文" + "</div>" * 20_000)
    node, depth = tree.css("div")[-1], 0
    while node is not None:
        node, depth = node.parent, depth + 1
    assert depth <= MAX_DEPTH + 4
    assert tree.body.text() == "正文"


def test_a_huge_page_is_cut_and_flagged() -> None:
    raw = ("<title>长页</title>" + "<p>" + "正文，" * (MAX_CHARACTERS // 3 + 1000)).encode()
    report = read_page(raw, url=None)
    assert "truncated" in report.flags
    assert report.body.startswith("正文，正文，")


def test_an_unclosed_comment_hides_nothing() -> None:
    assert "后文" in parse("<p>前文</p><!-- 未完 <p>后文</p>").body.text()
    assert "隐藏" not in parse("<p>前文</p><!-- 隐藏 --><p>后文</p>").body.text()


@pytest.mark.parametrize("raw", [b"", b" \n\t "])
def test_empty(raw: bytes) -> None:
    assert read_page(raw, url=None).flags == ["empty"]


def test_a_frameset_is_no_crash() -> None:
    assert "no_body" in read_page(b"<html><frameset cols=1><frame src=a.htm></frameset></html>", url=None).flags


WHOLE = "<html><body><div><div id=zoom><p>全年查处酒驾120起。</p><p>下一步，将继续加强路面管控。</p></div></div>"


@pytest.mark.parametrize(
    ("markup", "cut"),
    [
        (WHOLE + "</body></html>", False),
        (WHOLE, False),  # hand-made pages forget the end
        (WHOLE + "</html>" + "<script>x()</script>" * 200, False),
        (WHOLE[:80], True),
        (WHOLE + '<div class="foo', True),
        ("<p>全年查处酒驾120起。</p><div><div>一段", False),  # a fragment, no page
    ],
)
def test_page_that_stops_in_its_middle_is_flagged(markup: str, cut: bool) -> None:
    assert ("truncated" in read_page(markup.encode(), url=None).flags) is cut


@pytest.mark.parametrize("blank", ["\u3000", "\u200b", "&nbsp;", "<pre>\n\u200b"])
def test_an_open_element_of_blanks_at_the_end(blank: str) -> None:
    assert TEXT in read_page(f"<body><h1>关于办法的通知</h1><p>{TEXT}<p><b><i>{blank}".encode(), url=None).body


def test_tables_in_tables_many_deep() -> None:
    """Judged once each: asking each of all the tables in it, again and again, would take for ever."""
    row = "<table><tr><td>一</td><td>二</td></tr><tr><td>三</td><td>"
    for depth in (40, 400):
        assert TEXT in read_page(f"<body>{row * depth}<p>{TEXT}</p>".encode(), url=None).body


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_no_cut_or_doubled_page_is_a_crash(data: st.DataObject) -> None:
    """Pages that lost or doubled a piece anywhere: as broken templates and proxies send them."""
    names = data.draw(st.lists(st.sampled_from(SAMPLES), min_size=1, max_size=2))
    raw = b"".join(path.read_bytes() for path in names)
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(raw)))
        end = min(len(raw), start + data.draw(st.integers(1, 2000)))
        raw = raw[:start] + raw[start:end] * data.draw(st.sampled_from([0, 2, 9])) + raw[end:]
    read_page(raw, url="http://www.example.gov.cn/xxgk/202201/t20220108_1.html")
