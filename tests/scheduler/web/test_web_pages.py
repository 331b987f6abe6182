"""The pages show what is in the database; bad input is answered, never a crash."""

from __future__ import annotations

import dataclasses
import re
from html import unescape
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.storage.models import EventRow
from pipelines.storage.session import Database
from scheduler.browse import file_changes
from scheduler.demo.bureaus.samples import sample_bureaus
from scheduler.web.body import body_html
from scheduler.web.charts import bar_strip, line_chart
from tests.scheduler.web.conftest import NOW, save

HTML = {"accept": "text/html"}


def first_report(client: TestClient) -> dict[str, Any]:
    items = client.get("/api/v1/reports", params={"query": "工作总结", "limit": 1}).json()["items"]
    found: dict[str, Any] = items[0]
    return found


def test_overview_and_lists(client: TestClient) -> None:
    assert "工作总结" in client.get("/reports", params={"query": "工作总结"}).text
    assert client.get("/", headers=HTML).text.count('class="title"') >= 10
    assert 'class="heads"' in client.get("/", headers=HTML).text, "a list shows figures of its reports"
    assert "No report matches" in client.get("/reports", params={"query": "没有这样的词语"}).text
    assert client.get("/reports", params={"query": "(", "since": "x"}).status_code == 200
    feed = re.search(
        r'href="(/feeds/atom.xml[?]query=[^"]+)"', client.get("/reports", params={"query": "事故 OR 酒驾"}).text
    )
    assert feed is not None
    assert client.get(unescape(feed[1])).status_code == 200
    assert client.get("/sources").status_code == 200
    assert client.get("/events", params={"type": "report.new", "backfill": 1}).text.count("new report") > 3
    assert "new report</span>" not in client.get("/events").text, "what a first crawl finds is no news"


def test_report_marks_each_figure_and_links_the_table(client: TestClient) -> None:
    report = first_report(client)
    whole = client.get(f"/api/v1/reports/{report['id']}").json()
    page = client.get(f"/reports/{report['id']}").text
    assert len(whole["indicators"]) > 5
    for number, indicator in enumerate(whole["indicators"]):
        mark = re.search(rf'<mark id="n{number}"[^>]*>([^<]*)</mark>', page)
        assert mark is None or mark[1] == indicator["value_text"]
    assert page.count("<mark ") >= 0.8 * len(whole["indicators"])
    assert whole["title"] in page


def test_indicators_series_and_their_chart(client: TestClient) -> None:
    items = client.get("/api/v1/indicators", params={"limit": 50}).json()["items"]
    numbers = list(dict.fromkeys(i["series"] for i in items if i["series"]))
    pages = [client.get(f"/series/{number}").text for number in numbers]
    assert any('<svg class="chart"' in page for page in pages)
    assert all("<table" in page for page in pages)
    assert client.get(f"/api/v1/series/{numbers[0]}").json()["observations"]
    assert 'class="spark"' in client.get("/indicators", params={"name": "事故"}).text
    assert "No figure matches" in client.get("/indicators", params={"name": "没有这样的指标"}).text


def test_a_swapped_file_is_shown_as_a_change(client: TestClient, database: Database) -> None:
    report = first_report(client)["id"]
    swap = {"name": "表.xls", "revision": 2, "old": {"sha256": "a" * 64, "size": 1184}, "new": {"sha256": "b" * 64}}
    with database.session() as session:
        session.add(
            EventRow(
                id="swap", number=10**6, key="swap", type="attachment.changed", at=NOW, report_id=report, details=swap
            )
        )
        session.flush()
        assert file_changes(session, report, 1, 2) == [
            {
                "field": "attachments",
                "name": "表.xls",
                "old": f"1,184 B · sha256 {'a' * 12}",
                "new": f"sha256 {'b' * 12}",
            }
        ]
        assert file_changes(session, report, 2, 3) == file_changes(session, report, 0, 1) == []
        session.rollback()


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/reports/99999", 404),
        ("/reports/abc", 422),
        ("/reports/99999999999999999999999", 422),
        ("/series/99999", 404),
        ("/sources/none", 404),
        ("/nowhere", 404),
        ("/reports/1?revision=77", 404),
        ("/api/v1/reports?limit=0", 422),
        ("/api/v1/reports?since=yesterday", 422),
        ("/api/v1/reports?since=2026-01-01T00:00:00", 422),
        ("/api/v1/reports?query=(", 422),
        ("/api/v1/events?after=none", 404),
        ("/feeds/atom.xml?source=none", 404),
        ("/feeds/feed.json?subscription=99", 404),
        ("/feeds/atom.xml?query=(", 422),
    ],
)
def test_bad_input_is_answered(client: TestClient, path: str, status: int) -> None:
    assert client.get(path).status_code == status
    assert client.get(path, headers=HTML).status_code == status


def test_subscribing_on_the_page(client: TestClient) -> None:
    bad = client.post("/subscriptions", data={"to": "nonsense://x"})
    assert bad.status_code == 400
    assert "notice" in bad.text
    good = client.post(
        "/subscriptions", data={"to": "json://hooks.example.org/secret-path-0123456789", "query": "事故"}
    )
    assert good.status_code == 200
    assert "secret-path-0123456789" not in good.text
    number = re.search(r"/subscriptions/(\d+)/end", good.text)
    assert number
    ended = client.post(f"/subscriptions/{number[1]}/end")
    assert f"/subscriptions/{number[1]}/end" not in ended.text
    assert client.post("/deliveries/999/replay").status_code == 404


def test_no_link_is_dead(client: TestClient) -> None:
    waiting, seen = ["/"], set[str]()
    while waiting and len(seen) < 60:
        path = waiting.pop(0)
        answer = client.get(path, headers=HTML)
        assert answer.status_code == 200, path
        if answer.headers["content-type"].startswith("text/html"):
            found = {unescape(link) for link in re.findall(r'(?:href|src)="(/[^"#]*)', answer.text)}
            waiting += sorted(link for link in found - seen - set(waiting) if "evidence" not in link)  # no archive here
        seen.add(path)
    assert {"/api/v1/openapi.json", "/static/style.css", "/events"} <= seen


def test_machines_are_served(client: TestClient) -> None:
    assert client.get("/healthz").text == "ok\n"
    assert client.get("/readyz").status_code == 503, "the service was never started"
    assert b"bureauwatch_heartbeat" in client.get("/metrics").content
    assert client.get("/feeds/feed.json").json()["version"] == "https://jsonfeed.org/version/1.1"


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(query=st.text(max_size=40), after=st.text(max_size=8), source=st.text(max_size=12))
def test_no_query_breaks_the_api(client: TestClient, query: str, after: str, source: str) -> None:
    params = {"query": query, "after": after, "source": source}
    for path in ("/api/v1/reports", "/api/v1/indicators", "/api/v1/events", "/reports"):
        assert client.get(path, params=params).status_code < 500


@given(st.text(max_size=200), st.lists(st.tuples(st.integers(-5, 250), st.integers(-5, 250)), max_size=8))
def test_body_is_escaped_whatever_the_marks(text: str, spans: list[tuple[int, int]]) -> None:
    marks = [{"start": a, "end": b, "value_text": text[max(a, 0) : max(b, 0)], "name": '"<'} for a, b in spans]
    html = body_html(text, marks)
    plain = re.sub(r"</?(p|mark|table|tr|td|div)\b[^<>]*>", "", html)
    assert "<" not in plain


def test_charts_take_any_figures() -> None:
    assert line_chart([], title="x") == ""
    assert "<svg" in line_chart([("actual", [(1.0, "2021", 1.0)])], title="<")
    two = [("actual", [(1.0, "<2021", -1.0), (9.0, "2022", 3e9)]), ("target", [(10.0, "2023", 1e9)])]
    assert "&lt;" in line_chart(two, title="x")
    assert line_chart(two, title="x").count("<path") == 2
    assert bar_strip([("d", 0)], title="x").count("<rect") == 1


def test_a_page_first_seen_hijacked_is_shown_whole(client: TestClient, database: Database) -> None:
    bureau = sample_bureaus()[0]
    bureau.noise.hijacked = "-鸿运娱乐平台官网"
    report = dataclasses.replace(next(iter(bureau.reports.values())), id="7777", title="云岭市公安局2031年特别工作总结")
    bureau.publish(report)
    save(database, bureau, report)
    found = client.get("/api/v1/reports", params={"query": "2031年特别工作总结", "whole": True}).json()["items"]
    assert [r["state"] for r in found] == ["tampered"]
    assert found[0]["title_raw"].endswith("-鸿运娱乐平台官网")
    assert len(found[0]["body"]) > 500
    assert client.get(f"/reports/{found[0]['id']}").status_code == 200
