"""When a referral is answered, and what may come of it in which order."""

import enum
from collections.abc import Mapping
from datetime import date, timedelta
from typing import ClassVar

from shared.contracts.organisations import Organisations
from shared.errors import Refusal

# Local policy, to be confirmed by whoever runs this: no law sets the figure.
ANSWER_WITHIN_DAYS = 28


class Urgency(enum.StrEnum):
    ROUTINE = "routine"
    URGENT = "urgent"


class Source(enum.StrEnum):
    """Who asks. Nobody has to be sent by anybody else."""

    NHS = "nhs"
    COUNCIL = "council"
    VOLUNTARY_SECTOR = "voluntary_sector"
    FAMILY = "family"  # or friends
    PERSON = "person"

    @property
    def is_organisation(self) -> bool:
        return self not in {Source.FAMILY, Source.PERSON}


class Outcome(enum.StrEnum):
    OPEN = "open"
    REFUSED = "refused"  # with reasons; an appeal can open it again
    DECLINED = "declined"  # the person wants no budget now; it can be offered again
    AGREED = "agreed"  # a plan was approved
    CLOSED = "closed"  # the person has died or moved away: nothing is done on it any more


# What may be done in which state, and the state after it. What is not listed is refused.
TRANSITIONS: Mapping[tuple[Outcome, str], Outcome] = {
    (Outcome.OPEN, "offer"): Outcome.OPEN,
    (Outcome.OPEN, "decline"): Outcome.DECLINED,
    (Outcome.OPEN, "plan"): Outcome.OPEN,
    (Outcome.OPEN, "approve"): Outcome.AGREED,
    (Outcome.OPEN, "refuse"): Outcome.REFUSED,
    (Outcome.REFUSED, "reopen"): Outcome.OPEN,
    (Outcome.DECLINED, "offer"): Outcome.OPEN,
    (Outcome.DECLINED, "decline"): Outcome.DECLINED,
    (Outcome.AGREED, "offer"): Outcome.AGREED,
    (Outcome.AGREED, "plan"): Outcome.AGREED,
    (Outcome.AGREED, "approve"): Outcome.AGREED,
}


class ConsentNeededError(Refusal):
    """Nothing about a person is shared, or kept here, without their consent."""

    code = "consent_needed"
    next_step: ClassVar[str] = (
        "Ask the person whether NHS and council may share what the assessment needs;"
        " if they agree, send the referral again with a new id."
    )


class BudgetDeclinedError(Refusal):
    """The person declined a budget, so nothing is planned for them."""

    code = "budget_declined"
    next_step: ClassVar[str] = "If the person has changed their mind, offer the budget again first."


class PlanApprovedError(Refusal):
    """A plan was approved, so its budget is not declined any more."""

    code = "plan_approved"
    next_step: ClassVar[str] = "Ask for a review: it can end the budget with the person."


class ReferralRefusedError(Refusal):
    """The referral was refused, so nothing is offered or planned on it."""

    code = "referral_refused"
    next_step: ClassVar[str] = (
        "Help the person to appeal: the refusal says how. An appeal that is upheld opens it again."
    )


class ReferralNotRefusedError(Refusal):
    """What was never refused is not opened again."""

    code = "referral_not_refused"
    next_step: ClassVar[str] = "Go on with the referral: it is open."


class CaseClosedError(Refusal):
    """The person has died or moved away, so nothing is done on the case any more."""

    code = "case_closed"
    next_step: ClassVar[str] = (
        "Read on the case what happened. If somebody was wrong about it, ask whoever recorded it."
    )


# What a command meets that is not listed, by the state it meets.
_WHY_NOT: Mapping[Outcome, tuple[type[Refusal], str]] = {
    Outcome.OPEN: (ReferralNotRefusedError, "This referral was not refused."),
    Outcome.DECLINED: (BudgetDeclinedError, "The person declined a budget."),
    Outcome.REFUSED: (ReferralRefusedError, "This referral was refused."),
    Outcome.AGREED: (PlanApprovedError, "A plan was approved on this referral."),
    Outcome.CLOSED: (CaseClosedError, "This case is closed."),
}


def shared_with(organisation: str | None, *, among: Organisations) -> frozenset[str]:
    """Return with whom a person agrees to share when they consent to a referral.

    The assessment is one of the NHS and the council; whoever sends the referral follows it.

    Args:
        organisation: which sends it; None: the person or their family does.
        among: those that take part.
    """
    own = set() if organisation is None else {organisation}
    return among.assessing(organisation) | own


class NotOfThisCaseError(Refusal):
    """The organisation assesses people, and not on this case."""

    code = "not_of_this_case"
    next_step: ClassVar[str] = (
        "Refer the person yourselves: there is an assessment by those who referred them."
    )


def check_takes_part(organisation: str, referred_by: str | None, *, among: Organisations) -> None:
    """See that an organisation that has a side is one of those who assess on this referral.

    Raises:
        NotOfThisCaseError: it is another one, as of another area.
    """
    if organisation in among.sides and organisation not in shared_with(referred_by, among=among):
        raise NotOfThisCaseError("This organisation does not assess on this case.")


def check_goes_on(outcome: Outcome) -> None:
    if outcome == Outcome.CLOSED:
        raise CaseClosedError("This case is closed.")


def check_consent(*, is_given: bool) -> None:
    if not is_given:
        raise ConsentNeededError("The person has not agreed that NHS and council share this.")


def answer_due_on(received_on: date) -> date:
    """Return by when the person has an answer, counted from the day the referral reached us."""
    return received_on + timedelta(days=ANSWER_WITHIN_DAYS)


def outcome_after(outcome: Outcome, command: str) -> Outcome:
    """Return the outcome after ``command``.

    Raises:
        CaseClosedError: the person has died or moved away.
        BudgetDeclinedError: the person declined, and ``command`` needs a budget.
        ReferralRefusedError: it was refused. ReferralNotRefusedError: it was not.
        PlanApprovedError: a plan was approved, and ``command`` needs that none was.
    """
    after = TRANSITIONS.get((outcome, command))
    if after is not None:
        return after
    error, message = _WHY_NOT[outcome]
    raise error(message)
