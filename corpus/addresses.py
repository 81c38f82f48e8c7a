"""Which hosts a source may speak for, and which network addresses are public."""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

_MAPPED_PREFIXES = (
    IPv6Network("64:ff9b::/96"),  # NAT64, RFC 6052
    IPv6Network("::ffff:0:0:0/96"),  # IPv4-translated, RFC 2765
)
_NEVER_PUBLIC = (
    IPv6Network("::/96"),  # IPv4-compatible, withdrawn by RFC 4291
    IPv6Network("64:ff9b:1::/48"),  # NAT64 within one network, RFC 8215
    IPv6Network("2001::/32"),  # Teredo, whose far end is anybody's
    IPv6Network("fec0::/10"),  # site-local, withdrawn by RFC 3879
    IPv6Network("3fff::/20"),  # examples in documentation, RFC 9637
    IPv6Network("5f00::/16"),  # segment routing within one network, RFC 9602
)
_HOST = re.compile(r"[a-z0-9._-]+|[0-9a-f:.]+(?:%25[a-z0-9._-]+)?")
_ISATAP = (0x00005EFE, 0x02005EFE)  # RFC 5214, the upper half of the interface identifier


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet, by IANA's registries of special addresses.

    An IPv6 address that carries an IPv4 one (mapped, translated, NAT64, 6to4, ISATAP) is as public as that one. False
    for what is no IP address.
    """
    try:
        found = ip_address(address)
    except ValueError:
        return False
    if isinstance(found, IPv6Address):
        if found.scope_id is not None or any(found in network for network in _NEVER_PUBLIC):
            return False
        inner = _embedded(found)
        if inner is not None and not _global(inner):
            return False
        if found.ipv4_mapped is not None or any(found in network for network in _MAPPED_PREFIXES):
            return True
        if found.sixtofour is not None:
            return True
    return _global(found)


def _embedded(address: IPv6Address) -> IPv4Address | None:
    low = int(address) & 0xFFFFFFFF
    if address.ipv4_mapped is not None or any(address in network for network in _MAPPED_PREFIXES):
        return IPv4Address(low)
    if address.sixtofour is not None:
        return address.sixtofour
    if (int(address) >> 32) & 0xFFFFFFFF in _ISATAP:
        return IPv4Address(low)
    return None


def _global(address: IPv4Address | IPv6Address) -> bool:
    return address.is_global and not (
        address.is_private
        or address.is_multicast
        or address.is_reserved
        or address.is_loopback
        or address.is_link_local
        or address.is_unspecified
    )


def host_of(url: str) -> str:
    """The host of an address: lower case, IDNA, without a final dot.

    Empty where there is none that every reader of addresses would agree on: with a user name before it, a port that
    cannot be, or characters (a backslash, say) that browsers and libraries take differently.
    """
    try:
        parts = urlsplit(url)
        if parts.username is not None or parts.password is not None or parts.port == 0:
            return ""
        host = _ascii(parts.hostname or "")
    except ValueError:
        return ""
    return host if _HOST.fullmatch(host) else ""


def _ascii(host: str) -> str:
    """A host name as DNS knows it; raises ValueError for what cannot be one."""
    host = host.casefold().rstrip(".")
    return host if host.isascii() else host.encode("idna").decode("ascii")


def speaks_for(hosts: Iterable[str], url: str) -> bool:
    """Whether an address lies at one of the hosts, at a subdomain of one, or at its ``www.`` sibling."""
    host = host_of(url)
    if not host:
        return False
    for allowed in hosts:
        base = host_of(f"http://[{allowed}]" if ":" in allowed else f"http://{allowed}").removeprefix("www.")
        if base and (host == base or (host.endswith("." + base) and not _is_ip(base))):
            return True
    return False


def _is_ip(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
