"""A subject of the API: routes that belong together."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.gateway.routes import Route


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Routes under one heading of the API's description."""

    name: str
    says: str
    routes: Sequence[Route]
