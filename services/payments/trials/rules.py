"""What one exclusion would have changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.payments.exclusions.rules import Exclusion, Wanted, is_fit, standing_against


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """Something that was asked for: a purchase, or a payment by its card."""

    purchase_id: UUID
    event_id: str | None  # of the payment
    amount_pence: int
    wanted: Wanted
    was_allowed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What would have ended otherwise."""

    refused: Sequence[Past]
    allowed: Sequence[Past]  # refused then because of the exclusion that this one lifts


def difference(
    past: Sequence[Past], *, applying: Sequence[Exclusion], tried: Exclusion
) -> Difference:
    """Return what of the past would have ended otherwise with ``tried`` than without it.

    Only what was allowed can be refused by it. What was refused for another reason stays so.
    """
    refused, allowed = [], []
    with_it = [*applying, tried]
    for one in past:
        without = standing_against(applying, one.wanted)
        now = standing_against(with_it, one.wanted)
        if one.was_allowed and without is None and now is not None:
            refused.append(one)
        if not one.was_allowed and without is not None and now is None and is_fit(one.wanted):
            allowed.append(one)
    return Difference(refused=refused, allowed=allowed)
