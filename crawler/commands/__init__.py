"""Scrapy commands of this project; `list` is Scrapy's own, `crawl` says in a line what is wrong."""
