"""To which story a command belongs: the trace of the caller's own traceparent (W3C Trace Context).

Whoever of ours has several things done for one reason finds them under one correlation id, in our
logs and in what follows. From elsewhere it is not taken over: else anybody could write into a
story that is another's, and make two people's look like one. It decides nothing: whose record
something is about, it does not say.
"""

import re
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from uuid import UUID

HEADER = "traceparent"
_TRACE = re.compile(r"[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stories:
    """From which networks a story goes on here; from everywhere else it begins here."""

    ours: tuple[IPv4Network | IPv6Network, ...] = ()

    @classmethod
    def of(cls, networks: str) -> "Stories":
        """Read networks as they are set: ``10.0.0.0/8, ::1``.

        Raises:
            ValueError: one of them is none.
        """
        return cls(ours=tuple(ip_network(one.strip()) for one in networks.split(",") if one))

    def of_caller(self, traceparent: str, address: str) -> UUID | None:
        """Return the story that a caller's header names; None: a new one begins.

        Whether the caller records it says nothing about whether we do: that part is not taken over.
        """
        found = _TRACE.fullmatch(traceparent)
        return UUID(found[1]) if found and self._is_ours(address) else None

    def _is_ours(self, address: str) -> bool:
        try:
            caller = ip_address(address)
        except ValueError:
            return False
        return any(caller in network for network in self.ours)
