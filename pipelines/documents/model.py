"""What a document reader returns, and how much it may use for it."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Any

from pipelines.items import Table


@dataclass(slots=True)
class DocumentText:
    """A document's readable content.

    `text`: paragraphs by `\\n`, tables as rows with `\\t` where they stand (a cell covered by a span is empty there);
    `tables`: the same tables as grids with their spans written out. `title`: the file's own property, often wrong.
    `pages`: pages, sheets or slides. `members`: names of the files in an archive or attached inside a document.
    """

    text: str = ""
    tables: list[Table] = field(default_factory=list)
    media_type: str = "application/octet-stream"
    title: str | None = None
    pages: int | None = None
    flags: list[str] = field(default_factory=list)
    members: list[str] = field(default_factory=list)

    def flag(self, name: str) -> None:
        """Adds a flag once."""
        if name not in self.flags:
            self.flags.append(name)

    def to_json(self) -> dict[str, Any]:
        """Plain values, for the way from the worker process to its caller."""
        return dataclasses.asdict(self)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> DocumentText:
        """The reverse of `to_json`."""
        return cls(**values)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one document may cost: wall clock and CPU in seconds, the others in bytes, pages, characters or rows."""

    seconds: float = 30.0
    memory: int = 1 << 30
    size: int = 64 << 20
    unpacked: int = 256 << 20
    """Bytes that one member of a compressed container may unpack to."""
    characters: int = 4_000_000
    pages: int = 400
    rows: int = 20_000
    """Rows read of one sheet."""
    cells: int = 400_000
    """Cells kept of all tables together."""
    members: int = 5_000

    def to_json(self) -> dict[str, Any]:
        """Plain values, for the way to the worker process."""
        return dataclasses.asdict(self)
