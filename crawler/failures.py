"""Failure classes: what went wrong with a source or page, in one plain sentence, and what to do about it.

Each exception and each response maps to exactly one class; health, alerts and the command line speak of classes alone.
"""

from __future__ import annotations

import errno
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import OpenSSL.SSL
from scrapy import exceptions as scrapy_errors
from sqlalchemy.exc import DBAPIError
from twisted.internet import error as net
from twisted.python.failure import Failure as TwistedFailure
from twisted.web.client import ResponseFailed

from crawler.resolver import GuardedResolver
from pipelines.errors import BureauwatchError, DatabaseBusyError, DiskFullError, FetchError, ListingError, StorageError
from pipelines.messages import say


@dataclass(frozen=True, slots=True)
class FailureClass:
    """One class: its sentence, its cure, and whether asking again soon can help."""

    name: str
    sentence: Callable[[], str]
    cure: Callable[[], str]
    passing: bool = False


CLASSES: dict[str, FailureClass] = {
    f.name: f
    for f in (
        FailureClass(
            "dns",
            lambda: say("The host's name is not found"),
            lambda: say("Check the spelling of the column's address; the bureau may have moved"),
            passing=True,
        ),
        FailureClass(
            "refused",
            lambda: say("The host does not take connections"),
            lambda: say("The site is down or moved; it is tried again by itself"),
            passing=True,
        ),
        FailureClass(
            "timeout",
            lambda: say("The host did not answer in time"),
            lambda: say("It is tried again by itself; a larger politeness timeout may help"),
            passing=True,
        ),
        FailureClass(
            "reset",
            lambda: say("The host broke off the connection"),
            lambda: say("It is tried again by itself"),
            passing=True,
        ),
        FailureClass(
            "tls",
            lambda: say("No secure connection: the certificate or the encryption is not accepted"),
            lambda: say("An old server may need `tls: legacy` in the source's file"),
        ),
        FailureClass(
            "http-4xx",
            lambda: say("The host refused the page (HTTP 4xx)"),
            lambda: say("Open the column in a browser: the address may have changed"),
        ),
        FailureClass(
            "http-5xx",
            lambda: say("The host failed (HTTP 5xx)"),
            lambda: say("It is tried again by itself"),
            passing=True,
        ),
        FailureClass(
            "throttled",
            lambda: say("The host asked for fewer requests"),
            lambda: say("It is left alone for the time it named; raise the source's politeness delay"),
            passing=True,
        ),
        FailureClass(
            "blocked",
            lambda: say("The host shows a challenge or block page instead of its content"),
            lambda: say("Challenges are not solved; ask the bureau for a feed, or watch another column"),
        ),
        FailureClass(
            "soft-404",
            lambda: say("The host shows an error page instead of the report, without saying so"),
            lambda: say("Look at the page in a browser"),
        ),
        FailureClass(
            "empty-listing",
            lambda: say("The list page shows no entries"),
            lambda: say("Open it in a browser; `bureauwatch sources probe URL` says what is seen of it"),
        ),
        FailureClass(
            "layout-changed",
            lambda: say("The list page is no longer what it was"),
            lambda: say("`bureauwatch sources probe URL` reads it anew; give the column's new address where it moved"),
        ),
        FailureClass(
            "fields-missing",
            lambda: say("Too few new reports state a field that they should"),
            lambda: say("Look at one with `bureauwatch show`: the pages changed, or `expect.fill_rate` asks too much"),
        ),
        FailureClass(
            "not-a-listing",
            lambda: say("The address is no list of publications"),
            lambda: say("Give the address of a list page, feed, sitemap or JSON list"),
        ),
        FailureClass(
            "robots",
            lambda: say("The host's robots.txt forbids this address"),
            lambda: say("Watch another column, or ask the bureau"),
        ),
        FailureClass(
            "too-large",
            lambda: say("The answer is larger than is accepted"),
            lambda: say("It is skipped; nothing else is affected"),
        ),
        FailureClass(
            "incomplete",
            lambda: say("The answer ended early or its compression is broken"),
            lambda: say("It is tried again by itself; nothing of it was stored"),
            passing=True,
        ),
        FailureClass(
            "redirect-loop",
            lambda: say("The host sends from address to address without end"),
            lambda: say("Open the address in a browser and give the one where it ends"),
        ),
        FailureClass(
            "private-address",
            lambda: say("The host is at a private address"),
            lambda: say("If that is meant, name its network in BUREAUWATCH_PRIVATE_NETWORKS"),
        ),
        FailureClass(
            "scheme",
            lambda: say("Only http:// and https:// addresses are fetched"),
            lambda: say("Give a web address"),
        ),
        FailureClass(
            "browser",
            lambda: say("The source needs a browser, and none can be used"),
            lambda: say("Install the browser extra and Chromium: pip install 'bureauwatch[browser]'"),
        ),
        FailureClass(
            "parse",
            lambda: say("The page could not be read"),
            lambda: say("Please report the address; the raw page is in the archive"),
        ),
        FailureClass(
            "disk-full",
            lambda: say("No space is left where the data lives"),
            lambda: say("Free some space in BUREAUWATCH_HOME; nothing was lost"),
        ),
        FailureClass(
            "database",
            lambda: say("The database could not be used"),
            lambda: say("See `bureauwatch doctor`; nothing was lost"),
            passing=True,
        ),
        FailureClass(
            "configuration",
            lambda: say("The source's settings are wrong"),
            lambda: say("See `bureauwatch sources check`"),
        ),
        FailureClass(
            "interrupted",
            lambda: say("The crawl was stopped before its end"),
            lambda: say("The next one goes on where it stopped"),
            passing=True,
        ),
        FailureClass(
            "internal",
            lambda: say("The program failed"),
            lambda: say("Please report it with the log; the next crawl goes on where this one stopped"),
        ),
    )
}


def describe(failure: str) -> tuple[str, str]:
    """The sentence and the cure of a class, in the user's language."""
    known = CLASSES.get(failure, CLASSES["internal"])
    return known.sentence(), known.cure()


def is_passing(failure: str) -> bool:
    """Whether asking again soon can help."""
    known = CLASSES.get(failure)
    return bool(known and known.passing)


def of_status(status: int) -> str | None:
    """The class of an HTTP status; None for one that is no failure."""
    if status in (429,):
        return "throttled"
    if status >= 500:
        return "http-5xx"
    return "http-4xx" if status >= 400 or status in (300, 305, 306) else None


def of_exception(error: BaseException, url: str | None = None) -> str:
    """The class of an exception, looking through the ones that wrap it."""
    host = urlsplit(url).hostname if url else None
    for cause in _causes(error):
        name = _one(cause)
        if name == "dns" and host and host in GuardedResolver.refused:
            return "private-address"
        if name:
            return name
    return "internal"


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The exception and all that it wraps, innermost reasons first where a library lists them."""
    queue, seen = [error], 0
    while queue and seen < 20:
        current = queue.pop(0)
        seen += 1
        reasons = getattr(current, "reasons", None)
        if isinstance(reasons, list):
            queue[:0] = [r.value for r in reasons if isinstance(r, TwistedFailure) and r.value is not None]
        if current.__cause__ is not None:
            queue.insert(0, current.__cause__)
        if not isinstance(current, ResponseFailed | scrapy_errors.DownloadFailedError) or not queue:
            yield current


def _one(error: BaseException) -> str | None:
    if isinstance(error, FetchError):
        return error.failure
    if isinstance(error, ListingError):
        return error.failure
    if isinstance(error, OpenSSL.SSL.Error | ssl.SSLError | net.CertificateError) or type(error).__module__.startswith(
        "service_identity"
    ):
        return "tls"
    if isinstance(error, DiskFullError) or (isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)):
        return "disk-full"
    if isinstance(error, DatabaseBusyError | StorageError | DBAPIError):
        text = str(error)
        return "disk-full" if "disk is full" in text or "No space left" in text else "database"
    for kinds, name in _BY_TYPE:
        if isinstance(error, kinds):
            return name
    return None


_BY_TYPE: tuple[tuple[tuple[type[BaseException], ...], str], ...] = (
    ((scrapy_errors.CannotResolveHostError, net.DNSLookupError), "dns"),
    ((scrapy_errors.DownloadConnectionRefusedError, net.ConnectionRefusedError, net.NoRouteError), "refused"),
    ((scrapy_errors.DownloadTimeoutError, net.TimeoutError, net.TCPTimedOutError, TimeoutError), "timeout"),
    ((scrapy_errors.ResponseDataLossError,), "incomplete"),
    ((scrapy_errors.DownloadCancelledError,), "too-large"),
    ((scrapy_errors.UnsupportedURLSchemeError,), "scheme"),
    ((net.ConnectionLost, net.ConnectionDone, net.ConnectionAborted, ConnectionError), "reset"),
    ((scrapy_errors.DownloadFailedError, ResponseFailed), "reset"),
    ((net.ConnectError,), "refused"),
    ((BureauwatchError,), "configuration"),
)
