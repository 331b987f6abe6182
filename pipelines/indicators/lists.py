"""Lists and parts: what the items of a list share with its first, and parts with their whole."""

from __future__ import annotations

import re

from pipelines.indicators.segments import Item
from pipelines.indicators.state import MEASURE
from pipelines.indicators.units import COUNT_DIMENSIONS
from pipelines.indicators.words import DEPENDENT_NOUN, LEAD, STRONG, leading_verb

_GRADE = re.compile(r"(?:国家|[国省市县区部厅州乡镇村校院特一二三甲乙丙A-Z\d])+[级类型]")
_GRADED = re.compile(r"^[\u4e00-\u9fffA-Z\d]{1,4}级")
_BODIES = frozenset("院校所站店厂场社馆库局厅园")
"""Last characters of names of bodies: 其中医院 needs no 机构 behind it."""
_LEADS = re.compile(rf"(?:{LEAD.pattern})+(?:“[^“”]{{1,12}}”(?=[\u4e00-\u9fff]))?")
"""Verbs in a row and the quoted attribute behind them: both hold for the whole list."""
_CLASS_OF = re.compile(r"(?:企业|行业|产业|制造业|业|经济|单位|地区)$")


def name_in_bracket(item: Item, name: str, opener: Item) -> None:
    """Parts within a bracket after their whole."""
    item.elided = True
    if DEPENDENT_NOUN.match(name):
        item.name = opener.name + name
    elif (
        (opener.noun and name.endswith(opener.noun[-2:]))
        or len(name) > 4
        or item.figure.dimension != opener.figure.dimension
    ):
        item.name = name
        item.qualifiers.append(opener.name)
    else:
        item.name = f"{name}{opener.noun or opener.name}"
        item.qualifiers.append(name)
    item.subject = opener.subject
    item.region = item.region or opener.region


def name_part(item: Item, name: str, whole: Item | None) -> str:
    """其中…: a part of the whole that was named before."""
    if whole is None:
        return name
    own_verb = leading_verb(name)
    whole_verb = leading_verb(whole.name)
    if item.figure.unit == whole.figure.unit:
        if item.figure.dimension in COUNT_DIMENSIONS:
            if not own_verb and whole_verb and len(name) <= 14 and item.sign != "、" and name[-1:] == whole.noun[-1:]:
                item.elided = True
                return whole_verb + name
            whole_noun = name[-1:] in _BODIES
            if len(name) <= 3 and not own_verb and not whole_verb and item.sign != "、" and not whole_noun:
                item.elided = True
                return name + _GRADED.sub("", whole.noun or whole.name)[-12:]
        elif (
            not MEASURE.search(name)
            and len(name) <= 6
            and not own_verb
            and name[-2:] != whole.name[-2:]
            and name[-1] not in "率度比"
        ):
            m = MEASURE.search(whole.name)
            item.elided = True
            return name + (m[0] if m else whole.name)
    return name


def name_listed(item: Item, name: str, chain: Item, previous: Item | None, left_only: bool) -> str:
    """Items of a list share the verb, the attributes or the predicate of its first item."""
    if chain.prefix is None:
        verbs = _LEADS.match(chain.name)
        chain.prefix = verbs[0] if verbs else ""
    in_awards = previous is not None and previous.listed and len(name) <= 4 and bool(chain.prefix)
    in_awards = in_awards and not leading_verb(chain.prefix) and item.figure.unit == chain.figure.unit
    if STRONG.match(name) and left_only and not chain.name.startswith(name[:2]) and not in_awards:
        verb = STRONG.match(name)
        # A noun that only looks like a verb (培训基地3个) stays in the list.
        if verb and len(name) - verb.end() >= 2:
            return name
    first = chain.own or chain.name
    parallel = len(name) >= 3 and name[-2:] in first and name != first
    row = previous is not None and (previous is chain or (previous.listed and previous.sign in "，,"))
    row = row and bool(chain.prefix) and item.figure.unit == chain.figure.unit and not leading_verb(name)
    # 处分省级干部1人，市级干部6人，其他人员9人: the verb holds as long as the things are alike.
    in_row = row and item.sign in "，," and left_only and chain.left_only and (parallel or previous is not chain)
    if (
        item.sign != "、"
        and not in_row
        and not (
            (parallel or in_awards) and item.sign in "，," and left_only and previous is not None and previous.listed
        )
    ):
        return name
    item.listed = True
    if item.figure.dimension == "percent" or chain.kind == "change":
        return name
    prefix, tail = chain.prefix, chain.tail
    if _GRADE.fullmatch(name) and chain.noun:
        # 国家级工作室1个、省级3个
        item.elided = True
        return prefix + name + _GRADED.sub("", chain.noun)
    if parallel and not tail:
        at = first.rfind(name[-2:])
        rest = first[at + 2 :]
        if rest and len(rest) <= 8 and left_only and rest not in first[:at]:
            tail = rest
        elif not rest:
            cut = len(first) - len(name)
            if cut > len(prefix) and not re.search(r"[的、]", first[:cut]) and cut <= 8 and len(name) <= 4:
                prefix = first[:cut]
        chain.prefix, chain.tail = prefix, tail
    if not prefix and not tail and left_only and len(first) > len(name) >= 2:
        # 纠正漏捕8人、漏诉14人: alike at one end, the verb before it is shared though no list knows it.
        same = sum(a == b for a, b in zip(first[-len(name) :], name, strict=True))
        if same * 2 >= len(name) and len(first) - len(name) <= 4:
            prefix = first[: -len(name)]
    if not prefix and not tail:
        return name
    item.elided = True
    item.tail = ""
    if not tail and name.startswith(prefix):
        return name
    return prefix + name + tail


def name_like_previous(item: Item, name: str, previous: Item) -> str:
    """A short name that ends like the one before it shares the words in front.

    生猪存栏86万头，出栏142万头; 官方微博关注41万人，微信关注72万.
    """
    before = previous.name
    if len(before) < len(name) + 2:
        return name
    verbal = len(name) <= 2 and before[-1:] == name[-1:] and previous.figure.unit == item.figure.unit
    alike = 3 <= len(name) <= 4 and before[-2:] == name[-2:] and previous.left_only and item.sign in "，,"
    alike = alike and item.parent is None and not leading_verb(name)
    if verbal or (alike and item.figure.dimension in ("count", "person", None)):
        item.elided = True
        return before[: -len(name)] + name
    return name


def name_with_measure(item: Item, name: str, previous: Item, measure: str) -> str:
    """国有企业实现利润226亿元；股份制企业567亿元: a class of enterprises takes over the measure named before."""
    money = item.figure.dimension == "money" and previous.figure.dimension == "money"
    if money and measure and _CLASS_OF.search(name) and not leading_verb(name):
        item.elided = True
        return name + measure
    return name
