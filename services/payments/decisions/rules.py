"""The rules of a card decision, in order. The first that objects gives the answer."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.money import pounds

HOLD_MARGIN = timedelta(hours=1)  # the ledger lets a hold go when it expires; we stop before


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """An answer with its reason, and what the broker can do now."""

    is_approved: bool
    code: str
    reason: str
    next_step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Everything that a decision looks at."""

    amount_pence: int
    merchant_category_code: str
    asked_at: datetime
    is_card_active: bool
    is_purchase_ready: bool
    hold_expires_at: datetime | None
    is_budget_live: bool
    item_category_code: str | None  # None: the plan agreed to no kind of shop in particular
    unauthorised_pence: int  # held for the purchase and not yet authorised


APPROVED = Verdict(
    is_approved=True, code="approved", reason="The purchase covers this payment.", next_step=""
)
UNKNOWN_CARD = Verdict(
    is_approved=False,
    code="unknown_card",
    reason="This card belongs to no purchase.",
    next_step="Ask for a purchase; it gets a card of its own.",
)


def _declined(code: str, reason: str, next_step: str) -> Verdict:
    return Verdict(is_approved=False, code=code, reason=reason, next_step=next_step)


def card_is_active(situation: Situation) -> Verdict | None:
    if situation.is_card_active:
        return None
    return _declined(
        "card_closed", "This card is closed.", "Ask for a new purchase; it gets a card of its own."
    )


def purchase_is_ready(situation: Situation) -> Verdict | None:
    if situation.is_purchase_ready:
        return None
    return _declined(
        "purchase_not_ready",
        "The purchase that this card is for is over, or its money is not held yet.",
        "Look the purchase up; ask for a new one if it is over.",
    )


def hold_is_in_force(situation: Situation) -> Verdict | None:
    expires_at = situation.hold_expires_at
    if expires_at is None or situation.asked_at < expires_at - HOLD_MARGIN:
        return None
    return _declined(
        "hold_expired",
        "The money for this purchase was set aside too long ago.",
        "Cancel the purchase and ask for it again.",
    )


def budget_is_live(situation: Situation) -> Verdict | None:
    if situation.is_budget_live:
        return None
    return _declined(
        "budget_not_active",
        "The budget that this card draws on cannot be spent now.",
        "Look the budget's statement up to see what is missing.",
    )


def merchant_category_fits(situation: Situation) -> Verdict | None:
    if situation.item_category_code in {None, situation.merchant_category_code}:
        return None
    return _declined(
        "wrong_merchant_category",
        "This kind of shop does not sell what the plan agreed to.",
        "Buy at a shop of the agreed kind, or change the plan.",
    )


def amount_is_held(situation: Situation) -> Verdict | None:
    if situation.amount_pence <= situation.unauthorised_pence:
        return None
    return _declined(
        "amount_above_hold",
        f"The shop asked for {pounds(situation.amount_pence)}, and"
        f" {pounds(situation.unauthorised_pence)} is left for this purchase.",
        "Ask the shop for the agreed price, or ask for a purchase of the right amount.",
    )


RULES: tuple[Callable[[Situation], Verdict | None], ...] = (
    card_is_active,
    purchase_is_ready,
    hold_is_in_force,
    budget_is_live,
    merchant_category_fits,
    amount_is_held,
)


def decide(situation: Situation) -> Verdict:
    """Approve unless a rule objects. A check of the card for nothing is always small enough."""
    for rule in RULES:
        verdict = rule(situation)
        if verdict is not None:
            return verdict
    return APPROVED
