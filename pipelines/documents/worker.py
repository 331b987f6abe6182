"""The process that parses documents: bounded by the kernel, fed through its standard streams, one file after another.

Request: an 8-byte length, a JSON head {name, limits, ocr}, an 8-byte length, the file. Answer: an 8-byte length and
JSON, either {"document": …} or {"error": class, "message": …}. The process ends when its input does.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import struct
import sys
from typing import Any, BinaryIO

from pipelines.documents.model import Limits
from pipelines.documents.parsing import parse_document
from pipelines.errors import DocumentError, DocumentLimitError

_LENGTH = struct.Struct(">Q")
_MAX_FILES = 64
_MAX_WRITTEN = 64 << 20


def main() -> None:
    """Answers requests until the input ends."""
    source, target = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a library that prints must not break the answer
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_MAX_FILES, _MAX_FILES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_MAX_WRITTEN, _MAX_WRITTEN))
    sys.setrecursionlimit(3000)
    while (head := _receive(source)) is not None:
        request = json.loads(head)
        raw = _receive(source)
        if raw is None:
            return
        answer = json.dumps(_answer(raw, request)).encode()
        target.write(_LENGTH.pack(len(answer)) + answer)
        target.flush()


def _receive(source: BinaryIO) -> bytes | None:
    head = source.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    body = source.read(length)
    return body if len(body) == length else None


def _answer(raw: bytes, request: dict[str, Any]) -> dict[str, Any]:
    limits = Limits(**request["limits"])
    _bound(limits)
    try:
        return {"document": parse_document(raw, request["name"], limits, ocr=request["ocr"]).to_json()}
    except DocumentError as error:
        return {"error": type(error).__name__, "message": error.message}
    except (MemoryError, RecursionError) as error:
        return {"error": DocumentLimitError.__name__, "message": f"reading needs too much: {type(error).__name__}"}
    except Exception as error:  # noqa: BLE001 - whatever a hostile file raises costs that file alone
        return {"error": DocumentError.__name__, "message": f"the file cannot be read: {type(error).__name__}"}


def _bound(limits: Limits) -> None:
    """Memory for the process, and CPU seconds from now on: the kernel ends it when it goes over."""
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (limits.memory, resource.getrlimit(resource.RLIMIT_AS)[1]))
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime + limits.seconds) + 1
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.getrlimit(resource.RLIMIT_CPU)[1]))


if __name__ == "__main__":
    main()
