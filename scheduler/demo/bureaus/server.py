"""A real HTTP server for a sample bureau: loopback, threads, conditional requests, gzip, robots.txt, a request log."""

# ruff: noqa: E501 - markup is read more easily unbroken
from __future__ import annotations

import gzip
import hashlib
import threading
import time
from dataclasses import dataclass
from datetime import UTC
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from urllib.parse import parse_qs, quote, unquote, urlsplit

from scheduler.demo.bureaus.model import Answer, Bureau, Request
from scheduler.demo.bureaus.pages import (
    challenge_page,
    home_page,
    login_page,
    maintenance_page,
    not_found_page,
    report_page,
)


@dataclass(frozen=True)
class Logged:
    """One request as it came in; `at` counts seconds on the machine's steady clock."""

    at: float
    method: str
    path: str
    status: int
    conditional: bool
    user_agent: str
    headers: dict[str, str]


class BureauServer:
    """Serves one bureau on a port of its own until it is stopped; also a context manager."""

    def __init__(self, bureau: Bureau, host: str = "127.0.0.1", port: int = 0) -> None:
        self.bureau = bureau
        self.log: list[Logged] = []
        self.lock = threading.Lock()
        outer = self

        class Handler(_Handler):
            site = outer

        self._http = ThreadingHTTPServer((host, port), Handler)
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    @property
    def url(self) -> str:
        """The site's root address without a slash at its end."""
        host, port = self._http.server_address[:2]
        return f"http://{host!s}:{port}"

    def column_url(self, column: str = "main") -> str:
        """The full address of a column."""
        return self.url + self.bureau.family.column_path(self.bureau, column)

    def report_url(self, id: str) -> str:
        """The full address of a report's page."""
        return self.url + self.bureau.family.report_path(self.bureau, self.bureau.reports[id])

    def source(self) -> dict[str, object]:
        """The source file's content that watches this bureau: three keys, and no wait between requests."""
        columns = [{"url": self.column_url(c), "name": n} for c, n in self.bureau.column_names.items()]
        zone = {"timezone": self.bureau.timezone} if self.bureau.timezone else {}
        return {
            "id": self.bureau.id,
            "name": self.bureau.name,
            "columns": columns,
            "politeness": {"delay": 0.0},
            **zone,
        }

    def requests(self, path: str | None = None) -> list[Logged]:
        """The log so far, or the part of it whose path begins so."""
        with self.lock:
            return [entry for entry in self.log if path is None or entry.path.startswith(path)]

    def forget(self) -> None:
        """Empties the log."""
        with self.lock:
            self.log.clear()

    def start(self) -> BureauServer:
        """Begins to serve."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Ends serving and frees the port."""
        self._http.shutdown()
        self._http.server_close()
        self._thread.join(5)

    def __enter__(self) -> BureauServer:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


class _Handler(BaseHTTPRequestHandler):
    site: BureauServer
    protocol_version = "HTTP/1.1"
    timeout = 30

    def log_message(self, format: str, *args: object) -> None:
        """The bureau keeps its own log."""

    def do_GET(self) -> None:
        """Serves a page."""
        self._serve("")

    def do_HEAD(self) -> None:
        """Serves a page's headers."""
        self._serve("")

    def do_POST(self) -> None:
        """Serves a query."""
        length = min(int(self.headers.get("Content-Length") or 0), 1_000_000)
        self._serve(self.rfile.read(length).decode("utf-8", "replace"))

    def _serve(self, body: str) -> None:
        parts = urlsplit(self.path)
        request = Request(
            self.command,
            unquote(parts.path.split(";jsessionid=", 1)[0]),
            parse_qs(parts.query, keep_blank_values=True),
            body,
            {k.lower(): v for k, v in self.headers.items()},
        )
        bureau = self.site.bureau
        if bureau.noise.refused:
            self.close_connection = True
            return
        if bureau.noise.delay:
            time.sleep(bureau.noise.delay)
        with self.site.lock:
            answer = respond(bureau, request)
        self._send(request, answer)

    def _send(self, request: Request, answer: Answer) -> None:
        bureau = self.site.bureau
        charset = answer.charset or bureau.encoding
        raw = answer.body if isinstance(answer.body, bytes) else answer.body.encode(charset, "xmlcharrefreplace")
        headers = dict(answer.headers)
        typed = answer.media_type
        if isinstance(answer.body, str) and bureau.announce_charset:
            typed += f"; charset={charset}"
        headers.setdefault("Content-Type", typed)
        status = answer.status
        steady = not (
            bureau.noise.no_validators
            or bureau.noise.truncated
            or bureau.noise.counters
            or bureau.noise.session_ids
            or bureau.noise.shuffled
        )
        if status == 200 and request.method != "POST" and (steady or isinstance(answer.body, bytes)):
            headers["ETag"] = f'"{hashlib.md5(raw, usedforsecurity=False).hexdigest()}"'
            if answer.modified:
                headers["Last-Modified"] = format_datetime(answer.modified.astimezone(UTC), usegmt=True)
            if _unchanged(request, headers):
                status, raw = 304, b""
        if (
            status == 200
            and "gzip" in request.headers.get("accept-encoding", "")
            and typed.startswith(("text", "application/json", "application/xml"))
        ):
            raw = gzip.compress(raw, 5, mtime=0)
            headers["Content-Encoding"] = "gzip"
            headers["Vary"] = "Accept-Encoding"
        with self.site.lock:
            self.site.log.append(
                Logged(time.monotonic(), self.command, self.path, status, bool({"if-none-match", "if-modified-since"} & request.headers.keys()),
                       request.headers.get("user-agent", ""), request.headers))  # fmt: skip
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(raw)))
        cut = bureau.noise.truncated and status == 200 and len(raw) > 200
        if cut:
            self.send_header("Connection", "close")
            self.close_connection = True
        self.end_headers()
        if self.command != "HEAD":
            try:
                self.wfile.write(raw[: len(raw) // 2] if cut else raw)
            except OSError:
                self.close_connection = True


def _unchanged(request: Request, headers: dict[str, str]) -> bool:
    if tag := request.headers.get("if-none-match"):
        return headers["ETag"] in [t.strip().removeprefix("W/") for t in tag.split(",")]
    since = request.headers.get("if-modified-since")
    if not since or "Last-Modified" not in headers:
        return False
    try:
        return parsedate_to_datetime(headers["Last-Modified"]) <= parsedate_to_datetime(since)
    except (ValueError, TypeError):
        return False


def respond(bureau: Bureau, request: Request) -> Answer:
    """What the bureau's site answers, faults included."""
    noise = bureau.noise
    if noise.outage:
        extra = {"Retry-After": noise.retry_after} if noise.retry_after else {}
        return Answer("<html><body><h1>Service Unavailable</h1></body></html>", status=noise.outage, headers=extra)
    if request.path == "/robots.txt":
        return Answer(bureau.robots, "text/plain")
    if noise.maintenance:
        return Answer(maintenance_page(bureau))
    if noise.sent_to_login:
        if request.path == "/sso/login":
            return Answer(login_page(bureau))
        return Answer("", status=302, headers={"Location": "/sso/login"})
    if noise.challenge and not (noise.challenge == "cookie" and "passed=1" in request.headers.get("cookie", "")):
        return challenge_page(noise.challenge, request.path)
    for report in bureau.reports.values():
        for file in report.files:
            if quote(request.path) == quote(bureau.file_path(report, file)):
                if report.id in bureau.gone:
                    return _missing(bureau)
                return Answer(file.raw, file.media_type, modified=bureau.changed[report.id])
        if request.path == urlsplit(bureau.family.report_path(bureau, report)).path and _same_query(
            bureau, report, request
        ):
            how: str | None = bureau.gone.get(report.id) or noise.details
            if how and how.isdigit() and how not in ("404", "410"):
                return Answer("<html><body><h1>Internal Server Error</h1></body></html>", status=int(how))
            if how == "410":
                return Answer("<html><body>Gone</body></html>", status=410)
            if how == "soft":
                return Answer(not_found_page(bureau))
            if how == "home":
                return home_page(bureau)
            if how:
                return _missing(bureau)
            return Answer(report_page(bureau, report), modified=bureau.changed[report.id])
    if request.path in ("/", "/index.html") and bureau.family.respond(bureau, request) is None:
        return home_page(bureau)
    return bureau.family.respond(bureau, request) or _missing(bureau)


def _same_query(bureau: Bureau, report: object, request: Request) -> bool:
    wanted = parse_qs(urlsplit(bureau.family.report_path(bureau, report)).query)  # type: ignore[arg-type]
    return all(request.query.get(name) == value for name, value in wanted.items())


def _missing(bureau: Bureau) -> Answer:
    if bureau.noise.soft_404:
        return Answer(not_found_page(bureau))
    return Answer("<html><head><title>404</title></head><body><h1>404 Not Found</h1></body></html>", status=404)
