"""Who pays which part: how shares are agreed, what the person gives, where odd pennies go."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from itertools import groupby
from types import MappingProxyType
from uuid import UUID

from shared.errors import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalBasis:
    """Why somebody is entitled to care, whether it may be charged for, and who says so."""

    may_charge: bool
    source: str


# Read as excerpts in November 2026: whoever uses this has it checked.
LEGAL_BASES: Mapping[str, LegalBasis] = MappingProxyType(
    {
        "care_act": LegalBasis(may_charge=True, source="Care Act 2014, s.14"),
        "section_117": LegalBasis(may_charge=False, source="Mental Health Act 1983, s.117"),
        "chc": LegalBasis(may_charge=False, source="NHS Act 2006, s.1(4)"),
        "nhs": LegalBasis(may_charge=False, source="NHS Act 2006, s.1(4)"),
    }
)
CHARGEABLE_BASES = frozenset(name for name, basis in LEGAL_BASES.items() if basis.may_charge)


class SharesNotWholeError(Refusal):
    """The funders' shares do not make a whole."""

    code = "shares_not_whole"
    next_step = "Agree shares, none below nothing and each funder once, that add up to the whole."

    def __init__(self, *, total: int, denominator: int) -> None:
        super().__init__(
            "The funders' shares do not make a whole.", total=total, denominator=denominator
        )


class NotAPartnerError(Refusal):
    """A share is of an organisation that is no partner of the pool."""

    code = "not_a_partner"
    next_step = "Name partners of the pool, or let the organisation join one."


class SignatureMissingError(Refusal):
    """A partner who is to pay has not signed."""

    code = "signature_missing"
    next_step = "Have every partner with a share sign, or record the shares as disputed."


class DisputedSharesNotEqualError(Refusal):
    """While shares are disputed each funder pays the same."""

    code = "disputed_shares_not_equal"
    next_step = "Give each funder the same share until it is decided."


class OutsidePoolError(Refusal):
    """The agreement would start on a day on which the pool does not exist, or in another pool."""

    code = "outside_pool"
    next_step = "Let the agreement start within the pool that the budget belongs to."


class AgreementOverlapError(Refusal):
    """Shares for this purpose are agreed for these days."""

    code = "agreement_overlap"
    next_step = "Let the new shares start after the day on which those in force started."


class ReapportionFirstError(Refusal):
    """Purchases are still under disputed shares that were decided."""

    code = "reapportion_first"
    next_step = "Reapportion what was bought under the disputed shares, then agree the new ones."


class AgreementExistsError(Refusal):
    """The shares of this budget are agreed; contributions have been called for."""

    code = "agreement_exists"
    next_step = "A changed agreement makes a new version of the budget."


class BudgetEndedError(Refusal):
    """The budget has ended."""

    code = "budget_ended"
    next_step = "Nothing new is paid from it. Its statement shows what goes back to whom."


class NoAgreementError(Refusal):
    """Nobody agreed to pay for this on this day."""

    code = "no_agreement"
    next_step = "Have the partners agree their shares for this purpose first."


class CapExceededError(Refusal):
    """The funders agreed to pay no more than this."""

    code = "cap_exceeded"
    next_step = "Have the partners agree a higher cap, or buy for less."

    def __init__(self, *, amount_pence: int, within_caps_pence: int) -> None:
        super().__init__(
            "The funders have agreed to pay no more than a part of this.",
            amount_pence=amount_pence,
            within_caps_pence=within_caps_pence,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Funding:
    """What one funder agreed to pay for a purpose, and what of it is spent or held."""

    funder_id: UUID
    weight: int  # the pence it agreed to pay, or its share where nothing is planned
    spent_pence: int = 0
    priority: int = 1  # who bears a lower number pays first
    cap_pence: int | None = None

    @property
    def room_pence(self) -> int | None:
        return None if self.cap_pence is None else max(0, self.cap_pence - self.spent_pence)


def see_that_shares_are_whole(*, fundings: Sequence[Funding], denominator: int) -> None:
    """Look whether shares add up, and each funder has one.

    Raises:
        SharesNotWholeError: they do not.
    """
    total = sum(funding.weight for funding in fundings)
    is_each_once = len({funding.funder_id for funding in fundings}) == len(fundings)
    if total != denominator or min(one.weight for one in fundings) < 0 or not is_each_once:
        raise SharesNotWholeError(total=total, denominator=denominator)


def see_that_it_is_signed(
    *, fundings: Sequence[Funding], signed_by: Collection[UUID], is_disputed: bool
) -> None:
    """Look whether those who pay agree, or pay the same while they do not.

    What one partner pays alone needs nobody's word but that of the pool.

    Raises:
        DisputedSharesNotEqualError: disputed shares are not equal.
        SignatureMissingError: somebody with a share has not signed.
    """
    if is_disputed:
        if len({funding.weight for funding in fundings}) != 1:
            raise DisputedSharesNotEqualError("Disputed shares are equal until it is decided.")
        return
    missing = [one for one in fundings if one.weight and one.funder_id not in signed_by]
    if missing and len(fundings) > 1:
        raise SignatureMissingError("A partner with a share has not signed.", missing=len(missing))


def see_that_it_follows(
    *, starts_on: date, newest_starts_on: date | None, is_newest_disputed: bool
) -> None:
    """Look whether an agreement can follow the newest one of its purpose.

    Disputed shares may be decided from the day on which they started; agreed ones are followed
    by others from a later day.

    Raises:
        AgreementOverlapError: it would change what is agreed for a day.
    """
    if newest_starts_on is None:
        return
    if starts_on < newest_starts_on or (starts_on == newest_starts_on and not is_newest_disputed):
        raise AgreementOverlapError("Shares are agreed for these days.")


def see_that_it_goes_on(*, ends_on: date | None, on: date) -> None:
    """Look whether a budget has not ended on a day.

    Raises:
        BudgetEndedError: it has.
    """
    if ends_on is not None and ends_on <= on:
        raise BudgetEndedError("This budget has ended.")


def person_contribution_pence(
    *, weekly_contribution_pence: int, weeks: int, free_weeks: int, chargeable_pence: int
) -> int:
    """Return what the person pays towards the council's part, in pence.

    Only care under the Care Act 2014 may be charged for (s.14); aftercare under section 117
    of the Mental Health Act 1983 and NHS care are free, and so are the first weeks of
    reablement (SI 2014/2672, reg. 3). Never more than what may be charged for costs.

    Args:
        weekly_contribution_pence: what the council's financial assessment says, in pence.
        weeks: for how many weeks.
        free_weeks: of these, how many are free.
        chargeable_pence: what the council agreed to pay on a basis that may be charged for.
    """
    return min(weekly_contribution_pence * max(0, weeks - free_weeks), chargeable_pence)


def apportion(*, amount_pence: int, fundings: Sequence[Funding], tie: int = 0) -> dict[UUID, int]:
    """Split an amount between funders in proportion to what each agreed to pay.

    Who bears a lower priority pays first, as far as its cap goes. Within one priority each owes
    its exact share of everything spent, this included, less what it has spent; it pays that
    rounded down, and the odd pennies, always fewer than there are funders, go to whoever then
    owes most. So a penny by which somebody is ahead, after a capture of less than was held, is
    made good by the next spend, and no body drifts. Who is ahead by more than the whole spend
    pays nothing. A refund is not apportioned afresh: it reverses the portions of its spend. The
    values add up to ``amount_pence``.

    Args:
        amount_pence: what is spent, more than 0.
        fundings: of one purpose; with what is held counted as spent, so that a plan can be spent
            to its last penny.
        tie: where two owe the same, this decides who pays the odd penny. The agreement's id does
            it fairly: over many agreements neither funder is favoured.

    Raises:
        CapExceededError: all of them together have agreed to pay no more.
    """
    portions = {funding.funder_id: 0 for funding in fundings}
    left_pence = amount_pence
    for _, group in groupby(sorted(fundings, key=_priority), key=_priority):
        paid = _within_caps(left_pence, list(group), tie=tie)
        portions |= paid
        left_pence -= sum(paid.values())
    if left_pence:
        raise CapExceededError(
            amount_pence=amount_pence, within_caps_pence=amount_pence - left_pence
        )
    return portions


def _priority(funding: Funding) -> int:
    return funding.priority


def _within_caps(amount_pence: int, fundings: list[Funding], *, tie: int) -> dict[UUID, int]:
    """Split as much of an amount as these funders' caps allow."""
    paid: dict[UUID, int] = {}
    # Who has no room left is none of those who share: its spending would blur what they owe.
    paying = [funding for funding in fundings if funding.weight and funding.room_pence != 0]
    while amount_pence and paying:
        portions = _carried(amount_pence, paying, tie=tie)
        capped = [
            one
            for one in paying
            if one.room_pence is not None and portions[one.funder_id] > one.room_pence
        ]
        if not capped:
            return paid | portions
        for one in capped:
            paid[one.funder_id] = one.room_pence or 0
            amount_pence -= paid[one.funder_id]
        paying = [one for one in paying if one not in capped]
    return paid


def _carried(amount_pence: int, fundings: Sequence[Funding], *, tie: int) -> dict[UUID, int]:
    total_weight = sum(funding.weight for funding in fundings)
    running_total = amount_pence + sum(funding.spent_pence for funding in fundings)
    owed: dict[UUID, Fraction] = {}
    for funding in fundings:
        share = Fraction(funding.weight, total_weight)
        owed[funding.funder_id] = max(Fraction(0), share * running_total - funding.spent_pence)

    owed_total = sum(owed.values())
    exact = {funder_id: part * amount_pence / owed_total for funder_id, part in owed.items()}
    portions = {funder_id: int(part) for funder_id, part in exact.items()}
    odd_pennies = amount_pence - sum(portions.values())
    weights = {funding.funder_id: funding.weight for funding in fundings}

    def most_owed_first(funder_id: UUID) -> tuple[Fraction, int, int]:
        return (portions[funder_id] - exact[funder_id], -weights[funder_id], funder_id.int ^ tie)

    for funder_id in sorted(exact, key=most_owed_first)[:odd_pennies]:
        portions[funder_id] += 1
    return portions


def low_below_pence(total_pence: int) -> int:
    """Return what a budget may fall below before somebody is told, in pence: a tenth of it.

    Local policy; no law sets a figure.
    """
    return total_pence // 10


def agreed_parts(*, total_pence: int, fundings: Sequence[Funding], tie: int = 0) -> dict[UUID, int]:
    """Divide what a plan costs for a purpose between its funders, once, at sign-off.

    The parts add up to ``total_pence``, by largest remainder within priorities and caps.

    Raises:
        CapExceededError: the caps do not let the funders pay for all of it.
    """
    nobody_spent = [replace(funding, spent_pence=0) for funding in fundings]
    if not total_pence:
        return {funding.funder_id: 0 for funding in fundings}
    return apportion(amount_pence=total_pence, fundings=nobody_spent, tie=tie)
