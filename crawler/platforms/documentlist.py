"""Pages that list reports as files in several groups: years, tabs, accordions, one card a meeting (US and UK style)."""

from __future__ import annotations

import re
from typing import ClassVar

from crawler.platforms.base import Detection, Page
from crawler.platforms.finder import blocks as block_finding
from crawler.platforms.finder.blocks import Block
from crawler.platforms.finder.find import Found, entries_of, find
from crawler.platforms.finder.links import is_document
from crawler.platforms.htmllist import HtmlList
from pipelines.messages import say

FEW = 8
ARTICLE = re.compile(
    r"<meta[^<>]{0,80}name\s*=\s*[\"']?(?:ArticleTitle|PubDate)[\"']?[^<>]{0,40}content\s*=\s*[\"'][^\"']", re.I
)


def groups_of(found: Found) -> list[Block]:
    """The page's blocks that consist of files, in the page's order, without those of footers and menus."""
    groups = [
        b
        for b in found.blocks
        if sum(is_document(r.link.url) for r in b.rows) >= 0.5 * len(b.rows) and not b.container.within("nav", "footer")
    ]
    return sorted(groups, key=lambda b: b.start)


def _in_main(groups: list[Block]) -> list[Block]:
    """The groups without single stray files far from the others."""
    large = [g for g in groups if len(g.rows) >= 2]
    if not large:
        return groups
    first, last = large[0].start, large[-1].end
    return [g for g in groups if len(g.rows) >= 2 or first <= g.start <= last]


class DocumentList(HtmlList):
    """Many files in several groups: all of them are entries."""

    name: ClassVar[str] = "report-list"
    many_files: ClassVar[bool] = True

    def recognise(self, page: Page) -> Detection:
        """By files in at least two groups, where the best group is one of them and holds less than most of them."""
        if page.raw.lstrip()[:1] in (b"{", b"[") or ARTICLE.search(page.text[:20_000]):
            return Detection(self.name, 0.0)
        found = find(page, zone=self.zone)
        groups = _in_main(groups_of(found))
        count = sum(is_document(r.link.url) for g in groups for r in g.rows)
        if count < FEW or len(groups) < 2 or not found.blocks:
            return Detection(self.name, 0.0)
        prose = sum(len(p) for p in found.document.pieces if len(p) >= 40)
        named = sum(len(r.title) for g in groups for r in g.rows)
        if prose > 6 * named and not found.pager.next:
            return Detection(self.name, 0.2, say("{count} files beside a long text", count=count))
        best = found.blocks[0]
        share = sum(is_document(r.link.url) for r in best.rows) / count if best in groups else 1.0
        sure = 0.65 if best in groups and share <= 0.7 else 0.2
        return Detection(self.name, sure, say("{count} files in {groups} groups", count=count, groups=len(groups)))

    def find(self, page: Page) -> Found:
        """All files of all groups."""
        found = find(page, zone=self.zone)
        groups = _in_main(groups_of(found))
        for group in groups:
            block_finding.year_headings(found.document, group)
        rows = [r for g in groups for r in g.rows if is_document(r.link.url)]
        found.entries = entries_of(found.document, rows, page.url, self.zone)
        found.confidence = max(found.confidence, 0.65) if len(found.entries) >= FEW else found.confidence
        return found
