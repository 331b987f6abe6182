"""The title that a document prints above its text: below the letterhead and number, broken lines joined.

Form of official documents: GB/T 9704 (letterhead 版头, number, then the title, then the addressees).
"""

from __future__ import annotations

import re

from pipelines.documents.flow import join

_LINES = 30
_PARTS = 4
_LONGEST = 120
_KIND = re.compile(
    r"(?:通知|办法|规定|细则|方案|意见|报告|公告|通告|决定|批复|复函|函|总结|公报|计划|规划|要点|通报|条例|制度|标准|指南|目录|清单|名单|"
    r"表|书|情况|说明|答复|请示|纪要|简报|快报|预案|措施|章程|须知|统计|年报|白皮书|解读|名录|议案|讲话|启事|规则|规程|规范|守则|公示|决议|倡议书|"
    r"报|单|一览|分析|综述|汇报|述职|概况|数据|指标|体系)(?:[（(][^（）()]{1,30}[）)])?$"
)
_NO_TITLE = re.compile(
    r"附\s*(?:件|表|录)?\s*[\d一二三四五六七八九十]{0,3}\s*[:：]?|.{0,40}(?:文件|公报|信笺|便函)(?:\s*[（(〔\[].{2,12})?|.{2,30}令|"
    r".{0,40}[〔［\[（(【]\s*(?:19|20)\d{2}\s*[〕］\]）)】].{0,8}号.{0,20}|第\s*[\d一二三四五六七八九十百]+\s*[号期]|"
    r"(?:19|20)?\d{2}\s*年.{0,12}[日月]|[二一][〇○零九0].{2,16}日|(?:19|20)\d{2}[-./]\d{1,2}[-./]\d{1,2}|"
    r"version\s.*|v?\d+(?:\.\d+)+|[\W\d_]+|(?:特急|加急|急件|机密|秘密|绝密|公开|签发人.*|主动公开|readme|tips|目\s*录|contents)|page\s\d+.*",
    re.I,
)
_SENTENCE = re.compile(r"[。；;！？!?]|[:：]\s*\S|[，,].*[，,]")


def find_title(text: str) -> str | None:
    """The title at a document's head; None where no line looks like one."""
    lines = [line.strip() for line in text.split("\n", _LINES)[:_LINES] if line.strip()]
    first = None
    for i, line in enumerate(lines):
        closed = _closed_up(line)
        if "\t" in line or len(closed) > _LONGEST or _NO_TITLE.fullmatch(closed):
            continue
        if _SENTENCE.search(closed) or closed[-1] in "：:，,、":
            continue
        title = _whole(closed, lines[i + 1 : i + _PARTS])
        if _KIND.search(title) and len(title) >= 4:
            return title
        if first is None and i < 3 and 6 <= len(title) <= 80:
            first = title
    return first


def _closed_up(line: str) -> str:
    """A line without the blanks of wide spacing (通 知) and of a break in a cell; those beside Latin stay."""
    pieces = line.split(" ")
    if len(pieces) > 2 and all(len(p) == 1 for p in pieces):
        return "".join(pieces)
    return re.sub(r"(?<=[\u4e00-\u9fff》）”]) (?=[\u4e00-\u9fff《（“])", "", line)


def _whole(line: str, below: list[str]) -> str:
    """The heading with the lines that it goes on in."""
    title = line
    for part in below:
        if (
            _complete(title)
            or "\t" in part
            or _SENTENCE.search(part)
            or part[-1] in "：:"
            or len(title + part) > _LONGEST
        ):
            break
        opened = title.count("《") > title.count("》")
        if (
            opened
            or (title.startswith(("关于", "印发", "转发")) and not _NO_TITLE.fullmatch(part))
            or (
                _KIND.search(part)
                and len(part) <= 30
                and re.search(r"[\u4e00-\u9fff]$", title)
                and len(part) < len(title)
            )
        ):
            title = join(title, part)
        else:
            break
    return title


def _complete(title: str) -> bool:
    return title.count("《") <= title.count("》") and _KIND.search(title) is not None
