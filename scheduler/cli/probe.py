"""`bureauwatch sources probe` and `add`."""

from __future__ import annotations

import typer


def register(group: typer.Typer) -> None:
    """Adds the commands."""
