"""Pages in two columns are read column by column; forms and running text are no columns."""

from __future__ import annotations

import pytest

from pipelines.documents.columns import Row, find_columns
from pipelines.documents.flow import Flow
from pipelines.documents.layout import DrawnPage, Glyph, read_pages
from pipelines.documents.model import Limits

WIDTH, SIZE = 600.0, 12.0


def glyphs(text: str, x: float, y: float) -> list[Glyph]:
    return [Glyph(c, x + i * SIZE, y, x + (i + 1) * SIZE, y + SIZE) for i, c in enumerate(text)]


def row(i: int, *pieces: tuple[float, float]) -> Row:
    return Row(100 + i * 20, 112 + i * 20, pieces)


def test_a_page_in_two_columns_is_read_down_each() -> None:
    page = DrawnPage(WIDTH, 800, glyphs("青溪县气象公报", 258, 60))
    for i in range(10):
        page.glyphs += glyphs(f"左栏第{i}行写降水量与气温各是多少", 60, 120 + i * 20)
        page.glyphs += glyphs(f"右栏第{i}行写风力与能见度怎么样呢", 320, 120 + i * 20)
    page.glyphs += glyphs("左栏末行。", 60, 320)
    flow = Flow(Limits())
    read_pages([page], flow)
    title, left, right = flow.finish("pdf").text.split("\n")
    assert title == "青溪县气象公报"
    assert (left[:5], left[-5:]) == ("左栏第0行", "左栏末行。")
    assert "右" not in left
    assert right.count("右栏") == 10


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([row(i, (60, 540)) for i in range(12)], "running text"),
        (
            [row(i, (60, 200 + 9 * (i % 7)), (320, 450 + 9 * (i % 8))) for i in range(12)],
            "a form's answers end anywhere",
        ),
        ([row(i, (60, 270), (320, 530)) for i in range(5)], "too few"),
        ([row(i, (60, 270), (320, 530)) if i != 6 else row(i, (60, 530)) for i in range(12)], "a line runs across"),
    ],
)
def test_no_columns(rows: list[Row], why: str) -> None:
    assert find_columns(rows, WIDTH) is None, why


def test_a_running_head_may_change_its_number_a_sentence_may_not_repeat() -> None:
    pages = []
    for i in range(1, 5):
        page = DrawnPage(WIDTH, 800, glyphs(f"青溪县统计公报 第{i}期", 60, 20))
        page.glyphs += glyphs(f"第{i}类企业增长{i}%，收入{i}亿元", 60, 60)
        page.glyphs += glyphs(f"其余各类情况{'好坏平缓'[i - 1]}，见后文。", 60, 300)
        pages.append(page)
    flow = Flow(Limits())
    read_pages(pages, flow)
    text = flow.finish("pdf").text
    assert "统计公报" not in text
    assert all(f"第{i}类企业" in text for i in range(1, 5))
