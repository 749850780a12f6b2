"""Which network addresses may be called on behalf of a person who named a host.

A name on the public internet may lead anywhere: to the machine this runs on, to the router, to the endpoint where a
cloud hands out its credentials. So it is the *address* that is judged, after the name was resolved and before anybody
connects. Everything is refused that is not plainly a public host; the tables are our own, and not those of the
`ipaddress` module, which differ between versions of Python.
"""

from __future__ import annotations

import ipaddress
from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from reprise.domain.reach import Reach


class AddressKind(StrEnum):
    """What an address is, as far as it matters here. The value is how it is told to a person."""

    PUBLIC = "a public address"
    PRIVATE = "an address of a private network"
    LOOPBACK = "an address of this machine itself"
    LINK_LOCAL = "a link-local address"
    METADATA = "an address at which a cloud tells its secrets"
    MULTICAST = "a multicast address"
    RESERVED = "an address that is reserved and belongs to no host"


_OPEN: dict[Reach, frozenset[AddressKind]] = {
    Reach.PUBLIC: frozenset({AddressKind.PUBLIC}),
    Reach.PRIVATE: frozenset({AddressKind.PUBLIC, AddressKind.PRIVATE}),
    Reach.MACHINE: frozenset({AddressKind.PUBLIC, AddressKind.PRIVATE, AddressKind.LOOPBACK}),
}

# First match counts: single addresses stand before the networks they lie in.
_IPV4: tuple[tuple[IPv4Network, AddressKind], ...] = tuple(
    (IPv4Network(network), kind)
    for network, kind in (
        ("169.254.169.254", AddressKind.METADATA),  # AWS, Google, Azure, and most others
        ("169.254.170.0/24", AddressKind.METADATA),  # AWS: credentials of containers
        ("100.100.100.200", AddressKind.METADATA),  # Alibaba
        ("192.0.0.192", AddressKind.METADATA),  # Oracle
        ("168.63.129.16", AddressKind.METADATA),  # Azure: public by number, and only ever the machine's own host
        ("0.0.0.0/8", AddressKind.RESERVED),  # "this network": systems take it for the machine itself
        ("127.0.0.0/8", AddressKind.LOOPBACK),
        ("10.0.0.0/8", AddressKind.PRIVATE),
        ("172.16.0.0/12", AddressKind.PRIVATE),
        ("192.168.0.0/16", AddressKind.PRIVATE),
        ("100.64.0.0/10", AddressKind.PRIVATE),  # shared by carriers (CGNAT), used by overlay networks
        ("169.254.0.0/16", AddressKind.LINK_LOCAL),
        ("192.0.0.0/24", AddressKind.RESERVED),
        ("192.0.2.0/24", AddressKind.RESERVED),  # documentation
        ("198.51.100.0/24", AddressKind.RESERVED),
        ("203.0.113.0/24", AddressKind.RESERVED),
        ("192.31.196.0/24", AddressKind.RESERVED),  # AS112
        ("192.175.48.0/24", AddressKind.RESERVED),
        ("192.52.193.0/24", AddressKind.RESERVED),  # AMT
        ("192.88.99.0/24", AddressKind.RESERVED),  # relays of 6to4
        ("198.18.0.0/15", AddressKind.RESERVED),  # benchmarks
        ("224.0.0.0/4", AddressKind.MULTICAST),
        ("240.0.0.0/4", AddressKind.RESERVED),  # with the broadcast address
    )
)
_IPV6: tuple[tuple[IPv6Network, AddressKind], ...] = tuple(
    (IPv6Network(network), kind)
    for network, kind in (
        ("fd00:ec2::/32", AddressKind.METADATA),  # AWS: instance metadata, and its neighbours
        ("fd20:ce::254", AddressKind.METADATA),  # Google
        ("::1", AddressKind.LOOPBACK),
        ("fc00::/7", AddressKind.PRIVATE),
        ("fec0::/10", AddressKind.PRIVATE),  # site-local, given up and still routed by old equipment
        ("fe80::/10", AddressKind.LINK_LOCAL),
        ("ff00::/8", AddressKind.MULTICAST),
        ("2001::/23", AddressKind.RESERVED),  # protocols, Teredo among them, which wraps an IPv4 address
        ("2001:db8::/32", AddressKind.RESERVED),  # documentation
        ("3fff::/20", AddressKind.RESERVED),
        ("2620:4f:8000::/48", AddressKind.RESERVED),  # AS112
        ("2000::/3", AddressKind.PUBLIC),  # all that has been given to hosts so far; the rest is reserved
    )
)

# Networks whose addresses hold an IPv4 address, and how many bits follow it.
_WRAPPERS: tuple[tuple[IPv6Network, int], ...] = (
    (IPv6Network("::ffff:0:0/96"), 0),  # mapped: the same host by another name
    (IPv6Network("::ffff:0:0:0/96"), 0),  # translated (SIIT)
    (IPv6Network("64:ff9b::/96"), 0),  # NAT64: how an IPv6-only network reaches IPv4
    (IPv6Network("2002::/16"), 80),  # 6to4
)


def kind_of(address: IPv4Address | IPv6Address) -> AddressKind:
    """What `address` is. One that wraps an IPv4 address is what that one is; an unknown one is reserved."""
    if isinstance(address, IPv4Address):
        return next((kind for network, kind in _IPV4 if address in network), AddressKind.PUBLIC)
    inner = _wrapped(address)
    if inner is not None:
        return kind_of(inner)
    return next((kind for network, kind in _IPV6 if address in network), AddressKind.RESERVED)


def refusal_of(text: str, reach: Reach) -> AddressKind | None:
    """Why the numeric address `text` must not be called, or None when it may.

    What is no address, or one that is bound to a network interface ("fe80::1%eth0"), is refused as reserved.
    """
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return AddressKind.RESERVED
    if isinstance(address, IPv6Address) and address.scope_id is not None:
        return AddressKind.RESERVED
    kind = kind_of(address)
    return None if kind in _OPEN[reach] else kind


def _wrapped(address: IPv6Address) -> IPv4Address | None:
    for network, bits_after in _WRAPPERS:
        if address in network:
            return IPv4Address(int(address) >> bits_after & 0xFFFF_FFFF)
    return None
