"""A case of the file, checked: what the demo plays."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Rail(StrEnum):
    """How a payee is paid."""

    CARD = "card"
    BACS = "bacs"
    INVOICE = "invoice"


class Afterwards(StrEnum):
    """What can happen once the budget is there."""

    REFUND = "refund_first_card_item"
    WRONG_MERCHANT = "card_declined_wrong_merchant"
    CRISIS = "crisis_activated"


class AlongTheWay(StrEnum):
    """What may not go smoothly between a referral and a review. Told by ``demo.playing``."""

    REFERRED_BY_BOTH = "referred_by_both"
    REFERRAL_REFUSED = "referral_refused_and_appealed"
    WORKER_CHANGED = "worker_changed"
    CONSENT_WITHDRAWN = "consent_withdrawn_and_given_again"
    SPLIT_DISPUTED = "split_disputed"
    REPRESENTED = "signed_by_representative"
    PLAN_RETURNED = "plan_returned_once"
    PLAN_REFUSED = "plan_refused_and_appealed"
    CLIMBS = "climbs_all_rungs"
    COMPLAINT = "complaint_made"
    REDUCTION = "reduction_needs_statement"
    AMOUNT_APPEALED = "amount_appealed"
    CRISIS_PROLONGED = "crisis_prolonged"
    ADMITTED = "admitted_and_discharged"
    MOVED = "moved_away"
    DIED = "died"
    DEATH_TAKEN_BACK = "death_taken_back"


# What can happen without a plan; what only to one with which the coordinator is not content; what
# breaks the case off; and what goes on for weeks, which nothing may break off.
WITHOUT_A_PLAN = {
    AlongTheWay.REFERRED_BY_BOTH,
    AlongTheWay.REFERRAL_REFUSED,
    AlongTheWay.WORKER_CHANGED,
    AlongTheWay.CONSENT_WITHDRAWN,
}
WITH_A_WORRY = {AlongTheWay.PLAN_REFUSED, AlongTheWay.CLIMBS}
BREAKS_OFF = (AlongTheWay.MOVED, AlongTheWay.DIED, AlongTheWay.DEATH_TAKEN_BACK)
TAKES_WEEKS = (AlongTheWay.CRISIS_PROLONGED, AlongTheWay.ADMITTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line of a support plan; each of its occurrences is a purchase of its own."""

    goal: str
    category: str
    description: str
    unit_cost_pence: int
    occurrences: int
    frequency: str
    rail: str
    payee: str
    merchant_category_code: str | None
    payer: str
    instead_of: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportPlan:
    """What the person wants to buy, and what helps in a crisis unless they declined to say."""

    items: tuple[Item, ...]
    crisis_plan: Mapping[str, str]

    @property
    def total_pence(self) -> int:
        return sum(item.unit_cost_pence * item.occurrences for item in self.items)

    @property
    def purchases(self) -> int:
        return sum(item.occurrences for item in self.items)

    @property
    def has_card_item(self) -> bool:
        return any(item.rail == Rail.CARD for item in self.items)

    @property
    def crisis_plan_declined_because(self) -> str | None:
        return self.crisis_plan.get("declined_because")


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOff:
    """Whether the care coordinator can stand behind the plan, and what worries them if not."""

    coordinator_comfortable: bool
    worry: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Funding:
    """How the two funders share the joint items, and what the person pays in."""

    type: str
    shares_basis_points: Mapping[str, int]
    person_contribution_weekly_pence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One person's way from referral to receipt; without a plan, they decline a budget."""

    case_ref: str
    kind: str
    referral: Mapping[str, Any]
    person: Mapping[str, Any]
    wants_budget: bool
    assessment: Mapping[str, Any]
    support_plan: SupportPlan | None
    sign_off: SignOff | None
    budget: Funding | None
    afterwards: tuple[str, ...]
    along_the_way: tuple[str, ...] = ()

    def has(self, story: AlongTheWay) -> bool:
        """Say whether this does not go smoothly."""
        return story in self.along_the_way

    def happens(self, event: Afterwards) -> bool:
        """Say whether ``event`` will come: a card event needs a card item in the plan."""
        if event not in self.afterwards or self.support_plan is None:
            return False
        return event == Afterwards.CRISIS or self.support_plan.has_card_item
