"""What a card policy says."""

from dataclasses import dataclass
from datetime import date

from shared.errors import Refusal

BASIS_POINTS = 10_000


class PolicyInThePastError(Refusal):
    """It would change what held on days that have passed."""

    code = "policy_in_the_past"
    next_step = "Let it apply from today or a later day."


@dataclass(frozen=True, slots=True, kw_only=True)
class CardPolicy:
    """What holds for every card of this organisation from a day on. Its own to decide.

    Raising a tolerance sets more of a person's money aside for each purchase, so there is none
    until somebody says so, with a reason.
    """

    version: int
    tolerance_basis_points: int  # of the amount: 1,000 are a tenth
    tolerance_cap_pence: int
    allowed_countries: tuple[str, ...] | None  # ISO 3166 codes; None: shops anywhere
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


def check_applies_from(applies_from: date, *, today: date) -> None:
    """See that a policy begins today or later: what was decided is explained by what held then.

    Raises:
        PolicyInThePastError: it does not.
    """
    if applies_from < today:
        raise PolicyInThePastError("This day has passed.", today=today.isoformat())
