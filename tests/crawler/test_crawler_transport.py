"""Encryption, proxies and the browser, with real servers on loopback."""

from __future__ import annotations

import shutil
import ssl
import subprocess
import threading
import warnings
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from pathlib import Path

import pytest
from conftest import Asked, Desk, Site, http

from crawler.fetching import Fetcher
from crawler.platforms.base import PageRequest
from crawler.sources.model import Source
from pipelines.errors import FetchError

GOOD = ["/a1.html", "/a2.html", "/a3.html"]


def fill(site: Site) -> None:
    site.answers["/list/"] = site.listing(*GOOD)
    for n, path in enumerate(GOOD):
        site.answers[path] = site.report("一二三"[n])


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for localhost that only SSL_CERT_FILE makes trusted, with a key too short for today."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("needs openssl")
    folder = tmp_path_factory.mktemp("tls")
    key, cert = folder / "key.pem", folder / "cert.pem"
    subprocess.run(
        [openssl, "req", "-x509", "-newkey", "rsa:1024", "-nodes", "-keyout", key, "-out", cert, "-days", "30",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-sha1"],
        check=True, capture_output=True,
    )  # fmt: skip
    return key, cert


@pytest.fixture
def old_server(site: Site, certificate: tuple[Path, Path]) -> Iterator[int]:
    """An HTTPS server that speaks TLS 1.0 alone, before a site."""
    fill(site)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.load_cert_chain(certificate[1], certificate[0])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            answer = site.answers.get(self.path, http("", "404 Not Found"))
            assert isinstance(answer, bytes)
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """Handshakes that the client breaks off are what is tested."""

    server = Server(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


def fetcher_of(url: str, **told: object) -> Fetcher:
    """What `sources check` asks a source's hosts with."""
    source = Source.model_validate({"id": "x1", "name": "x", "columns": [{"url": url}], **told})
    return Fetcher("test", [ip_network("127.0.0.1/32"), ip_network("::1/128")], source=source)


def test_old_encryption_needs_the_sources_word(
    desk: Desk, old_server: int, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"https://localhost:{old_server}/list/"
    desk.env |= {"SSL_CERT_FILE": str(certificate[1]), "BUREAUWATCH_PRIVATE_NETWORKS": "127.0.0.0/8,::1/128"}
    desk.source("strict", url)
    refused = desk.crawl("strict")
    assert (refused.code, refused.failure) == (1, "tls")
    assert "tls: legacy" in refused.result["message"]
    desk.source("legacy", url, tls="legacy")
    done = desk.crawl("legacy")
    assert (done.failure, done.stats["new"]) == (None, 3)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[1]))
    assert fetcher_of(url, tls="legacy")(PageRequest(url)).status == 200
    with pytest.raises(FetchError) as strict:
        fetcher_of(url)(PageRequest(url))
    assert strict.value.failure == "tls"
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(FetchError):
        fetcher_of(url, tls="legacy")(PageRequest(url))
    del desk.env["SSL_CERT_FILE"]
    desk.source("unknown", url, tls="legacy")
    assert desk.crawl("unknown").failure == "tls", "legacy encryption still verifies certificates"


def test_a_proxy_with_a_password(desk: Desk, site: Site, other_site: Site) -> None:
    """Requests go to the proxy with the target's whole address; the proxy's password goes nowhere else."""
    fill(site)

    def relay(asked: Asked) -> bytes:
        path = asked.path.removeprefix("http://bureau.example")
        if asked.headers.get("proxy-authorization") != "Basic dTpw":
            return http("", "407 Proxy Authentication Required")
        answer = site.answers.get(path, http("", "404 Not Found"))
        assert isinstance(answer, bytes)
        return answer

    for path in ("/robots.txt", "/list/", *GOOD):
        other_site.answers[f"http://bureau.example{path}"] = relay
    desk.source("one", "http://bureau.example/list/", proxy=f"http://u:p@127.0.0.1:{other_site.port}")
    done = desk.crawl("one")
    assert (done.failure, done.stats["new"]) == (None, 3)
    told = {"proxy": f"http://u:p@127.0.0.1:{other_site.port}", "headers": {"X-Key": "abc"}}
    page = fetcher_of("http://bureau.example/list/", **told)(PageRequest("http://bureau.example/list/"))
    assert page.status == 200
    assert other_site.asked[-1].headers.get("x-key") == "abc"
    desk.env["BUREAUWATCH_PRIVATE_NETWORKS"] = ""
    assert desk.crawl("one").failure == "private-address"


SCRIPTED = """<html><head><title>工作总结</title></head><body><div id=list></div><script>
document.getElementById('list').innerHTML = '<ul>' + [1, 2, 3].map(n =>
  `<li><a href="/a${n}.html">2021年第${n}号工作总结报告</a><span>2021-01-0${n}</span></li>`
).join('') + '</ul>';
fetch('PRIVATE/secret', {mode: 'no-cors'}).catch(() => 0);
</script></body></html>"""


@pytest.mark.browser
def test_a_page_that_only_a_browser_shows(desk: Desk, site: Site) -> None:
    """The browser reads the list; what its scripts ask of private addresses is refused."""
    if not shutil.which("chromium"):
        pytest.skip("needs Chromium")
    fill(site)
    private = Site("127.0.0.2")
    site.answers["/list/"] = http(SCRIPTED.replace("PRIVATE", private.url))
    desk.env["BUREAUWATCH_PRIVATE_NETWORKS"] = "127.0.0.1/32"
    desk.source("plain", f"{site.url}/list/")
    assert desk.crawl("plain").failure == "empty-listing"
    desk.source("rendered", f"{site.url}/list/", render=True, politeness={"timeout": 20})
    done = desk.crawl("rendered")
    assert (done.failure, done.stats["new"]) == (None, 3), done.log
    shown = fetcher_of(f"{site.url}/list/", render=True)(PageRequest(f"{site.url}/list/"))
    assert "2021年第3号工作总结报告" in shown.text
    assert not private.asked
    desk.env["BUREAUWATCH_PRIVATE_NETWORKS"] = "127.0.0.0/8"
    desk.crawl("rendered", "--full")
    assert private.paths() == ["/secret"], "with permission it would have been asked"
    private.close()
