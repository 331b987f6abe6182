"""Pages of governments elsewhere: English labels, days before months or after, no Chinese rule in the way."""

# ruff: noqa: E501 - a page's markup stays on one line

from __future__ import annotations

import pytest

from pipelines.extraction.metadata import Fields, read_metadata
from pipelines.extraction.parsing import parse
from pipelines.items import iso

BODY = (
    "This release contains statistics on road casualties reported to the police in the year to June.\n"
    "There were 1,695 road deaths in the year, 5 per cent fewer than in the year before."
)
TITLE = "Reported road casualties: mid-year 2022"


def read(
    head: str,
    *,
    metas: str = "",
    document: str = TITLE + " - GOV.UK",
    language: str = "en-GB",
    zone: str = "Europe/London",
) -> Fields:
    source = (
        f'<html lang="{language}"><head><title>{document}</title>{metas}</head><body><nav><a href="/">Home</a><a href="/t">By topic</a>'
        f'<a href="/d">Departments</a></nav>{head}<div class="govspeak">{"".join(f"<p>{p}</p>" for p in BODY.split(chr(10)))}</div>'
        "<footer>© Crown copyright 2025 <a>Published guidance</a></footer></body></html>"
    )
    return read_metadata(parse(source), source=source, body=BODY, language=language, zone=zone)


def stated(fields: Fields) -> dict[str, str]:
    names = ["published", "drafted", "publisher", "content_source", "author", "document_number", "index_number"]
    return {n: iso(v) or "" if hasattr(v, "year") else v for n in names if (v := getattr(fields, n))}


CASES = {
    "definition_list": (
        f"<h1>{TITLE}</h1><dl><dt>From:</dt><dd><a>Department for Transport</a></dd><dt>Published</dt><dd>24 November 2022</dd><dt>Last updated</dt><dd>1 March 2024</dd></dl>",
        {"published": "2022-11-24", "publisher": "Department for Transport"},
    ),
    "published_without_colon": (f"<h1>{TITLE}</h1><p>Published 24 November 2022</p>", {"published": "2022-11-24"}),
    "updated_only": (f"<h1>{TITLE}</h1><p>Last updated: 1 March 2024</p>", {}),
    "posted_by": (
        f"<h1>{TITLE}</h1><p>Posted on November 24, 2022</p><p>By Jane Q. Smith</p>",
        {"published": "2022-11-24", "author": "Jane Q. Smith"},
    ),
    "date_line": (f"<h1>{TITLE}</h1><p>Thursday, November 24, 2022</p>", {"published": "2022-11-24"}),
    "date_label": (f"<h1>{TITLE}</h1><p>Date: 24/11/2022</p>", {"published": "2022-11-24"}),
    "reference": (
        f"<h1>{TITLE}</h1><p>Reference number: DFT-2022-17</p><p>Issued: 24 Nov 2022</p>",
        {"published": "2022-11-24", "document_number": "DFT-2022-17"},
    ),
    "time_element": (
        f'<h1>{TITLE}</h1><time class="published" datetime="2022-11-24T09:30:00+00:00">today</time>',
        {"published": "2022-11-24T09:30+00:00"},
    ),
    "meeting": (f"<h1>{TITLE}</h1><p>November 24, 2022</p><p>Location: Room 1103</p>", {}),
    "nothing": (f"<h1>{TITLE}</h1>", {}),
}


@pytest.mark.parametrize("name", CASES)
def test_head(name: str) -> None:
    head, expected = CASES[name]
    fields = read(head)
    assert fields.title == TITLE
    assert stated(fields) == expected
    assert fields.flags == []


def test_month_first_in_the_united_states() -> None:
    fields = read(f"<h1>{TITLE}</h1><p>Date: 11/03/2022</p>", language="en-US", zone="America/New_York")
    assert stated(fields) == {"published": "2022-11-03"}


def test_metas_and_linked_data() -> None:
    shared = (
        '<meta property="article:published_time" content="2022-11-24T09:30:00Z"><meta property="og:title" content="'
        + TITLE
        + '">'
    )
    assert stated(read("", metas=shared)) == {"published": "2022-11-24T09:30+00:00"}
    linked = (
        '<script type="application/ld+json">{"@graph": [{"@type": "Report", "headline": "'
        + TITLE
        + '", "datePublished": "2022-11-24"}]}</script>'
    )
    assert stated(read("", metas=linked)) == {"published": "2022-11-24"}
    modified = '<meta property="article:modified_time" content="2022-11-24T09:30:00Z">'
    assert stated(read("", metas=modified)) == {}
