"""Encryption for servers of another age (`tls: legacy`): TLS 1.0, short keys, old ciphers. Certificates stay verified.

What OpenSSL's security levels above 0 refuse is accepted for one source alone, never by default. Scrapy's setting of
ciphers cannot say this: it is taken apart into names of ciphers, and the level is lost.
"""

from __future__ import annotations

from typing import Any

from OpenSSL import SSL
from scrapy.core.downloader.contextfactory import _ScrapyClientContextFactory
from twisted.internet._sslverify import ClientTLSOptions
from twisted.internet.ssl import CertificateOptions, TLSVersion, platformTrust
from twisted.web.iweb import IPolicyForHTTPS
from zope.interface import implementer  # type: ignore[import-untyped]

CIPHERS = b"ALL:!aNULL:!eNULL:@SECLEVEL=0"
OP_LEGACY_SERVER_CONNECT = 0x4
"""OpenSSL's option for servers without secure renegotiation."""


@implementer(IPolicyForHTTPS)
class LegacyContextFactory(_ScrapyClientContextFactory):
    """Scrapy's DOWNLOADER_CLIENTCONTEXTFACTORY of a `tls: legacy` source."""

    def creatorForNetloc(self, hostname: bytes, port: int) -> Any:  # noqa: N802  Twisted's name
        """Connection options for one host."""
        options = CertificateOptions(
            trustRoot=platformTrust(),  # type: ignore[no-untyped-call]
            insecurelyLowerMinimumTo=TLSVersion.TLSv1_0,
        )
        context: SSL.Context = options.getContext()
        context.set_min_proto_version(SSL.TLS1_VERSION)
        context.set_cipher_list(CIPHERS)
        context.set_options(OP_LEGACY_SERVER_CONNECT)
        return ClientTLSOptions(options._makeTLSConnection, hostname.decode("ascii"))
