"""A support plan's states, its content and what is wrong with it."""

import enum
import hashlib
import json
from collections.abc import Collection, Mapping
from typing import Any, ClassVar

from shared.errors import Refusal

DEAREST_PENCE = 1_000_000_00  # for one occurrence; a slip of the finger is not a plan
MOST_OCCURRENCES = 10_000

RAILS = ("card", "bacs", "invoice")
PAYERS = ("joint", "nhs", "council")
SIGNING_TEAM = ("broker", "care_coordinator")  # beside the person


class PlanState(enum.StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    SIGNED = "signed"  # by all three
    APPROVED = "approved"


# What may be done with a plan in which state, and the state after it. Not listed is refused.
# Drafting again makes a new version: what was signed or approved stays with the old one.
TRANSITIONS: Mapping[tuple[PlanState, str], PlanState] = {
    (PlanState.DRAFT, "draft"): PlanState.DRAFT,
    (PlanState.DRAFT, "submit"): PlanState.SUBMITTED,
    (PlanState.SUBMITTED, "draft"): PlanState.DRAFT,
    (PlanState.SUBMITTED, "sign"): PlanState.SUBMITTED,
    (PlanState.SUBMITTED, "sign_as_last"): PlanState.SIGNED,
    (PlanState.SIGNED, "draft"): PlanState.DRAFT,
    (PlanState.SIGNED, "approve"): PlanState.APPROVED,
    (PlanState.APPROVED, "draft"): PlanState.DRAFT,
}


class PlanNotInThatStateError(Refusal):
    """What is asked cannot be done with the plan as it stands now."""

    code = "plan_not_in_that_state"
    next_step: ClassVar[str] = (
        "A draft is submitted, then signed by three people, then decided on;"
        " to change a plan, draft it again."
    )


class PlanVersionOutdatedError(Refusal):
    """There is a newer version of the plan."""

    code = "plan_version_outdated"
    next_step: ClassVar[str] = "Read the latest version and use its number."


class TeamIncompleteError(Refusal):
    """Nobody could sign for the broker or the care coordinator."""

    code = "team_incomplete"
    next_step: ClassVar[str] = "Assign a broker and a care coordinator, then submit the plan."


class AnotherPlanError(Refusal):
    """The referral has a plan already, under another id."""

    code = "referral_has_a_plan"
    next_step: ClassVar[str] = "Draft that plan again: it gets a new version."


def state_after(state: PlanState, command: str) -> PlanState:
    """Return the state after ``command``.

    Raises:
        PlanNotInThatStateError: it cannot be done now.
    """
    after = TRANSITIONS.get((state, command))
    if after is None:
        raise PlanNotInThatStateError(
            f"The plan is {state.value}; this cannot be done with it now.", state=state.value
        )
    return after


def check_latest(*, version: int, latest: int) -> None:
    if version != latest:
        raise PlanVersionOutdatedError(
            f"This is not the plan's latest version, which is {latest}.", latest_version=latest
        )


def check_team(roles: Collection[str]) -> None:
    missing = [role for role in SIGNING_TEAM if role not in roles]
    if missing:
        raise TeamIncompleteError("The care team lacks: " + ", ".join(missing) + ".")


def check_only_plan(*, is_only_one: bool) -> None:
    if not is_only_one:
        raise AnotherPlanError("This referral has a plan already.")


def content_sha256(content: Mapping[str, Any]) -> str:
    """Return what is signed: the SHA-256 of a plan's content as canonical JSON."""
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()
