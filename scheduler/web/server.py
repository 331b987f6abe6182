"""`bureauwatch serve`: the service and its web pages in one process, ended cleanly by SIGTERM or Ctrl-C."""

from __future__ import annotations

import contextlib
import signal
import socket
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import structlog
import uvicorn

from pipelines.config import Config
from pipelines.errors import BureauwatchError, SettingsError
from pipelines.messages import say
from pipelines.storage.session import open_database
from scheduler.executors.base import Executor
from scheduler.executors.pool import LocalPool
from scheduler.service import Service
from scheduler.web.app import create_app
from scheduler.web.security import check_binding
from scheduler.web.state import Web

log = structlog.get_logger("bureauwatch.serve")
STOP_GRACE = timedelta(seconds=20)


def make_executor(config: Config) -> Executor:
    """Where crawls run, by the settings.

    Raises:
        SettingsError: the cluster executor without PostgreSQL or its extra.
    """
    if config.executor == "local":
        return LocalPool(config.concurrency)
    try:
        from scheduler.executors.cluster import ClusterExecutor
    except ImportError:
        raise SettingsError(
            say("The cluster executor needs the extra [cluster]"), cure=say("pip install 'bureauwatch[cluster]'")
        ) from None
    executor: Executor = ClusterExecutor(config)
    return executor


class _Server(uvicorn.Server):
    """Ends on SIGTERM and Ctrl-C, and does not raise them again afterwards: being told to stop is no failure."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Handles both signals while the server runs."""
        before = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def _listen(host: str, port: int) -> socket.socket:
    """A bound socket, before anything else is started."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=128)
    except OSError as error:
        raise BureauwatchError(
            say("Cannot listen on {host}, port {port}: {reason}", host=host, port=port, reason=error.strerror or error),
            cure=say("Choose another port with --port; perhaps the service runs already"),
        ) from None


def _clock(config: Config) -> Callable[[], datetime]:
    """The time; with NOW set it starts there and goes on, as the crawls' clocks do."""
    if config.now is None:
        return config.clock
    began = time.monotonic()
    return lambda: config.clock() + timedelta(seconds=time.monotonic() - began)


def serve(config: Config, host: str = "127.0.0.1", port: int = 8000) -> None:
    """Runs until it is told to stop.

    Raises:
        SettingsError: an address off loopback without a token.
        BureauwatchError: the port is taken, or the address is not this machine's.
        StorageError: the database cannot be opened or upgraded.
    """
    check_binding(host, config.token)
    with _listen(host, port) as listener, open_database(config) as database:
        clock = _clock(config)
        service = Service(config, database, make_executor(config), clock=clock)
        app = create_app(Web(config, database, clock, service), host=host)
        server = _Server(
            uvicorn.Config(
                app, host=host, port=port, log_config=None, access_log=False, server_header=False,
                timeout_graceful_shutdown=5, limit_concurrency=200, proxy_headers=False,
            )
        )  # fmt: skip
        service.start()
        log.info("serving", address=f"http://{host}:{listener.getsockname()[1]}/")
        try:
            server.run(sockets=[listener])
        finally:
            service.stop(STOP_GRACE)
            log.info("stopped")
