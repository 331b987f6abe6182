"""What a channel's answer means: several say no under HTTP 200, with a code in the body.

Sources: the bots' own documentation (DingTalk `errcode`, WeCom `errcode`, Feishu and Lark `code` or `StatusCode`,
ServerChan `code` or `errno`, PushDeer `code`, PushPlus `code` 200, WxPusher `code` 1000, Bark `code` 200,
Telegram and Slack `ok`).
"""

from __future__ import annotations

import email.utils
import json
from collections.abc import Mapping
from datetime import datetime

from pipelines.errors import DeliveryError, DeliveryRefusedError
from pipelines.messages import say
from scheduler.alerts.transport import Answer

GOOD: dict[str, tuple[tuple[str, frozenset[object]], ...]] = {
    "dingtalk": (("errcode", frozenset({0})),),
    "wecombot": (("errcode", frozenset({0})),),
    "wechat": (("errcode", frozenset({0})),),
    "feishu": (("code", frozenset({0})), ("StatusCode", frozenset({0}))),
    "lark": (("code", frozenset({0})), ("StatusCode", frozenset({0}))),
    "schan": (("code", frozenset({0})), ("errno", frozenset({0}))),
    "pushdeer": (("code", frozenset({0})),),
    "pushdeers": (("code", frozenset({0})),),
    "pushplus": (("code", frozenset({200})),),
    "wxpusher": (("code", frozenset({1000})),),
    "bark": (("code", frozenset({200})),),
    "barks": (("code", frozenset({200})),),
    "qq": (("success", frozenset({True})),),
    "tgram": (("ok", frozenset({True})),),
}
"""Per scheme: where its verdict stands, and which values mean that the message was taken; one of them must be there."""

REASONS = ("errmsg", "msg", "message", "StatusMessage", "description", "error", "info", "reason")
TOO_FAST: dict[object, float] = {
    130101: 600, 410100: 600, 660026: 600, 45009: 60, 45033: 60, 11232: 60, 9499: 60, 99991400: 60,
}  # fmt: skip
"""Codes of DingTalk (which then takes nothing for ten minutes), WeCom, Feishu and Lark that mean: later; in seconds."""


def judge(scheme: str, answer: Answer, now: datetime) -> str:
    """The channel's words in short, when it took the message.

    Raises:
        DeliveryRefusedError: it refused in so many words.
        DeliveryError: it failed, or said later.
    """
    words = reason(answer.body)
    if not 200 <= answer.status < 300:
        raise _bad_status(answer, words, now)
    wanted = GOOD.get(scheme)
    body = _object(answer.body)
    if not wanted:
        if body is not None and (key := _plain_no(body)):
            text = say("the channel refused: {key} {value} {words}", key=key, value=body[key], words=words)
            raise DeliveryError(text.strip())
        return words or f"HTTP {answer.status}"
    if body is None:
        raise DeliveryError(say("the channel's answer is no JSON: {words}", words=words or "…"))
    found = [(key, body[key], good) for key, good in wanted if key in body]
    if not found:
        raise DeliveryError(say("the channel's answer has no verdict: {words}", words=words or "…"))
    for key, value, good in found:
        if _number(value) not in good:
            text = say("the channel refused: {key} {value} {words}", key=key, value=value, words=words)
            if (wait := TOO_FAST.get(_number(value))) is not None:
                raise DeliveryError(text.strip(), retry_after=wait)
            raise DeliveryRefusedError(text.strip())
    return words or f"{found[0][0]} {found[0][1]}"


def _plain_no(body: Mapping[str, object]) -> str | None:
    """The key by which any receiver's answer says no under HTTP 200; codes of unclear meaning (`code`) say nothing."""
    for key in ("errcode", "errno", "error_code"):
        if _number(body.get(key, 0)) not in (0, None, "", "ok"):
            return key
    return next((key for key in ("ok", "success") if body.get(key) is False), None)


def _bad_status(answer: Answer, words: str, now: datetime) -> DeliveryError:
    text = say("the channel answered HTTP {status} {words}", status=answer.status, words=words).strip()
    if 300 <= answer.status < 400:
        place = {k.lower(): v for k, v in answer.headers.items()}.get("location", "")[:200]
        return DeliveryRefusedError(
            say("the channel has moved to {place} (HTTP {status})", place=place, status=answer.status),
            cure=say("Subscribe with the new address"),
        )
    if 400 <= answer.status < 500 and answer.status not in (408, 409, 425, 429):
        return DeliveryRefusedError(text)
    return DeliveryError(text, retry_after=retry_after(answer.headers, now))


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds of a Retry-After header, which has a number or a date."""
    value = next((v for k, v in headers.items() if k.lower() == "retry-after"), "").strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        return max((email.utils.parsedate_to_datetime(value) - now).total_seconds(), 0.0)
    except (ValueError, TypeError):
        return None


def reason(body: str) -> str:
    """What an answer says for people: its message field, or its first line; one line of 160 characters at most."""
    found = _object(body)
    text = body
    if found is not None:
        text = next((str(found[k]) for k in REASONS if found.get(k)), "")
    return " ".join(text.split())[:160]


def _object(body: str) -> dict[str, object] | None:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _number(value: object) -> object:
    """Codes come as numbers or as text."""
    return int(value) if isinstance(value, str) and value.lstrip("-").isdecimal() and len(value) < 12 else value
