"""Full text: two-character words, one character, Latin words, fields, boolean queries, ranking."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.errors import SubscriptionError
from pipelines.queries import contains, matches, normalise, parse_query
from pipelines.storage.search import search, tokens

TEXTS = {
    1: ("2025年交通事故情况通报", "全年发生道路交通事故31起，GDP增长5.2%，查处酒驾12人。"),
    2: ("年度工作总结", "酒驾、醉驾整治成效明显。Annual Report of the Police, edition B2."),
    3: ("关于公示的通知", "本次公示期为七日。道路。交通。"),
}
QUERIES = {
    "交通事故": [1],
    "酒驾": [1, 2],
    "酒": [1, 2],
    "报": [1],
    "GDP增": [1],
    "gdp": [1],
    "annual report": [2],
    "rep": [],
    '"annual police"': [],
    "annual police": [2],
    "Ｂ２": [2],
    "title:总结": [2],
    "body:总结": [],
    "publisher:公安局": [1, 2, 3],
    "酒驾 AND NOT 总结": [1],
    "酒驾 -title:总结": [1],
    "(事故 OR 公示) 道路": [1, 3],
    "交通 道路 NOT 事故": [3],
    "道路交通": [1],
    "31起": [1],
    "NOT 酒驾": [3],
    "不存在": [],
}


@pytest.fixture
def filled(world: Any) -> Any:
    for number, (title, body) in TEXTS.items():
        world.read(f"http://bureau-a.gov.cn/{number}.html", title=title, body=body)
    return world


def test_search_finds_what_queries_ask_for(filled: Any) -> None:
    with filled.database.session() as session:
        found = {query: sorted(search(session, query)) for query in QUERIES}
    assert found == QUERIES


def test_subscriptions_match_what_search_finds() -> None:
    for query, expected in QUERIES.items():
        parsed = parse_query(query)
        texts = {
            n: {"title": normalise(t), "publisher": normalise("示例市公安局"), "body": normalise(b)}
            for n, (t, b) in TEXTS.items()
        }
        assert [n for n in texts if matches(parsed, texts[n])] == expected, query


def test_title_ranks_first_and_index_follows_revisions(filled: Any) -> None:
    world = filled
    world.read("http://bureau-a.gov.cn/4.html", title="别的", body="顺便提到公示一次，其余内容很多。" + "内容" * 300)
    with world.database.session() as session:
        assert search(session, "公示") == [3, 4]
    world.crawl()
    world.read("http://bureau-a.gov.cn/3.html", title="关于公布的通知", body="本次公布期为七日。")
    with world.database.session() as session:
        assert search(session, "公示") == [4]
        assert search(session, "公布") == [3]


def test_file_texts_are_found(filled: Any) -> None:
    file = ("表.xls", "http://bureau-a.gov.cn/f.xls", "附表中的独特词语".encode())
    filled.read("http://bureau-a.gov.cn/5.html", title="附表一览", body="见附件。" * 20, documents=[file])
    with filled.database.session() as session:
        assert search(session, "独特词语") == [4]


def test_long_text_beyond_one_section_is_found(world: Any) -> None:
    body = "\n".join(f"第{n}段文字说明情况。" for n in range(3000)) + "\n末尾的特别记号在此"
    world.read("http://bureau-a.gov.cn/1.html", body=body)
    with world.database.session() as session:
        assert search(session, "特别记号") == [1]
        assert search(session, "第2999段文字") == [1]


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "  ",
        "a AND",
        "OR b",
        "(a",
        "a)",
        '"a',
        "nofield:b",
        "a OR OR b",
        "NOT",
        "title:",
        "()",
        "、",
        "x" * 3000,
        "(" * 80 + "a",
    ],
)
def test_wrong_queries_say_what_is_wrong(wrong: str) -> None:
    with pytest.raises(SubscriptionError):
        parse_query(wrong)


@given(st.text(alphabet="ab公安\"()（）:- ANDORNOT\n'\\%*", max_size=40))
@settings(max_examples=300)
def test_any_query_parses_or_is_refused(text: str) -> None:
    try:
        query = parse_query(text)
    except SubscriptionError:
        return
    assert matches(query, {"title": "公安"}) in (True, False)


def test_hostile_queries_reach_no_database(filled: Any) -> None:
    with filled.database.session() as session:
        for text in ("a' OR 1=1 --", '"x* NEAR(y)"', "title:')", "公安';DROP TABLE report", "a:b", "''", "^x", "{x}"):
            try:
                search(session, text)
            except SubscriptionError:
                continue


def test_tokens() -> None:
    assert list(tokens(normalise("交通事故2021年GDP"))) == ["交通", "通事", "事故", "故", "2021", "年", "gdp"]
    assert list(tokens(normalise("交通事故"), query=True)) == ["交通", "通事", "事故"]
    assert contains(normalise("the category"), "cat") is False
