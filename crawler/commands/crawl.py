"""`scrapy crawl <source-id>`: Scrapy's own command, with one line instead of a traceback, and an exit code."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from scrapy.commands.crawl import Command as CrawlCommand
from scrapy.exceptions import UsageError

from crawler.extensions.record import CrawlRecord
from crawler.spiders.report import window_of
from pipelines.errors import BureauwatchError, SettingsError, UnknownNameError
from pipelines.messages import say


class Command(CrawlCommand):
    """Exit: 0 done, 1 failed and said so, 2 no such source or no date."""

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Runs one source's spider."""
        if len(args) != 1:
            raise UsageError(say("Name one source; `scrapy list` shows them all"), print_help=False)
        process: Any = self.crawler_process
        try:
            process.spider_loader.registry.get(args[0])
            window_of(opts.spargs)
        except BureauwatchError as error:
            sys.stderr.write(say("error: {text}", text=error) + "\n")
            self.exitcode = 2 if isinstance(error, UnknownNameError | SettingsError) else 1
            return
        crawler = self._create_crawler(args[0])
        process.crawl(crawler, **opts.spargs)
        process.start()
        record = crawler.get_extension(CrawlRecord) if crawler.spider is not None else None
        outcome = record.outcome if record else None
        self.exitcode = 0 if outcome is not None and outcome.ok else 1
        if outcome is not None and not outcome.ok:
            sys.stderr.write(say("error: {text}", text=f"{args[0]}: {outcome.message}") + "\n")
