"""Object and array literals of JavaScript read as data, never run: bare keys, single quotes, comments."""

from __future__ import annotations

import json
import re
from typing import Any

MAX_LENGTH = 4_000_000
MAX_DEPTH = 60
NAME = re.compile(r"[A-Za-z_$][\w$.]*")
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
SPACE = re.compile(r"(?:\s+|//[^\n]*|/\*(?:[^*]|\*(?!/))*\*/)*")
WORDS = {"true": True, "false": False, "null": None, "undefined": None}
ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}


class LiteralError(ValueError):
    """The text is no literal of data (it calls, adds, or ends early)."""


class _Reader:
    def __init__(self, text: str, position: int) -> None:
        self.text = text
        self.at = position

    def space(self) -> None:
        match = SPACE.match(self.text, self.at)
        if match:
            self.at = match.end()

    def value(self, depth: int) -> Any:
        if depth > MAX_DEPTH:
            raise LiteralError("too deep")
        self.space()
        char = self.text[self.at : self.at + 1]
        if char == "{":
            return self.table(depth)
        if char == "[":
            return self.array(depth)
        if char in ("'", '"', "`") and char:
            return self.string(char)
        if match := NUMBER.match(self.text, self.at):
            self.at = match.end()
            return float(match[0]) if re.search(r"[.eE]", match[0]) else int(match[0])
        if match := NAME.match(self.text, self.at):
            self.at = match.end()
            return WORDS.get(match[0])
        raise LiteralError(f"unexpected {char!r}")

    def string(self, quote: str) -> str:
        parts: list[str] = []
        at = self.at + 1
        while True:
            end = at
            while end < len(self.text) and self.text[end] not in (quote, "\\"):
                end += 1
            parts.append(self.text[at:end])
            if end >= len(self.text):
                raise LiteralError("string without end")
            if self.text[end] == quote:
                self.at = end + 1
                return "".join(parts)
            escape = self.text[end + 1 : end + 2]
            at = end + 2
            if escape in ("u", "x"):
                width = 4 if escape == "u" else 2
                try:
                    parts.append(chr(int(self.text[at : at + width], 16)))
                except ValueError:
                    raise LiteralError("bad escape") from None
                at += width
            else:
                parts.append(ESCAPES.get(escape, escape))

    def table(self, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        self.at += 1
        while True:
            self.space()
            char = self.text[self.at : self.at + 1]
            if char == "}":
                self.at += 1
                return found
            if char == ",":
                self.at += 1
                continue
            if char in ("'", '"') and char:
                key = self.string(char)
            elif match := re.compile(r"[\w$]+").match(self.text, self.at):
                key = match[0]
                self.at = match.end()
            else:
                raise LiteralError(f"unexpected {char!r}")
            self.space()
            if self.text[self.at : self.at + 1] != ":":
                raise LiteralError("no value")
            self.at += 1
            found[key] = self.value(depth + 1)
            self.tail()

    def array(self, depth: int) -> list[Any]:
        found: list[Any] = []
        self.at += 1
        while True:
            self.space()
            char = self.text[self.at : self.at + 1]
            if char == "]":
                self.at += 1
                return found
            if char == ",":
                self.at += 1
                continue
            found.append(self.value(depth + 1))
            self.tail()

    def tail(self) -> None:
        """After a value only `,`, `}` or `]` may follow: anything else is a computation."""
        self.space()
        if self.text[self.at : self.at + 1] not in (",", "}", "]"):
            raise LiteralError("a computed value")


def literal_at(text: str, position: int) -> Any:
    """The literal that begins at a position.

    Raises:
        LiteralError: it is none.
    """
    text = text[:MAX_LENGTH]
    if text[position : position + 1] in ("{", "["):
        try:
            return json.JSONDecoder(strict=False).raw_decode(text, position)[0]
        except (ValueError, RecursionError):
            pass
    return _Reader(text, position).value(0)


def literal_after(text: str, pattern: str) -> Any:
    """The literal that follows the first match of a pattern; None where there is none."""
    for match in re.finditer(pattern, text):
        position = match.end()
        if space := SPACE.match(text, position):
            position = space.end()
        try:
            return literal_at(text, position)
        except LiteralError:
            continue
    return None
