"""Scrapy commands of this project; `list` and `crawl` are Scrapy's own and work on sources."""
