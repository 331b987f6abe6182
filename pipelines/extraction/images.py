"""Images that belong to a report: those in its body, not icons, counters, codes or spacers."""

from __future__ import annotations

import re
from urllib.parse import urljoin

from pipelines.extraction.dom import Element

_SOURCES = ("src", "data-src", "data-original", "data-lazy-src", "data-url", "oldsrc", "_src")
_ICON = re.compile(
    r"icon|logo|qrcode|ewm|erweima|2wm|spacer|blank|loading|arrow|btn|button|share|print|close|dot\.|line\.|bullet|emoji|"
    r"/(?:images?|img|skin|style|templates?|static|themes?|public)/[\w-]{0,20}(?:bg|top|foot|tit|nav)|visitcount|fileTypeImages|avatar",
    re.I,
)
_NUMBER = re.compile(r"^\s*(\d+)")


def content_images(images: list[Element], base: str | None) -> list[str]:
    """Absolute addresses of content images, each once, in order."""
    out: dict[str, None] = {}
    for image in images:
        address = ""
        for name in _SOURCES:
            value = image.get(name).strip()
            if value and not value.startswith("data:"):
                address = value
                break
        if not address or _ICON.search(address) or _small(image):
            continue
        out.setdefault(urljoin(base or "", address))
    return list(out)


def _small(image: Element) -> bool:
    for name in ("width", "height"):
        found = _NUMBER.match(image.get(name))
        if found and int(found[1][:6]) <= 32 and "%" not in image.get(name):
            return True
    return False
