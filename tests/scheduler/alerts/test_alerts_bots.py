"""Group bots: what is posted, how it is signed, and that Chinese keeps within the services' lengths."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from pipelines.errors import SubscriptionError
from scheduler.alerts import bots, channels
from scheduler.alerts.channels import open_channel
from scheduler.alerts.compose import digest_for, message_for
from scheduler.alerts.formatting import Alert
from scheduler.alerts.message import Message

NOW = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
URLS = {
    "dingtalk": "dingtalk://SEC000secret@abcdefabcdef/13800138000",
    "feishu": "feishu://SEC000secret@abc-def-1234",
    "lark": "lark://SEC000secret@abc-def-1234",
    "wecombot": "wecombot://693a91f6-7xxx",
}


def alert(title: str = "2021年工作总结[附表]") -> Alert:
    report = {"id": 7, "title": title, "url": "http://jgj.example.gov.cn/a/1.html"}
    event = {"id": "k", "type": "report.new", "at": "", "source": "gy", "report": report, "details": {}}
    return Alert(event, NOW, "某市公安局", {}, [{"name": "死亡人数", "value": 499, "unit": "人"}] * 3)


def post(scheme: str, message: Message, http_sink, loopback, monkeypatch) -> tuple[dict[str, list[str]], dict, int]:
    """What a bot's server gets, by the real plugin's reading of the URL."""
    sink = http_sink()
    sink.behave = lambda n: (200, '{"errcode":0,"code":0}')
    kind = type(channels.library().Apprise.instantiate(URLS[scheme]))
    monkeypatch.setattr(kind, "notify_url", f"http://127.0.0.1:{sink.port}/hook")
    open_channel(URLS[scheme], loopback).send(message)
    [got] = sink.received
    assert got.headers["Idempotency-Key"] == "k"
    return parse_qs(urlsplit(got.path).query), got.json, len(got.body)


def signature(key: str, text: str) -> str:
    return base64.b64encode(hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()).decode()


def test_dingtalk_is_signed_as_it_asks(http_sink, loopback, monkeypatch) -> None:
    query, body, _ = post("dingtalk", message_for(alert(), "zh"), http_sink, loopback, monkeypatch)
    stamp = query["timestamp"][0]
    assert query["sign"] == [signature("SEC000secret", f"{stamp}\nSEC000secret")]  # decoded once, as the server does
    assert body["markdown"]["title"] == "新报告：2021年工作总结[附表]"
    assert "**新报告：2021年工作总结［附表］**" in body["markdown"]["text"]
    assert "[打开页面](http://jgj.example.gov.cn/a/1.html)" in body["markdown"]["text"]
    assert body["at"]["atMobiles"] == ["13800138000"]
    assert "@13800138000" in body["markdown"]["text"]


@pytest.mark.parametrize("scheme", ["feishu", "lark"])
def test_feishu_and_lark_are_signed_in_the_body(scheme: str, http_sink, loopback, monkeypatch) -> None:
    _, body, _ = post(scheme, message_for(alert(), "zh"), http_sink, loopback, monkeypatch)
    assert body["sign"] == signature(f"{body['timestamp']}\nSEC000secret", "")
    post_ = body["content"]["post"]["zh_cn"]
    assert post_["title"] == "新报告：2021年工作总结[附表]"
    assert [{"tag": "a", "text": "打开页面", "href": "http://jgj.example.gov.cn/a/1.html"}] in post_["content"]


def test_wecom_gets_plain_text(http_sink, loopback, monkeypatch) -> None:
    _, body, _ = post("wecombot", message_for(alert(), "zh"), http_sink, loopback, monkeypatch)
    assert body["text"]["content"].startswith("新报告：2021年工作总结[附表]\n信源：某市公安局")


@pytest.mark.parametrize(("scheme", "most"), [("dingtalk", 20_000), ("feishu", 20_000), ("wecombot", 2048 + 60)])
def test_a_digest_of_hundreds_fits_into_one_request(scheme: str, most: int, http_sink, loopback, monkeypatch) -> None:
    digest = digest_for([alert('关于某某"引号"的通知' * 3)] * 400, "k", NOW, "zh")
    *_, body, size = post(scheme, digest, http_sink, loopback, monkeypatch)
    assert most / 3 < size <= most
    assert "另有" in json.dumps(body, ensure_ascii=False)


def test_unsigned_bots_carry_no_signature() -> None:
    message = message_for(alert(), "en")
    assert bots.dingtalk(message, "", 1.0).params == {}
    assert "sign" not in bots.feishu(message, "", 1.0).body


def test_a_token_that_looks_like_a_private_address_is_none() -> None:
    channels.validate("discord://2130706433/JHMHI8qBe7bk2ZwO5U711o3dV_js", [])


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("https://oapi.dingtalk.com/robot/send?access_token=abc123", "dingtalk://abc123"),
        ("https://open.feishu.cn/open-apis/bot/v2/hook/ab-12", "feishu://ab-12"),
        ("https://open.larksuite.com/open-apis/bot/v2/hook/ab-12", "lark://ab-12"),
        ("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=69-3a", "wecombot://69-3a"),
        ("https://sctapi.ftqq.com/SCT12.send", "schan://SCT12"),
        ("json://host/x", "json://host/x"),
        ("https://oapi.dingtalk.com.evil.org/x", "https://oapi.dingtalk.com.evil.org/x"),
    ],
)
def test_a_bots_address_as_its_service_shows_it_is_understood(given: str, meant: str) -> None:
    assert bots.channel_url(given) == meant


def test_a_plain_web_address_is_told_how_to_be_written() -> None:
    with pytest.raises(SubscriptionError, match="written jsons://host/path"):
        channels.validate("https://hooks.example.org/x", [])
