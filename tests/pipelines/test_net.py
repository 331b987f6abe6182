"""The rule over addresses: public ones, and the networks that the user named."""

from __future__ import annotations

import ipaddress

import pytest

from pipelines.errors import NotAllowedError
from pipelines.net import check_url, is_allowed, literal_address

LOOPBACK = [ipaddress.ip_network("127.0.0.0/8")]


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.0.1", "172.31.255.255", "169.254.169.254", "100.64.0.1", "0.0.0.0",
     "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:127.0.0.1",
     "64:ff9b::7f00:1", "2002:7f00:1::", "not an address", ""],
)  # fmt: skip
def test_private_addresses_are_refused(address: str) -> None:
    assert not is_allowed(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "223.5.5.5", "2606:4700::1111", "::ffff:1.1.1.1"])
def test_public_addresses_are_allowed(address: str) -> None:
    assert is_allowed(address)


@pytest.mark.parametrize("address", ["127.0.0.1", "::ffff:127.0.0.1", "127.3.2.1"])
def test_named_networks_are_allowed(address: str) -> None:
    assert is_allowed(address, LOOPBACK)
    assert not is_allowed("10.0.0.1", LOOPBACK)
    assert not is_allowed("::1", LOOPBACK)


@pytest.mark.parametrize(
    "host", ["2130706433", "127.1", "0x7f000001", "0177.0.0.1", "[::ffff:127.0.0.1]", "[::1]", "127.0.0.1.", "0"]
)
def test_every_spelling_of_a_private_address_is_refused(host: str) -> None:
    assert literal_address(host) is not None
    with pytest.raises(NotAllowedError) as error:
        check_url(f"http://{host}/a")
    assert error.value.failure == "private-address"
    assert "BUREAUWATCH_PRIVATE_NETWORKS" in str(error.value)


@pytest.mark.parametrize("host", ["example.org", "deadbeef.cn", "1.example.org", "a", "face.cafe"])
def test_names_are_no_addresses(host: str) -> None:
    assert literal_address(host) is None
    check_url(f"https://{host}/")


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "ftp://example.org/a", "javascript:alert(1)", "data:text/html,x", "http://", "http:///a",
     "http://[::1", "http://example.org:99999/", "//example.org/a", ""],
)  # fmt: skip
def test_only_web_addresses_pass(url: str) -> None:
    with pytest.raises(NotAllowedError) as error:
        check_url(url)
    assert error.value.failure == "scheme"
