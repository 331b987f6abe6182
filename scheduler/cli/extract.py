"""`bureauwatch extract`: files and addresses to report records, without a database."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from pipelines.messages import say
from scheduler.cli.options import examples

LIMIT = 256 << 20


class ExtractFormat(StrEnum):
    """How records are written."""

    json = "json"
    jsonl = "jsonl"
    text = "text"


def register(app: typer.Typer) -> None:
    """Adds the command."""

    @app.command(
        help=say("Read pages and documents into report records; no database, no crawl.")
        + examples(
            "bureauwatch extract report.html --url https://www.example.gov.cn/art/2022/1/8/art_1_2.html",
            "bureauwatch extract *.pdf *.docx --format jsonl",
            "curl -s URL | bureauwatch extract - --format text",
        )
    )
    def extract(
        inputs: Annotated[
            list[str], typer.Argument(metavar="FILE|URL|-…", help=say("Files, web addresses, or - for standard input."))
        ],
        url: Annotated[
            str | None, typer.Option("--url", metavar="BASE", help=say("The page's address: makes its links absolute."))
        ] = None,
        format: Annotated[
            ExtractFormat | None,
            typer.Option("--format", "-f", help=say("json for one input, jsonl (a line an input) for several.")),
        ] = None,
    ) -> None:
        chosen = format or (ExtractFormat.json if len(inputs) == 1 else ExtractFormat.jsonl)
        failed = False

        def records() -> Iterator[dict[str, Any]]:
            nonlocal failed
            for name in inputs:
                record = read_record(name, url)
                failed |= "error" in record
                yield record

        _write(records(), chosen, many=len(inputs) > 1)
        raise typer.Exit(1 if failed else 0)


def read_record(name: str, base: str | None = None) -> dict[str, Any]:
    """One input's record; one that cannot be read has `error`, a sentence."""
    from pipelines.errors import BureauwatchError
    from pipelines.items import to_record
    from pipelines.reading import read_file

    try:
        raw, url, content_type = _load(name)
        file_name = None if "://" in name or name == "-" else Path(name).name
        report = read_file(raw, name=file_name, url=base or url, content_type=content_type)
    except BureauwatchError as error:
        return {"file": name, "error": str(error)}
    except OSError as error:
        return {"file": name, "error": f"{name}: {error.strerror or error}"}
    except Exception as error:  # noqa: BLE001 - one file's trouble must not take the others along
        reason = say("the program failed on it ({cause}); please report it", cause=type(error).__name__)
        return {"file": name, "error": f"{name}: {reason}"}
    record: dict[str, Any] = to_record(report)
    record = {"file": name, **{k: v for k, v in record.items() if k != "file"}}
    if why := unreadable(report.flags):
        record["error"] = f"{name}: {why}"
    return record


def unreadable(flags: Sequence[str]) -> str | None:
    """What the flags of a file that gave nothing mean."""
    reasons = {
        "empty": say("the file is empty"),
        "encrypted": say("the document needs a password"),
        "document_limit": say("reading the document took more time, memory or output than allowed"),
        "unreadable": say("the document is damaged or is no document"),
    }
    return next((reasons[flag] for flag in flags if flag in reasons), None)


def _load(name: str) -> tuple[bytes, str | None, str | None]:
    from pipelines.errors import ReadError

    if name == "-":
        raw = sys.stdin.buffer.read(LIMIT + 1)
    elif "://" in name:
        from pipelines.errors import FetchError
        from scheduler.cli.context import fetcher

        with fetcher() as fetch:
            page = fetch(name)
        if page.status != 200:
            raise FetchError(
                say("{url} answered HTTP {status}", url=name, status=page.status), failure="http", url=name
            )
        return page.raw, page.url, page.headers.get("content-type")
    else:
        path = Path(name)
        if path.is_dir():
            raise ReadError(say("{file} is a folder", file=name), cure=say("Name its files"))
        with path.open("rb") as file:
            raw = file.read(LIMIT + 1)
    if len(raw) > LIMIT:
        raise ReadError(say("{file} is larger than 256 MiB", file=name))
    return raw, None, None


def _write(records: Iterator[dict[str, Any]], format: ExtractFormat, *, many: bool) -> None:
    from scheduler.exports import write_json, write_jsonl

    if format is ExtractFormat.json and many:
        write_json(_told(records), sys.stdout)
    elif format is ExtractFormat.json:
        import json

        for record in _told(records):
            text = json.dumps(record, ensure_ascii=False, indent=2)
            sys.stdout.write(text.encode("utf-8", "replace").decode() + "\n")
    elif format is ExtractFormat.jsonl:
        for record in _told(records):
            write_jsonl([record], sys.stdout)
            sys.stdout.flush()
    else:
        for place, record in enumerate(_told(records)):
            if many:
                sys.stdout.write(("\n" if place else "") + f"==> {record['file']} <==\n")
            if record.get("title"):
                sys.stdout.write(f"{record['title']}\n\n")
            if record.get("body") or "error" not in record:
                sys.stdout.write(str(record.get("body") or "") + "\n")


def _told(records: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Says each error on stderr too, where people look."""
    for record in records:
        if "error" in record:
            typer.echo(say("error: {text}", text=record["error"]), err=True)
        yield record
