"""Every route, asked by a stranger: Host, Origin, token; and hostile reports stay inert."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from pipelines.config import Config
from pipelines.errors import SettingsError
from scheduler.web.app import create_app
from scheduler.web.security import COOKIE, HEADERS, check_binding, cookie_is_valid, make_cookie
from scheduler.web.state import Web
from tests.scheduler.web.conftest import NOW, TOKEN


def routes(web: Web) -> Iterator[tuple[str, str]]:
    def walk(found: object) -> Iterator[APIRoute]:
        for route in getattr(found, "routes", []):
            if isinstance(route, APIRoute):
                yield route
            else:
                yield from walk(getattr(route, "original_router", None) or getattr(route, "app", None))

    for route in walk(create_app(web)):
        path = re.sub(r"{\w+}", "1", route.path)
        for method in route.methods or ():
            yield method, path


def test_the_walk_sees_the_routes(web: Web) -> None:
    found = set(routes(web))
    assert {("GET", "/"), ("GET", "/api/v1/reports"), ("POST", "/subscriptions"), ("GET", "/metrics")} <= found
    assert len(found) > 25


def test_no_route_opens_without_a_token_off_loopback(web: Web, outside: Callable[..., TestClient]) -> None:
    stranger = outside()
    for method, path in routes(web):
        if path in ("/healthz", "/login"):
            continue
        answer = stranger.request(method, path, headers={"origin": "https://watch.example.org"})
        assert answer.status_code in (401, 303), (method, path)
        assert answer.status_code == 401 or answer.headers["location"] == "/login"
    assert stranger.get("/healthz").status_code == 200
    assert stranger.get("/api/v1/openapi.json").status_code == 401


def test_a_wrong_token_is_no_token(outside: Callable[..., TestClient]) -> None:
    for given in ("", "Bearer", "Bearer x", f"Bearer {TOKEN}x", f"Basic {TOKEN}", f"Bearer {TOKEN[:-1]}"):
        assert outside(authorization=given).get("/api/v1/reports").status_code == 401, given
    assert outside(authorization=f"Bearer {TOKEN}").get("/api/v1/reports").status_code == 200


def test_login_gives_a_cookie_that_opens_and_ends(outside: Callable[..., TestClient]) -> None:
    client = outside(accept="text/html")
    assert client.get("/reports").headers["location"] == "/login"
    assert client.post("/login", data={"token": "wrong"}).status_code == 401
    answer = client.post("/login", data={"token": TOKEN})
    assert answer.status_code == 303
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "secure" in cookie
    assert TOKEN not in cookie
    client.cookies.clear()
    signed_in = client.get("/", headers={"cookie": f"{COOKIE}={make_cookie(TOKEN, datetime.now(UTC))}"})
    assert 'action="/logout"' in signed_in.text, "who signed in can sign out"
    value = make_cookie(TOKEN, NOW)
    assert cookie_is_valid(value, TOKEN, NOW)
    assert not cookie_is_valid(value, TOKEN + "x", NOW)
    assert not cookie_is_valid("9" + value, TOKEN, NOW)
    assert not cookie_is_valid(value, TOKEN, NOW.replace(year=2024))
    assert not cookie_is_valid("", TOKEN, NOW)


def test_a_foreign_host_name_is_not_served(client: TestClient) -> None:
    for host in ("evil.example", "127.0.0.1.evil.example", "[::1", "", "169.254.169.254"):
        assert client.get("/", headers={"host": host}).status_code == 421, host
    assert client.get("/", headers={"host": "localhost:8000"}).status_code == 200


def test_behind_a_proxy_the_token_is_needed_on_loopback_too(client: TestClient) -> None:
    assert client.get("/api/v1/reports", headers={"host": "watch.example.org"}).status_code == 401


@pytest.mark.parametrize(
    "headers", [{"origin": "https://evil.example"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}]
)
def test_a_forged_form_is_refused(client: TestClient, headers: dict[str, str]) -> None:
    answer = client.post("/subscriptions", data={"to": "json://127.0.0.1/x"}, headers=headers)
    assert answer.status_code == 403


def test_serving_off_loopback_without_a_token_is_refused() -> None:
    with pytest.raises(SettingsError, match="TOKEN"):
        check_binding("0.0.0.0", None)
    for host in ("127.0.0.1", "::1", "localhost", "127.8.8.8"):
        check_binding(host, None)
    assert Config(token=TOKEN).token == TOKEN


def test_every_answer_carries_the_headers(client: TestClient) -> None:
    for path in ("/", "/api/v1/events", "/nothing", "/static/style.css"):
        answer = client.get(path)
        assert all(answer.headers.get(name) for name in HEADERS), path


def test_hostile_text_is_inert(client: TestClient) -> None:
    found = client.get("/api/v1/reports", params={"limit": 50}).json()["items"]
    number = next(r["id"] for r in found if "script" in (r["title"] or ""))
    for path in ("/", f"/reports/{number}", "/reports", "/events", "/indicators", "/sources"):
        page = client.get(path).text
        assert "<script" not in page
        assert "<img src=x" not in page
        assert "javascript:" not in re.sub(r">[^<]*<", "><", page), "as text it is harmless"
    feed = client.get("/feeds/atom.xml").text
    assert "<script" not in feed


def test_static_files_stay_in_their_folder(client: TestClient) -> None:
    for path in ("/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2fapp.py"):
        assert client.get(path).status_code == 404
