"""Who may ask what: Host names, Origins, tokens, and the headers every answer carries.

On loopback the pages are open; anywhere else each request needs the token, as `Authorization: Bearer …` or as cookie
of the login page. A request whose Host is no loopback name counts as "anywhere else" also when the program listens on
loopback, so that a proxy in front of it opens nothing. Only Host names the program was told of are answered, which
stops DNS rebinding; a write from another Origin is refused, which stops forged forms.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pipelines.errors import SettingsError
from pipelines.messages import say

COOKIE = "bureauwatch"
COOKIE_LIFE = timedelta(days=30)
OPEN_PATHS = {"/healthz", "/login"}
HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "interest-cohort=(), camera=(), microphone=(), geolocation=()",
}


def is_loopback(name: str) -> bool:
    """Whether a host name or address means this machine only."""
    name = name.strip("[]").lower()
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def check_binding(host: str, token: str | None) -> None:
    """Refuses to listen off loopback without a token.

    Raises:
        SettingsError: there is none.
    """
    if not is_loopback(host) and not token:
        raise SettingsError(
            say("Serving on {host} without a token would open the pages to everyone", host=host),
            cure=say("Set BUREAUWATCH_TOKEN to 16 characters or more, or serve on 127.0.0.1"),
        )


def host_name(value: str) -> str:
    """The name part of a Host header or Origin's netloc, lower case, without port and brackets."""
    try:
        return (urlsplit(f"//{value}").hostname or "").lower()
    except ValueError:
        return ""


def make_cookie(token: str, now: datetime) -> str:
    """A login cookie: its end and a signature; the token itself is never stored in a browser."""
    ends = str(int((now + COOKIE_LIFE).timestamp()))
    return f"{ends}.{_sign(token, ends)}"


def cookie_is_valid(value: str, token: str, now: datetime) -> bool:
    """Whether a cookie was made with this token and has not ended."""
    ends, _, signature = value.partition(".")
    if not ends.isdigit() or len(ends) > 12 or not hmac.compare_digest(signature.encode(), _sign(token, ends).encode()):
        return False
    return datetime.fromtimestamp(int(ends), UTC) > now


def _sign(token: str, ends: str) -> str:
    return hmac.new(token.encode(), f"bureauwatch-login:{ends}".encode(), hashlib.sha256).hexdigest()


def token_matches(given: str, token: str) -> bool:
    """Compares in constant time."""
    return hmac.compare_digest(given.encode(), token.encode())


class Guard:
    """ASGI middleware in front of every route."""

    def __init__(self, app: ASGIApp, *, hosts: set[str], token: str | None, loopback: bool) -> None:
        self.app, self.hosts, self.token, self.loopback = app, hosts, token, loopback

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuses, or passes on and adds the headers."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def guarded_send(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("cache-control", "no-store")
            await send(message)

        refusal = self._refusal(scope)
        await (refusal or self.app)(scope, receive, guarded_send)

    def _refusal(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        name = host_name(headers.get("host", ""))
        if scope["path"] == "/healthz" and scope["method"] in ("GET", "HEAD"):
            return None
        if name not in self.hosts:
            return PlainTextResponse(
                say("This Host name is not served here; add it to BUREAUWATCH_HOSTS"), status_code=421
            )
        if scope["method"] not in ("GET", "HEAD", "OPTIONS") and not self._same_origin(headers):
            return PlainTextResponse(say("Refused: the request comes from another site"), status_code=403)
        if self.loopback and is_loopback(name):
            return None
        if scope["path"] in OPEN_PATHS or scope["path"].startswith("/static/") or self._knows_token(scope, headers):
            return None
        if "text/html" in headers.get("accept", "") and not scope["path"].startswith(("/api/", "/feeds/")):
            return RedirectResponse("/login", status_code=303)
        return JSONResponse(
            {"error": say("A token is needed: Authorization: Bearer TOKEN")},
            status_code=401,
            headers={"www-authenticate": 'Bearer realm="bureauwatch"'},
        )

    def _same_origin(self, headers: Headers) -> bool:
        """A browser always sends Origin with a write; a program that sends none carries no cookies of a browser's."""
        origin = headers.get("origin")
        if origin is not None:
            return host_name(urlsplit(origin).netloc) in self.hosts and origin != "null"
        return headers.get("sec-fetch-site", "same-origin") in ("same-origin", "none")

    def _knows_token(self, scope: Scope, headers: Headers) -> bool:
        if not self.token:
            return False
        kind, _, given = headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer" and token_matches(given.strip(), self.token):
            return True
        cookie = Request(scope).cookies.get(COOKIE, "")
        return cookie_is_valid(cookie, self.token, datetime.now(UTC))
