"""What each kind of provider says of somebody: in the ID token, and at the userinfo endpoint."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

from simulators.identity.issuers import CIS2, NHS_LOGIN
from simulators.identity.users import User

# Which facts a scope asks for. At NHS login those of ``profile`` are known from P5 on.
NHS_LOGIN_SCOPES: Mapping[str, tuple[str, ...]] = {
    "profile": ("nhs_number", "family_name", "birthdate", "identity_proofing_level"),
    "basic_demographics": ("family_name", "birthdate", "identity_proofing_level"),
    "profile_extended": ("given_name",),
    "email": ("email", "email_verified"),
    "phone": ("phone_number", "phone_number_verified", "phone_number_pds_matched"),
    "landline": ("landline_number", "landline_number_verified"),
    "gp_registration_details": ("gp_ods_code",),
}
VERIFIED = ("email", "phone_number", "landline_number")  # unless an account says otherwise
NHS_LOGIN_AT_P0 = ("email", "phone", "landline")
CIS2_SCOPES: Mapping[str, tuple[str, ...]] = {
    "profile": ("uid", "nhsid_useruid", "name", "given_name", "family_name"),
    "email": ("email",),
    "nhsperson": ("nhsid_useruid", "title"),
    "nationalrbacaccess": ("nhsid_nrbac_roles",),
    "associatedorgs": ("nhsid_user_orgs",),
    "selectedrole": ("selected_roleid",),
}
COUNCIL_SCOPES: Mapping[str, tuple[str, ...]] = {
    "profile": ("oid", "tid", "name", "preferred_username"),
    "email": ("email",),
}
COUNCIL_USERINFO = ("name", "given_name", "family_name", "email")
MOST_GROUPS = 200  # with more of them a token names none, and says where to ask


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What is said of one sign-in."""

    subject: str
    in_token: Mapping[str, Any]
    at_userinfo: Mapping[str, Any]


def said(
    user: User, *, client_id: str, scopes: Iterable[str], issuer_url: str, level: str, role_id: str
) -> Said:
    """Say of ``user`` what ``scopes`` ask for.

    Args:
        user: who signed in.
        client_id: to whom it is said: a council's ``sub`` is another one for each client.
        scopes: as asked for.
        issuer_url: of the issuer.
        level: how sure the sign-in is: a vector of trust at NHS login, an ACR value at CIS2.
        role_id: which of their roles somebody chose at CIS2; empty: the first.
    """
    if user.issuer.kind is NHS_LOGIN:
        return _nhs_login(user, scopes=scopes, issuer_url=issuer_url, level=level)
    if user.issuer.kind is CIS2:
        return _cis2(user, scopes=scopes, level=level, role_id=role_id)
    return _council(user, client_id=client_id, scopes=scopes)


def _nhs_login(user: User, *, scopes: Iterable[str], issuer_url: str, level: str) -> Said:
    facts = {f"{one}_verified": True for one in VERIFIED if one in user.facts} | dict(user.facts)
    if user.facts["identity_proofing_level"] == "P0":
        scopes = [scope for scope in scopes if scope in NHS_LOGIN_AT_P0]
    asked = _of_scopes(NHS_LOGIN_SCOPES, scopes, facts)
    trust = {
        "vot": level,
        "vtm": f"{issuer_url}/trustmark/{urlsplit(issuer_url).hostname}",
        "token_use": "id",
    }
    profile = NHS_LOGIN_SCOPES["profile"]
    in_token = {name: value for name, value in asked.items() if name in profile}
    return Said(
        subject=facts.get("sub") or _stable(user),
        in_token={**trust, **in_token},
        at_userinfo=asked,
    )


def _cis2(user: User, *, scopes: Iterable[str], level: str, role_id: str) -> Said:
    subject = user.facts["sub"]
    roles = user.facts["nhsid_nrbac_roles"]
    selected = role_id or (roles[0]["person_roleid"] if roles else None)
    facts = {
        **user.facts,
        "uid": subject,
        "nhsid_useruid": subject,
        **({"selected_roleid": selected} if selected else {}),
    }
    asked = _of_scopes(CIS2_SCOPES, scopes, facts)
    in_token = {
        "acr": level,
        "amr": user.facts.get("amr", ["N3_SMARTCARD"]),
        "authentication_assurance_level": assurance(user),
        "id_assurance_level": user.facts.get("id_assurance_level", "3"),
        **{name: asked[name] for name in ("selected_roleid",) if name in asked},
    }
    return Said(subject=subject, in_token=in_token, at_userinfo=asked)


def _council(user: User, *, client_id: str, scopes: Iterable[str]) -> Said:
    facts = {**user.facts, "tid": user.issuer.tenant}
    groups = facts.get("groups", [])
    belongs: dict[str, Any] = {"groups": groups} if len(groups) <= MOST_GROUPS else _too_many()
    in_token = {
        **_of_scopes(COUNCIL_SCOPES, scopes, facts),
        "ver": "2.0",
        "roles": facts.get("roles", []),
        "acct": facts.get("acct", 0),
        "amr": facts.get("amr", ["pwd", "mfa"]),
        **belongs,
    }
    return Said(
        subject=uuid5(NAMESPACE_URL, f"{user.issuer.path} {user.name} {client_id}").hex,
        in_token=in_token,
        at_userinfo={name: facts[name] for name in COUNCIL_USERINFO if name in facts},
    )


def assurance(user: User) -> str:
    """Return how strongly somebody signs in at CIS2: "2" or "3"."""
    return str(user.facts.get("authentication_assurance_level", "3"))


def _too_many() -> dict[str, Any]:
    source = {"endpoint": "https://graph.invalid/v1.0/users/me/getMemberObjects"}
    return {"_claim_names": {"groups": "src1"}, "_claim_sources": {"src1": source}}


def _of_scopes(
    known: Mapping[str, tuple[str, ...]], scopes: Iterable[str], facts: Mapping[str, Any]
) -> dict[str, Any]:
    names = {name for scope in scopes for name in known.get(scope, ())}
    return {name: value for name, value in facts.items() if name in names}


def _stable(user: User) -> str:
    """Make an account's id, the same after a restart."""
    return str(uuid5(NAMESPACE_URL, f"{user.issuer.path} {user.name}"))
