"""How alerts leave the machine: only to allowed addresses, within a deadline, with bounded answers that are kept.

Apprise's plugins call `requests` by themselves, believe any 200, and know nothing of private networks. While an
`Exchange` is open in a thread, every request that `requests` sends there goes by its rules; outside of one, `requests`
is as ever. The address is checked for the socket that is opened, so a name that changes between check and use gains
nothing. Redirects are not followed: a webhook that moved is a failure that says so.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError

from pipelines.net import Network, check_url, is_allowed, refusal

CONNECT_TIMEOUT = 10.0
READ_TIMEOUT = 20.0
DEADLINE = 30.0
ANSWER_LIMIT = 64 * 1024
"""Bytes of an answer that are read; channels answer in a few hundred."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back for one request."""

    status: int
    body: str
    headers: Mapping[str, str]
    host: str


@dataclass
class Exchange:
    """The rules for the requests of one send, and what happened to them."""

    networks: Sequence[Network] = ()
    deadline: float = DEADLINE
    headers: Mapping[str, str] = field(default_factory=dict)
    """Added to every request, such as Idempotency-Key."""
    answers: list[Answer] = field(default_factory=list)
    error: Exception | None = None
    limit: int = ANSWER_LIMIT
    expired: bool = False
    sent: bool = False
    """Whether anything may have arrived: a connection was open."""
    _sockets: list[socket.socket] = field(default_factory=list)

    def connect(self, host: str, port: int, timeout: float | None, **options: Any) -> socket.socket:
        """A socket to the first address of a host that is allowed and answers.

        Raises:
            NotAllowedError: the host has only addresses that may not be reached.
            OSError: it has none, or none answers.
        """
        found = socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM)
        allowed = [str(info[4][0]) for info in found if is_allowed(str(info[4][0]), self.networks)]
        if not allowed:
            raise refusal(host, str(found[0][4][0]))
        error: OSError | None = None
        for address in dict.fromkeys(allowed):
            try:
                sock = socket.create_connection((address, port), timeout, **options)
            except OSError as failure:
                error = failure
                continue
            with contextlib.suppress(OSError):
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._sockets.append(sock.dup())  # TLS detaches the original; shutting a duplicate down ends both
            self.sent = True
            return sock
        raise error or OSError("no address")

    def expire(self) -> None:
        """Ends all connections: whoever waits on them fails at once."""
        self.expired = True
        for sock in self._sockets:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Lets the watching duplicates go."""
        for sock in self._sockets:
            sock.close()

    def request(self, session: requests.Session, request: requests.PreparedRequest, **options: Any) -> Any:
        """Sends one request of a session by these rules and keeps the answer."""
        check_url(request.url or "", self.networks)
        if not isinstance(session.adapters.get("https://"), GuardedAdapter):
            session.mount("https://", GuardedAdapter())
            session.mount("http://", GuardedAdapter())
        for name, value in self.headers.items():
            request.headers[name] = value
        options |= {"timeout": (CONNECT_TIMEOUT, READ_TIMEOUT), "allow_redirects": False, "stream": True}
        try:
            response = _send(session, request, **options)
            content = b""
            for chunk in response.iter_content(8192):
                content += chunk
                if len(content) >= self.limit:
                    break
            response.close()
        except Exception as error:
            self.error = error
            raise
        vars(response).update(_content=content[: self.limit], _content_consumed=True)
        text = content[: self.limit].decode("utf-8", "replace")
        host = urlsplit(request.url or "").hostname or ""
        self.answers.append(Answer(response.status_code, text, dict(response.headers), host))
        return response


_current: ContextVar[Exchange | None] = ContextVar("exchange", default=None)


@contextlib.contextmanager
def exchange(
    networks: Sequence[Network] = (),
    *,
    deadline: float | None = None,
    headers: Mapping[str, str] | None = None,
    limit: int = ANSWER_LIMIT,
) -> Iterator[Exchange]:
    """Opens an exchange for what this thread sends."""
    current = Exchange(networks, DEADLINE if deadline is None else deadline, headers or {}, limit=limit)
    token = _current.set(current)
    watch = threading.Timer(current.deadline, current.expire)
    watch.daemon = True
    watch.start()
    try:
        yield current
    finally:
        watch.cancel()
        current.close()
        _current.reset(token)


class _Guarded:
    """Opens its socket through the exchange."""

    def _new_conn(self: Any) -> socket.socket:
        current = _current.get()
        if current is None:  # a pooled session that outlived its exchange
            raise NewConnectionError(self, "no exchange is open")
        try:
            return current.connect(
                self._dns_host, self.port, self.timeout if isinstance(self.timeout, int | float) else CONNECT_TIMEOUT
            )
        except socket.gaierror as error:
            raise NameResolutionError(self.host, self, error) from error
        except TimeoutError as error:
            raise ConnectTimeoutError(self, f"connection to {self.host} timed out") from error
        except OSError as error:
            raise NewConnectionError(self, f"no connection: {error}") from error


class _GuardedHTTP(_Guarded, HTTPConnection):
    pass


class _GuardedHTTPS(_Guarded, HTTPSConnection):
    pass


class _HTTPPool(HTTPConnectionPool):
    ConnectionCls = _GuardedHTTP


class _HTTPSPool(HTTPSConnectionPool):
    ConnectionCls = _GuardedHTTPS


class GuardedAdapter(HTTPAdapter):
    """An adapter whose connections ask the open exchange; a proxy of the environment is connected to as it is set."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Puts the guarded connections in."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _HTTPPool, "https": _HTTPSPool}


_send = requests.Session.send


def _dispatch(self: requests.Session, request: requests.PreparedRequest, **options: Any) -> Any:
    current = _current.get()
    return _send(self, request, **options) if current is None else current.request(self, request, **options)


requests.Session.send = _dispatch  # type: ignore[method-assign]
