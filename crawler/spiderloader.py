"""Every source is a spider: `scrapy list`, `scrapy crawl <id> [-a since=… -a until=… -a full=1]`."""

from __future__ import annotations

import logging
import sys
from typing import Any

from scrapy import Request
from scrapy.settings import BaseSettings

from crawler.hosts import host_key
from crawler.sources.model import Source
from crawler.sources.registry import Registry, load_sources, sources_folder
from pipelines.config import Config, load_config
from pipelines.errors import BureauwatchError, ConfigurationError
from pipelines.messages import say

logger = logging.getLogger(__name__)


class SourceSpiderLoader:
    """Scrapy's SPIDER_LOADER_CLASS."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.registry: Registry = load_sources(sources_folder(config))
        for error in self.registry.errors:
            logger.warning("%s", error)

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> SourceSpiderLoader:
        """Built by Scrapy."""
        config = settings.get("BUREAUWATCH_CONFIG")
        if isinstance(config, Config):
            return cls(config)
        try:
            return cls(load_config())
        except BureauwatchError as error:  # `scrapy` itself would print a traceback
            sys.stderr.write(say("error: {text}", text=error) + "\n")
            raise SystemExit(2 if isinstance(error, ConfigurationError) else 1) from None

    def load(self, spider_name: str) -> type[Any]:
        """The spider of a source.

        Raises:
            KeyError: there is no such source.
        """
        try:
            return spider_for(self.registry.get(spider_name), self.config)
        except BureauwatchError as error:
            raise KeyError(str(error)) from None

    def list(self) -> list[str]:
        """All sources' ids."""
        return sorted(self.registry.sources)

    def find_by_request(self, request: Request) -> list[str]:  # type: ignore[valid-type]
        """The sources that have a column on the request's host."""
        host = host_key(request.url)
        return [
            source.id
            for source in self.registry.sources.values()
            if any(host_key(column.url) == host for column in source.columns)
        ]


def spider_for(source: Source, config: Config) -> type[Any]:
    """The report spider's subclass for a source, with the settings that belong to it alone."""
    from crawler.spiders.report import ReportSpider

    return type(
        "SourceSpider",
        (ReportSpider,),
        {
            "name": source.id,
            "source": source,
            "config": config,
            "custom_settings": source_settings(source),
            "__module__": ReportSpider.__module__,
        },
    )


def source_settings(source: Source) -> dict[str, Any]:
    """Scrapy settings that a source's file asks for."""
    settings: dict[str, Any] = {
        "CONCURRENT_REQUESTS_PER_DOMAIN": source.politeness.concurrency,
        "CONCURRENT_REQUESTS": max(8, source.politeness.concurrency),
        "DOWNLOAD_TIMEOUT": source.politeness.timeout,
    }
    if source.tls == "legacy":
        settings["DOWNLOADER_CLIENTCONTEXTFACTORY"] = "crawler.legacytls.LegacyContextFactory"
    if source.render:
        from crawler.browser import browser_settings

        settings.update(browser_settings(source))
    return settings
