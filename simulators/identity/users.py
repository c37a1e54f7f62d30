"""Who can sign in: the ready ones of ``users.toml``, and those who are added while it runs."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

from simulators.identity.errors import UnfitError
from simulators.identity.issuers import Issuer, Issuers, all_issuers
from simulators.identity.known_facts import check_facts

FIELDS = {"user", "issuer", "role", "claims"}


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """Somebody with an account at one issuer."""

    name: str  # what ``login_hint`` says
    issuer: Issuer
    role: str  # what they are to Common Purse: for whoever chooses on the page, in no token
    facts: Mapping[str, Any]

    def as_wire(self) -> dict[str, Any]:
        return {
            "user": self.name,
            "issuer": self.issuer.path,
            "role": self.role,
            "claims": dict(self.facts),
        }


@dataclass(slots=True)
class Users:
    """Everybody, by name."""

    issuers: Issuers
    _by_name: dict[str, User] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    @classmethod
    def load(cls, path: Path) -> "Users":
        """Read the ready users and the councils.

        Raises:
            OSError: the file cannot be read.
            ValueError: it is not TOML, or holds a user who does not fit.
        """
        document = tomllib.loads(path.read_text(encoding="utf-8"))
        users = cls(all_issuers(document["councils"]))
        for name, said in document["users"].items():
            claims = {key: value for key, value in said.items() if key not in {"issuer", "role"}}
            users.add(
                {"user": name, "issuer": said["issuer"], "role": said["role"], "claims": claims}
            )
        return users

    def find(self, name: str | None, issuer: Issuer) -> User | None:
        with self._lock:
            user = self._by_name.get(name or "")
        return user if user is not None and user.issuer is issuer else None

    def of(self, issuer: Issuer | None = None) -> list[User]:
        with self._lock:
            return [one for one in self._by_name.values() if issuer in {None, one.issuer}]

    def add(self, wanted: object) -> tuple[User, bool]:
        """Add a user, and say whether they are new: asked for twice, they are added once.

        Raises:
            UnfitError: it is not a user, or there is another of that name.
        """
        user = self._read(wanted)
        with self._lock:
            known = self._by_name.setdefault(user.name, user)
        if known.as_wire() != user.as_wire():
            raise UnfitError("There is another user of this name.")
        return known, known is user

    def _read(self, wanted: object) -> User:
        if not isinstance(wanted, Mapping) or set(wanted) != FIELDS:
            raise UnfitError("A user is a JSON object with user, issuer, role and claims.")
        name, path, role, claims = (wanted[key] for key in ("user", "issuer", "role", "claims"))
        if not all(isinstance(text, str) and text for text in (name, path, role)):
            raise UnfitError("user, issuer and role are texts, and not empty.")
        issuer = self.issuers.by_path.get(path)
        if issuer is None or not issuer.kind.signs_people_in:
            raise UnfitError(f"Nobody signs in at {path}.")
        if not isinstance(claims, Mapping):
            raise UnfitError("claims is a JSON object.")
        check_facts(issuer, claims)
        return User(name=name, issuer=issuer, role=role, facts=claims)
