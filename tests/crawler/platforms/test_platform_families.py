"""Every family against its sample site on a real server: each report listed, none twice, titles whole, dates right."""

# ruff: noqa: E501 - one long line of switches
from __future__ import annotations

import ipaddress
from datetime import datetime

import pytest

from crawler import platforms
from crawler.fetching import Fetcher
from crawler.platforms import Entry, PageRequest
from scheduler.demo.bureaus import Bureau, BureauServer, sample_bureaus
from tests.bureaus import sites

LOOPBACK = [ipaddress.ip_network("127.0.0.0/8")]


def walk(server: BureauServer, column: str = "main", name: str | None = None) -> tuple[str, dict[str, Entry], int]:
    """The platform found, all entries through all pages, and how many pages; fails on an entry listed twice."""
    fetch = Fetcher("test", LOOPBACK)
    url = server.column_url(column)
    page = fetch(PageRequest(url))
    found = name or platforms.detect(page).platform
    platform = platforms.get(found)
    request: PageRequest | None = platform.first(url, page)
    entries: dict[str, Entry] = {}
    pages = 0
    while request is not None:
        listing = platform.read(fetch(request), request)
        pages += 1
        assert pages < 60, "paging does not end"
        for entry in listing.entries:
            assert entry.url not in entries, f"listed twice: {entry.url}"
            entries[entry.url] = entry
        request = listing.next
    return found, entries, pages


def day_of(stamp: object) -> object:
    return stamp.date() if isinstance(stamp, datetime) else stamp


def check(
    bureau: Bureau, server: BureauServer, entries: dict[str, Entry], column: str = "main", titled: bool = True
) -> None:
    wanted = {server.report_url(r.id): r for r in bureau.shown(column)}
    assert set(entries) == set(wanted)
    if not titled:
        return
    wrong = [
        (r.title, entries[u].hints.title)
        for u, r in wanted.items()
        if not (entries[u].hints.title or "").startswith(r.title)
    ]
    assert not wrong
    late = [
        (r.published, entries[u].hints.published)
        for u, r in wanted.items()
        if day_of(entries[u].hints.published) != r.published.date()
    ]
    assert not late


@pytest.mark.parametrize("name", sites.FAMILIES)
def test_every_report_is_listed_once(name: str) -> None:
    bureau = sites.site(name)
    if name == "english":
        sites.english_titles(bureau)
    with BureauServer(bureau) as server:
        found, entries, _ = walk(server)
        assert found == bureau.family.name
        check(bureau, server, entries, titled=name not in sites.UNTITLED)


@pytest.mark.parametrize("number", range(4))
def test_demo_bureaus(number: int) -> None:
    bureau = sample_bureaus()[number]
    with BureauServer(bureau) as server:
        for column in bureau.column_names:
            found, entries, _ = walk(server, column)
            assert found == bureau.family.name
            check(bureau, server, entries, column)


HTML = [n for n in sites.FAMILIES if n in ("trs-createpage", "nfcms", "vsb", "lonsun", "ccontent", "asp-query", "sh-hex", "tsid", "shtml", "split-dates", "flat-links")]  # fmt: skip


@pytest.mark.parametrize("name", HTML)
@pytest.mark.parametrize("theme", [0, 1])
def test_list_finder_reads_pages_of_any_family(name: str, theme: int) -> None:
    """Detection switched off, and after a redesign."""
    bureau = sites.site(name)
    bureau.noise.theme, bureau.noise.ads, bureau.noise.counters, bureau.noise.related, bureau.noise.hidden_links = (
        theme,
        True,
        True,
        True,
        True,
    )
    with BureauServer(bureau) as server:
        fetch = Fetcher("test", LOOPBACK)
        request = PageRequest(server.column_url())
        listing = platforms.get("generic").read(fetch(request), request)
        first = bureau.page("main", 1)
        assert {e.url for e in listing.entries} == {server.report_url(r.id) for r in first}
        assert [day_of(e.hints.published) for e in listing.entries] == [r.published.date() for r in first]


def test_gkmlpt_rows_carry_the_catalogue_fields() -> None:
    bureau = sites.site("gkmlpt", 3)
    with BureauServer(bureau) as server:
        _, entries, _ = walk(server)
        for report in bureau.shown():
            hints = entries[server.report_url(report.id)].hints
            assert (hints.index_number, hints.document_number) == (report.index_number, report.document_number)
            assert report.drafted
            assert hints.drafted == report.drafted.date()
            assert hints.published == report.published
            assert [a.name for a in hints.attachments] == ["附件.pdf"]


def test_session_ids_do_not_make_other_addresses() -> None:
    bureau = sites.site("trs-createpage", 12)
    bureau.noise.session_ids = True
    with BureauServer(bureau) as server:
        _, entries, _ = walk(server)
        check(bureau, server, entries)


def test_pinned_and_file_rows() -> None:
    bureau = sample_bureaus()[0]
    pinned = next(r for r in bureau.shown("tzgg") if r.pinned)
    with_file = bureau.reports["5021"]
    bureau.edit("5021", link=with_file.files[1].name)
    with BureauServer(bureau) as server:
        _, notices, _ = walk(server, "tzgg")
        assert [u for u, e in notices.items() if e.pinned] == [server.report_url(pinned.id)]
        assert notices[server.report_url(pinned.id)].hints.title == pinned.title
        _, reports, _ = walk(server, "gzzj")
        assert [e.hints.title for e in reports.values() if e.document] == [with_file.title]


def test_a_list_that_claims_more_pages_than_it_has_ends() -> None:
    bureau = sites.site("jpaas", 24)
    with BureauServer(bureau) as server:
        fetch = Fetcher("test", LOOPBACK)
        page = fetch(server.column_url())
        request = platforms.get("hanweb-jpaas").first(server.column_url(), page)
        beyond = PageRequest(request.url.replace("%3A1%2C", "%3A9%2C"), 9, headers=request.headers, state=request.state)
        listing = platforms.get("hanweb-jpaas").read(fetch(beyond), beyond)
        assert not listing.entries
        assert listing.next is None
