"""Which exclusion stands against something that is to be bought, and who may change one.

What nothing stands against may be bought: nothing is excluded for safety's sake.
"""

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from shared.errors import NotFoundError, Refusal

LONGEST_TRIAL_AGE = timedelta(days=7)  # our own policy
# Items that are health care: the council's money does not buy them (the published rules of South
# Tyneside and Stockport; to be confirmed against Care Act 2014 section 22).
HEALTH_CATEGORIES = frozenset(
    {"therapy", "health_care", "nursing", "medical_equipment", "psychological_therapy"}
)
HEALTH_SHOPS = frozenset({"8011", "8021", "8062", "4119"})  # doctors, dentists, hospitals
FUNDERS_OF = {"nhs": {"nhs"}, "council": {"council"}, "joint": {"nhs", "council"}}


class Kind(enum.StrEnum):
    """Whose rule it is."""

    LAW = "law"
    FUNDER = "funder"
    PLAN = "plan"  # only what the plan names is bought


class Strength(enum.StrEnum):
    """Whether a plan that names the shop's kind goes before it."""

    HARD = "hard"
    SOFT = "soft"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """Something that is not paid for, or the lifting of such a rule."""

    exclusion_id: UUID
    kind: Kind
    strength: Strength
    source: str
    why: str  # told to the broker: it names nobody
    applies_from: date
    applies_until: date | None = None  # the first day on which it does not apply any more
    funder: str | None = None  # nhs or council; None: whoever pays
    merchant_category_code: str | None = None
    item_category: str | None = None
    item_id: UUID | None = None  # for one item of one plan alone
    lifts: UUID | None = None  # while this applies, that exclusion does not


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be bought: an item of a plan, at a shop of some kind."""

    item_id: UUID
    item_category: str
    payer: str
    item_shop: str | None  # the merchant category code that the plan names
    shop: str | None  # that of the shop, where one asks


class UnknownExclusionError(NotFoundError):
    """There is no such exclusion."""

    code = "unknown_exclusion"


class AlreadyApprovedError(Refusal):
    """It is in force, or was."""

    code = "already_approved"
    next_step = "Propose one that lifts it."


class TrialNeededError(Refusal):
    """Nobody has looked lately at what it would have refused."""

    code = "trial_needed"
    next_step = "Try it over the last days, look at the result, and name that trial."


class ExclusionInThePastError(Refusal):
    """It would refuse what was bought on days that have passed."""

    code = "exclusion_in_the_past"
    next_step = "Let it apply from today or a later day."


class ExcludedError(Refusal):
    """A rule stands against buying this."""

    code = "excluded"
    next_step = "Buy something else of the plan, or ask whoever set the rule that is named."

    def __init__(self, exclusion: "Exclusion") -> None:
        super().__init__(
            exclusion.why,
            exclusion_id=str(exclusion.exclusion_id),
            rule=exclusion.kind.value,
            source=exclusion.source,
        )


class WrongFunderError(Refusal):
    """It is health care, and the council would pay for it."""

    code = "wrong_funder"
    next_step = "Have the plan name the NHS alone as who pays for this item."


class PlanOnlyError(Refusal):
    """A hard exclusion is not lifted for one plan."""

    code = "hard_exclusion"
    next_step = "Lift it for everybody, if the rule behind it has changed."


def applying(every: Iterable[Exclusion], *, on: date) -> list[Exclusion]:
    return [
        one
        for one in every
        if one.applies_from <= on and (one.applies_until is None or on < one.applies_until)
    ]


def is_met(exclusion: Exclusion, wanted: Wanted) -> bool:
    """Whether something is of the kind that an exclusion names; a lifting names nothing."""
    if exclusion.lifts is not None:
        return False
    named = (
        (exclusion.merchant_category_code, wanted.shop),
        (exclusion.item_category, wanted.item_category),
        (exclusion.item_id, wanted.item_id),
    )
    if any(name is not None and name != of_it for name, of_it in named):
        return False
    if exclusion.funder is not None and exclusion.funder not in FUNDERS_OF[wanted.payer]:
        return False
    is_named_by_plan = (
        exclusion.merchant_category_code is not None
        and exclusion.merchant_category_code == wanted.item_shop
    )
    return exclusion.strength is Strength.HARD or not is_named_by_plan


def standing_against(every: Sequence[Exclusion], wanted: Wanted) -> Exclusion | None:
    """Return what stands against it: law before funder before plan; None: nothing does.

    Args:
        every: the exclusions and liftings that apply on the day.
        wanted: what is to be bought.
    """
    lifted = {one.lifts for one in every if one.item_id in {None, wanted.item_id}} - {None}
    met = [one for one in every if one.exclusion_id not in lifted and is_met(one, wanted)]
    order = list(Kind)
    return min(met, key=lambda one: (order.index(one.kind), one.exclusion_id.int), default=None)


def excluded_shops(every: Sequence[Exclusion], wanted: Wanted) -> set[str]:
    """Return the kinds of shop at which an item may not be bought."""
    codes = {one.merchant_category_code for one in every} - {None}
    shops = {code for code in codes if code is not None}
    return {
        code for code in shops if standing_against(every, replace(wanted, shop=code)) is not None
    }


def is_health_care(wanted: Wanted) -> bool:
    """Whether something is health care: by its category in the plan, or by the shop."""
    return wanted.item_category in HEALTH_CATEGORIES or wanted.shop in HEALTH_SHOPS


def is_fit(wanted: Wanted) -> bool:
    """Whether whoever pays for an item may pay for what it is.

    Joint items are divided by shares, so that a part of health care would be the council's.
    """
    return "council" not in FUNDERS_OF[wanted.payer] or not is_health_care(wanted)


def check_wanted(every: Sequence[Exclusion], wanted: Wanted) -> None:
    """See that something may be bought, before anything is set aside for it.

    Raises:
        ExcludedError: a rule stands against it.
        WrongFunderError: whoever pays may not pay for it.
    """
    exclusion = standing_against(every, wanted)
    if exclusion is not None:
        raise ExcludedError(exclusion)
    if not is_fit(wanted):
        raise WrongFunderError("The council's money does not pay for health care.")


def check_proposal(proposed: Exclusion, *, lifted: Exclusion | None, today: date) -> None:
    """See that an exclusion can be proposed.

    Raises:
        ExclusionInThePastError: it would apply to days that have passed.
        PlanOnlyError: it lifts a hard exclusion for one plan.
    """
    if proposed.applies_from < today:
        raise ExclusionInThePastError("This day has passed.", today=today.isoformat())
    if lifted is None or proposed.item_id is None:
        return
    if lifted.strength is Strength.HARD:
        raise PlanOnlyError("What this excludes is not bought for any plan.")


def check_trial(*, tried_at: datetime | None, at: datetime) -> None:
    """See that whoever approves could see what it would have refused.

    Raises:
        TrialNeededError: not so.
    """
    if tried_at is None or at - tried_at > LONGEST_TRIAL_AGE:
        raise TrialNeededError("This was not tried in the last days.")
