"""Thin Scrapy item pipelines, one a file, in the order that crawler.settings names."""
