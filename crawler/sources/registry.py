"""All sources of a folder: one YAML file a bureau; a wrong file is told of and never stops the others."""

from __future__ import annotations

import difflib
import typing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from crawler.sources.files import Document, KeyPath, describe, dotted, parse_document, read_document
from crawler.sources.model import Source
from pipelines.config import Config
from pipelines.errors import SourceError, UnknownNameError
from pipelines.messages import say

CATALOGUE = Path(__file__).parent / "catalogue"


@dataclass(slots=True)
class Registry:
    """The sources by id, and what was wrong with the files that gave none."""

    sources: dict[str, Source] = field(default_factory=dict)
    errors: list[SourceError] = field(default_factory=list)
    files: dict[str, Path] = field(default_factory=dict)

    def get(self, source_id: str) -> Source:
        """The source of that id.

        Raises:
            SourceError: its file is wrong.
            UnknownNameError: no file has it; names the nearest.
        """
        if source_id in self.sources:
            return self.sources[source_id]
        for error in self.errors:
            if Path(error.file).stem == source_id:
                raise error
        near = difflib.get_close_matches(source_id, self.sources, n=1)
        cure = say("Did you mean {name}?", name=near[0]) if near else say("`bureauwatch sources list` shows them all")
        raise UnknownNameError(say("No source {name}", name=source_id), cure=cure)


def sources_folder(config: Config) -> Path:
    """The folder in use: the user's, or the shipped catalogue."""
    return config.sources or CATALOGUE


def load_sources(folder: Path) -> Registry:
    """Reads every `*.yaml` and `*.yml` below a folder, in the order of their names.

    Raises:
        SourceError: the folder itself is missing.
    """
    if not folder.is_dir():
        raise SourceError(
            say("no such folder of sources"),
            file=str(folder),
            cure=say("Set BUREAUWATCH_SOURCES to a folder of YAML files"),
        )
    registry = Registry()
    for path in sorted(p for p in folder.rglob("*") if p.suffix in (".yaml", ".yml") and p.is_file()):
        if path.name.startswith("."):
            continue
        try:
            source = load_source(path)
            if source.id in registry.sources:
                raise SourceError(
                    say("the id {id} is taken by {file}", id=source.id, file=registry.files[source.id].name),
                    file=str(path),
                    line=read_document(path).lines.get(("id",)),
                    key="id",
                    cure=say("Give each source an id of its own"),
                )
        except SourceError as error:
            registry.errors.append(error)
            continue
        registry.sources[source.id] = source
        registry.files[source.id] = path
    return registry


def load_source(path: Path) -> Source:
    """One source from its file.

    Raises:
        SourceError: names file, line, key and what was expected.
    """
    return _validate(read_document(path), str(path))


def parse_source(raw: bytes, file: str = "-") -> Source:
    """One source from YAML bytes; `file` is the name in messages."""
    return _validate(parse_document(raw, file), file)


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a source file."""
    schema = Source.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "bureauwatch source"}


def write_source(source: Source, folder: Path, *, replace: bool = False) -> Path:
    """Writes a source as `<id>.yaml`, whole or not at all.

    Raises:
        SourceError: the file is there already and `replace` is off, or the folder cannot be written.
    """
    path = folder / f"{source.id}.yaml"
    if path.exists() and not replace:
        raise SourceError(say("is there already"), file=str(path), cure=say("Choose another id, or edit that file"))
    part = path.with_suffix(".yaml.part")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        part.write_text(to_yaml(source), encoding="utf-8")
        part.replace(path)
    except OSError as error:
        raise SourceError(
            say("cannot be written: {reason}", reason=error.strerror or str(error)), file=str(path)
        ) from None
    return path


def to_yaml(source: Source) -> str:
    """The YAML text of a source: only what differs from the defaults, in the model's order."""
    data = source.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=120)


def _validate(document: Document, file: str) -> Source:
    try:
        return Source.model_validate(document.data)
    except ValidationError as error:
        errors = error.errors()
        # a misspelt key is also why another one is missing
        first = next((e for e in errors if e["type"] == "extra_forbidden"), errors[0])
        path = tuple(first["loc"])
        message, cure = _explain(first, path)
        raise SourceError(
            message, file=file, line=_line(document.lines, path), key=dotted(path) or None, cure=cure
        ) from None


def _line(lines: dict[KeyPath, int], path: KeyPath) -> int | None:
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path)


def _explain(error: ErrorDetails, path: KeyPath) -> tuple[str, str | None]:
    """A validation error in the user's words: what was expected, and a cure where there is one."""
    kind, found = error["type"], error.get("input")
    context: dict[str, Any] = error.get("ctx") or {}
    if kind == "missing":
        return say("this key is missing"), None
    if kind == "extra_forbidden":
        known = _keys_at(path[:-1])
        near = difflib.get_close_matches(str(path[-1]), known, n=1)
        if near:
            return say("unknown key"), say("Did you mean {name}?", name=near[0])
        return say("unknown key"), say("Known keys: {keys}", keys=", ".join(sorted(known)))
    expected = {
        "string_type": say("text"),
        "int_type": say("a whole number"),
        "float_type": say("a number"),
        "bool_type": say("true or false"),
        "list_type": say("a list"),
        "dict_type": say("keys and values"),
        "model_type": say("keys and values"),
        "model_attributes_type": say("keys and values"),
        "date_type": say("a date such as 2021-01-31"),
    }.get(kind)
    if expected:
        cure = say("Put it in quotes") if kind == "string_type" and isinstance(found, int | float) else None
        return say("expected {expected}, found {found}", expected=expected, found=describe(found)), cure
    if kind == "value_error":
        return str(context.get("error", error["msg"])), None
    if kind == "too_short":
        return say("expected one at least"), None
    if kind == "literal_error":
        return say("expected {expected}, found {found}", expected=context["expected"], found=repr(found)[:60]), None
    if kind == "string_pattern_mismatch" and path == ("id",):
        return say("expected small letters, digits, - and _ (64 at most), found {found}", found=repr(found)[:80]), None
    if kind == "string_pattern_mismatch" and path == ("jurisdiction",):
        return say("expected the six digits of an adcode, found {found}", found=repr(found)[:60]), None
    return f"{error['msg'][0].lower()}{error['msg'][1:]}", None


def _keys_at(path: KeyPath) -> list[str]:
    model: Any = Source
    for part in path:
        if isinstance(part, int):
            continue
        annotation = model.model_fields[part].annotation if part in model.model_fields else None
        model = next((m for m in _models(annotation)), None)
        if model is None:
            return []
    return [f.alias or name for name, f in model.model_fields.items()]


def _models(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for arg in typing.get_args(annotation) for model in _models(arg)]
