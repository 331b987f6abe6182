"""Addresses as pages write them: relative, with blanks, broken; none of them may stop a reader."""

from __future__ import annotations

from urllib.parse import SplitResult, urljoin, urlsplit

_NOWHERE = urlsplit("")


def absolute(base: str | None, address: str) -> str:
    """The address made absolute; as it stands where that cannot be done."""
    try:
        return urljoin(base or "", address.strip())
    except ValueError:
        return address.strip()


def parts(address: str) -> SplitResult:
    """The address's parts; empty ones for a broken address."""
    try:
        return urlsplit(address)
    except ValueError:
        return _NOWHERE
