"""The CMS families of the demo's bureaus: TRS WCM, a GBK table site, UCAP, an RSS feed beside a plain list."""

from scheduler.demo.bureaus.families.feed import FeedSite
from scheduler.demo.bureaus.families.table import TableSite
from scheduler.demo.bureaus.families.trs import TrsSite
from scheduler.demo.bureaus.families.ucap import UcapSite

__all__ = ["FeedSite", "TableSite", "TrsSite", "UcapSite"]
