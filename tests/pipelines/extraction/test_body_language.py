"""Languages, and pages that were saved as text."""

from __future__ import annotations

import pytest

from pipelines.extraction.language import detect
from pipelines.extraction.plaintext import read_text


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("各县（市、区）人民政府，市政府各部门、各直属机构：现将通知印发给你们。", "zh"),
        ("行政院今日召開院會，通過住宅法部分條文修正草案，將函請立法院審議。", "zh-Hant"),
        ("The department announced that the grants will fund the repair of bridges.", "en"),
        (
            "Le ministre a annoncé que les travaux de la route seront terminés dans les délais.",
            "fr",
        ),
        ("Die Behörde hat mit dem Bau der Brücke begonnen und wird im nächsten Jahr fertig sein.", "de"),
        (
            "El ministerio anunció que las obras de la carretera se terminarán en el plazo.",
            "es",
        ),
        ("政府は新しい政策を発表しました。これにより、国民の生活が改善されます。", "ja"),
        ("정부는 오늘 새로운 정책을 발표했다. 이번 조치로 국민의 생활이 나아질 것이다.", "ko"),
        ("Правительство объявило о новой программе, которая начнёт работу в этом году.", "ru"),
        ("GDP增长5.6%，CPI上涨0.2%，PMI为50.8，均好于预期。", "zh"),
        ("", None),
        ("12345 67890", None),
    ],
)
def test_detect(text: str, tag: str | None) -> None:
    assert detect(text) == tag


def test_text_is_kept_so_that_offsets_hold() -> None:
    head = "发布时间: 2022-01-08 18:30\r\n发布机构: 云岭市公安局\r\n\r\n2021年工作总结\r\n\r\n"
    text = head + "全年接警499起，下降8.6%。\r\n\r\n云岭市公安局\r\n\r\n2022年1月8日\r\n\r\n网站地图"
    report = read_text(text, file="a.txt")
    assert report.body == text.replace("\r\n", "\n")
    assert report.body.index("499") == text.replace("\r\n", "\n").index("499")
    assert (report.file, report.language, report.publisher) == ("a.txt", "zh", "云岭市公安局")
    assert str(report.published)[:10] == "2022-01-08"


def test_empty_text() -> None:
    assert read_text(" \n").flags == ["empty"]
