"""What is learnt of somebody who signed in: who they are to us, and in which roles."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from uuid import UUID, uuid5

from marshmallow import ValidationError

from services.gateway.calling import Callers
from services.gateway.problems import ProblemError
from services.gateway.providers import Provider
from services.gateway.recognising.wire import Cis2Says, CouncilSays, NhsLoginSays
from services.gateway.sessions.commands import Choice
from services.gateway.tokens.rules import BadTokenError
from shared.contracts.actor import EVERYBODY, Actor

STAFF = UUID("a5b1d3c4-6b5e-4f0e-9a55-3c1c2a4f7d10")
FIND_PERSON = "assessment.find_person"
FIND_REPRESENTATIVE = "assessment.find_representative"


@dataclass(frozen=True, slots=True, kw_only=True)
class Learnt:
    """Who somebody is to us."""

    actor_id: str
    choices: Sequence[Choice]
    chosen: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a provider says: in the ID token, which was found right, and at userinfo."""

    provider: Provider
    claims: Mapping[str, Any]
    userinfo: Mapping[str, Any]


def learn(said: Said, *, callers: Callers, request_id: str) -> Learnt:
    """Return who somebody is.

    Raises:
        BadTokenError: what is said has not its form.
        ProblemError: they are nobody to us, or assessment does not answer.
    """
    ways: Mapping[str, Callable[[], Learnt]] = {
        "nhs_login": lambda: _person(said, callers=callers, request_id=request_id),
        "cis2": lambda: _nhs_staff(said),
        "council": lambda: _council_staff(said),
    }
    try:
        found = ways[said.provider.kind]()
    except ValidationError:
        raise BadTokenError("facts") from None
    if not found.choices:
        raise _nobody("no_role", "You have no role here.")
    return found


def _person(said: Said, *, callers: Callers, request_id: str) -> Learnt:
    """Find the person by their NHS number, or else who acts for one: asked for nobody yet."""
    nhs_number = NhsLoginSays().load(said.userinfo)["nhs_number"]
    if said.claims.get("nhs_number", nhs_number) != nhs_number:
        raise BadTokenError("nhs_number")
    gateway = Actor(
        actor_id="gateway",
        roles=("system",),
        organisation="gateway",
        relations=frozenset({EVERYBODY}),
        purpose="sign_in",
        request_id=request_id,
    )
    try:
        return _of_number(nhs_number, callers=callers, gateway=gateway)
    except ProblemError as problem:
        if problem.code != "invalid_request":
            raise
        raise BadTokenError("nhs_number") from None


def _of_number(nhs_number: str, *, callers: Callers, gateway: Actor) -> Learnt:
    """Return a person of ours; somebody who is none may act for one."""
    asked = {"nhs_number": nhs_number, "council_client_id": None}
    person_id = callers.ask(FIND_PERSON, asked, actor=gateway)["person_id"]
    if person_id is not None:
        return _one_of(str(person_id), [Choice(role="budget_holder", organisation="")])
    number = {"nhs_number": nhs_number}
    acting_id = callers.ask(FIND_REPRESENTATIVE, number, actor=gateway)["representative_id"]
    if acting_id is not None:
        return _one_of(str(acting_id), [Choice(role="representative", organisation="")])
    raise _nobody("not_known_here", "Nobody with your NHS number is known here.")


def _nhs_staff(said: Said) -> Learnt:
    provider = said.provider
    found = [
        (Choice(role=role, organisation=organisation), held["person_roleid"])
        for held in Cis2Says().load(said.userinfo)["nhsid_nrbac_roles"]
        for role in _ours(held["workgroups"], provider)
        if (organisation := provider.organisations.get(held["org_code"]))
    ]
    selected = said.claims.get("selected_roleid")
    of_selected = [number for number, (_, role_id) in enumerate(found) if role_id == selected]
    chosen = of_selected[0] if len(of_selected) == 1 else None
    return _one_of(_staff_id(said), [choice for choice, _ in found], chosen=chosen)


def _council_staff(said: Said) -> Learnt:
    """Read a council's token: its own staff are the council's, a guest is their employer's."""
    facts = CouncilSays().load(said.claims)
    provider, is_guest = said.provider, facts["acct"] == 1
    choices = [
        Choice(role=role, organisation=organisation)
        for role in _ours(facts["roles"], provider)
        if (organisation := provider.guests.get(role) if is_guest else provider.organisation)
    ]
    return _one_of(str(facts["oid"]), choices)


def _ours(theirs: Iterable[str], provider: Provider) -> list[str]:
    return list(dict.fromkeys(provider.roles[one] for one in theirs if one in provider.roles))


def _staff_id(said: Said) -> str:
    subject = said.claims["sub"]
    own = str(uuid5(STAFF, f"{said.provider.issuer}|{subject}"))
    return said.provider.staff_ids.get(subject, own)


def _one_of(actor_id: str, choices: Sequence[Choice], *, chosen: int | None = None) -> Learnt:
    """Choose the only role that somebody has; among several it is theirs to choose."""
    only = 0 if len(choices) == 1 else chosen
    return Learnt(actor_id=actor_id, choices=choices, chosen=only)


def _nobody(code: str, message: str) -> ProblemError:
    return ProblemError(
        HTTPStatus.FORBIDDEN,
        code,
        message,
        next_step="Ask your care coordinator, or whoever gave you access.",
    )
