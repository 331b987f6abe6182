"""Third step: fetched files become text and tables, in a bounded subprocess."""

from __future__ import annotations

import asyncio

from pipelines.documents import MEDIA_TYPES, read_document_async, sniff
from pipelines.errors import DocumentError
from pipelines.items import FetchedDocument, FetchedPage
from pipelines.reading import failure_flag
from pipelines.steps.base import Step, guarded

AT_ONCE = 2
"""Subprocesses of one crawl at the same time."""


class DocumentsStep(Step):
    """Fills text, tables, media type and flags of `item.documents`. A file that cannot be read is flagged, no more."""

    def __init__(self, crawler: object) -> None:
        super().__init__(crawler)
        self._room = asyncio.Semaphore(AT_ONCE)

    @guarded
    async def process_item(self, item: FetchedPage) -> FetchedPage:
        """Reads the files that are new; those whose bytes are known keep what was read of them."""
        for document in item.documents:
            if document.raw is not None:
                await self._read(document)
        return item

    async def _read(self, document: FetchedDocument) -> None:
        raw = document.raw or b""
        name = document.attachment.url
        try:
            async with self._room:
                read = await read_document_async(raw, name=name)
        except DocumentError as error:
            kind = sniff(raw, name)
            document.media_type = MEDIA_TYPES.get(kind, "application/octet-stream")
            document.flags.append(failure_flag(error))
            self.count("attachments/unreadable")
        else:
            document.text, document.tables = read.text, read.tables
            document.media_type, document.flags = read.media_type, [*document.flags, *read.flags]
            self.count("attachments/read")
        document.attachment.media_type = document.media_type
