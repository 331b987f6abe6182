"""`bureauwatch sources probe` and `add`: from an address to a source file."""

from __future__ import annotations

import contextlib
import json
import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipelines.messages import say
from scheduler.cli.context import console, fetcher, registry, settings
from scheduler.cli.options import examples
from scheduler.cli.output import cell, make_table, moment

if TYPE_CHECKING:
    from crawler.probe import ProbeResult
    from crawler.sources.model import Column, Source

SHOWN = 8
FIRST_CHECK = 60
"""Seconds."""


RenderOption = Annotated[bool, typer.Option("--render", help=say("Load pages in a browser (render: true)."))]
LegacyOption = Annotated[bool, typer.Option("--legacy-tls", help=say("Accept old encryption (tls: legacy)."))]


class ProbeFormat(StrEnum):
    """How a probe's result is written."""

    table = "table"
    json = "json"


def register(group: typer.Typer) -> None:
    """Adds the commands."""

    @group.command(
        help=say("Look at one address: platform, entries, dates, next page, one report as a sample, suggested YAML.")
        + examples("bureauwatch sources probe https://www.example.gov.cn/zwgk/gzzj/")
    )
    def probe(
        url: Annotated[str, typer.Argument(metavar="URL|ID", help=say("An address, or a source: its first column."))],
        zone: Annotated[str, typer.Option("--zone", help=say("The bureau's time zone."))] = "Asia/Shanghai",
        render: RenderOption = False,
        legacy: LegacyOption = False,
        format: Annotated[
            ProbeFormat, typer.Option("--format", "-f", help=say("table for people, json for programs."))
        ] = ProbeFormat.table,
    ) -> None:
        from crawler.probe import probe as look

        source, column = _known(url)
        asked = source or _asked(url, render=render, legacy=legacy)
        with fetcher(source=asked) as fetch:
            address = column.url if column else url
            result = look(address, fetch, zone=source.timezone if source else zone, column=column)
        _keep(result, asked)
        if format is ProbeFormat.json:
            text = json.dumps(result.to_record(), ensure_ascii=False, indent=2, default=str)
            sys.stdout.write(text.encode("utf-8", "replace").decode() + "\n")
        else:
            show_probe(result)
        raise typer.Exit(0 if result.ok else 1)

    @group.command(
        help=say("Probe an address, write its source file, and run a first check. A home page's columns can be chosen.")
        + examples(
            "bureauwatch sources add https://www.example.gov.cn/zwgk/gzzj/ --id example --name 某某市公安局",
            "bureauwatch sources add https://www.example.gov.cn/ --column 1 --column 3",
        )
    )
    def add(
        url: Annotated[str, typer.Argument(metavar="URL")],
        source_id: Annotated[
            str | None, typer.Option("--id", help=say("The source's id; default: from the host."))
        ] = None,
        name: Annotated[
            str | None, typer.Option("--name", help=say("The bureau's name; default: from the page."))
        ] = None,
        column: Annotated[
            list[int] | None,
            typer.Option(
                "--column", metavar="N", min=1, help=say("Of a home page: take its n-th column; may be repeated.")
            ),
        ] = None,
        zone: Annotated[str, typer.Option("--zone", help=say("The bureau's time zone."))] = "Asia/Shanghai",
        render: RenderOption = False,
        legacy: LegacyOption = False,
        no_check: Annotated[bool, typer.Option("--no-check", help=say("Write the file and do not crawl yet."))] = False,
        replace: Annotated[bool, typer.Option("--replace", help=say("Write over a source of that id."))] = False,
    ) -> None:
        source = _make(url, source_id, name, column or [], zone, _asked(url, render=render, legacy=legacy))
        path = _write(source, replace=replace)
        typer.echo(say("written: {file}", file=path))
        if no_check:
            typer.echo(say("Next: bureauwatch crawl {id}", id=source.id))
            return
        _first_check(source)


def show_probe(result: ProbeResult) -> None:
    """A probe's result for people."""
    screen = console()
    facts = make_table(None, ("", {"style": "bold", "no_wrap": True}), ("", {"ratio": 1}))
    facts.show_header = False
    facts.add_row(say("address"), cell(result.final_url or result.url, 300))
    if result.platform:
        sure = f"{result.platform} ({result.confidence:.0%})"
        facts.add_row(say("made with"), cell(f"{sure}  {result.evidence}", 200))
    if result.site_name or result.column_name:
        facts.add_row(say("name"), cell(" · ".join(n for n in (result.site_name, result.column_name) if n)))
    if result.count:
        total = f" / {result.total_entries}" if result.total_entries else ""
        pages = say("{count} pages", count=result.total_pages) if result.total_pages else ""
        facts.add_row(say("entries"), cell(f"{result.count}{total}  {pages}"))
    if result.next_url:
        facts.add_row(say("next page"), cell(f"{result.next_method} {result.next_url}", 300))
    if result.robots:
        delay = result.robots.get("crawl_delay")
        facts.add_row("robots.txt", cell(f"{say('allowed')}{f', Crawl-delay {delay:g}' if delay else ''}"))
    if result.validators:
        answered = {True: say("answered 304"), False: say("ignored"), None: say("none offered")}
        facts.add_row(say("conditional requests"), cell(answered[result.validators.get("not_modified")]))
    if result.needs_render:
        facts.add_row(say("render"), say("a script makes the list: the source needs render: true"))
    for note in result.notes:
        facts.add_row("", cell(note, 300))
    screen.print(facts)
    if result.entries:
        made = make_table(
            None, (say("published"), {"no_wrap": True}), (say("title"), {"ratio": 2}), (say("address"), {"ratio": 2})
        )
        for entry in result.entries[:SHOWN]:
            mark = say("pinned") + " · " if entry.pinned else ""
            made.add_row(
                moment(entry.hints.published), cell(f"{mark}{entry.hints.title or ''}", 120), cell(entry.url, 160)
            )
        screen.print(made)
    if result.sample is not None:
        _show_sample(result.sample)
    elif result.sample_problem:
        screen.print(say("No sample report: {reason}", reason=cell(result.sample_problem)))
    if result.columns:
        _show_columns(result.columns)
    if result.problem:
        cure = f" {result.cure}." if result.cure else ""
        typer.echo(say("error: {text}", text=f"{result.url}: {result.problem}.{cure}"), err=True)
    elif result.suggestion:
        import yaml

        screen.print(f"[bold]{say('Suggested source file')}[/]  {say('(`bureauwatch sources add URL` writes it)')}")
        screen.print(
            yaml.safe_dump(result.suggestion, allow_unicode=True, sort_keys=False).rstrip(), style="green", markup=False
        )


def _show_sample(report: Any) -> None:
    made = make_table(None, (say("sample report"), {"style": "bold", "no_wrap": True}), ("", {"ratio": 1}))
    for label, value in (
        (say("title"), report.title),
        (say("published"), moment(report.published)),
        (say("publisher"), report.publisher),
        (say("number"), report.document_number or report.index_number),
        (say("text"), say("{count} characters", count=len(report.body))),
        (say("files"), ", ".join(a.name for a in report.attachments)),
        (say("flags"), ", ".join(report.flags)),
    ):
        if value:
            made.add_row(label, cell(value, 200))
    console().print(made)


def _show_columns(columns: list[Any]) -> None:
    made = make_table(None, ("#", {"justify": "right"}), (say("column"), {"ratio": 1}), (say("address"), {"ratio": 2}))
    for number, column in enumerate(columns[:20], 1):
        made.add_row(str(number), cell(column.name, 60), cell(column.url, 200))
    console().print(made)


def _known(text: str) -> tuple[Source | None, Column | None]:
    """The source that an id or a column's address names, and the column meant."""
    from crawler.addresses import candidates
    from crawler.sources.registry import sources_folder

    if not sources_folder(settings()).is_dir():
        return None, None  # the first bureau is probed before there is a folder
    meant = {text, *candidates(text)}
    for source in registry().sources.values():
        column = next((c for c in source.columns if c.url in meant), source.columns[0] if source.id == text else None)
        if column is not None:
            return source, column
    return None, None


def _asked(url: str, *, render: bool, legacy: bool) -> Source | None:
    """How the options say that an address of no known source is asked."""
    from crawler.addresses import candidates
    from crawler.sources.model import Column, Source

    if not render and not legacy:
        return None
    try:
        columns = [Column(url=candidates(url)[0])]
    except ValueError:
        return None  # the probe says what is wrong with the address
    return Source(id="asked", name="asked", columns=columns, render=render, tls="legacy" if legacy else "default")


def _keep(result: ProbeResult, asked: Source | None) -> None:
    """Adds to the suggested file how the address was asked."""
    if result.suggestion is not None and asked is not None:
        given = asked.model_dump(mode="json", exclude_defaults=True, include={"render", "tls", "proxy", "headers"})
        result.suggestion.update(given)


def _make(
    url: str, source_id: str | None, name: str | None, chosen: list[int], zone: str, asked: Source | None
) -> Source:
    """A source from an address; of a home page from the columns chosen.

    Raises:
        ListingError: the address is no column.
    """
    from crawler.probe import probe as look
    from pipelines.errors import ListingError

    with fetcher(source=asked) as fetch:
        result = look(url, fetch, zone=zone)
        found = [result]
        if not result.ok and result.columns:
            numbers = chosen or _ask(result.columns)
            wrong = [n for n in numbers if n > len(result.columns)]
            if wrong:
                raise typer.BadParameter(
                    say("there is no column {number}; it has {count}", number=wrong[0], count=len(result.columns))
                )
            found = [look(result.columns[n - 1].url, fetch, zone=zone, sample=False) for n in numbers]
            for number, one in zip(numbers, found, strict=True):
                one.column_name = result.columns[number - 1].name
    bad = next((one for one in found if not one.ok), None)
    if bad is not None:
        raise ListingError(f"{bad.url}: {bad.problem or say('no entries were found')}", cure=bad.cure)
    for one in found:
        _keep(one, asked)
    for one in found[:1]:
        show_probe(one)
    return _source(found, result, source_id, name, zone)


def _source(found: list[ProbeResult], home: ProbeResult, source_id: str | None, name: str | None, zone: str) -> Source:
    from pydantic import ValidationError

    from crawler.sources.model import Source
    from pipelines.errors import SourceError

    data: dict[str, Any] = dict(found[0].suggestion or {})
    data["columns"] = [{"url": one.url, **({"name": one.column_name} if one.column_name else {})} for one in found]
    data["name"] = (name or home.site_name or data.get("name") or home.url)[:200]
    if source_id:
        data["id"] = source_id
    if zone != "Asia/Shanghai":
        data["timezone"] = zone
    try:
        return Source.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise SourceError(str(first["msg"]), file=say("the new source"), key=key) from None


def _ask(columns: list[Any]) -> list[int]:
    """Which columns of a home page: asked on a terminal, else wrong usage that lists them."""
    _show_columns(columns)
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise typer.BadParameter(
            say("this is no list itself; take one of these with --column N, or give a list's address")
        )
    answer = typer.prompt(say("Which columns? Numbers with commas"))
    numbers = []
    for part in str(answer).replace("，", ",").split(","):
        with contextlib.suppress(ValueError):
            numbers.append(int(part))
    if not numbers or min(numbers) < 1:
        raise typer.BadParameter(say("no column was chosen"))
    return numbers


def _write(source: Source, *, replace: bool) -> Any:
    """Writes the file into the user's folder; the shipped catalogue is not written to."""
    from pathlib import Path

    from crawler.sources.registry import load_sources, write_source
    from pipelines.errors import SourceError

    folder = settings().sources
    if folder is None:
        folder = Path("sources")
        typer.echo(
            say("No folder of sources is set; using ./sources. Keep it: export BUREAUWATCH_SOURCES=sources"), err=True
        )
    if folder.is_dir() and not replace:
        known = load_sources(folder)
        if source.id in known.sources:
            raise SourceError(
                say("the id {id} is taken", id=source.id),
                file=str(known.files[source.id]),
                cure=say("Say --id NAME for another one, or --replace"),
            )
    return write_source(source, folder, replace=replace)


def _first_check(source: Source) -> None:
    """The first crawl, for a minute: what it does not reach is where the next crawl goes on."""
    import os

    from scheduler.cli.crawl import run_with_progress, summary_table
    from scheduler.executors.local import CrawlRequest

    folder = str(settings().sources or "sources")
    typer.echo(say("First check: a crawl of {seconds} seconds at most …", seconds=FIRST_CHECK), err=True)
    environment = {"BUREAUWATCH_SOURCES": os.environ.get("BUREAUWATCH_SOURCES", folder)}
    [result] = run_with_progress([CrawlRequest(source.id)], 1, environment, plain=False, deadline=FIRST_CHECK)
    console().print(summary_table([result], {source.id: source.name}))
    if result.failure == "killed":
        typer.echo(say("There is more than a minute reads; go on with: bureauwatch crawl {id}", id=source.id))
    elif result.outcome != "ok":
        typer.echo(say("error: {text}", text=f"{source.id}: {result.message}"), err=True)
        raise typer.Exit(1)
    typer.echo(say("What was read: bureauwatch reports --source {id}", id=source.id))
