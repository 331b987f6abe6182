"""Runs the document reader in a process of its own, so that a crash, a hang or a memory bomb costs one document.

A worker that answered is kept warm for the next file; one that did not is killed. Calls are blocking and thread-safe:
inside an event loop go through a thread (`read_document_async`).
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import select
import signal
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pipelines
from pipelines import errors
from pipelines.documents.model import DocumentText, Limits
from pipelines.errors import DocumentError, DocumentLimitError

_LENGTH = struct.Struct(">Q")
_MAX_ANSWER = 128 << 20
_MAX_DOCUMENTS = 100
_MAX_IDLE = 2
_START_SECONDS = 20.0
_KEPT_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "TESSDATA_PREFIX", "SYSTEMROOT", "TMPDIR")


class _Worker:
    def __init__(self) -> None:
        environment = {k: v for k in _KEPT_ENVIRONMENT if (v := os.environ.get(k)) is not None}
        # the first package folder is where this very code was imported from, installed or not
        environment["PYTHONPATH"] = str(Path(pipelines.__file__).parent.parent)
        environment["OMP_THREAD_LIMIT"] = environment["OPENBLAS_NUM_THREADS"] = "1"
        environment["MALLOC_ARENA_MAX"] = "2"
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "pipelines.documents.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            start_new_session=True,
        )
        self.documents = 0
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:
            raise DocumentError("the reader's process has no pipes")
        self._stdin, self._stdout = stdin.fileno(), stdout.fileno()
        os.set_blocking(self._stdin, False)
        os.set_blocking(self._stdout, False)

    def ask(self, raw: bytes, head: bytes, seconds: float) -> dict[str, Any]:
        deadline = time.monotonic() + seconds + (_START_SECONDS if self.documents == 0 else 0)
        self.documents += 1
        for piece in (_LENGTH.pack(len(head)) + head + _LENGTH.pack(len(raw)), raw):
            self._send(piece, deadline)
        (length,) = _LENGTH.unpack(self._receive(_LENGTH.size, deadline))
        if length > _MAX_ANSWER:
            raise DocumentLimitError("the file holds more text than is read")
        answer: dict[str, Any] = json.loads(self._receive(length, deadline))
        return answer

    def _send(self, data: bytes, deadline: float) -> None:
        view = memoryview(data)
        while view:
            _wait(self._stdin, select.POLLOUT, deadline)
            try:
                view = view[os.write(self._stdin, view[: 1 << 16]) :]
            except BlockingIOError:
                continue
            except OSError:
                raise self._death() from None

    def _receive(self, length: int, deadline: float) -> bytes:
        pieces: list[bytes] = []
        while length:
            _wait(self._stdout, select.POLLIN, deadline)
            piece = os.read(self._stdout, min(length, 1 << 20))
            if not piece:
                raise self._death()
            pieces.append(piece)
            length -= len(piece)
        return b"".join(pieces)

    def _death(self) -> DocumentError:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(1)
        if self._process.returncode in {-signal.SIGXCPU, -signal.SIGKILL}:
            return DocumentLimitError("the file took too much time or memory to read")
        return DocumentLimitError("reading the file ended its process")

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def close(self) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            # the whole group: a recogniser may have children of its own
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()


def _wait(stream: int, event: int, deadline: float) -> None:
    poll = select.poll()
    poll.register(stream, event)
    if not poll.poll(max(0.0, deadline - time.monotonic()) * 1000):
        raise DocumentLimitError("the file took too long to read")


class _Pool:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._idle: list[_Worker] = []
        self._owner = os.getpid()

    def take(self) -> _Worker:
        with self._lock:
            if self._owner != os.getpid():  # after a fork the pipes belong to the parent
                self._idle, self._owner = [], os.getpid()
            while self._idle:
                worker = self._idle.pop()
                if worker.alive:
                    return worker
                worker.close()
        return _Worker()

    def give(self, worker: _Worker) -> None:
        with self._lock:
            if worker.documents < _MAX_DOCUMENTS and len(self._idle) < _MAX_IDLE:
                self._idle.append(worker)
                return
        worker.close()

    def close(self) -> None:
        with self._lock:
            idle, self._idle = self._idle, []
        if self._owner == os.getpid():
            for worker in idle:
                worker.close()


_pool = _Pool()
close_workers = _pool.close
"""Ends the idle worker processes; they end by themselves with the program."""
atexit.register(_pool.close)


def run(raw: bytes, name: str | None, limits: Limits, *, ocr: bool = False) -> DocumentText:
    """Reads one document in a worker process.

    Raises:
        DocumentError: see `parse_document`; DocumentLimitError also when the worker died or was killed.
    """
    if len(raw) > limits.size:
        raise DocumentLimitError(f"the file has {len(raw)} bytes, more than is read")
    head = json.dumps({"name": name, "limits": limits.to_json(), "ocr": ocr}).encode()
    worker = _pool.take()
    try:
        answer = worker.ask(raw, head, limits.seconds)
    except BaseException:
        worker.close()
        raise
    _pool.give(worker)
    if "document" in answer:
        return DocumentText.from_json(answer["document"])
    kind = getattr(errors, answer["error"], DocumentError)
    raise kind(answer["message"])
