"""What of a budget is left over, and whose it is."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from services.budget.accounts.rules import AccountKind, Entry, entry
from services.budget.funders.rules import FunderKind
from shared.errors import Refusal
from shared.money import divide

USUAL_ALLOWANCE_WEEKS = 8  # policy, as that of St Helens and of Richmond
USUAL_PLAN_WEEKS = 52  # what a plan costs is for a year, unless somebody says otherwise


class ExceedsSurplusError(Refusal):
    """More is to go back than is left over now."""

    code = "exceeds_surplus"
    next_step = "Withdraw it and propose what is left over now; what was spent is not taken."

    def __init__(self, *, asked_pence: int, surplus_pence: int) -> None:
        super().__init__(
            "Less than that is left over.", asked_pence=asked_pence, surplus_pence=surplus_pence
        )


class NotReducedError(Refusal):
    """What a reconsideration calls a reduction is none."""

    code = "not_reduced"
    next_step = "Name a smaller amount, or uphold or withdraw the repayment."


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What stays in a budget whatever else is left over, of one funder's money, in pence."""

    committed_pence: int = 0  # what the plan will still cost
    contingency_pence: int = 0
    allowance_pence: int = 0  # what the person may have saved up

    @property
    def pence(self) -> int:
        return self.committed_pence + self.contingency_pence + self.allowance_pence


@dataclass(frozen=True, slots=True, kw_only=True)
class FunderStanding:
    """One organisation's book for a budget, in pence."""

    funder_id: UUID
    funder_kind: FunderKind
    available_pence: int  # held money included
    held_pence: int
    overspent_pence: int
    paid_in_pence: int  # paid in or released
    promised_pence: int  # committed under a pooled agreement, and not paid in
    repaid_pence: int  # by repayments before
    unpaid_charge_pence: int  # what the person still owes towards this part
    paid_charge_pence: int  # what the person has paid towards it, and not got back
    returned_pence: int  # of the person's part: lowered or given back by repayments before
    kept: Kept
    unallocated_pence: int = 0  # not the person's to spend yet, and left over like the rest

    @property
    def there_pence(self) -> int:
        return self.available_pence + self.unallocated_pence


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What goes back out of one funder's book, in pence, and to whom."""

    funder_id: UUID
    own_pence: int  # to the funder
    to_person_pence: int  # to the person, of what they paid
    charge_lowered_pence: int  # the person owes that much less

    @property
    def persons_pence(self) -> int:
        return self.to_person_pence + self.charge_lowered_pence

    @property
    def pence(self) -> int:
        return self.own_pence + self.persons_pence


def weeks_of_budget_pence(*, agreed_pence: int, plan_weeks: int, weeks: int) -> int:
    """Return what some weeks of a budget come to, rounded up: the odd penny stays.

    Args:
        agreed_pence: what the funder agreed to pay for the whole plan.
        plan_weeks: for how many weeks that is.
        weeks: of these, how many are asked for.
    """
    return -(-agreed_pence * weeks // plan_weeks)


def repayable_surplus_pence(standing: FunderStanding) -> int:
    """How much of one funder's unspent money may be asked back.

    Direct payments may be reclaimed where a substantial part has gone unused and piled up
    (National Health Service (Direct Payments) Regulations 2013, SI 2013/1617, reg. 15(1)(c)). The
    law sets no figure: the weeks that a person may keep are the funders' policy (eight weeks in
    St Helens and in Richmond), and so is a contingency, left after what is still to be paid
    (Durham). What is held, or overspent, is nobody's to give back.
    """
    return max(0, _not_held_pence(standing) - standing.kept.pence)


def _not_held_pence(standing: FunderStanding) -> int:
    return standing.there_pence - standing.held_pence - standing.overspent_pence


def persons_part_pence(standing: FunderStanding, *, surplus_pence: int) -> int:
    """How much of a surplus in a council's book is the person's, in pence.

    Whoever was charged for money that was never spent was charged too much: the person's part of
    all that was ever left over is what their charge was of all that came in, and what went back
    to them before counts (an overpaid contribution is returned to the person, as Gateshead does).
    """
    charged = standing.unpaid_charge_pence + standing.paid_charge_pence + standing.returned_pence
    if not charged:
        return 0
    before_pence = standing.repaid_pence + standing.returned_pence
    parts = divide(
        amount_pence=surplus_pence + before_pence,
        weights={"funder": standing.paid_in_pence + standing.promised_pence, "person": charged},
    )
    return min(surplus_pence, max(0, parts["person"] - standing.returned_pence))


def surplus_line(standing: FunderStanding) -> Line:
    """Return what of one book can go back now, and to whom: never one's money to another.

    The person's part first lowers what they still owe; only what they paid beyond is paid back.
    What is promised or charged and has not come in is nothing that could be paid back: it stays.
    """
    surplus_pence = repayable_surplus_pence(standing)
    persons_pence = persons_part_pence(standing, surplus_pence=surplus_pence)
    empty = Line(
        funder_id=standing.funder_id, own_pence=0, to_person_pence=0, charge_lowered_pence=0
    )
    line = _with_persons_part(empty, persons_pence, standing)
    return replace(
        line, own_pence=min(surplus_pence - persons_pence, _in_hand_pence(line, standing))
    )


def _with_persons_part(line: Line, persons_pence: int, standing: FunderStanding) -> Line:
    lowered_pence = min(persons_pence, standing.unpaid_charge_pence)
    return replace(
        line,
        charge_lowered_pence=lowered_pence,
        to_person_pence=persons_pence - lowered_pence,
    )


def _in_hand_pence(line: Line, standing: FunderStanding) -> int:
    """Return what of the funder's own payments is there, not held and not the person's."""
    to_come_pence = standing.promised_pence + standing.unpaid_charge_pence
    there_pence = _not_held_pence(standing) - to_come_pence - line.to_person_pence
    return max(0, min(there_pence, standing.paid_in_pence - standing.repaid_pence))


def as_it_can_be_posted(line: Line, standing: FunderStanding) -> Line:
    """Return a line as it is now: what the person has paid since is not lowered but paid back.

    Raises:
        ExceedsSurplusError: some of it was spent meanwhile, is held, or is needed.
    """
    now = _with_persons_part(line, line.persons_pence, standing)
    surplus_pence = repayable_surplus_pence(standing)
    is_too_much = (
        now.pence > surplus_pence
        or now.own_pence > _in_hand_pence(now, standing)
        or now.to_person_pence > standing.paid_charge_pence
    )
    if is_too_much:
        raise ExceedsSurplusError(asked_pence=now.pence, surplus_pence=surplus_line(standing).pence)
    return now


def reduced(lines: Sequence[Line], *, amount_pence: int) -> list[Line]:
    """Return lines that come to less, each funder's part and the person's in proportion.

    Raises:
        NotReducedError: it is no less.
    """
    if amount_pence >= total_pence(lines):
        raise NotReducedError("That is no smaller amount.")
    parts = divide(amount_pence=amount_pence, weights=dict(_parts(lines)))
    return [
        _of_parts(line, parts[f"{line.funder_id} own"], parts[f"{line.funder_id} person"])
        for line in lines
    ]


def _parts(lines: Iterable[Line]) -> Iterator[tuple[str, int]]:
    for line in lines:
        yield f"{line.funder_id} own", line.own_pence
        yield f"{line.funder_id} person", line.persons_pence


def _of_parts(line: Line, own_pence: int, persons_pence: int) -> Line:
    lowered_pence = min(persons_pence, line.charge_lowered_pence)
    return replace(
        line,
        own_pence=own_pence,
        to_person_pence=persons_pence - lowered_pence,
        charge_lowered_pence=lowered_pence,
    )


def total_pence(lines: Iterable[Line]) -> int:
    return sum(line.pence for line in lines)


def to_release_pence(line: Line, standing: FunderStanding) -> int:
    """Return how much has to become available before a line can leave the book, in pence.

    Money that the person can spend already goes back before money that is not allocated yet.
    """
    free_pence = standing.available_pence - standing.held_pence
    return max(0, line.pence - free_pence)


def repayment_entries(lines: Iterable[Line], *, person_id: UUID) -> list[Entry]:
    """Return the entries of a repayment: each in the book of whoever gets it, and in no other.

    What the person gets leaves the council's book as it came, and their own as well.
    """
    available, entries = AccountKind.AVAILABLE, []
    for line in lines:
        entries += [
            entry(line.funder_id, available, AccountKind.REPAID, line.own_pence),
            entry(line.funder_id, available, AccountKind.CHARGE_DUE, line.charge_lowered_pence),
            entry(line.funder_id, available, AccountKind.CHARGED, line.to_person_pence),
            entry(person_id, AccountKind.OWN_MONEY, AccountKind.CONTRIBUTED, line.to_person_pence),
        ]
    return [entry for entry in entries if entry.amount_pence]
