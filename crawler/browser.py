"""Pages that only a browser can show (`render: true`): scrapy-playwright with Chromium, behind the crawl's own rules.

The browser resolves names by itself, so its traffic goes through a proxy in this process (crawler.browserproxy) that
connects to allowed addresses only; images, fonts and media are not fetched.
"""

from __future__ import annotations

import importlib.util
import shutil
from typing import Any

from crawler.sources.model import Source
from pipelines.errors import SourceError
from pipelines.messages import say

HANDLER = "crawler.browserproxy.GuardedPlaywrightHandler"
SKIPPED = frozenset({"image", "media", "font"})
"""Kinds of requests that a page's text does not need."""


def chromium() -> str | None:
    """The path of an installed Chromium, as Debian and others name it; None where Playwright's own must serve."""
    return next(
        (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
    )


def browser_settings(source: Source) -> dict[str, Any]:
    """Scrapy settings of a source that needs a browser.

    Raises:
        SourceError: the `browser` extra is not installed.
    """
    if importlib.util.find_spec("scrapy_playwright") is None:
        raise SourceError(
            say("`render: true` needs a browser, and none can be used"),
            file=source.id,
            key="render",
            cure=say("Install the browser extra and Chromium: pip install 'bureauwatch[browser]'"),
        )
    return {
        "DOWNLOAD_HANDLERS": {"http": HANDLER, "https": HANDLER, "data": None, "file": None, "ftp": None, "s3": None},
        "PLAYWRIGHT_ABORT_REQUEST": "crawler.browser.skip",
        "PLAYWRIGHT_DEFAULT_NAVIGATION_TIMEOUT": source.politeness.timeout * 1000,
        "PLAYWRIGHT_MAX_PAGES_PER_CONTEXT": 2,
    }


def skip(request: Any) -> bool:
    """Whether a request of a page is not needed."""
    return request.resource_type in SKIPPED
