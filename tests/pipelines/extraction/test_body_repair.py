"""Elements that are never closed swallow a page by the standard; its body is found all the same."""

from __future__ import annotations

import pytest

from pipelines.extraction.page import read_page
from pipelines.extraction.repair import mend

LINES = [
    f"{month}月，全市检查企业{month * 31}家，发现隐患{month * 7}处，已全部督促整改到位，未发生较大以上事故。"
    for month in range(1, 9)
]
BODY = "<h1>关于安全检查情况的通报</h1><div>" + "".join(f"<p>{line}</p>" for line in LINES) + "</div>"
HEAD = "<html><head><meta charset='utf-8'>"


@pytest.mark.parametrize(
    "markup",
    [
        f"{HEAD}<title>通报<body>{BODY}</body></html>",
        f"{HEAD}<title>通报</title></head><body><textarea>{BODY}</body></html>",
        f"{HEAD}<title>通报</title><style>.a{{color:red}}</head><body>{BODY}</body></html>",
        f"{HEAD}<title>通报</title><script>var a = 1;</head><body>{BODY}</body></html>",
        f'{HEAD}<title>通报</title></head><body><div class="a>{BODY}</div></body></html>',
        f"{HEAD}<title>通报</title></head><body><select><option>全部{BODY}</body></html>",
        f"{HEAD}<title>通报</title></head><body><iframe src='x'>{BODY}</body></html>",
        f"{HEAD}<title>通报</title></head><frameset><frame src='x'><noframes>{BODY}</noframes></frameset></html>",
        f"{HEAD}<title>通报</title></head><body><xmp>{BODY}</body></html>",
        f"{HEAD}<title>通报</title></head><body><!-- {BODY}</body></html>",
    ],
)
def test_swallowed_body_is_found(markup: str) -> None:
    report = read_page(markup.encode(), url="http://yjj.example.gov.cn/tb/1.html")
    assert "no_body" not in report.flags
    assert all(line in report.body for line in LINES)
    assert report.title in ("关于安全检查情况的通报", "通报")


def test_whole_markup_is_left_alone() -> None:
    assert mend(f"{HEAD}<title>通报</title></head><body>{BODY}</body></html>") is None
    assert mend("<p>" * 300_000) is None


def test_hostile_markup_is_mended_in_bounded_steps() -> None:
    for piece in ("<title>", "<script>", '<a b="', "<iframe><p>", "<select><p>"):
        mend(piece * 2_000)
