"""Names to addresses for every connection of a crawl: addresses that may not be reached are left out.

The connection is made to exactly the addresses that were checked here, so a name that answers differently the second
time (DNS rebinding) gains nothing, and every spelling of an address is judged by what it resolves to.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.interfaces import IAddress, IHostnameResolver, IHostResolution, IResolutionReceiver
from zope.interface import implementer  # type: ignore[import-untyped]

from pipelines.config import Config, load_config
from pipelines.net import Network, is_allowed


@implementer(IHostnameResolver)
class GuardedResolver:
    """Scrapy's TWISTED_DNS_RESOLVER: the reactor's own resolver behind the rule of pipelines.net."""

    refused: ClassVar[dict[str, str]] = {}
    """Host to the address it was refused for; tells a private address from a name that does not exist."""

    def __init__(self, reactor: Any, networks: Sequence[Network]) -> None:
        self.reactor = reactor
        self.networks = networks
        self.inner: Any = reactor.nameResolver

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: Any) -> GuardedResolver:
        """Built by Scrapy before the reactor runs; `crawler` is the crawler process."""
        config = crawler.settings.get("BUREAUWATCH_CONFIG")
        return cls(reactor, (config if isinstance(config, Config) else load_config()).private_networks)

    def install_on_reactor(self) -> None:
        """Every connection by name goes through here from now on."""
        self.reactor.installNameResolver(self)

    def resolveHostName(  # noqa: N802  Twisted's name
        self,
        resolutionReceiver: IResolutionReceiver,  # noqa: N803
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Sequence[type[IAddress]] | None = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> IHostResolution:
        """Resolves a name, passing on the addresses that may be reached."""
        receiver = _FilteringReceiver(resolutionReceiver, hostName, self.networks)
        resolution: IHostResolution = self.inner.resolveHostName(
            receiver, hostName, portNumber, addressTypes, transportSemantics
        )
        return resolution


@implementer(IResolutionReceiver)
class _FilteringReceiver:
    def __init__(self, receiver: Any, host: str, networks: Sequence[Network]) -> None:
        self.receiver, self.host, self.networks = receiver, host, networks
        self.passed = False

    def resolutionBegan(self, resolutionInProgress: IHostResolution) -> None:  # noqa: N802, N803
        self.receiver.resolutionBegan(resolutionInProgress)

    def addressResolved(self, address: IAddress) -> None:  # noqa: N802
        if isinstance(address, IPv4Address | IPv6Address) and is_allowed(address.host, self.networks):
            self.passed = True
            self.receiver.addressResolved(address)
        else:
            GuardedResolver.refused[self.host] = getattr(address, "host", "?")

    def resolutionComplete(self) -> None:  # noqa: N802
        if self.passed:
            GuardedResolver.refused.pop(self.host, None)
        self.receiver.resolutionComplete()
