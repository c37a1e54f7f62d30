"""What may be asked for, and what a purchase reserves and has cost."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from shared.errors import Refusal
from shared.money import pounds


class ItemNotInPlanError(Refusal):
    """The person's plan has no such item, or has it no longer."""

    code = "item_not_in_plan"
    next_step = "Buy what the plan names, or change the plan."


class BudgetStoppedError(Refusal):
    """The budget has ended, or the person has died."""

    code = "budget_stopped"
    next_step = "Buy nothing more from it; what was promised before is still paid."


class NotOnCareTeamError(Refusal):
    """Only a broker on the person's care team buys for them."""

    code = "not_on_care_team"
    next_step = "Ask the person's broker, or have the broker added to the care team."


class AmountAboveItemError(Refusal):
    """The amount is more than the plan allows for one occurrence."""

    code = "amount_above_item"
    next_step = "Ask for no more than the plan's unit cost, or change the plan."

    def __init__(self, *, amount_pence: int, unit_cost_pence: int) -> None:
        super().__init__(
            f"The plan allows {pounds(unit_cost_pence)} for this item each time.",
            amount_pence=amount_pence,
            unit_cost_pence=unit_cost_pence,
        )


class NoOccurrenceLeftError(Refusal):
    """The item has been bought as often as the plan says."""

    code = "no_occurrence_left"
    next_step = "Cancel a purchase that is not needed, or change the plan."

    def __init__(self, *, occurrences: int) -> None:
        super().__init__(
            "This item has been bought as often as the plan says.", occurrences=occurrences
        )


def check_request(
    *, amount_pence: int, unit_cost_pence: int, earlier_purchases: int, occurrences: int
) -> None:
    """See that the plan's item covers one more purchase of this amount.

    Args:
        amount_pence: what is asked for.
        unit_cost_pence: what the plan allows for one occurrence.
        earlier_purchases: of the same item; those refused or cancelled do not count.
        occurrences: how often the plan pays for the item.

    Raises:
        AmountAboveItemError: it is too much.
        NoOccurrenceLeftError: it is once too often.
    """
    if amount_pence > unit_cost_pence:
        raise AmountAboveItemError(amount_pence=amount_pence, unit_cost_pence=unit_cost_pence)
    if earlier_purchases >= occurrences:
        raise NoOccurrenceLeftError(occurrences=occurrences)


# Categories of a plan's items that are somebody's wages, also where no hours are told: these are
# paid first. Local policy, to be confirmed.
WAGES = frozenset({"personal_assistant", "personal_assistance", "wages"})
SIMILAR_WITHIN = timedelta(hours=24)
HOLD_MARGIN = timedelta(hours=1)  # the ledger lets a hold go when it expires; we stop before


def is_hold_over(expires_at: datetime | None, *, at: datetime) -> bool:
    """Say whether a hold is so near its end that nothing new is paid from it."""
    return expires_at is not None and at >= expires_at - HOLD_MARGIN


def is_it_a_repeat(purchase_id: UUID, *, similar_purchase_id: UUID) -> Mapping[str, object]:
    """Return the question about a purchase that looks like one asked for within a day."""
    return {
        "purchase_id": purchase_id,
        "state": None,
        "question": {
            "code": "is_it_a_repeat",
            "words": "The same amount was asked for within a day, for this item or its payee.",
            "similar_purchase_id": similar_purchase_id,
            "next_step": "If it is another one, ask again with is_not_a_repeat and say why.",
        },
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class CardClaims:
    """What shops may claim on a purchase's card, have claimed and have given back, in pence."""

    outstanding_pence: int = 0  # promised to a shop, and not captured yet
    captured_pence: int = 0  # all captures, also those that no authorisation is named for
    refunded_pence: int = 0  # the refunds that are this purchase's
    waiting_pence: int = 0  # came back, and waits for its capture or for a person
    is_bought: bool = False  # an authorisation with a capture has ended: no more is expected


@dataclass(frozen=True, slots=True, kw_only=True)
class BankClaims:
    """What the bank was told to pay for a purchase and has paid, in pence."""

    ordered_pence: int = 0  # all transfers that the bank has not ended yet
    paid_pence: int = 0  # all transfers that have gone


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """What a purchase reserves now, what it costs, and what was paid before refunds."""

    held_pence: int
    posted_pence: int
    captured_pence: int
    unmatched_pence: int  # came back, and waits for its capture or for a person
    promised_pence: int  # of what is held: a shop may claim it, or the bank was told to pay it


def amounts(
    *, reserved_pence: int, card: CardClaims, bank: BankClaims, is_standing: bool = False
) -> Amounts:
    """Return what a purchase holds and has cost, from all that the issuer and the bank said.

    A purchase goes one way as a rule. Where its rail was changed, or a shop takes money after
    that, it has both: what it still reserves is there once, for whoever claims it, and what was
    paid is the sum. A shop's claims are held out of what is still reserved, and beyond it where
    they are more; what the bank was told to pay is held besides. A refund that arrives before
    its capture waits for it. A standing purchase goes on after a shop has taken what it wanted:
    what is left is reserved until it is finished. What a shop gives back is not spent a second
    time there; it is the budget's again.

    Args:
        reserved_pence: the purchase's amount, or 0 when it is over or finished.
        card: what is known of its card.
        bank: what is known of its transfers.
        is_standing: whether many payments may be made on it, one after the other.
    """
    used = card.captured_pence + bank.ordered_pence + bank.paid_pence
    is_bought = card.is_bought and not is_standing
    still_reserved = 0 if is_bought else max(0, reserved_pence - used)
    return Amounts(
        held_pence=max(still_reserved, card.outstanding_pence) + bank.ordered_pence,
        posted_pence=max(0, card.captured_pence - card.refunded_pence) + bank.paid_pence,
        captured_pence=card.captured_pence + bank.paid_pence,
        unmatched_pence=max(0, card.refunded_pence - card.captured_pence) + card.waiting_pence,
        promised_pence=card.outstanding_pence + bank.ordered_pence,
    )
