"""The query language of searches and subscriptions, and its matching against a report's texts. Pure.

    交通事故 年度          both words (AND may be written)
    交通事故 OR "酒驾 醉驾"  either; quotes keep a phrase together
    总结 NOT 公示           or -公示
    title:总结 publisher:公安局 body:(酒驾 OR 醉驾)
    (总结 OR 通报) AND 2021

NOT binds tighter than AND, AND tighter than OR. Chinese matches anywhere in a text; Latin words and numbers match
whole.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from pipelines.errors import SubscriptionError
from pipelines.messages import say

FIELDS: Final = ("title", "publisher", "body")
LONGEST: Final = 2000
DEEPEST: Final = 50

TOKEN: Final = re.compile(
    r"\s*(?:(?P<open>[(（])|(?P<close>[)）])|(?P<field>[A-Za-z]{1,20})[:：]|(?P<minus>[-－](?=\S))"
    r"|[\"“”](?P<phrase>[^\"“”]*)(?P<end>[\"“”]?)|(?P<word>[^\s()（）\"“”]+))"
)


SILENT: Final = re.compile(r"[\W_]+")
WIDE: Final = "\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff"
"""Scripts that are written without spaces, as a character class."""
IS_WIDE: Final = re.compile(f"[{WIDE}]")


def normalise(text: str) -> str:
    """Full-width forms and case folded; everything that is no letter or figure becomes one space."""
    spaced = SILENT.sub(" ", text)
    if not unicodedata.is_normalized("NFKC", spaced):
        spaced = SILENT.sub(" ", unicodedata.normalize("NFKC", spaced))
    return spaced.casefold().strip()


def is_wide(character: str) -> bool:
    """A character of a script that is written without spaces."""
    return IS_WIDE.match(character) is not None


def contains(text: str, term: str) -> bool:
    """Whether a normalised text holds a normalised term, at word borders where the term begins or ends in Latin."""
    at = text.find(term)
    while at >= 0:
        end = at + len(term)
        before = at == 0 or is_wide(term[0]) or not text[at - 1].isalnum() or is_wide(text[at - 1])
        after = end == len(text) or is_wide(term[-1]) or not text[end].isalnum() or is_wide(text[end])
        if before and after:
            return True
        at = text.find(term, at + 1)
    return False


@dataclass(frozen=True, slots=True)
class Term:
    """A normalised word or phrase, in one field or any."""

    text: str
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Not:
    """The part must not match."""

    part: Query


@dataclass(frozen=True, slots=True)
class And:
    """All parts must match."""

    parts: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """One part must match."""

    parts: tuple[Query, ...]


Query = Term | Not | And | Or


@lru_cache(maxsize=1024)
def parse_query(text: str) -> Query:
    """Parses a query.

    Raises:
        SubscriptionError: says what is wrong with it, and where.
    """
    if len(text) > LONGEST:
        raise SubscriptionError(say("The query is longer than {count} characters", count=LONGEST))
    return _Parser(text).parse()


def matches(query: Query, texts: Mapping[str, str]) -> bool:
    """Whether a query matches texts by field name; the texts are normalised (`normalise`)."""
    match query:
        case Term(text, field):
            return any(contains(value, text) for name, value in texts.items() if field in (None, name))
        case Not(part):
            return not matches(part, texts)
        case And(parts):
            return all(matches(part, texts) for part in parts)
        case Or(parts):
            return any(matches(part, texts) for part in parts)


def positive_terms(query: Query) -> Iterator[Term]:
    """The terms that a match is due to: for ranking and highlighting."""
    if isinstance(query, Term):
        yield query
    elif isinstance(query, And | Or):
        for part in query.parts:
            yield from positive_terms(part)


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = list(self._tokens())
        self.at = 0

    def _tokens(self) -> Iterator[tuple[str, str, int]]:
        place = 0
        end = len(self.text.rstrip())
        while place < end:
            found = TOKEN.match(self.text, place)
            if not found:
                raise self._wrong(say("cannot be understood"), place)
            start, place = found.start(found.lastgroup or 0), found.end()
            if found["phrase"] is not None:
                if not found["end"]:
                    raise self._wrong(say("a quote is not closed"), start)
                yield "term", found["phrase"], start
            elif found["open"] or found["close"]:
                yield "open" if found["open"] else "close", "", start
            elif found["minus"]:
                yield "not", "", start
            elif found["field"]:
                yield "field", found["field"].lower(), start
            else:
                word = found["word"]
                kind = word.lower() if word in ("AND", "OR", "NOT") else "term"
                yield kind, word, start

    def _wrong(self, reason: str, place: int) -> SubscriptionError:
        return SubscriptionError(
            say("Query, character {place}: {reason}", place=place + 1, reason=reason),
            cure=say('Write it like: title:总结 AND (酒驾 OR 醉驾) NOT "公示"'),
        )

    def _peek(self) -> str:
        return self.tokens[self.at][0] if self.at < len(self.tokens) else "end"

    def _place(self) -> int:
        return self.tokens[self.at][2] if self.at < len(self.tokens) else len(self.text)

    def parse(self) -> Query:
        if not self.tokens:
            raise self._wrong(say("it is empty"), 0)
        query = self._either(None, 0)
        if self._peek() != "end":
            raise self._wrong(say("a bracket is closed that was not opened"), self._place())
        return query

    def _either(self, field: str | None, depth: int) -> Query:
        parts = [self._all(field, depth)]
        while self._peek() == "or":
            self.at += 1
            parts.append(self._all(field, depth))
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _all(self, field: str | None, depth: int) -> Query:
        parts = [self._one(field, depth)]
        while self._peek() not in ("or", "close", "end"):
            if self._peek() == "and":
                self.at += 1
            parts.append(self._one(field, depth))
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _one(self, field: str | None, depth: int) -> Query:
        if depth > DEEPEST:
            raise self._wrong(say("brackets are nested too deeply"), self._place())
        kind, place = self._peek(), self._place()
        if kind == "end":
            raise self._wrong(say("a word is missing at the end"), place)
        _, value, _ = self.tokens[self.at]
        self.at += 1
        match kind:
            case "not":
                return Not(self._one(field, depth + 1))
            case "open":
                query = self._either(field, depth + 1)
                if self._peek() != "close":
                    raise self._wrong(say("a bracket is not closed"), place)
                self.at += 1
                return query
            case "field":
                if value not in FIELDS:
                    raise self._wrong(say("no field {name}: title, publisher or body", name=value), place)
                return self._one(value, depth + 1)
            case "term":
                text = normalise(value)
                if not text:
                    raise self._wrong(say("only punctuation where a word is expected"), place)
                return Term(text, field)
        raise self._wrong(say("a word is missing before this"), place)
