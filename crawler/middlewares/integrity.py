"""Whole answers only: checks the announced length and unpacks strictly, within bounds; half an answer is none.

Scrapy's own unpacking passes half a gzip stream on as a page with status 200.
"""

from __future__ import annotations

import asyncio
import zlib
from typing import Any

import brotli  # type: ignore[import-untyped]
from scrapy import Request
from scrapy.http import Response

from pipelines.errors import IncompleteResponseError
from pipelines.messages import say

CHUNK = 256 * 1024
ACCEPTED = "gzip, deflate, br"


class IntegrityMiddleware:
    """In the place of Scrapy's HttpCompressionMiddleware."""

    def __init__(self, max_size: int, stats: Any) -> None:
        self.max_size, self.stats = max_size, stats

    @classmethod
    def from_crawler(cls, crawler: Any) -> IntegrityMiddleware:
        """Built by Scrapy."""
        return cls(crawler.settings.getint("DOWNLOAD_MAXSIZE"), crawler.stats)

    def process_request(self, request: Request) -> None:
        """Says which packings are understood."""
        request.headers.setdefault("Accept-Encoding", ACCEPTED)

    async def process_response(self, request: Request, response: Response) -> Request | Response:
        """The unpacked response; one that is not whole is asked for again, then given up.

        Raises:
            IncompleteResponseError: shorter than announced, broken packing (`incomplete`), or over the limit
                (`too-large`).
        """
        try:
            return self._whole(request, response)
        except IncompleteResponseError as error:
            done: int = request.meta.get("retries", 0)
            if error.failure == "too-large" or done >= 2:
                raise
            self.stats.inc_value("retry/count")
            await asyncio.sleep(0.5)
            again = request.copy()
            again.meta["retries"] = done + 1
            return again

    def _whole(self, request: Request, response: Response) -> Response:
        announced = response.headers.get("Content-Length")
        if (
            announced
            and announced.strip().isdigit()
            and request.method != "HEAD"
            and response.status not in (204, 304)
            and int(announced) > len(response.body)
        ):
            raise IncompleteResponseError(
                say(
                    "{url} ended after {got} of {announced} bytes",
                    url=request.url[:200],
                    got=len(response.body),
                    announced=int(announced),
                ),
                failure="incomplete",
                url=request.url,
            )
        packings = [p.strip().lower() for p in b",".join(response.headers.getlist("Content-Encoding")).split(b",")]
        body = response.body
        if not body or not any(packings):
            return response
        for packing in reversed(packings):
            body = self._unpack(packing, body, request.url)
        headers = response.headers.copy()
        headers.pop("Content-Encoding", None)
        headers.pop("Content-Length", None)
        return response.replace(body=body, headers=headers)

    def _unpack(self, packing: bytes, body: bytes, url: str) -> bytes:
        try:
            if packing in (b"gzip", b"x-gzip"):
                # servers that claim gzip and send plain text are common
                return unzip(body, 31, self.max_size) if body[:2] == b"\x1f\x8b" else body
            if packing == b"deflate":
                return unzip(
                    body, 15 if body[0] & 0x0F == 8 and int.from_bytes(body[:2]) % 31 == 0 else -15, self.max_size
                )
            if packing == b"br":
                return _unbrotli(body, self.max_size)
        except OverflowError:
            raise IncompleteResponseError(
                say("{url} unpacks to more than {limit} MiB", url=url[:200], limit=self.max_size >> 20),
                failure="too-large",
                url=url,
            ) from None
        except (zlib.error, brotli.error, EOFError):
            raise IncompleteResponseError(
                say("The compression of {url} is broken or cut off", url=url[:200]), failure="incomplete", url=url
            ) from None
        return body


def unzip(data: bytes, wbits: int, limit: int) -> bytes:
    """Unpacks zlib or gzip data (several members too), to its very end and up to a limit.

    Raises:
        OverflowError: over the limit.
        EOFError: the data stop before their end.
        zlib.error: broken.
    """
    parts: list[bytes] = []
    size = 0
    while data:
        unpacker = zlib.decompressobj(wbits)
        chunk = unpacker.decompress(data, CHUNK)
        while chunk:
            parts.append(chunk)
            size += len(chunk)
            if size > limit:
                raise OverflowError
            chunk = unpacker.decompress(unpacker.unconsumed_tail, CHUNK)
        if not unpacker.eof:
            raise EOFError
        data = unpacker.unused_data
        if wbits != 31 or data[:2] != b"\x1f\x8b":
            break  # trailing padding is no member
    return b"".join(parts)


def _unbrotli(data: bytes, limit: int) -> bytes:
    unpacker = brotli.Decompressor()
    parts = [unpacker.process(data, output_buffer_limit=CHUNK)]
    size = len(parts[0])
    while not unpacker.is_finished():
        chunk = unpacker.process(b"", output_buffer_limit=CHUNK)
        if not chunk:
            raise EOFError
        parts.append(chunk)
        size += len(chunk)
        if size > limit:
            raise OverflowError
    return b"".join(parts)
