"""What a crawl as a whole came to: its outcome, the failure class to tell, and which absences are to be believed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from crawler.failures import describe
from crawler.spiders.report import Tally, Trouble
from pipelines.lifecycle import mass_absence
from pipelines.messages import say

FAILED_SHARE = 0.5
"""With more than this share of the pages asked for failing, the site is ill, not the pages."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """`ok` or `failed`, with a class and a sentence; `believe_missing`: pages that are gone count as gone."""

    ok: bool
    failure: str | None = None
    message: str | None = None
    believe_missing: bool = False


def judge(tally: Tally, *, finished: bool) -> Outcome:
    """The outcome of a crawl by its tally; `finished` is False when it was stopped from outside."""
    if tally.fatal is not None:
        return _failed(tally.fatal)
    if tally.column_troubles:
        return _failed(tally.column_troubles[0], more=len(tally.column_troubles) - 1)
    asked = tally.read + tally.unchanged + tally.failed
    living = tally.read + tally.unchanged
    if len(tally.missing) > 1 and (mass_absence(len(tally.missing), living) or (len(tally.missing) > 2 and not living)):
        return _failed(Trouble("layout-changed", tally.missing[0].url, ""), pages=len(tally.missing))
    failed = tally.failed - tally.dead_links
    if failed >= 3 and failed - len(tally.missing) > FAILED_SHARE * (asked - tally.dead_links):
        worst = Counter(t.failure for t in tally.page_troubles).most_common(1)[0][0]
        first = next(t for t in tally.page_troubles if t.failure == worst)
        return _failed(first, pages=tally.failed)
    if not finished:
        sentence, cure = describe("interrupted")
        return Outcome(False, "interrupted", f"{sentence}. {cure}")
    if tally.page_troubles:
        trouble = tally.page_troubles[0]
        reason = trouble.message or describe(trouble.failure)[0]
        if trouble.url not in reason:
            reason = f"{trouble.url}: {reason}"
        text = say("pages that could not be read: {count}; {reason}", count=len(tally.page_troubles), reason=reason)
        return Outcome(True, message=text, believe_missing=True)
    return Outcome(True, believe_missing=True)


LEAST_READ = 5
"""New reports before the share that states a field says anything."""


def judge_fields(read: int, stated: Mapping[str, int], wanted: Mapping[str, float]) -> Outcome | None:
    """A failed outcome where too few of a crawl's new reports state a field (`expect.fill_rate`).

    `stated`: how many of the `read` ones state it.
    """
    if read < LEAST_READ:
        return None
    for name, share in wanted.items():
        if stated[name] < share * read:
            sentence, cure = describe("fields-missing")
            told = say("{stated} of {read} state {field}", stated=stated[name], read=read, field=name)
            return Outcome(False, "fields-missing", f"{sentence} ({told}). {cure}")
    return None


def _failed(trouble: Trouble, *, more: int = 0, pages: int = 0) -> Outcome:
    sentence, cure = describe(trouble.failure)
    text = f"{trouble.url}: {sentence}"
    if trouble.message and trouble.message.rstrip(".") != sentence:
        text += f" ({trouble.message.split('. ')[0]})"
    if more:
        text += " " + say("(and {count} more columns)", count=more)
    if pages:
        text += " " + say("(and {count} pages in all)", count=pages)
    return Outcome(False, trouble.failure, f"{text}. {cure}")
