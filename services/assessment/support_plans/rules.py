"""A support plan's states, its content and what is wrong with it."""

import enum
import hashlib
import json
from collections.abc import Collection, Mapping
from typing import Any, ClassVar
from uuid import UUID

from services.assessment.support_plans.exclusions import exclusion_of
from shared.errors import Refusal

DEAREST_PENCE = 1_000_000_00  # for one occurrence; a slip of the finger is not a plan
MOST_OCCURRENCES = 10_000

RAILS = ("card", "bacs", "invoice")
PAYERS = ("joint", "nhs", "council")
SIGNING_TEAM = ("broker", "care_coordinator")  # beside the person
SIGN_WITHIN_WORKING_DAYS = 10  # local policy, to be confirmed


class PlanState(enum.StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    SIGNED = "signed"  # by all three
    APPROVED = "approved"  # in whole or in part
    RETURNED = "returned"  # something has to change
    REFUSED = "refused"


class ControlLevel(enum.IntEnum):
    """How much the person runs themselves; it moves both ways, and each move is a version."""

    ALL_ARRANGED = 0
    CHOOSES = 1
    ORDERS = 2
    SHARES = 3
    DIRECT_PAYMENT = 4


class Mode(enum.StrEnum):
    """The three ways in which an NHS body must be able to run a budget (SI 2012/2996, reg. 32B)."""

    NOTIONAL = "notional"
    THIRD_PARTY = "third_party"
    DIRECT = "direct"


class InterviewMode(enum.StrEnum):
    FACE_TO_FACE = "face_to_face"
    VIDEO = "video"
    TELEPHONE = "telephone"


class Feature(enum.StrEnum):
    """The six features of a personal health budget (NHS England, personal health budgets)."""

    CENTRAL_IN_PLANNING = "central_in_planning"
    AGREED_OUTCOMES = "agreed_outcomes"
    KNOWN_AMOUNT = "known_amount"
    ENOUGH_MONEY = "enough_money"
    CHOICE_OF_MODE = "choice_of_mode"
    FLEXIBLE_USE = "flexible_use"


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
    (PlanState.SIGNED, "approve_in_part"): PlanState.APPROVED,
    (PlanState.SIGNED, "return"): PlanState.RETURNED,
    (PlanState.SIGNED, "refuse"): PlanState.REFUSED,
    (PlanState.SIGNED, "escalate"): PlanState.SIGNED,
    (PlanState.APPROVED, "draft"): PlanState.DRAFT,
    (PlanState.RETURNED, "draft"): PlanState.DRAFT,
    (PlanState.REFUSED, "draft"): PlanState.DRAFT,
    (PlanState.REFUSED, "reopen"): PlanState.SIGNED,  # an appeal was upheld
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


class GoalUnknownError(Refusal):
    """Something serves a goal that the plan does not have."""

    code = "goal_unknown"
    next_step: ClassVar[str] = "Name a goal of this plan, or add the goal to it."


class PartUnknownError(Refusal):
    """An item belongs to a part of the budget that the plan does not have."""

    code = "part_unknown"
    next_step: ClassVar[str] = "Name a part of this plan, or add the part to it."


class ExcludedError(Refusal):
    """A rule forbids that a budget pays for this."""

    code = "excluded_by_rule"
    next_step: ClassVar[str] = (
        "Leave the item out; record it under wanted_but_unavailable, and ask what else would"
        " serve the goal."
    )


class ModeUnfitError(Refusal):
    """A direct payment is run by the person, and nothing else is."""

    code = "mode_does_not_fit_control_level"
    next_step: ClassVar[str] = (
        "Choose the mode direct together with control level 4, or another mode with a lower level."
    )


class SubstituteMissingError(Refusal):
    """Nobody would look after a direct payment while the person cannot."""

    code = "substitute_manager_missing"
    next_step: ClassVar[str] = (
        "Name in the crisis plan who looks after the money meanwhile, or choose another mode."
    )


class CapAboveReserveError(Refusal):
    """A crisis plan counts on more than the funders have promised."""

    code = "crisis_cap_above_reserve"
    next_step: ClassVar[str] = "Lower crisis_plan.cap_pence to the reserve that the details name."


class InterviewMissingError(Refusal):
    """Nobody talked the plan over with the person."""

    code = "interview_missing"
    next_step: ClassVar[str] = "Hold an interview, record it, then submit the plan."


class InterviewerNotBrokerError(Refusal):
    """The person's broker holds the interview."""

    code = "interviewer_not_broker"
    next_step: ClassVar[str] = "Have the interview held by the broker of the person's care team."


class BudgetInUseError(Refusal):
    """A plan whose budget is in use does not lose all of its items by an edit."""

    code = "budget_in_use"
    next_step: ClassVar[str] = "Ask for a review: it can end the budget with the person."


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


def check_known(named: Collection[UUID], *, goal_ids: Collection[UUID], field: str) -> None:
    """Refuse what serves a goal that the plan does not have."""
    if not set(named) <= set(goal_ids):
        raise GoalUnknownError("The plan has no such goal.", field=field)


def check_item(
    *, part_id: UUID, part_ids: Collection[UUID], category: str, merchant_category_code: str | None
) -> None:
    """Refuse an item of no part of the plan, or one that the law keeps out of a budget."""
    if part_id not in part_ids:
        raise PartUnknownError("The plan has no such part.", field="items.part_id")
    excluded = exclusion_of(category=category, merchant_category_code=merchant_category_code)
    if excluded is not None:
        raise ExcludedError(
            excluded.words, field="items", rule=excluded.rule, source=excluded.source
        )


def check_mode(*, control_level: ControlLevel, mode: Mode) -> None:
    """Refuse a direct payment that the person does not run, and the other way round."""
    if (mode == Mode.DIRECT) != (control_level == ControlLevel.DIRECT_PAYMENT):
        raise ModeUnfitError("This mode does not fit this control level.", field="parts.mode")


def check_crisis_plan(
    *,
    has_direct_part: bool,
    has_crisis_plan: bool,
    has_substitute: bool,
    cap_pence: int,
    reserve_pence: int,
) -> None:
    """Refuse a crisis plan that could not be followed.

    Args:
        has_direct_part: the person runs a part of the budget alone.
        has_crisis_plan: there is one; who declined to make one is asked nothing.
        has_substitute: somebody is named who looks after the budget meanwhile.
        cap_pence: how much of the reserve the plan counts on.
        reserve_pence: what the funders have promised for a crisis.
    """
    if has_direct_part and has_crisis_plan and not has_substitute:
        raise SubstituteMissingError("Nobody is named.", field="crisis_plan.substitute_manager")
    if cap_pence > reserve_pence:
        raise CapAboveReserveError(
            "The funders have promised less.",
            field="crisis_plan.cap_pence",
            reserve_pence=reserve_pence,
        )


def check_still_paid(*, has_budget: bool, has_items: bool) -> None:
    if has_budget and not has_items:
        raise BudgetInUseError("This plan has a budget.", field="items")


def check_interviewer(*, broker_id: UUID, rightful_id: UUID | None) -> None:
    """Refuse an interview that somebody else held."""
    if broker_id != rightful_id:
        raise InterviewerNotBrokerError("This is not the person's broker.", field="broker_id")


def check_interviewed(*, is_interviewed: bool) -> None:
    if not is_interviewed:
        raise InterviewMissingError("No interview with the broker is on record.")


def content_sha256(content: Mapping[str, Any]) -> str:
    """Return what is signed: the SHA-256 of a plan's content as canonical JSON."""
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()
