"""Ends a crawl in the database: missing pages, health, events, the crawl's own row. The spider's last transaction."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from scrapy import signals
from scrapy.exceptions import DropItem

from crawler.failures import of_exception
from crawler.outcome import Outcome, judge, judge_fields
from pipelines.errors import BureauwatchError
from pipelines.lifecycle import next_confirmation
from pipelines.storage import crawls, incidents, presence
from pipelines.storage import pages as frontier
from pipelines.storage.models import ColumnRow, SourceRow

logger = logging.getLogger(__name__)


class CrawlRecord:
    """Listens to the spider's end and to items that steps refuse."""

    def __init__(self, crawler: Any) -> None:
        self.crawler = crawler
        self.outcome: Outcome | None = None

    @classmethod
    def from_crawler(cls, crawler: Any) -> CrawlRecord:
        """Built by Scrapy."""
        self = cls(crawler)
        crawler.signals.connect(self.item_dropped, signal=signals.item_dropped)
        crawler.signals.connect(self.item_error, signal=signals.item_error)
        crawler.signals.connect(self.spider_closed, signal=signals.spider_closed)
        return self

    def item_dropped(self, item: Any, exception: DropItem, spider: Any) -> None:
        """A step said why it refuses a page (`exception.failure`), or that it is the same as before (no failure)."""
        failure = getattr(exception, "failure", None)
        if failure:
            spider.page_dropped(item, failure, str(exception))

    def item_error(self, item: Any, failure: Any, spider: Any) -> None:
        """A step failed; the page waits for the next crawl."""
        error = failure.value
        name = of_exception(error)
        message = str(error) if isinstance(error, BureauwatchError) else repr(error)
        spider.page_dropped(item, "parse" if name == "internal" else name, message)

    def spider_closed(self, spider: Any, reason: str) -> None:
        """Settles the crawl."""
        self.outcome = outcome = judge(spider.tally, finished=reason == "finished")
        now = spider.clock()
        try:
            spider.flush()
            with spider.database.transaction() as session:
                self._settle(session, spider, outcome, now)
        except BureauwatchError as error:
            logger.error("%s", error)
            self.outcome = Outcome(False, of_exception(error), str(error))
        finally:
            spider.close_database()

    def _settle(self, session: Any, spider: Any, outcome: Outcome, now: datetime) -> None:
        tally, source_id = spider.tally, spider.source.id
        wanted = spider.source.expect.fill_rate
        if outcome.ok and wanted and spider.crawl_id:
            read, stated = crawls.stated_fields(session, spider.crawl_id, wanted)
            self.outcome = outcome = judge_fields(read, stated, wanted) or outcome
        for column, result in zip(spider.source.columns, tally.columns, strict=False):
            if result.changed_platform:
                before, after = result.changed_platform
                row: ColumnRow = spider.rows[column.url]
                incidents.source_changed(
                    session,
                    source_id,
                    column_id=row.id,
                    crawl_id=spider.crawl_id,
                    now=now,
                    details={"column": column.url, "platform": {"old": before, "new": after}},
                )
        checks, hours = spider.config.withdrawal_checks, spider.config.withdrawal_hours
        alone = not tally.read + tally.unchanged  # no other page speaks for the site
        due = now if alone else next_confirmation(now, checks=checks, hours=hours, done=0)
        asked = presence.ask_witnesses(session, source_id, [task.id for task in tally.missing], due)
        for task in tally.missing:
            if outcome.believe_missing and alone and asked:
                continue  # due as it is, with the others
            if outcome.believe_missing:
                presence.record_missing(
                    session,
                    task.id,
                    now,
                    checks=checks,
                    hours=hours,
                    crawl_id=spider.crawl_id,
                )
            else:
                frontier.mark_failed(session, task.id, failure="http-4xx", now=now)
        if outcome.ok:
            incidents.crawl_succeeded(session, source_id, crawl_id=spider.crawl_id, now=now)
            source = session.get_one(SourceRow, source_id)
            if source.backfilled_at is None and all(row.state.get("listed_at") for row in spider.rows.values()):
                source.backfilled_at = now
        elif outcome.failure != "interrupted" and spider.crawl_id:
            incidents.crawl_failed(
                session,
                source_id,
                crawl_id=spider.crawl_id,
                failure=outcome.failure or "internal",
                error=outcome.message,
                failing_after=spider.config.failing_after,
                now=now,
            )
        if spider.crawl_id:
            crawls.finish_crawl(
                session,
                spider.crawl_id,
                outcome="ok" if outcome.ok else "failed",
                failure=outcome.failure,
                error=outcome.message,
                stats=statistics(spider),
                now=now,
            )


def statistics(spider: Any) -> dict[str, Any]:
    """The figures of a crawl as its result line and its row carry them."""
    stats, tally = spider.crawler.stats, spider.tally
    began = stats.get_value("start_time")
    return {
        "entries": tally.listed,
        "requests": stats.get_value("downloader/request_count", 0),
        "not_modified": stats.get_value("not_modified", 0),
        "new": stats.get_value("reports/new", 0),
        "revised": stats.get_value("reports/revised", 0),
        "unchanged": tally.unchanged + stats.get_value("reports/unchanged", 0),
        "failed": tally.failed,
        "bytes": stats.get_value("downloader/response_bytes", 0),
        "seconds": round((datetime.now(began.tzinfo) - began).total_seconds(), 2) if began else 0.0,
    }
