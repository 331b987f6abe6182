"""Where a page's own small functions lead, read from their text and never run: addresses sent to, forms submitted.

Understood are strings, numbers and variables joined by `+ - *`, comparisons, `?:`, `if`/`else`, and calls of functions
that are written out in the page. Anything else makes the answer unknown, which is no answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

MAX_SCRIPT = 600_000
MAX_BODY = 4000
MAX_CALLS = 4
MAX_STEPS = 300
MAX_NAMES = 100
"""So many functions and variables of a page are looked up."""

Value = str | int
TOKEN = re.compile(
    r"\s*(\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|`[^`]*`|\d+(?:\.\d+)?|[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*"
    r"|===|!==|==|!=|<=|>=|&&|\|\||[-+*/%<>!?:(),\[\].=])"
)
STRING = re.compile(r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|`[^`]*`")
MARK = re.compile(rf"{STRING.pattern}|/\*|(?<![:\\\w])//|<!--")
LEADS = re.compile(
    r"(?:(?:window|document|self|top|parent)\.)*location(?:\.href)?\s*=(?!=)"
    r"|(?:(?:window|document|self|top|parent)\.)*location\.(?:assign|replace)\s*\(|(?:window\.)?open\s*\("
)
ASSIGNED = re.compile(r"(?:(?:var|let|const)\s+)?([A-Za-z_$][\w$]*)\s*=(?!=)\s*")
PLACE = (
    r"(?:(?:window\.)?document\.)?(?:getElementById\(\s*[\"'](?P<id>[\w:$.-]{1,80})[\"']\s*\)"
    r"|getElementsByName\(\s*[\"'](?P<named>[\w:$.-]{1,80})[\"']\s*\)(?:\[0\])?"
    r"|(?:\$|jQuery)\(\s*[\"'](?:form|input)?(?:#(?P<hash>[\w:$.-]{1,80})|\[name=[\"']?(?P<attr>[\w:$.-]{1,80})[\"']?\])[\"']\s*\)"
    r"|(?:\w{1,40}(?:\[[^\]]{1,40}\])?\.)*?(?:elements)?(?:\[[\"'](?P<item>[\w:$.-]{1,80})[\"']\]|(?P<path>[\w$]{1,60})(?:\[0\])?))"
)
FILLED = re.compile(rf"{PLACE}\.(?:value\s*=(?!=)|val\s*\()\s*")
ACTION = re.compile(rf"{PLACE}\.action\s*=(?!=)\s*")
SUBMITTED = re.compile(rf"{PLACE}\.submit\s*\(\s*\)")
CALL = re.compile(r"(?:this\.|window\.)?([A-Za-z_$][\w$.]{0,60})\s*\(")
KEYWORDS = frozenset({"if", "for", "while", "switch", "function", "return", "alert", "confirm"})
WRAPPERS = frozenset({"parseInt", "Number", "String", "encodeURIComponent", "encodeURI", "escape"})


class UnknownError(ValueError):
    """The text would have to be run to know."""


@dataclass(slots=True)
class Outcome:
    """What a call does: an address that it opens, or a form that it sends with some fields set."""

    url: str | None = None
    submits: bool = False
    form: str | None = None
    """The form's name or id; None is the one at hand."""
    action: str | None = None
    fields: dict[str, str] = field(default_factory=dict)
    """By the field's name or id."""


class Scripts:
    """The page's scripts as text."""

    def __init__(self, text: str) -> None:
        self.text = without_comments(text[:MAX_SCRIPT])
        self._steps = 0
        self._functions: dict[str, tuple[list[str], str] | None] = {}
        self._constants: dict[str, Value | None] = {}

    def outcome(self, code: str, values: Mapping[str, Value] | None = None) -> Outcome | None:
        """What a short piece of code (`goPage(2)`, `location.href='…'`) does; None when that is unknown."""
        self._steps = 0
        found = Outcome()
        try:
            self._run(code[:MAX_BODY], dict(values or {}), found, 0)
        except (UnknownError, RecursionError):
            return None
        return found if found.url is not None or found.submits else None

    def at_once(self) -> Outcome | None:
        """Where the scripts lead as soon as they are loaded, without a click."""
        if not LEADS.search(self.text[: MAX_BODY * 4]):
            return None
        return self.outcome(self.text)

    def function(self, name: str) -> tuple[list[str], str] | None:
        """Parameters and body of a function that is written out in the scripts."""
        name = name.rsplit(".", 1)[-1]
        if name not in self._functions and len(self._functions) < MAX_NAMES:
            self._functions[name] = self._function(re.escape(name))
        return self._functions.get(name)

    def _function(self, word: str) -> tuple[list[str], str] | None:
        match = re.search(
            rf"(?:function\s+{word}\s*|\b{word}\s*[:=]\s*(?:async\s+)?function\s*[\w$]{{0,40}}\s*)\(([^()]{{0,200}})\)\s*\{{"
            rf"|\b{word}\s*=\s*(?:async\s*)?\(?([\w$\s,]{{0,200}})\)?\s*=>\s*\{{",
            self.text,
        )
        if match is None:
            return None
        names = [p.strip() for p in (match[1] if match[1] is not None else match[2]).split(",") if p.strip()]
        try:
            return names, block(self.text, match.end() - 1)
        except UnknownError:
            return None

    def _run(self, code: str, values: dict[str, Value], found: Outcome, depth: int) -> bool:
        """Reads statement by statement; whether the end was reached (by a return, or by leaving the page)."""
        for condition, text, other in statements(code):
            self._steps += 1
            if self._steps > MAX_STEPS:
                raise UnknownError
            if condition is None:
                if self._simple(text, values, found, depth):
                    return True
                continue
            try:
                chosen = text if self.value(condition, values) else other
            except UnknownError:
                if LEADS.search(text) or LEADS.search(other) or "submit" in text + other:
                    raise
                continue
            if self._run(chosen, values, found, depth):
                return True
        return False

    def _simple(self, text: str, values: dict[str, Value], found: Outcome, depth: int) -> bool:
        text = text.strip()
        ends = text.startswith("return")
        text = re.sub(r"^return\b\s*|^void\s*\(?\s*|^javascript\s*:\s*", "", text)
        if not text:
            return ends
        if match := LEADS.match(text):
            inner = text[match.end() :]
            found.url = str(self.value(inner, values))
            return True
        if match := SUBMITTED.match(text):
            found.submits, found.form = True, _named(match)
            return True
        if match := ACTION.match(text):
            found.action = str(self.value(text[match.end() :], values))
        elif match := FILLED.match(text):
            if name := _named(match):
                found.fields[name] = str(self.value(text[match.end() :], values))
        elif match := re.match(r"__doPostBack\s*\(", text):
            target, argument = [*self.arguments(text[match.end() :], values), "", ""][:2]
            found.fields.update({"__EVENTTARGET": str(target), "__EVENTARGUMENT": str(argument)})
            found.submits = True
            return True
        elif match := ASSIGNED.match(text):
            try:
                values[match[1]] = self.value(text[match.end() :], values)
            except UnknownError:
                values.pop(match[1], None)
        elif match := re.match(r"(?:window\.)?setTimeout\s*\(\s*", text):
            if (code := STRING.match(text, match.end())) is not None:
                return self._run(re.sub(r"\\(.)", r"\1", code[0][1:-1]), values, found, depth + 1)
        elif (match := CALL.match(text)) and match[1] not in KEYWORDS and depth < MAX_CALLS:
            defined = self.function(match[1])
            if defined is not None:
                given = self.arguments(text[match.end() :], values)
                inner_values = {**values, **dict(zip(defined[0], given, strict=False))}
                if self._run(defined[1], inner_values, found, depth + 1):
                    return found.url is not None or found.submits
        return ends

    def arguments(self, text: str, values: Mapping[str, Value]) -> list[Value]:
        """The values between a call's brackets, `text` beginning after the opening one."""
        reader = _Expression(text, values, self)
        given: list[Value] = []
        while reader.peek() not in (")", ""):
            if reader.peek() == "this":  # the element itself, which no address is made of
                reader.take()
                given.append("")
            else:
                given.append(reader.ternary())
            if reader.peek() == ",":
                reader.take()
        return given

    def value(self, text: str, values: Mapping[str, Value]) -> Value:
        """What an expression at the beginning of a text says.

        Raises:
            UnknownError: it would have to be computed.
        """
        return _Expression(text, values, self).ternary()

    def constant(self, name: str) -> Value | None:
        """A variable that the scripts set to a plain string or number, always the same one."""
        if name not in self._constants and len(self._constants) < MAX_NAMES:
            form = (
                rf"(?<![\w$.]){re.escape(name)}\s*=(?!=)\s*(\"[^\"\n]{{0,300}}\"|'[^'\n]{{0,300}}'|\d{{1,9}})\s*[;,\n]"
            )
            found = {m[1] for m in re.finditer(form, self.text)}
            text = found.pop() if len(found) == 1 else None
            self._constants[name] = None if text is None else int(text) if text.isdigit() else text[1:-1]
        return self._constants.get(name)


class _Expression:
    """Reads one expression, as JavaScript groups it."""

    def __init__(self, text: str, values: Mapping[str, Value], scripts: Scripts) -> None:
        self.text, self.values, self.scripts = text, values, scripts
        self.at = 0
        self.depth = 0

    def peek(self) -> str:
        match = TOKEN.match(self.text, self.at)
        return match[1] if match else ""

    def take(self) -> str:
        match = TOKEN.match(self.text, self.at)
        if match is None:
            raise UnknownError
        self.at = match.end()
        return match[1]

    def expect(self, mark: str) -> None:
        if self.take() != mark:
            raise UnknownError

    def ternary(self) -> Value:
        self.depth += 1
        if self.depth > 40:
            raise UnknownError
        value = self.either()
        if self.peek() == "?":
            self.take()
            first = self.ternary()
            self.expect(":")
            second = self.ternary()
            value = first if value else second
        self.depth -= 1
        return value

    def either(self) -> Value:
        value = self.compared()
        while self.peek() in ("||", "&&"):
            operator, other = self.take(), self.compared()
            value = (value or other) if operator == "||" else (other if value else value)
        return value

    def compared(self) -> Value:
        value = self.summed()
        while (operator := self.peek()) in ("==", "===", "!=", "!==", "<", ">", "<=", ">="):
            self.take()
            other = self.summed()
            if operator in ("==", "===", "!=", "!=="):
                value = int((str(value) == str(other)) == (operator[0] == "="))
            else:
                a, b = _number(value), _number(other)
                value = int({"<": a < b, ">": a > b, "<=": a <= b, ">=": a >= b}[operator])
        return value

    def summed(self) -> Value:
        value = self.multiplied()
        while self.peek() in ("+", "-"):
            operator, other = self.take(), self.multiplied()
            if operator == "-":
                value = _number(value) - _number(other)
            elif isinstance(value, int) and isinstance(other, int):
                value += other
            else:
                value = f"{value}{other}"
        return value

    def multiplied(self) -> Value:
        value = self.single()
        while self.peek() == "*":
            self.take()
            value = _number(value) * _number(self.single())
        return value

    def single(self) -> Value:
        mark = self.take()
        if mark == "(":
            value = self.ternary()
            self.expect(")")
        elif mark == "!":
            value = int(not self.single())
        elif mark in ("+", "-"):
            value = _number(self.single()) * (-1 if mark == "-" else 1)
        elif mark[0] in "\"'":
            value = re.sub(r"\\(.)", r"\1", mark[1:-1])
        elif mark[0] == "`":
            value = re.sub(r"\$\{([^{}]{1,200})\}", lambda m: str(self.scripts.value(m[1], self.values)), mark[1:-1])
        elif mark.isdigit():
            value = int(mark)
        else:
            value = self.named(mark)
        while self.peek() == "." or (self.peek() in ("[", "(")):
            raise UnknownError
        return value

    def named(self, mark: str) -> Value:
        if mark in self.values:
            return self.values[mark]
        if mark in WRAPPERS and self.peek() == "(":
            self.take()
            value = self.ternary()
            while self.peek() == ",":
                self.take()
                self.ternary()
            self.expect(")")
            return _number(value) if mark in ("parseInt", "Number") else str(value) if mark == "String" else (
                quote(str(value), safe="" if mark == "encodeURIComponent" else "/:?&=#"))  # fmt: skip
        if mark.endswith(".toString") and mark[:-9] in self.values and self.peek() == "(":
            self.take()
            self.expect(")")
            return str(self.values[mark[:-9]])
        if mark in ("true", "false", "null", "undefined"):
            return int(mark == "true")
        constant = self.scripts.constant(mark) if "." not in mark and self.peek() != "(" else None
        if constant is None:
            raise UnknownError
        return constant


def _number(value: Value) -> int:
    text = str(value).strip()
    if not re.fullmatch(r"-?\d{1,12}", text):
        raise UnknownError
    return int(text)


def _named(match: re.Match[str]) -> str | None:
    name = next((match[k] for k in ("id", "named", "hash", "attr", "item", "path") if match[k]), None)
    return None if name in ("this", "form", "document", "forms", "elements") else name


def without_comments(text: str) -> str:
    """Script text without comments; addresses in strings keep their `//`."""
    kept, position, at = [], 0, 0
    while (match := MARK.search(text, at)) is not None:
        at = match.end()
        if match[0][0] in "\"'`":
            continue
        kept.append(text[position : match.start()])
        end = text.find("*/" if match[0] == "/*" else "\n", at)
        at = position = len(text) if end < 0 else end + 2 * (match[0] == "/*")
    kept.append(text[position:])
    return "".join(kept)


def block(text: str, start: int) -> str:
    """What stands between the bracket at a position and its partner; at most some thousand characters."""
    pairs = {"{": "}", "(": ")"}
    opening, closing = text[start], pairs[text[start]]
    depth, at, limit = 0, start, min(len(text), start + MAX_BODY)
    while at < limit:
        char = text[at]
        if char in "\"'`" and (match := STRING.match(text, at)):
            at = match.end()
            continue
        depth += (char == opening) - (char == closing)
        if depth == 0:
            return text[start + 1 : at]
        at += 1
    raise UnknownError


def statements(code: str) -> Iterator[tuple[str | None, str, str]]:
    """Statements in order: (None, text, "") for plain ones, (condition, then, else) for an `if`."""
    at = 0
    while at < len(code):
        rest = re.compile(r"[\s;{}]*").match(code, at)
        at = rest.end() if rest else at
        if at >= len(code):
            return
        if match := re.compile(r"if\s*\(").match(code, at):
            condition = block(code, match.end() - 1)
            then, at = _branch(code, match.end() + len(condition) + 1)
            other = ""
            if following := re.compile(r"[\s;]*else\b").match(code, at):
                other, at = _branch(code, following.end())
            yield condition, then, other
            continue
        end = _end(code, at)
        yield None, code[at:end], ""
        at = end


def _branch(code: str, at: int) -> tuple[str, int]:
    """The block or single statement at a position, and where it ends."""
    space = re.compile(r"\s*").match(code, at)
    at = space.end() if space else at
    if code[at : at + 1] == "{":
        inner = block(code, at)
        return inner, at + len(inner) + 2
    if re.compile(r"if\s*\(").match(code, at):
        return code[at:], len(code)
    end = _end(code, at)
    return code[at:end], end


def _end(code: str, at: int) -> int:
    """Where a plain statement ends: at `;`, or at a line's end outside of brackets and unfinished sums."""
    depth = 0
    while at < len(code):
        char = code[at]
        if char in "\"'`" and (match := STRING.match(code, at)):
            at = match.end()
            continue
        depth += (char in "({[") - (char in ")}]")
        if depth < 0:
            return at
        if depth == 0 and char == ";":
            return at
        if (
            depth == 0
            and char == "\n"
            and not re.match(r"\s*[-+?:.=]", code[at:])
            and code[:at].rstrip()[-1:] not in "+-?:=,"
        ):
            return at
        at += 1
    return at
