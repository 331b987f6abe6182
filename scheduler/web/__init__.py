"""Web pages, feeds and the API."""
