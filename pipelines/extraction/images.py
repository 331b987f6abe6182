"""Images that belong to a report: those in its body, not icons, counters, codes or spacers."""

from __future__ import annotations

import re

from pipelines.extraction import addresses
from pipelines.extraction.dom import Element

_SOURCES = ("data-src", "data-original", "data-lazy-src", "src", "data-url", "oldsrc", "_src")
_ICON = re.compile(
    r"(?:^|[/_.-])(?:icons?|ico|logo|qrcode|qr|ewm|erweima|2wm|spacer|blank|loading|arrows?|btn|button|share|"
    r"print|close|dot|line|bullet|emoji|avatar|foot|footer|banner|header|bg|nav|jiucuo|zhaocuo|ideconac|conac|"
    r"gongan|beian|red|blue)\d*(?:[_.-]|$)|"
    r"visitcount|fileTypeImages|/icons?/|/emoji|/avatar",
    re.I,
)
_NUMBER = re.compile(r"^\s*(\d+)")


def content_images(images: list[Element], base: str | None) -> list[str]:
    """Absolute addresses of content images, each once, in order."""
    return list(dict.fromkeys(addresses.absolute(base, address_of(image)) for image in images if is_content(image)))


def is_content(image: Element) -> bool:
    """Whether an image shows something: no icon, code, spacer or counter."""
    address = address_of(image)
    return bool(address) and not _ICON.search(address[-80:]) and not _small(image)


def address_of(image: Element) -> str:
    """The image's address; lazy-loading pages keep it in another attribute than `src`."""
    for name in _SOURCES:
        value = image.get(name).strip()
        if value and not value.startswith("data:"):
            return value
    return ""


def _small(image: Element) -> bool:
    for name in ("width", "height"):
        found = _NUMBER.match(image.get(name))
        if found and int(found[1][:6]) <= 32 and "%" not in image.get(name):
            return True
    return False
