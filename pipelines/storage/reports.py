"""Saving and finding reports; the way in for other rooms."""

from __future__ import annotations

from pipelines.storage.saving import save_report

__all__ = ["save_report"]
