"""Which network addresses may be called."""

from __future__ import annotations

import ipaddress
from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reprise.domain.addresses import AddressKind, kind_of, refusal_of
from reprise.domain.reach import Reach

PUBLIC, PRIVATE, LOOPBACK, LINK_LOCAL, METADATA, MULTICAST, RESERVED = AddressKind

TABLE = [
    ("8.8.8.8", PUBLIC),
    ("93.184.216.34", PUBLIC),
    ("2606:2800:220:1:248:1893:25c8:1946", PUBLIC),
    ("2a00:1450:4001:81b::200e", PUBLIC),
    ("10.0.0.1", PRIVATE),
    ("10.255.255.255", PRIVATE),
    ("172.16.0.1", PRIVATE),
    ("172.31.255.255", PRIVATE),
    ("172.32.0.1", PUBLIC),
    ("192.168.1.1", PRIVATE),
    ("100.63.255.255", PUBLIC),
    ("100.64.0.1", PRIVATE),
    ("100.127.255.255", PRIVATE),
    ("100.128.0.1", PUBLIC),
    ("fc00::1", PRIVATE),
    ("fd12:3456::1", PRIVATE),
    ("fec0::1", PRIVATE),
    ("127.0.0.1", LOOPBACK),
    ("127.255.255.254", LOOPBACK),
    ("::1", LOOPBACK),
    ("169.254.0.1", LINK_LOCAL),
    ("fe80::1", LINK_LOCAL),
    ("169.254.169.254", METADATA),
    ("169.254.170.2", METADATA),
    ("100.100.100.200", METADATA),
    ("192.0.0.192", METADATA),
    ("168.63.129.16", METADATA),
    ("fd00:ec2::254", METADATA),
    ("fd20:ce::254", METADATA),
    ("224.0.0.1", MULTICAST),
    ("239.255.255.255", MULTICAST),
    ("ff02::1", MULTICAST),
    ("0.0.0.0", RESERVED),  # noqa: S104 - nobody binds to it here
    ("0.1.2.3", RESERVED),
    ("::", RESERVED),
    ("240.0.0.1", RESERVED),
    ("255.255.255.255", RESERVED),
    ("192.0.2.1", RESERVED),
    ("198.18.0.1", RESERVED),
    ("198.51.100.1", RESERVED),
    ("203.0.113.1", RESERVED),
    ("192.88.99.1", RESERVED),
    ("::10.0.0.1", RESERVED),
    ("100::1", RESERVED),
    ("2001::1", RESERVED),
    ("2001:db8::1", RESERVED),
    ("3fff::1", RESERVED),
    ("5f00::1", RESERVED),
    ("4000::1", RESERVED),
    ("64:ff9b:1::1", RESERVED),
    # One address inside another.
    ("::ffff:8.8.8.8", PUBLIC),
    ("::ffff:10.0.0.1", PRIVATE),
    ("::ffff:127.0.0.1", LOOPBACK),
    ("::ffff:169.254.169.254", METADATA),
    ("::ffff:0:10.0.0.1", PRIVATE),
    ("64:ff9b::808:808", PUBLIC),
    ("64:ff9b::a00:1", PRIVATE),
    ("64:ff9b::a9fe:a9fe", METADATA),
    ("2002:808:808::1", PUBLIC),
    ("2002:a00:1::1", PRIVATE),
    ("2002:7f00:1::", LOOPBACK),
    ("2002:a9fe:a9fe::", METADATA),
]
OPEN = {
    Reach.PUBLIC: {PUBLIC},
    Reach.PRIVATE: {PUBLIC, PRIVATE},
    Reach.MACHINE: {PUBLIC, PRIVATE, LOOPBACK},
}

ipv4 = st.ip_addresses(v=4)
ipv6 = st.ip_addresses(v=6)


@pytest.mark.parametrize(("text", "kind"), TABLE)
def test_what_an_address_is(text: str, kind: AddressKind) -> None:
    assert kind_of(ipaddress.ip_address(text)) is kind


@pytest.mark.parametrize("reach", Reach)
@pytest.mark.parametrize(("text", "kind"), TABLE)
def test_who_may_be_called(text: str, kind: AddressKind, reach: Reach) -> None:
    assert refusal_of(text, reach) is (None if kind in OPEN[reach] else kind)


@pytest.mark.parametrize(
    "text",
    ["", "localhost", "127.1", "0x7f.0.0.1", "2130706433", "8.8.8.8/32", "8.8.8.8 ", "fe80::1%eth0", "2606::1%1"],
)
@pytest.mark.parametrize("reach", Reach)
def test_what_is_no_plain_address_is_refused(text: str, reach: Reach) -> None:
    assert refusal_of(text, reach) is RESERVED


@given(ipv4 | ipv6)
def test_nothing_is_public_that_python_knows_better(address: IPv4Address | IPv6Address) -> None:
    """Python's own tables are coarser in places, but what they call private, local or reserved is so."""
    bad = address.is_loopback or address.is_link_local or address.is_multicast or address.is_unspecified
    if bad or (address.version == 4 and not address.is_global and address != IPv4Address("192.0.0.9")):
        assert kind_of(address) is not PUBLIC


@given(ipv4)
def test_wrapping_an_address_changes_nothing(inner: IPv4Address) -> None:
    number = int(inner)
    wrapped = (
        IPv6Address(0xFFFF << 32 | number),
        IPv6Address(0xFFFF << 48 | number),
        IPv6Address(0x64FF9B << 96 | number),
        IPv6Address(0x2002 << 112 | number << 80),
    )
    assert {kind_of(address) for address in wrapped} == {kind_of(inner)}


@given(ipv6)
def test_outside_of_what_was_given_to_hosts_nothing_is_public(address: IPv6Address) -> None:
    wraps = address.ipv4_mapped or any(
        address in ipaddress.IPv6Network(network) for network in ("64:ff9b::/96", "::ffff:0:0:0/96")
    )
    if int(address) >> 125 != 1 and not wraps:
        assert kind_of(address) is not PUBLIC


@given(ipv4 | ipv6)
def test_each_reach_includes_the_one_before(address: IPv4Address | IPv6Address) -> None:
    refused = [refusal_of(str(address), reach) is not None for reach in Reach]
    assert refused == sorted(refused, reverse=True)


@given(ipv4 | ipv6)
def test_no_reach_opens_what_belongs_to_no_network_of_the_operator(address: IPv4Address | IPv6Address) -> None:
    if kind_of(address) in {LINK_LOCAL, METADATA, MULTICAST, RESERVED}:
        assert all(refusal_of(str(address), reach) is not None for reach in Reach)
