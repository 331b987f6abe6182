"""Second step: a report's files are fetched, conditionally and bounded, through the crawl's own downloader."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from scrapy import Request
from scrapy.http.request import NO_CALLBACK

from pipelines.documents import media_type_of_name, sniff
from pipelines.items import Attachment, FetchedDocument, FetchedPage
from pipelines.messages import say
from pipelines.steps.base import Step, guarded
from pipelines.storage import files
from pipelines.storage.identity import url_key
from pipelines.storage.models import AttachmentRow

logger = logging.getLogger(__name__)

MOST_FILES = 40
MOST_BYTES = 128 << 20
"""Of one report's files together; more is a data portal, not a report."""
AT_ONCE = 6
"""Pages of one crawl whose files are fetched at the same time: each holds what it has in memory."""
TIMEOUT = 180.0
"""Seconds for a file of some megabytes from a slow host."""


class AttachmentsStep(Step):
    """Fills `item.documents` with bytes, or with the reason why there are none. The downloader refuses addresses."""

    def __init__(self, crawler: Any) -> None:
        super().__init__(crawler)
        self._room = asyncio.Semaphore(AT_ONCE)

    @guarded
    async def process_item(self, item: FetchedPage) -> FetchedPage:
        """Fetches one file after another: the host's turns are shared with its pages anyway."""
        if item.documents_wanted and (item.unchanged or (item.report and item.report.attachments)):
            async with self._room:
                await self._fetch_all(item)
        return item

    async def _fetch_all(self, item: FetchedPage) -> None:
        known = self._known(item)
        if item.unchanged:
            wanted = [Attachment(row.name, row.url, row.media_type) for row in known.values()]
        else:
            wanted = list(item.report.attachments) if item.report else []
        left = MOST_BYTES
        for attachment in wanted[:MOST_FILES]:
            if left <= 0:
                item.documents.append(FetchedDocument(attachment, failure="too-large"))
                continue
            document = await self._fetch(attachment, known.get(url_key(attachment.url)))
            left -= len(document.raw or b"")
            item.documents.append(document)
        if item.report and (len(wanted) > MOST_FILES or any(d.failure for d in item.documents)):
            item.report.flag("attachment_missing")

    def _known(self, item: FetchedPage) -> dict[str, AttachmentRow]:
        if item.page_id is None:
            return {}
        with self.database.session() as session:
            return {row.url_key: row for row in files.of_page(session, item.page_id)}

    async def _fetch(self, attachment: Attachment, row: AttachmentRow | None) -> FetchedDocument:
        if not attachment.url.lower().startswith(("http://", "https://")):
            return self._failed(attachment, "scheme")
        meta: dict[str, Any] = {"download_timeout": TIMEOUT, "known_sha256": row.sha256 if row else None}
        if row is not None and row.sha256 and (row.etag or row.last_modified):
            meta["validators"] = (row.etag, row.last_modified)
        try:
            request = Request(attachment.url, callback=NO_CALLBACK, meta=meta, dont_filter=True)
            response = await self.crawler.engine.download_async(request)
        except Exception as error:  # noqa: BLE001 - whatever befalls a file, its report is kept
            logger.info("%s: %r", attachment.url, error)
            return self._failed(attachment, str(getattr(error, "failure", None) or type(error).__name__))
        if response.status == 304:
            self.count("attachments/not_modified")
            return FetchedDocument(attachment, not_modified=True)
        if response.status != 200:
            return self._failed(attachment, f"http-{response.status}")
        if not response.body:
            return self._failed(attachment, "incomplete")
        name = attachment.url if media_type_of_name(attachment.url) else attachment.name
        if sniff(response.body, name) == "html" and media_type_of_name(name) not in (None, "text/html"):
            return self._failed(attachment, "soft-404")  # an error or login page in the file's place
        self.count("attachments/fetched")
        headers = {
            name: response.headers.get(name).decode("latin-1")
            for name in ("ETag", "Last-Modified", "Content-Type")
            if response.headers.get(name)
        }
        return FetchedDocument(attachment, raw=response.body, headers=headers, capture=response.meta.get("capture"))

    def _failed(self, attachment: Attachment, failure: str) -> FetchedDocument:
        self.count("attachments/failed")
        logger.info(say("The file {url} could not be fetched: {failure}", url=attachment.url, failure=failure))
        return FetchedDocument(attachment, failure=failure)
