"""From a page's bytes to a report: pure functions, no network, no clock."""
