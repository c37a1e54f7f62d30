"""What a route is: an address, the operation behind it, and what goes in and comes out.

Each subject lists its routes; ``door.py`` makes them answer. Nothing else does.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from marshmallow import Schema

from services.gateway.merging import Merge
from services.gateway.voices import Voice


class NothingSchema(Schema):
    """Nothing is said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settling:
    """How to see whether what a command began has come to rest: ``Prefer: wait`` waits for it."""

    query: str
    by: str  # the field of the answer, or of the address, that the query asks by
    is_settled: Callable[[Mapping[str, Any]], bool]
    gives: type[Schema]


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One address and method."""

    method: str
    path: str
    operation: str  # "payments.request_purchase"; of a merged list the route's own name
    says: str  # one line for whoever reads the API's description
    takes: type[Schema] = NothingSchema
    gives: type[Schema] = NothingSchema
    is_list: bool = False
    new: str | None = None  # the field with the id of what is made: it follows from the key
    fills: Mapping[str, str] = field(default_factory=dict)  # field: what of the visitor goes in
    voices: Mapping[str, Voice] = field(default_factory=dict)  # field: what their role may say
    hides: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # role: what it is not shown
    location: str | None = None  # of what was made or changed, with fields of the request in it
    settling: Settling | None = None
    merge: Merge | None = None  # the lists of several services are given as one
    version: Callable[[Any], int] | None = None  # of what is read: its ETag
    if_match: str | None = None  # the field with the version that the caller has seen
    is_file: bool = False  # the answer is a document, and is sent as one
    is_search: bool = False  # a question whose words belong in no address and no log

    @property
    def is_command(self) -> bool:
        return self.method != "GET" and not self.is_search

    def hidden_from(self, roles: Collection[str]) -> frozenset[str]:
        """Return the fields of the answer that one of these roles is not shown.

        By which of several roles the record is theirs, the service knows: so it is the least.
        """
        return frozenset().union(*(self.hides.get(role, ()) for role in roles))

    @property
    def operations(self) -> tuple[str, ...]:
        """Return everything that is asked of a service here."""
        return self.merge.operations if self.merge else (self.operation,)


def read(path: str, operation: str, gives: type[Schema], says: str, **more: Any) -> Route:
    """Return a route that answers a question."""
    return Route(method="GET", path=path, operation=operation, gives=gives, says=says, **more)


def search(path: str, operation: str, takes: type[Schema], says: str, **more: Any) -> Route:
    """Return a route that answers a question which comes in the body: it names somebody."""
    more = {"method": "POST", "is_search": True, **more}
    return Route(path=path, operation=operation, takes=takes, says=says, **more)


def do(path: str, operation: str, takes: type[Schema], says: str, **more: Any) -> Route:
    """Return a route that has something done."""
    more = {"method": "POST", **more}
    return Route(path=path, operation=operation, takes=takes, says=says, **more)
