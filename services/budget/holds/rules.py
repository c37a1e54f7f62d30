"""Holds: who sets aside which part, and what a later amount means for each funder."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.budget.agreements.rules import Funding, apportion
from shared.errors import Refusal
from shared.money import divide

HOLD_DAYS = 30  # payments stops using a hold an hour before it expires


class AmountNotPositiveError(Refusal):
    """Nothing is asked for."""

    code = "amount_not_positive"
    next_step = "Ask for what the purchase costs."


class BudgetNotActiveError(Refusal):
    """Not every funder has paid in."""

    code = "budget_not_active"
    next_step = "Wait until the budget is active; its statement shows what is missing."


class ItemNotInPlanError(Refusal):
    """The plan of this budget has no such item."""

    code = "item_not_in_plan"
    next_step = "Buy what the plan names, or change the plan."


@dataclass(frozen=True, slots=True, kw_only=True)
class Portion:
    """What one funder has of a hold: set aside now, and spent until now."""

    held_pence: int
    posted_pence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """How a funder's spending on a purchase is paid, or a refund returned: two parts of it."""

    from_available_pence: int
    overspent_pence: int


def portions_to_hold(
    *, amount_pence: int, payer: str, fundings: Sequence[Funding]
) -> dict[str, int]:
    """Return what each funder sets aside for a purchase, in pence.

    Args:
        amount_pence: what is asked for.
        payer: ``joint``, or the one funder that pays for the item alone.
        fundings: of the joint items.
    """
    if payer == "joint":
        return apportion(amount_pence=amount_pence, fundings=fundings)
    return {payer: amount_pence}


def portions_at(
    *, held_pence: int, posted_pence: int, asked_pence: Mapping[str, int]
) -> dict[str, Portion]:
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
        funder_id: Portion(held_pence=held[funder_id], posted_pence=posted[funder_id])
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
