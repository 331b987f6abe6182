"""Which addresses may be reached: public ones, and the private networks that the user named.

A pure rule over addresses. Who connects (crawler, webhooks) asks it for the address that is connected to, after the
name was resolved, so that a name that changes its address between check and use gains nothing.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Iterable
from urllib.parse import urlsplit

from pipelines.errors import NotAllowedError
from pipelines.messages import say

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
NUMERIC_HOST = re.compile(r"[0-9a-fx.]{1,64}", re.I)


def is_allowed(address: str | Address, networks: Iterable[Network] = ()) -> bool:
    """Whether an address may be connected to: it is public, or lies in one of the networks that the user allowed.

    IPv6 forms that carry an IPv4 address (mapped, NAT64, 6to4, Teredo) count as that address.
    """
    try:
        parsed = ipaddress.ip_address(str(address).split("%")[0])
    except ValueError:
        return False
    inner = _embedded(parsed)
    if inner is not None:
        parsed = inner
    if any(parsed.version == network.version and parsed in network for network in networks):
        return True
    return parsed.is_global and not parsed.is_multicast and not parsed.is_reserved


def _embedded(address: Address) -> ipaddress.IPv4Address | None:
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address in NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    if address.teredo:
        return address.teredo[1]
    return address.ipv4_mapped or address.sixtofour


def literal_address(host: str) -> Address | None:
    """The address that a host spells out, in any form that resolvers take (`127.1`, `2130706433`); else None."""
    text = host.strip().strip("[]").rstrip(".")
    try:
        return ipaddress.ip_address(text.split("%")[0])
    except ValueError:
        pass
    if not NUMERIC_HOST.fullmatch(text):
        return None
    try:
        return ipaddress.IPv4Address(socket.inet_aton(text))
    except OSError:
        return None


def check_url(url: str, networks: Iterable[Network] = ()) -> None:
    """Refuses a URL that may not be fetched for its scheme or for the address that it spells out.

    Names are left to the check at connect time.

    Raises:
        NotAllowedError: another scheme than http and https, no host, or a private address.
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname
        _ = parts.port
    except ValueError:
        raise NotAllowedError(say("Not a web address: {url}", url=url[:200]), failure="scheme", url=url) from None
    if parts.scheme not in ("http", "https") or not host:
        raise NotAllowedError(
            say("Only http:// and https:// addresses are fetched, not {url}", url=url[:200]), failure="scheme", url=url
        )
    address = literal_address(host)
    if address is not None and not is_allowed(address, networks):
        raise refusal(url, str(address))


def refusal(url: str, address: str) -> NotAllowedError:
    """The error for a URL whose host is at an address that may not be reached."""
    return NotAllowedError(
        say("{url} is at the private address {address}", url=url[:200], address=address),
        failure="private-address",
        url=url,
        cure=say("If that is meant, name its network in BUREAUWATCH_PRIVATE_NETWORKS"),
    )
