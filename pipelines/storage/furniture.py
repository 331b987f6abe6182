"""A line that comes to or goes from the edge of many texts of a source is its template's, and happened to no report.

One page alone cannot tell: a change of that kind waits for the next check, in which some other pages of the source are
read, too. What they show as well is the template's; what no other shows is the bureau's own word, and told then.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from pipelines import revisions
from pipelines.items import FetchedPage
from pipelines.storage.models import PageRow, PlaceRow, ReportRow, RevisionRow

WITNESSES: Final = 2
"""Other pages that must show the same."""
ASKED: Final = 4
"""Other pages that are read again for it."""
LOOKED_AT: Final = 30
LONGEST_WAIT: Final = timedelta(days=3)
Verdict = Literal["template", "wait", "real"]


def judge(
    session: Session, item: FetchedPage, report: ReportRow, own: dict[str, Any], record: dict[str, Any], now: datetime
) -> Verdict:
    """Whose a change of a text is that is its only change; `wait` leaves the page due for the next check."""
    lines = revisions.edge_lines(own.get("body") or "", record.get("body") or "")
    if lines is None or item.page_id is None:
        return "real"
    page = session.get(PageRow, item.page_id)
    if page is None:
        return "real"
    went, came = lines
    others = _others(session, item.source_id, report.id)
    if len(others) < WITNESSES or not _shared(went, others):
        return "real"
    if _shared(came, others):
        return "template"
    name = hashlib.sha256("\n".join(["-", *sorted(went), "+", *sorted(came)]).encode()).hexdigest()[:32]
    since = page.hints.get("unsure_since") if page.hints.get("unsure") == name else None
    page.hints = {**page.hints, "unsure": name, "unsure_since": since or now.isoformat()}
    session.flush()
    if _witnesses(session, item.source_id, page.id, name) >= WITNESSES:
        return "template"
    if since and _others_read(session, item.source_id, page.id, datetime.fromisoformat(since), now):
        return "real"
    _ask(session, item.source_id, page.id, now)
    return "wait"


def leave_due(session: Session, page_id: int, now: datetime) -> None:
    """A page that waits is read whole at the next check, whatever its validators say, and after the others."""
    due = now + timedelta(seconds=1)
    session.execute(
        update(PageRow).where(PageRow.id == page_id).values(due_at=due, sha256=None, etag=None, last_modified=None)
    )


def _others(session: Session, source_id: str, report_id: int) -> list[set[str]]:
    """The lines of what other reports of the source show, the newest ones."""
    current = session.scalars(
        select(RevisionRow.record["body"].as_string())
        .join(ReportRow, (ReportRow.id == RevisionRow.report_id) & (ReportRow.revision == RevisionRow.number))
        .where(ReportRow.source_id == source_id, ReportRow.id != report_id)
        .order_by(ReportRow.id.desc())
        .limit(LOOKED_AT)
    )
    shown = session.scalars(
        select(PlaceRow.record["body"].as_string())
        .where(PlaceRow.source_id == source_id, PlaceRow.report_id != report_id)
        .where(PlaceRow.record["body"].as_string().is_not(None))
        .order_by(PlaceRow.id.desc())
        .limit(LOOKED_AT)
    )
    return [revisions.line_keys(body or "") for rows in (current, shown) for body in rows]


def _shared(lines: Iterable[str], others: list[set[str]]) -> bool:
    return all(sum(line in other for other in others) >= WITNESSES for line in lines)


def _witnesses(session: Session, source_id: str, page_id: int, name: str) -> int:
    query = select(func.count()).where(
        PageRow.source_id == source_id, PageRow.id != page_id, PageRow.hints["unsure"].as_string() == name
    )
    return session.scalar(query) or 0


def _others_read(session: Session, source_id: str, page_id: int, since: datetime, now: datetime) -> bool:
    """Whether enough other pages were read meanwhile, or would have been if the source were well."""
    query = select(func.count()).where(
        PageRow.source_id == source_id, PageRow.id != page_id, PageRow.state == "done", PageRow.fetched_at > since
    )
    return (session.scalar(query) or 0) >= WITNESSES or now - since > LONGEST_WAIT


def _ask(session: Session, source_id: str, page_id: int, now: datetime) -> None:
    """Has some other pages read at the next check, the newest ones."""
    newest = (
        select(PageRow.id)
        .where(PageRow.source_id == source_id, PageRow.id != page_id, PageRow.state == "done")
        .where(PageRow.report_id.is_not(None))
        .order_by(PageRow.id.desc())
        .limit(ASKED)
    )
    session.execute(update(PageRow).where(PageRow.id.in_(newest), PageRow.due_at > now).values(due_at=now))
