"""A bureau's site is rebuilt: its reports are known again at their new addresses, and nobody is told of old news."""

# ruff: noqa: E501 - markup is read more easily unbroken
from __future__ import annotations

import json
from collections.abc import Callable
from urllib.parse import quote

import pytest
from conftest import Desk, Site, http

COUNT = 12
SUBJECTS = (
    "道路交通",
    "治安防控",
    "出入境",
    "户政",
    "禁毒",
    "网络安全",
    "反诈",
    "经侦",
    "特警",
    "法制",
    "警务督察",
    "宣传",
)


def title(n: int) -> str:
    return f"{2010 + n}年{SUBJECTS[n]}工作总结"


def day(n: int) -> str:
    return f"2021-{n + 1:02d}-{2 * n + 1:02d}"


def detail(n: int, *, suffix: str = "", template: str = "old") -> bytes:
    words = (
        f"{SUBJECTS[n]}部门全年出动{n * 37 + 11}人次，检查单位{n * 53 + 7}家，发现隐患{n * 19 + 5}处，均已整改。" * 4
    )
    head = f"<title>{title(n)}{suffix}</title><meta name='ArticleTitle' content='{title(n)}{suffix}'>"
    if template == "old":
        return http(
            f"<html><head>{head}</head><body><h1>{title(n)}</h1><p>发布时间：{day(n)}</p><div class=TRS_Editor><p>{words}</p></div></body></html>"
        )
    return http(
        f"<html><head>{head}</head><body><div class='nav'><a href='/'>首页</a></div><article><h2>{title(n)}{suffix}</h2>"
        f"<div class='meta'>日期：{day(n)} 10:00 来源：本局 浏览：{n}</div><div id='zoom'><p>{words}</p></div></article></body></html>"
    )


def listing(rows: str, more: str = "") -> bytes:
    return http(f"<html><body><h2>工作总结</h2><ul>{rows}</ul>{more}</body></html>")


def before(site: Site) -> None:
    """TRS, as it was."""
    rows = ""
    for n in range(COUNT):
        path = f"/gzzj/2021{n + 1:02d}/t{day(n).replace('-', '')}_{900 + n}.html"
        site.answers[path] = detail(n)
        rows += f"<li><a href='.{path[5:]}'>{title(n)}</a><span>{day(n)}</span></li>"
    site.answers["/gzzj/"] = listing(rows, "<script>createPageHTML(1, 0, 'index', 'html');</script>")


def rebuilt(site: Site, address: Callable[[int], str], *, suffix: str = "", base: str = "") -> str:
    """New pages at new addresses, the old ones gone; the rows of their list."""
    for path in [p for p in site.answers if p.startswith("/gzzj/2021")]:
        del site.answers[path]
    rows = ""
    for n in range(COUNT):
        site.answers[address(n)] = detail(n, suffix=suffix, template="new")
        rows += (
            f"<li><a href='{base}{address(n)}' title='{title(n)}{suffix}'>{title(n)}{suffix}</a><i>{day(n)}</i></li>"
        )
    return rows


def to_ucap(site: Site) -> None:
    rows = rebuilt(site, lambda n: f"/gzzj/c100/2021{n + 1:02d}/{n + 7:032x}.shtml")
    site.answers["/gzzj/"] = listing(
        rows, f"<meta name=channelid content='{5:032x}'><script>createPageHTML('p',1,1,'list','shtml',12);</script>"
    )


def to_jpaas(site: Site) -> None:
    rows = rebuilt(site, lambda n: f"/art/2021/art_{n + 7:032x}.html")
    query = "{'webId':'w','tplSetId':'t','pageType':'column','tagId':'信息列表','pageId':'p'}"
    site.answers["/gzzj/"] = http(
        f'<html><body><h2>工作总结</h2><script url="/api-gateway/jpaas-publish-server/front/page/build/unit" queryData="{query}"></script></body></html>'
    )
    param = quote(json.dumps({"pageNo": 1, "pageSize": 20}, separators=(",", ":")))
    path = f"/api-gateway/jpaas-publish-server/front/page/build/unit?webId=w&tplSetId=t&pageType=column&tagId={quote('信息列表')}&pageId=p&paramJson={param}"
    site.answers[path] = http(
        json.dumps({"success": True, "data": {"html": f"<ul>{rows}</ul>"}}),
        headers={"Content-Type": "application/json"},
    )


def to_another_host(site: Site) -> None:
    new = site.url.replace("127.0.0.1", "localhost")
    rows = rebuilt(site, lambda n: f"/new/{n + 100}.html", base=new)
    site.answers["/gzzj/"] = http("", "301 Moved Permanently", {"Location": f"{new}/new/"})
    site.answers["/new/"] = listing(rows)


def to_queries(site: Site) -> None:
    site.answers["/gzzj/"] = listing(rebuilt(site, lambda n: f"/view.do?id={n + 100}"))


def to_suffixes(site: Site) -> None:
    site.answers["/gzzj/"] = listing(rebuilt(site, lambda n: f"/show-{n + 100}.html", suffix=" - 某某市公安局"))


@pytest.mark.parametrize(
    ("rebuild", "platform"),
    [
        (to_ucap, "ucap"),
        (to_jpaas, "hanweb-jpaas"),
        (to_another_host, "generic"),
        (to_queries, "generic"),
        (to_suffixes, "generic"),
    ],
)
def test_known_reports_stay_known(desk: Desk, site: Site, rebuild: Callable[[Site], None], platform: str) -> None:
    before(site)
    desk.source("one", f"{site.url}/gzzj/")
    desk.env |= {"BUREAUWATCH_WITHDRAWAL_CHECKS": "1", "BUREAUWATCH_WITHDRAWAL_HOURS": "0"}
    assert desk.crawl("one").code == 0
    rebuild(site)
    for _ in range(2):
        done = desk.crawl("one")
        assert done.code == 0, done.result
    counts = dict(desk.rows("select type, count(*) from event group by type"))
    assert counts.pop("report.new") == COUNT
    assert counts.pop("source.changed") == 1
    assert not counts
    assert desk.rows("select platform from listing_column") == [(platform,)]
