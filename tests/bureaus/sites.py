"""Sample sites of every CMS family, on the demo's bureau model: markup as the families write it, texts invented."""

from __future__ import annotations

from scheduler.demo.bureaus import Bureau
from scheduler.demo.bureaus.families.base import Site
from tests.bureaus.common import reports
from tests.bureaus.data import Atom, Gkmlpt, Irs, Jiangxi, Json, Lonsun, LonsunLabel, Sitemap, UcapJson
from tests.bureaus.hanweb import Jcms, JcmsGroups, JcmsInitData, Jpaas, Jpolicy
from tests.bureaus.static import (
    AspPostBack,
    AspQuery,
    Ccontent,
    EnglishReports,
    FlatLinks,
    Nfcms,
    ShHex,
    Shtml,
    SplitDates,
    TrsCreatePage,
    Tsid,
    Vsb,
    VsbJsp,
)

# fmt: off
# ruff: noqa: E501 - one table
FAMILIES: dict[str, type[Site]] = {
    "trs-createpage": TrsCreatePage, "trs-irs": Irs, "ucap-json": UcapJson, "jcms": Jcms, "jcms-groups": JcmsGroups, "jcms-initdata": JcmsInitData,
    "jpaas": Jpaas, "jpolicy": Jpolicy, "gkmlpt": Gkmlpt, "nfcms": Nfcms, "lonsun": Lonsun, "lonsun-label": LonsunLabel, "vsb": Vsb,
    "vsb-jsp": VsbJsp, "ccontent": Ccontent, "jiangxi": Jiangxi, "asp-query": AspQuery, "asp-postback": AspPostBack, "sh-hex": ShHex, "tsid": Tsid,
    "shtml": Shtml, "split-dates": SplitDates, "flat-links": FlatLinks, "json": Json, "atom": Atom, "sitemap": Sitemap, "english": EnglishReports,
}  # fmt: skip
COUNTS = {"gkmlpt": 230, "jcms": 71, "jcms-groups": 71, "jcms-initdata": 71}
UNTITLED = {"sitemap"}


def site(name: str, count: int | None = None) -> Bureau:
    """A bureau of one family with its reports published."""
    bureau = Bureau(
        "lanxi",
        "岚溪市统计局",
        FAMILIES[name](),
        column_names={"main": "通知公告"},
        encoding="gbk" if name == "flat-links" else "utf-8",
    )
    bureau.publish(*reports(count or COUNTS.get(name, 37)))
    return bureau


def english_titles(bureau: Bureau) -> None:
    """Gives a bureau's reports English titles."""
    for n, id in enumerate(list(bureau.reports)):
        bureau.edit(id, title=f"Annual report on road safety and traffic policing, volume {n + 1}")


__all__ = ["FAMILIES", "UNTITLED", "english_titles", "reports", "site"]
