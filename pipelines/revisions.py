"""What changed between two readings of a report: by field, by paragraph and by figure. Pure.

Compared is what a report says, not how its page looks: counters, spaces, full-width forms, the order of attachments,
session ids and schemes in links never count. A field that a page no longer states is no change: templates drop labels.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections import Counter
from difflib import SequenceMatcher
from itertools import product
from typing import Any, Final
from urllib.parse import unquote

from pipelines.storage.identity import LEAST_TEXT, fold, sentences, titles_agree, url_key

FIELDS: Final = (
    "title",
    "published",
    "drafted",
    "effective",
    "index_number",
    "document_number",
    "publisher",
    "content_source",
    "signer",
    "signed",
    "validity",
    "subject",
)
"""Compared one by one; the others (author, keywords, language, images …) change with templates and editors."""
DATES: Final = frozenset({"published", "drafted", "effective", "signed"})
IN_FORCE: Final = re.compile(r"(?:现行|长期|继续|正在)?(?:有效|生效|执行)|是|valid|inforce|effective|current|yes")
"""A validity that is no news: a page that comes to state it, or that words it otherwise, says nothing new."""
LONGEST: Final = 2000
"""Characters of old and new text kept in a change."""

# Lines that pages keep in or near the text and that say nothing of the report.
NOISE: Final = re.compile(
    r"(?:本文|文章|信息)?(?:已)?(?:被)?(?:浏览|阅读|点击|访问|点阅|浏览次|阅读次|点击次)(?:数|量|次数|人数)?[:\s]*\d*(?:次|人次)?"
    r"|(?:打印|打印本页|打印本稿|关闭|关闭窗口|关闭本页|收藏|收藏本页|分享|分享到|分享至|返回顶部|返回|纠错|我要纠错|扫一扫在手机打开当前页"
    r"|微信|微博|新浪微博|qq空间|空间|字号|字体|大|中|小|无障碍|朗读)+"
    r"|(?:上一篇|下一篇|上一条|下一条).{0,80}"
    r"|(?:今天是|当前时间|现在是|当前位置|您的位置|您现在的位置|您所在的位置|当前在线|在线人数|访问量|总访问量).{0,80}"
    r"|(?:页面)?(?:views?|hits|pageviews?|read|share|print|close|printthispage|backtotop)\d*"
    r"|(?:上次|最后|页面)?(?:更新|修改)(?:时间|日期|于)?\d{4,14}",
    re.I,
)


# Labelled lines that templates print around a text; what they say is compared as fields.
LABELLED: Final = re.compile(
    r"[\s【\[（(]*(?:信息来源|文章来源|稿件来源|来源|稿源|责任编辑|编辑|责编|初审|复审|终审|审核|校对|作者|供稿|撰稿"
    r"|发布时间|发布日期|发布机构|发布单位|发文机关|索引号|索 引 号|文号|发文字号|成文日期|主题分类|生成日期|信息分类"
    r"|source|editor)"
    r"\s*[:：].{0,80}",
    re.I,
)


def paragraphs(body: str) -> list[str]:
    """A body's paragraphs with spaces evened out; those that are page furniture are left out."""
    lines = (re.sub(r"\s+", " ", line).strip() for line in body.split("\n"))
    return [line for line in lines if (folded := fold(line)) and not _is_furniture(line, folded)]


def _is_furniture(line: str, folded: str) -> bool:
    if len(folded) > 90:
        return False
    return NOISE.fullmatch(folded) is not None or LABELLED.fullmatch(line) is not None


# Spaces and punctuation, but for the signs of a figure: 1.5, -3, 12%, <5 (also in full width).
SIGNS: Final = re.compile(r"[^\w%‰+<>=.±％＋＜＞＝．－-]+|_|-(?!\d)|\.(?!\d)|(?<!\d)\.")


def _line_key(line: str) -> str:
    """A paragraph for comparing: forms and spaces folded; signs that change a figure's meaning are kept."""
    kept = SIGNS.sub("", line)
    if not unicodedata.is_normalized("NFKC", kept):
        kept = SIGNS.sub("", unicodedata.normalize("NFKC", kept))
    return kept.casefold()


def _plain(value: Any) -> str | None:
    return fold(str(value)) or None if value is not None else None


def same_value(field: str, old: Any, new: Any) -> bool:
    """Whether a field says the same in two readings, however it is written."""
    if field in DATES:
        # A template that adds or drops the time of day changes nothing.
        short = min(len(str(old)), len(str(new)))
        return str(old)[: 10 if short <= 10 else 16] == str(new)[: 10 if short <= 10 else 16]
    before, after = _plain(old), _plain(new)
    if field == "validity" and before and after and IN_FORCE.fullmatch(before):
        return IN_FORCE.fullmatch(after) is not None
    return before == after


def only_fills(field: str, old: Any, new: Any) -> bool:
    """Whether a field comes to be stated that was not; a validity that ends is news all the same."""
    return old in (None, "") and (field != "validity" or IN_FORCE.fullmatch(_plain(new) or "") is not None)


def _files(record: dict[str, Any]) -> dict[str, str]:
    return {url_key(a["url"]): a.get("name") or a["url"] for a in record.get("attachments") or [] if a.get("url")}


def content_hash(record: dict[str, Any]) -> str:
    """Names a record's content: equal for two readings between which nothing happened."""
    parts: list[Any] = [_plain(record.get(f)) if f not in DATES else str(record.get(f) or "")[:16] for f in FIELDS]
    parts.append("".join(_line_key(p) for p in paragraphs(record.get("body") or "")))
    parts.append(sorted(_files(record)))
    return hashlib.sha256(json.dumps(parts, ensure_ascii=True).encode()).hexdigest()


def compare(old: dict[str, Any], new: dict[str, Any]) -> list[dict[str, Any]]:
    """The changes from one record to the next: `{"field", "old", "new"}`, for the body also `diff`.

    Fields that were empty and are filled now are marked `"filled": True`: the caller knows whether the site's
    template came to state them or the bureau did. A `validity` that ends is always the bureau's word.
    """
    changes: list[dict[str, Any]] = []
    for field in FIELDS:
        before, after = old.get(field), new.get(field)
        if after in (None, "") or same_value(field, before, after):
            continue
        change: dict[str, Any] = {"field": field, "old": before, "new": after}
        if only_fills(field, before, after):
            change["filled"] = True
        changes.append(change)
    changes += _compare_files(old, new)
    body = compare_text(old.get("body") or "", new.get("body") or "")
    if body:
        changes.append(body)
        changes += compare_indicators(old.get("indicators") or [], new.get("indicators") or [])
    return changes


def _compare_files(old: dict[str, Any], new: dict[str, Any]) -> list[dict[str, Any]]:
    before, after = _files(old), _files(new)
    if before.keys() == after.keys():
        return []
    gone = [before[k] for k in before if k not in after]
    come = [after[k] for k in after if k not in before]
    if sorted(map(fold, gone)) == sorted(map(fold, come)):
        return []  # the same files under other addresses: a move
    return [{"field": "attachments", "old": sorted(before.values()), "new": sorted(after.values())}]


def compare_text(old: str, new: str) -> dict[str, Any] | None:
    """The body's change with its paragraphs that went (`-`) and came (`+`), or None."""
    before, after = paragraphs(old), paragraphs(new)
    old_keys, new_keys = [_line_key(p) for p in before], [_line_key(p) for p in after]
    if old_keys == new_keys or "".join(old_keys) == "".join(new_keys):
        return None
    diff: list[list[str]] = []
    matcher = SequenceMatcher(None, old_keys, new_keys, autojunk=False)
    if len(old_keys) * len(new_keys) > 1_000_000:  # a table of thousands of rows: by what went and came
        went, came = set(old_keys) - set(new_keys), set(new_keys) - set(old_keys)
        diff += [["-", p] for p, k in zip(before, old_keys, strict=True) if k in went]
        diff += [["+", p] for p, k in zip(after, new_keys, strict=True) if k in came]
        diff = diff or [["~", "order"]]
    else:
        for tag, a1, a2, b1, b2 in matcher.get_opcodes():
            if tag != "equal" and "".join(old_keys[a1:a2]) != "".join(new_keys[b1:b2]):
                diff += [["-", p] for p in before[a1:a2]] + [["+", p] for p in after[b1:b2]]
    return {
        "field": "body",
        "old": _cut("\n".join(p for sign, p in diff if sign == "-")),
        "new": _cut("\n".join(p for sign, p in diff if sign == "+")),
        "diff": _bounded(diff),
    }


MOST_EDGE_LINES: Final = 4
LONGEST_EDGE_LINE: Final = 120
"""What templates print above and below a text is short; characters."""
TELLING: Final = re.compile(
    r"废止|失效|撤销|停止执行|作废|更正|修订|更新|勘误|补充|延期|取消|repealed|withdrawn|corrected", re.I
)
"""A line that says what became of the report is the bureau's, on however many pages it stands."""


def edge_lines(old: str, new: str) -> tuple[frozenset[str], frozenset[str]] | None:
    """The few short lines that went from and came to the beginning or end of a text which is else as it was.

    Only such a change may be the template's: a line of the page's frame that was taken for the text's. None for any
    other change. Lines are folded as in `line_keys`.
    """
    before, after = paragraphs(old), paragraphs(new)
    old_keys, new_keys = [_line_key(p) for p in before], [_line_key(p) for p in after]
    found = _edges(old_keys, new_keys)
    if found is None:
        return None
    a, b, size = found
    went, came = before[:a] + before[a + size :], after[:b] + after[b + size :]
    if any(len(p) > LONGEST_EDGE_LINE or TELLING.search(p) for p in went + came):
        return None
    return frozenset(map(_line_key, went)), frozenset(map(_line_key, came))


def _edges(old: list[str], new: list[str]) -> tuple[int, int, int] | None:
    """Where what is left of both begins, and how many lines it has: all but a few, and more than those."""
    for a, b, c in sorted(product(range(MOST_EDGE_LINES + 1), repeat=3), key=sum):
        size = len(old) - a - c
        lines = a + b + c + len(new) - b - size
        if len(new) - b - size < 0 or lines > MOST_EDGE_LINES or size < max(lines, 1):
            continue
        if old[a : a + size] == new[b : b + size]:
            return a, b, size
    return None


TAG: Final = re.compile(r"<a\b[^<>]{0,2000}>(.{0,2000}?)</a>|<[^<>]{0,2000}>", re.I | re.S)
"""Tags, and links with their words: boxes of links name other pages."""
ESCAPED: Final = re.compile(r"(?:\\u|&#x)([0-9a-fA-F]{4});?")
COMMON: Final = 0.1
"""A smaller share of a text's sentences in another one is no version of it."""
MOSTLY: Final = 0.6
LEAST_ROWS: Final = 4
"""So many lines that are links, and so much of a text, are a list and no report."""
ROW_ENDS: Final = re.compile(r"^\d+|\d+$")
"""Numbers and days around a row's title, once folded."""


def another_page(old: dict[str, Any], new: dict[str, Any], source: str, listed: str | None = None) -> bool:
    """Whether a reading is no version of a report but of another page that stands under its address.

    Sites answer with a notice of maintenance, an error or their home page in their own frame and with status 200. Such
    a page shares no sentence with the report and is a list or does not show its title; unless the list's row has
    changed as well. Of a report that has next to no text, only a list without its files is told to be another page.

    Args:
        old: the last reading.
        new: this one; its title may be the row's.
        source: the page's source as text.
        listed: the title in the list's row.
    """
    before, after = sentences(old.get("body") or ""), sentences(new.get("body") or "")
    size = sum(map(len, before))
    title = fold(old.get("title") or "")[:16]
    if not title or (listed and titles_agree(listed, new.get("title")) and not titles_agree(listed, old.get("title"))):
        return False
    there, came = set(before), set(after)
    kept = sum(len(s) for s in before if s in came)
    if kept > COMMON * size or sum(len(s) for s in after if s in there) > COMMON * sum(map(len, after)):
        return False
    if any(quoted in source for key in _files(old).keys() & _files(new).keys() for quoted in _last_part(key)):
        return False  # the page itself, not its row alone, leads to a file that the report had
    return is_list(new, source) or (size >= LEAST_TEXT and title not in fold(plain(source)))


def is_list(record: dict[str, Any], source: str) -> bool:
    """Whether what was read of a page as its text is mostly a list of links to other pages."""
    files = {fold(name) for name in _files(record).values()}
    links = {_row_key(plain(found[1])) for found in TAG.finditer(source) if found[1]} - {""}
    lines = [line for part in re.split(r"[\n\t]+", record.get("body") or "") if (line := fold(part))]
    rows = [line for line in lines if _row_key(line) in links and line not in files]
    return len(rows) >= LEAST_ROWS and sum(map(len, rows)) >= MOSTLY * sum(map(len, lines))


def _last_part(key: str) -> tuple[str, str]:
    """An address's last part as pages write it, escaped or plain."""
    last = key.rpartition("/")[2]
    return last, unquote(last)


def _row_key(text: str) -> str:
    return ROW_ENDS.sub("", fold(text))


def plain(source: str) -> str:
    """A page's source without tags and links, its escaped characters written out."""
    return ESCAPED.sub(lambda found: chr(int(found[1], 16)), TAG.sub("", source))


def line_keys(body: str) -> set[str]:
    """A text's paragraphs, folded as changes compare them."""
    return {_line_key(p) for p in paragraphs(body)}


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"


def _bounded(diff: list[list[str]]) -> list[list[str]]:
    kept: list[list[str]] = []
    room = 4 * LONGEST
    for sign, paragraph in diff:
        if room <= 0:
            kept.append(["…", str(len(diff) - len(kept))])
            break
        kept.append([sign, _cut(paragraph)])
        room -= len(paragraph)
    return kept


def indicator_key(indicator: dict[str, Any]) -> str:
    """What a figure is about, without the figure."""
    period = indicator.get("period") or {}
    parts = [
        indicator.get("name"),
        indicator.get("subject"),
        *(indicator.get("qualifiers") or []),
        indicator.get("parent"),
        indicator.get("region"),
        indicator.get("kind"),
        indicator.get("status"),
        period.get("value") if isinstance(period, dict) else None,
    ]
    return "|".join(fold(str(p)) if p else "" for p in parts)


def compare_indicators(old: list[dict[str, Any]], new: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Figures whose value is another one now; those that came or went are told by the text's change.

    A figure is found again by all that it is about; else, where only one is left of its name on each side, by its
    name: a date or a publisher that the page comes to state names the period and region of all figures anew.
    """
    before: dict[str, list[dict[str, Any]]] = {}
    for indicator in old:
        before.setdefault(indicator_key(indicator), []).append(indicator)
    pairs, left = [], []
    for indicator in new:
        same = before.get(indicator_key(indicator))
        if same:
            pairs.append((same.pop(0), indicator))
        else:
            left.append(indicator)
    gone: dict[str, list[dict[str, Any]]] = {}
    for indicator in (one for same in before.values() for one in same):
        gone.setdefault(_short_key(indicator), []).append(indicator)
    come = Counter(map(_short_key, left))
    for indicator in left:
        name = _short_key(indicator)
        if come[name] == 1 and len(gone.get(name, [])) == 1:
            pairs.append((gone[name][0], indicator))
    return [
        {
            "field": "indicator",
            "name": after.get("name"),
            "period": (after.get("period") or {}).get("value"),
            "old": _figure(earlier),
            "new": _figure(after),
        }
        for earlier, after in pairs
        if (earlier.get("value"), earlier.get("unit")) != (after.get("value"), after.get("unit"))
    ]


def _short_key(indicator: dict[str, Any]) -> str:
    parts = [
        indicator.get("name"),
        *(indicator.get("qualifiers") or []),
        indicator.get("parent"),
        indicator.get("kind"),
    ]
    return "|".join(fold(str(p)) if p else "" for p in [*parts, indicator.get("status"), indicator.get("unit")])


def _figure(indicator: dict[str, Any]) -> str:
    return str(indicator.get("value_text") or f"{indicator.get('value')}{indicator.get('unit') or ''}")


def merge(current: dict[str, Any], new: dict[str, Any], changes: list[dict[str, Any]]) -> dict[str, Any]:
    """The current record with the changed fields of another place's record: a copy's own lines stay out of it."""
    merged = dict(current)
    for change in changes:
        if change["field"] == "body":
            merged.update({k: new.get(k) for k in ("body", "tables", "indicators", "images")})
        elif change["field"] != "indicator":
            merged[change["field"]] = new.get(change["field"])
    return merged


def keep_stated(current: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """A new reading of the same place, with fields that it no longer states kept from the one before."""
    kept = {f: current[f] for f in FIELDS if new.get(f) in (None, "") and current.get(f) not in (None, "")}
    return {**new, **kept}


def news_only(changes: list[dict[str, Any]], current: dict[str, Any]) -> list[dict[str, Any]]:
    """A place's changes without those that only bring what the report's current record says already.

    Figures go with the text that they stand in.
    """
    left = [c for c in changes if c["field"] == "indicator" or not is_subset_of(c, current)]
    return left if any(c["field"] == "body" for c in left) else [c for c in left if c["field"] != "indicator"]


def is_subset_of(change: dict[str, Any], current: dict[str, Any]) -> bool:
    """Whether a place's change only brings what the report's current record says already."""
    if change["field"] == "body":
        there = {_line_key(p) for p in paragraphs(current.get("body") or "")}
        came = [p for sign, p in change["diff"] if sign == "+"]
        went = [p for sign, p in change["diff"] if sign == "-"]
        return all(_line_key(p) in there for p in came) and not any(_line_key(p) in there for p in went)
    if change["field"] == "attachments":
        return sorted(map(fold, change["new"])) == sorted(map(fold, _files(current).values()))
    return same_value(change["field"], current.get(change["field"]), change["new"])
