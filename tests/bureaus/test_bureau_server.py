"""The sample bureaus' own server: what it publishes, edits and withdraws, and the faults that it shows on demand."""

# ruff: noqa: E501 - tables of cases
from __future__ import annotations

import io
from collections.abc import Iterator

import openpyxl
import pypdfium2
import pytest
import requests

from scheduler.demo.bureaus import BureauServer, sample_bureaus, second_act
from scheduler.demo.bureaus.attachments import pdf


@pytest.fixture
def server() -> Iterator[BureauServer]:
    with BureauServer(sample_bureaus()[0]) as running:
        yield running


def get(url: str, **headers: str) -> requests.Response:
    return requests.get(url, headers=headers, timeout=5, allow_redirects=False)


def test_conditional_requests(server: BureauServer) -> None:
    url = server.report_url("5021")
    first = get(url)
    assert first.headers["Content-Encoding"] == "gzip"
    assert get(url, **{"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert get(url, **{"If-Modified-Since": first.headers["Last-Modified"]}).status_code == 304
    server.bureau.edit("5021", replace=("288.4", "298.4"))
    again = get(url, **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, "298.4" in again.text) == (200, True)
    assert [(r.status, r.conditional) for r in server.requests("/zwgk/")] == [
        (200, False),
        (304, True),
        (304, True),
        (200, True),
    ]


@pytest.mark.parametrize(("how", "status", "word"), [("404", 404, "Not Found"), ("410", 410, "Gone"), ("soft", 200, "不存在"), ("home", 200, "更多")])  # fmt: skip
def test_withdrawn_and_restored(server: BureauServer, how: str, status: int, word: str) -> None:
    url = server.report_url("5021")
    server.bureau.withdraw("5021", how)  # type: ignore[arg-type]
    answer = get(url)
    assert (answer.status_code, word in answer.text) == (status, True)
    assert "5021" not in get(server.column_url("gzzj")).text
    server.bureau.restore("5021")
    assert get(url).status_code == 200


def test_faults(server: BureauServer) -> None:
    noise, url = server.bureau.noise, server.report_url("5021")
    quiet = get(url).text
    noise.counters = noise.ads = noise.related = noise.hidden_links = True
    assert len({get(url).text for _ in range(3)}) > 1
    noise.counters = noise.ads = noise.related = noise.hidden_links = False
    assert get(url).text == quiet
    noise.outage, noise.retry_after = 503, "7"
    assert (get(url).status_code, get(url).headers["Retry-After"]) == (503, "7")
    noise.outage = None
    noise.truncated = True
    with pytest.raises(requests.exceptions.RequestException):
        get(url)
    noise.truncated = False
    for kind, status in (("jsl", 521), ("412", 412), ("200", 200), ("cookie", 302)):
        noise.challenge = kind
        assert get(url).status_code == status
    noise.challenge = None
    server.bureau.flip("5021", "改动后的第一段。")
    assert len({get(url).text for _ in range(4)}) == 2


def test_redesign_moves_pages_when_asked(server: BureauServer) -> None:
    before = server.report_url("5021")
    server.bureau.redesign()
    assert server.report_url("5021") == before
    server.bureau.redesign(new_addresses=True)
    assert get(before).status_code == 404
    assert get(server.report_url("5021")).status_code == 200


def test_files_are_real(server: BureauServer) -> None:
    report = server.bureau.reports["5021"]
    raw = get(server.url + server.bureau.file_path(report, report.files[1])).content
    page = openpyxl.load_workbook(io.BytesIO(raw)).active
    assert page is not None
    assert [c.value for c in page[2]] == ["道路交通事故", "起", 612]
    server.bureau.replace_attachment("5021", report.files[1].name, b"other")
    assert get(server.url + server.bureau.file_path(report, report.files[1])).content == b"other"


def test_pdf_text_can_be_read() -> None:
    document = pypdfium2.PdfDocument(pdf("x.pdf", "澜汀市2021年计划", "增长7.8%").raw)
    text = document[0].get_textpage().get_text_range()
    document.close()
    assert "澜汀市2021年计划" in text.replace("\r\n", "\n")


def test_second_act_changes_what_it_says() -> None:
    bureaus = sample_bureaus()
    before = [{r.id: r for r in b.shown(next(iter(b.column_names)))} for b in bureaus]
    said = second_act(bureaus)
    after = [{r.id: r for r in b.shown(next(iter(b.column_names)))} for b in bureaus]
    assert len(said) == 6
    assert [len(a) - len(b) for a, b in zip(after, before, strict=True)] == [1, 0, 0, 1]
    assert after[0]["5021"].body != before[0]["5021"].body
    assert after[2]["9021"].files != before[2]["9021"].files
