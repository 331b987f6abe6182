"""The archive of raw responses: standard WARC 1.1 files, one gzip member a record, so any offset can be read alone.

A process appends to a file of the day that no other process has locked. Whole records are flushed before the capture's
place is handed out; a record that a crash left half written is cut off when the file is next opened for writing, and
readers of other records never notice.
"""

from __future__ import annotations

import fcntl
import hashlib
import io
import os
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Final
from urllib.parse import quote, urlsplit

from warcio.archiveiterator import ArchiveIterator
from warcio.recordloader import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pipelines.errors import DiskFullError, StorageError
from pipelines.messages import say

ROTATE_AT: Final = 1 << 30
"""Bytes after which a file is closed: the usual size of WARC files."""
TORN: Final = (EOFError, zlib.error, ArchiveLoadFailed, ValueError, AttributeError)
"""What warcio raises on half a record."""
MOST_DECODED: Final = 64 << 20
"""Bytes that a compressed body may unpack to when it is read again."""
FULL: Final = frozenset({28, 122, 27})
"""ENOSPC, EDQUOT, EFBIG."""
HOP_HEADERS: Final = frozenset({"transfer-encoding", "content-length"})

Headers = Mapping[str, str] | Iterable[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class CaptureLocation:
    """Where a response lies. `file` is relative to the archive; `sha256` and `size` are of the body as received."""

    file: str
    offset: int
    length: int
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class ArchivedResponse:
    """A response as it was received; `content` is the body without Content-Encoding."""

    url: str
    status: int
    headers: list[tuple[str, str]]
    body: bytes
    fetched_at: datetime
    record_id: str = ""
    sha256: str = field(default="")

    def header(self, name: str) -> str | None:
        """The first header of a name."""
        return next((v for k, v in self.headers if k.lower() == name.lower()), None)

    @property
    def content(self) -> bytes:
        """The body unpacked; what cannot be unpacked is given as it is."""
        return unpack(self.body, self.header("content-encoding") or "")


class Archive:
    """The WARC files of one folder. Writing is for one thread; reading needs no lock."""

    def __init__(self, folder: Path, *, rotate_at: int = ROTATE_AT) -> None:
        self.folder = folder
        self.rotate_at = rotate_at
        self._file: IO[bytes] | None = None
        self._name = ""

    def write(
        self,
        url: str,
        status: int,
        headers: Headers,
        body: bytes,
        fetched_at: datetime,
        *,
        reason: str = "",
        request_headers: Headers | None = None,
        method: str = "GET",
        metadata: Mapping[str, str] | None = None,
    ) -> CaptureLocation:
        """Appends a response (and its request); returns when the bytes are handed to the system.

        Args:
            headers: as received; pairs keep repeated ones. `body` must fit their Content-Encoding.
            fetched_at: the moment of the response (UTC).
            metadata: further WARC headers of the response record, such as `WARC-IP-Address`.

        Raises:
            DiskFullError: no space; nothing of the record is left in the file.
            StorageError: the folder cannot be written.
        """
        sha256 = hashlib.sha256(body).hexdigest()
        response, request = _records(
            url, status, reason, _pairs(headers), body, sha256, fetched_at, _pairs(request_headers), method, metadata
        )
        try:
            file = self._open(fetched_at)
            offset = file.seek(0, os.SEEK_END)
            try:
                file.write(response + request)
                file.flush()
            except OSError:
                self._cut(file, offset)
                raise
        except OSError as error:
            raise _failed(error, self.folder) from error
        return CaptureLocation(self._name, offset, len(response), sha256, len(body))

    def read(self, file: str, offset: int) -> ArchivedResponse:
        """Reads the response at a place.

        Raises:
            StorageError: the file is gone, or there is no whole response at the place.
        """
        path = self.path(file)
        try:
            with path.open("rb") as stream:
                stream.seek(offset)
                for record in ArchiveIterator(stream, check_digests=False):
                    if record.rec_type == "response":
                        return _response(record)
                    break
        except (OSError, *TORN) as error:
            raise StorageError(
                say("The archive file {file} cannot be read: {reason}", file=file, reason=error)
            ) from error
        raise StorageError(say("The archive file {file} has no response at {offset}", file=file, offset=offset))

    def path(self, file: str) -> Path:
        """The path of a file of the archive.

        Raises:
            StorageError: the name leads out of the archive.
        """
        parts = Path(file).parts
        if not parts or Path(file).is_absolute() or ".." in parts:
            raise StorageError(say("{file} is no name of an archive file", file=file))
        return self.folder / file

    def sync(self) -> None:
        """Makes all that was written survive a power cut."""
        if self._file is not None:
            os.fsync(self._file.fileno())

    def close(self) -> None:
        """Closes the file in use."""
        if self._file is None:
            return
        try:
            self.sync()
            _marker(self.path(self._name)).unlink(missing_ok=True)
        finally:
            self._file.close()  # and with it the lock
            self._file = None

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _open(self, moment: datetime) -> IO[bytes]:
        day = moment.astimezone(UTC)
        if self._file is not None:
            if self._file.tell() < self.rotate_at and self._name.startswith(f"{day:%Y/%Y%m%d}"):
                return self._file
            self.close()
        number = 0
        while True:
            name = f"{day:%Y/%Y%m%d}-{number:04d}.warc.gz"
            file = self._take(name)
            if file is not None:
                self._file, self._name = file, name
                return file
            number += 1

    def _take(self, name: str) -> IO[bytes] | None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("ab+")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.close()
            return None
        marker = _marker(path)
        if marker.exists():  # its writer died
            self._cut(file, whole_length(path))
        end = file.seek(0, os.SEEK_END)
        if end >= self.rotate_at:
            marker.unlink(missing_ok=True)
            file.close()
            return None
        marker.touch()
        if end == 0:
            file.write(_warcinfo(path.name))
            file.flush()
        return file

    @staticmethod
    def _cut(file: IO[bytes], length: int) -> None:
        file.truncate(length)
        file.seek(0, os.SEEK_END)


def _marker(path: Path) -> Path:
    return path.with_name(path.name + ".open")


def is_in_use(path: Path) -> bool:
    """Whether a process writes to a file now, or died at it (its end is then cut when the file is next taken)."""
    if _marker(path).exists():
        return True
    try:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except FileNotFoundError:
        return False
    return False


def whole_length(path: Path) -> int:
    """The bytes of a file up to the end of its last whole record."""
    good = 0
    with path.open("rb") as stream:
        unpacker = zlib.decompressobj(zlib.MAX_WBITS + 16)
        at = 0
        rest = b""
        while True:
            chunk = rest or stream.read(1 << 16)
            if not chunk:
                return good
            try:
                unpacker.decompress(chunk)
            except zlib.error:
                return good
            at += len(chunk) - len(unpacker.unused_data)
            rest = unpacker.unused_data
            if unpacker.eof:
                good = at
                unpacker = zlib.decompressobj(zlib.MAX_WBITS + 16)


def _records(
    url: str,
    status: int,
    reason: str,
    headers: list[tuple[str, str]],
    body: bytes,
    sha256: str,
    fetched_at: datetime,
    request_headers: list[tuple[str, str]],
    method: str,
    metadata: Mapping[str, str] | None,
) -> tuple[bytes, bytes]:
    buffer = io.BytesIO()
    writer = WARCWriter(buffer, gzip=False, warc_version="1.1")
    kept = [(f"X-Archive-Orig-{k}" if k.lower() in HOP_HEADERS else k, v) for k, v in headers]
    kept.append(("Content-Length", str(len(body))))
    moment = f"{fetched_at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"
    http = StatusAndHeaders(f"{status} {reason}".rstrip(), kept, protocol="HTTP/1.1")
    extra = {"WARC-Date": moment, "WARC-Payload-Digest": f"sha256:{sha256}", **(metadata or {})}
    response = writer.create_warc_record(
        _uri(url), "response", payload=io.BytesIO(body), length=len(body), http_headers=http, warc_headers_dict=extra
    )
    writer.write_record(response)
    first = buffer.getvalue()
    if not request_headers:
        return _packed(first), b""
    buffer.seek(0)
    buffer.truncate()
    parts = urlsplit(url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    asked = StatusAndHeaders(f"{method} {_uri(target)} HTTP/1.1", request_headers, is_http_request=True)
    request = writer.create_warc_record(
        _uri(url),
        "request",
        http_headers=asked,
        warc_headers_dict={
            "WARC-Date": moment,
            "WARC-Concurrent-To": response.rec_headers.get_header("WARC-Record-ID"),
        },
    )
    writer.write_record(request)
    return _packed(first), _packed(buffer.getvalue())


def _packed(record: bytes) -> bytes:
    # Level 4: a fraction of the time of warcio's own level 9, for some percent of size.
    packer = zlib.compressobj(4, zlib.DEFLATED, zlib.MAX_WBITS + 16)
    return packer.compress(record) + packer.flush()


def _warcinfo(name: str) -> bytes:
    buffer = io.BytesIO()
    writer = WARCWriter(buffer, gzip=False, warc_version="1.1")
    writer.write_record(
        writer.create_warcinfo_record(name, {"software": "bureauwatch", "format": "WARC File Format 1.1"})
    )
    return _packed(buffer.getvalue())


PRINTABLE: Final = "".join(map(chr, range(0x20, 0x7F)))


def _uri(url: str) -> str:
    return quote(url, safe=PRINTABLE[1:], errors="surrogateescape")


def _pairs(headers: Headers | None) -> list[tuple[str, str]]:
    pairs = headers.items() if isinstance(headers, Mapping) else headers or ()
    # WARC's HTTP headers are ASCII; what is not is percent-encoded.
    return [(_uri(str(k)), quote(" ".join(str(v).split()), safe=PRINTABLE, errors="surrogateescape")) for k, v in pairs]


def _response(record: Any) -> ArchivedResponse:
    body = record.raw_stream.read()
    headers = [
        (k.removeprefix("X-Archive-Orig-"), v)
        for k, v in record.http_headers.headers
        if k.lower() != "content-length"
        or not any(n == "X-Archive-Orig-Content-Length" for n, _ in record.http_headers.headers)
    ]
    code = record.http_headers.get_statuscode()
    digest = record.rec_headers.get_header("WARC-Payload-Digest") or ""
    return ArchivedResponse(
        url=record.rec_headers.get_header("WARC-Target-URI"),
        status=int(code) if code and code.isdigit() else 0,
        headers=headers,
        body=body,
        fetched_at=datetime.fromisoformat(record.rec_headers.get_header("WARC-Date").replace("Z", "+00:00")),
        record_id=record.rec_headers.get_header("WARC-Record-ID") or "",
        sha256=digest.removeprefix("sha256:"),
    )


def responses(path: Path) -> Iterator[ArchivedResponse]:
    """All responses of a WARC file, up to a torn end."""
    with path.open("rb") as stream:
        try:
            for record in ArchiveIterator(stream):
                if record.rec_type == "response":
                    yield _response(record)
        except TORN:
            return


def unpack(body: bytes, encoding: str, limit: int = MOST_DECODED) -> bytes:
    """A body without its Content-Encoding, at most `limit` bytes; as it is where that fails."""
    for name in reversed([e.strip().lower() for e in encoding.split(",") if e.strip()]):
        try:
            if name in ("gzip", "x-gzip"):
                body = zlib.decompressobj(zlib.MAX_WBITS + 32).decompress(body, limit)
            elif name == "deflate":
                wbits = zlib.MAX_WBITS if body[:1] and body[0] & 0x0F == 8 else -zlib.MAX_WBITS
                body = zlib.decompressobj(wbits).decompress(body, limit)
            elif name == "br":
                body = _brotli(body, limit)
        except (zlib.error, ValueError):
            return body
    return body


def _brotli(body: bytes, limit: int) -> bytes:
    try:
        import brotli  # type: ignore[import-untyped,import-not-found,unused-ignore]
    except ImportError:
        return body
    try:
        unpacked: bytes = brotli.decompress(body)
    except brotli.error as error:
        raise ValueError(str(error)) from error
    return unpacked[:limit]


def _failed(error: OSError, folder: Path) -> StorageError:
    if error.errno in FULL:
        return DiskFullError(
            say("The archive could not be written: the disk is full"),
            cure=say("Free some space and run the command again; nothing was half written"),
        )
    return StorageError(
        say("The archive in {folder} cannot be written: {reason}", folder=folder, reason=error.strerror),
        cure=say("Check the rights of the folder"),
    )
