"""Plan or fact: targets and forecasts by the words of the clause and by the heading of the section."""

from __future__ import annotations

import re

from pipelines.indicators.words import FORECAST, TARGET, TARGET_HEADING
from pipelines.items import Status

_HEADING = re.compile(
    r"^[ ]{0,8}(?:[一二三四五六七八九十]{1,3}、|[(（][一二三四五六七八九十]{1,3}[)）]|\d{1,2}[.、]|"
    r"第[一二三四五六七八九十]{1,3}[章节部分]{1,2})?[^。；;]{2,60}$"
)
_DONE = re.compile(
    r"超额|完成(?:了)?(?:全年|年度|预期)?(?:目标|计划|任务)|实现(?:了)?(?:全年|预期)目标|目标任务(?:的|完成)|"
    r"比(?:预期)?(?:目标|计划)|高于(?:预期)?(?:目标|计划)|较(?:目标|计划)|占[^，,。;；]{0,4}(?:目标|计划|任务|预算)"
)
_REVIEW_HEADING = re.compile(r"回顾|主要成绩|完成情况|执行情况|工作总结|工作情况|工作开展|基本情况|取得|成效|总体情况")


def hints_at_plan(text: str, start: int, end: int) -> bool:
    """Whether a line has any word of plans; where it has none, its figures need no look of their own."""
    return bool(TARGET.search(text, start, end) or FORECAST.search(text, start, end))


def section_status(line: str, current: bool) -> bool:
    """Whether figures below speak of plans, after one more line; headings switch it on and off."""
    if len(line) > 64 or not line.strip():
        return current
    if not _HEADING.match(line):
        return current
    if TARGET_HEADING.search(line) and not _REVIEW_HEADING.search(line):
        return True
    if _REVIEW_HEADING.search(line) or (re.match(r"^[ ]{0,8}[一二三四五六七八九十]{1,3}、", line) and not current):
        return False
    return current


def states_plan(clause: str) -> bool:
    """True where the clause itself speaks of what is to come."""
    return bool(TARGET.search(clause) or FORECAST.search(clause)) and not _DONE.search(clause)


def clause_status(sentence: str, clause: str, planned: bool) -> Status:
    """The status of a figure by its sentence up to it and its clause."""
    if TARGET.search(clause) and not _DONE.search(clause):
        return "target"
    if FORECAST.search(clause):
        # 预计全年生产总值突破300亿元, in a review: an early estimate of what is over.
        return "provisional" if not planned and re.search(r"预计(?:全年|\ue000|20\d\d年)", clause) else "forecast"
    if TARGET.search(sentence) and not _DONE.search(sentence) and re.search(r"目标|力争|预期|将|要|到", sentence):
        return "target" if re.search(r"预期目标|主要目标|目标(?:是|为|:)|力争|确保", sentence) else "actual"
    return "target" if planned else "actual"
