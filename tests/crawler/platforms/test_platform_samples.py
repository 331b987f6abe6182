"""Real list pages and answers beside the checkout (`../shared/data`): counts and properties only."""

# ruff: noqa: E501 - long data lines
from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler import platforms
from crawler.platforms import Listing, Page, PageRequest
from crawler.platforms.finder.find import find
from pipelines.errors import ListingError

DATA = Path(__file__).parents[4] / "shared/data"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="no ../shared/data beside the checkout")
URL = "http://site.example.gov.cn/a/b/c.html"

LISTS = {
    "l01": ("articlelist", 50),
    "l02": ("ucap", 20),
    "l04": ("trs", 4),
    "l05": ("trs", 1),
    "l06": ("generic", 20),
    "l11": ("nfcms", 15),
}
NO_LISTS = ("l03", "l07", "l08", "l09", "l10")
ENGLISH = {"e01": 16, "e02": 151, "e07": 512, "e14": 14, "e15": 52, "e16": 16}
ANSWERS = {"success": 10, "success_2": 20, "success_3": 10, "success_4": 10, "success_5": 10, "success_6": 10, "success_7": 10,
           "success_8": 15, "success_9": 10, "success_10": 10}  # fmt: skip


def load(path: str) -> Page:
    return Page(URL, (DATA / path).read_bytes())


def read(page: Page) -> tuple[str, Listing]:
    name = platforms.detect(page).platform
    return name, platforms.get(name).read(page, PageRequest(URL))


def sound(listing: Listing) -> None:
    assert len({e.url for e in listing.entries}) == len(listing.entries)
    assert all(
        e.hints.title and len(e.hints.title) >= 4 and not e.hints.title.endswith(("…", "...")) for e in listing.entries
    )


@pytest.mark.parametrize("name", LISTS)
def test_lists(name: str) -> None:
    platform, listing = read(load(f"lists/{name}.html"))
    assert (platform, len(listing.entries)) == LISTS[name]
    assert all(e.hints.published for e in listing.entries)
    sound(listing)


@pytest.mark.parametrize("name", NO_LISTS)
def test_pages_without_a_list_say_so(name: str) -> None:
    with pytest.raises(ListingError):
        read(load(f"lists/{name}.html"))


@pytest.mark.parametrize("name", ENGLISH)
def test_english_lists(name: str) -> None:
    _, listing = read(load(f"english/{name}_list.html"))
    assert len(listing.entries) == ENGLISH[name]


@pytest.mark.parametrize("name", ANSWERS)
def test_answers(name: str) -> None:
    _, listing = read(load(f"api/{name}.json"))
    assert len(listing.entries) == ANSWERS[name]
    assert all(e.hints.published for e in listing.entries)
    sound(listing)


def test_data_proxy_answer() -> None:
    file = next((DATA / "api").glob("*dataproxy*.xml"))
    platform, listing = read(Page(URL, file.read_bytes()))
    assert (platform, len(listing.entries)) == ("hanweb-jcms", 14)
    sound(listing)


@pytest.mark.parametrize("number", range(1, 7))
def test_error_bodies_are_errors(number: int) -> None:
    with pytest.raises(ListingError):
        read(load(f"api/error{f'_{number}' if number > 1 else ''}.json"))


def details() -> Iterator[Path]:
    yield from sorted((DATA / "pages").glob("d*.html"))
    yield from sorted((DATA / "english").glob("*detail.html"))


def test_report_pages_are_not_taken_for_lists() -> None:
    taken = []
    for file in details():
        try:
            read(Page(URL, file.read_bytes()))
        except ListingError:
            continue
        taken.append(file.name)
    assert not taken


@pytest.mark.parametrize("name", ["l04", "l05", "l06", "l11"])
@pytest.mark.parametrize("mode", ["none", "other"])
def test_lists_are_found_without_knowing_classes(name: str, mode: str) -> None:
    text = load(f"lists/{name}.html").text
    rng = random.Random(3)
    changed = re.sub(
        r'\s(class|id)="[^"]*"', lambda m: "" if mode == "none" else f' {m[1]}="k{rng.getrandbits(40):x}"', text
    )
    assert {e.url for e in find(Page(URL, changed.encode())).entries} == {
        e.url for e in find(Page(URL, text.encode())).entries
    }
