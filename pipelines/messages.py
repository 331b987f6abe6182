"""The program's own words in the user's language: English in the code, Chinese from `locale/zh/*.json`.

The English text is the key, with `{name}` fields filled in by keyword: `say("{count} reports found", count=3)`.
Report content never goes through here. A test finds every `say("…")` in the code and fails where Chinese is missing.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib.resources import files


@cache
def _chinese() -> dict[str, str]:
    words: dict[str, str] = {}
    for file in sorted(files("pipelines").joinpath("locale/zh").iterdir(), key=lambda f: f.name):
        if file.name.endswith(".json"):
            words.update(json.loads(file.read_text(encoding="utf-8")))
    return words


_spoken: ContextVar[str | None] = ContextVar("spoken", default=None)


def language() -> str:
    """`zh` or `en`, by `BUREAUWATCH_LANGUAGE`."""
    chosen = _spoken.get() or os.environ.get("BUREAUWATCH_LANGUAGE", "")
    return "zh" if chosen.lower().startswith("zh") else "en"


@contextmanager
def speaking(name: str) -> Iterator[None]:
    """Another language meanwhile: a subscriber's need not be the program's."""
    token = _spoken.set(name)
    try:
        yield
    finally:
        _spoken.reset(token)


def say(text: str, /, **values: object) -> str:
    """The text in the user's language, its `{name}` fields filled in; English where no translation exists."""
    if language() == "zh":
        text = _chinese().get(text, text)
    return text.format(**values) if values else text
