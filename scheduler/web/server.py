"""`bureauwatch serve`: the service and its web pages in one process, ended cleanly by SIGTERM or Ctrl-C."""

from __future__ import annotations

from datetime import timedelta

import structlog
import uvicorn

from pipelines.config import Config
from pipelines.errors import SettingsError
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


def serve(config: Config, host: str = "127.0.0.1", port: int = 8000) -> None:
    """Runs until it is told to stop.

    Raises:
        SettingsError: an address off loopback without a token.
        StorageError: the database cannot be opened or upgraded.
    """
    check_binding(host, config.token)
    with open_database(config) as database:
        service = Service(config, database, make_executor(config), clock=config.clock)
        app = create_app(Web(config, database, config.clock, service), host=host)
        server = uvicorn.Server(
            uvicorn.Config(
                app, host=host, port=port, log_config=None, access_log=False, server_header=False,
                timeout_graceful_shutdown=5, limit_concurrency=200, proxy_headers=False,
            )
        )  # fmt: skip
        service.start()
        log.info("serving", address=f"http://{host}:{port}/")
        try:
            server.run()
        finally:
            service.stop(STOP_GRACE)
            log.info("stopped")
