"""`mailto://` and `mailtos://`: alerts by SMTP, text and HTML, with a Message-ID that is the same on every retry.

Apprise reads the URL (server, port, user, security mode, addresses); the message is our own, because a stable
Message-ID is what lets mail programs drop the duplicate that follows a crash between sending and noting it.
"""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from collections.abc import Sequence
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

from pipelines.errors import BureauwatchError, DeliveryError, DeliveryRefusedError
from pipelines.messages import say
from pipelines.net import Network
from scheduler.alerts.formatting import one_line
from scheduler.alerts.message import Limits, Message
from scheduler.alerts.setting import render
from scheduler.alerts.transport import READ_TIMEOUT, Exchange, exchange
from scheduler.alerts.webhook import failure_of

LENGTH = 200_000
PAGE = (
    '<!doctype html><html lang="{language}"><head><meta charset="utf-8"></head>'
    "<body style=\"font:15px/1.6 system-ui,'Microsoft YaHei',sans-serif;color:#222;max-width:640px\">\n{html}\n"
    "</body></html>"
)
DEADLINE = 60.0


class Mail:
    """A mailbox or several, behind one SMTP server; `plugin` is Apprise's reading of the URL."""

    people = True

    def __init__(self, plugin: Any, networks: Sequence[Network]) -> None:
        self._plugin, self._networks = plugin, networks
        self.recipients: list[str] = [address for _, address in plugin.targets]

    def compose(self, message: Message) -> EmailMessage:
        """The mail; every value of a report's is one line before it gets near a header."""
        plugin = self._plugin
        name, sender = plugin.from_addr
        mail = EmailMessage()
        mail["Subject"] = one_line(message.subject, 200)
        mail["From"] = Address(one_line(name or "bureauwatch", 80), addr_spec=sender)
        mail["To"] = [Address(addr_spec=a) for a in self.recipients]
        if plugin.cc:
            mail["Cc"] = [Address(addr_spec=a) for a in sorted(plugin.cc)]
        if plugin.reply_to:
            mail["Reply-To"] = [Address(addr_spec=a) for a in sorted(plugin.reply_to)]
        mail["Date"] = format_datetime(message.at)
        domain = sender.rsplit("@", 1)[-1]
        mail["Message-ID"] = f"<{re.sub(r'[^A-Za-z0-9.-]', '', message.key)}@{domain}>"
        if number := (message.event.get("report") or {}).get("id"):  # all of one report is one thread
            mail["References"] = f"<report-{number}.bureauwatch@{domain}>"
        mail["List-Id"] = f"bureauwatch <alerts.bureauwatch.{domain}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail["X-Bureauwatch-Event"] = one_line(message.event.get("type", ""), 60)
        mail.set_content(render(message, Limits("text", LENGTH)) + "\n")
        html = render(message, Limits("page", LENGTH))
        language = "zh-CN" if message.language.startswith("zh") else "en"
        mail.add_alternative(PAGE.format(language=language, html=html), subtype="html")
        return mail

    def send(self, message: Message) -> str:
        """Hands the mail to the server.

        Raises:
            DeliveryError: the server did not take it for all recipients.
        """
        if not self.recipients:
            raise DeliveryRefusedError(say("the mail address has no recipient that can be used"))
        mail = self.compose(message)
        everyone = [*self.recipients, *sorted(self._plugin.cc), *sorted(self._plugin.bcc)]
        with exchange(self._networks, deadline=DEADLINE) as current:
            try:
                with self._connect(current) as server:
                    refused = server.send_message(mail, self._plugin.from_addr[1], everyone)
            except smtplib.SMTPRecipientsRefused as error:
                raise _said(next(iter(error.recipients.values()))) from error
            except smtplib.SMTPResponseException as error:
                raise _said((error.smtp_code, error.smtp_error)) from error
            except (smtplib.SMTPException, BureauwatchError, OSError) as error:
                raise failure_of(current, error) from error
        if refused:
            raise _said(next(iter(refused.values())))
        return say("the mail server took it for {count} recipients", count=len(everyone))

    def _connect(self, current: Exchange) -> smtplib.SMTP:
        plugin = self._plugin
        context = ssl.create_default_context()
        if not plugin.verify_certificate:
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        implicit = plugin.secure_mode == "ssl"
        server = _Smtp(current, context if implicit else None)
        try:
            server.connect(plugin.smtp_host, int(plugin.port))
            if plugin.secure_mode == "starttls":
                server.starttls(context=context)
            if plugin.user and plugin.password:
                server.login(plugin.user, plugin.password)
        except BaseException:
            server.close()
            raise
        return server


class _Smtp(smtplib.SMTP):
    """SMTP whose socket the exchange opens, so that the address rule and the deadline hold for mail too."""

    def __init__(self, current: Exchange, context: ssl.SSLContext | None) -> None:
        self._exchange, self._context = current, context
        super().__init__(timeout=READ_TIMEOUT)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        sock = self._exchange.connect(host, port, timeout)
        return self._context.wrap_socket(sock, server_hostname=host) if self._context else sock

    def connect(self, host: str = "localhost", port: int = 0, source_address: Any = None) -> tuple[int, bytes]:
        """Remembers the host for STARTTLS, which checks the certificate against it."""
        self._host = host
        return super().connect(host, port, source_address)


def _said(answer: tuple[int, bytes | str]) -> DeliveryError:
    code, words = answer
    text = one_line(words.decode("utf-8", "replace") if isinstance(words, bytes) else words, 160)
    sentence = say("the mail server answered {code} {words}", code=code, words=text)
    return DeliveryRefusedError(sentence) if code >= 500 else DeliveryError(sentence)
