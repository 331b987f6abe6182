"""A message's lines set as text, Markdown or HTML, within a channel's length.

What comes from a report is hostile: it is escaped for each style. Lines of kind `detail` go first when the text is too
long; the link stays.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence

from scheduler.alerts.message import Limits, Line, Message, Style
from scheduler.alerts.words import word

MARKDOWN = re.compile(r"([\\`*\[\]<>|~]|(?<!\w)_|_(?!\w))")
LINE_START = re.compile(r"^(?=[#+-]|\d+[.)] )")
LOOKALIKES = dict(zip("*_`~[]<>|\\", "＊＿｀～［］＜＞｜＼", strict=True))
"""For readers that would show Markdown's backslashes (DingTalk, Slack)."""


def render(message: Message, limits: Limits) -> str:
    """The message's body in the channel's style, within its length."""
    setter = STYLES[limits.style]
    lines = fitted(message, lambda some: limits.measure(setter(some)) <= limits.length)
    return setter(lines) if lines else _cut(message.subject, limits)


def fitted(message: Message, fits: Callable[[Sequence[Line]], bool]) -> list[Line]:
    """The message's lines with as many details as fit; none where not even heading and link do."""
    if fits(message.lines):
        return list(message.lines)
    kept, most = 0, sum(line.kind == "detail" for line in message.lines)
    while kept < most:
        middle = (kept + most + 1) // 2
        if fits(_kept(message, middle)):
            kept = middle
        else:
            most = middle - 1
    least = [line for line in message.lines if line.kind in ("heading", "link")]
    return next((lines for lines in (_kept(message, kept), least) if fits(lines)), [])


def _kept(message: Message, count: int) -> list[Line]:
    """The message's lines with its first `count` details, and a word on how many were left out."""
    lines: list[Line] = []
    seen = 0
    for line in message.lines:
        seen += line.kind == "detail"
        if line.kind in ("title", "detail") and seen > count:
            if lines[-1].kind == "title":  # a part of which nothing is left
                lines.pop()
            continue
        lines.append(line)
    left = sum(line.kind == "detail" for line in message.lines) - count
    end = next((n for n, line in enumerate(lines) if line.kind in ("link", "foot")), len(lines))
    return [*lines[:end], Line("foot", word("more", message.language, count=left)), *lines[end:]]


def _cut(text: str, limits: Limits) -> str:
    setter = STYLES[limits.style]
    while text and limits.measure(setter([Line("field", text + "…")])) > limits.length:
        text = text[: max(len(text) * 9 // 10, 0)]
    return setter([Line("field", text + "…")])


def as_text(lines: Sequence[Line]) -> str:
    """Plain text, addresses in full."""
    done: list[str] = []
    for line in lines:
        text = line.label + line.text
        if line.kind == "link":
            text = line.url
        elif line.kind == "detail":
            text = f"· {text}" + (f"\n  {line.url}" if line.url else "")
        elif line.kind == "title":
            text = f"\n{text}" if done else text
        elif line.kind == "foot":
            text = f"— {text}"
        done.append(text)
    return "\n".join(done)


def _markdown(lines: Sequence[Line], escape: Callable[[str], str]) -> str:
    done: list[str] = []
    for line in lines:
        text = escape(line.label + line.text)
        url = line.url.replace("(", "%28").replace(")", "%29").replace("|", "%7C")
        if line.kind in ("heading", "title"):
            text = f"**{text}**"
        elif url:
            text = f"[{text}]({url})"
        if line.kind == "foot":
            text = f"_{text}_"
        done.append(f"- {text}" if line.kind == "detail" else f"\n{text}\n")
    return "\n".join(done).replace("\n\n\n", "\n\n").strip()


def as_markdown(lines: Sequence[Line]) -> str:
    """Markdown with backslashes before what would be a sign of it."""
    return _markdown(lines, lambda text: LINE_START.sub(r"\\", MARKDOWN.sub(r"\\\1", text)))


def as_simple(lines: Sequence[Line]) -> str:
    """Markdown for readers without escapes: its signs in a text become their wide lookalikes."""
    return _markdown(lines, lambda text: MARKDOWN.sub(lambda sign: LOOKALIKES[sign[0]], text))


def as_html(lines: Sequence[Line]) -> str:
    """The few tags that chats take."""
    done = []
    for line in lines:
        text, link = html.escape(line.label + line.text), html.escape(line.url)
        if line.kind in ("heading", "title"):
            text = f"<b>{text}</b>"
        elif line.kind == "link":
            text = f'<a href="{link}">{text}</a>'
        elif line.kind == "detail":
            text = f'· <a href="{link}">{text}</a>' if link else f"· {text}"
        elif line.kind == "foot":
            text = f"<i>— {text}</i>"
        done.append(text)
    return "<br>\n".join(done)


def as_page(lines: Sequence[Line]) -> str:
    """HTML for mail programs and feed readers: heading, fields as a table, lists, link; without a style sheet."""
    done: list[str] = []
    group = ""
    for line in lines:
        kind = {"field": "table", "detail": "ul"}.get(line.kind, "")
        if kind != group:
            done += [f"</{group}>"] if group else []
            done += [TAGS[kind]] if kind else []
            group = kind
        done.append(_page_line(line))
    return "\n".join([*done, f"</{group}>"] if group else done)


TAGS = {
    "table": '<table cellpadding="0" cellspacing="0" style="border-collapse:collapse">',
    "ul": '<ul style="margin:4px 0;padding-left:20px">',
}


def _page_line(line: Line) -> str:
    text, link = html.escape(line.text), html.escape(line.url)
    if link and line.kind == "detail":
        text = f'<a href="{link}">{text}</a>'
    if line.kind == "heading":
        return f'<h2 style="font-size:18px;margin:0 0 10px">{text}</h2>'
    if line.kind == "title":
        return f'<h3 style="font-size:15px;margin:14px 0 4px">{text}</h3>'
    if line.kind == "field" and line.label:
        label = html.escape(line.label.rstrip(":： "))
        return f'<tr><td style="color:#666;padding:1px 14px 1px 0">{label}</td><td>{text}</td></tr>'
    if line.kind == "field":
        return f'<tr><td colspan="2">{text}</td></tr>'
    if line.kind == "detail":
        return f"<li>{html.escape(line.label)}{text}</li>"
    if line.kind == "link":
        return f'<p style="margin:14px 0"><a href="{link}">{text}</a></p>'
    return f'<p style="color:#888;font-size:12px">{text}</p>'


STYLES: dict[Style, Callable[[Sequence[Line]], str]] = {
    "text": as_text,
    "markdown": as_markdown,
    "simple": as_simple,
    "html": as_html,
    "page": as_page,
}
