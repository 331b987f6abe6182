"""Group bots of DingTalk, Feishu, Lark and WeCom: Apprise reads the URL, the message and its signature are our own.

Apprise 2.3 encodes DingTalk's signature twice (each signed message is refused), signs nothing for Feishu and Lark, and
writes Chinese as `\\uXXXX`, six bytes a character against limits that count the request's bytes.
Sources: the bots' own documentation (signatures, 20 000 bytes a request of DingTalk and Feishu, 2048 bytes of WeCom's
text, 20 messages a minute of DingTalk and WeCom). WeCom gets plain text: WeChat shows none of its Markdown.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import requests

from pipelines.errors import BureauwatchError
from pipelines.net import Network
from scheduler.alerts.answers import judge
from scheduler.alerts.message import Limits, Line, Message
from scheduler.alerts.setting import fitted, render
from scheduler.alerts.transport import exchange
from scheduler.alerts.webhook import failure_of

REQUEST = 19_500
"""Bytes of a request that DingTalk, Feishu and Lark take, with room to spare."""
PAUSE = {"dingtalk": 3.2, "wecombot": 3.2, "feishu": 0.7, "lark": 0.7}
"""Seconds between messages to one bot, after the services' limits a minute."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is posted to a bot."""

    body: dict[str, Any]
    params: dict[str, str] = field(default_factory=dict)

    @property
    def raw(self) -> bytes:
        """The body as it is sent."""
        return json.dumps(self.body, ensure_ascii=False).encode("utf-8", "replace")


def dingtalk(message: Message, secret: str, at: float, phones: Sequence[str] = ()) -> Request:
    """A Markdown message; the signature goes into the address."""
    text = render(message, Limits("simple", REQUEST - 1500, _as_json))
    if phones:  # who is to be called must stand in the text, too
        text += "\n\n" + " ".join(f"@{phone}" for phone in phones)
    body: dict[str, Any] = {"msgtype": "markdown", "markdown": {"title": message.subject, "text": text}}
    if phones:
        body["at"] = {"atMobiles": list(phones), "isAtAll": False}
    if not secret:
        return Request(body)
    stamp = str(round(at * 1000))
    return Request(body, {"timestamp": stamp, "sign": _sign(secret, f"{stamp}\n{secret}")})


def feishu(message: Message, secret: str, at: float, _phones: Sequence[str] = ()) -> Request:
    """A rich text with links; the signature goes into the body."""
    stamp = str(round(at))
    signed = {"timestamp": stamp, "sign": _sign(f"{stamp}\n{secret}", "")} if secret else {}

    def request(lines: Sequence[Line]) -> Request:
        shown = [_feishu_line(line) for line in lines if line.kind != "heading"] or [[_said(message.subject)]]
        post = {"zh_cn": {"title": message.subject, "content": shown}}
        return Request({"msg_type": "post", "content": {"post": post}, **signed})

    return request(fitted(message, lambda lines: len(request(lines).raw) <= REQUEST))


def _feishu_line(line: Line) -> list[dict[str, str]]:
    bullet = "· " if line.kind == "detail" else ""
    if not line.url:
        return [_said(bullet + line.label + line.text)]
    link = {"tag": "a", "text": line.text, "href": line.url}
    return [_said(bullet + line.label), link] if bullet + line.label else [link]


def _said(text: str) -> dict[str, str]:
    return {"tag": "text", "text": text}


def wecom(message: Message, _secret: str, _at: float, _phones: Sequence[str] = ()) -> Request:
    """Plain text."""
    text = render(message, Limits("text", 2048, lambda shown: len(shown.encode("utf-8", "replace"))))
    return Request({"msgtype": "text", "text": {"content": text}})


def _sign(key: str, text: str) -> str:
    return base64.b64encode(hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()).decode()


def _as_json(text: str) -> int:
    return len(json.dumps(text, ensure_ascii=False).encode("utf-8", "replace"))


NATIVE = [
    (re.compile(rf"https://{address}$", re.I), scheme)
    for address, scheme in (
        (r"oapi\.dingtalk\.com/robot/send\?access_token=(\w+)", "dingtalk"),
        (r"open\.feishu\.cn/open-apis/bot/v2/hook/([\w-]+)/?", "feishu"),
        (r"open\.larksuite\.com/open-apis/bot/v2/hook/([\w-]+)/?", "lark"),
        (r"qyapi\.weixin\.qq\.com/cgi-bin/webhook/send\?key=([\w-]+)", "wecombot"),
        (r"sctapi\.ftqq\.com/([\w-]+)\.send", "schan"),
    )
]
"""Addresses as the services' own pages give them."""


def channel_url(text: str) -> str:
    """The channel's URL where the address of a bot was given as its service shows it; any other text as it is."""
    for pattern, scheme in NATIVE:
        if match := pattern.match(text.strip()):
            return f"{scheme}://{match[1]}"
    return text


BOTS = {"dingtalk": dingtalk, "feishu": feishu, "lark": feishu, "wecombot": wecom}


class Bot:
    """A group bot; `dingtalk://SECRET@TOKEN`, `feishu://SECRET@TOKEN` and `lark://SECRET@TOKEN` sign."""

    people = True

    def __init__(self, plugin: Any, scheme: str, networks: Sequence[Network]) -> None:
        self._plugin, self._scheme, self._networks = plugin, scheme, networks
        token = getattr(plugin, "token", None) or plugin.key
        self._url = str(getattr(plugin, "webhook_url", "") or plugin.notify_url.format(token=token, key=token)).rstrip(
            "/"
        )
        self._secret = str(getattr(plugin, "secret", None) or plugin.user or "")
        self._free_at = 0.0

    def send(self, message: Message) -> str:
        """Posts the message.

        Raises:
            DeliveryError: it was not taken; a subclass says whether it was refused.
        """
        phones = getattr(self._plugin, "targets", ())
        time.sleep(max(self._free_at - time.monotonic(), 0.0))
        self._free_at = time.monotonic() + PAUSE[self._scheme]
        # The services compare the signature's time with their clock: no other will do.
        request = BOTS[self._scheme](message, self._secret, time.time(), phones)
        headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "bureauwatch"}
        with exchange(self._networks, headers={"Idempotency-Key": message.key}) as current:
            try:
                with requests.Session() as session:
                    session.post(
                        self._url,
                        params=request.params,
                        data=request.raw,
                        headers=headers,
                        verify=self._plugin.verify_certificate,
                    )
            except (requests.RequestException, BureauwatchError, OSError, ValueError) as error:
                raise failure_of(current, error) from error
        return judge(self._scheme, current.answers[-1], message.at)
