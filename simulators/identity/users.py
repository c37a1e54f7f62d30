"""Who can sign in: the ready ones of ``users.toml``, and those who are added while it runs."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

from simulators.identity.errors import UnfitError
from simulators.identity.issuers import CIS2, COUNCIL, NHS_LOGIN, Issuer, Issuers, all_issuers

FIELDS = {"user", "issuer", "role", "claims"}
_WEIGHTS = range(10, 1, -1)
# What may be said of a user, and what must be: one set of facts for each kind of issuer.
FACTS: Mapping[str, frozenset[str]] = {
    NHS_LOGIN.name: frozenset(
        (
            *("sub", "identity_proofing_level", "nhs_number", "family_name", "given_name"),
            *("birthdate", "email", "email_verified", "phone_number", "phone_number_verified"),
            *("phone_number_pds_matched", "landline_number", "landline_number_verified"),
            *("gp_ods_code",),
        )
    ),
    CIS2.name: frozenset(
        (
            *("sub", "name", "given_name", "family_name", "title", "email", "amr"),
            *("authentication_assurance_level", "id_assurance_level", "nhsid_nrbac_roles"),
            *("nhsid_user_orgs",),
        )
    ),
    COUNCIL.name: frozenset(
        (
            *("oid", "name", "given_name", "family_name", "preferred_username", "email"),
            *("groups", "roles", "acct", "amr"),
        )
    ),
}
NEEDED: Mapping[str, frozenset[str]] = {
    NHS_LOGIN.name: frozenset({"identity_proofing_level", "email"}),
    CIS2.name: frozenset({"sub", "name", "nhsid_nrbac_roles"}),
    COUNCIL.name: frozenset({"oid", "name", "preferred_username"}),
}
PROVED = frozenset({"nhs_number", "family_name", "birthdate"})  # known from P5 on


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


def check_facts(issuer: Issuer, facts: Mapping[str, Any]) -> None:
    """See that an issuer of this kind can know what is said of somebody.

    Raises:
        UnfitError: naming what is missing, unknown or malformed.
    """
    kind = issuer.kind.name
    if unknown := set(facts) - FACTS[kind]:
        raise UnfitError(f"{issuer.path} does not know {', '.join(sorted(unknown))}.")
    needed = NEEDED[kind]
    if issuer.kind is NHS_LOGIN:
        if facts.get("identity_proofing_level") not in {"P0", "P5", "P9"}:
            raise UnfitError("identity_proofing_level is P0, P5 or P9.")
        needed = needed if facts["identity_proofing_level"] == "P0" else needed | PROVED
    if missing := needed - set(facts):
        raise UnfitError(f"{', '.join(sorted(missing))} is missing.")
    if "nhs_number" in facts and not is_nhs_number(facts["nhs_number"]):
        raise UnfitError("nhs_number is ten digits of which the last one fits.")
    check_roles(facts.get("nhsid_nrbac_roles", []))


def check_roles(roles: object) -> None:
    """See that each role says where it is held, and which it is."""
    wanted = {"person_roleid", "org_code", "role_code"}
    if not isinstance(roles, list) or not all(
        isinstance(role, Mapping) and wanted <= set(role) for role in roles
    ):
        raise UnfitError("Each of nhsid_nrbac_roles has person_roleid, org_code and role_code.")


def is_nhs_number(text: object) -> bool:
    """Tell whether a number's tenth digit is the one that the others ask for (Modulus 11)."""
    if not isinstance(text, str) or len(text) != 10 or not (text.isascii() and text.isdigit()):  # noqa: PLR2004
        return False
    total = sum(int(digit) * weight for digit, weight in zip(text[:9], _WEIGHTS, strict=True))
    return (11 - total % 11) % 11 == int(text[9])
