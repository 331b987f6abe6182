"""One crawl of one source in this process: `python -m crawler.run --source ID`.

Progress and the result are JSON lines on standard output, logs go to standard error. Exit: 0 done, 1 failed and said
so, 2 wrong usage. SIGTERM and SIGINT end the crawl cleanly; the next one goes on from the frontier.
"""

from __future__ import annotations

import argparse
import gc
import logging
import sys
from datetime import date
from pathlib import Path
from typing import Any

from crawler.extensions.progress import emit
from crawler.failures import describe, of_exception
from pipelines.config import Config, load_config
from pipelines.errors import BureauwatchError, ConfigurationError, UnknownNameError

EMPTY = {
    "entries": 0,
    "requests": 0,
    "not_modified": 0,
    "new": 0,
    "revised": 0,
    "unchanged": 0,
    "failed": 0,
    "bytes": 0,
    "seconds": 0.0,
}


def main(arguments: list[str] | None = None) -> int:
    """Crawls one source; returns the exit code."""
    options = _parser().parse_args(arguments)
    try:
        config = load_config()
        spans = {"since": options.since, "until": options.until, "full": options.full}
        return crawl(config, options.source, file=options.file, **spans)
    except (ConfigurationError, UnknownNameError) as error:
        _say_failed(options.source, "configuration", str(error))
        return 2
    except BureauwatchError as error:
        _say_failed(options.source, of_exception(error), str(error))
        return 1
    except Exception as error:  # the caller reads the result line, whatever happens
        logging.getLogger(__name__).exception("crawl of %s", options.source)
        failure = of_exception(error)
        _say_failed(options.source, failure, ". ".join(describe(failure)))
        return 1


def crawl(
    config: Config,
    source_id: str,
    *,
    since: date | None = None,
    until: date | None = None,
    full: bool = False,
    file: Path | None = None,
    settings: dict[str, Any] | None = None,
) -> int:
    """Runs the crawl in this process, which must not have run one before; writes the JSON lines.

    `file` holds the source where the user's own file of it is broken meanwhile.

    Raises:
        UnknownNameError, ConfigurationError: the source cannot be had.
    """
    gc.disable()  # nothing that is loaded now goes again
    from scrapy.crawler import AsyncCrawlerProcess
    from scrapy.settings import Settings

    from crawler.sources.registry import load_source, load_sources, sources_folder
    from crawler.spiderloader import spider_for

    source = load_source(file) if file else load_sources(sources_folder(config)).get(source_id)
    all_settings = Settings()
    all_settings.setmodule("crawler.settings", priority="project")
    all_settings.setdict(
        {"BUREAUWATCH_CONFIG": config, "BUREAUWATCH_PROGRESS": True, **(settings or {})}, priority="cmdline"
    )
    process = AsyncCrawlerProcess(all_settings)
    crawler = process.create_crawler(spider_for(source, config))
    task = process.crawl(
        crawler,
        since=since.isoformat() if since else None,
        until=until.isoformat() if until else None,
        full="1" if full else None,
    )
    gc.freeze()  # what is loaded stays: each full collection would walk through it
    gc.set_threshold(20_000, 20, 20)
    gc.enable()
    process.start()
    return _result(crawler, source_id, _error_of(task))


def _error_of(task: Any) -> BaseException | None:
    """What the crawl was ended by before its spider could say so: a database that cannot be opened, say."""
    return task.exception() if task is not None and task.done() and not task.cancelled() else None


def _result(crawler: Any, source_id: str, error: BaseException | None = None) -> int:
    from crawler.extensions.record import CrawlRecord, statistics

    spider = crawler.spider
    record = crawler.get_extension(CrawlRecord) if spider is not None and crawler._extensions is not None else None
    outcome = record.outcome if record else None
    if outcome is None:
        if isinstance(error, BureauwatchError):
            raise error
        _say_failed(source_id, "internal", ". ".join(describe("internal")))
        return 1
    emit(
        {
            "type": "result",
            "source": source_id,
            "outcome": "ok" if outcome.ok else "failed",
            "failure": outcome.failure,
            "message": outcome.message,
            "stats": statistics(spider),
        }
    )
    return 0 if outcome.ok else 1


def _say_failed(source_id: str, failure: str, message: str) -> None:
    emit(
        {
            "type": "result",
            "source": source_id,
            "outcome": "failed",
            "failure": failure,
            "message": message,
            "stats": EMPTY,
        }
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m crawler.run", description="Crawls one source, once.")
    parser.add_argument("--source", required=True, metavar="ID")
    parser.add_argument("--since", type=date.fromisoformat, metavar="DATE")
    parser.add_argument("--until", type=date.fromisoformat, metavar="DATE")
    parser.add_argument("--full", action="store_true", help="re-read known reports too")
    parser.add_argument("--file", type=Path, metavar="FILE", help="the source's file, when it is not in the folder")
    return parser


if __name__ == "__main__":
    sys.exit(main())
