"""Reports: read, understood and kept. Knows nothing of how pages are fetched, when, or who is told."""
