"""What alerts say: within each channel's length, escaped, in both languages; and when they may be sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from pipelines.errors import DeliveryError, DeliveryRefusedError, SubscriptionError
from pipelines.subscriptions import EVENT_TYPES
from scheduler.alerts import rules
from scheduler.alerts.answers import judge, reason
from scheduler.alerts.channels import LIMITS
from scheduler.alerts.compose import digest_for, message_for
from scheduler.alerts.formatting import Alert, excerpts, figure, key_figures, one_line, web_link
from scheduler.alerts.masking import mask, without_secrets
from scheduler.alerts.message import Limits
from scheduler.alerts.setting import render
from scheduler.alerts.transport import Answer
from scheduler.alerts.words import CHINESE, ENGLISH

NOW = datetime(2026, 3, 1, 4, 0, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")
EVIL = "总结*_[x](http://evil)`<script>alert(1)</script>\r\nBcc: a@b\x1b[31m\u202e"


def alert(kind: str = "report.new", title: str = "年度工作总结", **details: object) -> Alert:
    report = {"id": 1, "title": title, "url": "http://jgj.example.gov.cn/a(1).html"}
    event = {
        "id": "e-1",
        "type": kind,
        "at": "2026-03-01T04:00+00:00",
        "source": "gy",
        "report": report,
        "details": details,
    }
    figures = [{"name": f"指标{n}", "value": n, "value_text": str(n), "unit": "起"} for n in range(40)]
    return Alert(event, NOW, "贵阳市公安局", {"published": "2022-01-08T18:30+08:00"}, figures, 3)


@pytest.mark.parametrize("scheme", LIMITS)
@pytest.mark.parametrize("title", ["短", "长" * 3000, EVIL * 100])
def test_no_message_is_longer_than_its_channel_takes(scheme: str, title: str) -> None:
    limits = LIMITS[scheme]
    changes = [{"field": "body", "old": "旧" * 4000, "new": "新" * 4000}] * 30
    for one in (
        message_for(alert(title=title), "zh"),
        message_for(alert("report.revised", title, changes=changes), "en"),
        digest_for([alert(title=title)] * 300, "k", NOW, "zh"),
    ):
        text = render(one, limits)
        assert 0 < limits.measure(text) <= limits.length
        assert "\r" not in text


def test_a_restated_figure_is_told_with_both_quotes() -> None:
    details = {"name": "死亡人数", "period": "2021", "old": 499.0, "new": 501.0, "unit": "人",
               "old_quote": "死亡499人", "new_quote": "2021年死亡501人", "backfill": False}  # fmt: skip
    text = render(message_for(alert("indicator.restated", **details), "zh"), Limits())
    assert "死亡人数 2021: 499 → 501人" in text
    assert "此前：死亡499人" in text
    assert "现在：2021年死亡501人" in text


def test_the_link_outlives_the_details() -> None:
    text = render(message_for(alert(), "zh"), Limits("text", 120))
    assert "http://jgj.example.gov.cn/a(1).html" in text
    assert "指标5" not in text


DETAILS = {
    "report.withdrawn": ({"since": "2026-03-01T04:00:00+00:00", "checks": 3, "reason": "http-4xx"}, "确认次数：3"),
    "report.tampered": ({"flags": ["title_spam"], "title_raw": "彩票网"}, "标题夹带无关词语"),
    "attachment.changed": ({"name": "表.xlsx", "old": {"size": 1024}, "new": {"size": 2048}}, "1.0 KB → 2.0 KB"),
    "indicator.threshold": ({"threshold": ">400", "indicator": {"name": "死亡", "value": 499, "unit": "人"},
                             "period": "2021"}, "死亡 499人 (2021)"),
    "source.failing": ({"failure": "http-5xx", "error": "HTTP 503", "since": "2026-03-01T04:00:00+00:00", "checks": 2},
                       "起始：2026-03-01 12:00"),
    "source.recovered": ({"failure": "dns", "since": "2026-03-01T04:00:00+00:00", "checks": 4}, "故障起始"),
    "source.silent": ({"newest": "2026-01-01", "days": 59, "allowed": 14, "by": "regulator"}, "14 天 (按监管要求)"),
    "source.changed": ({"column": "http://x.org/", "platform": {"old": "trs", "new": "hanweb"}}, "trs → hanweb"),
}  # fmt: skip


@pytest.mark.parametrize("kind", DETAILS)
def test_each_event_says_why_in_the_readers_words_and_time(kind: str) -> None:
    details, said = DETAILS[kind]
    text = render(message_for(alert(kind, **details), "zh", SHANGHAI), Limits())
    assert said in text
    own = [line.split("：")[0] for line in text.splitlines() if "：" in line]
    assert not [label for label in own if label.isascii()], "each label is Chinese"
    assert "发现于 2026-03-01 12:00" in text


def test_a_failing_source_names_a_cure() -> None:
    text = render(message_for(alert("source.failing", failure="dns"), "en"), Limits())
    assert "What to do: Check the spelling" in text


def test_figures_shown_are_one_of_a_name_and_compared_ones_first() -> None:
    plain = {"name": "出动警力", "value": 5, "value_text": "5", "unit": "人次"}
    total = {"name": "增加值", "value": 3.0, "value_text": "3", "unit": "亿元"}
    up = {"base": "同比", "direction": "up", "percent": 5.5}
    growth = {"name": "增加值", "value": 5.5, "value_text": "5.5%", "unit": "%", "comparison": up}
    gap = {"name": "合格率", "value": 99.0, "value_text": "99%", "unit": "%",
           "comparison": {"base": "上月", "direction": "down", "amount": 0.4, "unit": "个百分点"}}  # fmt: skip
    shown = [figure(i) for i in key_figures([plain, total, growth, gap, plain], 2)]
    assert shown == ["增加值 同比↑5.5%", "合格率 99% (上月↓0.4个百分点)"]


def test_a_report_without_figures_shows_how_it_begins() -> None:
    one = replace(alert(), indicators=(), report={"body": "各科室：\n现将有关事项通知如下。" + "字" * 500})
    text = render(message_for(one, "zh"), Limits())
    assert "· 各科室： 现将有关事项通知如下。" in text
    assert len(text) < 400


def test_a_cut_digest_keeps_no_empty_part_and_says_what_is_left() -> None:
    many = [replace(alert(title=f"第{n}号"), source_name=f"{n // 10}局") for n in range(100)]
    text = render(digest_for(many, "k", NOW, "zh"), Limits("text", 1500))
    assert "……另有" in text
    assert "9局" not in text
    assert text.splitlines()[-1].startswith("— bureauwatch")


@pytest.mark.parametrize("kind", EVENT_TYPES)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_event_has_words(kind: str, language: str) -> None:
    words = (CHINESE if language == "zh" else ENGLISH)[kind]
    assert words in render(message_for(alert(kind), language), Limits())
    assert ENGLISH.keys() == CHINESE.keys()


def test_html_and_markdown_are_inert() -> None:
    html = render(message_for(alert(title=EVIL), "en"), Limits("html", 4000))
    assert "<script" not in html
    assert html.count("<a ") == 1
    markdown = render(message_for(alert(title=EVIL), "en"), Limits("markdown", 4000))
    assert "[x](http://evil)" not in markdown
    assert "\\[x\\]" in markdown
    assert "a%281%29.html" in markdown
    for text in (html, markdown):
        assert "\x1b" not in text
        assert "\u202e" not in text


def test_one_line_keeps_out_line_ends_and_escape_codes() -> None:
    assert one_line("a\r\nb\x00c\u2028d") == "a b c d"
    assert len(one_line("x" * 999, 50)) == 50


@pytest.mark.parametrize("url", ["javascript:alert(1)", "http://a b", "data:x", "", None, 'http://a"><script>'])
def test_only_web_links_are_links(url: str | None) -> None:
    assert web_link(url) == ""


def test_long_changes_show_where_they_differ() -> None:
    old = "全" * 300 + "损失288.4万元" + "尾" * 300
    new = old.replace("288.4", "298.4")
    before, after = excerpts(old, new)
    assert "288.4万元" in before
    assert "298.4万元" in after
    assert len(before) < 80
    assert excerpts("a", "b") == ("a", "b")
    for a, b in (("x" * 100, ""), ("x" * 100, "x" * 101), ("x" * 100, "x" * 100)):
        assert all(len(part) < 240 for part in excerpts(a, b))


@pytest.mark.parametrize(
    ("scheme", "status", "body", "error"),
    [
        ("json", 200, '{"errcode":310000,"errmsg":"sign not match"}', DeliveryError),
        ("json", 200, '{"success":false}', DeliveryError),
        ("json", 200, '{"code":200,"errcode":0,"ok":true}', None),
        ("json", 200, '{"code":500}', None),
        ("json", 200, "accepted", None),
        ("dingtalk", 200, '{"errcode":0}', None),
        ("dingtalk", 200, '{"errcode":"0"}', None),
        ("dingtalk", 200, '{"errcode":130101,"errmsg":"send too fast"}', DeliveryError),
        ("dingtalk", 200, '{"errcode":310000,"errmsg":"sign not match"}', DeliveryRefusedError),
        ("wecombot", 200, "", DeliveryError),
        ("feishu", 200, '{"code":0,"msg":"success"}', None),
        ("feishu", 200, '{"StatusCode":0}', None),
        ("feishu", 200, '{"code":9499,"msg":"too many request"}', DeliveryError),
        ("lark", 200, "[]", DeliveryError),
        ("schan", 200, '{"code":40001}', DeliveryRefusedError),
        ("tgram", 200, '{"ok":false,"description":"chat not found"}', DeliveryRefusedError),
        ("json", 200, "anything", None),
        ("json", 204, "", None),
        ("json", 401, "", DeliveryRefusedError),
        ("json", 429, "", DeliveryError),
        ("json", 503, "", DeliveryError),
    ],
)
def test_answers_are_judged_by_their_bodies(scheme: str, status: int, body: str, error: type[Exception] | None) -> None:
    answer = Answer(status, body, {}, "host")
    if error is None:
        judge(scheme, answer, NOW)
        return
    with pytest.raises(error) as failure:
        judge(scheme, answer, NOW)
    assert type(failure.value) is error


def test_an_answer_is_said_in_one_short_line() -> None:
    assert reason('{"errcode":1,"errmsg":"bad\\r\\nthing"}') == "bad thing"
    assert len(reason("x" * 5000)) <= 160
    assert reason("[" * 100_000)  # no crash by depth


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("dingtalk://abcdef0123456789", "dingtalk://ab***89"),
        ("wecombot://short", "wecombot://***"),
        ("json://user:pw@host:8080/in/s3cr3tT0ken", "json://***@host:8080/in/***"),
        ("json://host/alerts?+Authorization=Bearer+x", "json://host/alerts?***"),
        ("mailto://me:pw@smtp.example.org?to=a@b.org", "mailto://***@smtp.example.org?to=a@b.org"),
        ("json://[::1]:80/x", "json://[::1]:80/x"),
    ],
)
def test_masks(url: str, shown: str) -> None:
    assert mask(url) == shown


def test_secrets_are_taken_out_of_messages() -> None:
    url = "json://user:passw0rd@host/abcdef123456"
    assert without_secrets("403 for abcdef123456 with passw0rd at host", url) == "403 for *** with *** at host"


@pytest.mark.parametrize(
    ("text", "after", "expected"),
    [
        ("daily@08:30", "2026-03-01T00:30+00:00", "2026-03-01T00:30+00:00"),
        ("daily@08:30", "2026-03-01T00:30:01+00:00", "2026-03-02T00:30+00:00"),
        ("weekly mon@08:30", "2026-03-01T04:00+00:00", "2026-03-02T00:30+00:00"),
        ("weekly@mon@08:30", "2026-03-01T04:00+00:00", "2026-03-02T00:30+00:00"),
        ("sun@23:00", "2026-03-01T16:00+00:00", "2026-03-08T15:00+00:00"),
        ("daily@8:05", "2026-03-01T04:00+00:00", "2026-03-02T00:05+00:00"),
    ],
)
def test_digest_times(text: str, after: str, expected: str) -> None:
    found = rules.next_digest(rules.parse_digest(text), datetime.fromisoformat(after), SHANGHAI)
    assert found == datetime.fromisoformat(expected)


def test_digest_over_a_summer_time_change() -> None:
    digest = rules.parse_digest("daily@02:30")  # there is no 02:30 in New York on 8 March 2026
    found = rules.next_digest(digest, datetime(2026, 3, 8, 5, 0, tzinfo=UTC), ZoneInfo("America/New_York"))
    assert found == datetime(2026, 3, 8, 7, 30, tzinfo=UTC)
    again = rules.next_digest(digest, found + timedelta(seconds=1), ZoneInfo("America/New_York"))
    assert again == datetime(2026, 3, 9, 6, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-03-01T22:00+08:00", "2026-03-02T07:00+08:00"),
        ("2026-03-02T06:59+08:00", "2026-03-02T07:00+08:00"),
        ("2026-03-02T07:00+08:00", None),
        ("2026-03-01T21:59+08:00", None),
    ],
)
def test_quiet_hours(now: str, until: str | None) -> None:
    found = rules.quiet_until(rules.parse_quiet("22:00-07:00"), datetime.fromisoformat(now), SHANGHAI)
    assert found == (datetime.fromisoformat(until) if until else None)


@pytest.mark.parametrize("text", ["hourly", "daily@25:00", "daily", "weekly@08:30", "", "daily@08:30; rm"])
def test_wrong_digests(text: str) -> None:
    with pytest.raises(SubscriptionError, match="daily@08:30"):
        rules.parse_digest(text)


@pytest.mark.parametrize("text", ["22-7", "22:00-22:00", "24:00-07:00", "", "22:00"])
def test_wrong_quiet_hours(text: str) -> None:
    with pytest.raises(SubscriptionError):
        rules.parse_quiet(text)


def test_back_off_grows_has_jitter_and_heeds_the_channel() -> None:
    waits = [rules.retry_at("k", n, NOW) - NOW for n in range(1, 20)]
    assert timedelta(seconds=45) < waits[0] < timedelta(seconds=75)
    assert max(waits) <= rules.LONGEST_WAIT * 1.2
    assert rules.retry_at("k", 3, NOW) == rules.retry_at("k", 3, NOW)
    assert len({rules.retry_at(f"k{n}", 3, NOW) for n in range(20)}) > 15
    assert rules.retry_at("k", 1, NOW, 90) == NOW + timedelta(seconds=90)
    assert rules.retry_at("k", 5, NOW, 1) == rules.retry_at("k", 5, NOW), "not asked to death"
    assert rules.retry_at("k", 1, NOW, 1e12) == NOW + rules.LONGEST_RETRY_AFTER
