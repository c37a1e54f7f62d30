"""Sign-ins that are sound, of somebody whose account says less, or other, than it should."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from simulators.identity.facts import MOST_GROUPS
from simulators.identity.users import User

Facts = Mapping[str, Any]
LOW_LEVELS = {"nhs_login": "P0.Cp", "cis2": "AAL1_USERPASS", "council": ""}


def _without(facts: Facts, name: str) -> Facts:
    return {key: value for key, value in facts.items() if key != name}


def _low(facts: Facts) -> Facts:
    lowest = {"identity_proofing_level": "P0", "authentication_assurance_level": "1"}
    return {
        **facts,
        "amr": ["pwd"],
        **{name: level for name, level in lowest.items() if name in facts},
    }


CHANGES: Mapping[str, Callable[[Facts], Facts]] = {
    "no_nhs_number": lambda facts: _without(facts, "nhs_number"),
    "bad_nhs_number": lambda facts: {**facts, "nhs_number": "9990000011"},
    "low_level": _low,
    "unverified_email": lambda facts: {**facts, "email_verified": False},
    "no_roles": lambda facts: {**facts, "nhsid_nrbac_roles": [], "roles": [], "groups": []},
    "unknown_role": lambda facts: {
        **facts,
        "nhsid_nrbac_roles": [
            {**role, "role_code": "S0:G0:R0", "workgroups": ["unknown"]}
            for role in facts.get("nhsid_nrbac_roles", [])
        ],
        "roles": ["unknown"],
        "groups": ["unknown"],
    },
    "other_tenant": lambda facts: facts,
    "too_many_groups": lambda facts: {
        **facts,
        "groups": [f"group-{number}" for number in range(MOST_GROUPS + 1)],
    },
}


def changed(user: User, variant: str) -> User:
    """Let an account say something else for one sign-in."""
    facts = CHANGES[variant](user.facts)
    issuer = user.issuer
    if variant == "other_tenant":
        issuer = replace(issuer, tenant="00000000-0000-4000-8000-000000000000")
    return replace(user, issuer=issuer, facts=facts)
