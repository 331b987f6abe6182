"""Accuracy on real pages beside the checkout, as they are and with parts taken away or falsified."""

# ruff: noqa: E501 - a page's markup and a printed value stay on one line
from __future__ import annotations

import importlib.util
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from pipelines.extraction.metadata import read_metadata
from pipelines.extraction.page import read_page
from pipelines.extraction.parsing import bounded, decode, parse
from pipelines.extraction.plaintext import read_text
from pipelines.items import Report, to_record

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
PAGES = DATA / "pages"
pytestmark = pytest.mark.skipif(
    not PAGES.is_dir(), reason="the sample pages (../shared/data/pages) are not beside the project"
)


@pytest.fixture(scope="module")
def scorer() -> ModuleType:
    sys.path.insert(0, str(PAGES))
    try:
        spec = importlib.util.spec_from_file_location("score_pages", PAGES / "score_pages.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(PAGES))
    return module


@pytest.fixture(scope="module")
def pages() -> dict[str, tuple[str, str]]:
    """Markup and body of each page."""
    out = {}
    for file in sorted(PAGES.glob("d*.html")):
        raw = file.read_bytes()
        out[file.name] = (decode(raw).text, read_page(raw, url=None).body)
    return out


def labels() -> list[dict[str, Any]]:
    also = json.loads((PAGES / "alternatives.json").read_text(encoding="utf-8"))
    lines = (PAGES / "labels.jsonl").read_text(encoding="utf-8").splitlines()
    return [{**label, "also": also.get(label["file"], {})} for label in map(json.loads, lines)]


def figures(
    scorer: ModuleType, pages: dict[str, tuple[str, str]], change: Callable[[str], str]
) -> tuple[dict[str, Any], dict[str, Any]]:
    records = {}
    for name, (text, body) in pages.items():
        source = bounded(change(text))[0]
        report = Report(file=name, body=body)
        read_metadata(parse(source), source=source, body=body).fill(report)
        records[name] = to_record(report)
    scores, _ = scorer.score(records, labels(), PAGES, claimed=set(scorer.FIELDS))
    return scores, records


def without_metas(text: str) -> str:
    return re.sub(r"<meta\b(?![^>]*charset)[^>]*>", "", text, flags=re.IGNORECASE)


def without_document_title(text: str) -> str:
    return re.sub(r"<title\b[^>]*>.*?</title>", "", text, flags=re.IGNORECASE | re.DOTALL)


def without_headings(text: str) -> str:
    return re.sub(r"<(/?)h[1-4]\b", r"<\1div", text, flags=re.IGNORECASE)


def with_bare_document_title(text: str) -> str:
    return re.sub(r"(<title\b[^>]*>).*?</title>", r"\1某某市公安局</title>", text, flags=re.IGNORECASE | re.DOTALL)


def with_logo_heading(text: str) -> str:
    return re.sub(r"<body[^>]*>", lambda m: m[0] + "<h1>某某市人民政府</h1>", text, count=1, flags=re.IGNORECASE)


def with_site_as_article(text: str) -> str:
    metas = '<meta name="ArticleTitle" content="某某市政府门户网站"><meta name="SiteName" content="某某市政府门户网站">'
    return re.sub(r"<head[^>]*>", lambda m: m[0] + metas, without_metas(text), count=1, flags=re.IGNORECASE)


def bare(text: str) -> str:
    return without_headings(without_document_title(without_metas(text)))


CHANGES: dict[str, tuple[Callable[[str], str], float, float]] = {
    # change: floor of titles, floor of published (two pages state their date in a meta alone)
    "none": (str, 1.0, 1.0),
    "no_metas": (without_metas, 1.0, 0.95),
    "no_document_title": (without_document_title, 1.0, 1.0),
    "no_headings": (without_headings, 1.0, 1.0),
    "none_of_the_three": (bare, 0.97, 0.95),
    "bare_document_title": (with_bare_document_title, 1.0, 1.0),
    "logo_heading": (with_logo_heading, 1.0, 1.0),
    "site_as_article": (with_site_as_article, 1.0, 0.95),
}


@pytest.mark.parametrize("name", CHANGES)
def test_accuracy(name: str, scorer: ModuleType, pages: dict[str, tuple[str, str]]) -> None:
    change, titles, published = CHANGES[name]
    scores, records = figures(scorer, pages, change)
    assert scores["title"] >= titles
    assert scores["published"] >= published
    for field in ("index_number", "document_number", "publisher", "content_source", "drafted", "signed"):
        assert scores[field] >= 0.95, field
        assert scores[field + ".false"] == 0, field
    for field in ("author", "validity", "subject"):
        assert scores[field + ".false"] == 0, field
    assert {name: record["flags"] for name, record in records.items() if record["flags"]} == {}


def test_brand_after_every_document_title(scorer: ModuleType, pages: dict[str, tuple[str, str]]) -> None:
    def spam(text: str) -> str:
        return re.sub(r"\s*</title>", "-凯发天生赢家一触即发</title>", text, count=1, flags=re.IGNORECASE)

    scores, records = figures(scorer, pages, spam)
    assert scores["title"] == 1.0
    assert all(record["flags"] == ["title_spam"] for record in records.values())


def test_dates_taken_away_are_not_invented(pages: dict[str, tuple[str, str]]) -> None:
    stamp = re.compile(r"(?:19|20)\d\d(?:[-/.]\d{1,2}[-/.]\d{1,2}|年\d{1,2}月\d{1,2}日)(?:\s*\d{1,2}:\d\d(?::\d\d)?)?")
    for name, (text, body) in pages.items():
        first = next(line for line in body.split("\n") if line.strip())[:8]
        source = without_metas(text)
        start = source.rfind(first)
        source = stamp.sub("", source[:start]) + source[start:] if start > 0 else stamp.sub("", source)
        fields = read_metadata(parse(source), body=body)
        assert fields.published is None, name


def test_no_flags_with_the_addresses_of_the_pages(pages: dict[str, tuple[str, str]]) -> None:
    origins = [json.loads(line) for line in (PAGES / "origin.jsonl").read_text(encoding="utf-8").splitlines()]
    for origin in origins:
        url = origin["page_url"].removeprefix("site:")
        if not url:
            continue
        source, body = pages[origin["file"]]
        url = url if "//" in url else f"http://{url}/"
        assert read_metadata(parse(source), source=source, body=body, url=url).flags == [], origin["file"]


def test_english_pages() -> None:
    for file in sorted((DATA / "english").glob("*.html")):
        report = read_page(file.read_bytes(), url=None)
        tampering = {"title_spam", "hidden_links", "offsite_host", "site_code_mismatch"}
        assert not tampering & set(report.flags), file.name
        assert report.index_number is None
        assert report.drafted is None
        if "detail" in file.name:
            assert report.title, file.name


def test_report_saved_as_text() -> None:
    report = read_text((DATA / "text" / "d1_seed.txt").read_text(encoding="utf-8"))
    record = to_record(report)
    expected = {
        "title": "2021年全市公安交管工作总结",
        "index_number": "000014349/2022-2223480",
        "drafted": "2022-01-08",
        "published": "2022-01-08T18:30+08:00",
        "publisher": "贵阳市公安局",
        "content_source": "贵阳市公安局",
        "signer": "贵阳市公安交通管理局",
        "signed": "2022-01-08",
        "document_number": None,
        "validity": None,
    }
    assert {k: record[k] for k in expected} == expected
    assert "title_spam" in record["flags"]


def test_report_as_its_page_was() -> None:
    text = (DATA / "text" / "d1_seed.txt").read_text(encoding="utf-8")
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    spam = next(line for line in lines if "工作总结-" in line)
    paragraphs = lines[lines.index(spam) + 2 : -1]
    page = (
        f"<html><head><title>{spam}</title></head><body><table><tr><td>索 引 号:</td><td>000014349/2022-2223480</td><td>成文日期:</td><td>2022-01-08</td></tr>"
        "<tr><td>文 号:</td><td></td><td>发布时间:</td><td>2022-01-08 18:30</td></tr><tr><td>发布机构:</td><td>贵阳市公安局</td><td>文件有效性:</td><td></td></tr></table>"
        f"<h1>{spam}</h1><div>发布时间: 2022-01-08 18:30 来源:贵阳市公安局 字体:[<a>大</a> <a>中</a>]</div>"
        + "<div class='trs_editor_view'>"
        + "".join(f"<p>{p}</p>" for p in paragraphs)
        + "</div></body></html>"
    )
    record = to_record(read_page(page.encode(), url="http://www.mirror-site.com/zwgk/t.html"))
    assert record["title"] == "2021年全市公安交管工作总结"
    assert record["title_raw"] == spam
    assert (record["published"], record["drafted"]) == ("2022-01-08T18:30+08:00", "2022-01-08")
    assert (record["publisher"], record["content_source"]) == ("贵阳市公安局", "贵阳市公安局")
    assert (record["document_number"], record["validity"]) == (None, None)
    assert (record["signer"], record["signed"]) == ("贵阳市公安交通管理局", "2022-01-08")
    assert {"title_spam", "offsite_host"} & set(record["flags"])
