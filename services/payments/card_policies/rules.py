"""What a card policy says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from shared.errors import NotFoundError, Refusal

BASIS_POINTS = 10_000
Countries = tuple[str, ...]


class PolicyInThePastError(Refusal):
    """It would change what held on days that have passed."""

    code = "policy_in_the_past"
    next_step = "Let it apply from today or a later day."


class UnknownPolicyError(NotFoundError):
    """Nobody has set such a policy."""

    code = "unknown_policy"


class PolicyCountsError(Refusal):
    """Nobody has to confirm it, or somebody else has."""

    code = "policy_counts_already"
    next_step = "Set another policy if this one is not right."


@dataclass(frozen=True, slots=True, kw_only=True)
class CardPolicy:
    """What holds for every card of this organisation from a day on. Its own to decide.

    Raising a tolerance sets more of a person's money aside for each purchase, so there is none
    until somebody says so, with a reason.
    """

    version: int
    tolerance_basis_points: int  # of the amount: 1,000 are a tenth
    tolerance_cap_pence: int
    allowed_countries: Countries | None  # ISO 3166 codes; None: shops anywhere
    locks_at_issuer: bool  # the issuer declines by category and country too, without asking us
    payments_of_a_card: int  # after so many the issuer closes it; a penny check is one of them
    close_after_days: int  # after completion; until then a refund finds the card open


# In force until somebody sets another.
SHIPPED = CardPolicy(
    version=0,
    tolerance_basis_points=0,
    tolerance_cap_pence=0,
    allowed_countries=None,
    locks_at_issuer=False,  # what it declines by itself comes with no reason and no next step
    payments_of_a_card=6,
    close_after_days=30,
)


def tolerance_pence(policy: CardPolicy, *, amount_pence: int) -> int:
    """Return how much more than ``amount_pence`` a shop may take, rounded down."""
    share = amount_pence * policy.tolerance_basis_points // BASIS_POINTS
    return min(share, policy.tolerance_cap_pence)


def _allows_more_countries(policy: CardPolicy, before: CardPolicy) -> bool:
    if before.allowed_countries is None:
        return False
    if policy.allowed_countries is None:
        return True
    return not set(policy.allowed_countries) <= set(before.allowed_countries)


# Each thing that a policy says, and whether a policy lets cards do more than another by it.
LOOSENS: Mapping[str, Callable[[CardPolicy, CardPolicy], bool]] = {
    "tolerance_basis_points": lambda policy, before: (
        policy.tolerance_basis_points > before.tolerance_basis_points
    ),
    "tolerance_cap_pence": lambda policy, before: (
        policy.tolerance_cap_pence > before.tolerance_cap_pence
    ),
    "allowed_countries": _allows_more_countries,
    "locks_at_issuer": lambda policy, before: before.locks_at_issuer > policy.locks_at_issuer,
    "payments_of_a_card": lambda policy, before: (
        policy.payments_of_a_card > before.payments_of_a_card
    ),
    "close_after_days": lambda policy, before: policy.close_after_days > before.close_after_days,
}


def loosened(policy: CardPolicy, *, before: CardPolicy) -> list[str]:
    """Return by what a policy lets cards do more than the one in whose place it comes.

    Where there is anything, a second person confirms it; a policy that only tightens counts at
    once, so that whoever sees a danger need not wait for anybody. Local policy, to be confirmed.
    """
    return [name for name, is_looser in LOOSENS.items() if is_looser(policy, before)]


def tightest(one: CardPolicy, other: CardPolicy) -> CardPolicy:
    """Return what of two policies is tighter, by each thing that they say; the first is named."""
    return CardPolicy(
        version=one.version,
        tolerance_basis_points=min(one.tolerance_basis_points, other.tolerance_basis_points),
        tolerance_cap_pence=min(one.tolerance_cap_pence, other.tolerance_cap_pence),
        allowed_countries=_in_both(one.allowed_countries, other.allowed_countries),
        locks_at_issuer=one.locks_at_issuer or other.locks_at_issuer,
        payments_of_a_card=min(one.payments_of_a_card, other.payments_of_a_card),
        close_after_days=min(one.close_after_days, other.close_after_days),
    )


def _in_both(one: Countries | None, other: Countries | None) -> Countries | None:
    if one is None or other is None:
        return other if one is None else one
    return tuple(country for country in one if country in other)


def check_applies_from(applies_from: date, *, today: date) -> None:
    """See that a policy begins today or later: what was decided is explained by what held then.

    Raises:
        PolicyInThePastError: it does not.
    """
    if applies_from < today:
        raise PolicyInThePastError("This day has passed.", today=today.isoformat())
