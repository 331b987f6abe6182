"""Which period each figure is about: its clause's time, its sentence's, its bulletin's, else the report's own."""

from __future__ import annotations

import re
from bisect import bisect_left

from pipelines.indicators.segments import Item, Line
from pipelines.indicators.state import opens_parts
from pipelines.indicators.times import Anchor, Time, a_year_before, bounds, resolve
from pipelines.indicators.words import leading_verb
from pipelines.items import Period

_CUMULATIVE = re.compile(r"累计|累积")
_NEW = re.compile(r"新增|当日|新发|净增")
_STOCK = re.compile(r"现存|现有|目前|尚在|尚有|正在|在院|住院")
_SAME_TIME = re.compile(
    r"[ ]{0,4}(?:据统计，|据悉，)?(?:其间|期间|(?:行动|活动|整治|检查)(?:期间|中)|当[晚天日夜]|"
    r"[本此该]次[\u4e00-\u9fff]{0,10}?(?:行动|活动|整治|检查))"
)
_COMPARES = re.compile(r"相比|基础|[比较的]|持平|水平")
_NEWS = re.compile(r"。|获悉|消息|发布|召开|公布|通报|介绍|举行|会议|报道|起草|印发|实施")
_FROM_JANUARY = re.compile(r"\d{4}-01(?:-01)?/")
_REPORTED = re.compile(r"\d{4}(?:-01/|-Q|/\d{4}$)")
"""Values that a whole report is of: from January on, a quarter, several years."""
_OPENS = re.compile(
    r"[ ]{0,8}(?:据(?:统计|悉)，|[^，,。;；\n]{2,24}(?:通报|发布|公布|(?:获悉|显示|消息|介绍|表示)[，,])的?)?(?:今年)?"
)
_YEARS_PLAN = re.compile(r"(?:年度|全年)(?:投资)?(?:计划|预算|目标|任务)(?!的)")
_OF_YEAR = re.compile(r"业务|目标|任务|计划|预算|指标|各时段")
_CLAUSE_START = frozenset("\n，,。;；:：（(、 在")
_AS_FOLLOWS = re.compile(r"[^，,。;；\n\d]{2,40}(?:通报|公布|公告|报告|通告|总结|汇报)如下[:：。]?[ ]{0,4}(?:\n|$)")
_FESTIVE = re.compile(r"[\u4e00-\u9fff]")
"""A value of a feast (2018-春节): its own sentence's, no paragraph's."""
_SINCE = re.compile(r"[^，,。;；\n]{0,28}?以来")


def _announced(times: list[Time], text: str) -> list[Time]:
    """现将1—10月完成情况通报如下: the times that hold for all that follows."""
    return [t for t in times if t.kind in ("months", "month", "quarter", "year") and _AS_FOLLOWS.match(text, t.end)]


def _listed(text: str, time: Time, following: Time) -> bool:
    """True where two times are joined (一季度、二季度)."""
    return text[time.end + len(time.after) : following.start] in ("、", "和", "与", "及") and not following.base


def _resolve_plain(time: Time, anchor: Anchor) -> str | None:
    period = resolve(time, anchor)
    return period.value if period and period.type == "duration" else None


def _is_stock(item: Item) -> bool:
    """A figure that says how much there is, not what was done: no verb, no change."""
    moved = item.kind == "change" or (item.comparison is not None and "到" in (item.comparison.text or ""))
    return not moved and not leading_verb(item.name) and not _NEW.search(item.left + item.name)


class PeriodReader:
    """Keeps the periods that later clauses and lines take over."""

    def __init__(self, anchor: Anchor, text: str, times: list[Time]) -> None:
        self.anchor = anchor
        self.text = text
        self.days = [t for t in times if t.kind in ("day", "span", "months", "yearmonths") and not t.base]
        self.day_starts = [t.start for t in self.days]
        self.sentence_from = -1
        self.same_time = False
        """Whether the sentence that begins at `sentence_from` speaks of the time that was named last."""
        self.window: Period | None = None
        self.instant: Period | None = None
        self.told: Period | None = None
        """In a text dated by its publication only: the months or years of the last paragraph that opens with a time."""
        self.announced = _announced(times, text) if not anchor.day else []
        if anchor.day and anchor.value:
            self.window = Period(value=anchor.value, type="duration")

    def read_line(self, line: Line, times: list[Time], indicators: list[Item]) -> None:
        """Sets the period of every figure of a line; `times` are the line's."""
        at = 0
        sentence = -1
        current: Period | None = None
        daily: str | None = None
        cumulative = False
        paragraph: Period | None = None
        stock: Period | None = None
        past: Period | None = None
        pending: list[Period] = []
        begun: Period | None = None
        ended = -1
        for item in indicators:
            opens = item.sentence != sentence
            if opens:
                sentence = item.sentence
                past, pending = None, []
                if current is not None and not item.semicolon:
                    paragraph = (
                        current
                        if current.type == "duration" and not _FESTIVE.search(current.value or "")
                        else paragraph
                    )
                    stock = current if current.type == "instant" else None
                if not item.semicolon and not opens_parts(item):
                    current, begun, daily, cumulative = None, None, None, False
            if current is not None and (opens or opens_parts(item)) and self._said_again(current, times[at:], item):
                # 2023年项目53项，1—6月完成…，其中在建8项，1—6月完成…: the months are of their own clauses.
                current = begun
            while at < len(times) and times[at].start < item.figure.start:
                time = times[at]
                at += 1
                if time.base:
                    past = self._past(time, item, current)
                    continue
                if time.kind == "window":
                    daily = time.text
                    continue
                if time.kind in ("clock", "dom"):
                    continue
                if self.text.startswith("以来的", time.end) or (
                    time.text == "全年" and _OF_YEAR.match(self.text, time.end)
                ):
                    # 侦破1993年以来的积案, 完成全年任务的50%: the time of the things, not of the deed.
                    continue
                if time.text in ("假期", "汛期") and current is not None and 0 <= time.start - ended <= 4:
                    # 2019年国庆假期: the year is said.
                    continue
                period = self._resolve(time)
                if period is None or (period.type == "since" and "。" in self.text[time.end : item.figure.start]):
                    continue
                ended = time.end
                if not self.anchor.day and time.kind == "day" and period.type == "duration":
                    # A single day in an annual report speaks of its own clause, unless it opens the sentence.
                    between = self.text[time.end : item.figure.start]
                    first = self.text[max(line.start, time.start - 1) : time.start] in ("", "。", ";", " ", "\n")
                    told = self.anchor.loose and not _NEWS.search(between)
                    if (re.search(r"[，,。;]", between) and not first and not told) or re.match(
                        r"起|前|之前", self.text[time.end : time.end + 2]
                    ):
                        continue
                listed = at < len(times) and times[at].start < item.figure.start and _listed(self.text, time, times[at])
                pending = [*pending, period] if listed or pending else []
                begun = begun or period
                current, cumulative, past = period, False, None
                if self.anchor.loose and _OPENS.fullmatch(self.text, line.start, time.start):
                    self.told = period if _REPORTED.match(period.value or "") else None
                if self.anchor.day:
                    if period.type == "instant":
                        self.instant = period
                    elif period.type == "duration" and time.kind in ("span", "day"):
                        self.window, self.instant = period, None
            if pending and ("分别" in item.left or item.sign == "、"):
                # 一季度、二季度分别达到9.8和10.3: each time has its value.
                current = pending.pop(0)
            else:
                pending = []
            words = item.left + item.name
            if (
                "累" in item.left
                and _CUMULATIVE.search(item.left)
                and not (current and current.text and current.text.startswith("全年"))
            ):
                cumulative = True
            if past is not None and item.kind == "change":
                past = None
            if current is None and not self.anchor.day:
                current = self._meant(line, item)
                if cumulative and opens and paragraph is not None and _FROM_JANUARY.match(paragraph.value or ""):
                    # 1-8月…。收入累计…: since the year's beginning, as the sentence before said.
                    current = paragraph
                cumulative = cumulative and current is None
            lasting = None
            if stock is not None and current is None and not cumulative and _is_stock(item):
                lasting = stock
            spoken = past or current or lasting
            if spoken is not None and _REPORTED.match(spoken.value or "") and _YEARS_PLAN.match(words.lstrip("，,、 ")):
                # 1—6月完成投资36亿元，年度计划投资56亿元: the plan is of the year.
                spoken = Period(value=(spoken.value or "")[:4], type="duration")
            item.period = self._period(item, spoken, cumulative, paragraph, words)
            if daily:
                item.period.window = daily
                if daily not in item.qualifiers:
                    item.qualifiers.append(daily)

    def _said_again(self, current: Period, times: list[Time], item: Item) -> bool:
        """True where the sentence has the time of its last figure a second time."""
        end = self.text.find("。", item.figure.start)
        return any(t.text == current.text and (end < 0 or t.start < end) for t in times[:4])

    def _meant(self, line: Line, item: Item) -> Period | None:
        """期间, 本次行动, 当晚: the day or days that were named last."""
        first = max(line.start, self.text.rfind("。", line.start, item.figure.start) + 1)
        if first != self.sentence_from:
            self.sentence_from, self.same_time = first, bool(_SAME_TIME.match(self.text, first))
        if not self.same_time:
            return None
        at = bisect_left(self.day_starts, first) - 1
        if at < 0 or first - self.days[at].start > 800:
            return None
        return self._resolve(self.days[at])

    def _default(self, item: Item) -> str | None:
        """The report's period, or the part of it that was announced or told of before."""
        value = self.anchor.value
        for time in reversed(self.announced):
            if time.end <= item.figure.start:
                period = _resolve_plain(time, self.anchor)
                if period and value and period.startswith(value):
                    return period
                break
        told = self.told.value if self.told is not None else None
        return told if told and value and (told.startswith(value) or "/" in told[:5]) else value

    def _past(self, time: Time, item: Item, current: Period | None) -> Period | None:
        """去年同期收案208件: the time of last year speaks of the figure itself, where it compares nothing."""
        text = self.text
        before = text[max(0, time.start - 1) : time.start]
        between = text[time.end : item.figure.start]
        if time.before or (before and before not in _CLAUSE_START) or item.kind == "change" or item.comparison:
            return None
        if len(between) > 60 or _COMPARES.search(between):
            return None
        value = (current.value if current else None) or self.anchor.value
        if "同" in time.text + time.after:
            return Period(value=a_year_before(value), type="duration", text=time.text + time.after) if value else None
        now = self.anchor.now or value
        if not now or not now[:4].isdigit() or time.text.startswith(("上月", "上周")):
            return None
        year = str(int(now[:4]) - 1)
        if time.text[-1:] in "末底" or time.after in ("末", "底"):
            return Period(value=f"{year}-12-31", type="instant", text=time.text + time.after)
        return Period(value=year, type="duration", text=time.text + time.after)

    def _resolve(self, time: Time) -> Period | None:
        tail = self.text[time.end : time.end + 40]
        period = resolve(time, self.anchor)
        if self.anchor.day and time.kind == "word" and period is not None and period.type == "instant":
            # 目前, in a bulletin: its latest moment.
            latest = self.instant or self.window
            if latest is not None and latest.value:
                period.value = latest.value.split("/")[-1]
        if period and time.kind in ("day", "month", "year") and period.type == "duration":
            m = _SINCE.match(tail)
            if m and not re.match(r"[、，]", tail):
                return Period(value=f"{period.value}/..", type="since", text=time.text + m[0])
        if period and time.kind == "day" and "w3" in time.groups and period.value:
            hours = [int(h) for h in re.findall(r"\d+", time.groups["w3"])]
            if hours != [0, 24]:
                period.value = f"{period.value[:10]}T{hours[0]:02d}/{period.value[:10]}T{hours[1]:02d}"
        return period

    def _period(
        self, item: Item, current: Period | None, cumulative: bool, paragraph: Period | None, words: str
    ) -> Period:
        anchor = self.anchor
        if anchor.day and not _CUMULATIVE.search(item.left):
            cumulative = False
        if item.place and item.period is not None:
            p = item.period
            result = Period(value=p.value, type=p.type, text=p.text, inferred=True)
        elif current is not None:
            result = Period(value=current.value, type=current.type, text=current.text)
            if cumulative and current.type == "instant" and current.value:
                result.value, result.type = f"../{current.value}", "cumulative"
            elif anchor.day and current.type == "instant" and _NEW.search(words) and self.window:
                result = Period(value=self.window.value, type="duration", inferred=True)
        elif anchor.day:
            base = self.instant if self.instant is not None else self.window
            if _NEW.search(words) and self.window:
                base = self.window
            elif _STOCK.search(words) and self.instant is None and self.window and self.window.value:
                base = Period(value=self.window.value.split("/")[-1], type="instant")
            result = Period(
                value=base.value if base else anchor.value, type=base.type if base else "duration", inferred=True
            )
            if cumulative and result.value:
                result.value, result.type = f"../{result.value.split('/')[-1]}", "cumulative"
        elif cumulative and anchor.value:
            end = bounds(anchor.value)[1]
            result = Period(value=f"../{end}" if end else anchor.value, type="cumulative", text="累计")
        elif (
            paragraph is not None
            and paragraph.value
            and len(paragraph.value) > 4
            and (len(paragraph.value) != 10 or anchor.loose)
            and not (len(paragraph.value) == 7 and _STOCK.search(self.text, item.quote[0], item.figure.start))
        ):
            result = Period(value=paragraph.value, type=paragraph.type, inferred=True)
        else:
            result = Period(value=self._default(item), type=anchor.type, inferred=True)
        result.start, result.end = bounds(result.value)
        return result
