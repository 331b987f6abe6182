"""The tables. Times are UTC; what a report says of itself is kept whole in its revision's `record`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, kept as UTC: SQLite drops offsets, so a naive value is refused and UTC restored."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """PostgreSQL keeps the zone; SQLite has none."""
        return dialect.type_descriptor(DateTime(timezone=dialect.name == "postgresql"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuses naive times."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        value = value.astimezone(UTC)
        return value if dialect.name == "postgresql" else value.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Gives an aware UTC time."""
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    """Declarative base."""

    type_annotation_map = {datetime: UtcDateTime, dict[str, Any]: JSON, list[Any]: JSON}


class SourceRow(Base):
    """A source's state; its definition stays in YAML."""

    __tablename__ = "source"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    zone: Mapped[str] = mapped_column(String(64), default="Asia/Shanghai")
    added_at: Mapped[datetime]
    backfilled_at: Mapped[datetime | None] = mapped_column(default=None)
    """When the first complete crawl ended; until then new reports are backfill and nobody is told."""
    next_check_at: Mapped[datetime | None] = mapped_column(default=None)
    failures_in_a_row: Mapped[int] = mapped_column(default=0)
    state: Mapped[dict[str, Any]] = mapped_column(default=dict)


class ColumnRow(Base):
    """A column's state: what it is made with, its validators and its baseline."""

    __tablename__ = "listing_column"
    __table_args__ = (UniqueConstraint("source_id", "url"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[str] = mapped_column(ForeignKey("source.id"), index=True)
    url: Mapped[str] = mapped_column(Text)
    name: Mapped[str | None] = mapped_column(String(200))
    platform: Mapped[str | None] = mapped_column(String(40))
    checked_at: Mapped[datetime | None]
    changed_at: Mapped[datetime | None]
    newest_published: Mapped[datetime | None]
    entries_baseline: Mapped[float | None]
    state: Mapped[dict[str, Any]] = mapped_column(default=dict)


class CrawlRow(Base):
    """One crawl of one source."""

    __tablename__ = "crawl"

    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[str] = mapped_column(ForeignKey("source.id"), index=True)
    mode: Mapped[str] = mapped_column(String(20), default="incremental")
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(20))
    """ok, failed, killed; None while it runs."""
    failure: Mapped[str | None] = mapped_column(String(40))
    error: Mapped[str | None] = mapped_column(Text)
    stats: Mapped[dict[str, Any]] = mapped_column(default=dict)


class CaptureRow(Base):
    """One archived response: where its bytes lie."""

    __tablename__ = "capture"
    __table_args__ = (Index("ix_capture_url", "url", postgresql_using="hash"),)  # addresses may be long

    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[str | None] = mapped_column(String(64))
    crawl_id: Mapped[int | None] = mapped_column(ForeignKey("crawl.id"), index=True)
    url: Mapped[str] = mapped_column(Text)
    final_url: Mapped[str] = mapped_column(Text)
    fetched_at: Mapped[datetime] = mapped_column(index=True)
    status: Mapped[int]
    media_type: Mapped[str | None] = mapped_column(String(100))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int]
    warc_file: Mapped[str] = mapped_column(String(200))
    warc_offset: Mapped[int]
    warc_length: Mapped[int]


class PageRow(Base):
    """A URL that is or was to be fetched: the frontier, and the validators of conditional requests."""

    __tablename__ = "page"
    __table_args__ = (
        UniqueConstraint("source_id", "url_key"),
        Index("ix_page_frontier", "source_id", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[str] = mapped_column(ForeignKey("source.id"))
    column_id: Mapped[int | None] = mapped_column(ForeignKey("listing_column.id"))
    url: Mapped[str] = mapped_column(Text)
    url_key: Mapped[str] = mapped_column(Text)
    """The URL without scheme, www, session ids and fragments."""
    role: Mapped[str] = mapped_column(String(10))
    """listing, detail or document."""
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    """waiting, done, failed or gone."""
    hints: Mapped[dict[str, Any]] = mapped_column(default=dict)
    attempts: Mapped[int] = mapped_column(default=0)
    failure: Mapped[str | None] = mapped_column(String(40))
    found_at: Mapped[datetime]
    fetched_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    """When the page is to be read again."""
    etag: Mapped[str | None] = mapped_column(Text)
    last_modified: Mapped[str | None] = mapped_column(String(80))
    sha256: Mapped[str | None] = mapped_column(String(64))
    report_id: Mapped[int | None] = mapped_column(ForeignKey("report.id"), index=True)


class ReportRow(Base):
    """One publication; the columns repeat the newest revision's fields for filters and lists."""

    __tablename__ = "report"
    __table_args__ = (
        Index("ix_report_number", "source_id", "document_number"),
        Index("ix_report_index", "source_id", "index_number"),
        Index("ix_report_title", "title_key", "published"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[str] = mapped_column(ForeignKey("source.id"), index=True)
    url: Mapped[str] = mapped_column(Text)
    title: Mapped[str | None] = mapped_column(Text)
    title_key: Mapped[str | None] = mapped_column(String(200))
    """The title without spaces and punctuation, cut: for recognising copies and moved pages."""
    published: Mapped[str | None] = mapped_column(String(32), index=True)
    """ISO day or moment as the page prints it, in the source's zone."""
    index_number: Mapped[str | None] = mapped_column(String(200))
    document_number: Mapped[str | None] = mapped_column(String(200))
    publisher: Mapped[str | None] = mapped_column(String(200))
    language: Mapped[str | None] = mapped_column(String(16))
    body_hash: Mapped[str | None] = mapped_column(String(64), index=True)
    """Of the normalised body: equal texts under other titles or addresses."""
    state: Mapped[str] = mapped_column(String(12), default="live", index=True)
    """live, withdrawn or tampered."""
    backfill: Mapped[bool] = mapped_column(Boolean, default=False)
    flags: Mapped[list[Any]] = mapped_column(default=list)
    indicator_count: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int] = mapped_column(default=1)
    first_seen_at: Mapped[datetime] = mapped_column(index=True)
    last_seen_at: Mapped[datetime]
    last_changed_at: Mapped[datetime]
    missing_since: Mapped[datetime | None]
    """When its own bureau's last place was first found gone."""

    revisions: Mapped[list[RevisionRow]] = relationship(back_populates="report", order_by="RevisionRow.number")
    places: Mapped[list[PlaceRow]] = relationship(back_populates="report")


class PlaceRow(Base):
    """Where a report was seen: URL variants, columns and other bureaus' copies; each place is watched on its own."""

    __tablename__ = "place"
    __table_args__ = (UniqueConstraint("source_id", "url_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), index=True)
    source_id: Mapped[str] = mapped_column(ForeignKey("source.id"))
    columns: Mapped[list[Any]] = mapped_column(default=list)
    """Ids of the columns that list it."""
    url: Mapped[str] = mapped_column(Text)
    url_key: Mapped[str] = mapped_column(Text, index=True)
    seen_at: Mapped[datetime]
    crawl_id: Mapped[int | None] = mapped_column(ForeignKey("crawl.id"))
    """The crawl that read it last: within one crawl the first reading counts."""
    page_id: Mapped[int | None] = mapped_column(ForeignKey("page.id"), index=True)
    """The page that led here last; a redirected page has another key."""
    content_hash: Mapped[str | None] = mapped_column(String(64))
    """What this place showed last."""
    record: Mapped[dict[str, Any] | None]
    """The place's own record where it is no revision of the report: copies differ in publisher, links, last lines."""
    tampered: Mapped[bool] = mapped_column(Boolean, default=False)
    missing_since: Mapped[datetime | None]
    missing_checks: Mapped[int] = mapped_column(default=0)

    report: Mapped[ReportRow] = relationship(back_populates="places")


class RevisionRow(Base):
    """One version of a report's content."""

    __tablename__ = "revision"
    __table_args__ = (UniqueConstraint("report_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"))
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(16))
    """first, content, attachment, tampered, filled or reextraction; the last two raise no event."""
    at: Mapped[datetime]
    record: Mapped[dict[str, Any]]
    changes: Mapped[list[Any]] = mapped_column(default=list)
    content_hash: Mapped[str] = mapped_column(String(64))
    extraction_version: Mapped[str] = mapped_column(String(16))
    capture_id: Mapped[int | None] = mapped_column(ForeignKey("capture.id"), index=True)
    crawl_id: Mapped[int | None] = mapped_column(ForeignKey("crawl.id"))

    report: Mapped[ReportRow] = relationship(back_populates="revisions")


class AttachmentRow(Base):
    """A report's file as last fetched."""

    __tablename__ = "attachment"
    __table_args__ = (UniqueConstraint("report_id", "url_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"))
    name: Mapped[str] = mapped_column(Text)
    url: Mapped[str] = mapped_column(Text)
    url_key: Mapped[str] = mapped_column(Text)
    media_type: Mapped[str | None] = mapped_column(String(100))
    size: Mapped[int | None]
    sha256: Mapped[str | None] = mapped_column(String(64))
    text: Mapped[str | None] = mapped_column(Text)
    tables: Mapped[list[Any]] = mapped_column(default=list)
    flags: Mapped[list[Any]] = mapped_column(default=list)
    etag: Mapped[str | None] = mapped_column(Text)
    last_modified: Mapped[str | None] = mapped_column(String(80))
    fetched_at: Mapped[datetime | None]
    capture_id: Mapped[int | None] = mapped_column(ForeignKey("capture.id"))


class SeriesRow(Base):
    """One observation across reports: normalised name, subject, region and unit dimension."""

    __tablename__ = "series"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(300), unique=True)
    name: Mapped[str] = mapped_column(String(300), index=True)
    unit: Mapped[str | None] = mapped_column(String(40))
    region: Mapped[str | None] = mapped_column(String(80))
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("series.id"))


class IndicatorRow(Base):
    """One figure of a report's newest revision; the whole record beside the columns that filters need."""

    __tablename__ = "indicator"
    __table_args__ = (Index("ix_indicator_series_period", "series_id", "period"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), index=True)
    series_id: Mapped[int | None] = mapped_column(ForeignKey("series.id"))
    attachment_id: Mapped[int | None] = mapped_column(ForeignKey("attachment.id"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(300), index=True)
    value: Mapped[float | None] = mapped_column(Float)
    unit: Mapped[str | None] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(10))
    status: Mapped[str] = mapped_column(String(12))
    period: Mapped[str | None] = mapped_column(String(60))
    region: Mapped[str | None] = mapped_column(String(80))
    record: Mapped[dict[str, Any]]


class EventRow(Base):
    """Something that happened, exactly once: `key` names the happening."""

    __tablename__ = "event"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, unique=True, index=True)
    """Counts up; feeds and `--after` go by it."""
    key: Mapped[str] = mapped_column(String(200), unique=True)
    type: Mapped[str] = mapped_column(String(32), index=True)
    at: Mapped[datetime] = mapped_column(index=True)
    source_id: Mapped[str | None] = mapped_column(ForeignKey("source.id"), index=True)
    report_id: Mapped[int | None] = mapped_column(ForeignKey("report.id"), index=True)
    crawl_id: Mapped[int | None] = mapped_column(ForeignKey("crawl.id"))
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)


class SubscriptionRow(Base):
    """Who is told of what, and where."""

    __tablename__ = "subscription"

    id: Mapped[int] = mapped_column(primary_key=True)
    to: Mapped[str] = mapped_column(Text)
    types: Mapped[list[Any]] = mapped_column(default=list)
    source_id: Mapped[str | None] = mapped_column(String(64))
    query: Mapped[str | None] = mapped_column(Text)
    indicator: Mapped[str | None] = mapped_column(Text)
    threshold: Mapped[str | None] = mapped_column(Text)
    digest: Mapped[str | None] = mapped_column(String(40))
    quiet: Mapped[str | None] = mapped_column(String(40))
    zone: Mapped[str] = mapped_column(String(64), default="Asia/Shanghai")
    language: Mapped[str] = mapped_column(String(8), default="en")
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class DeliveryRow(Base):
    """One event owed to one subscription: the outbox."""

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("event_id", "subscription_id"),
        Index("ix_delivery_due", "state", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[str] = mapped_column(ForeignKey("event.id"))
    subscription_id: Mapped[int] = mapped_column(ForeignKey("subscription.id"), index=True)
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    """waiting, sent, dead or dropped (its subscription ended). A sender that claims a delivery moves `due_at` on."""
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    batch: Mapped[str | None] = mapped_column(String(36))
    """Deliveries sent as one digest share this id."""
    last_error: Mapped[str | None] = mapped_column(Text)


class IncidentRow(Base):
    """One spell of ill health of a source, from the first failure to recovery."""

    __tablename__ = "incident"

    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[str] = mapped_column(ForeignKey("source.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    """failing, silent or changed."""
    failure: Mapped[str | None] = mapped_column(String(40))
    opened_at: Mapped[datetime]
    last_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    checks: Mapped[int] = mapped_column(default=1)
    error: Mapped[str | None] = mapped_column(Text)


class HostRow(Base):
    """What all processes know of a host: its next free slot, pauses, robots.txt."""

    __tablename__ = "host"

    host: Mapped[str] = mapped_column(String(255), primary_key=True)
    next_slot_at: Mapped[datetime | None]
    paused_until: Mapped[datetime | None]
    pause_reason: Mapped[str | None] = mapped_column(Text)
    failures_in_a_row: Mapped[int] = mapped_column(default=0)
    crawl_delay: Mapped[float | None] = mapped_column(Float)
    robots_text: Mapped[str | None] = mapped_column(Text)
    robots_status: Mapped[int | None]
    robots_at: Mapped[datetime | None]


class SearchRow(Base):
    """A stretch of a report's text for PostgreSQL's index: a tsvector holds 1 MB. SQLite has the FTS5 table instead."""

    __tablename__ = "search_section"
    __table_args__ = (Index("ix_search_section_terms", "terms", postgresql_using="gin"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id", ondelete="CASCADE"), index=True)
    field: Mapped[str] = mapped_column(String(10))
    terms: Mapped[str] = mapped_column(TSVECTOR().with_variant(Text(), "sqlite"))


class ServiceRow(Base):
    """Small facts of the running service (heartbeat, cursors), by name."""

    __tablename__ = "service"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime | None]
    value: Mapped[dict[str, Any]] = mapped_column(default=dict)
