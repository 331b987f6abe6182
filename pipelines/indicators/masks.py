"""What looks like a number and is no indicator: titles, quoted names, document numbers, articles, codes, phones.

`protect` finds such spans; the scanner reads no figure inside them, while names still keep their words.
"""

from __future__ import annotations

import re

from pipelines.indicators.units import unit_at

_TITLE = re.compile(r"《[^《》\n]{1,120}》")
_QUOTE = re.compile(r"“[^“”\n]{1,60}”|「[^「」\n]{1,40}」|\"[^\"\n]{1,24}\"|‘[^‘’\n]{1,24}’")
_SPEECH = re.compile(r"[。;；！!]")
_ADDRESS = re.compile(
    r"https?://\S{1,300}|www\.\S{1,200}|(?<![A-Za-z0-9._+-])[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9.-]{1,100}"
)
# Codes are matched only where a digit or letter run, a 第 or a bracket begins: one look at each place.
_CODE_START = re.compile(
    r"[\[〔【(（第\dA-Za-z](?:(?<=[\[〔【(（])(?=\s{0,2}[12])|(?<=第)|(?<=[\dA-Za-z])(?<![\dA-Za-z]{2}))"
)
_CODE = re.compile(
    r"[\[〔【(（]\s{0,2}(?:19|20)\d{2}\s{0,2}[\]〕】)）]\s{0,2}(?:第\s{0,2})?\d{1,6}\s{0,2}号"
    r"|(?:19|20)\d{2}年第?\d{1,5}号"
    r"|第[一二三四五六七八九十百零\d]{1,6}(?:[条款项章节编号批次届部]|部分)(?:第[一二三四五六七八九十百零\d]{1,4}[款项])?"
    r"|\d{1,6}(?:号(?!召)|\#)(?:[楼院令文公]|机组|线|墩|井|台)?"
    r"|(?!(?:[khcd]?m)[23](?![\dA-Za-z]))[A-Za-z]{1,20}[-_]?\d[\dA-Za-z.-]{0,30}|\d{1,4}[A-Za-z]{1,20}(?=[\u4e00-\u9fff“”])"
    r"|\d{1,20}(?:[-/_]\d{1,20}){2,12}|\d{7,20}[-/_]\d{1,20}|"
    r"(?<!\.)\d{1,4}[/×xX*:：]\d{1,4}(?:[/×xX*:：]\d{1,4}){0,12}(?![\d.万])"
    r"|(?:12345|12315|12333|12389|12309|12368|12348|12329|12328|12371|96110|110|119|120|122|114)"
    r"(?=(?:[、/和]|类(?:有效|接处)?[报警]|政务|便民|服务|接处?警|报警|举报|投诉|热线|平台|电话|指挥|急救|警情|公安|消费|受理|检察|"
    r"法律|“|呼|台))"
    r"|\d{3}(?=国道|省道|县道|医院|工程|地质队)"
)
_LABELLED = re.compile(
    r"(?:电\s{0,4}话|传\s{0,4}真|邮\s{0,4}编|邮政编码|热线|手机|账\s{0,2}号|帐号|编\s{0,2}号|代\s{0,2}码|"
    r"索\s{0,2}引\s{0,2}号|文\s{0,2}号|备案号?|许可证|网安备|ICP备?|案号|批号|浏览次数:|点击数:|阅读次数:)"
    r"\s{0,3}(?::|为|是|第)?\s{0,3}[A-Za-z0-9〔〕()/.—-]{2,40}"
)
_LIST_NUMBER = re.compile(
    r"^[ ]{0,8}(?:[(（]?\d{1,3}[)）]|[(（][一二三四五六七八九十]{1,3}[)）]"
    r"|第[一二三四五六七八九十百\d]{1,5}[条章](?=[ ])"
    r"|\d{1,2}(?:\.\d{1,2}){1,3}(?=[ \u4e00-\u9fff])|\d{1,3}[.、．](?!\d)|[①-⑳]|第?\d{1,3}(?=[ ]{2,}))",
    re.M,
)
_INNER_NUMBER = re.compile(r"(?<=[。;；:：])[ ]?(?:[(（]\d{1,2}[)）]|\d{1,2}[.、．](?!\d))")
_PLAN = re.compile(r"\d{1,3}(?:\s?[+＋]\s?(?:\d{1,3}|[A-Za-zNnXx]))+")


def list_numbers(text: str) -> list[tuple[int, int]]:
    """Numbers that only count paragraphs; names never carry them."""
    return [m.span() for m in _LIST_NUMBER.finditer(text) if m.end() > m.start() and not _is_value(text, m)]


def _is_value(text: str, m: re.Match[str]) -> bool:
    """12.8万个 at a line's start is a figure, no section number."""
    decimal = "." in m[0] and m[0][-1].isdigit() and m[0].count(".") == 1
    return decimal and (text[m.end() : m.end() + 1] in ("万", "亿", "%") or unit_at(text, m.end()) is not None)


def protect(text: str) -> list[tuple[int, int]]:
    """Spans of folded text in which numbers name something; sorted, not merged."""
    spans: list[tuple[int, int]] = []
    spans.extend(m.span() for m in _TITLE.finditer(text))
    for m in _QUOTE.finditer(text):
        # A whole quoted sentence says something; a short quotation names something.
        if not _SPEECH.search(m[0]):
            spans.append(m.span())
    if "@" in text or "http" in text or "www." in text:
        spans.extend(m.span() for m in _ADDRESS.finditer(text))
    at = 0
    for m in _CODE_START.finditer(text):
        if m.start() < at:
            continue
        code = _CODE.match(text, m.start())
        if code:
            spans.append(code.span())
            at = code.end()
    spans.extend(list_numbers(text))
    for pattern in (_LABELLED, _INNER_NUMBER):
        spans.extend(m.span() for m in pattern.finditer(text) if m.end() > m.start())
    if "+" in text:
        spans.extend(m.span() for m in _PLAN.finditer(text))
    spans.sort()
    return spans


def blank(text: str, spans: list[tuple[int, int]], filler: str) -> str:
    """The text with every span filled with one character; the length stays."""
    parts: list[str] = []
    at = 0
    for start, end in spans:
        start = max(start, at)
        if end <= start:
            continue
        parts.append(text[at:start])
        parts.append(filler * (end - start))
        at = end
    parts.append(text[at:])
    return "".join(parts)
