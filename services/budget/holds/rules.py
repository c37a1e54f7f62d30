"""Holds: who sets aside which part, and what a later amount means for each funder."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from services.budget.accounts.rules import (
    AccountKind,
    Entry,
    InsufficientFundsError,
    KeptHold,
    KeptPortion,
    account_name,
    flow,
)
from shared.errors import Refusal
from shared.money import divide

# Payments stops using a hold an hour before it expires. The database's ``purchase_as_it_stands``
# counts back by as much to when the purchase was asked for.
HOLD_DAYS = 30
AVAILABLE = account_name(AccountKind.AVAILABLE)
OVERSPENT = account_name(AccountKind.OVERSPENT)
PAID_OUT = account_name(AccountKind.PAID_OUT)
UNMATCHED = account_name(AccountKind.UNMATCHED)


class AmountNotPositiveError(Refusal):
    """Nothing is asked for."""

    code = "amount_not_positive"
    next_step = "Ask for what the purchase costs."


class BudgetNotActiveError(Refusal):
    """A funder of this has neither paid in nor committed."""

    code = "budget_not_active"
    next_step = "Wait until the budget is active; its statement shows what is missing."


class CommitmentExceededError(Refusal):
    """It would take money that the plan commits to other things."""

    code = "commitment_exceeded"
    next_step = "Buy within what the plan has for this item, or change the plan."

    def __init__(self, *, amount_pence: int, within_commitments_pence: int) -> None:
        super().__init__(
            "This would take money that the plan commits to other things.",
            amount_pence=amount_pence,
            within_commitments_pence=within_commitments_pence,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """How one funder stands in a budget: its money there, and whether it has paid in."""

    funder_id: UUID
    code: str  # by which the other organisations' accounts call it
    free_pence: int  # available, less what is held
    is_in: bool  # has paid in, or committed, what it was called for at first
    is_advanced: bool  # has committed and not paid in: the host pays in its place


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What one funder is to have of a hold: set aside now, and spent until now."""

    held_pence: int
    posted_pence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """The partner who pays suppliers for all."""

    funder_id: UUID
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """How a funder's spending on a purchase is paid, or a refund returned: two parts of it."""

    from_available_pence: int
    overspent_pence: int


def see_that_they_are_there(portions: Mapping[UUID, int], parts: Mapping[UUID, Part]) -> None:
    """Look whether each funder has its portion: nobody pays with another's money.

    Raises:
        BudgetNotActiveError: one of them has neither paid in nor committed.
        InsufficientFundsError: one of them has less.
    """
    paying = {funder_id: pence for funder_id, pence in portions.items() if pence}
    if any(funder_id not in parts or not parts[funder_id].is_in for funder_id in paying):
        raise BudgetNotActiveError("A funder of this has not paid in yet.")
    for funder_id, portion_pence in paying.items():
        free_pence = parts[funder_id].free_pence
        if portion_pence > free_pence:
            raise InsufficientFundsError(requested_pence=portion_pence, available_pence=free_pence)


def room_within_commitments(
    *, item_left_pence: int, other_committed_pence: int, free_pence: int
) -> int:
    """Return what a purchase may hold so that the plan's other items keep what they commit.

    Each item of the plan commits what it costs and has not used. A purchase draws on its own
    item's commitment first, and beyond that on money that is committed to nothing.

    Args:
        item_left_pence: what its item commits now; below nothing if it has cost more.
        other_committed_pence: what all other items commit.
        free_pence: what is free in the budget.
    """
    own_pence = max(0, item_left_pence)
    return own_pence + max(0, free_pence - own_pence - other_committed_pence)


def see_that_commitments_are_kept(*, amount_pence: int, room_pence: int) -> None:
    """Look whether a purchase leaves what the plan commits to its other items.

    Raises:
        CommitmentExceededError: it does not.
    """
    if amount_pence > room_pence:
        raise CommitmentExceededError(
            amount_pence=amount_pence, within_commitments_pence=room_pence
        )


def wanted_at(
    *, held_pence: int, posted_pence: int, asked_pence: Mapping[UUID, int]
) -> dict[UUID, Wanted]:
    """Return each funder's portion when a purchase holds and costs these amounts.

    A function of the two absolute amounts alone, so that it does not matter in which steps,
    or in which order, they were reached: a refund goes back along the portions of its spend.
    What is held is divided by what is left of the portions, so that no funder's spent and held
    pence together pass its portion while the purchase keeps within what was asked for.

    Args:
        held_pence: what the purchase reserves now.
        posted_pence: what it has cost until now, net of refunds.
        asked_pence: the portions under which it was first held.
    """
    posted = divide(amount_pence=posted_pence, weights=asked_pence)
    left = {
        funder_id: max(0, portion_pence - posted[funder_id])
        for funder_id, portion_pence in asked_pence.items()
    }
    held = divide(amount_pence=held_pence, weights=left if any(left.values()) else asked_pence)
    return {
        funder_id: Wanted(held_pence=held[funder_id], posted_pence=posted[funder_id])
        for funder_id in asked_pence
    }


def capture(*, step_pence: int, in_reach_pence: int, overspent_pence: int) -> Capture:
    """Divide a step in what a funder has spent on a purchase.

    What the card network took has been taken: it is never refused. What is not available is
    overspent, told and put right later; a refund mends that first.

    Args:
        step_pence: more spent, or less if negative.
        in_reach_pence: what is free in this funder's part, and what this purchase holds of it.
            What others hold is out of reach.
        overspent_pence: what this purchase has overspent until now.
    """
    if step_pence >= 0:
        available = min(step_pence, max(0, in_reach_pence))
    else:
        available = min(0, step_pence + overspent_pence)
    return Capture(from_available_pence=available, overspent_pence=step_pence - available)


def moved(portion: KeptPortion, want: Wanted, part: Part) -> tuple[KeptPortion, Capture]:
    """Bring one funder's portion to what is wanted, as far as its money goes.

    What was spent is spent. What is to be held is held as far as there is money for it.
    """
    in_reach_pence = part.free_pence + portion.held_pence
    spent = capture(
        step_pence=want.posted_pence - portion.posted_pence,
        in_reach_pence=in_reach_pence,
        overspent_pence=portion.overspent_pence,
    )
    held_pence = min(want.held_pence, in_reach_pence - spent.from_available_pence)
    new = replace(
        portion,
        held_pence=held_pence,
        posted_pence=want.posted_pence,
        overspent_pence=portion.overspent_pence + spent.overspent_pence,
    )
    return new, spent


def advanced_step_pence(*, step_pence: int, advanced_pence: int, is_advanced: bool) -> int:
    """Return how much of a step the host pays in a funder's place, or gets back if negative.

    While a funder has committed and not paid in, the host pays all of it. A refund first returns
    what the host has advanced for this purchase.
    """
    if step_pence >= 0:
        return step_pence if is_advanced else 0
    return max(step_pence, -max(0, advanced_pence))


def spending_entries(
    part: Part, spent: Capture, *, advanced_pence: int, host: Host, account: str = PAID_OUT
) -> list[Entry]:
    """Return the entries of a step in what one funder has spent, in its book and the host's.

    Args:
        part: whose step it is.
        spent: the step, from what is available and from what is overspent.
        advanced_pence: how much of the step the host pays; never by itself for itself.
        host: the partner who pays suppliers for all.
        account: where what is spent goes, by the item's way. What the host advances is its own
            money there, until it is settled.
    """
    step_pence = spent.from_available_pence + spent.overspent_pence
    sources = [(AVAILABLE, spent.from_available_pence), (OVERSPENT, spent.overspent_pence)]
    due_to = account_name(AccountKind.DUE_TO, host.code)
    targets = [(account, step_pence - advanced_pence), (due_to, advanced_pence)]
    due_from = account_name(AccountKind.DUE_FROM, part.code)
    return [
        *flow(part.funder_id, sources, targets),
        *flow(host.funder_id, [(due_from, advanced_pence)], [(account, advanced_pence)]),
    ]


def unmatched_entries(host: Host, *, step_pence: int) -> list[Entry]:
    """Return the entries of money that came back beyond what was captured, or found its capture.

    It is on the host's bank account and nobody's portion, until somebody finds out whose it is.
    """
    return flow(host.funder_id, [(PAID_OUT, step_pence)], [(UNMATCHED, step_pence)])


def brought_to(
    hold: KeptHold,
    *,
    held_pence: int,
    posted_pence: int,
    unmatched_pence: int,
    parts: Mapping[UUID, Part],
    host: Host,
    account: str,
) -> tuple[KeptHold, list[Entry]]:
    """Return the hold as it is to stand at these amounts, and the entries that bring it there.

    Args:
        hold: as it stands now.
        held_pence: what the purchase reserves; once the hold has expired it holds nothing more.
        posted_pence: what it has cost until now, net of refunds.
        unmatched_pence: what came back beyond what was captured.
        parts: how each of its funders stands.
        host: the partner who pays suppliers for all.
        account: where what is spent goes, by the item's way.
    """
    wanted = wanted_at(
        held_pence=0 if hold.expired_at else held_pence,
        posted_pence=posted_pence,
        asked_pence={portion.funder_id: portion.asked_pence for portion in hold.portions},
    )
    portions: list[KeptPortion] = []
    entries: list[Entry] = []
    for portion in hold.portions:
        part = parts[portion.funder_id]
        new, spent = moved(portion, wanted[portion.funder_id], part)
        advanced_pence = advanced_step_pence(
            step_pence=new.posted_pence - portion.posted_pence,
            advanced_pence=portion.advanced_pence,
            is_advanced=part.is_advanced and part.funder_id != host.funder_id,
        )
        portions.append(replace(new, advanced_pence=portion.advanced_pence + advanced_pence))
        entries += spending_entries(
            part, spent, advanced_pence=advanced_pence, host=host, account=account
        )
    entries += unmatched_entries(host, step_pence=unmatched_pence - hold.unmatched_pence)
    new_hold = replace(hold, portions=portions, unmatched_pence=unmatched_pence)
    return next_version(new_hold, before=hold), entries


def next_version(hold: KeptHold, *, before: KeptHold) -> KeptHold:
    """Return the hold with the next version where what it holds or has cost differs."""
    amounts = (hold.held_pence, hold.posted_pence)
    is_changed = amounts != (before.held_pence, before.posted_pence)
    return replace(hold, version=before.version + 1) if is_changed else hold
