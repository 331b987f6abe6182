"""The web application: routes, the guard in front of them, and how errors look."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.responses import Response

from pipelines.errors import BureauwatchError
from pipelines.messages import say
from scheduler.web import actions, api, ops, pages, series
from scheduler.web.security import Guard, check_binding, is_loopback
from scheduler.web.state import FOLDER, Web, page

LOOPBACK = {"localhost", "127.0.0.1", "::1"}


def create_app(web: Web, *, host: str = "127.0.0.1") -> FastAPI:
    """The application for a bound address.

    Args:
        web: database, settings, clock and the running service.
        host: the address it listens on; decides what is open (see security.py).

    Raises:
        SettingsError: an address off loopback without a token.
    """
    check_binding(host, web.config.token)
    app = FastAPI(
        title="bureauwatch", version="1", docs_url=None, redoc_url=None, openapi_url="/api/v1/openapi.json",
        description="Reports of government bureaus, their indicators and what happened to them.",
    )  # fmt: skip
    app.state.web = web
    names = {name.lower() for name in web.config.hosts} | LOOPBACK
    if host not in ("0.0.0.0", "::"):  # noqa: S104 - compared, not bound
        names.add(host.lower())
    app.add_middleware(Guard, hosts=names, token=web.config.token, loopback=is_loopback(host))
    app.mount("/static", StaticFiles(directory=FOLDER / "static"), name="static")
    for part in (pages, series, actions, ops, api):
        app.include_router(part.router)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(BureauwatchError, _our_error)
    return app


def _wants_page(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "") and not request.url.path.startswith(("/api/", "/feeds/"))


def _answer(request: Request, status: int, message: str) -> Response:
    if _wants_page(request):
        return page(request, "error.html", None, status, code=status, message=message)
    return JSONResponse({"error": message}, status_code=status)


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for it
    message = error.detail if error.detail != HTTPStatus(error.status_code).phrase else say("There is nothing here")
    return _answer(request, error.status_code, message)


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for it
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"][1:])
    return _answer(request, 422, f"{place}: {first['msg']}")


async def _our_error(request: Request, error: Exception) -> Response:
    return _answer(request, 503, str(error))
