"""What can be appealed against, who decides on it, and what comes of it."""

import enum
from collections.abc import Collection, Mapping
from typing import ClassVar
from uuid import UUID

from shared.errors import Refusal

DECIDE_WITHIN_WORKING_DAYS = 20  # local policy, to be confirmed
APPEALED_AGAINST = ("refuse", "approve_in_part")  # outcomes of a decision on a plan


class AppealOutcome(enum.StrEnum):
    UPHELD = "upheld"  # the person was right
    NOT_UPHELD = "not_upheld"


class AppealState(enum.StrEnum):
    LODGED = "lodged"
    UPHELD = "upheld"
    NOT_UPHELD = "not_upheld"


# What may be done with an appeal in which state, and the state after it. Not listed is refused.
TRANSITIONS: Mapping[tuple[AppealState, AppealOutcome], AppealState] = {
    (AppealState.LODGED, AppealOutcome.UPHELD): AppealState.UPHELD,
    (AppealState.LODGED, AppealOutcome.NOT_UPHELD): AppealState.NOT_UPHELD,
}


class SupporterKind(enum.StrEnum):
    """Who helps somebody to appeal."""

    ADVOCATE = "advocate"
    PEER_SUPPORTER = "peer_supporter"
    REPRESENTATIVE = "representative"
    FAMILY_OR_FRIEND = "family_or_friend"
    OTHER = "other"


class NothingToAppealError(Refusal):
    """Only what was refused, in whole or in part, is appealed against here."""

    code = "nothing_to_appeal"
    next_step: ClassVar[str] = (
        "Name the decision that refused the plan or a part of it; for anything else there is a"
        " complaint."
    )


class AmountReplacedError(Refusal):
    """The amount does not count any more, so there is nothing to win by an appeal against it."""

    code = "amount_replaced"
    next_step: ClassVar[str] = "Appeal against the newest amount, which the case shows."


class AppealOpenError(Refusal):
    """The decision is being looked at again already."""

    code = "appeal_open"
    next_step: ClassVar[str] = "Add what is new to the appeal that is open."


class AppealDecidedError(Refusal):
    """The appeal was decided on."""

    code = "appeal_decided"
    next_step: ClassVar[str] = "Read the decision; it says what can be done next."


class DecidedBeforeError(Refusal):
    """Whoever had a hand in the first decision does not decide on the appeal."""

    code = "appeal_decider_not_new"
    next_step: ClassVar[str] = "Ask somebody who neither signed the plan nor decided on it."


class DeciderSubordinateError(Refusal):
    """Nobody decides on an appeal against those for whom they work."""

    code = "appeal_decider_is_subordinate"
    next_step: ClassVar[str] = "Ask somebody who does not report to whoever decided first."


class ReportingLineUnknownError(Refusal):
    """It is not on record to whom the decider reports, so nobody can tell whether they may."""

    code = "reporting_line_unknown"
    next_step: ClassVar[str] = (
        "Record to whom the decider reports (record_reporting_line), up to whoever reports to"
        " nobody, then decide."
    )


class ReportingCircleError(Refusal):
    """Nobody reports to themselves, not even through others."""

    code = "reporting_circle"
    next_step: ClassVar[str] = "Check reports_to_id, and the line above."


class NextRouteMissingError(Refusal):
    """An appeal that is not upheld says where the person can go next."""

    code = "next_route_missing"
    next_step: ClassVar[str] = "Say in next_route how to complain or whom to ask to look at it."


def check_appealable(outcome: str | None) -> None:
    if outcome not in APPEALED_AGAINST:
        raise NothingToAppealError("Nothing was refused here.", field="decision_id")


def check_amount(*, version: int, newest: int) -> None:
    """Refuse an appeal against an amount that was worked out anew since."""
    if version != newest:
        raise AmountReplacedError(
            f"The amount was worked out anew: version {newest}.", field="amount.version"
        )


def check_only_open(*, is_open: bool) -> None:
    if is_open:
        raise AppealOpenError("An appeal against this decision is open.", field="decision_id")


def state_after(state: AppealState, outcome: AppealOutcome) -> AppealState:
    """Return the state after a decision.

    Raises:
        AppealDecidedError: there was one before.
    """
    after = TRANSITIONS.get((state, outcome))
    if after is None:
        raise AppealDecidedError("This appeal was decided on.", state=state.value)
    return after


def line_above(staff_id: UUID, *, lines: Mapping[UUID, UUID | None]) -> list[UUID]:
    """Return to whom somebody reports, and to whom those do, up to the top.

    Args:
        staff_id: whose line.
        lines: who reports to whom; to nobody at the top.

    Raises:
        ReportingLineUnknownError: the record ends before the top.
    """
    above: list[UUID] = []
    current = staff_id
    while True:
        if current not in lines:
            raise ReportingLineUnknownError("A reporting line is not known.", field="decider_id")
        reports_to = lines[current]
        if reports_to is None:
            return above
        above.append(reports_to)
        current = reports_to


def check_no_circle(
    staff_id: UUID, *, reports_to_id: UUID | None, lines: Mapping[UUID, UUID | None]
) -> None:
    """Refuse a reporting line that comes back to where it began."""
    current = reports_to_id
    while current is not None:
        if current == staff_id:
            raise ReportingCircleError("This line comes back to itself.", field="reports_to_id")
        current = lines.get(current)


def check_decider(
    *,
    decider_id: UUID,
    involved_ids: Collection[UUID],
    first_decider_ids: Collection[UUID],
    lines: Mapping[UUID, UUID | None],
) -> None:
    """Refuse whoever had a hand in the first decision, or works for who made it.

    Args:
        decider_id: who would decide on the appeal.
        involved_ids: who signed the plan or decided on it, or wrote or showed what lowered an
            amount, the person, their care team, and whoever acts or acted for them.
        first_decider_ids: who decided on it, or wrote why the amount is lower.
        lines: who reports to whom.
    """
    if decider_id in involved_ids:
        raise DecidedBeforeError("They had a hand in the first decision.", field="decider_id")
    if set(line_above(decider_id, lines=lines)) & set(first_decider_ids):
        raise DeciderSubordinateError("They report to whoever decided first.", field="decider_id")


def check_next_route(outcome: AppealOutcome, *, next_route: str | None) -> None:
    if outcome == AppealOutcome.NOT_UPHELD and next_route is None:
        raise NextRouteMissingError("Where the person can go next is not said.", field="next_route")
