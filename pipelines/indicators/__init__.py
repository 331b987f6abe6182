"""From a report's text and tables to its numeric indicators: pure functions."""
