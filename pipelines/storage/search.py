"""Full-text search: pairs of characters for scripts without spaces, whole words for the others.

SQLite's own tokenizers find nothing for two-character words, so the program makes the tokens: `交通事故` is kept as
`交通 通事 事故 故`, asked for as the phrase `交通 通事 事故`; a single character is asked for as a prefix. The same
tokens go to FTS5 and to PostgreSQL's tsvector, in the transaction that writes the report.
"""

from __future__ import annotations

import re
from operator import add
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    and_,
    bindparam,
    cast,
    delete,
    func,
    insert,
    literal_column,
    not_,
    or_,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import Session

from pipelines.queries import WIDE, And, Not, Or, Query, Term, is_wide, normalise, parse_query, positive_terms
from pipelines.storage.models import ReportRow, SearchRow

SECTION: Final = 1000
"""Tokens in one PostgreSQL section: a tsvector keeps 256 places of a token, 16,383 in all, and 1 MB."""
OVERLAP: Final = 12
"""Tokens that sections share, so that phrases across the border are found."""
MOST_TOKENS: Final = 300_000


RUNS: Final = re.compile(f"([{WIDE}]+)|[^\\s{WIDE}]+")
DROP: Final = text("DELETE FROM search WHERE rowid = :id")
ADD: Final = text("INSERT INTO search (rowid, title, publisher, body) VALUES (:id, :title, :publisher, :body)")


def tokens(normal: str, *, query: bool = False) -> list[str]:
    """The tokens of a normalised text; of a query without the last character's own token."""
    found: list[str] = []
    for run in RUNS.finditer(normal):
        word = run[0][:MOST_TOKENS]
        if run[1] is None:
            found.append(word[:100])
            continue
        found.extend(map(add, word, word[1:]))
        if not query or len(word) == 1 or run.end() < len(normal):
            found.append(word[-1])
        if len(found) > MOST_TOKENS:
            break
    return found[:MOST_TOKENS]


def index_report(
    session: Session, report_id: int, *, title: str | None, publisher: str | None, body: str, fresh: bool = False
) -> None:
    """Puts a report's texts into the index, in place of what was there for it.

    Args:
        fresh: nothing was there.
        body: the report's text with its files' texts; what lies beyond 300,000 tokens is not found.
    """
    fields = {"title": title or "", "publisher": publisher or "", "body": body}
    found = {name: tokens(normalise(value)) for name, value in fields.items()}
    if session.get_bind().dialect.name == "sqlite":
        if not fresh:
            session.connection().execute(DROP, {"id": report_id})
        session.connection().execute(ADD, {"id": report_id, **{name: " ".join(words) for name, words in found.items()}})
        return
    if not fresh:
        session.execute(delete(SearchRow).where(SearchRow.report_id == report_id))
    rows = [
        {"report_id": report_id, "field": name, "terms": _vector(words[start : start + SECTION + OVERLAP])}
        for name, words in found.items()
        for start in range(0, len(words), SECTION)
    ]
    if rows:
        session.execute(insert(SearchRow), rows)


def _vector(words: list[str]) -> str:
    """A tsvector's text: tokens hold letters and figures only, so quoting is enough."""
    places: dict[str, list[str]] = {}
    for place, word in enumerate(words, 1):
        places.setdefault(word, []).append(str(place))
    return " ".join(f"'{word}':{','.join(at[:250])}" for word, at in places.items())


def condition(session: Session, query: str | Query) -> ColumnElement[bool]:
    """A query as a condition on reports, to be used with other filters.

    Raises:
        SubscriptionError: the query cannot be parsed.
    """
    return _condition(parse_query(query) if isinstance(query, str) else query, session.get_bind().dialect.name)


def _condition(query: Query, dialect: str) -> ColumnElement[bool]:
    match query:
        case Not(part):
            return not_(_condition(part, dialect))
        case And(parts):
            return and_(*(_condition(part, dialect) for part in parts))
        case Or(parts):
            return or_(*(_condition(part, dialect) for part in parts))
        case Term(normal, field):
            if dialect == "sqlite":
                asked = f"{field} : {_fts(normal)}" if field else _fts(normal)
                ids = text("SELECT rowid FROM search WHERE search MATCH :q").bindparams(
                    bindparam("q", asked, unique=True)
                )
                return ReportRow.id.in_(ids.columns(literal_column("rowid")).scalar_subquery())
            inner = select(SearchRow.report_id).where(_matches(normal))
            return ReportRow.id.in_(inner.where(SearchRow.field == field) if field else inner)


def _matches(normal: str) -> ColumnElement[bool]:
    return SearchRow.terms.op("@@")(_tsquery(normal))


def _tsquery(normal: str) -> Any:
    return cast(_ts(normal), TSQUERY)


def _fts(normal: str) -> str:
    words = tokens(normal, query=True)
    star = " *" if is_wide(words[-1][-1]) and len(words[-1]) == 1 else ""
    return f'"{" ".join(words)}"{star}'


def _ts(normal: str) -> str:
    words = [f"'{w}'" for w in tokens(normal, query=True)]
    if len(words[-1]) == 3 and is_wide(words[-1][1]):
        words[-1] += ":*"
    return " <-> ".join(words)


def search(session: Session, query: str, *, limit: int = 50, offset: int = 0, where: tuple[Any, ...] = ()) -> list[int]:
    """Ids of the reports that match, the most fitting first, newer before older among equals.

    Args:
        where: further conditions on `ReportRow`.

    Raises:
        SubscriptionError: the query cannot be parsed.
    """
    parsed = parse_query(query)
    terms = list(positive_terms(parsed))
    asked = select(ReportRow.id).where(_condition(parsed, session.get_bind().dialect.name), *where)
    if terms:
        if session.get_bind().dialect.name == "sqlite":
            ranks = (
                text("SELECT rowid AS id, bm25(search, 10.0, 3.0, 1.0) AS rank FROM search WHERE search MATCH :any")
                .bindparams(
                    any=" OR ".join(f"({t.field} : {_fts(t.text)})" if t.field else _fts(t.text) for t in terms)
                )
                .columns(literal_column("id"), literal_column("rank"))
                .subquery("ranks")
            )
            asked = asked.outerjoin(ranks, ranks.c.id == ReportRow.id).order_by(func.coalesce(ranks.c.rank, 0.0))
        else:
            anything = _any(terms)
            weight = func.sum(
                func.ts_rank(SearchRow.terms, anything)
                * func.coalesce(literal_column("CASE field WHEN 'title' THEN 10.0 WHEN 'publisher' THEN 3.0 END"), 1.0)
            ).label("rank")
            ranked = (
                select(SearchRow.report_id.label("id"), weight)
                .where(SearchRow.terms.op("@@")(anything))
                .group_by(SearchRow.report_id)
                .subquery("ranks")
            )
            asked = asked.outerjoin(ranked, ranked.c.id == ReportRow.id).order_by(
                func.coalesce(ranked.c.rank, 0.0).desc()
            )
    asked = asked.order_by(ReportRow.published.desc(), ReportRow.id.desc()).limit(limit).offset(offset)
    return list(session.scalars(asked))


def _any(terms: list[Term]) -> Any:
    return cast(" | ".join(f"({_ts(t.text)})" for t in terms), TSQUERY)
