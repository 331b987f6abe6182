"""First step: the page's bytes become a report."""

from __future__ import annotations

import asyncio
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from pipelines.extraction.page import read_page
from pipelines.items import FetchedPage, Report
from pipelines.messages import say
from pipelines.reading import fill_open, read_file
from pipelines.steps.base import Step, guarded

REFUSED = {
    "soft_404": "soft-404",
    "error_page": "http-5xx",
    "login_page": "blocked",
    "blocked": "blocked",
    "empty": "incomplete",
    "binary": "parse",
    "unreadable": "parse",
}
"""Flags of readings that are no report, and their failure classes."""


class ReadStep(Step):
    """Reads pages, and documents that stand in the place of a page; error pages go no further."""

    @guarded
    async def process_item(self, item: FetchedPage) -> FetchedPage:
        """Fills `item.report`, without its figures; a page that is as it was passes as it is."""
        if item.unchanged:
            return item
        item.report = await self._read(item)
        for flag, failure in REFUSED.items():
            if flag in item.report.flags and not (failure == "parse" and item.report.title):
                raise self.refuse(item, failure, say("The page {url} is no report ({flag})", url=item.url, flag=flag))
        if not item.report.title and not item.report.body:
            raise self.refuse(item, "parse", say("Nothing was found to read on {url}", url=item.url))
        item.report.platform = item.report.platform or item.platform
        for flag in item.report.flags:
            self.count(f"reports/flag/{flag}")
        self.count("steps/read")
        return item

    async def _read(self, item: FetchedPage) -> Report:
        url = item.final_url or item.url
        if item.document:
            report = await asyncio.to_thread(
                read_file, item.raw, name=file_name(url), url=url, hints=item.hints, zone=item.zone
            )
            fill_open(report, item.hints)
            return report
        content_type = f"{item.media_type or 'text/html'}; charset={item.charset}" if item.charset else item.media_type
        report = read_page(item.raw, url=url, content_type=content_type, hints=item.hints, zone=item.zone)
        fill_open(report, item.hints)
        return report


def file_name(url: str) -> str:
    """The last part of an address's path, decoded."""
    return unquote(PurePosixPath(urlsplit(url).path).name)
