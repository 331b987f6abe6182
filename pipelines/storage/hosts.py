"""What all processes share of a host: its next free slot, pauses, robots.txt. Callers commit."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from pipelines.storage.models import HostRow
from pipelines.storage.session import serialise

MAX_PAUSE = timedelta(hours=24)
SLOTS_AHEAD = 64
"""Further ahead than this many delays a slot is the trace of a clock that was set back, and is ignored."""


def get_host(session: Session, host: str) -> HostRow:
    """The host's row, locked until the transaction ends; made when there is none."""
    row = session.get(HostRow, host, with_for_update=True)
    if row is None:
        serialise(session, f"host {host}")
        row = session.get(HostRow, host, with_for_update=True)
    if row is None:
        row = HostRow(host=host, failures_in_a_row=0)
        session.add(row)
        session.flush()
    return row


def reserve_slot(session: Session, host: str, *, delay: float, now: datetime) -> datetime:
    """Takes the host's next free moment for one request: at least `delay` seconds after the one before it."""
    row = get_host(session, host)
    slot = now
    if row.next_slot_at and now < row.next_slot_at <= now + timedelta(seconds=delay * SLOTS_AHEAD):
        slot = row.next_slot_at
    row.next_slot_at = slot + timedelta(seconds=delay)
    return slot


def pause_host(session: Session, host: str, *, until: datetime, reason: str, now: datetime) -> datetime:
    """Leaves a host alone until a moment (24 h at most); a longer pause already there stands. Returns its end."""
    row = get_host(session, host)
    until = min(until, now + MAX_PAUSE)
    if row.paused_until is None or row.paused_until < until or row.paused_until > now + MAX_PAUSE:
        row.paused_until, row.pause_reason = until, reason[:500]
    return row.paused_until


def paused_until(session: Session, host: str, *, now: datetime) -> datetime | None:
    """When the host's pause ends, if it is in one."""
    row = session.get(HostRow, host)
    if row is None or row.paused_until is None or not now < row.paused_until <= now + MAX_PAUSE:
        return None
    return row.paused_until


def save_robots(
    session: Session, host: str, *, status: int | None, text: str | None, crawl_delay: float | None, now: datetime
) -> None:
    """Keeps a host's robots.txt (`status` None: it could not be fetched) for all processes."""
    row = get_host(session, host)
    row.robots_status, row.robots_text, row.robots_at, row.crawl_delay = status, text, now, crawl_delay
