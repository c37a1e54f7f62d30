"""Money is whole pence in ``int``. This module divides it and shows it."""

from collections.abc import Mapping
from typing import TypeVar
from uuid import UUID

Name = TypeVar("Name", str, UUID)


def pounds(amount_pence: int) -> str:
    """Return ``amount_pence`` as a person reads it: ``£1,234.05``, ``-£0.10``."""
    sign = "-" if amount_pence < 0 else ""
    whole, odd = divmod(abs(amount_pence), 100)
    return f"{sign}£{whole:,}.{odd:02}"


def divide(*, amount_pence: int, weights: Mapping[Name, int]) -> dict[Name, int]:
    """Divide an amount in proportion to ``weights``, once, by largest remainder.

    Each gets its exact part rounded down; the odd pennies go to the largest remainders, and
    where these are equal to the larger weight, then to the first name in order. The
    parts add up to ``amount_pence``.

    Args:
        amount_pence: what is divided, not negative.
        weights: whole numbers, not negative, at least one of them positive.
    """
    total = sum(weights.values())
    parts = {name: amount_pence * weight // total for name, weight in weights.items()}
    odd_pennies = amount_pence - sum(parts.values())

    def largest_remainder_first(name: Name) -> tuple[int, int, Name]:
        return (-(amount_pence * weights[name] % total), -weights[name], name)

    for name in sorted(weights, key=largest_remainder_first)[:odd_pennies]:
        parts[name] += 1
    return parts
