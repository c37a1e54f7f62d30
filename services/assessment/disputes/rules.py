"""Who may agree with or dispute a domain, and what it takes to settle a dispute."""

import enum
from collections.abc import Mapping
from typing import ClassVar

from shared.errors import Refusal

SETTLE_WITHIN_WORKING_DAYS = 20  # local policy, to be confirmed: no law sets the figure
TEAM_MANAGER, COORDINATOR = "team_manager", "care_coordinator"
BASIS_POINTS = 10_000


class Party(enum.StrEnum):
    """Who says something about a domain."""

    PERSON = "person"
    NHS = "nhs"
    COUNCIL = "council"


class Position(enum.StrEnum):
    AGREED = "agreed"
    DISPUTED = "disputed"


FUNDERS = frozenset({Party.NHS, Party.COUNCIL})


class DisputeState(enum.StrEnum):
    OPEN = "open"
    SETTLED = "settled"


# What may be done with a dispute in which state, and the state after it. Not listed is refused.
TRANSITIONS: Mapping[tuple[DisputeState, str], DisputeState] = {
    (DisputeState.OPEN, "settle"): DisputeState.SETTLED,
}


class DomainNotAssessedError(Refusal):
    """Nobody saw anything in this domain, so there is nothing to agree with or dispute."""

    code = "domain_not_assessed"
    next_step: ClassVar[str] = "Name a domain of the assessment."


class DisputeSettledError(Refusal):
    """A settled dispute stays settled."""

    code = "dispute_settled"
    next_step: ClassVar[str] = "If it is disputed anew, open another dispute with a new id."


class SharesUnfitError(Refusal):
    """Who pays is settled in shares of all of it; what the person disputes has none."""

    code = "shares_unfit"
    next_step: ClassVar[str] = (
        "For a funders' dispute give two shares that add up to 10,000; otherwise give none."
    )


class SettlerNotInRoleError(Refusal):
    """What funders dispute, the team manager settles."""

    code = "settler_not_in_role"
    next_step: ClassVar[str] = "Ask the person's team manager."


def check_assessed(domain: str, *, is_assessed: bool) -> None:
    if not is_assessed:
        raise DomainNotAssessedError(f"Nobody assessed {domain}.", field="domain")


def state_after(state: DisputeState, command: str) -> DisputeState:
    """Return the state after ``command``.

    Raises:
        DisputeSettledError: it cannot be done any more.
    """
    after = TRANSITIONS.get((state, command))
    if after is None:
        raise DisputeSettledError("This dispute is settled.", state=state.value)
    return after


def check_shares(party: Party, shares: Mapping[str, int] | None) -> None:
    """See that a funders' dispute is settled in shares, and the person's in words alone."""
    is_of_funders = party in FUNDERS
    if is_of_funders != (shares is not None):
        raise SharesUnfitError("These shares do not fit who disputed.", field="shares")
    if shares is not None and sum(shares.values()) != BASIS_POINTS:
        raise SharesUnfitError("The shares do not add up to 10,000.", field="shares")


def check_settler(party: Party, *, role: str) -> None:
    """Refuse that what the funders dispute is settled by somebody who works for one of them.

    Raises:
        SettlerNotInRoleError: it is for the team manager.
    """
    if party in FUNDERS and role != TEAM_MANAGER:
        raise SettlerNotInRoleError("This is for the team manager.", field="decided_by_role")


def role_to_settle(party: Party) -> str:
    """Return who settles it: what the person disputes, somebody talks over with them."""
    return TEAM_MANAGER if party in FUNDERS else COORDINATOR
