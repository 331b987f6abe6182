"""One page as a browser shows it, outside a crawl: for `sources probe` and `check` of a `render: true` source."""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
from collections.abc import Sequence

from crawler.platforms.base import Page
from pipelines.errors import FetchError
from pipelines.messages import say
from pipelines.net import Network

SETTLED_MS = 3000
"""Milliseconds that scripts have after the page is loaded to fetch what they show."""


def rendered(
    url: str, *, user_agent: str, headers: dict[str, str], networks: Sequence[Network], timeout: float
) -> Page:
    """The page at an address once its scripts have run; `timeout` in seconds.

    Raises:
        FetchError: there is no browser, or the page did not load.
    """
    if importlib.util.find_spec("scrapy_playwright") is None:
        raise FetchError(
            say("`render: true` needs a browser, and none can be used"),
            failure="configuration",
            url=url,
            cure=say("Install the browser extra and Chromium: pip install 'bureauwatch[browser]'"),
        )
    return asyncio.run(_rendered(url, user_agent, headers, networks, timeout))


async def _rendered(
    url: str, user_agent: str, headers: dict[str, str], networks: Sequence[Network], timeout: float
) -> Page:
    from playwright.async_api import Error, TimeoutError, async_playwright

    from crawler.browser import SKIPPED
    from crawler.browserproxy import GuardedProxy, launch_options

    proxy = GuardedProxy(networks)
    await proxy.start()
    try:
        async with async_playwright() as tools:
            browser = await tools.chromium.launch(**launch_options(proxy.port))
            context = await browser.new_context(user_agent=user_agent, extra_http_headers=headers)
            view = await context.new_page()
            await view.route("**/*", lambda r: r.abort() if r.request.resource_type in SKIPPED else r.continue_())
            answer = await view.goto(url, timeout=timeout * 1000)
            with contextlib.suppress(TimeoutError):  # a page that never falls silent is read as it is
                await view.wait_for_load_state("networkidle", timeout=SETTLED_MS)
            raw = (await view.content()).encode()
            kept = {k.lower(): v for k, v in (await answer.all_headers()).items()} if answer else {}
            return Page(view.url, raw, answer.status if answer else 200, "text/html", "utf-8", kept)
    except Error as error:
        raise FetchError(
            say("The browser could not load {url}: {reason}", url=url[:200], reason=str(error).splitlines()[0][:120]),
            failure="timeout" if isinstance(error, TimeoutError) else "reset",
            url=url,
        ) from None
    finally:
        proxy.close()
