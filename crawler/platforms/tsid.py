"""Portals whose pages are folders named by a time stamp: `/2022031510304512345/index.shtml` (Liaoning and others)."""

from __future__ import annotations

import re
from typing import ClassVar

from crawler.platforms.base import Detection, Page
from crawler.platforms.htmllist import HtmlList, live_html

DETAIL = re.compile(r"/20\d{10,}/index\.s?html")


class Tsid(HtmlList):
    """`/<time stamp>/index.shtml`; the pager is linked."""

    name: ClassVar[str] = "tsid"
    prefer: ClassVar[re.Pattern[str] | None] = DETAIL

    def recognise(self, page: Page) -> Detection:
        """By its addresses."""
        links = len(set(DETAIL.findall(live_html(page))))
        return Detection(
            self.name,
            0.85 if links >= 3 else 0.3 if links else 0.0,
            f"{links} x <time stamp>/index.shtml" if links else "",
        )
