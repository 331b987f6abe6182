"""Fetching a few addresses outside a crawl (probe, add): the crawl's rules for addresses, size, time and redirects."""

from __future__ import annotations

import re
import socket
import ssl
import time
import warnings
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.util.ssl_ import create_urllib3_context

from crawler.hosts import host_key
from crawler.legacytls import CIPHERS, OP_LEGACY_SERVER_CONNECT
from crawler.middlewares.robots import parse_robots
from crawler.platforms.base import Page, PageRequest
from crawler.sources.model import Source
from pipelines.errors import FetchError, IncompleteResponseError, NotAllowedError
from pipelines.messages import say
from pipelines.net import Network, check_url, is_allowed, literal_address, refusal

MAX_BYTES = 32 * 1024 * 1024
MAX_REDIRECTS = 10
TOTAL_SECONDS = 45.0
MAX_DELAY = 10.0
CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.I)


def _connect(host: str, port: int, timeout: float, networks: Sequence[Network], url: str) -> socket.socket:
    """A connection to an address that may be reached, checked after the name was resolved.

    Raises:
        NotAllowedError: all its addresses are private.
        OSError: none answers.
    """
    trouble: OSError | None = None
    refused: str | None = None
    for family, kind, protocol, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        if not is_allowed(str(address[0]), networks):
            refused = str(address[0])
            continue
        sock = socket.socket(family, kind, protocol)
        try:
            sock.settimeout(timeout)
            sock.connect(address)
        except OSError as error:
            sock.close()
            trouble = error
        else:
            return sock
    if refused and trouble is None:
        raise refusal(url, refused)
    raise trouble or OSError("no address")


def _old_tls() -> ssl.SSLContext:
    """What a `tls: legacy` source accepts (crawler.legacytls says why); certificates stay verified."""
    context = create_urllib3_context(ciphers=CIPHERS.decode())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # TLS 1.0 is what such servers speak
        context.minimum_version = ssl.TLSVersion.TLSv1
    context.options |= OP_LEGACY_SERVER_CONNECT
    return context


def _guarded(networks: Sequence[Network], timeout: float, *, legacy: bool = False) -> HTTPAdapter:
    """A requests adapter whose connections go through `_connect`."""

    extra: dict[str, Any] = {"ssl_context": _old_tls()} if legacy else {}

    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return _connect(self._dns_host, self.port or 80, timeout, networks, f"http://{self.host}:{self.port}/")

    class Secure(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return _connect(self._dns_host, self.port or 443, timeout, networks, f"https://{self.host}:{self.port}/")

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    class Adapter(HTTPAdapter):
        def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
            kwargs.update(extra)
            super().init_poolmanager(*args, **kwargs)
            self.poolmanager.pool_classes_by_scheme = {"http": PlainPool, "https": SecurePool}

        def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
            kwargs.update(extra)
            return super().proxy_manager_for(proxy, **kwargs)

    return Adapter(max_retries=0)


class Fetcher:
    """Fetches single pages politely: robots.txt, a wait between requests to a host, nothing private, nothing endless.

    Args:
        user_agent: who asks.
        networks: private networks that may be reached.
        delay: seconds between requests to one host; none on loopback.
        timeout: seconds to connect and between bytes.
        sleep: waits; replaced in tests.
        source: whose file says how its hosts are asked: old TLS, a proxy, headers, in a browser.
    """

    def __init__(
        self,
        user_agent: str,
        networks: Sequence[Network] = (),
        *,
        delay: float = 1.0,
        timeout: float = 15.0,
        total: float = TOTAL_SECONDS,
        max_bytes: int = MAX_BYTES,
        sleep: Callable[[float], None] = time.sleep,
        source: Source | None = None,
    ) -> None:
        self.user_agent, self.networks, self.delay = user_agent, tuple(networks), delay
        self.timeout, self.total, self.max_bytes, self.sleep = timeout, total, max_bytes, sleep
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.verify = ssl.get_default_verify_paths().cafile or True  # the same authorities as in a crawl
        for prefix in ("http://", "https://"):
            self.session.mount(prefix, _guarded(self.networks, timeout, legacy=bool(source and source.tls == "legacy")))
        if source is not None and source.proxy:
            self.session.proxies = {"http": source.proxy, "https": source.proxy}
        self.render = bool(source and source.render)
        self.headers = source.headers if source else {}
        self.hosts = {host_key(column.url) for column in source.columns} if source else set()
        self.robots: dict[str, tuple[int | None, str | None]] = {}
        self._last: dict[str, float] = {}
        self._crawl_delay: dict[str, float] = {}

    def __call__(self, request: PageRequest | str, *, validators: tuple[str | None, str | None] | None = None) -> Page:
        """One page; 304 comes back as such.

        Raises:
            FetchError: with its failure class; NotAllowedError for robots.txt, private addresses and other schemes.
        """
        request = PageRequest(request) if isinstance(request, str) else request
        url, method, body = request.url, request.method, request.body
        headers = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", **request.headers}
        if validators and validators[0]:
            headers["If-None-Match"] = validators[0]
        if validators and validators[1]:
            headers["If-Modified-Since"] = validators[1]
        seen: set[tuple[str, str]] = set()
        for _ in range(MAX_REDIRECTS + 1):
            check_url(url, self.networks)
            self._obey(url)
            if self.render and method == "GET":
                return self._shown(url)
            answer = self._once(method, url, body, headers)
            where = answer.headers.get("location")
            if answer.status not in (301, 302, 303, 307, 308) or not where:
                return answer
            step = (urldefrag(url)[0], str(sorted(self.session.cookies.get_dict().items())))
            if step in seen:
                break
            seen.add(step)
            url = urljoin(url, where)
            if answer.status in (301, 302, 303):
                method, body = "GET", None
        raise FetchError(
            say("{url} sends on in a circle", url=request.url[:200]), failure="redirect-loop", url=request.url
        )

    def rules(self, url: str) -> tuple[int | None, str | None]:
        """Status and text of the host's robots.txt; fetched once."""
        parts = urlsplit(url)
        host = f"{parts.scheme}://{parts.netloc}"
        if host not in self.robots:
            try:
                page = self._once("GET", f"{host}/robots.txt", None, {})
                self.robots[host] = (page.status, page.text[:500_000] if page.status == 200 else None)
            except FetchError as error:
                if isinstance(error, NotAllowedError):
                    raise
                if error.failure in SENTENCES:
                    raise FetchError(SENTENCES[error.failure](url[:200]), failure=error.failure, url=url) from None
                self.robots[host] = (404, None)
            if rules := parse_robots(*self.robots[host]):
                self._crawl_delay[host] = min(float(rules.crawl_delay(self.user_agent) or 0.0), MAX_DELAY)
        return self.robots[host]

    def may(self, url: str) -> bool:
        """Whether robots.txt lets this program fetch the address."""
        rules = parse_robots(*self.rules(url))
        return rules is not None and bool(rules.can_fetch(url, self.user_agent))

    def _obey(self, url: str) -> None:
        if not self.may(url):
            host = urlsplit(url).netloc
            raise NotAllowedError(
                say("robots.txt of {host} forbids {url}", host=host, url=url[:200]), failure="robots", url=url
            )

    def _wait(self, url: str) -> None:
        parts = urlsplit(url)
        address = literal_address(parts.hostname or "")
        host = f"{parts.scheme}://{parts.netloc}"
        delay = max(self.delay, self._crawl_delay.get(host, 0.0))
        if address is not None and address.is_loopback:
            delay = self._crawl_delay.get(host, 0.0)
        last = self._last.get(host)
        if last is not None and (left := delay - (time.monotonic() - last)) > 0:
            self.sleep(left)
        self._last[host] = time.monotonic()

    def _shown(self, url: str) -> Page:
        """A page as a browser shows it."""
        from crawler.rendering import rendered

        self._wait(url)
        own = self.headers if host_key(url) in self.hosts else {}
        return rendered(url, user_agent=self.user_agent, headers=own, networks=self.networks, timeout=self.total)

    def _once(self, method: str, url: str, body: str | None, headers: dict[str, str]) -> Page:
        """One request without redirects, its body within the limits of size and time."""
        self._wait(url)
        until = time.monotonic() + self.total
        own = self.headers if host_key(url) in self.hosts else {}
        sent = {"User-Agent": self.user_agent, "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.6", **headers, **own}
        try:
            with self.session.request(
                method, url, data=body.encode() if body else None, headers=sent, timeout=self.timeout,
                allow_redirects=False, stream=True,
            ) as answer:  # fmt: skip
                raw = self._body(answer, url, until)
                kept = {k.lower(): v for k, v in answer.headers.items()}
                declared = CHARSET.search(kept.get("content-type", ""))
                kind = kept.get("content-type", "").split(";")[0].strip().lower() or None
                return Page(
                    answer.url or url, raw, answer.status_code, kind, declared[1].lower() if declared else None, kept
                )
        except FetchError:
            raise
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, UnicodeError) as error:
            raise _explained(error, url) from None

    def _body(self, answer: requests.Response, url: str, until: float) -> bytes:
        parts: list[bytes] = []
        size = 0
        for chunk in answer.iter_content(65_536):
            parts.append(chunk)
            size += len(chunk)
            if size > self.max_bytes:
                raise IncompleteResponseError(
                    say("{url} is larger than {limit} MB", url=url[:200], limit=self.max_bytes // 1024 // 1024),
                    failure="too-large",
                    url=url,
                )
            if time.monotonic() > until:
                raise FetchError(say("{url} did not end in time", url=url[:200]), failure="timeout", url=url)
        return b"".join(parts)


def _explained(error: BaseException, url: str) -> FetchError:
    """The failure class of what went wrong below."""
    chain: list[BaseException] = []
    node: BaseException | None = error
    while node is not None and len(chain) < 10:
        if isinstance(node, FetchError):
            return node
        chain.append(node)
        inner = node.args[0] if node.args and isinstance(node.args[0], BaseException) else getattr(node, "reason", None)
        node = inner if isinstance(inner, BaseException) else (node.__cause__ or node.__context__)
    text = " ".join(f"{type(e).__name__} {e}" for e in chain)
    classes = (
        ("dns", r"gaierror|NameResolution|Name or service|getaddrinfo|label (?:empty|too long)"),
        ("tls", r"SSL|certificate|CERTIFICATE"),
        ("timeout", r"[Tt]imeout|timed out"),
        ("refused", r"refused|unreachable|No route"),
        ("incomplete", r"IncompleteRead|decode|ContentDecoding|Chunked|incorrect header check"),
    )
    failure = next((name for name, pattern in classes if re.search(pattern, text)), "reset")
    if failure == "incomplete":
        return IncompleteResponseError(
            say("{url} broke off in the middle", url=url[:200]), failure="incomplete", url=url
        )
    return FetchError(SENTENCES[failure](url[:200]), failure=failure, url=url)


SENTENCES: dict[str, Callable[[str], str]] = {
    "dns": lambda url: say("The name of {url} is not found", url=url),
    "tls": lambda url: say("The encryption or certificate of {url} is not accepted", url=url),
    "timeout": lambda url: say("{url} did not answer in time", url=url),
    "refused": lambda url: say("{url} does not take connections", url=url),
    "reset": lambda url: say("The connection to {url} broke off", url=url),
}
