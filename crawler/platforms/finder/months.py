"""Names of months in the languages of the bureaus' own lists, and how countries order day and month in numbers."""

from __future__ import annotations

import re
from typing import Literal

Order = Literal["day", "month", "year"]

NAMES = (
    "jan january janvier januar jänner enero ene janeiro gennaio gennaio gen januari января stycznia",
    "feb february février fevrier févr februar febrero fevereiro febbraio februari февраля lutego",
    "mar march mars märz mrz marzo março marco maart марта marca",
    "apr april avril avr abril aprile апреля kwietnia",
    "may mai mayo maio maggio mag mei maj мая maja",
    "jun june juin juni junio junho giugno giu июня czerwca",
    "jul july juillet juil juli julio julho luglio lug июля lipca",
    "aug august août aout agosto ago augustus augusti августа sierpnia",
    "sep sept september septembre septiembre setembro settembre set сентября września",
    "oct october octobre okt oktober octubre outubro ottobre ott октября października",
    "nov november novembre noviembre novembro ноября listopada",
    "dec december décembre decembre déc dez dezember diciembre dic dezembro dicembre декабря grudnia",
)
MONTHS = {name: number for number, names in enumerate(NAMES, 1) for name in names.split()}
WORD = "|".join(sorted(MONTHS, key=len, reverse=True))
"""A regular expression of all of them, longest first."""
DAY_FIRST = frozenset(
    {"fr", "de", "es", "it", "pt", "nl", "ru", "pl", "cs", "da", "nb", "no", "fi", "el", "tr", "ro", "uk", "id", "vi",
     "en-gb", "en-au", "en-nz", "en-ie", "en-in", "en-sg", "en-hk", "en-za"}
)  # fmt: skip
DAY_FIRST_HOSTS = re.compile(r"\.(?:uk|au|nz|ie|in|sg|hk|my|za|fr|de|es|it|pt|nl|be|at|ch|br|mx|ar|ru|pl|eu|int)$")
MONTH_FIRST_HOSTS = re.compile(r"\.(?:gov|mil|us)$")


def order_of(language: str, host: str) -> Order | None:
    """How a page in a language (`lang`) on a host writes 03/04/2022; None where neither tells."""
    language = language.lower().replace("_", "-").strip()
    if language == "en-us":
        return "month"
    if language in DAY_FIRST or (language.split("-")[0] in DAY_FIRST):
        return "day"
    if MONTH_FIRST_HOSTS.search(host):
        return "month"
    if DAY_FIRST_HOSTS.search(host):
        return "day"
    return "year" if host.endswith(".cn") or language in ("zh", "zh-cn", "zh-hans") else None
