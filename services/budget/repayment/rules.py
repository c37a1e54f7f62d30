"""The steps by which a repayment goes from a proposal to the books."""

import enum
from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType
from uuid import UUID

from shared.errors import IdReusedError, NotFoundError, Refusal

LEAST_NOTICE_WEEKS = 2  # policy: the law asks for reasonable notice and sets no figure
USUAL_NOTICE_WEEKS = 4


class Ground(enum.StrEnum):
    """Why money is to go back (SI 2013/1617, reg. 15(1)), which names these among others."""

    PLAN_CHANGED = "plan_changed"  # (a)
    CIRCUMSTANCES_CHANGED = "circumstances_changed"  # (b)
    ACCUMULATED = "accumulated"  # (c)
    MISUSED = "misused"  # (d)
    OFFENCE = "offence"  # (e)
    DIED = "died"  # (f)
    ENDED = "ended"  # none of the regulation's: the budget has ended for another reason


class RepaymentState(enum.StrEnum):
    PROPOSED = "proposed"
    NOTIFIED = "notified"
    RECONSIDERING = "reconsidering"  # somebody asked for it, and it is not decided
    DECIDED = "decided"  # reconsidered, and upheld or reduced
    CONFIRMED = "confirmed"
    POSTED = "posted"
    WITHDRAWN = "withdrawn"


OVER = frozenset({RepaymentState.POSTED, RepaymentState.WITHDRAWN})
# From which states each one is reached.
BEFORE: Mapping[RepaymentState, frozenset[RepaymentState]] = MappingProxyType(
    {
        RepaymentState.NOTIFIED: frozenset({RepaymentState.PROPOSED}),
        RepaymentState.RECONSIDERING: frozenset({RepaymentState.NOTIFIED}),
        RepaymentState.DECIDED: frozenset({RepaymentState.RECONSIDERING}),
        RepaymentState.CONFIRMED: frozenset({RepaymentState.NOTIFIED, RepaymentState.DECIDED}),
        RepaymentState.POSTED: frozenset({RepaymentState.CONFIRMED}),
        RepaymentState.WITHDRAWN: frozenset(RepaymentState) - OVER,
    }
)


class Outcome(enum.StrEnum):
    """What a reconsideration came to."""

    UPHELD = "upheld"
    REDUCED = "reduced"
    WITHDRAWN = "withdrawn"


class Addressee(enum.StrEnum):
    """Who is given the notice: the person, or whoever acts for them, or for their estate."""

    PERSON = "person"
    REPRESENTATIVE = "representative"


class RepaymentNotFoundError(NotFoundError):
    """The budget has no such repayment."""

    code = "repayment_not_found"
    next_step = "Check the ids of the repayment and of its budget."


class RepaymentDiffersError(IdReusedError):
    """Another repayment was proposed under this id."""


class RepaymentOpenError(Refusal):
    """Another repayment of this budget is on its way."""

    code = "repayment_open"
    next_step = "Finish or withdraw the repayment that is on its way first."


class GroundNotSoError(Refusal):
    """The ground that is given is not so, as far as it is known here."""

    code = "ground_not_so"
    next_step = "End the budget first, or give another ground."


class NothingToRepayError(Refusal):
    """No funder has anything left over."""

    code = "nothing_to_repay"
    next_step = "Nothing has to be done; find_surplus shows how it was worked out."


class NoticeTooShortError(Refusal):
    """The notice would be shorter than is reasonable."""

    code = "notice_too_short"
    next_step = "Give more weeks, and let it be payable when they are over."

    def __init__(self, *, least_weeks: int) -> None:
        super().__init__("That is too little notice.", least_weeks=least_weeks)


class NoticeNotExpiredError(Refusal):
    """The notice is not over."""

    code = "notice_not_expired"
    next_step = "Confirm it when the notice is over."

    def __init__(self, *, ends_on: date) -> None:
        super().__init__("The notice is not over yet.", ends_on=ends_on.isoformat())


class SamePersonError(Refusal):
    """Nobody decides on what they proposed themselves."""

    code = "same_person"
    next_step = "Let somebody else decide."


class NotNotifiedError(Refusal):
    """It is only proposed."""

    code = "repayment_not_notified"
    next_step = "Give notice of it first."


class NotConfirmedError(Refusal):
    """Notice was given, and it is not confirmed."""

    code = "repayment_not_confirmed"
    next_step = "Confirm it when the notice is over, or record that somebody wants it reconsidered."


class ReconsiderationOpenError(Refusal):
    """It is being reconsidered."""

    code = "reconsideration_open"
    next_step = "Decide the reconsideration first."


class ReconsiderationDecidedError(Refusal):
    """It was reconsidered, and the decision stands."""

    code = "reconsideration_decided"
    next_step = "Confirm it when the notice is over, or withdraw it."


class AlreadyConfirmedError(Refusal):
    """It is confirmed."""

    code = "repayment_confirmed"
    next_step = "Post it, or withdraw it."


class AlreadyPostedError(Refusal):
    """It is done."""

    code = "repayment_posted"
    next_step = "Nothing has to be done. What was wrong with it is put right by a new payment in."


class AlreadyWithdrawnError(Refusal):
    """It was withdrawn."""

    code = "repayment_withdrawn"
    next_step = "Propose another one."


STANDS_IN_THE_WAY: Mapping[RepaymentState, type[Refusal]] = MappingProxyType(
    {
        RepaymentState.PROPOSED: NotNotifiedError,
        RepaymentState.NOTIFIED: NotConfirmedError,
        RepaymentState.RECONSIDERING: ReconsiderationOpenError,
        RepaymentState.DECIDED: ReconsiderationDecidedError,
        RepaymentState.CONFIRMED: AlreadyConfirmedError,
        RepaymentState.POSTED: AlreadyPostedError,
        RepaymentState.WITHDRAWN: AlreadyWithdrawnError,
    }
)


def see_that_ground_fits(ground: Ground, *, has_ended: bool, has_died: bool) -> None:
    """Look whether a ground that follows from the end of a budget is there.

    Raises:
        GroundNotSoError: the budget has not ended, or not because the person died.
    """
    is_so = {Ground.ENDED: has_ended, Ground.DIED: has_died}
    if not is_so.get(ground, True):
        raise GroundNotSoError("The budget has not ended for this reason.")


def see_that_it_can_become(state: RepaymentState, wanted: RepaymentState) -> None:
    """Look whether a repayment can take a step now.

    Raises:
        NotNotifiedError, NotConfirmedError, ReconsiderationOpenError, ReconsiderationDecidedError,
        AlreadyConfirmedError, AlreadyPostedError, AlreadyWithdrawnError: it cannot; each says
            what comes next.
    """
    if state not in BEFORE[wanted]:
        raise STANDS_IN_THE_WAY[state](f"This repayment is {state}.")


def notice_ends_on(*, notified_on: date, notice_weeks: int) -> date:
    """Return the first day that is no longer in a notice.

    The notice must be reasonable (SI 2013/1617, reg. 15(2)); how long that is, is policy.

    Raises:
        NoticeTooShortError: it would be less than two weeks.
    """
    if notice_weeks < LEAST_NOTICE_WEEKS:
        raise NoticeTooShortError(least_weeks=LEAST_NOTICE_WEEKS)
    return notified_on + timedelta(weeks=notice_weeks)


def payable_on(asked: date | None, *, notice_ends_on: date) -> date:
    """Return the day by which it is paid: nobody pays before the notice is over.

    Raises:
        NoticeTooShortError: it would be before.
    """
    if asked is not None and asked < notice_ends_on:
        raise NoticeTooShortError(least_weeks=LEAST_NOTICE_WEEKS)
    return asked or notice_ends_on


def see_that_notice_is_over(*, ends_on: date | None, today: date) -> None:
    """Look whether whoever was given notice has had the time that they were given.

    Raises:
        NoticeNotExpiredError: they have not.
    """
    if ends_on is not None and today < ends_on:
        raise NoticeNotExpiredError(ends_on=ends_on)


def see_that_two_decide(*, proposed_by: UUID | None, decided_by: UUID) -> None:
    """Look whether somebody else decides than who proposed it.

    Raises:
        SamePersonError: it is the same person.
    """
    if proposed_by == decided_by:
        raise SamePersonError("Whoever proposed a repayment does not decide on it.")
