"""The browser's only way out: a proxy in this process that connects to allowed addresses and no others.

Chromium resolves names and follows scripts by itself; with every connection made here, a page can reach no more than
the crawl's own requests can.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler

from crawler.browser import chromium
from pipelines.net import Network, is_allowed

HEAD = 64 * 1024
CONNECT_SECONDS = 15.0
IDLE_SECONDS = 60.0


class GuardedProxy:
    """A forward proxy on loopback for one browser."""

    def __init__(self, networks: Sequence[Network]) -> None:
        self.networks = networks
        self.refused: set[str] = set()
        self.port = 0
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Listens on a free port of loopback."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=HEAD)
        self.port = self._server.sockets[0].getsockname()[1]

    def close(self) -> None:
        """Listens no more."""
        if self._server is not None:
            self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, ValueError, TimeoutError, asyncio.IncompleteReadError):
            await self._relay(reader, writer)
        writer.close()

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), IDLE_SECONDS)
        method, target, version = head.split(b"\r\n", 1)[0].decode("latin-1").split(" ", 2)
        url = urlsplit(f"//{target}" if method == "CONNECT" else target)
        host, port = url.hostname or "", url.port or (443 if method == "CONNECT" else 80)
        connection = await self._connect(host, port)
        if connection is None:
            writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            await writer.drain()
            return
        far_reader, far_writer = connection
        if method == "CONNECT":
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            await asyncio.gather(_pump(reader, far_writer), _pump(far_reader, writer))
            return
        path = (url.path or "/") + (f"?{url.query}" if url.query else "")
        far_writer.write(_closing(f"{method} {path} {version}".encode("latin-1"), head))
        far_writer.write(await reader.readexactly(_length(head)))
        answer = await asyncio.wait_for(far_reader.readuntil(b"\r\n\r\n"), IDLE_SECONDS)
        # one request a connection: the next one may be for another host
        writer.write(_closing(answer.split(b"\r\n", 1)[0], answer))
        ends = [asyncio.ensure_future(_pump(far_reader, writer)), asyncio.ensure_future(reader.read(1))]
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        for end in ends:
            end.cancel()
        far_writer.close()

    async def _connect(self, host: str, port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        """A connection to the first allowed address of the host that answers."""
        infos = await asyncio.get_running_loop().getaddrinfo(host, port, type=1)
        for info in infos:
            address = str(info[4][0])
            if not is_allowed(address, self.networks):
                self.refused.add(host)
                continue
            with contextlib.suppress(OSError, TimeoutError):
                return await asyncio.wait_for(asyncio.open_connection(address, port), CONNECT_SECONDS)
        return None


def _closing(first: bytes, head: bytes) -> bytes:
    """A head with another first line that ends the connection after its message."""
    kept = [
        line
        for line in head.split(b"\r\n")[1:]
        if line and not line.lower().startswith((b"proxy-", b"connection:", b"keep-alive:"))
    ]
    return b"\r\n".join([first, *kept, b"Connection: close", b"", b""])


def _length(head: bytes) -> int:
    lines = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    return min(int(lines[0].split(b":")[1]), 1 << 20) if lines else 0


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError, TimeoutError):
        while chunk := await asyncio.wait_for(reader.read(65536), IDLE_SECONDS):
            writer.write(chunk)
            await writer.drain()
    with contextlib.suppress(OSError):
        writer.close()


def launch_options(port: int) -> dict[str, Any]:
    """How Chromium is started so that all it asks for goes through the proxy on a port."""
    options: dict[str, Any] = {
        "proxy": {"server": f"http://127.0.0.1:{port}"},
        # WebRTC and QUIC know ways around a proxy
        "args": [
            "--disable-quic",
            "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
            "--proxy-bypass-list=<-loopback>",
        ],
    }
    if os.geteuid() == 0:
        options["args"].append("--no-sandbox")  # Chromium refuses to run as root otherwise
    path = chromium()
    if path:
        options["executable_path"] = path
    return options


class GuardedPlaywrightHandler(ScrapyPlaywrightDownloadHandler):  # type: ignore[misc]
    """scrapy-playwright's handler with the system's Chromium behind a GuardedProxy."""

    def __init__(self, crawler: Any) -> None:
        super().__init__(crawler)
        self.proxy = GuardedProxy(crawler.spider.config.private_networks)

    async def _launch(self) -> None:
        await self.proxy.start()
        self.config.launch_options.update(launch_options(self.proxy.port))
        await super()._launch()

    async def close(self) -> None:
        """Ends browser and proxy."""
        await super().close()
        self.proxy.close()
