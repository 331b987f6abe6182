"""From a YAML file to plain data with the line of every key: hostile and mistaken files end in one clear line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml

from pipelines.errors import SourceError
from pipelines.messages import say

MAX_BYTES = 256 * 1024
MAX_DEPTH = 12
MAX_ALIASES = 20
MAX_NODES = 20_000

LOADER: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
KeyPath = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A file's data and where each of its keys stands (1-based lines)."""

    data: dict[str, Any]
    lines: dict[KeyPath, int]


def read_document(path: Path) -> Document:
    """Reads one YAML mapping with bounds on size, depth and aliases.

    Raises:
        SourceError: the file cannot be read, is no YAML, or is no mapping.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise SourceError(
            say("cannot be read: {reason}", reason=error.strerror or str(error)), file=str(path)
        ) from None
    return parse_document(raw, str(path))


def parse_document(raw: bytes, file: str) -> Document:
    """Like read_document, from bytes; `file` is the name in messages."""
    if len(raw) > MAX_BYTES:
        raise SourceError(say("is larger than {limit} KiB", limit=MAX_BYTES // 1024), file=file)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise SourceError(say("is not UTF-8 text"), file=file, line=line, cure=say("Save the file as UTF-8")) from None
    try:
        _bound(text, file)
        node = yaml.compose(text, LOADER)
    except yaml.MarkedYAMLError as error:
        raise _syntax_error(error, text, file) from None
    except yaml.YAMLError as error:
        raise SourceError(say("is no YAML: {reason}", reason=str(error).split("\n")[0]), file=file) from None
    if node is None:
        raise SourceError(say("is empty"), file=file, cure=say("A source needs id, name and columns"))
    builder = _Builder(file)
    data = builder.build(node, (), 1)
    if not isinstance(data, dict):
        raise SourceError(
            say("expected keys and values, found {found}", found=describe(data)),
            file=file,
            line=node.start_mark.line + 1,
            cure=say("A source needs id, name and columns"),
        )
    return Document(data, builder.lines)


def describe(value: object) -> str:
    """What a value is, in the user's words."""
    match value:
        case None:
            return say("nothing")
        case bool():
            return say("a yes/no value")
        case int() | float():
            return say("a number")
        case str():
            return say("text")
        case datetime() | date():
            return say("a date")
        case list():
            return say("a list")
        case dict():
            return say("keys and values")
        case _:
            return type(value).__name__


def _bound(text: str, file: str) -> None:
    """Walks the flat event stream before any tree is made, so that nesting and aliases cost nothing."""
    depth = aliases = 0
    for event in yaml.parse(text, LOADER):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        elif isinstance(event, yaml.AliasEvent):
            aliases += 1
        line = event.start_mark.line + 1 if event.start_mark else None
        if depth > MAX_DEPTH:
            raise SourceError(say("is nested too deeply"), file=file, line=line)
        if aliases > MAX_ALIASES:
            raise SourceError(say("has too many aliases (*name)"), file=file, line=line)


def _syntax_error(error: yaml.MarkedYAMLError, text: str, file: str) -> SourceError:
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark else None
    lines = text.split("\n")
    here = lines[line - 1] if line and line <= len(lines) else ""
    if "\t" in here[: len(here) - len(here.lstrip())] or (mark and here[mark.column : mark.column + 1] == "\t"):
        return SourceError(
            say("a tab stands here"), file=file, line=line, cure=say("YAML is indented with spaces alone")
        )
    problem = error.problem or str(error).split("\n")[0]
    return SourceError(
        say("is no YAML: {reason}", reason=problem),
        file=file,
        line=line,
        cure=say("Check the indentation and quotes of this line and the one before"),
    )


class _Builder:
    """Plain values from nodes: safe tags only, no duplicate keys, a bound on what aliases can multiply."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.lines: dict[KeyPath, int] = {}
        self.nodes = 0
        self.scalars = yaml.SafeLoader("")

    def build(self, node: yaml.Node, path: KeyPath, depth: int) -> Any:
        self.nodes += 1
        line = node.start_mark.line + 1
        self.lines.setdefault(path, line)
        if self.nodes > MAX_NODES or depth > MAX_DEPTH:
            raise SourceError(say("aliases make it too large"), file=self.file, line=line)
        if isinstance(node, yaml.MappingNode) and node.tag == "tag:yaml.org,2002:map":
            return self._mapping(node, path, depth)
        if isinstance(node, yaml.SequenceNode) and node.tag == "tag:yaml.org,2002:seq":
            return [self.build(child, (*path, index), depth + 1) for index, child in enumerate(node.value)]
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node, path, line)
        raise self._bad_tag(node, path, line)

    def _mapping(self, node: yaml.MappingNode, path: KeyPath, depth: int) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            key = key_node.value
            if not isinstance(key_node, yaml.ScalarNode) or key_node.tag.endswith(":merge"):
                raise SourceError(say("expected a plain key"), file=self.file, line=line, key=dotted(path))
            if key in result:
                raise SourceError(say("this key stands twice"), file=self.file, line=line, key=dotted((*path, key)))
            self.lines[(*path, key)] = line
            result[key] = self.build(value_node, (*path, key), depth + 1)
        return result

    def _scalar(self, node: yaml.ScalarNode, path: KeyPath, line: int) -> Any:
        kind = node.tag.removeprefix("tag:yaml.org,2002:")
        if kind == "int" and ":" in node.value:
            return node.value  # YAML 1.1 takes 20:00 for the number 1200; here it is a time of day
        if kind not in ("str", "int", "float", "bool", "null", "timestamp"):
            raise self._bad_tag(node, path, line)
        try:
            return self.scalars.construct_object(node)
        except (ValueError, yaml.YAMLError):
            raise SourceError(
                say("{value} is no {kind}", value=node.value[:60], kind=kind),
                file=self.file,
                line=line,
                key=dotted(path),
                cure=say("Put text in quotes"),
            ) from None

    def _bad_tag(self, node: yaml.Node, path: KeyPath, line: int) -> SourceError:
        return SourceError(
            say("the tag {tag} is not taken", tag=node.tag.replace("tag:yaml.org,2002:", "!!")[:80]),
            file=self.file,
            line=line,
            key=dotted(path) or None,
            cure=say("Write plain text, numbers, lists and keys"),
        )


def dotted(path: KeyPath) -> str:
    """`columns[0].url` of a key's path."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text
