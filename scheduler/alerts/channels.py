"""Channels by Apprise URLs: what can be used, and how each is sent to.

Webhooks and mail have senders of their own; the other services go through Apprise's plugins inside an exchange, which
checks addresses, bounds time, and keeps the answer that is judged afterwards. Only plugins that speak HTTP by
`requests` are allowed: the others (syslog, mqtt, desktop …) reach places that nothing could check.
"""

from __future__ import annotations

import logging
import sys
import warnings
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any, Protocol

from pipelines.errors import BureauwatchError, DeliveryError, SubscriptionError
from pipelines.messages import say
from pipelines.net import Network, is_allowed, literal_address
from scheduler.alerts.answers import GOOD, judge, reason
from scheduler.alerts.bots import BOTS, Bot
from scheduler.alerts.formatting import one_line
from scheduler.alerts.masking import HOST_IS_NO_SECRET, mask
from scheduler.alerts.message import Limits, Message
from scheduler.alerts.setting import render
from scheduler.alerts.transport import exchange
from scheduler.alerts.webhook import Webhook, failure_of

WEBHOOKS = ("json", "jsons")
MAILS = ("mailto", "mailtos")
LOCAL_FILES = frozenset({"fcm", "vapid", "adc"})
"""Plugins whose URLs name files of this machine."""


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "replace"))


def _utf16(text: str) -> int:
    return len(text.encode("utf-16-le", "replace")) // 2


LIMITS = {
    "wechat": Limits("text", 2048, _bytes),
    "tgram": Limits("html", 4096, _utf16),
    "discord": Limits("markdown", 2000, _utf16),
    "slack": Limits("simple", 3000),
    "mmost": Limits("markdown", 4000),
    "mmosts": Limits("markdown", 4000),
    "schan": Limits("markdown", 16_000, _bytes),
    "pushdeer": Limits("text", 4000, _bytes),
    "bark": Limits("text", 3000, _bytes),
    "barks": Limits("text", 3000, _bytes),
    "ntfy": Limits("text", 4000, _bytes),
    "ntfys": Limits("text", 4000, _bytes),
    "gotify": Limits("markdown", 8000),
    "gotifys": Limits("markdown", 8000),
    "matrix": Limits("text", 8000, _bytes),
    "workflows": Limits("markdown", 8000, _bytes),
}
"""Length and style of each service, after its documentation; Chinese characters are three bytes. Bots: bots.py."""
TITLES = {"schan": 32, "pushplus": 100}
"""Longest title of services that refuse a longer one; what is cut stands in the text, too."""


class Channel(Protocol):
    """One place that takes alerts."""

    people: bool
    """Whether people read there (floods become one message) or a machine does (it gets every event)."""

    def send(self, message: Message) -> str:
        """Sends, and gives the channel's answer in short.

        Raises:
            DeliveryError: it was not taken.
        """


def scheme_of(url: str) -> str:
    """The scheme in small letters."""
    return url.split("://", 1)[0].strip().lower() if "://" in url else ""


def open_channel(url: str, networks: Sequence[Network]) -> Channel:
    """The channel of an Apprise URL.

    Raises:
        SubscriptionError: the scheme is unknown or not allowed, or the URL lacks a part.
    """
    plugin = _plugin(url)
    scheme = scheme_of(url)
    if scheme in WEBHOOKS:
        return Webhook(plugin, networks)
    if scheme in MAILS:
        from scheduler.alerts.mail import Mail

        if not plugin.targets:
            raise SubscriptionError(
                say("{url} names no mail address that can be used", url=mask(url)), cure=say("Add ?to=name@example.org")
            )
        return Mail(plugin, networks)
    if scheme in BOTS:
        return Bot(plugin, scheme, networks)
    module = sys.modules[type(plugin).__module__]
    if not hasattr(module, "requests") or scheme in LOCAL_FILES:
        raise SubscriptionError(
            say("{scheme}:// channels are not supported", scheme=scheme),
            cure=say("Use a webhook (json://), mail (mailto://) or a chat service"),
        )
    return Service(plugin, scheme, networks)


def validate(url: str, networks: Sequence[Network]) -> None:
    """Refuses a channel that could never be sent to, before it is stored.

    Raises:
        SubscriptionError: unknown scheme, a missing part, or an address that may not be reached.
    """
    channel = open_channel(url, networks)
    plugin: Any = getattr(channel, "_plugin")  # noqa: B009 - the three kinds share it, the protocol does not
    host = str(getattr(plugin, "smtp_host", None) or getattr(plugin, "host", None) or "")
    if not host or scheme_of(url) not in HOST_IS_NO_SECRET:  # a token may look like an address
        return
    address = literal_address(host)
    if host.rstrip(".").lower() == "localhost" or host.lower().rstrip(".").endswith(".localhost"):
        address = literal_address("127.0.0.1")
    if address is not None and not is_allowed(address, networks):
        raise SubscriptionError(
            say("{url} is at the private address {address}", url=mask(url), address=address),
            cure=say("If that is meant, name its network in BUREAUWATCH_PRIVATE_NETWORKS"),
        )


def _plugin(url: str) -> Any:
    apprise = library()
    scheme = scheme_of(url)
    if not scheme:
        raise SubscriptionError(
            say("{url} is no channel URL", url=url[:40]),
            cure=say(
                "Write it like json://host/path, mailto://user:password@host?to=name@example.org, dingtalk://TOKEN"
            ),
        )
    if any(ord(c) < 32 or ord(c) == 127 for c in url):
        raise SubscriptionError(say("the channel URL has control characters"))
    if scheme in ("http", "https"):
        raise SubscriptionError(
            say("{url} is no channel URL", url=mask(url)),
            cure=say("A web server that takes events as JSON is written {name}://host/path", name=f"json{scheme[4:]}"),
        )
    if scheme not in known_schemes():
        import difflib

        near = difflib.get_close_matches(scheme, known_schemes(), n=1)
        raise SubscriptionError(
            say("unknown channel {scheme}://", scheme=scheme[:40]),
            cure=say("Did you mean {name}?", name=f"{near[0]}://")
            if near
            else say(
                "Known are json://, mailto://, wecombot://, dingtalk://, feishu://, slack:// and Apprise's others"
            ),
        )
    try:
        asset = apprise.AppriseAsset(app_id="bureauwatch", app_desc="bureauwatch", app_url="")
        plugin = apprise.Apprise.instantiate(url, asset=asset, suppress_exceptions=False)
    except Exception as error:  # noqa: BLE001 - plugins raise what they like on a bad URL
        raise SubscriptionError(
            say(
                "{url} cannot be used: {cause}",
                url=mask(url),
                cause=str(error)[:120] if scheme in MAILS else type(error).__name__,
            ),
            cure=say("See https://appriseit.com/services/ for how its URL is written"),
        ) from None
    if plugin is None:
        raise SubscriptionError(
            say("{url} is not complete", url=mask(url)),
            cure=say("See https://appriseit.com/services/ for how its URL is written"),
        )
    return plugin


@cache
def library() -> Any:
    """Apprise with all plugins loaded (half a second), quiet: it logs URLs, and its imports warn of old modules."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import apprise

        logging.getLogger("apprise").setLevel(logging.CRITICAL)
        manager: Any = apprise.manager_plugins.NotificationManager
        manager().load_modules()
    return apprise


def known_schemes() -> list[str]:
    """All schemes that Apprise knows."""
    return sorted(library().manager_plugins.NotificationManager().schemas())


def without_heading(message: Message) -> Message:
    """The message for channels that show its subject apart."""
    rest = [line for line in message.lines if line.kind != "heading"]
    return replace(message, lines=rest) if len(rest) > 1 else message


class Service:
    """A chat or push service through its Apprise plugin."""

    people = True

    def __init__(self, plugin: Any, scheme: str, networks: Sequence[Network]) -> None:
        self._plugin, self._scheme, self._networks = plugin, scheme, networks
        self.limits = LIMITS.get(scheme, Limits())

    def send(self, message: Message) -> str:
        """Sends by the plugin and judges what the service answered.

        Raises:
            DeliveryError: it was not taken.
        """
        with exchange(self._networks, headers={"Idempotency-Key": message.key}) as current:
            error: Exception | None = None
            taken = False
            try:
                title = one_line(message.subject, TITLES.get(self._scheme, 200)) if self._plugin.title_maxlen else ""
                taken = self._plugin.notify(
                    body=render(without_heading(message) if title == message.subject else message, self.limits),
                    title=title,
                    notify_type="info",
                    body_format=self.limits.style,
                )
            except (BureauwatchError, OSError, ValueError, TypeError) as failure:
                error = failure
            if not current.answers:
                raise failure_of(current, error)
            if taken and error is None and self._scheme not in GOOD:
                return reason(current.answers[-1].body) or f"HTTP {current.answers[-1].status}"
            words = [judge(self._scheme, answer, message.at) for answer in current.answers]
            if current.error is not None or error is not None:
                raise failure_of(current, error)
            if not taken:
                raise DeliveryError(say("the channel did not take it: {words}", words=words[-1]))
        return words[-1]
