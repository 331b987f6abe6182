"""Any HTML list: repeated link blocks with dates, the pager as the page links it."""

from __future__ import annotations

from typing import ClassVar

from crawler.platforms.base import Detection, Page
from crawler.platforms.finder.find import find
from crawler.platforms.htmllist import HtmlList
from pipelines.messages import say


class Generic(HtmlList):
    """The list finder, for pages of no known family."""

    name: ClassVar[str] = "generic"

    def recognise(self, page: Page) -> Detection:
        """As sure as its best block stands out."""
        if page.raw.lstrip()[:1] in (b"{", b"["):
            return Detection(self.name, 0.0)
        found = find(page, zone=self.zone)
        count = len(found.entries)
        return Detection(
            self.name, min(0.45, found.confidence), say("{count} rows of the same make", count=count) if count else ""
        )
