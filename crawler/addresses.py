"""Addresses as people type and paste them: full-width characters, blanks around, no scheme."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit

BARE = re.compile(
    r"(?:(?:[^\s/:@?#.]{1,63}\.){1,10}[^\s/:@?#.\d][^\s/:@?#.]{1,62}|(?:\d{1,3}\.){3}\d{1,3}|localhost|\[[0-9a-f:]{2,40}\])(?::\d{1,5})?(?:[/?#].*)?",
    re.S,
)
"""A host's name, perhaps with a port and a path, and no scheme."""
UNSEEN = re.compile(r"[\u200b-\u200f\u2060\ufeff\u00ad]")
QUOTES = "\"'“”‘’<>《》「」"


def plain(text: str) -> str:
    """The address meant by a text: blanks and quotation marks around it gone, full-width forms as ASCII."""
    text = UNSEEN.sub("", text).strip().strip(QUOTES).strip()
    wide = "".join(unicodedata.normalize("NFKC", c) if "\uff01" <= c <= "\uff5e" else c for c in text)
    scheme, mark, rest = wide.partition("://")
    if not mark:
        return wide
    host, slash, path = rest.partition("/")
    return f"{scheme}://{dotted(host)}{slash}{path}"


def dotted(host: str) -> str:
    """A host's name with the full stops of Chinese keyboards as dots."""
    return re.sub(r"[。｡．]", ".", host)


def candidates(text: str) -> list[str]:
    """The addresses to try, in order: a name without a scheme is tried with https, then with http."""
    url = plain(text)
    if url.startswith("//"):
        url = url[2:]
    host, slash, path = url.partition("/")
    bare = f"{dotted(host)}{slash}{path}"
    if "://" not in host and BARE.fullmatch(bare):
        return [f"https://{bare}", f"http://{bare}"]
    return [url]


def is_address(url: str) -> bool:
    """Whether a text has the form of an address at all."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    return bool(parts.scheme) and not re.search(r"\s", parts.netloc)
