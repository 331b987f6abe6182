"""Making outside values fit for a database."""

from __future__ import annotations

import json
import re
from typing import Any, Final, TypeVar

T = TypeVar("T")

# As ASCII JSON writes NUL and halves of characters, which databases refuse.
UNFIT: Final = re.compile(r"\\u(?:0000|d[89a-f])")


def scrub(record: T) -> T:
    """JSON values without NUL and halves of characters."""
    if not UNFIT.search(json.dumps(record)):
        return record
    cleaned: T = _scrub(record)
    return cleaned


def _scrub(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\x00", "").encode("utf-8", "replace").decode()
    if isinstance(value, list):
        return [_scrub(v) for v in value]
    if isinstance(value, dict):
        return {k: _scrub(v) for k, v in value.items()}
    return value
