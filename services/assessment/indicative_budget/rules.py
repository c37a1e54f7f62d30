"""What must be before anybody plans with an indicative budget."""

from collections.abc import Mapping
from typing import ClassVar

from shared.errors import Refusal

WHO_TELLS = "care_coordinator"
TELL_WITHIN_WORKING_DAYS = 3  # local policy, to be confirmed by whoever runs this
ANEW_WITHIN_WORKING_DAYS = 10  # local policy, to be confirmed: after an appeal was upheld


class AmountNotToldError(Refusal):
    """Nothing is planned before the person knows what they may plan with, and why."""

    code = "amount_not_told"
    next_step: ClassVar[str] = (
        "Wait until the letter or e-mail with the amount has arrived, or tell the person and"
        " record that."
    )


def check_told(*, is_told: bool) -> None:
    if not is_told:
        raise AmountNotToldError("The person has not been told the amount yet.")


def lowered_domains(before: Mapping[str, int], now: Mapping[str, int]) -> list[str]:
    """Return the domains whose need is less now.

    Args:
        before: the need in each domain, in 28ths of a point.
        now: the same; a domain that is missing has none.
    """
    return sorted(domain for domain, need in before.items() if now.get(domain, 0) < need)
