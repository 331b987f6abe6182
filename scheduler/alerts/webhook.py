"""`json://` and `jsons://`: an event as JSON to any web server, by Apprise's URL syntax.

Sent by our own code because each message needs its own Idempotency-Key. The body has Apprise's keys (version, title,
message, type) and the event under `event`; the URL may add headers (`?+Name=value`), query parameters (`?-name=value`)
and payload keys (`?:name=value`).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import requests

from pipelines.errors import BureauwatchError, DeliveryError, DeliveryRefusedError, DeliveryUncertainError
from pipelines.messages import say
from pipelines.net import Network
from scheduler.alerts.answers import judge
from scheduler.alerts.message import Limits, Message
from scheduler.alerts.setting import render
from scheduler.alerts.transport import Exchange, exchange

RESERVED = frozenset({"version", "title", "message", "type", "event"})


class Webhook:
    """A web server that takes events as JSON; `plugin` is Apprise's reading of the URL."""

    people = False

    def __init__(self, plugin: Any, networks: Sequence[Network]) -> None:
        self._plugin, self._networks = plugin, networks
        scheme = "https" if plugin.secure else "http"
        host = f"[{plugin.host}]" if ":" in plugin.host else plugin.host
        port = f":{plugin.port}" if isinstance(plugin.port, int) else ""
        self.url = f"{scheme}://{host}{port}{plugin.fullpath or '/'}"

    def send(self, message: Message) -> str:
        """Posts the event.

        Raises:
            DeliveryError: the server did not take it; a subclass says whether it refused or did not answer.
        """
        body = {
            "version": "1.0",
            "title": message.subject,
            "message": render(message, Limits("text", 16_000)),
            "type": "info",
            "event": message.event,
        }
        body |= {k: v for k, v in self._plugin.payload_extras.items() if k not in RESERVED}
        headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "bureauwatch"}
        headers |= {k: v for k, v in self._plugin.headers.items() if k.lower() != "idempotency-key"}
        with exchange(self._networks, headers={"Idempotency-Key": message.key}) as current:
            try:
                with requests.Session() as session:
                    session.request(
                        self._plugin.method,
                        self.url,
                        data=json.dumps(body, ensure_ascii=False).encode("utf-8", "replace"),
                        params=self._plugin.params,
                        headers=headers,
                        auth=(self._plugin.user, self._plugin.password or "") if self._plugin.user else None,
                        verify=self._plugin.verify_certificate,
                    )
            except (requests.RequestException, BureauwatchError, OSError, ValueError) as error:
                raise failure_of(current, error) from error
        return judge("json", current.answers[-1], message.at)


def failure_of(current: Exchange, error: BaseException | None) -> DeliveryError:
    """The error of a send that got no answer, in one sentence."""
    cause = current.error or error
    if isinstance(cause, BureauwatchError):
        return DeliveryRefusedError(cause.message, cure=cause.cure)
    if current.expired or isinstance(cause, requests.Timeout | TimeoutError):
        kind = DeliveryUncertainError if current.sent else DeliveryError
        return kind(say("no answer within {seconds} seconds", seconds=f"{current.deadline:g}"))
    if isinstance(cause, requests.exceptions.SSLError):
        return DeliveryError(say("the channel's certificate is not valid: {cause}", cause=_short(cause)))
    if isinstance(cause, requests.ConnectionError) and not current.sent:
        return DeliveryError(say("the channel cannot be reached: {cause}", cause=_short(cause)))
    if current.sent:
        return DeliveryUncertainError(say("the connection broke before an answer: {cause}", cause=_short(cause)))
    return DeliveryError(say("the alert could not be sent: {cause}", cause=_short(cause)))


def _short(cause: BaseException | None) -> str:
    """The innermost reason, without the objects' addresses that urllib3 prints."""
    while cause is not None and (cause.__cause__ or cause.__context__):
        cause = cause.__cause__ or cause.__context__
    text = getattr(cause, "strerror", None) or str(cause or "")
    return " ".join(str(text).split())[:160]
