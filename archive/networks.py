"""Addresses of the internet, read and compared. Pure."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from functools import lru_cache

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

IPV6_PREFIX = 64
"""Bits of a subscriber's network: below it, everyone has 2⁶⁴ addresses of their own."""


def parsed(address: str) -> Address | None:
    """Reads an address; None for what is none. One of IPv4 that an IPv6 socket tells is the IPv4 address.

    >>> str(parsed("::ffff:198.51.100.7")), parsed("unknown")
    ('198.51.100.7', None)
    """
    try:
        found = ipaddress.ip_address(address.strip().partition("%")[0])
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, ipaddress.IPv6Address) else found


def subscriber(address: str) -> str:
    """Returns whose address it is, as far as an address can tell: of IPv6 the network.

    >>> subscriber("2001:db8:1:2:3::4"), subscriber("198.51.100.7"), subscriber("")
    ('2001:db8:1:2::/64', '198.51.100.7', '')
    """
    found = parsed(address)
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((found, IPV6_PREFIX), strict=False))
    return str(found) if found else address


@lru_cache(maxsize=16)
def networks(listed: tuple[str, ...]) -> tuple[Network, ...]:
    """Returns the networks that a setting lists, as `192.0.2.0/24` or `2001:db8::1`. Raises ValueError for others."""
    return tuple(ipaddress.ip_network(one.strip(), strict=False) for one in listed)


def is_within(address: str, listed: Iterable[Network]) -> bool:
    """Whether an address belongs to one of the networks.

    >>> is_within("10.9.8.7", networks(("10.0.0.0/8",))), is_within("unknown", networks(("10.0.0.0/8",)))
    (True, False)
    """
    found = parsed(address)
    return found is not None and any(found in network for network in listed)
