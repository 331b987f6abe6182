"""An alert as it is handed to a channel."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Style = Literal["text", "markdown", "simple", "html", "page"]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an alert. `kind` says how it is set; only `detail` lines may be dropped to meet a length.

    `label` stands before the text, its colon included.
    """

    kind: Literal["title", "field", "detail", "heading", "link", "foot"]
    text: str = ""
    label: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """A subject, lines, and the same as data for machines. `key` names it for good: each retry has the same."""

    key: str
    subject: str
    lines: list[Line]
    event: dict[str, Any]
    at: datetime
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Limits:
    """How a channel wants its text: style, greatest length, and how that is measured."""

    style: Style = "text"
    length: int = 4000
    measure: Callable[[str], int] = field(default=len)
