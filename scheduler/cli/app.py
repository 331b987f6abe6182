"""All commands put together, and how errors end a run."""

from __future__ import annotations

import contextlib
import importlib
import os
import signal
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from typer._click.exceptions import ClickException

from pipelines.errors import BureauwatchError, SettingsError, SubscriptionError, UnknownNameError
from pipelines.messages import language, say
from scheduler.cli.usage import HELP, usage_error

COMMANDS = (
    "demo", "sources", "crawl", "extract", "reports", "indicators", "events", "revisions", "deliveries", "show", "diff",
    "series", "subscribe", "subscriptions", "deliver", "serve", "reparse", "backup", "doctor", "db",
)  # fmt: skip
"""Modules of this folder, in the order of `--help`; each has `register(app)`."""

WRONG_USAGE = (SettingsError, SubscriptionError, UnknownNameError)


class _Run:
    debug = False


def build() -> typer.Typer:
    """The program with all its commands."""
    if language() == "zh":
        _frame_in_chinese()
    from typer import rich_utils

    rich_utils.RANGE_STRING = ""  # a limit of the database's numbers is no help
    app = typer.Typer(
        name="bureauwatch",
        no_args_is_help=True,
        add_completion=True,
        pretty_exceptions_enable=False,
        rich_markup_mode="rich",
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
        help=say("Watches government bureaus' web sites, reads every new report and tells those who subscribed.")
        + "\n\n"
        + say("Start with `bureauwatch demo`; then `bureauwatch sources add URL` and `bureauwatch crawl`."),
    )

    @app.callback()
    def options(
        debug: Annotated[bool, typer.Option("--debug", help=say("Show a traceback when something fails."))] = False,
        version: Annotated[  # noqa: ARG001 - its callback acts
            bool, typer.Option("--version", is_eager=True, callback=_version, help=say("Print the version and end."))
        ] = False,
    ) -> None:
        _Run.debug = debug

    for name in COMMANDS:
        importlib.import_module(f"scheduler.cli.{name}").register(app)
    return app


def _frame_in_chinese() -> None:
    """The words around our own ones in help texts."""
    from rich.text import Text
    from typer import rich_utils

    rich_utils.ARGUMENTS_PANEL_TITLE = "参数"
    rich_utils.OPTIONS_PANEL_TITLE = "选项"
    rich_utils.COMMANDS_PANEL_TITLE = "命令"
    rich_utils.DEFAULT_STRING = "[默认：{}]"
    rich_utils.REQUIRED_LONG_STRING = "[必填]"
    made = rich_utils._make_rich_text

    def in_chinese(*, text: str, **options: Any) -> Any:
        found = made(text=HELP.get(text, text), **options)
        if isinstance(found, Text):
            found.overflow = "fold"  # Chinese has no blanks to break at
        return found

    rich_utils._make_rich_text = in_chinese


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"bureauwatch {version('bureauwatch')}")
        raise typer.Exit


def run(arguments: Sequence[str]) -> int:
    """Runs a command line and gives the exit code; an error of ours is one line on stderr."""
    with contextlib.suppress(ValueError):  # not in the main thread
        signal.signal(signal.SIGTERM, _terminated)
    if (spoilt := next((a for a in arguments if not _is_text(a)), None)) is not None:
        _line(say("error: {text}", text=say("{text} is not UTF-8 text", text=repr(spoilt))))
        return 2
    try:
        code = build()(args=list(arguments), prog_name="bureauwatch", standalone_mode=False)
    except SystemExit as end:
        if isinstance(end.__context__, BrokenPipeError) or type(sys.stdout).__name__ == "PacifyFlushWrapper":
            return _closed()  # how rich and typer say that the pipe was closed
        return _flushed(end.code if isinstance(end.code, int) else int(bool(end.code)))
    except typer.Abort:
        _line(say("Interrupted."))
        return 130
    except ClickException as error:
        return _wrong_usage(error)
    except BureauwatchError as error:
        return _failed(error, 2 if isinstance(error, WRONG_USAGE) else 1)
    except KeyboardInterrupt:
        _line(say("Interrupted."))
        return 130
    except BrokenPipeError:
        return _closed()
    except OSError as error:
        return _failed(error, 1)
    except Exception as error:  # noqa: BLE001 - the edge of the program
        if (known := _database_error(error)) is not None:
            return _failed(known, 1)
        traceback.print_exc()
        _line(say("This is a defect of the program: please report it with the lines above."))
        return 1
    if code == 130:
        _line(say("Interrupted."))
    return _flushed(code if isinstance(code, int) else 0)


def _is_text(argument: str) -> bool:
    """Whether it can be searched for and written; a file's name may be any bytes."""
    return not any("\ud800" <= c <= "\udfff" for c in argument) or Path(argument).exists()


def _terminated(_signum: int, _frame: object) -> None:
    raise KeyboardInterrupt


def _wrong_usage(error: ClickException) -> int:
    """What is wrong with the command line, in one line, and where its help is."""
    context = getattr(error, "ctx", None)
    if not error.format_message() or type(error).__name__ == "NoArgsIsHelpError":
        error.show()
        return error.exit_code
    text = usage_error(error.format_message())
    command = context.command_path if context is not None else "bureauwatch"
    _line(say("error: {text}. See: {command} --help", text=" ".join(text.split()), command=command))
    return error.exit_code


def _flushed(code: int) -> int:
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        return _closed()
    return code


def _closed() -> int:
    """Whoever read our output went away, as `head` does: nothing to say, and nothing more to write at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return 0


def _failed(error: Exception, code: int) -> int:
    if _Run.debug:
        traceback.print_exception(error)
    text = str(error)
    if isinstance(error, OSError) and not isinstance(error, BureauwatchError):
        text = f"{error.filename}: {error.strerror}" if error.filename and error.strerror else text
    _line(say("error: {text}", text=" ".join(text.split())))
    return code


def _line(text: str) -> None:
    with contextlib.suppress(OSError):
        sys.stderr.write(text + "\n")


def _database_error(error: Exception) -> BureauwatchError | None:
    """What SQLAlchemy says when the database cannot be reached or is no database, in one line."""
    if "sqlalchemy" not in sys.modules:
        return None
    from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

    from pipelines.errors import StorageError

    if isinstance(error, DBAPIError):
        cause = str(error.orig).strip().splitlines() or [type(error.orig).__name__]
        return StorageError(
            say("database: {cause}", cause=cause[0]), cure=say("`bureauwatch doctor` looks at what is wrong")
        )
    if isinstance(error, ArgumentError | NoSuchModuleError):
        return StorageError(
            say("the database URL cannot be used: {cause}", cause=error),
            cure=say("See BUREAUWATCH_DATABASE_URL in docs/settings.md"),
        )
    return None
