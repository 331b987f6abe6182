"""`bureauwatch sources check`."""

from __future__ import annotations

import typer


def register(group: typer.Typer) -> None:
    """Adds the command."""
