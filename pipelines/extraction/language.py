"""The language of a text by its script and its commonest words."""

from __future__ import annotations

import re
from collections import Counter

_SAMPLE = 3_000
_HAN = re.compile(r"[\u3400-\u9fff]+")
_KANA = re.compile(r"[\u3040-\u30ff]+")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]+")
_OTHERS = {
    "ko": re.compile(r"[\uac00-\ud7af]+"),
    "ar": re.compile(r"[\u0600-\u06ff]+"),
    "th": re.compile(r"[\u0e00-\u0e7f]+"),
    "bo": re.compile(r"[\u0f00-\u0fff]+"),
    "mn": re.compile(r"[\u1800-\u18af]+"),
}
_ANY_OTHER = re.compile(r"[\uac00-\ud7af\u0600-\u06ff\u0e00-\u0fff\u1800-\u18af]")
_WORD = re.compile(r"[^\W\d_]+")
_TRADITIONAL = re.compile(
    "[這個來時們對會國發動學過產經進業關於無現實應點當還開從體後與請務報資訊機構辦區縣處長東車電書為將說萬兩條邊際團號協議題傳統據擴額療護]"
)
_SIMPLIFIED = re.compile(
    "[这个来时们对会国发动学过产经进业关于无现实应点当还开从体后与请务报资讯机构办区县处长东车电书为将说万两条边际团号协议题传统据扩额疗护]"
)
_STOPWORDS = {
    "en": frozenset("the of and to in is for that on with as are be this by from at or an was it".split()),  # noqa: SIM905
    "fr": frozenset("le la les de des du et un une est dans pour que qui sur au aux par ce pas".split()),  # noqa: SIM905
    "de": frozenset("der die das und ist in den von zu mit auf für im nicht ein eine des dem sich".split()),  # noqa: SIM905
    "es": frozenset("el la los las de del y que en un una es por con para se su al lo como".split()),  # noqa: SIM905
    "pt": frozenset("o a os as de do da e que em um uma para com não se por dos das no na".split()),  # noqa: SIM905
    "it": frozenset("il lo la gli le di del della e che in un una per con non si sono al dei".split()),  # noqa: SIM905
    "nl": frozenset("de het een van en in is dat op te voor met zijn niet aan er om ook als bij".split()),  # noqa: SIM905
    "ru": frozenset("и в не на что с по как из у к за от для это а но о".split()),  # noqa: SIM905
    "uk": frozenset("і в не на що з по як із у до за від для це та й".split()),  # noqa: SIM905
    "vi": frozenset("và của các là trong có cho được với không người những một khi".split()),  # noqa: SIM905
}


def detect(text: str) -> str | None:
    """The language as an IETF tag (`zh`, `zh-Hant`, `en` …); None for a text too short or strange to tell."""
    sample = text[:_SAMPLE]
    han, kana = _count(_HAN, sample), _count(_KANA, sample)
    if kana > 4 and kana > 0.1 * (han + kana):
        return "ja"
    for tag, pattern in _OTHERS.items() if _ANY_OTHER.search(sample) else ():
        if _count(pattern, sample) > max(8, han):
            return tag
    words = _WORD.findall(sample.lower())
    latin = sum(1 for w in words if w.isascii())
    if han >= 2 and han > latin:
        old = len(_TRADITIONAL.findall(sample))
        new = len(_SIMPLIFIED.findall(sample))
        return "zh-Hant" if old > new else "zh"
    if len(words) < 3:
        return None
    counts = Counter(words)
    scores = {tag: sum(counts[w] for w in stop) for tag, stop in _STOPWORDS.items()}
    best = max(scores, key=lambda tag: scores[tag])
    if scores[best] >= max(1, 0.04 * len(words)):
        return best
    return "ru" if _count(_CYRILLIC, sample) > 20 else None


def _count(pattern: re.Pattern[str], text: str) -> int:
    """How many characters are in the pattern's runs."""
    return sum(map(len, pattern.findall(text)))
