"""Borders for figures: written in several ways, crossed by the right records alone."""

from __future__ import annotations

from typing import Any

import pytest

from pipelines.errors import SubscriptionError
from pipelines.indicators.thresholds import Threshold, parse_threshold
from pipelines.subscriptions import Happening, Wish, check_wish, crossings

DEATHS: dict[str, Any] = {
    "name": "死亡人数",
    "value": 44,
    "unit": "人",
    "kind": "count",
    "comparison": {"direction": "up", "percent": 18.92, "amount": 7, "unit": "人", "base_value": 37},
}
FALL: dict[str, Any] = {**DEATHS, "value": 30, "comparison": {"direction": "down", "percent": 18.92}}
ALONE: dict[str, Any] = {"value": 12, "unit": "%", "kind": "change", "comparison": {"direction": "up"}}
DERIVED: dict[str, Any] = {"value": 44, "unit": "人", "comparison": {"direction": "up", "base_value": 37}}


@pytest.mark.parametrize(
    ("rule", "record", "crossed"),
    [
        (">40", DEATHS, True),
        (">=44人", DEATHS, True),
        (">40起", DEATHS, False),
        ("≥ 4.4万", DEATHS, False),
        ("up > 10 %", DEATHS, True),
        ("up > 10 %", FALL, False),
        ("down>10%", FALL, True),
        ("上升＞20％", DEATHS, False),
        ("change>10%", DEATHS, True),
        ("change<-10%", FALL, True),
        ("up >= 7人", DEATHS, True),
        ("up > 7人", DEATHS, False),
        ("up>10%", ALONE, True),
        ("up>18%", DERIVED, True),
        ("up>10%", {"value": 5, "unit": "人"}, False),
        ("<5%", {"value": 3.2, "unit": "%"}, True),
        ("<5", {"value": None}, False),
    ],
)
def test_crossing(rule: str, record: dict[str, Any], crossed: bool) -> None:
    assert parse_threshold(rule).crossed(record) is crossed


def test_the_rule_may_name_the_indicator() -> None:
    assert parse_threshold("死亡人数 up > 10 %") == Threshold(">", 10, None, True, "up", "死亡人数")
    check_wish(threshold="死亡人数 up > 10 %")
    happening = Happening("report.new", frozenset({"a"}), indicators=[DEATHS, {**DEATHS, "name": "受伤人数"}])
    found = list(crossings(Wish(1, threshold="死亡人数 up > 10 %"), happening, {}))
    assert [i["name"] for i in found] == ["死亡人数"]


@pytest.mark.parametrize(
    ("rule", "same"),
    [
        ("死亡人数同比上升超过10%", "死亡人数 up > 10 %"),
        ("死亡人数 上升 大于 10%", "死亡人数 up > 10 %"),
        ("死亡人数 不低于 5 人", "死亡人数 >= 5人"),
        ("完成率低于60％", "完成率 < 60%"),
        ("变化不超过1,000起", "change <= 1000起"),
        ("事故 至多 ５０起", "事故 <= 50起"),
    ],
)
def test_comparisons_in_words(rule: str, same: str) -> None:
    assert parse_threshold(rule) == parse_threshold(same)


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ("死亡人数 up 10%", "a comparison is missing"),
        ("死亡人数 > 10 > 5", "two comparisons"),
        ("up >", "a number is missing after >"),
        ("死" * 500 + ">5", "too long"),
        ("a > 1e5 and more", "no number"),
        ("死亡人数 up > -5 %", "no sign"),
    ],
)
def test_errors_say_what_is_wrong(rule: str, reason: str) -> None:
    with pytest.raises(SubscriptionError, match=reason):
        parse_threshold(rule)


def test_errors_speak_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BUREAUWATCH_LANGUAGE", "zh")
    with pytest.raises(SubscriptionError, match="缺少比较符") as caught:
        parse_threshold("死亡人数 up 10%")
    assert "请写成" in str(caught.value)


def test_changes_and_ranks_are_no_values() -> None:
    assert not parse_threshold(">10").crossed(ALONE)
    assert not parse_threshold("<5").crossed({"value": 3, "kind": "rank"})


@pytest.mark.parametrize("rule", ["", "many", "up", "> ten", ">5 <6", ">" * 500, "死" * 500 + ">5"])
def test_what_is_no_rule_is_refused(rule: str) -> None:
    with pytest.raises(SubscriptionError, match="cannot be understood"):
        parse_threshold(rule)


def test_a_border_without_a_name_needs_one_and_a_wrong_one_is_refused() -> None:
    with pytest.raises(SubscriptionError):
        check_wish(threshold=">5")
    with pytest.raises(SubscriptionError):
        check_wish(indicator="死亡", threshold="many")
