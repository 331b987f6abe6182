"""Which platform a page is of: every family looks for its structure, the surest wins, doubt goes to the list finder."""

from __future__ import annotations

from crawler.platforms.ajaxlist import AjaxList
from crawler.platforms.aspnet import Aspnet
from crawler.platforms.base import Detection, Page, Platform
from crawler.platforms.ccontent import Ccontent
from crawler.platforms.documentlist import DocumentList
from crawler.platforms.feed import Feed
from crawler.platforms.generic import Generic
from crawler.platforms.gkmlpt import Gkmlpt
from crawler.platforms.irs import Irs
from crawler.platforms.jcms import Jcms
from crawler.platforms.jpaas import Jpaas
from crawler.platforms.jpolicy import Jpolicy
from crawler.platforms.jsonlist import JsonList
from crawler.platforms.lonsun import Lonsun
from crawler.platforms.nfcms import Nfcms
from crawler.platforms.scriptlist import ScriptList
from crawler.platforms.shhex import ShHex
from crawler.platforms.shtml import Shtml
from crawler.platforms.sitemap import Sitemap
from crawler.platforms.trs import Trs
from crawler.platforms.tsid import Tsid
from crawler.platforms.ucap import Ucap
from crawler.platforms.vsb import Vsb
from pipelines.errors import UnknownNameError
from pipelines.messages import say

MAKES = (
    Feed, Sitemap, Trs, Irs, Ucap, Jcms, Jpaas, Jpolicy, Gkmlpt, Nfcms, Lonsun, Vsb, Ccontent, ScriptList, Aspnet,
    ShHex, Tsid, Shtml, DocumentList, JsonList, AjaxList, Generic,
)  # fmt: skip
PLATFORMS: dict[str, type] = {make.name: make for make in MAKES}
SURE = 0.5
"""Below this a fingerprint is no more than a resemblance."""


def get(name: str, zone: str = "Asia/Shanghai") -> Platform:
    """The platform of that name, reading dates in a zone.

    Raises:
        UnknownNameError: no such platform.
    """
    try:
        platform: Platform = PLATFORMS[name](zone)
    except KeyError:
        raise UnknownNameError(
            say("There is no platform {name}", name=name),
            cure=say("Known are: {names}", names=", ".join(sorted(PLATFORMS))),
        ) from None
    return platform


def names() -> list[str]:
    """All platforms' names."""
    return sorted(PLATFORMS)


def candidates(page: Page) -> list[Detection]:
    """What each platform makes of the page, surest first."""
    found = [get(name).recognise(page) for name in PLATFORMS]
    return sorted(found, key=lambda d: -d.confidence)


def detect(page: Page) -> Detection:
    """The platform whose structure the page has; `generic` where none is sure or two are equally so."""
    found = candidates(page)
    own = [d for d in found if d.platform != "generic"]
    best = own[0]
    rival = own[1] if len(own) > 1 else Detection("generic", 0.0)
    if best.confidence >= SURE and best.confidence - rival.confidence >= 0.1:
        return best
    generic = next(d for d in found if d.platform == "generic")
    if best.confidence >= SURE:
        return Detection(
            "generic",
            generic.confidence,
            say("{first} and {second} fit equally", first=best.platform, second=rival.platform),
        )
    return generic
