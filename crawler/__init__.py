"""Sources, platforms and spiders: how bureaus' pages are found and fetched. Knows no schedule and no alert."""
