"""Pages that do not show what they should: a notice of maintenance, an error or a home page in the site's own frame."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy.orm import Session

from pipelines import revisions
from pipelines.extraction.parsing import decode
from pipelines.items import FetchedPage
from pipelines.storage.identity import fold, titles_agree
from pipelines.storage.models import PageRow

LONGEST_SOURCE: Final = 1_000_000
"""Bytes of a page in which a title is looked for."""
FEW_WORDS: Final = 200
"""Letters of a text that may be a notice."""
TITLE, SHORTEST = 8, 4
"""Letters of a title that are looked for: rows cut titles. Shorter words (查看, 下载) name no page."""
TRIES, TRIES_OF_ANOTHER = 4, 6
"""A page with a title of its own that is another one is given longer: maintenance lasts days."""


def promises_more(session: Session, item: FetchedPage, record: dict[str, Any]) -> bool:
    """Whether a new page of few words does not show the title of the row that leads to it: a notice, a home page.

    Some pages never show it; after a few tries they are taken as they are.
    """
    title = fold(item.hints.title or "")[:TITLE]
    few = len(fold(record.get("body") or "")) < FEW_WORDS or record.get("title_raw") == item.hints.title
    if (
        len(title) < SHORTEST
        or not few
        or item.document
        or item.page_id is None
        or title in fold(revisions.plain(source_of(item)))
    ):
        return False
    page = session.get(PageRow, item.page_id)
    another = record.get("title_raw") and not titles_agree(record["title_raw"], item.hints.title)
    return page is not None and page.attempts < (TRIES_OF_ANOTHER if another else TRIES)


def source_of(item: FetchedPage) -> str:
    """A page's source as text."""
    charset = f"text/html; charset={item.charset}" if item.charset else None
    return decode(item.raw[:LONGEST_SOURCE], charset).text
