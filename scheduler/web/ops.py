"""For machines: health, readiness, metrics and feeds."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException, Query
from fastapi.responses import JSONResponse, PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import Response

from pipelines.errors import BureauwatchError, UnknownNameError
from scheduler import feeds
from scheduler.web.pages import State

Wanted = Annotated[int | None, Query(ge=1, le=2**31 - 1)]

router = APIRouter(include_in_schema=False)


@router.get("/healthz")
def healthz() -> Response:
    """The process answers."""
    return PlainTextResponse("ok\n")


@router.get("/readyz")
def readyz(web: State) -> Response:
    """Whether crawls and alerts are running; 503 names what is not."""
    complaints = web.service.ready() if web.service else []
    return JSONResponse({"ready": not complaints, "complaints": complaints}, status_code=503 if complaints else 200)


@router.get("/metrics")
def metrics(web: State) -> Response:
    """Prometheus exposition."""
    if web.service is None:
        raise HTTPException(404)
    return Response(web.service.metrics.render(), media_type=CONTENT_TYPE_LATEST)


@router.get("/feeds/atom.xml")
def atom(
    request: Request, web: State, source: str | None = None, query: str | None = None, subscription: Wanted = None
) -> Response:
    """The newest events as Atom."""
    return _feed(request, web, "atom", source, query, subscription)


@router.get("/feeds/feed.json")
def json_feed(
    request: Request, web: State, source: str | None = None, query: str | None = None, subscription: Wanted = None
) -> Response:
    """The newest events as JSON Feed 1.1."""
    return _feed(request, web, "json", source, query, subscription)


def _feed(
    request: Request, web: State, kind: str, source: str | None, query: str | None, subscription: int | None
) -> Response:
    base = str(request.base_url).rstrip("/")
    wanted = feeds.FeedRequest(base=base, source=source, query=query, subscription=subscription)
    try:
        with web.database.session() as session:
            if kind == "atom":
                return Response(feeds.atom(session, wanted, now=web.clock()), media_type="application/atom+xml")
            return Response(feeds.json_feed(session, wanted, now=web.clock()), media_type="application/feed+json")
    except UnknownNameError as error:
        raise HTTPException(404, str(error)) from None
    except BureauwatchError as error:
        raise HTTPException(422, str(error)) from None
