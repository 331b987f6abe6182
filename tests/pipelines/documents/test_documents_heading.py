"""Titles of documents: below letterhead, number and order, broken lines joined, never a sentence or an addressee."""

from __future__ import annotations

import pytest

from pipelines.documents.heading import find_title


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (
            "东 江 市 人 民 政 府 文 件\n东府〔2023〕12号\n关于印发《东江市电动自行车\n管理办法》的通知\n"
            "各县（区）人民政府：\n现印发给你们。",
            "关于印发《东江市电动自行车管理办法》的通知",
        ),
        ("附件2\n2022年交通事故情况统计表\n单位：起\n地区\t起数", "2022年交通事故情况统计表"),
        (
            "东江市人民政府令\n第12号\n《东江市停车条例》已经通过，现予公布。\n市 长\n"
            "2023年1月5日\n东江市停车条例\n第一章 总则",
            "东江市停车条例",
        ),
        (
            "东江市公安局交通警察支队\n2023年工作总结\n一年来，全队干警努力工作。",
            "东江市公安局交通警察支队2023年工作总结",
        ),
        ("Annual Road Safety Report 2022\nThe number of deaths fell.", "Annual Road Safety Report 2022"),
        ("各县局：\n现将有关事项通知如下。\n一、提高认识，加强领导，落实责任。", None),
        ("2023年1月5日\n—1—", None),
        ("", None),
    ],
)
def test_title(text: str, title: str | None) -> None:
    assert find_title(text) == title
