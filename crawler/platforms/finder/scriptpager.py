"""Pagers that scripts write or follow, where the page's own script shows the address: read, never run."""

from __future__ import annotations

import re

from crawler.platforms.finder.links import resolve

CALL = re.compile(
    r"(?:return\s+)?(?:this\.|window\.)?([A-Za-z_$][\w$]{0,40})\s*\(\s*['\"]?(\d{1,6})['\"]?\s*(?:,[^()]{0,60})?\)"
)
STRING = r"(?:\"[^\"\n]{0,300}\"|'[^'\n]{0,300}')"
COUNTED = re.compile(r"\bcount\s*:\s*['\"]?(\d{1,8})['\"]?")
LIMIT = re.compile(r"\blimit\s*:\s*['\"]?(\d{1,4})['\"]?")
SENT = re.compile(
    r"(?:(?:window|document|self|top|parent)\.)?location(?:\.href)?\s*=\s*|location\.(?:assign|replace)\s*\(\s*|window\.open\s*\(\s*"
)
OPTION = re.compile(
    r"<option\b([^<>]{0,80}?value\s*=\s*[\"']([^\"'<>]{1,300})[\"'][^<>]{0,80})>\s*第?\s*(\d{1,5})\s*页?\s*<", re.I
)
MAX_BODY = 1500


def address(html: str, call: str, base: str) -> str | None:
    """Where `goPage(2)` leads, if the function's text is a plain address with the number put in.

    Args:
        html: the page without comments.
        call: the call as the pager's link makes it.
        base: the address that relative ones count from.
    """
    match = CALL.search(call)
    if match is None:
        return None
    name, number = match[1], match[2]
    defined = re.search(
        rf"(?:function\s+{re.escape(name)}\s*\(|\b{re.escape(name)}\s*[:=]\s*function\s*\w{{0,40}}\s*\()\s*([\w$]{{1,40}})?[^)]{{0,80}}\)\s*\{{",
        html,
    )
    if defined is None or not defined[1]:
        return None
    return _sent(html[defined.end() : defined.end() + MAX_BODY], defined[1], number, base)


def counted(html: str, page: int, base: str) -> tuple[str | None, int] | None:
    """The next page and the count of pages of a `laypage.render({count, limit, jump})` that leads to an address."""
    start = html.find("laypage.render(")
    if start < 0:
        return None
    text = html[start : start + MAX_BODY * 2]
    count, limit = COUNTED.search(text), LIMIT.search(text)
    jump = re.search(r"jump\s*:\s*function\s*\(\s*([\w$]{1,40})", text)
    if count is None or jump is None:
        return None
    pages = -(-int(count[1]) // (int(limit[1]) if limit and int(limit[1]) else 10))
    where = _sent(text[jump.end() :], rf"{jump[1]}.curr", str(page + 1), base) if page < pages else None
    return where, pages


def _sent(body: str, variable: str, number: str, base: str) -> str | None:
    """The address that a function's text sends the browser to, with the number in its variable's place."""
    values = {variable: number}
    for match in re.finditer(r"(?:var|let|const)\s+([\w$]{1,40})\s*=\s*([^;\n]{1,400})", body):
        if (text := _joined(match[2], values)) is not None:
            values[match[1]] = text
    for match in SENT.finditer(body):
        rest = re.match(r"[^;\n}]{1,400}", body[match.end() :])
        if rest is None:
            continue
        text = _joined(rest[0].rstrip().rstrip(")") if "(" in match[0] else rest[0], values)
        if text is not None and number in text:
            return resolve(base, text)
    return None


def selected(html: str, base: str) -> str | None:
    """The option after the chosen one of a box whose values are the addresses of numbered pages."""
    for box in re.finditer(r"<select\b[^<>]{0,300}location[^<>]{0,300}>", html, re.I):
        options = list(OPTION.finditer(html[box.end() : box.end() + 20_000].split("</select", 1)[0]))
        chosen = next((i for i, o in enumerate(options) if "selected" in o[1].lower()), 0)
        pair = options[chosen : chosen + 2]
        if len(pair) == 2 and int(pair[1][3]) == int(pair[0][3]) + 1:
            return resolve(base, pair[1][2])
    return None


def _joined(expression: str, values: dict[str, str]) -> str | None:
    """Strings, numbers and known variables joined by `+`; None for anything that would have to be computed."""
    parts = re.findall(rf"{STRING}|[\w$.]+|\S", expression.strip())
    text = ""
    for i, part in enumerate(parts):
        if i % 2:
            if part != "+":
                return None
        elif part[0] in "\"'" and len(part) > 1:
            text += part[1:-1]
        elif part in values:
            text += values[part]
        else:
            return None
    return text if parts and len(parts) % 2 else None
