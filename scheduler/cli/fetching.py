"""Fetching one address that the user typed, by the same rules as alerts: public addresses, bounded time and size."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urljoin

from pipelines.config import Config
from pipelines.errors import BureauwatchError, FetchError, IncompleteResponseError, NotAllowedError
from pipelines.messages import say

LIMIT = 64 << 20
DEADLINE = 90.0
REDIRECTS = 5


@dataclass(frozen=True, slots=True)
class Fetched:
    """A response's body and where it came from in the end."""

    url: str
    raw: bytes
    content_type: str | None


def fetch(url: str, config: Config) -> Fetched:
    """Gets a page or file; each redirect is checked like the first address.

    Raises:
        NotAllowedError: a private address, or another scheme than http and https.
        FetchError: it could not be had.
        IncompleteResponseError: it is larger than 64 MiB.
    """
    import requests

    from scheduler.alerts.transport import exchange

    agent = config.user_agent or "bureauwatch" + (f" (+{config.contact})" if config.contact else "")
    with (
        exchange(config.private_networks, deadline=DEADLINE, limit=LIMIT + 1) as current,
        requests.Session() as session,
    ):
        for _ in range(REDIRECTS + 1):
            try:
                response = session.get(url, headers={"User-Agent": agent, "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5"})
            except NotAllowedError:
                raise
            except (requests.RequestException, BureauwatchError, OSError, ValueError) as error:
                from scheduler.alerts.webhook import failure_of

                cause = failure_of(current, error)
                raise FetchError(f"{url}: {cause.message}", failure="fetch", url=url) from error
            if response.is_redirect:
                url = urljoin(url, response.headers["location"])
                continue
            if response.status_code != 200:
                raise FetchError(
                    say("{url} answered HTTP {status}", url=url, status=response.status_code), failure="http", url=url
                )
            if len(response.content) > LIMIT:
                raise IncompleteResponseError(say("{url} is larger than 64 MiB", url=url), failure="too-large", url=url)
            return Fetched(url, response.content, response.headers.get("content-type"))
    raise FetchError(say("{url}: too many redirects", url=url), failure="redirects", url=url)
