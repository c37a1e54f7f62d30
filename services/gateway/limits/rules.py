"""How much is too much."""

import math
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

LOOKED_AT_FOR = timedelta(hours=1)
ONE_HOME_BITS = 64  # of an IPv6 address: one connection has all that begin with them


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """A bucket of tokens: so many at once, and so many more with each second."""

    at_once: int
    per_second: int

    @property
    def step(self) -> timedelta:
        """Return in what time one token comes back."""
        return timedelta(seconds=1) / self.per_second

    @property
    def whole(self) -> timedelta:
        """Return in what time an empty bucket fills."""
        return self.step * self.at_once


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What is allowed; these are meant for people at work, and stop programs."""

    requests: Allowance = field(default_factory=lambda: Allowance(at_once=100, per_second=10))
    # An office shares one address, and everybody there signs in at nine.
    sign_ins: Allowance = field(default_factory=lambda: Allowance(at_once=120, per_second=2))
    people_per_hour: int = 200


def whole_seconds(wait: timedelta) -> int:
    """Return for how long to wait, at least a second: ``Retry-After`` knows no less."""
    return max(1, math.ceil(wait.total_seconds()))


def one_home(address: str) -> str:
    """Return the part of an address that somebody cannot change at will; empty: it is none."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    plain: IPv4Address | IPv6Address = found
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is None:
            return str(IPv6Network((int(found), ONE_HOME_BITS), strict=False))
        plain = found.ipv4_mapped
    return str(plain)
