"""Channels against real sinks: what is taken, refused, lied about, hung on, and what is never reached."""

from __future__ import annotations

import email
import email.policy
import time
from datetime import UTC, datetime
from typing import Any

import pytest
import requests

from pipelines.errors import DeliveryError, DeliveryRefusedError, DeliveryUncertainError, SubscriptionError
from scheduler.alerts import channels, transport
from scheduler.alerts.channels import open_channel, validate
from scheduler.alerts.compose import message_for
from scheduler.alerts.formatting import Alert

NOW = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
KEY = "0b0e6a2e-0000-4000-8000-000000000001"


def message(title: str = "2021年全市公安交管工作总结"):
    figure = {"name": "死亡人数", "value": 499, "value_text": "499", "unit": "人"}
    return message_for(
        Alert(
            {
                "id": KEY,
                "type": "report.new",
                "at": "2026-03-01T08:00+00:00",
                "source": "gy-jgj",
                "report": {"id": 7, "title": title, "url": "http://jgj.example.gov.cn/a/1.html"},
                "details": {"backfill": False, "places": [], "indicators": 1},
            },
            NOW,
            "贵阳市公安局交通管理局",
            {"published": "2022-01-08T18:30+08:00", "publisher": "贵阳市公安局"},
            [figure | {"comparison": {"direction": "down", "percent": 11.68, "base": "同比"}}],
        ),
        "zh",
    )


def test_a_webhook_gets_the_event_with_its_key(http_sink, loopback) -> None:
    sink = http_sink()
    url = f"json://user:pa%40ss@127.0.0.1:{sink.port}/in/box?+X-Team=statistics&-lang=zh&:room=7"
    assert open_channel(url, loopback).send(message()) == "ok"
    [got] = sink.received
    assert got.path == "/in/box?lang=zh"
    assert got.headers["Idempotency-Key"] == KEY
    assert got.headers["X-Team"] == "statistics"
    assert got.headers["Authorization"] == requests.auth._basic_auth_str("user", "pa@ss")
    assert got.json["event"]["id"] == KEY
    assert got.json["event"]["report"]["title"] == "2021年全市公安交管工作总结"
    assert got.json["room"] == "7"
    assert "死亡人数 499人 (同比↓11.68%)" in got.json["message"]


def test_a_url_cannot_replace_the_key_or_the_event(http_sink, loopback) -> None:
    sink = http_sink()
    open_channel(f"{sink.url}?+Idempotency-Key=forged&:event=forged", loopback).send(message())
    assert sink.received[0].headers["Idempotency-Key"] == KEY
    assert sink.received[0].json["event"]["id"] == KEY


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        ((500, "boom"), DeliveryError, "HTTP 500 boom"),
        ((404, ""), DeliveryRefusedError, "HTTP 404"),
        ((302, ""), DeliveryRefusedError, "moved"),
        ("reset", DeliveryUncertainError, "broke"),
    ],
)
def test_a_webhook_that_fails(http_sink, loopback, answer: Any, error: type[Exception], words: str) -> None:
    sink = http_sink()
    sink.behave = lambda n: answer
    with pytest.raises(error, match=words) as failure:
        open_channel(sink.url, loopback).send(message())
    assert type(failure.value) is error


def test_retry_after_is_passed_on(http_sink, loopback) -> None:
    sink = http_sink()
    sink.behave = lambda n: (429, "slow down")
    sink.headers["Retry-After"] = "120"
    with pytest.raises(DeliveryError) as failure:
        open_channel(sink.url, loopback).send(message())
    assert failure.value.retry_after == 120
    sink.headers["Retry-After"] = "Sun, 01 Mar 2026 08:10:00 GMT"
    with pytest.raises(DeliveryError) as failure:
        open_channel(sink.url, loopback).send(message())
    assert failure.value.retry_after == 600


@pytest.mark.parametrize("behaviour", ["hang", "drip"])
def test_a_sink_that_never_ends_is_cut_off(http_sink, loopback, behaviour: str, monkeypatch) -> None:
    monkeypatch.setattr(transport, "DEADLINE", 0.6)
    sink = http_sink()
    sink.behave = lambda n: behaviour
    began = time.monotonic()
    with pytest.raises(DeliveryUncertainError, match=r"0\.6 seconds"):
        open_channel(sink.url, loopback).send(message())
    assert time.monotonic() - began < 10


def test_no_one_listens(loopback) -> None:
    with pytest.raises(DeliveryError, match="cannot be reached") as failure:
        open_channel("json://127.0.0.1:9/x", loopback).send(message())
    assert not isinstance(failure.value, DeliveryUncertainError)


LIARS = {
    "dingtalk": (
        "dingtalk://abcdefabcdef",
        '{"errcode":310000,"errmsg":"keywords not in content"}',
        '{"errcode":0,"errmsg":"ok"}',
    ),
    "wecombot": (
        "wecombot://693a91f6-7xxx",
        '{"errcode":93000,"errmsg":"invalid webhook url"}',
        '{"errcode":0,"errmsg":"ok"}',
    ),
    "feishu": (
        "feishu://abc-def-1234",
        '{"code":19001,"msg":"param invalid"}',
        '{"StatusCode":0,"StatusMessage":"success"}',
    ),
    "lark": ("lark://abc-def-1234", '{"code":19024,"msg":"Key Words Not Found"}', '{"code":0,"msg":"success"}'),
    "schan": ("schan://SCT1234567890abcdef", '{"code":40001,"message":"bad pushkey"}', '{"code":0,"message":""}'),
    "pushdeer": ("pushdeer://{host}/PDU1234", '{"code":80501,"error":"token"}', '{"code":0,"content":{}}'),
}


@pytest.mark.parametrize("scheme", LIARS)
def test_a_200_with_an_error_code_is_no_success(http_sink, loopback, scheme: str, monkeypatch) -> None:
    """The services' real plugins, sent to a sink that answers as the services do."""
    url, lie, truth = LIARS[scheme]
    sink = http_sink()
    host = f"127.0.0.1:{sink.port}"
    plugin_class = type(channels.library().Apprise.instantiate(url.format(host=host)))
    monkeypatch.setattr(plugin_class, "notify_url", f"http://{host}/{{token}}".replace("{token}", "x"))
    sink.behave = lambda n: (200, lie)
    with pytest.raises(DeliveryRefusedError, match="refused"):
        open_channel(url.format(host=host), loopback).send(message())
    sink.behave = lambda n: (200, truth)
    open_channel(url.format(host=host), loopback).send(message())
    sink.behave = lambda n: (200, "<html>proxy login</html>")
    with pytest.raises(DeliveryError):
        open_channel(url.format(host=host), loopback).send(message())
    assert len(sink.received) == 3


def test_a_service_by_its_plugin(http_sink, loopback) -> None:
    sink = http_sink()
    sink.behave = lambda n: (200, '{"id":"x"}')
    url = f"ntfy://127.0.0.1:{sink.port}/topic"
    assert open_channel(url, loopback).send(message()) == "HTTP 200"
    assert sink.received[0].headers["Idempotency-Key"] == KEY
    sink.behave = lambda n: (429, "too many")
    sink.headers["Retry-After"] = "77"
    with pytest.raises(DeliveryError, match="429 too many") as failure:
        open_channel(url, loopback).send(message())
    assert failure.value.retry_after == 77


def test_private_addresses_are_refused_when_connecting(http_sink) -> None:
    sink = http_sink()
    for host in ("127.0.0.1", "localhost", "2130706433", "127.1", "[::ffff:127.0.0.1]"):
        with pytest.raises((DeliveryRefusedError, SubscriptionError, DeliveryError)):
            open_channel(f"json://{host}:{sink.port}/hook", []).send(message())
    assert sink.received == []


def test_private_addresses_are_refused_by_services_too(http_sink) -> None:
    sink = http_sink()
    with pytest.raises(DeliveryRefusedError, match="private address"):
        open_channel(f"ntfy://127.0.0.1:{sink.port}/topic", []).send(message())
    assert sink.received == []


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("nosuch://x", "unknown channel nosuch://"),
        ("jsn://x", "Did you mean json://"),
        ("hello", "no channel URL"),
        ("json://", "json://"),
        ("dingtalk://", "dingtalk"),
        ("mailto://user:secret@example.org?to=nobody", "mail"),
        ("json://127.0.0.1/x", "private address"),
        ("json://localhost/x", "private address"),
        ("mailto://127.0.0.1?from=a@b.org&to=c@d.org", "private address"),
        ("syslog://", "not supported"),
        ("json://example.org/\r\nX: y", "control characters"),
    ],
)
def test_channels_that_cannot_be_used_are_refused_at_once(url: str, words: str) -> None:
    with pytest.raises(SubscriptionError, match=words.replace("?", r"\?")) as failure:
        validate(url, [])
    assert "secret" not in str(failure.value)


def test_mail_has_a_stable_id_and_no_second_header(mail_sink, loopback) -> None:
    url = f"mailto://127.0.0.1:{mail_sink.port}?from=watch@example.org&to=a@example.org,b@example.org&bcc=c@example.org"
    evil = "总结\r\nBcc: victim@example.org\u2028<script>alert(1)</script>"
    channel = open_channel(url, loopback)
    channel.send(message(evil))
    channel.send(message(evil))
    first, second = (email.message_from_bytes(raw, policy=email.policy.default) for raw in mail_sink.mails)
    assert first["Message-ID"] == second["Message-ID"] == f"<{KEY}@example.org>"
    assert first["Bcc"] is None
    assert mail_sink.recipients[0] == ["a@example.org", "b@example.org", "c@example.org"]
    assert first["Subject"] == "新报告：总结 Bcc: victim@example.org <script>alert(1)</script>"
    html = first.get_body(("html",)).get_content()
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
    assert 'href="http://jgj.example.gov.cn/a/1.html"' in html


def test_mail_that_the_server_refuses(mail_sink, loopback) -> None:
    url = f"mailto://127.0.0.1:{mail_sink.port}?from=watch@example.org&to=a@example.org"
    mail_sink.answer = "550 no such user"
    with pytest.raises(DeliveryRefusedError, match="550 no such user"):
        open_channel(url, loopback).send(message())
    mail_sink.answer = "451 try later"
    with pytest.raises(DeliveryError, match="451") as failure:
        open_channel(url, loopback).send(message())
    assert not isinstance(failure.value, DeliveryRefusedError)


def test_requests_is_as_ever_outside_of_an_exchange(http_sink) -> None:
    sink = http_sink()
    assert requests.post(f"http://127.0.0.1:{sink.port}/x", timeout=5).status_code == 200


def test_every_limit_is_of_a_known_scheme() -> None:
    assert set(channels.LIMITS) <= set(channels.known_schemes())
