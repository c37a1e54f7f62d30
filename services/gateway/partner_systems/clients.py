"""The partners' systems that may ask for a token: a file, read once at the start."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

ALGORITHMS = {"RS512", "PS256", "ES256", "RS256"}
PRIVATE = {"d", "p", "q", "k"}


class ClientsFileError(Exception):
    """The file of partners' systems does not fit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A partner's system."""

    client_id: str
    organisation: str
    algorithms: Sequence[str]
    keys: Sequence[Mapping[str, Any]]  # public JWKs, each with its kid

    def keys_of(self, kid: str) -> Sequence[Mapping[str, Any]]:
        """Return its keys of this id."""
        return [key for key in self.keys if key.get("kid") == kid]


def load(text: str) -> Mapping[str, Client]:
    """Read the file's text: clients by their id.

    Raises:
        ClientsFileError: it does not fit.
    """
    try:
        entries = tomllib.loads(text).get("clients", {})
        clients = {name: Client(client_id=name, **entry) for name, entry in entries.items()}
    except (TypeError, ValueError, AttributeError):
        raise ClientsFileError("The file of clients cannot be read.") from None
    for client in clients.values():
        kids = [key.get("kid") for key in client.keys]
        if not client.organisation or set(client.algorithms) - ALGORITHMS or not client.algorithms:
            raise ClientsFileError(f"{client.client_id}: an organisation, and algorithms we take.")
        if not kids or None in kids or len(set(kids)) != len(kids):
            raise ClientsFileError(f"{client.client_id}: keys, each with a kid of its own.")
        if any(PRIVATE & set(key) for key in client.keys):
            raise ClientsFileError(f"{client.client_id}: public keys, and no private one.")
    return clients
