"""What may be said of somebody, at each kind of issuer."""

from collections.abc import Mapping
from typing import Any

from simulators.identity.errors import UnfitError
from simulators.identity.issuers import CIS2, COUNCIL, NHS_LOGIN, Issuer

_WEIGHTS = range(10, 1, -1)
LISTS_OF_TEXTS = {"amr", "groups", "roles"}
LISTS_OF_OBJECTS: Mapping[str, tuple[str, ...]] = {
    "nhsid_nrbac_roles": ("person_roleid", "org_code", "role_code"),
    "nhsid_user_orgs": ("org_code",),
}
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
    check_types(facts)


def check_types(facts: Mapping[str, Any]) -> None:
    """See that each fact is of its type: a text, unless it is named above."""
    for name, value in facts.items():
        if name in LISTS_OF_TEXTS:
            is_fine = isinstance(value, list) and all(isinstance(one, str) for one in value)
        elif name in LISTS_OF_OBJECTS:
            is_fine = isinstance(value, list) and all(
                _has_texts(one, LISTS_OF_OBJECTS[name]) for one in value
            )
        elif name == "acct" or name.endswith("_verified"):
            is_fine = type(value) is (int if name == "acct" else bool)
        else:
            is_fine = isinstance(value, str)
        if not is_fine:
            raise UnfitError(f"{name} is of another type, or lacks something.")


def _has_texts(value: object, names: tuple[str, ...]) -> bool:
    return isinstance(value, Mapping) and all(isinstance(value.get(one), str) for one in names)


def is_nhs_number(text: object) -> bool:
    """Tell whether a number's tenth digit is the one that the others ask for (Modulus 11)."""
    if not isinstance(text, str) or len(text) != 10 or not (text.isascii() and text.isdigit()):  # noqa: PLR2004
        return False
    total = sum(int(digit) * weight for digit, weight in zip(text[:9], _WEIGHTS, strict=True))
    return (11 - total % 11) % 11 == int(text[9])
