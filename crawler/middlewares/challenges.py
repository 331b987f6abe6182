"""Ends a request whose answer is a challenge or block page: it never reaches a reader."""

from __future__ import annotations

from typing import Any

from scrapy import Request
from scrapy.http import Response

from crawler.challenges import challenge_of
from crawler.responses import header_map
from pipelines.errors import BlockedError
from pipelines.messages import say


class ChallengeMiddleware:
    """Reports challenges as `blocked`; none is solved."""

    def __init__(self, stats: Any) -> None:
        self.stats = stats

    @classmethod
    def from_crawler(cls, crawler: Any) -> ChallengeMiddleware:
        """Built by Scrapy."""
        return cls(crawler.stats)

    def process_response(self, request: Request, response: Response) -> Response:
        """Raises BlockedError for a challenge or block page."""
        kind = challenge_of(response.status, header_map(response.headers), response.body)
        if kind is None:
            return response
        self.stats.inc_value(f"blocked/{kind}")
        raise BlockedError(
            say("The host shows a challenge or block page ({kind})", kind=kind), failure="blocked", url=request.url
        )
