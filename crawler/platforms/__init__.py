"""CMS families: recognising them, reading their lists, following their pages."""

from crawler.platforms.base import Detection, Entry, Listing, Page, PageRequest, Platform
from crawler.platforms.detect import candidates, detect, get, names
from crawler.platforms.selectors import selected

__all__ = [
    "Detection",
    "Entry",
    "Listing",
    "Page",
    "PageRequest",
    "Platform",
    "candidates",
    "detect",
    "get",
    "names",
    "selected",
]
