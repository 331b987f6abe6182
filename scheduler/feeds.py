"""Atom (RFC 4287) and JSON Feed 1.1 of events: all of them, or those of a source, a query or a subscription.

Ids are made of events' ids and of what a feed is about, never of the address it is read at, so that a reader never
shows an entry twice. Reports of a first crawl take their place by publication date: adding a bureau with ten years of
reports does not push last week's events out.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode

from sqlalchemy import Select, and_, not_, select
from sqlalchemy.orm import Session

from pipelines.errors import UnknownNameError
from pipelines.messages import language, say
from pipelines.storage.models import DeliveryRow, EventRow, PlaceRow, ReportRow, SourceRow, SubscriptionRow
from scheduler.alerts.compose import message_for
from scheduler.alerts.formatting import Alert, headline, one_line, web_link
from scheduler.alerts.gather import alerts_for
from scheduler.alerts.message import Limits
from scheduler.alerts.setting import render
from scheduler.exports import NOT_IN_XML

ENTRIES = 50
CONTENT = 20_000
JSON_FEED = "https://jsonfeed.org/version/1.1"
TYPES = {"atom": "atom.xml", "json": "feed.json"}


@dataclass(frozen=True, slots=True)
class FeedRequest:
    """What a feed is of. `base`: the address of the web pages, without a slash at its end."""

    base: str
    source: str | None = None
    query: str | None = None
    subscription: int | None = None
    limit: int = ENTRIES

    @property
    def id(self) -> str:
        """The feed's id, the same wherever it is read."""
        return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, 'bureauwatch:feed?' + self._query)}"

    @property
    def _query(self) -> str:
        wanted = {"source": self.source, "query": self.query, "subscription": self.subscription}
        return urlencode({k: v for k, v in wanted.items() if v is not None})

    def url(self, kind: str) -> str:
        """Where the feed is read."""
        return f"{self.base}/feeds/{TYPES[kind]}" + (f"?{self._query}" if self._query else "")


@dataclass(frozen=True, slots=True)
class _Entry:
    id: str
    at: datetime
    title: str
    url: str
    html: str
    type: str
    author: str
    published: str | None
    alert: Alert


def atom(session: Session, request: FeedRequest, *, now: datetime) -> bytes:
    """The feed as Atom.

    Raises:
        UnknownNameError: no source or subscription is called so.
        SubscriptionError: the query cannot be parsed.
    """
    from feedgen.feed import FeedGenerator

    title, entries = _feed_title(session, request), _entries(session, request)
    feed = FeedGenerator()
    feed.id(request.id)
    feed.title(title)
    feed.updated(max((e.at for e in entries), default=now))
    feed.author({"name": "bureauwatch"})
    feed.language("zh-CN" if language() == "zh" else "en")
    feed.link(href=request.url("atom"), rel="self", type="application/atom+xml")
    feed.link(href=f"{request.base}/", rel="alternate", type="text/html")
    feed.generator("bureauwatch")
    for entry in entries:
        made = feed.add_entry(order="append")
        made.id(entry.id)
        made.title(entry.title)
        made.updated(entry.at)
        made.author({"name": entry.author})
        made.category({"term": entry.type})
        made.content(entry.html, type="html")
        made.link(href=entry.url or f"{request.base}/", rel="alternate")
    raw: bytes = feed.atom_str(pretty=True)
    return raw


def json_feed(session: Session, request: FeedRequest, *, now: datetime) -> bytes:  # noqa: ARG001 - as `atom`
    """The feed as JSON Feed 1.1; each item has the event itself under `_bureauwatch`.

    Raises:
        UnknownNameError: no source or subscription is called so.
        SubscriptionError: the query cannot be parsed.
    """
    feed = {
        "version": JSON_FEED,
        "title": _feed_title(session, request),
        "home_page_url": f"{request.base}/",
        "feed_url": request.url("json"),
        "language": "zh-CN" if language() == "zh" else "en",
        "authors": [{"name": "bureauwatch"}],
        "items": [
            {
                "id": entry.id,
                "title": entry.title,
                "content_html": entry.html,
                "date_published": entry.at.isoformat(timespec="seconds"),
                "authors": [{"name": entry.author}],
                "tags": [entry.type],
                **({"url": entry.url} if entry.url else {}),
                "_bureauwatch": dict(entry.alert.event),
            }
            for entry in _entries(session, request)
        ],
    }
    return json.dumps(feed, ensure_ascii=False, indent=1).encode("utf-8", "replace")


def _feed_title(session: Session, request: FeedRequest) -> str:
    parts = ["bureauwatch"]
    if request.source is not None:
        row = session.get(SourceRow, request.source)
        if row is None:
            raise UnknownNameError(
                say("No source {name}", name=one_line(request.source, 80)),
                cure=say("`bureauwatch sources list` shows them all"),
            )
        parts.append(row.name)
    if request.subscription is not None:
        if session.get(SubscriptionRow, request.subscription) is None:
            raise UnknownNameError(say("There is no subscription {number}", number=request.subscription))
        parts.append(say("subscription {id}", id=request.subscription))
    if request.query:
        parts.append(request.query)
    return _clean(one_line(" · ".join(parts)))


def _entries(session: Session, request: FeedRequest) -> list[_Entry]:
    first = and_(EventRow.type == "report.new", ReportRow.backfill.is_(True))
    wanted = _wanted(session, request)
    events: list[EventRow] = list(
        session.scalars(
            wanted.where(not_(first) | ReportRow.id.is_(None)).order_by(EventRow.number.desc()).limit(request.limit)
        )
    )
    if request.subscription is None:
        known = session.scalars(
            wanted.where(first).order_by(ReportRow.published.desc(), EventRow.number.desc()).limit(request.limit)
        )
        events += [event for event in known if event not in events]
    alerts = alerts_for(session, events)
    entries = [
        _entry(alert, backfill=bool((alert.event["details"] or {}).get("backfill"))) for alert in alerts.values()
    ]
    return sorted(entries, key=lambda e: e.at, reverse=True)[: request.limit]


def _wanted(session: Session, request: FeedRequest) -> Select[EventRow]:
    rows = select(EventRow).outerjoin(ReportRow, ReportRow.id == EventRow.report_id)
    if request.source is not None:
        places = select(PlaceRow.report_id).where(PlaceRow.source_id == request.source)
        rows = rows.where((EventRow.source_id == request.source) | EventRow.report_id.in_(places))
    if request.query:
        from pipelines.storage.search import condition

        rows = rows.where(condition(session, request.query))
    if request.subscription is not None:
        rows = rows.join(DeliveryRow, DeliveryRow.event_id == EventRow.id).where(
            DeliveryRow.subscription_id == request.subscription
        )
    return rows


def _entry(alert: Alert, *, backfill: bool) -> _Entry:
    message = message_for(alert, language())
    published = alert.report.get("published")
    return _Entry(
        id=f"urn:uuid:{alert.event['id']}",
        at=(_moment(published, alert.at) if backfill else alert.at),
        title=_clean(headline(alert, language())),
        url=web_link((alert.event.get("report") or {}).get("url")),
        html=_clean(render(message, Limits("page", CONTENT))),
        type=str(alert.event["type"]),
        author=_clean(one_line(alert.report.get("publisher") or alert.source_name or "bureauwatch", 100)),
        published=published,
        alert=alert,
    )


def _moment(published: object, otherwise: datetime) -> datetime:
    """A report's printed day or moment; a day without a time is its start in UTC."""
    try:
        moment = datetime.fromisoformat(str(published))
    except ValueError:
        return otherwise
    return min(moment if moment.tzinfo else moment.replace(tzinfo=UTC), otherwise)


def _clean(text: str) -> str:
    return NOT_IN_XML.sub("", text)


__all__: Sequence[str] = ("FeedRequest", "atom", "json_feed")
