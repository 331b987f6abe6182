"""From a report's text and tables to its numeric indicators: pure functions."""

from pipelines.indicators.reader import read_indicators

__all__ = ["read_indicators"]
