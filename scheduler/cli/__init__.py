"""The command line: `bureauwatch`."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Runs one command. Exit codes: 0 ok, 1 something failed and said so, 2 wrong usage, 130 interrupted."""
    _set_language()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")  # reports are Chinese whatever the locale says
    from scheduler.cli.app import run

    sys.exit(run(sys.argv[1:]))


def _set_language() -> None:
    """Help texts are made at import, so a language set in bureauwatch.toml must be known before."""
    import tomllib
    from pathlib import Path

    if "BUREAUWATCH_LANGUAGE" in os.environ:
        return
    try:
        settings = tomllib.loads(Path("bureauwatch.toml").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return  # a wrong file is reported when the settings are read
    if isinstance(settings.get("language"), str):
        os.environ["BUREAUWATCH_LANGUAGE"] = settings["language"]
