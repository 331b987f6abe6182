"""What a 加载更多 asks for: the request that a click makes, read from the page's script and never run.

Understood are jQuery's `ajax`, `get`, `getJSON`, `post`, `fetch` and axios, with addresses and parameters that are
written out in the page, counters of pages (`page++`) and the clicked element's own `data-` attributes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlencode

from crawler.platforms.finder.dom import Document, Element
from crawler.platforms.finder.script import MAX_BODY, STRING, Scripts, UnknownError, Value, block, statements

ASKS = re.compile(
    r"(?:\$|jQuery)\.(?P<jquery>ajax|get|getJSON|post)\s*\(|(?P<fetch>(?:window\.)?fetch)\s*\("
    r"|(?P<axios>axios(?:\.(?:get|post|request))?|\$http\.(?:get|post))\s*\("
)
COUNTS = re.compile(r"([A-Za-z_$][\w$.]{0,60})\s*(?:\+\+|\+=\s*1(?![\w.])|=\s*\1\s*\+\s*1(?![\w.]))|\+\+\s*([A-Za-z_$][\w$.]{0,60})")  # fmt: skip  # noqa: E501 - one pattern
SET = re.compile(r"(?:(?:var|let|const)\s+)?([A-Za-z_$][\w$]*)\s*=(?!=)\s*(?:await\s+)?")
CALL = re.compile(r"(?:this\.|window\.|await\s+)*([A-Za-z_$][\w$.]{0,60})\s*\(")
HANDLER = re.compile(
    r"(?:\$|jQuery)\(\s*[\"']([^\"'\n]{1,80})[\"']\s*\)\s*\.(?:click\s*\(|on\s*\(\s*[\"'](?:click|tap)[\"']\s*,"
    r"\s*(?:[\"']([^\"'\n]{1,80})[\"']\s*,)?)\s*(?:async\s*)?(?:function\s*\w{0,40}\s*\([^()]{0,60}\)\s*|\([^()]{0,60}\)\s*=>\s*)\{"
    r"|(?:getElementById\(\s*[\"'](?P<id>[\w:-]{1,60})[\"']\s*\)|querySelector\(\s*[\"'](?P<query>[^\"'\n]{1,80})[\"']\s*\))"
    r"\s*\.(?:onclick\s*=|addEventListener\s*\(\s*[\"']click[\"']\s*,)\s*(?:async\s*)?(?:function\s*\w{0,40}\s*\([^()]{0,60}\)\s*|\([^()]{0,60}\)\s*=>\s*)\{"
)
SELF = re.compile(r"(?:var|let|const)\s+([\w$]{1,30})\s*=\s*(?:\$\(\s*this\s*\)|this)\s*[;,]")
PART = re.compile(r"(?:#([\w:-]{1,60})|\.([\w-]{1,60})|([a-z][a-z0-9]{0,10}))")
KEY = re.compile(r"\s*[\"']?([\w$-]{1,60})[\"']?\s*(?=[:,}]|$)")
MAX_HANDLERS = 60
MAX_DEPTH = 3
JSON = "application/json"
FORM = "application/x-www-form-urlencoded; charset=UTF-8"


@dataclass(frozen=True, slots=True)
class Ask:
    """A request that a script makes."""

    url: str
    method: str = "GET"
    body: str | None = None
    media_type: str | None = None


@dataclass(slots=True)
class _State:
    """What is known while a click's code is read."""

    scripts: Scripts
    values: dict[str, Value]
    found: Ask | None = None
    counters: dict[str, Value] = field(default_factory=dict)
    steps: int = 0


def clicks(document: Document, element: Element, call: str | None, number: int) -> Iterator[str]:
    """The code that a click on an element runs: its own call, else the handlers that the scripts bind to it.

    `number` stands in for the one after the page shown, in arguments and in the element's `data-` attributes.
    """
    if call and "(" in call:
        yield _renumbered(call, number)
        return
    scripts = document.scripts
    for count, match in enumerate(HANDLER.finditer(scripts.text)):
        if count >= MAX_HANDLERS:
            return
        selector = match[2] or match[1] or match["query"] or f"#{match['id']}"
        if not any(_fits(element, part.strip()) for part in selector.split(",")):
            continue
        try:
            yield _bound(block(scripts.text, match.end() - 1), element, number)
        except UnknownError:
            continue


def asked(document: Document, codes: list[str], counters: dict[str, Value] | None = None) -> tuple[Ask, dict[str, Value]] | None:  # fmt: skip  # noqa: E501 - one signature
    """The first request that one of some pieces of code makes, and the counters that it raised on the way."""
    for code in codes:
        state = _State(document.scripts, dict(counters or {}))
        try:
            _run(state, code, 0)
        except (UnknownError, RecursionError):
            continue
        if state.found is not None:
            return state.found, state.counters
    return None


def _renumbered(call: str, number: int) -> str:
    """A call with its whole-number argument that names the second page replaced."""
    return re.sub(r"(?<=[(,\s'\"])2(?=[\s,)'\"])", str(number), call, count=1) if number != 2 else call


def _fits(element: Element, selector: str) -> bool:
    """Whether the last part of a plain selector names the element, or one that it stands in."""
    last = selector.split()[-1] if selector.split() else ""
    match = PART.fullmatch(last.split(">")[-1].strip()) or PART.fullmatch(re.sub(r"^[a-z0-9]+(?=[.#])", "", last))
    if match is None:
        return False
    if match[3]:
        around = PART.fullmatch(selector.split()[0]) if len(selector.split()) > 1 else None
        return element.tag == match[3] and around is not None and any(_named(e, around) for e in element.up())
    return any(_named(e, match) for e in (element, *list(element.up())[:2]))


def _named(element: Element, part: re.Match[str]) -> bool:
    return bool(
        (part[1] and element.attrs.get("id") == part[1])
        or (part[2] and part[2] in element.attrs.get("class", "").split())
    )


def _bound(code: str, element: Element, number: int) -> str:
    """A handler's code with what it reads of the clicked element written out."""
    names = "|".join([r"\$\(\s*this\s*\)", "this", *(re.escape(m[1]) for m in SELF.finditer(code))])

    def told(match: re.Match[str]) -> str:
        name = match["data"] or match["attr"] or match["set"]
        name = name if match["attr"] else "data-" + re.sub(r"[A-Z]", lambda m: "-" + m[0].lower(), name)
        value = element.attrs.get(name)
        if value is None:
            return match[0]
        value = str(number) if value == "2" else value
        return value if value.isdigit() else json.dumps(value, ensure_ascii=False)

    form = (
        rf"(?:{names})\s*\.(?:data\(\s*[\"'](?P<data>[\w-]{{1,40}})[\"']\s*\)"
        rf"|(?:attr|getAttribute)\(\s*[\"'](?P<attr>[\w-]{{1,40}})[\"']\s*\)|dataset\.(?P<set>\w{{1,40}}))"
    )
    return re.sub(form, told, code)


def _run(state: _State, code: str, depth: int) -> None:
    """Reads statement by statement until a request is made; a condition that is not known is taken to hold."""
    for condition, text, other in statements(code[:MAX_BODY]):
        state.steps += 1
        if state.steps > 300:
            raise UnknownError
        if condition is None:
            _simple(state, text.strip(), depth)
        else:
            try:
                chosen = text if state.scripts.value(condition, state.values) else other
            except UnknownError:
                chosen = other if re.search(r"^\s*return\b", text) else text
            _run(state, chosen, depth)
        if state.found is not None:
            return


def _simple(state: _State, text: str, depth: int) -> None:
    text = re.sub(r"^(?:return\b|void\b|await\b|javascript\s*:)\s*", "", text)
    if match := COUNTS.fullmatch(text):
        _count(state, match[1] or match[2])
        return
    name = None
    if (match := SET.match(text)) is not None:
        name, text = match[1], text[match.end() :]
    if asks := ASKS.match(text):
        state.found = _request(state, asks, text[asks.end() :])
    elif name is not None:
        try:
            state.values[name] = state.scripts.value(text, state.values)
        except UnknownError:
            state.values.pop(name, None)
    elif (match := CALL.match(text)) is not None and depth < MAX_DEPTH:
        defined = state.scripts.function(match[1])
        if defined is None:
            return
        given = _values(state, text[match.end() :])
        before = state.values
        state.values = {**before, **{k: v for k, v in zip(defined[0], given, strict=False) if v is not None}}
        _run(state, defined[1], depth + 1)
        state.values = {**before, **state.counters}


def _count(state: _State, name: str) -> None:
    """Raises a counter, whose first value the scripts set."""
    value = state.values.get(name)
    if value is None and "." in name:
        holder, _, key = name.rpartition(".")
        value = _members(state, holder).get(key)
    elif value is None:
        value = state.scripts.constant(name)
    if not isinstance(value, int) and not (isinstance(value, str) and value.isdigit()):
        raise UnknownError
    state.counters[name] = state.values[name] = int(value) + 1


def _values(state: _State, text: str) -> list[Value | None]:
    """A call's arguments; None for those that no address is made of."""
    given: list[Value | None] = []
    for part in _parts(text):
        try:
            given.append(state.scripts.value(part, state.values))
        except UnknownError:
            given.append(None)
    return given


def _parts(text: str, closing: str = ")") -> list[str]:
    """What commas set apart up to the closing bracket."""
    parts, depth, start, at = [], 0, 0, 0
    limit = min(len(text), MAX_BODY)
    while at < limit:
        char = text[at]
        if char in "\"'`" and (match := STRING.match(text, at)):
            at = match.end()
            continue
        if depth == 0 and char in (",", closing):
            parts.append(text[start:at])
            start = at + 1
            if char == closing:
                break
        depth += (char in "({[") - (char in ")}]")
        at += 1
    else:
        parts.append(text[start:limit])
    return [part.strip() for part in parts if part.strip()]


def _object(text: str) -> dict[str, str]:
    """The members of an object literal, as source text."""
    found: dict[str, str] = {}
    for part in _parts(text.strip()[1:], "}"):
        match = KEY.match(part)
        if match is None or part.startswith("..."):
            continue
        rest = part[match.end() :].lstrip()
        found[match[1]] = rest[1:].strip() if rest.startswith(":") else match[1]
    return found


def _members(state: _State, name: str) -> dict[str, Value]:
    """The plain members of an object that the scripts set; what the code raised goes before what is written."""
    match = re.search(rf"(?<![\w$.]){re.escape(name)}\s*[=:]\s*(?=\{{)", state.scripts.text)
    found: dict[str, Value] = {}
    if match is not None:
        for key, part in _object(state.scripts.text[match.end() : match.end() + MAX_BODY]).items():
            found[key] = state.scripts.value(part, {})
    for place, value in state.values.items():
        if place.startswith(f"{name}."):
            found[place[len(name) + 1 :]] = value
    return found


def _data(state: _State, text: str) -> tuple[dict[str, Value] | str | None, bool]:
    """Parameters handed to a request, and whether they go as JSON.

    Raises:
        UnknownError: one of them would have to be computed.
    """
    if match := re.match(r"JSON\.stringify\s*\(\s*", text):
        return _data(state, _parts(text[match.end() :])[0])[0], True
    if text.startswith("{"):
        return {k: state.scripts.value(v, state.values) for k, v in _object(text).items()}, False
    if re.match(r"(?:async\s*)?function\b|\(?[\w\s,]{0,40}\)?\s*=>", text):
        return None, False
    if re.fullmatch(r"[A-Za-z_$][\w$.]*", text) and text not in state.values and (made := _members(state, text)):
        return made, False
    return str(state.scripts.value(text, state.values)), False


def _request(state: _State, asks: re.Match[str], text: str) -> Ask:
    parts = _parts(text)
    if not parts:
        raise UnknownError
    how = asks["jquery"] or asks["axios"] or "fetch"
    options: dict[str, str] = {}
    if parts[0].startswith("{"):
        options = _object(parts[0])
        where, given = options.get("url", ""), options.get("data") or options.get("params")
    else:
        where, given = parts[0], parts[1] if len(parts) > 1 else None
        if given is not None and given.startswith("{") and how in ("fetch", "ajax", "axios.get", "$http.get"):
            options = _object(given)
            given = options.get("body") or options.get("data") or options.get("params")
    method = next((options[k] for k in ("type", "method") if k in options), "")
    posts = "post" in (method or how).lower()
    url = str(state.scripts.value(where, state.values))
    if posts and given is None and "body" in options:
        given = options["body"]
    data, as_json = _data(state, given) if given else (None, False)
    as_json = as_json or (posts and asks["axios"] is not None and isinstance(data, dict))
    if not data:
        return Ask(url, "POST" if posts else "GET", "" if posts else None, FORM if posts else None)
    if posts and as_json:
        body = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
        return Ask(url, "POST", body, JSON)
    query = data if isinstance(data, str) else urlencode(data)
    if posts:
        return Ask(url, "POST", query, JSON if query.startswith("{") else FORM)
    return Ask(f"{url}{'&' if '?' in url else '?'}{query}")
