"""What people do on the pages: sign in and out, subscribe, end a subscription, send a dead delivery again."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import RedirectResponse
from sqlalchemy import func, select
from starlette.responses import Response

from pipelines.errors import BureauwatchError
from pipelines.messages import language, say
from pipelines.storage import outbox
from pipelines.storage.models import DeliveryRow, SubscriptionRow
from scheduler.alerts.channels import open_channel
from scheduler.alerts.masking import mask, without_secrets
from scheduler.alerts.rules import parse_digest, parse_quiet
from scheduler.web import security
from scheduler.web.pages import Number, State
from scheduler.web.state import TEMPLATES, Web, page, source_names

router = APIRouter(include_in_schema=False)


@router.get("/login")
def login_page(request: Request) -> Response:
    """The form for the token."""
    return TEMPLATES.TemplateResponse(request, "login.html", {"lang": language(), "complaint": None})


@router.post("/login")
def login(request: Request, web: State, token: Annotated[str, Form(max_length=500)]) -> Response:
    """Sets the cookie when the token is right."""
    if not web.config.token or not security.token_matches(token, web.config.token):
        values = {"lang": language(), "complaint": say("That is not the token.")}
        return TEMPLATES.TemplateResponse(request, "login.html", values, status_code=401)
    answer = RedirectResponse("/", status_code=303)
    answer.set_cookie(
        security.COOKIE,
        security.make_cookie(web.config.token, web.clock()),
        max_age=int(security.COOKIE_LIFE.total_seconds()),
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )
    return answer


@router.post("/logout")
def logout() -> Response:
    """Forgets the cookie."""
    answer = RedirectResponse("/login", status_code=303)
    answer.delete_cookie(security.COOKIE)
    return answer


@router.get("/subscriptions")
def subscriptions(request: Request, web: State) -> Response:
    """Who is told of what, and what could not be delivered."""
    return _subscriptions(request, web)


def _subscriptions(request: Request, web: Web, complaint: str | None = None, status: int = 200) -> Response:
    with web.database.session() as session:
        counts: dict[int, dict[str, int]] = {}
        for number, state, count in session.execute(
            select(DeliveryRow.subscription_id, DeliveryRow.state, func.count()).group_by(
                DeliveryRow.subscription_id, DeliveryRow.state
            )
        ):
            counts.setdefault(number, {})[state] = count
        rows = session.scalars(select(SubscriptionRow).where(SubscriptionRow.ended_at.is_(None)))
        shown = [
            {
                "id": r.id, "to": mask(r.to), "types": r.types, "source_id": r.source_id, "query": r.query,
                "indicator": r.indicator, "threshold": r.threshold, "digest": r.digest, "quiet": r.quiet,
                "counts": {"sent": 0, "waiting": 0, "dead": 0, **counts.get(r.id, {})},
            }
            for r in rows
        ]  # fmt: skip
        dead = session.scalars(
            select(DeliveryRow).where(DeliveryRow.state == outbox.DEAD).order_by(DeliveryRow.id.desc()).limit(50)
        ).all()
        return page(
            request, "subscriptions.html", "/subscriptions", status, rows=shown, dead=dead, complaint=complaint,
            sources=source_names(session, web),
        )  # fmt: skip


@router.post("/subscriptions")
def subscribe(
    request: Request,
    web: State,
    to: Annotated[str, Form(max_length=2000)],
    source: Annotated[str, Form(max_length=64)] = "",
    query: Annotated[str, Form(max_length=2000)] = "",
    digest: Annotated[str, Form(max_length=40)] = "",
    quiet: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """A new subscription, checked like the command line's."""
    try:
        open_channel(to, web.config.private_networks)
        if digest:
            parse_digest(digest)
        if quiet:
            parse_quiet(quiet)
        with web.database.transaction() as session:
            outbox.subscribe(
                session, web.clock(), to=to, source_id=source or None, query=query or None, digest=digest or None,
                quiet=quiet or None, language=language(),
            )  # fmt: skip
    except BureauwatchError as error:
        return _subscriptions(request, web, without_secrets(str(error), to), 400)
    return RedirectResponse("/subscriptions", status_code=303)


@router.post("/subscriptions/{number}/end")
def unsubscribe(web: State, number: Number) -> Response:
    """Ends a subscription."""
    with web.database.transaction() as session:
        outbox.unsubscribe(session, web.clock(), number)
    return RedirectResponse("/subscriptions", status_code=303)


@router.post("/deliveries/{number}/replay")
def replay(web: State, number: Number) -> Response:
    """Sends a dead delivery again, with its old key."""
    with web.database.transaction() as session:
        if session.get(DeliveryRow, number) is None:
            raise HTTPException(404, say("There is no delivery {name}", name=number))
        outbox.replay(session, web.clock(), [number])
    return RedirectResponse("/subscriptions", status_code=303)
