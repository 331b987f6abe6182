"""Channel URLs without their secrets, for listings, logs and messages."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, unquote, urlsplit

HOST_IS_NO_SECRET = frozenset(
    name + tail
    for name in (
        "json",
        "xml",
        "form",
        "mailto",
        "gotify",
        "matrix",
        "mmost",
        "rocket",
        "ntfy",
        "bark",
        "apprise",
        "hassio",
    )
    for tail in ("", "s")
)
"""Schemes whose host names a server; in the others (`dingtalk://TOKEN`) it is the secret itself."""


def mask(url: str) -> str:
    """The URL with tokens, passwords, header values and telling path parts replaced by `***`."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return url.split(":", 1)[0][:20] + "://***"
    scheme = parts.scheme.lower()
    if scheme not in HOST_IS_NO_SECRET:
        shown = f"{host[:2]}***{host[-2:]}" if len(host) >= 12 else "***"
        return f"{scheme}://{shown}"
    place = f"[{host}]" if ":" in host else host
    masked = f"{scheme}://{'***@' if '@' in parts.netloc else ''}{place}{f':{port}' if port else ''}"
    if scheme.startswith("mailto"):
        to = ",".join(unquote(t) for t in parse_qs(parts.query).get("to", []))
        return f"{masked}?to={to}" if to else masked + "/".join(["", *filter(None, parts.path.split("/"))])
    return (
        masked + "/".join("***" if _telling(p) else p for p in parts.path.split("/")) + ("?***" if parts.query else "")
    )


def _telling(part: str) -> bool:
    return len(part) > 16 or bool(re.search(r"\d", part) and len(part) > 4)


def without_secrets(text: str, url: str) -> str:
    """A message with the parts of a channel URL that must not be shown taken out."""
    secrets = [url, *re.split(r"[/?&=@:]+", url.split("://", 1)[-1])]
    shown = mask(url)
    for secret in sorted({s for s in secrets if len(s) >= 6 and s not in shown}, key=len, reverse=True):
        text = text.replace(secret, "***").replace(unquote(secret), "***")
    return text
