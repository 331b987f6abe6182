"""Dates in every printed form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.extraction.dates import box_date, find_date, parse_date, sharper, url_date
from pipelines.items import iso

FORMS = [
    ("二〇二二年一月八日", "2022-01-08"),
    ("二○二二年十二月三十一日", "2022-12-31"),
    ("二零二二年一月二十日", "2022-01-20"),
    ("二00九年七月八日", "2009-07-08"),
    ("二О一二年六月二十日", "2012-06-20"),
    ("二〇二二年一月廿八日", "2022-01-28"),
    ("2022年1月8日", "2022-01-08"),
    ("2022 年 1 月 8 日", "2022-01-08"),
    ("２０２２年１月８日", "2022-01-08"),
    ("2022年01月08号", "2022-01-08"),
    ("2022-1-8 18:30", "2022-01-08T18:30+08:00"),
    ("2022-01-08 18:30:05", "2022-01-08T18:30:05+08:00"),
    ("2022-01-08 18:30:00.0", "2022-01-08T18:30+08:00"),
    ("2022/01/08", "2022-01-08"),
    ("2022.01.08", "2022-01-08"),
    ("[2022-01-08]", "2022-01-08"),
    ("（2022-01-08）", "2022-01-08"),
    ("2004年7月16日08:19", "2004-07-16T08:19+08:00"),
    ("2022-01-08 18时30分", "2022-01-08T18:30+08:00"),
    ("2022年1月8日（星期六）下午3:05", "2022-01-08T15:05+08:00"),
    ("2022-01-08 上午 09:30", "2022-01-08T09:30+08:00"),
    ("2016-07-12-10:07:00", "2016-07-12T10:07+08:00"),
    ("20220108", "2022-01-08"),
    ("20220108183005", "2022-01-08T18:30:05+08:00"),
    ("2022-01-08T18:30:00+08:00", "2022-01-08T18:30+08:00"),
    ("2022-01-08T10:30:00Z", "2022-01-08T18:30+08:00"),
    ("2021-11-19T08:41:00.000Z", "2021-11-19T16:41+08:00"),
    ("Sat, 08 Jan 2022 10:30:00 GMT", "2022-01-08T18:30+08:00"),
    ("Sat, 08 Jan 2022 18:30:00 +0800", "2022-01-08T18:30+08:00"),
    ("1641637800", "2022-01-08T18:30+08:00"),
    ("1641637800000", "2022-01-08T18:30+08:00"),
    ("8 January 2022", "2022-01-08"),
    ("8th of January 2022", "2022-01-08"),
    ("Jan 8, 2022", "2022-01-08"),
    ("Jan. 8, 2022", "2022-01-08"),
    ("January 8th, 2022 at 5:30 pm", "2022-01-08T17:30+08:00"),
    ("8 janvier 2022", "2022-01-08"),
    ("8. Januar 2022", "2022-01-08"),
    ("8 de enero de 2022", "2022-01-08"),
    ("令和4年1月8日", "2022-01-08"),
    ("中華民國111年1月8日", "2022-01-08"),
    ("2022년 1월 8일", "2022-01-08"),
    ("发布时间：2022-01-08", "2022-01-08"),
    ("2022-01-08 24:00", "2022-01-08"),
]


@pytest.mark.parametrize(("text", "expected"), FORMS)
def test_forms(text: str, expected: str) -> None:
    assert iso(parse_date(text)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "无",
        "2022年",
        "2022年1月",
        "2022-01",
        "12-31",
        "1-10月",
        "3.14.15",
        "11440100MB2C90856P/2023-00331",
        "000014349/2022-2223480",
        "13912345678",
    ],
)
def test_no_date(text: str) -> None:
    assert find_date(text) is None


@pytest.mark.parametrize(
    "text",
    ["2022-13-45", "2022年2月30日", "1900-01-01", "0001-01-01", "9999-12-31", "1970-01-01", "二〇二二年十三月一日"],
)
def test_impossible(text: str) -> None:
    found = find_date(text)
    assert found is not None
    assert found.impossible
    assert parse_date(text) is None


def test_numbers_by_country() -> None:
    assert iso(parse_date("01/08/2022", month_first=True)) == "2022-01-08"
    assert iso(parse_date("01/08/2022")) == "2022-08-01"
    assert iso(parse_date("25/12/2022", month_first=True)) == "2022-12-25"


def test_zone_of_the_source() -> None:
    assert iso(parse_date("8 January 2022 10:00", "Europe/London")) == "2022-01-08T10:00+00:00"
    assert iso(parse_date("8 July 2022 10:00", "Europe/London")) == "2022-07-08T10:00+01:00"
    assert iso(parse_date("2022-01-08 10:00", "No/Such_Zone")) == "2022-01-08T10:00+08:00"


def test_first_date_of_a_text() -> None:
    found = find_date("自2021年12月1日起至2022年1月8日止")
    assert found is not None
    assert iso(found.stamp) == "2021-12-01"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://a.gov.cn/tz/2022/0118/2233.html", "2022-01-18"),
        ("http://a.gov.cn/10462/zfwj/2022/1/9/0f1e.shtml", "2022-01-09"),
        ("http://a.gov.cn/zfgb/2012/3/1.htm", None),
        ("http://www.qinghe.gov.cn/gk/202201/t20220108_12345.html", "2022-01-08"),
        ("http://www.qinghe.gov.cn/art/2022/1/8/art_12_3456.html", "2022-01-08"),
        ("http://www.qinghe.gov.cn/zhengce/content/2022-01/08/content_1.htm", "2022-01-08"),
        ("http://www.qinghe.gov.cn/2022/01/08/1.html", "2022-01-08"),
        ("http://www.qinghe.gov.cn/content/post_20220108.html", None),
        ("http://www.qinghe.gov.cn/t20221345_1.html", None),
        ("http://www.qinghe.gov.cn/202201/content_1.html", None),
        (None, None),
    ],
)
def test_url_date(url: str | None, expected: str | None) -> None:
    assert iso(url_date(url)) == expected


def test_sharper_takes_the_time_of_the_same_day_only() -> None:
    day, moment, other = parse_date("2022-01-08"), parse_date("2022-01-08 18:30"), parse_date("2022-01-09 18:30")
    assert sharper(day, moment) == moment
    assert sharper(day, other) == day
    assert sharper(None, moment) is None


@given(st.text(max_size=200))
def test_any_text_is_read_without_an_error(text: str) -> None:
    parse_date(text)


@given(st.dates(min_value=__import__("datetime").date(1950, 1, 1), max_value=__import__("datetime").date(2090, 12, 31)))
def test_what_is_printed_is_read(day: object) -> None:
    for form in (
        "{0.year}年{0.month}月{0.day}日",
        "{0.year}-{0.month:02}-{0.day:02}",
        "{0.year}/{0.month}/{0.day}",
        "{0.day} {0:%B} {0.year}",
    ):
        text = form.format(day)
        if str(day) != "1970-01-01":
            assert str(parse_date(text)) == str(day)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\n\x1e18\x1f\x1e2022-01\x1f\x0b", "2022-01-18"),
        ("\n2022.01\x0b\n18日\x0b", "2022-01-18"),
        ("\n01-18\x0b\n2022\x0b", "2022-01-18"),
        ("\n2022年\x0b\n1月18日\x0b", "2022-01-18"),
        ("\n18\x0b\n2022-01\x0b \n19\x0b\n2022-01\x0b", None),  # a list of reports
        ("\n18 2022-01", None),  # on one line it is a number and a month
        ("\n32\x0b\n2022-01\x0b", None),
    ],
)
def test_day_in_a_box_over_its_month(text: str, expected: str | None) -> None:
    assert iso(box_date(text)) == expected
