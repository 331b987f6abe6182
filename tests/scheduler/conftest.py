"""Real sinks on loopback: HTTP servers that take, fail, lie, hang or reset, and an SMTP server."""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@pytest.fixture(scope="session")
def loopback() -> list[Any]:
    """The networks that a test may reach."""
    return [ip_network("127.0.0.0/8"), ip_network("::1/128")]


@dataclass
class Received:
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found


@dataclass
class HttpSink:
    """Answers by `behave` (status, body), or `hang`, `reset`; keeps what it got."""

    received: list[Received] = field(default_factory=list)
    behave: Callable[[int], Any] = lambda n: (200, "ok")
    headers: dict[str, str] = field(default_factory=dict)
    release: threading.Event = field(default_factory=threading.Event)
    port: int = 0

    @property
    def url(self) -> str:
        return f"json://127.0.0.1:{self.port}/hook"


def _handler(sink: HttpSink) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            sink.received.append(Received(self.path, dict(self.headers.items()), body))
            answer = sink.behave(len(sink.received))
            if answer == "hang":
                sink.release.wait(60)
                return
            if answer == "drip":
                self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
                for _ in range(600):
                    if sink.release.is_set():
                        return
                    self.wfile.write(b"x")
                    self.wfile.flush()
                    time.sleep(0.05)
                return
            if answer == "reset":
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.connection.close()
                return
            status, text = answer
            raw = text.encode()
            self.send_response(status)
            for name, value in sink.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        do_GET = do_POST  # noqa: N815

        def log_message(self, format: str, *args: Any) -> None:
            pass

    return Handler


class QuietServer(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Peers that go away are the point of these tests."""


@pytest.fixture
def http_sink() -> Iterator[Callable[[], HttpSink]]:
    """Makes HTTP sinks."""
    servers: list[tuple[QuietServer, HttpSink]] = []

    def make() -> HttpSink:
        sink = HttpSink()
        server = QuietServer(("127.0.0.1", 0), _handler(sink))
        sink.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        servers.append((server, sink))
        return sink

    yield make
    for server, sink in servers:
        sink.release.set()
        server.shutdown()
        server.server_close()


@dataclass
class MailSink:
    port: int = 0
    mails: list[bytes] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    answer: str = "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.answer.startswith("250"):
            content = envelope.content
            self.mails.append(content if isinstance(content, bytes) else (content or "").encode())
            self.recipients.append(list(envelope.rcpt_tos))
        return self.answer


@pytest.fixture
def mail_sink() -> Iterator[MailSink]:
    """A real SMTP server."""
    sink = MailSink()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(sink, hostname="127.0.0.1", port=port)
    controller.start()
    sink.port = port
    yield sink
    controller.stop()
