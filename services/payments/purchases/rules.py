"""What may be asked for, and what a purchase reserves and has cost."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass

from shared.errors import Refusal
from shared.money import pounds


class PurchaseState(enum.StrEnum):
    """Where a purchase stands; the amounts decide about money, not this."""

    REQUESTED = "requested"
    READY = "ready"  # the money is held and the way to pay is open
    COMPLETED = "completed"
    PART_REFUNDED = "part_refunded"
    REFUNDED = "refunded"
    REFUSED = "refused"
    CANCELLED = "cancelled"


CALLED_OFF = (PurchaseState.REFUSED, PurchaseState.CANCELLED)
OPEN = (PurchaseState.REQUESTED, PurchaseState.READY)
BOUGHT = (PurchaseState.COMPLETED, PurchaseState.PART_REFUNDED, PurchaseState.REFUNDED)


class ItemNotInPlanError(Refusal):
    """The person's plan has no such item, or has it no longer."""

    code = "item_not_in_plan"
    next_step = "Buy what the plan names, or change the plan."


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorised:
    """One authorisation of a card, as far as it concerns money."""

    authorised_pence: int
    captured_pence: int
    is_pending: bool

    @property
    def outstanding_pence(self) -> int:
        """What may still be captured on it."""
        return max(0, self.authorised_pence - self.captured_pence) if self.is_pending else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """What a purchase reserves now, what it costs, and what was captured before refunds."""

    held_pence: int
    posted_pence: int
    captured_pence: int
    unmatched_pence: int = 0  # came back, and waits for its capture or for a person


def card_amounts(
    *,
    reserved_pence: int,
    authorised: Sequence[Authorised],
    captured_pence: int,
    refunded_pence: int,
    waiting_pence: int = 0,
) -> Amounts:
    """Return what a card purchase holds and has cost, from all that the issuer said.

    It holds what it still reserves or what its authorisations may still claim, whichever is
    larger. Once an authorisation with a capture has ended, the purchase reserves nothing more:
    it was bought. A refund that arrives before its capture waits for it.

    Args:
        reserved_pence: the purchase's amount, or 0 when it was called off.
        authorised: every authorisation of its card.
        captured_pence: all captures, also those that no authorisation is named for.
        refunded_pence: the refunds that are this purchase's.
        waiting_pence: what came back on its card and waits for its capture or for a person.
    """
    is_bought = any(not one.is_pending and one.captured_pence > 0 for one in authorised)
    still_reserved = 0 if is_bought else max(0, reserved_pence - captured_pence)
    outstanding = sum(one.outstanding_pence for one in authorised)
    return Amounts(
        held_pence=max(still_reserved, outstanding),
        posted_pence=max(0, captured_pence - refunded_pence),
        captured_pence=captured_pence,
        unmatched_pence=max(0, refunded_pence - captured_pence) + waiting_pence,
    )


def paid_by_transfer(transfer_pence: int) -> Amounts:
    """Return the amounts of a purchase whose bank transfer has gone; until then it holds all."""
    return Amounts(held_pence=0, posted_pence=transfer_pence, captured_pence=transfer_pence)


def together(one: Amounts, other: Amounts) -> Amounts:
    """Return what two ways to pay for one purchase come to: its rail was changed."""
    return Amounts(
        held_pence=one.held_pence + other.held_pence,
        posted_pence=one.posted_pence + other.posted_pence,
        captured_pence=one.captured_pence + other.captured_pence,
        unmatched_pence=one.unmatched_pence + other.unmatched_pence,
    )


NOTHING = Amounts(held_pence=0, posted_pence=0, captured_pence=0)


def settled_state(
    *, held_pence: int, posted_pence: int, captured_pence: int, ledger_posted_pence: int
) -> PurchaseState | None:
    """Return the state of a purchase that is paid for and booked; None: it is not that yet.

    It depends on amounts alone, so the order in which the ledger's answers arrive is no matter.
    """
    is_booked = held_pence == 0 and captured_pence > 0 and posted_pence == ledger_posted_pence
    if not is_booked:
        return None
    if posted_pence == 0:
        return PurchaseState.REFUNDED
    if posted_pence < captured_pence:
        return PurchaseState.PART_REFUNDED
    return PurchaseState.COMPLETED
