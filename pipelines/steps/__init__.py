"""The way of a fetched page, one thin Scrapy item pipeline a file: read, attachments, documents, indicators, store.

The order is in `crawler/settings.py`. A step that cannot go on refuses that page alone (`base.PageRefused`).
"""
