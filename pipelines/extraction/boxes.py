"""What stands between or below a text's paragraphs and is none of it: boxes of links, advertisements, comments."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipelines.extraction import cleaning, feet
from pipelines.extraction.trimming import TextLike

_FILES = re.compile(r"附|下载|文件|资料|\.\w{3,4}$")
_REPLIES = re.compile(r"评论|留言|跟[帖贴]")
_ANSWER = re.compile(r"回复|[顶踩赞]\s?[(（\d]|楼$|网友")


def without_comments(lines: Sequence[TextLike], first: int, last: int) -> int:
    """Where the readers' comments begin below the text; `last` where there are none.

    Their heading alone says little, for documents have such headings too: answers must follow it.
    """
    read = 0
    for i in range(first, last):
        text = lines[i].text
        if read > 200 and (feet.is_comments(text) or (len(text) < 30 and _REPLIES.search(text))):
            below = [line.text for line in lines[i + 1 : min(i + 13, last)]]
            if (
                sum(cleaning.is_date(t) or feet.is_reply(t) or (len(t) < 40 and bool(_ANSWER.search(t))) for t in below)
                > 1
            ):
                while i > first and feet.is_foot(lines[i - 1].text):
                    i -= 1
                return i
        read += len(text) - lines[i].linked
    return last


def inside(lines: Sequence[TextLike], first: int, last: int) -> set[int]:
    """Numbers of the lines in [first, last) that are advertisements' marks, or headings of links and their links."""
    out: set[int] = set()
    i = first
    while i < last:
        line = lines[i]
        if line.table is None and _is_mark(line.text):
            out.add(i)
        elif line.table is None and _heads_links(line.text):
            end = i + 1
            while end < last and _is_link(lines[end]):
                end += 1
            if end > i + 1 or _is_link(line):
                out.update(range(i, end))
                i = end
                continue
        i += 1
    return out


def _is_mark(text: str) -> bool:
    return feet.is_advert(text) or feet.is_sharing(text) or feet.is_credit(text)


def _heads_links(text: str) -> bool:
    return len(text) < 120 and not _FILES.search(text) and (feet.may_be_box(text) or cleaning.is_foot(text))


def _is_link(line: TextLike) -> bool:
    if line.table is not None or _FILES.search(line.text):
        return False
    return line.linked >= 0.7 * len(line.text) or cleaning.is_date(line.text)
