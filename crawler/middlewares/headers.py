"""Adds a source's own headers to requests to the hosts of its columns, and to no other host."""

from __future__ import annotations

from typing import Any

from scrapy import Request

from crawler.hosts import host_key


class SourceHeadersMiddleware:
    """Headers of a source's file may hold keys that are nobody else's business."""

    def __init__(self, headers: dict[str, str], hosts: set[str]) -> None:
        self.headers, self.hosts = headers, hosts

    @classmethod
    def from_crawler(cls, crawler: Any) -> SourceHeadersMiddleware:
        """Built by Scrapy."""
        source = crawler.spider.source
        return cls(source.headers, {host_key(column.url) for column in source.columns})

    def process_request(self, request: Request) -> None:
        """Sets the headers where the host is the source's."""
        if self.headers and host_key(request.url) in self.hosts:
            for name, value in self.headers.items():
                request.headers[name] = value
