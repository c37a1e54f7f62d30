"""The rules of a card decision, in order. The first that objects gives the answer."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from services.payments.cards.rules import CardState
from services.payments.exclusions.rules import (
    Exclusion,
    Kind,
    Wanted,
    is_fit,
    standing_against,
)
from services.payments.purchases.rules import is_hold_over
from shared.money import pounds

APPROVED_IN_PART = "approved_in_part"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """An answer with its reason, and what the broker can do now."""

    is_approved: bool
    code: str
    reason: str
    next_step: str
    approved_pence: int = 0

    @property
    def is_in_part(self) -> bool:
        """Whether less is approved than was asked for."""
        return self.code == APPROVED_IN_PART


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Everything that a decision looks at."""

    amount_pence: int
    is_amount_controllable: bool  # the shop takes less if it has to
    wanted: Wanted  # the item of the plan, and the kind of shop that asks
    merchant_country: str  # ISO 3166; empty: not told
    asked_at: datetime
    card_state: CardState
    is_budget_live: bool
    is_purchase_ready: bool
    is_standing: bool  # the person or their nominee buys, within an allowance
    hold_expires_at: datetime | None
    exclusions: Sequence[Exclusion]  # that apply today
    allowed_countries: Collection[str] | None  # None: shops anywhere
    unauthorised_pence: int  # held for the purchase, with its tolerance, and not yet authorised


APPROVED = Verdict(
    is_approved=True, code="approved", reason="The purchase covers this payment.", next_step=""
)
UNKNOWN_CARD = Verdict(
    is_approved=False,
    code="unknown_card",
    reason="This card belongs to no purchase.",
    next_step="Ask for a purchase; it gets a card of its own.",
)
OBSERVED_CARD = Verdict(
    is_approved=False,
    code="observed_card",
    reason="Somebody else issued this card, and they decide about it; we only look on.",
    next_step="Have its issuer ask nobody here, or have a card issued here.",
)


def _declined(code: str, reason: str, next_step: str) -> Verdict:
    return Verdict(is_approved=False, code=code, reason=reason, next_step=next_step)


CARD_STATES: Mapping[CardState, Verdict | None] = {
    CardState.ACTIVE: None,
    CardState.FROZEN: _declined(
        "card_frozen",
        "This card is frozen.",
        "Unfreeze the card, or ask whoever froze it; its history says who and why.",
    ),
    CardState.CLOSED: _declined(
        "card_closed", "This card is closed.", "Ask for a new purchase; it gets a card of its own."
    ),
    CardState.REPLACED: _declined(
        "card_replaced",
        "This card was lost or stolen, and another took its place.",
        "Use the card that took its place; if somebody else tried this one, tell the issuer.",
    ),
}


def card_is_active(situation: Situation) -> Verdict | None:
    return CARD_STATES[situation.card_state]


def budget_is_live(situation: Situation) -> Verdict | None:
    if situation.is_budget_live:
        return None
    return _declined(
        "budget_not_active",
        "The budget that this card draws on cannot be spent now.",
        "Look the budget's statement up to see what is missing.",
    )


def purchase_is_ready(situation: Situation) -> Verdict | None:
    if situation.is_purchase_ready:
        return None
    if situation.is_standing:
        return _declined(
            "no_allowance_now",
            "This period's allowance is used up, or the next one is not there yet.",
            "Wait for the next period, or ask the broker when it begins.",
        )
    return _declined(
        "purchase_not_ready",
        "The purchase that this card is for is over or paid another way, or its money is not held"
        " yet.",
        "Look the purchase up; ask for a new one if it is over.",
    )


def hold_is_in_force(situation: Situation) -> Verdict | None:
    if not is_hold_over(situation.hold_expires_at, at=situation.asked_at):
        return None
    return _declined(
        "hold_expired",
        "The money for this purchase was set aside too long ago.",
        "Cancel the purchase and ask for it again.",
    )


EXCLUDED = {
    Kind.LAW: "excluded_by_law",
    Kind.FUNDER: "excluded_by_funder",
    Kind.PLAN: "excluded_by_plan",
}
_INSTEAD = {
    Kind.LAW: "Nothing can be done: no budget pays for this.",
    Kind.FUNDER: "Pay for it otherwise, or ask the funder whose rule it is.",
    Kind.PLAN: "Have the plan name this kind of shop, if it is what the person needs.",
}


def nothing_is_against_it(situation: Situation) -> Verdict | None:
    """Law goes before funder, and funder before plan; a plan's own words before a soft rule."""
    exclusion = standing_against(situation.exclusions, situation.wanted)
    if exclusion is None:
        return None
    return _declined(EXCLUDED[exclusion.kind], exclusion.why, _INSTEAD[exclusion.kind])


def merchant_category_fits(situation: Situation) -> Verdict | None:
    """Who buys for themselves chooses the shop; for them only exclusions stand against one."""
    if situation.is_standing or situation.wanted.item_shop in {None, situation.wanted.shop}:
        return None
    return _declined(
        "wrong_merchant_category",
        "This kind of shop does not sell what the plan agreed to.",
        "Buy at a shop of the agreed kind, or change the plan.",
    )


def merchant_country_fits(situation: Situation) -> Verdict | None:
    """Where no country was told, that is no reason to decline."""
    allowed = situation.allowed_countries
    if allowed is None or situation.merchant_country in {"", *allowed}:
        return None
    return _declined(
        "wrong_merchant_country",
        "Cards are not used at shops in this country.",
        "Buy at a shop in another country, or ask who sets the card policy.",
    )


_IF_TOO_MUCH = {
    False: "Ask the shop for the agreed price, or ask for a purchase of the right amount.",
    True: "Pay less, or the rest another way; the next period has its own allowance.",
}


def amount_is_held(situation: Situation) -> Verdict | None:
    """Nothing above the hold; where the shop takes less, what is left of it will do."""
    left_pence = situation.unauthorised_pence
    if situation.amount_pence <= left_pence:
        return None
    if situation.is_amount_controllable and left_pence > 0:
        return None
    return _declined(
        "amount_above_hold",
        f"The shop asked for {pounds(situation.amount_pence)}, and"
        f" {pounds(left_pence)} is left for this purchase.",
        _IF_TOO_MUCH[situation.is_standing],
    )


def funder_may_pay(situation: Situation) -> Verdict | None:
    if is_fit(situation.wanted):
        return None
    return _declined(
        "wrong_funder",
        "This is health care, and the council's money does not pay for that.",
        "Have the plan name the NHS alone as who pays for this item.",
    )


RULES: tuple[Callable[[Situation], Verdict | None], ...] = (
    card_is_active,
    budget_is_live,
    purchase_is_ready,
    hold_is_in_force,
    nothing_is_against_it,
    merchant_category_fits,
    merchant_country_fits,
    amount_is_held,
    funder_may_pay,
)


def decide(situation: Situation) -> Verdict:
    """Approve unless a rule objects, all of it or what is left.

    A check of the card for nothing is always small enough, and takes nothing.
    """
    for rule in RULES:
        verdict = rule(situation)
        if verdict is not None:
            return verdict
    if situation.amount_pence <= situation.unauthorised_pence:
        return replace(APPROVED, approved_pence=situation.amount_pence)
    return Verdict(
        is_approved=True,
        code=APPROVED_IN_PART,
        reason=f"{pounds(situation.unauthorised_pence)} of {pounds(situation.amount_pence)} is"
        " left for this purchase.",
        next_step="Pay the rest otherwise, or ask for another purchase.",
        approved_pence=situation.unauthorised_pence,
    )
