"""How figures, files and texts read: pure functions."""

from __future__ import annotations

import pytest

from scheduler.figures import as_stated
from scheduler.textdiff import inline, paragraphs, text_lines
from scheduler.web.body import body_html
from scheduler.web.charts import sparkline
from scheduler.web.words import change, file_kind, note


@pytest.mark.parametrize(
    ("value", "text", "unit", "modifier", "shown"),
    [
        (906000.0, "90.6万", "辆", "约", "约90.6万辆"),
        (906000.0, "90.6", "辆", None, "90.6万辆"),  # the factor stands in a table's head
        (29320000000.0, "293.2", "元", None, "293.2亿元"),
        (123456789.0, "12345.6789", "元", None, "123,456,789元"),
        (3.0, "3", "%", "以上", "3%以上"),
        (2000.0, "2000", "个", "以上", "2000个以上"),
        (40.0, "40", "次", "余", "40余次"),
        (3509.0, "3509", "起", "不少于", "不少于3509起"),
        (11.68, "11.68%", "%", None, "11.68%"),
        (1024.0, "1,024", "people", None, "1,024 people"),
        (2500000.0, "2.5", "people", None, "2,500,000 people"),
        (7.0, None, None, None, "7"),
        (0.0, "未发生", "起", None, "未发生"),
        (3.0, "三", "起", None, "三起"),
    ],
)
def test_a_figure_reads_as_people_write_it(value: float, text: str, unit: str, modifier: str, shown: str) -> None:
    assert as_stated({"value": value, "value_text": text, "unit": unit, "modifier": modifier}) == shown


def test_a_text_keeps_its_shape() -> None:
    body = "一、主要成效\n（一）事故下降。全年612起。\n指标\t数量\n死亡\t69\n\n某市公安局\n2022年1月8日"
    html = body_html(body, [{"start": 32, "end": 34, "value_text": "69", "name": "死亡"}], "某市公安局")
    assert "<p class=head>一、主要成效</p>" in html
    assert "<p>（一）事故下降。全年612起。</p>" in html
    assert "<tr><td>指标</td><td>数量</td></tr>" in html
    assert '<td class=num><mark id="n0" title="死亡">69</mark></td>' in html
    assert html.count("class=sign") == 2
    assert body_html(body, [{"start": 32, "end": 34, "value_text": "69", "attachment": "a.xls"}]).count("<mark") == 0


def test_changed_words_stand_out() -> None:
    assert text_lines([["-", "损失288.4万元"], ["+", "损失298.4万元"], ["-", "删去"], ["~", "x"]]) == [
        ("-", [("损失", False), ("288.4", True), ("万元", False)]),
        ("+", [("损失", False), ("298.4", True), ("万元", False)]),
        ("-", [("删去", False)]),
        ("~", [("x", False)]),
    ]


def test_a_paragraph_that_changed_a_little_is_read_once() -> None:
    small = [["-", "全年损失288.4万元，下降4.79%。"], ["+", "全年损失298.4万元，下降4.79%。"]]
    assert paragraphs(small) == [("~", [(" ", "全年损失"), ("-", "288.4"), ("+", "298.4"), (" ", "万元，下降4.79%。")])]
    other = [["-", "本年无事故。"], ["+", "另有三项工作正在推进之中"], ["+", "又一段"]]
    assert [sign for sign, _ in paragraphs(other)] == ["-", "+", "+"]
    assert inline("", "x") is None
    assert change({"field": "body", "old": "全年共499起事故", "new": "全年共500起事故"}) == (
        "Text",
        [(" ", "全年共"), ("-", "499"), ("+", "500"), (" ", "起事故")],
    )
    assert change({"field": "title", "old": None, "new": "甲"})[1] == [("+", "甲")]


def test_a_small_line_says_its_first_and_last_value() -> None:
    assert sparkline([("2020", 1.0), ("2021", 2.0)]) == ""
    drawn = sparkline([("2019", 176.0), ("<2020>", 176.0), ("2021", 149.0)])
    assert "2019: 176 → 2021: 149" in drawn
    assert sparkline([("<b>", 5.0)] * 3).count("<b>") == 0


@pytest.mark.parametrize(
    ("details", "said"),
    [
        ({"attachment": 8, "name": "2021年计划报告.pdf"}, "2021年计划报告.pdf"),
        ({"name": "死亡", "period": "2021", "old": 69.0, "new": 70.0, "unit": "人"}, "死亡 2021: 69 → 70人"),
        ({"failure": "dns", "error": "The host's name\nis not found"}, "The host's name is not found"),
        ({"backfill": True, "title": "总结"}, ""),
    ],
)
def test_what_an_event_is_about(details: dict[str, object], said: str) -> None:
    assert note(details) == said


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        ({"name": "附件1.DOCX", "media_type": None}, "docx"),
        ({"name": "附件", "media_type": "application/pdf"}, "pdf"),
        ({"name": "关于2.0版的说明", "media_type": "application/vnd.ms-excel"}, "ms-excel"),
        ({"name": None, "media_type": None}, ""),
    ],
)
def test_what_kind_of_file(file: dict[str, str | None], kind: str) -> None:
    assert file_kind(file) == kind
