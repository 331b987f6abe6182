"""What the routes share: the database, the settings, the running service, and the templates with their helpers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.templating import Jinja2Templates
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from sqlalchemy.orm import Session
from starlette.responses import Response

from crawler.sources.registry import Registry
from pipelines.config import Config
from pipelines.messages import language, say
from pipelines.storage.models import SourceRow
from pipelines.storage.session import Database
from scheduler.figures import as_stated, number
from scheduler.service import Service
from scheduler.web import words

FOLDER = Path(__file__).parent


@dataclass
class Web:
    """One web application's surroundings. `service` is None when only pages are served."""

    config: Config
    database: Database
    clock: Callable[[], datetime]
    service: Service | None = None

    @property
    def registry(self) -> Registry:
        """The sources as they are now."""
        return self.service.registry if self.service else Registry()


def web_of(request: Request) -> Web:
    """The surroundings of a request (FastAPI dependency)."""
    web: Web = request.app.state.web
    return web


def make_templates() -> Jinja2Templates:
    """Templates that escape everything and fail on unknown names."""
    environment = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        say=say,
        number=number,
        figure=as_stated,
        label=words.label,
        change=words.change,
        file_kind=words.file_kind,
        term=words.term,
        note=words.note,
        event_name=words.event_name,
        event_class=words.event_class,
        href=words.safe_link,
        local=lambda moment: local_time(moment, "Asia/Shanghai"),
    )
    return Jinja2Templates(env=environment)


def local_time(moment: datetime, zone: str) -> str:
    """A moment in a zone, to the minute."""
    return moment.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")


TEMPLATES = make_templates()


def page(request: Request, template: str, here: str | None = None, status: int = 200, **values: Any) -> Response:
    """Renders a page with the frame's values."""
    nav = [
        ("/", say("Overview")),
        ("/reports", say("Reports")),
        ("/indicators", say("Indicators")),
        ("/events", say("Events")),
        ("/sources", say("Sources")),
        ("/subscriptions", say("Alerts")),
    ]
    frame = {"nav": nav, "here": here, "lang": "zh-CN" if language() == "zh" else "en", "query": None}
    return TEMPLATES.TemplateResponse(request, template, {**frame, **values}, status_code=status)


def source_names(session: Session, web: Web) -> dict[str, str]:
    """Sources' names by id: those with data, then those that are only defined."""
    names = {row.id: row.name for row in session.query(SourceRow)}
    return names | {id_: s.name for id_, s in web.registry.sources.items() if id_ in names or not s.paused}
