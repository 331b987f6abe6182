"""Reads all numeric indicators of a report's text: the pipeline of this package in order."""

from __future__ import annotations

import re
from bisect import bisect_left

from pipelines.indicators import checks
from pipelines.indicators.anchor import find_anchor, section_year, term_of
from pipelines.indicators.changes import read_flat
from pipelines.indicators.context import read_line
from pipelines.indicators.figures import MASK, find_figures
from pipelines.indicators.fold import fold
from pipelines.indicators.masks import blank, list_numbers, protect
from pipelines.indicators.norms import drop_norms
from pipelines.indicators.periods import PeriodReader
from pipelines.indicators.places import front_place
from pipelines.indicators.roles import keep, read_roles
from pipelines.indicators.segments import SOFT, TIME, Item, cut
from pipelines.indicators.state import State
from pipelines.indicators.status import clause_status, hints_at_plan, section_status, states_plan
from pipelines.indicators.subjects import heading_body
from pipelines.indicators.times import find_times
from pipelines.indicators.zeros import find_zeros
from pipelines.items import Indicator, Period, Report

MAX_TEXT = 1_000_000
"""Characters read of one body; the rest is left (no report of a bureau is that long)."""

MAX_FIGURES = 20_000
"""Figures read of one body: a dump of digits must not fill the memory."""

MAX_QUOTE = 300

_HEADING = re.compile(r"^[ ]{0,8}(?:[一二三四五六七八九十]{1,3}、|[(（][一二三四五六七八九十]{1,3}[)）])")
_CJK = re.compile(r"[\u4e00-\u9fff]+")
_LATIN = re.compile(r"[A-Za-z]{3}")
_OPENING = re.compile(rf"^[\s{TIME}，,]+")


def read_indicators(body: str, *, report: Report) -> list[Indicator]:
    """All figures of a report's body with what they are about.

    Args:
        body: the clean text; offsets of the result are into it.
        report: gives title, dates and publisher for period, region and agency; it is not changed.

    Returns:
        Indicators in the order of the text; `body[x.start:x.end] == x.value_text` for each.
    """
    text = fold(body[:MAX_TEXT])
    sample = text[:4000]
    if _LATIN.search(sample) and (len(sample) - len(_CJK.sub("", sample))) * 8 < len(sample.strip()):
        from pipelines.indicators.english import read_english

        return read_english(text, body=body, report=report)
    return _read_chinese(text, body, report)


def _read_chinese(text: str, body: str, report: Report) -> list[Indicator]:
    times = find_times(text)
    text = blank(text, list_numbers(text), " ")
    spans = protect(text)
    blanked = sorted([*spans, *((t.start, t.end) for t in times)])
    scan = blank(text, blanked, MASK)
    figures = [f for f in find_figures(scan)[:MAX_FIGURES] if keep(text, f, scan)]
    figures = drop_norms(text, find_zeros(scan, figures), report.title)
    if not figures:
        return []
    title_times = find_times(fold(report.title)) if report.title else []
    anchor = find_anchor(report, text, times, title_times)
    anchor.past = True
    lines = cut(text, figures, times, [s for s in spans if text[s[0]] in '《“「"‘'])
    state = State()
    periods = PeriodReader(anchor, text, times)
    time_starts = [t.start for t in times]
    region = _region(report, text)
    agency = report.publisher or report.signer
    found: list[Indicator] = []
    parents: list[int | None] = []
    planned = False
    names: dict[int, str] = {}
    base_year, report_day = anchor.year, anchor.day
    at = 0
    for line in lines:
        # Headings between the lines with figures switch between review and plan.
        for between in text[at : line.end].split("\n"):
            planned = section_status(between, planned)
            state.heading = heading_body(between) or (None if _HEADING.match(between) else state.heading)
            anchor.value = term_of(between, anchor) or anchor.value
            year = section_year(between)
            if year and not anchor.day and (anchor.value is None or len(anchor.value) == 4):
                anchor.year, anchor.value, anchor.month = year, str(year), None
        at = line.end + 1
        if "\t" in (body[line.start - 1 : line.start], body[line.end : line.end + 1]):
            # A table's cell: bare numbers in it have their headers, and are read with the table.
            for item in line.items:
                item.dropped = not item.left.strip() and not item.right.strip()
        changes = read_roles(line)
        kept = read_line(state, line, changes)
        first, last = bisect_left(time_starts, line.start), bisect_left(time_starts, line.end)
        periods.read_line(line, times[first:last], kept)
        place = front_place(_OPENING.sub("", line.items[0].left)) if anchor.day and line.items else None
        hinted = hints_at_plan(text, line.start, line.end)
        for item in kept:
            indicator = _indicator(item, body)
            if indicator.comparison is None and indicator.kind in ("count", "level", "rate"):
                indicator.comparison = read_flat(text, item.figure.right)
            if hinted:
                at_figure = item.figure.start
                sentence_from = max(line.start, text.rfind("。", line.start, at_figure) + 1)
                sentence = text[max(sentence_from, at_figure - 160) : at_figure]
                clause = text[max(item.quote[0], at_figure - 60) : at_figure]
                indicator.status = clause_status(sentence, clause, planned)
            elif planned:
                indicator.status = "target"
            indicator.region = item.region or place or region
            indicator.agency = agency
            if item.parent is not None:
                parent = names.get(item.parent)
                if parent and parent != (indicator.subject or "") + indicator.name:
                    indicator.parent = parent
            if indicator.status == "target" and planned and item.period and not item.period.inferred and base_year:
                # 去年完成…, in a plan: what is over is no plan.
                ends, said = (item.period.value or "")[:4], item.period.text or ""
                over = (ends.isdigit() and int(ends) < base_year) or said.startswith(("去年", "上年"))
                if over and not states_plan(text[max(item.quote[0], item.figure.start - 60) : item.figure.start]):
                    indicator.status = "actual"
            names[item.figure.start] = (indicator.subject or "") * (item.place) + indicator.name
            if base_year and not report_day and indicator.status == "actual" and _is_ahead(item.period, base_year):
                indicator.status = "target"
            found.append(indicator)
            parents.append(item.parent)
            if item.place:
                place = None
    for indicator in found:
        if indicator.comparison is not None:
            checks.derive_base(indicator)
            checks.check_change(indicator)
        checks.check_rate(indicator)
    checks.check_parts(found, parents)
    for indicator in found:
        checks.score(indicator)
    return found


def _is_ahead(period: Period | None, year: int) -> bool:
    """A period beyond the report's own is a plan."""
    if period is None or not period.value or period.type != "duration":
        return False
    return period.value[:4].isdigit() and int(period.value[:4]) > year


def _restore(name: str) -> str:
    """Signs that were made soft, times that were blanked: what is left of them in a name."""
    return (
        name.replace(TIME, "")
        .replace(SOFT, "")
        .strip(" ，,、;:。“”的" if name.count("“") != name.count("”") else " ，,、;:。的")
    )


def _indicator(item: Item, body: str) -> Indicator:
    f = item.figure
    a, b = item.quote
    quote = body[a:b] if b - a <= MAX_QUOTE else body[max(a, f.start - MAX_QUOTE // 2) : min(b, f.end + MAX_QUOTE // 2)]
    kind = item.kind if item.kind in ("count", "level", "rate", "rank", "change") else "count"
    confidence = 0.95
    name = _restore(item.name)
    if item.elided:
        confidence -= 0.1
    if not name:
        confidence -= 0.4
    if f.unit is None:
        confidence -= 0.15
    if f.chinese:
        confidence -= 0.05
    qualifiers = [q for q in dict.fromkeys(map(_restore, item.qualifiers)) if q] if item.qualifiers else []
    return Indicator(
        name=name, value=f.value, value_text=body[f.start : f.end], unit=f.unit, kind=kind,  # type: ignore[arg-type]
        subject=item.subject or None, qualifiers=qualifiers, modifier=f.modifier, lower=f.lower, upper=f.upper,
        period=item.period, comparison=item.comparison, rank=item.rank if kind == "rank" else None,
        quote=quote, start=f.start, end=f.end, confidence=confidence,
    )  # fmt: skip


def _region(report: Report, text: str) -> str | None:
    """The report's area by its publisher, title or first words."""
    for source in (report.publisher, report.signer, report.title):
        if not source:
            continue
        place = front_place(re.sub(r"(?:19|20)\d\d年|关于|[《“\s]", "", fold(source)))
        if place:
            return place
    for line in text[:1500].split("\n")[:12]:
        place = front_place(re.sub(r"^[\s\d年月日季度上下半前一二三四至—-]+", "", line))
        if place:
            return place
    return None
