"""Which IP addresses lie on the internet, and not in somebody's own network."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final


def is_public(text: str) -> bool:
    """Tells whether an IP address lies on the internet: not private, loopback, link-local, shared or reserved.

    An IPv4 address inside an IPv6 address (mapped, or by NAT64) counts as what it is.
    """
    address = ip_address(text.partition("%")[0])
    if isinstance(address, IPv6Address):
        inside = IPv4Address(int(address) & _LAST_32_BITS) if address in _NAT64 else address.ipv4_mapped
        if inside is not None:
            return is_public(str(inside))
    if any(address in network for network in _REFUSED if network.version == address.version):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


# `is_global` of the oldest Python this runs on lets these pass, or would not say so of addresses within others.
_REFUSED: Final = tuple(
    ip_network(network)
    for network in (
        "192.0.0.0/24",  # protocol assignments (RFC 6890)
        "192.88.99.0/24",  # 6to4 relays (RFC 7526)
        "64:ff9b:1::/48",  # IPv4 within a network (RFC 8215)
        "2001::/23",  # protocol assignments, Teredo among them (RFC 2928)
        "2002::/16",  # 6to4, which nobody should use any more (RFC 7526)
        "3fff::/20",  # documentation (RFC 9637)
        "fec0::/10",  # site-local (RFC 3879)
    )
)
_NAT64: Final = IPv6Network("64:ff9b::/96")
"""How hosts without IPv4 reach those that have nothing else (RFC 6052): what counts is the address inside."""
_LAST_32_BITS: Final = 0xFFFF_FFFF
