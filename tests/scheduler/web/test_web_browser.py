"""The pages in a real Chromium: no error on the console, nothing refused by the page's own policy, forms work."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn

from scheduler.web.app import create_app
from scheduler.web.state import Web

pytestmark = pytest.mark.browser
CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="module")
def address(web: Web) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(create_app(web), port=port, log_config=None, lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed (Debian: chromium)")
@pytest.mark.parametrize("width", [1280, 390])
def test_a_reader_finds_a_report_and_subscribes(address: str, width: int) -> None:
    from playwright.sync_api import sync_playwright

    complaints: list[str] = []
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": width, "height": 800})
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(address)
        page.get_by_role("searchbox").fill("工作总结")
        page.get_by_role("button", name="Search").click()
        page.locator("ul.reports a.title").first.click()
        assert "工作总结" in page.locator("h1").inner_text()
        figure = page.locator("mark").first
        assert figure.is_visible()
        for path in ("/indicators", "/events", "/sources", "/subscriptions"):
            page.goto(address + path)
            wide = page.evaluate(
                "[...document.querySelectorAll('main *, header *')]"
                ".filter(e => e.getBoundingClientRect().right > window.innerWidth + 1 && !e.closest('.scroll'))"
                ".map(e => e.tagName + '.' + e.className)"
            )
            assert not wide, f"{path} is wider than {width}"
        page.get_by_label("Send to (Apprise URL)").fill("json://hooks.example.org/x")
        page.get_by_role("button", name="Subscribe").click()
        assert page.get_by_role("button", name="End").first.is_visible()
        page.get_by_role("button", name="End").first.click()
        browser.close()
    assert not complaints
