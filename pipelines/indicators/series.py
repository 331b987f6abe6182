"""The identity of observations over years, bureaus and wordings, and restatements: a later report gives another value.

Pure functions on indicators or their stored records; aliases that are merged or split by hand are the store's.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pipelines.indicators.places import front_place
from pipelines.indicators.series_names import normal_name, normal_qualifiers, normal_region, whole_name
from pipelines.indicators.units import dimension_of
from pipelines.items import Indicator, to_record

MAX_KEY = 300
"""Characters of a key; longer ones end in a digest."""
MIN_CONFIDENCE = 0.6
"""Figures read with less confidence restate nothing."""
_YEAR_BEFORE = re.compile(r"同比|(?:去|上)年(?:同期|同月|全年|度)?$|^(?:去|上)年")
_COMPARABLE = re.compile(r"可比|同口径|剔除|扣除|不变价|实际增|名义")
_VAGUE = frozenset(
    ["近", "约", "余", "多", "左右", "超", "超过", "逾", "突破", "以上", "以下", "不足", "至少", "接近", "将近", "高达"]
)
_COUNTS = frozenset({"count", "person"})

Record = Mapping[str, Any]


def series_key(indicator: Indicator | Record, *, region: str | None = None, agency: str | None = None) -> str:
    """The key that the same observation has in every report.

    It is made of the name with its subject, the qualifiers, the region, the unit's dimension, and whether it is a
    change or a rank. Years, scopes (全市), punctuation, count words (人数) and the order of qualifiers do not count.

    Args:
        indicator: an indicator or its record.
        region: whose figure it is where the indicator does not say.
        agency: the bureau; its place stands for the region where no other is known.
    """
    record = _record(indicator)
    unit = record.get("unit")
    name = whole_name(str(record.get("name") or ""), record.get("subject"), unit)
    where = record.get("region") or region
    if not where:
        bureau = record.get("agency") or agency
        where = (front_place(bureau) or bureau) if bureau else None
    place = normal_region(where) or normal_region(region)
    if place and name.startswith(place) and len(name) > len(place) + 1:
        name = re.sub(r"^[省市](?=.{2})", "", name[len(place) :])
    qualifiers = [q for q in record.get("qualifiers") or [] if normal_region(q) != place]
    kind = record.get("kind")
    key = "|".join(
        (
            name,
            normal_qualifiers(qualifiers, name),
            place,
            dimension_of(unit) or str(unit or ""),
            str(kind) if kind in {"change", "rank"} else "",
        )
    )
    if len(key) > MAX_KEY:
        digest = hashlib.sha256(key.encode()).hexdigest()[:16]
        key = f"{key[: MAX_KEY - 17]}#{digest}"
    return key


@dataclass(frozen=True, slots=True)
class Observation:
    """One value of a series at one period, with the bounds that its rounding leaves.

    `derived`: not printed, but worked out from a later value and its change (499, 66 fewer than last year: 565).
    `report`: whatever names the report; observations of one report never restate each other.
    """

    key: str
    period: str
    value: float
    low: float
    high: float
    unit: str | None
    status: str
    quote: str
    derived: bool
    report: object = None


@dataclass(frozen=True, slots=True)
class Restatement:
    """A later report gives another value for the same observation."""

    key: str
    period: str
    unit: str | None
    old: Observation
    new: Observation

    @property
    def details(self) -> dict[str, Any]:
        """The facts of the event `indicator.restated`."""
        return {
            "series": self.key,
            "period": self.period,
            "unit": self.unit,
            "old": self.old.value,
            "new": self.new.value,
            "derived": self.new.derived,
            "old_status": self.old.status,
            "old_quote": self.old.quote,
            "new_quote": self.new.quote,
        }


def observations(
    indicator: Indicator | Record,
    *,
    report: object = None,
    region: str | None = None,
    agency: str | None = None,
    key: str | None = None,
) -> list[Observation]:
    """What an indicator says: its value at its period and, by its comparison, the value of the year before.

    Args:
        indicator: an indicator or its record.
        report: names the report it is from.
        region: see `series_key`.
        agency: see `series_key`.
        key: the series' key where it is known (aliases merged by hand), else it is made.
    """
    record = _record(indicator)
    period, value = record.get("period") or {}, record.get("value")
    if value is None or not period.get("value") or record.get("kind") in {"rank", "change"}:
        return []
    if (record.get("confidence") or 0) < MIN_CONFIDENCE or any(not c["ok"] for c in record.get("checks") or []):
        return []
    key = key or series_key(record, region=region, agency=agency)
    kind = f"{period['value']}@{period['type']}" if period.get("type") not in {None, "duration"} else period["value"]
    half = half_digit(float(value), str(record.get("value_text") or ""))
    if record.get("modifier") in _VAGUE:
        half = max(half, 0.05 * abs(float(value)))
    unit, status, quote = record.get("unit"), str(record.get("status") or "actual"), str(record.get("quote") or "")
    own = Observation(key, kind, float(value), value - half, value + half, unit, status, quote, False, report)
    earlier = _earlier(record, own, half)
    return [own] if earlier is None else [own, earlier]


def _earlier(record: Record, own: Observation, half: float) -> Observation | None:
    """The value of the year before, as the comparison gives it."""
    comparison = record.get("comparison") or {}
    words = f"{comparison.get('base') or ''}"
    before = year_before(own.period)
    if before is None or not _YEAR_BEFORE.search(words) or own.status != "actual":
        return None
    if _COMPARABLE.search(f"{words}{comparison.get('text') or ''}{own.quote}"):
        return None  # growth at comparable prices or scope does not lead back to the value once printed
    percent, direction = comparison.get("percent"), comparison.get("direction")
    if comparison.get("base_value") is not None:
        value = float(comparison["base_value"])
        slack = 2 * half if comparison.get("amount") is not None else max(half, half_digit(value, f"{value:g}"))
        low, high = value - slack, value + slack
    elif percent is not None and direction in {"up", "down"} and dimension_of(own.unit) in _COUNTS:
        sign = 1 if direction == "up" else -1
        rounding = 0.5 * 10.0 ** -len(f"{percent}".partition(".")[2]) if float(percent) % 1 else 0.5
        factors = [1 + sign * (percent + change) / 100 for change in (-rounding, 0.0, rounding)]
        if min(factors) <= 0:
            return None
        value = own.value / factors[1]
        low, high = own.low / max(factors), own.high / min(factors)
    else:
        return None
    return Observation(own.key, before, value, low, high, own.unit, own.status, own.quote, True, own.report)


def year_before(period: str) -> str | None:
    """The same period one year earlier; None for one without a year.

    >>> year_before("2021-01/2021-09")
    '2020-01/2020-09'
    """
    return _other_year(period, -1)


def year_after(period: str) -> str | None:
    """The same period one year later; None for one without a year."""
    return _other_year(period, 1)


def _other_year(period: str, years: int) -> str | None:
    if not re.match(r"(?:\.\./)?\d{4}", period):
        return None
    return re.sub(r"(?<![\d-])\d{4}(?=[-/@]|$)", lambda m: f"{int(m[0]) + years:04d}", period)


def half_digit(value: float, text: str) -> float:
    """Half a unit of the last digit that was printed."""
    digits = re.search(r"\d[\d,]*(?:\.(\d+))?", re.sub(r"(?<=\d) (?=\d{3})", "", text))
    if digits is None:
        return 0.0
    plain = float(digits[0].replace(",", ""))
    scale = abs(value / plain) if plain and value else 1.0
    if digits[1] is None and scale < 1.5:
        return 0.0  # a whole number of things is exact
    return 0.5 * scale * 10.0 ** -len(digits[1] or "")


def find_restatements(new: Iterable[Observation], earlier: Iterable[Observation]) -> list[Restatement]:
    """Where a new report contradicts what earlier ones printed for the same observation.

    Rounding never counts (11.7 % after 11.68 %), nor do targets, vague values, other units, or values of which a report
    itself gives several. A final value after a provisional one does.

    Args:
        new: what the new report says (`observations` of its indicators).
        earlier: what earlier reports printed; derived values among them are left out.
    """
    printed = _single(o for o in earlier if not o.derived)
    found: list[Restatement] = []
    for (key, period), now in _single(new).items():
        old = printed.get((key, period))
        if old is None or (old.report is not None and old.report == now.report) or old.unit != now.unit:
            continue
        if now.status != "actual" or old.status not in {"actual", "provisional"}:
            continue
        dust = 1e-9 * max(abs(old.value), abs(now.value))
        if now.low > old.high + dust or now.high < old.low - dust:
            found.append(Restatement(key, period, now.unit, old, now))
    return found


def _single(values: Iterable[Observation]) -> dict[tuple[str, str], Observation]:
    """One observation for each key and period: the printed rather than the derived; contradictory ones are dropped."""
    groups: dict[tuple[str, str], list[Observation]] = {}
    for value in values:
        groups.setdefault((value.key, value.period), []).append(value)
    single: dict[tuple[str, str], Observation] = {}
    for place, group in groups.items():
        stated = [o for o in group if not o.derived] or group
        if max(o.low for o in stated) <= min(o.high for o in stated):
            single[place] = min(stated, key=lambda o: o.high - o.low)
    return single


def _record(indicator: Indicator | Record) -> Record:
    if isinstance(indicator, Indicator):
        record: dict[str, Any] = to_record(indicator)
        return record
    return indicator


__all__ = [
    "Observation",
    "Restatement",
    "find_restatements",
    "half_digit",
    "normal_name",
    "observations",
    "series_key",
    "year_after",
    "year_before",
]
