"""Report pages a second through the whole pipeline, against a bare Scrapy spider that extracts six fields.

    python benchmarks/crawl_speed.py [--pages 400]

Both crawl the same site on loopback, served by a process of its own, one after the other. Every tenth page is an annual
report (6,000 characters, 60 figures), the others are notices (1,000 characters, 10 figures), all in a frame of 90
links. Speed counts CPU time, so that the figure holds for one core whatever else the machine does. Both are also run
on a list of a single page: what that costs is the start, and speed is given with and without it. Exits 1 under the
floors: 80 pages a second of CPU with the start, half of the bare spider's speed without it; and 300 MB.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
FLOOR, SHARE, MEMORY = 80.0, 0.5, 300.0
PER_LIST = 50

SERVER = r"""
import asyncio, random, sys

pages, per = int(sys.argv[1]), int(sys.argv[2])
WORDS = "全市公安机关交通管理部门认真贯彻落实上级决策部署开展道路隐患排查整治专项行动共出动警力查处各类违法行为办理业务"
ACTS, CASES = ("酒驾", "超员", "超速", "逆行", "违停", "闯灯"), ("案件", "违法", "事故", "警情", "隐患")
KINDS = [a + b for a in ACTS for b in CASES]
SCRIPT = "".join(f"function f{i}(a) {{ return a.style.display = 'none'; }}\n" for i in range(250))
random.seed(7)


def words(n):
    start = random.randrange(len(WORDS))
    return (WORDS * (n // len(WORDS) + 2))[start : start + n]


def place():
    return "".join(random.choices("云岭江河湖海山川东西南北安宁平和福泰昌盛金银石玉龙凤梅兰竹菊", k=3)) + "街道"


def report(n):
    here = place()
    body = "".join(
        f"<p>　　{words(100)}，{here}共查处{kind}{random.randrange(10, 90000)}起，"
        f"同比下降{random.randrange(1, 90)}.{n % 10}%，{words(60)}。</p>"
        for kind in random.sample(KINDS, 30 if n % 10 == 0 else 5)
    )
    links = "".join(f"<li><a href='/c{i}/'>{words(8)}</a></li>" for i in range(45))
    title = f"{here}{2000 + n % 25}年第{n}号工作总结"
    return (
        f"<!DOCTYPE html><html><head><meta charset=utf-8><title>{title}</title>"
        f"<meta name=ArticleTitle content='{title}'><meta name=PubDate content='2021-03-04 10:00'>"
        f"<meta name=ContentSource content='某市公安局'></head><body><ul class=nav>{links}</ul><h1>{title}</h1>"
        f"<table><tr><td>索 引 号：</td><td>000014349/2021-{n:05d}</td>"
        f"<td>发布机构：</td><td>某市公安局</td></tr></table>"
        f"<div class=TRS_Editor>{body}</div><ul class=foot>{links}</ul><script>{SCRIPT}</script></body></html>"
    ).encode()


def listing(page, pages=pages):
    first = page * per
    rows = "".join(
        f"<li><a href='/r/{n}.html'>第{n}号工作总结</a><span>2021-03-{n % 28 + 1:02d}</span></li>"
        for n in range(first, min(first + per, pages))
    )
    last = (pages + per - 1) // per
    pager = f"<script>createPageHTML({last}, {page}, 'index', 'html');</script>"
    return f"<html><body><ul>{rows}</ul>{pager}</body></html>".encode()


CACHE = {f"/r/{n}.html": report(n) for n in range(pages)}
for p in range((pages + per - 1) // per):
    CACHE["/list/" + (f"index_{p}.html" if p else "")] = listing(p)
CACHE["/one/"] = listing(0, 1)


class Server(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport = transport
        self.buffer = b""

    def data_received(self, data):
        self.buffer += data
        while b"\r\n\r\n" in self.buffer:
            head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
            body = CACHE.get(head.split(b" ", 2)[1].decode())
            status = b"200 OK" if body else b"404 Not Found"
            body = body or b"none"
            head = b"HTTP/1.1 %s\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n\r\n"
            self.transport.write(head % (status, len(body)) + body)


async def main():
    server = await asyncio.get_running_loop().create_server(Server, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], sum(map(len, CACHE.values())) // len(CACHE), flush=True)
    await server.serve_forever()


asyncio.run(main())
"""

BARE = r"""
import json, sys
import scrapy
from scrapy.crawler import AsyncCrawlerProcess


class Bare(scrapy.Spider):
    name = "bare"
    custom_settings = {
        "LOG_LEVEL": "ERROR",
        "CONCURRENT_REQUESTS_PER_DOMAIN": 16,
        "TELNETCONSOLE_ENABLED": False,
        "WARN_ON_GENERATOR_RETURN_VALUE": False,
    }
    found = 0

    async def start(self):
        yield scrapy.Request(f"http://127.0.0.1:{sys.argv[1]}{sys.argv[3]}", self.parse)

    def parse(self, response):
        for href in response.css("li a::attr(href)").getall():
            yield response.follow(href, self.detail)
        page = int(response.url.rsplit("_", 1)[1].split(".")[0]) if "_" in response.url else 0
        if page + 1 < int(sys.argv[2]):
            yield response.follow(f"/list/index_{page + 1}.html", self.parse)

    def detail(self, response):
        type(self).found += 1
        yield {
            "title": response.css("h1::text").get(),
            "published": response.css("meta[name=PubDate]::attr(content)").get(),
            "source": response.css("meta[name=ContentSource]::attr(content)").get(),
            "index": response.xpath("//td[contains(., '索 引 号')]/following-sibling::td[1]/text()").get(),
            "publisher": response.xpath("//td[contains(., '发布机构')]/following-sibling::td[1]/text()").get(),
            "body": "\n".join(response.css(".TRS_Editor p::text").getall()),
        }


process = AsyncCrawlerProcess()
process.crawl(Bare)
process.start()
print(json.dumps({"read": Bare.found}))
"""


def measured(command: list[str], env: dict[str, str]) -> tuple[float, float, float, str]:
    """Seconds, CPU seconds, and peak MB of a command, and what it printed."""
    began = time.monotonic()
    process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    out = process.stdout.read() if process.stdout else ""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.monotonic() - began
    if process.returncode:
        raise SystemExit(f"{command}: exit {process.returncode}\n{out}")
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, out


def main() -> int:
    """Measures both and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=400)
    options = parser.parse_args()
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER, str(options.pages), str(PER_LIST)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert server.stdout is not None
        port, size = server.stdout.readline().split()
        with tempfile.TemporaryDirectory() as folder:
            return compare(int(port), int(size), options.pages, Path(folder))
    finally:
        server.kill()
        server.wait()


def compare(port: int, size: int, pages: int, home: Path) -> int:
    """Runs the bare spider and the program on the same pages, and each on a single page."""
    env = {k: v for k, v in os.environ.items() if not k.startswith("BUREAUWATCH_")}
    lists = (pages + PER_LIST - 1) // PER_LIST
    bare_start = measured([sys.executable, "-c", BARE, str(port), "1", "/one/"], env)[1]
    bare = measured([sys.executable, "-c", BARE, str(port), str(lists), "/list/"], env)
    whole_start = crawled(port, "/one/", home / "one", env)[1]
    whole = crawled(port, "/list/", home / "all", env)
    new = json.loads(whole[3].splitlines()[-1])["stats"]["new"]
    rows = (
        ("bare Scrapy, six fields", bare, bare_start, json.loads(bare[3].splitlines()[-1])["read"]),
        ("bureauwatch, whole pipeline", whole, whole_start, new),
    )
    print(f"{pages} report pages of {size // 1024} KiB; CPU seconds, pages a CPU second with and without the start")
    print(f"{'':30}{'read':>6}{'wall':>8}{'CPU':>8}{'start':>8}{'with':>8}{'without':>9}{'MB':>6}")
    for name, (seconds, cpu, memory, _), start, read in rows:
        speeds = f"{read / cpu:8.1f}{(read - 1) / (cpu - start):9.1f}"
        print(f"{name:30}{read:6}{seconds:8.2f}{cpu:8.2f}{start:8.2f}{speeds}{memory:6.0f}")
    speed, share = pages / whole[1], (bare[1] - bare_start) / (whole[1] - whole_start)
    good = speed >= FLOOR and share >= SHARE and whole[2] <= MEMORY and new == pages
    print(
        f"with the start: {speed:.0f} pages per CPU second (floor {FLOOR:.0f}), {bare[1] / whole[1]:.2f} of bare Scrapy"
    )
    print(f"without: {(pages - 1) / (whole[1] - whole_start):.0f}, {share:.2f} of bare Scrapy (floor {SHARE})")
    return 0 if good else 1


def crawled(port: int, path: str, home: Path, env: dict[str, str]) -> tuple[float, float, float, str]:
    """A crawl of one list by the program, in a home of its own."""
    (home / "sources").mkdir(parents=True)
    (home / "sources" / "bench.yaml").write_text(
        f"id: bench\nname: 某市公安局\ncolumns: [{{url: 'http://127.0.0.1:{port}{path}'}}]\n"
        "politeness: {delay: 0, concurrency: 16}\n",
        encoding="utf-8",
    )
    own = {
        "BUREAUWATCH_HOME": str(home / "data"),
        "BUREAUWATCH_SOURCES": str(home / "sources"),
        "BUREAUWATCH_PRIVATE_NETWORKS": "127.0.0.0/8",
    }
    return measured([sys.executable, "-m", "crawler.run", "--source", "bench"], env | own)


if __name__ == "__main__":
    sys.exit(main())
