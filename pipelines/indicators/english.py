"""English reports: figures with unit, name, period and comparison, at first depth.

A sentence is cut into clauses; the noun phrase before a clause's verb names the figure, verbs of change give its
direction, `from X` its earlier value, and dates its period.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipelines.indicators import checks
from pipelines.indicators.numbers import tidy
from pipelines.indicators.times import bounds
from pipelines.items import Comparison, Direction, Indicator, Period, Report

_MONTHS = {
    m: i + 1
    for i, m in enumerate(
        [
            "january",
            "february",
            "march",
            "april",
            "may",
            "june",
            "july",
            "august",
            "september",
            "october",
            "november",
            "december",
        ]
    )
}
_MONTH = "(?:" + "|".join(m.capitalize() for m in _MONTHS) + ")"
_QUARTERS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_TIME = re.compile(
    rf"(?P<asof>[Aa]s (?:of|at) |[Bb]y (?:the end of )?)?(?:"
    rf"(?P<mdy>{_MONTH} \d{{1,2}}(?:, ?(?:19|20)\d\d)?)|(?P<dmy>\d{{1,2}} {_MONTH}(?: (?:19|20)\d\d)?)"
    rf"|(?P<my>{_MONTH}(?: (?:19|20)\d\d)?)(?![a-z])"
    rf"|(?P<q>(?:[Tt]he )?(?:[Ff]irst|[Ss]econd|[Tt]hird|[Ff]ourth) [Qq]uarter(?:,? (?:of )?(?:19|20)\d\d)?|"
    rf"Q[1-4](?:,? ?(?:19|20)\d\d)?)"
    rf"|(?P<fy>(?:FY|fiscal year ?|financial year ?)(?:19|20)?\d\d(?:[-/]\d\d)?)|(?P<y>\b(?:19|20)\d\d\b(?![,.]\d)))"
)
_NUMBER = re.compile(
    r"(?P<money>US\$|A\$|NZ\$|HK\$|C\$|\$|£|€|¥|RMB ?)?(?P<num>(?<![\w.,-])\d{1,3}(?:,\d{3})+(?:\.\d+)?|"
    r"(?<![\w.,-])\d{1,15}(?:\.\d{1,6})?|(?<=[$£€¥])\d{1,15}(?:,\d{3})*(?:\.\d{1,6})?)"
    r"(?P<scale> (?:thousand|million|billion|trillion)|(?:mn|bn|m|k)(?![a-z\d]))?"
    r"(?P<unit> ?%| ?per ?cent(?:age)? points?| ?percent(?:age)? points?| ?per ?cent| ?percent| ?pp(?![a-z])|"
    r" basis points)?"
)
_SCALES = {
    "thousand": 10**3,
    "k": 10**3,
    "million": 10**6,
    "mn": 10**6,
    "m": 10**6,
    "billion": 10**9,
    "bn": 10**9,
    "trillion": 10**12,
}
_MONEY = {
    "$": "美元",
    "US$": "美元",
    "£": "英镑",
    "€": "欧元",
    "¥": "元",
    "RMB": "元",
    "A$": "澳元",
    "HK$": "港元",
    "NZ$": "新西兰元",
    "C$": "加元",
}
_UP = (
    r"rose|rises?|risen|rising|increased?s?|increasing|grew|grows?|grown|gained|gains?|climbed|added|up|higher|"
    r"more|widened|expanded|jumped|surged|improved|advanced|above|growth of|an? increase of|rise of|gain of"
)
_DOWN = (
    r"fell|falls?|fallen|falling|declined?s?|declining|decreased?s?|dropped|drops?|lost|down|lower|fewer|less|"
    r"narrowed|shrank|contracted|slid|below|reduced|a decline of|a decrease of|a drop of|a fall of|fell by"
)
_CHANGE = re.compile(rf"\b(?:(?P<up>{_UP})|(?P<down>{_DOWN}))\b", re.I)
_LEVEL = re.compile(
    r"\b(?:was|were|is|are|totall?ed|reached|amounted to|stood at|came to|averaged|recorded|reported|had|has|"
    r"have|received|issued|comprised|numbered|remained at|accounted for|represented|completed|registered|made|"
    r"spent|cost|hit|exceeded|published|processed|conducted|investigated|arrested|carried out|held)\b",
    re.I,
)
_BASE = re.compile(
    r"^[ ,]*(?:from|than in|than|compared (?:with|to)|over|on|since|against|versus|in) ((?:a year (?:earlier|"
    r"ago)|the (?:previous|prior|same|second|first|third|fourth|corresponding|preceding)[\w ]{0,40}|"
    r"last (?:year|month|quarter)|the year|the month|the quarter|"
    + _MONTH
    + r"(?: (?:19|20)\d\d)?|(?:19|20)\d\d)[\w ]{0,20})"
)
_APPROX = re.compile(
    r"\b(about|around|nearly|almost|over|more than|less than|fewer than|at least|some|approximately|roughly|"
    r"up to|an estimated)\s*[$£€¥]?$",
    re.I,
)
_SKIP_BEFORE = re.compile(
    r"(?:\b(?:Table|Figure|Chart|Art\.?|Arts\.?|ss?|sec\.?|Articles|Sections|paragraphs?|Paragraphs?|Recitals?|clause|rule|Rule|Regulation|Section|Chapter|Article|No\.?|Number|Annex|Appendix|Part|Page|Phone|Tel\.?|"
    r"call|Level|Version|Act|Form|Room|Box|Note|Volume|Issue|item|paragraph|aged|Type|Phase|Stage|Class|Route|"
    r"Highway|under|over age)\s*|[#(]\s*|-)$",
    re.I,
)
_SKIP_AFTER = re.compile(
    r"^(?:st|nd|rd|th|-\w|/\d|:\d|\.\d|[-–]\d| ?(?:am|pm|a\.m\.|p\.m\.)\b| (?:Street|St|Road|Avenue)\b|-)|^[A-Za-z]"
)
_NO_THING = re.compile(
    r"(?:after|before|where|shall|may|must|will|if|when|until|within|under|unless|not|can|apply|until)\b"
)
_SOLVED = re.compile(r"^ (?:were|was|had been|have been|are|remained) ([a-z]+(?:ed|n|t))\b")
_GROWN = re.compile(
    r"^ (?:(?P<up>increase|rise|gain|growth|jump|improvement)|(?P<down>decrease|decline|drop|fall|reduction))\b"
)
_COMPARED = re.compile(r"\b(?:compared (?:with|to)|versus|against)\s*[$£€¥]?$")
_SERIES = re.compile(
    r"\b(?:articles?|sections?|paragraphs?|rules?|tables?|age of|chapters?)\s[\d ,;()a-z]{0,20}$", re.I
)
_FINITE = re.compile(
    r"\b(?:was|were|is|are|has|have|had|will|\w{2,}ed|rose|fell|grew|made|spent|built|cost|lost|held|hit|fewer|more)\b"
)
_VERB_BEFORE = re.compile(
    r"\b(?:was|were|is|are|by|to|at|of|from|totall?ed|reached|rose|fell|grew|increased|decreased|declined|up|down|recorded|averaged)"
    r"(?: (?:about|around|nearly|over|some|approximately|by|to))?\s*$"
)
_PLANNED = re.compile(r"\b(?:will|plans? to|aims? to|expects? to|intends? to)\b")
_TERM = re.compile(r"^[ -](?:months?|days?|years?|weeks?|hours?|minutes?|business days|calendar days|working days)\b")
_NOUN_AFTER = re.compile(
    r"^ ((?!in\b|of\b|from\b|to\b|and\b|or\b|by\b|at\b|on\b|for\b|with\b|over\b|than\b|per\b|were\b|was\b|"
    r"compared\b|while\b|as\b|during\b|since\b|up\b|down\b|more\b|fewer\b|less\b|higher\b|lower\b|a\b|the\b|"
    r"had\b|have\b|are\b|is\b|respectively\b)[A-Za-z][A-Za-z'’-]*(?: (?!in\b|of\b|from\b|to\b|and\b|or\b|by\b|"
    r"at\b|on\b|for\b|with\b|over\b|than\b|were\b|was\b|compared\b|while\b|as\b|during\b|since\b|had\b|have\b|"
    r"are\b|is\b|that\b|who\b|which\b|across\b|a\b|the\b)[A-Za-z'’-]+){0,4})"
)
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z“\"(])|\n+")
_CLAUSE = re.compile(r"[,;:()]\s|\b(?:while|whereas|and|but|with)\b ")


def read_english(text: str, *, body: str, report: Report) -> list[Indicator]:
    """All figures of an English text; see `reader.read_indicators`."""
    year = report.published.year if report.published else None
    anchor: Period | None = None
    for source in (report.title or "", text[:400]):
        m = _TIME.search(source)
        if m:
            anchor = _period(m, year)
            if anchor:
                break
    found: list[Indicator] = []
    at = 0
    for m in [*_SENTENCE.finditer(text), None]:
        end = m.start() if m else len(text)
        if end > at:
            found.extend(_sentence(text, at, min(end, at + 4000), body, anchor, year, found[-1] if found else None))
        at = m.end() if m else len(text)
    for indicator in found:
        indicator.region = None
        indicator.agency = report.publisher
        checks.derive_base(indicator)
        checks.check_change(indicator)
        checks.check_rate(indicator)
        checks.score(indicator)
    return found


def _period(m: re.Match[str], year: int | None) -> Period | None:
    """The ISO period of a date expression; a missing year is the report's."""
    text = m[0]
    y = re.search(r"(?:19|20)\d\d", text)
    the_year = int(y[0]) if y else year
    if not the_year:
        return None
    month = next((n for name, n in _MONTHS.items() if name in text.lower()), None)
    if m["mdy"] or m["dmy"]:
        day = re.search(r"\b(\d{1,2})\b(?!\d)", (m["mdy"] or m["dmy"]))
        value = f"{the_year}-{month:02d}-{int(day[1]):02d}" if day and month else str(the_year)
    elif m["my"]:
        value = f"{the_year}-{month:02d}"
    elif m["q"]:
        word = re.search(r"first|second|third|fourth|(?<=Q)[1-4]", text, re.I)
        value = f"{the_year}-Q{_QUARTERS[word[0].lower()]}" if word else str(the_year)
    else:
        value = str(the_year)
    first, last = bounds(value)
    return Period(value=value, start=first, end=last, type="instant" if m["asof"] else "duration", text=text.strip())


def _sentence(
    text: str, start: int, end: int, body: str, anchor: Period | None, year: int | None, last: Indicator | None
) -> list[Indicator]:
    sentence = text[start:end]
    times: list[tuple[int, int, Period]] = []
    for t in _TIME.finditer(sentence):
        if (p := _period(t, int(anchor.value[:4]) if anchor and anchor.value else year)) is not None:
            times.append((t.start(), t.end(), p))
    result: list[Indicator] = []
    subject = ""
    previous: Indicator | None = None
    previous_end = 0
    used_at = 0
    earlier: float | int | None = None
    for m in _NUMBER.finditer(sentence):
        a, b = m.span("num")
        if any(s <= a < e for s, e, _ in times):
            continue
        before, after = sentence[:a], sentence[m.end() :]
        lead = before[: m.start("money")] if m["money"] else before
        if _SKIP_BEFORE.search(lead) or (not m["unit"] and not m["scale"] and _SKIP_AFTER.match(after)):
            continue
        unit_text = (m["unit"] or "").strip().replace("per cent", "percent")
        value = float(m["num"].replace(",", ""))
        unit: str | None = None
        end_at = b
        scale = (m["scale"] or "").strip()
        if scale:
            value *= _SCALES[scale]
            end_at = m.end("scale")
        if unit_text:
            end_at = m.end("unit")
            unit = "个百分点" if "point" in unit_text or unit_text == "pp" else "%"
            unit = "个基点" if "basis" in unit_text else unit
        elif m["money"]:
            unit = _MONEY.get(m["money"].strip(), "美元")
        noun = _NOUN_AFTER.match(after)
        clause_from = max((c.end() for c in _CLAUSE.finditer(sentence, used_at, m.start())), default=used_at)
        clause = sentence[clause_from : m.start()]
        change = _last(_CHANGE.finditer(sentence, max(previous_end, clause_from - 14), m.start()))
        level = _last(_LEVEL.finditer(clause))
        of_change = change is not None and not re.search(r"\bto\b", sentence[change.end() : m.start()])
        after_more = re.match(r"^ (?:fewer|more|less)\b", after)
        after_change = re.match(r"^ ?\w{0,12} ?(fewer|more|less|higher|lower|up|down)\b", after)
        if not unit_text and not m["money"] and noun:
            unit = noun[1].split()[-1] if noun[1].split()[-1] not in ("fewer", "more") else None
        bare = not unit_text and not m["money"] and not scale
        # A number without unit counts only things that a sentence speaks of: no addresses, articles, headings, terms.
        thing = noun is not None and noun[1][0].islower() and not _NO_THING.match(noun[1])
        solved = _SOLVED.match(after) if bare and (previous or last) is not None else None
        near = _VERB_BEFORE.search(lead)
        if bare and (
            _TERM.match(after) or _SERIES.search(lead) or lead.endswith(("/", "[")) or not _FINITE.search(sentence)
        ):
            continue
        if bare and not (thing or near or after_more or solved):
            continue
        if solved:
            unit = None
        grown = _GROWN.match(after) if unit == "%" else None
        if grown and previous is not None and previous.kind != "change":
            # a 12 percent increase from 2021: how the figure before it changed.
            base = _BASE.match(after[grown.end() :])
            _attach(previous, value, unit, "up" if grown["up"] else "down", base[1] if base else None)
            previous_end = end_at
            continue
        if previous is not None and _COMPARED.search(lead):
            c = previous.comparison or Comparison()
            c.base_value = c.base_value if c.base_value is not None else tidy(value)
            previous.comparison = c
            previous_end = end_at
            continue
        if change and bare and re.search(r"\bfrom$", lead.rstrip(" $£€¥")) and re.match(r" to [$£€¥]?\d", after):
            # fell from 412 to 388: the first is what it was.
            earlier = tidy(value)
            continue
        if re.search(r"\bfrom\s*[$£€¥]?$", lead) and previous is not None:
            # up from 1.82 million: the earlier value.
            c = previous.comparison or Comparison(direction="down" if change and change["down"] else "up")
            c.base_value = tidy(value)
            previous.comparison = c
            previous_end = end_at
            continue
        base = _BASE.match(
            after.lstrip()
            if after.startswith(" higher") or after.startswith(" lower")
            else re.sub(r"^ ?(?:fewer|more|less|higher|lower)", "", after)
        )
        direction: Direction | None = None
        if change:
            direction = "up" if change["up"] else "down"
        elif after_change:
            direction = "up" if after_change[1] in ("more", "higher", "up") else "down"
        is_change = (of_change or bool(after_change)) and direction is not None
        head = _head(
            sentence[clause_from : change.start()]
            if change and change.start() >= clause_from
            else clause[: level.start()]
            if level
            else clause
        )
        quote_from, quote_to = start + clause_from, start + min(len(sentence), end_at + 40)
        if is_change and not head and previous is not None and previous.kind != "change":
            _attach(previous, value, unit, direction, base[1] if base else None)
            previous_end = end_at
            continue
        if is_change and head and unit == "%" and re.match(r"^ to ", after):
            # rose 2.4 percent to 1.86 million: held for the level that follows.
            pending = Comparison(direction=direction, percent=tidy(value), base=base[1] if base else None)
            subject = head
            previous = Indicator(
                name=head,
                value=tidy(value),
                value_text=body[start + a : start + end_at],
                unit=unit,
                kind="change",
                comparison=pending,
                start=start + a,
                end=start + end_at,
            )
            result.append(previous)
            previous_end, used_at = end_at, end_at
            previous.quote = body[quote_from:quote_to]
            _finish(previous, times, a, anchor, sentence)
            continue
        indicator = Indicator(
            name="",
            value=tidy(value),
            value_text=body[start + a : start + end_at],
            unit=unit,
            start=start + a,
            end=start + end_at,
            quote=body[quote_from:quote_to],
            confidence=0.8,
        )
        if is_change:
            indicator.kind = "change"
            indicator.comparison = Comparison(direction=direction, base=base[1] if base else None)
            if unit == "%":
                indicator.comparison.percent = indicator.value
            else:
                indicator.comparison.amount, indicator.comparison.unit = indicator.value, unit
        elif unit == "%":
            indicator.kind = "rate"
        elif m["money"]:
            indicator.kind = "level"
        if (
            previous is not None
            and previous.kind == "change"
            and previous.unit == "%"
            and re.match(r"^ to\s*[$£€¥]?\w{0,3}\$?$", sentence[previous_end : m.start("num")])
        ):
            indicator.comparison = previous.comparison
            indicator.name = previous.name
            result.remove(previous)
        elif change and direction and not of_change and not is_change:
            indicator.comparison = Comparison(direction=direction, base_value=earlier)
        earlier = None
        of = previous or last
        if solved and of is not None:
            indicator.name = f"{of.name} {solved[1]}"
        if not indicator.name:
            right = noun[1] if noun and not unit_text and not m["money"] else ""
            if unit_text and (
                r := re.match(
                    r"^ of ((?:the )?[\w' -]{3,40}?)(?= (?:were|was|are|had|have|said)\b)( (?:were|was|are|"
                    r"had|have|said) [\w ]{3,40})?",
                    after,
                )
            ):
                right = r[1] + re.sub(r"^ (?:were|was|are|had|have|said)", "", r[2] or "")
            planned = _PLANNED.search(head)
            if right and (not head or planned or (level and level[0].lower() not in ("was", "were", "is", "are"))):
                indicator.name = right
                more = re.match(
                    r"^ (?:were|was|had been|have been) ([a-z]+ed|issued|made)", after[noun.end() if noun else 0 :]
                )
                if more:
                    indicator.name = f"{right} {more[1]}"
            elif right and indicator.kind == "change":
                indicator.name = f"{head} {right}"
            else:
                indicator.name = head or subject or (previous.name if previous else "")
        approx = _APPROX.search(lead)
        if approx:
            indicator.modifier = approx[1].lower()
            if indicator.modifier in ("over", "more than", "at least"):
                indicator.lower = indicator.value
            elif indicator.modifier in ("nearly", "almost", "less than", "fewer than", "up to"):
                indicator.upper = indicator.value
        indicator.name = indicator.name.strip(" ,.;:")
        if re.search(
            r"\b(?:will|target|expects? to|plans? to|aims? to|forecast|projected|expected to)\b", sentence[:a]
        ):
            indicator.status = "target"
        if not indicator.name:
            indicator.confidence = 0.4
        _finish(indicator, times, a, anchor, sentence)
        result.append(indicator)
        subject = indicator.name
        previous = indicator
        previous_end = end_at
        used_at = end_at
    return result


def _last(matches: Iterator[re.Match[str]]) -> re.Match[str] | None:
    found = None
    for match in matches:
        found = match
    return found


def _attach(target: Indicator, value: float, unit: str | None, direction: Direction | None, base: str | None) -> None:
    c = target.comparison or Comparison(direction=direction)
    if unit == "%" and c.percent is None:
        c.percent = tidy(value)
    elif c.amount is None:
        c.amount, c.unit = tidy(value), unit if unit in ("%", "个百分点", "个基点") else target.unit
    c.direction = c.direction or direction
    c.base = c.base or base
    target.comparison = c


_ARTICLE = re.compile(
    r"^(?:the|a|an|in|this|that|its|their|our|and|but|while|also|total of|there|of|during|to|about|some|by|"
    r"for|with)\s+",
    re.I,
)


def _head(text: str) -> str:
    """The noun phrase that a clause begins with, without dates and articles."""
    text = _TIME.sub("", text).strip(" ,;:.-“”\"'()\n")
    for _ in range(4):
        text = _ARTICLE.sub("", text)
    text = re.sub(
        r"\s+(?:by|to|of|at|in|about|around|nearly|almost|over|more than|some|up|down|an?|the|also|has|have|"
        r"had|were|was|been)$",
        "",
        text,
    )
    text = re.sub(
        r"^(?:about|around|nearly|almost|over|some|approximately|roughly|up|down|of|to|by|in|and|or)$",
        "",
        text,
        flags=re.I,
    )
    return text if len(text) <= 80 else text[-80:]


def _finish(
    indicator: Indicator, times: list[tuple[int, int, Period]], at: int, anchor: Period | None, sentence: str
) -> None:
    """The period: the sentence's own date that is no base of comparison, else the report's."""
    own = [
        p
        for s, _, p in times
        if not re.search(
            r"(?:from|than in|than|over|since|compared with|compared to|period of|on)\s+(?:the\s+)?$", sentence[:s]
        )
    ]
    before = [p for s, _, p in times if s < at and p in own]
    chosen = before[-1] if before else own[0] if own else None
    source = chosen or anchor
    if source:
        indicator.period = Period(
            value=source.value,
            start=source.start,
            end=source.end,
            type=source.type,
            text=source.text if chosen else None,
            inferred=chosen is None,
        )
